"""What the property desk says about the registers it imports."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from cbo_desk.people import entities
from cbo_desk.people.commands import ENTITY
from cbo_desk.people.entity_import import add_named_entities
from cbo_desk.property.category_import import add_named_categories
from cbo_desk.property.classes import CATEGORY
from cbo_desk.property.importing import ASSETS
from ui.imports.kinds import Adds, ImportKind


def import_kind(page: str, show: Callable[[], object]) -> ImportKind:
    """Assets as the import page shows them; what a register names and nobody knows may be added from there."""
    say = QCoreApplication.translate
    adds = {
        "entity": Adds(add_named_entities, say("PropertyPage", "Add {count:entity|entities}"), ENTITY),
        "category": Adds(add_named_categories, say("PropertyPage", "Add {count:category|categories}"), CATEGORY),
    }
    title, things = say("PropertyPage", "Import assets"), say("PropertyPage", "assets")
    return ImportKind(ASSETS, title, things, page, "property", show, {"entity": entities}, adds)
