"""The emblems of entities as files, as those who print labels take them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cbo_desk.office import Office
from cbo_desk.progress import Progress
from cbo_desk.tags.supplies import emblem


@dataclass(frozen=True)
class Emblems:
    """Files by entity code; they go with the last one who holds them."""

    files: Mapping[str, Path] = field(default_factory=dict)
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None, compare=False)


def fetch_emblems(office: Office, wanted: Mapping[str, int], progress: Progress) -> Emblems:
    """Write the wanted emblems, attachments by entity code, into a folder of their own."""
    if not wanted:
        return Emblems()
    folder = tempfile.TemporaryDirectory(prefix="cbo-desk-emblems-", ignore_cleanup_errors=True)
    files: dict[str, Path] = {}
    for code, attachment in wanted.items():
        progress.report(len(files), len(wanted))
        files[code] = Path(folder.name) / f"{attachment}.picture"
        files[code].write_bytes(office.read(emblem, attachment))
    return Emblems(files, folder)
