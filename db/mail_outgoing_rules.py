"""What the database itself refuses of outgoing mail: events are facts, and a closed manifest stands as it is.

The same rules in both engines' words; `db.triggers` installs them. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.raising import raised

FACTS = {"mail_outgoing_event": "id"}
"""Tables whose rows are added and never changed or taken away, with their keys."""

_STANDS = "SELECT state FROM mail_outgoing WHERE id = NEW.item_id"
_LISTED = "EXISTS (SELECT 1 FROM mail_manifest_line WHERE outgoing_id = NEW.item_id AND manifest_id = NEW.manifest_id)"
_PACKED = "EXISTS (SELECT 1 FROM mail_bag_line WHERE outgoing_id = NEW.item_id AND bag_id = NEW.bag_id)"
_OWN_MANIFEST = (
    "(SELECT m.closed_at FROM mail_manifest AS m JOIN mail_outgoing AS o ON o.manifest_id = m.id "
    "WHERE o.id = NEW.item_id)"
)
_OWN_BAG = "FROM mail_bag AS b JOIN mail_outgoing AS o ON o.bag_id = b.id WHERE o.id = NEW.item_id)"


def _event(differs: str) -> tuple[tuple[str, str, str], ...]:
    """Condition and word of what an event may not do."""
    return (
        ("stands", f"NEW.before {differs} ({_STANDS})", "mail_item_stands_otherwise"),
        ("listed", f"NEW.what = 'list' AND NOT {_LISTED}", "mail_outgoing_not_listed"),
        ("packed", f"NEW.what = 'pack' AND NOT {_PACKED}", "mail_outgoing_not_packed"),
        ("unlist", f"NEW.what = 'unlist' AND {_OWN_MANIFEST} IS NOT NULL", "mail_manifest_closed"),
        (
            "collect",
            "NEW.what = 'collect' AND NOT EXISTS (SELECT 1 FROM mail_manifest WHERE id = NEW.manifest_id "
            f"AND collected_at IS NOT NULL AND proof_id = NEW.proof_id AND {_LISTED})",
            "mail_manifest_not_collected",
        ),
        ("unpack", f"NEW.what = 'unpack' AND (SELECT b.certified_at {_OWN_BAG} IS NOT NULL", "mail_bag_certified"),
        (
            "dispatch",
            f"NEW.what = 'dispatch' AND ((SELECT b.dispatched_at {_OWN_BAG} IS NULL OR NOT {_PACKED})",
            "mail_bag_not_dispatched",
        ),
        (
            "deliver",
            f"NEW.what = 'deliver' AND ((SELECT b.confirmed_at {_OWN_BAG} IS NULL OR NOT {_PACKED})",
            "mail_bag_not_confirmed",
        ),
    )


_SAME = (
    "e.id = NEW.last_event_id AND e.item_id = NEW.id AND e.state = NEW.state AND e.at = NEW.state_since "
    "AND e.to_hand = NEW.holder AND e.manifest_id IS {not_}DISTINCT FROM NEW.manifest_id "
    "AND e.bag_id IS {not_}DISTINCT FROM NEW.bag_id"
)
_DIFFERS = (
    f"NOT EXISTS (SELECT 1 FROM mail_outgoing_event AS e WHERE {_SAME.format(not_='NOT ')}) "
    "OR EXISTS (SELECT 1 FROM mail_outgoing_event AS e WHERE e.item_id = NEW.id AND e.id > NEW.last_event_id)"
)
_STANDING = ("state", "state_since", "holder", "manifest_id", "bag_id", "last_event_id")
_FOLLOW = (
    "UPDATE mail_outgoing SET state = NEW.state, state_since = NEW.at, holder = NEW.to_hand, "
    "manifest_id = NEW.manifest_id, bag_id = NEW.bag_id, last_event_id = NEW.id WHERE id = NEW.item_id"
)
_FRESH = (
    "NEW.state <> 'new' OR NEW.state_since IS NOT NULL OR NEW.holder <> '' OR NEW.manifest_id IS NOT NULL "
    "OR NEW.bag_id IS NOT NULL OR NEW.last_event_id IS NOT NULL"
)
# What is on a manifest or in a bag is written there by value: it can no longer become something else.
_FACTS = (
    "id", "number", "handed_in_at", "way", "entity_id", "item_class", "secret_recipient", "country", "zone",
    "secret_contents", "weight_g", "declared_cents", "carrier_id", "rate_id", "price_cents", "currency",
)  # fmt: skip


def _any(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _frozen(differs: str) -> str:
    return f"OLD.state NOT IN ('new', 'handed_in') AND ({_any(_FACTS, differs)})"


_MANIFEST_STANDS = ("id", "number", "carrier_id", "carrier", "pickup_at", "made_at", "closed_at", "closed_by")
_NO_LINES = "NOT EXISTS (SELECT 1 FROM mail_manifest_line WHERE manifest_id = NEW.id)"


def _manifest(differs: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (
            "change",
            f"OLD.closed_at IS NOT NULL AND (OLD.collected_at IS NOT NULL OR {_any(_MANIFEST_STANDS, differs)})",
            "mail_manifest_closed",
        ),
        ("renumber", _any(("id", "number", "carrier_id", "carrier", "made_at"), differs), "mail_manifest_renumbered"),
        ("empty", f"NEW.closed_at IS NOT NULL AND {_NO_LINES}", "mail_manifest_empty"),
        (
            "unsigned",
            "NEW.proof_id IS NOT NULL AND (SELECT how FROM mail_proof WHERE id = NEW.proof_id) = 'name'",
            "ck_mail_manifest_collected_by_signature",
        ),
    )


_SHUT = "(SELECT closed_at FROM mail_manifest WHERE id = {row}.manifest_id) IS NOT NULL"
_NEW_LINE = (
    ("closed", _SHUT.format(row="NEW"), "mail_manifest_closed"),
    (
        "fits",
        "NOT EXISTS (SELECT 1 FROM mail_outgoing AS o JOIN mail_manifest AS m ON m.carrier_id = o.carrier_id "
        "WHERE o.id = NEW.outgoing_id AND m.id = NEW.manifest_id AND o.state = 'handed_in' "
        "AND o.weight_g = NEW.weight_g AND o.price_cents = NEW.price_cents AND o.currency = NEW.currency)",
        "mail_manifest_other_carrier",
    ),
)
_OLD_LINE = (
    ("closed", _SHUT.format(row="OLD"), "mail_manifest_closed"),
    (
        "listed",
        "(SELECT state FROM mail_outgoing WHERE id = OLD.outgoing_id) IN ('manifested', 'collected')",
        "mail_manifest_line_listed",
    ),
)

# A price that mail went out at stands: its charges name it.
_PRICE = (
    "id", "carrier_id", "item_class", "zone", "up_to_g", "valid_from", "price_cents", "currency",
    "insured_up_to_cents", "insurance_bp",
)  # fmt: skip
_USED = "EXISTS (SELECT 1 FROM mail_outgoing WHERE rate_id = OLD.id)"

# Name, table, deed, condition, word of refusal.
ON_FILE = (
    *((name, "mail_outgoing_event", "INSERT", when, word) for name, when, word in _event("IS NOT")),
    ("fresh", "mail_outgoing", "INSERT", _FRESH, "mail_item_follows_events"),
    ("replace", "mail_outgoing", "INSERT",
     "EXISTS (SELECT 1 FROM mail_outgoing WHERE id = NEW.id OR number = NEW.number)", "uq_mail_outgoing_number"),
    ("rewrite", "mail_outgoing", f"UPDATE OF {', '.join(_STANDING)}", _DIFFERS, "mail_item_follows_events"),
    ("renumber", "mail_outgoing", "UPDATE OF id, number, handed_in_at",
     "NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.handed_in_at <> OLD.handed_in_at",
     "mail_item_follows_events"),
    ("facts", "mail_outgoing", "UPDATE", _frozen("IS NOT"), "mail_outgoing_frozen"),
    ("delete", "mail_outgoing", "DELETE", "", "mail_outgoing is append-only"),
    ("used", "mail_rate", "UPDATE", f"({_any(_PRICE, 'IS NOT')}) AND {_USED}", "mail_rate_used"),
    ("open", "mail_manifest", "INSERT", "NEW.closed_at IS NOT NULL", "mail_manifest_empty"),
    ("replace", "mail_manifest", "INSERT",
     "EXISTS (SELECT 1 FROM mail_manifest WHERE id = NEW.id OR number = NEW.number)", "uq_mail_manifest_number"),
    *((name, "mail_manifest", "UPDATE", when, word) for name, when, word in _manifest("IS NOT")),
    ("delete", "mail_manifest", "DELETE",
     "OLD.closed_at IS NOT NULL OR EXISTS (SELECT 1 FROM mail_manifest_line WHERE manifest_id = OLD.id)",
     "mail_manifest_closed"),
    ("replace", "mail_manifest_line", "INSERT",
     "EXISTS (SELECT 1 FROM mail_manifest_line WHERE outgoing_id = NEW.outgoing_id)", "pk_mail_manifest_line"),
    *((name, "mail_manifest_line", "INSERT", when, word) for name, when, word in _NEW_LINE),
    ("change", "mail_manifest_line", "UPDATE", "", "mail_manifest_line_stands"),
    *((f"delete_{name}", "mail_manifest_line", "DELETE", when, word) for name, when, word in _OLD_LINE),
)  # fmt: skip
FOLLOW_ON_FILE = f"CREATE TRIGGER tr_mail_outgoing_event_moves AFTER INSERT ON mail_outgoing_event BEGIN {_FOLLOW}; END"

ON_SERVER = (
    ("mail_outgoing_event", "INSERT"),
    ("mail_outgoing", "INSERT OR DELETE OR UPDATE"),
    ("mail_rate", "UPDATE"),
    ("mail_manifest", "INSERT OR DELETE OR UPDATE"),
    ("mail_manifest_line", "INSERT OR DELETE OR UPDATE"),
)
FOLLOW_ON_SERVER = (
    "CREATE TRIGGER tr_mail_outgoing_event_moves AFTER INSERT ON mail_outgoing_event "
    "FOR EACH ROW EXECUTE FUNCTION move_mail_outgoing()"
)


def _asked(rules: tuple[tuple[str, str, str], ...]) -> str:
    return "".join(f"IF {when} THEN {raised(word)} END IF; " for _name, when, word in rules)


_NOW = "(" + ", ".join(f"NEW.{name}" for name in _STANDING) + ")"
_BEFORE = "(" + ", ".join(f"OLD.{name}" for name in _STANDING) + ")"
FUNCTIONS = {
    # The item's row is locked first: two workstations cannot both move it from where it stood.
    "refuse_mail_outgoing_event": "BEGIN PERFORM 1 FROM mail_outgoing WHERE id = NEW.item_id FOR UPDATE; "
    f"{_asked(_event('IS DISTINCT FROM'))}RETURN NEW; END",
    "move_mail_outgoing": f"BEGIN {_FOLLOW}; RETURN NULL; END",
    "refuse_mail_outgoing": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('mail_outgoing is append-only')} END IF; "
    f"IF TG_OP = 'INSERT' THEN IF {_FRESH} THEN {raised('mail_item_follows_events')} END IF; RETURN NEW; END IF; "
    "IF NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.handed_in_at <> OLD.handed_in_at OR "
    f"({_NOW} IS DISTINCT FROM {_BEFORE} AND ({_DIFFERS})) THEN {raised('mail_item_follows_events')} END IF; "
    f"IF {_frozen('IS DISTINCT FROM')} THEN {raised('mail_outgoing_frozen')} END IF; RETURN NEW; END",
    "refuse_mail_rate": f"BEGIN IF ({_any(_PRICE, 'IS DISTINCT FROM')}) AND {_USED} THEN {raised('mail_rate_used')} "
    "END IF; RETURN NEW; END",
    "refuse_mail_manifest": "BEGIN IF TG_OP = 'DELETE' THEN IF OLD.closed_at IS NOT NULL OR EXISTS "
    "(SELECT 1 FROM mail_manifest_line WHERE manifest_id = OLD.id) THEN "
    f"{raised('mail_manifest_closed')} END IF; RETURN OLD; END IF; "
    f"IF TG_OP = 'INSERT' THEN IF NEW.closed_at IS NOT NULL THEN {raised('mail_manifest_empty')} END IF; "
    f"RETURN NEW; END IF; {_asked(_manifest('IS DISTINCT FROM'))}RETURN NEW; END",
    # The manifest's row is held while a line is added: it cannot be closed in between.
    "refuse_mail_manifest_line": f"BEGIN IF TG_OP = 'UPDATE' THEN {raised('mail_manifest_line_stands')} END IF; "
    "IF TG_OP = 'DELETE' THEN PERFORM 1 FROM mail_manifest WHERE id = OLD.manifest_id FOR SHARE; "
    f"{_asked(_OLD_LINE)}RETURN OLD; END IF; "
    "PERFORM 1 FROM mail_manifest WHERE id = NEW.manifest_id FOR SHARE; "
    f"{_asked(_NEW_LINE)}RETURN NEW; END",
}
