"""What the program does by itself at its hour: reminders and the like, each desk's own, done by any one workstation.

A desk names its chore with a question whether anything is to be done and the deed that does it. The deed must come to
nothing where another workstation was faster: it looks again at what it found, once its rows are locked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cbo_desk.changes import Changes
from cbo_desk.enlisting import enlist_all
from cbo_desk.office import Office
from cbo_desk.permissions import DESKS, Actor, Role


@dataclass(frozen=True)
class Chore:
    """`due` asks whether there is anything to do, `deed` does it."""

    due: Callable[[Session], bool]
    deed: Callable[[Session], Changes]


PROGRAM = "program"
"""The login that the audit names where nobody pressed anything."""
_CHORES: dict[str, Chore] = {}


def chore(name: str, due: Callable[[Session], bool], deed: Callable[[Session], Changes]) -> None:
    """Name a chore; each desk names its own where it is defined."""
    _CHORES[name] = Chore(due, deed)


def do_chores(office: Office) -> list[Changes]:
    """Do what is due, as the program itself; the audit names it so. Raises Trouble where the database is away."""
    enlist_all()
    own = office.signed_in(program(office))
    return [own.write(one.deed) for _name, one in sorted(_CHORES.items()) if own.read(one.due)]


def program(office: Office) -> Actor:
    """Who acts where nobody pressed anything."""
    return Actor(PROGRAM, "CBO Desk", dict.fromkeys(DESKS, Role.ADMINISTRATOR), office.actor.workstation)
