"""What enlists later is there before anybody looks, once, and for whoever looks meanwhile too."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import after, chores, dated, enlisting, holdings
from cbo_desk.permissions import reads
from cbo_desk.tags import keep_unknown_scan, subjects
from cbo_desk.tray import kinds
from db.people import Person


@reads("people")
def _shares(session: Session) -> object:
    return holdings.shared(session, "places.place", "property.asset", select(Person.id))


@reads("people")
def _labels(session: Session) -> object:
    return subjects.describe(session, "people.person", [1])


@reads("people")
def _renamed(session: Session) -> object:
    return after.renamed(session, "nobody.nothing", [1])


@pytest.fixture
def nothing_waits() -> Iterator[None]:
    """What other tests named is loaded, so that only this test's own waits."""
    enlisting.enlist_all()
    yield
    enlisting._later.clear()


@pytest.mark.usefixtures("nothing_waits")
def test_everything_is_loaded_once_in_its_order():
    loaded: list[int] = []
    enlisting.later(lambda: loaded.append(1))
    enlisting.later(lambda: (loaded.append(2), enlisting.enlist_all()))  # looks itself while it is loaded
    enlisting.enlist_all()
    enlisting.enlist_all()
    assert loaded == [1, 2]


@pytest.mark.usefixtures("nothing_waits")
def test_who_looks_meanwhile_waits_until_it_is_there():
    loaded, seen = threading.Event(), []
    begun, go_on = threading.Event(), threading.Event()

    def load() -> None:
        begun.set()
        assert go_on.wait(30)
        loaded.set()

    def look() -> None:
        enlisting.enlist_all()
        seen.append(loaded.is_set())

    enlisting.later(load)
    lookers = [threading.Thread(target=look) for _ in range(2)]
    lookers[0].start()
    assert begun.wait(30)
    lookers[1].start()
    go_on.set()
    for one in lookers:
        one.join(30)
    assert seen == [True, True]


@pytest.mark.usefixtures("nothing_waits")
def test_what_fails_is_tried_again():
    tries: list[int] = []

    def load() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("The disk is away.")

    enlisting.later(load)
    with pytest.raises(OSError, match="away"):
        enlisting.enlist_all()
    enlisting.enlist_all()
    assert len(tries) == 2


@pytest.mark.usefixtures("nothing_waits")
def test_every_register_looks_for_what_waits(sqlite_office):
    """Tags, holdings, followers, settings, chores and the tray: each is read only when everybody has enlisted."""
    looks: dict[str, Callable[[], object]] = {
        "holdings": lambda: holdings.known("people.person"),
        "shares": lambda: sqlite_office.read(_shares),
        "followers": lambda: sqlite_office.read(_renamed),
        "kinds": lambda: subjects.kind_of("property.asset"),
        "labels": lambda: sqlite_office.read(_labels),
        "settings": lambda: sqlite_office.read(dated.list_settings),
        "chores": lambda: chores.do_chores(sqlite_office),
        "kept": lambda: kinds.kind_named("tags.keep_unknown_scan"),
        "keepable": lambda: kinds.kind_of(keep_unknown_scan),
        "pictures": kinds.pictures,
    }
    loaded: list[str] = []
    for name, read in looks.items():
        enlisting.later(partial(loaded.append, name))
        read()
    assert loaded == list(looks)
