"""The gate: passes for what leaves the compound, and the guard's scans out and in."""

from cbo_desk.property.gate.commands import (
    LINE,
    PASS,
    cancel_pass,
    extend_pass,
    issue_pass,
    let_in,
    let_out,
    take_back_crossing,
)
from cbo_desk.property.gate.queries import (
    AtGate,
    Overdue,
    PassCard,
    PassLine,
    PassList,
    PassRow,
    overdue_passes,
    pass_card,
    scanned_at_gate,
)
from cbo_desk.property.gate.rules import (
    WORDS,
    LineState,
    PassForm,
    Personal,
    in_words,
    read_personal,
    whole_count,
)

__all__ = [
    "LINE",
    "PASS",
    "WORDS",
    "AtGate",
    "LineState",
    "Overdue",
    "PassCard",
    "PassForm",
    "PassLine",
    "PassList",
    "PassRow",
    "Personal",
    "cancel_pass",
    "extend_pass",
    "in_words",
    "issue_pass",
    "let_in",
    "let_out",
    "overdue_passes",
    "pass_card",
    "read_personal",
    "scanned_at_gate",
    "take_back_crossing",
    "whole_count",
]
