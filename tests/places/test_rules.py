"""What stands in what, how codes look, how paths read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cbo_desk.errors import Faults, Refusal
from cbo_desk.places import rules
from cbo_desk.places.rules import INSIDE, Kind, PlaceForm
from db.places import KINDS


def test_the_kinds_are_those_of_the_table():
    assert tuple(Kind) == KINDS
    assert set(INSIDE) == set(Kind)


def test_every_kind_but_a_site_can_be_reached_from_a_site():
    reached = {Kind.SITE}
    while more := {kind for kind in Kind if INSIDE[kind] & reached} - reached:
        reached |= more
    assert reached == set(Kind)


def test_no_kind_can_go_round_in_a_circle():
    """A kind that could stand in itself by way of others would let trees grow without end."""

    def above(kind, seen):
        assert kind not in seen
        for other in INSIDE[kind]:
            above(other, (*seen, kind))

    for kind in Kind:
        above(kind, ())


@pytest.mark.parametrize(
    ("typed", "kept"), [("c-204", "C-204"), (" M – 214 ", "M-214"), ("a.1/b_2", "A.1/B_2"), ("204", "204")]
)
def test_codes_are_tidied(typed, kept):
    assert rules.tidy_place(PlaceForm(typed, "room")).code == kept


@pytest.mark.parametrize("typed", ["", "-", "C-", "é1", "C 2<", "C" * 33, "a\x00b"])
def test_codes_that_cannot_be_are_refused(typed):
    with pytest.raises(Faults) as fault:
        rules.tidy_place(PlaceForm(typed, "room"))
    assert "code" in fault.value.faults


@given(st.text(max_size=40))
def test_tidying_twice_changes_nothing(typed):
    try:
        once = rules.tidy_place(PlaceForm(typed, "room"))
    except Faults:
        return
    assert rules.tidy_place(once) == once


def test_a_place_without_a_name_is_called_by_its_code():
    assert rules.tidy_place(PlaceForm("c-204", "room")).name == "C-204"


@pytest.mark.parametrize("area", [0, -1, float("nan"), 1e12])
def test_areas_that_cannot_be_are_refused(area):
    with pytest.raises(Faults, match="above zero"):
        rules.tidy_place(PlaceForm("C", "room", area_m2=area))


def test_paths_read_as_words():
    steps = [
        ("site", "UNON", "Gigiri"),
        ("building", "M", "Block M"),
        ("floor", "M-2", "2"),
        ("room", "M-214", "M-214"),
    ]
    assert rules.path_in_words(steps) == "Block M, floor 2, room M-214"
    assert rules.path_in_words(steps[:1]) == "Gigiri"


def test_a_place_may_not_move_below_itself():
    with pytest.raises(Refusal, match="M cannot be inside itself"):
        rules.check_no_cycle("M", "/1/2/", "M", "/1/2/")
    with pytest.raises(Refusal, match="R is inside M"):
        rules.check_no_cycle("M", "/1/2/", "R", "/1/2/3/")
    rules.check_no_cycle("M", "/1/2/", "N", "/1/22/")


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_a_subtree_is_one_range(outer, inner):
    """The range of a path holds exactly the paths that begin with it."""
    top, other = "", ""
    for ident in outer:
        top = rules.path_of(ident, top)
    for ident in inner:
        other = rules.path_of(ident, other)
    for path in (other, rules.path_of(7, top), top):
        assert (top <= path < rules.after_path(top)) == path.startswith(top)
