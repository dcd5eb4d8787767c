"""Papers of vehicles and drivers: renewed, voided, and which run out when. Who has none that is valid stays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.transport import rules
from cbo_desk.transport.kinds import DRIVER, PAPER, VEHICLE
from cbo_desk.transport.rules import PAPER_WORDS, Valid, barred, paper_tone
from db.fleet import NEEDED, PAPERS_OF_DRIVERS, PAPERS_OF_VEHICLES, Driver, TransportPaper, Vehicle

OF = {VEHICLE: PAPERS_OF_VEHICLES, DRIVER: PAPERS_OF_DRIVERS}
_NEEDED = {VEHICLE: NEEDED["vehicle"], DRIVER: NEEDED["driver"]}


@dataclass(frozen=True)
class PaperForm:
    """A paper as its form gives it: days are both included; `points` are those of a MOSS checklist."""

    kind: str
    valid_from: date
    expires: date
    number: str = ""
    note: str = ""
    points: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class PaperRow:
    """A paper with its holder; `tone` says how soon it ends: "gone", "30", "60", "90" or ""."""

    id: int
    holder_kind: str
    holder_id: int
    holder: str
    kind: str
    number: str
    valid_from: date
    expires: date
    tone: str
    note: str
    missing: tuple[str, ...]

    @property
    def word(self) -> str:
        """What the paper is called."""
        return PAPER_WORDS[self.kind]


@deed("transport.add_paper", "add papers")
def add_paper(session: Session, holder_kind: str, holder_id: int, form: PaperForm) -> Changes:
    """Add or renew a paper of a vehicle or a driver."""
    name = _name(session, holder_kind, holder_id)
    if form.kind not in OF[holder_kind]:
        raise Refusal("Choose which paper this is.", "kind")
    if form.expires < form.valid_from:
        raise Refusal("A paper runs out after it begins.", "expires")
    key = "vehicle_id" if holder_kind == VEHICLE else "driver_id"
    row = TransportPaper(
        kind=form.kind, number=form.number.strip(), valid_from=form.valid_from, expires=form.expires,
        points=dict(form.points), note=form.note.strip(), **{key: holder_id},
    )  # fmt: skip
    session.add(row)
    session.flush()
    said = f"{name}: {PAPER_WORDS[form.kind]} until {form.expires.day} {form.expires:%b %Y}."
    return Changes(PAPER, (row.id,), said, Deed(void_paper, (row.id,)), {holder_kind: (holder_id,)})


@deed("transport.void_paper", "void papers", Role.SUPERVISOR)
def void_paper(session: Session, paper_id: int, void: bool = True) -> Changes:
    """Let a paper count no longer, or again: it was entered by mistake, or withdrawn."""
    row = session.get(TransportPaper, paper_id)
    if row is None:
        raise Refusal("This paper is not there.")
    row.void = void
    session.flush()
    holder = (VEHICLE, row.vehicle_id) if row.vehicle_id else (DRIVER, row.driver_id)
    assert holder[1] is not None
    word = "no longer counts" if void else "counts again"
    undo = Deed(void_paper, (paper_id, not void))
    return Changes(PAPER, (paper_id,), f"This {PAPER_WORDS[row.kind]} {word}.", undo, {holder[0]: (holder[1],)})


@reads("transport", "look at papers")
def papers_of(session: Session, holder_kind: str, holder_id: int) -> list[PaperRow]:
    """The papers of one vehicle or driver that count, the newest of each kind first."""
    column = TransportPaper.vehicle_id if holder_kind == VEHICLE else TransportPaper.driver_id
    wanted = select(TransportPaper).where(column == holder_id, TransportPaper.void.is_(False))
    name, day = _name(session, holder_kind, holder_id), today(session)
    rows = session.scalars(wanted.order_by(TransportPaper.kind, TransportPaper.expires.desc()))
    return [_row(row, name, day) for row in rows]


@reads("transport", "look at papers")
def ending_papers(session: Session, days: int = max(rules.WARN_DAYS)) -> list[PaperRow]:
    """The newest paper of each kind of everybody in the fleet, if it has run out or will within so many days."""
    day = today(session)
    last = (
        select(
            TransportPaper.vehicle_id, TransportPaper.driver_id, TransportPaper.kind,
            func.max(TransportPaper.expires).label("expires"),
        )
        .where(TransportPaper.void.is_(False))
        .group_by(TransportPaper.vehicle_id, TransportPaper.driver_id, TransportPaper.kind)
        .subquery()
    )  # fmt: skip
    same = and_(
        TransportPaper.kind == last.c.kind,
        TransportPaper.expires == last.c.expires,
        or_(TransportPaper.vehicle_id == last.c.vehicle_id, TransportPaper.driver_id == last.c.driver_id),
    )
    wanted = (
        select(TransportPaper, Vehicle.plate, Driver.sort_name)
        .join(last, same)
        .outerjoin(Vehicle, Vehicle.id == TransportPaper.vehicle_id)
        .outerjoin(Driver, Driver.id == TransportPaper.driver_id)
        .where(
            TransportPaper.void.is_(False),
            TransportPaper.expires <= day + timedelta(days=days),
            Vehicle.gone_at.is_(None),
            Driver.gone_at.is_(None),
        )
        .order_by(TransportPaper.expires, TransportPaper.id)
    )
    return [_row(row[0], row[1] or row[2] or "", day) for row in session.execute(wanted)]


def why_barred(session: Session, holder_kind: str, ids: Sequence[int], first: date, last: date) -> dict[int, str]:
    """Per vehicle or driver, the sentence why they stay out from a day to a day; "" for those who may be planned."""
    column = TransportPaper.vehicle_id if holder_kind == VEHICLE else TransportPaper.driver_id
    wanted = select(column, TransportPaper.kind, TransportPaper.valid_from, TransportPaper.expires).where(
        column.in_(ids), TransportPaper.void.is_(False)
    )
    papers: dict[int, list[Valid]] = {ident: [] for ident in ids}
    for ident, kind, begins, ends in session.execute(wanted):
        assert ident is not None
        papers[ident].append(Valid(kind, begins, ends))
    return {ident: barred(own, _NEEDED[holder_kind], first, last) for ident, own in papers.items()}


def _row(row: TransportPaper, name: str, day: date) -> PaperRow:
    kind, ident = (VEHICLE, row.vehicle_id) if row.vehicle_id else (DRIVER, row.driver_id)
    assert ident is not None
    missing = tuple(point for point, there in (row.points or {}).items() if not there)
    return PaperRow(
        row.id, kind, ident, name, row.kind, row.number, row.valid_from, row.expires, paper_tone(row.expires, day),
        row.note, missing,
    )  # fmt: skip


def _name(session: Session, holder_kind: str, holder_id: int) -> str:
    if holder_kind == VEHICLE:
        vehicle = session.get(Vehicle, holder_id)
        name = None if vehicle is None else vehicle.plate
    else:
        driver = session.get(Driver, holder_id)
        name = None if driver is None else driver.sort_name
    if name is None:
        raise Refusal("This vehicle or driver is not there.")
    return name
