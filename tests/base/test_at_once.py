"""Rows read in one step are the rows that are read one by one: values, types and order, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from cbo_desk.at_once import Rows
from db.property import Asset
from tests.conftest import MORNING
from tests.property.conftest import small_compound
from tests.writing import insert

WORDS = ("", "é", '"quoted", [bracket]', "a\\b", "日本 😀", "tab\tline\nend", "0012", "null")


def test_the_same_values_in_the_same_order(office):
    made = small_compound(office)
    assets = [
        Asset(
            entity_id=made.unep, entity_code="UNEP", description=word, state="in_service", inventory_no=f"N-{n:02}",
            cost_cents=n % 3 * 10**15, changed_at=MORNING + timedelta(seconds=n % 4, microseconds=n),
            acquired_on=date(2026, 2, 28) + timedelta(days=n) if n % 2 else None,
        )
        for n, word in enumerate(WORDS * 3)
    ]  # fmt: skip
    insert(office, lambda session: session.add_all(assets))
    columns = (Asset.description, Asset.cost_cents, Asset.changed_at, Asset.acquired_on, Asset.id)
    for order in (
        (Asset.changed_at, Asset.id),
        (Asset.cost_cents.desc(), Asset.id.desc()),
        (Asset.description, Asset.id),
    ):
        wanted = sa.select(*columns).where(Asset.inventory_no.startswith("N-")).order_by(*order)
        with Session(office.engine) as session:
            one_by_one = [tuple(row) for row in session.execute(wanted)]
            found = Rows(session, wanted)
            assert len(found) == len(one_by_one) == len(assets)
            assert found.every(1) == tuple(one_by_one)
            assert found.every(7) == tuple(one_by_one[::7])
            assert [list(map(type, row)) for row in found.every(1)] == [list(map(type, row)) for row in one_by_one]
            nothing = Rows(session, wanted.where(Asset.inventory_no == "?"))
            assert (len(nothing), nothing.every(200)) == (0, ())
