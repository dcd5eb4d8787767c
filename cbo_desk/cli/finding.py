"""The command find: any record by any of its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cbo_desk.cli.answering import say
from cbo_desk.cli.arguments import Order
from cbo_desk.cli.opening import office
from cbo_desk.search import find

FOUND = 50


def look_for(order: Order) -> Iterable[Any]:
    """Every record that holds the words, at most `FOUND`; none is an answer too."""
    words = " ".join(order.words)
    with office(order) as opened:
        hits = opened.read(find, words, FOUND)
    for hit in hits:
        yield {"kind": hit.kind, "id": hit.record_id, "title": hit.title, "detail": hit.detail, "near": hit.near}
    if not hits:
        say("Nothing here holds these words.")
