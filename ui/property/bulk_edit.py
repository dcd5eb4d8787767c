"""Bulk edit: which fields of the chosen assets get which value, what that would do to each, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.property import CONDITIONS, categories
from cbo_desk.property.bulk_edit import edit_assets, plan_bulk_edit
from cbo_desk.property.bulk_rules import MOST, BulkPlan
from cbo_desk.property.fields import CustomField, fields_by_key
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard, line, rule, stack
from ui.kit.dialogs import Done, Failed, FormBox, is_enter, is_save_key, open_form
from ui.kit.fields import Field, Kind
from ui.kit.forms import Form
from ui.kit.labels import Label
from ui.kit.states import ProgressStrip
from ui.kit.theme import px
from ui.property.custom_editors import editors_for

SHOWN = 60
"""So many refused assets are named in the list at most."""


class BulkEdit(QObject):
    """Asks in two steps: which field and value, then "so it would be"; `strip` shows how far the work is."""

    def __init__(self, bench: Bench, strip: ProgressStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._strip = bench, strip
        self._progress: Progress | None = None
        self._own: Mapping[str, CustomField] = {}
        bench.runner.progressed.connect(self._report)

    def open(self, ids: Sequence[int], what: str) -> None:
        """Ask which field of these assets is to be changed."""
        if len(ids) > MOST:
            words = self.tr("At most {most} assets are changed at once; these are {count}. Narrow the list first.")
            raise Refusal(words.format(most=f"{MOST:,}", count=f"{len(ids):,}"))
        read = self._bench.runner.read

        def with_classes(classes: Sequence[tuple[int, str, str]]) -> None:
            read(self, fields_by_key, done=partial(self._open, tuple(ids), what, classes))

        read(self, categories, done=with_classes)

    def _open(
        self,
        ids: tuple[int, ...],
        what: str,
        classes: Sequence[tuple[int, str, str]],
        own: Mapping[str, CustomField],
        typed: Mapping[str, Any] | None = None,
    ) -> FormBox:
        """Open the form; `typed` is what stood in it when it was looked at and would have changed nothing."""
        self._own = {field.name: field for field in own.values() if not field.retired}
        known = {field.name: field for field in self._fields(classes)}
        choices = [(name, field.label) for name, field in known.items()]
        form = Form([Field("field", self.tr("Which field"), "choice", required=True, choices=choices)])

        def show() -> None:
            form.put_last([known[form.editors["field"].value()]], {})

        if typed is not None:
            form.set_values({"field": typed["field"]})
        form.editors["field"].edited.connect(show)
        show()
        if typed is not None:
            form.set_values(typed)

        def save(values: Mapping[str, Any], done: Done, failed: Failed) -> None:
            name = values["field"]
            patch = {name: "" if values[name] is None and name in ("condition",) else values[name]}

            def again(sentence: str) -> None:
                self._open(ids, what, classes, own, values).form.show_faults({name: sentence})

            done()
            self._plan(ids, what, patch, known[name].label, again)

        heading = self.tr("Change a field of {what}").format(what=what)
        summary = self.tr("What is left empty empties the field. Nothing is changed before you have seen what it does.")
        return open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Look"), summary=summary, width=480))

    def _fields(self, classes: Sequence[tuple[int, str, str]]) -> list[Field]:
        words = {"new": self.tr("New"), "good": self.tr("Good"), "fair": self.tr("Fair")}
        words |= {"poor": self.tr("Poor"), "broken": self.tr("Broken")}
        kinds: list[tuple[str, str, Kind]] = [
            ("description", self.tr("Description"), "text"),
            ("maker", self.tr("Maker"), "text"),
            ("model", self.tr("Model"), "text"),
            ("fund", self.tr("Fund"), "text"),
            ("purchase_order", self.tr("Purchase order"), "text"),
            ("acquired_on", self.tr("Acquired on"), "date"),
            ("received_on", self.tr("Received on"), "date"),
            ("warranty_until", self.tr("Warranty until"), "date"),
            ("useful_life_months", self.tr("Useful life in months"), "whole"),
            ("notes", self.tr("Notes"), "long"),
        ]
        found = [Field(name, label, kind) for name, label, kind in kinds]
        conditions = [(one, words[one]) for one in CONDITIONS if one]
        found.insert(1, Field("condition", self.tr("Condition"), "choice", choices=conditions))
        named = [(None, "—"), *((ident, name) for ident, _code, name in classes)]
        found.insert(1, Field("category_id", self.tr("Category"), "choice", choices=named))
        return found + [_optional(field) for field in editors_for(list(self._own.values()))]

    # --- what it would do

    def _plan(
        self, ids: tuple[int, ...], what: str, patch: dict[str, Any], label: str, again: Callable[[str], object]
    ) -> None:
        office = self._bench.runner.office

        def show(plan: BulkPlan) -> None:
            self._end()
            sentences = {one.said for one in plan.refused}
            if len(plan.refused) == len(ids) and len(sentences) == 1:
                again(sentences.pop())  # it is the value that no rule lets pass: it stands there to be mended
                return
            self._show(plan, what, patch, label)

        work = lambda progress: office.read(plan_bulk_edit, ids, patch, progress)  # noqa: E731
        self._run(self.tr("Looking at {what}").format(what=what), work, show)

    def _show(self, plan: BulkPlan, what: str, patch: dict[str, Any], label: str) -> None:
        box = PlanBox(plan, what, label, self._told(patch), self._after_plan(plan, patch))
        overlay = self._bench.shell.open_overlay(box)
        box.closed = overlay.close_it
        box.focus_first()

    def _after_plan(self, plan: BulkPlan, patch: dict[str, Any]) -> Callable[[], None]:
        office = self._bench.runner.office

        def change() -> None:
            ids = plan.changed

            def work(progress: Progress) -> Changes:
                return office.write(edit_assets, ids, patch, False, progress)

            self._run(self.tr("Changing {count:asset|assets}").format(count=Count(len(ids))), work, self._done)

        return change

    def _told(self, patch: Mapping[str, Any]) -> str:
        (name, value), *_ = patch.items()
        if value is None or value == "":
            return self.tr("nothing")
        if isinstance(value, bool):
            return self.tr("yes") if value else self.tr("no")
        field = self._own.get(name)
        unit = f" {field.form.unit}" if field is not None and field.form.unit else ""
        return (f"{value:%-d %b %Y}" if hasattr(value, "year") else str(value)) + unit

    # --- doing it

    def _run(self, words: str, work: Callable[[Progress], Any], done: Callable[[Any], None]) -> None:
        if self._progress is not None:
            said = self.tr("Another change is under way. Wait for it, or cancel it.")
            self._bench.shell.toasts.say(said, tone="warn")
            return
        self._progress = self._bench.runner.job(self, work, done, self._failed)
        self._strip.begin(words, self._progress.cancel)

    def _done(self, changes: Changes) -> None:
        self._end()
        self._bench.runner.changed.emit(changes)
        self._bench.runner.did.emit(changes)

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self._bench.shell.toasts.say(self.tr("Stopped. Nothing was changed."))
        else:
            self._bench.runner.failed.emit(error)

    def _end(self) -> None:
        self._progress = None
        self._strip.end()

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._strip.report(done, total)


class PlanBox(ScrollCard):
    """What a bulk edit would do: how many change, from which values, and who is refused and why."""

    def __init__(self, plan: BulkPlan, what: str, label: str, value: str, change: Callable[[], None]) -> None:
        super().__init__(look="raised")
        self.closed: Callable[[], object] = lambda: None
        self._change = change
        heading = self.tr("{field} of {what}: {value}").format(field=label, what=what, value=value)
        self.setAccessibleName(heading)
        self.setMinimumWidth(px(520))
        count = len(plan.changed)
        words = self.tr("{count:asset changes|assets change}").format(count=Count(count))
        same = self.tr("{count} say so already").format(count=f"{plan.unchanged:,}")
        verb = self.tr("Change {count}").format(count=f"{count:,}")
        self.change_button = Button(verb, "", "primary", self._go, "Ctrl+Enter")
        self.change_button.setEnabled(count > 0)
        self.cancel_button = Button(self.tr("Cancel"), "", "plain", lambda: self.closed(), "Esc")
        pieces: list[Any] = [Label(heading, "h2", wrap=True), 4]
        pieces += [Label(f"{words} · {same}", "muted", wrap=True), 8, rule()]
        pieces += [8, Label(self.tr("What stands there now"), "h3")]
        for counts in plan.before.values():
            for stands, times in list(counts.items())[:8]:
                pieces.append(line(Label(stands or self.tr("nothing")), None, Label(f"{times:,}", "muted")))
            if len(counts) > 8:
                more = self.tr("and {count:more value|more values}").format(count=Count(len(counts) - 8))
                pieces.append(Label(more, "muted"))
        if plan.refused:
            said = self.tr("{count} cannot be changed and stay as they are").format(count=f"{len(plan.refused):,}")
            pieces += [8, rule(), 8, Label(said, "h3")]
            for one in plan.refused[:SHOWN]:
                pieces.append(Label(f"{one.inventory_no}: {one.said}", "amber", wrap=True))
        pieces += [12, line(None, self.cancel_button, self.change_button)]
        whole = QWidget()
        whole.setLayout(stack(*pieces))
        self.show_content(whole, margins=(20, 16, 20, 16))

    def focus_first(self) -> None:
        """Lead the keys to the button that changes; to Cancel where nothing would."""
        (self.change_button if self.change_button.isEnabled() else self.cancel_button).setFocus()

    def keyPressEvent(self, event: Any) -> None:
        """Ctrl+Enter and Enter change."""
        if (is_save_key(event) or is_enter(event)) and self.change_button.isEnabled():
            self._go()
            return
        super().keyPressEvent(event)

    def _go(self) -> None:
        self.closed()
        self._change()


def _optional(field: Field) -> Field:
    """The field of a bulk edit: it may be emptied, and stands on its own line."""
    return replace(field, required=False, beside=False)
