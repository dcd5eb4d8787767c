"""The register's filters: as chips on the screen, as plain values in a saved view, as the filter of the rules floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.property import AssetFilter, State
from ui.kit.phrases import day, whole_money
from ui.kit.tabs import FilterWord
from ui.property.states import word

# How long a warranty radar looks ahead.
RADAR_DAYS = 90


def chips(wanted: AssetFilter, names: Mapping[str, str]) -> list[FilterWord]:
    """The parts in force as chips; `names` says how a place or a person of the filter is called."""
    found: list[FilterWord] = []
    if wanted.place_path:
        found.append(
            FilterWord("place_path", QCoreApplication.translate("filters", "Place"), names.get("place_path", "…"))
        )
    if wanted.custodian_id is not None:
        found.append(
            FilterWord(
                "custodian_id", QCoreApplication.translate("filters", "Custodian"), names.get("custodian_id", "…")
            )
        )
    if wanted.entities:
        found.append(
            FilterWord("entities", QCoreApplication.translate("filters", "Entity"), ", ".join(wanted.entities))
        )
    if wanted.states:
        found.append(
            FilterWord(
                "states",
                QCoreApplication.translate("filters", "State"),
                ", ".join(word(s).lower() for s in wanted.states),
            )
        )
    if wanted.without_disposed:
        found.append(
            FilterWord(
                "without_disposed",
                QCoreApplication.translate("filters", "State"),
                QCoreApplication.translate("filters", "not disposed"),
            )
        )
    if wanted.cost_from is not None:
        found.append(
            FilterWord("cost_from", QCoreApplication.translate("filters", "Cost"), f"≥ {whole_money(wanted.cost_from)}")
        )
    if wanted.cost_to is not None:
        found.append(
            FilterWord("cost_to", QCoreApplication.translate("filters", "Cost"), f"≤ {whole_money(wanted.cost_to)}")
        )
    if wanted.categories:
        words = QCoreApplication.translate("filters", "Category")
        found.append(FilterWord("categories", words, names.get("categories", "…")))
    acquired = QCoreApplication.translate("filters", "Acquired")
    if wanted.acquired_from is not None:
        found.append(FilterWord("acquired_from", acquired, f"≥ {day(wanted.acquired_from)}"))
    if wanted.acquired_to is not None:
        found.append(FilterWord("acquired_to", acquired, f"≤ {day(wanted.acquired_to)}"))
    if wanted.warranty_to is not None:
        pattern = QCoreApplication.translate("filters", "ends by {day}").format(day=day(wanted.warranty_to))
        found.append(FilterWord("warranty_to", QCoreApplication.translate("filters", "Warranty"), pattern))
    if wanted.never_printed:
        found.append(
            FilterWord(
                "never_printed",
                QCoreApplication.translate("filters", "Tag"),
                QCoreApplication.translate("filters", "never printed"),
            )
        )
    for place, asked in enumerate(wanted.custom):
        found.append(FilterWord(f"custom:{place}", names.get(f"custom.{asked[0]}", asked[0]), _demand(*asked[1:])))
    return found


def _demand(how: str, value: Any) -> str:
    """What is asked of a custom field, as its chip says it."""
    if isinstance(value, bool):
        yes, no = QCoreApplication.translate("filters", "yes"), QCoreApplication.translate("filters", "no")
        return yes if value else no
    said = f"{value:,}" if isinstance(value, int | float) else str(value)
    signs = {"from": "≥ {value}", "to": "≤ {value}", "holds": "“{value}”"}
    return signs.get(how, "{value}").format(value=said)


def in_words(wanted: AssetFilter, names: Mapping[str, str]) -> str:
    """The filter as one line, for the head of an exported list."""
    said = [f"{chip.about}: {chip.demand}" for chip in chips(wanted, names)]
    if wanted.words:
        said.insert(0, f"“{wanted.words}”")
    return " · ".join(said)


def without(wanted: AssetFilter, part: str) -> AssetFilter:
    """The same filter with one part taken off."""
    if part.startswith("custom:"):
        taken_off = int(part.removeprefix("custom:"))
        return replace(wanted, custom=tuple(one for place, one in enumerate(wanted.custom) if place != taken_off))
    return replace(wanted, **{part: getattr(AssetFilter(), part)})


def shipped_views(today: date) -> dict[str, tuple[str, AssetFilter]]:
    """The views everybody has: id to name and filter."""
    return {
        "all": (QCoreApplication.translate("views", "All assets"), AssetFilter(without_disposed=True)),
        "never_printed": (QCoreApplication.translate("views", "Never printed"), AssetFilter(never_printed=True)),
        "attention": (
            QCoreApplication.translate("views", "Missing or in repair"),
            AssetFilter(states=(State.MISSING, State.UNDER_REPAIR)),
        ),
        "warranty": (
            QCoreApplication.translate("views", "Warranty ends in {days:day|days}").format(days=Count(RADAR_DAYS)),
            AssetFilter(without_disposed=True, warranty_to=today + timedelta(days=RADAR_DAYS)),
        ),
    }


def to_plain(wanted: AssetFilter) -> dict[str, Any]:
    """The parts in force as values a settings file can hold."""
    plain: dict[str, Any] = {}
    for part in fields(AssetFilter):
        value = getattr(wanted, part.name)
        if value != part.default:
            plain[part.name] = value.isoformat() if isinstance(value, date) else value
    return plain


def from_plain(plain: Mapping[str, Any]) -> AssetFilter:
    """A filter from a saved view; what is not understood is left out."""
    known = {part.name for part in fields(AssetFilter)}
    values: dict[str, Any] = {}
    for name, value in plain.items():
        if name not in known:
            continue
        if name in ("warranty_to", "acquired_from", "acquired_to"):
            values[name] = date.fromisoformat(str(value))
        elif name == "states":
            values[name] = tuple(State(item) for item in value)
        elif name == "custom":
            values[name] = tuple((str(one[0]), str(one[1]), one[2]) for one in value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    return AssetFilter(**values)


def waiting(what: str, today: date) -> AssetFilter:
    """What another page asks to be shown: "missing", "under_repair", "never_printed", or "warranty" and its days."""
    if what in (State.MISSING, State.UNDER_REPAIR):
        return AssetFilter(states=(State(what),))
    if what == "never_printed":
        return AssetFilter(never_printed=True)
    if what.startswith("warranty") and what.removeprefix("warranty").isdigit():
        return AssetFilter(
            without_disposed=True, warranty_to=today + timedelta(days=int(what.removeprefix("warranty")))
        )
    return AssetFilter(without_disposed=True)
