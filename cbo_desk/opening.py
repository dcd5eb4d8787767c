"""Ways to begin with a compound, each one call: what the window runs behind its frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from cbo_desk.compound import name_compound, needs_sign_in, open_office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.locations import file_of, forget_file
from cbo_desk.office import Office
from cbo_desk.progress import Progress
from cbo_desk.refusals import bad_news, cannot_open

if TYPE_CHECKING:
    from cbo_desk.people.signing_in import Given


@dataclass(frozen=True)
class Opened:
    """A compound at hand, and whether a person has to sign in before anything is shown.

    `given`: who chose the password that the server took, where that was not its owner: another one is due. `good_until`
    is when the server takes it no longer; None for never.
    """

    office: Office
    locked: bool
    given: Given | None = None
    good_until: datetime | None = None


def open_compound(url: str) -> Opened:
    """Open what is there; the schema's details are compared later, behind the window's first picture.

    Raises Refusal or Trouble where it cannot be opened.
    """
    office = open_office(url, check=False)
    try:
        locked = needs_sign_in(office.engine)
        if locked or office.engine.url.password is None:
            return Opened(office, locked)
        from cbo_desk.people.signing_in import given_password  # a start over a file of one's own does without it
        from cbo_desk.people.without_server import good_until

        return Opened(office, False, office.read(given_password), office.read(good_until))
    except (DBAPIError, Trouble) as error:
        office.close()
        path = file_of(url)
        if path is None:
            raise cannot_open(office.engine.url, error) if isinstance(error, DBAPIError) else error from error
        raise Trouble(f"{path.name} is damaged or cannot be read. Restore the last backup.") from error


def make_empty(url: str, name: str) -> Opened:
    """Make a compound of one's own; Refusal where there is one already, or without a name."""
    if not name.strip():
        raise Refusal("A compound needs a name.", "name")
    path = file_of(url)
    if path is not None and path.exists():
        raise Refusal(f"There is a compound at {path} already. Open it, or choose another place.", "name")
    try:
        office = open_office(url, check=False)
        office.write(name_compound, name)
    except DBAPIError as error:
        raise bad_news(error, "Nothing was saved.") from error
    return Opened(office, needs_sign_in(office.engine))


def make_demo_file(url: str, progress: Progress) -> Opened:
    """Open the demo compound; where there is none yet, make it beside its place and put it there whole."""
    path = file_of(url)
    assert path is not None, "the demo is a file of its own"
    if not path.exists():
        from cbo_desk.demo import make_demo

        beside = path.with_name(f"{path.name}.new")
        forget_file(beside)
        office = open_office(str(beside), check=False)
        try:
            office.write(make_demo, progress=progress)
            # The log is folded into the file, so that one file moves.
            with office.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            office.close()
        beside.replace(path)
        forget_file(beside)
    return open_compound(url)
