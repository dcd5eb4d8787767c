"""Two clerks at two workstations hand over the same things at the same moment: each thing goes to one person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property.custody import Kind, Order, hand_over_assets, reverse_handover
from db.custody import Handover, HandoverItem
from db.engine import open_engine
from db.property import Asset
from tests.conftest import MORNING
from tests.property.conftest import small_compound
from tests.property.custody.conftest import stock
from tests.writing import rows


@pytest.fixture
def clerks(postgres_url):
    """Two offices on one server."""
    engines = [open_engine(postgres_url) for _ in range(2)]
    yield [
        Office(engine, administrator(f"clerk{n}", "Clerk", f"DESK-{n}"), lambda: MORNING)
        for n, engine in enumerate(engines)
    ]
    for engine in engines:
        engine.dispose()


def at_once(*deeds):
    """Do deeds in threads that start together; what each returned or raised."""
    barrier = Barrier(len(deeds))

    def run(deed):
        barrier.wait()
        try:
            return deed()
        except (Refusal, Trouble) as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_the_same_things_go_once(clerks):
    one, two = clerks
    shop = stock(one, small_compound(one))
    for asset in shop.all:
        answers = at_once(
            lambda asset=asset: one.write(hand_over_assets, [asset], Order(Kind.ISSUE, shop.erik)),
            lambda asset=asset: two.write(hand_over_assets, [asset], Order(Kind.ISSUE, shop.grace)),
        )
        assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers
    assert rows(one, select(func.count()).select_from(HandoverItem)) == [(6,)]
    told = rows(one, select(HandoverItem.asset_id, HandoverItem.to_name).order_by(HandoverItem.asset_id))
    assert told == rows(one, select(Asset.id, Asset.custodian_name).order_by(Asset.id))


def test_a_handover_is_reversed_once(clerks):
    one, two = clerks
    shop = stock(one, small_compound(one))
    made = one.write(hand_over_assets, shop.all, Order(Kind.ISSUE, shop.erik))
    answers = at_once(
        *(lambda office=office: office.write(reverse_handover, made.handover_id) for office in (one, two))
    )
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers
    assert len(rows(one, select(Handover.id))) == 2


def test_references_have_no_gaps(clerks):
    one, two = clerks
    shop = stock(one, small_compound(one))
    at_once(
        *(
            lambda office=office, asset=asset: office.write(hand_over_assets, [asset], Order(Kind.ISSUE, shop.erik))
            for asset, office in zip(shop.all, (one, two) * 3, strict=True)
        )
    )
    references = sorted(row[0] for row in rows(one, select(Handover.reference)))
    assert references == [f"HO-{n:04}" for n in range(1, len(references) + 1)]
    assert len(references) == 6
