"""What the database itself refuses of handovers, on both engines: words and conditions for `db.triggers`."""

from __future__ import annotations

from db.raising import raised

# Everything of a handover but its signature stands still; the signature comes once.
_STILL = (
    "id", "reference", "kind", "at", "by", "workstation", "giver_id", "giver_name", "taker_id", "taker_name",
    "place_id", "place_code", "due_on", "note", "items", "reverses_id",
)  # fmt: skip
_FULL = (
    "(SELECT count(*) FROM handover_item WHERE handover_id = NEW.handover_id) >= "
    "(SELECT items FROM handover WHERE id = NEW.handover_id)"
)
_EXTENDS = "EXISTS (SELECT 1 FROM handover WHERE id = NEW.handover_id AND kind = 'extend')"


def _stretched(same: str, day: str) -> str:
    """Whether a line of an extension gives its borrower more time from where the loan stands, and changes nothing else.

    `same` compares two values that may be missing, `day` is the day of UTC on which a handover was written: it begins
    at most a day before or after the compound's own.
    """
    return (
        f"NEW.from_state = 'on_loan' AND NEW.to_state = 'on_loan' AND NEW.to_person_id {same} NEW.from_person_id "
        f"AND NEW.to_place_id {same} NEW.from_place_id "
        "AND (NEW.from_due_on IS NULL OR NEW.to_due_on > NEW.from_due_on) "
        f"AND NEW.from_due_on {same} "
        "(SELECT to_due_on FROM handover_item WHERE asset_id = NEW.asset_id ORDER BY id DESC LIMIT 1) "
        "AND EXISTS (SELECT 1 FROM asset WHERE id = NEW.asset_id AND state = 'on_loan' "
        "AND custodian_id = NEW.to_person_id) "
        "AND EXISTS (SELECT 1 FROM handover WHERE id = NEW.handover_id AND taker_id = NEW.to_person_id "
        f"AND due_on = NEW.to_due_on AND due_on >= {day})"
    )


_STRETCHED_ON_FILE = _stretched("IS", "substr(at, 1, 10)")
_STRETCHED_ON_SERVER = _stretched("IS NOT DISTINCT FROM", "(at AT TIME ZONE 'UTC')::date")


def _changed(differs: str) -> str:
    return " OR ".join(f'NEW."{name}" {differs} OLD."{name}"' for name in _STILL)


# Name of the trigger, table, deed, when, and the word it refuses with. A row is also refused that would replace another
# one: INSERT OR REPLACE deletes without a delete trigger.
ON_FILE = (
    ("again", "handover", "INSERT",
     "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM handover WHERE reverses_id = NEW.reverses_id)",
     "handover_reversed_once"),
    ("replace", "handover", "INSERT", "EXISTS (SELECT 1 FROM handover WHERE id = NEW.id OR reference = NEW.reference)",
     "handover is append-only"),
    ("signed", "handover", "UPDATE", "OLD.signed_at IS NOT NULL OR NEW.signed_at IS NULL", "handover_signed_once"),
    ("change", "handover", "UPDATE", _changed("IS NOT"), "handover is append-only"),
    ("delete", "handover", "DELETE", "", "handover is append-only"),
    ("add", "handover_item", "INSERT", _FULL, "handover_full"),
    ("stretch", "handover_item", "INSERT", f"{_EXTENDS} AND NOT ({_STRETCHED_ON_FILE})", "loan_stretched_onwards"),
)  # fmt: skip

# Tables and deeds that a function of the server watches.
ON_SERVER = (("handover", "DELETE OR UPDATE"), ("handover_item", "INSERT"))


FUNCTIONS = {
    "refuse_handover": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('handover is append-only')} END IF; "
    f"IF OLD.signed_at IS NOT NULL OR NEW.signed_at IS NULL THEN {raised('handover_signed_once')} END IF; "
    f"IF {_changed('IS DISTINCT FROM')} THEN {raised('handover is append-only')} END IF; RETURN NEW; END",
    "refuse_handover_item": f"BEGIN PERFORM 1 FROM handover WHERE id = NEW.handover_id FOR SHARE; IF {_FULL} "
    f"THEN {raised('handover_full')} END IF; IF {_EXTENDS} THEN PERFORM 1 FROM asset WHERE id = NEW.asset_id "
    f"FOR NO KEY UPDATE; IF NOT ({_STRETCHED_ON_SERVER}) THEN {raised('loan_stretched_onwards')} END IF; END IF; "
    "RETURN NEW; END",
}
