"""What the database itself refuses of the pouch: a certified bag keeps what is in it, a sealed one is shut.

The same rules in both engines' words; `db.triggers` installs them. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.raising import raised


def _any(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in names)


_STANDS = (
    "id", "number", "direction", "destination_id", "destination", "made_at", "limit_g", "package_most_g",
    "their_number",
)  # fmt: skip
_SEALED = ("seal", "sealed_at", "certified_at", "certified_by")
_GONE = ("dispatched_at", "carried_by", "carried_kind", "carried_id")
_NO_LINES = "NOT EXISTS (SELECT 1 FROM mail_bag_line WHERE bag_id = NEW.id)"
_UNCOUNTED = "EXISTS (SELECT 1 FROM mail_bag_line AS l WHERE l.bag_id = NEW.id AND l.found = '')"
_NO_CASE = "NOT EXISTS (SELECT 1 FROM mail_bag_case WHERE bag_id = NEW.id)"


def _bag(differs: str) -> tuple[tuple[str, str, str], ...]:
    """Name, condition and word of what a change of a bag may not do."""
    return (
        ("confirmed", "OLD.confirmed_at IS NOT NULL", "mail_bag_confirmed"),
        ("change", _any(_STANDS, differs), "mail_bag_stands"),
        ("gone", f"OLD.dispatched_at IS NOT NULL AND ({_any(_GONE, differs)})", "mail_bag_dispatched"),
        ("sealed", f"OLD.sealed_at IS NOT NULL AND ({_any(_SEALED, differs)})", "mail_bag_sealed"),
        (
            "empty",
            f"NEW.certified_at IS NOT NULL AND OLD.certified_at IS NULL AND {_NO_LINES}",
            "mail_bag_empty",
        ),
        (
            "arrived",
            f"OLD.arrived_at IS NOT NULL AND ({_any(('arrived_at', 'seal_found', 'seal'), differs)})",
            "mail_bag_arrived",
        ),
        (
            "uncounted",
            f"NEW.direction = 'in' AND NEW.confirmed_at IS NOT NULL AND {_UNCOUNTED}",
            "mail_bag_uncounted",
        ),
        (
            "case",
            "NEW.direction = 'in' AND NEW.confirmed_at IS NOT NULL AND "
            f"(NEW.seal_found <> 'intact' OR EXISTS (SELECT 1 FROM mail_bag_line AS l WHERE l.bag_id = NEW.id "
            f"AND l.found IN ('missing', 'extra'))) AND {_NO_CASE}",
            "mail_bag_case_needed",
        ),
    )


_FRESH = (
    "NEW.certified_at IS NOT NULL OR NEW.sealed_at IS NOT NULL OR NEW.dispatched_at IS NOT NULL "
    "OR NEW.arrived_at IS NOT NULL OR NEW.confirmed_at IS NOT NULL"
)
_OF = "FROM mail_bag WHERE id = {row}.bag_id)"
_OUT = f"(SELECT direction {_OF} = 'out'"
_NEW_LINE = (
    ("sealed", f"{_OUT} AND (SELECT sealed_at {_OF} IS NOT NULL", "mail_bag_sealed"),
    ("certified", f"{_OUT} AND (SELECT certified_at {_OF} IS NOT NULL", "mail_bag_certified"),
    ("confirmed", f"(SELECT confirmed_at {_OF} IS NOT NULL", "mail_bag_confirmed"),
    (
        "item",
        f"{_OUT} AND NOT EXISTS (SELECT 1 FROM mail_outgoing WHERE id = NEW.outgoing_id AND way = 'pouch' "
        "AND state = 'handed_in' AND weight_g = NEW.weight_g AND number = NEW.reference)",
        "mail_bag_line_is_an_item",
    ),
    ("package", f"{_OUT} AND NEW.weight_g > (SELECT package_most_g {_OF}", "mail_bag_package_weight"),
    (
        "full",
        f"{_OUT} AND NEW.weight_g + (SELECT coalesce(sum(weight_g), 0) FROM mail_bag_line WHERE bag_id = NEW.bag_id) "
        f"> (SELECT limit_g {_OF}",
        "mail_bag_full",
    ),
)
_NEW_LINES = tuple((name, when.replace("{row}", "NEW"), word) for name, when, word in _NEW_LINE)
_OLD_LINES = tuple(
    (name, when.replace("{row}", "OLD"), word)
    for name, when, word in (
        ("certified", f"(SELECT certified_at {_OF} IS NOT NULL", "mail_bag_certified"),
        ("confirmed", f"(SELECT confirmed_at {_OF} IS NOT NULL", "mail_bag_confirmed"),
        ("arrived", f"OLD.found <> 'extra' AND (SELECT arrived_at {_OF} IS NOT NULL", "mail_bag_arrived"),
        (
            "bagged",
            "(SELECT state FROM mail_outgoing WHERE id = OLD.outgoing_id) IN ('bagged', 'dispatched', 'delivered')",
            "mail_bag_line_packed",
        ),
    )
)
_LINE = ("id", "bag_id", "outgoing_id", "reference", "secret_addressee", "secret_contents", "weight_g")


def _changed_lines(differs: str) -> tuple[tuple[str, str, str], ...]:
    confirmed = f"(SELECT confirmed_at {_OF} IS NOT NULL".replace("{row}", "OLD")
    return (
        # What a confirmed package became in our own mail is written down once, after the bag was confirmed.
        (
            "confirmed",
            f"{confirmed} AND ({_any(('found', 'counted_at'), differs)} OR OLD.item_id IS NOT NULL)",
            "mail_bag_confirmed",
        ),
        ("stands", f"{_any(_LINE, differs)} OR OLD.outgoing_id IS NOT NULL", "mail_bag_line_stands"),
    )


_BAG_OF_LINE = "FROM mail_bag AS b JOIN mail_bag_line AS l ON l.bag_id = b.id WHERE l.id = OLD.record_id AND ("
# What a package is stays what it was once it is packed; a line's own never changes.
_SECRET_STANDS = (
    "OLD.kind = 'line' OR NEW.kind <> OLD.kind OR NEW.record_id <> OLD.record_id OR NOT EXISTS (SELECT 1 FROM "
    "mail_outgoing AS o WHERE o.id = OLD.record_id AND o.state IN ('new', 'handed_in'))"
)
_SECRET_GOES = (
    f"OLD.kind = 'outgoing' OR EXISTS (SELECT 1 {_BAG_OF_LINE}"
    "b.certified_at IS NOT NULL OR b.confirmed_at IS NOT NULL OR b.arrived_at IS NOT NULL AND l.found <> 'extra'))"
)

# Name, table, deed, condition, word of refusal.
ON_FILE = (
    ("fresh", "mail_bag", "INSERT", _FRESH, "mail_bag_stands"),
    ("replace", "mail_bag", "INSERT",
     "EXISTS (SELECT 1 FROM mail_bag WHERE id = NEW.id OR number = NEW.number)", "uq_mail_bag_number"),
    *((name, "mail_bag", "UPDATE", when, word) for name, when, word in _bag("IS NOT")),
    ("delete", "mail_bag", "DELETE",
     "OLD.certified_at IS NOT NULL OR OLD.arrived_at IS NOT NULL "
     "OR EXISTS (SELECT 1 FROM mail_bag_line WHERE bag_id = OLD.id AND outgoing_id IS NOT NULL)", "mail_bag_stands"),
    ("replace", "mail_bag_line", "INSERT",
     "EXISTS (SELECT 1 FROM mail_bag_line WHERE id = NEW.id OR (bag_id = NEW.bag_id AND reference = NEW.reference) "
     "OR outgoing_id = NEW.outgoing_id)", "uq_mail_bag_line_outgoing_id"),
    *((name, "mail_bag_line", "INSERT", when, word) for name, when, word in _NEW_LINES),
    *((f"change_{name}", "mail_bag_line", "UPDATE", when, word) for name, when, word in _changed_lines("IS NOT")),
    *((f"delete_{name}", "mail_bag_line", "DELETE", when, word) for name, when, word in _OLD_LINES),
    ("replace", "mail_bag_case", "INSERT",
     "EXISTS (SELECT 1 FROM mail_bag_case WHERE id = NEW.id OR number = NEW.number)", "uq_mail_bag_case_number"),
    ("closed", "mail_bag_case", "UPDATE", "OLD.closed_at IS NOT NULL", "mail_bag_case_closed"),
    ("stands", "mail_bag_case", "UPDATE",
     _any(("id", "number", "bag_id", "opened_at", "opened_by", "what"), "IS NOT"), "mail_bag_case_closed"),
    ("delete", "mail_bag_case", "DELETE", "", "mail_bag_case is append-only"),
    ("replace", "mail_secret", "INSERT",
     "EXISTS (SELECT 1 FROM mail_secret WHERE kind = NEW.kind AND record_id = NEW.record_id)", "pk_mail_secret"),
    ("change", "mail_secret", "UPDATE", _SECRET_STANDS, "mail_secret_stands"),
    ("delete", "mail_secret", "DELETE", _SECRET_GOES, "mail_secret_stands"),
)  # fmt: skip

ON_SERVER = (
    ("mail_bag", "INSERT OR DELETE OR UPDATE"),
    ("mail_bag_line", "INSERT OR DELETE OR UPDATE"),
    ("mail_bag_case", "DELETE OR UPDATE"),
    ("mail_secret", "DELETE OR UPDATE"),
)


def _asked(rules: tuple[tuple[str, str, str], ...]) -> str:
    return "".join(f"IF {when} THEN {raised(word)} END IF; " for _name, when, word in rules)


_CASE_STANDS = _any(("id", "number", "bag_id", "opened_at", "opened_by", "what"), "IS DISTINCT FROM")
FUNCTIONS = {
    "refuse_mail_bag": f"BEGIN IF TG_OP = 'INSERT' THEN IF {_FRESH} THEN {raised('mail_bag_stands')} END IF; "
    "RETURN NEW; END IF; IF TG_OP = 'DELETE' THEN IF OLD.certified_at IS NOT NULL OR OLD.arrived_at IS NOT NULL "
    "OR EXISTS (SELECT 1 FROM mail_bag_line WHERE bag_id = OLD.id AND outgoing_id IS NOT NULL) THEN "
    f"{raised('mail_bag_stands')} END IF; RETURN OLD; END IF; {_asked(_bag('IS DISTINCT FROM'))}RETURN NEW; END",
    # The bag's row is locked: two workstations cannot fill it past its limit together.
    "refuse_mail_bag_line": "BEGIN IF TG_OP = 'INSERT' THEN PERFORM 1 FROM mail_bag WHERE id = NEW.bag_id FOR UPDATE; "
    f"{_asked(_NEW_LINES)}RETURN NEW; END IF; PERFORM 1 FROM mail_bag WHERE id = OLD.bag_id FOR UPDATE; "
    f"IF TG_OP = 'DELETE' THEN {_asked(_OLD_LINES)}RETURN OLD; END IF; "
    f"{_asked(_changed_lines('IS DISTINCT FROM'))}RETURN NEW; END",
    "refuse_mail_bag_case": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('mail_bag_case is append-only')} END IF; "
    f"IF OLD.closed_at IS NOT NULL OR {_CASE_STANDS} THEN {raised('mail_bag_case_closed')} END IF; RETURN NEW; END",
    "refuse_mail_secret": f"BEGIN IF TG_OP = 'DELETE' THEN IF {_SECRET_GOES} THEN {raised('mail_secret_stands')} "
    f"END IF; RETURN OLD; END IF; IF {_SECRET_STANDS} THEN {raised('mail_secret_stands')} END IF; RETURN NEW; END",
}
