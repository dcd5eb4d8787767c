"""A compound of the first schema comes to the second with everything it held, and can be counted then."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from db import guard, migrate
from db.engine import open_engine
from tests.writing import rows


def test_a_compound_of_the_first_schema_can_be_counted(empty_url, clock):
    engine = open_engine(empty_url)
    with engine.execution_options(writes=True).begin() as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO entity (code, name, version) VALUES ('UNEP', 'Environment', 1)"))
        connection.execute(
            text(
                "INSERT INTO asset (entity_id, entity_code, inventory_no, description, state, changed_at) "
                "VALUES (1, 'UNEP', 'UNEP-1', 'Chair', 'in_store', '2026-08-24T06:00:00.000000Z')"
            )
        )
    migrate.upgrade(engine)
    assert guard.deviations(engine) == []

    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator
    from cbo_desk.property.verification import Scope, open_campaign

    office = Office(engine, administrator("ada", "Ada", "DESK-1"), clock)
    assert office.write(open_campaign, "Count", Scope()).said == "Count is open: 1 asset to find."
    assert rows(office, text("SELECT inventory_no FROM asset")) == [("UNEP-1",)]
    engine.dispose()
