"""Bulk edit on plain values: which fields many assets can be given at once, and what that would do to one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from cbo_desk.errors import Refusal
from cbo_desk.property.fields.rules import PREFIX, CustomField, checked
from cbo_desk.property.rules import ENDED, WORDS, AssetForm, State, check_form

MOST = 10_000
"""So many assets are changed in one transaction at most."""
BULK_FIELDS = (
    "description",
    "category_id",
    "maker",
    "model",
    "fund",
    "purchase_order",
    "acquired_on",
    "received_on",
    "condition",
    "warranty_until",
    "useful_life_months",
    "notes",
)
"""What may be alike for many; numbers, serials, places and people are each asset's own or have deeds of their own."""

Patch = Mapping[str, Any]
"""New values by field; "custom.KEY" for a custom field, None or "" to empty."""


@dataclass(frozen=True)
class RefusedAsset:
    """An asset that a rule keeps as it is, and the sentence."""

    id: int
    inventory_no: str
    said: str


@dataclass(frozen=True)
class BulkPlan:
    """What a bulk edit would do: ids by outcome, and for each field how often which value stands now."""

    changed: tuple[int, ...]
    unchanged: int
    refused: tuple[RefusedAsset, ...]
    before: Mapping[str, Mapping[str, int]]


def patched(form: AssetForm, state: State, patch: Patch, own: Sequence[CustomField], today: date) -> AssetForm:
    """An asset's form with the patch over it; `own` are the fields of the category it then has.

    Raises Refusal where a rule says no.
    """
    if state in ENDED:
        raise Refusal(f"{form.inventory_no} has been {WORDS[state].lower()} and can no longer be changed.")
    known = {one.name for one in fields(AssetForm)}
    plain: dict[str, Any] = {name: value for name, value in patch.items() if name in known and name in BULK_FIELDS}
    stripped: dict[str, Any] = {n: value.strip() if isinstance(value, str) else value for n, value in plain.items()}
    after = replace(form, **stripped)
    typed = {name.removeprefix(PREFIX): value for name, value in patch.items() if name.startswith(PREFIX)}
    check_form(after, today)
    whole = after.category_id != form.category_id
    return replace(after, custom=checked(own, typed, form.custom, whole=whole))
