"""A workstation's clock is an hour wrong, or is set while the server is away: what was kept has the server's time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cbo_desk import server_clock, tray
from cbo_desk.mail import receive_item
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.tray.hours import When, when, written
from db.engine import open_engine, sqlite_module
from tests.mail.codes import s10
from tests.tray.conftest import leave, scalar, until

HOUR = timedelta(hours=1)
NEAR = timedelta(minutes=5)


class WrongClock:
    """This workstation's clock, set forward and back at will."""

    def __init__(self, monkeypatch):
        self.off = timedelta(0)
        monkeypatch.setattr(server_clock, "own_clock", lambda: datetime.now(UTC) + self.off)


@pytest.fixture
def wrong(monkeypatch):
    return WrongClock(monkeypatch)


def bring(desk):
    desk.wire.mend()
    until(lambda: not desk.office.link.away)
    went = tray.take_waiting(desk.tray)
    assert (went.refused, went.left) == (0, 0)


def off(desk, number):
    """By how much an item's receipt is beside the truth; the test lives a moment only."""
    found = scalar(desk.server, "SELECT received_at FROM mail_item WHERE carrier_number = :n", n=number)
    return abs(datetime.now(UTC) - found)


def marked(desk):
    """What the audit says of the clocks of what was kept, newest last."""
    with desk.server.engine.connect() as connection:
        asked = "SELECT args -> 'kept' ->> 'clock' FROM audit_entry WHERE args ? 'kept' ORDER BY seq"
        return list(connection.exec_driver_sql(asked).scalars())


@pytest.mark.parametrize("first", [HOUR, -HOUR])
def test_set_an_hour_forward_or_back_while_the_server_is_away(desk, wrong, first):
    desk.wire.cut()
    desk.office.write(receive_item, s10(1))
    wrong.off = first
    assert abs(desk.office.server_clock.ahead - first) < NEAR
    desk.office.write(receive_item, s10(2))
    assert [(row.sure, row.clock is None) for row in tray.review(desk.tray)] == [(True, True), (True, False)]
    wrong.off = timedelta(0)  # somebody sets it right
    assert abs(desk.office.server_clock.ahead) < NEAR
    desk.office.write(receive_item, s10(3))
    bring(desk)
    assert all(off(desk, s10(number)) < NEAR for number in (1, 2, 3))
    # What was done by a clock that said something else names it.
    right, own, again = marked(desk)
    assert (right, again) == (None, None)
    assert abs(datetime.fromisoformat(own) - first - datetime.now(UTC)) < NEAR


def begun_without(desk):
    """The person begins anew while the server is away, so that nobody has told this run of the program the time."""
    leave(desk.office)
    desk.office = Office(open_engine(desk.url), administrator("ada", "Ada", "DESK-1"))
    desk.tray = tray.begin(desk.office, desk.folder)
    desk.office.link.again = 0.1
    desk.office.link.lost()


@pytest.mark.parametrize(("then", "now"), [(HOUR, HOUR), (-HOUR, -HOUR), (HOUR, timedelta(0))])
def test_kept_before_the_server_told_the_time(desk, wrong, then, now):
    desk.wire.cut()
    begun_without(desk)
    wrong.off = then
    desk.office.write(receive_item, s10(4))
    [row] = tray.review(desk.tray)
    assert not row.sure
    assert abs(row.at - then - datetime.now(UTC)) < NEAR
    wrong.off = now
    bring(desk)
    # The counter of this run knows how long ago it was, whatever became of the clock meanwhile.
    assert off(desk, s10(4)) < NEAR
    assert marked(desk)[0] is not None


def test_brought_by_a_later_run_of_the_program(desk, wrong):
    """The clock is taken to have been as wrong as it is now; nothing is ever later than the taking."""
    wrong.off = HOUR
    desk.wire.cut()
    begun_without(desk)
    desk.office.write(receive_item, s10(5))
    leave(desk.office)
    connection = sqlite_module().connect(desk.tray.file.path)
    connection.execute("UPDATE kept SET clock = json_set(clock, '$.run', 'another')")
    connection.commit()
    connection.close()
    begun_without(desk)
    bring(desk)
    assert off(desk, s10(5)) < NEAR


def test_whose_clock_it_was(desk, wrong):
    """A copy of the tray at another workstation says nothing about the clock it was kept by."""
    desk.wire.cut()
    begun_without(desk)
    wrong.off = -HOUR
    desk.office.write(receive_item, s10(6))
    [kept] = desk.tray.file.in_state("waiting")
    elsewhere = server_clock.ServerClock()
    own = datetime.fromisoformat(kept.clock["own"])
    assert when(kept, elsewhere, here=True) == When(kept.happened_at, own, sure=False)
    elsewhere.tell(datetime.now(UTC))
    kept.clock["run"] = "another"
    assert when(kept, elsewhere, here=False).at == kept.happened_at
    assert abs(when(kept, elsewhere, here=True).at - kept.happened_at - HOUR) < NEAR
    # What an older program kept says nothing of clocks, and stands as it is.
    kept.clock.clear()
    assert when(kept, elsewhere, here=True) == When(kept.happened_at, kept.happened_at)


def test_a_tray_of_the_form_before_is_raised(desk):
    desk.wire.cut()
    desk.office.write(receive_item, s10(7))
    path = desk.tray.file.path
    leave(desk.office)
    connection = sqlite_module().connect(path)
    connection.execute("ALTER TABLE kept DROP COLUMN clock")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    begun_without(desk)
    bring(desk)
    assert off(desk, s10(7)) < NEAR


def test_the_counter_goes_on_and_the_clock_is_known_once_told():
    clock = server_clock.ServerClock()
    assert (clock.known, clock.due, clock.ahead) == (False, True, timedelta(0))
    clock.tell(datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert (clock.known, clock.due) == (True, False)
    assert timedelta(0) <= clock.now() - datetime(2026, 11, 30, 12, tzinfo=UTC) < NEAR
    clock.ask_soon()
    assert clock.due
    assert set(written(clock.reading())) == {"own", "known", "run", "steady"}
