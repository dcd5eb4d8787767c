"""What every page is given: the runner that asks and orders, the window it hangs in, what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from cbo_desk.errors import Refusal
from cbo_desk.permissions import Work
from ui.kit.drafts import Drafts
from ui.kit.meeting import Edited, Standing
from ui.kit.preferences import Preferences
from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.wedge import Wedge
from ui.kit.shell import Shell

if TYPE_CHECKING:  # the frame is painted before the runner, and all that it stands on, is imported
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from ui.kit.runner import Runner

PrintTags = Callable[[str, Sequence[int]], object]
"""Opens the print window for records of a kind: a desk below the tags' asks for it without knowing it."""


@dataclass
class Bench:
    """One workstation at work.

    `shell`, `feed` where scans arrive and `wedge` that tells them from typing are there as soon as the window is.
    `cards` are the queries of the cards that pages show, by the kind of the record: a scan reads them on its way.
    """

    runner: Runner
    preferences: Preferences
    drafts: Drafts
    shell: Shell = field(init=False)
    feed: ScanFeed = field(init=False)
    wedge: Wedge = field(init=False)
    print_tags: PrintTags = field(init=False)
    cards: dict[str, Callable[..., Any]] = field(default_factory=dict)
    _homes: dict[str, str] = field(default_factory=dict)

    def home(self, kind: str, desk: str) -> None:
        """Records of a kind are shown by a desk."""
        self._homes[kind] = desk

    def home_of(self, kind: str) -> str:
        """The desk that shows records of a kind, "" where none does."""
        return self._homes.get(kind, "")

    def open_record(self, kind: str, record_id: int) -> bool:
        """Show a record on its desk; False where no desk shows its kind."""
        desk = self.home_of(kind)
        if not desk:
            return False
        self.shell.go(desk, f"{kind}:{record_id}")
        return True

    def read_card(self, owner: QObject, card: QWidget, query: Callable[..., Any], *args: Any, **answers: Any) -> None:
        """Look up the record that a card is to show, and let the card say so meanwhile: see `ui.kit.reading`."""
        from ui.kit.reading import read_card

        read_card(self.runner, owner, card, query, *args, **answers)

    def edited(
        self, asker: QObject, kind: str, ident: int, query: Callable[..., Any], standing: Callable[[Any], Standing],
        asked: tuple[Any, ...] | None = None, *, changed: Callable[[Any], int] | None = None,
    ) -> Edited:  # fmt: skip
        """The record that a form changes: `query` reads it once more, `standing` makes of it what the form shows.

        `asked` is what the query is given, if that is not the id. Of an `ident` 0, `changed` says of what was read
        which record of the kind is to be looked up for who changed it.
        """

        from cbo_desk.versions import last_editor

        def again(done: Callable[[Standing], object], failed: Callable[[Exception], object]) -> None:
            def named(record: Any, who: str) -> None:
                try:
                    found = replace(standing(record), who=who)
                except Refusal as refusal:  # it is no longer among those read
                    failed(refusal)
                    return
                done(found)

            def found(record: Any) -> None:
                told, silent = partial(named, record), lambda _error: named(record, "")
                which = ident if changed is None else changed(record)
                self.runner.read(asker, last_editor, kind, which, done=told, failed=silent)

            self.runner.read(asker, query, *((ident,) if asked is None else asked), done=found, failed=failed)

        return Edited(kind, ident, again)

    def age_words(self, *reports: Callable[..., Any], before: str = "") -> str:
        """How old the figures of reports are that a replica gave, from the oldest; "" where the server gave them.

        `before` stands before them where there are any.
        """
        told = [instant for report in reports if (instant := self.runner.office.as_of(report)) is not None]
        if not told:
            return ""
        from cbo_desk.context import clock
        from ui.kit.phrases import as_of

        return before + as_of(min(told), clock())

    def may(self, work: Work) -> bool:
        """Whether the person at work may run a command or query: what they may not do is not offered."""
        return self.runner.office.may(work)


def record_of(detail: str) -> tuple[str, int] | None:
    """The kind and id that a page is asked to show, or None for anything else."""
    kind, _, ident = detail.partition(":")
    return (kind, int(ident)) if ident.isdigit() else None
