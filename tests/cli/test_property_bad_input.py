"""Issue 3, bad input from the command line: a file that asks for what a rule refuses, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cbo_desk.compound import open_office
from cbo_desk.people import person_card
from cbo_desk.property import AssetFilter, AssetList, State, asset_card
from cbo_desk.property.disposal import open_case


@pytest.fixture
def compound(either):
    """Four assets of one entity: one in an open disposal case, and somebody who left yesterday."""
    office = open_office(either.url, check=False)
    listing = AssetList(AssetFilter(entities=("UNEP",), states=(State.IN_SERVICE,)), "inventory_no", descending=False)
    rows = [line.row for line in office.read(listing.first)][:4]
    entity = office.read(asset_card, rows[0].id).form.entity_id
    office.write(open_case, entity, "Worn out", (rows[0].id,))
    holder = next(card.form.custodian_id for row in rows if (card := office.read(asset_card, row.id)).form.custodian_id)
    card = office.read(person_card, holder)
    office.close()
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    either.ask(f"UPDATE person SET until = '{yesterday}' WHERE id = {holder}")
    return either, [row.inventory_no for row in rows], card.name, f"{yesterday:%-d %b %Y}"


def test_every_bad_row_says_why_and_nothing_is_written(compound):
    desk, (in_case, second, third, fourth), leaver, day = compound
    before = desk.ask("SELECT inventory_no, state, cost_cents, custodian_name FROM asset ORDER BY id")
    lines = (
        "Entity,Inventory no.,Status,Cost,Custodian,Part of",
        f"UNEP,{in_case},In store,,,",
        f"UNEP,{second},Disposed,,,",
        f"UNEP,{third},,-5,,",
        f"UNEP,{third},,5,,",
        f"UNEP,{fourth},,1.23E+15,,{fourth}",
        "UNEP,,,1,,",
    )
    told = desk.order("import", "assets", desk.file("bad.csv", "\n".join(lines) + "\n"))
    assert told.code == 1
    said = {(fault["row"], fault["column"]): fault["what_to_do"] for fault in told.lines[:-1]}
    assert said[2, "Status"].startswith("This asset is in the disposal case DISP-")
    assert (
        said[3, "Status"]
        == "A file cannot dispose of an asset. Open a disposal case with it, or leave this cell blank."
    )
    assert said[4, "Cost"]
    assert any(row == 5 for row, _column in said)  # the same asset twice
    assert "shortened" in said[6, "Cost"]
    assert said[7, "Inventory no."]
    assert all(sentence.rstrip()[-1] in ".?" for sentence in said.values())
    assert desk.ask("SELECT inventory_no, state, cost_cents, custodian_name FROM asset ORDER BY id") == before


def test_nobody_who_left_is_given_anything_by_a_file(compound):
    desk, numbers, leaver, day = compound
    held = dict(desk.ask("SELECT inventory_no, custodian_name FROM asset"))
    other = next(number for number in numbers[1:] if held[number] != leaver)
    file = desk.file("leaver.csv", f'Entity,Inventory no.,Custodian\nUNEP,{other},"{leaver}"\n')
    told = desk.order("import", "assets", file)
    assert told.code == 1
    assert told.lines[0]["what_to_do"] == f"{leaver} left on {day}. Name somebody who is here, or leave this blank."
