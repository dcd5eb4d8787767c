"""What the toy desk can look up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cbo_desk.toy.commands import TOY
from db.toy import Toy
from sqlalchemy import select, true

from cbo_desk import paging
from cbo_desk.permissions import reads


@dataclass(frozen=True)
class ToyRow:
    """One line of the list of toys."""

    id: int
    name: str


@reads("toy")
class ToyList(paging.PagedList[ToyRow]):
    """All toys by name."""

    kind = TOY

    def __init__(self) -> None:
        super().__init__(select(Toy.id, Toy.name), Toy.id, paging.Sort((Toy.name, Toy.id), False), true())

    def row_of(self, values: Any) -> ToyRow:
        """Make the plain row."""
        return ToyRow(*values[:2])
