"""What the property desk can do to the register. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import deed
from cbo_desk.property import rules
from cbo_desk.property.family import check_parent
from cbo_desk.property.queries import serial_elsewhere
from cbo_desk.property.rules import AssetForm, State
from cbo_desk.property.touching import KIND, assets_of, check_not_ended, set_state, tell, these
from cbo_desk.tags import give_tags, take_tags
from cbo_desk.versions import check_version
from db.people import Entity, Person
from db.places import Place
from db.property import Asset, AssetEvent
from db.tags import Tag

LABELS = {
    "inventory_no": "the inventory number",
    "description": "the description",
    "entity_code": "the entity",
    "maker": "the maker",
    "model": "the model",
    "serial": "the serial number",
    "cost_cents": "the cost in cents",
    "acquired_on": "the day it was acquired",
    "warranty_until": "the warranty",
    "condition": "the condition",
    "state": "the state",
    "place_code": "the place",
    "custodian_name": "the custodian",
    "notes": "the notes",
    "custom": "the fields of its category",
}
"""The columns that a person knows, in words, for telling who changed what."""
_COPIED = tuple(f.name for f in fields(AssetForm) if f.name not in ("entity_id", "place_id", "custodian_id"))


@deed("property.receive_assets", "receive assets")
def receive_assets(session: Session, form: AssetForm, numbers: Sequence[str] = ()) -> Changes:
    """Enter one asset, or one per inventory number where a delivery holds several alike; each gets its tag."""
    wanted = tuple(number.strip() for number in numbers if number.strip()) or (form.inventory_no.strip(),)
    if len(set(wanted)) != len(wanted):
        raise Refusal("The same inventory number stands in the list twice.", "inventory_no")
    assets = [_new_asset(session, replace(form, inventory_no=number)) for number in wanted]
    session.add_all(assets)
    session.flush()
    codes = give_tags(session, KIND, [asset.id for asset in assets])
    enter_search(session, assets, dict(zip([a.id for a in assets], codes, strict=True)))
    tell(session, assets, "received", "Received" + (f" on {form.purchase_order}." if form.purchase_order else "."))
    ids = tuple(asset.id for asset in assets)
    said = f"{these(assets)} received and tagged.{_same_serial(session, assets[0])}"
    return Changes(KIND, ids, said, Deed(take_back_assets, (ids,)))


@deed("property.take_back_assets", "receive assets")
def take_back_assets(session: Session, ids: Sequence[int]) -> Changes:
    """Undo a receipt, as long as nothing else has happened to the assets."""
    assets = assets_of(session, ids)
    busy = session.scalar(
        select(Asset.inventory_no)
        .join(AssetEvent, AssetEvent.asset_id == Asset.id)
        .where(Asset.id.in_(ids))
        .group_by(Asset.id, Asset.inventory_no)
        .having(func.count() > 1)
        .limit(1)
    )
    if busy is not None:
        raise Refusal(f"{busy} has been used since: dispose of it instead.")
    said = f"{these(assets)} taken back."
    # Events are never deleted, so the asset stays outside every list; its number is free again.
    for asset in assets:
        set_state(session, asset, State.TAKEN_BACK)
        asset.inventory_no = f"{asset.inventory_no} (taken back {asset.id})"
    take_tags(session, KIND, ids)
    search.withdraw(session, KIND, ids)
    tell(session, assets, "taken_back", "Entered by mistake and taken back.")
    return Changes(KIND, tuple(ids), said)


@deed("property.edit_asset", "change assets")
def edit_asset(session: Session, asset_id: int, version: int, form: AssetForm) -> Changes:
    """Change what is written about an asset; `version` is the one the form was filled from."""
    asset = _asset(session, asset_id)
    check_version(session, asset, version, asset.inventory_no, LABELS)
    check_not_ended(asset)
    before = form_of(asset)
    rules.check_form(form, today(session))
    form = _with_custom(session, form, before.custom)
    changed = sorted(name for name, value in asdict(form).items() if asdict(before)[name] != value)
    if not changed:
        return Changes(KIND, (), f"{asset.inventory_no}: nothing changed.")
    _write(session, asset, form)
    session.flush()
    enter_search(session, [asset])
    tell(session, [asset], "changed", f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}.")
    back = Deed(edit_asset, (asset_id, asset.version, before))
    new_serial = _same_serial(session, asset) if {"maker", "serial"} & set(changed) else ""
    return Changes(KIND, (asset_id,), f"{asset.inventory_no} saved.{new_serial}", back)


def form_of(asset: Asset | Row[Any]) -> AssetForm:
    """What is written about an asset, as its form shows it."""
    return AssetForm(
        **{name: getattr(asset, name) for name in _COPIED},
        entity_id=asset.entity_id,
        place_id=asset.place_id,
        custodian_id=asset.custodian_id,
    )


def enter_search(session: Session, assets: Sequence[Asset], codes: dict[int, str] | None = None) -> None:
    """Make assets findable by number, words, serial and tag."""
    if codes is None:
        ids = [asset.id for asset in assets]
        wanted = select(Tag.subject_id, Tag.code).where(Tag.subject_kind == KIND, Tag.subject_id.in_(ids))
        codes = {row.subject_id: row.code for row in session.execute(wanted)}
    search.enter(session, [findable(asset, codes.get(asset.id, "")) for asset in assets])


def findable(asset: Asset | SimpleNamespace, code: str) -> search.Findable:
    """What search knows of an asset; an import of many names its columns without making a record of each."""
    words: tuple[str, ...] = (asset.serial, asset.maker, asset.model, asset.purchase_order, code)
    if asset.custom:
        from cbo_desk.property.fields.rules import words_of  # few assets have custom fields

        words += words_of(asset.custom)
    return search.Findable(KIND, asset.id, asset.inventory_no, f"{asset.description} · {asset.entity_code}", words)


def _same_serial(session: Session, asset: Asset) -> str:
    """A warning where another asset of the same maker has the same serial number; nothing else."""
    others = serial_elsewhere(session, asset.maker, asset.serial, asset.id)
    return f" Check the serial number: {' and '.join(others)} of the same maker has it too." if others else ""


def _new_asset(session: Session, form: AssetForm) -> Asset:
    rules.check_form(form, today(session))
    form = _with_custom(session, form, {})
    asset = Asset(state=State.IN_STORE, state_since=today(session), changed_at=now(session))
    _write(session, asset, form)
    place = session.get(Place, form.place_id) if form.place_id else None
    asset.state = rules.state_for(form.place_id, form.custodian_id, place.place_kind if place else "")
    return asset


def _with_custom(session: Session, form: AssetForm, before: Mapping[str, object]) -> AssetForm:
    """The form with the values of its custom fields as they are kept; raises `Faults` beside each.

    A form says all of an asset: a value that stood `before` and is not in it goes.
    """
    from cbo_desk.property.fields import checked, fields_of  # a start does without custom fields

    typed = {**dict.fromkeys(before), **form.custom}
    return replace(form, custom=checked(fields_of(session, form.category_id), typed, before))


def _write(session: Session, asset: Asset, form: AssetForm) -> None:
    entity = session.get(Entity, form.entity_id)
    if entity is None:
        raise Refusal("Choose the entity it belongs to.", "entity_id")
    place = session.get(Place, form.place_id) if form.place_id else None
    person = session.get(Person, form.custodian_id) if form.custodian_id else None
    if person is not None and person.id != asset.custodian_id and person.until and person.until < today(session):
        words = f"{person.sort_name} left on {person.until:%-d %b %Y}. Choose somebody who is here."
        raise Refusal(words, "custodian_id")
    asset.entity_id, asset.entity_code = entity.id, entity.code
    asset.place_id, asset.place_code = (place.id, place.code) if place else (None, "")
    asset.custodian_id, asset.custodian_name = (person.id, person.sort_name) if person else (None, "")
    if form.parent_id is not None and form.parent_id != asset.parent_id:
        check_parent(session, asset.id, form.parent_id)
    for name in _COPIED:
        value = getattr(form, name)
        setattr(asset, name, dict(value) if name == "custom" else value.strip() if isinstance(value, str) else value)
    asset.changed_at = now(session)


def _asset(session: Session, asset_id: int) -> Asset:
    return assets_of(session, [asset_id])[0]
