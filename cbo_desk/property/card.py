"""Everything an asset's card shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property.commands import form_of
from cbo_desk.property.rules import AssetForm, State
from cbo_desk.property.touching import KIND
from db.base import table_of
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
    fields: tuple[Shown, ...]
    disposed: str = ""
    """How it went, if it did: sold to whom on which day, and by which case."""
    due_on: date | None = None
    """When it is due back, while it is on loan."""


_ASSET, _ENTITY, _PERSON, _CATEGORY = table_of(Asset), table_of(Entity), table_of(Person), table_of(Category)
_PLACE, _TAG, _EVENT = table_of(Place), table_of(Tag), table_of(AssetEvent)
MOST_PARTS, MOST_EVENTS = 100, 100


def _asset() -> Select[Any]:
    """One asset with all that stands beside it in other tables."""
    whole = _ASSET.alias("whole")
    return (
        select(
            *_ASSET.c,
            _ENTITY.c.name.label("entity_name"),
            _PERSON.c.entity_code.label("custodian_entity"),
            _PERSON.c.unit.label("custodian_unit"),
            _CATEGORY.c.name.label("category"),
            _PLACE.c.path.label("place_path"),
            whole.c.inventory_no.label("whole_no"),
            whole.c.description.label("whole_description"),
        )
        .join(_ENTITY, _ENTITY.c.id == _ASSET.c.entity_id)
        .outerjoin(_PERSON, _PERSON.c.id == _ASSET.c.custodian_id)
        .outerjoin(_CATEGORY, _CATEGORY.c.id == _ASSET.c.category_id)
        .outerjoin(_PLACE, _PLACE.c.id == _ASSET.c.place_id)
        .outerjoin(whole, whole.c.id == _ASSET.c.parent_id)
        .where(_ASSET.c.id == bindparam("ident"))
    )


# Built once, and without the unit of work: a scan waits for its card, and a record of each row takes half of its time.
_CARD = _asset()
_TAGS = (
    select(_TAG.c.code, _TAG.c.ours, _TAG.c.printed_at)
    .where(_TAG.c.subject_kind == KIND, _TAG.c.subject_id == bindparam("ident"), _TAG.c.retired_at.is_(None))
    .order_by(_TAG.c.id)
)
_PARTS = (
    select(_ASSET.c.id, _ASSET.c.inventory_no, _ASSET.c.description)
    .where(_ASSET.c.parent_id == bindparam("ident"))
    .order_by(_ASSET.c.inventory_no)
    .limit(MOST_PARTS)
)
_EVENTS = (
    select(_EVENT.c.at, _EVENT.c.by, _EVENT.c.said)
    .where(_EVENT.c.asset_id == bindparam("ident"))
    .order_by(_EVENT.c.id.desc())
    .limit(MOST_EVENTS)
)
_WAY = select(_PLACE.c.id, _PLACE.c.code, _PLACE.c.name, _PLACE.c.place_kind).where(
    _PLACE.c.id.in_(bindparam("ids", expanding=True))
)


@reads("property", "look at the register")
def asset_card(session: Session, asset_id: int) -> AssetCard:
    """Read an asset's card; Refusal where there is no such asset."""
    ask, given = session.connection().execute, {"ident": asset_id}
    asset = ask(_CARD, given).one_or_none()
    if asset is None or asset.state == State.TAKEN_BACK:
        raise Refusal("This asset is not in the register.")
    tags = ask(_TAGS, given).all()
    own = next((tag for tag in tags if tag.ours), None)
    return AssetCard(
        id=asset.id,
        version=asset.version,
        form=form_of(asset),
        state=State(asset.state),
        state_since=asset.state_since,
        entity=asset.entity_code,
        entity_name=asset.entity_name,
        place=asset.place_code,
        place_words=_place_words(session, asset.place_path or ""),
        custodian=asset.custodian_name,
        custodian_unit=", ".join(part for part in (asset.custodian_entity, asset.custodian_unit) if part),
        category=asset.category or "",
        code=own.code if own else "",
        printed_at=own.printed_at if own else None,
        linked=tuple(tag.code for tag in tags if not tag.ours),
        parent=Part(asset.parent_id, asset.whole_no, asset.whole_description) if asset.parent_id else None,
        parts=tuple(Part(*row) for row in ask(_PARTS, given)),
        events=tuple(Happened(*row) for row in ask(_EVENTS, given)),
        fields=_fields(session, asset),
        disposed=_disposed(session, asset),
        due_on=_due_on(session, asset),
    )


def _disposed(session: Session, asset: Row[Any]) -> str:
    """How an asset went, as the event of its disposal says."""
    if asset.state != State.DISPOSED:
        return ""
    wanted = select(AssetEvent.said).where(AssetEvent.asset_id == asset.id, AssetEvent.what == "disposed")
    return (session.scalar(wanted.order_by(AssetEvent.id.desc()).limit(1)) or "").removesuffix(".")


def _due_on(session: Session, asset: Row[Any]) -> date | None:
    """When an asset that is on loan is due back, as its last handover says."""
    if asset.state != State.ON_LOAN:
        return None
    from db.custody import HandoverItem  # a start does without the tables of custody

    wanted = select(HandoverItem.to_due_on).where(HandoverItem.asset_id == asset.id)
    return session.scalar(wanted.order_by(HandoverItem.id.desc()).limit(1))


def _fields(session: Session, asset: Row[Any]) -> tuple[Shown, ...]:
    from cbo_desk.property.fields import shown_values  # a start does without custom fields

    return shown_values(session, asset.category_id, dict(asset.custom))


def _place_words(session: Session, path: str) -> str:
    """A place and what it stands in, the largest first, without the site."""
    ids = [int(part) for part in path.split("/") if part]
    if not ids:
        return ""
    rows = session.connection().execute(_WAY, {"ids": ids})
    names = {row.id: row.name or row.code for row in rows if row.place_kind != "site" or len(ids) == 1}
    return ", ".join(names[ident] for ident in ids if ident in names)
