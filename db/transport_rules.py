"""What the database itself refuses of transport: no vehicle and no driver in two trips at once, nothing run out.

The same rules in both engines' words; `db.triggers` installs them, and the name of a rule is what it refuses with.
Times are half-open, so one trip may start at the instant at which another ends. PostgreSQL refuses overlaps by
exclusion constraints and locks what a rule looks at; SQLite refuses them by triggers and has one writer at a time.
"""

from __future__ import annotations

from db.fleet import NEEDED, PAPERS_OF_DRIVERS, PAPERS_OF_VEHICLES
from db.raising import raised
from db.trip_load_rules import TRIP_LOADED

FACTS = {
    "trip_event": "id",
    "request_decision": "id",
    "odometer_reading": "id",
    "fuel_fill": "id",
    "vehicle_service": "id",
}
"""Tables whose rows are added and never changed or taken away, with their keys."""

TAKEN = ("vehicle", "driver")
_PAPERS = {"vehicle": PAPERS_OF_VEHICLES, "driver": PAPERS_OF_DRIVERS}
# The site is three hours before UTC all year round.
_FILE = {"day": "date({0}, '+3 hours')", "last_day": "date({0}, '+3 hours', '-1 minutes')"}
_SERVER = {
    "day": "({0} AT TIME ZONE 'Africa/Nairobi')::date",
    "last_day": "(({0} - interval '1 minute') AT TIME ZONE 'Africa/Nairobi')::date",
}


def _overlap(what: str) -> str:
    """Whether another trip has the same vehicle or driver at the same time."""
    return (
        f"NEW.state <> 'cancelled' AND EXISTS (SELECT 1 FROM trip AS o WHERE o.{what}_id = NEW.{what}_id "
        "AND o.ends > NEW.starts AND o.starts < NEW.ends AND o.state <> 'cancelled' AND o.id <> NEW.id)"
    )


def _unpapered(what: str, time: dict[str, str]) -> str:
    """Whether a paper that is needed is missing on a day of the trip, or another that was handed in has run out."""
    first, last = time["day"].format("NEW.starts"), time["last_day"].format("NEW.ends")
    of = f"SELECT 1 FROM transport_paper AS p WHERE p.{what}_id = NEW.{what}_id AND NOT p.void AND p.kind = '{{0}}'"
    parts = []
    for kind in _PAPERS[what]:
        valid = f"NOT EXISTS ({of.format(kind)} AND p.valid_from <= {first} AND p.expires >= {last})"
        begun = f"EXISTS ({of.format(kind)} AND p.valid_from <= {first})"
        parts.append(valid if kind in NEEDED[what] else f"({begun} AND {valid})")
    return f"NEW.state IN ('planned', 'on_road') AND ({' OR '.join(parts)})"


def _gone(what: str) -> str:
    return (
        f"NEW.state IN ('planned', 'on_road') AND EXISTS (SELECT 1 FROM {what} AS g WHERE g.id = NEW.{what}_id "
        "AND g.gone_at IS NOT NULL)"
    )


# Classes are words with spaces between: the vehicle's own is one of them.
_UNLICENSED = (
    "NEW.state IN ('planned', 'on_road') AND EXISTS (SELECT 1 FROM vehicle AS v, driver AS d "
    "WHERE v.id = NEW.vehicle_id AND d.id = NEW.driver_id AND v.licence <> '' "
    "AND replace(' ' || d.classes || ' ', ' ' || v.licence || ' ', '') = ' ' || d.classes || ' ')"
)
_MOVED = "(NEW.vehicle_id <> OLD.vehicle_id OR NEW.driver_id <> OLD.driver_id OR NEW.starts <> OLD.starts)"
_REPLACED = f"({_MOVED} OR NEW.ends > OLD.ends OR OLD.state IN ('done', 'cancelled'))"
_DONE_STAYS = f"OLD.state = 'done' AND {_MOVED}"
_RENUMBERED = "NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR NEW.made_at <> OLD.made_at"
_CARRIES = "NEW.state = 'cancelled' AND EXISTS (SELECT 1 FROM trip_request AS r WHERE r.trip_id = NEW.id)"
_TOO_SMALL = (
    "EXISTS (SELECT 1 FROM trip_request AS r JOIN vehicle AS v ON v.id = NEW.vehicle_id WHERE r.trip_id = NEW.id "
    "AND (r.people > v.seats OR r.wheelchairs > v.wheelchairs))"
)
_OVER_SEATS = (
    "EXISTS (SELECT 1 FROM trip AS t JOIN vehicle AS v ON v.id = t.vehicle_id WHERE t.id = NEW.trip_id "
    "AND (NEW.people > v.seats OR NEW.wheelchairs > v.wheelchairs))"
)
_TRIP_CANCELLED = "EXISTS (SELECT 1 FROM trip AS t WHERE t.id = NEW.trip_id AND t.state = 'cancelled')"
_STRANGER = "NOT EXISTS (SELECT 1 FROM trip_request AS r WHERE r.id = NEW.request_id AND r.trip_id = NEW.trip_id)"
_BEFORE = (
    "(SELECT o.km FROM odometer_reading AS o WHERE o.vehicle_id = NEW.vehicle_id AND o.at <= NEW.at "
    "ORDER BY o.at DESC, o.id DESC LIMIT 1)"
)
_AFTER = (
    "(SELECT o.km FROM odometer_reading AS o WHERE o.vehicle_id = NEW.vehicle_id AND o.at > NEW.at "
    "AND o.explained = '' ORDER BY o.at, o.id LIMIT 1)"
)
_BACKWARDS = f"NEW.explained = '' AND (NEW.km < {_BEFORE} OR NEW.km > {_AFTER})"
_NO_SEAT = "NEW.seat > (SELECT s.seats FROM shuttle AS s WHERE s.id = NEW.shuttle_id)"
_SEATED = "EXISTS (SELECT 1 FROM shuttle_seat AS k WHERE k.shuttle_id = NEW.id AND k.seat > NEW.seats)"

# --- SQLite: name, table, deed, condition, word of refusal; each before the deed.
ON_FILE = (
    *((f"overlap_{what}_{deed.lower()}", "trip", deed, _overlap(what), f"ex_trip_{what}_no_overlap")
      for what in TAKEN for deed in ("INSERT", "UPDATE")),
    *((f"paper_{what}_insert", "trip", "INSERT", _unpapered(what, _FILE), f"trip_{what}_paper") for what in TAKEN),
    *((f"paper_{what}_update", "trip", "UPDATE", f"{_REPLACED} AND {_unpapered(what, _FILE)}", f"trip_{what}_paper")
      for what in TAKEN),
    *((f"gone_{what}_insert", "trip", "INSERT", _gone(what), f"trip_{what}_gone") for what in TAKEN),
    *((f"gone_{what}_update", "trip", "UPDATE", f"{_REPLACED} AND {_gone(what)}", f"trip_{what}_gone")
      for what in TAKEN),
    ("licence_insert", "trip", "INSERT", _UNLICENSED, "trip_driver_licence"),
    ("licence_update", "trip", "UPDATE", f"{_REPLACED} AND {_UNLICENSED}", "trip_driver_licence"),
    ("done", "trip", "UPDATE", _DONE_STAYS, "trip_done_stays"),
    ("renumber", "trip", "UPDATE", _RENUMBERED, "trip_renumbered"),
    ("carries", "trip", "UPDATE", _CARRIES, "trip_carries_requests"),
    ("small", "trip", "UPDATE OF vehicle_id", _TOO_SMALL, "trip_over_seats"),
    ("replace", "trip", "INSERT", "EXISTS (SELECT 1 FROM trip WHERE id = NEW.id OR reference = NEW.reference)",
     "uq_trip_reference"),
    ("delete", "trip", "DELETE", "", "trip is append-only"),
    *((f"seats_{deed.lower()}", "trip_request", deed, _OVER_SEATS, "trip_over_seats")
      for deed in ("INSERT", "UPDATE")),
    *((f"cancelled_{deed.lower()}", "trip_request", deed, _TRIP_CANCELLED, "trip_request_trip_cancelled")
      for deed in ("INSERT", "UPDATE")),
    ("renumber", "trip_request", "UPDATE", _RENUMBERED, "trip_request_renumbered"),
    ("replace", "trip_request", "INSERT",
     "EXISTS (SELECT 1 FROM trip_request WHERE id = NEW.id OR reference = NEW.reference OR outward_id = NEW.outward_id "
     "OR (shuttle_id = NEW.shuttle_id AND service_day = NEW.service_day))", "uq_trip_request_reference"),
    ("delete", "trip_request", "DELETE", "", "trip_request is append-only"),
    *((f"stranger_{deed.lower()}", "trip_stop", deed, _STRANGER, "trip_stop_of_request")
      for deed in ("INSERT", "UPDATE")),
    ("backwards", "odometer_reading", "INSERT", _BACKWARDS, "odometer_backwards"),
    *((f"full_{deed.lower()}", "shuttle_seat", deed, _NO_SEAT, "shuttle_full") for deed in ("INSERT", "UPDATE")),
    ("seated", "shuttle", "UPDATE OF seats", _SEATED, "shuttle_seats_given"),
)  # fmt: skip

# --- PostgreSQL.
ON_SERVER = (
    ("trip", "INSERT OR DELETE OR UPDATE"),
    ("trip_request", "INSERT OR DELETE OR UPDATE"),
    ("trip_stop", "INSERT OR UPDATE"),
    ("odometer_reading", "INSERT"),
    ("shuttle_seat", "INSERT OR UPDATE"),
    ("shuttle", "UPDATE"),
)
EXCLUSIONS = {
    f"ex_trip_{what}_no_overlap": (
        "trip",
        f"EXCLUDE USING gist ({what}_id WITH =, tstzrange(starts, ends, '[)'::text) WITH &&) "
        "WHERE (((state)::text <> 'cancelled'::text))",
    )
    for what in TAKEN
}
"""PostgreSQL's own word against overlaps: name, table, definition as the server tells it back."""

# The numbers of the locks on vehicles, drivers and odometers. Exclusion constraints alone would let two writers wait
# for each other.
_LOCKS = {"vehicle": 7303, "driver": 7304, "odometer": 7305}


def _refuse(condition: str, word: str) -> str:
    return f"IF {condition} THEN {raised(word)} END IF; "


def _lock(what: str, ident: str) -> str:
    return f"PERFORM pg_advisory_xact_lock({_LOCKS[what]}, {ident}); "


def _barred(before: str) -> str:
    """What keeps a vehicle and a driver out of a trip, as PL/pgSQL; `before` narrows when it is asked."""
    return "".join(
        _refuse(f"{before}{_unpapered(what, _SERVER)}", f"trip_{what}_paper")
        + _refuse(f"{before}{_gone(what)}", f"trip_{what}_gone")
        for what in TAKEN
    ) + _refuse(f"{before}{_UNLICENSED}", "trip_driver_licence")


FUNCTIONS = {
    "refuse_trip": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('trip is append-only')} END IF; "
    + "".join(_lock(what, f"NEW.{what}_id") for what in TAKEN)
    + f"IF TG_OP = 'INSERT' THEN {_barred('')}RETURN NEW; END IF; "
    + _refuse(_RENUMBERED, "trip_renumbered")
    + _refuse(_DONE_STAYS, "trip_done_stays")
    + _refuse(_CARRIES, "trip_carries_requests")
    + _refuse(TRIP_LOADED, "trip_is_loaded")
    + _refuse(f"NEW.vehicle_id <> OLD.vehicle_id AND {_TOO_SMALL}", "trip_over_seats")
    + _barred(f"{_REPLACED} AND ")
    + "RETURN NEW; END",
    # The trip's row is held: its vehicle cannot be changed for a smaller one in the meantime.
    "refuse_trip_request": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('trip_request is append-only')} END IF; "
    f"IF TG_OP = 'UPDATE' THEN {_refuse(_RENUMBERED, 'trip_request_renumbered')}END IF; "
    "IF NEW.trip_id IS NOT NULL THEN PERFORM 1 FROM trip WHERE id = NEW.trip_id FOR SHARE; "
    f"{_refuse(_OVER_SEATS, 'trip_over_seats')}{_refuse(_TRIP_CANCELLED, 'trip_request_trip_cancelled')}END IF; "
    "RETURN NEW; END",
    "refuse_trip_stop": f"BEGIN {_refuse(_STRANGER, 'trip_stop_of_request')}RETURN NEW; END",
    "refuse_odometer_reading": f"BEGIN {_lock('odometer', 'NEW.vehicle_id')}"
    f"{_refuse(_BACKWARDS, 'odometer_backwards')}RETURN NEW; END",
    "refuse_shuttle_seat": "BEGIN PERFORM 1 FROM shuttle WHERE id = NEW.shuttle_id FOR SHARE; "
    f"{_refuse(_NO_SEAT, 'shuttle_full')}RETURN NEW; END",
    "refuse_shuttle": f"BEGIN {_refuse(_SEATED, 'shuttle_seats_given')}RETURN NEW; END",
}
