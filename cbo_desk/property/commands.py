"""What the property desk can do to the register. Each function is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, now, today
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.property import rules
from cbo_desk.property.rules import WORDS, AssetForm, State
from cbo_desk.tags import give_tags, take_tags
from db.people import Entity, Person
from db.places import Place
from db.property import Asset, AssetEvent, Category
from db.tags import Tag

KIND = "property.asset"
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
    _tell(session, assets, "received", "Received" + (f" on {form.purchase_order}." if form.purchase_order else "."))
    ids = tuple(asset.id for asset in assets)
    said = f"{_these(assets)} received and tagged."
    return Changes(KIND, ids, said, Deed(take_back_assets, (ids,)))


@deed("property.take_back_assets", "receive assets")
def take_back_assets(session: Session, ids: Sequence[int]) -> Changes:
    """Undo a receipt, as long as nothing else has happened to the assets."""
    assets = _assets(session, ids)
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
    said = f"{_these(assets)} taken back."
    # Events are never deleted, so the asset stays outside every list; its number is free again.
    for asset in assets:
        _set_state(session, asset, State.TAKEN_BACK)
        asset.inventory_no = f"{asset.inventory_no} (taken back {asset.id})"
    take_tags(session, KIND, ids)
    search.withdraw(session, KIND, ids)
    _tell(session, assets, "taken_back", "Entered by mistake and taken back.")
    return Changes(KIND, tuple(ids), said)


@deed("property.edit_asset", "change assets")
def edit_asset(session: Session, asset_id: int, version: int, form: AssetForm) -> Changes:
    """Change what is written about an asset; `version` is the one the form was filled from."""
    asset = _asset(session, asset_id)
    _check_version(asset, version)
    _check_not_disposed(asset)
    before = form_of(asset)
    rules.check_form(form, today(session))
    changed = sorted(name for name, value in asdict(form).items() if asdict(before)[name] != value)
    if not changed:
        return Changes(KIND, (), f"{asset.inventory_no}: nothing changed.")
    _write(session, asset, form)
    session.flush()
    enter_search(session, [asset])
    _tell(session, [asset], "changed", f"Changed: {', '.join(name.replace('_', ' ') for name in changed)}.")
    back = Deed(edit_asset, (asset_id, asset.version, before))
    return Changes(KIND, (asset_id,), f"{asset.inventory_no} saved.", back)


@deed("property.move_assets", "move assets")
def move_assets(session: Session, ids: Sequence[int], place_id: int) -> Changes:
    """Put assets somewhere else; with whom they are does not change."""
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("Choose the place to move to.", "place_id")

    def put(asset: Asset) -> None:
        asset.place_id, asset.place_code = place.id, place.code

    return _change_many(session, ids, "moved", f"moved to {place.code}", put)


@deed("property.hand_over", "hand over assets")
def hand_over(session: Session, ids: Sequence[int], person_id: int) -> Changes:
    """Give assets into a person's custody; what was in store is in service then."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("Choose who takes it.", "person_id")
    if person.until is not None and person.until < today(session):
        raise Refusal(f"{person.sort_name} left on {person.until:%-d %b %Y}. Choose somebody who is here.", "person_id")

    def give(asset: Asset) -> None:
        if State(asset.state) not in (State.IN_SERVICE, State.IN_STORE):
            rules.check_move(asset.inventory_no, State(asset.state), State.IN_SERVICE)
        asset.custodian_id, asset.custodian_name = person.id, person.sort_name
        _set_state(session, asset, State.IN_SERVICE)

    return _change_many(session, ids, "handed_over", f"handed over to {person.sort_name}", give)


@deed("property.return_to_store", "return assets to store")
def return_to_store(session: Session, ids: Sequence[int], place_id: int) -> Changes:
    """Take assets back from whoever has them and put them into a store."""
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("Choose the store.", "place_id")

    def put(asset: Asset) -> None:
        if State(asset.state) is not State.IN_STORE:
            rules.check_move(asset.inventory_no, State(asset.state), State.IN_STORE)
        asset.place_id, asset.place_code = place.id, place.code
        asset.custodian_id, asset.custodian_name = None, ""
        _set_state(session, asset, State.IN_STORE)

    return _change_many(session, ids, "returned", f"returned to {place.code}", put)


@deed("property.change_state", "change the state of assets")
def change_state(session: Session, ids: Sequence[int], state: State, why: str = "") -> Changes:
    """Send assets to repair, bring them back, or say that they are missing; `why` goes into the history."""
    if state in rules.ENDED:
        raise Refusal("An asset is disposed of through a disposal case.")

    def turn(asset: Asset) -> None:
        rules.check_move(asset.inventory_no, State(asset.state), state)
        _set_state(session, asset, state)

    words = f"now {WORDS[state].lower()}" + (f": {why.strip()}" if why.strip() else "")
    return _change_many(session, ids, "state", words, turn)


@dataclass(frozen=True)
class Standing:
    """Where an asset stood before a deed: what undo puts back, if nobody has touched it since."""

    asset_id: int
    version: int
    state: str
    state_since: Any
    place_id: int | None
    place_code: str
    custodian_id: int | None
    custodian_name: str


@deed("property.put_back", "move assets")
def put_back(session: Session, standings: Sequence[Standing]) -> Changes:
    """Undo a move, a hand-over or a change of state."""
    by_id = {standing.asset_id: standing for standing in standings}
    assets = _assets(session, list(by_id))
    again = tuple(_standing(asset) for asset in assets)
    for asset in assets:
        before = by_id[asset.id]
        if asset.version != before.version:
            raise Refusal(f"{asset.inventory_no} has been changed since, so this can no longer be undone.")
        for name in ("state", "state_since", "place_id", "place_code", "custodian_id", "custodian_name"):
            setattr(asset, name, getattr(before, name))
        asset.changed_at = now(session)
    session.flush()
    _tell(session, assets, "put_back", "Put back: the deed before was undone.")
    redo = tuple(replace(s, version=a.version) for s, a in zip(again, assets, strict=True))
    return Changes(KIND, tuple(by_id), f"{_these(assets)} put back.", Deed(put_back, (redo,)))


@deed("property.add_category", "add categories", Role.SUPERVISOR)
def add_category(session: Session, code: str, name: str, useful_life_months: int = 60) -> Changes:
    """Add a class of property."""
    if not code.strip() or not name.strip():
        raise Refusal("A category needs a code and a name.", "code")
    category = Category(code=code.strip().upper(), name=name.strip(), useful_life_months=useful_life_months)
    session.add(category)
    session.flush()
    return Changes("property.category", (category.id,), f"Category {category.name} added.")


def form_of(asset: Asset) -> AssetForm:
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


def findable(asset: Asset, code: str) -> search.Findable:
    """What search knows of an asset."""
    words = (asset.serial, asset.maker, asset.model, asset.purchase_order, code)
    return search.Findable(KIND, asset.id, asset.inventory_no, f"{asset.description} · {asset.entity_code}", words)


def _new_asset(session: Session, form: AssetForm) -> Asset:
    rules.check_form(form, today(session))
    asset = Asset(state=State.IN_STORE, state_since=today(session), changed_at=now(session))
    _write(session, asset, form)
    place = session.get(Place, form.place_id) if form.place_id else None
    asset.state = rules.state_for(form.place_id, form.custodian_id, place.place_kind if place else "")
    return asset


def _write(session: Session, asset: Asset, form: AssetForm) -> None:
    entity = session.get(Entity, form.entity_id)
    if entity is None:
        raise Refusal("Choose the entity it belongs to.", "entity_id")
    place = session.get(Place, form.place_id) if form.place_id else None
    person = session.get(Person, form.custodian_id) if form.custodian_id else None
    asset.entity_id, asset.entity_code = entity.id, entity.code
    asset.place_id, asset.place_code = (place.id, place.code) if place else (None, "")
    asset.custodian_id, asset.custodian_name = (person.id, person.sort_name) if person else (None, "")
    for name in _COPIED:
        value = getattr(form, name)
        setattr(asset, name, dict(value) if name == "custom" else value.strip() if isinstance(value, str) else value)
    asset.changed_at = now(session)


def _change_many(
    session: Session, ids: Sequence[int], what: str, words: str, change: Callable[[Asset], None]
) -> Changes:
    assets = _assets(session, ids)
    before = [_standing(asset) for asset in assets]
    for asset in assets:
        _check_not_disposed(asset)
        change(asset)
        asset.changed_at = now(session)
    session.flush()
    _tell(session, assets, what, f"{words[0].upper()}{words[1:]}.")
    undo = tuple(replace(standing, version=a.version) for standing, a in zip(before, assets, strict=True))
    return Changes(KIND, tuple(a.id for a in assets), f"{_these(assets)} {words}.", Deed(put_back, (undo,)))


def _standing(asset: Asset) -> Standing:
    return Standing(
        asset.id,
        asset.version,
        asset.state,
        asset.state_since,
        asset.place_id,
        asset.place_code,
        asset.custodian_id,
        asset.custodian_name,
    )


def _set_state(session: Session, asset: Asset, state: State) -> None:
    if asset.state != state:
        asset.state, asset.state_since = state, today(session)


def _tell(session: Session, assets: Sequence[Asset], what: str, said: str) -> None:
    """Add what happened to the assets' events."""
    rows = [
        {
            "asset_id": asset.id,
            "at": now(session),
            "by": actor(session).login,
            "what": what,
            "state": str(asset.state),
            "place_code": asset.place_code,
            "custodian_name": asset.custodian_name,
            "said": said,
        }
        for asset in assets
    ]
    if rows:
        session.execute(insert(AssetEvent), rows)


def _assets(session: Session, ids: Sequence[int]) -> list[Asset]:
    unique = list(dict.fromkeys(ids))
    if not unique:
        raise Refusal("Choose at least one asset.")
    found: dict[int, Asset] = {}
    for start in range(0, len(unique), 500):
        wanted = select(Asset).where(Asset.id.in_(unique[start : start + 500])).with_for_update()
        found.update({asset.id: asset for asset in session.scalars(wanted)})
    if len(found) != len(unique):
        raise Refusal("One of these assets is no longer in the register. Look at the list anew.")
    return [found[ident] for ident in unique]


def _asset(session: Session, asset_id: int) -> Asset:
    return _assets(session, [asset_id])[0]


def _check_version(asset: Asset, version: int) -> None:
    if asset.version != version:
        raise Refusal(f"{asset.inventory_no} was changed by somebody else since you opened it. Open it anew.")


def _check_not_disposed(asset: Asset) -> None:
    if State(asset.state) in rules.ENDED:
        ended = WORDS[State(asset.state)].lower()
        raise Refusal(f"{asset.inventory_no} has been {ended} and can no longer be changed.")


def _these(assets: Sequence[Asset]) -> str:
    return assets[0].inventory_no if len(assets) == 1 else f"{len(assets):,} assets"
