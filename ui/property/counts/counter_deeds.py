"""What can be done on the counter's screen beside scanning: each deed an action with its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from cbo_desk.property import CONDITIONS
from cbo_desk.property.verification import RoomLine, count_item, describe_count, last_own_event
from ui import picks
from ui.kit.actions import Action
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.property.counts import words
from ui.property.counts.report import ask_report

if TYPE_CHECKING:
    from ui.property.counts.counter import CounterPage

DAMAGED = "broken"


class CounterDeeds(QObject):
    """The deeds of the counter's screen, on the room that is open and the scan that was last."""

    def __init__(self, page: CounterPage) -> None:
        super().__init__(page)
        self._page, self._bench = page, page.bench

    def add_actions(self) -> None:
        """Offer them to whoever may count; keys are function keys, since letters are what scanners type."""
        page = self._page
        if self._bench.may(count_item):
            self._action("no_tag", self.tr("Count the chosen thing: its tag is gone"), page.count_chosen, "hash", "F6")
            self._action("damaged", self.tr("Damaged: say so of the last scan"), self.damaged, "wrench", "F7")
            self._action(
                "condition", self.tr("Say the condition of the last scan"), self.describe, "pencil", "Shift+F7"
            )
            self._action("missing", self.tr("Mark all that is left as missing"), page.mark_missing, "circle-help", "F8")
            run = partial(page.mark_missing, only_chosen=True)
            self._action("missing_one", self.tr("Mark the chosen thing as missing"), run, "circle-help", "Shift+F8")
            self._action("finish", self.tr("Finish this room"), page.finish, "check", "F9")
            self._action("undo", self.tr("Undo last scan"), page.undo_last, "undo-2")
            self._action(
                "put_back", self.tr("Put back what was taken back"), page.takings.put_back, "redo-2", "Ctrl+Shift+Z"
            )
            self._action("go_room", self.tr("Open a room to count in"), self.go_to_room, "door-open", "F4")
        self._action("report_here", self.tr("Write the report of this count"), self.report, "file-text")

    def damaged(self) -> None:
        """Say of the last scan, or of the thing chosen among the found ones, that it is damaged."""
        self._describe(DAMAGED, "")

    def describe(self) -> None:
        """Ask for the condition of the last scan."""
        one = self._meant()
        if one is None:
            return
        choices = [(name, words.condition(name)) for name in CONDITIONS if name]
        form = Form(
            [
                Field("condition", self.tr("Condition"), "choice", choices=choices, required=True),
                Field("note", self.tr("Note"), "text", self.tr("what is wrong with it"), longest=200),
            ]
        )
        form.set_values({"condition": one.condition or DAMAGED, "note": one.note})

        def save(values: Mapping[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._describe(str(values["condition"]), str(values["note"]))
            done()

        heading = self.tr("Condition of {number}").format(number=one.inventory_no)
        open_form(self._bench.shell, FormBox(heading, form, save, self.tr("Note it"), width=420))

    def go_to_room(self) -> None:
        """Ask for a room where its door has no tag."""
        field = Field("place", self.tr("Room"), "pick", required=True, suggest=picks.places(self._bench))
        form = Form([field])

        def save(values: Mapping[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            self._page.open_room(values["place"].id)
            done()

        open_form(self._bench.shell, FormBox(self.tr("Count in a room"), form, save, self.tr("Open"), width=420))

    def report(self) -> None:
        """Ask for the file of the report."""
        if self._page.progress is not None:
            ask_report(self._bench, self._page, self._page.progress.card.line)

    def _describe(self, condition: str, note: str) -> None:
        one, page = self._meant(), self._page
        if one is None or page.room_id is None:
            return

        def order(event: int) -> None:
            page.order(describe_count, page.campaign_id, event, condition, note, done=page.takings.described)

        if one is not page.last:
            order(one.event_id)
        else:  # what was noted and undone before gave the last scan another number
            who = self._bench.runner.office.actor.login
            self._bench.runner.read(self, last_own_event, page.campaign_id, page.room_id, who, done=order)

    def _meant(self) -> RoomLine | None:
        """The found thing that has the focus, else the last scan."""
        found = self._page.board.found
        chosen = found.chosen() if found.view.hasFocus() else None
        meant = chosen or self._page.last
        if meant is None:
            why, what = self.tr("Nothing was scanned yet"), self.tr("Scan the thing first, then say how it is.")
            self._page.strip.say(self.tr("Not done"), why, what, "warn", "triangle-alert")
        elif not meant.is_thing:
            what = self.tr("Scan the thing first, then say how it is.")
            why = self.tr("That was no thing")
            self._page.strip.say(self.tr("Not done"), why, what, "warn", "triangle-alert")
            return None
        return meant

    def _action(self, name: str, label: str, run: Callable[[], object], icon: str, key: str = "") -> None:
        page = self._page
        action = Action(
            f"property.counts.{name}", label, run, icon, key, "property", enabled=lambda: bool(page.campaign_id)
        )
        self._bench.shell.actions_.add(page, action)
