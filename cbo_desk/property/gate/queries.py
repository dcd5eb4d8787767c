"""What can be looked up at the gate: the list of passes, one with its lines, what a scan is, what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from cbo_desk import audit, search
from cbo_desk.context import today
from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.property.gate.commands import LINE, PASS
from cbo_desk.property.gate.rules import LineState
from cbo_desk.property.picking import retired_words
from cbo_desk.property.touching import KIND
from cbo_desk.tags import resolve
from db.gate import GateEvent, GateLine, GatePass
from db.records import Compound
from db.tags import Tag

Shown = Literal["current", "overdue", "all"]


@dataclass(frozen=True)
class PassRow:
    """One pass in the list: how many of its lines are listed, out, and in again."""

    id: int
    reference: str
    bearer: str
    destination: str
    valid_until: date
    return_on: date | None
    cancelled: bool
    lines: int
    out: int
    back: int
    overdue: bool
    expired: bool


@dataclass(frozen=True)
class PassLine:
    """One thing on a pass; `code` is its tag, for personal property the one printed on the pass."""

    id: int
    asset_id: int | None
    inventory_no: str
    description: str
    serial: str
    code: str
    count: int
    state: LineState
    at: datetime | None


@dataclass(frozen=True)
class PassCard:
    """A pass with everything that stands on it."""

    id: int
    reference: str
    code: str
    bearer: str
    purpose: str
    destination: str
    valid_until: date
    return_on: date | None
    issued_at: datetime
    issued_by: str
    cancelled_why: str
    lines: tuple[PassLine, ...]
    today: date
    compound: str
    deeds: tuple[audit.HistoryLine, ...]

    @property
    def out(self) -> int:
        """How many lines are out."""
        return sum(1 for line in self.lines if line.state is LineState.OUT)

    @property
    def overdue(self) -> bool:
        """Whether something is out that should be back."""
        return bool(self.out and self.return_on is not None and self.return_on < self.today)

    @property
    def holds(self) -> bool:
        """Whether things may leave on it today."""
        return not self.cancelled_why and self.valid_until >= self.today


def _lines(*where: Any) -> Any:
    wanted = select(func.count()).where(GateLine.pass_id == GatePass.id, *where)
    return wanted.correlate(GatePass).scalar_subquery()


_ALL, _OUT, _BACK = _lines(), _lines(GateLine.state == LineState.OUT), _lines(GateLine.state == LineState.IN)
SORTS: dict[str, Any] = {
    "reference": GatePass.reference,
    "bearer": GatePass.bearer,
    "valid_until": GatePass.valid_until,
}


@reads("property", "look at gate passes")
def due_back(session: Session, pass_id: int) -> date | None:
    """The day by which things on a pass are to be back."""
    return session.scalar(select(GatePass.return_on).where(GatePass.id == pass_id))


@reads("property", "look at gate passes")
class PassList(PagedList[PassRow]):
    """Gate passes, narrowed by words and to the current or the overdue ones; the newest first unless told otherwise."""

    kind = PASS

    def __init__(
        self,
        words: str = "",
        sort: str = "reference",
        descending: bool = True,
        *,
        shown: Shown = "all",
        day: date | None = None,
    ) -> None:
        self._words, self._shown, self._day = words, shown, day
        columns = select(
            GatePass.id, GatePass.reference, GatePass.bearer, GatePass.destination, GatePass.valid_until,
            GatePass.return_on, GatePass.cancelled_at, _ALL.label("lines"), _OUT.label("gone"), _BACK.label("back"),
        )  # fmt: skip
        super().__init__(columns, GatePass.id, Sort((SORTS[sort], GatePass.id), descending), GatePass.id > 0)

    def condition(self, session: Session) -> ColumnElement[bool]:
        """Which of them, and the words as search knows them."""
        self._day = self._day or today(session)
        out = _is_out()
        parts: list[ColumnElement[bool]] = [self._where]
        if self._shown == "overdue":
            parts += [out, GatePass.return_on < self._day]
        elif self._shown == "current":
            held = and_(GatePass.cancelled_at.is_(None), GatePass.valid_until >= self._day)
            parts.append(or_(out, held))
        found = search.matching(session, PASS, self._words)
        if found is not None:
            parts.append(GatePass.id.in_(found))
        return and_(*parts)

    def row_of(self, values: Any) -> PassRow:
        """One line."""
        ident, reference, bearer, destination, until, back_on, cancelled, lines, out, back = values[:10]
        day = self._day or date.max
        late = bool(out) and back_on is not None and back_on < day
        return PassRow(
            ident, reference, bearer, destination, until, back_on, cancelled is not None, lines, out, back, late,
            until < day,
        )  # fmt: skip


def _is_out() -> ColumnElement[bool]:
    return select(GateLine.id).where(GateLine.pass_id == GatePass.id, GateLine.state == LineState.OUT).exists()


@reads("property", "look at gate passes")
def pass_card(session: Session, pass_id: int) -> PassCard:
    """Everything on a pass; Refusal where there is none."""
    found = session.get(GatePass, pass_id)
    if found is None:
        raise Refusal("This gate pass is not there.")
    lines = session.scalars(select(GateLine).where(GateLine.pass_id == pass_id).order_by(GateLine.position)).all()
    ids = [line.id for line in lines]
    latest = select(GateEvent.line_id, func.max(GateEvent.at)).where(GateEvent.line_id.in_(ids))
    moved = {row[0]: row[1] for row in session.execute(latest.group_by(GateEvent.line_id))}
    codes = {
        (row.subject_kind, row.subject_id): row.code
        for row in session.execute(
            select(Tag.subject_kind, Tag.subject_id, Tag.code).where(
                Tag.retired_at.is_(None),
                or_(
                    and_(Tag.subject_kind == PASS, Tag.subject_id == pass_id),
                    and_(Tag.subject_kind == LINE, Tag.subject_id.in_(ids)) if ids else false(),
                ),
            )
        )
    }
    compound = session.get(Compound, "name")
    return PassCard(
        id=found.id,
        reference=found.reference,
        code=codes.get((PASS, found.id), ""),
        bearer=found.bearer,
        purpose=found.purpose,
        destination=found.destination,
        valid_until=found.valid_until,
        return_on=found.return_on,
        issued_at=found.issued_at,
        issued_by=found.issued_by,
        cancelled_why=found.cancelled_why,
        lines=tuple(
            PassLine(
                line.id, line.asset_id, line.inventory_no, line.description, line.serial,
                line.code or codes.get((LINE, line.id), ""), line.count, LineState(line.state),
                moved.get(line.id) if line.state != LineState.LISTED else None,
            )
            for line in lines
        ),
        today=today(session),
        compound=str(compound.value) if compound is not None else "",
        deeds=tuple(audit.history(session, PASS, pass_id)),
    )  # fmt: skip


@reads("property", "look at gate passes")
def pass_of_line(session: Session, line_id: int) -> int:
    """The pass that a line stands on; Refusal where there is no such line."""
    found = session.scalar(select(GateLine.pass_id).where(GateLine.id == line_id))
    if found is None:
        raise Refusal("This gate pass is not there.")
    return found


@dataclass(frozen=True)
class AtGate:
    """What was scanned at the gate: its kind and id, and the pass that it is on; 0 where there is none.

    `why` says what is odd about it; `unknown` that nothing at all answers to the scan.
    """

    kind: str
    ident: int
    title: str
    pass_id: int
    why: str = ""
    unknown: bool = False


@reads("property", "look at gate passes")
def scanned_at_gate(session: Session, text: str) -> AtGate:
    """What a scan at the gate is: a pass, a thing, or something that has no business there."""
    answer = resolve(session, text)
    if answer.opened is None:
        nobody = f"Nothing here has the code {text.strip()[:40]}. Scan a pass, or a thing that is on one."
        return AtGate("", 0, text.strip(), 0, answer.why if answer.choices else nobody, unknown=not answer.choices)
    kind, ident, title = answer.opened.kind, answer.opened.record_id, answer.opened.title
    if kind == PASS:
        return AtGate(kind, ident, title, ident)
    if kind == LINE:
        line = session.get(GateLine, ident)
        return AtGate(kind, ident, title, line.pass_id if line else 0)
    if kind == KIND:
        out = select(GateLine.pass_id).where(GateLine.asset_id == ident, GateLine.state == LineState.OUT)
        retired = retired_words(session, answer.code, title)
        return AtGate(kind, ident, title, session.scalar(out) or 0, "Its tag is retired." if retired else "")
    return AtGate("", 0, title, 0, f"{title} is neither a gate pass nor a thing on one.")


@dataclass(frozen=True)
class Overdue:
    """A pass on which things are out that should be back."""

    id: int
    reference: str
    bearer: str
    return_on: date
    out: int


@reads("property", "look at gate passes")
def overdue_passes(session: Session) -> list[Overdue]:
    """The passes on which something is out too long, the longest first."""
    wanted = (
        select(GatePass.id, GatePass.reference, GatePass.bearer, GatePass.return_on, _OUT)
        .where(GatePass.return_on < today(session), _is_out())
        .order_by(GatePass.return_on, GatePass.id)
    )
    return [Overdue(*row) for row in session.execute(wanted)]
