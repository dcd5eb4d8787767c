"""A form with a field of assets: while it is open, every scan puts another line into it, and no scan is lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from cbo_desk.errors import Refusal
from cbo_desk.property.picking import NotKnown, PickedAsset, pick_assets
from ui.bench import Bench
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Editor, Pick, Source
from ui.kit.pick import PickField
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
        editor.edited.emit()  # a draft keeps what was scanned, too
        box.form.show_faults({})
        bench.feed.done(scan, Outcome(True, f"{picked.inventory_no} · {picked.description}"))

    def refuse(error: Exception) -> None:
        """It is no thing: perhaps it is the badge of whoever the form asks for, too."""
        fields = (one for one in box.form.editors.values() if isinstance(one, PickField))
        somebody = next((one for one in fields if isinstance(one.field.suggest, Source)), None)
        if somebody is None or isinstance(error, NotKnown):
            say(error)
        else:
            assert isinstance(somebody.field.suggest, Source)
            somebody.field.suggest.read(scan.text, partial(answered, somebody, error))

    def answered(field: PickField, error: Exception, pick: Pick | None, why: str) -> None:
        if pick is None:
            say(Refusal(why) if why else error)
        else:
            field.choose(pick)
            box.form.show_faults({})
            bench.feed.done(scan, Outcome(True, f"{field.field.label}: {pick.name}"))

    def say(error: Exception) -> None:
        keep_if_unknown(bench, scan.text, error)
        box.form.show_faults({editor.field.name: str(error)})
        bench.feed.done(scan, Outcome(False, str(error)))

    bench.runner.read(box, pick_assets, [scan.text], done=add, failed=refuse)
