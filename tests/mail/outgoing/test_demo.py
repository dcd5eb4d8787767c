"""The demo's outgoing mail was made by the real commands: it stands in every state a visitor wants to see."""

from __future__ import annotations

from cbo_desk import audit
from cbo_desk.charges import ChargeFilter, charge_totals
from cbo_desk.handoffs import loads_of, trips_to_load
from cbo_desk.mail.outgoing import ManifestList, OutgoingList, outgoing_card, outgoing_figures
from cbo_desk.mail.pouch import BagList, BagState, pouch_figures
from tests.demo import demo


def test_a_week_of_outgoing_mail_two_manifests_four_bags_and_a_load(sqlite_office):
    demo(sqlite_office, 1)
    found = sqlite_office.read(outgoing_figures)
    assert {"handed_in", "manifested", "collected", "bagged", "dispatched"} <= set(found.by_state)
    assert found.no_carrier >= 1
    sheets = [line.row for line in sqlite_office.read(ManifestList().first)]
    assert [sheet.collected_at is None for sheet in sheets] == [True, False]
    bags = {line.row.state: line.row for line in sqlite_office.read(BagList().first)}
    assert set(bags) == {BagState.DISPATCHED, BagState.OPEN, BagState.ARRIVED}
    assert sqlite_office.read(pouch_figures).cases == 1
    loads = [
        load for trip in sqlite_office.read(trips_to_load, most=50) for load in sqlite_office.read(loads_of, trip.id)
    ]
    trips = sqlite_office.read(trips_to_load)
    assert [(load.number, load.seal) for load in loads] == ([("PB-0004", "UN 448127")] if trips else [])
    totals = sqlite_office.read(charge_totals, ChargeFilter())
    assert all(one.amount > 0 for one in totals)
    assert sqlite_office.read(audit.verify).bad_seq is None
    items = [line.id for line in sqlite_office.read(OutgoingList().first)]
    assert len(items) > 15
    assert {sqlite_office.read(outgoing_card, ident).broken for ident in items} == {""}
