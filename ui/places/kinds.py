"""Kinds of places in words and icons."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

ICONS = {
    "site": "map-pinned",
    "building": "building-2",
    "floor": "layers",
    "room": "door-open",
    "shelf": "archive",
    "bay": "warehouse",
    "gate": "shield-check",
    "store": "package",
    "yard": "trees",
}


def kind_word(kind: str) -> str:
    """A kind of place in the person's language."""
    return {
        "site": QCoreApplication.translate("places", "Site"),
        "building": QCoreApplication.translate("places", "Building"),
        "floor": QCoreApplication.translate("places", "Floor"),
        "room": QCoreApplication.translate("places", "Room"),
        "shelf": QCoreApplication.translate("places", "Shelf"),
        "bay": QCoreApplication.translate("places", "Bay"),
        "gate": QCoreApplication.translate("places", "Gate"),
        "store": QCoreApplication.translate("places", "Store"),
        "yard": QCoreApplication.translate("places", "Yard"),
    }[kind]
