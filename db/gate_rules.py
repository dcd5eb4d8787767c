"""What the database itself refuses at the gate, on both engines: words and conditions for `db.triggers`."""

from __future__ import annotations

from db.raising import raised

_PASS = (
    "id", "reference", "person_id", "bearer", "purpose", "destination", "valid_until", "issued_at", "issued_by",
)  # fmt: skip
_LINE = ("id", "pass_id", "position", "asset_id", "inventory_no", "description", "serial", "code", "count")
_OUT = "EXISTS (SELECT 1 FROM gate_line WHERE pass_id = NEW.id AND state = 'out')"
_CANCELLED = "(SELECT cancelled_at FROM gate_pass WHERE id = NEW.pass_id) IS NOT NULL"


def _changed(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


def _pass(differs: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("cancelled", "OLD.cancelled_at IS NOT NULL", "gate_pass_cancelled"),
        ("change", _changed(_PASS, differs), "gate_pass_frozen"),
        ("cancel", f"NEW.cancelled_at IS NOT NULL AND {_OUT}", "gate_pass_things_out"),
    )


def _line(differs: str) -> tuple[tuple[str, str, str], ...]:
    return (
        ("change", _changed(_LINE, differs), "gate_pass_frozen"),
        ("order", "OLD.state || NEW.state IN ('listedin', 'inlisted')", "gate_line_order"),
        ("leave", f"NEW.state = 'out' AND {_CANCELLED}", "gate_pass_cancelled"),
    )


FACTS = {"gate_event": "id"}

# A row is also refused that would replace another one: INSERT OR REPLACE deletes without a delete trigger.
ON_FILE = (
    ("replace", "gate_pass", "INSERT",
     "EXISTS (SELECT 1 FROM gate_pass WHERE id = NEW.id OR reference = NEW.reference)", "gate_pass is append-only"),
    ("delete", "gate_pass", "DELETE", "", "gate_pass is append-only"),
    *((name, "gate_pass", "UPDATE", when, word) for name, when, word in _pass("IS NOT")),
    ("replace", "gate_line", "INSERT",
     "EXISTS (SELECT 1 FROM gate_line WHERE id = NEW.id OR (pass_id = NEW.pass_id AND position = NEW.position))",
     "gate_line is append-only"),
    ("add", "gate_line", "INSERT", f"NEW.state <> 'listed' OR {_CANCELLED}", "gate_pass_frozen"),
    ("delete", "gate_line", "DELETE", "", "gate_line is append-only"),
    ("twice", "gate_line", "UPDATE",
     "NEW.state = 'out' AND NEW.asset_id IS NOT NULL AND EXISTS (SELECT 1 FROM gate_line "
     "WHERE asset_id = NEW.asset_id AND state = 'out' AND id <> NEW.id)",
     "uq_gate_line_asset_id"),
    *((name, "gate_line", "UPDATE", when, word) for name, when, word in _line("IS NOT")),
)  # fmt: skip

ON_SERVER = (("gate_pass", "DELETE OR UPDATE"), ("gate_line", "INSERT OR DELETE OR UPDATE"))


def _asked(rules: tuple[tuple[str, str, str], ...]) -> str:
    return "".join(f"IF {when} THEN {raised(word)} END IF; " for _name, when, word in rules)


FUNCTIONS = {
    "refuse_gate_pass": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('gate_pass is append-only')} END IF; "
    f"{_asked(_pass('IS DISTINCT FROM'))}RETURN NEW; END",
    "refuse_gate_line": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('gate_line is append-only')} END IF; "
    "PERFORM 1 FROM gate_pass WHERE id = NEW.pass_id FOR SHARE; "
    f"IF TG_OP = 'INSERT' THEN IF NEW.state <> 'listed' OR {_CANCELLED} THEN {raised('gate_pass_frozen')} END IF; "
    f"RETURN NEW; END IF; {_asked(_line('IS DISTINCT FROM'))}RETURN NEW; END",
}
