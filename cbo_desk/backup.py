"""Backups that were proven when they were written, and are proven again before they replace anything.

Beside each backup lies a manifest: its SHA-256, the rows of every table, the schema and the head of the audit chain.
`integrity_check` alone let 118 of 200 flipped bits pass, so the bytes themselves are what is compared.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cbo_desk import audit, server_databases
from cbo_desk.compound import BACK_UP, note_backup, prepare
from cbo_desk.errors import Refusal, Trouble, file_news
from cbo_desk.office import Office
from cbo_desk.permissions import check
from cbo_desk.progress import Progress
from cbo_desk.refusals import bad_news
from db import guard, migrate, roles, triggers
from db.base import Base
from db.engine import open_engine, read_url, sqlite_module
from db.programs import find_program
from db.records import AuditHead
from db.roles import become_owner
from db.staff import OWNER, knows_people

ENDING = ".manifest.json"
EXTENSIONS = ("pg_trgm", "btree_gist")
"""What PostgreSQL must have before our tables can be made: the search's index and the rooms' exclusion use them."""
_STEPS = 4


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, so that any later change of it shows."""

    engine: str
    schema: str
    made_at: str
    size: int
    sha256: str
    rows: Mapping[str, int]
    audit_entries: int
    audit_hash: str


@dataclass(frozen=True)
class Backup:
    """A backup that was written and proven: its file, bytes, rows and audit entries."""

    file: str
    size: int
    rows: int
    audit_entries: int
    made_at: str


@dataclass(frozen=True)
class Restored:
    """A backup that was put back: the database, its rows, and where what stood there before was kept."""

    database: str
    rows: int
    audit_entries: int
    kept_aside: str


def backup(office: Office, file: Path, progress: Progress | None = None) -> Backup:
    """Write a proven backup of the office's database to `file`, with its manifest beside it.

    Others go on working meanwhile. Raises Refusal for a file that is there already, Trouble where it cannot be done;
    then nothing is left behind.
    """
    check(office.actor, BACK_UP)
    if os.path.exists(file):
        raise Refusal(f"{file.name} is there already. Choose another name.")
    report = progress or Progress()
    partial = file.with_name(f".{file.name}.partial")
    sqlite = office.engine.dialect.name == "sqlite"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_news(error, f"The backup cannot be written to {file.parent}: {error.strerror}.") from error
    try:
        report.report(0, _STEPS)
        manifest = (_copy_file if sqlite else _dump)(office.engine, partial, report)
        _write_manifest(file, manifest)
        os.replace(partial, file)
    except OSError as error:
        _manifest_of(file).unlink(missing_ok=True)
        raise Trouble(f"The backup cannot be written to {file}: {error.strerror}.") from error
    except DBAPIError as error:
        raise bad_news(error, "No backup was made.") from error
    except sqlite_module().Error as error:
        raise Trouble(f"The backup could not be written: {error}. No backup was made.") from error
    finally:
        for left in (partial, Path(f"{partial}-wal"), Path(f"{partial}-shm"), Path(f"{partial}-journal")):
            left.unlink(missing_ok=True)
    with suppress(Refusal, Trouble):  # the backup is whole whether or not this can be written down
        office.write(note_backup)
    report.report(_STEPS, _STEPS)
    return Backup(str(file), manifest.size, sum(manifest.rows.values()), manifest.audit_entries, manifest.made_at)


def read_manifest(file: Path) -> Manifest:
    """The proven manifest of a backup; raises Refusal where file and manifest do not belong together."""
    if not os.path.isfile(file):  # False for a name that no file can have
        raise Refusal(f"There is no backup at {file}.")
    try:
        told = json.loads(_manifest_of(file).read_text(encoding="utf-8"))
        seal = told.pop("seal")
        manifest = Manifest(**told)
    except FileNotFoundError as error:
        raise Refusal(
            f"{file.name} has no manifest beside it ({file.name}{ENDING}), so it cannot be proven."
        ) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refusal(f"The manifest of {file.name} is damaged. Use another backup.") from error
    if seal != _seal(told):
        raise Refusal(f"The manifest of {file.name} is damaged. Use another backup.")
    if _hash(file) != manifest.sha256:
        raise Refusal(f"{file.name} was damaged since it was written. Use another backup.")
    return manifest


def restore(file: Path, url: str, *, overwrite: bool = False, progress: Progress | None = None) -> Restored:
    """Put a backup into a database that is new or empty; with `overwrite` what stood there is kept aside.

    The backup is proven before anything is touched, and the database after. Raises Refusal or Trouble; then the
    database is as it was.
    """
    report = progress or Progress()
    report.report(0, _STEPS)
    manifest = read_manifest(file)
    check_known(manifest, file)
    target = read_url(url)
    if target.get_backend_name() != manifest.engine:
        where = "a SQLite file" if manifest.engine == "sqlite" else "a PostgreSQL server"
        raise Refusal(f"{file.name} is a backup of {where} and can only be put back into one.")
    report.report(1, _STEPS)
    put_back = _into_file if manifest.engine == "sqlite" else _into_server
    try:
        aside = put_back(file, target, manifest, overwrite)
    except OSError as error:
        raise Trouble(f"The backup cannot be put back: {error.strerror}. Nothing was changed.") from error
    except DBAPIError as error:
        raise bad_news(error, "Nothing was changed.") from error
    report.report(3, _STEPS)
    prepare(url).dispose()
    report.report(_STEPS, _STEPS)
    return Restored(url, sum(manifest.rows.values()), manifest.audit_entries, aside)


def rehearse_on_server(url: URL, file: Path) -> str:
    """Put a server's backup back into a database of its own and take that away again, where this person may make one.

    Otherwise pg_restore reads the whole of it: that proves it can be read, not that every row comes back.
    """
    name = f"cbo_trial_{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    engine = open_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            wanted = f"SELECT rolsuper OR rolcreatedb AND {not knows_people(connection)} FROM pg_roles "
            if not connection.exec_driver_sql(wanted + "WHERE rolname = current_user").scalar():
                _run("pg_restore", None, "-f", os.devnull, str(file))
                return "read through; a server's administrator can put it back for a trial"
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0")
            try:
                restored = restore(file, url.set(database=name).render_as_string(hide_password=False))
            finally:
                connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        engine.dispose()
    return f"put back for a trial: {restored.rows:,} rows, audit chain of {restored.audit_entries:,}"


# --- Writing -----------------------------------------------------------------------------------------------------


def _copy_file(engine: Engine, partial: Path, report: Progress) -> Manifest:
    """Copy a SQLite file page by page at one moment, then prove the copy."""
    module = sqlite_module()
    partial.unlink(missing_ok=True)
    copy = module.connect(str(partial))
    try:
        with engine.connect() as connection:
            # All pages at once: beside a writer, a backup in pieces begins anew for ever.
            connection.connection.dbapi_connection.backup(copy, pages=-1)  # type: ignore[union-attr]
        report.report(1, _STEPS)
        copy.execute("PRAGMA journal_mode=DELETE")
        _prove_pages(copy)
    finally:
        copy.close()
    report.report(2, _STEPS)
    opened = open_engine(URL.create("sqlite", database=str(partial)))
    try:
        with opened.connect() as connection:
            manifest = _described(connection, "sqlite")
    finally:
        opened.dispose()
    again = module.connect(str(partial))
    again.execute("PRAGMA journal_mode=DELETE")
    again.close()
    report.report(3, _STEPS)
    return _sealed(manifest, partial)


def _prove_pages(copy: Any) -> None:
    said = [row[0] for row in copy.execute("PRAGMA quick_check")]
    if said != ["ok"]:
        raise Trouble(f"The database is damaged: {said[0]}. Restore the last good backup; this one was not kept.")
    if copy.execute("PRAGMA foreign_key_check").fetchone():
        raise Trouble("The database holds references to nothing. Run check; this backup was not kept.")


def _dump(engine: Engine, partial: Path, report: Progress) -> Manifest:
    """Let pg_dump write what one snapshot shows, and describe the same snapshot."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
        # Rows that are kept from whoever may not know them belong into a backup all the same.
        role = [f"--role={OWNER}"] if become_owner(connection) else []
        manifest = _described(connection, "postgresql")
        report.report(1, _STEPS)
        options = ("-Fc", f"--snapshot={snapshot}", "--no-owner", "-n", "public", *role, "-f", str(partial))
        _run("pg_dump", engine.url, *options)
        connection.rollback()
    report.report(2, _STEPS)
    _run("pg_restore", None, "--list", str(partial))
    report.report(3, _STEPS)
    return _sealed(manifest, partial)


def _described(connection: Connection, engine: str) -> Manifest:
    """What a database holds; raises Trouble where its audit chain is torn."""
    with Session(connection) as session:
        proof = audit.verify(session)
        if proof.bad_seq is not None:
            raise Trouble(f"The audit chain is torn: {proof.why} Run check; this backup was not kept.")
        head = session.execute(select(AuditHead.seq, AuditHead.hash)).one()
        tables = [table for table in Base.metadata.sorted_tables if inspect(connection).has_table(table.name)]
        rows = {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    schema = migrate.schema_of(connection) or ""
    return Manifest(engine, schema, datetime.now(UTC).isoformat(timespec="seconds"), 0, "", rows, head.seq, head.hash)


def _sealed(manifest: Manifest, partial: Path) -> Manifest:
    with partial.open("r+b") as written:
        os.fsync(written.fileno())
    return Manifest(**{**asdict(manifest), "size": partial.stat().st_size, "sha256": _hash(partial)})


def _write_manifest(file: Path, manifest: Manifest) -> None:
    told = asdict(manifest)
    text = json.dumps({**told, "seal": _seal(told)}, indent=1, sort_keys=True)
    _manifest_of(file).write_text(text, encoding="utf-8")


# --- Putting back ------------------------------------------------------------------------------------------------


def _into_file(file: Path, target: URL, manifest: Manifest, overwrite: bool) -> str:
    """Copy beside the target, prove the copy, then change places with what stands there."""
    place = Path(target.database or "")
    there = place.exists() and place.stat().st_size > 0
    if there and not overwrite:
        raise Refusal(
            f"{place.name} is there already and was left alone. "
            "Say with --overwrite that it may be replaced, or name another."
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_name(f".{place.name}.restoring")
    aside = place.with_name(f"{place.stem}-before-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}{place.suffix}")
    try:
        shutil.copyfile(file, new)
        engine = open_engine(URL.create("sqlite", database=str(new)))
        try:
            _prove_same(engine, manifest)
        finally:
            engine.dispose()
        if there:
            _settle(place)
            os.replace(place, aside)
        os.replace(new, place)
    finally:
        for left in (new, Path(f"{new}-wal"), Path(f"{new}-shm")):
            left.unlink(missing_ok=True)
    return str(aside) if there else ""


def _settle(place: Path) -> None:
    """Bring a file's write-ahead log home; refused while anybody else has it open."""
    module = sqlite_module()
    old = module.connect(str(place), timeout=1)
    try:
        old.execute("PRAGMA journal_mode=DELETE")
    except module.OperationalError as error:
        raise Refusal(f"{place.name} is open in another window or program. Close it there first.") from error
    except module.DatabaseError:
        return  # What is damaged beyond reading is moved aside as it is.
    finally:
        old.close()


def _into_server(file: Path, target: URL, manifest: Manifest, overwrite: bool) -> str:
    """Restore into an empty schema; what stood there keeps its tables under another schema's name.

    A database that is not there yet is made, and taken away again where nothing came of it.
    """
    listed = _run("pg_restore", None, "--list", str(file)).splitlines()
    made = server_databases.make_where_missing(target)
    try:
        return _into_database(file, target, manifest, overwrite, listed)
    except BaseException:
        if made:
            server_databases.take_away(target)
        raise


def _into_database(file: Path, target: URL, manifest: Manifest, overwrite: bool, listed: list[str]) -> str:
    engine = open_engine(target)
    aside = ""
    try:
        with engine.connect() as connection:
            there = bool(inspect(connection).get_table_names())
        if there and not overwrite:
            raise Refusal(
                f"{target.database} holds tables already and was left alone. "
                "Say with --overwrite that they may be replaced."
            )
        if there:
            aside = f"before_{datetime.now(UTC):%Y%m%d_%H%M%S_%f}"
            _move_schema(engine, "public", aside)
        try:
            _put_tables(engine, file, listed)
            _prove_same(engine, manifest)
        except BaseException:
            _clear_schema(engine)
            if aside:
                _move_back(engine, aside)
            raise
    finally:
        engine.dispose()
    return f"schema {aside}" if aside else ""


def _put_tables(engine: Engine, file: Path, listed: list[str]) -> None:
    """Make everything of the dump, as the owner's where the server has one, with the rights that it had.

    The functions that keep logins are the server's own: no backup brings them.
    """
    keepers = [f" {named.partition('(')[0]}(" for named in roles.FUNCTIONS]
    ours = [line for line in listed if not any(one in line for one in keepers)]
    with engine.begin() as connection:
        owned = server_databases.make_ready(connection, of_office=len(ours) < len(listed))
    with engine.begin() as connection:
        # A dump of one schema leaves extensions out; tables need these before they can be made.
        for extension in EXTENSIONS:
            connection.exec_driver_sql(f"CREATE EXTENSION IF NOT EXISTS {extension} WITH SCHEMA public")
    with TemporaryDirectory() as folder:
        chosen = Path(folder) / "chosen"
        chosen.write_text("\n".join(ours), encoding="utf-8")
        role = [f"--role={OWNER}"] if owned else []
        options = ("--single-transaction", "--exit-on-error", "--no-owner", "-n", "public", *role)
        _run("pg_restore", engine.url, *options, "-L", str(chosen), str(file))


def _move_schema(engine: Engine, name: str, aside: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER SCHEMA {name} RENAME TO {aside}")
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        # Restored tables look for them where they did before.
        _place_extensions(connection, name)


def _clear_schema(engine: Engine) -> None:
    tables = [f'"{table.name}"' for table in Base.metadata.sorted_tables] + ["alembic_version"]
    with engine.begin() as connection:
        become_owner(connection)
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {', '.join(f'public.{name}' for name in tables)} CASCADE")
        for function in triggers.function_names():
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS public.{function}")


def _place_extensions(connection: Connection, schema: str) -> None:
    """Put our extensions into a schema; one that an older database never had is left out."""
    have = set(connection.exec_driver_sql("SELECT extname FROM pg_extension").scalars())
    for extension in EXTENSIONS:
        if extension in have:
            connection.exec_driver_sql(f"ALTER EXTENSION {extension} SET SCHEMA {schema}")


def _move_back(engine: Engine, aside: str) -> None:
    with engine.begin() as connection:
        _place_extensions(connection, aside)
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")  # ours of a moment ago, with the keeper's functions
        connection.exec_driver_sql(f"ALTER SCHEMA {aside} RENAME TO public")


def _prove_same(engine: Engine, manifest: Manifest) -> None:
    """What was put back holds the rows and the audit chain that were backed up."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _prove_pages(connection.connection.dbapi_connection)
        become_owner(connection)  # who counts every row, also those that are kept from others
        found = _described(connection, manifest.engine)
    same = (found.rows, found.audit_entries, found.audit_hash, found.schema)
    if same != (manifest.rows, manifest.audit_entries, manifest.audit_hash, manifest.schema):
        raise Trouble("What was put back is not what was backed up. Nothing was changed.")
    if manifest.schema == migrate.newest() and guard.deviations(engine):
        raise Trouble(f"The backup is not whole: {guard.deviations(engine)[0]} Nothing was changed.")


# --- Small things ------------------------------------------------------------------------------------------------


def _run(name: str, url: URL | None, *arguments: str) -> str:
    """What one of PostgreSQL's programs answers; passwords go through the environment, which others cannot list."""
    # An office's server speaks TLS alone, which not every build of these programs does.
    program = find_program(name, to_serve=url is not None and "sslmode" in url.query)
    if program is None:
        raise Trouble(
            f"{name} is not on this computer. Install PostgreSQL's client programs (apt install postgresql-client), "
            "or set CBO_PG_BIN to their folder."
        )
    command = [str(program), *arguments]
    environment = dict(os.environ)
    if url is not None:
        where = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        command += ["-d", where.render_as_string()]
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise Trouble(f"{name} did not succeed: {said}")
    return done.stdout


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_known(manifest: Manifest, file: Path) -> None:
    """Refuse a backup of a schema that this program does not know."""
    if manifest.schema not in migrate.revisions():
        raise Refusal(
            f"{file.name} was made by a newer CBO Desk (schema {manifest.schema}). Install that version first."
        )


def _seal(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _manifest_of(file: Path) -> Path:
    return file.with_name(file.name + ENDING)
