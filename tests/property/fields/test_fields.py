"""Custom fields on both engines: defined, filled, asked for, kept; and what the database itself refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from cbo_desk import search
from cbo_desk.errors import Faults, Refusal
from cbo_desk.property import (
    AssetFilter,
    AssetList,
    add_category,
    asset_card,
    edit_asset,
    receive_assets,
)
from cbo_desk.property.exporting import asset_table, rows
from cbo_desk.property.fields import (
    FieldForm,
    FieldKind,
    change_field,
    define_field,
    fields_of,
    move_field,
    retire_field,
)
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]


@pytest.fixture
def laptops(office, compound):
    """The category of laptops with one field of each kind."""
    category = office.write(add_category, "LAP", "Laptops").ids[0]
    forms = (
        FieldForm(category, "Memory", FieldKind.NUMBER, "GB", Decimal(1), Decimal(1024), required=True),
        FieldForm(category, "Asset owner's note"),
        FieldForm(category, "Encrypted", FieldKind.YES_NO),
        FieldForm(category, "Licence ends", FieldKind.DATE),
        FieldForm(category, "Keyboard", FieldKind.CHOICE, choices=("English", "Français", "العربية")),
    )
    for form in forms:
        office.write(define_field, form)
    return category


VALUES = {
    "memory": Decimal(16),
    "asset_owner_s_note": "Docking station in drawer Q7",
    "encrypted": True,
    "licence_ends": date(2027, 3, 31),
    "keyboard": "français",
}
KEPT = {
    "memory": 16,
    "asset_owner_s_note": "Docking station in drawer Q7",
    "encrypted": True,
    "licence_ends": "2027-03-31",
    "keyboard": "Français",
}


def listed(office, *asked):
    listing = AssetList(AssetFilter(custom=asked), "inventory_no", descending=False)
    return [line.row.inventory_no for line in office.read(listing.first)]


def test_values_are_read_kept_shown_found_and_asked_for(office, laptops, laptop):
    filled = replace(laptop, category_id=laptops, custom=VALUES)
    ident = office.write(receive_assets, filled).ids[0]
    other = replace(filled, inventory_no="UNEP-2", serial="", custom={"memory": Decimal("7.5"), "encrypted": False})
    office.write(receive_assets, other)
    card = office.read(asset_card, ident)
    assert card.form.custom == KEPT
    assert [(one.label, one.value) for one in card.fields] == [
        ("Memory", "16 GB"),
        ("Asset owner's note", "Docking station in drawer Q7"),
        ("Encrypted", "yes"),
        ("Licence ends", "31 Mar 2027"),
        ("Keyboard", "Français"),
    ]
    assert [hit.record_id for hit in office.read(search.find, "drawer q7")] == [ident]
    assert listed(office, ("memory", "from", 8)) == ["UNEP-1"]
    assert listed(office, ("memory", "to", 8)) == ["UNEP-2"]
    assert listed(office, ("memory", "is", 7.5)) == ["UNEP-2"]
    assert listed(office, ("encrypted", "is", False)) == ["UNEP-2"]
    assert listed(office, ("licence_ends", "to", "2027-12-31")) == ["UNEP-1"]
    assert listed(office, ("keyboard", "is", "Français"), ("asset_owner_s_note", "holds", "DOCK")) == ["UNEP-1"]
    assert listed(office, ("keyboard", "is", "English")) == []


@pytest.mark.parametrize(
    ("custom", "name", "words"),
    [
        ({}, "custom.memory", "Memory is needed."),
        ({"memory": Decimal(0)}, "custom.memory", "Memory is at least 1 GB."),
        ({"memory": Decimal(2000)}, "custom.memory", "Memory is at most 1,024 GB."),
        ({"memory": 8, "keyboard": "Deutsch"}, "custom.keyboard", "Keyboard is one of: English, Français, العربية."),
        ({"memory": 8, "licence_ends": "31/02/2027"}, "custom.licence_ends", None),
        ({"memory": 8, "colour": "red"}, "custom.colour", "Colour is no field of this category."),
    ],
)
def test_what_does_not_fit_stands_beside_its_field(sqlite_office, custom, name, words, request):
    office = sqlite_office
    from tests.property.conftest import small_compound

    there = small_compound(office)
    category = office.write(add_category, "LAP", "Laptops").ids[0]
    office.write(
        define_field, FieldForm(category, "Memory", FieldKind.NUMBER, "GB", Decimal(1), Decimal(1024), required=True)
    )
    office.write(define_field, FieldForm(category, "Licence ends", FieldKind.DATE))
    office.write(
        define_field, FieldForm(category, "Keyboard", FieldKind.CHOICE, choices=("English", "Français", "العربية"))
    )
    from cbo_desk.property import AssetForm

    with pytest.raises(Faults) as refused:
        office.write(receive_assets, AssetForm(there.unep, "L-1", "Laptop", category, custom=custom))
    assert set(refused.value.faults) == {name}
    if words:
        assert refused.value.faults[name] == words


def test_no_definition_loses_a_value(office, laptops, laptop):
    ident = office.write(receive_assets, replace(laptop, category_id=laptops, custom=VALUES)).ids[0]
    memory, note, encrypted, licence, keyboard = office.read(fields_of, laptops)
    with pytest.raises(Faults, match="1 asset holds a value that this would not take, such as Docking station"):
        office.write(change_field, note.id, note.version, replace(note.form, kind=FieldKind.NUMBER))
    with pytest.raises(Faults, match="such as 16 GB"):
        office.write(change_field, memory.id, memory.version, replace(memory.form, most=Decimal(8)))
    with pytest.raises(Faults, match="such as Français"):
        office.write(change_field, keyboard.id, keyboard.version, replace(keyboard.form, choices=("English",)))
    # What fits stays as it is: a choice becomes a text.
    office.write(change_field, keyboard.id, keyboard.version, replace(keyboard.form, kind=FieldKind.TEXT, choices=()))
    done = office.write(retire_field, encrypted.id)
    assert office.read(asset_card, ident).form.custom == KEPT
    shown = {one.label: (one.value, one.aside) for one in office.read(asset_card, ident).fields}
    assert shown["Encrypted"] == ("yes", "retired")
    # An edit that says nothing of it leaves it; the undo brings the field back.
    card = office.read(asset_card, ident)
    office.write(edit_asset, ident, card.version, replace(card.form, maker="Lenovo"))
    assert office.read(asset_card, ident).form.custom == KEPT
    office.write(done.undo.command, *done.undo.args)
    # In another category the values are kept, and said to be of another one.
    phones = office.write(add_category, "TEL", "Telephones").ids[0]
    card = office.read(asset_card, ident)
    moved = office.write(edit_asset, ident, card.version, replace(card.form, category_id=phones))
    shown = {one.label: one.aside for one in office.read(asset_card, ident).fields}
    assert office.read(asset_card, ident).form.custom == KEPT
    assert shown["Memory"] == "of another category"
    office.write(moved.undo.command, *moved.undo.args)
    assert [one.aside for one in office.read(asset_card, ident).fields] == [""] * 5


def test_a_key_means_the_same_in_every_category(office, laptops):
    screens = office.write(add_category, "MON", "Monitors").ids[0]
    with pytest.raises(Faults, match="Another category has Memory as a number"):
        office.write(define_field, FieldForm(screens, "Memory"))
    with pytest.raises(Faults, match=r"Another category writes it Memory \(GB\)"):
        office.write(define_field, FieldForm(screens, "Memory", FieldKind.NUMBER, "MB"))
    office.write(define_field, FieldForm(screens, "Memory", FieldKind.NUMBER, "GB"))
    with pytest.raises(Faults, match="Every asset has a field called Serial already"):
        office.write(define_field, FieldForm(screens, "Serial"))
    own = office.read(fields_of, laptops)[0]
    office.write(change_field, own.id, own.version, replace(own.form, label="Main memory"))
    assert [field.title for field in office.read(fields_of, screens)] == ["Main memory (GB)"]
    with pytest.raises(Refusal, match="first field"):
        office.write(move_field, own.id, True)
    office.write(move_field, own.id, False)
    assert [field.key for field in office.read(fields_of, laptops)][:2] == ["asset_owner_s_note", "memory"]


ATTACKS = (
    ("UPDATE asset SET custom = '{\"memory\": \"much\"}'", "asset_custom_values"),
    ("UPDATE asset SET custom = '{\"encrypted\": 1, \"memory\": 4}'", "asset_custom_values"),
    ("UPDATE asset SET custom = '[16]'", "asset_custom_values"),
    ("UPDATE category_field SET kind = 'yes_no', unit = '', least = NULL, most = NULL WHERE key = 'memory'",
     "category_field_values"),
    ("UPDATE category_field SET key = 'ram' WHERE key = 'memory'", "category_field_kept"),
    ("DELETE FROM category_field", "category_field_kept"),
    ("UPDATE category_field SET unit = 'GB' WHERE key = 'keyboard'", "unit_of_number"),
    ("UPDATE category_field SET least = 9, most = 3 WHERE key = 'memory'", "bounds_in_order"),
    ("INSERT INTO category_field (category_id, key, label, kind) SELECT category_id, 'Big', 'Big', 'text' "
     "FROM category_field LIMIT 1", "key_given"),
    ("INSERT INTO category_field (category_id, key, label, kind) SELECT category_id, key, label, 'text' "
     "FROM category_field LIMIT 1", "category_field"),
)  # fmt: skip


def test_the_database_refuses_what_is_no_value_and_keeps_definitions(office, laptops, laptop):
    office.write(receive_assets, replace(laptop, category_id=laptops, custom=VALUES))
    for attack, word in ATTACKS:
        with pytest.raises(Exception, match=word), office.engine.begin() as connection:
            connection.execute(text(attack))
    # The control: what is right goes through.
    with office.engine.begin() as connection:
        connection.execute(text('UPDATE asset SET custom = \'{"memory": 32, "encrypted": false, "other": 1}\''))
        connection.execute(text("UPDATE category_field SET label = 'RAM' WHERE key = 'memory'"))


def test_the_table_for_a_file_has_a_column_for_each_field(office, laptops, laptop):
    office.write(receive_assets, replace(laptop, category_id=laptops, custom=VALUES))
    table = office.read(asset_table)
    titles = [column.title for column in table.columns]
    assert titles[-5:] == ["Asset owner's note", "Encrypted", "Keyboard", "Licence ends", "Memory (GB)"]
    (row,) = rows(office, AssetList(), table)
    assert row[-5:] == ("Docking station in drawer Q7", True, "Français", date(2027, 3, 31), 16)
