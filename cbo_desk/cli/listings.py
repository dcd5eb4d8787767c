"""What can be imported and exported by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cbo_desk.imports import Importable
from cbo_desk.office import Office
from cbo_desk.people.importing import PEOPLE
from cbo_desk.places.importing import PLACES
from cbo_desk.property.exporting import COLUMNS, rows
from cbo_desk.property.importing import ASSETS
from cbo_desk.property.queries import AssetFilter, AssetList
from cbo_desk.tabular import Column

Listed = tuple[Sequence[Column], Iterable[Sequence[Any]]]


def importable(what: str) -> Importable:
    """What is known of importing a kind of record."""
    return _IMPORTS[what]


def listing(office: Office, what: str, words: str) -> Listed:
    """The columns and rows of a kind of record, in the order of its reference, narrowed by words."""
    return _EXPORTS[what](office, words)


def _assets(office: Office, words: str) -> Listed:
    return COLUMNS, rows(office, AssetList(AssetFilter(words=words), "inventory_no", descending=False))


_IMPORTS: dict[str, Importable] = {one.what: one for one in (ASSETS, PEOPLE, PLACES)}
_EXPORTS: dict[str, Callable[[Office, str], Listed]] = {"assets": _assets}
