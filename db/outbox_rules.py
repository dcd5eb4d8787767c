"""What the database itself refuses of messages, on both engines: words and conditions for `db.triggers`.

A message keeps its words and its id, and one that was sent stays sent, so that nobody can send it a second time.
"""

from __future__ import annotations

from db.raising import raised

_LETTER = ("id", "message_id", '"to"', "subject", "body", "calendar", "record_kind", "record_id", "person_id")


def _rules(differs: str) -> tuple[tuple[str, str, str], ...]:
    letter = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _LETTER)
    sent = f"OLD.state = 'sent' AND (NEW.state <> 'sent' OR NEW.sent_at {differs} OLD.sent_at)"
    return (("letter", letter, "notification_frozen"), ("sent", sent, "notification_sent_once"))


FACTS = {"notification_file": "id"}

ON_FILE = (
    ("replace", "notification", "INSERT",
     "EXISTS (SELECT 1 FROM notification WHERE id = NEW.id OR message_id = NEW.message_id)",
     "notification is append-only"),
    ("delete", "notification", "DELETE", "", "notification is append-only"),
    *((name, "notification", "UPDATE", when, word) for name, when, word in _rules("IS NOT")),
)  # fmt: skip

ON_SERVER = (("notification", "DELETE OR UPDATE"),)

_ASKED = "".join(f"IF {when} THEN {raised(word)} END IF; " for _name, when, word in _rules("IS DISTINCT FROM"))
FUNCTIONS = {
    "refuse_notification": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('notification is append-only')} END IF; "
    f"{_ASKED}RETURN NEW; END",
}
