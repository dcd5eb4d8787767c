"""What a scan means to a form in front: a tag chooses in a pick field, a foreign code goes where one scans codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from shiboken6 import isValid

from ui.kit.fields import Editor, LineField, Pick, Source
from ui.kit.forms import Form
from ui.kit.pick import PickField
from ui.kit.scanning.feed import Outcome, ScanFeed, Scanned
from ui.kit.scanning.showing import visible

LONGEST = 200
"""A longer text is no code that belongs into a field."""


def hear_in_form(feed: ScanFeed, form: Form, scan: Scanned) -> None:
    """Give a scan to the field that can use it, the one with the focus first; what none can use is held."""
    if field := _field_of_codes(form, scan.text.strip()):
        field.line.selectAll()
        field.line.insert(scan.text.strip())  # so that Ctrl+Z brings back what stood there
        field.edited.emit()
        _done(feed, scan, field, scan.text.strip())
    else:
        _ask(feed, form, scan, _records(form))


def _ask(feed: ScanFeed, form: Form, scan: Scanned, left: Sequence[PickField | LineField]) -> None:
    """Ask one field after the other whether the scan is of its kind."""
    if not left:
        feed.hold(scan)
        return
    field, rest = left[0], left[1:]
    source = field.field.suggest
    assert isinstance(source, Source)
    source.read(scan.text, partial(_answered, feed, form, scan, field, rest))


def _answered(
    feed: ScanFeed, form: Form, scan: Scanned, field: PickField | LineField, rest: Sequence[PickField | LineField],
    pick: Pick | None, why: str,
) -> None:  # fmt: skip
    if not isValid(form) or not form.isVisible():
        feed.hold(scan)  # the form went while the scan was looked up: what is behind it gets the scan
        if isValid(feed) and feed.in_front() is None:
            feed.release()
    elif why:
        form.show_faults({field.field.name: why})
        feed.done(scan, Outcome(False, why))
    elif pick is None:
        _ask(feed, form, scan, rest)
    else:
        form.show_faults({})
        field.choose(pick)
        field.setFocus()
        _done(feed, scan, field, pick.name)


def _done(feed: ScanFeed, scan: Scanned, field: Editor, words: str) -> None:
    feed.done(scan, Outcome(True, f"{field.field.label}: {visible(words)}"))


def _field_of_codes(form: Form, text: str) -> LineField | None:
    """The field that a foreign code goes into: the one with the focus, or the only one of them that is empty."""
    from cbo_desk.tags.scan import our_code

    if len(text) > LONGEST or not text.isprintable() or not text or our_code(text):
        return None
    fields = [one for one in form.editors.values() if isinstance(one, LineField) and one.field.scans and _is_open(one)]
    focused = [one for one in fields if one.line.hasFocus()]
    empty = [one for one in fields if not one.line.text().strip()]
    return next(iter(focused), empty[0] if len(empty) == 1 else None)


def _records(form: Form) -> list[PickField | LineField]:
    """The fields that a tag may choose in, in the order of asking: what a person put into one stays as long as it can.

    First the field with the focus, then empty ones, then those that say what they were given; last the one with the
    focus although something was typed or scanned into it.
    """
    fields = [one for one in form.editors.values() if isinstance(one, PickField | LineField) and _is_open(one)]
    fields = [one for one in fields if isinstance(one.field.suggest, Source)]
    ranks = {}
    for one in fields:
        empty, given = not one.line.text().strip(), form.stands_as_given(one.field.name)
        if one.line.hasFocus():
            ranks[one] = 0 if empty or given else 3
        elif empty or given:
            ranks[one] = 1 if empty else 2
    return sorted(ranks, key=lambda one: ranks[one])


def _is_open(editor: Editor) -> bool:
    return editor.isVisible() and editor.isEnabled()
