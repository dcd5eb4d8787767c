"""Which tags are to be printed: chosen one by one, from a queue, or from a delivery; ticked or left out."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from cbo_desk.tags import TagLine


class Choice(QObject):
    """The chosen tags in their order; one whose tick is off stays in sight but is not printed. `changed` tells all."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[int, TagLine] = {}
        self._off: set[int] = set()

    def lines(self) -> list[TagLine]:
        """All that was chosen, ticked or not."""
        return list(self._lines.values())

    def ticked(self) -> list[TagLine]:
        """What is to be printed."""
        return [line for ident, line in self._lines.items() if ident not in self._off]

    def is_ticked(self, tag_id: int) -> bool:
        """Whether a tag is to be printed."""
        return tag_id in self._lines and tag_id not in self._off

    def kept(self) -> dict[str, list[int]]:
        """The choice as plain values, to be kept while the window is closed."""
        return {"tags": list(self._lines), "off": sorted(self._off)}

    def put(self, lines: Iterable[TagLine], off: Iterable[int] = ()) -> None:
        """Choose more tags; those chosen already stay at their places."""
        for line in lines:
            self._lines[line.tag_id] = line
            self._off.discard(line.tag_id)
        self._off |= set(off) & set(self._lines)
        self.changed.emit()

    def toggle(self, line: TagLine) -> None:
        """Tick a tag, or take its tick off."""
        if line.tag_id not in self._lines:
            self._lines[line.tag_id] = line
        elif line.tag_id in self._off:
            self._off.discard(line.tag_id)
        else:
            self._off.add(line.tag_id)
        self.changed.emit()

    def tick_all(self, ticked: bool) -> None:
        """Tick all that is chosen, or nothing of it."""
        self._off = set() if ticked else set(self._lines)
        self.changed.emit()

    def clear(self) -> None:
        """Choose nothing."""
        self._lines.clear()
        self._off.clear()
        self.changed.emit()
