"""A window on a real server whose wire is cut in the middle of a mail round and of a count."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt

from cbo_desk.mail import Addressed, Details, State, load_items, plan_round, receive_item, send_round
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.property.verification import Scope, open_campaign
from db.engine import open_engine
from scripts.wire import Wire
from tests.mail.codes import s10
from tests.tray.conftest import beyond, column, scalar, server, wire
from tests.ui.mail.conftest import Clerk
from tests.ui.places.conftest import open_window

__all__ = ["open_window", "server", "wire"]

ROOT = Path(__file__).parents[3]


@pytest.fixture
def desk(qtbot: Any, open_window: Any, postgres_url: str, server: Any, wire: Wire) -> SimpleNamespace:
    """A clerk at a window behind the wire; a round has left with one registered item."""
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator

    room = server.room
    there = Details(addressed=Addressed(person_id=room.people["Erik"]))
    first = server.write(receive_item, s10(1), there).ids[0]
    going = server.write(plan_round, "Round 1", "J. Mwangi", [room.places["M-214"]]).ids[0]
    server.write(load_items, [first], going)
    server.write(send_round, going)
    office = Office(open_engine(beyond(postgres_url, wire)), administrator("ada", "Ada Achieng", "DESK-1"))
    clerk = Clerk(qtbot, open_window(office, "mail"))
    outage = clerk.window.outage
    clerk.until(lambda: outage.tray is not None and outage.tray.fresh and not outage.busy)
    outage.tray.link.again = 0.1
    return SimpleNamespace(
        clerk=clerk, window=clerk.window, outage=outage, wire=wire, server=server, room=room, first=first, going=going
    )


def cut(desk: SimpleNamespace) -> None:
    """Pull the plug, and wait until the window says so."""
    desk.wire.cut()
    desk.clerk.until(lambda: desk.outage.standing.away_since is not None)
    desk.clerk.still()


def back(desk: SimpleNamespace) -> None:
    """Put the plug in again, and wait until nothing waits any more."""
    desk.wire.mend()
    desk.clerk.until(
        lambda: desk.outage.standing.away_since is None and not desk.outage.standing.waiting and not desk.outage.busy
    )
    desk.clerk.still()


def test_what_was_not_looked_at_before_is_not_known(desk):
    """Neither a page nor a list says that there is nothing where nobody has looked; both are read once it is back."""
    clerk, shell = desk.clerk, desk.window.shell
    mail = shell.go("mail")
    clerk.until(lambda: mail.list.total == 1)
    cut(desk)
    people = shell.go("people")
    clerk.still()
    assert people.covered
    assert not people.summary.isVisible()
    mail = shell.go("mail")
    assert not mail.covered
    mail.list.find_words("Lindqvist")
    states = mail.list.states
    clerk.until(lambda: states.state is not None and states.state.kind == "offline")
    assert mail.list.foot.rows.words() == ""
    # What works without the server is not covered.
    shell.go("mail/shelving")
    assert not clerk.page.covered
    back(desk)
    clerk.until(lambda: not people.covered and people.people.model.rowCount() > 0)
    clerk.until(lambda: states.state is None and mail.list.model.rowCount() == 1)
    assert "1" in mail.list.foot.rows.words()


def test_a_mail_round_and_the_counter_go_on(desk):
    clerk, shell = desk.clerk, desk.window.shell
    shell.actions_.run("mail.receive")
    clerk.still()
    rapid = clerk.page
    shell.go("mail/rounds", f"mail.round:{desk.going}")
    clerk.until(lambda: clerk.page.card.card is not None)
    clerk.page._messenger()
    [messenger] = clerk.page.findChildren(type_of_messenger())
    clerk.until(lambda: messenger.card is not None and messenger.rows)
    assert not desk.outage.strip.isVisible()

    cut(desk)
    clerk.until(desk.outage.strip.isVisible)
    assert "What you see is as it was at" in desk.outage.strip.words.text()
    assert "; what was not open before is not known. Mail rounds" in desk.outage.strip.words.text()
    # The messenger hands over with a signature.
    messenger.taking.name.setText("Lindqvist, Erik")
    sign(messenger.taking.pad)
    messenger.deliver()
    clerk.until(lambda: messenger.card.items[0].state is State.DELIVERED)
    messenger.close()
    # The counter receives, and the item is in hand.
    shell.go("mail/rapid")
    shell.activateWindow()
    clerk.until(shell.isActiveWindow)
    clerk.scan(s10(2))
    clerk.until(lambda: rapid.item is not None and rapid.item.number.startswith("Kept"))
    # The shelf is scanned, then the item by the carrier's number.
    shell.go("mail/shelving")
    clerk.scan(desk.room.doors["H-01"])
    shelving = clerk.page
    clerk.until(lambda: shelving.shelf is not None)
    clerk.scan(s10(2))
    clerk.until(lambda: len(shelving.model.rows) == 1)
    assert shelving.model.rows[0].good
    # Ctrl+Z takes back what only waits, and it is scanned once more.
    shell.actions_.run("undo")
    clerk.until(lambda: desk.outage.standing.waiting == 2)
    assert shelving.model.rows[0].taken_back
    clerk.until(lambda: "taken back" in clerk.told())
    clerk.scan(s10(2))
    clerk.until(lambda: len(shelving.model.rows) == 2)
    assert desk.outage.standing.waiting == 3
    assert "3 kept, not yet sent" in shell.sidebar._second.text()
    assert shell.sidebar.foot_deed.isVisible()
    picture(shell, "outage_shelving")
    # A page that needs the server says so, and nothing is queued.
    started = time.monotonic()
    clerk.window.runner.write(plan_round, "Round 2", "", [])
    assert time.monotonic() - started < 1  # the order is given, nobody waits for it
    clerk.until(lambda: clerk.told() == "The office server is away. Nothing was saved.")

    back(desk)
    clerk.until(lambda: rapid.item is not None and rapid.item.number.startswith("M-"))
    assert [row.number for row in rapid.model.rows] == [rapid.item.number]
    assert not desk.outage.strip.isVisible()
    assert not shell.sidebar.foot_deed.isVisible()
    assert column(desk.server, "SELECT state FROM mail_item ORDER BY id") == ["delivered", "shelved"]
    assert scalar(desk.server, "SELECT count(*) FROM mail_proof WHERE how = 'signature'") == 1


def picture(shell: Any, name: str) -> None:
    """Leave a picture where somebody wants to look at it."""
    import os

    if folder := os.environ.get("CBO_PICTURES"):
        shell.resize(1440, 900)
        shell.grab().save(f"{folder}/{name}.png")


def type_of_messenger() -> Any:
    """The messenger's window."""
    from ui.mail.messenger import MessengerWindow

    return MessengerWindow


def sign(pad: Any) -> None:
    """Draw a stroke with the mouse."""
    from PySide6.QtTest import QTest

    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPointF(20, 20).toPoint())
    for step in range(1, 6):
        QTest.mouseMove(pad, QPointF(20 + 12 * step, 20 + 5 * step).toPoint())
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPointF(80, 45).toPoint())


def test_what_was_refused_is_worked_through(desk):
    clerk, shell = desk.clerk, desk.window.shell
    shell.actions_.run("mail.receive")
    clerk.still()
    cut(desk)
    for number in (3, 4):
        clerk.scan(s10(number))
    clerk.until(lambda: desk.outage.standing.waiting == 2)
    for number in (3, 4):
        desk.server.write(receive_item, s10(number))  # a colleague did the same
    desk.wire.mend()
    clerk.until(lambda: desk.outage.standing.refused == 2)
    clerk.until(lambda: shell.toasts.now is not None and "2 deeds were refused" in shell.toasts.now.notice.said)
    shell.toasts.now.run()
    page = clerk.page
    clerk.until(lambda: len(page.model.rows) == 2 and page.chosen is not None)
    assert "was received on" in page.chosen.said
    picture(shell, "outage_review")
    # The first did come in twice; the second is dropped with a reason.
    shell.actions_.run("tray.change")
    clerk.form()
    form = shell._overlay.box.form
    form.set_values({"again": True})
    clerk.save()
    clerk.until(lambda: len(page.model.rows) == 1)
    shell.actions_.run("tray.drop")
    form = clerk.form()
    clerk.save()
    assert clerk.fault("reason")
    form.set_values({"reason": "A colleague received it"})
    clerk.save()
    clerk.until(lambda: page.model.rows == [])
    numbers = column(desk.server, "SELECT carrier_number FROM mail_item WHERE id > :first ORDER BY 1", first=desk.first)
    assert numbers == [s10(3), s10(3), s10(4)]
    assert scalar(desk.server, "SELECT count(*) FROM audit_entry WHERE command = 'tray.drop_kept'") == 1


def test_a_count_goes_on(desk):
    clerk, shell = desk.clerk, desk.window.shell
    desk.server.write(receive_assets, AssetForm(desk.room.unep, "A1", "Chair", place_id=desk.room.places["M-214"]))
    campaign = desk.server.write(open_campaign, "Count 2026", Scope()).ids[0]
    shell.go("property")
    page = shell.go("property/counting", str(campaign))
    clerk.still()
    cut(desk)
    clerk.scan(desk.room.doors["M-214"])
    clerk.until(lambda: page.room_id == desk.room.places["M-214"])
    clerk.scan("NOTHING KNOWN")
    clerk.until(lambda: page.strip.words()[0] == "Kept here")
    clerk.scan(desk.room.doors["M-118"])
    clerk.until(lambda: page.room_id == desk.room.places["M-118"])
    clerk.scan("NOTHING EITHER")
    clerk.until(lambda: desk.outage.standing.waiting == 4)
    back(desk)
    rows = column(desk.server, "SELECT room_id || ' ' || text FROM campaign_count ORDER BY id")
    assert rows == [f"{desk.room.places[room]} {text}" for room, text in
                    (("M-214", "NOTHING KNOWN"), ("M-118", "NOTHING EITHER"))]  # fmt: skip


FRESH = """
import sys
from pathlib import Path
import ui.window
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.tray.kinds import kind_named
from db.engine import open_engine
from ui.outage import _begin
tray = _begin(Office(open_engine(sys.argv[1]), administrator("ada", "Ada", "DESK-1")), Path(sys.argv[2]))
print(*sorted(type(one).__name__ for one in tray.pictures), kind_named("property.count_item").name)
"""


def test_counts_are_kept_and_brought_before_their_page_was_ever_opened(postgres_url, tmp_path):
    """In a process of its own: in this one other tests have loaded every desk."""
    order = [sys.executable, "-c", FRESH, postgres_url, str(tmp_path)]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["CountPicture", "MailroomPicture", "property.count_item"], done.stderr


def test_a_window_on_a_file_knows_no_tray(clerk_on_file):
    assert clerk_on_file.window.outage.tray is None
    assert not clerk_on_file.window.outage.strip.isVisible()


@pytest.fixture
def clerk_on_file(qtbot: Any, open_window: Any, sqlite_office: Any) -> Clerk:
    """A clerk over a file of their own."""
    return Clerk(qtbot, open_window(sqlite_office, "mail"))
