"""A scan becomes an item: carrier from the code alone, nobody assigned without a keystroke, bad input in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    Addressed,
    Details,
    GroupForm,
    MailFilter,
    MailList,
    State,
    Taken,
    add_group,
    address_item,
    check_missing,
    deliver_items,
    edit_item,
    figures,
    item_card,
    note_absence,
    plan_round,
    receive_item,
    shelve_items,
    suggest_addressees,
)
from cbo_desk.numbers import next_reference
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.tags import queues, resolve
from db.engine import open_engine
from tests.mail.codes import s10, sscc


def receive(office, text="", **details):
    return office.write(receive_item, text, Details(**details)).ids[0]


def test_a_registered_letter_is_accountable_by_itself(office, compound):
    card = office.read(item_card, receive(office, s10(11840227)))
    assert (card.number, card.details.carrier, card.details.item_class) == ("M-000001", "Posta Kenya", "registered")
    assert card.details.accountable
    assert card.missing == "addressee"
    assert card.state is State.RECEIVED
    assert card.holder == "Ada Achieng"


def test_registered_stays_accountable_whatever_the_form_says(office, compound):
    card = office.read(item_card, receive(office, s10(2, "VV"), accountable=False))
    assert (card.details.item_class, card.details.accountable) == ("insured", True)


def test_a_label_that_names_somebody_assigns_nobody(office, compound):
    """GS1 scan-to-transport: the label says Erik Lindqvist, the item stays without addressee until a person chooses."""
    label = "\x1d".join((f"]C100{sscc(5)}4301Erik+Lindqvist", "3301000450"))
    card = office.read(item_card, receive(office, label))
    assert card.addressee == ""
    assert "addressee" in card.missing
    assert office.read(suggest_addressees, "Erik Lindqvist")[0].name == "Lindqvist, Erik"


def test_the_item_gets_its_tag_and_waits_to_be_printed(office, compound):
    ident = receive(office, s10(3))
    card = office.read(item_card, ident)
    assert card.code.startswith("CBOM")
    assert office.read(queues, "mail.item").never_printed == 1
    for text in (card.code, card.number, s10(3)):
        opened = office.read(resolve, text).opened
        assert (opened.kind, opened.record_id) == ("mail.item", ident), text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RR123456784KE", r"The check digit of this postal item number is wrong\."),
        ("JR118402270KE", r"begins with J|check digit"),
        ("x" * 10_000, r"This is 10,000 characters long"),
        ("\x01\x02\x1d", r"holds only control characters"),
        ("CBOA7K2Q9XH4TDO", r"a character of this tag is wrong"),
        ("A" * 90, r"longer than any carrier's number"),
    ],
)
def test_bad_scans_are_refused_and_leave_nothing(office, compound, text, said):
    with pytest.raises(Refusal, match=said):
        office.write(receive_item, text)
    assert office.read(MailList().count) == 0
    assert office.write(receive_item, "").said == "M-000001 received, addressee to come."  # and no number is missing


def test_our_own_tag_of_an_asset_is_no_item_of_mail(office, compound):
    from cbo_desk.tags.codes import new_code

    with pytest.raises(Refusal, match="This is our tag of an asset, not a carrier's barcode"):
        office.write(receive_item, new_code("A"))


def test_two_carriers_fit_and_none_is_guessed(office, compound):
    from cbo_desk.mail import recognise

    code = "01000000002"
    assert recognise(code).why == "Several carriers fit: DHL Express or Aramex. Choose the one on the label."
    card = office.read(item_card, receive(office, code))
    assert card.details.carrier == ""
    assert "carrier" in card.missing
    office.write(
        edit_item, card.id, card.version, Details(carrier="Aramex", addressed=Addressed(entity_id=compound.wfp))
    )
    assert office.read(item_card, card.id).missing == ""


def test_the_same_number_within_a_year_is_refused_and_after_it_received(office, compound, clock):
    receive(office, s10(7))
    clock.now += timedelta(days=20)
    with pytest.raises(Refusal, match=r"was received on 24 Aug 2026 at 09:00 as M-000001\. Go on with that item"):
        receive(office, s10(7))
    again = office.write(receive_item, s10(7), Details(), True)
    office.write(again.undo.command, *again.undo.args)
    clock.now += timedelta(days=350)
    assert office.read(item_card, receive(office, s10(7))).number == "M-000003"


def test_a_receipt_can_be_taken_back_until_something_happens(office, compound):
    done = office.write(receive_item, s10(8))
    office.write(done.undo.command, *done.undo.args)
    assert office.read(MailList().count) == 0
    assert office.read(resolve, s10(8)).opened is None
    again = office.write(receive_item, s10(8))
    office.write(shelve_items, again.ids, compound.places["H-01"])
    with pytest.raises(Refusal, match="has been moved since: it can no longer be taken back"):
        office.write(again.undo.command, *again.undo.args)


def test_damage_waits_for_its_photo(office, compound):
    ident = receive(
        office, "", carrier="DHL Express", damage="corner torn", addressed=Addressed(entity_id=compound.wfp)
    )
    assert office.read(item_card, ident).missing == "photo"
    assert office.read(MailList(MailFilter(incomplete=True)).count) == 1
    from cbo_desk.attachments import attach
    from tests.mail.pictures import PNG

    office.write(attach, "mail.item", ident, "corner.png", PNG)
    office.write(check_missing, ident)
    assert office.read(item_card, ident).missing == ""
    assert office.read(figures).to_complete == 0


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"weight_g": -1}, "A weight is more than nothing"),
        ({"weight_g": 2_000_000}, "at most 1,000 kg"),
        ({"size_mm": "big"}, "such as 300 × 200 × 150"),
        ({"item_class": "odd"}, "A class is"),
        ({"addressed": Addressed(person_id=999)}, "This addressee is no longer there"),
    ],
)
def test_bad_details_are_refused(office, compound, details, said):
    with pytest.raises(Refusal, match=said):
        receive(office, "", **details)


def test_what_was_delivered_is_written_in_stone(office, compound):
    ident = receive(office)
    office.write(deliver_items, [ident], Taken("Bob"))
    with pytest.raises(Refusal, match="M-000001 is delivered: what is written about it can no longer be changed"):
        office.write(address_item, ident, Addressed(entity_id=compound.wfp))


def test_addressing_brings_place_and_entity_and_can_be_undone(office, compound):
    ident = receive(office)
    done = office.write(address_item, ident, Addressed(person_id=compound.people["Samir"]))
    card = office.read(item_card, ident)
    assert (card.addressee, card.entity, card.place, card.missing) == ("Haddad, Samir", "WFP", "M-214", "")
    office.write(done.undo.command, *done.undo.args)
    assert office.read(item_card, ident).addressee == ""


def test_groups_and_absences_are_told(office, compound, clock):
    day = clock.now.date()
    office.write(add_group, GroupForm("Lindqvist project team", compound.unep, compound.places["M-118"], 6))
    office.write(
        note_absence, compound.people["Erik"], day, day + timedelta(days=5), compound.people["Amina"], "mission"
    )
    found = {one.name: one for one in office.read(suggest_addressees, "lindqist", 3)}
    assert set(found) == {"Lindqvist, Elin", "Lindqvist, Erik", "Lindqvist project team"}
    assert found["Lindqvist project team"].members == 6
    erik = found["Lindqvist, Erik"]
    assert (erik.away_until, erik.goes_to) == (day + timedelta(days=5), "Yusuf, Amina")
    ident = receive(office)
    office.write(address_item, ident, Addressed(group_id=found["Lindqvist project team"].addressed.group_id))
    assert office.read(item_card, ident).addressee == "Lindqvist project team (UNEP)"


def test_ageing_counts_working_days(office, compound, clock):
    ident = receive(office)
    clock.now += timedelta(days=7)
    card = office.read(item_card, ident)
    assert card.days == 5
    assert card.back_on.isoformat() == "2026-09-07"


def test_working_days_against_counting_one_by_one():
    from datetime import date

    from cbo_desk.mail.limits import day_after, working_days

    start = date(2026, 8, 22)
    for first in range(9):
        since = start + timedelta(days=first)
        counted = 0
        for ahead in range(40):
            until = since + timedelta(days=ahead)
            counted += ahead > 0 and until.weekday() < 5
            assert working_days(since, until) == counted
            if ahead and until.weekday() < 5:
                assert day_after(since, counted) == until


def test_the_list_is_narrowed_by_each_part_of_its_filter(office, compound, clock):
    first = receive(office, s10(21), addressed=Addressed(person_id=compound.people["Samir"]))
    clock.now += timedelta(days=1)
    second = receive(office, "", carrier="Hand delivery")
    office.write(shelve_items, [first], compound.places["H-01"])
    for wanted, ids in (
        (MailFilter(), [first, second]),
        (MailFilter(states=("shelved",)), [first]),
        (MailFilter(entities=("WFP",)), [first]),
        (MailFilter(carriers=("Hand delivery",)), [second]),
        (MailFilter(classes=("registered",)), [first]),
        (MailFilter(accountable=True), [first]),
        (MailFilter(incomplete=True), [second]),
        (MailFilter(received_from=clock.now.date()), [second]),
        (MailFilter(received_to=clock.now.date() - timedelta(days=1)), [first]),
        (MailFilter(words="haddad"), [first]),
        (MailFilter(words=s10(21)), [first]),
        (MailFilter(words="M-000002"), [second]),
    ):
        assert [line.id for line in office.read(MailList(wanted).first)] == ids, wanted
        assert office.read(MailList(wanted).outline).total == len(ids)


def test_a_receipt_does_not_hold_up_the_others(postgres_url):
    """One deed has received and is not done; another one receives meanwhile. The control: a round's number is held."""
    office = Office(open_engine(postgres_url), administrator("ada", "Ada", "DESK-1"))
    office.write(plan_round, "Round 1", "")
    with Session(office.engine) as slow, slow.begin():
        office._prepare(slow)
        receive_item(slow, "")
        assert office.write(receive_item, "").said.startswith("M-000002")
        # What this deed holds itself it can go on with.
        assert next_reference(slow, "M", 6) == "M-000003"
        assert receive_item(slow, "").said.startswith("M-000004")
        next_reference(slow, "R")
        held = sa.text("SELECT last FROM number_series WHERE series = 'R' FOR UPDATE NOWAIT")
        with office.engine.connect() as other, pytest.raises(DBAPIError, match="could not obtain lock"):
            other.execute(held)
    office.close()
