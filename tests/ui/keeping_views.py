"""What a person does with a view of a list: saves it, takes it again, renames and deletes it, and brings it back."""

from __future__ import annotations

from typing import Any

from tests.ui.places.conftest import Hands
from ui.kit.record_list import RecordList


def front(page: Any) -> Any:
    """The list in front."""
    return next(one for one in page.findChildren(RecordList) if one.isVisible())


def keep_a_view(hands: Hands, page: Any, shipped: str, prefix: str) -> None:
    """Walk through all of it, from a shipped view on a list in another order; by words where it has a filter box."""
    run = hands.window.shell.actions_.run
    page.views.choose(shipped)
    hands.still()
    shown = front(page)
    section = next(at for at, column in enumerate(shown.model.columns) if column.sort)
    shown.table.horizontalHeader().sectionClicked.emit(section)
    hands.still()
    box = getattr(page, "filter_box", None)
    if box is not None:
        box.setText("m")
        hands.until(lambda: shown.narrowed() == "“m”")
        hands.still()
    before = shown.view()
    away = next(look.key for look in shown.columns.looks[::-1] if look.priority and not look.stretch)
    shown.columns.show_column(away, False)
    shown.table.horizontalHeader().moveSection(0, 1)
    theirs = shown.columns.arrangement()
    run(f"{prefix}.keep_view")
    hands.form()
    hands.type("Mine")
    hands.save()
    hands.gone()
    assert page.views.tabs.current() == "saved:Mine"
    first = next(iter(page.views.tabs._tabs))
    page.views.choose(first)
    front(page).columns.show_column(away, True)  # the person's own columns, whatever the view has
    if box is not None:
        box.clear()
    hands.until(lambda: front(page).narrowed() == "")
    hands.still()
    page.views.choose("saved:Mine")
    hands.still()
    shown = front(page)
    assert shown.view() == before
    assert shown.columns.arrangement() == theirs
    page.views.choose(first)
    assert front(page).columns.shown(away)
    page.views.choose("saved:Mine")
    hands.still()
    assert front(page).columns.arrangement() == theirs
    assert box is None or box.text() == "m"
    run(f"{prefix}.rename_view")
    hands.form()
    hands.type("Ours")
    hands.save()
    hands.gone()
    assert [view.name for view in page.views.saved.all()] == ["Ours"]
    run(f"{prefix}.forget_view")
    assert page.views.saved.all() == ()
    hands.undo()
    assert page.views.tabs.current() == "saved:Ours"
