"""The commands on tags: identify, read, tags, stocks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cbo_desk.cli.arguments import DONE, Order
from cbo_desk.cli.opening import office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.office import Office
from cbo_desk.property import KIND, AssetFilter, AssetList
from cbo_desk.tags import TagLine, log_print, never_printed, resolve, tags_of

MOST = 100_000


def identify(order: Order) -> Iterable[Any]:
    """What each text is, most likely first; an empty list for what is not known."""
    from cbo_desk.tags.scan import parse

    for text in order.text:
        parsed = parse(text)
        matches = [
            {
                "kind": reading.sort,
                "number": reading.code,
                "sure": reading.sure.name.lower(),
                "valid": reading.sure > 0,
                "why": reading.says,
                "parts": dict(reading.parts),
            }
            for reading in parsed.readings
        ]
        yield {"input": text, "matches": matches, "why": parsed.why}


def read(order: Order) -> Iterable[Any]:
    """The codes in each picture."""
    from cbo_desk.tags.reading import read_codes

    found = 0
    for image in order.image:
        for code in read_codes(Path(image)):
            found += 1
            position = [list(corner) for corner in code.position]
            yield {
                "file": image,
                "format": code.format,
                "text": code.text,
                "position": position,
                "page": code.page,
            }
    if not found:
        raise Refusal("There is no code in " + (f"{order.image[0]}." if len(order.image) == 1 else "these pictures."))


def stocks(_order: Order) -> Iterable[Any]:
    """Every label stock with its geometry in millimetres."""
    from cbo_desk.tags.stocks import stocks as known

    for stock in known():
        yield stock.geometry()


def tags(order: Order) -> Iterable[Any]:
    """Print tags to a file and write down that they were printed."""
    from cbo_desk.tags.layout import TagLabel
    from cbo_desk.tags.printing import make_tags

    with office(order) as opened:
        lines = _wanted(opened, order)
        labels = [TagLabel(line.code, line.subject.number, line.subject.name, line.subject.entity) for line in lines]
        report = make_tags(labels, order.stock, Path(order.out), start_at=order.start_at)
        placed = [(line.tag_id, page, cell) for line, (page, cell) in zip(lines, report.cells, strict=True)]
        opened.write(log_print, order.stock, Path(order.out).name, placed)
    yield {
        "tags": report.tags,
        "pages": report.pages,
        "seconds": round(report.seconds, 3),
        "file": order.out,
        "warnings": list(report.warnings),
    }
    yield DONE


def _wanted(opened: Office, order: Order) -> list[TagLine]:
    """The tags that were asked for: of a file of codes, of a search, or else those never printed."""
    if order.codes:
        return opened.read(tags_of, KIND, _of_codes(opened, order.codes))
    if order.query:
        listing = AssetList(AssetFilter(words=order.query), "inventory_no", descending=False)
        found = opened.read(tags_of, KIND, opened.read(listing.ids, MOST))
        if not found:
            raise Refusal(f"No asset holds the words {order.query}.")
        return found
    found = opened.read(never_printed, KIND, MOST)
    if not found:
        raise Refusal("Every tag has been printed. Name some with --codes or --query.")
    return found


def _of_codes(opened: Office, file: str) -> list[int]:
    try:
        lines = [line.strip() for line in Path(file).read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{Path(file).name} cannot be read as text.") from error
    ids, unknown = [], []
    for line in lines:
        answer = opened.read(resolve, line)
        if answer.opened is None or answer.opened.kind != KIND:
            unknown.append(line)
        else:
            ids.append(answer.opened.record_id)
    if unknown:
        shown = ", ".join(unknown[:5]) + ("…" if len(unknown) > 5 else "")
        raise Refusal(f"{len(unknown)} of {len(lines)} lines name no asset: {shown}.")
    return ids
