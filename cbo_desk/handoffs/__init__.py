"""Work that spans two desks, each in one transaction: mail on a vehicle."""

from cbo_desk.handoffs.loads import (
    LOAD,
    Load,
    TripToLoad,
    give_bag,
    give_manifest,
    load_of,
    loads_of,
    move_load,
    put_round,
    take_round_off,
    trips_to_load,
)

__all__ = [
    "LOAD",
    "Load",
    "TripToLoad",
    "give_bag",
    "give_manifest",
    "load_of",
    "loads_of",
    "move_load",
    "put_round",
    "take_round_off",
    "trips_to_load",
]
