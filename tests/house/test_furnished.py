"""A database that was furnished by copy is the one that the commands left, and no test hands its changes on."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from cbo_desk.audit import verify
from cbo_desk.office import Office
from cbo_desk.people import EntityForm, add_entity
from cbo_desk.permissions import administrator, reads
from db.engine import open_engine
from tests import furnished
from tests.furnished import made_once, note_new

made: list[str] = []


@made_once
def furnish(office, name):
    made.append(name)
    return SimpleNamespace(ids=list(office.write(add_entity, EntityForm(name, "Environment")).ids))


@pytest.fixture(params=["sqlite", "postgresql"])
def new_office(request, tmp_path, clock):
    """A function that opens an office on a new database, as often as it is asked."""
    made.clear()
    with ExitStack() as at_the_end:

        def new(number):
            if request.param == "sqlite":
                template, path = request.getfixturevalue("sqlite_template"), tmp_path / f"{number}.db"
                shutil.copyfile(template, path)
                note_new(str(path), str(template))
                url = f"sqlite:///{path}"
            else:
                make = request.getfixturevalue("make_database")
                url = make(request.getfixturevalue("postgres_template"))
                at_the_end.callback(make.drop, url)
            engine = open_engine(url)
            at_the_end.callback(engine.dispose)
            return Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)

        yield new


def names(office):
    with office.engine.connect() as connection:
        return list(connection.scalars(text("SELECT code FROM entity ORDER BY id")))


def test_the_second_is_a_copy_that_knows_nothing_of_the_first_tests_doings(new_office):
    first = new_office(1)
    furnish(first, "UNEP").ids.append(99)
    first.write(add_entity, EntityForm("WFP", "Food"))
    second = new_office(2)
    assert furnish(second, "UNEP").ids == [1]
    assert made == ["UNEP"]
    assert (names(first), names(second)) == (["UNEP", "WFP"], ["UNEP"])
    second.write(add_entity, EntityForm("UNON", "Nairobi"))
    assert names(second) == ["UNEP", "UNON"]
    assert second.read(reads("settings")(verify)).bad_seq is None


def test_other_words_and_another_hour_are_made_for_themselves(new_office, clock):
    furnish(new_office(1), "HABITAT")
    furnish(new_office(2), "UNODC")
    clock.now = clock.now.replace(hour=7)
    office = new_office(3)
    furnish(office, "HABITAT")
    assert (names(office), made) == (["HABITAT"], ["HABITAT", "UNODC", "HABITAT"])


def test_a_database_that_was_written_to_is_never_replaced(new_office):
    furnish(new_office(1), "OCHA")
    office = new_office(2)
    office.write(add_entity, EntityForm("WFP", "Food"))
    furnish(office, "OCHA")
    assert (names(office), made) == (["WFP", "OCHA"], ["OCHA", "OCHA"])


@pytest.mark.parametrize("new_office", ["postgresql"], indirect=True)
def test_a_database_that_was_put_aside_is_another_test_s_and_as_new(new_office):
    def spare():
        return sum(map(len, furnished._spare.values()))

    furnish(new_office(1), "ESCAP")
    second = new_office(2)
    before = spare()
    furnish(second, "ESCAP")  # a copy in place of its own, which is kept
    assert spare() == before + 1
    third = new_office(3)
    assert (spare(), names(second), names(third)) == (before, ["ESCAP"], [])
    third.write(add_entity, EntityForm("WFP", "Food"))
    furnish(third, "ESCAP")  # it was written to: it is neither replaced nor kept
    assert (spare(), names(third)) == (before, ["WFP", "ESCAP"])
