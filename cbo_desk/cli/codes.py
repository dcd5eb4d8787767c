"""The commands that need no database: identify, read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cbo_desk.cli.arguments import Order
from cbo_desk.errors import Refusal

if TYPE_CHECKING:
    from cbo_desk.mail.carriers import CarrierMatch
    from cbo_desk.tags.scan import Reading


def identify(order: Order) -> Iterable[Any]:
    """What each text is, most likely first; an empty list for a text that is no code or number of any known form.

    A carrier's number names carrier and service; our own tags and numbers and other codes name their kind.
    """
    from cbo_desk.mail.carriers import identify as carriers
    from cbo_desk.tags.scan import parse

    for text in order.text:
        parsed = parse(text)
        found = carriers(text)
        carried = {match.code for match in found}
        ranked = [(1 if match.valid else 3, _carrier(match)) for match in found]
        ranked += [(_rank(reading), _other(reading)) for reading in parsed.readings if reading.code not in carried]
        # The order of matches of one rank stays that of their own desk.
        matches = [match for rank, match in sorted(ranked, key=lambda one: one[0]) if rank < _NO_CODE]
        told: dict[str, Any] = {"input": text, "matches": matches, "why": parsed.why}
        if parsed.meant:
            told["meant"] = parsed.meant
        yield told


_NO_CODE = 9


def _rank(reading: Reading) -> int:
    """Our own tag first, then carriers, then other codes, then what has something wrong."""
    if reading.sort in ("text", "nothing"):
        return _NO_CODE
    return 0 if reading.sort == "tag" else 2 if reading.sure > 1 else 4


def _carrier(match: CarrierMatch) -> dict[str, Any]:
    return {
        "carrier": match.carrier,
        "service": match.service,
        "number": match.number,
        "valid": match.valid,
        "why": match.why,
        "accountable": match.accountable,
    }


def _other(reading: Reading) -> dict[str, Any]:
    return {
        "kind": reading.sort,
        "number": reading.code,
        "sure": reading.sure.name.lower(),
        "valid": reading.sure > 1,
        "why": reading.says,
        "parts": dict(reading.parts),
    }


def read(order: Order) -> Iterable[Any]:
    """The codes in each picture; a picture without one is refused once the others have been read."""
    from cbo_desk.tags.reading import read_codes

    without = []
    for image in order.image:
        codes = read_codes(Path(image))
        if not codes:
            without.append(Path(image).name)
        for code in codes:
            yield {
                "file": image,
                "format": code.format,
                "text": code.text,
                "position": [list(corner) for corner in code.position],
                "page": code.page,
            }
    if without:
        raise Refusal(f"There is no code in {', '.join(without)}.")
