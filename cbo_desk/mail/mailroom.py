"""The mailroom as it is known without the server: what is in our hands, open rounds, shelves and badges.

It is read while the server is there, lies in memory only, and follows each deed that is kept meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.mail import limits, rules
from cbo_desk.mail.card import Proof
from cbo_desk.mail.kept import BRING_BACK, DELIVER, FAIL, HOLD, LOAD, RECEIVE, REFUSE, SHELVE
from cbo_desk.mail.queries import IN_HAND, MailRow, rows_of, shelf_code
from cbo_desk.mail.receiving import SameNumber
from cbo_desk.mail.recognising import recognise
from cbo_desk.mail.round_queries import RoundCard, RoundItem, RoundRow, Stop, open_rounds, round_card
from cbo_desk.mail.rules import State, What
from cbo_desk.mail.standing import KIND, TOO_LARGE
from cbo_desk.office import Office
from cbo_desk.permissions import reads
from cbo_desk.plurals import Count
from cbo_desk.tags import Answer, Opened, resolve
from cbo_desk.tags.scan import parse
from cbo_desk.tray import Body, Kept, enlist_picture
from cbo_desk.tray.kinds import Unseen
from db.mail import MailItem
from db.people import Person
from db.places import Place
from db.tags import Tag

MOST_ITEMS, MOST_ROUNDS = 20_000, 60
_WHAT = {
    SHELVE.name: What.SHELVE, HOLD.name: What.HOLD, LOAD.name: What.LOAD, DELIVER.name: What.DELIVER,
    BRING_BACK.name: What.BRING_BACK, FAIL.name: What.FAIL, REFUSE.name: What.REFUSE,
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """One item with what a round needs of it."""

    row: MailRow
    place_id: int | None
    round_id: int | None
    person_id: int | None


@dataclass
class Mailroom:
    """What was read of the mailroom. `tags` maps a code to what it opens; `shelves` a place to its code and kind."""

    items: dict[int, Known] = field(default_factory=dict)
    tags: dict[str, Opened] = field(default_factory=dict)
    shelves: dict[int, tuple[str, str]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    rounds: dict[int, RoundCard] = field(default_factory=dict)
    open_rounds: list[RoundRow] = field(default_factory=list)
    reasons: limits.Reasons | None = None


@reads("mail", "look at mail")
def mailroom(session: Session) -> Mailroom:
    """Read what the mailroom must know to go on without the server."""
    room = Mailroom(reasons=limits.reasons(session), open_rounds=open_rounds(session)[:MOST_ROUNDS])
    wanted = (
        select(MailItem.id, MailItem.place_id, MailItem.round_id, MailItem.person_id)
        .where(MailItem.state.in_(IN_HAND))
        .order_by(MailItem.id.desc())
        .limit(MOST_ITEMS)
    )
    more = {row.id: row for row in session.execute(wanted)}
    for row in rows_of(session, more):
        own = more[row.id]
        room.items[row.id] = Known(row, own.place_id, own.round_id, own.person_id)
    room.rounds = {one.id: round_card(session, one.id) for one in room.open_rounds}
    for place in session.execute(select(Place.id, Place.code, Place.name, Place.place_kind)):
        room.shelves[place.id] = (place.code, place.place_kind)
        room.names[place.id] = place.name or place.code
    _read_tags(session, room)
    return room


def _read_tags(session: Session, room: Mailroom) -> None:
    people = {row.id: row.sort_name for row in session.execute(select(Person.id, Person.sort_name))}
    kinds = (KIND, "places.place", "people.person")
    wanted = select(Tag.code, Tag.subject_kind, Tag.subject_id).where(
        Tag.subject_kind.in_(kinds), Tag.retired_at.is_(None)
    )
    for code, kind, ident in session.execute(wanted):
        if kind == KIND and ident in room.items:
            row = room.items[ident].row
            room.tags[code] = Opened(kind, ident, row.number, row.addressee or row.number)
        elif kind == "places.place" and ident in room.shelves:
            room.tags[code] = Opened(kind, ident, room.shelves[ident][0], room.names[ident])
        elif kind == "people.person" and ident in people:
            room.tags[code] = Opened(kind, ident, people[ident], people[ident])


class MailroomPicture:
    """The mailroom in the tray: answers what the pages of a round ask, and follows what is kept."""

    kinds = frozenset((RECEIVE.name, *_WHAT))

    def __init__(self) -> None:
        self.room = Mailroom()
        self._of_deed: dict[str, int] = {}

    def read(self, office: Office) -> None:
        """Read it anew; nothing where the person may not."""
        if office.may(mailroom):
            self.room = office.look_up(mailroom)

    @property
    def answers(self) -> Mapping[Any, Callable[..., Any]]:
        """What it answers in place of a query."""
        return {
            resolve: self._resolve,
            rows_of: self._rows,
            shelf_code: self._shelf,
            round_card: self._round,
            open_rounds: self._open_rounds,
            limits.reasons: self._reasons,
        }

    def check(self, kind: str, body: Body) -> None:
        """Refuse what is certainly impossible."""
        if kind == RECEIVE.name:
            self._check_receipt(body)
            return
        for known in self._known(body):
            if known is not None:
                self._after(known, kind, body)
                if kind == LOAD.name and known.place_id is None:
                    raise Refusal(
                        f"{known.row.number} has no place to be brought to. "
                        "Say whom it is for once the server is back.",
                        "place_id",
                    )

    def names(self, body: Body) -> list[str]:
        """The items by their numbers."""
        known = self._known(body) if "items" in body else []
        return [one.row.number if one is not None else "" for one in known]

    def apply(self, kept: Kept) -> Changes:
        """Let a kept deed change the picture."""
        if kept.kind == RECEIVE.name:
            return self._receive(kept)
        known = [one for one in self._known(kept.body) if one is not None]
        for one in known:
            self._move(one, kept)
        ids = tuple(one.row.id for one in known)
        rounds = {one.round_id for one in known if one.round_id} | {kept.body.get("round")} - {None}
        words = known[0].row.number if len(known) == 1 else f"{Count(len(kept.body['items'])):item|items}"
        ends = {SHELVE.name: "put on {shelf}", LOAD.name: "on the round", DELIVER.name: "handed to {name}"}
        shelf = self.room.shelves.get(kept.body.get("shelf") or 0, ("the shelf", ""))[0]
        name = kept.body.get("taken", {}).get("name", "")
        said = ends.get(kept.kind, rules.MOVES[_WHAT[kept.kind]].done).format(shelf=shelf, name=name)
        return Changes(KIND, ids, f"{words} {said}.", also={"mail.round": tuple(sorted(rounds))})

    def copy(self) -> MailroomPicture:
        """The same mailroom, for other deeds to change: its items and rounds are values."""
        other = MailroomPicture()
        other.room = replace(self.room, items=dict(self.room.items), rounds=dict(self.room.rounds))
        return other

    def lasting(self) -> Any:
        """Shelves with their tags, and the reasons of a messenger: what items and people there are is not among it."""
        room = self.room
        return {
            "shelves": [[ident, code, kind, room.names[ident]] for ident, (code, kind) in room.shelves.items()],
            "tags": [[code, one.record_id] for code, one in room.tags.items() if one.kind == "places.place"],
            "reasons": [list(room.reasons.failed), list(room.reasons.refused)] if room.reasons else None,
        }

    def recall(self, told: Any) -> None:
        """Know the shelves again."""
        room = self.room
        for ident, code, kind, name in told["shelves"]:
            room.shelves[ident], room.names[ident] = (code, kind), name
        for code, ident in told["tags"]:
            room.tags[code] = Opened("places.place", ident, room.shelves[ident][0], room.names[ident])
        if told["reasons"]:
            room.reasons = limits.Reasons(*(tuple(part) for part in told["reasons"]))

    # --- answers

    def _resolve(self, text: str) -> Answer:
        parsed = parse(text)
        codes = [reading.code for reading in parsed.readings if reading.code]
        opened = next((self.room.tags[code] for code in codes if code in self.room.tags), None)
        if opened is None:
            found = [one.row for one in self.room.items.values() if {one.row.carrier_number, one.row.number} & {*codes}]
            if len(found) == 1:
                opened = Opened(KIND, found[0].id, found[0].number, found[0].addressee or found[0].number)
        why = "" if opened else "The office server is away, and nothing here has this code."
        return Answer(text, opened, (), why, codes[0] if codes else "")

    def _rows(self, ids: Iterable[int]) -> list[MailRow]:
        wanted = list(ids)
        if any(ident not in self.room.items for ident in wanted):
            raise Unseen
        return [self.room.items[ident].row for ident in wanted]

    def _shelf(self, place_id: int) -> tuple[int, str]:
        if place_id not in self.room.shelves:
            raise Unseen
        code, kind = self.room.shelves[place_id]
        if kind in TOO_LARGE:
            raise Refusal(f"{code} is a {kind}: mail lies on a shelf or in a room of it.", "shelf_id")
        return place_id, code

    def _round(self, round_id: int) -> RoundCard:
        if round_id not in self.room.rounds:
            raise Unseen
        return self.room.rounds[round_id]

    def _open_rounds(self) -> list[RoundRow]:
        return self.room.open_rounds

    def _reasons(self) -> limits.Reasons:
        if self.room.reasons is None:
            raise Unseen
        return self.room.reasons

    # --- deeds

    def _known(self, body: Body) -> list[Known | None]:
        ids = [self._of_deed.get(ref["kept"], 0) if isinstance(ref, dict) else int(ref) for ref in body["items"]]
        return [self.room.items.get(ident) for ident in ids]

    def _after(self, known: Known, kind: str, body: Body) -> State:
        taken = body.get("taken", {})
        return rules.after(
            known.row.number, known.row.state, _WHAT[kind], accountable=known.row.accountable,
            proven=bool(taken.get("strokes")) or bool(taken.get("badge")), reason=body.get("reason", ""),
        )  # fmt: skip

    def _check_receipt(self, body: Body) -> None:
        read = recognise(body["text"]) if body["text"].strip() else None
        if read is not None and read.fault:
            raise Refusal(read.fault, "code")
        number = read.number if read else ""
        for one in self.room.items.values():
            if number and one.row.carrier_number == number and not body["again"]:
                raise SameNumber(
                    f"{number} was received as {one.row.number}. Go on with that item, or receive it again if it came "
                    "back to us.",
                    one.row.id,
                )

    def _receive(self, kept: Kept) -> Changes:
        body, ident = kept.body, -kept.n
        read = recognise(body["text"]) if body["text"].strip() else None
        details = body["details"]
        accountable = bool(details["accountable"]) or bool(read and read.accountable)
        kind = details["item_class"] or (read.item_class if read else rules.class_of(details["service"], accountable))
        carrier = details["carrier"] or (read.carrier if read else "")
        number = f"Kept {kept.n}"
        row = MailRow(
            ident, number, "", "", "", kept.happened_at, State.RECEIVED, carrier, read.number if read else "", kind,
            accountable or kind in ("registered", "insured"), "addressee", details["damage"], "",
        )  # fmt: skip
        self.room.items[ident] = Known(row, details["place_id"], None, None)
        self._of_deed[kept.id] = ident
        return Changes(KIND, (ident,), f"{number} received. It gets its number from the server.")

    def _move(self, known: Known, kept: Kept) -> None:
        try:
            state = self._after(known, kept.kind, kept.body)
        except Refusal:
            return  # the server decides; the picture stays as it was
        what, row = _WHAT[kept.kind], known.row
        shelf = row.shelf
        if kept.body.get("shelf"):
            shelf = self.room.shelves.get(kept.body["shelf"], (row.shelf, ""))[0]
        elif rules.MOVES[what].clears_shelf:
            shelf = ""
        round_id = kept.body["round"] if what is What.LOAD else known.round_id
        if what not in (What.LOAD, What.FAIL, What.REFUSE):
            round_id = None
        moved = replace(known, row=replace(row, state=state, shelf=shelf), round_id=round_id)
        self.room.items[row.id] = moved
        for ident in {known.round_id, round_id} - {None}:
            if ident in self.room.rounds:
                self.room.rounds[ident] = self._with(self.room.rounds[ident], moved, kept)

    def _with(self, card: RoundCard, known: Known, kept: Kept) -> RoundCard:
        """A round with one of its items as it stands now; a new item comes to its stop."""
        row, taken = known.row, kept.body.get("taken", {})
        proof = None
        if taken:
            how = "signature" if taken["strokes"] else "badge" if taken["badge"] else "name"
            strokes = tuple(tuple((x, y, ms) for x, y, ms in stroke) for stroke in taken["strokes"])
            proof = Proof(0, kept.happened_at, how, taken["name"], strokes)
        line = RoundItem(
            row.id, row.number, row.addressee, row.carrier, row.entity, known.person_id, row.accountable, row.state,
            known.round_id == card.id, kept.body.get("reason", "") or taken.get("name", ""), kept.happened_at, proof,
        )  # fmt: skip
        stops, placed = [], False
        for stop in card.stops:
            others = tuple(one for one in stop.items if one.id != row.id)
            here = len(others) < len(stop.items) or stop.place_id == known.place_id
            placed = placed or here
            items = (*others, line) if here else stop.items
            stops.append(replace(stop, items=tuple(sorted(items, key=lambda one: (not one.aboard, one.id)))))
        if not placed and known.place_id is not None:
            code = self.room.shelves.get(known.place_id, ("", ""))[0]
            name = self.room.names.get(known.place_id, code)
            stops.append(Stop(len(stops) + 1, known.place_id, code, name, (line,)))
        return replace(card, stops=tuple(stops))


enlist_picture(MailroomPicture)
