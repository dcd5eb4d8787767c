"""Messages are sent once, later, and their fate can be seen, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cbo_desk import notifications as mail
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed


@deed("people.invite", "invite people")
def invite(session, count=1, fail=False):
    ids = tuple(
        mail.queue(session, f"a{n}@un.org", "Welcome", "Karibu", record_kind="people.person", record_id=n)
        for n in range(count)
    )
    if fail:
        raise ZeroDivisionError
    return Changes(mail.KIND, ids, "Invited.")


def states(office):
    return [message.state for message in reversed(office.read(mail.outbox))]


def test_a_message_goes_with_its_deed(office):
    with pytest.raises(ZeroDivisionError):
        office.write(invite, 3, True)
    assert office.read(mail.outbox) == []
    office.write(invite, 3)
    assert states(office) == ["waiting"] * 3
    assert [message.to for message in office.read(mail.concerning, "people.person", 2)] == ["a2@un.org"]


def test_from_waiting_to_sent(office, clock):
    ids = office.write(invite, 2).ids
    assert [message.id for message in office.read(mail.due)] == list(ids)
    claimed = office.write(mail.claim).ids
    assert claimed == ids
    assert office.write(mail.claim).ids == (), "nobody is given them a second time"
    office.write(mail.mark_sent, ids[0])
    with pytest.raises(Refusal, match="not being sent by anybody"):
        office.write(mail.mark_sent, ids[0])
    office.write(mail.mark_failed, ids[1], "The server is away.")
    assert states(office) == ["sent", "waiting"]
    assert office.read(mail.due) == []
    clock.now += timedelta(minutes=1)
    assert office.write(mail.claim).ids == (ids[1],)


def test_waits_grow_and_end(office, clock):
    (ident,) = office.write(invite).ids
    waits = []
    for _ in range(mail.MOST_TRIES):
        assert office.write(mail.claim).ids == (ident,)
        office.write(mail.mark_failed, ident, "Busy.")
        (message,) = office.read(mail.messages, (ident,))
        waits.append(int((message.due_at - clock.now).total_seconds() // 60))
        clock.now = max(clock.now, message.due_at)
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert (message.state, message.tries, message.trouble) == ("failed", 12, "Busy.")
    again = office.write(mail.send_again, ident)
    assert office.read(mail.messages, (ident,))[0].message_id == message.message_id
    office.write(again.undo.command, *again.undo.args)
    assert states(office) == ["failed"]


def test_a_worker_that_dies_is_noticed_and_nothing_is_sent_twice(office, clock):
    (ident,) = office.write(invite).ids
    office.write(mail.claim)
    clock.now += mail.LEASE
    assert office.write(mail.note_lost).ids == ()
    clock.now += timedelta(seconds=1)
    assert office.write(mail.claim).ids == ()
    assert office.write(mail.note_lost).ids == (ident,)
    (message,) = office.read(mail.outbox, ("failed",))
    assert message.trouble.startswith("It is not known whether this was sent.")


def test_a_crowd_of_workers_shares_the_work(office, engine_url, crowd, clock):
    ids = office.write(invite, 60).ids

    def work(own, _n):
        own._clock = clock
        taken = []
        while claimed := own.write(mail.claim, 4).ids:
            taken += claimed
            for ident in claimed:
                own.write(mail.mark_sent, ident)
        return taken

    taken = [ident for part in crowd(engine_url, 3, work) for ident in part]
    assert sorted(taken) == sorted(ids)
    assert states(office) == ["sent"] * 60


@pytest.mark.parametrize("to", ["", "nobody", "a@b.org\nBcc: all@un.org", "   "])
def test_an_address_that_is_none(office, to):
    @deed("people.write", "write")
    def write(session):
        mail.queue(session, to, "Hello", "x")

    with pytest.raises(Refusal, match="is no e-mail address"):
        office.write(write)
