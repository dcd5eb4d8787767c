"""The demo's property desk was made by the real commands: each page has something to show, and all of it is whole."""

from __future__ import annotations

from cbo_desk.integrity import check
from cbo_desk.property.custody import HandoverList, custody_figures
from cbo_desk.property.disposal import CaseList, CaseState
from cbo_desk.property.fields import FieldList
from cbo_desk.property.gate import PassList
from cbo_desk.property.maintenance import PlanList
from cbo_desk.property.verification import CampaignList, progress_by_room
from tests.demo import demo


def test_a_quarter_of_a_year_at_the_desk(sqlite_office):
    office = sqlite_office
    demo(office, 1)
    figures = office.read(custody_figures)
    assert (figures.loans, figures.overdue) == (5, 1)
    assert len(office.read(HandoverList(unsigned=True).first)) == 2  # the newest, and the return
    passes = [line.row for line in office.read(PassList(shown="all").first)]
    assert [row.overdue for row in passes].count(True) == 1
    cases = [*office.read(CaseList().first), *office.read(CaseList(closed=True).first)]
    assert {line.row.state for line in cases} == {CaseState.OPEN, CaseState.SUBMITTED, CaseState.COMPLETE}
    assert min(line.row.days for line in office.read(PlanList().first)) < 0
    assert len(office.read(FieldList().first)) == 3
    campaign = office.read(CampaignList().first)[0].id
    assert {room.state for room in office.read(progress_by_room, campaign)} == {"waiting", "counting", "counted"}
    assert [finding for finding in check(office) if not finding.ok] == []
