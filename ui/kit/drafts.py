"""What was typed and not saved yet, kept in files of this computer so that it survives a crash."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Draft:
    """What was typed in a form, field by field, and when; `stood` is what stood in the fields before."""

    typed: dict[str, Any]
    when: datetime
    stood: dict[str, Any] = field(default_factory=dict)


class Drafts:
    """One file for each form that has a draft. A folder that cannot be written costs the draft, never the work."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, form: str, typed: dict[str, Any], stood: dict[str, Any] | None = None) -> bool:
        """Keep what was typed, and what stood there before; False where the disk refuses."""
        kept = {"when": datetime.now().astimezone().isoformat(), "typed": typed, "stood": stood or {}}
        text = json.dumps(kept)  # in ASCII: what is scanned or pasted may hold halves of letters
        path = self._path(form)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(".new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        except OSError:
            return False
        return True

    def find(self, form: str) -> Draft | None:
        """The draft of a form; None where there is none or the file is damaged."""
        try:
            kept = json.loads(self._path(form).read_text(encoding="utf-8"))
            return Draft(dict(kept["typed"]), datetime.fromisoformat(kept["when"]), dict(kept.get("stood", {})))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def forget(self, form: str) -> None:
        """Throw a draft away, after saving or on the person's word."""
        with suppress(OSError):
            self._path(form).unlink()

    def _path(self, form: str) -> Path:
        return self._folder / (re.sub(r"[^A-Za-z0-9._-]", "_", form) + ".json")
