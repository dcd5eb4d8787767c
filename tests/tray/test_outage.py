"""The server is unplugged in the middle of a mail round, and everything is there once when it is back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cbo_desk import seals, tray
from cbo_desk.errors import Away, Refusal, Trouble
from cbo_desk.mail import (
    Addressed,
    Details,
    State,
    Taken,
    address_item,
    deliver_items,
    fail_delivery,
    load_items,
    plan_round,
    receive_item,
    round_card,
    rows_of,
    send_round,
    shelve_items,
)
from cbo_desk.refusals import bad_news
from cbo_desk.tags import keep_unknown_scan, resolve
from db.engine import sqlite_module
from tests.mail.codes import s10
from tests.tray.conftest import column, leave, scalar, sit_down, stall, until

STROKES = (((0.1, 0.2, 0.0), (0.5, 0.6, 80.0)),)


def replay(desk) -> tray.Taking:
    """Mend the wire and bring everything."""
    desk.wire.mend()
    until(lambda: not desk.office.link.away)
    went = tray.take_waiting(desk.tray)
    assert not went.stopped
    return went


def test_a_mail_round_goes_on_without_the_server(desk):
    room, office = desk.room, desk.office
    there = Details(addressed=Addressed(person_id=room.people["Erik"]))
    [first] = office.write(receive_item, s10(1), there).ids
    [second] = office.write(receive_item, s10(2, "CP"), there).ids
    [going] = office.write(plan_round, "Round 1", "J. Mwangi", [room.places["M-214"]]).ids
    office.write(load_items, [first], going)
    office.write(send_round, going)
    desk.tray.look()
    assert scalar(desk.server, "SELECT count(*) FROM taken_deed") == 3

    desk.wire.cut()
    kept = office.write(deliver_items, [first], Taken("Lindqvist, Erik", strokes=STROKES))
    assert isinstance(kept, tray.KeptHere)
    assert kept.ids == (first,)
    assert "Kept here" in kept.said
    assert "handed to Lindqvist, Erik" in kept.said
    card = office.read(round_card, going)
    assert [item.state for item in card.items] == [State.DELIVERED]
    assert card.stops[0].done
    # An item that comes in now has no number yet, and is shelved all the same.
    [new] = office.write(receive_item, s10(3, "RX")).ids
    assert new < 0
    office.write(shelve_items, [new, second], room.places["H-01"])
    assert [row.shelf for row in office.read(rows_of, [new, second])] == ["H-01", "H-01"]
    assert office.read(resolve, s10(3, "RX")).opened.record_id == new
    office.write(keep_unknown_scan, "NOBODY KNOWS")
    # What is certainly impossible is refused at once, in the same words; what needs the server is refused too.
    with pytest.raises(Refusal, match="has been delivered already"):
        office.write(fail_delivery, [first], "nobody there")
    with pytest.raises(Refusal, match="has no place to be brought to"):
        office.write(load_items, [new], going)
    with pytest.raises(Away):
        office.write(address_item, second, Addressed())
    standing = desk.tray.standing()
    assert standing.waiting == 4
    assert standing.refused == 0
    assert standing.away_since is not None

    went = replay(desk)
    assert [one.stand_in for one in went.ended] == [-1, -2, -3, -4]
    assert went.left == 0
    number = scalar(desk.server, "SELECT number FROM mail_item WHERE carrier_number = :n", n=s10(3, "RX"))
    true = desk.tray.stand_in(new)
    desk.tray.look()
    [row] = office.read(rows_of, [true])
    assert (row.number, row.state, row.shelf) == (number, State.SHELVED, "H-01")
    assert scalar(desk.server, "SELECT strokes FROM mail_proof") == [[[0.1, 0.2, 0.0], [0.5, 0.6, 80.0]]]
    said = column(desk.server, "SELECT command FROM audit_entry WHERE args ? 'kept' ORDER BY seq")
    assert said == ["mail.deliver_items", "mail.receive_item", "mail.shelve_items", "tags.keep_unknown_scan"]
    # What happened has its own time, and the audit the time at which it was taken.
    happened, taken = scalar(desk.server, "SELECT at FROM mail_event WHERE what = 'deliver'"), scalar(
        desk.server, "SELECT at FROM audit_entry WHERE command = 'mail.deliver_items'"
    )
    assert happened < taken
    # What was kept is sealed by the deed that took it, its own line in the tray's book among it.
    whole = desk.server.read(seals.prove)
    steps, lines = (scalar(desk.server, f"SELECT count(*) FROM {table}") for table in ("mail_event", "taken_deed"))
    assert (whole.broken, whole.facts) == ((), steps + lines + 1)  # and a proof of delivery


def test_an_answer_that_is_lost_is_no_second_item(desk):
    stall(desk, "lose_answers")
    kept = desk.office.write(receive_item, s10(7))
    assert isinstance(kept, tray.KeptHere)
    # The direct attempt came through all the same, as far as its answers let it; in any case there is one item.
    went = replay(desk)
    assert len(went.ended) == 1
    assert scalar(desk.server, "SELECT count(*) FROM mail_item WHERE carrier_number = :n", n=s10(7)) == 1


def test_a_commit_whose_answer_is_lost(desk):
    """The cut comes between the commit and its answer, which is the moment that doubles."""
    cut = []

    def pull(_connection, _cursor, statement, *_rest):
        if "COMMIT" in statement:  # the deed and its commit travel together
            cut.append(True)
            stall(desk, "lose_commit")

    event.listen(desk.office.engine, "before_cursor_execute", pull)
    kept = desk.office.write(receive_item, s10(8))
    event.remove(desk.office.engine, "before_cursor_execute", pull)
    assert cut
    assert isinstance(kept, tray.KeptHere)
    until(lambda: scalar(desk.server, "SELECT count(*) FROM mail_item") == 1)  # it was done
    assert [one.changes.said for one in replay(desk).ended] == [
        scalar(desk.server, "SELECT said FROM audit_entry WHERE command = 'mail.receive_item'")
    ]
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 1
    # The control: without the id, the same outage leaves two.
    from cbo_desk.mail import Details

    event.listen(desk.office.engine, "before_cursor_execute", pull)
    keeper, desk.office.tray = desk.office.tray, None
    for _attempt in range(2):
        try:
            desk.office.write(receive_item, "", Details(carrier="Hand delivery"))
        except Trouble:
            event.remove(desk.office.engine, "before_cursor_execute", pull)
            desk.wire.mend()
            until(lambda: not desk.office.link.away)
    desk.office.tray = keeper
    assert scalar(desk.server, "SELECT count(*) FROM mail_item WHERE carrier = 'Hand delivery'") == 2


@contextmanager
def own_seconds() -> Iterator[list[float]]:
    """How long something took, in seconds in which this program could run: a busy computer has fewer of them."""
    ended, took = threading.Event(), [0.0]

    def tick() -> None:
        while not ended.wait(0.05):
            took[0] += 0.05

    ticking = threading.Thread(target=tick)
    ticking.start()
    try:
        yield took
    finally:
        ended.set()
        ticking.join()


def test_a_server_that_hangs_holds_nobody_up(desk):
    assert (desk.office.link.patience, desk.office.link.answer) == (3, 4)  # what a person waits at the most, once
    asked = []
    for attempt in ("do_connect", "checkout"):
        event.listen(desk.office.engine, attempt, lambda *_told: asked.append(True))
    stall(desk)
    with own_seconds() as took, pytest.raises(Away):
        desk.office.look_up(rows_of, [1])
    assert took[0] < 10  # freed by the link: the server's own limit for a statement is 30
    assert asked
    assert desk.office.link.away
    asked.clear()
    for _ in range(50):
        with pytest.raises(Away):
            desk.office.look_up(rows_of, [1])
        assert isinstance(desk.office.write(receive_item, ""), tray.KeptHere)
    assert not asked  # whoever asks nothing waits for no answer
    assert desk.tray.standing().waiting == 50
    assert len(replay(desk).ended) == 50
    assert asked
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 50


def test_what_the_server_refuses_is_looked_at(desk):
    office, room = desk.office, desk.room
    desk.wire.cut()
    [new] = office.write(receive_item, s10(11)).ids
    office.write(shelve_items, [new], room.places["H-01"])
    [other] = office.write(receive_item, s10(12)).ids
    # Meanwhile a colleague at another workstation received the first one.
    desk.server.write(receive_item, s10(11))
    went = replay(desk)
    assert (len(went.ended), went.refused, went.left) == (1, 2, 0)
    first, second = tray.review(desk.tray)
    assert "was received on" in first.said
    assert first.about == f"{s10(11)} received"
    assert "look at its receipt first" in second.said
    # It did come in once more: the clerk says so, and what depended on it is tried again.
    tray.change_kept(desk.tray, first.n, {"again": True})
    tray.try_again(desk.tray, [second.n])
    went = tray.take_waiting(desk.tray)
    assert (len(went.ended), went.refused) == (2, 0)
    assert tray.review(desk.tray) == []
    shelf = column(desk.server, "SELECT shelf_code FROM mail_item WHERE carrier_number = :n ORDER BY id", n=s10(11))
    assert shelf == ["", "H-01"]
    assert desk.tray.stand_in(other) > 0


def test_what_is_kept_is_taken_back_before_the_server_has_it(desk):
    office, room = desk.office, desk.room
    desk.wire.cut()
    with pytest.raises(Away):  # from here on nothing is tried at the server first
        office.look_up(rows_of, [1])
    received = office.write(receive_item, s10(21))
    shelved = office.write(shelve_items, list(received.ids), room.places["H-01"])
    assert received.undo is not None
    assert shelved.undo is not None
    with pytest.raises(Refusal, match="Take back first what was done with it later"):
        office.write(received.undo.command, *received.undo.args)
    assert office.read(rows_of, list(received.ids))[0].state is State.SHELVED
    assert "taken back" in office.write(shelved.undo.command, *shelved.undo.args).said
    assert office.read(rows_of, list(received.ids))[0].state is State.RECEIVED
    office.write(received.undo.command, *received.undo.args)
    with pytest.raises(Trouble):
        office.read(rows_of, list(received.ids))
    assert desk.tray.standing().waiting == 0
    # It can be received again: the picture knows it no more.
    again = office.write(receive_item, s10(21))
    assert replay(desk).left == 0
    assert column(desk.server, "SELECT carrier_number FROM mail_item") == [s10(21)]
    with pytest.raises(Refusal, match="gone to the server meanwhile"):
        office.write(again.undo.command, *again.undo.args)


def test_what_the_server_may_have_is_not_taken_back_here(desk):
    stall(desk, "lose_answers")
    kept = desk.office.write(receive_item, s10(22))
    with pytest.raises(Refusal, match="the server may have this already"):
        desk.office.write(kept.undo.command, *kept.undo.args)
    assert len(replay(desk).ended) == 1
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 1


def test_one_of_several_is_left_out(desk):
    """A delivery of two, of which a colleague brought one back meanwhile: the signature stands for the other."""
    office, room = desk.office, desk.room
    there = Details(addressed=Addressed(person_id=room.people["Erik"]))
    first, second = (desk.server.write(receive_item, s10(number), there).ids[0] for number in (15, 16))
    desk.tray.look()
    desk.wire.cut()
    office.write(deliver_items, [first, second], Taken("Lindqvist, Erik", strokes=STROKES))
    desk.server.write(deliver_items, [first], Taken("Lindqvist, Elin", strokes=STROKES))
    assert replay(desk).refused == 1
    [row] = tray.review(desk.tray)
    assert row.about == "2 items handed to Lindqvist, Erik"
    assert [one.label for one in row.questions] == ["Who took it", "Leave out M-000001", "Leave out M-000002"]
    with pytest.raises(Refusal, match="Leave one item in"):
        tray.change_kept(desk.tray, row.n, {"leave_out0": True, "leave_out1": True})
    tray.change_kept(desk.tray, row.n, {"leave_out0": True})
    assert len(tray.take_waiting(desk.tray).ended) == 1
    holders = "SELECT holder FROM mail_item ORDER BY id"
    assert column(desk.server, holders) == ["Lindqvist, Elin", "Lindqvist, Erik"]


def test_dropping_needs_a_reason_and_ends_every_copy(desk, tmp_path):
    desk.wire.cut()
    desk.office.write(receive_item, s10(21))
    desk.server.write(receive_item, s10(21))
    copied = copy(desk, tmp_path)
    assert replay(desk).refused == 1
    [row] = tray.review(desk.tray)
    with pytest.raises(Refusal, match="Say why"):
        tray.drop_kept(desk.tray, row.n, " ")
    assert "Dropped" in tray.drop_kept(desk.tray, row.n, "Ben received it").said
    assert tray.review(desk.tray) == []
    args = scalar(desk.server, "SELECT args FROM audit_entry WHERE command = 'tray.drop_kept'")
    assert args["reason"] == "Ben received it"
    assert args["kept"]["body"]["text"] == s10(21)
    # The copy at another workstation is told, and can only let go of it.
    other = sit_down(desk.url, copied, workstation="DESK-2")
    tray.take_waiting(other.tray)
    [row] = tray.review(other.tray)
    assert row.final
    assert "ada dropped this at DESK-1" in row.said
    tray.drop_kept(other.tray, row.n, "It was dropped")
    assert tray.review(other.tray) == []
    leave(other)
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 1


def copy(desk, tmp_path):
    """The tray as it lies on the disk, as a copied profile holds it."""
    there = tmp_path / "copied"
    shutil.copytree(desk.folder, there)
    return there


def test_the_same_tray_at_two_workstations(desk, tmp_path):
    desk.wire.cut()
    for number in range(31, 35):
        desk.office.write(receive_item, s10(number))
    copied = copy(desk, tmp_path)
    desk.wire.mend()
    other = sit_down(desk.url, copied, workstation="DESK-2")
    assert other.tray.notes == ("This tray was begun at DESK-1: what both workstations hold is taken once.",)
    # Both go on keeping, and both bring what they hold, by turns.
    until(lambda: not desk.office.link.away)
    tray.take_waiting(desk.tray, 2)
    tray.take_waiting(other.tray, 3)
    desk.wire.cut()
    desk.office.write(receive_item, s10(41))
    other.write(receive_item, s10(42))
    replay(desk)
    until(lambda: not other.link.away)
    tray.take_waiting(other.tray)
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 6
    assert scalar(desk.server, "SELECT count(DISTINCT carrier_number) FROM mail_item") == 6
    assert [desk.tray.standing().waiting, other.tray.standing().waiting, other.tray.standing().refused] == [0, 0, 0]
    leave(other)


def test_one_copy_was_changed_meanwhile(desk, tmp_path):
    desk.wire.cut()
    desk.office.write(receive_item, s10(51))
    desk.server.write(receive_item, s10(51))
    assert replay(desk).refused == 1
    copied = copy(desk, tmp_path)
    [row] = tray.review(desk.tray)
    tray.change_kept(desk.tray, row.n, {"again": True})
    assert len(tray.take_waiting(desk.tray).ended) == 1
    other = sit_down(desk.url, copied, workstation="DESK-2")
    [row] = tray.review(other.tray)
    tray.try_again(other.tray, [row.n])
    tray.take_waiting(other.tray)
    [row] = tray.review(other.tray)
    assert row.final
    assert row.said.startswith("This was taken already from DESK-1, in another form")
    with pytest.raises(Refusal, match="only be dropped"):
        tray.change_kept(other.tray, row.n, {"again": False})
    leave(other)
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 2


def test_a_workstation_comes_back_after_a_week(desk):
    room, office = desk.room, desk.office
    [first] = office.write(receive_item, s10(61)).ids
    desk.tray.look()
    desk.wire.cut()
    office.write(shelve_items, [first], room.places["H-01"])
    office.write(receive_item, s10(62))
    # A week passes; meanwhile the item was delivered from another workstation.
    connection = sqlite_module().connect(desk.tray.file.path)
    week = scalar(desk.server, "SELECT now()") - timedelta(days=7)
    connection.execute("UPDATE kept SET happened_at = ?", (f"{week:%Y-%m-%dT%H:%M:%S}.000000Z",))
    connection.commit()
    connection.close()
    desk.server.write(deliver_items, [first], Taken("Lindqvist, Erik", strokes=STROKES))
    leave(office)
    desk.wire.mend()
    desk.office = sit_down(desk.url, desk.folder)
    desk.tray = desk.office.tray
    assert (desk.tray.standing().waiting, desk.tray.standing().oldest.date()) == (2, week.date())
    went = tray.take_waiting(desk.tray)
    assert (len(went.ended), went.refused) == (1, 1)
    [row] = tray.review(desk.tray)
    assert "has been delivered already" in row.said
    received = scalar(desk.server, "SELECT received_at FROM mail_item WHERE carrier_number = :n", n=s10(62))
    assert received.date() == week.date()


def test_a_clock_that_runs_ahead_is_held_to_the_server_s(desk):
    desk.wire.cut()
    desk.office.server_clock.tell(desk.office.instant() + timedelta(hours=1))
    desk.office.write(receive_item, s10(71))
    replay(desk)
    assert scalar(desk.server, "SELECT max(received_at) <= now() FROM mail_item")


def test_another_person_s_tray_waits_for_them(desk):
    desk.wire.cut()
    desk.office.write(receive_item, s10(81))
    desk.wire.mend()
    ben = sit_down(desk.url, desk.folder, "ben")
    assert ben.tray.notes == ("1 deed kept by ada wait here until ada signs in.",)
    assert tray.take_waiting(ben.tray).ended == []
    leave(ben)


def test_a_tray_of_another_program(desk):
    """Of a newer one nothing is touched; of an unreadable one nothing is thrown away."""
    desk.wire.cut()
    desk.office.write(receive_item, s10(91))
    path = desk.tray.file.path
    leave(desk.office)
    connection = sqlite_module().connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    desk.wire.mend()
    before = path.read_bytes()
    with pytest.raises(Trouble, match="newer CBO Desk"):
        sit_down(desk.url, desk.folder)
    assert path.read_bytes() == before
    path.write_bytes(b"not a tray" * 200)
    desk.office = sit_down(desk.url, desk.folder)
    assert "put aside as" in desk.office.tray.notes[0]
    assert [one.read_bytes()[:10] for one in desk.folder.glob("*-unreadable-*.db")] == [b"not a tray"]


def test_a_deed_of_a_newer_form_waits_for_its_program(desk):
    desk.wire.cut()
    desk.office.write(receive_item, s10(92))
    connection = sqlite_module().connect(desk.tray.file.path)
    connection.execute("UPDATE kept SET form = 9")
    connection.commit()
    connection.close()
    assert replay(desk).refused == 1
    [row] = tray.review(desk.tray)
    assert "newer CBO Desk" in row.said
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == 0


@contextmanager
def suppress_full() -> Iterator[list[str]]:
    """The trouble that ended what was done within, in words."""
    told: list[str] = []
    try:
        yield told
    except Trouble as trouble:
        told.append(str(trouble))


def test_a_disk_without_room_acknowledges_nothing(desk):
    desk.wire.cut()
    pages = desk.tray.file._connection.execute("PRAGMA page_count").fetchone()[0]
    desk.tray.file._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    kept = 0
    with suppress_full() as full:
        for _number in range(1000):
            desk.office.write(receive_item, "", Details(notes="x" * 2000, carrier="Hand delivery"))
            kept += 1
    assert "cannot keep it" in full[0]
    assert kept
    assert desk.tray.standing().waiting == kept
    desk.tray.file._connection.execute("PRAGMA max_page_count = 1000000")
    assert len(replay(desk).ended) == kept
    assert scalar(desk.server, "SELECT count(*) FROM mail_item") == kept


@pytest.mark.parametrize("words", ["sorry, too many clients already", 'too many connections for role "mailroom"'])
def test_a_server_without_a_free_connection_is_not_away(words):
    error = psycopg.OperationalError(f"connection failed: FATAL:  {words}")
    told = bad_news(OperationalError("SELECT 1", {}, error), "Nothing was saved.")
    assert (type(told), str(told)) == (Trouble, "The server has no free connection. Nothing was saved.")
    gone = psycopg.OperationalError("connection failed: Connection refused")
    assert type(bad_news(OperationalError("SELECT 1", {}, gone), "Nothing was saved.")) is Away
