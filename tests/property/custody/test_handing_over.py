"""Issue, return, hand over, lend and take back: what is written, what the register says then, and what is refused."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from cbo_desk.errors import Refusal
from cbo_desk.property import State, change_state
from cbo_desk.property.custody import (
    ItemsRefused,
    Kind,
    Meaning,
    Order,
    hand_over_assets,
    look_at,
    look_over,
    reverse_handover,
    sign_handover,
)
from cbo_desk.tags import replace_tag
from cbo_desk.tags.orders import Order as Command
from cbo_desk.tags.orders import code_of
from db.custody import Handover, HandoverItem
from db.property import Asset
from tests.conftest import MORNING
from tests.rows import undo
from tests.writing import insert, rows

TODAY = MORNING.date()
STROKES = [[[0, 0, 0], [10, 20, 16]], [[30, 5, 300], [31, 6, 316]]]


def issue(office, shop, *numbers, to=None):
    ids = [shop.assets[number] for number in numbers] or shop.all
    return office.write(hand_over_assets, ids, Order(Kind.ISSUE, to or shop.erik))


def test_the_four_ways(office, shop, stands):
    issue(office, shop, "A1", "A2")
    assert stands()["A1"] == ("in_service", "Lindqvist, Erik", "S1")
    office.write(hand_over_assets, [shop.assets["A1"]], Order(Kind.HAND_OVER, shop.grace, shop.places["M-214"]))
    assert stands()["A1"] == ("in_service", "Otieno, Grace", "M-214")
    lent = office.write(hand_over_assets, [shop.assets["A3"]], Order(Kind.LEND, shop.grace, due_on=TODAY))
    assert stands()["A3"] == ("on_loan", "Otieno, Grace", "S1")
    assert lent.said == "A3: lent to Otieno, Grace until 24 Aug 2026. HO-0003."
    office.write(hand_over_assets, [shop.assets[n] for n in ("A1", "A2", "A3")], Order(Kind.RETURN, None, shop.store))
    assert set(stands().values()) == {("in_store", "", "S1")}
    office.write(hand_over_assets, shop.all[:1], Order(Kind.ISSUE, None, shop.places["M-118"]))
    assert stands()["A1"] == ("in_service", "", "M-118")


def test_what_is_written(office, shop):
    made = issue(office, shop, "A1", "A2")
    ((reference, kind, giver, taker, items),) = rows(
        office, select(Handover.reference, Handover.kind, Handover.giver_name, Handover.taker_name, Handover.items)
    )
    assert (reference, kind, giver, taker, items) == ("HO-0001", "issue", "", "Lindqvist, Erik", 2)
    lines = rows(office, select(HandoverItem.inventory_no, HandoverItem.tag_code, HandoverItem.from_state,
                                HandoverItem.to_state, HandoverItem.to_name).order_by(HandoverItem.id))  # fmt: skip
    assert lines == [(n, shop.tag(n), "in_store", "in_service", "Lindqvist, Erik") for n in ("A1", "A2")]
    assert made.reference == "HO-0001"
    assert made.also == {"property.handover": (made.handover_id,)}


def test_each_refusal_is_a_sentence(office, shop):
    a1, a2, a3, a4, a5, _a6 = shop.all
    issue(office, shop, "A1")
    office.write(change_state, [a2], State.MISSING)
    office.write(change_state, [a3], State.AWAITING_DISPOSAL)
    office.write(hand_over_assets, [a4], Order(Kind.LEND, shop.grace, due_on=date(2026, 9, 1)))
    office.write(change_state, [a5], State.UNDER_REPAIR)
    wanted = {
        (Kind.ISSUE, shop.erik, a1): "Lindqvist, Erik has A1 already.",
        (Kind.ISSUE, shop.grace, a1): "Lindqvist, Erik has A1. Hand it over, or take it back first.",
        (Kind.ISSUE, shop.erik, a2): "A2 is missing. Say that it was found, or take it back into a store first.",
        (Kind.ISSUE, shop.erik, a3): "A3 is in an open disposal case. Take it out of the case first.",
        (Kind.RETURN, None, a3): "A3 is in an open disposal case. Take it out of the case first.",
        (Kind.HAND_OVER, shop.erik, a4): "A4 is on loan to Otieno, Grace until 1 Sep 2026. Take it back first.",
        (Kind.ISSUE, shop.erik, a5): "A5 is under repair. Take it back first.",
        (Kind.HAND_OVER, shop.erik, shop.all[5]): "A6 is in store. Issue it instead.",
        (Kind.RETURN, None, shop.all[5]): "A6 is already in S1.",
    }
    for (kind, person, asset), sentence in wanted.items():
        order = Order(kind, person, shop.store if kind is Kind.RETURN else None)
        with pytest.raises(ItemsRefused) as caught:
            office.write(hand_over_assets, [asset], order)
        assert caught.value.items == {asset: sentence}
        assert [line.why for line in office.read(look_over, [asset], order)] == [sentence]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (lambda shop: Order(Kind.ISSUE, shop.gone), "Silva left on 31 Jan 2026"),
        (lambda shop: Order(Kind.ISSUE), "Scan a badge or a door first"),
        (lambda shop: Order(Kind.HAND_OVER, place_id=shop.store), "Scan a badge first"),
        (lambda shop: Order(Kind.RETURN, shop.erik), "choose the store"),
        (lambda shop: Order(Kind.LEND, shop.erik), "Say on which day"),
        (lambda shop: Order(Kind.LEND, shop.erik, due_on=TODAY - timedelta(days=1)), "23 Aug 2026 is over"),
        (lambda shop: Order(Kind.LEND, shop.erik, due_on=date(2032, 1, 1)), "three years at most"),
        (lambda shop: Order(Kind.ISSUE, shop.erik, due_on=TODAY), "Only a loan"),
        (lambda shop: Order(Kind.ISSUE, 999), "Choose who takes"),
        (lambda shop: Order(Kind.RETURN, None, 999), "Choose the place"),
        (lambda shop: Order(Kind.REVERSAL, shop.erik), "taking it back"),
    ],
)
def test_an_order_that_makes_no_sense(office, shop, order, sentence):
    with pytest.raises(Refusal, match=sentence):
        office.write(hand_over_assets, shop.all, order(shop))
    assert rows(office, select(Handover.id)) == []


def test_all_or_the_good_ones(office, shop, stands):
    issue(office, shop, "A2")
    before = stands()
    with pytest.raises(ItemsRefused) as caught:
        issue(office, shop, "A1", "A2", "A3")
    assert list(caught.value.items) == [shop.assets["A2"]]
    assert stands() == before
    made = office.write(hand_over_assets, shop.all, Order(Kind.ISSUE, shop.erik), True)
    assert made.refused == {shop.assets["A2"]: "Lindqvist, Erik has A2 already."}
    assert len(made.ids) == 5
    assert {row[1] for row in stands().values()} == {"Lindqvist, Erik"}


def test_undo_and_again(office, shop, stands, clock):
    before = stands()
    made = issue(office, shop)
    after = stands()
    clock.now += timedelta(days=3)
    back = undo(office, made)
    assert stands() == before
    kinds = rows(office, select(Handover.kind, Handover.reverses_id).order_by(Handover.id))
    assert kinds == [("issue", None), ("reversal", made.handover_id)]
    with pytest.raises(Refusal, match="HO-0001 has been reversed already, by HO-0002"):
        undo(office, made)
    undo(office, back)
    assert stands() == after
    ((since,),) = rows(office, select(Asset.state_since).where(Asset.inventory_no == "A1"))
    assert since == TODAY


def test_a_reversed_return_is_a_loan_again(office, shop):
    due = TODAY + timedelta(days=7)
    office.write(hand_over_assets, shop.all[:1], Order(Kind.LEND, shop.erik, due_on=due))
    back = office.write(hand_over_assets, shop.all[:1], Order(Kind.RETURN, None, shop.store))
    undo(office, back)
    (line,) = office.read(look_over, shop.all[:1], Order(Kind.RETURN, None, shop.store))
    assert (line.state, line.due_on, line.why) == (State.ON_LOAN, due, "")


def test_no_undo_once_something_changed(office, shop, compound):
    made = issue(office, shop, "A1", "A2")
    office.write(hand_over_assets, shop.all[1:2], Order(Kind.HAND_OVER, shop.grace))
    with pytest.raises(Refusal, match="A2 has been changed since, so HO-0001 can no longer be undone"):
        undo(office, made)


def test_a_renamed_person_does_not_hinder_undo(office, shop, stands):
    from db.people import Person

    made = issue(office, shop, "A1")
    insert(office, lambda session: setattr(session.get_one(Person, shop.erik), "sort_name", "Lind, Erik"))
    assert stands()["A1"][1] == "Lind, Erik"
    undo(office, made)
    assert stands()["A1"] == ("in_store", "", "S1")
    assert rows(office, select(Handover.taker_name).where(Handover.kind == "issue")) == [("Lindqvist, Erik",)]


def test_signed_once(office, shop):
    made = issue(office, shop, "A1")
    for strokes, name, paper in (
        ([], "Erik", False),
        (STROKES, " ", False),
        (STROKES, "Erik", True),
        ([[[1]]] * 3, "E", False),
    ):
        with pytest.raises(Refusal):
            office.write(sign_handover, made.handover_id, name, strokes, paper)
    office.write(sign_handover, made.handover_id, "Lindqvist, Erik", STROKES)
    ((kept,),) = rows(office, select(Handover.signature))
    assert kept == STROKES
    with pytest.raises(Refusal, match="signed by Lindqvist, Erik already"):
        office.write(sign_handover, made.handover_id, "Eve", [], True)


def test_what_a_scan_means(office, shop):
    order = Order(Kind.ISSUE, shop.erik)

    def look(text):
        found = office.read(look_at, text, order)
        return found.meaning, found.title, found.why

    assert look(shop.badge(shop.erik)) == (Meaning.PERSON, "Lindqvist, Erik", "")
    assert look(shop.badge(shop.gone))[2] == "Silva left on 31 Jan 2026. Choose somebody who is here."
    assert look(shop.door("S1"))[:2] == (Meaning.PLACE, "S1")
    assert look(shop.tag("A1")) == (Meaning.ASSET, "A1", "")
    assert look("a1") == (Meaning.ASSET, "A1", "")
    assert look(code_of(Command.DONE).lower())[0] is Meaning.DONE
    assert look("NOSUCHTHING")[0] is Meaning.NOTHING
    assert look("NOSUCHTHING")[2]
    assert look("7HQ2K94")[0] is Meaning.NOTHING  # six laptops were entered with one serial: which one?
    old = shop.tag("A2")
    office.write(replace_tag, old, "It was scratched.")
    assert "retired: It was scratched. Scan the new one" in look(old)[2]
    with pytest.raises(ValueError, match="not a valid"):
        Kind("gift")


def test_a_tag_of_another_kind(office, shop):
    made = issue(office, shop, "A1")
    found = office.read(look_at, made.reference, Order(Kind.ISSUE, shop.erik))
    assert found.meaning is Meaning.NOTHING
    assert found.why == "This is the tag of a handover, HO-0001, and no asset."


def test_lines_say_how_each_stands(office, shop):
    (line,) = office.read(look_over, [shop.assets["A1"], 999], Order(Kind.ISSUE, shop.erik))
    assert asdict(line) | {"asset_id": 0} == {
        "asset_id": 0, "inventory_no": "A1", "description": "Laptop, Dell Latitude 7450", "state": State.IN_STORE,
        "person": "", "place": "S1", "due_on": None, "why": "", "person_id": None,
    }  # fmt: skip


def test_reversing_nothing(office, shop):
    with pytest.raises(Refusal, match="not there"):
        office.write(reverse_handover, 1)
