"""The forms of the print window: a stock of one's own, what was measured, where ZPL goes, the line on labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from cbo_desk.context import clock, local
from cbo_desk.dated import KIND as DATED
from cbo_desk.dated import Said, Valid, values_said
from cbo_desk.errors import Faults, Refusal
from cbo_desk.tags import save_printer, save_stock, set_label_wording
from cbo_desk.tags.ruler import profile_from, ruler_of
from cbo_desk.tags.stocks import LabelStock, stock_from
from cbo_desk.tags.supplies import STOCK, WORDING, site_stock, site_stocks
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.dialogs import FormBox
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Standing
from ui.kit.runner import Runner

Done = Callable[[], object]
Failed = Callable[[Exception], object]
_PAIRS = ("page", "label", "pitch", "origin")


def stock_box(bench: Bench, asker: QObject, stock: LabelStock, own: bool) -> FormBox:
    """The form of a label stock: an own one is changed, a shipped one is the model of a new one."""
    say = QCoreApplication.translate
    form = Form(_stock_fields(), f"tags.stock.{stock.name}" if own else "tags.stock.new", bench.drafts)

    def standing(known: Sequence[LabelStock]) -> Standing:
        now = next((each for each in known if each.name == stock.name), None) if own else stock
        if now is None:
            raise Refusal(say("tag forms", "This label stock is gone. Save it as a new one."))
        values: dict[str, Any] = {**now.geometry()}
        for pair in _PAIRS:
            values[pair], values[f"{pair}_down"] = values[pair]
        if not own:
            values["title"] = say("tag forms", "{title}, own").format(title=now.title)
        shown = {name: value for name, value in values.items() if name in form.editors}
        order = Unchanged(save_stock, site_stock, (now.name,), now) if own else save_stock
        return Standing(shown, partial(save, order))

    def save(order: Callable[..., Any], typed: Mapping[str, Any], done: Done, failed: Failed) -> None:
        plain = _stock_values(typed)
        try:
            stock_from({**plain, "name": "own"})
        except Refusal as refusal:
            failed(refusal)
            return
        bench.runner.write(order, plain, stock.name if own else "", done=lambda _changes: done(), failed=failed)

    stands = standing((stock,))
    form.set_values(stands.values)
    edited = bench.edited(asker, STOCK, 0, site_stocks, standing, (), changed=lambda _known: 0) if own else None
    heading = say("tag forms", "Change {title}") if own else say("tag forms", "Describe a label stock")
    summary = say(
        "tag forms", "Lengths in mm, as the packet says. The first label's corner is measured from the top left."
    )
    return FormBox(
        heading.format(title=stock.title), form, stands.save, say("tag forms", "Save stock"), summary=summary,
        width=640, edited=edited,
    )  # fmt: skip


def _stock_fields() -> list[Field]:
    say = QCoreApplication.translate
    kinds = (("sheet", say("tag forms", "Sheets")), ("roll", say("tag forms", "A roll")))
    across, down = say("tag forms", "{what}, across"), say("tag forms", "{what}, down")
    whats = {
        "page": say("tag forms", "Page"),
        "label": say("tag forms", "Label"),
        "pitch": say("tag forms", "From one label to the next"),
        "origin": say("tag forms", "First label from the edge"),
    }
    fields = [
        Field("title", say("tag forms", "Title"), required=True, longest=80),
        Field("maker", say("tag forms", "Maker"), required=True, longest=80, beside=True),
        Field("kind", say("tag forms", "Comes as"), "choice", required=True, choices=kinds, beside=True),
    ]
    for pair in _PAIRS:
        fields.append(Field(pair, across.format(what=whats[pair]), "number", required=True))
        fields.append(Field(f"{pair}_down", down.format(what=whats[pair]), "number", required=True, beside=True))
    return [
        *fields,
        Field("columns", say("tag forms", "Labels across"), "number", required=True),
        Field("rows", say("tag forms", "Labels down"), "number", required=True, beside=True),
        Field("corner", say("tag forms", "Corner radius"), "number", required=True),
        Field("inset", say("tag forms", "Kept free at the edge"), "number", required=True, beside=True),
        Field("dpi", say("tag forms", "Printer's dots per inch"), "number", required=True, beside=True),
    ]


def _stock_values(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as `stock_from` takes it; a count with a fraction stays one, so that it is refused in words."""
    plain: dict[str, Any] = {name: typed[name] for name in ("title", "maker", "kind")}
    for pair in _PAIRS:
        plain[pair] = [float(typed[pair]), float(typed[f"{pair}_down"])]
    for name in ("columns", "rows", "dpi"):
        plain[name] = int(typed[name]) if typed[name] == int(typed[name]) else float(typed[name])
    plain["corner"], plain["inset"] = float(typed["corner"]), float(typed["inset"])
    return plain


def measured_box(runner: Runner, printer: str, stock: LabelStock) -> FormBox:
    """The form for what a person measured on the ruler page."""
    say = QCoreApplication.translate
    ruler = ruler_of(stock)
    right = say("tag forms", "{length} is right")
    form = Form(
        [
            Field(
                "left",
                say("tag forms", "1. Left edge of the page to the upright line, mm"),
                "number",
                right.format(length=f"{ruler.inset:g}"),
                required=True,
            ),
            Field(
                "top",
                say("tag forms", "2. Upper edge of the page to the level line, mm"),
                "number",
                right.format(length=f"{ruler.inset:g}"),
                required=True,
            ),
            Field(
                "length",
                say("tag forms", "3. Length of the level line, mm"),
                "number",
                right.format(length=f"{ruler.across:g}"),
                required=True,
            ),
        ]
    )

    def save(typed: Mapping[str, Any], done: Done, failed: Failed) -> None:
        try:
            found = profile_from(ruler, *(float(typed[name]) for name in ("left", "top", "length")))
        except Refusal as refusal:
            failed(refusal)
            return
        figures = (found.dx_mm, -found.dy_mm, found.scale)
        runner.write(save_printer, printer, *figures, done=lambda _changes: done(), failed=failed)

    heading = say("tag forms", "What was measured on {printer}").format(printer=printer)
    summary = say("tag forms", "Print the ruler page on this printer first, at 100 %, then measure these three.")
    return FormBox(heading, form, save, say("tag forms", "Save"), summary=summary, width=520)


def wording_box(bench: Bench, asker: QObject, said: Said) -> FormBox:
    """The form for the free line that can stand on every label."""
    say = QCoreApplication.translate
    hint = say("tag forms", "such as Property of the United Nations")
    form = Form([Field("wording", say("tag forms", "Line on the label"), hint=hint, longest=200)])

    def standing(now: Said) -> Standing:
        def save(typed: Mapping[str, Any], done: Done, failed: Failed) -> None:
            order = Unchanged(set_label_wording, values_said, (WORDING.name,), now)
            bench.runner.write(order, typed["wording"], done=lambda _changes: done(), failed=failed)

        shipped = Valid(WORDING.default, None, WORDING.source, True)
        return Standing({"wording": now.on(local(clock()).date(), shipped).value}, save)

    stands = standing(said)
    form.set_values(stands.values)
    edited = bench.edited(
        asker, DATED, 0, values_said, standing, (WORDING.name,), changed=lambda now: now.changed_since(said)
    )
    summary = say("tag forms", "The same on every label of the site, from today on.")
    heading, verb = say("tag forms", "Own line on labels"), say("tag forms", "Save")
    return FormBox(heading, form, stands.save, verb, summary=summary, width=520, edited=edited)


def zpl_box(last: Mapping[str, str], go: Callable[[Mapping[str, str], Done, Failed], object]) -> FormBox:
    """The form for where ZPL goes; `go(answers, done, failed)` sends it."""
    say = QCoreApplication.translate
    ways = (
        ("host", say("tag forms", "To a printer on the network")),
        ("queue", say("tag forms", "To a raw queue of this computer")),
        ("file", say("tag forms", "Into a file")),
    )
    form = Form(
        [
            Field("way", say("tag forms", "Where it goes"), "choice", required=True, choices=ways),
            Field("host", say("tag forms", "Printer's name or address"), hint="10.1.4.20", longest=253),
            Field("port", say("tag forms", "Port"), "number", beside=True),
            Field("queue", say("tag forms", "Name of the queue"), longest=200),
        ]
    )
    form.set_values({"way": last.get("way", "host"), "host": last.get("host", ""), "queue": last.get("queue", "")})
    form.editors["port"].set_typed(last.get("port", "9100"))

    def save(typed: Mapping[str, Any], done: Done, failed: Failed) -> None:
        faults: dict[str, str] = {}
        port = typed["port"] if typed["port"] is not None else 9100
        if typed["way"] == "host" and not typed["host"]:
            faults["host"] = say("tag forms", "Give the printer's name or address.")
        if typed["way"] == "host" and not (port == int(port) and 1 <= port <= 65535):
            faults["port"] = say("tag forms", "A port is a whole number from 1 to 65535; printers listen on 9100.")
        if typed["way"] == "queue" and not typed["queue"]:
            faults["queue"] = say("tag forms", "Give the name of the queue.")
        if faults:
            failed(Faults(faults))
            return
        answers = {name: str(typed[name] or "") for name in ("way", "host", "queue")}
        go({**answers, "port": str(int(port))}, done, failed)

    summary = say("tag forms", "Zebra printers and those that understand their language take the tags as they are.")
    return FormBox(say("tag forms", "Send ZPL"), form, save, say("tag forms", "Send"), summary=summary, width=520)
