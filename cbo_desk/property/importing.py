"""Writes the good rows of a register's file into the register: all in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from cbo_desk import bulk
from cbo_desk.changes import Changes
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.permissions import deed
from cbo_desk.progress import Progress
from cbo_desk.property import rules
from cbo_desk.property.commands import enter_search, findable
from cbo_desk.property.fields.importing import custom_columns
from cbo_desk.property.fields.rules import PREFIX, as_kept
from cbo_desk.property.import_fields import FIELDS, AssetLookup, numbered
from cbo_desk.property.touching import KIND
from cbo_desk.tabular import Ready
from cbo_desk.tags import give_tags
from db.base import table_of
from db.places import Place
from db.property import Asset, AssetEvent


@dataclass
class _Told:
    created: int = 0
    updated: int = 0


@deed("property.import_assets", "import assets")
def import_assets(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and update the assets that a checked file names; what cannot be written refuses the whole import."""
    told = _Told()
    touched: list[int] = []
    kinds = {row.id: row.place_kind for row in session.execute(select(Place.id, Place.place_kind))}
    for batch in rows:
        new = [row for row in batch if row.outcome == "create"]
        old = [row for row in batch if row.outcome == "update"]
        ids = [*_create(session, new, str(rows), kinds), *_update(session, old, str(rows))]
        told.created += len(new)
        told.updated += len(old)
        touched.extend(ids)
        if progress is not None:
            progress.report(told.created + told.updated)
    said = f"{rows}: {told.created:,} assets created, {told.updated:,} updated."
    return Changes(KIND, tuple(touched), said, everything=len(touched) > bulk.CHUNK or told.created > 500)


_COLUMNS = (
    "id", "entity_id", "entity_code", "inventory_no", "description", "category_id", "maker", "model", "serial",
    "cost_cents", "currency", "acquired_on", "received_on", "warranty_until", "place_id", "place_code",
    "custodian_id", "custodian_name", "condition", "state", "state_since", "purchase_order", "fund",
    "useful_life_months", "notes", "custom", "changed_at", "parent_id",
)  # fmt: skip
_NOTHING = (None, "")


def _create(session: Session, rows: Sequence[Ready], source: str, kinds: Mapping[int, str]) -> Sequence[int]:
    if not rows:
        return ()
    ids = bulk.reserve_ids(session, table_of(Asset), len(rows))
    codes = give_tags(session, KIND, ids)
    made, events, findables = [], [], []
    instant, day, who = now(session), today(session), actor(session).login
    for ident, code, row in zip(ids, codes, rows, strict=True):
        asset = _new(row.values, ident, kinds, day, instant)
        made.append(tuple(asset[name] for name in _COLUMNS))
        said = f"Imported from {source}, row {row.row:,}."
        events.append(
            (ident, instant, who, "imported", asset["state"], asset["place_code"], asset["custodian_name"], said)
        )
        findables.append(findable(SimpleNamespace(**asset), code))
    bulk.insert_rows(session, table_of(Asset), _COLUMNS, made)
    bulk.insert_rows(session, table_of(AssetEvent), _EVENT, events)
    bulk.enter_new(session, findables)
    return ids


_EVENT = ("asset_id", "at", "by", "what", "state", "place_code", "custodian_name", "said")


def _new(values: Mapping[str, Any], ident: int, kinds: Mapping[int, str], day: Any, instant: Any) -> dict[str, Any]:
    place = values.get("place") or _NOTHING
    person = values.get("custodian") or _NOTHING
    state = values.get("state") or rules.state_for(place[0], person[0], kinds.get(place[0] or 0, ""))
    return {
        "id": ident,
        "entity_id": values["entity"].id,
        "entity_code": values["entity"].name,
        "inventory_no": values["inventory_no"],
        "description": values["description"],
        "category_id": values["category"].id if values.get("category") else None,
        "cost_cents": _cents(values.get("cost")),
        "currency": values.get("currency") or "USD",
        "place_id": place[0],
        "place_code": place[1],
        "custodian_id": person[0],
        "custodian_name": person[1],
        "state": str(state),
        "state_since": day,
        "useful_life_months": values.get("useful_life_months"),
        "parent_id": values["parent"].id if values.get("parent") else None,
        "custom": _kept({}, values),
        "changed_at": instant,
        **{name: values.get(name) for name in ("acquired_on", "received_on", "warranty_until")},
        **{name: values.get(name) or "" for name in _TEXTS},
    }


_TEXTS = ("maker", "model", "serial", "condition", "purchase_order", "fund", "notes")


def _update(session: Session, rows: Sequence[Ready], source: str) -> Sequence[int]:
    """Change what the rows change, grouped by which columns that is, so that a group is one statement."""
    if not rows:
        return ()
    ids = _ids(session, rows)
    customs = _customs(session, rows, ids)
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        changed = _columns(row.values, today(session)) | customs.get(row.key, {})
        groups.setdefault(tuple(sorted(changed)), []).append({"key_id": ids[row.key], **changed})
    table = table_of(Asset)
    for names, values in groups.items():
        change = (
            update(table)
            .where(table.c.id == bindparam("key_id"))
            .values(
                {
                    **{name: bindparam(name) for name in names},
                    "version": table.c.version + 1,
                    "changed_at": now(session),
                }
            )
        )
        session.connection().execute(change, values)
    assets = session.scalars(
        select(Asset).where(Asset.id.in_(list(ids.values()))).execution_options(populate_existing=True)
    ).all()
    enter_search(session, assets)
    words = {ids[row.key]: ", ".join(name.replace("_", " ") for name in row.values) for row in rows}
    events = [
        (a.id, now(session), actor(session).login, "imported", a.state, a.place_code, a.custodian_name,
         f"Changed by {source}: {words[a.id]}.")
        for a in assets
    ]  # fmt: skip
    bulk.insert_rows(session, table_of(AssetEvent), _EVENT, events)
    return list(ids.values())


def _customs(session: Session, rows: Sequence[Ready], ids: Mapping[Any, int]) -> dict[Any, dict[str, Any]]:
    """The values of custom fields of the rows that change one, laid over what stands."""
    wanted = {ids[row.key]: row for row in rows if any(name.startswith(PREFIX) for name in row.values)}
    found: dict[Any, dict[str, Any]] = {}
    asked = list(wanted)
    for start in range(0, len(asked), 1000):
        stand = select(Asset.id, Asset.custom).where(Asset.id.in_(asked[start : start + 1000]))
        for ident, custom in session.execute(stand):
            found[wanted[ident].key] = {"custom": _kept(custom, wanted[ident].values)}
    return found


def _kept(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of custom fields as they are kept, once a row is written over what stood before."""
    found = dict(before)
    for name, value in values.items():
        if name.startswith(PREFIX):
            found.pop(name.removeprefix(PREFIX), None)
            if value is not None:
                found[name.removeprefix(PREFIX)] = as_kept(value)
    return found


def _ids(session: Session, rows: Sequence[Ready]) -> dict[Any, int]:
    pairs = {(row.key[0].id, row.key[1]): row.key for row in rows}
    found: dict[Any, int] = {}
    asked = list(pairs)
    for start in range(0, len(asked), 1000):
        wanted = select(Asset.id, Asset.entity_id, Asset.inventory_no, Asset.state)
        wanted = wanted.where(numbered(asked[start : start + 1000]))
        for row in session.execute(wanted):
            if row.state in rules.ENDED:
                raise Refusal(f"{row.inventory_no} has been {rules.WORDS[rules.State(row.state)].lower()} since.")
            found[pairs[row.entity_id, row.inventory_no]] = row.id
    if len(found) != len(rows):
        raise Refusal("The register has changed since the file was checked. Check the file again.")
    return found


def _columns(values: Mapping[str, Any], day: Any) -> dict[str, Any]:
    """The columns a row changes, from the values of its fields; None empties."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith(PREFIX):
            continue
        if name in ("place", "custodian", "category", "entity", "parent"):
            ident, word = value or _NOTHING
            found[f"{name}_id"] = ident
            if name not in ("category", "parent"):
                found[{"place": "place_code", "custodian": "custodian_name", "entity": "entity_code"}[name]] = word
        elif name == "cost":
            found["cost_cents"] = _cents(value)
        elif name == "currency":
            found["currency"] = value or "USD"
        elif name == "state":
            found |= {"state": value or "in_store", "state_since": day}
        else:
            found[name] = value if value is not None or name in _NULLABLE else ""
    return found


_NULLABLE = ("acquired_on", "received_on", "warranty_until", "useful_life_months")


def _cents(cost: Any) -> int:
    return round(cost * 100) if cost is not None else 0


ASSETS = Importable("assets", KIND, FIELDS, AssetLookup, import_assets, custom_columns)
