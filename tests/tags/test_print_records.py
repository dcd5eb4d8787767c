"""Stocks, printers, part-used sheets and the log of prints, on both engines."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role
from cbo_desk.tags import (
    codes,
    deliveries,
    log_print,
    mark_cells,
    print_log,
    printed_tags,
    queues,
    save_printer,
    save_stock,
    set_label_wording,
    supplies,
    tags_of,
    tags_of_delivery,
    used_cells,
    want_reprint,
)
from cbo_desk.tags.layout import TagLabel
from cbo_desk.tags.plan import next_start, plan_print
from cbo_desk.tags.ruler import profile_from, ruler_of
from cbo_desk.tags.stocks import stock
from db.places import Place
from db.tags import Tag
from tests.rows import undo
from tests.writing import insert

OWN = {
    "title": "Door tags",
    "maker": "Local printer",
    "kind": "sheet",
    "page": [210, 297],
    "label": [70, 37],
    "pitch": [70, 37],
    "origin": [0, 0.5],
    "columns": 3,
    "rows": 8,
    "corner": 0,
    "inset": 3,
    "dpi": 600,
}


@pytest.fixture
def doors(office, clock):
    """Five doors with tags: three of one delivery, two of a later one."""

    def fill(session):
        made = []
        for number in range(5):
            place = Place(place_kind="room", code=f"C-{number}", name=f"Room {number}")
            session.add(place)
            session.flush()
            place.path = f"/{place.id}/"
            at = clock.now + timedelta(hours=number // 3)
            code = codes.new_code(codes.Kind.PLACE)
            session.add(Tag(code=code, ours=True, subject_kind="places.place", subject_id=place.id, made_at=at))
            made.append(place.id)
        return made

    return insert(office, fill)


def test_a_delivery_is_what_was_tagged_together_and_never_printed(office, doors):
    later, first = office.read(deliveries, "places.place")
    assert (later.tags, later.first, first.tags, first.first) == (2, "C-3", 3, "C-0")
    lines = office.read(tags_of_delivery, "places.place", first.made_at)
    assert [line.subject.number for line in lines] == ["C-0", "C-1", "C-2"]
    office.write(log_print, "avery-l7651", "tags.pdf", [(lines[0].tag_id, 1, 1)], [1])
    assert [each.tags for each in office.read(deliveries, "places.place")] == [2, 2]


def test_a_print_counts_its_tags_and_keeps_their_cells(office, doors):
    lines = office.read(tags_of, "places.place", doors)
    office.write(want_reprint, [lines[0].tag_id])
    assert office.read(queues, "places.place").never_printed == 5
    placed = [(line.tag_id, 1, 7 + place) for place, line in enumerate(lines[:3])]
    done = office.write(log_print, "avery-l7651", "HP LaserJet", placed, [*range(1, 10)])
    assert done.said == "3 tags printed on Avery L7651, cells 7 to 9."
    left = office.read(queues, "places.place")
    assert (left.never_printed, left.reprint) == (2, 0)
    (job,) = office.read(print_log)
    assert (job.by, job.stock, job.output, job.tags) == ("ada", "avery-l7651", "HP LaserJet", 3)
    assert [(one.cell, one.tag.subject.number) for one in office.read(printed_tags, job.id)] == [
        (7, "C-0"),
        (8, "C-1"),
        (9, "C-2"),
    ]
    assert office.read(used_cells, "avery-l7651") == tuple(range(1, 10))


def test_marking_cells_is_undone(office):
    office.write(mark_cells, "avery-l7651", [1, 2, 3])
    done = office.write(mark_cells, "avery-l7651", [1, 2, 3, 4])
    assert done.said == "4 used cells remembered for Avery L7651."
    undo(office, done)
    assert office.read(used_cells, "avery-l7651") == (1, 2, 3)


def test_a_stock_of_the_sites_own_is_kept_changed_and_taken_back(office):
    first = office.write(save_stock, OWN)
    found = office.read(supplies)
    assert found.stocks[0].title == "Door tags"
    assert found.own == {"door-tags"}
    office.write(mark_cells, "door-tags", [1, 24])
    changed = office.write(save_stock, {**OWN, "rows": 4}, "door-tags")
    assert office.read(supplies).stocks[0].per_page == 12
    assert office.read(used_cells, "door-tags") == (1,)
    undo(office, changed)
    assert office.read(supplies).stocks[0].per_page == 24
    gone = undo(office, first)
    assert office.read(supplies).own == frozenset()
    undo(office, gone)
    assert office.read(supplies).own == {"door-tags"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "Avery L7651"}, "title"),
        ({"columns": 4}, "columns"),
        ({"pitch": [60, 37]}, "pitch"),
        ({"inset": 20}, "inset"),
        ({"dpi": 20}, "dpi"),
    ],
)
def test_a_stock_that_cannot_be_is_refused_beside_its_field(office, wrong, field):
    with pytest.raises(Refusal) as refused:
        office.write(save_stock, {**OWN, **wrong})
    assert refused.value.field == field
    assert office.read(supplies).own == frozenset()


def test_two_own_stocks_of_one_title_are_refused(office):
    office.write(save_stock, OWN)
    with pytest.raises(Refusal, match="already"):
        office.write(save_stock, OWN)


def test_a_printer_is_measured_again_and_taken_back(office, clock):
    office.write(save_printer, "HP LaserJet", 0.4, 0.8, 0.997)
    measured = clock.now
    clock.now += timedelta(days=3)
    again = office.write(save_printer, "HP LaserJet", 0.0, 0.0, 1.0)
    undo(office, again)
    found = office.read(supplies).printers["HP LaserJet"]
    assert (found.right_mm, found.up_mm, found.scale) == (0.4, 0.8, 0.997)
    assert (found.measured_at, found.measured_by) == (measured, "Ada Achieng")
    assert (found.profile.dx_mm, found.profile.dy_mm) == (0.4, -0.8)
    with pytest.raises(Refusal):
        office.write(save_printer, "HP LaserJet", 50, 0, 1)


def test_the_line_on_labels_is_valid_from_its_day_and_taken_back(office, clock):
    office.write(set_label_wording, "Property of the United Nations")
    clock.now += timedelta(days=40)
    later = office.write(set_label_wording, "Return to room C-204")
    assert office.read(supplies).wording == "Return to room C-204"
    undo(office, later)
    assert office.read(supplies).wording == "Property of the United Nations"


def test_a_viewer_may_look_but_neither_print_nor_mark(office, doors):
    viewer = office.signed_in(Actor("vic", "Vic", {"tags": Role.VIEWER}))
    assert viewer.read(queues, "places.place").never_printed == 5
    for work, args in ((log_print, ("avery-l7651", "x", [(1, 1, 1)])), (mark_cells, ("avery-l7651", [1]))):
        assert not viewer.may(work)
        with pytest.raises(Refusal, match="You may not"):
            viewer.write(work, *args)


# --- the plan of a print, against counting by hand


def labels(count):
    rng = random.Random(count)
    return [TagLabel(codes.new_code(codes.Kind.ASSET, rng), f"U-{n}", "Chair", "UNEP") for n in range(count)]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40),
    st.sets(st.integers(1, 10)),
    st.integers(1, 4),
    st.none() | st.integers(1, 10),
)
def test_a_plan_fills_free_cells_only_and_says_what_stays(count, used, copies, start):
    kind = stock("avery-5163")  # ten a page
    plan = plan_print(labels(count), kind, used=used, start_at=start, copies=copies)
    begin = start or next_start(kind, used)
    free = [(1, cell) for cell in range(begin, 11) if cell not in used]
    free += [(page, cell) for page in range(2, 30) for cell in range(1, 11)]
    assert list(plan.spots) == free[: count * copies]
    assert [plan.tags.count(place) for place in range(count)] == [copies] * count
    last = {cell for page, cell in plan.spots if page == plan.pages}
    gone = last | (used if plan.pages == 1 else set())
    assert plan.free_after() == 10 - len(gone)
    assert plan.used_after() == (() if len(gone) == 10 else tuple(sorted(gone)))


def test_the_next_print_begins_after_the_last_used_cell():
    kind = stock("avery-5163")
    assert next_start(kind, ()) == 1
    assert next_start(kind, {1, 2, 5}) == 6
    assert next_start(kind, {1, 2, 10}) == 3
    assert next_start(kind, set(range(1, 11))) == 1


def test_what_is_measured_on_the_ruler_page_becomes_what_to_set():
    ruler = ruler_of(stock("l7651"))
    assert (ruler.inset, ruler.across) == (20, 170)
    found = profile_from(ruler, 19.6, 20.8, 169.5)
    assert (found.dx_mm, found.dy_mm) == (pytest.approx(0.4), pytest.approx(-0.8))
    assert found.scale == pytest.approx(170 / 169.5, abs=1e-5)
    for wrong, field in (((50, 20, 170), "left"), ((20, 60, 170), "top"), ((20, 20, 120), "length")):
        with pytest.raises(Refusal) as refused:
            profile_from(ruler, *wrong)
        assert refused.value.field == field
