"""Runs the schema's steps on the connection that `db.migrate` opened."""

from __future__ import annotations

from alembic import context

from db import tables  # noqa: F401 - every table must be known to autogenerate
from db.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
