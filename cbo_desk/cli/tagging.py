"""The commands tags, which prints tags to a file, and stocks, which lists what they can be printed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cbo_desk.cli.arguments import Order
from cbo_desk.cli.opening import office
from cbo_desk.compound import exists
from cbo_desk.errors import Refusal, file_news
from cbo_desk.office import Office
from cbo_desk.permissions import check, rule_of
from cbo_desk.progress import Progress
from cbo_desk.property import KIND, AssetFilter, AssetList
from cbo_desk.tags import TagLine, log_print, never_printed, resolve, supplies, tags_of
from cbo_desk.tags.supplies import Supplies, site_stocks

if TYPE_CHECKING:  # what prints is loaded when something is printed
    from cbo_desk.tags.output import PrinterProfile

MOST = 100_000
_LONGEST_LIST = 20_000_000  # bytes: a million codes


def tags(order: Order) -> Iterable[Any]:
    """Print tags to a file and write down that they were printed: both, or neither."""
    from cbo_desk.tags.emblem_files import fetch_emblems
    from cbo_desk.tags.layout import LabelLayout, TagLabel
    from cbo_desk.tags.printing import make_tags
    from cbo_desk.tags.stocks import free_cells
    from cbo_desk.tags.stocks import stock as stock_named

    with office(order) as opened:
        check(opened.actor, rule_of(log_print))
        have = opened.read(supplies)
        stock = stock_named(order.stock, [one for one in have.stocks if one.name in have.own])
        free_cells(stock, (), order.start_at)
        lines = _wanted(opened, order)
        labels = [TagLabel(line.code, line.subject.number, line.subject.name, line.subject.entity) for line in lines]
        out = Path(order.out)
        profile = _measured(have, order.printer)
        emblems = fetch_emblems(opened, have.emblems if order.emblem else {}, Progress())
        elements = ("emblem", *LabelLayout().elements) if order.emblem else LabelLayout().elements
        layout = LabelLayout(elements, have.wording, emblems.files)
        with _all_or_nothing(out) as written:
            report = make_tags(labels, stock, out, layout=layout, profile=profile, start_at=order.start_at)
            written(report.files or (out,))
            placed = [(line.tag_id, page, cell) for line, (page, cell) in zip(lines, report.cells, strict=True)]
            opened.write(log_print, stock.name, out.name, placed)
    yield {
        "tags": report.tags,
        "pages": report.pages,
        "seconds": round(report.seconds, 3),
        "file": order.out,
        "warnings": list(report.warnings),
    }


def _measured(have: Supplies, printer: str | None) -> PrinterProfile | None:
    """How far the named printer is off; none is named where the file is for any."""
    if printer is None:
        return None
    if printer not in have.printers:
        known = ", ".join(sorted(have.printers)) or "none yet"
        raise Refusal(f"No printer {printer} was measured. Measured: {known}.")
    return have.printers[printer].profile


@contextmanager
def _all_or_nothing(out: Path) -> Iterator[Callable[[Iterable[Path]], None]]:
    """Take away the files that were written, where the print could not be written down; none may be replaced by it."""
    made: list[Path] = []
    there = out.exists()
    try:
        yield made.extend
    except BaseException:
        for path in made:
            if not (there and path == out):
                path.unlink(missing_ok=True)
        raise


def _wanted(opened: Office, order: Order) -> list[TagLine]:
    """The tags that were asked for: of a file of codes, of a search, or else those never printed."""
    if order.codes is not None:
        return _of_codes(opened, order.codes)
    if order.query is not None:
        listing = AssetList(AssetFilter(words=order.query), "inventory_no", descending=False)
        found = opened.read(tags_of, KIND, opened.read(listing.ids, MOST))
        if not found:
            raise Refusal(f"No asset holds the words {order.query}.")
        return found
    found = opened.read(never_printed, KIND, MOST)
    if not found:
        raise Refusal("Every tag has been printed. Name some with --codes or --query.")
    return found


def _of_codes(opened: Office, file: str) -> list[TagLine]:
    """The tags of a file with one code, number or serial a line, in its order; any kind of record may stand there."""
    lines = _lines(Path(file))
    asked: list[tuple[str, int]] = []
    unknown = []
    for line in lines:
        record = opened.read(resolve, line).opened
        if record is None:
            unknown.append(line)
        else:
            asked.append((record.kind, record.record_id))
    if unknown:
        shown = ", ".join(line[:40] for line in unknown[:5]) + ("…" if len(unknown) > 5 else "")
        raise Refusal(f"{len(unknown):,} of {len(lines):,} lines open no single record: {shown}. Nothing was printed.")
    tags: dict[tuple[str, int], TagLine] = {}
    for kind in {kind for kind, _ in asked}:
        ids = [ident for other, ident in asked if other == kind]
        tags.update(((kind, line.subject_id), line) for line in opened.read(tags_of, kind, ids))
    bare = [line for line, key in zip(lines, asked, strict=True) if key not in tags]
    if bare:
        raise Refusal(f"{bare[0][:40]} has no tag in use. Give it a new one in the window, then print again.")
    return [tags[key] for key in asked]


def _lines(file: Path) -> list[str]:
    try:
        if file.is_file() and file.stat().st_size > _LONGEST_LIST:
            raise Refusal(f"{file.name} is too large for a list of codes: it needs one code a line.")
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{file.name} is no list of codes: it needs to be text with one code a line.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise file_news(error, f"{file.name} cannot be read: {reason.lower()}.") from error
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise Refusal(f"{file.name} holds no code: it needs one a line.")
    return lines


def stocks(order: Order) -> Iterable[Any]:
    """Every label stock, with its geometry in millimetres: those shipped, then the compound's own."""
    from cbo_desk.tags.stocks import stocks as known

    for stock in known():
        yield {**stock.geometry(), "own": False}
    if exists(order.database):
        with office(order) as opened:
            own = opened.read(site_stocks)
        for stock in own:
            yield {**stock.geometry(), "own": True}
