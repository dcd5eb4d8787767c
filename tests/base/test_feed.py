"""Every workstation hears every deed of the others, once, in whatever order the deeds commit."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk import feed
from cbo_desk.changes import Changes
from cbo_desk.office import Office
from cbo_desk.permissions import administrator, deed
from db.engine import open_engine
from db.records import ChangeLog


@pytest.fixture
def other(engine_url, clock):
    office = Office(open_engine(engine_url), administrator("ben", "Ben", "DESK-1"), clock)
    yield office
    office.close()


def test_others_are_heard_and_oneself_is_not(office, other, desk):
    """Both sit at the same workstation: two windows, or a window and a command, hear each other."""
    office.write(desk.add_entity, "EARLIER")
    assert office.hear() == []
    assert other.hear() == []
    ident = office.write(desk.add_entity, "WFP").ids[0]
    assert office.hear() == []
    assert other.hear() == [Changes("people.entity", (ident,))]
    assert other.hear() == []


def test_a_deed_over_many_rows_is_heard_as_everything(office, other):
    @deed("people.many", "touch many")
    def many(session, count):
        return Changes("people.entity", tuple(range(count)), "Many.", also={"places.place": (1,)})

    other.hear()
    office.write(many, 501)
    office.write(many, 0)
    assert other.hear() == [
        Changes("people.entity", (), everything=True),
        Changes("places.place", (1,)),
        Changes("places.place", (1,)),
    ]


def test_a_failed_deed_is_not_heard(office, other):
    @deed("people.fail", "fail")
    def fail(session):
        feed.append(session, Changes("people.entity", (1,)))
        raise ZeroDivisionError

    other.hear()
    with pytest.raises(ZeroDivisionError):
        office.write(fail)
    assert other.hear() == []


def test_a_number_given_early_and_committed_late_is_not_missed(postgres_url):
    """The control reads by numbers alone and misses it; ours waits for the older transaction."""
    engine = open_engine(postgres_url)
    with Session(engine) as early, Session(engine) as late, Session(engine) as reader:
        start = feed.end(reader)
        reader.rollback()
        naive = 0
        heard: list[tuple[int, ...]] = []

        def listen() -> None:
            nonlocal start, naive
            news, start = feed.since(reader, start)
            heard.extend(change.ids for change in news)
            rows = reader.scalars(sa.select(ChangeLog.seq).where(ChangeLog.seq > naive).order_by(ChangeLog.seq)).all()
            missed.extend(rows)
            naive = rows[-1] if rows else naive
            reader.rollback()

        missed: list[int] = []
        feed.append(early, Changes("x", (1,)))
        feed.append(late, Changes("x", (2,)))
        late.commit()
        listen()
        early.commit()
        listen()
        listen()
        assert sorted(heard) == [(1,), (2,)]
        assert len(missed) == 1, "the control: by numbers alone one deed is never heard"
    engine.dispose()


def test_a_crowd_is_heard_whole(engine_url, office, other, crowd, desk):
    """Four processes write while this one listens: every deed is heard exactly once."""
    other.hear()
    heard: list[int] = []
    done = threading.Event()

    def listen() -> None:
        while not done.is_set():
            heard.extend(ident for change in other.hear() for ident in change.ids)

    def work(own, n):
        return [own.write(desk.add_numbered, f"S{n}").ids[0] for _ in range(20)]

    # The crowd forks before the listener starts: a thread must not be copied in mid-breath.
    listener = threading.Thread(target=listen)
    made = sorted(ident for ids in crowd(engine_url, 4, work, meanwhile=listener.start) for ident in ids)
    done.set()
    listener.join()
    heard.extend(ident for change in other.hear() for ident in change.ids)
    assert sorted(heard) == made


def test_a_long_silence_is_read_in_pieces(office, other):
    other.hear()
    with Session(office.engine) as session, session.begin():
        session.info["origin"] = "elsewhere"
        for n in range(1100):
            feed.append(session, Changes("x", (n + 1,)))
    heard: list[int] = []
    while news := other.hear():
        heard += [ident for change in news for ident in change.ids]
    assert heard == list(range(1, 1101))
