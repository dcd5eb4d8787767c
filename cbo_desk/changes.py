"""What a command did, told to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Deed:
    """A command with its arguments, ready to be ordered: what Undo runs."""

    command: Callable[..., Changes]
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What one command touched.

    `kind` names the kind of record ("property.asset"), `ids` the touched rows of that kind, `said` is the sentence
    for the person, `undo` takes the deed back where that is possible. `also` holds the touched rows of other kinds.
    `everything` says that too many rows changed to name them: lists of this kind read themselves anew.
    """

    kind: str
    ids: tuple[int, ...]
    said: str = ""
    undo: Deed | None = None
    also: dict[str, tuple[int, ...]] = field(default_factory=dict)
    everything: bool = False

    def touched(self) -> dict[str, tuple[int, ...]]:
        """All touched ids by kind."""
        return {self.kind: self.ids, **self.also}
