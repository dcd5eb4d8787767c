"""Today tells of overdue passes and of disposal cases whose next step is due, on both engines."""

from __future__ import annotations

from datetime import date, timedelta

from cbo_desk.property import KIND, receive_assets
from cbo_desk.property.disposal import open_case, submit_case
from cbo_desk.property.gate import PassForm, issue_pass, let_in, let_out
from cbo_desk.reports import What, leaving_needs
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]


def test_passes_and_cases_wait(office, compound, laptop, clock):
    one, other = office.write(receive_assets, laptop, ["UNEP-1", "UNEP-2"]).ids
    day = date(2026, 8, 24)
    ident = office.write(issue_pass, PassForm((one,), day, day + timedelta(days=3), compound.erik)).ids[0]
    office.write(let_out, ident, KIND, one)
    case = office.write(open_case, compound.unep, "Worn out", [other]).ids[0]
    office.write(submit_case, case)

    def waiting():
        wanted = (What.OVERDUE_PASS, What.DISPOSAL_DUE)
        return [(need.what, need.name, need.record_id) for need in office.read(leaving_needs) if need.what in wanted]

    assert waiting() == []
    clock.now += timedelta(days=4)
    assert waiting() == [(What.OVERDUE_PASS, "GP-0001", ident)]
    clock.now += timedelta(days=20)
    assert waiting() == [(What.OVERDUE_PASS, "GP-0001", ident), (What.DISPOSAL_DUE, "DISP-0001", case)]
    office.write(let_in, ident, KIND, one)
    assert waiting() == [(What.DISPOSAL_DUE, "DISP-0001", case)]


def test_many_become_one_line(office, compound, laptop, clock):
    ids = office.write(receive_assets, laptop, [f"UNEP-{n}" for n in range(4)]).ids
    day = date(2026, 8, 24)
    for asset in ids:
        ident = office.write(issue_pass, PassForm((asset,), day, day, compound.erik)).ids[0]
        office.write(let_out, ident, KIND, asset)
    clock.now += timedelta(days=2)
    [need] = [need for need in office.read(leaving_needs) if need.what is What.OVERDUE_PASS]
    assert (need.count, need.name, need.record_id, need.since) == (4, "GP-0001", 0, day)
