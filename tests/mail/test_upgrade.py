"""Manifests and rounds of an older compound are given tags and are found; its groups wait for their address."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from cbo_desk.mail import GroupForm, round_card
from cbo_desk.mail.groups import group_card
from cbo_desk.mail.outgoing import MANIFEST, manifest_card
from cbo_desk.mail.rounds import ROUND
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.search import find
from cbo_desk.tags import codes, resolve
from db import guard, migrate
from db.engine import open_engine

MADE = "'2026-08-24T06:00:00.000000Z'"


def test_a_compound_of_the_seventeenth_schema(empty_url, clock):
    engine = open_engine(empty_url)
    with engine.execution_options(writes=True).begin() as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0017")
        for statement in (
            "INSERT INTO entity (code, name, version) VALUES ('UNEP', 'Environment', 1)",
            "INSERT INTO mail_group (name, entity_id) VALUES ('Registry', 1)",
            "INSERT INTO mail_carrier (name) VALUES ('Société Générale des Postes')",
            "INSERT INTO mail_manifest (number, carrier_id, carrier, pickup_at, made_at) "
            f"VALUES ('MF-0001', 1, 'Société Générale des Postes', {MADE}, {MADE})",
            "INSERT INTO mail_round (number, name, planned_on, made_at) "
            f"VALUES ('R-0001', 'North blocks', '2026-08-24', {MADE})",
        ):
            connection.execute(text(statement))
    migrate.upgrade(engine)
    assert guard.deviations(engine) == []
    office = Office(engine, administrator("ada", "Ada", "DESK-1"), clock)
    for kind, number, card, letter in ((MANIFEST, "MF-0001", manifest_card, "F"), (ROUND, "R-0001", round_card, "R")):
        code = office.read(card, 1).code
        assert codes.is_valid(code)
        assert code[3] == letter
        for asked in (code, number):
            opened = office.read(resolve, asked).opened
            assert (opened.kind, opened.record_id, opened.title) == (kind, 1, number)
    assert [hit.title for hit in office.read(find, "societe generale")] == ["MF-0001"]
    assert office.read(group_card, 1).form == GroupForm("Registry", 1)
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0017")
    engine.dispose()
