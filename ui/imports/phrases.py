"""Words that an import's parts share: outcomes, counts of rows, ways of reading."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.plurals import Count
from cbo_desk.tabular import Outcome
from ui.kit.chips import Status, Tone

_LOOKS: dict[Outcome, tuple[Tone, str]] = {
    "create": ("ok", "circle-plus"),
    "update": ("info", "refresh-cw"),
    "unchanged": ("idle", "equal"),
    "refused": ("bad", "circle-x"),
}


def outcome_word(outcome: Outcome) -> str:
    """What becomes of a row, in a word."""
    return {
        "create": QCoreApplication.translate("imports", "Create"),
        "update": QCoreApplication.translate("imports", "Update"),
        "unchanged": QCoreApplication.translate("imports", "Unchanged"),
        "refused": QCoreApplication.translate("imports", "Refused"),
    }[outcome]


def outcome_status(outcome: Outcome) -> Status:
    """What becomes of a row, as a chip."""
    return Status(outcome_word(outcome), *_LOOKS[outcome])


def outcome_icon(outcome: Outcome) -> tuple[str, str]:
    """An outcome's icon and the token of its colour."""
    tone, icon = _LOOKS[outcome]
    return icon, f"{tone}_text"


def rows(count: int) -> str:
    """A number of rows in words: 1 row, 1,241 rows."""
    return QCoreApplication.translate("imports", "{count:row|rows}").format(count=Count(count))


def date_order(order: str) -> str:
    """An order of day, month and year as it stands in a cell."""
    return {
        "dmy": QCoreApplication.translate("imports", "Day.month.year"),
        "mdy": QCoreApplication.translate("imports", "Month/day/year"),
        "ymd": QCoreApplication.translate("imports", "Year-month-day"),
    }[order]


def found_how(how: str) -> str:
    """Who settled how something is read: found in the file, chosen by the person, still to be asked."""
    return {
        "found": QCoreApplication.translate("imports", "found"),
        "plain": QCoreApplication.translate("imports", "found"),
        "asked": QCoreApplication.translate("imports", "asked"),
        "chosen": QCoreApplication.translate("imports", "chosen"),
    }[how]


def delimiter_word(delimiter: str) -> str:
    """What parts the cells of a text file, by its name."""
    return {
        ",": QCoreApplication.translate("imports", "Comma"),
        ";": QCoreApplication.translate("imports", "Semicolon"),
        "\t": QCoreApplication.translate("imports", "Tab"),
        "|": QCoreApplication.translate("imports", "Bar"),
    }.get(delimiter, delimiter)
