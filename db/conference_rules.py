"""What the database itself refuses of bookings: no cell and no unit twice at once, no more people than may be there.

The same rules in both engines' words; `db.triggers` installs them. A booking's cells are written here and nowhere else:
whoever inserts or changes a booking, in whatever way, has its cells occupied in the same statement or is refused. Times
are half-open, so one booking may start at the instant at which another ends. The name of a rule is what it refuses
with. The engines differ in three things: PostgreSQL refuses overlaps by exclusion constraints, SQLite by triggers;
PostgreSQL locks what a rule looks at, SQLite has one writer at a time; and each has its own arithmetic of time.
"""

from __future__ import annotations

from db.conference import CEILINGS, LIVE, LONGEST_DAYS
from db.raising import raised

_LIVE = f"IN {LIVE!r}"
OCCUPIED = ("cell", "unit")
_ZONE = "Africa/Nairobi"

# --- Time, in each engine's words. SQLite's instants are text of one form, so that text order is time order; the site
# is three hours before UTC all year round.
_TEXT = "'%Y-%m-%dT%H:%M:00.000000Z'"
_FILE = {
    "day": "date({0}, '+3 hours')",
    "last_day": "date({0}, '+3 hours', '-1 minutes')",
    "midnight": f"strftime({_TEXT}, {{0}}, '-3 hours')",
    "hour_before": f"strftime({_TEXT}, {{0}}, '-1 hours')",
    "hour_after": f"strftime({_TEXT}, {{0}}, '+1 hours')",
    "longest_before": f"strftime({_TEXT}, {{0}}, '-{LONGEST_DAYS} days')",
    "minute": f"strftime({_TEXT}, {{0}})",
    "other": "IS NOT",
}
_SERVER = {
    "day": f"({{0}} AT TIME ZONE '{_ZONE}')::date",
    "last_day": f"(({{0}} - interval '1 minute') AT TIME ZONE '{_ZONE}')::date",
    "midnight": f"({{0}}::timestamp AT TIME ZONE '{_ZONE}')",
    "hour_before": "({0} - interval '1 hour')",
    "hour_after": "({0} + interval '1 hour')",
    "longest_before": f"({{0}} - interval '{LONGEST_DAYS} days')",
    "minute": "date_trunc('minute', {0})",
    "other": "<>",
}


def _overlap(what: str) -> str:
    """Whether another booking occupies the same cell or unit at the same time."""
    return (
        f"NEW.live AND EXISTS (SELECT 1 FROM booking_{what} AS o WHERE o.{what}_id = NEW.{what}_id AND o.live = 1 "
        "AND o.ends > NEW.starts AND o.starts < NEW.ends AND o.booking_id <> NEW.booking_id)"
    )


def _stray(what: str) -> str:
    """Whether what is said of a cell or unit is other than what its booking says."""
    owned = "JOIN space_cell AS s ON s.space_id = b.space_id AND s.cell_id = NEW.cell_id " if what == "cell" else ""
    return (
        f"NOT EXISTS (SELECT 1 FROM booking AS b {owned}WHERE b.id = NEW.booking_id AND b.blocks_from = NEW.starts "
        f"AND b.blocks_to = NEW.ends AND (b.status {_LIVE}) = NEW.live)"
    )


_SHUT = (
    "NEW.live AND EXISTS (SELECT 1 FROM cell_closure AS c WHERE c.cell_id = NEW.cell_id AND c.ends > NEW.starts "
    "AND c.starts < NEW.ends)"
)
_BOOKED_CELL = (
    "EXISTS (SELECT 1 FROM booking_cell AS o WHERE o.cell_id = NEW.cell_id AND o.live AND o.ends > NEW.starts "
    "AND o.starts < NEW.ends)"
)
_KEPT_CELL = (
    "EXISTS (SELECT 1 FROM booking AS b JOIN space_cell AS s ON s.space_id = b.space_id AND s.cell_id = OLD.cell_id "
    "WHERE b.id = OLD.booking_id)"
)


def _booking(time: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What is refused of a booking's own row: condition and word."""
    whole = " OR ".join(f"{time['minute'].format(f'NEW.{part}')} {time['other']} NEW.{part}" for part in _TIMES)
    lasting = f"NEW.blocks_from < {time['longest_before'].format('NEW.blocks_to')}"
    valid = (
        f"NEW.status {_LIVE} AND NEW.layout_id IS NOT NULL AND "
        "NOT EXISTS (SELECT 1 FROM space_layout AS l WHERE l.id = NEW.layout_id AND "
        f"l.valid_from <= {time['day'].format('NEW.starts')} AND "
        f"(l.valid_to IS NULL OR l.valid_to >= {time['last_day'].format('NEW.ends')}))"
    )
    seats = f"NEW.status {_LIVE} AND NEW.people > (SELECT l.capacity FROM space_layout AS l WHERE l.id = NEW.layout_id)"
    return (
        (whole, "booking_whole_minutes"),
        (lasting, "booking_too_long"),
        (valid, "booking_layout_not_valid"),
        (seats, "booking_over_capacity"),
        ("NEW.visitors < 0 OR NEW.visitors > NEW.people", "booking_visitors_of_people"),
    )


_TIMES = ("starts", "ends", "blocks_from", "blocks_to")


def _layout(time: dict[str, str]) -> str:
    """Whether a change of a layout would leave a booking without its seats."""
    return (
        f"EXISTS (SELECT 1 FROM booking AS b WHERE b.layout_id = NEW.id AND b.status {_LIVE} AND ("
        f"b.people > NEW.capacity OR {time['day'].format('b.starts')} < NEW.valid_from "
        f"OR (NEW.valid_to IS NOT NULL AND {time['last_day'].format('b.ends')} > NEW.valid_to)))"
    )


def _load(kind: str, time: dict[str, str], here: str) -> str:
    """How many people or cars a ceiling `here` counts at the instant p.t: those there, or who start within an hour."""
    longest = time["longest_before"].format("p.t")
    counted = "o.cars" if kind == "parking" else "o.people"
    if kind != "gate":
        when = f"o.starts <= p.t AND o.starts >= {longest} AND o.ends > p.t"
    else:
        when = f"o.starts >= p.t AND o.starts < {time['hour_after'].format('p.t')}"
    return (
        f"(SELECT sum({counted}) FROM booking AS o JOIN conference_space AS w ON w.id = o.space_id "
        f"WHERE o.status {_LIVE} AND {when} AND ({here}.building_id IS NULL OR w.building_id = {here}.building_id))"
    )


def _valid(time: dict[str, str], here: str) -> str:
    day = time["day"].format("p.t")
    return f"{day} >= {here}.valid_from AND ({here}.valid_to IS NULL OR {day} <= {here}.valid_to)"


def _over_ceiling(kind: str, time: dict[str, str]) -> str:
    """Whether a booking that was just written breaks a ceiling at any instant. A sum peaks only where one starts."""
    if kind != "gate":
        between = "b.starts > NEW.starts AND b.starts < NEW.ends"
        midnight = time["midnight"].format("d.valid_from")
        within = f"{midnight} > NEW.starts AND {midnight} < NEW.ends"
        more = f" UNION SELECT {midnight} FROM site_ceiling AS d WHERE {within}"
    else:
        between = f"b.starts > {time['hour_before'].format('NEW.starts')} AND b.starts < NEW.starts"
        more = ""
    others = f"SELECT b.starts FROM booking AS b WHERE {between} AND b.status {_LIVE}"
    points = f"SELECT NEW.starts AS t UNION {others}{more}"
    return (
        "EXISTS (SELECT 1 FROM site_ceiling AS c JOIN conference_space AS s ON s.id = NEW.space_id AND "
        f"(c.building_id IS NULL OR c.building_id = s.building_id) CROSS JOIN ({points}) AS p "
        f"WHERE c.kind = '{kind}' AND {_valid(time, 'c')} AND {_load(kind, time, 'c')} > c.ceiling)"
    )


def _too_low(kind: str, time: dict[str, str]) -> str:
    """Whether bookings that are there already break a ceiling that was just written."""
    points = (
        f"SELECT b.starts AS t FROM booking AS b WHERE b.status {_LIVE} "
        f"UNION SELECT {time['midnight'].format('NEW.valid_from')}"
    )
    broken = f"{_valid(time, 'NEW')} AND {_load(kind, time, 'NEW')} > NEW.ceiling"
    return f"NEW.kind = '{kind}' AND EXISTS (SELECT 1 FROM ({points}) AS p WHERE {broken})"


def _around(space: str) -> str:
    """The building around the door of a space: the first on the way up from the door's place, NULL without one."""
    step = "SELECT p.id, p.parent_id, p.place_kind"
    return (
        f"(WITH RECURSIVE up (id, parent_id, place_kind, steps) AS ({step}, 0 FROM space_door AS d "
        f"JOIN place AS p ON p.id = d.place_id WHERE d.space_id = {space} UNION ALL {step}, up.steps + 1 FROM up "
        f"JOIN place AS p ON p.id = up.parent_id WHERE up.steps < {_MOST_STEPS}) "
        "SELECT up.id FROM up WHERE up.place_kind = 'building' ORDER BY up.steps LIMIT 1)"
    )


def _follow_doors(which: str, other: str) -> str:
    """Have spaces stand in the buildings around their doors; those with bookings are refused by their own rule."""
    around = _around("conference_space.id")
    return (
        f"UPDATE conference_space SET building_id = {around} WHERE id IN ({which}) AND building_id {other} {around}; "
    )


_MOST_STEPS = 30
"""Places do not stand in each other that deep; what went round in a circle would have no end."""
_DOORS = "SELECT space_id FROM space_door"
_HAS_DOOR = "EXISTS (SELECT 1 FROM space_door WHERE space_id = OLD.id)"
_HAS_BOOKINGS = "EXISTS (SELECT 1 FROM booking WHERE space_id = {0}.space_id)"
_OTHER_KEY = "NEW.booking_id <> OLD.booking_id OR NEW.{0}_id <> OLD.{0}_id"
_RENUMBERED = "NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR NEW.made_at <> OLD.made_at"
# INSERT OR REPLACE and UPDATE OR REPLACE would delete another booking without a delete trigger.
_SAME = (
    "reference = NEW.reference OR import_key = NEW.import_key OR "
    "(series_id = NEW.series_id AND occurrence = NEW.occurrence)"
)

# --- SQLite: name, table, deed, condition, word of refusal; each before the deed.
ON_FILE = (
    *((f"rule_{n}_{deed.lower()}", "booking", deed, when, word)
      for deed in ("INSERT", "UPDATE") for n, (when, word) in enumerate(_booking(_FILE))),
    ("renumber", "booking", "UPDATE", _RENUMBERED, "booking_renumbered"),
    ("replace", "booking", "INSERT", f"EXISTS (SELECT 1 FROM booking WHERE id = NEW.id OR {_SAME})",
     "uq_booking_reference"),
    ("steal", "booking", "UPDATE", f"EXISTS (SELECT 1 FROM booking WHERE id <> OLD.id AND ({_SAME}))",
     "uq_booking_reference"),
    ("delete", "booking", "DELETE", "", "booking is append-only"),
    *((f"stray_{deed.lower()}", f"booking_{what}", deed, _stray(what), f"booking_{what}_follows_booking")
      for what in OCCUPIED for deed in ("INSERT", "UPDATE")),
    *(("swap", f"booking_{what}", "UPDATE", _OTHER_KEY.format(what), f"booking_{what}_follows_booking")
      for what in OCCUPIED),
    *((f"overlap_{deed.lower()}", f"booking_{what}", deed, _overlap(what), f"ex_booking_{what}_no_overlap")
      for what in OCCUPIED for deed in ("INSERT", "UPDATE")),
    ("shut_insert", "booking_cell", "INSERT", _SHUT, "booking_cell_closed"),
    ("shut_update", "booking_cell", "UPDATE", _SHUT, "booking_cell_closed"),
    ("delete", "booking_cell", "DELETE", _KEPT_CELL, "booking_cell_follows_booking"),
    ("booked_insert", "cell_closure", "INSERT", _BOOKED_CELL, "cell_closure_booked"),
    ("booked_update", "cell_closure", "UPDATE", _BOOKED_CELL, "cell_closure_booked"),
    ("booked_insert", "space_cell", "INSERT", _HAS_BOOKINGS.format("NEW"), "space_cells_booked"),
    ("booked_update", "space_cell", "UPDATE", f"{_HAS_BOOKINGS.format('NEW')} OR {_HAS_BOOKINGS.format('OLD')}",
     "space_cells_booked"),
    ("booked_delete", "space_cell", "DELETE", _HAS_BOOKINGS.format("OLD"), "space_cells_booked"),
    ("move", "conference_space", "UPDATE", "NEW.building_id IS NOT OLD.building_id AND "
     "EXISTS (SELECT 1 FROM booking WHERE space_id = OLD.id)", "space_building_booked"),
    ("door", "conference_space", "UPDATE", f"NEW.building_id IS NOT OLD.building_id AND {_HAS_DOOR} AND "
     f"NEW.building_id IS NOT {_around('OLD.id')}", "space_building_by_door"),
    # INSERT OR REPLACE would put another row in the place of one without its update trigger.
    ("replace", "conference_space", "INSERT", "EXISTS (SELECT 1 FROM conference_space WHERE id = NEW.id)",
     "uq_conference_space_code"),
    ("replace", "place", "INSERT", "EXISTS (SELECT 1 FROM place WHERE id = NEW.id)", "uq_place_code"),
    ("booked", "space_layout", "UPDATE", _layout(_FILE), "space_layout_booked"),
)  # fmt: skip


def _after(name: str, table: str, deed: str, when: str, body: str) -> tuple[str, str, str]:
    return name, table, f"CREATE TRIGGER {name} AFTER {deed} ON {table}{when} BEGIN {body} END"


def _raise_if(condition: str, word: str) -> str:
    return f"SELECT RAISE(ABORT, '{word}') WHERE {condition};"


_NEW_CELLS = (
    f"SELECT NEW.id, s.cell_id, NEW.blocks_from, NEW.blocks_to, NEW.status {_LIVE} FROM space_cell AS s "
    "WHERE s.space_id = NEW.space_id"
)
_COLUMNS = "(booking_id, cell_id, starts, ends, live)"
_FOLLOW = (
    "DELETE FROM booking_cell WHERE booking_id = NEW.id AND NOT EXISTS (SELECT 1 FROM space_cell AS s "
    "WHERE s.space_id = NEW.space_id AND s.cell_id = booking_cell.cell_id); "
    f"UPDATE booking_cell SET starts = NEW.blocks_from, ends = NEW.blocks_to, live = (NEW.status {_LIVE}) "
    "WHERE booking_id = NEW.id; "
    f"INSERT INTO booking_cell {_COLUMNS} {_NEW_CELLS} AND NOT EXISTS (SELECT 1 FROM booking_cell AS h "
    "WHERE h.booking_id = NEW.id AND h.cell_id = s.cell_id); "
    f"UPDATE booking_unit SET starts = NEW.blocks_from, ends = NEW.blocks_to, live = (NEW.status {_LIVE}) "
    "WHERE booking_id = NEW.id;"
)
_SUMS = " ".join(_raise_if(_over_ceiling(kind, _FILE), f"booking_over_{kind}") for kind in CEILINGS)
_LOW = " ".join(_raise_if(_too_low(kind, _FILE), "site_ceiling_exceeded") for kind in CEILINGS)
# SQLite, after the deed: name, table, statement.
AFTER_ON_FILE = (
    _after("tr_booking_cells_insert", "booking", "INSERT", "", f"INSERT INTO booking_cell {_COLUMNS} {_NEW_CELLS};"),
    _after("tr_booking_cells_update", "booking", "UPDATE OF space_id, blocks_from, blocks_to, status", "", _FOLLOW),
    *(_after(f"tr_booking_sums_{deed.lower()}", "booking", deed, f" WHEN NEW.status {_LIVE}", _SUMS)
      for deed in ("INSERT", "UPDATE")),
    *(_after(f"tr_site_ceiling_sums_{deed.lower()}", "site_ceiling", deed, "", _LOW) for deed in ("INSERT", "UPDATE")),
    *(_after(f"tr_space_door_building_{deed.lower()}", "space_door", deed, "", _follow_doors(which, "IS NOT").strip())
      for deed, which in (("INSERT", "NEW.space_id"), ("UPDATE", "NEW.space_id, OLD.space_id"),
                          ("DELETE", "OLD.space_id"))),
    _after("tr_place_doors", "place", "UPDATE OF parent_id, place_kind",
           " WHEN NEW.parent_id IS NOT OLD.parent_id OR NEW.place_kind <> OLD.place_kind",
           _follow_doors(_DOORS, "IS NOT").strip()),
)  # fmt: skip

# --- PostgreSQL.
ON_SERVER = (
    ("booking", "INSERT OR DELETE OR UPDATE"),
    ("booking_cell", "INSERT OR DELETE OR UPDATE"),
    ("booking_unit", "INSERT OR UPDATE"),
    ("cell_closure", "INSERT OR UPDATE"),
    ("space_cell", "INSERT OR DELETE OR UPDATE"),
    ("conference_space", "UPDATE"),
    ("space_layout", "UPDATE"),
)
AFTER_ON_SERVER = (
    ("tr_booking_follow", "booking",
     "CREATE TRIGGER tr_booking_follow AFTER INSERT OR UPDATE ON booking "
     "FOR EACH ROW EXECUTE FUNCTION follow_booking()"),
    ("tr_site_ceiling_sums", "site_ceiling",
     "CREATE TRIGGER tr_site_ceiling_sums AFTER INSERT OR UPDATE ON site_ceiling "
     "FOR EACH ROW EXECUTE FUNCTION check_site_ceiling()"),
    ("tr_site_ceiling_lock", "site_ceiling",
     "CREATE TRIGGER tr_site_ceiling_lock BEFORE INSERT OR UPDATE ON site_ceiling "
     "FOR EACH STATEMENT EXECUTE FUNCTION lock_bookings()"),
    ("tr_space_door_building", "space_door",
     "CREATE TRIGGER tr_space_door_building AFTER INSERT OR DELETE OR UPDATE ON space_door "
     "FOR EACH ROW EXECUTE FUNCTION follow_door()"),
    ("tr_place_doors", "place",
     "CREATE TRIGGER tr_place_doors AFTER UPDATE OF parent_id, place_kind ON place "
     "FOR EACH ROW EXECUTE FUNCTION follow_place()"),
)  # fmt: skip
EXCLUSIONS = {
    f"ex_booking_{what}_no_overlap": (
        f"booking_{what}",
        f"EXCLUDE USING gist ({what}_id WITH =, tstzrange(starts, ends, '[)'::text) WITH &&) WHERE (live)",
    )
    for what in OCCUPIED
}
"""PostgreSQL's own word against overlaps: name, table, definition as the server tells it back."""


def _refuse(condition: str, word: str) -> str:
    return f"IF {condition} THEN {raised(word)} END IF; "


# The numbers of the locks on cells and on units. Exclusion constraints alone would let two writers wait for each other.
_LOCKS = {"cell": 7301, "unit": 7302}


def _lock(what: str, ident: str) -> str:
    return f"PERFORM pg_advisory_xact_lock({_LOCKS[what]}, {ident}); "


_LOCK_DOORS = "PERFORM pg_advisory_xact_lock(7303, 0); "
_LOCK_CEILINGS = (
    "PERFORM 1 FROM site_ceiling AS c WHERE "
    f"c.valid_from <= {_SERVER['day'].format('NEW.ends')} AND "
    f"(c.valid_to IS NULL OR c.valid_to >= {_SERVER['day'].format('NEW.starts')}) ORDER BY c.id FOR UPDATE; "
)
_LOCK_CELLS = (
    "FOR taken IN SELECT DISTINCT s.cell_id FROM space_cell AS s WHERE s.space_id IN (NEW.space_id, OLD.space_id) "
    f"ORDER BY s.cell_id LOOP {_lock('cell', 'taken')}END LOOP; "
)
_SHARE = (
    "PERFORM 1 FROM conference_space WHERE id = NEW.space_id FOR SHARE; "
    "PERFORM 1 FROM space_layout WHERE id = NEW.layout_id FOR SHARE; "
)
_OWNER = "PERFORM 1 FROM booking WHERE id = NEW.booking_id FOR SHARE; "


def _occupied(what: str) -> str:
    """The body of the function that watches the cells or units of bookings."""
    deleted = f"IF TG_OP = 'DELETE' THEN {_refuse(_KEPT_CELL, 'booking_cell_follows_booking')}RETURN OLD; END IF; "
    word = f"booking_{what}_follows_booking"
    changed = f"IF TG_OP = 'UPDATE' THEN {_refuse(_OTHER_KEY.format(what), word)}END IF; "
    shut = _refuse(_SHUT, "booking_cell_closed") if what == "cell" else ""
    start = (deleted if what == "cell" else "") + _OWNER
    return f"BEGIN {start}{_refuse(_stray(what), word)}{changed}{_lock(what, f'NEW.{what}_id')}{shut}RETURN NEW; END"


FUNCTIONS = {
    "refuse_booking": "DECLARE taken integer; BEGIN "
    f"IF TG_OP = 'DELETE' THEN {raised('booking is append-only')} END IF; "
    f"IF TG_OP = 'UPDATE' THEN {_refuse(_RENUMBERED, 'booking_renumbered')}END IF; "
    f"IF NEW.status {_LIVE} THEN {_LOCK_CEILINGS}END IF; {_SHARE}{_LOCK_CELLS}"
    + "".join(_refuse(when, word) for when, word in _booking(_SERVER))
    + "RETURN NEW; END",
    "follow_booking": f"BEGIN {_FOLLOW} IF NEW.status {_LIVE} THEN "
    + "".join(_refuse(_over_ceiling(kind, _SERVER), f"booking_over_{kind}") for kind in CEILINGS)
    + "END IF; RETURN NULL; END",
    **{f"refuse_booking_{what}": _occupied(what) for what in OCCUPIED},
    "refuse_cell_closure": f"BEGIN {_lock('cell', 'NEW.cell_id')}{_refuse(_BOOKED_CELL, 'cell_closure_booked')}"
    "RETURN NEW; END",
    "refuse_space_cell": "BEGIN PERFORM 1 FROM conference_space WHERE id IN (NEW.space_id, OLD.space_id) "
    f"ORDER BY id FOR UPDATE; IF TG_OP <> 'INSERT' THEN {_refuse(_HAS_BOOKINGS.format('OLD'), 'space_cells_booked')}"
    f"END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; {_refuse(_HAS_BOOKINGS.format('NEW'), 'space_cells_booked')}"
    "RETURN NEW; END",
    "refuse_conference_space": "BEGIN IF NEW.building_id IS DISTINCT FROM OLD.building_id AND EXISTS (SELECT 1 FROM "
    f"booking WHERE space_id = OLD.id) THEN {raised('space_building_booked')} END IF; "
    + _refuse(f"NEW.building_id IS DISTINCT FROM OLD.building_id AND {_HAS_DOOR} AND NEW.building_id IS DISTINCT FROM "
              f"{_around('OLD.id')}", "space_building_by_door")
    + "RETURN NEW; END",
    # A door that is put up and a place that moves wait for each other, so that each sees the other.
    "follow_door": f"BEGIN {_LOCK_DOORS}{_follow_doors('NEW.space_id, OLD.space_id', 'IS DISTINCT FROM')}"
    "RETURN NULL; END",
    "follow_place": "BEGIN IF NEW.parent_id IS DISTINCT FROM OLD.parent_id OR NEW.place_kind <> OLD.place_kind THEN "
    f"{_LOCK_DOORS}{_follow_doors(_DOORS, 'IS DISTINCT FROM')}END IF; RETURN NULL; END",
    "refuse_space_layout": f"BEGIN {_refuse(_layout(_SERVER), 'space_layout_booked')}RETURN NEW; END",
    # A new ceiling waits for bookings under way, and they for it: each then sees the other.
    "lock_bookings": "BEGIN LOCK TABLE booking IN SHARE ROW EXCLUSIVE MODE; RETURN NULL; END",
    "check_site_ceiling": "BEGIN "
    + "".join(_refuse(_too_low(kind, _SERVER), "site_ceiling_exceeded") for kind in CEILINGS)
    + "RETURN NULL; END",
}
