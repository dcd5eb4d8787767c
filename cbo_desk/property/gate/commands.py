"""Writing gate passes, and what guards do: letting things out and in, one by one. Each is one transaction."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, local, now, today
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.property.gate import rules
from cbo_desk.property.gate.rules import LineState, PassForm
from cbo_desk.property.offers import ISSUE_PASS
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND, assets_of, tell
from cbo_desk.tags import give_tags
from db.gate import GateEvent, GateLine, GatePass
from db.people import Person
from db.property import Asset
from db.tags import Tag

PASS = "property.gate_pass"
LINE = "property.gate_line"


@deed(ISSUE_PASS.name, ISSUE_PASS.phrase)
def issue_pass(session: Session, form: PassForm) -> Changes:
    """Write a pass for assets and personal property; it and each personal line get a tag to be scanned at the gate."""
    rules.check_pass(form, today(session))
    bearer = _bearer(session, form)
    assets = assets_of(session, form.asset_ids) if form.asset_ids else []
    for asset in assets:
        _check_may_leave(session, asset, form)
    made = GatePass(
        reference=next_reference(session, "GP"),
        person_id=form.person_id,
        bearer=bearer,
        purpose=form.purpose.strip(),
        destination=form.destination.strip(),
        valid_until=form.valid_until,
        return_on=form.return_on,
        issued_at=now(session),
        issued_by=actor(session).login,
    )
    session.add(made)
    session.flush()
    codes = _codes(session, assets)
    lines = [
        GateLine(
            pass_id=made.id,
            position=number,
            asset_id=asset.id,
            inventory_no=asset.inventory_no,
            description=asset.description,
            serial=asset.serial,
            code=codes.get(asset.id, ""),
        )
        for number, asset in enumerate(assets, 1)
    ]
    for number, one in enumerate(form.personal, len(assets) + 1):
        lines.append(
            GateLine(
                pass_id=made.id,
                position=number,
                description=one.description.strip(),
                serial=one.serial.strip(),
                count=one.count,
            )
        )
    session.add_all(lines)
    session.flush()
    give_tags(session, PASS, [made.id])
    give_tags(session, LINE, [line.id for line in lines if line.asset_id is None])
    detail = f"{bearer} · {made.destination or made.purpose or 'gate pass'}"
    search.enter(session, [search.Findable(PASS, made.id, made.reference, detail)])
    tell(session, assets, "gate_pass", f"On the gate pass {made.reference} for {bearer}.")
    count = rules.whole_count([line.count for line in lines])
    said = f"{made.reference} for {bearer}: {count} {'thing' if count == 'one (1)' else 'things'}."
    undo = Deed(cancel_pass, (made.id, "Undone."))
    return Changes(PASS, (made.id,), said, undo, {KIND: tuple(asset.id for asset in assets)} if assets else {})


@deed("property.cancel_pass", "cancel gate passes")
def cancel_pass(session: Session, pass_id: int, why: str) -> Changes:
    """Cancel a pass on which nothing is out; nothing leaves on it any more."""
    found = _pass(session, pass_id)
    if found.cancelled_at is not None:
        raise Refusal(f"{found.reference} was cancelled already.")
    if not why.strip():
        raise Refusal("Say why the pass is cancelled.", "why")
    out = [line for line in _lines(session, pass_id) if line.state == LineState.OUT]
    if out:
        raise Refusal(f"{len(out)} of the things on {found.reference} are still out. They come in first.")
    found.cancelled_at, found.cancelled_why = now(session), why.strip()
    return Changes(PASS, (pass_id,), f"{found.reference} cancelled: {found.cancelled_why}")


@deed("property.extend_pass", "write gate passes")
def extend_pass(session: Session, pass_id: int, return_on: date) -> Changes:
    """Let things come back later than the pass said."""
    found = _pass(session, pass_id)
    if found.cancelled_at is not None:
        raise Refusal(f"{found.reference} was cancelled.")
    if return_on < today(session):
        raise Refusal(f"{return_on:%-d %b %Y} is over. Choose a day that is still to come.", "return_on")
    if return_on < found.valid_until:
        last = f"{found.valid_until:%-d %b %Y}"
        raise Refusal(f"Things may leave on {found.reference} until {last}: they come back then or later.", "return_on")
    before, found.return_on = found.return_on, return_on
    undo = None if before is None or before < today(session) else Deed(extend_pass, (pass_id, before))
    return Changes(PASS, (pass_id,), f"{found.reference}: due back on {return_on:%-d %B %Y}.", undo)


@deed("property.let_out", "let things out at the gate")
def let_out(session: Session, pass_id: int, kind: str, ident: int) -> Changes:
    """Let one thing on a pass out; `kind` and `ident` are what was scanned: an asset or a line of the pass."""
    found = _pass(session, pass_id)
    rules.check_leaving(found.reference, found.valid_until, found.cancelled_at is not None, today(session))
    line = _line(session, found, kind, ident)
    name = _name(line)
    if line.state == LineState.OUT:
        raise Refusal(f"{name} is already out on {found.reference}, since {_since(session, line)}.")
    if line.state == LineState.IN:
        raise Refusal(f"{name} has been out on {found.reference} and is back. It needs a new pass to leave again.")
    if line.asset_id is not None:
        other = _out_elsewhere(session, line.asset_id, pass_id)
        if other:
            raise Refusal(f"{name} is out on {other}. Let it in on that pass first.")
    return _cross(session, found, line, LineState.OUT)


@deed("property.let_in", "let things in at the gate")
def let_in(session: Session, pass_id: int, kind: str, ident: int) -> Changes:
    """Let one thing on a pass in again, late or not, on a pass that holds or not."""
    found = _pass(session, pass_id)
    line = _line(session, found, kind, ident)
    if line.state == LineState.LISTED:
        raise Refusal(f"{_name(line)} never went out on {found.reference}.")
    if line.state == LineState.IN:
        raise Refusal(f"{_name(line)} is already back in, since {_since(session, line)}.")
    return _cross(session, found, line, LineState.IN)


@deed("property.take_back_crossing", "let things out at the gate")
def take_back_crossing(session: Session, pass_id: int, line_id: int, event_id: int) -> Changes:
    """Undo a scan at the gate as long as nothing else happened to the thing there."""
    found = _pass(session, pass_id)
    line = _line(session, found, LINE, line_id)
    last = _last_event(session, line)
    if last is None or last.id != event_id:
        raise Refusal(f"{_name(line)} was scanned again since, so this can no longer be undone.")
    back = LineState.LISTED if last.what == "out" else LineState.OUT
    if back is LineState.OUT and line.asset_id is not None and _out_elsewhere(session, line.asset_id, pass_id):
        raise Refusal(f"{_name(line)} is out on another pass by now.")
    line.state = back
    _note(session, line, f"{last.what}_taken_back")
    if line.asset_id is not None:
        asset = assets_of(session, [line.asset_id])
        tell(session, asset, "gate", f"The scan at the gate was taken back ({found.reference}).")
    return _changes(found, line, f"{_name(line)}: the scan was taken back.")


def _cross(session: Session, found: GatePass, line: GateLine, state: LineState) -> Changes:
    line.state = state
    session.flush()
    event = _note(session, line, state)
    if line.asset_id is not None:
        due = f", due back on {found.return_on:%-d %B %Y}" if found.return_on and state is LineState.OUT else ""
        words = "Left the compound" if state is LineState.OUT else "Came back into the compound"
        tell(session, assets_of(session, [line.asset_id]), "gate", f"{words} on {found.reference}{due}.")
    lines = _lines(session, found.id)
    done = sum(1 for one in lines if one.state == state)
    went = len(lines) if state is LineState.OUT else sum(1 for one in lines if one.state != LineState.LISTED)
    said = f"{_name(line)} {'out' if state is LineState.OUT else 'in'}: {done} of {went} on {found.reference}."
    changes = _changes(found, line, said)
    undo = Deed(take_back_crossing, (found.id, line.id, event.id))
    return Changes(changes.kind, changes.ids, said, undo, changes.also)


def _changes(found: GatePass, line: GateLine, said: str) -> Changes:
    return Changes(PASS, (found.id,), said, also={KIND: (line.asset_id,)} if line.asset_id is not None else {})


def _note(session: Session, line: GateLine, what: str) -> GateEvent:
    acting = actor(session)
    event = GateEvent(line_id=line.id, what=what, at=now(session), by=acting.login, workstation=acting.workstation)
    session.add(event)
    session.flush()
    return event


def _bearer(session: Session, form: PassForm) -> str:
    if form.person_id is None:
        return form.bearer.strip()
    person = session.get(Person, form.person_id)
    if person is None:
        raise Refusal("Choose who carries the things out.", "person_id")
    if person.until is not None and person.until < today(session):
        raise Refusal(f"{person.sort_name} left on {person.until:%-d %b %Y}. Choose somebody who is here.", "person_id")
    return person.sort_name


def _check_may_leave(session: Session, asset: Asset, form: PassForm) -> None:
    state = State(asset.state)
    if state is State.TAKEN_BACK or (state is State.DISPOSED and form.return_on is not None):
        ended = "disposed of" if state is State.DISPOSED else "taken back"
        raise Refusal(f"{asset.inventory_no} has been {ended}.", "asset_ids")
    if state is State.MISSING:
        raise Refusal(f"{asset.inventory_no} is missing. Say that it was found first.", "asset_ids")
    other = _out_elsewhere(session, asset.id, 0)
    if other:
        raise Refusal(f"{asset.inventory_no} is out on {other}. It comes in first.", "asset_ids")


def _out_elsewhere(session: Session, asset_id: int, pass_id: int) -> str:
    wanted = (
        select(GatePass.reference)
        .join(GateLine)
        .where(GateLine.asset_id == asset_id, GateLine.state == LineState.OUT, GatePass.id != pass_id)
    )
    return session.scalar(wanted) or ""


def _codes(session: Session, assets: list[Asset]) -> dict[int, str]:
    ids = [asset.id for asset in assets]
    wanted = select(Tag.subject_id, Tag.code).where(
        Tag.subject_kind == KIND, Tag.subject_id.in_(ids), Tag.ours, Tag.retired_at.is_(None)
    )
    return {row.subject_id: row.code for row in session.execute(wanted)}


def _pass(session: Session, pass_id: int) -> GatePass:
    found = session.scalars(select(GatePass).where(GatePass.id == pass_id).with_for_update()).one_or_none()
    if found is None:
        raise Refusal("This gate pass is not there.")
    return found


def _lines(session: Session, pass_id: int) -> list[GateLine]:
    return list(session.scalars(select(GateLine).where(GateLine.pass_id == pass_id).order_by(GateLine.position)))


def _line(session: Session, found: GatePass, kind: str, ident: int) -> GateLine:
    for line in _lines(session, found.id):
        if (kind == LINE and line.id == ident) or (kind == KIND and line.asset_id == ident):
            return line
    name = session.scalar(select(Asset.inventory_no).where(Asset.id == ident)) if kind == KIND else "This"
    raise Refusal(f"{name} is not on {found.reference}. It stays here: another pass, or another thing.")


def _last_event(session: Session, line: GateLine) -> GateEvent | None:
    return session.scalar(select(GateEvent).where(GateEvent.line_id == line.id).order_by(GateEvent.id.desc()).limit(1))


def _since(session: Session, line: GateLine) -> str:
    event = _last_event(session, line)
    return f"{local(event.at):%-d %b %Y, %H:%M}" if event is not None else "before"


def _name(line: GateLine) -> str:
    return line.inventory_no or line.description
