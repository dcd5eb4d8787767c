"""A decision uses the value of its own day: against a table made by hand, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cbo_desk import audit, dated
from cbo_desk.dated import Declared, list_settings, set_value, value_on
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role
from tests.conftest import MORNING

TODAY = MORNING.date()


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(dated, "DECLARED", dict(dated.DECLARED))
    dated.declare(Declared("rest_hours", "Rest between duties", 9, "hours", "UN road safety", True, least=6, most=24))
    dated.declare(Declared("rate", "Rate per kilometre", 0.5, "USD", "site", least=0))
    dated.declare(Declared("badges", "Badges are wanted", False))


def day(text):
    return date.fromisoformat(text)


# The rows, and by hand what holds on which day: scope WFP has its own value for June alone.
ROWS = (("2026-01-01", 10, ""), ("2026-03-15", 11, ""), ("2026-06-01", 7, "WFP"), ("2026-07-01", 12, ""))
BY_HAND = (
    *(("2025-12-31", "", 9), ("2025-12-31", "WFP", 9), ("2026-01-01", "", 10), ("2026-03-14", "", 10)),
    *(("2026-03-15", "", 11), ("2026-05-31", "WFP", 11), ("2026-06-01", "WFP", 7), ("2026-06-01", "", 11)),
    *(("2026-07-01", "", 12), ("2026-07-01", "WFP", 7), ("2026-07-01", "UNEP", 12), ("2030-01-01", "WFP", 7)),
)


def test_the_table_made_by_hand(office, desk):
    office.write(desk.add_entity, "WFP")
    for begins, value, scope in ROWS:
        office.write(set_value, "rest_hours", day(begins), value, scope)
    found = [(on, scope, office.read(value_on, "rest_hours", day(on), scope)) for on, scope, _ in BY_HAND]
    assert found == list(BY_HAND)


def test_a_later_value_does_not_change_an_earlier_decision(office):
    before = office.read(value_on, "rest_hours", TODAY)
    office.write(set_value, "rest_hours", TODAY + timedelta(days=1), 20)
    assert office.read(value_on, "rest_hours", TODAY) == before
    assert office.read(value_on, "rest_hours", TODAY + timedelta(days=1)) == 20


def test_undo_and_undo_of_undo(office):
    first = office.write(set_value, "rest_hours", TODAY, 10)
    assert first.said == "Rest between duties: 10 hours from 24 August 2026."
    second = office.write(set_value, "rest_hours", TODAY, 12)
    third = office.write(second.undo.command, *second.undo.args)
    assert office.read(value_on, "rest_hours", TODAY) == 10
    office.write(third.undo.command, *third.undo.args)
    assert office.read(value_on, "rest_hours", TODAY) == 12
    office.write(second.undo.command, *second.undo.args)
    office.write(first.undo.command, *first.undo.args)
    assert office.read(value_on, "rest_hours", TODAY) == 9
    with pytest.raises(Refusal, match="gone already"):
        office.write(first.undo.command, *first.undo.args)
    assert office.read(audit.verify).bad_seq is None


def test_the_list_says_what_is_what_comes_and_what_was(office):
    line = next(item for item in office.read(list_settings) if item.declared.name == "rest_hours")
    assert (line.current.value, line.current.source, line.to_confirm) == (9, "UN road safety", True)
    for shift, value in ((-10, 10), (-5, 11), (5, 12), (9, 13)):
        office.write(set_value, "rest_hours", TODAY + timedelta(days=shift), value, "", "circular 7")
    line = next(item for item in office.read(list_settings) if item.declared.name == "rest_hours")
    assert (line.current.value, line.current.source, line.to_confirm) == (11, "circular 7", False)
    assert [item.value for item in line.coming] == [13, 12]
    assert [item.value for item in line.past] == [10]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("rest_hours", 5, "at least 6 hours and at most 24 hours"), ("rest_hours", 25, "at most 24"),
     ("rest_hours", "ten", "is a whole number"), ("rest_hours", True, "is a whole number"),
     ("rest_hours", 9.5, "is a whole number"), ("badges", 1, "is yes or no"), ("rate", "1", "is a number"),
     ("rate", float("nan"), "at least"), ("rate", float("inf"), "at least"),
     ("nothing", 1, "no setting called nothing")],
)  # fmt: skip
def test_values_of_the_wrong_kind(office, name, value, sentence):
    with pytest.raises(Refusal, match=sentence):
        office.write(set_value, name, TODAY, value)
    with pytest.raises(Refusal, match="No entity has the code XYZ"):
        office.write(set_value, "rest_hours", TODAY, 10, "XYZ")


def test_days_that_are_over_are_the_administrators(engine, clock):
    supervisor = Office(engine, Actor("sue", "Sue", {"settings": Role.SUPERVISOR}), clock)
    supervisor.write(set_value, "rate", TODAY, 1)
    with pytest.raises(Refusal, match="You may not set a value for days that are over"):
        supervisor.write(set_value, "rate", TODAY - timedelta(days=1), 1)
    clerk = Office(engine, Actor("carl", "Carl", {"settings": Role.CLERK}), clock)
    with pytest.raises(Refusal, match="You may not change settings"):
        clerk.write(set_value, "rate", TODAY, 1)


def test_a_setting_has_one_meaning():
    with pytest.raises(ValueError, match="declared twice"):
        dated.declare(Declared("rate", "Another rate", 2.0))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.dictionaries(st.integers(-20, 20), st.integers(6, 24), max_size=6),
    on=st.integers(-25, 25),
)
def test_against_plain_python(sqlite_office, rows, on):
    for shift in range(-20, 21):
        if shift in rows:
            sqlite_office.write(set_value, "rest_hours", TODAY + timedelta(days=shift), rows[shift])
    begun = [shift for shift in rows if shift <= on]
    expected = rows[max(begun)] if begun else 9
    try:
        assert sqlite_office.read(value_on, "rest_hours", TODAY + timedelta(days=on)) == expected
    finally:
        with sqlite_office.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM dated_setting")
