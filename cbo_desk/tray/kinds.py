"""Which deeds may be kept, each with the form in which it lies in the tray, and what is known without the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Protocol

from sqlalchemy.orm import Session

from cbo_desk import taking
from cbo_desk.changes import Changes
from cbo_desk.enlisting import enlist_all
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import Role, deed, rule_of
from cbo_desk.tray.hours import When
from db.tray_file import Kept as Kept

Body = dict[str, Any]
"""What was ordered, as JSON holds it. A record is its id, or {"kept": id} where an earlier deed of the tray made it.

`names` is how people called the records when it was kept: for the review, and no part of what is ordered.
"""


class Unseen(Exception):
    """A picture knows nothing of what was asked: only the server could tell."""


@dataclass(frozen=True)
class KeptHere(Changes):
    """What a kept deed answers; `n` is its place in the tray."""

    n: int = 0


@dataclass(frozen=True)
class Ended:
    """A kept deed that the server took: its stand-in, and the record that stands for it from now on."""

    stand_in: int
    changes: Changes


@dataclass(frozen=True)
class Question:
    """What the review asks of a refused deed. `kind` is text, yes (a tick) or place; `value` what it holds now."""

    name: str
    label: str
    kind: str = "text"
    value: Any = ""


Refs = Callable[[int], Any]
"""A record as a body names it, from an id or a stand-in."""
Find = Callable[[Any], int]
"""The record that a body names, looked up when the deed is taken."""


@dataclass(frozen=True)
class Keepable:
    """A command that may be kept.

    `pack(refs, *arguments)` makes the body, `unpack(find, body)` the arguments again; `about(body)` says in a line what
    it is; `asks` and `change` serve the review. `form` is the form of the body, `raises` brings older ones to the next.
    """

    command: Callable[..., Changes]
    pack: Callable[..., Body]
    unpack: Callable[[Find, Body], tuple[Any, ...]]
    about: Callable[[Body], str]
    asks: Callable[[Body], tuple[Question, ...]] = lambda _body: ()
    change: Callable[[Body, Mapping[str, Any]], Body] = lambda body, _answers: body
    form: int = 1
    raises: Mapping[int, Callable[[Body], Body]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The command's own name."""
        return rule_of(self.command).name

    def body_of(self, refs: Refs, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Body:
        """What was ordered, as it is kept."""
        bound = signature(self.command).bind(None, *args, **kwargs)
        bound.apply_defaults()
        return self.pack(refs, *list(bound.arguments.values())[1:])

    def raised(self, form: int, body: Body) -> Body:
        """A body of an older form as this program reads it. Refusal for one of a newer program."""
        if form > self.form:
            raise Refusal("This was kept by a newer CBO Desk. Install that version again; until then it waits here.")
        for step in range(form, self.form):
            body = self.raises[step](body)
        return body


class Picture(Protocol):
    """What a desk knows without the server: read while it is there, and changed by each deed that is kept."""

    def read(self, office: Office) -> None:
        """Read it anew; nothing where the person may not."""

    @property
    def answers(self) -> Mapping[Any, Callable[..., Any]]:
        """What it answers in place of a query; raises Unseen where it does not know."""

    @property
    def kinds(self) -> frozenset[str]:
        """The deeds that change it, by name."""

    def check(self, kind: str, body: Body) -> None:
        """Refuse what is certainly impossible; what it knows too little of goes through."""

    def names(self, body: Body) -> list[str]:
        """How people call the records that a body is about, in its order."""

    def apply(self, kept: Kept) -> Changes:
        """Let a kept deed change it; what a page is told."""

    def copy(self) -> Picture:
        """Another one that knows the same, and may follow other deeds."""

    def lasting(self) -> Any:
        """What of it may lie on this workstation's disk, for a start without the server: nothing about people."""

    def recall(self, told: Any) -> None:
        """Know again what lay there."""


@deed("door.take_back_kept", "take back what is kept", Role.VIEWER)
def take_back_kept(_session: Session, _n: int) -> Changes:
    """Take a deed back that waits in the tray; the tray does it, and only what it cannot do comes as far as this."""
    raise Refusal("This has gone to the server meanwhile. Look at it there, and take it back there.")


_KINDS: dict[str, Keepable] = {}
_PICTURES: list[Callable[[], Picture]] = []


def enlist(*kinds: Keepable) -> None:
    """Name deeds that may be kept; each desk names its own where it is defined."""
    for kind in kinds:
        _KINDS[kind.name] = kind


def enlist_picture(make: Callable[[], Picture]) -> None:
    """Name what a desk knows without the server."""
    _PICTURES.append(make)


def kind_of(command: Callable[..., Changes]) -> Keepable | None:
    """How a command is kept; None for one that is not."""
    enlist_all()
    rule = getattr(command, "rule", None)
    kind = _KINDS.get(rule.name) if rule is not None else None
    return kind if kind is not None and kind.command is command else None


def kind_named(name: str) -> Keepable:
    """How a kept deed is read again. Refusal for one that this program does not know."""
    enlist_all()
    if name not in _KINDS:
        raise Refusal("This was kept by another version of CBO Desk. Install that version again; it waits here.")
    return _KINDS[name]


def pictures() -> list[Picture]:
    """Every desk's picture, fresh."""
    enlist_all()
    return [make() for make in _PICTURES]


def key_of(kept: Kept, workstation: str, happened: When) -> tuple[Keepable, taking.Key]:
    """How a kept deed is brought to the server. Refusal where this program cannot read it."""
    kind = kind_named(kept.kind)
    body = kind.raised(kept.form, kept.body)
    # The clock that it was done by is named where that said something else.
    clock = {"clock": happened.own} if happened.is_off else {}
    told = {"kept": {"id": kept.id, "at": workstation, "since": happened.at, **clock}}
    key = taking.Key(kept.id, kept.kind, taking.digest(kept.kind, body), unpacking(kind, body), happened.at, told)
    return kind, key


def unpacking(kind: Keepable, body: Body) -> Callable[[Session], tuple[Any, ...]]:
    """What gives a command its arguments when it is taken: what earlier deeds made is looked up then."""

    def arguments(session: Session) -> tuple[Any, ...]:
        def find(ref: Any) -> int:
            return taking.record_of(session, ref["kept"]) if isinstance(ref, dict) else int(ref)

        return kind.unpack(find, body)

    return arguments
