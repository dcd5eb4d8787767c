"""A list read in pages is the list read at once: no gap, no overlap, no row out of order, on both engines."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cbo_desk.office import Office
from cbo_desk.paging import PAGE, PagedList, Sort, starts_with
from cbo_desk.permissions import administrator, reads
from db.engine import open_engine
from db.maintenance import AssetRepair
from db.people import Entity
from db.property import STATES, Asset
from tests.conftest import MORNING

COLUMNS = {
    "inventory_no": Asset.inventory_no,
    "description": Asset.description,
    "cost_cents": Asset.cost_cents,
    "state": Asset.state,
    "changed_at": Asset.changed_at,
    "place_code": Asset.place_code,
}
WORDS = ("", "é", "E", "chair", "Chair", "chair 2", "ÿ", "ß", "日本", "😀", "_", "%", "~")


class Assets(PagedList[str]):
    kind = "property.asset"

    def row_of(self, values):
        return values.inventory_no


def listing(column="inventory_no", *, down=False, where=None):
    chosen = COLUMNS[column]
    lines = sa.select(Asset.id, Asset.inventory_no)
    return Assets(lines, Asset.id, Sort((chosen, Asset.id), down), sa.true() if where is None else where)


def rows(count, pick):
    return [
        {
            "id": n + 1,
            "entity_id": 1,
            "entity_code": "WFP",
            "inventory_no": f"A{n}",
            "description": WORDS[pick(n, len(WORDS))],
            "cost_cents": pick(n, 7) * 100,
            "state": STATES[pick(n, 5)],
            "changed_at": MORNING + timedelta(hours=pick(n, 9)),
        }
        for n in range(count)
    ]


def fill(engine, assets):
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.delete(AssetRepair))  # the database notes one for each asset under repair
        connection.execute(sa.delete(Asset))
        connection.execute(sa.delete(Entity))
        connection.execute(sa.insert(Entity), [{"id": 1, "code": "WFP", "name": "Food", "version": 1}])
        connection.execute(sa.insert(Asset), assets) if assets else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.sampled_from([0, 1, 5, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE + 17]),
    column=st.sampled_from(list(COLUMNS)),
    down=st.booleans(),
    seed=st.integers(1, 10_000),
    dear=st.booleans(),
    data=st.data(),
)
def test_pages_against_a_sorted_list(engine, count, column, down, seed, dear, data):
    assets = rows(count, lambda n, size: (n * seed + n // 3) % size)
    fill(engine, assets)
    where = Asset.cost_cents >= 300 if dear else None
    kept = [row for row in assets if not dear or row["cost_cents"] >= 300]
    truth = sorted(((row.get(column, ""), row["id"]) for row in kept), reverse=down)
    shown = listing(column, down=down, where=where)
    with Session(engine) as session:
        assert [line.key for line in shown.first(session)] == truth[:PAGE]
        outline = shown.outline(session)
        assert (outline.total, list(outline.starts)) == (len(truth), truth[::PAGE])
        assert shown.count(session) == len(truth)
        walked = [line for start in outline.starts for line in shown.page(session, start, PAGE)]
        assert [line.key for line in walked] == truth
        assert [line.id for line in walked] == [ident for _, ident in truth]
        assert shown.ids(session, 250) == [ident for _, ident in truth][:250]
        some = data.draw(st.lists(st.integers(-3, count + 3), max_size=20))
        many = [*some, *range(count, 0, -1)]
        assert [line.key for line in shown.among(session, some)] == [key for key in truth if key[1] in some]
        assert [line.key for line in shown.among(session, many)] == truth
        if truth:
            places = st.integers(0, len(truth) - 1)
            low, high = sorted((data.draw(places), data.draw(places)))
            assert shown.between(session, truth[low], truth[high]) == high - low
            assert [line.key for line in shown.page(session, truth[low], 50)] == truth[low : low + 50]


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("steps", [1, 70, 20_000])
def test_a_list_whose_rows_stand_far_apart_in_its_order(engine, monkeypatch, steps, down):
    """The walk along the order gives up after so many rows; the filter's own way must bring the same."""
    monkeypatch.setattr(PagedList, "steps", steps)
    assets = rows(900, lambda n, size: n * size // 900)
    fill(engine, assets)
    where = Asset.cost_cents.between(200, 500)
    kept = [asset for asset in assets if 200 <= asset["cost_cents"] <= 500]
    for column in ("cost_cents", "state", "inventory_no"):
        shown = listing(column, down=down, where=where)
        expected = sorted(kept, key=lambda asset: (asset[column], asset["id"]), reverse=down)
        with Session(engine) as session:
            assert shown.is_long(session)
            outline = shown.outline(session)
            assert outline.total == len(expected)
            assert [line.id for line in shown.first(session)] == [asset["id"] for asset in expected[:PAGE]]
            read = [line.id for start in outline.starts for line in shown.page(session, start, PAGE)]
            assert read == [asset["id"] for asset in expected]
            starts = [(asset[column], asset["id"]) for asset in expected[::37]]
            for one, other in pairwise(starts):
                assert shown.between(session, one, other) == 37
                assert shown.between(session, other, one) == 0


def test_a_page_begins_at_a_key_that_is_gone(engine):
    """The row that started a page was deleted meanwhile: the page begins at the next one."""
    assets = rows(30, lambda n, size: n % size)
    fill(engine, assets)
    shown = listing("cost_cents")
    with Session(engine) as session:
        keys = [line.key for line in shown.first(session)]
        session.execute(sa.delete(Asset).where(Asset.id == keys[10][1]))
        assert [line.key for line in shown.page(session, keys[10], 5)] == keys[11:16]


@pytest.mark.parametrize("text", ["", "A", "é", "100%", "_", "\U0010ffff", "z"])
def test_a_beginning_is_looked_up_as_python_does(engine, text):
    names = ["A", "Ab", "a", "é", "éa", "100%", "100x", "_", "x", "z\U0010fffe", "\U0010ffff"]
    assets = rows(len(names), lambda _n, _size: 0)
    for row, name in zip(assets, names, strict=True):
        row["inventory_no"] = name
    fill(engine, assets)
    with Session(engine) as session:
        found = session.scalars(sa.select(Asset.inventory_no).where(starts_with(Asset.inventory_no, text))).all()
    assert sorted(found) == sorted(name for name in names if name.startswith(text))


@pytest.fixture(scope="module")
def big(sqlite_template, tmp_path_factory):
    """100,000 assets in a file."""
    import shutil

    path = tmp_path_factory.mktemp("big") / "big.db"
    shutil.copyfile(sqlite_template, path)
    engine = open_engine(str(path))
    fill(engine, [])
    with engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000) INSERT INTO asset "
            "(id, entity_id, entity_code, inventory_no, description, cost_cents, state, changed_at) "
            "SELECT n, 1, 'WFP', 'A' || n, 'chair ' || (n * 7919 % 13), n * 7919 % 700, 'in_store', "
            "'2026-08-2' || (n % 9) || 'T06:00:00.000000Z' FROM n"
        )
        connection.exec_driver_sql("ANALYZE")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("column", list(COLUMNS))
def test_no_page_of_a_long_list_is_sorted(big, column, down):
    """SQLite's own plan: an index gives the order, nothing is gathered and sorted."""
    shown = listing(column, down=down)
    said: list[str] = []
    with Session(big) as session:
        key = shown.first(session)[-1].key
        with pytest.MonkeyPatch.context() as patch:
            read = shown._read
            patch.setattr(
                shown, "_read", lambda session, wanted: said.extend(plan(session, wanted)) or read(session, wanted)
            )
            shown.first(session)
            shown.page(session, key, PAGE)
    assert [line for line in said if "TEMP B-TREE" in line] == []
    # Where all rows are of one state, the table's own order is the index.
    assert all("USING" in line and ("INDEX" in line or "PRIMARY KEY" in line) for line in said), said


def plan(session, wanted):
    text = wanted.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple(text.params.values()))
    return [row[-1] for row in rows]


def test_the_control_an_unindexed_order_is_sorted(big):
    with Session(big) as session:
        wanted = sa.select(Asset.id).order_by(Asset.notes, Asset.id).limit(PAGE)
        assert any("TEMP B-TREE" in line for line in plan(session, wanted))


def test_pages_of_a_long_list_meet(big):
    shown = listing("description", down=True)
    with Session(big) as session:
        outline = shown.outline(session)
        assert outline.total == 100_000
        assert len(outline.starts) == 500
        for start, following in list(pairwise(outline.starts))[::50]:
            page = shown.page(session, start, PAGE + 1)
            assert page[-1].key == following
            assert shown.between(session, start, following) == PAGE


@reads("property")
def page_while_it_moves(session, engine):
    """150 lines, read in two questions, between which a row moves from what the first brought to what the second will.
    """
    shown = listing("cost_cents")
    read, moves = shown._read, iter([True])

    def then_it_moves(session, wanted):
        found = read(session, wanted)
        if next(moves, False):
            with engine.execution_options(writes=True).begin() as connection:
                connection.execute(sa.update(Asset).where(Asset.id == found[-1].id).values(cost_cents=100))
        return found

    shown._read = then_it_moves
    lines = shown.page(session, (0, 1), 200)
    assert not next(moves, False)
    return [line.id for line in lines]


def test_a_page_is_of_one_moment(engine):
    fill(engine, rows(300, lambda n, size: int(n >= 100) if size == 7 else 0))
    office = Office(engine, administrator("ada", "Ada Achieng"))
    assert office.read(page_while_it_moves, engine) == list(range(1, 201))
    # The control: a server that sees each question's own moment shows a row at both places.
    fill(engine, rows(300, lambda n, size: int(n >= 100) if size == 7 else 0))
    with Session(engine) as session:
        found = page_while_it_moves(session, engine)
    assert (found.count(100) == 2) == (engine.dialect.name == "postgresql")
