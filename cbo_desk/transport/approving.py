"""Approval: each entity's chain of who must agree, decisions as facts, and the requester told of the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.transport.kinds import REQUEST
from cbo_desk.transport.requests import named, these_requests, when
from cbo_desk.transport.rules import WORDS, State
from cbo_desk.transport.telling import tell
from db.people import Entity
from db.transport import ApprovalStep, RequestDecision, TripRequest
from db.travel import Zone

STEP = "transport.approval_step"
DESK = "Transport desk"


@dataclass(frozen=True)
class Step:
    """One step of a chain: whose word it needs; without a login any supervisor of the transport desk may speak."""

    title: str
    login: str = ""


@dataclass(frozen=True)
class Decision:
    """What somebody decided at a step."""

    seq: int
    title: str
    what: str
    note: str
    at: datetime
    by: str


@deed("transport.set_chain", "set approval chains", Role.SUPERVISOR)
def set_chain(session: Session, entity_id: int, steps: Sequence[Step]) -> Changes:
    """Set whose word an entity's requests need, in order; none lets any supervisor of the transport desk approve."""
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise Refusal("This entity is no longer there.", "entity_id")
    if any(not step.title.strip() for step in steps):
        raise Refusal("Say whose word each step needs.", "steps")
    before = chain_of(session, entity_id)
    session.execute(delete(ApprovalStep).where(ApprovalStep.entity_id == entity_id))
    rows = [
        ApprovalStep(entity_id=entity_id, seq=seq, title=" ".join(step.title.split()), login=step.login.strip())
        for seq, step in enumerate(steps, 1)
    ]
    session.add_all(rows)
    session.flush()
    told = " → ".join(step.title for step in steps) or DESK
    undo = Deed(set_chain, (entity_id, tuple(before)))
    return Changes(STEP, tuple(row.id for row in rows), f"{entity.code}: {told}.", undo)


@reads("transport", "look at approval chains")
def chain_of(session: Session, entity_id: int) -> list[Step]:
    """The chain of an entity; empty where the transport desk alone decides."""
    wanted = select(ApprovalStep).where(ApprovalStep.entity_id == entity_id).order_by(ApprovalStep.seq)
    return [Step(row.title, row.login) for row in session.scalars(wanted)]


@deed("transport.approve_requests", "approve requests", Role.VIEWER)
def approve_requests(session: Session, ids: Sequence[int], note: str = "") -> Changes:
    """Agree to requests at the step that is due; after the last one they wait for a vehicle, and their people know."""
    rows = these_requests(session, ids)
    done = []
    for row in rows:
        if row.state != State.REQUESTED:
            raise Refusal(f"{row.reference} is {WORDS[State(row.state)]}: there is nothing to approve.")
        _check_clearance(session, row)
        seq, steps = due_step(session, row)
        _check_right(session, row, steps[seq - 1])
        _decide(session, row, seq, steps[seq - 1].title, "approved", note)
        if seq == len(steps):
            row.state = State.APPROVED
            done.append(row)
            _tell(session, row, "approved", "A vehicle will be assigned to it.")
    session.flush()
    ids = tuple(row.id for row in rows)
    left = len(rows) - len(done)
    said = f"{named(done)} approved." if done else f"{named(rows)}: agreed, the next step is due."
    said += f" {left} need a further step." if done and left else ""
    return Changes(REQUEST, ids, said, Deed(take_back_approval, (ids,)))


@deed("transport.decline_requests", "decline requests", Role.VIEWER)
def decline_requests(session: Session, ids: Sequence[int], why: str) -> Changes:
    """Decline requests, with the reason that their people are told."""
    if not why.strip():
        raise Refusal("Say why the request is declined: the requester is told.", "why")
    rows = these_requests(session, ids)
    for row in rows:
        if row.state not in (State.REQUESTED, State.APPROVED):
            raise Refusal(f"{row.reference} is {WORDS[State(row.state)]}: it can no longer be declined.")
        seq, steps = due_step(session, row)
        step = steps[min(seq, len(steps)) - 1]
        _check_right(session, row, step)
        _decide(session, row, min(seq, len(steps)), step.title, "declined", why)
        row.state = State.DECLINED
        _tell(session, row, "declined", f"The reason: {why.strip()}")
    session.flush()
    ids = tuple(row.id for row in rows)
    return Changes(REQUEST, ids, f"{named(rows)} declined.", Deed(take_back_approval, (ids,)))


@deed("transport.take_back_approval", "take decisions back", Role.VIEWER)
def take_back_approval(session: Session, ids: Sequence[int]) -> Changes:
    """Take the last decision on requests back: they wait for it again."""
    rows = these_requests(session, ids)
    for row in rows:
        if row.state not in (State.REQUESTED, State.APPROVED, State.DECLINED):
            raise Refusal(f"{row.reference} is {WORDS[State(row.state)]}: the decision can no longer be taken back.")
        standing = _standing(decisions(session, [row.id]).get(row.id, []))
        if not standing:
            raise Refusal(f"Nothing has been decided about {row.reference} yet.")
        last = standing[-1]
        _check_right(session, row, _step_at(session, row, last.seq))
        _decide(session, row, last.seq, last.title, "taken_back", "")
        row.state = State.REQUESTED
    session.flush()
    return Changes(REQUEST, tuple(ids), f"{named(rows)}: the decision is taken back.")


def due_step(session: Session, row: TripRequest) -> tuple[int, list[Step]]:
    """Which step of its chain a request waits for, from 1, and the whole chain."""
    steps = chain_of(session, row.entity_id) or [Step(DESK)]
    agreed = [each for each in _standing(decisions(session, [row.id]).get(row.id, [])) if each.what == "approved"]
    return min(len(agreed) + 1, len(steps)), steps


def decisions(session: Session, ids: Iterable[int]) -> dict[int, list[Decision]]:
    """What was decided about requests, in order, decisions taken back included."""
    wanted = select(RequestDecision).where(RequestDecision.request_id.in_(list(ids))).order_by(RequestDecision.id)
    found: dict[int, list[Decision]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.request_id, []).append(Decision(row.seq, row.title, row.what, row.note, row.at, row.by))
    return found


def _standing(made: Sequence[Decision]) -> list[Decision]:
    """The decisions that stand."""
    kept: list[Decision] = []
    for each in made:
        if each.what == "taken_back":
            if kept:
                kept.pop()
        else:
            kept.append(each)
    return kept


def _step_at(session: Session, row: TripRequest, seq: int) -> Step:
    steps = chain_of(session, row.entity_id) or [Step(DESK)]
    return steps[min(seq, len(steps)) - 1]


def _check_right(session: Session, row: TripRequest, step: Step) -> None:
    acting = actor(session)
    role = acting.roles.get("transport", 0)
    if step.login == acting.login or role >= Role.ADMINISTRATOR or (not step.login and role >= Role.SUPERVISOR):
        return
    whose = step.title if step.login else f"{step.title} (a supervisor of the transport desk)"
    raise Refusal(f"{row.reference} waits for the word of: {whose}.")


def _check_clearance(session: Session, row: TripRequest) -> None:
    upcountry = session.scalars(
        select(Zone.name).where(Zone.id.in_((row.from_zone_id, row.to_zone_id)), Zone.upcountry.is_(True))
    ).first()
    if upcountry and not row.clearance:
        raise Refusal(
            f"{row.reference} goes to {upcountry}: it needs a security clearance. Edit it and write its number.",
            "clearance",
        )


def _decide(session: Session, row: TripRequest, seq: int, title: str, what: str, note: str) -> None:
    session.add(
        RequestDecision(
            request_id=row.id, seq=seq, title=title, what=what, note=note.strip(), at=now(session),
            by=actor(session).login,
        )
    )  # fmt: skip
    session.flush()


def _tell(session: Session, row: TripRequest, word: str, more: str) -> None:
    news = f"Pick-up: {when(row.pickup_from)}\nThe request is {word}. {more}"
    tell(session, row, f"Your trip request {row.reference} is {word}", news)
