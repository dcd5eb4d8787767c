"""The columns of custody's lists."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.plurals import Count
from cbo_desk.property import State
from cbo_desk.property.custody import Kind
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.phrases import day
from ui.property.states import status, word


def trolley_columns() -> tuple[Column, ...]:
    """What the list of a handover shows of each scan."""
    return (
        Column(
            Look("number", "ref", 140),
            QCoreApplication.translate("custody", "Inventory no."),
            lambda scan: scan.item.inventory_no if scan.item else scan.text,
        ),
        Column(
            Look("description", "text", 170, 2),
            QCoreApplication.translate("custody", "Description"),
            lambda scan: scan.item.description if scan.item else "—",
        ),
        Column(
            Look("now", "chip", 150, 3),
            QCoreApplication.translate("custody", "Now"),
            lambda scan: word(State(scan.item.state)) if scan.item else "",
            value=lambda scan: status(State(scan.item.state)) if scan.item else None,
        ),
        Column(
            Look("due", "date", 110, 4),
            QCoreApplication.translate("custody", "Due back"),
            lambda scan: day(scan.item.due_on) or "—" if scan.item else "",
        ),
        Column(
            Look("goes", "chip", 118),
            QCoreApplication.translate("custody", "Goes along"),
            lambda scan: _goes(scan).word,
            value=_goes,
        ),
        Column(
            Look("why", "text", 400, stretch=True),
            QCoreApplication.translate("custody", "Why not"),
            lambda scan: scan.why,
            fault=lambda scan: "bad" if scan.why else "",
            tip=lambda scan: scan.why,
        ),
    )


def _goes(scan: Any) -> Status:
    if scan.goes:
        return Status(QCoreApplication.translate("custody", "Yes"), "ok", "circle-check")
    return Status(QCoreApplication.translate("custody", "Refused"), "bad", "circle-x")


def handover_columns() -> tuple[Column, ...]:
    """What the list of handovers shows."""
    return (
        Column(
            Look("reference", "ref", 100),
            QCoreApplication.translate("custody", "Reference"),
            lambda row: row.reference,
            sort="reference",
        ),
        Column(
            Look("kind", "text", 100),
            QCoreApplication.translate("custody", "Kind"),
            lambda row: kind_word(row.kind),
            sort="kind",
        ),
        Column(
            Look("at", "date", 110),
            QCoreApplication.translate("custody", "Date"),
            lambda row: day(local(row.at).date()),
            sort="at",
        ),
        Column(
            Look("giver", "muted", 140, 4),
            QCoreApplication.translate("custody", "Given by"),
            lambda row: row.giver or "—",
            sort="giver",
        ),
        Column(
            Look("taker", "text", 150, stretch=True),
            QCoreApplication.translate("custody", "Taken by"),
            lambda row: row.taker or row.place or "—",
            sort="taker",
        ),
        Column(
            Look("place", "muted", 90, 5),
            QCoreApplication.translate("custody", "Place"),
            lambda row: row.place or "—",
            sort="place",
        ),
        Column(
            Look("items", "num", 70, 2), QCoreApplication.translate("custody", "Assets"), lambda row: f"{row.items:,}"
        ),
        Column(
            Look("due", "date", 110, 3),
            QCoreApplication.translate("custody", "Back on"),
            lambda row: day(row.due_on) or "—",
        ),
        Column(
            Look("signed", "chip", 150, 1),
            QCoreApplication.translate("custody", "Signed"),
            lambda row: _signed(row).word,
            value=_signed,
            tip=lambda row: row.signed_by,
        ),
    )


def loan_columns() -> tuple[Column, ...]:
    """What the list of loans shows."""
    return (
        Column(
            Look("inventory_no", "ref", 140),
            QCoreApplication.translate("custody", "Inventory no."),
            lambda row: row.inventory_no,
            sort="inventory_no",
        ),
        Column(
            Look("description", "text", 170, 2, stretch=True),
            QCoreApplication.translate("custody", "Description"),
            lambda row: row.description,
        ),
        Column(
            Look("person", "text", 170),
            QCoreApplication.translate("custody", "Borrower"),
            lambda row: row.person,
            sort="person",
        ),
        Column(
            Look("due", "date", 120),
            QCoreApplication.translate("custody", "Back on"),
            lambda row: day(row.due_on),
            sort="due",
        ),
        Column(
            Look("late", "chip", 140),
            QCoreApplication.translate("custody", "How late"),
            lambda row: _late(row).word,
            value=_late,
        ),
        Column(
            Look("reference", "ref", 100, 3),
            QCoreApplication.translate("custody", "Handover"),
            lambda row: row.reference,
        ),
    )


def holder_columns() -> tuple[Column, ...]:
    """What the list of people who hold something shows."""
    return (
        Column(
            Look("person", "text", 180, stretch=True),
            QCoreApplication.translate("custody", "Person"),
            lambda row: row.person,
            sort="person",
        ),
        Column(
            Look("entity", "muted", 110, 2),
            QCoreApplication.translate("custody", "Entity"),
            lambda row: row.entity,
            sort="entity",
        ),
        Column(Look("holds", "num", 90), QCoreApplication.translate("custody", "Holds"), lambda row: f"{row.holds:,}"),
        Column(
            Look("confirmed", "num", 100),
            QCoreApplication.translate("custody", "Confirmed"),
            lambda row: f"{row.confirmed:,}",
        ),
        Column(
            Look("disputed", "num", 100),
            QCoreApplication.translate("custody", "Disputed"),
            lambda row: f"{row.disputed:,}",
        ),
        Column(
            Look("open", "chip", 150),
            QCoreApplication.translate("custody", "How it stands"),
            lambda row: _answered(row).word,
            value=_answered,
        ),
    )


def own_columns() -> tuple[Column, ...]:
    """What a custodian sees of what they hold."""
    return (
        Column(
            Look("inventory_no", "ref", 140),
            QCoreApplication.translate("custody", "Inventory no."),
            lambda row: row.inventory_no,
            sort="inventory_no",
        ),
        Column(
            Look("description", "text", 180, stretch=True),
            QCoreApplication.translate("custody", "Description"),
            lambda row: row.description,
            sort="description",
        ),
        Column(
            Look("serial", "muted", 110, 3),
            QCoreApplication.translate("custody", "Serial"),
            lambda row: row.serial or "—",
        ),
        Column(
            Look("place", "muted", 90, 2), QCoreApplication.translate("custody", "Place"), lambda row: row.place or "—"
        ),
        Column(
            Look("state", "chip", 150, 4),
            QCoreApplication.translate("custody", "State"),
            lambda row: word(row.state),
            value=lambda row: status(row.state),
        ),
        Column(
            Look("answer", "chip", 190),
            QCoreApplication.translate("custody", "You said"),
            lambda row: _answer(row).word,
            value=_answer,
            tip=lambda row: row.note,
        ),
    )


def kind_word(kind: Kind) -> str:
    """A kind of handover in the person's language."""
    return {
        Kind.ISSUE: QCoreApplication.translate("custody", "Issue"),
        Kind.RETURN: QCoreApplication.translate("custody", "Return"),
        Kind.HAND_OVER: QCoreApplication.translate("custody", "Handover"),
        Kind.LEND: QCoreApplication.translate("custody", "Loan"),
        Kind.EXTEND: QCoreApplication.translate("custody", "Extension"),
        Kind.REVERSAL: QCoreApplication.translate("custody", "Reversal"),
    }[kind]


def _signed(row: Any) -> Status:
    if row.signed_by and row.on_paper:
        return Status(QCoreApplication.translate("custody", "On paper"), "ok", "file-text")
    if row.signed_by:
        return Status(QCoreApplication.translate("custody", "Signed"), "ok", "signature")
    if row.kind in (Kind.REVERSAL, Kind.EXTEND):
        icon = "undo-2" if row.kind is Kind.REVERSAL else "calendar-clock"
        return Status(QCoreApplication.translate("custody", "Not needed"), "idle", icon)
    return Status(QCoreApplication.translate("custody", "Not yet"), "warn", "pencil")


def _late(row: Any) -> Status:
    if not row.late:
        return Status(QCoreApplication.translate("custody", "In time"), "idle", "clock")
    words = QCoreApplication.translate("custody", "{count:day|days} late").format(count=Count(row.late))
    return Status(words, "bad", "clock-alert")


def _answered(row: Any) -> Status:
    if row.disputed:
        return Status(QCoreApplication.translate("custody", "Disputed"), "warn", "triangle-alert")
    if row.open:
        words = QCoreApplication.translate("custody", "{count} not confirmed").format(count=f"{row.open:,}")
        return Status(words, "warn", "circle-help")
    return Status(QCoreApplication.translate("custody", "Confirmed"), "ok", "circle-check")


def _answer(row: Any) -> Status:
    if row.answer == "disputed":
        return Status(QCoreApplication.translate("custody", "Something is wrong"), "warn", "triangle-alert")
    if row.answer == "confirmed":
        words = QCoreApplication.translate("custody", "I have it, {day}").format(day=day(local(row.answered_at).date()))
        return Status(words, "ok", "circle-check")
    return Status(QCoreApplication.translate("custody", "Nothing yet"), "idle", "circle-help")
