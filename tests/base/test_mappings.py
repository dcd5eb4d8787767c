"""Mappings kept under a name: replaced by the same name, forgotten, both undone; told apart by the kind of record."""

from __future__ import annotations

import pytest

from cbo_desk.errors import Refusal
from cbo_desk.imports import forget_mapping, keep_mapping, named_mappings, remember_mapping, remembered_mappings
from cbo_desk.tabular import Mapping, mapping_from_dict


def test_a_name_is_kept_replaced_forgotten_and_each_undone(office):
    first, second = Mapping({"Code": "inventory_no"}, {"entity": "WFP"}), Mapping({"Nr": "inventory_no"})
    kept = office.write(keep_mapping, "assets", " Old   program ", first)
    replaced = office.write(keep_mapping, "assets", "OLD PROGRAM", second)
    assert list(office.read(named_mappings, "assets")) == ["OLD PROGRAM"]
    office.write(replaced.undo.command, *replaced.undo.args)
    assert mapping_from_dict(office.read(named_mappings, "assets")["OLD PROGRAM"]) == first
    gone = office.write(forget_mapping, "assets", "old program")
    assert office.read(named_mappings, "assets") == {}
    office.write(gone.undo.command, *gone.undo.args)
    assert len(office.read(named_mappings, "assets")) == 1
    office.write(kept.undo.command, *kept.undo.args)
    assert office.read(named_mappings, "assets") == {}


def test_names_and_forms_of_files_are_kept_apart(office):
    office.write(keep_mapping, "assets", "Old program", Mapping({"Code": "inventory_no"}))
    office.write(remember_mapping, "assets", ["Code", "Name"], Mapping({"Code": "inventory_no"}))
    assert list(office.read(named_mappings, "assets")) == ["Old program"]
    assert office.read(named_mappings, "people") == {}
    assert len(office.read(remembered_mappings, "assets")) == 2


@pytest.mark.parametrize(("name", "said"), [("  ", "Give the mapping a name"), ("x" * 61, "at most 60 characters")])
def test_a_name_that_is_none_is_refused_beside_its_field(office, name, said):
    with pytest.raises(Refusal, match=said) as told:
        office.write(keep_mapping, "assets", name, Mapping())
    assert told.value.field == "name"
    with pytest.raises(Refusal, match="No mapping is called"):
        office.write(forget_mapping, "assets", "nobody")
