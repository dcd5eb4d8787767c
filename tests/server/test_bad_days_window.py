"""Bad days of a server as the person at the window meets them: each a clear sentence, and nothing is lost.

What else the list of bad input names is tried in a window by test_front_pages (certificate, password, another version),
test_joining (a wrong fingerprint) and tests/ui/application/test_restoring (a damaged backup).
"""

from __future__ import annotations

import os
import platform
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication
from sqlalchemy import text

from cbo_desk import server_clock
from cbo_desk.attachments import attachments_of
from cbo_desk.compound import name_compound, open_office
from cbo_desk.mail import receive_item
from cbo_desk.people import EntityForm, add_entity
from db.engine import sqlite_module
from db.schema import NEWEST
from scripts.wire import Wire
from tests.mail.codes import s10
from tests.server.conftest import CLERKS, keep_own
from tests.ui.application.conftest import home, start  # noqa: F401 - fixtures
from tests.ui.mail.conftest import Clerk
from ui.papers import Papers

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")
WEEK = timedelta(days=7)


@pytest.fixture
def truth(served):
    """The administrator at another workstation."""
    office = open_office(served.url(), check=False)
    office.write(name_compound, "Gigiri compound")
    keep_own(served)
    yield office
    office.close()


@pytest.fixture
def wire(served):
    wire = Wire(served.cluster.port)
    yield wire
    wire.close()


@pytest.fixture
def through(served, wire):
    """ben's way to the server, through the wire."""
    return served.url("ben", CLERKS).replace(f":{served.cluster.port}/", f":{wire.port}/")


def scalar(office, question, **values):
    with office.engine.connect() as connection:
        return connection.execute(text(question), values).scalar()


def picture(frame, name):
    """Leave a picture where somebody wants to look at it."""
    if folder := os.environ.get("CBO_PICTURES"):
        frame.resize(1440, 900)
        QCoreApplication.processEvents()
        frame.grab().save(f"{folder}/{name}.png")


# --- at work


def at_work(qtbot, opening):
    """A clerk at the counter, who knows what an outage would begin with."""
    clerk = Clerk(qtbot, opening.window)
    outage = opening.window.outage
    clerk.until(lambda: outage.tray is not None and outage.tray.fresh and not outage.busy)
    outage.tray.link.again = 0.1
    outage._beat.setInterval(100)
    clerk.window.shell.go("mail")
    clerk.window.shell.actions_.run("mail.receive")
    clerk.still()
    return clerk


def notices(clerk):
    return " ".join(notice.said for notice in clerk.window.shell.toasts.notices.all)


def brought(clerk):
    """Wait until the server has all that it takes."""
    outage = clerk.window.outage
    clerk.until(lambda: outage.standing.away_since is None and not outage.standing.waiting and not outage.busy)
    clerk.still()


def test_a_clock_an_hour_off_and_set_in_the_middle(truth, wire, through, start, qtbot, monkeypatch):  # noqa: F811
    wrong = [timedelta(hours=1)]
    monkeypatch.setattr(server_clock, "own_clock", lambda: datetime.now(UTC) + wrong[0])
    clerk = at_work(qtbot, start(through))
    watch, outage = clerk.window.timekeeping, clerk.window.outage
    watch._beat.setInterval(100)
    strip = watch.strip
    clerk.until(strip.isVisible)
    assert strip.words.text() == (
        "This computer's clock is 60 minutes ahead of the server's. All is saved and shown with the server's time; "
        "have the clock set. Whole hours mostly come from a wrong time zone or summer time."
    )
    picture(clerk.window.shell, "work_clock")
    # The clock at the top of the window is the server's too.
    assert abs(clerk.window.shell.top._now() - datetime.now(UTC)) < timedelta(minutes=5)
    clerk.scan(s10(701))
    wrong[0] = timedelta(0)  # somebody sets it right
    clerk.until(lambda: not strip.isVisible())
    clerk.scan(s10(702))
    wrong[0] = timedelta(minutes=-47)
    clerk.until(lambda: strip.isVisible() and "47 minutes behind" in strip.words.text())
    assert "summer time" not in strip.words.text()
    clerk.scan(s10(703))
    # Without the server it counts on, and what is kept carries its time.
    wire.cut()
    outage.give_up()
    clerk.until(lambda: outage.standing.away_since is not None)
    clerk.scan(s10(704))
    clerk.until(lambda: outage.standing.waiting == 1)
    page = clerk.window.shell.go("today/kept")
    clerk.until(lambda: page.chosen is not None)
    assert page.chosen.sure
    assert abs(page.chosen.clock - page.chosen.at + timedelta(minutes=47)) < timedelta(minutes=2)
    picture(clerk.window.shell, "work_clock_kept")
    wire.mend()
    brought(clerk)
    off = "SELECT max(abs(extract(epoch FROM now() - received_at))) FROM mail_item WHERE carrier_number = ANY(:all)"
    four = [s10(number) for number in (701, 702, 703, 704)]
    assert scalar(truth, "SELECT count(*) FROM mail_item WHERE carrier_number = ANY(:all)", all=four) == 4
    assert scalar(truth, off, all=four) < 600
    # A clerk without a role on the Settings desk knows where she is.
    assert clerk.window.shell.sidebar.compound.words() == "Gigiri compound"
    assert "You may not" not in notices(clerk)


def test_a_full_disk(served, small_disk, truth, start, qtbot, tmp_path):  # noqa: F811
    """Of the table of papers; a photo is not kept, and the clerk who adds it is told."""
    ident = truth.write(add_entity, EntityForm("WFULL", "Full disk")).ids[0]
    clerk = at_work(qtbot, start(served.url("ben", CLERKS)))
    page = clerk.window.shell.go("people", f"people.entity:{ident}")
    clerk.until(lambda: getattr(page.card.entity, "id", None) == ident)
    [papers] = [each for each in page.card.findChildren(Papers) if each.isVisible()]
    clerk.until(lambda: papers._id == ident)
    for number in range(6):  # chosen at once; four megabytes are full after two or three
        plan = tmp_path / f"plan{number}.pdf"
        plan.write_bytes(b"%PDF-1.4\n" + os.urandom(1_500_000))
        papers.add_file(plan)
    clerk.until(lambda: "The server's disk is full: tell its administrator. Nothing was saved." in notices(clerk))
    clerk.still()
    saved = [row.name for row in truth.read(attachments_of, "people.entity", ident)]
    assert saved == [f"plan{number}.pdf" for number in reversed(range(len(saved)))]
    assert len(saved) in (2, 3, 4, 5)
    picture(clerk.window.shell, "work_full")
    # What needs no room there goes on.
    clerk.window.shell.go("mail/rapid")
    clerk.scan(s10(711))
    clerk.until(lambda: scalar(truth, "SELECT count(*) FROM mail_item WHERE carrier_number = :n", n=s10(711)) == 1)


def test_a_parcel_waits_for_room_on_the_disk(served, truth, start, qtbot):  # noqa: F811
    """What may be kept is kept here while the server takes nothing, and the strip says why."""
    clerk = at_work(qtbot, start(served.url("ben", CLERKS)))
    strip = clerk.window.outage.strip
    with served.as_superuser() as owner:
        owner.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION "
            "'could not extend file' USING ERRCODE = 'disk_full'; END$$"
        )
        owner.execute("CREATE TRIGGER full_disk BEFORE INSERT ON mail_item EXECUTE FUNCTION full_disk()")
        try:
            clerk.scan(s10(721))
            clerk.until(strip.isVisible)
            said = strip.words.text()
            assert said == (
                "The server's disk is full: tell its administrator. Nothing is lost: 1 deed is kept here and tried "
                "again by itself."
            )
            picture(clerk.window.shell, "work_full_kept")
        finally:
            owner.execute("DROP FUNCTION full_disk() CASCADE")
    brought(clerk)
    clerk.until(lambda: not strip.isVisible())
    assert scalar(truth, "SELECT count(*) FROM mail_item WHERE carrier_number = :n", n=s10(721)) == 1


def schema(served, number):
    with served.as_superuser() as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", (number,))


def test_the_tables_change_below_an_open_window(served, truth, start, qtbot):  # noqa: F811
    """A newer program brought the server up to date: this one takes no chances, keeps what comes, and says why."""
    clerk = at_work(qtbot, start(served.url("ben", CLERKS)))
    strip = clerk.window.outage.strip
    try:
        schema(served, "9999")
        clerk.window.office.server_clock.ask_soon()  # it is asked once a minute
        clerk.until(lambda: strip.isVisible() and "made by a newer CBO Desk (schema 9999)" in strip.words.text())
        clerk.scan(s10(741))
        clerk.until(lambda: clerk.window.outage.standing.waiting == 1)
        assert "1 deed is kept here" in strip.words.text()
        assert scalar(truth, "SELECT count(*) FROM mail_item WHERE carrier_number = :n", n=s10(741)) == 0
        picture(clerk.window.shell, "work_newer")
    finally:
        schema(served, NEWEST)
    brought(clerk)
    assert scalar(truth, "SELECT count(*) FROM mail_item WHERE carrier_number = :n", n=s10(741)) == 1


# --- back after a while


def waits(clerk, count):
    clerk.until(lambda: clerk.window.outage.standing.waiting == count)
    clerk.still()


def test_back_after_a_week_and_the_same_tray_at_two_workstations(
    truth, wire, through, start, qtbot, home, monkeypatch  # noqa: F811
):
    monkeypatch.setattr(platform, "node", lambda: "DESK-1")
    opening = start(through)
    clerk = at_work(qtbot, opening)
    wire.cut()
    clerk.window.outage.give_up()
    clerk.until(lambda: clerk.window.outage.standing.away_since is not None)
    for number in (731, 732, 733):
        clerk.scan(s10(number))
    waits(clerk, 3)
    path = clerk.window.outage.tray.file.path
    opening.finish()
    # A week passes. A colleague received one of them meanwhile; and somebody copied the profile to another computer.
    truth.write(receive_item, s10(733))
    week = datetime.now(UTC) - WEEK
    connection = sqlite_module().connect(path)
    connection.execute("UPDATE kept SET happened_at = ?", (f"{week:%Y-%m-%dT%H:%M:%S}.000000Z",))
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    copied = home / "copied"
    shutil.copytree(path.parent, copied)
    wire.mend()

    opening = start(through)
    clerk = at_work(qtbot, opening)
    brought(clerk)
    clerk.until(lambda: "2 deeds kept here went to the server. 1 deed was refused." in notices(clerk))
    picture(clerk.window.shell, "back_after_a_week")
    received = "SELECT received_at FROM mail_item WHERE carrier_number = :n"
    for number in (731, 732):
        assert abs(scalar(truth, received, n=s10(number)) - week) < timedelta(minutes=1)
    page = clerk.window.shell.go("today/kept")
    clerk.until(lambda: len(page.model.rows) == 1 and page.chosen is not None)
    assert "was received on" in page.chosen.said
    opening.finish()

    shutil.rmtree(path.parent)
    copied.rename(path.parent)
    monkeypatch.setattr(platform, "node", lambda: "DESK-2")
    clerk = at_work(qtbot, start(through))
    brought(clerk)
    clerk.until(lambda: "begun at DESK-1: what both workstations hold is taken once" in notices(clerk))
    clerk.until(lambda: clerk.window.outage.standing.refused == 1)
    picture(clerk.window.shell, "copied_tray")
    counted = "SELECT count(*) FROM mail_item WHERE carrier_number = :n"
    assert [scalar(truth, counted, n=s10(number)) for number in (731, 732, 733)] == [1, 1, 1]
