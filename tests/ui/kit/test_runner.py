"""What nobody waits for gives way to who asks: in a rest, behind the readings, and although the window closes.

What is asked next comes along with an answer.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject

from cbo_desk.compound import about, name_compound
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from ui.kit import runner as runners
from ui.kit.runner import Runner


@pytest.fixture
def asking(runner, qtbot):
    """Asks something, and waits for the answer."""

    def ask(**how):
        answers = []
        runner.read(runner, about, done=answers.append, **how)
        qtbot.waitUntil(lambda: bool(answers), timeout=20_000)

    return ask


class Watch:
    """The runner's clock, which a test moves: how busy the computer is decides nothing."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def watch(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(runners, "monotonic", watch)
    return watch


def test_a_rest_begins_when_nobody_asked_for_a_moment(runner, qtbot, asking, watch):
    done: list[str] = []
    runner.in_a_rest(runner, lambda: done.append("at once"))
    assert done == ["at once"], "nobody had asked anything"
    asking()
    watch.now += runners.REST_S * 0.9
    runner.in_a_rest(runner, lambda: done.append("in a rest"))
    qtbot.wait(4 * runners.LOOK_MS)
    assert done == ["at once"]
    watch.now += runners.REST_S * 0.2
    qtbot.waitUntil(lambda: done == ["at once", "in a rest"], timeout=20_000)


def test_what_nobody_waits_for_waits_until_a_series_of_scans_is_over(runner, qtbot, asking, watch):
    """Who scans every third of a second left a rest between two scans: what began in it ran beside the next one."""
    done: list[str] = []
    scanned: list[Any] = []
    for scan in range(3):
        runner.read(runner, about, done=scanned.append, ahead=True, along=lambda _facts: None)
        qtbot.waitUntil(lambda scan=scan: len(scanned) == scan + 1, timeout=20_000)
        runner.in_a_rest(runner, lambda: done.append("counted"), waited=runners.MOST_S if scan else 0.0)
        watch.now += runners.REST_S * 2
        runner.in_a_rest(runner, lambda: done.append("looked at"), of_scans=True)
        qtbot.wait(2 * runners.LOOK_MS)
    assert done == ["looked at"] * 3
    watch.now += runners.SERIES_S
    qtbot.waitUntil(lambda: done[3:] == ["counted"] * 3, timeout=20_000)


def test_who_reads_a_list_is_no_scan(runner, qtbot, asking, watch):
    done: list[str] = []
    asking()
    runner.in_a_rest(runner, lambda: done.append("beside a reading"), of_scans=True)
    assert done == ["beside a reading"]
    asking(ahead=True)
    runner.in_a_rest(runner, lambda: done.append("after a scan"), of_scans=True)
    assert len(done) == 1
    watch.now += runners.REST_S * 1.1
    qtbot.waitUntil(lambda: done[1:] == ["after a scan"], timeout=20_000)


def test_what_is_saved_quietly_is_a_scan(runner, qtbot, watch):
    done: list[str] = []
    runner.write(name_compound, "Counted", quiet=True)
    assert runner.scanning
    runner.in_a_rest(runner, lambda: done.append("after a scan"), of_scans=True)
    saved = []
    watch.now += runners.REST_S * 1.1  # it took that long to be saved
    runner.write(name_compound, "Counted again", quiet=True, done=saved.append)
    qtbot.waitUntil(lambda: bool(saved), timeout=20_000)
    assert done == []
    watch.now += runners.REST_S * 1.1
    qtbot.waitUntil(lambda: done == ["after a scan"], timeout=20_000)
    runner.write(name_compound, "Named", done=saved.append)  # told in a toast: nobody scans
    assert not runner.scanning
    qtbot.waitUntil(lambda: len(saved) == 2, timeout=20_000)


def test_who_opens_a_screen_that_takes_scans_is_about_to_scan(runner, qtbot, asking, watch):
    runner.hurry(3.0)
    asking(ahead=True)  # a scan in the meantime does not cut it short
    watch.now += 2.9
    assert runner.scanning
    assert not runner.resting
    watch.now += 0.2 + runners.REST_S
    assert not runner.scanning
    assert runner.resting


def test_nothing_waits_for_ever(runner, qtbot, asking, watch, monkeypatch):
    monkeypatch.setattr(runners, "MOST_S", 0.1)
    done: list[str] = []
    asking()
    runner.in_a_rest(runner, lambda: done.append("at last"))
    assert done == []
    qtbot.waitUntil(lambda: done == ["at last"], timeout=20_000)


def test_a_burst_of_scans_is_waited_for_however_long_it_lasts(runner, qtbot, asking, watch):
    """After a quarter of a minute the counts of other desks ran beside the scans: each waited a tenth of a second."""
    done: list[str] = []
    asking(ahead=True)
    runner.in_a_rest(runner, lambda: done.append("after the burst"), waited=runners.MOST_S)
    assert done == []
    watch.now += runners.REST_S * 1.1
    qtbot.waitUntil(lambda: done == ["after the burst"], timeout=20_000)


def test_what_waits_is_forgotten_with_its_owner(runner, qtbot, asking, watch, qapp):
    owner, done = QObject(), []
    asking()
    runner.in_a_rest(owner, lambda: done.append("too late"))
    runner.in_a_rest(runner, lambda: done.append("later"))
    owner.deleteLater()
    qapp.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    watch.now += runners.REST_S * 1.1
    qtbot.waitUntil(lambda: bool(done), timeout=20_000)
    qtbot.wait(4 * runners.LOOK_MS)
    assert done == ["later"]


def test_an_order_behind_the_readings_comes_after_them_and_is_never_lost(sqlite_office, qtbot):
    runner, heard = Runner(sqlite_office), []
    runner.read(runner, about, done=lambda _facts: heard.append("read"), ahead=True)
    runner.behind(lambda: heard.append("ordered"))
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["read", "ordered"], timeout=20_000)
    runner.behind(lambda: runner.write(name_compound, "Kept although the window closed"))
    runner.finish()
    assert sqlite_office.read(about)["name"] == "Kept although the window closed"


def test_an_order_behind_waits_for_the_burst_of_scans_but_not_for_long(runner, qtbot, asking, watch):
    heard: list[str] = []
    asking(ahead=True)
    runner.behind(lambda: heard.append("first"))
    runner.behind(lambda: heard.append("second"))
    watch.now += runners.REST_S * 0.9
    asking(ahead=True)
    watch.now += runners.REST_S * 0.9
    qtbot.wait(4 * runners.LOOK_MS)
    assert heard == [], "somebody scans"
    watch.now += runners.REST_S * 0.2
    qtbot.waitUntil(lambda: heard == ["first", "second"], timeout=20_000)
    asking(ahead=True)
    runner.behind(lambda: heard.append("at last"))
    for _scan in range(10):
        watch.now += runners.BEHIND_S / 9
        asking(ahead=True)
    qtbot.waitUntil(lambda: heard[2:] == ["at last"], timeout=20_000)


def test_a_scan_is_under_way_until_its_answer_is_shown(runner, qtbot, watch):
    seen: list[bool] = []
    runner.read(runner, about, done=lambda _facts: seen.append(runner.scanning), ahead=True)
    watch.now += 10 * runners.REST_S
    assert runner.scanning, "it is not answered"
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    assert runner.scanning, "it was shown just now"
    watch.now += runners.REST_S * 1.1
    assert not runner.scanning


def test_what_is_asked_next_is_read_along_and_told_in_the_same_breath(runner, qtbot):
    heard: list[Any] = []
    asked: list[str] = []

    @reads("tags")
    def second(_session: Any, number: int) -> int:
        asked.append(threading.current_thread().name)
        return number + 1

    def show(facts: dict[str, Any]) -> None:
        runner.read(runner, second, 41, done=heard.append, ahead=True)
        runner.read(runner, second, 1, done=heard.append, ahead=True)
        heard.append("asked")

    runner.read(runner, about, done=show, ahead=True, along=lambda _facts: (second, 41))
    qtbot.waitUntil(lambda: len(heard) == 3, timeout=20_000)
    assert heard == ["asked", 42, 2], "the one that was brought, then the one that had to be read"
    assert len(asked) == 2
    assert threading.current_thread().name not in asked
    runner.read(runner, second, 41, done=heard.append)  # what was brought serves once
    qtbot.waitUntil(lambda: len(asked) == 3 and heard[3:] == [42], timeout=20_000)


def test_what_cannot_be_read_along_is_told_to_whoever_asks_for_it(runner, qtbot):
    heard: list[Any] = []

    @reads("tags")
    def gone(_session: Any) -> int:
        raise Refusal("It is gone.")

    def show(_facts: Any) -> None:
        heard.append("shown")
        runner.read(runner, gone, done=heard.append, failed=lambda error: heard.append(str(error)))

    runner.read(runner, about, done=show, along=lambda _facts: (gone,))
    qtbot.waitUntil(lambda: heard == ["shown", "It is gone."], timeout=20_000)
