"""Disposal: cases with the review body's gate, from the first scan to the certificate."""

from cbo_desk.property.disposal.commands import (
    CASE,
    add_to_case,
    cancel_case,
    complete_case,
    open_case,
    recall_case,
    record_decision,
    submit_case,
    take_out_of_case,
)
from cbo_desk.property.disposal.papers import COLUMNS, rows, write_board_pack
from cbo_desk.property.disposal.queries import (
    CaseCard,
    CaseList,
    CaseRow,
    DueCase,
    ItemRow,
    case_card,
    case_of_asset,
    due_cases,
)
from cbo_desk.property.disposal.rules import (
    HOW_WORDS,
    WORDS,
    CaseState,
    Decided,
    DecisionForm,
    FinalForm,
    How,
)

__all__ = [
    "CASE",
    "COLUMNS",
    "HOW_WORDS",
    "WORDS",
    "CaseCard",
    "CaseList",
    "CaseRow",
    "CaseState",
    "Decided",
    "DecisionForm",
    "DueCase",
    "FinalForm",
    "How",
    "ItemRow",
    "add_to_case",
    "cancel_case",
    "case_card",
    "case_of_asset",
    "complete_case",
    "due_cases",
    "open_case",
    "recall_case",
    "record_decision",
    "rows",
    "submit_case",
    "take_out_of_case",
    "write_board_pack",
]
