"""Assets that are part of others: no rings, parts go along with their whole, files know them; serials and classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cbo_desk.errors import Faults, Refusal
from cbo_desk.property import (
    AssetList,
    CategoryForm,
    add_category,
    asset_card,
    category_rows,
    edit_asset,
    edit_category,
    figures,
    move_assets,
    receive_assets,
    suggest_assets,
)
from cbo_desk.property.disposal import (
    Decided,
    DecisionForm,
    FinalForm,
    How,
    complete_case,
    open_case,
    record_decision,
    submit_case,
)
from cbo_desk.property.exporting import asset_table, rows
from cbo_desk.property.importing import ASSETS
from cbo_desk.tabular import Choices, check, suggest_mapping, write_table
from tests.disposing import dispose
from tests.writing import insert


def part_of(office, ident, whole):
    card = office.read(asset_card, ident)
    return office.write(edit_asset, ident, card.version, replace(card.form, parent_id=whole))


@pytest.fixture
def family(office, laptop, compound):
    """A rack in M-214 with a server in it, which holds a disk; and a disk that was put into the store."""
    plain = replace(laptop, serial="", place_id=compound.places["M-214"])
    ids = [office.write(receive_assets, replace(plain, inventory_no=name)).ids[0] for name in ("RACK", "SRV", "DISK")]
    part_of(office, ids[1], ids[0])
    part_of(office, ids[2], ids[1])
    spare = office.write(receive_assets, replace(plain, inventory_no="SPARE", parent_id=ids[1])).ids[0]
    office.write(move_assets, [spare], compound.places["S1"])
    return (*ids, spare)


def test_parts_go_along_and_come_back(office, family, compound):
    rack, server, disk, spare = family
    changes = office.write(move_assets, [rack], compound.places["M-118"])
    assert changes.said == "RACK with 2 parts moved to M-118."
    assert set(changes.ids) == {rack, server, disk}
    assert [office.read(asset_card, one).place for one in family] == ["M-118", "M-118", "M-118", "S1"]
    office.write(changes.undo.command, *changes.undo.args)
    assert [office.read(asset_card, one).place for one in family] == ["M-214", "M-214", "M-214", "S1"]
    assert [part.inventory_no for part in office.read(asset_card, server).parts] == ["DISK", "SPARE"]


def test_nothing_is_part_of_itself(office, family):
    rack, server, disk, _spare = family
    for whole, words in ((rack, "RACK cannot be part of itself"), (disk, "DISK is itself a part of this asset")):
        with pytest.raises(Refusal, match=words) as refused:
            part_of(office, rack, whole)
        assert refused.value.field == "parent_id"
    assert office.read(asset_card, rack).parent is None


def test_the_database_refuses_a_ring_and_without_its_trigger_does_not(office, family, compound):
    rack, _server, disk, _spare = family
    ring = text("UPDATE asset SET parent_id = :disk WHERE id = :rack")
    with pytest.raises(DBAPIError, match="asset_no_ring"), office.engine.begin() as connection:
        connection.execute(ring, {"disk": disk, "rack": rack})
    server = office.engine.dialect.name == "postgresql"
    with office.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER tr_asset_refuse_ring{' ON asset' if server else ''}"))
        connection.execute(ring, {"disk": disk, "rack": rack})
    assert [one.inventory_no for one in office.read(suggest_assets, "SPARE")] == ["SPARE"]
    changes = office.write(move_assets, [rack], compound.places["M-118"])
    assert len(changes.ids) == 3  # even a ring that somebody forced is walked round once


def test_what_has_ended_holds_no_parts(office, family, laptop, compound):
    rack = family[0]
    single = office.write(receive_assets, replace(laptop, inventory_no="OLD", serial="")).ids[0]
    insert(office, lambda session: dispose(session, [single]))
    with pytest.raises(Refusal, match="OLD has been disposed: nothing can be part of it"):
        part_of(office, rack, single)


def test_a_file_says_what_is_part_of_what(office, family, tmp_path):
    table = office.read(asset_table)
    path = tmp_path / "assets.csv"
    write_table(path, table.columns, rows(office, AssetList(sort="inventory_no", descending=False), table), title="A")
    kind = ASSETS.whole(office)

    def look(path):
        lookup = kind.lookup(office)
        mapping = suggest_mapping(kind.open(path).names, kind.fields)
        return check(kind.open(path), mapping, kind.fields, Choices(), lookup, rules=lookup.rule)

    counts = look(path).counts
    assert (counts.unchanged, counts.update, counts.refused) == (4, 0, 0)
    path.write_text("Entity,Inventory no.,Part of\nUNEP,RACK,RACK\nUNEP,SPARE,NOBODY\nUNEP,DISK,RACK\n")
    preview = look(path)
    assert [fault.what_to_do for fault in preview.faults()] == [
        "An asset cannot be part of itself.",
        "No asset in use has the number NOBODY. Import what holds this part first.",
    ]
    assert preview.counts.update == 1


def test_a_repeated_serial_of_one_maker_warns(office, laptop):
    office.write(receive_assets, laptop)
    again = office.write(receive_assets, replace(laptop, inventory_no="UNEP-2", maker="DELL"))
    assert again.said == "UNEP-2 received and tagged. Check the serial number: UNEP-1 of the same maker has it too."
    other = office.write(receive_assets, replace(laptop, inventory_no="UNEP-3", maker="Lenovo"))
    assert other.said == "UNEP-3 received and tagged."
    card = office.read(asset_card, other.ids[0])
    saved = office.write(edit_asset, card.id, card.version, replace(card.form, maker="Dell"))
    assert saved.said == "UNEP-3 saved. Check the serial number: UNEP-1 and UNEP-2 of the same maker has it too."


def test_the_figures_count_the_entities_that_own_something(office, laptop, compound):
    assert office.read(figures).entities == 0
    office.write(receive_assets, laptop, ("L-1", "L-2"))
    assert office.read(figures).entities == 1
    office.write(receive_assets, replace(laptop, entity_id=compound.wfp, serial=""))
    assert (office.read(figures).total, office.read(figures).entities) == (3, 2)


def test_categories_are_changed_and_put_back(office):
    ident = office.write(add_category, "cam", "Cameras", 48, True).ids[0]
    office.write(add_category, "CHR", "Chairs")
    [row] = [one for one in office.read(category_rows) if one.id == ident]
    assert row.form == CategoryForm("CAM", "Cameras", 48, True)
    changes = office.write(edit_category, ident, row.version, CategoryForm("CAM", "Cameras and lenses", 36, False))
    with pytest.raises(Refusal, match="changed"):
        office.write(edit_category, ident, row.version, CategoryForm("CAM", "Mine", 1))
    for form, fault in (
        (CategoryForm("CHR", "Cameras"), {"code": "Another category has the code CHR. Choose another one."}),
        (
            CategoryForm("", " "),
            {"code": "A category needs a code and a name.", "name": "A category needs a code and a name."},
        ),
        (CategoryForm("CAM", "C", 1201), {"months": "A useful life is between 0 and 1,200 months."}),
    ):
        with pytest.raises(Faults) as refused:
            office.write(edit_category, ident, row.version + 1, form)
        assert refused.value.faults == fault
    office.write(changes.undo.command, *changes.undo.args)
    assert [one.form for one in office.read(category_rows) if one.id == ident] == [row.form]


def test_the_card_says_how_an_asset_went(office, laptop):
    ident = office.write(receive_assets, laptop).ids[0]
    assert office.read(asset_card, ident).disposed == ""
    case = office.write(open_case, laptop.entity_id, "Worn out", (ident,)).ids[0]
    office.write(submit_case, case)
    form = DecisionForm(Decided.APPROVED, "Board", "LPSB/1", date(2026, 8, 24))
    office.write(record_decision, case, form)
    office.write(complete_case, case, FinalForm(How.TRADED_IN, date(2026, 8, 24), "Dell Kenya"))
    assert office.read(asset_card, ident).disposed == "Traded in to Dell Kenya on 24 August 2026 (DISP-0001)"
