"""What the places desk can do. Each function is one transaction."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cbo_desk import after, holdings, search
from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.places import rules
from cbo_desk.places.buildings import leave
from cbo_desk.places.entries import enter_below
from cbo_desk.places.rules import PlaceForm
from cbo_desk.turns import take_turn
from cbo_desk.versions import check_version, continue_version
from db.people import Entity
from db.places import Place

PLACE = "places.place"


@deed("places.add_place", "add places")
def add_place(session: Session, form: PlaceForm, parent_id: int | None = None) -> Changes:
    """Add a place, in another one or, as a site, in none."""
    hold_tree(session)
    neat = rules.tidy_place(form)
    place, also = _insert(session, Place(), neat, parent_id)
    undo = Deed(remove_place, (place.id, place.version))
    return Changes(PLACE, (place.id,), f"{place.code} was added.", undo, also)


@deed("places.edit_place", "change places")
def edit_place(session: Session, place_id: int, form: PlaceForm, version: int) -> Changes:
    """Change a place; `version` is the one the form read. A new code shows on everything that stands there."""
    hold_tree(session)
    place = _place(session, place_id)
    check_version(session, place, version, place.code, rules.FIELDS)
    neat, before = rules.tidy_place(form), place_form(place)
    _refuse_taken(session, neat.code, place.id)
    _check_occupier(session, neat.occupier_id)
    left: tuple[int, ...] = ()
    if neat.kind != before.kind:
        _check_kind(session, place, neat)
        left = leave(session, place, neat.kind, _parent(session, place.parent_id))
    _fill(place, neat)
    session.flush()
    enter_below(session, place.path)
    also = after.renamed(session, PLACE, [place.id]) if neat.code != before.code else {}
    also |= after.moved(session, PLACE, left)
    said = f"{place.code} was changed." if neat.code == before.code else f"{before.code} is now called {place.code}."
    undo = Deed(edit_place, (place.id, before, place.version))
    return Changes(PLACE, (place.id,), said, undo, also)


@deed("places.move_place", "move places")
def move_place(session: Session, place_id: int, parent_id: int | None, version: int) -> Changes:
    """Move a place with all that stands in it into another one."""
    hold_tree(session)
    place = _place(session, place_id)
    check_version(session, place, version, place.code, rules.FIELDS)
    parent = _parent(session, parent_id)
    if place.parent_id == parent_id:
        raise Refusal(f"{place.code} is there already.", "parent")
    if parent is not None:
        rules.check_no_cycle(place.code, place.path, parent.code, parent.path)
    rules.check_inside(place.code, place.place_kind, *_code_and_kind(parent))
    leave(session, place, place.place_kind, parent)
    before, old_path = place.parent_id, place.path
    place.parent_id = parent_id
    place.path = rules.path_of(place.id, parent.path if parent else "")
    session.flush()
    moved = move_paths(session, place, old_path)
    enter_below(session, place.path)
    undo = Deed(move_place, (place.id, before, place.version))
    said = f"{place.code} is now {'in ' + parent.code if parent else 'a site of its own'}."
    also = after.moved(session, PLACE, (place.id, *moved))
    return Changes(PLACE, (place.id, *moved), said, undo, also)


@deed("places.remove_place", "remove places", Role.SUPERVISOR)
def remove_place(session: Session, place_id: int, version: int) -> Changes:
    """Remove a place where nothing stands and nothing ever happened."""
    hold_tree(session)
    place = _place(session, place_id)
    check_version(session, place, version, place.code, rules.FIELDS)
    inside = session.scalar(select(func.count()).where(Place.parent_id == place.id)) or 0
    own = [holdings.in_words(inside, "place inside it", "places inside it")] if inside else []
    holdings.refuse_if_any(session, PLACE, select(Place.id).where(Place.id == place.id), place.code, own)
    also = after.removed(session, PLACE, [place.id])
    undo = Deed(put_back_place, (place.id, place_form(place), place.parent_id, place.version + 1))
    search.withdraw(session, PLACE, [place.id])
    session.delete(place)
    return Changes(PLACE, (place_id,), f"{place.code} was removed.", undo, also)


@deed("places.put_back_place", "put back places", Role.SUPERVISOR)
def put_back_place(session: Session, place_id: int, form: PlaceForm, parent_id: int | None, version: int) -> Changes:
    """Put back a place that was removed, under its old id, so that its tag and its history are its own again."""
    hold_tree(session)
    if session.get(Place, place_id) is not None:
        raise Refusal(f"{form.code} is there already.")
    neat = rules.tidy_place(form)
    place, also = _insert(session, Place(id=place_id), neat, parent_id)
    continue_version(session, place, version)
    undo = Deed(remove_place, (place.id, place.version))
    return Changes(PLACE, (place.id,), f"{place.code} was put back.", undo, also)


def hold_tree(session: Session) -> None:
    """Paths are reckoned from the parent's: deeds that change the tree come one after the other."""
    take_turn(session, "places.tree")


def place_form(place: Place) -> PlaceForm:
    """The record as a form holds it."""
    return PlaceForm(place.code, place.place_kind, place.name, place.area_m2, place.occupier_id)


def _insert(
    session: Session, place: Place, neat: PlaceForm, parent_id: int | None
) -> tuple[Place, dict[str, tuple[int, ...]]]:
    parent = _parent(session, parent_id)
    rules.check_inside(neat.code, neat.kind, *_code_and_kind(parent))
    _refuse_taken(session, neat.code, None)
    _check_occupier(session, neat.occupier_id)
    _fill(place, neat)
    place.parent_id, place.path = parent_id, ""
    session.add(place)
    session.flush()
    # The id is known only now; going past the ORM keeps this from counting as a second version.
    path = rules.path_of(place.id, parent.path if parent else "")
    session.execute(update(Place).where(Place.id == place.id).values(path=path))
    session.refresh(place, ["path"])
    enter_below(session, place.path)
    return place, after.added(session, PLACE, [place.id])


def _fill(place: Place, form: PlaceForm) -> None:
    place.code, place.place_kind, place.name = form.code, form.kind, form.name
    place.area_m2, place.occupier_id = form.area_m2, form.occupier_id


def move_paths(session: Session, place: Place, old_path: str) -> tuple[int, ...]:
    """Give everything below a moved place its new path; returns the ids."""
    below = (Place.path >= old_path, Place.path < rules.after_path(old_path))
    ids = tuple(session.scalars(select(Place.id).where(*below)))
    rest = func.substr(Place.path, len(old_path) + 1)
    change = update(Place).where(*below).values(path=place.path + rest)
    session.execute(change.execution_options(synchronize_session=False))
    session.expire_all()
    return ids


def _check_kind(session: Session, place: Place, neat: PlaceForm) -> None:
    parent = _parent(session, place.parent_id)
    rules.check_inside(neat.code, neat.kind, *_code_and_kind(parent))
    for child in session.execute(select(Place.code, Place.place_kind).where(Place.parent_id == place.id)):
        why = rules.why_not_inside(child.code, child.place_kind, neat.code, neat.kind)
        if why:
            raise Refusal(why, "kind")


def _place(session: Session, place_id: int) -> Place:
    place = session.get(Place, place_id)
    if place is None:
        raise Refusal("This place is no longer there.")
    return place


def _parent(session: Session, parent_id: int | None) -> Place | None:
    if parent_id is None:
        return None
    parent = session.get(Place, parent_id)
    if parent is None:
        raise Refusal("The place it should be in is no longer there. Choose another.", "parent")
    return parent


def _code_and_kind(parent: Place | None) -> tuple[str, str | None]:
    return (parent.code, parent.place_kind) if parent else ("", None)


def _refuse_taken(session: Session, code: str, but: int | None) -> None:
    taken = session.execute(select(Place.id, Place.name).where(Place.code == code)).one_or_none()
    if taken is not None and taken.id != but:
        name = "" if taken.name == code else f" ({taken.name})"
        raise Refusal(f"Another place{name} already has the code {code}.", "code")


def _check_occupier(session: Session, occupier_id: int | None) -> None:
    if occupier_id is not None and session.get(Entity, occupier_id) is None:
        raise Refusal("This entity is no longer there. Choose another.", "occupier_id")
