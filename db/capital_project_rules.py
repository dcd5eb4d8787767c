"""What the database itself refuses of phases: one that is effective has closed its rooms, and nobody is booked there.

The same in both engines' words; `db.triggers` installs it. The name of a rule is what it refuses with.
"""

from __future__ import annotations

from db.conference import LIVE
from db.raising import raised

_LIVE = f"IN {LIVE!r}"
_TEXT = "'%Y-%m-%dT%H:%M:00.000000Z'"
# The instant at which a day begins at the site, and at which it ends; days of the site are three hours before UTC.
_FILE = {"begin": f"strftime({_TEXT}, {{0}}, '-3 hours')", "end": f"strftime({_TEXT}, {{0}}, '+21 hours')"}
_SERVER = {
    "begin": "({0}::timestamp AT TIME ZONE 'Africa/Nairobi')",
    "end": "(({0} + 1)::timestamp AT TIME ZONE 'Africa/Nairobi')",
}


def _span(time: dict[str, str], phase: str) -> tuple[str, str]:
    """From when to when an effective phase lasts."""
    last = f"COALESCE({phase}.actual_to, {phase}.forecast_to, {phase}.planned_to)"
    return time["begin"].format(f"{phase}.actual_from"), time["end"].format(last)


def _booked(time: dict[str, str]) -> str:
    """Whether a phase is effective while bookings are left that it displaces."""
    begin, end = _span(time, "NEW")
    rooms = (
        "EXISTS (SELECT 1 FROM phase_cell AS c JOIN booking_cell AS o ON o.cell_id = c.cell_id AND o.live "
        f"WHERE c.phase_id = NEW.id AND o.ends > {begin} AND o.starts < {end})"
    )
    seats = (
        "EXISTS (SELECT 1 FROM phase_seats AS s JOIN booking AS b ON b.space_id = s.space_id "
        "JOIN space_layout AS l ON l.id = b.layout_id AND l.kind = s.kind "
        f"WHERE s.phase_id = NEW.id AND NOT s.afterwards AND b.people > s.capacity AND b.status {_LIVE} "
        f"AND b.ends > {begin} AND b.starts < {end})"
    )
    return f"NEW.actual_from IS NOT NULL AND ({rooms} OR {seats})"


def _open(time: dict[str, str]) -> str:
    """Whether a phase is effective, and a cell that it closes is not closed for as long as it lasts."""
    begin, end = _span(time, "NEW")
    return (
        "NEW.actual_from IS NOT NULL AND EXISTS (SELECT 1 FROM phase_cell AS c WHERE c.phase_id = NEW.id AND "
        "NOT EXISTS (SELECT 1 FROM phase_closure AS p JOIN cell_closure AS k ON k.id = p.closure_id "
        f"WHERE p.phase_id = NEW.id AND k.cell_id = c.cell_id AND k.starts <= {begin} AND k.ends >= {end}))"
    )


def _shortened(time: dict[str, str]) -> str:
    """Whether a closure would no longer cover the phase that made it."""
    begin, end = _span(time, "f")
    return (
        "EXISTS (SELECT 1 FROM phase_closure AS p JOIN project_phase AS f ON f.id = p.phase_id WHERE "
        "p.closure_id = OLD.id AND f.actual_from IS NOT NULL AND "
        f"(NEW.cell_id <> OLD.cell_id OR NEW.starts > {begin} OR NEW.ends < {end}))"
    )


def _effective(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM project_phase AS f WHERE f.id = {row}.phase_id AND f.actual_from IS NOT NULL)"


_PARTS = ("phase_cell", "phase_seats")
_UNDER_WAY = "phase_under_way"

ON_FILE = (
    *((f"{name}_{deed.lower()}", "project_phase", deed, when, word)
      for deed in ("INSERT", "UPDATE")
      for name, when, word in (("booked", _booked(_FILE), "phase_bookings_left"),
                               # SQLite asks its triggers in no promised order: whoever is left is named first.
                               ("open", f"{_open(_FILE)} AND NOT ({_booked(_FILE)})", "phase_not_closed"))),
    ("delete", "project_phase", "DELETE", "OLD.actual_from IS NOT NULL", _UNDER_WAY),
    *((f"late_{deed.lower()}", table, deed, _effective("OLD" if deed == "DELETE" else "NEW"), _UNDER_WAY)
      for table in _PARTS for deed in ("INSERT", "UPDATE", "DELETE")),
    *((f"kept_{deed.lower()}", "phase_closure", deed, _effective("OLD"), _UNDER_WAY) for deed in ("UPDATE", "DELETE")),
    ("phase", "cell_closure", "UPDATE", _shortened(_FILE), _UNDER_WAY),
)  # fmt: skip
ON_SERVER = (
    ("project_phase", "INSERT OR DELETE OR UPDATE"),
    *((table, "INSERT OR DELETE OR UPDATE") for table in _PARTS),
    ("phase_closure", "DELETE OR UPDATE"),
)
AFTER_ON_SERVER = (
    ("tr_cell_closure_phase", "cell_closure",
     "CREATE TRIGGER tr_cell_closure_phase BEFORE UPDATE ON cell_closure "
     "FOR EACH ROW EXECUTE FUNCTION keep_phase_closed()"),
)  # fmt: skip


def _refuse(condition: str, word: str) -> str:
    return f"IF {condition} THEN {raised(word)} END IF; "


_PART = (
    f"BEGIN IF TG_OP = 'DELETE' THEN {_refuse(_effective('OLD'), _UNDER_WAY)}RETURN OLD; END IF; "
    f"PERFORM 1 FROM project_phase WHERE id = NEW.phase_id FOR SHARE; {_refuse(_effective('NEW'), _UNDER_WAY)}"
    "RETURN NEW; END"
)
FUNCTIONS = {
    "refuse_project_phase": "BEGIN IF TG_OP = 'DELETE' THEN "
    f"{_refuse('OLD.actual_from IS NOT NULL', _UNDER_WAY)}RETURN OLD; END IF; "
    f"{_refuse(_booked(_SERVER), 'phase_bookings_left')}{_refuse(_open(_SERVER), 'phase_not_closed')}RETURN NEW; END",
    **{f"refuse_{table}": _PART for table in _PARTS},
    "refuse_phase_closure": f"BEGIN {_refuse(_effective('OLD'), _UNDER_WAY)}"
    "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END",
    "keep_phase_closed": f"BEGIN {_refuse(_shortened(_SERVER), _UNDER_WAY)}RETURN NEW; END",
}
