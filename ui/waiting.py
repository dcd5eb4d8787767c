"""How much waits at the desks whose page was not opened yet: the counts of the sidebar are there from the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from cbo_desk.context import clock
from cbo_desk.enlisting import enlist_all
from cbo_desk.property import Figures, figures
from ui.bench import Bench
from ui.desks import page_module
from ui.kit.background import Background

if TYPE_CHECKING:  # what costs a start some time is imported when it is first asked for
    from cbo_desk.conference.board import DeskFigures
    from cbo_desk.mail import MailFigures
    from cbo_desk.reports import Need
    from cbo_desk.transport import TransportFigures

AFTER_MS = 1_200
"""The first list is on the screen by then; changes that come in a burst are counted together."""


class Waiting(QObject):
    """Counts for a desk until its page is opened, which counts for itself from then on."""

    def __init__(self, bench: Bench, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._ahead = Background(1, self)
        self._unopened = {"today", "property", "mail", "transport", "conference"}
        self._needs: dict[object, list[Need]] = {}
        self._uncounted: dict[Any, Callable[[Any], object]] = {}
        self._counting = False
        self._imports = _imports()
        self._unfetched = list(bench.shell.desks)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(AFTER_MS)
        self._pause.timeout.connect(self._get_ready)

    def start(self) -> None:
        """Begin to count, once the first list stands; the page that is open already counts for itself."""
        for desk in self._bench.shell.desks.keys() - self._unopened:
            self._bench.shell.set_count(desk, 0)  # nothing ever waits there
        self._unopened.discard(self._bench.shell.desk())
        self._bench.shell.went.connect(self._unopened.discard)
        self._bench.runner.changed.connect(lambda _changes: self._again())
        self._again()

    def stop(self) -> None:
        """Count no more."""
        self._unopened.clear()
        self._unfetched.clear()
        self._pause.stop()
        self._ahead.finish()

    def count(self) -> None:
        """Count what waits at every desk that was not opened, one after the other: scans come between two of them."""
        self._uncounted = dict(self._counts())
        if not self._counting:
            self._count_next()

    def _counts(self) -> Iterator[tuple[Any, Callable[[Any], object]]]:
        """What is asked for, and who takes the answer."""
        if "property" in self._unopened:
            yield figures, self._say_property
        if "mail" in self._unopened:
            from cbo_desk.mail import figures as mail_figures

            yield mail_figures, self._say_mail
        if "transport" in self._unopened:
            from cbo_desk.transport import figures as transport_figures

            yield transport_figures, self._say_transport
        if "conference" in self._unopened:
            from cbo_desk.conference.board import desk_figures

            yield desk_figures, self._say_conference
        if "today" in self._unopened:
            from cbo_desk.reports import NEEDS

            yield from ((query, partial(self._take_needs, query)) for query in NEEDS)

    def _count_next(self) -> None:
        self._counting = bool(self._uncounted)
        if self._counting:
            self._bench.runner.in_a_rest(self, self._count_one)
        else:
            self._fetch_page()

    def _count_one(self) -> None:
        query = next(iter(self._uncounted))
        take = self._uncounted.pop(query)
        if not self._unopened or not self._bench.may(query):
            self._count_next()
            return

        def failed(error: Exception) -> None:
            self._bench.runner.failed.emit(error)
            self._count_next()

        def done(answer: Any) -> None:
            take(answer)
            self._count_next()

        self._bench.runner.walk(self, query, done=done, failed=failed)

    def _fetch_page(self, _answer: object = None) -> None:
        """Import the desks' pages one by one while nobody waits: the first opening of one read its modules from disk
        on the window's thread, which took a second and more where the disk was busy.
        """
        if self._unfetched:
            self._bench.runner.in_a_rest(self, self._fetch_next)

    def _fetch_next(self) -> None:
        if self._unfetched:
            page = page_module(self._unfetched.pop(0))
            self._ahead.run(self, partial(import_module, page), self._fetch_page, self._fetch_page)

    def _get_ready(self) -> None:
        """Import what counts on a thread of its own, then count: the window is used already and must not wait."""
        if self._unopened:
            self._bench.runner.in_a_rest(self, self._import)

    def _import(self) -> None:
        """One import after the other, each in a rest of its own: scans come between two of them."""
        following = next(self._imports, None) if self._unopened else None
        if following is None:
            self.count()
        else:
            self._ahead.run(self, following, lambda _done: self._get_ready(), lambda _error: self._get_ready())

    def _again(self) -> None:
        if self._unopened:
            self._pause.start()

    def _say_property(self, found: Figures) -> None:
        if "property" in self._unopened:
            self._bench.shell.set_count("property", found.waiting)

    def _say_mail(self, found: MailFigures) -> None:
        if "mail" in self._unopened:
            self._bench.shell.set_count("mail", found.waiting)

    def _say_transport(self, found: TransportFigures) -> None:
        if "transport" in self._unopened:
            from ui.transport.looks import count_tone

            self._bench.shell.set_count("transport", found.waiting, count_tone(found))

    def _say_conference(self, found: DeskFigures) -> None:
        if "conference" in self._unopened:
            self._bench.shell.set_count("conference", found.ending, "warn" if found.ending else "idle")

    def _take_needs(self, query: object, found: list[Need]) -> None:
        from ui.today.words import tone_of

        self._needs[query] = found
        if "today" in self._unopened:
            every = [need for needs in self._needs.values() for need in needs]
            self._bench.shell.set_count("today", len(every), tone_of(every, clock()))


def _imports() -> Iterator[Callable[[], object]]:
    """What counts, and what the first scan would read: the formats of the carriers' numbers."""
    yield enlist_all
    yield lambda: import_module("cbo_desk.tags.carriers").formats()
    yield partial(import_module, "cbo_desk.conference.board")
    yield partial(import_module, "cbo_desk.reports")
