"""What the database itself refuses of assets that are part of others: none is ever a part of itself, near or far."""

from __future__ import annotations

from db.raising import raised

_ABOVE = (
    "WITH RECURSIVE above(id) AS (SELECT NEW.parent_id UNION SELECT a.parent_id FROM asset a "
    "JOIN above ON a.id = above.id WHERE a.parent_id IS NOT NULL) SELECT id FROM above"
)
ON_FILE = (
    ("ring", "asset", "UPDATE OF parent_id", f"NEW.parent_id IS NOT NULL AND NEW.id IN ({_ABOVE})", "asset_no_ring"),
)
MADE_ON_SERVER = (
    "CREATE TRIGGER tr_asset_refuse_ring BEFORE UPDATE OF parent_id ON asset "
    "FOR EACH ROW WHEN (new.parent_id IS NOT NULL) EXECUTE FUNCTION refuse_asset_ring()"
)
FUNCTIONS = {
    # The whole is held, so that two who make each other's part meet: one of them is told so.
    "refuse_asset_ring": "BEGIN PERFORM 1 FROM asset WHERE id = NEW.parent_id FOR UPDATE; "
    f"IF NEW.id IN ({_ABOVE}) THEN {raised('asset_no_ring')} END IF; RETURN NEW; END",
}
