"""The form of a paper: which one, from when until when, and for a MOSS checklist every point."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.context import clock, local
from cbo_desk.transport import MOSS_POINTS, PAPER_WORDS, PaperForm, add_paper
from cbo_desk.transport.papers import OF
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.transport.records import RecordsPage

YEAR = timedelta(days=364)


def capital(words: str) -> str:
    """Words with a capital at their beginning; the others stay as they are."""
    return words[:1].upper() + words[1:]


def ask_paper(page: RecordsPage, holder_kind: str, holder_id: int, called: str) -> None:
    """Ask for a renewed paper of a vehicle or a driver."""
    kinds = [(kind, capital(PAPER_WORDS[kind])) for kind in OF[holder_kind]]
    tr = QCoreApplication.translate
    form = Form(
        [
            Field("kind", tr("transport", "Paper"), "choice", required=True, choices=kinds),
            Field("number", tr("transport", "Number"), beside=True),
            Field("valid_from", tr("transport", "Valid from"), "date", required=True),
            Field("expires", tr("transport", "Last day"), "date", required=True, beside=True),
            Field("note", tr("transport", "Notes"), "long"),
        ]
    )
    today = local(clock()).date()
    form.set_values({"kind": kinds[0][0], "valid_from": today, "expires": today + YEAR})

    def points() -> None:
        wanted = form.editors["kind"].value() == "moss"
        form.put_last([Field(f"point.{p}", p, "yes") for p in MOSS_POINTS] if wanted else [],
                      {f"point.{p}": True for p in MOSS_POINTS})  # fmt: skip

    form.editors["kind"].edited.connect(points)

    def make(values: Mapping[str, Any]) -> PaperForm:
        checked = {n.removeprefix("point."): bool(v) for n, v in values.items() if n.startswith("point.")}
        return PaperForm(str(values["kind"]), values["valid_from"], values["expires"], str(values["number"]),
                         str(values["note"]), checked)  # fmt: skip

    heading = tr("transport", "Paper of {name}").format(name=called)
    page.ask(heading, form, page.saves(add_paper, holder_kind, holder_id, make=make), tr("transport", "Save"))
