"""What the database itself refuses of loads: nothing goes on a trip that is over, and no loaded trip is cancelled.

The same rules in both engines' words; `db.triggers` installs them. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.raising import raised

_OVER = "NOT EXISTS (SELECT 1 FROM trip WHERE id = {row}.trip_id AND state IN ('planned', 'on_road'))"
_NEW_OVER, _OLD_OVER = _OVER.format(row="NEW"), _OVER.format(row="OLD")
_STANDS = ("id", "trip_id", "kind", "record_id", "number", "said", "at", '"by"', "workstation")
TRIP_LOADED = (
    "NEW.state = 'cancelled' AND OLD.state <> 'cancelled' "
    "AND EXISTS (SELECT 1 FROM trip_load AS l WHERE l.trip_id = NEW.id AND l.off_at IS NULL)"
)
"""Whether a trip is being cancelled that still carries something."""


def _changed(differs: str) -> str:
    return "OLD.off_at IS NOT NULL OR " + " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _STANDS)


# Name, table, deed, condition, word of refusal.
ON_FILE = (
    ("over", "trip_load", "INSERT", _NEW_OVER, "trip_load_trip_over"),
    ("fresh", "trip_load", "INSERT", "NEW.off_at IS NOT NULL", "trip_load_stands"),
    ("replace", "trip_load", "INSERT",
     "EXISTS (SELECT 1 FROM trip_load WHERE id = NEW.id OR (kind = NEW.kind AND record_id = NEW.record_id "
     "AND off_at IS NULL))", "uq_trip_load_once"),
    ("stands", "trip_load", "UPDATE", _changed("IS NOT"), "trip_load_stands"),
    ("off_over", "trip_load", "UPDATE", f"NEW.off_at IS NOT NULL AND {_OLD_OVER}", "trip_load_trip_over"),
    ("delete", "trip_load", "DELETE", "", "trip_load is append-only"),
    ("loaded", "trip", "UPDATE OF state", TRIP_LOADED, "trip_is_loaded"),
)  # fmt: skip

ON_SERVER = (("trip_load", "INSERT OR DELETE OR UPDATE"),)
FUNCTIONS = {
    # The trip's row is held: it cannot be cancelled or closed in the meantime.
    "refuse_trip_load": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('trip_load is append-only')} END IF; "
    "IF TG_OP = 'INSERT' THEN PERFORM 1 FROM trip WHERE id = NEW.trip_id FOR SHARE; "
    f"IF {_NEW_OVER} THEN {raised('trip_load_trip_over')} END IF; "
    f"IF NEW.off_at IS NOT NULL THEN {raised('trip_load_stands')} END IF; RETURN NEW; END IF; "
    f"IF {_changed('IS DISTINCT FROM')} THEN {raised('trip_load_stands')} END IF; "
    f"IF NEW.off_at IS NOT NULL AND {_OLD_OVER} THEN {raised('trip_load_trip_over')} END IF; RETURN NEW; END",
}
