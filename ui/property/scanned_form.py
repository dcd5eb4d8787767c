"""A form with a field of assets: while it is open, every scan puts another line into it, and no scan is lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cbo_desk.property.picking import PickedAsset, pick_assets
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Editor
from ui.kit.scanning.feed import Outcome, Scanned
from ui.property.kept_scans import keep_if_unknown


def open_scanned_form(bench: Bench, box: FormBox, name: str) -> FormBox:
    """Open a form whose long field `name` holds one inventory number a line, and let scans fill it."""
    editor = box.form.editors[name]
    bench.feed.ask(box, partial(_heard, bench, box, editor))
    return open_form(bench.shell, box)


def lines_of(text: object) -> list[str]:
    """The lines of such a field, without the empty ones."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def _heard(bench: Bench, box: FormBox, editor: Editor, scan: Scanned) -> None:
    def add(found: Sequence[PickedAsset]) -> None:
        lines = lines_of(editor.typed())
        [picked] = found
        if picked.inventory_no in lines:
            words = box.tr("{number} is in the list already.").format(number=picked.inventory_no)
            bench.feed.done(scan, Outcome(False, words))
            return
        editor.set_typed("\n".join([*lines, picked.inventory_no]))
        box.form.show_faults({})
        bench.feed.done(scan, Outcome(True, f"{picked.inventory_no} · {picked.description}"))

    def refuse(error: Exception) -> None:
        keep_if_unknown(bench, scan.text, error)
        box.form.show_faults({editor.field.name: str(error)})
        bench.feed.done(scan, Outcome(False, str(error)))

    bench.runner.read(box, pick_assets, [scan.text], done=add, failed=refuse)
