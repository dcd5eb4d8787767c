"""The pieces of a long list against a plain Python list that is the whole truth."""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from contextlib import contextmanager

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cbo_desk.paging import PAGE, Line, Outline
from ui.kit.segments import Segments


class Truth:
    """The list as a database would hold it: every line, in order."""

    def __init__(self, descending=False):
        self.descending = descending
        self.lines = []
        self.versions = 0

    def order(self, line):
        return tuple(-part for part in line.key) if self.descending else line.key

    def write(self, ident, value):
        self.erase(ident)
        self.versions += 1
        insort(self.lines, Line(ident, (value, ident), self.versions), key=self.order)

    def erase(self, ident):
        self.lines = [line for line in self.lines if line.id != ident]

    def get(self, ident):
        return next((line for line in self.lines if line.id == ident), None)

    def first(self):
        return self.lines[:PAGE]

    def page(self, start, count):
        begin = bisect_left(self.lines, self.order(Line(0, start, 0)), key=self.order)
        return self.lines[begin : begin + count]

    def outline(self):
        return Outline(len(self.lines), tuple(line.key for line in self.lines[::PAGE]))


class Mirror:
    """A view that knows only what it is told: its rows must come out the same."""

    def __init__(self):
        self.rows = []
        self.segments = None
        self.inside = False
        self.told = 0

    def begin(self, segments):
        self.segments = segments
        self.rows = [self.seen(row) for row in range(segments.total)]

    def seen(self, row):
        piece, offset = self.segments.at(row)
        return piece.lines[offset].id if piece.lines is not None else None

    @contextmanager
    def step(self, more):
        assert not self.inside, "one change inside another"
        assert self.segments.total == len(self.rows)
        self.inside = True
        self.told += 1
        yield
        self.inside = False
        assert self.segments.total == len(self.rows) + more

    @contextmanager
    def inserting(self, first, last):
        assert 0 <= first <= len(self.rows)
        assert first <= last
        with self.step(last - first + 1):
            yield
        self.rows[first:first] = [self.seen(row) for row in range(first, last + 1)]

    @contextmanager
    def removing(self, first, last):
        assert 0 <= first <= last < len(self.rows)
        with self.step(first - last - 1):
            yield
        del self.rows[first : last + 1]

    @contextmanager
    def moving(self, row, before):
        assert before not in (row, row + 1)
        assert 0 <= row < len(self.rows)
        assert 0 <= before <= len(self.rows)
        with self.step(0):
            yield
        moved = self.rows.pop(row)
        self.rows.insert(before if before < row else before - 1, moved)

    def replaced(self, first, last):
        assert 0 <= first <= last < len(self.rows)
        for row in range(first, last + 1):
            self.rows[row] = self.seen(row)

    def check(self):
        assert len(self.rows) == self.segments.total
        row = 0
        for piece in self.segments.pieces:
            assert piece.lines is None or len(piece.lines) == piece.count
            for line in piece.lines or ():
                assert self.rows[row] == line.id
                assert self.segments.row_of(line.id) == row
                row += 1
            row += piece.count if piece.lines is None else 0
        assert row == self.segments.total


def ask(segments, truth, row):
    """What the window does for a row that is not on hand."""
    piece, _ = segments.at(row)
    asked = max(piece.count, 3) + 5
    return piece.start, truth.page(piece.start, asked), asked


def settle(segments, truth, fill_all=True):
    """Outline and pages until nothing differs; returns the rows as shown."""
    for _ in range(6):
        wanted = segments.redraw(truth.outline())
        expected = True
        for start in wanted:
            piece = segments.piece_from(start)
            if piece is not None:
                expected &= segments.fill(start, truth.page(start, piece.count + 5), piece.count + 5)
        while fill_all:
            missing = next((row for row in range(segments.total) if segments.line_at(row) is None), None)
            if missing is None:
                break
            expected &= segments.fill(*ask(segments, truth, missing))
        if expected and not wanted:
            break
    return [segments.line_at(row) for row in range(segments.total)]


class Story(RuleBasedStateMachine):
    """Writes, late news, pages read early or late, old outlines: in the end the list is the truth."""

    @initialize(descending=st.booleans(), size=st.integers(0, 900), seed=st.integers(0, 1 << 30))
    def begin(self, descending, size, seed):
        chance = random.Random(seed)
        self.chance = chance
        self.truth = Truth(descending)
        lines = [Line(ident, (chance.randrange(50), ident), 0) for ident in range(1, size + 1)]
        self.truth.lines = sorted(lines, key=self.truth.order)
        self.mirror = Mirror()
        self.segments = Segments(self.mirror, descending=descending, kept=100_000)
        first = self.truth.first()
        self.segments.begin(first, complete=len(first) < PAGE)
        self.mirror.begin(self.segments)
        self.news = []
        self.next_id = size + 1
        self.outlines = [self.truth.outline()]

    @rule(value=st.integers(-5, 55))
    def create(self, value):
        self.truth.write(self.next_id, value)
        self.news.append(self.next_id)
        self.next_id += 1

    @rule(place=st.floats(0, 1, exclude_max=True), value=st.integers(-5, 55))
    def change(self, place, value):
        if self.truth.lines:
            line = self.truth.lines[int(place * len(self.truth.lines))]
            self.truth.write(line.id, value)
            self.news.append(line.id)

    @rule(place=st.floats(0, 1, exclude_max=True), many=st.integers(1, 4))
    def erase(self, place, many):
        begin = int(place * len(self.truth.lines))
        for line in self.truth.lines[begin : begin + many]:
            self.truth.erase(line.id)
            self.news.append(line.id)

    @rule()
    def hear(self):
        for ident in self.news:
            line = self.truth.get(ident)
            if line is not None:
                self.segments.put(line)
            else:
                self.segments.drop(ident)
        self.news.clear()

    @rule(place=st.floats(0, 1, exclude_max=True), fresh=st.booleans())
    def read(self, place, fresh):
        if self.segments.total:
            row = int(place * self.segments.total)
            self.segments.fill(*ask(self.segments, self.truth, row), fresh=self.news if fresh else ())

    @rule()
    def walk(self):
        self.outlines.append(self.truth.outline())

    @rule(old=st.booleans())
    def redraw(self, old):
        self.segments.redraw(self.outlines[0 if old else -1])

    @rule(number=st.integers(0, 2))
    def forget(self, number):
        self.segments.forget_but(number)

    @invariant()
    def told_rightly(self):
        self.mirror.check()

    def teardown(self):
        if not hasattr(self, "segments"):
            return
        self.hear()
        assert settle(self.segments, self.truth) == self.truth.lines
        self.mirror.check()


Story.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestStory = Story.TestCase


def shown(size, descending=False, kept=100_000):
    truth = Truth(descending)
    truth.lines = sorted((Line(ident, (ident * 7, ident), 0) for ident in range(1, size + 1)), key=truth.order)
    mirror = Mirror()
    segments = Segments(mirror, descending=descending, kept=kept)
    segments.begin(truth.first(), complete=size < PAGE)
    mirror.begin(segments)
    segments.redraw(truth.outline())
    mirror.told = 0
    return truth, mirror, segments


@pytest.mark.parametrize("descending", [False, True])
def test_the_outline_gives_the_length_and_any_page(descending):
    truth, mirror, segments = shown(5000, descending)
    assert segments.total == 5000
    assert segments.line_at(3210) is None
    assert segments.fill(*ask(segments, truth, 3210))
    assert segments.line_at(3210) == truth.lines[3210]
    assert mirror.told == 0
    mirror.check()


def test_a_new_line_comes_at_its_exact_row_in_an_unread_piece():
    truth, mirror, segments = shown(5000)
    truth.write(9999, 3001 * 7)
    line = truth.get(9999)
    assert not segments.put(line)
    segments.fill(*ask(segments, truth, 3001), fresh=(9999,))
    assert segments.total == 5001
    assert segments.row_of(9999) == truth.lines.index(line)
    assert mirror.told == 1


def test_a_key_that_changes_moves_one_row_only():
    truth, mirror, segments = shown(5000)
    for row in (1000, 1210):
        segments.fill(*ask(segments, truth, row))
    truth.write(1005, 1205 * 7)
    assert segments.put(truth.get(1005))
    assert mirror.told == 1
    assert segments.row_of(1005) == truth.lines.index(truth.get(1005))
    mirror.check()


def test_a_line_that_leaves_for_an_unread_piece_keeps_the_length():
    truth, mirror, segments = shown(5000)
    truth.write(5, 4000 * 7)
    assert not segments.put(truth.get(5))
    assert segments.total == 5000
    assert segments.known(5) is None
    mirror.check()


def test_an_outline_moves_nothing_on_hand():
    truth, mirror, segments = shown(5000)
    segments.fill(*ask(segments, truth, 3000))
    before = segments.row_of(3001)
    for ident in range(6000, 6010):
        truth.write(ident, 1500 * 7)
    truth.erase(4500)
    segments.redraw(truth.outline())
    assert segments.total == 5009
    assert segments.row_of(3001) == before + 10
    assert mirror.told == 2  # Ten rows before the block, one after it.
    mirror.check()


def test_a_block_shorter_than_a_page_keeps_its_place():
    truth, mirror, segments = shown(5000)
    segments.fill(*ask(segments, truth, 1000))
    truth.write(1100, 1)  # Leaves the block for the list's head: the block now lies within one page of the outline.
    segments.put(truth.get(1100))
    segments.redraw(truth.outline())
    assert segments.row_of(1150) == truth.lines.index(truth.get(1150))
    mirror.check()


def test_only_so_many_lines_are_kept():
    truth, mirror, segments = shown(5000, kept=3 * PAGE)
    for row in range(0, 5000, PAGE):
        segments.fill(*ask(segments, truth, row))
        assert sum(piece.lines is not None for piece in segments.pieces) <= 3
    assert segments.line_at(4999) == truth.lines[4999]
    assert segments.line_at(0) is None
    mirror.check()


def test_lines_nobody_told_of_are_found_by_the_outline():
    truth, mirror, segments = shown(5000)
    for row in (1000, 1200):
        segments.fill(*ask(segments, truth, row))
    for ident in (1010, 1020):
        truth.erase(ident)
    wanted = segments.redraw(truth.outline())
    assert wanted, "a block that contradicts the outline must be read again"
    assert settle(segments, truth) == truth.lines
