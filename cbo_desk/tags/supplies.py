"""What a print is made with: label stocks of the site's own, how far printers are off, and the words on every label."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.dated import Declared, declare, set_value, value_on
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.tags.stocks import LabelStock, stock_from, stocks, to_toml
from db.people import Entity
from db.records import Attachment, Blob
from db.tags import PartSheet, PrinterProfile, SiteStock

if TYPE_CHECKING:  # what prints is loaded when something is printed
    from cbo_desk.tags import output

STOCK = "tags.stock"
WORDING = declare(Declared("label_text", "The line that can stand on every label", "", source="shipped"))
_LONGEST_WORDING = 80
_ENTITY = "people.entity"
_PRINTABLE = ("image/png", "image/jpeg")


@dataclass(frozen=True)
class Measured:
    """How far a printer is off, in mm right and up and as a factor, and who measured it when."""

    printer: str
    right_mm: float
    up_mm: float
    scale: float
    measured_at: datetime
    measured_by: str

    @property
    def profile(self) -> output.PrinterProfile:
        """The same for those who print, whose lengths run downwards."""
        from cbo_desk.tags import output

        return output.PrinterProfile(self.right_mm, -self.up_mm, self.scale)


@dataclass(frozen=True)
class Supplies:
    """Everything that a print is made with.

    `stocks` holds the site's own first, `own` their names; `used` the used cells of part-used sheets by stock;
    `printers` what was measured, by printer; `wording` the free line on every label; `emblems` the attachment that
    holds an entity's emblem, by the entity's code.
    """

    stocks: tuple[LabelStock, ...]
    own: frozenset[str]
    used: Mapping[str, tuple[int, ...]]
    printers: Mapping[str, Measured]
    wording: str
    emblems: Mapping[str, int]


@reads("tags")
def supplies(session: Session) -> Supplies:
    """What a print can be made with; a site stock that this program cannot read is left out."""
    own = site_stocks(session)
    used = {sheet.stock: tuple(sheet.used) for sheet in session.scalars(select(PartSheet))}
    printers = {each.printer: _measured(each) for each in session.scalars(select(PrinterProfile))}
    names = frozenset(stock.name for stock in own)
    return Supplies(
        (*own, *stocks()), names, used, printers, value_on(session, WORDING.name, today(session)), _emblems(session)
    )


@reads("tags")
def emblem(session: Session, attachment_id: int) -> bytes:
    """The picture of an entity's emblem, as it was attached to the entity."""
    content = session.scalar(
        select(Blob.content)
        .join(Attachment, Attachment.sha256 == Blob.sha256)
        .where(Attachment.id == attachment_id, Attachment.record_kind == _ENTITY)
    )
    if content is None:
        raise Refusal("This emblem is no longer there.", "elements")
    return content


@reads("tags")
def site_stocks(session: Session) -> tuple[LabelStock, ...]:
    """The label stocks that the site described itself, by title."""
    found = []
    for row in session.scalars(select(SiteStock)):
        try:
            found.append(stock_from(tomllib.loads(row.toml)))
        except (tomllib.TOMLDecodeError, Refusal):
            continue  # written by another version: its name stays taken, the shipped stocks go on working
    return tuple(sorted(found, key=lambda stock: stock.title.casefold()))


@reads("tags")
def site_stock(session: Session, name: str) -> LabelStock | None:
    """One label stock of the site's own; None where there is none of this name."""
    return next((stock for stock in site_stocks(session) if stock.name == name), None)


def stock_title(session: Session, name: str) -> str:
    """What a stock is called; its name where it is not known any more."""
    known = (*site_stocks(session), *stocks())
    return next((stock.title for stock in known if stock.name == name), name)


@deed("tags.save_stock", "describe label stocks")
def save_stock(session: Session, values: Mapping[str, Any], replaces: str = "") -> Changes:
    """Keep a label stock of the site's own; `replaces` names the own one it takes the place of."""
    stock = stock_from({**values, "name": replaces or _name_of(str(values.get("title", "")))})
    if not replaces and any(stock.name == known.name for known in (*stocks(), *site_stocks(session))):
        raise Refusal(f"There is a label stock {stock.title} already. Give this one another title.", "title")
    row = session.scalar(select(SiteStock).where(SiteStock.name == stock.name))
    if replaces and row is None:
        raise Refusal("This label stock is gone. Save it as a new one.")
    if row is None:
        row = SiteStock(name=stock.name, toml=to_toml(stock))
        session.add(row)
        back = Deed(remove_stock, (stock.name,))
    else:
        back = Deed(save_stock, (tomllib.loads(row.toml), stock.name))
        row.toml = to_toml(stock)
    sheet = session.get(PartSheet, stock.name)
    if sheet is not None:
        sheet.used = [cell for cell in sheet.used if cell <= stock.per_page]
    session.flush()
    return Changes(STOCK, (row.id,), f"Label stock {stock.title} saved.", back)


@deed("tags.remove_stock", "describe label stocks")
def remove_stock(session: Session, name: str) -> Changes:
    """Forget a label stock of the site's own."""
    row = session.scalar(select(SiteStock).where(SiteStock.name == name))
    if row is None:
        raise Refusal("This label stock is gone already.")
    values = tomllib.loads(row.toml)
    session.delete(row)
    said = f"Label stock {values.get('title', name)} removed."
    return Changes(STOCK, (row.id,), said, Deed(save_stock, (values,)))


@deed("tags.save_printer", "measure printers")
def save_printer(
    session: Session,
    printer: str,
    right_mm: float,
    up_mm: float,
    scale: float,
    measured: tuple[datetime, str] | None = None,
) -> Changes:
    """Keep how far a printer is off; `measured` holds when and by whom, the person at work just now if left out."""
    if not printer.strip():
        raise Refusal("Choose the printer that was measured.", "printer")
    from cbo_desk.tags import output

    output.PrinterProfile(right_mm, -up_mm, scale)  # refuses figures that are no measurement
    row = session.get(PrinterProfile, printer)
    back = Deed(forget_printer, (printer,))
    if row is not None:
        kept = (row.measured_at, row.measured_by)
        back = Deed(save_printer, (printer, row.right_mm, row.up_mm, row.scale, kept))
    else:
        row = PrinterProfile(printer=printer)
        session.add(row)
    row.right_mm, row.up_mm, row.scale = right_mm, up_mm, scale
    row.measured_at, row.measured_by = measured or (now(session), actor(session).name)
    said = f"{printer}: move right {right_mm:g} mm, up {up_mm:g} mm, scale {scale:.1%}."
    return Changes("tags.printer", (), said, back, everything=True)


@deed("tags.forget_printer", "measure printers")
def forget_printer(session: Session, printer: str) -> Changes:
    """Take a printer as exact again."""
    row = session.get(PrinterProfile, printer)
    if row is None:
        raise Refusal(f"{printer} was not measured.")
    kept = (row.measured_at, row.measured_by)
    back = Deed(save_printer, (printer, row.right_mm, row.up_mm, row.scale, kept))
    session.delete(row)
    return Changes("tags.printer", (), f"{printer} counts as exact again.", back, everything=True)


@deed("settings.set_label_wording", "set what stands on labels", Role.SUPERVISOR)
def set_label_wording(session: Session, text: str) -> Changes:
    """Set the free line on every label from today on; empty for none."""
    line = " ".join(text.split())
    if len(line) > _LONGEST_WORDING:
        raise Refusal(f"The line on the label has at most {_LONGEST_WORDING} characters.", "wording")
    done = set_value(session, WORDING.name, today(session), line)
    said = f"Labels say “{line}” from today on." if line else "Labels have no line of their own from today on."
    return replace(done, said=said)


def _emblems(session: Session) -> dict[str, int]:
    """The newest picture on each entity's card whose name begins with "emblem"."""
    wanted = (
        select(Entity.code, func.max(Attachment.id))
        .join(Attachment, Attachment.record_id == Entity.id)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.record_kind == _ENTITY, func.lower(Attachment.name).like("emblem%"))
        .where(Blob.media_type.in_(_PRINTABLE))
        .group_by(Entity.code)
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _measured(row: PrinterProfile) -> Measured:
    return Measured(row.printer, row.right_mm, row.up_mm, row.scale, row.measured_at, row.measured_by)


def _name_of(title: str) -> str:
    """The name of a stock from its title: small letters, digits and hyphens."""
    words = "".join(character if character.isalnum() else " " for character in title.casefold())
    return "-".join(words.split())[:80] or "own"
