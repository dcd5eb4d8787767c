"""What a fact is sealed by is the same on both engines and after every way between them, and no table is forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from db import tables, triggers  # noqa: F401 - every table is known
from db.base import Base, UTCDateTime
from db.engine import open_engine, sqlite_module
from db.seals import APART, FORMS, reader, words_on_server

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {
    "numbers": st.integers(-(2**31), 2**31 - 1),
    "texts": TEXTS,
    "instants": st.integers(-(2**50), 2**52).map(lambda number: EPOCH + timedelta(microseconds=number)),
    "dates": st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    "flags": st.booleans(),
    # As facts have it: a column of SQLite's that is called JSON keeps a number that stands alone as its own kind of it.
    "json": PLAIN.filter(lambda value: not isinstance(value, float)),
    "bytes": st.binary(max_size=20),
}


def kind_of(column):
    kind = column.type
    if isinstance(kind, UTCDateTime):
        return "instants"
    names = ((sa.Boolean, "flags"), (sa.Date, "dates"), (sa.LargeBinary, "bytes"), (sa.Integer, "numbers"))
    plain = getattr(kind, "impl_instance", kind)
    return next((name for known, name in (*names, (sa.JSON, "json")) if isinstance(plain, known)), "texts")


def test_every_table_of_facts_is_sealed_with_every_column_it_has():
    assert set(FORMS) | set(APART) == set(triggers.APPEND_ONLY), "seal a new table of facts in db.seals.FORMS"
    assert not set(FORMS) & set(APART)
    for name, form in FORMS.items():
        table = Base.metadata.tables[name]
        assert form.kinds == {c.name: kind_of(c) for c in sorted(table.columns, key=lambda c: c.name)}, name
        assert form.keys == tuple(c.name for c in table.primary_key), name
        # What is added to a form later must say nothing of the rows of before.
        assert FROZEN[name].split() == [n for n in form.kinds if not table.c[n].nullable], f"{name}: make it nullable"


FROZEN = {
    "asset_event": "asset_id at by custodian_name id place_code said state what",
    "campaign_count": "at by by_number campaign_id condition id listed_code note room_id text what workstation",
    "campaign_item": "asset_id campaign_id category condition custodian_name description entity_code inventory_no "
    "place_code room_id state",
    "charge": "amount_cents charged_on currency desk entity_code entity_id id made_at made_by quantity_milli rate_e4 "
    "rate_row rate_source reason subject subject_id subject_kind unit what",
    "custody_answer": "answer asset_id at by id inventory_no note person_id",
    "disposal_decision": "at body by case_id decided_on decision id last_item_id minutes remarks",
    "fuel_fill": "at by cents full id millilitres reading_id source ticket vehicle_id",
    "gate_event": "at by id line_id what workstation",
    "handover_item": "asset_id condition description entity_code from_name from_place from_state handover_id id "
    "inventory_no serial tag_code to_name to_place to_state",
    "mail_event": "at before by from_hand id item_id note reason shelf_code state to_hand what workstation",
    "mail_outgoing_event": "at before by from_hand id item_id reason state to_hand what workstation",
    "mail_proof": "at by how id strokes taken_by workstation",
    "notification_file": "content id media_type name notification_id",
    "odometer_reading": "at by explained id km source vehicle_id",
    "print_job": "at by id output pages stock tags",
    "printed_tag": "cell job_id page tag_id",
    "request_decision": "at by id note request_id seq title what",
    "taken_deed": "by digest happened_at id kind outcome record_kind said taken_at workstation",
    "trip_event": "at by id note trip_id what",
    "vehicle_service": "by cents done_on id kind note reading_id vehicle_id",
}
"""The columns that no row of each table is without: a landed form is frozen."""


@pytest.fixture
def both(postgres_url):
    """Every sealed table without its rules on a file and on a server, so that any row may stand there."""
    server = open_engine(postgres_url)
    file = sa.create_engine("sqlite://", module=sqlite_module())
    loose = sa.MetaData()
    for name in FORMS:
        sa.Table(f"loose_{name}", loose, *(sa.Column(c.name, c.type) for c in Base.metadata.tables[name].columns))
    with server.connect() as there, file.connect() as here:
        loose.create_all(there)
        loose.create_all(here)
        yield loose, here, there
        there.rollback()
    server.dispose()
    file.dispose()


def put(connection, table, values):
    """The row as this engine keeps it, and its digest; it is gone again afterwards."""
    name = table.name.removeprefix("loose_")
    connection.execute(table.delete())
    connection.execute(table.insert(), values)
    kept = dict(connection.execute(table.select()).one()._mapping)
    if connection.dialect.name == "postgresql":
        told = words_on_server(name, table.name)
        digest = f"SELECT sha256(convert_to({told}, 'UTF8')) FROM {table.name}".replace("%", "%%")
        return kept, bytes(connection.exec_driver_sql(digest).scalar())
    columns = ", ".join(f'"{column}"' for column in FORMS[name].kinds)
    row = connection.connection.cursor().execute(f"SELECT {columns} FROM {table.name}").fetchone()
    return kept, reader(name)(row)


NASTY = {
    "numbers": -(2**31),
    "texts": 'Ä"\\\n\x1f\x7f\u2028😀, "by":"x"',
    "instants": datetime(2026, 12, 1, 23, 59, 59, 7, UTC),
    "dates": date(1999, 2, 3),
    "flags": True,
    "json": {"bb": [1, -0.0, 10.0, 1e-7, 1e22, None], "a": "Ä\n", "é": {}},
    "bytes": b"\x00\xff",
}


def agree(both, name, values):
    """Hold the seals of one row against each other: as each engine keeps it, and as it comes out of the other."""
    loose, here, there = both
    table = loose.tables[f"loose_{name}"]
    on_file, sealed = put(here, table, values)
    on_server, of_server = put(there, table, values)
    assert of_server == sealed
    assert put(there, table, on_file)[1] == sealed
    assert put(here, table, on_server)[1] == sealed
    return sealed


def test_a_row_of_every_table_has_one_seal_on_both_engines_and_after_every_move(both):
    for name, form in FORMS.items():
        full = {column: NASTY[kind] for column, kind in form.kinds.items()}
        seals = {agree(both, name, full)}
        loose, here, _there = both
        for column in full:  # the control: what is taken out or put elsewhere is seen, whatever the column
            seals.add(put(here, loose.tables[f"loose_{name}"], {**full, column: None})[1])
        assert len(seals) == len(full) + 1, name


def test_whatever_is_in_a_row_it_has_one_seal(both):
    """These four have every kind of column between them."""
    names = ("charge", "mail_proof", "notification_file", "fuel_fill")

    @settings(max_examples=40)
    @given(st.sampled_from(names), st.data())
    def same(name, data):
        kinds = FORMS[name].kinds.items()
        agree(both, name, {column: data.draw(KINDS[kind] | st.none(), column) for column, kind in kinds})

    same()
