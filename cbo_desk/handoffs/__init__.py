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
from cbo_desk.handoffs.papers import day_sheets_with_mail, ticket_with_mail

__all__ = [
    "LOAD",
    "Load",
    "TripToLoad",
    "day_sheets_with_mail",
    "give_bag",
    "give_manifest",
    "load_of",
    "loads_of",
    "move_load",
    "put_round",
    "take_round_off",
    "ticket_with_mail",
    "trips_to_load",
]
