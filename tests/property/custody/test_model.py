"""Handovers in any order against plain dictionaries, and the register against what its written lines add up to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cbo_desk.errors import Refusal
from cbo_desk.property import State, change_state, move_assets
from cbo_desk.property.custody import Kind, Order, hand_over_assets, reverse_handover
from db.custody import HandoverItem
from db.property import Asset, AssetEvent
from tests.conftest import MORNING
from tests.writing import rows

NUMBERS = [f"A{n}" for n in range(1, 7)]
SOME = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=4, unique=True)
PERSON = st.sampled_from(["erik", "grace", "gone", None])
PLACE = st.sampled_from(["M-214", "S1", None])
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("hand over"),
            st.sampled_from([Kind.ISSUE, Kind.RETURN, Kind.HAND_OVER, Kind.LEND, Kind.EXTEND]),
            SOME,
            PERSON,
            PLACE,
            st.sampled_from([None, -1, 0, 5, 9]),
            st.booleans(),
        ),
        st.tuples(st.just("reverse"), st.integers(0, 40)),
        st.tuples(st.just("state"), st.sampled_from(NUMBERS), st.sampled_from(list(State)[:6])),
        st.tuples(st.just("move"), st.sampled_from(NUMBERS), st.sampled_from(["M-214", "S1"])),
    ),
    min_size=8,
    max_size=25,
)
ALLOWED = {
    "in_store": {"in_service", "on_loan", "under_repair", "missing", "awaiting_disposal"},
    "in_service": {"in_store", "on_loan", "under_repair", "missing", "awaiting_disposal"},
    "on_loan": {"in_store", "in_service", "under_repair", "missing"},
    "under_repair": {"in_store", "in_service", "missing", "awaiting_disposal"},
    "missing": {"in_store", "in_service", "under_repair", "awaiting_disposal"},
    "awaiting_disposal": {"in_store", "in_service"},
}


@dataclass(frozen=True)
class Thing:
    """An asset as a clerk with paper knows it."""

    state: str
    person: str
    place: str


class Model:
    """What a clerk with paper would know."""

    def __init__(self, things):
        self.things = dict(things)
        self.due = dict.fromkeys(things)  # in so many days, of what is on loan
        self.written = []  # of each handover: what it changed, before and after, and whether it was reversed

    def goes(self, number, kind, person, place, due):
        """Whether one asset may go this way, said the other way round than the program says it."""
        thing = self.things[number]
        if kind == Kind.EXTEND:
            return thing.state == "on_loan" and thing.person == person and due > self.due[number]
        if thing.state == "awaiting_disposal" or (kind != Kind.RETURN and thing.person and thing.person == person):
            return False
        if kind == Kind.RETURN:
            return thing != Thing("in_store", "", place)
        if kind == Kind.HAND_OVER:
            return thing.state == "in_service" and thing.person != ""
        if kind == Kind.ISSUE and (
            thing.person or (not person and thing.state == "in_service" and thing.place == place)
        ):
            return False
        return thing.state in ("in_store", "in_service")

    def hand_over(self, kind, numbers, person, place, due, only_good):
        """Say whether it may be done, and do it."""
        takes = {Kind.RETURN: place, Kind.ISSUE: person or place}.get(kind, person)
        if kind == Kind.EXTEND and (place or due == 0):
            return False
        if not takes or person == "Silva" and kind != Kind.RETURN:
            return False
        if (kind in (Kind.LEND, Kind.EXTEND)) != (due is not None) or (due is not None and due < 0):
            return False
        if kind == Kind.RETURN and person == "Silva":
            return None
        good = [number for number in numbers if self.goes(number, kind, person, place, due)]
        if not good or (len(good) < len(numbers) and not only_good):
            return False
        to = {Kind.RETURN: "in_store", Kind.LEND: "on_loan", Kind.EXTEND: "on_loan"}.get(kind, "in_service")
        change = {}
        for number in good:
            before = self.things[number]
            after = Thing(to, "" if kind == Kind.RETURN else person or "", place or before.place)
            change[number] = before, after, self.due[number], due
            self.things[number], self.due[number] = after, due
        self.written.append([change, False])
        return True

    def reverse(self, at):
        change, reversed_ = self.written[at]
        stands = ((self.things[number], self.due[number]) for number in change)
        if reversed_ or any(
            now != (after, due) for now, (_, after, _, due) in zip(stands, change.values(), strict=True)
        ):
            return False
        self.written[at][1] = True
        back = {number: (after, before, due, was) for number, (before, after, was, due) in change.items()}
        self.written.append([back, False])
        self.things.update({number: before for number, (_, before, _, _) in back.items()})
        self.due.update({number: was for number, (_, _, _, was) in back.items()})
        return True


def register(office):
    found = rows(office, select(Asset.inventory_no, Asset.state, Asset.custodian_name, Asset.place_code))
    return {number: Thing(*stands) for number, *stands in found}


def tried(office, command, *args):
    try:
        return office.write(command, *args)
    except Refusal:
        return None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(STEPS)
def test_the_register_is_what_the_handovers_add_up_to(office, shop, steps):
    model, ids = Model(register(office)), []
    start = dict(model.things)
    others = []
    names = {"erik": "Lindqvist, Erik", "grace": "Otieno, Grace", "gone": "Silva", None: None}
    for step in steps:
        if step[0] == "hand over":
            _, kind, numbers, who, where, due, only_good = step
            if kind is Kind.RETURN and who is not None:
                who = None  # whoever brings things back is not asked for
            day = None if due is None else MORNING.date() + timedelta(days=due)
            order = Order(kind, getattr(shop, who) if who else None, shop.places[where] if where else None, day)
            made = tried(office, hand_over_assets, [shop.assets[number] for number in numbers], order, only_good)
            assert (made is not None) == model.hand_over(kind, numbers, names[who], where, due, only_good), step
            ids += [made.handover_id] if made else []
        elif step[0] == "reverse" and ids:
            at = step[1] % len(ids)
            made = tried(office, reverse_handover, ids[at])
            assert (made is not None) == model.reverse(at), step
            ids += [made.handover_id] if made else []
        elif step[0] == "state":
            _, number, state = step
            allowed = state in ALLOWED[model.things[number].state] and state != "on_loan"
            assert (tried(office, change_state, [shop.assets[number]], state) is not None) == allowed, step
            if allowed:
                model.things[number] = replace(model.things[number], state=str(state))
                model.due[number] = None
                others.append(number)
        elif step[0] == "move":
            _, number, where = step
            if tried(office, move_assets, [shop.assets[number]], shop.places[where]):
                model.things[number] = replace(model.things[number], place=where)
                others.append(number)
    assert register(office) == model.things
    check_sums(office, start, ids, others)


def check_sums(office, start, ids, others):
    """Folding the written lines gives the register; so does the last event of each asset."""
    folded = dict(start)
    lines = select(HandoverItem.inventory_no, HandoverItem.to_state, HandoverItem.to_name, HandoverItem.to_place)
    for number, *after in rows(office, lines.where(HandoverItem.handover_id.in_(ids)).order_by(HandoverItem.id)):
        folded[number] = Thing(*after)
    now = register(office)
    assert {n: t for n, t in folded.items() if n not in others} == {n: t for n, t in now.items() if n not in others}
    events = select(Asset.inventory_no, AssetEvent.state, AssetEvent.custodian_name, AssetEvent.place_code)
    last = {
        number: Thing(*stands)
        for number, *stands in rows(office, events.join(Asset, Asset.id == AssetEvent.asset_id).order_by(AssetEvent.id))
    }
    assert last == now
