"""What the database itself refuses of charges: they are facts, and a reversal mirrors the one charge it names.

The same rules in both engines' words; `db.triggers` installs them. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.raising import raised

FACTS = {"charge": "id"}
"""Tables whose rows are added and never changed or taken away, with their keys."""

_NOT_MIRRORED = (
    "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM charge AS c WHERE c.id = NEW.reverses_id "
    "AND c.reverses_id IS NULL AND c.entity_id = NEW.entity_id AND c.desk = NEW.desk "
    "AND c.subject_kind = NEW.subject_kind AND c.subject_id = NEW.subject_id AND c.currency = NEW.currency "
    "AND c.unit = NEW.unit AND c.rate_e4 = NEW.rate_e4 AND c.quantity_milli = -NEW.quantity_milli)"
)

# INSERT OR REPLACE would also take away the row that has the same reversed charge, without a delete trigger.
ON_FILE = (
    ("mirror", "charge", "INSERT", _NOT_MIRRORED, "charge_reversal_mirrors"),
    ("twice", "charge", "INSERT",
     "NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM charge WHERE reverses_id = NEW.reverses_id)",
     "uq_charge_reverses_id"),
)  # fmt: skip

ON_SERVER = (("charge", "INSERT"),)

FUNCTIONS = {
    "refuse_charge": f"BEGIN IF {_NOT_MIRRORED} THEN {raised('charge_reversal_mirrors')} END IF; RETURN NEW; END",
}
