"""How outgoing mail looks: states and steps as word, colour and icon; grey is the rule, amber means act, red late."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cbo_desk.context import clock
from cbo_desk.mail.outgoing import (
    HIDDEN,
    ManifestRow,
    OutgoingCard,
    OutgoingEvent,
    OutgoingRow,
    RateRow,
    State,
    What,
)
from ui.kit.buttons import DeedButton
from ui.kit.cards import Deeds
from ui.kit.chips import Status, Tone
from ui.kit.theme import px
from ui.mail.chain import Step

TWO_IN_A_ROW = 340
"""From so many pixels at 100 % two deeds of a card stand beside each other."""
_STATES: dict[State, tuple[Tone, str]] = {
    State.NEW: ("idle", "inbox"),
    State.HANDED_IN: ("idle", "inbox"),
    State.MANIFESTED: ("idle", "clipboard-list"),
    State.COLLECTED: ("ok", "truck"),
    State.BAGGED: ("idle", "briefcase"),
    State.DISPATCHED: ("info", "send"),
    State.DELIVERED: ("ok", "circle-check"),
    State.RETURNED: ("idle", "corner-up-right"),
    State.LOST: ("bad", "circle-help"),
    State.WITHDRAWN: ("idle", "undo-2"),
}
_STEPS = {
    What.HAND_IN: "inbox",
    What.WITHDRAW: "undo-2",
    What.LIST: "clipboard-list",
    What.UNLIST: "undo-2",
    What.COLLECT: "truck",
    What.PACK: "briefcase",
    What.UNPACK: "undo-2",
    What.DISPATCH: "send",
    What.DELIVER: "circle-check",
    What.GIVE_BACK: "corner-up-right",
    What.LOSE: "circle-help",
}


def word(state: State) -> str:
    """A state in the person's language."""
    return {
        State.NEW: QCoreApplication.translate("mail", "New"),
        State.HANDED_IN: QCoreApplication.translate("mail", "Handed in"),
        State.MANIFESTED: QCoreApplication.translate("mail", "On a manifest"),
        State.COLLECTED: QCoreApplication.translate("mail", "With the carrier"),
        State.BAGGED: QCoreApplication.translate("mail", "In a bag"),
        State.DISPATCHED: QCoreApplication.translate("mail", "On its way"),
        State.DELIVERED: QCoreApplication.translate("mail", "Delivered"),
        State.RETURNED: QCoreApplication.translate("mail", "Given back"),
        State.LOST: QCoreApplication.translate("mail", "Lost"),
        State.WITHDRAWN: QCoreApplication.translate("mail", "Taken back"),
    }[state]


def status(row: OutgoingRow | OutgoingCard) -> Status:
    """How an item stands; one that still needs a carrier asks for it."""
    if row.state is State.HANDED_IN and row.way == "carrier" and not row.carrier:
        return Status(QCoreApplication.translate("mail", "Carrier to come"), "warn", "circle-dashed")
    tone, icon = _STATES[row.state]
    return Status(word(row.state), tone, icon)


def manifest_status(row: ManifestRow) -> Status:
    """How a manifest stands; one whose pick-up is over and that nobody collected is late."""
    if row.collected_at is not None:
        return Status(QCoreApplication.translate("mail", "Collected"), "ok", "truck")
    late = row.pickup_at < clock()
    if row.closed_at is not None:
        tone: Tone = "warn" if late else "info"
        return Status(QCoreApplication.translate("mail", "Waits for pick-up"), tone, "clock")
    return Status(QCoreApplication.translate("mail", "Open"), "warn" if late else "idle", "clipboard-list")


def rate_status(row: RateRow) -> Status:
    """Whether the site has looked at a price."""
    if row.confirmed:
        return Status(QCoreApplication.translate("mail", "Confirmed"), "idle", "check")
    return Status(QCoreApplication.translate("mail", "Confirm"), "warn", "triangle-alert")


def shown(value: str) -> str:
    """What a person may see, in their language."""
    return QCoreApplication.translate("mail", "Need-to-know") if value == HIDDEN else value


def _step_words(what: What) -> str:
    return {
        What.HAND_IN: QCoreApplication.translate("mail", "Handed in"),
        What.WITHDRAW: QCoreApplication.translate("mail", "Taken back"),
        What.LIST: QCoreApplication.translate("mail", "Put on a manifest"),
        What.UNLIST: QCoreApplication.translate("mail", "Taken off its manifest"),
        What.COLLECT: QCoreApplication.translate("mail", "Collected"),
        What.PACK: QCoreApplication.translate("mail", "Put into a bag"),
        What.UNPACK: QCoreApplication.translate("mail", "Taken out of its bag"),
        What.DISPATCH: QCoreApplication.translate("mail", "Dispatched"),
        What.DELIVER: QCoreApplication.translate("mail", "Delivered"),
        What.GIVE_BACK: QCoreApplication.translate("mail", "Given back"),
        What.LOSE: QCoreApplication.translate("mail", "Reported lost"),
    }[what]


def step_of(event: OutgoingEvent) -> Step:
    """One step of the way as the chain paints it: who gave it to whom, on which paper, signed by whom."""
    words = _step_words(event.what)
    moved = event.from_hand != event.to_hand and event.from_hand and event.to_hand
    title = f"{shown(event.from_hand)} → {shown(event.to_hand)}" if moved else words
    signed = ""
    if event.proof is not None:
        signed = {
            "signature": QCoreApplication.translate("mail", "signed"),
            "badge": QCoreApplication.translate("mail", "badge scanned"),
        }.get(event.proof.how, "")
    parts = [words.lower() if moved else "", event.manifest, event.bag, event.reason, signed]
    tone: Tone = "bad" if event.what is What.LOSE else "idle"
    about = " · ".join(part for part in parts if part) or event.by
    return Step(event.at, title, about, _STEPS[event.what], tone, event.proof)


def deeds_in(card: QWidget, buttons: Sequence[DeedButton]) -> Deeds:
    """The buttons of a card, two a row where there is room for their words, else one below the other."""
    return Deeds(buttons, columns=2 if card.width() >= px(TWO_IN_A_ROW) else 1)
