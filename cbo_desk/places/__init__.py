"""The places desk: the tree of sites, buildings, floors, rooms and what they are divided into."""

from cbo_desk.places.commands import (
    PLACE,
    add_place,
    edit_place,
    move_place,
    put_back_place,
    remove_place,
)
from cbo_desk.places.figures import MapFigure, counts_by_place, crooked_paths
from cbo_desk.places.queries import (
    PlaceCard,
    PlaceList,
    PlaceName,
    PlaceNode,
    PlaceRow,
    open_branches,
    place_by_code,
    place_card,
    place_children,
    places_by_code,
    way_to,
    wheres,
)
from cbo_desk.places.rules import INSIDE, Kind, PlaceForm
from cbo_desk.places.suggestions import PlaceSuggestion, no_such_place, suggest_places

__all__ = [
    "INSIDE",
    "PLACE",
    "Kind",
    "MapFigure",
    "PlaceCard",
    "PlaceForm",
    "PlaceList",
    "PlaceName",
    "PlaceNode",
    "PlaceRow",
    "PlaceSuggestion",
    "add_place",
    "counts_by_place",
    "crooked_paths",
    "edit_place",
    "move_place",
    "no_such_place",
    "open_branches",
    "place_by_code",
    "place_card",
    "place_children",
    "places_by_code",
    "put_back_place",
    "remove_place",
    "suggest_places",
    "way_to",
    "wheres",
]
