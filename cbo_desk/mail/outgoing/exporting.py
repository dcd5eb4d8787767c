"""The lists of outgoing mail, manifests and prices as tables for files; what a person may not see is not in them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cbo_desk.context import local
from cbo_desk.mail.outgoing.manifest_queries import ManifestList, ManifestRow
from cbo_desk.mail.outgoing.queries import OutgoingList, OutgoingRow
from cbo_desk.mail.outgoing.rate_queries import RateLine, RateList
from cbo_desk.mail.outgoing.rules import WORDS
from cbo_desk.mail.outgoing.zones import zones
from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.tabular import Column

OUTGOING_COLUMNS = (
    Column("Ref"), Column("Recipient"), Column("Country"), Column("Entity"), Column("Class"), Column("Weight in g"),
    Column("Carrier"), Column("Carrier's number"), Column("Price"), Column("Currency"), Column("Manifest"),
    Column("Bag"), Column("Handed in on", "date"), Column("Status"),
)  # fmt: skip
MANIFEST_COLUMNS = (
    Column("Manifest"), Column("Carrier"), Column("Pick-up on", "date"), Column("Pick-up at"), Column("Items"),
    Column("Weight in g"), Column("Closed on", "date"), Column("Collected on", "date"),
)  # fmt: skip
RATE_COLUMNS = (
    Column("Carrier"), Column("Class"), Column("Zone"), Column("Up to g"), Column("Price"), Column("Currency"),
    Column("Insured up to USD"), Column("Insurance in %"), Column("Valid from", "date"), Column("Source"),
    Column("Confirmed"),
)  # fmt: skip


def outgoing_rows_of(office: Office, listing: OutgoingList) -> Iterator[tuple[Any, ...]]:
    """Every item of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        yield from (_outgoing(line.row) for line in office.read(listing.page, start, PAGE))


def manifest_rows_of(office: Office, listing: ManifestList) -> Iterator[tuple[Any, ...]]:
    """Every manifest of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        yield from (_manifest(line.row) for line in office.read(listing.page, start, PAGE))


def rate_rows_of(office: Office, listing: RateList) -> Iterator[tuple[Any, ...]]:
    """Every price of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        yield from (_rate(line.row) for line in office.read(listing.page, start, PAGE))


def _outgoing(row: OutgoingRow) -> tuple[Any, ...]:
    price = None if row.price_cents is None else Decimal(row.price_cents) / 100
    return (
        row.number, row.recipient, row.country, row.entity, row.item_class.capitalize(), row.weight_g, row.carrier,
        row.carrier_number, price, row.currency, row.manifest, row.bag, local(row.handed_in_at).date(),
        WORDS[row.state],
    )  # fmt: skip


def _manifest(row: ManifestRow) -> tuple[Any, ...]:
    pickup = local(row.pickup_at)
    days = (local(at).date() if at else None for at in (row.closed_at, row.collected_at))
    return (row.number, row.carrier, pickup.date(), f"{pickup:%H:%M}", row.count, row.weight_g, *days)


def _rate(line: RateLine) -> tuple[Any, ...]:
    row = line.row
    price = None if row.price_cents is None else Decimal(row.price_cents) / 100
    return (
        line.carrier, row.item_class.capitalize(), zones().get(row.zone, row.zone), row.up_to_g, price, row.currency,
        Decimal(row.insured_up_to_cents) / 100, Decimal(row.insurance_bp) / 100, row.valid_from, row.source,
        "yes" if row.confirmed else "confirm",
    )  # fmt: skip
