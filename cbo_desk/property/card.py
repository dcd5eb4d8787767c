"""Everything an asset's card shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk import audit
from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.commands import form_of
from cbo_desk.property.rules import AssetForm, State
from cbo_desk.property.touching import KIND
from db.people import Entity, Person
from db.places import Place
from db.property import Asset, AssetEvent, Category
from db.tags import Tag

if TYPE_CHECKING:
    from cbo_desk.property.fields import Shown


@dataclass(frozen=True)
class Happened:
    """One event in an asset's life, as a sentence."""

    at: datetime
    by: str
    said: str


@dataclass(frozen=True)
class Part:
    """An asset that is part of another, or that has parts."""

    id: int
    inventory_no: str
    description: str


@dataclass(frozen=True)
class AssetCard:
    """One asset with everything its card and its form need; money in whole cents."""

    id: int
    version: int
    form: AssetForm
    state: State
    state_since: date | None
    entity: str
    entity_name: str
    place: str
    place_words: str
    custodian: str
    custodian_unit: str
    category: str
    code: str
    printed_at: datetime | None
    linked: tuple[str, ...]
    parent: Part | None
    parts: tuple[Part, ...]
    events: tuple[Happened, ...]
    deeds: tuple[audit.HistoryLine, ...]
    fields: tuple[Shown, ...]
    disposed: str = ""
    """How it went, if it did: sold to whom on which day, and by which case."""


@reads("property", "look at the register")
def asset_card(session: Session, asset_id: int) -> AssetCard:
    """Read an asset's card; Refusal where there is no such asset."""
    asset = session.get(Asset, asset_id)
    if asset is None or asset.state == State.TAKEN_BACK:
        raise Refusal("This asset is not in the register.")
    entity = session.get_one(Entity, asset.entity_id)
    person = session.get(Person, asset.custodian_id) if asset.custodian_id else None
    category = session.get(Category, asset.category_id) if asset.category_id else None
    tags = session.scalars(
        select(Tag)
        .where(Tag.subject_kind == KIND, Tag.subject_id == asset_id, Tag.retired_at.is_(None))
        .order_by(Tag.id)
    ).all()
    own = next((tag for tag in tags if tag.ours), None)
    return AssetCard(
        id=asset.id,
        version=asset.version,
        form=form_of(asset),
        state=State(asset.state),
        state_since=asset.state_since,
        entity=entity.code,
        entity_name=entity.name,
        place=asset.place_code,
        place_words=_place_words(session, asset.place_id),
        custodian=asset.custodian_name,
        custodian_unit=", ".join(part for part in (person.entity_code, person.unit) if part) if person else "",
        category=category.name if category else "",
        code=own.code if own else "",
        printed_at=own.printed_at if own else None,
        linked=tuple(tag.code for tag in tags if not tag.ours),
        parent=_part(session, asset.parent_id),
        parts=_parts(session, asset_id),
        events=_events(session, asset_id),
        deeds=tuple(audit.history(session, KIND, asset_id)),
        fields=_fields(session, asset),
        disposed=_disposed(session, asset),
    )


def _disposed(session: Session, asset: Asset) -> str:
    """How an asset went, as the event of its disposal says."""
    if asset.state != State.DISPOSED:
        return ""
    wanted = select(AssetEvent.said).where(AssetEvent.asset_id == asset.id, AssetEvent.what == "disposed")
    return (session.scalar(wanted.order_by(AssetEvent.id.desc()).limit(1)) or "").removesuffix(".")


def _fields(session: Session, asset: Asset) -> tuple[Shown, ...]:
    from cbo_desk.property.fields import shown_values  # a start does without custom fields

    return shown_values(session, asset.category_id, dict(asset.custom))


def _place_words(session: Session, place_id: int | None) -> str:
    """A place and what it stands in, the largest first, without the site."""
    if place_id is None:
        return ""
    path = session.get_one(Place, place_id).path
    ids = [int(part) for part in path.split("/") if part]
    rows = session.scalars(select(Place).where(Place.id.in_(ids))).all()
    names = {row.id: row.name or row.code for row in rows if row.place_kind != "site" or len(ids) == 1}
    return ", ".join(names[ident] for ident in ids if ident in names)


def _part(session: Session, asset_id: int | None) -> Part | None:
    asset = session.get(Asset, asset_id) if asset_id else None
    return Part(asset.id, asset.inventory_no, asset.description) if asset else None


def _parts(session: Session, asset_id: int) -> tuple[Part, ...]:
    wanted = select(Asset).where(Asset.parent_id == asset_id).order_by(Asset.inventory_no).limit(100)
    return tuple(Part(a.id, a.inventory_no, a.description) for a in session.scalars(wanted))


def _events(session: Session, asset_id: int) -> tuple[Happened, ...]:
    wanted = select(AssetEvent).where(AssetEvent.asset_id == asset_id).order_by(AssetEvent.id.desc()).limit(100)
    return tuple(Happened(event.at, event.by, event.said) for event in session.scalars(wanted))
