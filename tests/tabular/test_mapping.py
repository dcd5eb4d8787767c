"""Matching columns to fields, remembering it, and the mapping file of the command line."""

from __future__ import annotations

import json

import pytest

from cbo_desk.errors import Refusal
from cbo_desk.tabular import (
    Field,
    Mapping,
    aliases,
    mapping_from_dict,
    problems,
    read_mapping,
    signature,
    suggest_mapping,
)

FIELDS = [
    Field("inventory_number", "Inventory number", "identifier", True, True, aliases.INVENTORY_NUMBER),
    Field("description", "Description", aliases=aliases.DESCRIPTION, required=True),
    Field("serial", "Serial", "identifier", aliases=aliases.SERIAL),
    Field("place", "Place", "reference", aliases=aliases.PLACE),
    Field("custodian", "Custodian", "reference", aliases=aliases.CUSTODIAN),
    Field("acquired", "Acquired", "date", aliases=aliases.ACQUIRED),
    Field("cost", "Cost", "money", aliases=aliases.COST, currency_field="currency"),
    Field("currency", "Currency", aliases=aliases.CURRENCY),
    Field("entity", "Entity", "reference", aliases=aliases.ENTITY),
]


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (
            ["Asset Nr", "Description", "Serial", "Location", "Acq. date", "Cost", "Remarks 2"],
            ["inventory_number", "description", "serial", "place", "acquired", "cost", None],
        ),
        (
            [
                "N° d'inventaire",
                "Désignation",
                "N° de série",
                "Emplacement",
                "Détenteur",
                "Date d'acquisition",
                "Prix unitaire",
            ],
            ["inventory_number", "description", "serial", "place", "custodian", "acquired", "cost"],
        ),
        (
            [
                "Número de inventario",
                "Descripción",
                "Número de serie",
                "Ubicación",
                "Usuario",
                "Fecha de compra",
                "Costo",
            ],
            ["inventory_number", "description", "serial", "place", "custodian", "acquired", "cost"],
        ),
        (
            ["BARCODE", "item_description", "S/N", "Room No.", "Assigned To", "Purchase Date", "Unit Price (USD)"],
            ["inventory_number", "description", "serial", "place", "custodian", "acquired", "cost"],
        ),
        (
            ["Inventroy Number", "Acquistion date", "Row in the file", "What to do"],
            ["inventory_number", "acquired", None, None],
        ),
        (["Description", "Description 2"], ["description", None]),
    ],
)
def test_columns_find_their_fields(headers, wanted):
    mapping = suggest_mapping(headers, FIELDS)
    assert [mapping.columns.get(header) for header in headers] == wanted
    assert set(mapping.reasons) == set(mapping.columns)


def test_a_currency_in_the_header_holds_for_every_row():
    assert suggest_mapping(["Cost (EUR)"], FIELDS).fixed == {"currency": "EUR"}
    assert suggest_mapping(["Cost (EUR)", "Currency"], FIELDS).fixed == {}


def test_a_mapping_is_remembered_for_files_with_the_same_columns():
    chosen = Mapping(
        {"Foo": "serial", "Bar": "inventory_number"}, {"entity": "UNICEF"}, {"acquired": "dmy"}, {}, ("serial",)
    )
    remembered = json.loads(json.dumps({signature(["Foo", "Bar"]): chosen.as_dict()}))
    again = suggest_mapping(["bar", "Foo", "What to do", "Row in the file"], FIELDS, remembered)
    assert again.columns == {"Foo": "serial"}, "a column is taken by its exact name"
    assert suggest_mapping(["Bar", "Foo"], FIELDS, remembered) == chosen
    assert suggest_mapping(["Bar", "Foo", "Baz"], FIELDS, remembered).columns == {}
    assert chosen.left_out(["Foo", "Bar", "Old tag", "What to do"]) == ("Old tag",)
    assert chosen.with_column("Foo", None).columns == {"Bar": "inventory_number"}


def test_what_cannot_be_used_is_said():
    mapping = Mapping({"Asset Nr": "serial", "S/N": "serial", "Gone": "place", "X": "nonsense"}, {"place": "C-1"})
    assert problems(mapping, ["Asset Nr", "S/N", "X"], FIELDS) == [
        "The file has no column “Gone”.",
        "There is no field “nonsense” for the column “X”.",
        "“Asset Nr” and “S/N” both fill serial. Leave one out.",
        "Place is filled by “Gone” and set for every row. Keep one.",
        "No column fills inventory number. Choose the one that says which record a row is about.",
    ]


def test_mapping_files(tmp_path):
    toml = tmp_path / "map.toml"
    toml.write_text('trusted = ["serial"]\n[columns]\n"Asset Nr" = "inventory_number"\n[dates]\nacquired = "dmy"\n')
    mapping = read_mapping(toml)
    assert mapping == Mapping({"Asset Nr": "inventory_number"}, dates={"acquired": "dmy"}, trusted=("serial",))
    held = tmp_path / "map.json"
    held.write_text(json.dumps(mapping.as_dict()))
    assert read_mapping(held) == mapping
    held.write_text("{nonsense")
    with pytest.raises(Refusal, match="neither JSON nor TOML"):
        read_mapping(held)
    with pytest.raises(Refusal, match="no such file"):
        read_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "must hold a table"),
        ({"colums": {}}, "“colums” that means nothing"),
        ({"columns": {"a": 1}}, "must hold lines like"),
        ({"dates": {"acquired": "ydm"}}, "none of dmy, mdy, ymd"),
        ({"trusted": "serial"}, "must be a list"),
    ],
)
def test_wrong_mapping_files_are_refused(data, sentence):
    with pytest.raises(Refusal, match=sentence):
        mapping_from_dict(data)
