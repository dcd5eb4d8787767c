"""What somebody does who owns the database's file or server: lift a rule, alter a row, put the rule back."""

from __future__ import annotations

from db import triggers

MAIL_TABLES = ("mail_item", "mail_event", "mail_proof", "mail_outgoing", "mail_outgoing_event")


def move_head(connection, statement="UPDATE audit_head SET hash = 'x'"):
    """Alter the head of the audit chain behind the rule that holds it."""
    server = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(
        "DROP TRIGGER tr_audit_head_refuse ON audit_head" if server else "DROP TRIGGER tr_audit_head_refuse_leap"
    )
    connection.exec_driver_sql(statement)
    triggers.install(connection)


def change_mail(office, *statements):
    """Run statements with every rule of the mail tables taken off, as somebody with the file or the server may."""
    engine = office.engine
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for one in triggers.for_sqlite():
                if one.table.startswith("mail_") and "TRIGGER" in one.make:
                    connection.exec_driver_sql(f"DROP TRIGGER {one.name}")
        else:
            for table in MAIL_TABLES:
                connection.exec_driver_sql(f"GRANT ALL ON {table} TO CURRENT_USER")
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)
