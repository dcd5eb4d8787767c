"""The views of maintenance: their names, and what is said of each."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.kit.states import State

PLANS = ("due", "plans", "past")
REPAIRS = ("repairs", "repaired")
WARRANTIES = ("w30", "w60", "w90", "wended")
VIEWS = (*PLANS, *REPAIRS, *WARRANTIES)


def view_words() -> dict[str, str]:
    """What each view is called on its tab."""
    return {
        "due": QCoreApplication.translate("maintenance", "Services due"),
        "plans": QCoreApplication.translate("maintenance", "All services"),
        "past": QCoreApplication.translate("maintenance", "Ended"),
        "repairs": QCoreApplication.translate("maintenance", "Under repair"),
        "repaired": QCoreApplication.translate("maintenance", "All repairs"),
        "w30": QCoreApplication.translate("maintenance", "Warranty 30 days"),
        "w60": QCoreApplication.translate("maintenance", "60 days"),
        "w90": QCoreApplication.translate("maintenance", "90 days"),
        "wended": QCoreApplication.translate("maintenance", "Warranty ended"),
    }


def long_words() -> dict[str, str]:
    """What each view shows, said in full for an exported list."""
    return {
        "due": QCoreApplication.translate("maintenance", "Due within 30 days"),
        "plans": QCoreApplication.translate("maintenance", "All that go on"),
        "past": QCoreApplication.translate("maintenance", "Ended"),
        "repairs": QCoreApplication.translate("maintenance", "Under repair now"),
        "repaired": QCoreApplication.translate("maintenance", "All repairs"),
        "w30": QCoreApplication.translate("maintenance", "Warranty ends within 30 days"),
        "w60": QCoreApplication.translate("maintenance", "Warranty ends within 60 days"),
        "w90": QCoreApplication.translate("maintenance", "Warranty ends within 90 days"),
        "wended": QCoreApplication.translate("maintenance", "Warranty ended"),
    }


def things(view: str) -> str:
    """What the lines of a view are."""
    if view in PLANS:
        return QCoreApplication.translate("maintenance", "service plans")
    return (
        QCoreApplication.translate("maintenance", "repairs")
        if view in REPAIRS
        else QCoreApplication.translate("maintenance", "warranties")
    )


def of_them(view: str) -> str:
    """So many lines of a view."""
    if view in PLANS:
        return QCoreApplication.translate("maintenance", "{count:service plan|service plans}")
    return (
        QCoreApplication.translate("maintenance", "{count:repair|repairs}")
        if view in REPAIRS
        else QCoreApplication.translate("maintenance", "{count:warranty|warranties}")
    )


def nothing(view: str) -> State:
    """Why a view is empty."""
    words = {
        "due": QCoreApplication.translate("maintenance", "No service is due within 30 days."),
        "plans": QCoreApplication.translate(
            "maintenance", "Plan what comes back: press “Plan a service”, or choose assets in the register."
        ),
        "past": QCoreApplication.translate("maintenance", "No service plan has ended."),
        "repairs": QCoreApplication.translate("maintenance", "Nothing is under repair."),
        "repaired": QCoreApplication.translate(
            "maintenance", "Nothing was repaired yet. A repair begins when an asset goes under repair."
        ),
        "wended": QCoreApplication.translate("maintenance", "No warranty has ended."),
    }
    said = words.get(view, QCoreApplication.translate("maintenance", "No warranty ends in that time."))
    return State(
        "empty",
        QCoreApplication.translate("maintenance", "Nothing here"),
        said,
        icon="wrench" if view not in WARRANTIES else "shield-check",
    )
