"""How the place, the person and the category of a filter are called: a saved view keeps what identifies them only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from cbo_desk.errors import Refusal
from cbo_desk.people import person_card
from cbo_desk.places import place_card
from cbo_desk.property import AssetFilter, categories
from ui.kit.runner import Runner

Told = Callable[[dict[str, str]], object]


class FilterNames(QObject):
    """Looks the names up that nobody said; `told` hears them by the filter's part."""

    def __init__(self, runner: Runner, told: Told, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._told = runner, told
        self._known: dict[str, object] = {}

    def look_up(self, wanted: AssetFilter, names: dict[str, str], said: Mapping[str, str]) -> None:
        """Look up the names of a filter that nobody `said` with it and that are not known from the filter before."""
        parts: dict[str, object] = {
            "place_path": wanted.place_path or None,
            "custodian_id": wanted.custodian_id,
            "categories": wanted.categories or None,
            **{f"custom.{key}": key for key, _how, _value in wanted.custom},
        }
        for part, value in parts.items():
            if value is None:
                names.pop(part, None)
                self._known.pop(part, None)
            elif part in said or (part in names and self._known.get(part) == value):
                self._known[part] = value
            else:
                names.pop(part, None)
                self._known[part] = value
                self._ask(part, wanted)

    def _ask(self, part: str, wanted: AssetFilter) -> None:
        read = self._runner.read
        if part == "place_path":
            ident = int(wanted.place_path.rstrip("/").rpartition("/")[2])
            read(self, place_card, ident, done=lambda card: self._told({part: card.code}), failed=self._gone(part))
        elif part == "custodian_id":
            assert wanted.custodian_id is not None
            told = lambda card: self._told({part: card.name})  # noqa: E731
            read(self, person_card, wanted.custodian_id, done=told, failed=self._gone(part))
        elif part.startswith("custom."):
            from cbo_desk.property.fields import CustomField, fields_by_key  # few filters ask for custom fields

            def tell(found: Mapping[str, CustomField]) -> None:
                field = found.get(part.removeprefix("custom."))
                self._told({part: field.form.label if field else self.tr("no longer there")})

            read(self, fields_by_key, done=tell)
        else:
            read(self, categories, done=lambda found: self._told({part: _called(found, wanted.categories)}))

    def _gone(self, part: str) -> Callable[[Exception], object]:
        """What is gone from the register has no name any more; any other trouble is said."""

        def say(error: Exception) -> None:
            if isinstance(error, Refusal):
                self._told({part: self.tr("no longer there")})
            else:
                self._runner.failed.emit(error)

        return say


def _called(found: Sequence[tuple[int, str, str]], wanted: Sequence[int]) -> str:
    return ", ".join(name for ident, _code, name in found if ident in wanted)
