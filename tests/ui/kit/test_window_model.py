"""The window model over real databases: pages, counts, changes from here and elsewhere, compared with plain SQL."""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from sqlalchemy import delete, insert, select, update

from cbo_desk import paging
from cbo_desk.changes import Changes
from cbo_desk.errors import Trouble
from cbo_desk.office import Office
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import administrator, deed, reads
from db.people import Entity
from db.property import Asset
from ui.kit import list_reader, outlining
from ui.kit.cells import MARK_ROLE, VALUE_ROLE, Look
from ui.kit.chips import Status
from ui.kit.columns import Column
from ui.kit.cursor import choose_row
from ui.kit.runner import Runner
from ui.kit.segments import Segments
from ui.kit.window_model import UNREAD, WindowModel

KIND = "property.asset"
PAGE = 20
MORNING = datetime(2026, 8, 24, 6, tzinfo=UTC)
SORTS = {"number": Asset.inventory_no, "cost": Asset.cost_cents, "changed": Asset.changed_at}


@dataclass(frozen=True)
class Thing:
    id: int
    inventory_no: str
    description: str
    cost_cents: int
    state: str


@reads("property")
class Things(PagedList[Thing]):
    kind = KIND

    def __init__(self, sort="number", descending=False, where=None):
        line = select(Asset.id, Asset.inventory_no, Asset.description, Asset.cost_cents, Asset.state)
        super().__init__(
            line,
            Asset.id,
            Sort((SORTS[sort], Asset.id), descending),
            Asset.state != "missing" if where is None else where,
        )

    def row_of(self, values):
        return Thing(*values[:5])


COLUMNS = (
    Column(Look("number", "ref"), "Number", lambda thing: thing.inventory_no, sort="number"),
    Column(Look("description"), "Description", lambda thing: thing.description),
    Column(
        Look("cost", "money"),
        "Cost",
        lambda thing: f"{thing.cost_cents / 100:.2f}",
        fault=lambda thing: "warn" if thing.cost_cents == 0 else "",
        tip=lambda thing: "No cost is known." if thing.cost_cents == 0 else "",
        sort="cost",
    ),
    Column(Look("state", "chip"), "State", lambda thing: thing.state, value=lambda thing: Status(thing.state, "ok")),
)


def values(number, **more):
    return {
        "entity_id": 1,
        "entity_code": "UNEP",
        "inventory_no": f"N{number:06}",
        "description": f"Thing {number}",
        "state": "in_store",
        "cost_cents": number * 37 % 5000,
        "changed_at": MORNING + timedelta(microseconds=number % 977),
        **more,
    }


def fill(engine, size):
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(insert(Entity), [{"id": 1, "code": "UNEP", "name": "Environment", "version": 1}])
        if size:
            connection.execute(insert(Asset), [values(number) for number in range(1, size + 1)])


@deed("property.add_things", "add things")
def add_things(session, rows):
    ids = tuple(session.scalars(insert(Asset).returning(Asset.id, sort_by_parameter_order=True), rows))
    return Changes(KIND, ids, "Added.")


@deed("property.alter_things", "alter things")
def alter_things(session, ids, change):
    session.execute(update(Asset).where(Asset.id.in_(ids)).values(**change))
    return Changes(KIND, tuple(ids), "Altered.")


@deed("property.remove_things", "remove things")
def remove_things(session, ids):
    session.execute(delete(Asset).where(Asset.id.in_(ids)))
    return Changes(KIND, tuple(ids), "Removed.")


@deed("property.recost_things", "cost things anew")
def recost_things(session, step):
    session.execute(update(Asset).values(cost_cents=(Asset.cost_cents * step) % 5003))
    return Changes(KIND, (), "All costs anew.", everything=True)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    """Pages of 20 rows, so that a few hundred rows are a long list; the model tester looks at every row each time."""
    for module in (paging, outlining, list_reader):
        monkeypatch.setattr(module, "PAGE", PAGE)
    monkeypatch.setattr(list_reader, "SLACK", 2)


class Desk:
    """A window on a list, with what a test wants to know of it."""

    def __init__(self, qtbot, office, columns=COLUMNS):
        self.qtbot = qtbot
        self.office = office
        self.runner = Runner(office)
        self.model = WindowModel(self.runner, columns)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.table = QTableView()
        qtbot.addWidget(self.table)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.resize(600, 400)
        self.table.show()

    def show(self, listing):
        with self.qtbot.waitSignal(self.model.modelReset):
            self.model.show(listing)
        self.settle()

    def settle(self):
        self.qtbot.waitUntil(lambda: self.model.idle, timeout=20_000)

    def write(self, command, *args):
        with self.qtbot.waitSignal(self.runner.changed):
            self.runner.write(command, *args)

    def hear(self):
        heard = []
        self.runner._walks.run(self.runner, self.office.hear, heard.append, pytest.fail)
        self.qtbot.waitUntil(lambda: bool(heard))
        self.runner._heard(heard[0])

    def text(self, row, column=0):
        return self.model.data(self.model.index(row, column))

    def read_row(self, row):
        self.qtbot.waitUntil(lambda: self.text(row) != UNREAD)
        return self.model.row_at(row)

    def everything(self):
        """Every row as shown, a page at a time."""
        for _ in range(3):
            shown = []
            row = 0
            while row < self.model.rowCount():
                shown.append(self.read_row(row))
                row += 1
            self.settle()
            if len(shown) == self.model.rowCount():
                break
        return shown

    def close(self):
        self.settle()
        self.runner.finish()
        self.model.deleteLater()


def in_sql(office, listing):
    """The list by one plain query without any paging."""

    @reads("property")
    def query(session):
        wanted = listing._lines.where(listing.condition(session)).order_by(*map(listing._direct, listing._sort.columns))
        return [line.row for line in listing._read(session, wanted)]

    return office.read(query)


@pytest.fixture
def desk(qtbot, office):
    desk = Desk(qtbot, office)
    yield desk
    desk.close()


@pytest.fixture
def sqlite_desk(qtbot, sqlite_office):
    desk = Desk(qtbot, sqlite_office)
    yield desk
    desk.close()


@contextmanager
def recorded(model):
    told = []
    links = [
        (model.rowsInserted, lambda _p, first, last: told.append(("inserted", first, last))),
        (model.rowsRemoved, lambda _p, first, last: told.append(("removed", first, last))),
        (model.rowsMoved, lambda _p, first, last, _q, before: told.append(("moved", first, before))),
        (model.modelReset, lambda: told.append(("reset",))),
    ]
    for signal, slot in links:
        signal.connect(slot)
    yield told
    for signal, slot in links:
        signal.disconnect(slot)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_every_row_in_the_order_of_plain_sql(desk, sort, descending):
    fill(desk.office.engine, 113)
    listing = Things(sort, descending)
    desk.show(listing)
    assert desk.model.rowCount() == 113
    assert desk.everything() == in_sql(desk.office, listing)


def test_the_first_page_comes_before_the_count(desk, qtbot):
    fill(desk.office.engine, 100)
    gate = threading.Event()

    class Slow(Things):
        def outline(self, session, /):
            gate.wait(10)
            return super().outline(session)

    with qtbot.waitSignal(desk.model.modelReset):
        desk.model.show(Slow())
    assert desk.text(0) == "N000001"
    assert desk.model.rowCount() == PAGE
    assert not desk.model.length_known
    with recorded(desk.model) as told, qtbot.waitSignal(desk.model.counted) as counted:
        gate.set()
    assert told == [("inserted", PAGE, 99)]
    assert counted.args[0] == 100
    assert desk.model.length_known


def test_scrolling_goes_on_while_the_count_is_awaited(desk, qtbot):
    fill(desk.office.engine, 70)
    gate = threading.Event()

    class Slow(Things):
        def outline(self, session, /):
            gate.wait(10)
            return super().outline(session)

    with qtbot.waitSignal(desk.model.modelReset):
        desk.model.show(Slow())
    for row in (19, 30, 41, 63):
        qtbot.waitUntil(lambda row=row: desk.text(min(row, desk.model.rowCount() - 1)) != UNREAD)
    assert desk.model.rowCount() > 60
    gate.set()
    desk.settle()
    assert desk.model.rowCount() == 70


def test_a_short_list_is_counted_without_a_walk(desk):
    fill(desk.office.engine, 15)

    class Unwalked(Things):
        def outline(self, session, /):
            raise AssertionError("not needed")

    desk.show(Unwalked())
    assert desk.model.rowCount() == 15
    assert desk.model.length_known


def test_only_what_is_in_sight_is_read(sqlite_desk):
    fill(sqlite_desk.office.engine, 1000)
    read = []

    class Noting(Things):
        def page(self, session, start, count, /):
            read.append(start)
            return super().page(session, start, count)

    sqlite_desk.show(Noting())
    bar = sqlite_desk.table.verticalScrollBar()
    for value in range(0, 900, 30):
        bar.setValue(value)
        sqlite_desk.table.viewport().repaint()
    sqlite_desk.settle()
    assert 1 <= len(read) <= 3
    assert sqlite_desk.text(bar.value()) == f"N{bar.value() + 1:06}"


def test_a_changed_value_is_one_data_changed(desk, qtbot):
    fill(desk.office.engine, 50)
    desk.show(Things())
    with recorded(desk.model) as told, qtbot.waitSignal(desk.model.dataChanged) as changed:
        desk.write(alter_things, [7], {"description": "Mended"})
    assert told == []
    assert (changed.args[0].row(), changed.args[1].row()) == (6, 6)
    assert desk.text(6, 1) == "Mended"


def test_a_new_row_comes_at_its_place_and_selection_stays(desk):
    fill(desk.office.engine, 100)
    desk.show(Things())
    choose_row(desk.table, 12)
    with recorded(desk.model) as told:
        desk.write(add_things, [values(5, inventory_no="N000005a"), values(90, inventory_no="N000090a")])
        desk.settle()
    assert told == [("inserted", 5, 5), ("inserted", 91, 91)]
    assert [index.row() for index in desk.table.selectionModel().selectedRows()] == [13]
    assert desk.model.row_at(13).id == 13


def test_a_new_key_moves_the_row_and_its_selection(desk):
    fill(desk.office.engine, 100)
    desk.show(Things())
    choose_row(desk.table, 3)
    with recorded(desk.model) as told:
        desk.write(alter_things, [4], {"inventory_no": "N000015x"})
        desk.settle()
    assert told == [("moved", 3, 15)]
    assert [index.row() for index in desk.table.selectionModel().selectedRows()] == [14]
    assert desk.model.id_at(14) == 4


def test_rows_that_leave_the_list_go(desk):
    fill(desk.office.engine, 100)
    desk.show(Things())
    with recorded(desk.model) as told:
        desk.write(alter_things, [4], {"state": "missing"})
        desk.settle()
        desk.write(remove_things, [90])
        desk.settle()
    assert told[0] == ("removed", 3, 3)
    assert len(told) == 2
    assert told[1][0] == "removed"
    assert desk.model.rowCount() == 98
    assert desk.everything() == in_sql(desk.office, Things())


def test_when_everything_changed_selection_and_scroll_stay(desk):
    fill(desk.office.engine, 150)
    desk.show(Things("number"))
    bar = desk.table.verticalScrollBar()
    bar.setValue(70)
    desk.read_row(75)
    desk.settle()
    choose_row(desk.table, 75)
    with recorded(desk.model) as told:
        desk.write(recost_things, 17)
        desk.settle()
    assert told == []
    assert bar.value() == 70
    assert [index.row() for index in desk.table.selectionModel().selectedRows()] == [75]
    assert desk.everything() == in_sql(desk.office, Things("number"))


def test_when_every_key_changed_the_list_is_right_again(desk):
    fill(desk.office.engine, 150)
    listing = Things("cost")
    desk.show(listing)
    desk.read_row(70)
    desk.write(recost_things, 1009)
    desk.settle()
    assert desk.everything() == in_sql(desk.office, listing)


def test_an_import_elsewhere_lengthens_the_list(desk, qtbot, engine, clock):
    fill(engine, 30)
    desk.show(Things())
    other = Office(engine, administrator("ben", "Ben", "DESK-2"), clock)
    desk.hear()
    other.write(add_things, [values(number) for number in range(2000, 2090)])
    desk.hear()
    desk.settle()
    assert desk.model.rowCount() == 120
    assert desk.everything() == in_sql(desk.office, Things())


def test_a_page_read_before_a_scan_does_not_hide_it(desk, qtbot):
    fill(desk.office.engine, 100)
    gate, reading = threading.Event(), threading.Event()

    class Slow(Things):
        def page(self, session, start, count, /):
            lines = super().page(session, start, count)
            if start[0] > "N000050":
                reading.set()
                gate.wait(10)
            return lines

    desk.show(Slow())
    assert desk.text(62) == UNREAD
    qtbot.waitUntil(reading.is_set)
    desk.write(alter_things, [63], {"description": "Scanned"})
    desk.write(add_things, [values(63, inventory_no="N000063a", description="New")])
    gate.set()
    desk.settle()
    assert desk.text(62, 1) == "Scanned"
    assert desk.text(63, 1) == "New"
    assert desk.model.rowCount() == 101


def test_a_row_that_comes_first_while_everything_is_read_anew_leaves_no_old_values(sqlite_desk, qtbot):
    fill(sqlite_desk.office.engine, 100)
    asked, go_on = threading.Event(), threading.Event()

    class Slow(Things):
        def among(self, session, ids, /):
            asked.set()
            assert go_on.wait(20)
            return super().among(session, ids)

    sqlite_desk.show(Slow("changed", True))
    sqlite_desk.write(alter_things, [50], {"changed_at": MORNING + timedelta(hours=1)})
    qtbot.waitUntil(asked.is_set)
    # The first page is now to be read anew by the key of its first row; row 50 comes before that one in between.
    sqlite_desk.write(recost_things, 3)
    go_on.set()
    sqlite_desk.settle()
    shown = [sqlite_desk.read_row(row) for row in range(PAGE)]
    assert shown == in_sql(sqlite_desk.office, Things("changed", True))[:PAGE]


def test_a_page_read_before_a_deed_over_everything_does_not_hide_it(desk, qtbot):
    fill(desk.office.engine, 100)
    gate, reading = threading.Event(), threading.Event()

    class Slow(Things):
        def page(self, session, start, count, /):
            lines = super().page(session, start, count)
            if start[0] > "N000050":
                reading.set()
                gate.wait(10)
            return lines

    desk.show(Slow())
    assert desk.text(62) == UNREAD
    qtbot.waitUntil(reading.is_set)
    desk.write(recost_things, 17)
    gate.set()
    desk.settle()
    assert desk.text(62, 2) == f"{63 * 37 * 17 % 5003 / 100:.2f}"
    assert desk.everything() == in_sql(desk.office, Things())


def test_a_first_page_read_before_a_scan_does_not_hide_it(desk, qtbot):
    fill(desk.office.engine, 100)
    gate, reading = threading.Event(), threading.Event()

    class Slow(Things):
        def first(self, session, /):
            lines = super().first(session)
            reading.set()
            gate.wait(10)
            return lines

    desk.model.show(Slow())
    qtbot.waitUntil(reading.is_set)
    desk.write(alter_things, [3], {"description": "Scanned"})
    desk.write(alter_things, [4], {"state": "missing"})
    gate.set()
    desk.settle()
    assert desk.text(2, 1) == "Scanned"
    assert desk.text(3) == "N000005"
    assert desk.model.rowCount() == 99


def test_an_outline_walked_before_a_change_is_walked_again(desk, qtbot):
    fill(desk.office.engine, 100)
    gate, walked = threading.Event(), threading.Event()

    class Slow(Things):
        def outline(self, session, /):
            outline = super().outline(session)
            walked.set()
            gate.wait(10)
            return outline

    with qtbot.waitSignal(desk.model.modelReset):
        desk.model.show(Slow())
    qtbot.waitUntil(walked.is_set)
    desk.write(remove_things, [90, 91])
    gate.set()
    desk.settle()
    assert desk.model.rowCount() == 98


def test_only_the_last_of_many_showings_is_read(desk, qtbot):
    fill(desk.office.engine, 100)
    gate = threading.Event()
    read = []

    class Typed(Things):
        def __init__(self, words):
            super().__init__(where=Asset.description.startswith(words))
            self.words = words

        def first(self, session, /):
            read.append(self.words)
            gate.wait(10)
            return super().first(session)

    with qtbot.waitSignal(desk.model.modelReset):
        for words in ("T", "Th", "Thi", "Thin", "Thing 9"):
            desk.model.show(Typed(words))
        gate.set()
    desk.settle()
    assert read[-1] == "Thing 9"
    assert len(read) <= 2
    assert desk.model.rowCount() == 11


def test_the_rows_before_stay_until_the_next_listing_is_there(desk, qtbot):
    fill(desk.office.engine, 60)
    desk.show(Things())

    class Broken(Things):
        def first(self, session, /):
            raise Trouble("The database did not answer. Nothing was read.")

    with qtbot.waitSignal(desk.runner.failed) as failed:
        desk.model.show(Broken())
        assert desk.model.loading
        assert desk.text(0) == "N000001"
    assert str(failed.args[0]).startswith("The database did not answer.")
    assert not desk.model.loading
    assert desk.text(0) == "N000001"


def test_a_page_that_cannot_be_read_is_asked_for_again_when_looked_at(sqlite_desk, qtbot):
    fill(sqlite_desk.office.engine, 100)
    broken = [True]

    class Frail(Things):
        def page(self, session, start, count, /):
            if broken and start[0] > "N000050":
                broken.clear()
                raise Trouble("The database did not answer. Nothing was read.")
            return super().page(session, start, count)

    sqlite_desk.show(Frail())
    with qtbot.waitSignal(sqlite_desk.runner.failed):
        assert sqlite_desk.text(70) == UNREAD
    assert sqlite_desk.read_row(70).id == 71


@pytest.mark.parametrize("number", [1, 15, 64, 99])
def test_the_position_of_any_row_is_found(desk, qtbot, number):
    fill(desk.office.engine, 100)
    desk.show(Things(descending=True))
    with qtbot.waitSignal(desk.model.found) as found:
        desk.model.position_of(number)
    assert found.args == [number, 100 - number]


def test_the_position_is_asked_before_the_length_is_known(desk, qtbot):
    fill(desk.office.engine, 100)
    with qtbot.waitSignal(desk.model.found) as found:
        desk.model.show(Things())
        desk.model.position_of(77)
    assert found.args == [77, 76]
    with qtbot.waitSignal(desk.model.found) as found:
        desk.model.position_of(5555)
    assert found.args == [5555, -1]


def test_clicking_a_heading_asks_for_an_order(sqlite_desk, qtbot):
    with qtbot.waitSignal(sqlite_desk.model.order_wanted) as wanted:
        sqlite_desk.model.sort(2, Qt.SortOrder.DescendingOrder)
    assert wanted.args == ["cost", True]
    with qtbot.assertNotEmitted(sqlite_desk.model.order_wanted):
        sqlite_desk.model.sort(1)


def test_what_a_cell_gives_its_delegate_and_a_screen_reader(sqlite_desk):
    fill(sqlite_desk.office.engine, 90)
    with sqlite_desk.office.engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(Asset).where(Asset.id == 1).values(cost_cents=0))
    sqlite_desk.show(Things())
    model = sqlite_desk.model
    cost, state = model.index(0, 2), model.index(0, 3)
    assert cost.data(MARK_ROLE) == "warn"
    assert model.index(1, 2).data(MARK_ROLE) is None
    assert cost.data(Qt.ItemDataRole.ToolTipRole) == "No cost is known."
    assert cost.data(Qt.ItemDataRole.AccessibleTextRole) == "0.00: No cost is known."
    assert cost.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert state.data(VALUE_ROLE) == Status("in_store", "ok")
    assert model.index(80, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Still being read"
    assert model.headerData(2, Qt.Orientation.Horizontal) == "Cost"


def test_answers_for_a_closed_window_are_dropped(sqlite_desk, qtbot):
    fill(sqlite_desk.office.engine, 100)
    for _ in range(30):
        model = WindowModel(sqlite_desk.runner, COLUMNS)
        model.show(Things())
        model.deleteLater()
        del model
    sqlite_desk.show(Things())
    assert sqlite_desk.model.rowCount() == 100


def test_selecting_all_reads_nothing(sqlite_desk):
    fill(sqlite_desk.office.engine, 900)
    read = []

    class Noting(Things):
        def page(self, session, start, count, /):
            read.append(start)
            return super().page(session, start, count)

    sqlite_desk.show(Noting())
    read.clear()
    sqlite_desk.table.selectAll()
    selection = sqlite_desk.table.selectionModel()
    assert sum(part.height() for part in selection.selection()) == 900
    assert selection.isRowSelected(800, QModelIndex())
    selection.select(sqlite_desk.model.index(3, 0), QItemSelectionModel.SelectionFlag.Clear)
    assert read == []


def test_a_screen_across_two_pages_is_read_in_one_reading(sqlite_desk):
    fill(sqlite_desk.office.engine, 100)
    read = []

    class Noted(Things):
        def page(self, session, start, count, /):
            read.append(start)
            return super().page(session, start, count)

    sqlite_desk.show(Noted())
    sqlite_desk.settle()
    border = next(row for row in range(3 * PAGE, 5 * PAGE) if sqlite_desk.model._reader.segments.at(row)[1] == 0)
    read.clear()
    assert sqlite_desk.text(border) == UNREAD
    assert sqlite_desk.text(border - 1) == UNREAD
    sqlite_desk.settle()
    assert len(read) == 1
    assert sqlite_desk.everything() == in_sql(sqlite_desk.office, Things())


@pytest.mark.parametrize(("sort", "descending"), [("cost", False), ("changed", True)])
def test_hundreds_of_deeds_end_as_sql_has_it(office, qtbot, engine, clock, sort, descending, monkeypatch):
    for module in (paging, outlining, list_reader):
        monkeypatch.setattr(module, "PAGE", 8)
    monkeypatch.setitem(Segments.__init__.__kwdefaults__, "kept", 40)
    fill(engine, 70)
    desk = Desk(qtbot, office, COLUMNS[:1])
    listing = Things(sort, descending)
    desk.show(listing)
    other = Office(engine, administrator("ben", "Ben", "DESK-2"), clock)
    desk.hear()
    chance = random.Random(f"{sort} {engine.dialect.name}")
    numbers = iter(range(5000, 9000))
    for step in range(130):
        # Two deeds each time, here or at the other desk, without waiting for what the first one does.
        for _ in range(2):
            deed_done = some_deed(chance, numbers)
            if chance.random() < 0.5:
                other.write(*deed_done)
            else:
                desk.runner.write(*deed_done)
        if chance.random() < 0.2:
            desk.runner._listen()
        desk.text(chance.randrange(max(1, desk.model.rowCount())))
        if step % 10 == 0:
            qtbot.waitUntil(lambda: desk.runner._writes.busy == 0)
    qtbot.waitUntil(lambda: desk.runner._writes.busy == 0 and not desk.runner._listening, timeout=30_000)
    desk.hear()
    desk.settle()
    assert desk.everything() == in_sql(desk.office, listing)
    desk.close()


def some_deed(chance, numbers):
    """A deed that keeps the list at about the same length."""
    ids = chance.sample(range(1, 70), chance.randint(1, 4))
    what = chance.random()
    if what < 0.15:
        rows = [values(next(numbers), cost_cents=chance.randrange(5000)) for _ in range(chance.randint(1, 2))]
        return add_things, rows
    if what < 0.3:
        return remove_things, [*ids, *chance.sample(range(70, 300), 60)]
    if what < 0.6:
        return alter_things, ids, {"state": chance.choice(["missing", "in_store"])}
    if what < 0.61:
        return recost_things, chance.choice([3, 7, 11])
    if what < 0.8:
        return alter_things, ids, {"changed_at": MORNING + timedelta(microseconds=chance.randrange(-99, 1100))}
    return alter_things, ids, {"cost_cents": chance.randrange(5000)}
