"""How disposal cases look: word, colour, icon."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from cbo_desk.property.disposal import CaseState, Decided, How
from ui.kit.chips import Status


def state_word(state: CaseState) -> str:
    """A state in the person's language."""
    return {
        CaseState.OPEN: QCoreApplication.translate("disposal", "Being prepared"),
        CaseState.SUBMITTED: QCoreApplication.translate("disposal", "Submitted"),
        CaseState.APPROVED: QCoreApplication.translate("disposal", "Approved"),
        CaseState.REFUSED: QCoreApplication.translate("disposal", "Refused"),
        CaseState.COMPLETE: QCoreApplication.translate("disposal", "Complete"),
        CaseState.CANCELLED: QCoreApplication.translate("disposal", "Cancelled"),
    }[state]


def case_status(state: CaseState, due: date | None = None, today: date | None = None) -> Status:
    """How a case stands; red where its next step is late."""
    late = due is not None and today is not None and due < today
    look = {
        CaseState.OPEN: ("idle", "pencil"),
        CaseState.SUBMITTED: ("info", "hourglass"),
        CaseState.APPROVED: ("ok", "stamp"),
        CaseState.REFUSED: ("warn", "circle-slash"),
        CaseState.COMPLETE: ("idle", "archive"),
        CaseState.CANCELLED: ("idle", "ban"),
    }[state]
    return Status(state_word(state), "bad" if late else look[0], "clock-alert" if late else look[1])  # type: ignore[arg-type]


def how_words() -> list[tuple[How, str]]:
    """The ways things go, to be chosen from."""
    return [
        (How.SOLD, QCoreApplication.translate("disposal", "Sold")),
        (How.DONATED, QCoreApplication.translate("disposal", "Donated")),
        (How.SCRAPPED, QCoreApplication.translate("disposal", "Scrapped")),
        (How.TRADED_IN, QCoreApplication.translate("disposal", "Traded in")),
        (How.TRANSFERRED, QCoreApplication.translate("disposal", "Transferred")),
        (How.DESTROYED, QCoreApplication.translate("disposal", "Destroyed")),
    ]


def decided_words() -> list[tuple[Decided, str]]:
    """What a review body can say, to be chosen from."""
    return [
        (Decided.APPROVED, QCoreApplication.translate("disposal", "Approved")),
        (Decided.REFUSED, QCoreApplication.translate("disposal", "Refused")),
        (Decided.DEFERRED, QCoreApplication.translate("disposal", "Deferred")),
    ]
