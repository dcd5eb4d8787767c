"""Custody: who has what, how it changed hands, and what custodians say of it."""

from cbo_desk.property.custody.commands import (
    HANDOVER,
    HandoverMade,
    ItemsRefused,
    hand_over_assets,
    reverse_handover,
    sign_handover,
)
from cbo_desk.property.custody.looking import ItemLine, Looked, Meaning, look_at, look_over
from cbo_desk.property.custody.rules import KIND_WORDS, Kind, Order, Stroke

__all__ = [
    "HANDOVER",
    "KIND_WORDS",
    "HandoverMade",
    "ItemLine",
    "ItemsRefused",
    "Kind",
    "Looked",
    "Meaning",
    "Order",
    "Stroke",
    "hand_over_assets",
    "look_at",
    "look_over",
    "reverse_handover",
    "sign_handover",
]
