"""The restore wizard in the window, from the button to the other file; and the server for reports, named there."""

from __future__ import annotations

import os
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from cbo_desk.backup import backup
from cbo_desk.compound import about, name_compound
from cbo_desk.keeping import Plan
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import open_engine
from tests.ui.places.conftest import Hands, open_window
from ui.kit.buttons import Button
from ui.kit.labels import Label
from ui.settings.backups import keep_plan
from ui.settings.restoring import RestoreBox

__all__ = ["open_window"]


def database_panel(hands: Hands) -> Any:
    page = hands.window.shell.go("settings", "database")
    hands.until(lambda: page.tabs.current() == "database")
    hands.still()
    return page.panels["database"]


def button(widget: Any, words: str) -> list[Button]:
    return [one for one in widget.findChildren(Button) if one.isVisible() and words in one.accessibleName()]


def press(hands: Hands, widget: Any, words: str) -> None:
    hands.until(lambda: button(widget, words))
    button(widget, words)[0].click()


def picture(shell: Any, name: str) -> None:
    """Leave a picture where somebody wants to look at it."""
    if folder := os.environ.get("CBO_PICTURES"):
        shell.resize(1440, 900)
        shell.grab().save(f"{folder}/{name}.png")


def test_a_backup_is_put_back_step_by_step(start, demo, qtbot, tmp_path):
    opening = start(str(demo))
    hands = Hands(qtbot, opening.window)
    office, kept = opening.window.office, tmp_path / "backups"
    kept.mkdir()
    keep_plan(hands.window.bench.preferences, office, Plan(str(kept)))
    panel = database_panel(hands)
    panel.back_up_to(kept / "monday.backup")
    hands.until(lambda: "Backup proven" in hands.told())
    hands.until(lambda: opening.frame.sidebar._kept.words().startswith("Backup"))  # at the foot, at once
    office.write(name_compound, "Renamed since")
    damaged = bytearray((kept / "monday.backup").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (kept / "damaged.backup").write_bytes(damaged)
    (kept / "damaged.backup.manifest.json").write_bytes((kept / "monday.backup.manifest.json").read_bytes())
    press(hands, panel, "Restore…")
    hands.until(lambda: isinstance(getattr(hands.window.shell._overlay, "box", None), RestoreBox))
    box = hands.window.shell._overlay.box
    # First: which one. A damaged one is refused in a sentence, and another can be chosen at once.
    assert box.step.words().startswith("1 of 3")
    box.look_at(kept / "damaged.backup")
    hands.until(box.fault.isVisible)
    assert box.fault.words() == "damaged.backup was damaged since it was written. Use another backup."
    picture(opening.frame, "restore_damaged")
    box.look_at(kept / "monday.backup")
    # Second: what it holds, and what was done since.
    hands.until(lambda: box.step.words().startswith("2 of 3"))
    assert not box.fault.isVisible()
    told = " ".join(label.words() for label in box.body.findChildren(type(box.step)))
    assert "2 deeds by 1 person since then" in told  # the note that it was made, and the new name
    assert "Renamed since" in told
    picture(opening.frame, "restore_second")
    press(hands, box, "Put into a new file")
    # Third: it is there, proven, beside the one that is open, which is as it was.
    hands.until(lambda: box.step.words().startswith("3 of 3"))
    assert office.read(about)["name"] == "Renamed since"
    [new] = demo.parent.glob("compound-restored-*.db")
    picture(opening.frame, "restore_third")
    before = opening.window
    press(hands, box, "Open it now")
    qtbot.waitUntil(lambda: opening.window not in (None, before), timeout=30_000)
    assert opening.window.office.engine.url.database == str(new)
    assert opening.window.office.read(about)["name"] == "Gigiri compound"
    assert demo.exists()


def test_a_server_s_backup_is_proven_and_its_keeper_is_given_the_command(
    open_window, qtbot, postgres_url, tmp_path, monkeypatch  # noqa: F811
):
    hands = Hands(qtbot, open_window(Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"))))
    office = hands.window.office
    good, newer, damaged = (tmp_path / f"{name}.backup" for name in ("good", "newer", "damaged"))
    backup(office, good)
    with monkeypatch.context() as later:
        later.setattr("db.migrate.schema_of", lambda _connection: "9999")
        backup(office, newer)
    spoilt = bytearray(good.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    damaged.write_bytes(spoilt)
    (tmp_path / "damaged.backup.manifest.json").write_bytes((tmp_path / "good.backup.manifest.json").read_bytes())
    office.write(name_compound, "Renamed since")
    press(hands, database_panel(hands), "Restore…")
    hands.until(lambda: isinstance(getattr(hands.window.shell._overlay, "box", None), RestoreBox))
    box = hands.window.shell._overlay.box
    hands.until(lambda: button(box, "Another file"))
    refused = {
        damaged: "damaged.backup was damaged since it was written. Use another backup.",
        newer: "newer.backup was made by a newer CBO Desk (schema 9999). Install that version first.",
    }
    for file, words in refused.items():
        box.look_at(file)
        hands.until(box.fault.isVisible)
        hands.until(lambda words=words: words == box.fault.words())
        assert box.step.words().startswith("1 of 3")
        picture(hands.window.shell, f"restore_server_{file.stem}")
    box.look_at(good)
    hands.until(lambda: box.step.words().startswith("2 of 3"))
    assert not box.fault.isVisible()
    press(hands, box, "Copy the command")
    assert box.step.words().startswith("Copied. Whoever keeps the server runs it there")
    picture(hands.window.shell, "restore_server_command")
    copied = QApplication.clipboard().text()
    assert "restore good.backup" in copied
    assert "_restored" in copied
    assert office.read(about)["name"] == "Renamed since"


def test_a_server_for_reports_is_named(open_window, qtbot, postgres_url, postgres_server, standby):  # noqa: F811
    hands = Hands(qtbot, open_window(Office(open_engine(postgres_url), administrator("ada", "Ada Achieng", "DESK-1"))))
    panel = database_panel(hands)
    hands.until(lambda: button(panel, "Change"))
    panel.name_reports_server()
    form = hands.form()
    form.set_values({"to": "ada@host"})
    hands.window.shell._overlay.box.save()
    hands.until(lambda: "Write the server's name" in hands.fault("to"))
    name(hands, f"127.0.0.1:{standby.port}")
    hands.until(lambda: chip(panel).startswith("Answers, "))
    hands.until(lambda: any(panel._reports_server in label.words() for label in panel.findChildren(Label)))
    picture(hands.window.shell, "reports_server")
    # From now on it answers reports, without a new start, and each says how old its figures are.
    office = hands.window.office
    hands.until(lambda: office.replica is not None and not office.replica.standing().behind)
    hands.window.shell.go("mail")
    page = hands.window.shell.go("mail/answers")
    hands.until(lambda: page.found is not None)
    hands.still()
    page.choose_period("7")
    hands.until(lambda: "by the server for reports" in page.summary.words())
    picture(hands.window.shell, "reports_age")
    # One that follows nobody is no replica, and one that is away is said to be; the office's server answers.
    for port, words in ((postgres_server.port, "No replica"), (1, "Away")):
        hands.window.shell.go("settings")
        panel.name_reports_server()
        hands.form()
        name(hands, f"127.0.0.1:{port}")
        hands.until(lambda words=words: chip(panel).startswith(words))
    picture(hands.window.shell, "reports_server_away")
    hands.until(lambda: office.replica.address.endswith(str(port)))
    page = hands.window.shell.go("mail/answers")
    page.choose_period("30")
    hands.until(lambda: "received" in page.summary.words() and "by the server" not in page.summary.words())


def name(hands, address):
    hands.window.shell._overlay.box.form.set_values({"to": address})
    hands.window.shell._overlay.box.save()
    hands.gone()


def chip(panel):
    status = panel._reports_status()
    return status.word if status is not None else ""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups by themselves are another test's matter."""
    monkeypatch.setattr("ui.keeping.FIRST_MS", 600_000)
