"""What the database itself refuses of custom fields, on both engines: words and conditions for `db.triggers`.

A field keeps its category and its key for good; a value is always of its field's kind, whoever writes it.
"""

from __future__ import annotations

from db.raising import raised

_SWAPPED = "NEW.id <> OLD.id OR NEW.category_id <> OLD.category_id OR NEW.key <> OLD.key"
_FITS_ON_FILE = (
    "CASE {kind} WHEN 'number' THEN v.type IN ('integer', 'real') WHEN 'yes_no' THEN v.type IN ('true', 'false') "
    "ELSE v.type = 'text' END"
)
_FITS_ON_SERVER = (
    "jsonb_typeof(v.value) = CASE {kind} WHEN 'number' THEN 'number' WHEN 'yes_no' THEN 'boolean' ELSE 'string' END"
)
_WRONG_ON_FILE = (
    "NEW.custom <> '{}' AND (json_type(NEW.custom) <> 'object' OR EXISTS (SELECT 1 FROM json_each(NEW.custom) v "
    "JOIN category_field f ON f.key = v.key AND f.category_id = NEW.category_id WHERE NOT "
    + _FITS_ON_FILE.format(kind="f.kind")
    + "))"
)

ON_FILE = (
    ("replace", "category_field", "INSERT",
     "EXISTS (SELECT 1 FROM category_field WHERE id = NEW.id OR (category_id = NEW.category_id AND key = NEW.key))",
     "uq_category_field_category_id_key"),
    ("delete", "category_field", "DELETE", "", "category_field_kept"),
    ("swap", "category_field", "UPDATE", _SWAPPED, "category_field_kept"),
    ("retype", "category_field", "UPDATE OF kind",
     "NEW.kind <> OLD.kind AND EXISTS (SELECT 1 FROM asset, json_each(asset.custom) v WHERE "
     f"asset.category_id = NEW.category_id AND v.key = NEW.key AND NOT {_FITS_ON_FILE.format(kind='NEW.kind')})",
     "category_field_values"),
    ("custom", "asset", "INSERT", _WRONG_ON_FILE, "asset_custom_values"),
    ("custom_change", "asset", "UPDATE OF custom, category_id", _WRONG_ON_FILE, "asset_custom_values"),
)  # fmt: skip

ON_SERVER = (("category_field", "DELETE OR UPDATE"),)

# Asked only where there are values: an import of a hundred thousand without custom fields pays nothing.
CUSTOM_ON_SERVER = (
    "CREATE TRIGGER tr_asset_refuse_custom BEFORE INSERT OR UPDATE OF custom, category_id ON asset "
    "FOR EACH ROW WHEN (new.custom <> '{}'::jsonb) EXECUTE FUNCTION refuse_asset_custom()"
)


FUNCTIONS = {
    "refuse_category_field": f"BEGIN IF TG_OP = 'DELETE' THEN {raised('category_field_kept')} END IF; "
    f"IF {_SWAPPED} THEN {raised('category_field_kept')} END IF; "
    "IF NEW.kind <> OLD.kind AND EXISTS (SELECT 1 FROM asset, jsonb_each(asset.custom) v WHERE "
    f"asset.category_id = NEW.category_id AND v.key = NEW.key AND NOT {_FITS_ON_SERVER.format(kind='NEW.kind')}) "
    f"THEN {raised('category_field_values')} END IF; RETURN NEW; END",
    # Waits for whoever is just changing a definition, then sees its new kind.
    "refuse_asset_custom": f"BEGIN IF jsonb_typeof(NEW.custom) <> 'object' THEN {raised('asset_custom_values')} "
    "END IF; PERFORM 1 FROM category_field WHERE category_id = NEW.category_id FOR SHARE; "
    "IF EXISTS (SELECT 1 FROM jsonb_each(NEW.custom) v JOIN category_field f ON f.key = v.key "
    f"AND f.category_id = NEW.category_id WHERE NOT {_FITS_ON_SERVER.format(kind='f.kind')}) "
    f"THEN {raised('asset_custom_values')} END IF; RETURN NEW; END",
}
