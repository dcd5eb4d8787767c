"""How bags look: states, seals and cases as word, colour and icon."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock, local
from cbo_desk.mail.outgoing import kg
from cbo_desk.mail.pouch import BagRow, BagState, CaseWhat, SealFound
from ui.kit.cells import Look
from ui.kit.chips import Status, Tone
from ui.kit.columns import Column
from ui.kit.phrases import day

_STATES: dict[BagState, tuple[Tone, str]] = {
    BagState.OPEN: ("idle", "package-open"),
    BagState.CERTIFIED: ("info", "badge-check"),
    BagState.SEALED: ("info", "lock"),
    BagState.DISPATCHED: ("info", "send"),
    BagState.ANNOUNCED: ("idle", "clock"),
    BagState.ARRIVED: ("warn", "list-checks"),
    BagState.CONFIRMED: ("ok", "circle-check"),
}


def word(state: BagState) -> str:
    """A state in the person's language."""
    return {
        BagState.OPEN: QCoreApplication.translate("mail", "Being packed"),
        BagState.CERTIFIED: QCoreApplication.translate("mail", "Certified"),
        BagState.SEALED: QCoreApplication.translate("mail", "Sealed"),
        BagState.DISPATCHED: QCoreApplication.translate("mail", "On its way"),
        BagState.ANNOUNCED: QCoreApplication.translate("mail", "Announced"),
        BagState.ARRIVED: QCoreApplication.translate("mail", "To be counted"),
        BagState.CONFIRMED: QCoreApplication.translate("mail", "Confirmed"),
    }[state]


def bag_status(row: BagRow) -> Status:
    """How a bag stands; one with an open case is red, one that missed its cut-off asks for somebody."""
    if row.cases:
        return Status(QCoreApplication.translate("mail", "Case open"), "bad", "shield-alert")
    tone, icon = _STATES[row.state]
    late = row.cut_off_at < clock() and row.state in (BagState.OPEN, BagState.ANNOUNCED)
    return Status(word(row.state), "warn" if late else tone, "clock-alert" if late else icon)


def seal_word(found: SealFound) -> str:
    """How a seal was found, in the person's language."""
    return {
        SealFound.INTACT: QCoreApplication.translate("mail", "Intact"),
        SealFound.BROKEN: QCoreApplication.translate("mail", "Broken"),
        SealFound.MISSING: QCoreApplication.translate("mail", "Missing"),
        SealFound.OTHER: QCoreApplication.translate("mail", "Another seal"),
    }[found]


def case_word(what: CaseWhat) -> str:
    """What a case is about, in the person's language."""
    return {
        CaseWhat.SEAL_BROKEN: QCoreApplication.translate("mail", "The seal is broken"),
        CaseWhat.SEAL_MISSING: QCoreApplication.translate("mail", "The seal is missing"),
        CaseWhat.SEAL_OTHER: QCoreApplication.translate("mail", "The seal is not the one of the way bill"),
        CaseWhat.COUNT: QCoreApplication.translate("mail", "The count is not that of the way bill"),
    }[what]


def columns() -> tuple[Column, ...]:
    """What the list shows of each bag: numbers and weights, which everybody may know."""
    return (
        Column(Look("number", "ref", 92), QCoreApplication.translate("mail", "Bag"), lambda r: r.number, sort="number"),
        Column(
            Look("direction", "icon", 34, 4),
            "",
            lambda row: _way(row),
            value=lambda row: "log-in" if row.direction == "in" else "log-out",
            tip=lambda row: _way(row),
        ),
        Column(
            Look("destination", "text", 140, stretch=True),
            QCoreApplication.translate("mail", "From or to"),
            lambda row: row.destination,
        ),
        Column(Look("seal", "muted", 104, 3), QCoreApplication.translate("mail", "Seal"), lambda row: row.seal or "—"),
        Column(
            Look("weight", "share", 158, 2),
            QCoreApplication.translate("mail", "Weight"),
            lambda row: kg(row.weight_g),
            value=lambda row: (min(row.weight_g / row.limit_g, 1.0), "warn" if row.weight_g > row.limit_g else "idle"),
        ),
        Column(
            Look("cut_off", "date", 158, 1),
            QCoreApplication.translate("mail", "Cut-off"),
            lambda row: f"{day(local(row.cut_off_at).date())} {local(row.cut_off_at):%H:%M}",
            sort="cut_off",
        ),
        Column(
            Look("state", "chip", 140),
            QCoreApplication.translate("mail", "Status"),
            lambda row: bag_status(row).word,
            value=bag_status,
        ),
    )


def _way(row: BagRow) -> str:
    if row.direction == "in":
        return QCoreApplication.translate("mail", "Comes in")
    return QCoreApplication.translate("mail", "Goes out")
