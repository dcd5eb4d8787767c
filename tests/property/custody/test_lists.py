"""Loans, handovers, holders and what custodians say: the lists agree with counting by hand, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cbo_desk import paging
from cbo_desk.errors import Refusal
from cbo_desk.notifications import outbox
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role
from cbo_desk.property import State, asset_card, change_state
from cbo_desk.property.custody import (
    HandoverList,
    HolderList,
    Kind,
    LoanList,
    Order,
    OwnList,
    answer_custody,
    confirmed_since,
    custody_figures,
    exporting,
    hand_over_assets,
    remind_borrowers,
    reverse_handover,
    sign_handover,
)
from cbo_desk.property.custody.exporting import HANDOVERS, HOLDERS, LOANS, OWN, rows
from db.people import Person
from tests.conftest import MORNING
from tests.writing import insert
from tests.writing import rows as found

TODAY = MORNING.date()


def lend(office, shop, number, days, to=None):
    order = Order(Kind.LEND, to or shop.erik, due_on=office_day(office) + timedelta(days=days))
    return office.write(hand_over_assets, [shop.assets[number]], order)


def office_day(office):
    from cbo_desk.context import local

    return local(office._clock()).date()


def shown(office, listing):
    return [line.row for line in office.read(listing.first)]


def test_loans_and_which_are_late(office, shop, clock):
    lend(office, shop, "A1", 1)
    lend(office, shop, "A2", 5, shop.grace)
    lend(office, shop, "A3", 0)
    lend(office, shop, "A4", 2)
    clock.now += timedelta(days=3)
    office.write(hand_over_assets, [shop.assets["A4"]], Order(Kind.RETURN, None, shop.store))
    office.write(change_state, [shop.assets["A3"]], State.MISSING)
    assert [(row.inventory_no, row.late) for row in shown(office, LoanList())] == [("A1", 2), ("A2", 0)]
    assert [row.inventory_no for row in shown(office, LoanList(due_before=office_day(office)))] == ["A1"]
    assert [row.person for row in shown(office, LoanList("otieno"))] == ["Otieno, Grace"]
    assert [row.inventory_no for row in shown(office, LoanList("a1"))] == ["A1"]
    assert [row.inventory_no for row in shown(office, LoanList(sort="person", descending=True))] == ["A2", "A1"]
    figures = office.read(custody_figures)
    assert (figures.loans, figures.overdue, figures.oldest) == (2, 1, TODAY + timedelta(days=1))
    assert office.read(LoanList().outline).total == 2


def test_a_loan_that_was_undone_is_none_and_a_return_undone_is_one(office, shop):
    lent = lend(office, shop, "A1", 3)
    back = office.write(reverse_handover, lent.handover_id)
    assert shown(office, LoanList()) == []
    office.write(reverse_handover, back.handover_id)
    assert [row.inventory_no for row in shown(office, LoanList())] == ["A1"]


def test_handovers_newest_first_and_unsigned(office, shop):
    first = office.write(hand_over_assets, shop.all[:2], Order(Kind.ISSUE, shop.erik))
    second = lend(office, shop, "A3", 3, shop.grace)
    third = lend(office, shop, "A4", 3, shop.grace)
    office.write(sign_handover, first.handover_id, "Erik", [], True)
    office.write(reverse_handover, third.handover_id)
    assert [row.reference for row in shown(office, HandoverList())] == ["HO-0004", "HO-0003", "HO-0002", "HO-0001"]
    assert [row.reference for row in shown(office, HandoverList(unsigned=True))] == [second.reference]
    assert [row.reference for row in shown(office, HandoverList("otieno", "reference", False))] == [
        "HO-0002",
        "HO-0003",
        "HO-0004",
    ]
    assert [row.items for row in shown(office, HandoverList("ho-0001"))] == [2]


def custodian(office, person, role=Role.VIEWER):
    return Office(office.engine, Actor("erik", "Erik", {"property": role}, "DESK-2", person), office._clock)


def test_a_custodian_confirms_and_disputes(office, shop, clock):
    office.write(hand_over_assets, shop.all[:3], Order(Kind.ISSUE, shop.erik))
    office.write(hand_over_assets, shop.all[3:4], Order(Kind.ISSUE, shop.grace))
    erik = custodian(office, shop.erik)
    erik.write(answer_custody, shop.all[:1], True)
    erik.write(answer_custody, shop.all[1:2], False, "I gave it back in May.")
    own = shown(erik, OwnList(person_id=shop.erik))
    assert [(row.inventory_no, row.answer, row.note) for row in own] == [
        ("A1", "confirmed", ""), ("A2", "disputed", "I gave it back in May."), ("A3", "", ""),
    ]  # fmt: skip
    since = office.read(confirmed_since)
    holders = {
        row.person: (row.holds, row.confirmed, row.disputed, row.open) for row in shown(office, HolderList(since=since))
    }
    assert holders == {"Lindqvist, Erik": (3, 1, 1, 1), "Otieno, Grace": (1, 0, 0, 1)}
    assert office.read(custody_figures).unconfirmed == 2
    erik.write(answer_custody, shop.all[:3], True)
    assert [row.person for row in shown(office, HolderList(since=since, unconfirmed=True))] == ["Otieno, Grace"]
    clock.now += timedelta(days=366)
    late = office.read(confirmed_since)
    assert len(shown(office, HolderList(since=late, unconfirmed=True))) == 2


def test_who_confirms_what_is_missing_is_told_so(office, shop):
    office.write(hand_over_assets, shop.all[:2], Order(Kind.ISSUE, shop.erik))
    office.write(change_state, shop.all[:1], State.MISSING)
    erik = custodian(office, shop.erik)
    missing = "Still missing in the register: A1. Tell the property desk that it was found."
    assert erik.write(answer_custody, shop.all[:1], True).said == f"A1 confirmed. {missing}"
    assert erik.write(answer_custody, shop.all[:2], True).said.endswith(f"confirmed. {missing}")
    assert erik.write(answer_custody, shop.all[1:2], True).said == "A2 confirmed."
    assert erik.write(answer_custody, shop.all[:1], False, "Stolen in May.").said == "A1 disputed."
    assert office.read(asset_card, shop.all[0]).state is State.MISSING


def test_who_takes_over_answers_anew(office, shop):
    office.write(hand_over_assets, shop.all[:1], Order(Kind.ISSUE, shop.erik))
    custodian(office, shop.erik).write(answer_custody, shop.all[:1], True)
    office.write(hand_over_assets, shop.all[:1], Order(Kind.HAND_OVER, shop.grace))
    since = office.read(confirmed_since)
    assert [(row.person, row.open) for row in shown(office, HolderList(since=since))] == [("Otieno, Grace", 1)]


def test_nobody_answers_for_somebody_else(office, shop):
    office.write(hand_over_assets, shop.all[:1], Order(Kind.ISSUE, shop.erik))
    with pytest.raises(Refusal, match="A1 is not in your hands"):
        custodian(office, shop.grace).write(answer_custody, shop.all[:1], True)
    with pytest.raises(Refusal, match="not linked to a person"):
        office.write(answer_custody, shop.all[:1], True)
    with pytest.raises(Refusal, match="Say what is wrong"):
        custodian(office, shop.erik).write(answer_custody, shop.all[:1], False, " ")
    nobody = Office(office.engine, Actor("eve", "Eve", {}, "X", shop.erik), office._clock)
    with pytest.raises(Refusal, match="You may not say what you hold"):
        nobody.write(answer_custody, shop.all[:1], True)
    with pytest.raises(Refusal, match="You may not hand over"):
        custodian(office, shop.erik).write(hand_over_assets, shop.all[:1], Order(Kind.HAND_OVER, shop.grace))


def test_reminders_go_once_a_day_to_each_borrower(office, shop, clock):
    with pytest.raises(Refusal, match="No loan is overdue"):
        office.write(remind_borrowers)
    lend(office, shop, "A1", 2, shop.grace)
    lend(office, shop, "A2", 9, shop.grace)
    lend(office, shop, "A3", 2)
    said = office.write(remind_borrowers).said
    assert said == "1 reminder queued. No address: Lindqvist, Erik."
    (message,) = office.read(outbox)
    assert (message.to, message.subject) == ("grace@example.org", "Loans to return: 1")
    assert "- A1, Laptop, Dell Latitude 7450: due on 26 Aug 2026" in message.body
    assert office.write(remind_borrowers).said.startswith("0 reminders queued. 1 reminded today already.")
    clock.now += timedelta(days=3)
    office.write(remind_borrowers)
    newest = office.read(outbox)[0]
    assert "was due on 26 Aug 2026, 1 day ago" in newest.body


def test_every_list_goes_into_a_file(office, shop):
    lend(office, shop, "A1", 3)
    since = office.read(confirmed_since)
    for columns, listing in (
        (HANDOVERS, HandoverList()),
        (LOANS, LoanList()),
        (HOLDERS, HolderList(since=since)),
        (OWN, OwnList(person_id=shop.erik)),
    ):
        (line,) = rows(office, listing)
        assert len(line) == len(columns)


def test_long_lists_are_read_by_pages_in_order(office, shop, monkeypatch):
    for reader in (paging, exporting):
        monkeypatch.setattr(reader, "PAGE", 20)

    def fill(session):
        people = [
            Person(entity_id=shop.unep, entity_code="UNEP", family_name=f"P{n:03}", sort_name=f"P{n:03}")
            for n in range(50)
        ]
        session.add_all(people)
        session.flush()
        return [person.id for person in people]

    people = insert(office, fill)
    from cbo_desk.property import AssetForm, receive_assets

    form = AssetForm(entity_id=shop.unep, inventory_no="x", description="Chair", place_id=shop.store)
    ids = office.write(receive_assets, form, [f"C{n:03}" for n in range(50)]).ids
    for at, person in enumerate(people):
        order = Order(Kind.LEND, person, due_on=TODAY + timedelta(days=at % 7))
        office.write(hand_over_assets, [ids[at]], order)
    names = sorted((at % 7, at) for at in range(50))
    assert [line[0] for line in rows(office, LoanList())] == [f"C{at:03}" for _day, at in names]
    since = office.read(confirmed_since)
    assert [line[0] for line in rows(office, HolderList(since=since))] == [f"P{n:03}" for n in range(50)]
    assert len(found(office, select(Person.id))) == 53
