"""Handing assets over: one transaction writes the handover with its items by value and moves the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from cbo_desk import notifications, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.numbers import next_reference
from cbo_desk.permissions import deed
from cbo_desk.property.custody import rules
from cbo_desk.property.custody.rules import KIND_WORDS, Kind, Order, Standing, Stroke, Taker
from cbo_desk.property.custody.standing import codes_of, due_days, place_of, standing, taker_of
from cbo_desk.property.custody.telling import tell_borrower
from cbo_desk.property.offers import HAND_OVER
from cbo_desk.property.rules import State
from cbo_desk.property.touching import KIND, assets_of, set_state, tell, these
from db.custody import Handover, HandoverItem
from db.people import Person
from db.places import Place
from db.property import Asset

HANDOVER = "property.handover"
SERIES = "HO"


@dataclass(frozen=True)
class HandoverMade(Changes):
    """A written handover; `refused` names the assets that were left out, each with the sentence why."""

    handover_id: int = 0
    reference: str = ""
    refused: Mapping[int, str] = field(default_factory=dict)


class ItemsRefused(Refusal):
    """Some assets of an order may not change hands: `items` holds the sentence of each, by its id."""

    def __init__(self, items: dict[int, str]) -> None:
        first = next(iter(items.values()))
        more = len(items) - 1
        others = f" And {more} more {'asset was' if more == 1 else 'assets were'} refused." if more else ""
        super().__init__(f"{first}{others}")
        self.items = items


@deed(HAND_OVER.name, HAND_OVER.phrase)
def hand_over_assets(session: Session, ids: Sequence[int], order: Order, only_good: bool = False) -> HandoverMade:
    """Issue, take back, hand over or lend assets, or extend a loan.

    All of them, or none and `ItemsRefused` says why of each; with `only_good` those that may go, the rest is named.
    """
    taker = taker_of(session, order)
    rules.check_order(order, taker, today(session))
    if len(set(ids)) > rules.MOST_ITEMS:
        raise Refusal(f"A handover holds at most {rules.MOST_ITEMS} assets. Make several.")
    place = place_of(session, order)
    assets = assets_of(session, ids)
    due = due_days(session, assets)
    stands = {asset.id: standing(asset, due.get(asset.id)) for asset in assets}
    refused = _refused(order, stands)
    if refused and (not only_good or len(refused) == len(stands)):
        raise ItemsRefused(refused)
    good = [asset for asset in assets if asset.id not in refused]
    name = taker.name if taker else ""
    after = {asset.id: rules.after(order, stands[asset.id], name, place) for asset in good}
    handover = _new(session, order, taker, place, good)
    return _written(session, handover, good, stands, after, refused)


def _refused(order: Order, stands: Mapping[int, Standing]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ident, stand in stands.items():
        try:
            rules.check_item(order, stand)
        except Refusal as refusal:
            found[ident] = str(refusal)
    return found


def _new(session: Session, order: Order, taker: Taker | None, place: str, assets: Sequence[Asset]) -> Handover:
    giver_id, giver_name = _giver(assets) if order.kind is not Kind.EXTEND else (None, "")
    return Handover(
        kind=order.kind, giver_id=giver_id, giver_name=giver_name, taker_id=order.taker_id,
        taker_name=taker.name if taker else "", place_id=order.place_id, place_code=place, due_on=order.due_on,
        note=order.note.strip(),
    )  # fmt: skip


def _giver(assets: Sequence[Asset]) -> tuple[int | None, str]:
    """Who gives, if it is one person; the lines name each of several."""
    givers = {(asset.custodian_id, asset.custodian_name) for asset in assets}
    return givers.pop() if len(givers) == 1 else (None, "")


def _written(
    session: Session,
    handover: Handover,
    assets: Sequence[Asset],
    before: Mapping[int, Standing],
    after: Mapping[int, Standing],
    refused: Mapping[int, str],
    since: Mapping[int, date | None] | None = None,
) -> HandoverMade:
    """Write the handover and its lines, and let the register follow."""
    who = actor(session)
    handover.reference = next_reference(session, SERIES)
    handover.at, handover.by, handover.workstation = now(session), who.login, who.workstation
    handover.items, handover.signature = len(assets), []
    session.add(handover)
    session.flush()
    codes = codes_of(session, [asset.id for asset in assets])
    lines = []
    for asset in assets:
        line = _line(handover.id, asset, codes.get(asset.id, ""), before[asset.id])
        _follow(session, asset, after[asset.id], None if since is None else since[asset.id])
        lines.append({**line, **_side("to", after[asset.id]), "to_since": asset.state_since})
    session.execute(insert(HandoverItem), lines)
    session.flush()
    tell(session, assets, handover.kind, f"{_words(handover)} ({handover.reference}).")
    _enter(session, handover, assets)
    said = f"{these(assets)}: {_words(handover)[0].lower()}{_words(handover)[1:]}. {handover.reference}."
    told, messages = tell_borrower(session, handover, lines)
    undo = Deed(reverse_handover, (handover.id,))
    also = {HANDOVER: (handover.id,), **({notifications.KIND: messages} if messages else {})}
    return HandoverMade(
        KIND, tuple(asset.id for asset in assets), f"{said}{told}", undo, also, False, handover.id, handover.reference,
        refused,
    )  # fmt: skip


def _line(handover: int, asset: Asset, code: str, before: Standing) -> dict[str, Any]:
    return {
        "handover_id": handover, "asset_id": asset.id, "inventory_no": asset.inventory_no,
        "description": asset.description, "serial": asset.serial, "entity_code": asset.entity_code,
        "condition": asset.condition, "tag_code": code, "from_since": asset.state_since, **_side("from", before),
    }  # fmt: skip


def _side(side: str, stand: Standing) -> dict[str, Any]:
    return {
        f"{side}_state": str(stand.state), f"{side}_person_id": stand.person_id, f"{side}_name": stand.person,
        f"{side}_place_id": stand.place_id, f"{side}_place": stand.place, f"{side}_due_on": stand.due_on,
    }  # fmt: skip


def _follow(session: Session, asset: Asset, stand: Standing, since: date | None) -> None:
    """Let the register say of an asset what the handover made of it."""
    set_state(session, asset, stand.state)
    if since is not None:
        asset.state_since = since
    asset.custodian_id, asset.custodian_name = stand.person_id, stand.person
    asset.place_id, asset.place_code = stand.place_id, stand.place
    asset.changed_at = now(session)


_DID: Mapping[Kind, Callable[[Handover], str]] = {
    Kind.ISSUE: lambda h: f"Issued to {h.taker_name or h.place_code}",
    Kind.RETURN: lambda h: f"Returned to {h.place_code}",
    Kind.HAND_OVER: lambda h: f"Handed over to {h.taker_name}",
    Kind.LEND: lambda h: f"Lent to {h.taker_name} until {h.due_on:%-d %b %Y}",
    Kind.EXTEND: lambda h: f"Loan to {h.taker_name} extended to {h.due_on:%-d %b %Y}",
    Kind.REVERSAL: lambda _h: "Put back: the handover was reversed",
}


def _words(handover: Handover) -> str:
    return _DID[Kind(handover.kind)](handover)


def _enter(session: Session, handover: Handover, assets: Sequence[Asset]) -> None:
    """Let the handover be found by its reference, its people and, where they are few, its assets' numbers."""
    detail = f"{KIND_WORDS[Kind(handover.kind)]} · {len(assets):,} {'asset' if len(assets) == 1 else 'assets'}"
    named = handover.taker_name or handover.place_code
    words = (handover.giver_name, *(asset.inventory_no for asset in assets[:100]))
    found = search.Findable(HANDOVER, handover.id, handover.reference, " · ".join(filter(None, (detail, named))), words)
    search.enter(session, [found])


@deed("property.reverse_handover", "hand over assets")
def reverse_handover(session: Session, handover_id: int) -> HandoverMade:
    """Take a whole handover back by writing another that names it, if its assets still stand as it left them."""
    first = _held(session, handover_id)
    again = session.scalar(select(Handover.reference).where(Handover.reverses_id == handover_id))
    if again is not None:
        raise Refusal(f"{first.reference} has been reversed already, by {again}.")
    lines = session.scalars(
        select(HandoverItem).where(HandoverItem.handover_id == handover_id).order_by(HandoverItem.id)
    ).all()
    assets = assets_of(session, [line.asset_id for line in lines])
    due = due_days(session, assets)
    before, after, since = {}, {}, {}
    for line, asset in zip(lines, assets, strict=True):
        stands = standing(asset, due.get(asset.id))
        if not _stands_as_left(line, stands):
            raise Refusal(f"{asset.inventory_no} has been changed since, so {first.reference} can no longer be undone.")
        before[asset.id], after[asset.id] = stands, _as_it_was(session, line, asset.inventory_no)
        since[asset.id] = line.from_since
    people = {(stand.person_id, stand.person) for stand in after.values()}
    giver, taker = _giver(assets), people.pop() if len(people) == 1 else (None, "")
    back = Handover(kind=Kind.REVERSAL, giver_id=giver[0], giver_name=giver[1], taker_id=taker[0], taker_name=taker[1],
                    place_id=None, place_code="", due_on=None, note=f"Reverses {first.reference}.",
                    reverses_id=first.id)  # fmt: skip
    return _written(session, back, assets, before, after, {}, since)


def _stands_as_left(line: HandoverItem, stand: Standing) -> bool:
    left = (line.to_state, line.to_person_id, line.to_place_id, line.to_due_on)
    return left == (stand.state, stand.person_id, stand.place_id, stand.due_on)


def _as_it_was(session: Session, line: HandoverItem, number: str) -> Standing:
    """How an asset stood before; names of people and places as they are now."""
    person = session.get(Person, line.from_person_id) if line.from_person_id else None
    place = session.get(Place, line.from_place_id) if line.from_place_id else None
    if (line.from_person_id and person is None) or (line.from_place_id and place is None):
        raise Refusal(f"{line.from_name or line.from_place} is no longer there, so this can no longer be undone.")
    return Standing(
        number, State(line.from_state), line.from_person_id, person.sort_name if person else "",
        line.from_place_id, place.code if place else "", line.from_due_on,
    )  # fmt: skip


@deed("property.sign_handover", "hand over assets")
def sign_handover(
    session: Session, handover_id: int, signed_by: str, strokes: Sequence[Stroke] = (), on_paper: bool = False
) -> Changes:
    """Add the signature of whoever takes (or gives back), once and for all."""
    handover = _held(session, handover_id)
    if handover.signed_at is not None:
        raise Refusal(f"{handover.reference} was signed by {handover.signed_by} already.")
    rules.check_signature(strokes, signed_by, on_paper)
    handover.signed_at, handover.signed_by, handover.on_paper = now(session), signed_by.strip(), on_paper
    handover.signature = [[list(point) for point in stroke] for stroke in strokes]
    session.flush()
    where = "on paper" if on_paper else "on the screen"
    return Changes(HANDOVER, (handover_id,), f"{handover.reference} signed {where} by {handover.signed_by}.")


def _held(session: Session, handover_id: int) -> Handover:
    handover = session.get(Handover, handover_id, with_for_update=True)
    if handover is None:
        raise Refusal("This handover is not there.")
    return handover
