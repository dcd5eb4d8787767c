"""What the database itself refuses of the audit: an entry out of its turn, and one in somebody else's name.

The chain's hashes are reckoned by the program, on both engines alike; the database holds that each entry follows the
newest one and that the head names an entry that is there. Where people have roles of their own on a server, an entry
names the one who is connected.
"""

from __future__ import annotations

from db.raising import raised
from db.staff import STAFF

HOUSE = ("outbox", "clock", "nobody")
"""Who acts when nobody does: the sender of messages, the clock, and whoever stands at the door."""

_TURN = (
    "NOT EXISTS (SELECT 1 FROM audit_head AS head WHERE head.seq + 1 = NEW.seq AND head.hash = NEW.previous)"
)
_HEAD = (
    "NEW.id <> OLD.id OR NEW.seq <> OLD.seq + 1 OR "
    "NOT EXISTS (SELECT 1 FROM audit_entry AS newest WHERE newest.seq = NEW.seq AND newest.hash = NEW.hash)"
)
# Membership is looked up by name, for a server without such people has no such role.
_FORGED = (
    f"NEW.actor NOT IN (session_user, {', '.join(repr(name) for name in HOUSE)}) AND EXISTS (SELECT 1 FROM "
    "pg_auth_members JOIN pg_roles AS staff ON staff.oid = roleid JOIN pg_roles AS one ON one.oid = member "
    f"WHERE staff.rolname = '{STAFF}' AND one.rolname = session_user)"
)

# Name, table, deed, condition, word of refusal.
ON_FILE = (
    ("turn", "audit_entry", "INSERT", _TURN, "audit_entry_out_of_turn"),
    ("leap", "audit_head", "UPDATE", _HEAD, "audit_head_follows_entries"),
    ("second", "audit_head", "INSERT", "EXISTS (SELECT 1 FROM audit_head)", "audit_head_follows_entries"),
)
ON_SERVER = (("audit_entry", "INSERT"), ("audit_head", "INSERT OR UPDATE"))

FUNCTIONS = {
    "refuse_audit_entry": f"BEGIN IF {_TURN} THEN {raised('audit_entry_out_of_turn')} END IF; "
    f"IF {_FORGED} THEN {raised('audit_entry_forged')} END IF; RETURN NEW; END",
    "refuse_audit_head": "BEGIN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM audit_head) "
    f"THEN {raised('audit_head_follows_entries')} END IF; RETURN NEW; END IF; "
    f"IF {_HEAD} THEN {raised('audit_head_follows_entries')} END IF; RETURN NEW; END",
}
