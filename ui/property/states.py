"""How the states of an asset look: word, colour and icon; grey and green are well, amber means act, red means late."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from cbo_desk.property import State
from ui.kit.chips import Status, Tone

_LOOKS: dict[State, tuple[Tone, str]] = {
    State.IN_STORE: ("idle", "package"),
    State.IN_SERVICE: ("ok", "circle-check"),
    State.ON_LOAN: ("info", "handshake"),
    State.UNDER_REPAIR: ("warn", "wrench"),
    State.MISSING: ("warn", "circle-help"),
    State.AWAITING_DISPOSAL: ("idle", "trash-2"),
    State.DISPOSED: ("idle", "archive"),
    State.TAKEN_BACK: ("idle", "undo-2"),
}


def word(state: State) -> str:
    """A state in the person's language."""
    return {
        State.IN_STORE: QCoreApplication.translate("states", "In store"),
        State.IN_SERVICE: QCoreApplication.translate("states", "In service"),
        State.ON_LOAN: QCoreApplication.translate("states", "On loan"),
        State.UNDER_REPAIR: QCoreApplication.translate("states", "Under repair"),
        State.MISSING: QCoreApplication.translate("states", "Missing"),
        State.AWAITING_DISPOSAL: QCoreApplication.translate("states", "Awaiting disposal"),
        State.DISPOSED: QCoreApplication.translate("states", "Disposed"),
        State.TAKEN_BACK: QCoreApplication.translate("states", "Taken back"),
    }[state]


@cache
def status(state: State) -> Status:
    """A state as its chip shows it."""
    tone, icon = _LOOKS[state]
    return Status(word(state), tone, icon)
