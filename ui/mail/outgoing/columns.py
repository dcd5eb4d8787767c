"""The columns of the lists of outgoing mail, manifests and prices."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import local
from cbo_desk.mail.outgoing import kg
from cbo_desk.mail.outgoing.zones import zones
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.phrases import day, money
from ui.mail.looks import class_icon, class_word
from ui.mail.outgoing.looks import manifest_status, rate_status, shown, status


def outgoing_columns() -> tuple[Column, ...]:
    """What the list shows of each item; the ones of high priority hide first where there is little room."""
    return (
        Column(
            Look("number", "ref", 92), QCoreApplication.translate("mail", "Ref"), lambda row: row.number, sort="number"
        ),
        Column(
            Look("class", "icon", 34, 3),
            "",
            lambda row: class_word(row.item_class),
            value=lambda row: "briefcase" if row.way == "pouch" else class_icon(row.item_class),
            tip=lambda row: class_word(row.item_class),
        ),
        Column(
            Look("recipient", "text", 150, stretch=True),
            QCoreApplication.translate("mail", "Recipient"),
            lambda row: shown(row.recipient),
        ),
        Column(
            Look("country", "muted", 104, 4), QCoreApplication.translate("mail", "Country"), lambda row: row.country
        ),
        Column(
            Look("entity", "muted", 92, 5),
            QCoreApplication.translate("mail", "Entity"),
            lambda row: shown(row.entity),
            sort="entity",
        ),
        Column(
            Look("weight", "num", 78, 6), QCoreApplication.translate("mail", "Weight"), lambda row: kg(row.weight_g)
        ),
        Column(
            Look("price", "num", 116, 2),
            QCoreApplication.translate("mail", "Price"),
            lambda row: "—" if row.price_cents is None else money(row.price_cents, row.currency),
        ),
        Column(
            Look("day", "date", 98, 7),
            QCoreApplication.translate("mail", "Handed in"),
            lambda row: day(local(row.handed_in_at).date()),
            sort="handed_in",
        ),
        Column(
            Look("state", "chip", 140, 1),
            QCoreApplication.translate("mail", "Status"),
            lambda row: status(row).word,
            value=status,
        ),
    )


def manifest_columns() -> tuple[Column, ...]:
    """What the list shows of each manifest."""
    return (
        Column(
            Look("number", "ref", 96),
            QCoreApplication.translate("mail", "Manifest"),
            lambda row: row.number,
            sort="number",
        ),
        Column(
            Look("carrier", "text", 150, stretch=True),
            QCoreApplication.translate("mail", "Carrier"),
            lambda row: row.carrier,
        ),
        Column(
            Look("pickup", "date", 150, 1),
            QCoreApplication.translate("mail", "Pick-up"),
            lambda row: f"{day(local(row.pickup_at).date())} {local(row.pickup_at):%H:%M}",
            sort="pickup",
        ),
        Column(Look("count", "num", 64, 2), QCoreApplication.translate("mail", "Items"), lambda row: f"{row.count:,}"),
        Column(
            Look("weight", "num", 90, 3), QCoreApplication.translate("mail", "Weight"), lambda row: kg(row.weight_g)
        ),
        Column(
            Look("state", "chip", 150),
            QCoreApplication.translate("mail", "Status"),
            lambda row: manifest_status(row).word,
            value=manifest_status,
        ),
    )


def rate_columns() -> tuple[Column, ...]:
    """What the list shows of each price."""
    return (
        Column(
            Look("carrier", "text", 130, stretch=True),
            QCoreApplication.translate("mail", "Carrier"),
            lambda line: line.carrier,
        ),
        Column(
            Look("class", "muted", 92, 2),
            QCoreApplication.translate("mail", "Class"),
            lambda line: class_word(line.row.item_class),
        ),
        Column(
            Look("zone", "muted", 120, 1),
            QCoreApplication.translate("mail", "Zone"),
            lambda line: zones().get(line.row.zone, line.row.zone),
        ),
        Column(
            Look("up_to", "num", 84),
            QCoreApplication.translate("mail", "Up to"),
            lambda line: kg(line.row.up_to_g),
            sort="up_to",
        ),
        Column(
            Look("price", "num", 118),
            QCoreApplication.translate("mail", "Price"),
            lambda line: _price(line.row.price_cents, line.row.currency),
        ),
        Column(
            Look("from", "date", 104, 3),
            QCoreApplication.translate("mail", "Valid from"),
            lambda line: day(line.row.valid_from),
            sort="valid_from",
        ),
        Column(
            Look("state", "chip", 112),
            QCoreApplication.translate("mail", "Status"),
            lambda line: rate_status(line.row).word,
            value=lambda line: rate_status(line.row),
        ),
    )


def _price(cents: int | None, currency: str) -> str:
    return QCoreApplication.translate("mail", "not carried") if cents is None else money(cents, currency)
