"""The quick look at a database's schema says what alembic would say, and starting does not ask alembic."""

from __future__ import annotations

import subprocess
import sys

from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from db import migrate, schema


def test_the_newest_file_is_the_head():
    assert migrate.newest() == schema.NEWEST


def test_it_reads_what_alembic_reads(engine):
    with engine.connect() as connection:
        assert schema.current(engine) == MigrationContext.configure(connection).get_current_revision()


def test_a_version_of_the_future(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema.current(engine) == "9999"


def test_opening_imports_no_alembic(sqlite_url):
    code = (
        f"import sys; from cbo_desk.compound import open_office; open_office({sqlite_url!r}, check=False).close(); "
        "heavy = ('alembic', 'mako', 'reportlab', 'openpyxl', 'numpy', 'zxingcpp', 'qrcode', 'PIL', 'psycopg'); "
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
