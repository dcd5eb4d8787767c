"""Bulk edit on both engines: looked at first, one transaction, one entry of the audit, undone as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from cbo_desk.errors import Refusal
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import State, add_category, asset_card, change_state, receive_assets
from cbo_desk.property.bulk_edit import edit_assets, plan_bulk_edit
from cbo_desk.property.fields import FieldForm, FieldKind, define_field
from db.records import AuditEntry, AuditTouch
from tests.writing import rows


@pytest.fixture
def laptops(office, compound, laptop):
    """Six laptops of a category that notes their memory; the second is older than any warranty may be."""
    category = office.write(add_category, "LAP", "Laptops").ids[0]
    office.write(define_field, FieldForm(category, "Memory", FieldKind.NUMBER, "GB", Decimal(1), Decimal(64)))
    form = replace(laptop, category_id=category, custom={"memory": 8}, serial="")
    numbers = [f"UNEP-{n}" for n in range(1, 6)]
    ids = office.write(receive_assets, form, numbers).ids
    late = replace(form, inventory_no="UNEP-6", acquired_on=date(2026, 8, 1), custom={"memory": 16})
    return [*ids, *office.write(receive_assets, late).ids]


PATCH = {"warranty_until": date(2026, 6, 30), "custom.memory": Decimal(32), "fund": "32FUA"}


def forms(office, ids):
    return [office.read(asset_card, ident).form for ident in ids]


def test_a_plan_tells_each_and_changes_nothing(office, laptops):
    before = forms(office, laptops)
    plan = office.read(plan_bulk_edit, laptops, PATCH)
    assert set(plan.changed) == set(laptops[:5])
    assert [(one.inventory_no, one.said) for one in plan.refused] == [
        ("UNEP-6", "The warranty would end before the asset was acquired.")
    ]
    assert plan.before == {"warranty_until": {"": 6}, "custom.memory": {"8 GB": 5, "16 GB": 1}, "fund": {"": 6}}
    assert forms(office, laptops) == before


def test_all_or_none_unless_only_the_good_ones_are_wanted(office, laptops):
    before = forms(office, laptops)
    with pytest.raises(Refusal, match="UNEP-6: The warranty would end .* Nothing was changed"):
        office.write(edit_assets, laptops, PATCH)
    assert forms(office, laptops) == before
    entries = rows(office, select(func.count()).select_from(AuditEntry))[0][0]
    done = office.write(edit_assets, laptops, PATCH, True)
    assert done.said == "5 assets changed: memory, fund, warranty until. 1 left as they were."
    after = forms(office, laptops)
    assert [form.custom["memory"] for form in after] == [32] * 5 + [16]
    assert [form.fund for form in after] == ["32FUA"] * 5 + [""]
    assert after[5] == before[5]
    assert rows(office, select(func.count()).select_from(AuditEntry))[0][0] == entries + 1
    seq = rows(office, select(func.max(AuditEntry.seq)))[0][0]
    touched = rows(office, select(AuditTouch.record_id).where(AuditTouch.seq == seq))
    assert {row[0] for row in touched} == set(laptops[:5])
    undone = office.write(done.undo.command, *done.undo.args)
    assert forms(office, laptops) == before
    office.write(undone.undo.command, *undone.undo.args)
    assert forms(office, laptops) == after
    assert office.read(asset_card, laptops[0]).events[-1].said.startswith("Received")


def test_an_undo_does_not_run_over_later_work(office, laptops):
    done = office.write(edit_assets, laptops, {"fund": "32FUA"})
    office.write(edit_assets, laptops[:1], {"fund": "64VNA"})
    with pytest.raises(Refusal, match="UNEP-1 has been changed since"):
        office.write(done.undo.command, *done.undo.args)
    # A move is another matter: it is not in the way.
    again = office.write(edit_assets, laptops[1:], {"maker": "HP"})
    office.write(change_state, [laptops[1]], State.UNDER_REPAIR)
    office.write(again.undo.command, *again.undo.args)


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        ({}, "Choose at least one field"),
        ({"serial": "1"}, "each asset's own"),
        ({"custom.colour": "red"}, "Colour is no field of this category"),
        ({"custom.memory": 100}, "Memory is at most 64 GB"),
        ({"description": "Laptop, Dell Latitude 7450"}, "Nothing would change"),
        ({"useful_life_months": -1}, "between 0 and 1,200 months"),
    ],
)
def test_a_patch_that_makes_no_sense_is_refused(office, laptops, patch, words):
    with pytest.raises(Refusal, match=words):
        office.write(edit_assets, laptops, patch)


def test_a_bulk_edit_that_is_stopped_leaves_nothing(office, laptops):
    before = forms(office, laptops)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        office.write(edit_assets, laptops, {"fund": "X"}, False, progress)
    with pytest.raises(Cancelled):
        office.read(plan_bulk_edit, laptops, {"fund": "X"}, progress)
    assert forms(office, laptops) == before
