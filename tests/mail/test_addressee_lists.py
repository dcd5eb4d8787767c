"""Absences and groups are listed by day and words, on both engines, and written to a file as they are listed."""

from __future__ import annotations

from datetime import timedelta

from cbo_desk.context import local
from cbo_desk.imports import Rows
from cbo_desk.mail import GroupForm, add_group, bring_back_group, note_absence, remove_absence, remove_group
from cbo_desk.mail.addressee_lists import AbsenceList, GroupList, absence_rows, group_rows
from cbo_desk.mail.group_import import GROUPS, import_groups
from cbo_desk.tabular import Choices, check, suggest_mapping


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
    registry = office.write(
        add_group, GroupForm("Registry", compound.unep, compound.places["M-214"], 6, "registry@un.example")
    ).ids[0]
    office.write(add_group, GroupForm("Law Division", compound.unep, None, 0))
    assert names(office, GroupList()) == ["Law Division", "Registry"]
    assert list(group_rows(office, GroupList(words="reg"))) == [("Registry", "UNEP", "M-214", 6, "registry@un.example")]
    assert names(office, GroupList(words="un.example unep")) == ["Registry"], "found by address and entity"
    office.write(remove_group, registry)
    assert names(office, GroupList()) == ["Law Division"]
    assert names(office, GroupList("removed")) == ["Registry"]
    office.write(bring_back_group, registry)
    assert names(office, GroupList("removed")) == []


def test_a_file_of_groups_is_checked_and_written(office, compound, tmp_path):
    """The same file twice changes nothing; a group that was removed is suggested again; faults stand at their cell."""
    registry = office.write(add_group, GroupForm("Registry", compound.unep)).ids[0]
    office.write(remove_group, registry)
    file = tmp_path / "groups.csv"
    file.write_text(
        "Group,Entity,Brought to,Staff,Email\n"
        "Registry,UNEP,M-214,6,registry@un.example\n"
        "Law Division,unep,,,law@un.example\n"
        "Travel,UNEP,M-214,2.5,\n"
        "Press,UNEP,M-214,,press at un\n"
        "Press,UNAP,,,\n"
    )
    preview = previewed(office, file)
    counts = preview.counts
    assert (counts.create, counts.update, counts.refused) == (1, 1, 3)
    told = {(fault.row, fault.what_to_do) for fault in preview.faults()}
    assert any(row == 4 and "whole numbers" in why for row, why in told)
    assert any(row == 5 and "no e-mail address" in why for row, why in told)
    assert any(row == 6 and "Is it UNEP?" in why for row, why in told)
    done = office.write(import_groups, Rows("groups.csv", preview.ready))
    assert done.said == "groups.csv: 1 group created, 1 updated."
    assert [line.row.email for line in office.read(GroupList().first)] == ["law@un.example", "registry@un.example"]
    again = previewed(office, file).counts
    assert (again.create, again.update, again.refused) == (0, 0, 3)


def previewed(office, file):
    table = GROUPS.open(file)
    lookup = GROUPS.lookup(office)
    mapping = suggest_mapping(table.names, GROUPS.fields)
    return check(table, mapping, GROUPS.fields, Choices(), lookup, rules=lookup.rule)
