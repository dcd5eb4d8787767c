"""What a desk says about the records it imports, so that one page serves every desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cbo_desk.imports import Importable

Offer = Callable[..., Sequence[Any]]
"""A query for what may stand in a field for every row; its rows have a `code`, which stands in cells, and a `name`."""


@dataclass(frozen=True)
class Adds:
    """What a file names and nobody knows may be added at one press: `command` is given the names; `words` on the button
    take their count, such as "Add {count:category|categories}". `kind` is that of what is added.
    """

    command: Callable[..., Any]
    words: str
    kind: str


@dataclass(frozen=True)
class ImportKind:
    """A kind of record as the import page shows it.

    `title` heads the page ("Import assets"), `things` stands in sentences ("assets"), `page` is its name in the window
    ("property/import"), `shown_at` the desk that shows what was imported, by `show`. `offers` says, for fields that a
    file may lack, what can be chosen for every row; `adds`, for fields that refer to others, what may be added.
    """

    importable: Importable
    title: str
    things: str
    page: str
    shown_at: str
    show: Callable[[], Any]
    offers: Mapping[str, Offer] = field(default_factory=dict)
    adds: Mapping[str, Adds] = field(default_factory=dict)
