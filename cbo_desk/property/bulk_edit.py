"""Changing what is written about many assets at once: looked at first, then done in one transaction, and undone so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed, reads
from cbo_desk.progress import Progress
from cbo_desk.property.bulk_rules import BULK_FIELDS, MOST, BulkPlan, Patch, RefusedAsset, patched
from cbo_desk.property.commands import enter_search, form_of
from cbo_desk.property.fields.queries import all_fields
from cbo_desk.property.fields.rules import PREFIX, CustomField, told
from cbo_desk.property.rules import AssetForm, State
from cbo_desk.property.touching import KIND, assets_of, tell, these
from db.property import Asset, Category

_AT_ONCE = 500
_PATCHED = (*BULK_FIELDS, "custom")
Values = Mapping[str, Any]
"""What stood in the columns that a bulk edit touches."""


@reads("property", "look at the register")
def plan_bulk_edit(session: Session, ids: Sequence[int], patch: Patch, progress: Progress | None = None) -> BulkPlan:
    """What `edit_assets` would do to each asset, and how often which value stands now in the fields of the patch."""
    _check(ids, patch)
    own = all_fields(session)
    names = {row.id: row.name for row in session.execute(select(Category.id, Category.name))}
    changed: list[int] = []
    refused: list[RefusedAsset] = []
    before: dict[str, Counter[str]] = {name: Counter() for name in patch}
    done = 0
    for batch in _batches(session, ids):
        for asset in batch:
            for name in patch:
                before[name][_stands(asset, name, own, names)] += 1
            try:
                if _after(session, asset, patch, own) != form_of(asset):
                    changed.append(asset.id)
            except Refusal as error:
                refused.append(RefusedAsset(asset.id, asset.inventory_no, str(error)))
        done += len(batch)
        session.expunge_all()
        if progress is not None:
            progress.report(done, len(ids))
    counted = {name: dict(found.most_common()) for name, found in before.items()}
    return BulkPlan(tuple(changed), len(ids) - len(changed) - len(refused), tuple(refused), counted)


@deed("property.edit_assets", "change assets")
def edit_assets(
    session: Session, ids: Sequence[int], patch: Patch, only_good: bool = False, progress: Progress | None = None
) -> Changes:
    """Write the patch over many assets: all of them, or none where a rule says no of one, or `only_good` ones.

    At most `bulk_rules.MOST`; what would not change is left alone. Stopped by its progress, nothing of it is kept.
    """
    _check(ids, patch)
    own, instant = all_fields(session), now(session)
    touched: list[Asset] = []
    before: dict[int, Values] = {}
    refused: list[str] = []
    for number, asset in enumerate(assets_of(session, ids)):
        try:
            after = _after(session, asset, patch, own)
        except Refusal as error:
            refused.append(f"{asset.inventory_no}: {error}")
            continue
        stood = form_of(asset)
        if after == stood:
            continue
        before[asset.id] = _values(stood)
        _lay(asset, _values(after), instant)
        touched.append(asset)
        if progress is not None and not number % _AT_ONCE:
            progress.report(number, 2 * len(ids))
    if refused and not only_good:
        more = f" And {len(refused) - 1:,} more." if len(refused) > 1 else ""
        raise Refusal(f"{refused[0]}{more} Nothing was changed. Change only the others, or mend these first.")
    if not touched:
        raise Refusal("Nothing would change: all of them say so already.")
    return _finish(session, touched, before, sorted(patch), len(refused), progress)


def _finish(
    session: Session,
    touched: list[Asset],
    before: Mapping[int, Values],
    names: Sequence[str],
    refused: int,
    progress: Progress | None,
) -> Changes:
    after = {asset.id: _values(form_of(asset)) for asset in touched}
    session.flush()
    for start in range(0, len(touched), _AT_ONCE):
        enter_search(session, touched[start : start + _AT_ONCE])
        if progress is not None:
            progress.report(len(touched) + start, 2 * len(touched))
    words = ", ".join(name.removeprefix(PREFIX).removesuffix("_id").replace("_", " ") for name in names)
    tell(session, touched, "changed", f"Changed together with others: {words}.")
    said = f"{these(touched)} changed: {words}."
    said += f" {refused:,} left as they were." if refused else ""
    undo = Deed(put_values_back, (before, after))
    ids = tuple(asset.id for asset in touched)
    return Changes(KIND, ids, said, undo, everything=len(ids) > _AT_ONCE)


@deed("property.put_values_back", "change assets")
def put_values_back(session: Session, before: Mapping[int, Values], after: Mapping[int, Values]) -> Changes:
    """Undo `edit_assets` where every asset still says what that deed wrote; done once more by its own undo."""
    assets = assets_of(session, list(before))
    instant = now(session)
    for asset in assets:
        if _values(form_of(asset)) != after[asset.id]:
            raise Refusal(f"{asset.inventory_no} has been changed since, so this can no longer be undone.")
        _lay(asset, before[asset.id], instant)
    session.flush()
    for start in range(0, len(assets), _AT_ONCE):
        enter_search(session, assets[start : start + _AT_ONCE])
    tell(session, assets, "changed", "Put back: what was changed together with others.")
    ids = tuple(asset.id for asset in assets)
    redo = Deed(put_values_back, (after, before))
    return Changes(KIND, ids, f"{these(assets)}: as before.", redo, everything=len(ids) > _AT_ONCE)


def _check(ids: Sequence[int], patch: Patch) -> None:
    if not patch:
        raise Refusal("Choose at least one field to change.")
    if not ids:
        raise Refusal("Choose at least one asset.")
    if len(ids) > MOST:
        raise Refusal(f"At most {MOST:,} assets are changed at once; these are {len(ids):,}. Narrow the list first.")
    for name in patch:
        if name not in BULK_FIELDS and not name.startswith(PREFIX):
            raise Refusal(f"{name.replace('_', ' ').capitalize()} is each asset's own and is not changed for many.")


def _batches(session: Session, ids: Sequence[int]) -> Iterator[list[Asset]]:
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        yield list(session.scalars(select(Asset).where(Asset.id.in_(some)).order_by(Asset.inventory_no, Asset.id)))


def _after(session: Session, asset: Asset, patch: Patch, own: Mapping[int, Sequence[CustomField]]) -> AssetForm:
    category = patch.get("category_id", asset.category_id)
    return patched(form_of(asset), State(asset.state), patch, own.get(category or 0, ()), today(session))


def _values(form: AssetForm) -> Values:
    return {name: dict(form.custom) if name == "custom" else getattr(form, name) for name in _PATCHED}


def _lay(asset: Asset, values: Values, instant: Any) -> None:
    for name, value in values.items():
        if getattr(asset, name) != value:
            setattr(asset, name, dict(value) if name == "custom" else value)
    asset.changed_at = instant


def _stands(asset: Asset, name: str, own: Mapping[int, Sequence[CustomField]], names: Mapping[int, str]) -> str:
    """What stands in a field of an asset, in words; "" for nothing."""
    if name.startswith(PREFIX):
        key = name.removeprefix(PREFIX)
        field = next((one for one in own.get(asset.category_id or 0, ()) if one.key == key), None)
        value = asset.custom.get(key)
        return "" if value is None else told(field, value)
    if name == "category_id":
        return names.get(asset.category_id or 0, "")
    value = getattr(asset, name)
    return "" if value is None else f"{value:%-d %b %Y}" if hasattr(value, "year") else str(value)
