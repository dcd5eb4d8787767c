"""References of a series that many take at the same moment: nobody waits for another's deed, and no number is lost."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.numbers import expect, next_reference, next_reference_at_once, one_after_the_other
from cbo_desk.office import Office
from cbo_desk.permissions import administrator, deed
from db.engine import open_engine
from db.people import Entity


@deed("people.number", "number things")
def number(session, count=1, wrong=False, pause=lambda: None, expected=0):
    """Numbered entities; `wrong` has the deed refused at its end, `pause` is waited for behind the numbers."""
    session.execute(sa.text("SELECT 1"))  # it holds its own connection before the numbers are taken beside it
    expect(session, "N", expected)
    codes = [next_reference_at_once(session, "N") for _ in range(count)]
    pause()
    session.add_all(Entity(code=code, name=code) for code in codes)
    session.flush()
    if wrong:
        raise Refusal("No.")
    return Changes("people.entity", (1,), ", ".join(codes))


@deed("people.number_in_order", "number things")
def number_in_order(session):
    """Tries two, of which one does not fit."""
    one_after_the_other(session, "N")
    tried = session.begin_nested()
    next_reference_at_once(session, "N")
    tried.rollback()
    code = next_reference_at_once(session, "N")
    return Changes("people.entity", (1,), f"{code}, {next_reference(session, 'N')}")


def test_refused_deeds_leave_no_gap(office):
    said = [office.write(number).said]
    for _again in range(2):
        with pytest.raises(Refusal):
            office.write(number, 2, wrong=True)
    said += [office.write(number, 3).said, office.write(number_in_order).said, office.write(number, 2, expected=5).said]
    assert said == ["N-0001", "N-0002, N-0003, N-0004", "N-0005, N-0006", "N-0007, N-0008"]
    # What was expected and not needed is taken by the next deed here; somebody else signs in on the same workstation.
    other = office.signed_in(administrator("ben", "Ben"))
    assert other.write(number, 2).said == "N-0009, N-0010"


def test_nobody_waits_for_a_number_on_a_server(postgres_url):
    """A deed that has its number and is not done holds no other up; with the row locked it does (the control)."""
    office, other = (Office(open_engine(postgres_url), administrator(name, name)) for name in ("ada", "ben"))

    @deed("people.number_locked", "number things")
    def locked(session, pause):
        next_reference(session, "N")
        pause()
        return Changes("people.entity", (1,), "")

    for command, waits in ((number, False), (locked, True)):
        taken, done = threading.Event(), threading.Event()

        def pause(taken=taken, done=done):
            taken.set()
            done.wait(30)

        first = threading.Thread(target=lambda: office.write(command, pause=pause))  # noqa: B023 - ended below
        first.start()
        assert taken.wait(30)
        with Session(other.engine) as session:
            session.execute(sa.text("SET lock_timeout = '200ms'"))
            asked = sa.text("SELECT last FROM number_series WHERE series = 'N' FOR UPDATE")
            if waits:
                with pytest.raises(sa.exc.OperationalError):
                    session.execute(asked)
            else:
                assert session.execute(asked).scalar() == 1
        done.set()
        first.join(30)
    office.close()
    other.close()


def test_a_broken_connection_gives_its_number_to_nobody_else(postgres_url):
    """Nobody knows whether such a deed was kept: a gap is better than a number that is given twice."""
    office = Office(open_engine(postgres_url), administrator("ada", "Ada"))
    with pytest.raises(Exception, match="Nothing was saved"):
        office.write(number, pause=lambda: _end_others(postgres_url))
    assert office.write(number).said == "N-0002"
    office.close()


def _end_others(url):
    other = open_engine(url)
    with other.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.dispose()


def test_a_crowd_gets_every_number_once(postgres_url):
    """Eight workstations, some of whose deeds are refused: what is kept is numbered without a gap but for spares."""
    crowd = [Office(open_engine(postgres_url), administrator(f"w{n}", f"W{n}")) for n in range(8)]

    def work(office):
        for turn in range(12):
            try:
                office.write(number, 1 + turn % 3, wrong=turn % 4 == 1, expected=turn % 5)
            except Refusal:
                continue

    threads = [threading.Thread(target=work, args=(office,)) for office in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    spare = sum(office._spares.count("N") for office in crowd)
    with Session(crowd[0].engine) as session:
        kept = session.scalars(sa.select(Entity.code)).all()
        last = session.scalar(sa.text("SELECT last FROM number_series WHERE series = 'N'"))
    assert len(kept) == len(set(kept)) == last - spare
    for office in crowd:
        office.close()
