"""A form that puts something where something may stand already: that is told first, and replaced only when seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from cbo_desk.errors import Conflict, Refusal
from cbo_desk.versions import Stands, Unchanged
from ui.kit.runner import Runner

Done = Callable[[], object]
Failed = Callable[[Exception], object]


class Replacing:
    """The saves of one form, for instance of a price from a day on.

    `query` says what stands at a place, `Stands` or None; the first save goes through where nothing does. Where
    something does it is refused with what that is, and the next save puts the form's in its place, unless it was
    changed once more meanwhile.
    """

    def __init__(self, runner: Runner, asker: QObject, query: Callable[..., Any]) -> None:
        self._runner, self._asker, self._query = runner, asker, query
        self._seen: dict[tuple[Any, ...], Stands] = {}

    def write(
        self, place: tuple[Any, ...], command: Callable[..., Any], *args: Any, done: Done, failed: Failed,
        field: str = "",
    ) -> None:  # fmt: skip
        """Order a command that writes at a place; `field` is where the form shows what stands there."""

        def met(error: Exception) -> None:
            if not isinstance(error, Conflict):
                failed(error)
                return
            self._runner.read(self._asker, self._query, *place, done=found, failed=failed)

        def found(stands: Stands | None) -> None:
            if stands is None:
                self._seen.pop(place, None)
                self.write(place, command, *args, done=done, failed=failed, field=field)
                return
            self._seen[place] = stands
            words = QCoreApplication.translate(
                "replacing", "{what} Save again to put yours in its place, or choose another day or name."
            )
            failed(Refusal(words.format(what=stands.said), field or None))

        order = Unchanged(command, self._query, place, self._seen.get(place))
        self._runner.write(order, *args, done=lambda _changes: done(), failed=met)
