"""The compound's map, coloured by what is asked: how many assets, how they stand, or whose a place is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.compound import set_map, site_map
from cbo_desk.places import MapFigure, counts_by_place
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import clear, frame, line, rule
from ui.kit.chips import Tone
from ui.kit.labels import Label
from ui.kit.legend import Legend
from ui.kit.map_view import MapView
from ui.kit.marks import Mark
from ui.kit.phrases import code_and_name
from ui.kit.states import ListOrState, State
from ui.kit.tabs import segments

TROUBLED = ("missing", "under_repair")


class SiteMap(QWidget):
    """The map with its legend.

    Signals: `chosen(int)` a place's id; `load_asked` when a map file is wanted; `counted(int, int, int)` how many
    places there are, assets at them, and missing ones among these.
    """

    chosen = Signal(int)
    load_asked = Signal()
    counted = Signal(int, int, int)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self._by, self._chosen = "count", ""
        self._figures: dict[str, MapFigure] = {}
        self.view = MapView(self.tr("Map of the compound"), self)
        self.view.opened.connect(self._opened)
        self.states = ListOrState(self.view)
        self._legend = QVBoxLayout()
        choices = [
            ("count", self.tr("Assets")),
            ("state", self.tr("Missing or in repair")),
            ("occupier", self.tr("Occupier")),
        ]
        self.by = segments(choices, self._colour_by, "count")
        self.hint = Label("", "small-muted")
        self.view.hovered.connect(lambda code: self.hint.setText(self._said(code)))
        head = line(self.by, None, self.hint, margins=(12, 8, 12, 8))
        foot = line(margins=(14, 6, 14, 0))
        foot.addLayout(self._legend)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame(head, rule(), self.states, rule(), foot, margins=(1, 1, 1, 7)))
        self.refresh()

    def refresh(self) -> None:
        """Read map and figures anew."""
        self._bench.runner.walk(self, site_map, done=self._load)
        self.count_again()

    def count_again(self) -> None:
        """Read the figures anew."""
        self._bench.runner.walk(self, counts_by_place, done=self._show)

    def choose(self, code: str) -> None:
        """Lead the eye to a place."""
        self._chosen = code
        self.view.choose(code)

    def _load(self, svg: str) -> None:
        if not svg:
            may = self._bench.may(set_map)
            button = Button(self.tr("Load a map…"), "map", run=self.load_asked.emit) if may else None
            words = self.tr("A map is an SVG drawing in which each place's shape has the place's code as its id.")
            self.states.show_state(State("empty", self.tr("No map yet"), words, button, icon="map"))
            return
        self.states.show_content()
        try:
            self.view.load(svg)
        except ValueError:
            words = self.tr("The map that is kept is no drawing. Load another one.")
            button = Button(self.tr("Load a map…"), "map", run=self.load_asked.emit)
            self.states.show_state(State("error", self.tr("The map cannot be shown"), words, button))
            return
        self._colour_by(self._by)
        self.view.choose(self._chosen)

    def _show(self, figures: Sequence[MapFigure]) -> None:
        self._figures = {figure.code: figure for figure in figures}
        sites = [figure for figure in figures if figure.kind == "site"]
        missing = sum(figure.states.get("missing", 0) for figure in sites)
        self.counted.emit(len(figures), sum(figure.assets for figure in sites), missing)
        self._colour_by(self._by)

    def _colour_by(self, by: str) -> None:
        self._by = by
        marks, legend = {"count": self._by_count, "state": self._by_state, "occupier": self._by_occupier}[by]()
        self.view.show_marks(marks, self._said)
        clear(self._legend)
        self._legend.addWidget(Legend(legend))

    def _leaves(self) -> list[MapFigure]:
        """Places that are coloured: the innermost shapes, and buildings only by their rooms."""
        shapes = set(self.view.codes())
        return [f for f in self._figures.values() if f.code in shapes and f.kind not in ("site", "building", "floor")]

    def _by_count(self) -> tuple[dict[str, Mark], list[tuple[Tone, str]]]:
        most = max((figure.assets for figure in self._leaves()), default=0)
        some = max(1, most // 3)
        marks: dict[str, Mark] = {}
        for figure in self._leaves():
            tone: Tone = "idle" if not figure.assets else "info" if figure.assets <= some else "live"
            count = f"{figure.assets:,}" if figure.assets else ""
            marks[figure.code] = Mark(tone, _named(figure, count))
        legend: list[tuple[Tone, str]] = [
            ("idle", self.tr("none")),
            ("info", self.tr("up to {count:asset|assets}").format(count=Count(some))),
            ("live", self.tr("more")),
        ]
        return marks, legend

    def _by_state(self) -> tuple[dict[str, Mark], list[tuple[Tone, str]]]:
        marks: dict[str, Mark] = {}
        rooms = {"bad": 0, "warn": 0, "idle": 0}
        for figure in self._leaves():
            missing, repair = (figure.states.get(state, 0) for state in TROUBLED)
            tone: Tone = "warn" if missing or repair else "idle"
            rooms[tone] += 1
            words = _named(figure, f"{missing + repair:,}" if missing or repair else "")
            marks[figure.code] = Mark(tone, words, icon="triangle-alert" if missing else "wrench" if repair else "")
        legend: list[tuple[Tone, str]] = [
            ("warn", self.tr("something missing or in repair, {count}").format(count=rooms["warn"])),
            ("idle", self.tr("nothing to do, {count}").format(count=rooms["idle"])),
        ]
        return marks, legend

    def _by_occupier(self) -> tuple[dict[str, Mark], list[tuple[Tone, str]]]:
        counts: dict[str, int] = {}
        for figure in self._leaves():
            if figure.occupier:
                counts[figure.occupier] = counts.get(figure.occupier, 0) + 1
        tones: tuple[Tone, ...] = ("info", "ok", "live", "warn")
        largest = sorted(counts, key=lambda code: (-counts[code], code))[: len(tones)]
        tone_of = dict(zip(largest, tones, strict=False))
        marks = {f.code: Mark(tone_of.get(f.occupier, "idle"), _named(f, f.occupier)) for f in self._leaves()}
        legend: list[tuple[Tone, str]] = [(tone_of[code], f"{code}, {counts[code]}") for code in largest]
        return marks, [*legend, ("idle", self.tr("others or nobody"))]

    def _said(self, code: str) -> str:
        figure = self._figures.get(code)
        if figure is None:
            return code
        assets = self.tr("{count:asset|assets}").format(count=Count(figure.assets))
        parts = [code_and_name(figure.code, figure.name), assets]
        missing = figure.states.get("missing", 0)
        if missing:
            parts.append(self.tr("{count} missing").format(count=missing))
        return " · ".join([*parts, *([figure.occupier] if figure.occupier else [])])

    def _opened(self, code: str) -> None:
        figure = self._figures.get(code)
        if figure is not None:
            self.chosen.emit(figure.id)


def _named(figure: MapFigure, words: str) -> str:
    """What stands on a place; all but rooms have room for their name before it."""
    return words if figure.kind == "room" else " ".join(part for part in (figure.name, words) if part)
