"""How mail looks: states, classes and steps as word, colour and icon; grey is the rule, amber means act, red late."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QCoreApplication

from cbo_desk.mail import MailRow, State, What
from ui.kit.chips import Status, Tone

_STATES: dict[State, tuple[Tone, str]] = {
    State.NEW: ("idle", "inbox"),
    State.RECEIVED: ("idle", "inbox"),
    State.SHELVED: ("idle", "archive"),
    State.OUT: ("info", "footprints"),
    State.DELIVERED: ("ok", "circle-check"),
    State.ATTEMPTED: ("warn", "triangle-alert"),
    State.HELD: ("idle", "hand"),
    State.REFUSED: ("warn", "ban"),
    State.RETURNED: ("idle", "corner-up-right"),
    State.FORWARDED: ("idle", "send"),
    State.LOST: ("bad", "circle-help"),
    State.DISPOSED: ("idle", "trash-2"),
    State.WITHDRAWN: ("idle", "undo-2"),
}
_CLASSES = {
    "ordinary": "mail",
    "registered": "shield-check",
    "insured": "shield-check",
    "express": "zap",
    "parcel": "package",
}
_STEPS = {
    What.RECEIVE: "inbox",
    What.WITHDRAW: "undo-2",
    What.SHELVE: "archive",
    What.HOLD: "hand",
    What.LOAD: "footprints",
    What.DELIVER: "circle-check",
    What.FAIL: "triangle-alert",
    What.REFUSE: "ban",
    What.BRING_BACK: "corner-up-right",
    What.RETURN: "corner-up-right",
    What.FORWARD: "send",
    What.LOSE: "circle-help",
    What.FIND: "package-check",
    What.DISPOSE: "trash-2",
    What.REMIND: "bell-ring",
    What.OVERRIDE: "shield-alert",
    What.TAKE_BACK: "undo-2",
}


def word(state: State) -> str:
    """A state in the person's language."""
    return {
        State.NEW: QCoreApplication.translate("mail", "New"),
        State.RECEIVED: QCoreApplication.translate("mail", "Received"),
        State.SHELVED: QCoreApplication.translate("mail", "Shelved"),
        State.OUT: QCoreApplication.translate("mail", "Out for delivery"),
        State.DELIVERED: QCoreApplication.translate("mail", "Delivered"),
        State.ATTEMPTED: QCoreApplication.translate("mail", "Not delivered"),
        State.HELD: QCoreApplication.translate("mail", "Held"),
        State.REFUSED: QCoreApplication.translate("mail", "Refused"),
        State.RETURNED: QCoreApplication.translate("mail", "Returned"),
        State.FORWARDED: QCoreApplication.translate("mail", "Forwarded"),
        State.LOST: QCoreApplication.translate("mail", "Lost"),
        State.DISPOSED: QCoreApplication.translate("mail", "Disposed of"),
        State.WITHDRAWN: QCoreApplication.translate("mail", "Taken back"),
    }[state]


@cache
def status(state: State) -> Status:
    """A state as its chip shows it."""
    tone, icon = _STATES[state]
    return Status(word(state), tone, icon)


def row_status(row: MailRow) -> Status:
    """What is most worth knowing of an item in a list: damage and missing details before the plain state."""
    if row.state in (State.RECEIVED, State.SHELVED, State.HELD):
        if row.damage:
            return Status(QCoreApplication.translate("mail", "Damaged"), "warn", "package-x")
        if row.missing:
            return Status(QCoreApplication.translate("mail", "To complete"), "warn", "circle-dashed")
    return status(row.state)


def class_word(item_class: str) -> str:
    """A class in the person's language."""
    return {
        "ordinary": QCoreApplication.translate("mail", "Ordinary"),
        "registered": QCoreApplication.translate("mail", "Registered"),
        "insured": QCoreApplication.translate("mail", "Insured"),
        "express": QCoreApplication.translate("mail", "Express"),
        "parcel": QCoreApplication.translate("mail", "Parcel"),
    }.get(item_class, item_class)


def class_icon(item_class: str) -> str:
    """The icon of a class."""
    return _CLASSES.get(item_class, "mail")


def step_icon(what: What) -> str:
    """The icon of a step from hand to hand."""
    return _STEPS[what]


def step_words(what: What) -> str:
    """A step that changes no hands, in the person's language."""
    return {
        What.RECEIVE: QCoreApplication.translate("mail", "Received"),
        What.WITHDRAW: QCoreApplication.translate("mail", "Taken back: entered by mistake"),
        What.SHELVE: QCoreApplication.translate("mail", "Put on a shelf"),
        What.HOLD: QCoreApplication.translate("mail", "Held for pick-up"),
        What.LOAD: QCoreApplication.translate("mail", "Put on a round"),
        What.DELIVER: QCoreApplication.translate("mail", "Delivered"),
        What.FAIL: QCoreApplication.translate("mail", "Could not deliver"),
        What.REFUSE: QCoreApplication.translate("mail", "Refused"),
        What.BRING_BACK: QCoreApplication.translate("mail", "Brought back"),
        What.RETURN: QCoreApplication.translate("mail", "Returned to the sender"),
        What.FORWARD: QCoreApplication.translate("mail", "Forwarded"),
        What.LOSE: QCoreApplication.translate("mail", "Reported lost"),
        What.FIND: QCoreApplication.translate("mail", "Found again"),
        What.DISPOSE: QCoreApplication.translate("mail", "Disposed of"),
        What.REMIND: QCoreApplication.translate("mail", "Addressee reminded"),
        What.OVERRIDE: QCoreApplication.translate("mail", "Override"),
        What.TAKE_BACK: QCoreApplication.translate("mail", "Taken back"),
    }[what]
