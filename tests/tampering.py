"""What somebody does who owns the database's file or server: lift a rule, alter a row, put the rule back."""

from __future__ import annotations

from contextlib import contextmanager

from sqlalchemy.orm import Session

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


class StandIn:
    """The office as it would be had somebody kept what they did: reads on the connection that takes it all back."""

    def __init__(self, office, connection):
        self.office, self.connection = office, connection

    def read(self, query):
        with Session(self.connection) as session:
            return query(session)


@contextmanager
def without_rules(engine, *more):
    """A connection on which the rules of mail, things and `more` tables are off; what is done on it is taken back."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for one in triggers.for_sqlite():
                if one.table.startswith(("mail_", "asset", *more)) and "TRIGGER" in one.make:
                    connection.exec_driver_sql(f"DROP TRIGGER {one.name}")
        else:
            for table in ("mail_item", "mail_event", "asset", "asset_event", *more):
                connection.exec_driver_sql(f"GRANT ALL ON {table} TO CURRENT_USER")
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
        connection.rollback()
