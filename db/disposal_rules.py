"""What the database itself refuses of disposal, on both engines: words and conditions for `db.triggers`.

A case is decided about, carried out and closed in this order; what the policy demanded when it was opened may become
stricter, never looser; an asset ends as disposed through a complete case and in no other way.
"""

from __future__ import annotations

from db.raising import raised

_LIVE = "FROM disposal_item WHERE case_id = {row}.id AND live"
_DEMANDED = (
    "NEW.review_from_cents IS NOT NULL AND EXISTS (SELECT 1 " + _LIVE.format(row="NEW") + " "
    "AND (cost_cents IS NULL OR cost_cents >= NEW.review_from_cents))"
)
_APPROVED = (
    "EXISTS (SELECT 1 FROM disposal_decision d WHERE d.case_id = NEW.id AND d.decision = 'approved' "
    "AND d.id = (SELECT max(id) FROM disposal_decision WHERE case_id = NEW.id) "
    "AND NOT EXISTS (SELECT 1 FROM disposal_item WHERE case_id = NEW.id AND live AND id > d.last_item_id))"
)
_LOOSENED = (
    "OLD.review_from_cents IS NOT NULL AND (NEW.review_from_cents IS NULL "
    "OR NEW.review_from_cents > OLD.review_from_cents)"
)
_SWAPPED = "NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR NEW.entity_id <> OLD.entity_id"
# Trigger, condition and word for every change of a case, in the order in which they are asked.
_CASE = (
    ("change", "OLD.state IN ('complete', 'cancelled')", "disposal_case_closed"),
    ("swap", _SWAPPED, "disposal_case_frozen"),
    ("loosen", _LOOSENED, "disposal_review_stands"),
    ("reopen", "NEW.state = 'open' AND OLD.state NOT IN ('open', 'submitted', 'refused')", "disposal_not_submitted"),
    ("unsubmitted", "NEW.state IN ('approved', 'refused', 'complete') AND OLD.state = 'open'",
     "disposal_not_submitted"),
    ("decline", "NEW.state = 'complete' AND OLD.state = 'refused'", "disposal_not_approved"),
    ("empty", f"NEW.state IN ('submitted', 'complete') AND NOT EXISTS (SELECT 1 {_LIVE.format(row='NEW')})",
     "disposal_case_empty"),
    ("approve", f"NEW.state = 'approved' AND NOT {_APPROVED}", "disposal_not_approved"),
    ("complete", f"NEW.state = 'complete' AND ({_DEMANDED}) AND NOT {_APPROVED}", "disposal_not_approved"),
    ("cancel", f"NEW.state = 'cancelled' AND EXISTS (SELECT 1 {_LIVE.format(row='NEW')})", "disposal_items_still_in"),
)  # fmt: skip
_STATE = "(SELECT state FROM disposal_case WHERE id = NEW.case_id)"
_ITEM = (
    "id", "case_id", "asset_id", "inventory_no", "description", "condition", "state_before", "cost_cents",
    "value_cents", "valued_on", "added_at", "added_by",
)  # fmt: skip
_NEWEST = "(SELECT max(id) FROM disposal_item WHERE case_id = NEW.case_id AND live)"


def _altered(differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _ITEM)


def _item(differs: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("frozen", _altered(differs), "disposal_item_frozen"),
        ("back", "NEW.live AND NOT OLD.live", "disposal_item_frozen"),
        ("closed", f"{_STATE} IN ('complete', 'cancelled')", "disposal_case_closed"),
    )


_DECISION = (
    ("early", f"{_STATE} NOT IN ('submitted', 'approved', 'refused')", "disposal_not_submitted"),
    ("items", f"NEW.last_item_id <> coalesce({_NEWEST}, 0)", "disposal_not_approved"),
)
_ASSET = (
    ("dispose",
     "NEW.state = 'disposed' AND OLD.state <> 'disposed' AND NOT EXISTS (SELECT 1 FROM disposal_item "
     "JOIN disposal_case ON disposal_case.id = case_id WHERE asset_id = NEW.id AND live "
     "AND disposal_case.state = 'complete')",
     "asset_disposed_by_case"),
    ("revive", "OLD.state = 'disposed' AND NEW.state <> 'disposed'", "asset_disposed_for_good"),
    ("escape",
     "OLD.state = 'awaiting_disposal' AND NEW.state NOT IN ('awaiting_disposal', 'disposed') AND EXISTS "
     "(SELECT 1 FROM disposal_item WHERE asset_id = NEW.id AND live)",
     "asset_in_open_case"),
)  # fmt: skip

FACTS = {"disposal_decision": "id"}

# A row is also refused that would replace another one: INSERT OR REPLACE deletes without a delete trigger.
ON_FILE = (
    ("replace", "disposal_case", "INSERT",
     "EXISTS (SELECT 1 FROM disposal_case WHERE id = NEW.id OR reference = NEW.reference)",
     "disposal_case is append-only"),
    ("begin", "disposal_case", "INSERT", "NEW.state <> 'open'", "disposal_not_submitted"),
    ("delete", "disposal_case", "DELETE", "", "disposal_case is append-only"),
    *((name, "disposal_case", "UPDATE", when, word) for name, when, word in _CASE),
    ("replace", "disposal_item", "INSERT", "EXISTS (SELECT 1 FROM disposal_item WHERE id = NEW.id)",
     "disposal_item is append-only"),
    ("twice", "disposal_item", "INSERT",
     "NEW.live AND EXISTS (SELECT 1 FROM disposal_item WHERE asset_id = NEW.asset_id AND live)",
     "uq_disposal_item_asset_id"),
    ("add", "disposal_item", "INSERT", f"{_STATE} <> 'open'", "disposal_case_not_open"),
    ("delete", "disposal_item", "DELETE", "", "disposal_item is append-only"),
    *((name, "disposal_item", "UPDATE", when, word) for name, when, word in _item("IS NOT")),
    *((name, "disposal_decision", "INSERT", when, word) for name, when, word in _DECISION),
    *((name, "asset", "UPDATE OF state", when, word) for name, when, word in _ASSET),
)  # fmt: skip

ON_SERVER = (
    ("disposal_case", "INSERT OR DELETE OR UPDATE"),
    ("disposal_item", "INSERT OR DELETE OR UPDATE"),
    ("disposal_decision", "INSERT"),
    ("asset", "UPDATE OF state"),
)


def _asked(rules: tuple[tuple[str, str, str], ...]) -> str:
    return "".join(f"IF {when} THEN {raised(word)} END IF; " for _name, when, word in rules)


# Whoever adds or decides waits for whoever is just closing the case, then sees that it is closed.
_WAIT = "PERFORM 1 FROM disposal_case WHERE id = NEW.case_id FOR SHARE; "
FUNCTIONS = {
    "refuse_disposal_case": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('disposal_case is append-only')} END IF; "
    f"IF TG_OP = 'INSERT' THEN IF NEW.state <> 'open' THEN {raised('disposal_not_submitted')} END IF; "
    f"RETURN NEW; END IF; {_asked(_CASE)}RETURN NEW; END",
    "refuse_disposal_item": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('disposal_item is append-only')} END IF; "
    f"{_WAIT}IF TG_OP = 'INSERT' THEN IF {_STATE} <> 'open' THEN {raised('disposal_case_not_open')} END IF; "
    f"RETURN NEW; END IF; {_asked(_item('IS DISTINCT FROM'))}RETURN NEW; END",
    "refuse_disposal_decision": f"BEGIN {_WAIT}{_asked(_DECISION)}RETURN NEW; END",
    "refuse_asset": f"BEGIN {_asked(_ASSET)}RETURN NEW; END",
}
