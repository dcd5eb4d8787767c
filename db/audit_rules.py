"""What the database itself refuses of the audit: an entry out of its turn, and one in somebody else's name.

On a file the program reckons the hashes of the chain; the database holds that each entry follows the newest one and
that the head names an entry that is there. On a server an entry comes without number and hashes: PostgreSQL takes the
head, makes the link and moves the head, so that the head is held for as long as that takes and not for as long as a
client takes to answer. An entry that brings its own number is held against what the server reckons. Where people have
roles of their own on a server, an entry names the one who is connected, or the house for what the house does, and the
moment it is written in.
"""

from __future__ import annotations

from db import seal_rules
from db.raising import raised
from db.row_rules import IS_STAFF

HOUSE = {
    "outbox": ("settings.claim_messages", "settings.mark_sent", "settings.mark_failed", "settings.note_lost_messages"),
    "clock": ("conference.expire_holds", "conference.fill_waitlist"),
    "nobody": ("door.count_try", "door.note_wrong", "door.let_in"),
}
"""Who acts when nobody does, and what alone they do: the sender of messages, the clock, whoever stands at the door."""
EARLY_S, LATE_S = 900, 300
"""Seconds by which an entry's moment may lie before its transaction and after it, by the server's clock."""

_TURN = (
    "NOT EXISTS (SELECT 1 FROM audit_head AS head WHERE head.seq + 1 = NEW.seq AND head.hash = NEW.previous)"
)
_HEAD = (
    "NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1 OR "
    "OLD.sealed_from <> coalesce(NEW.sealed_from, -1) OR "
    "NOT EXISTS (SELECT 1 FROM audit_entry AS newest WHERE newest.seq = NEW.seq AND newest.hash = NEW.hash)"
)
_OF_HOUSE = " OR ".join(f"(NEW.actor = '{name}' AND NEW.command IN {does!r})" for name, does in HOUSE.items())
_FORGED = f"NOT (NEW.actor = session_user OR {_OF_HOUSE}) AND {IS_STAFF}"
_OTHER_TIME = (
    f"(NEW.at < now() - interval '{EARLY_S} seconds' OR NEW.at > clock_timestamp() + interval '{LATE_S} seconds') "
    f"AND {IS_STAFF}"
)
# The entry as `cbo_desk.audit.digest` writes it before it takes the hash: names in order, no blanks, instants in UTC.
_AT = (
    "to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS') || CASE WHEN "
    "extract(microseconds FROM NEW.at)::bigint % 1000000 = 0 THEN '' ELSE to_char(NEW.at, '.US') END || '+00:00'"
)
_SAID = ", ".join(
    f"'\"{name}\":' || {told}"
    for name, told in (
        ("actor", "to_json(NEW.actor)::text"), ("args", "args_said"), ("at", f"to_json({_AT})::text"),
        ("command", "to_json(NEW.command)::text"), ("previous", "to_json(NEW.previous)::text"),
        ("said", "to_json(NEW.said)::text"), ("sealed", "sealed_said"), ("seq", "NEW.seq::text"),
        ("touched", "touched_said"), ("workstation", "to_json(NEW.workstation)::text"),
    )
)  # fmt: skip
# An entry without seals has no word of them: what was written before there were any keeps its hash.
_HASH = f"encode(sha256(convert_to('{{' || concat_ws(',', {_SAID}) || '}}', 'UTF8')), 'hex')"

# Name, table, deed, condition, word of refusal.
ON_FILE = (
    ("turn", "audit_entry", "INSERT", _TURN, "audit_entry_out_of_turn"),
    ("leap", "audit_head", "UPDATE", _HEAD, "audit_head_follows_entries"),
    ("second", "audit_head", "INSERT", "EXISTS (SELECT 1 FROM audit_head)", "audit_head_follows_entries"),
)
ON_SERVER = (("audit_entry", "INSERT"), ("audit_head", "INSERT OR UPDATE"))
FOLLOW_ON_SERVER = (
    "CREATE TRIGGER tr_audit_entry_moves AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION move_audit_head()"
)

FUNCTIONS = {
    # The long texts first: from the head on everybody else's deed waits for this one.
    "refuse_audit_entry": "DECLARE newest record; args_said text := audit_json(NEW.args); "
    "touched_said text := audit_json(NEW.touched); sealing text; sealed text; sealed_said text; BEGIN "
    f"IF {_FORGED} THEN {raised('audit_entry_forged')} END IF; "
    f"IF {_OTHER_TIME} THEN {raised('audit_entry_other_time')} END IF; "
    f"{seal_rules.GATHER}IF NEW.seq IS NULL THEN "
    "SELECT seq, hash, sealed_from INTO newest FROM audit_head WHERE id = 1 FOR UPDATE; "
    f"IF sealed IS NOT NULL AND newest.sealed_from IS NULL THEN {seal_rules.BEGIN}END IF; "
    f"NEW.seq := newest.seq + 1; NEW.previous := newest.hash; NEW.hash := {_HASH}; RETURN NEW; END IF; "
    f"IF {_TURN} THEN {raised('audit_entry_out_of_turn')} END IF; "
    f"IF NEW.hash <> {_HASH} THEN {raised('audit_entry_other_hash')} END IF; RETURN NEW; END",
    "move_audit_head": "BEGIN UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash, sealed_from = "
    "CASE WHEN sealed_from IS NULL AND NEW.sealed IS NOT NULL THEN NEW.seq ELSE sealed_from END WHERE id = 1; "
    "RETURN NULL; END",
    "refuse_audit_head": "BEGIN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM audit_head) "
    f"THEN {raised('audit_head_follows_entries')} END IF; RETURN NEW; END IF; "
    f"IF {_HEAD} THEN {raised('audit_head_follows_entries')} END IF; RETURN NEW; END",
}

# What the trigger asks: plain values as Python's `json` writes them, names in order, no blanks, letters as they are.
HELPERS = {
    "audit_json(told jsonb)": (
        "text",
        "BEGIN IF jsonb_typeof(told) = 'object' THEN RETURN '{' || coalesce((SELECT string_agg(to_json(one.key)::text "
        "|| ':' || audit_json(one.value), ',' ORDER BY one.key COLLATE \"C\") FROM jsonb_each(told) AS one), '') "
        "|| '}'; ELSIF jsonb_typeof(told) = 'array' THEN RETURN '[' || coalesce((SELECT string_agg("
        "audit_json(one.value), ',' ORDER BY one.at) FROM jsonb_array_elements(told) WITH ORDINALITY AS one(value, at)"
        "), '') || ']'; END IF; RETURN told::text; END",
    ),
}
