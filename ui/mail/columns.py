"""The columns of the list of mail."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock, local
from cbo_desk.mail import MailRow, State
from cbo_desk.mail.limits import Ageing, working_days
from ui.kit.cells import Look
from ui.kit.chips import Tone
from ui.kit.columns import Column
from ui.mail.looks import class_icon, class_word, row_status

WAITS = (State.RECEIVED, State.SHELVED, State.HELD)
LYING = Ageing(3, 10)
"""The shipped limits; the list draws its bars by those in force as soon as they are read."""


class Lying:
    """How long the rows of a list have lain, by the limits in force."""

    def __init__(self) -> None:
        self.ageing = LYING

    def days(self, row: MailRow) -> int:
        """Working days since the item came in."""
        return working_days(local(row.received_at).date(), local(clock()).date())

    def bar(self, row: MailRow) -> tuple[float, Tone]:
        """Which share of its time an item has lain, and how that is shown."""
        if row.state not in WAITS:
            return 0.0, "idle"
        days = self.days(row)
        tone: Tone = "bad" if days > self.ageing.back else "warn" if days >= self.ageing.back - 3 else "idle"
        return min(days / self.ageing.back, 1.0), tone

    def words(self, row: MailRow) -> str:
        """The same in words."""
        if row.state not in WAITS:
            return ""
        days = self.days(row)
        return (
            QCoreApplication.translate("mail", "{days} d").format(days=days)
            if days
            else QCoreApplication.translate("mail", "today")
        )


def columns(lying: Lying) -> tuple[Column, ...]:
    """What the list shows of each item; the ones of high priority hide first where there is little room."""
    return (
        Column(
            Look("number", "ref", 100),
            QCoreApplication.translate("mail", "Ref"),
            lambda row: row.number,
            sort="number",
        ),
        Column(
            Look("class", "icon", 34, 2),
            "",
            lambda row: class_word(row.item_class),
            value=lambda row: class_icon(row.item_class),
            tip=lambda row: class_word(row.item_class),
        ),
        Column(
            Look("addressee", "text", 160, stretch=True),
            QCoreApplication.translate("mail", "Addressee"),
            lambda row: row.addressee or "—",
            sort="addressee",
        ),
        Column(
            Look("entity", "muted", 92, 4),
            QCoreApplication.translate("mail", "Entity"),
            lambda row: row.entity or "—",
        ),
        Column(
            Look("shelf", "muted", 72, 3),
            QCoreApplication.translate("mail", "Shelf"),
            lambda row: row.shelf or "—",
            sort="shelf",
        ),
        Column(
            Look("share", "share", 118, 5),
            QCoreApplication.translate("mail", "With us"),
            lying.words,
            value=lying.bar,
            sort="received",
        ),
        Column(
            Look("state", "chip", 140, 1),
            QCoreApplication.translate("mail", "Status"),
            lambda row: row_status(row).word,
            value=row_status,
        ),
    )
