"""A space written anew: its name, its door, what is built in. Its code stays, since door tags carry it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cbo_desk import search
from cbo_desk.changes import Changes, Deed
from cbo_desk.conference.spaces import SPACE, put_door, words_apart
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.versions import check_version, continue_version
from db.conference import ConferenceSpace, SpaceDoor

LABELS = {"name": "the name", "booths": "the fixed booths", "features": "the features", "equipment": "the equipment"}
MOST_BOOTHS = 50


@deed("conference.edit_space", "set up conference spaces", Role.SUPERVISOR)
def edit_space(
    session: Session, space_id: int, version: int, name: str, booths: int, features: str, equipment: str = "",
    place_id: int | None = None,
) -> Changes:  # fmt: skip
    """Write a space anew; `version` is the one the form was filled from, `features` are words between blanks.

    `equipment` is what is built in, between commas; `place_id` is where its door is.
    """
    space = session.get(ConferenceSpace, space_id)
    if space is None:
        raise Refusal("This space is no longer there.")
    check_version(session, space, version, space.code, LABELS)
    if not name.strip():
        raise Refusal("Give the space a name.", "name")
    if not 0 <= booths <= MOST_BOOTHS:
        raise Refusal(f"A space has no booths, or up to {MOST_BOOTHS}.", "booths")
    door = session.get(SpaceDoor, space_id)
    before = (space.name, space.booths, space.features, space.equipment, door.place_id if door is not None else None)
    space.name, space.booths = " ".join(name.split()), booths
    space.features = " ".join(sorted(set(features.replace(",", " ").split())))
    space.equipment = words_apart(equipment)
    put_door(session, space, place_id)
    session.flush()
    if space.version == version:
        continue_version(session, space, version + 1)  # a door in the same building is in a row of its own
    if space.gone_at is None:
        search.enter(session, [search.Findable(SPACE, space.id, space.code, space.name)])
    undo = Deed(edit_space, (space_id, space.version, *before))
    return Changes(SPACE, (space_id,), f"{space.code} saved.", undo)
