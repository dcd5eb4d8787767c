"""An id is given once: what was deleted never lends its number to another thing, on either engine."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import bulk
from db.base import table_of
from db.people import Entity, Person
from db.places import Place
from db.property import Asset, Category
from db.tags import Tag
from tests.conftest import MORNING

ENTITY = {"code": "UNEP", "name": "Environment"}
ROWS = {
    Tag: {"code": "X-1", "subject_kind": "property.asset", "subject_id": 1, "made_at": MORNING},
    Asset: {
        "entity_id": 1,
        "entity_code": "UNEP",
        "inventory_no": "1",
        "description": "Chair",
        "state": "in_store",
        "changed_at": MORNING,
    },
    Place: {"place_kind": "room", "code": "R-1", "name": "R-1", "path": "/1/"},
    Person: {
        "family_name": "Lindqvist",
        "given_name": "Erik",
        "sort_name": "Lindqvist, Erik",
        "entity_id": 1,
        "entity_code": "UNEP",
    },
    Entity: {"code": "WFP", "name": "Food"},
}


def after_deleting_the_newest(engine, model, values):
    """The id that was deleted, the next one reserved, and the next one that the database gives by itself."""
    table = table_of(model)
    with Session(engine) as session:
        if model is not Entity:
            session.execute(insert(table_of(Entity)), {**ENTITY, "id": 1})
        [ident] = bulk.reserve_ids(session, table, 1)
        session.execute(insert(table), {**values, "id": ident})
        session.execute(delete(table).where(table.c.id == ident))
        session.commit()
        [reserved] = bulk.reserve_ids(session, table, 1)
        given = session.execute(insert(table).values(**values)).inserted_primary_key[0]
        session.rollback()
    return ident, reserved, given


@pytest.mark.parametrize("model", list(ROWS), ids=lambda model: model.__tablename__)
def test_the_id_of_a_deleted_row_is_never_given_again(engine, model):
    ident, reserved, given = after_deleting_the_newest(engine, model, ROWS[model])
    assert reserved > ident
    assert given > ident


def test_control_a_table_that_nothing_outside_points_to_gives_its_ids_again_on_sqlite(sqlite_office):
    ident, _reserved, given = after_deleting_the_newest(sqlite_office.engine, Category, {"code": "ICT", "name": "ICT"})
    assert given == ident


def test_rows_written_under_ids_of_their_own_count_too(engine):
    with Session(engine) as session:
        session.execute(insert(table_of(Tag)), {**ROWS[Tag], "id": 900})
        if engine.dialect.name == "sqlite":
            assert bulk.reserve_ids(session, table_of(Tag), 3) == range(901, 904)
        assert session.scalar(select(func.max(Tag.id))) == 900
