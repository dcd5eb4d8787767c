"""What the database refuses of campaigns: a closed one stays as it is, a frozen list is frozen, a count is a fact."""

from __future__ import annotations

from db.raising import raised

_SHUT = "EXISTS (SELECT 1 FROM campaign WHERE id = NEW.campaign_id AND closed_at IS NOT NULL)"
_ROOM_SHUT = (
    "EXISTS (SELECT 1 FROM campaign_room WHERE campaign_id = NEW.campaign_id AND place_id = NEW.room_id "
    "AND closed_at IS NOT NULL)"
)
_FROZEN = "EXISTS (SELECT 1 FROM campaign WHERE id = NEW.campaign_id AND expected IS NOT NULL)"
_ALIEN = (
    "NEW.undoes_id IS NOT NULL AND (EXISTS (SELECT 1 FROM campaign_count WHERE undoes_id = NEW.undoes_id) "
    "OR NOT EXISTS (SELECT 1 FROM campaign_count WHERE id = NEW.undoes_id AND undoes_id IS NULL "
    "AND campaign_id = NEW.campaign_id AND room_id = NEW.room_id))"
)
# What SQLite refuses of campaigns: name of the trigger, table, deed, when, and the word it refuses with. A row is also
# refused that would replace another one: INSERT OR REPLACE and UPDATE OR REPLACE delete without a delete trigger.
ON_FILE = (
    ("replace", "campaign", "INSERT", "EXISTS (SELECT 1 FROM campaign WHERE id = NEW.id OR reference = NEW.reference)",
     "uq_campaign_reference"),
    ("change", "campaign", "UPDATE", "OLD.closed_at IS NOT NULL", "campaign_closed"),
    ("thaw", "campaign", "UPDATE",
     "NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR (OLD.expected IS NOT NULL AND "
     "(NEW.expected IS NOT OLD.expected OR NEW.scope IS NOT OLD.scope))",
     "campaign_frozen"),
    ("delete", "campaign", "DELETE", "", "campaign is append-only"),
    ("add", "campaign_room", "INSERT", _SHUT, "campaign_closed"),
    ("replace", "campaign_room", "INSERT",
     "EXISTS (SELECT 1 FROM campaign_room WHERE campaign_id = NEW.campaign_id AND place_id = NEW.place_id)",
     "campaign_room is append-only"),
    ("change", "campaign_room", "UPDATE", _SHUT, "campaign_closed"),
    ("reopen", "campaign_room", "UPDATE", "OLD.closed_at IS NOT NULL", "campaign_room_closed"),
    ("swap", "campaign_room", "UPDATE", "NEW.campaign_id <> OLD.campaign_id OR NEW.place_id <> OLD.place_id",
     "campaign_frozen"),
    ("delete", "campaign_room", "DELETE", "", "campaign_room is append-only"),
    ("add", "campaign_item", "INSERT", _FROZEN, "campaign_frozen"),
    ("add", "campaign_count", "INSERT", _SHUT, "campaign_closed"),
    ("room", "campaign_count", "INSERT", _ROOM_SHUT, "campaign_room_closed"),
    ("undo", "campaign_count", "INSERT", _ALIEN, "campaign_count_undone_once"),
)  # fmt: skip

ON_SERVER = (
    ("campaign", "DELETE OR UPDATE"),
    ("campaign_room", "INSERT OR DELETE OR UPDATE"),
    ("campaign_item", "INSERT"),
    ("campaign_count", "INSERT"),
)


# Waits for whoever is just closing the campaign, then sees that it is closed.
_LOCKED = "SELECT closed_at INTO shut FROM campaign WHERE id = NEW.campaign_id FOR SHARE;"

FUNCTIONS = {
    "refuse_campaign": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('campaign is append-only')} END IF; "
    f"IF OLD.closed_at IS NOT NULL THEN {raised('campaign_closed')} END IF; "
    "IF NEW.id <> OLD.id OR NEW.reference <> OLD.reference OR (OLD.expected IS NOT NULL AND "
    "(NEW.expected IS DISTINCT FROM OLD.expected OR NEW.scope IS DISTINCT FROM OLD.scope)) "
    f"THEN {raised('campaign_frozen')} END IF; RETURN NEW; END",
    "refuse_campaign_room": f"DECLARE shut timestamptz; BEGIN IF TG_OP = 'DELETE' "
    f"THEN {raised('campaign_room is append-only')} END IF; "
    f"{_LOCKED} IF shut IS NOT NULL THEN {raised('campaign_closed')} END IF; "
    f"IF TG_OP = 'UPDATE' THEN IF OLD.closed_at IS NOT NULL THEN {raised('campaign_room_closed')} END IF; "
    "IF NEW.campaign_id <> OLD.campaign_id OR NEW.place_id <> OLD.place_id "
    f"THEN {raised('campaign_frozen')} END IF; END IF; RETURN NEW; END",
    "refuse_campaign_item": "BEGIN IF EXISTS (SELECT 1 FROM campaign WHERE id = NEW.campaign_id AND expected "
    f"IS NOT NULL) THEN {raised('campaign_frozen')} END IF; RETURN NEW; END",
    "refuse_campaign_count": f"DECLARE shut timestamptz; BEGIN {_LOCKED} "
    f"IF shut IS NOT NULL THEN {raised('campaign_closed')} END IF; "
    "SELECT closed_at INTO shut FROM campaign_room WHERE campaign_id = NEW.campaign_id AND place_id = NEW.room_id "
    f"FOR SHARE; IF shut IS NOT NULL THEN {raised('campaign_room_closed')} END IF; "
    "IF NEW.undoes_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaign_count WHERE id = NEW.undoes_id "
    "AND undoes_id IS NULL AND campaign_id = NEW.campaign_id AND room_id = NEW.room_id) "
    f"THEN {raised('campaign_count_undone_once')} END IF; RETURN NEW; END",
}
