"""What stands in the tables, for comparing before and after."""

from __future__ import annotations

from sqlalchemy import text

# What a deed that was taken back may leave behind: the count of changes, and the number of a row in the search table.
LEFT = {"version"}
TABLES = {
    "entity": "id",
    "person": "id",
    "place": "id",
    "account": "id",
    "account_role": "account_id, desk",
    "search_entry": "kind, record_id",
}


def rows_of(office, *tables):
    """The rows of some tables (or of all that people and places write), without what a take-back may leave."""
    found = {}
    with office.engine.connect() as connection:
        for table in tables or TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY {TABLES[table]}")).mappings()
            left = LEFT | ({"id"} if table == "search_entry" else set())
            found[table] = [{name: value for name, value in row.items() if name not in left} for row in rows]
    return found


def undo(office, changes):
    """Take a deed back, as the button in the window does."""
    return office.write(changes.undo.command, *changes.undo.args)


def check_undo(office, command, *args):
    """Do a deed, take it back, do it again by taking that back: the tables are as before, and as after."""
    before = rows_of(office)
    done = office.write(command, *args)
    after = rows_of(office)
    assert after != before
    taken_back = undo(office, done)
    assert rows_of(office) == before
    undo(office, taken_back)
    assert rows_of(office) == after
    return done
