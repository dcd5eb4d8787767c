"""How names are sorted, shortened and split, and what a form must carry."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.errors import Faults, Refusal
from cbo_desk.people import rules
from cbo_desk.people.rules import EntityForm, PersonForm


def test_names_in_their_three_shapes():
    assert rules.sort_name("Lindqvist", "Elsa") == "Lindqvist, Elsa"
    assert rules.full_name("Lindqvist", "Elsa") == "Elsa Lindqvist"
    assert rules.short_name("Lindqvist", "elsa") == "Lindqvist E."
    assert (
        rules.sort_name("Sukarno", "") == rules.full_name("Sukarno", "") == rules.short_name("Sukarno", "") == "Sukarno"
    )


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Lindqvist, Elsa", ("Lindqvist", "Elsa")),
        ("Elsa Lindqvist", ("Lindqvist", "Elsa")),
        ("Elsa Maria LINDQVIST BERG", ("LINDQVIST BERG", "Elsa Maria")),
        ("DE LA CRUZ Juan", ("DE LA CRUZ", "Juan")),
        ("Sukarno", ("Sukarno", "")),
        ("", ("", "")),
    ],
)
def test_names_are_split(name, parts):
    assert rules.split_name(name) == parts


@given(st.text(max_size=30), st.text(max_size=30))
def test_tidying_a_person_twice_changes_nothing(family, given_name):
    try:
        once = rules.tidy_person(PersonForm(family, given_name, 1))
    except Faults:
        return
    assert rules.tidy_person(once) == once
    assert rules.split_name(rules.sort_name(once.family_name, once.given_name or "X")) == (
        once.family_name,
        once.given_name or "X",
    )


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (PersonForm(" ", "Elsa", 1), "family_name"),
        (PersonForm("Lind, qvist", "Elsa", 1), "family_name"),
        (PersonForm("L" * 121, "Elsa", 1), "family_name"),
        (PersonForm("L", "E", 1, "12x4"), "index_number"),
        (PersonForm("L", "E", 1, email="elsa at un.org"), "email"),
        (PersonForm("L", "E", 1, email="a@b.org, c@d.org"), "email"),
        (PersonForm("L", "E", 1, phone="call me"), "phone"),
        (PersonForm("L", "E", 1, since=date(2026, 5, 2), until=date(2026, 5, 1)), "until"),
        (PersonForm("L", "E", 1, since=date(1026, 5, 2)), "since"),
    ],
)
def test_a_fault_stands_at_its_field(form, field):
    with pytest.raises(Faults) as fault:
        rules.tidy_person(form)
    assert list(fault.value.faults) == [field]


def test_what_is_typed_is_tidied():
    neat = rules.tidy_person(PersonForm(" Lind  qvist ", "Elsa", 1, " 12 345-6", phone="+254  20 762 1234 ext 7"))
    assert (neat.family_name, neat.index_number, neat.phone) == ("Lind qvist", "123456", "+254 20 762 1234 ext 7")
    assert rules.tidy_entity(EntityForm(" un-habitat ", "Human  Settlements")) == EntityForm(
        "UN-HABITAT", "Human Settlements"
    )


def test_the_last_day_still_counts():
    day = date(2026, 8, 24)
    assert rules.is_here(day, day, day)
    assert not rules.is_here(None, date(2026, 8, 23), day)
    assert not rules.is_here(date(2026, 8, 25), None, day)
    with pytest.raises(Refusal, match="came on 24 August 2026"):
        rules.check_leaving("Elsa", day, date(2026, 8, 1))
