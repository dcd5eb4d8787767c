"""What can be imported and exported by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cbo_desk import outbox
from cbo_desk.imports import Importable
from cbo_desk.mail import MailFilter, MailList
from cbo_desk.mail import exporting as mail
from cbo_desk.mail.addressee_lists import GROUP_COLUMNS, GroupList, group_rows
from cbo_desk.mail.group_import import GROUPS
from cbo_desk.office import Office
from cbo_desk.people import EntityList, PersonList
from cbo_desk.people import exporting as people
from cbo_desk.people.entity_import import ENTITIES
from cbo_desk.people.importing import PEOPLE
from cbo_desk.places import PlaceList
from cbo_desk.places import exporting as places
from cbo_desk.places.importing import PLACES
from cbo_desk.property import exporting as assets
from cbo_desk.property.category_import import CATEGORIES, CATEGORY_COLUMNS, category_table
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
    wanted = AssetList(AssetFilter(words=words), "inventory_no", descending=False)
    table = office.read(assets.asset_table)
    return table.columns, assets.rows(office, wanted, table)


def _people(office: Office, words: str) -> Listed:
    return people.COLUMNS, people.rows(office, PersonList(words))


def _entities(office: Office, words: str) -> Listed:
    return people.ENTITY_COLUMNS, people.entity_rows(office, EntityList(words))


def _categories(office: Office, words: str) -> Listed:
    lines = office.read(category_table)
    wanted = words.casefold().split()
    return CATEGORY_COLUMNS, [one for one in lines if all(word in " ".join(one[:2]).casefold() for word in wanted)]


def _places(office: Office, words: str) -> Listed:
    return places.COLUMNS, places.rows(office, PlaceList(words))


def _mail(office: Office, words: str) -> Listed:
    return mail.COLUMNS, mail.rows(office, MailList(MailFilter(words=words), "number"))


def _groups(office: Office, words: str) -> Listed:
    return GROUP_COLUMNS, group_rows(office, GroupList(words=words))


def _messages(office: Office, words: str) -> Listed:
    return outbox.COLUMNS, outbox.rows(office, outbox.MessageList(words=words))


_IMPORTS: dict[str, Importable] = {one.what: one for one in (ASSETS, PEOPLE, PLACES, ENTITIES, CATEGORIES, GROUPS)}
_EXPORTS: dict[str, Callable[[Office, str], Listed]] = {
    "assets": _assets,
    "people": _people,
    "entities": _entities,
    "places": _places,
    "categories": _categories,
    "groups": _groups,
    "mail": _mail,
    "messages": _messages,
}
