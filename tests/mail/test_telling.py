"""Addressees are told once of what came, reminded of what lies, and nobody is told twice or told of another's mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr

import pytest

from cbo_desk.chores import do_chores
from cbo_desk.dated import set_value
from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    Addressed,
    GroupForm,
    Taken,
    add_group,
    address_item,
    deliver_items,
    edit_group,
    group_card,
    hold_items,
    item_card,
    receive_item,
    remind_addressee,
    tell_addressees,
)
from cbo_desk.mail.telling import UNDO_FOR, somebody_to_tell
from cbo_desk.mail_server import MailServer, set_mail_server
from cbo_desk.notifications import outbox
from db.people import Person
from tests.mail.codes import s10


@pytest.fixture
def serving(office, compound):
    office.write(set_mail_server, MailServer("smtp.example.org", 587, "starttls", "", "mailroom@cbo.example"))
    return compound


def receive(office, serial, person=None, text=None):
    ident = office.write(receive_item, s10(serial) if text is None else text).ids[0]
    if person:
        office.write(address_item, ident, Addressed(person_id=person))
    return ident


def told(office):
    return [(parseaddr(message.to)[1].partition("@")[0], message.subject) for message in reversed(office.read(outbox))]


def test_one_message_to_each_addressee_after_the_counter_had_time_to_correct(office, serving, clock):
    erik, samir = serving.people["Erik"], serving.people["Samir"]
    first, second, third = receive(office, 1, erik), receive(office, 2, erik), receive(office, 3, samir)
    receive(office, 4)
    assert not office.read(somebody_to_tell)
    clock.now += timedelta(minutes=15)
    assert office.read(somebody_to_tell)
    do_chores(office)
    assert told(office) == [("erik", "Mail for you: 2 items"), ("samir", "Mail for you: M-000003")]
    body = office.read(outbox)[1].body
    assert "M-000001 · Posta Kenya" in body
    assert "will be brought to you" in body
    assert "M-000003" not in body, "nobody reads of another's mail"
    assert office.read(item_card, first).events[-1].note == "told by mail: erik@un.example"
    assert {office.read(item_card, ident).broken for ident in (first, second, third)} == {""}
    do_chores(office)
    assert len(told(office)) == 2


def test_a_new_addressee_is_told_and_the_old_one_not_again(office, serving, clock):
    ident = receive(office, 1, serving.people["Erik"])
    clock.now += timedelta(minutes=15)
    do_chores(office)
    office.write(address_item, ident, Addressed(person_id=serving.people["Elin"]))
    do_chores(office)
    office.write(address_item, ident, Addressed(person_id=serving.people["Erik"]))
    do_chores(office)
    assert [who for who, _subject in told(office)] == ["erik", "elin"]


def test_reminders_follow_working_days_and_end_with_delivery(office, serving, clock):
    """14 July 2026 is a Tuesday: three working days are over on Friday the 17th."""
    clock.now = clock.now.replace(year=2026, month=7, day=14)
    ident = receive(office, 1, serving.people["Erik"])
    office.write(hold_items, [ident])
    days = []
    for _ in range(14):
        clock.now += timedelta(days=1)
        before = len(told(office))
        do_chores(office)
        days += [clock.now.strftime("%a %d %b")] * (len(told(office)) - before)
        if len(days) == 4:
            office.write(deliver_items, [ident], Taken("Erik Lindqvist", badge=True))
    assert days == ["Wed 15 Jul", "Mon 20 Jul", "Thu 23 Jul", "Tue 28 Jul"]
    assert told(office)[1] == ("erik", "Still in the mailroom for you: M-000001")
    last = office.read(outbox)[0].body
    assert "to be collected at the counter" in last
    assert "28 July 2026" in last, "ten working days after 14 July"


def test_a_group_is_told_at_its_own_address_and_reminded(office, serving, clock):
    registry = office.write(add_group, GroupForm("Registry", serving.unep, None, 6, "registry@un.example")).ids[0]
    law = office.write(add_group, GroupForm("Law Division", serving.unep)).ids[0]
    first, second, third = receive(office, 1), receive(office, 2), receive(office, 3, serving.people["Erik"])
    for ident, group in ((first, registry), (second, law)):
        office.write(address_item, ident, Addressed(group_id=group))
    clock.now += timedelta(minutes=15)
    do_chores(office)
    assert sorted(told(office)) == [("erik", "Mail for you: M-000003"), ("registry", "Mail for you: M-000001")]
    [message] = [one for one in office.read(outbox) if "registry" in one.to]
    assert parseaddr(message.to) == ("Registry (UNEP)", "registry@un.example")
    assert message.body.startswith("Dear colleagues,")
    assert office.read(item_card, first).events[-1].note == "told by mail: registry@un.example"
    with pytest.raises(Refusal, match=r"Law Division \(UNEP\) has no e-mail address\. Add it on the page Absences"):
        office.write(remind_addressee, [second])
    done = office.write(remind_addressee, [first, third])
    assert done.said == "2 items: a reminder goes to 2 addressees."
    card = office.read(group_card, law)
    office.write(edit_group, law, card.version, replace(card.form, email="law@un.example"))
    do_chores(office)
    assert told(office)[-1] == ("law", "Mail for you: M-000002"), "told as soon as there is an address"
    with pytest.raises(Refusal, match="changed the group Law Division in the meantime: the e-mail address from"):
        office.write(edit_group, law, card.version, card.form)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        (GroupForm("  ", 0), "needs a name"),
        (GroupForm("Registry", 0, email="registry at un"), "registry at un is no e-mail address"),
        (GroupForm("Registry", 0, email="a@un.org, b@un.org"), "is no e-mail address"),
        (GroupForm("Registry", 0, members=-1), "up to 100,000 people"),
        (GroupForm("Registry", 987_654), "Choose the entity"),
    ],
)
def test_a_group_that_cannot_be(office, compound, form, why):
    with pytest.raises(Refusal, match=why):
        office.write(add_group, replace(form, entity_id=form.entity_id or compound.unep))


@pytest.mark.parametrize(("which", "subjects"), [("accountable", 1), ("none", 0), ("all", 2)])
def test_the_setting_says_who_is_told(office, serving, clock, which, subjects):
    office.write(set_value, "mail_tell_addressees", clock.now.date(), which, "", "ours")
    receive(office, 1, serving.people["Erik"])
    receive(office, 0, serving.people["Samir"], text="")
    clock.now += timedelta(hours=1)
    do_chores(office)
    assert len(told(office)) == subjects


def test_nobody_is_told_before_a_server_is_named(office, compound, clock):
    receive(office, 1, compound.people["Erik"])
    clock.now += timedelta(days=90)
    do_chores(office)
    assert told(office) == []


def test_people_without_an_address_are_left_out_and_named_when_asked(office, serving, clock):
    with office.engine.begin() as connection:
        connection.execute(Person.__table__.update().where(Person.id == serving.people["Amina"]).values(email=""))
    ident = receive(office, 1, serving.people["Amina"])
    clock.now += timedelta(hours=1)
    do_chores(office)
    assert told(office) == []
    with pytest.raises(Refusal, match=r"Yusuf, Amina has no e-mail address\. Add it on the page People\."):
        office.write(remind_addressee, [ident])
    nobody = receive(office, 2)
    with pytest.raises(Refusal, match="M-000002 is for no person and no group"):
        office.write(remind_addressee, [nobody])
    assert len(office.read(item_card, ident).events) == 1


def test_a_reminder_by_hand_can_be_taken_back_until_it_is_out(office, serving, clock):
    ident = receive(office, 1, serving.people["Erik"])
    done = office.write(remind_addressee, [ident])
    assert done.said == "M-000001: a reminder goes to Lindqvist, Erik."
    [message] = office.read(outbox)
    assert message.due_at == clock.now + UNDO_FOR
    office.write(done.undo.command, *done.undo.args)
    [message] = office.read(outbox)
    assert (message.state, message.trouble) == ("failed", "Taken back before it was sent.")
    assert not office.read(item_card, ident).broken
    again = office.write(remind_addressee, [ident])
    clock.now += UNDO_FOR
    from cbo_desk import notifications

    office.write(notifications.claim)
    with pytest.raises(Refusal, match="has been sent already"):
        office.write(again.undo.command, *again.undo.args)


def test_two_workstations_at_once_tell_once(office, engine_url, serving, clock):
    """Both ask before either writes; the one that comes second looks again once the rows are its own."""
    import threading

    from cbo_desk.office import Office
    from db.engine import open_engine

    for serial in range(1, 9):
        receive(office, serial, serving.people["Erik" if serial % 2 else "Samir"])
    clock.now += timedelta(hours=1)
    others = [Office(open_engine(engine_url), office.actor, clock) for _ in range(2)]
    gate = threading.Barrier(2)

    def work(own):
        gate.wait(20)
        own.write(tell_addressees)

    threads = [threading.Thread(target=work, args=(own,)) for own in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for own in others:
        own.close()
    assert sorted(told(office)) == [("erik", "Mail for you: 4 items"), ("samir", "Mail for you: 4 items")]
