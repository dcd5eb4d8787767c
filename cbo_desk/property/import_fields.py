"""What a register in a file can say of an asset, and what its words mean in this compound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from cbo_desk.errors import Faults
from cbo_desk.office import Office
from cbo_desk.people import people_left
from cbo_desk.permissions import reads
from cbo_desk.property.fields.importing import custom_values
from cbo_desk.property.fields.queries import all_fields, fields_by_key
from cbo_desk.property.fields.rules import PREFIX, FieldKind, checked
from cbo_desk.property.import_references import RESOLVERS, Named
from cbo_desk.property.rules import CONDITIONS, ENDED, WORDS, State
from cbo_desk.tabular import Field, aliases
from db.disposal import DisposalCase, DisposalItem
from db.property import Asset, Category

_STATES = {word: str(state) for state, word in WORDS.items() if state is not State.TAKEN_BACK} | {
    "In use": "in_service",
    "In stock": "in_store",
    "Stock": "in_store",
    "Loaned": "on_loan",
    "Repair": "under_repair",
    "Lost": "missing",
    "Written off": "disposed",
}
_CONDITIONS = {word.capitalize(): word for word in CONDITIONS if word} | {"Excellent": "good", "Damaged": "broken"}

FIELDS = (
    Field("entity", "Entity", "reference", required=True, key=True, aliases=aliases.ENTITY),
    Field(
        "inventory_no",
        "Inventory no.",
        "identifier",
        required=True,
        key=True,
        aliases=aliases.INVENTORY_NUMBER,
        if_blank="A new asset needs an inventory number.",
        longest=60,
    ),
    Field("description", "Description", required=True, aliases=aliases.DESCRIPTION, longest=500),
    Field("category", "Category", "reference", aliases=aliases.CATEGORY),
    Field("maker", "Maker", aliases=aliases.MAKER),
    Field("model", "Model", aliases=aliases.MODEL),
    Field("serial", "Serial", "identifier", aliases=aliases.SERIAL),
    Field("cost", "Cost", "money", aliases=aliases.COST, currency_field="currency", least=0, blank_is=0),
    Field("currency", "Currency", "text", aliases=aliases.CURRENCY, longest=3, blank_is="USD"),
    Field("acquired_on", "Acquired", "date", aliases=aliases.ACQUIRED),
    Field("received_on", "Received", "date", aliases=aliases.RECEIVED),
    Field("warranty_until", "Warranty until", "date", aliases=aliases.WARRANTY_UNTIL),
    Field("place", "Place", "reference", aliases=aliases.PLACE),
    Field("custodian", "Custodian", "reference", aliases=aliases.CUSTODIAN),
    Field("condition", "Condition", "choice", aliases=aliases.CONDITION, choices=_CONDITIONS),
    Field("state", "State", "choice", aliases=("Status", "Asset status", "Statut", "Situación"), choices=_STATES),
    Field("purchase_order", "Purchase order", aliases=aliases.PURCHASE_ORDER),
    Field("fund", "Fund", aliases=aliases.FUND),
    Field("parent", "Part of", "reference", aliases=aliases.PART_OF),
    Field("useful_life_months", "Useful life in months", "integer", aliases=aliases.USEFUL_LIFE, least=0),
    Field("notes", "Notes", "notes", aliases=aliases.NOTES),
)


class AssetLookup:
    """Answers an import's questions from the register, thousands of rows at once (see `tabular.Lookup`)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._ended: set[Any] = set()
        self._ids: dict[Any, int] = {}
        self._cases: dict[Any, str] = {}
        self._held: dict[Any, tuple[int | None, Mapping[str, Any]]] = {}
        self._leavers: dict[int, date] | None = None
        self._fields = office.read(all_fields)

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The assets that are there, by entity and inventory number."""
        found, ended, held, ids = self._office.read(existing_assets, keys, names)
        self._ended |= ended
        if "parent" in names:
            self._ids |= ids
        if "state" in names:
            self._cases |= self._office.read(open_cases, keys)
        if self._fields:
            self._held |= held
        return found

    def resolve(self, name: str, texts: Sequence[str]) -> Mapping[str, Any]:
        """What entities, categories, places and custodians the texts mean."""
        return self._office.read(RESOLVERS[name], texts)

    def rule(self, outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        if outcome == "update" and (values.get("entity"), values.get("inventory_no")) in self._ended:
            yield "inventory_no", "This asset has been disposed of and can no longer be changed."
        elif outcome == "update" and values.get("state") != before.get("state"):
            yield from self._ending(values)
        if outcome == "update" and values.get("custodian") and values["custodian"] != before.get("custodian"):
            yield from self._left(values["custodian"])
        until, acquired = values.get("warranty_until"), values.get("acquired_on")
        if until and acquired and until < acquired:
            yield "warranty_until", "The warranty would end before the asset was acquired."
        if values.get("parent") and self._is_itself(values):
            yield "parent", "An asset cannot be part of itself."
        if self._fields:
            yield from self._custom(outcome, values, before)

    def _left(self, person: Named) -> Iterator[tuple[str, str]]:
        """That nobody is given anything after the last day; what a new register says of leavers is taken as it is."""
        if self._leavers is None:
            self._leavers = self._office.read(people_left)
        if person.id in self._leavers:
            day = self._leavers[person.id]
            yield "custodian", f"{person.name} left on {day:%-d %b %Y}. Name somebody who is here, or leave this blank."

    def _is_itself(self, values: Mapping[str, Any]) -> bool:
        """Whether a row says that an asset is part of itself."""
        return bool(self._ids.get((values.get("entity"), values.get("inventory_no"))) == values["parent"].id)

    def _ending(self, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with another state: only a disposal case ends an asset, or lets go of one that is in it."""
        case = self._cases.get((values.get("entity"), values.get("inventory_no")))
        if case and values.get("state") != State.AWAITING_DISPOSAL:
            yield "state", f"This asset is in the disposal case {case}. Complete or cancel the case, or leave this out."
        elif values.get("state") == State.DISPOSED:
            yield "state", "A file cannot dispose of an asset. Open a disposal case with it, or leave this cell blank."

    def _custom(self, outcome: str, values: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with the custom fields of a row: those of its category, as it stands or as it would."""
        typed = {
            name.removeprefix(PREFIX): value
            for name, value in values.items()
            if name.startswith(PREFIX) and value != before.get(name)
        }
        stood, custom = self._held.get((values.get("entity"), values.get("inventory_no")), (None, {}))
        named = values.get("category")
        category = named.id if named else stood
        whole = outcome == "create" or category != stood
        try:
            checked(self._fields.get(category or 0, []), typed, custom, whole=whole)
        except Faults as faults:
            yield from faults.faults.items()


@reads("property", "look at the register")
def existing_assets(
    session: Session, keys: Sequence[Any], names: Sequence[str]
) -> tuple[dict[Any, tuple[Any, ...]], set[Any], dict[Any, tuple[int | None, Mapping[str, Any]]], dict[Any, int]]:
    """The named values of the assets with these keys (entity, inventory number), None for blank.

    The second part are the keys of those that have been disposed of, the third the category and the values of custom
    fields of each, the fourth their ids.
    """
    held: dict[Any, tuple[int | None, Mapping[str, Any]]] = {}
    days = {key for key, one in fields_by_key(session).items() if one.form.kind is FieldKind.DATE}
    found: dict[Any, tuple[Any, ...]] = {}
    ended: set[Any] = set()
    ids: dict[Any, int] = {}
    pairs = {(key[0].id, key[1]): key for key in keys}
    asked = list(pairs)
    for start in range(0, len(asked), 1000):
        wanted = select(Asset).where(numbered(asked[start : start + 1000]))
        classes = {row.id: Named(row.id, row.name) for row in session.execute(select(Category.id, Category.name))}
        batch = session.scalars(wanted).all()
        wholes = _numbers(session, [asset.parent_id for asset in batch if asset.parent_id])
        for asset in batch:
            values = _values(asset, classes, wholes) | custom_values(asset, names, days)
            key = pairs[asset.entity_id, asset.inventory_no]
            found[key] = tuple(values[name] for name in names)
            held[key] = (asset.category_id, asset.custom)
            ids[key] = asset.id
            if asset.state in ENDED:
                ended.add(key)
    return found, ended, held, ids


@reads("property", "look at the register")
def open_cases(session: Session, keys: Sequence[Any]) -> dict[Any, str]:
    """The references of the disposal cases that assets with these keys are in and that are not carried out yet."""
    pairs = {(key[0].id, key[1]): key for key in keys}
    asked, found = list(pairs), dict[Any, str]()
    for start in range(0, len(asked), 1000):
        wanted = (
            select(Asset.entity_id, Asset.inventory_no, DisposalCase.reference)
            .join(DisposalItem, DisposalItem.asset_id == Asset.id)
            .join(DisposalCase, DisposalCase.id == DisposalItem.case_id)
            .where(DisposalItem.live, Asset.state.not_in(ENDED))
            .where(numbered(asked[start : start + 1000]))
        )
        found |= {pairs[entity, number]: reference for entity, number, reference in session.execute(wanted)}
    return found


def numbered(pairs: Sequence[tuple[int, str]]) -> ColumnElement[bool]:
    """Whether an asset has one of these pairs of an entity's id and an inventory number.

    Said entity by entity: PostgreSQL takes a list of pairs for as many alternatives, and plans each by itself.
    """
    numbers = defaultdict[int, list[str]](list)
    for entity, number in pairs:
        numbers[entity].append(number)
    return or_(
        false(),
        *(and_(Asset.entity_id == entity, Asset.inventory_no.in_(those)) for entity, those in numbers.items()),
    )


def _numbers(session: Session, ids: Sequence[int]) -> dict[int, Named]:
    """The inventory numbers of assets that others are part of."""
    wanted = select(Asset.id, Asset.inventory_no).where(Asset.id.in_(ids))
    return {row.id: Named(row.id, row.inventory_no) for row in session.execute(wanted)} if ids else {}


def _values(asset: Asset, classes: Mapping[int, Named], wholes: Mapping[int, Named]) -> dict[str, Any]:
    return {
        "entity": Named(asset.entity_id, asset.entity_code),
        "inventory_no": asset.inventory_no,
        "description": asset.description or None,
        "category": classes[asset.category_id] if asset.category_id else None,
        "maker": asset.maker or None,
        "model": asset.model or None,
        "serial": asset.serial or None,
        "cost": Decimal(asset.cost_cents) / 100 if asset.cost_cents else None,
        "currency": asset.currency or None,
        "acquired_on": asset.acquired_on,
        "received_on": asset.received_on,
        "warranty_until": asset.warranty_until,
        "place": Named(asset.place_id, asset.place_code) if asset.place_id else None,
        "custodian": Named(asset.custodian_id, asset.custodian_name) if asset.custodian_id else None,
        "condition": asset.condition or None,
        "state": asset.state,
        "purchase_order": asset.purchase_order or None,
        "fund": asset.fund or None,
        "parent": wholes.get(asset.parent_id) if asset.parent_id else None,
        "useful_life_months": asset.useful_life_months,
        "notes": asset.notes or None,
    }
