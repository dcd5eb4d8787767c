"""Thresholds, rates and limits: what is valid today, what comes, what was, and where each value is from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

import cbo_desk.mail.pouch  # noqa: F401 - declares its dated settings
import cbo_desk.property.custody  # noqa: F401 - declares its dated settings
import cbo_desk.property.disposal  # noqa: F401 - declares its dated settings
import cbo_desk.property.value  # noqa: F401 - declares its dated settings
from cbo_desk.changes import Changes
from cbo_desk.context import clock, local
from cbo_desk.dated import KIND, Said, SettingLine, Valid, list_settings, set_value, shown, values_said
from cbo_desk.errors import Refusal
from cbo_desk.plurals import Count
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard
from ui.kit.chips import Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.kit.phrases import day
from ui.settings.rows import setting_row


class DatedPanel(QWidget):
    """The list of dated settings."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card = ScrollCard(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)
        bench.runner.changed.connect(self._hear)
        self.refresh()

    def refresh(self) -> None:
        """Read the settings anew."""
        self._bench.runner.read(self, list_settings, done=self._show)

    def _show(self, lines: Sequence[SettingLine]) -> None:
        self.card.show_content(*[self._row(line) for line in lines], gap=0)

    def _row(self, line: SettingLine) -> QWidget:
        parts = [line.scope] if line.scope else []
        valid = line.current
        if valid.valid_from is not None:
            parts.append(self.tr("since {day}").format(day=day(valid.valid_from)))
        if valid.source:
            parts.append(valid.source)
        for next_one in line.coming:
            words = self.tr("{value} from {day}")
            parts.append(words.format(value=shown(line.declared, next_one.value), day=day(next_one.valid_from)))
        if line.past:
            parts.append(self.tr("{count:earlier value|earlier values}").format(count=Count(len(line.past))))
        status = Status(self.tr("Confirm"), "warn", "triangle-alert") if line.to_confirm else None
        buttons = [Button(self.tr("Change"), run=partial(self._change, line))] if self._bench.may(set_value) else []
        value = shown(line.declared, valid.value) or self.tr("none")
        return setting_row("sliders-horizontal", line.declared.text, " · ".join(parts), value, status, buttons)

    def _change(self, line: SettingLine) -> None:
        kind = "yes" if isinstance(line.declared.default, bool) else "text"
        if isinstance(line.declared.default, int | float | Decimal) and kind == "text":
            kind = "number"
        value = Field("value", self.tr("Value ({unit})").format(unit=line.declared.unit or "–"), kind)  # type: ignore[arg-type]
        form = Form(
            [
                value,
                Field("valid_from", self.tr("Valid from"), "date", required=True),
                Field("source", self.tr("Where this value comes from"), required=True, hint="ST/AI/2015/4"),
            ]
        )
        name, scope = line.declared.name, line.scope
        seen: set[Valid] = set()

        def standing(said: Said) -> Standing:
            valid = said.on(local(clock()).date(), line.current)
            seen.add(valid)

            def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
                there = said.from_day(values["valid_from"])
                if there is not None and there not in seen:
                    seen.add(there)
                    failed(Refusal(self._there(line, there), "valid_from"))
                    return
                number = values["value"]
                if kind == "number" and number is not None:
                    number = type(line.declared.default)(number)
                order = Unchanged(set_value, values_said, (name, scope), said)
                args = (name, values["valid_from"], number, scope, values["source"])
                self._bench.runner.write(order, *args, done=lambda _changes: done(), failed=failed)

            return Standing({"value": valid.value, "source": valid.source}, save)

        def opened(said: Said) -> None:
            stands = standing(said)
            form.set_values({**stands.values, "valid_from": local(clock()).date()})
            edited = self._bench.edited(
                self, KIND, 0, values_said, standing, (name, scope), changed=lambda now: now.changed_since(said)
            )
            open_form(self._bench.shell, FormBox(line.declared.text, form, stands.save, self.tr("Save"), edited=edited))

        self._bench.runner.read(self, values_said, name, scope, done=opened)

    def _there(self, line: SettingLine, there: Valid) -> str:
        words = self.tr(
            "{value} stands here from this day on ({source}). Save again to put yours in its place, or choose another "
            "day."
        )
        return words.format(value=shown(line.declared, there.value), source=there.source)

    def _hear(self, changes: Changes) -> None:
        if KIND in changes.touched():
            self.refresh()
