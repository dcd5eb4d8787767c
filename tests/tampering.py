"""What somebody does who owns the database's file or server: lift a rule, alter a row, put the rule back."""

from __future__ import annotations

from db import triggers


def move_head(connection, statement="UPDATE audit_head SET hash = 'x'"):
    """Alter the head of the audit chain behind the rule that holds it."""
    server = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(
        "DROP TRIGGER tr_audit_head_refuse ON audit_head" if server else "DROP TRIGGER tr_audit_head_refuse_leap"
    )
    connection.exec_driver_sql(statement)
    triggers.install(connection)
