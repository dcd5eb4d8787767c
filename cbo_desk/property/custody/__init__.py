"""Custody: who has what, how it changed hands, and what custodians say of it."""

from cbo_desk.property.custody.answers import CONFIRM_DAYS, answer_custody
from cbo_desk.property.custody.commands import (
    HANDOVER,
    HandoverMade,
    ItemsRefused,
    hand_over_assets,
    reverse_handover,
    sign_handover,
)
from cbo_desk.property.custody.listings import (
    LOAN,
    HandoverList,
    HandoverRow,
    HolderList,
    HolderRow,
    LoanList,
    LoanRow,
    OwnList,
    OwnRow,
)
from cbo_desk.property.custody.loans import CustodyFigures, confirmed_since, custody_figures, remind_borrowers
from cbo_desk.property.custody.looking import ItemLine, Looked, Meaning, look_at, look_over
from cbo_desk.property.custody.rules import KIND_WORDS, Kind, Order, Stroke

__all__ = [
    "CONFIRM_DAYS",
    "CustodyFigures",
    "HANDOVER",
    "HandoverList",
    "HandoverMade",
    "HandoverRow",
    "HolderList",
    "HolderRow",
    "ItemLine",
    "ItemsRefused",
    "KIND_WORDS",
    "Kind",
    "LOAN",
    "LoanList",
    "LoanRow",
    "Looked",
    "Meaning",
    "Order",
    "OwnList",
    "OwnRow",
    "Stroke",
    "answer_custody",
    "confirmed_since",
    "custody_figures",
    "hand_over_assets",
    "look_at",
    "look_over",
    "remind_borrowers",
    "reverse_handover",
    "sign_handover",
]
