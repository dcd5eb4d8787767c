"""Opens a compound: finds its database, brings it to this program's schema, and signs the person in."""

from __future__ import annotations

import getpass
import platform
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.connected import connected_actor
from cbo_desk.context import now
from cbo_desk.errors import Away, NotRead, OtherVersion, Refusal, Trouble
from cbo_desk.locations import data_folder, default_url
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role, Rule, administrator, deed, reads
from cbo_desk.refusals import bad_news, cannot_open
from cbo_desk.replica import REPORTS_SERVER, replica_of
from cbo_desk.versions import Unchanged
from db import schema
from db.engine import open_engine, read_url
from db.fresh import is_fresh
from db.people import Account
from db.records import Compound
from db.staff import administrators, knows_people

__all__ = [
    "BACK_UP",
    "CHANGE_PASSWORD",
    "about",
    "last_backup",
    "note_backup",
    "data_folder",
    "default_url",
    "exists",
    "inspect_schema",
    "name_compound",
    "needs_sign_in",
    "open_office",
    "prepare",
    "set_map",
    "site_map",
    "unlocked_actor",
    "workstation",
]

BACK_UP = Rule("settings.backup", "settings", Role.SUPERVISOR, "make a backup")
"""Who may make a backup: known here, for the backup's own module is heavy to import."""
CHANGE_PASSWORD = Rule("door.change_password", "door", Role.CLERK, "change your password")
"""Who has a password here: known here, for a start without accounts does without the desk of people."""
FACTS = {"name": 1, "map": 2, "backed_up": 3, "reports_server": REPORTS_SERVER}
"""The facts of a compound that are changed apart from each other, as the feed and the audit number them."""
_KIND = "settings.compound"
_BACKED_UP = "backed_up"
LARGEST_MAP = 5_000_000
"""Letters of the largest map that is kept."""


def workstation() -> str:
    """This computer's name, as the audit shows it."""
    return platform.node() or "workstation"


def exists(url: str) -> bool:
    """Whether there is a database to open at a URL; a server is asked when it is opened. Refusal for no address."""
    parsed = _understood(url)
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()


def prepare(url: str) -> Engine:
    """An engine over a database that has this program's schema; an empty one is given it.

    Raises Refusal for a database of a newer program or one that is no compound, Trouble where it cannot be reached.
    """
    parsed = _understood(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(Path(parsed.database or ""))
    try:
        engine = open_engine(parsed)
        if schema.current(engine) != schema.NEWEST:
            from db import migrate  # takes a third of a second, which a start has no time for

            migrate.upgrade(engine)
        return engine
    except schema.NewerSchemaError as error:
        raise OtherVersion(
            f"This database was made by a newer CBO Desk (schema {error}). Install that version to open it.", newer=True
        ) from error
    except schema.OldServerError as error:
        raise Refusal(
            f"The server is PostgreSQL {error}. CBO Desk needs version {schema.LEAST_SERVER} or newer: ask who "
            "keeps the server to bring it up to date."
        ) from error
    except schema.ForeignSchemaError as error:
        raise Refusal(f"This database belongs to another program (it holds {error}). Choose another one.") from error
    except schema.NotOwnerError as error:
        raise OtherVersion(
            f"The server still has the tables of an older CBO Desk. {_administrators(engine)} opens it once with this "
            "version, which brings them up to date; then try again.",
            newer=False,
        ) from error
    except DBAPIError as error:
        raise cannot_open(read_url(url), error) from error


def open_office(
    url: str, *, clock: Callable[[], datetime] | None = None, actor: Actor | None = None, check: bool = True
) -> Office:
    """Open a compound and sign the person in.

    Until accounts are turned on, the operating system's user is administrator: nothing stands between a first start
    and a first result. `check` compares the schema with the code and refuses a damaged one.
    """
    engine = prepare(url)
    try:
        office = Office(engine, actor or connected_actor(engine, workstation()) or unlocked_actor(), clock)
        office.replica = replica_of(engine)
        office.fit = lambda: prepare(url).dispose()
        if check:
            inspect_schema(office)
    except Refusal:
        engine.dispose()
        raise
    return office


def inspect_schema(office: Office) -> None:
    """Refuse a database whose schema is not what the code expects: the window asks behind its first picture.

    Raises NotRead where the server is away.
    """
    office.hear_clock()  # a server that is known to be away is not asked
    try:
        if is_fresh(office.engine):
            return
        from db import guard  # loads every table there is

        found = guard.deviations(office.engine)
    except (DBAPIError, TimeoutError) as error:
        news = bad_news(error, "The schema was not compared.")
        raise NotRead(*news.args) if isinstance(news, Away) else news from error
    if found:
        raise Refusal("The database is not whole: " + " ".join(found[:3]) + " Restore a backup, or run check.")


def unlocked_actor() -> Actor:
    """The operating system's user with every right, as long as accounts are not turned on."""
    try:
        login = getpass.getuser()
    except (OSError, KeyError):
        login = "user"
    return administrator(login, login.capitalize(), workstation())


def needs_sign_in(engine: Engine) -> bool:
    """Whether accounts are turned on: then a name and a password are asked for, unless the server has asked already."""
    with Session(engine) as session:
        if knows_people(session.connection()):
            return False
        wanted = select(func.count()).select_from(Account).where(Account.disabled_at.is_(None))
        return bool(session.scalar(wanted))


@reads("door", "see what this compound is")
def about(session: Session) -> dict[str, Any]:
    """What this compound is: its name, whether it is a demo, when it was made."""
    kept_apart = ("map", _BACKED_UP, "mail_server", "reports_server")
    wanted = select(Compound.name, Compound.value).where(Compound.name.not_in(kept_apart))
    return {row.name: row.value for row in session.execute(wanted)}


@deed(BACK_UP.name, BACK_UP.phrase, Role.SUPERVISOR)
def note_backup(session: Session) -> Changes:
    """Write down that a backup was made and proven just now."""
    session.merge(Compound(name=_BACKED_UP, value=now(session).isoformat()))
    return Changes(_KIND, (FACTS["backed_up"],))


@reads("settings", "see when the last backup was made")
def last_backup(session: Session) -> datetime | None:
    """When the last backup of this compound was made, from whichever workstation; None where there is none."""
    kept = session.scalar(select(Compound.value).where(Compound.name == _BACKED_UP))
    return datetime.fromisoformat(str(kept)) if kept else None


@reads("places", "see the map")
def site_map(session: Session) -> str:
    """The compound's map as SVG text, whose element ids are place codes; empty where there is none yet."""
    return str(session.scalar(select(Compound.value).where(Compound.name == "map")) or "")


@deed("places.set_map", "change the map", Role.SUPERVISOR)
def set_map(session: Session, svg: str) -> Changes:
    """Keep another map: an SVG drawing in which each place's shape has the place's code as its id."""
    if len(svg) > LARGEST_MAP:
        raise Refusal("This drawing is larger than 5 MB. Simplify it, or leave out its pictures.", "file")
    if not _is_drawing(svg):
        raise Refusal("This file is no SVG drawing, or it is damaged. Export the map as plain SVG again.", "file")
    before = site_map(session)
    session.merge(Compound(name="map", value=svg))
    undo = Deed(Unchanged(set_map, site_map, (), svg), (before,)) if before else None
    return Changes(_KIND, (FACTS["map"],), "The map was changed.", undo)


@reads("door", "see what this compound is")
def compound_name(session: Session) -> tuple[str, bool]:
    """The compound's name, and whether it is a demo."""
    facts = about(session)
    return str(facts.get("name", "")), bool(facts.get("demo"))


@deed("settings.name_compound", "name the compound", Role.ADMINISTRATOR)
def name_compound(session: Session, name: str, demo: bool = False) -> Changes:
    """Give the compound its name; a demo is marked as such on every page and paper."""
    if not name.strip():
        raise Refusal("A compound needs a name.", "name")
    session.merge(Compound(name="name", value=name.strip()))
    session.merge(Compound(name="demo", value=demo))
    return Changes(_KIND, (FACTS["name"],), f"This compound is now called {name.strip()}.")


def _is_drawing(svg: str) -> bool:
    """Whether a text is well-formed SVG without entities of its own, which could grow without bounds."""
    from xml.etree import ElementTree

    if "<!ENTITY" in svg:
        return False
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError):
        return False
    return root.tag.rpartition("}")[2] == "svg"


def _understood(url: str) -> URL:
    try:
        parsed = read_url(url)
        known = parsed.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise Refusal(f"{url} is no address of a database. Write a file's path, or postgresql://name@server/database.")
    return parsed


def _make_folder(path: Path) -> None:
    if str(path).startswith(("\\\\", "//")):
        raise Refusal("A database on a network drive can be damaged by two writers. Use a server, or a local folder.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"The folder {path.parent} cannot be made: {error.strerror}.") from error


def _administrators(engine: Engine) -> str:
    """Who may bring the tables of a server up to date, as the beginning of a sentence."""
    try:
        with engine.connect() as connection:
            names = administrators(connection)
    except DBAPIError:
        names = []
    return f"An administrator ({', '.join(names)})" if names else "An administrator"
