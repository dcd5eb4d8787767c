"""Absences and groups are listed by day and words, on both engines, and written to a file as they are listed."""

from __future__ import annotations

from datetime import timedelta

from cbo_desk.context import local
from cbo_desk.mail import add_group, bring_back_group, note_absence, remove_absence, remove_group
from cbo_desk.mail.addressee_lists import AbsenceList, GroupList, absence_rows, group_rows


def names(office, listing):
    return [line.row.name for line in office.read(listing.first)]


def test_absences_of_today_and_before(office, compound, clock):
    day, who = local(clock.now).date(), compound.people
    today = office.write(note_absence, who["Erik"], day, day, who["Elin"], "leave").ids[0]
    office.write(note_absence, who["Samir"], day + timedelta(days=3), day + timedelta(days=9))
    office.write(note_absence, who["Amina"], day - timedelta(days=9), day - timedelta(days=1))
    coming = AbsenceList(day)
    assert names(office, coming) == ["Lindqvist, Erik", "Haddad, Samir"], (
        "the last day still counts; first to end first"
    )
    assert names(office, AbsenceList(day, "past")) == ["Yusuf, Amina"]
    assert names(office, AbsenceList(day, words="elin")) == ["Lindqvist, Erik"], "found by whom mail goes to"
    assert names(office, AbsenceList(day, words="100%_x")) == []
    assert names(office, AbsenceList(day, sort="since", descending=True)) == ["Haddad, Samir", "Lindqvist, Erik"]
    assert list(absence_rows(office, coming))[0] == ("Lindqvist, Erik", "UNEP", day, day, "Lindqvist, Elin", "leave")
    assert list(absence_rows(office, coming))[1][4] == "held"
    done = office.write(remove_absence, today)
    assert names(office, AbsenceList(day)) == ["Haddad, Samir"]
    office.write(done.undo.command, *done.undo.args)
    assert len(names(office, AbsenceList(day))) == 2


def test_groups_that_are_there_and_those_that_were_removed(office, compound):
    registry = office.write(add_group, "Registry", compound.unep, compound.places["M-214"], 6).ids[0]
    office.write(add_group, "Law Division", compound.unep, None, 0)
    assert names(office, GroupList()) == ["Law Division", "Registry"]
    assert list(group_rows(office, GroupList(words="reg"))) == [("Registry", "UNEP", "M-214", 6)]
    office.write(remove_group, registry)
    assert names(office, GroupList()) == ["Law Division"]
    assert names(office, GroupList("removed")) == ["Registry"]
    office.write(bring_back_group, registry)
    assert names(office, GroupList("removed")) == []
