"""What the flows of gate, disposal and value share: a window at the property desk, scans, and codes of assets."""

from __future__ import annotations

from typing import Any

from cbo_desk.property import asset_card
from tests.ui.places.conftest import Hands


def scan(hands: Hands, text: str) -> Any:
    """Let a scanner read a text, and wait for what became of it: its outcome."""
    feed = hands.window.bench.feed
    heard: list[Any] = []

    def note(_scan: Any, outcome: Any) -> None:
        heard.append(outcome)

    feed.finished.connect(note)
    feed._heard.clear()  # the test scans faster than any hand
    assert feed.put("serial", text)
    hands.until(lambda: heard and not feed.pending)
    feed.finished.disconnect(note)
    hands.still()
    return heard[-1]


def code_of(hands: Hands, asset_id: int) -> str:
    """An asset's tag."""
    return str(hands.window.office.read(asset_card, asset_id).code)


def at(hands: Hands, page: str, detail: str = "") -> Any:
    """A page of the property desk, in front and settled."""
    hands.window.shell.go("property")
    hands.still()
    found = hands.window.shell.go(page, detail)
    hands.still()
    return found
