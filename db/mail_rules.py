"""What the database itself refuses of mail: events are facts, an item stands where they say, a closed round is shut.

The same rules in both engines' words; `db.triggers` installs them. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.raising import raised

FACTS = {"mail_event": "id", "mail_proof": "id"}
"""Tables whose rows are added and never changed or taken away, with their keys."""

_STANDS = "SELECT state FROM mail_item WHERE id = NEW.item_id"
_SIGNED = (
    "NEW.what = 'deliver' AND NEW.proof_id IS NULL AND "
    "EXISTS (SELECT 1 FROM mail_item WHERE id = NEW.item_id AND accountable)"
)
_SHUT = (
    "(NEW.round_id IS NOT NULL AND EXISTS (SELECT 1 FROM mail_round WHERE id = NEW.round_id AND closed_at IS NOT NULL))"
)
# Taken back is the item's last event, as long as it gave nothing into another's hands for good.
_TAKEN_BACK = (
    "NEW.what = 'take_back' AND NOT EXISTS (SELECT 1 FROM mail_event AS last JOIN mail_item AS item "
    "ON item.last_event_id = last.id WHERE item.id = NEW.item_id AND last.id = NEW.undoes_id "
    "AND last.what NOT IN ('receive', 'deliver', 'override', 'take_back') AND last.before = NEW.state)"
)
_SAME = (
    "e.id = NEW.last_event_id AND e.item_id = NEW.id AND e.state = NEW.state AND e.at = NEW.state_since "
    "AND e.shelf_id IS {not_}DISTINCT FROM NEW.shelf_id AND e.shelf_code = NEW.shelf_code "
    "AND e.to_hand = NEW.holder AND e.round_id IS {not_}DISTINCT FROM NEW.round_id"
)
_DIFFERS = (
    f"NOT EXISTS (SELECT 1 FROM mail_event AS e WHERE {_SAME.format(not_='NOT ')}) "
    "OR EXISTS (SELECT 1 FROM mail_event AS e WHERE e.item_id = NEW.id AND e.id > NEW.last_event_id)"
)
_STANDING = "state, state_since, shelf_id, shelf_code, holder, round_id, last_event_id"
_FOLLOW = (
    "UPDATE mail_item SET state = NEW.state, state_since = NEW.at, shelf_id = NEW.shelf_id, "
    "shelf_code = NEW.shelf_code, holder = NEW.to_hand, round_id = NEW.round_id, last_event_id = NEW.id "
    "WHERE id = NEW.item_id"
)
_FRESH = (
    "NEW.state <> 'new' OR NEW.state_since IS NOT NULL OR NEW.shelf_id IS NOT NULL OR NEW.holder <> '' "
    "OR NEW.round_id IS NOT NULL OR NEW.last_event_id IS NOT NULL"
)
_ABOARD = "EXISTS (SELECT 1 FROM mail_item WHERE round_id = NEW.id)"

# Name, table, deed, condition, word of refusal.
ON_FILE = (
    ("stands", "mail_event", "INSERT", f"NEW.before IS NOT ({_STANDS})", "mail_item_stands_otherwise"),
    ("signed", "mail_event", "INSERT", _SIGNED, "mail_signature_needed"),
    ("shut", "mail_event", "INSERT", _SHUT, "mail_round_closed"),
    ("back", "mail_event", "INSERT", _TAKEN_BACK, "mail_event_taken_back"),
    ("fresh", "mail_item", "INSERT", _FRESH, "mail_item_follows_events"),
    ("replace", "mail_item", "INSERT",
     "EXISTS (SELECT 1 FROM mail_item WHERE id = NEW.id OR number = NEW.number)", "uq_mail_item_number"),
    ("rewrite", "mail_item", f"UPDATE OF {_STANDING}", _DIFFERS, "mail_item_follows_events"),
    ("renumber", "mail_item", "UPDATE OF id, number, received_at",
     "NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.received_at <> OLD.received_at", "mail_item_follows_events"),
    ("delete", "mail_item", "DELETE", "", "mail_item is append-only"),
    ("change", "mail_round", "UPDATE", "OLD.closed_at IS NOT NULL", "mail_round_closed"),
    ("close", "mail_round", "UPDATE", f"NEW.closed_at IS NOT NULL AND {_ABOARD}", "mail_round_aboard"),
    ("replace", "mail_round", "INSERT",
     "EXISTS (SELECT 1 FROM mail_round WHERE id = NEW.id OR number = NEW.number)", "uq_mail_round_number"),
    ("delete", "mail_round", "DELETE", "OLD.closed_at IS NOT NULL", "mail_round_closed"),
)  # fmt: skip
FOLLOW_ON_FILE = f"CREATE TRIGGER tr_mail_event_moves AFTER INSERT ON mail_event BEGIN {_FOLLOW}; END"

ON_SERVER = (
    ("mail_event", "INSERT"),
    ("mail_item", "INSERT OR DELETE OR UPDATE"),
    ("mail_round", "DELETE OR UPDATE"),
)
FOLLOW_ON_SERVER = (
    "CREATE TRIGGER tr_mail_event_moves AFTER INSERT ON mail_event FOR EACH ROW EXECUTE FUNCTION move_mail_item()"
)


FUNCTIONS = {
    # The item's row is locked first: two workstations cannot both move it from where it stood.
    "refuse_mail_event": "DECLARE stood text; shut timestamptz; BEGIN "
    f"{_STANDS.replace('SELECT state', 'SELECT state INTO stood')} FOR UPDATE; "
    f"IF NEW.before IS DISTINCT FROM stood THEN {raised('mail_item_stands_otherwise')} END IF; "
    f"IF {_SIGNED} THEN {raised('mail_signature_needed')} END IF; "
    "IF NEW.round_id IS NOT NULL THEN SELECT closed_at INTO shut FROM mail_round WHERE id = NEW.round_id FOR SHARE; "
    f"IF shut IS NOT NULL THEN {raised('mail_round_closed')} END IF; END IF; "
    f"IF {_TAKEN_BACK} THEN {raised('mail_event_taken_back')} END IF; RETURN NEW; END",
    "move_mail_item": f"BEGIN {_FOLLOW}; RETURN NULL; END",
    "refuse_mail_item": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('mail_item is append-only')} END IF; "
    f"IF TG_OP = 'INSERT' THEN IF {_FRESH} THEN {raised('mail_item_follows_events')} END IF; RETURN NEW; END IF; "
    "IF NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.received_at <> OLD.received_at OR "
    f"((NEW.state, NEW.state_since, NEW.shelf_id, NEW.shelf_code, NEW.holder, NEW.round_id, NEW.last_event_id) "
    "IS DISTINCT FROM "
    "(OLD.state, OLD.state_since, OLD.shelf_id, OLD.shelf_code, OLD.holder, OLD.round_id, OLD.last_event_id) "
    f"AND ({_DIFFERS})) THEN {raised('mail_item_follows_events')} END IF; RETURN NEW; END",
    "refuse_mail_round": f"BEGIN IF OLD.closed_at IS NOT NULL THEN {raised('mail_round_closed')} END IF; "
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
    f"IF NEW.closed_at IS NOT NULL AND {_ABOARD} THEN {raised('mail_round_aboard')} END IF; RETURN NEW; END",
}
