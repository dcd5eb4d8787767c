"""How a server seals facts: after each statement that adds some, and all of a deed's into its entry at the commit.

What the statements of a transaction added waits in settings of that transaction (`cbo.…`), which a rollback takes back
with the rest. Whoever sets them otherwise by hand forges the seals of what they add themselves, and `check` names it.
"""

from __future__ import annotations

from collections.abc import Iterator

from db.seals import FORMS, MOST, SHORT, Form, words_on_server

TRIGGER = "tr_{table}_sealed"


def triggers_on_server() -> Iterator[tuple[str, str, str]]:
    """Name, table and making of the trigger of each sealed table, in the words in which the server tells it back."""
    for table in FORMS:
        name = TRIGGER.format(table=table)
        yield (
            name,
            table,
            f"CREATE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
            f"FOR EACH STATEMENT EXECUTE FUNCTION seal_{table}()",
        )


def functions() -> dict[str, str]:
    """The bodies of the trigger functions."""
    return {f"seal_{table}": (_of_texts if form.told else _of_numbers)(table, form) for table, form in FORMS.items()}


# What a setting of this transaction holds, nothing where it holds nothing.
_HELD = "nullif(current_setting('cbo.{}', true), '')"
_PUT = "PERFORM set_config('cbo.{}', {}, true); "
# The table is noted as one that something was added to.
_NOTED = (
    f"IF coalesce(' ' || {_HELD.format('sealing')} || ' ', '') NOT LIKE '% {{0}} %' THEN "
    f"PERFORM set_config('cbo.sealing', concat_ws(' ', {_HELD.format('sealing')}, '{{0}}'), true); END IF; "
)


def _of_numbers(table: str, form: Form) -> str:
    """Rows that follow each other share a seal: what is open of it is first key, last key, rows, SHA-256, marks."""
    keys = ", ".join(f'"{name}"' for name in form.keys)
    key = f"ARRAY[{keys}]::bigint[]"
    follows = "one.key[1] = newest[1] + 1" if len(form.keys) == 1 else "one.key[1] = newest[1] AND one.key > newest"
    return (
        f"DECLARE one record; going text[] := string_to_array({_HELD.format('open_' + table)}, ' '); "
        f"closed text := {_HELD.format('closed_' + table)}; "
        "begun bigint[] := string_to_array(going[1], ','); newest bigint[] := string_to_array(going[2], ','); "
        "many int := going[3]; rolled bytea := decode(going[4], 'hex'); marks text := going[5]; BEGIN "
        f"FOR one IN SELECT {key} AS key, sha256(convert_to({words_on_server(table, 'fresh')}, 'UTF8')) AS digest "
        f"FROM fresh ORDER BY {keys} LOOP "
        f"IF many < {MOST} AND {follows} THEN rolled := sha256(rolled || one.digest); many := many + 1; "
        f"marks := marks || left(encode(one.digest, 'hex'), {SHORT}); "
        "ELSE IF many > 0 THEN closed := concat_ws(',', closed, "
        "seal_told(concat_ws(' ', array_to_string(begun, ','), array_to_string(newest, ','), many, "
        "encode(rolled, 'hex'), marks))); END IF; "
        f"begun := one.key; rolled := one.digest; many := 1; marks := left(encode(one.digest, 'hex'), {SHORT}); "
        "END IF; newest := one.key; END LOOP; "
        "IF many > 0 THEN "
        + _NOTED.format(table)
        + _PUT.format("closed_" + table, "coalesce(closed, '')")
        + _PUT.format(
            "open_" + table,
            "concat_ws(' ', array_to_string(begun, ','), array_to_string(newest, ','), many, "
            "encode(rolled, 'hex'), marks)",
        )
        + "END IF; RETURN NULL; END"
    )


def _of_texts(table: str, form: Form) -> str:
    key = f'fresh."{form.key}"'
    return (
        f"DECLARE closed text; BEGIN SELECT string_agg('[' || to_json({key})::text || ',' || to_json({key})::text || "
        f"',\"' || encode(sha256(convert_to({words_on_server(table, 'fresh')}, 'UTF8')), 'hex') || '\"]', ',' "
        f'ORDER BY {key} COLLATE "C") INTO closed FROM fresh; IF closed IS NOT NULL THEN '
        + _NOTED.format(table)
        + _PUT.format("closed_" + table, f"concat_ws(',', {_HELD.format('closed_' + table)}, closed)")
        + "END IF; RETURN NULL; END"
    )


# From `open` to what an entry holds: one row has neither a number of rows nor marks.
HELPERS = {
    "seal_told(going text)": (
        "text",
        "DECLARE part text[] := string_to_array(going, ' '); BEGIN RETURN '[' || "
        "CASE WHEN part[1] LIKE '%,%' THEN '[' || part[1] || '],[' || part[2] || ']' "
        "ELSE part[1] || ',' || part[2] END || ',\"' || part[4] || '\"' || "
        "CASE WHEN part[3] = '1' THEN '' ELSE ',\"' || part[5] || '\"' END || ']'; END",
    ),
}

GATHER = (
    "FOR sealing IN SELECT one FROM unnest(string_to_array(nullif(current_setting('cbo.sealing', true), ''), ' ')) "
    "AS one ORDER BY one COLLATE \"C\" "
    "LOOP sealed := concat_ws(',', sealed, to_json(sealing)::text || ':[' || concat_ws(',', "
    "nullif(current_setting('cbo.closed_' || sealing, true), ''), "
    "seal_told(nullif(current_setting('cbo.open_' || sealing, true), ''))) || ']'); "
    "PERFORM set_config('cbo.closed_' || sealing, '', true), set_config('cbo.open_' || sealing, '', true); END LOOP; "
    "IF sealed IS NOT NULL THEN PERFORM set_config('cbo.sealing', '', true); sealed_said := '{' || sealed || '}'; "
    "END IF; NEW.sealed := sealed_said::jsonb; "
)
"""Puts the seals of this transaction into the entry; wants `sealing`, `sealed` and `sealed_said`, all texts.

Names in order, no blanks: `sealed_said` is at once what is hashed. All NULL where nothing was added.
"""


def since_on_server() -> str:
    """PostgreSQL's expression for what stood when the first seal was put: the newest row of each table."""
    pairs = ", ".join(f"'{table}', {_newest(form, table)}" for table, form in FORMS.items())
    return f"jsonb_strip_nulls(jsonb_build_object({pairs}))"


def _newest(form: Form, table: str) -> str:
    if form.order:  # the moment of the entry: not everybody sees all rows of such a table
        return "to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    return f'(SELECT max("{form.since}") FROM {table})'


BEGIN = (
    f"NEW.sealed := NEW.sealed || jsonb_build_object('since', {since_on_server()}); "
    "sealed_said := audit_json(NEW.sealed); "
)
"""Notes in the first entry that has seals which rows stood before it."""


