"""What the database does and refuses of maintenance, on both engines: words and conditions for `db.triggers`.

A repair is opened when an asset goes under repair and ended when it leaves that state, whatever changes it: a deed, an
import, an undo. Where an undo puts the state back to before the repair began, nothing was repaired: a repair of which
nothing was noted goes with it. Taking "back in service" back opens the same repair again.
"""

from __future__ import annotations

_DONE = (
    "id", "plan_id", "asset_id", "done_on", "due_before", "supplier", "cost_cents", "currency", "note", "at", '"by"',
)  # fmt: skip


def _altered(differs: str) -> str:
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _DONE)
    return f"{changed} OR (OLD.taken_back AND NOT NEW.taken_back)"


ON_FILE = (
    ("replace", "service_done", "INSERT", "EXISTS (SELECT 1 FROM service_done WHERE id = NEW.id)",
     "service_done is append-only"),
    ("delete", "service_done", "DELETE", "", "service_done is append-only"),
    ("frozen", "service_done", "UPDATE", _altered("IS NOT"), "service_done_frozen"),
)  # fmt: skip
ON_SERVER = (("service_done", "DELETE OR UPDATE"),)

_NEWEST = "(SELECT max(id) FROM asset_repair WHERE asset_id = NEW.id)"
_OPEN = (
    "UPDATE asset_repair SET ended_on = NULL, version = version + 1 WHERE asset_id = NEW.id "
    f"AND ended_on IS NOT NULL AND began_on = NEW.state_since AND id = {_NEWEST}; "
    "INSERT INTO asset_repair (asset_id, began_on) SELECT NEW.id, coalesce(NEW.state_since, CURRENT_DATE) "
    "WHERE NOT EXISTS (SELECT 1 FROM asset_repair WHERE asset_id = NEW.id AND ended_on IS NULL);"
)
_END = (
    "DELETE FROM asset_repair WHERE asset_id = NEW.id AND ended_on IS NULL AND NEW.state_since < began_on "
    "AND supplier = '' AND cost_cents = 0 AND note = ''; "
    "UPDATE asset_repair SET ended_on = CASE WHEN NEW.state_since > began_on THEN NEW.state_since ELSE began_on END, "
    "version = version + 1 WHERE asset_id = NEW.id AND ended_on IS NULL;"
)
FOLLOW_ON_FILE = (
    ("tr_asset_repair_begins",
     "CREATE TRIGGER tr_asset_repair_begins AFTER UPDATE OF state ON asset "
     f"WHEN NEW.state = 'under_repair' AND OLD.state <> 'under_repair' BEGIN {_OPEN} END"),
    ("tr_asset_repair_entered",
     f"CREATE TRIGGER tr_asset_repair_entered AFTER INSERT ON asset WHEN NEW.state = 'under_repair' BEGIN {_OPEN} END"),
    ("tr_asset_repair_ends",
     "CREATE TRIGGER tr_asset_repair_ends AFTER UPDATE OF state ON asset "
     f"WHEN OLD.state = 'under_repair' AND NEW.state <> 'under_repair' BEGIN {_END} END"),
)  # fmt: skip
FOLLOW_ON_SERVER = (
    ("tr_asset_repair_entered",
     "CREATE TRIGGER tr_asset_repair_entered AFTER INSERT ON asset FOR EACH ROW "
     "WHEN (new.state::text = 'under_repair'::text) EXECUTE FUNCTION follow_repair()"),
    ("tr_asset_repair_follows",
     "CREATE TRIGGER tr_asset_repair_follows AFTER UPDATE OF state ON asset FOR EACH ROW "
     "WHEN (old.state::text <> new.state::text) EXECUTE FUNCTION follow_repair()"),
)  # fmt: skip

FUNCTIONS = {
    "refuse_service_done": "BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'service_done is append-only' "
    f"USING ERRCODE = 'integrity_constraint_violation'; END IF; IF {_altered('IS DISTINCT FROM')} "
    "THEN RAISE EXCEPTION 'service_done_frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    "RETURN NEW; END",
    "follow_repair": f"BEGIN IF NEW.state = 'under_repair' THEN {_OPEN} "
    f"ELSIF OLD.state = 'under_repair' THEN {_END} END IF; RETURN NULL; END",
}
