"""How the deeds of a mail round lie in the tray while the server is away, and what the review may change of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.mail.custody import (
    Taken,
    bring_back,
    deliver_items,
    fail_delivery,
    hold_items,
    refuse_items,
    shelve_items,
)
from cbo_desk.mail.receiving import Addressed, Details, receive_item
from cbo_desk.mail.rounds import load_items
from cbo_desk.tray import Body, Keepable, Question, Refs, enlist
from cbo_desk.tray.kinds import Find

LEAVE_OUT = "leave_out"
"""A question's name for one item begins so, followed by its place in the list."""


def _receive(_refs: Refs, text: str, details: Details, again: bool) -> Body:
    return {"text": text, "details": asdict(details), "again": again}


def _received(_find: Find, body: Body) -> tuple[Any, ...]:
    details = dict(body["details"])
    details["addressed"] = Addressed(**details["addressed"])
    return body["text"], Details(**details), body["again"]


def _ids(find: Find, body: Body) -> list[int]:
    return [find(ref) for ref in body["items"]]


def _count(body: Body) -> str:
    names = _names(body)
    return names[0] if len(names) == 1 else f"{len(names):,} items"


def _names(body: Body) -> list[str]:
    """What the items are called; one that nobody has named is told by its id."""
    known = [*body.get("names", ()), *[""] * len(body["items"])]
    told = ["an item kept here" if isinstance(ref, dict) else f"item {ref}" for ref in body["items"]]
    return [name or other for name, other in zip(known, told, strict=False)]


def _asks_items(body: Body) -> tuple[Question, ...]:
    """Which items are left out, where there are several."""
    names = _names(body)
    if len(names) < 2:
        return ()
    return tuple(
        Question(f"{LEAVE_OUT}{place}", f"Leave out {name}", "yes", False) for place, name in enumerate(names)
    )


def _without(body: Body, answers: Mapping[str, Any]) -> Body:
    stays = [place for place in range(len(body["items"])) if not answers.get(f"{LEAVE_OUT}{place}")]
    if not stays:
        raise Refusal("Leave one item in, or drop all of it.")
    names = _names(body)
    return {**body, "items": [body["items"][place] for place in stays], "names": [names[place] for place in stays]}


def _with_reason(command: Callable[..., Changes], words: str) -> Keepable:
    return Keepable(
        command,
        lambda refs, ids, reason: {"items": [refs(ident) for ident in ids], "reason": reason},
        lambda find, body: (_ids(find, body), body["reason"]),
        lambda body: f"{_count(body)} {words}: {body['reason']}",
        lambda body: (Question("reason", "Reason", "text", body["reason"]), *_asks_items(body)),
        lambda body, answers: {**_without(body, answers), "reason": answers.get("reason", body["reason"])},
    )


def _deliver(refs: Refs, ids: Sequence[int], taken: Taken, note: str) -> Body:
    return {"items": [refs(ident) for ident in ids], "taken": asdict(taken), "note": note}


def _delivered(find: Find, body: Body) -> tuple[Any, ...]:
    strokes = tuple(tuple((x, y, ms) for x, y, ms in stroke) for stroke in body["taken"]["strokes"])
    return _ids(find, body), replace(Taken(**{**body["taken"], "strokes": ()}), strokes=strokes), body["note"]


def _change_delivery(body: Body, answers: Mapping[str, Any]) -> Body:
    taken = {**body["taken"], "name": answers.get("name", body["taken"]["name"])}
    return {**_without(body, answers), "taken": taken}


def _place(name: str, label: str) -> Callable[[Body], tuple[Question, ...]]:
    return lambda body: (Question(name, label, "place", body[name]), *_asks_items(body))


RECEIVE = Keepable(
    receive_item,
    _receive,
    _received,
    lambda body: f"{body['text'].strip() or 'An item without a barcode'} received",
    lambda body: (Question("again", "It came in once more: receive it again", "yes", body["again"]),),
    lambda body, answers: {**body, "again": bool(answers.get("again", body["again"]))},
)
SHELVE = Keepable(
    shelve_items,
    lambda refs, ids, shelf_id: {"items": [refs(ident) for ident in ids], "shelf": shelf_id},
    lambda find, body: (_ids(find, body), body["shelf"]),
    lambda body: f"{_count(body)} put on a shelf",
    _place("shelf", "Shelf"),
    lambda body, answers: {**_without(body, answers), "shelf": answers.get("shelf") or body["shelf"]},
)
HOLD = Keepable(
    hold_items,
    lambda refs, ids, shelf_id, note: {"items": [refs(ident) for ident in ids], "shelf": shelf_id, "note": note},
    lambda find, body: (_ids(find, body), body["shelf"], body["note"]),
    lambda body: f"{_count(body)} held for pick-up",
    _asks_items,
    _without,
)
LOAD = Keepable(
    load_items,
    lambda refs, ids, round_id: {"items": [refs(ident) for ident in ids], "round": round_id},
    lambda find, body: (_ids(find, body), body["round"]),
    lambda body: f"{_count(body)} put on a round",
    _asks_items,
    _without,
)
DELIVER = Keepable(
    deliver_items,
    _deliver,
    _delivered,
    lambda body: f"{_count(body)} handed to {body['taken']['name']}",
    lambda body: (Question("name", "Who took it", "text", body["taken"]["name"]), *_asks_items(body)),
    _change_delivery,
)
BRING_BACK = Keepable(
    bring_back,
    lambda refs, ids: {"items": [refs(ident) for ident in ids]},
    lambda find, body: (_ids(find, body),),
    lambda body: f"{_count(body)} brought back",
    _asks_items,
    _without,
)
FAIL = _with_reason(fail_delivery, "not delivered")
REFUSE = _with_reason(refuse_items, "refused")

enlist(RECEIVE, SHELVE, HOLD, LOAD, DELIVER, BRING_BACK, FAIL, REFUSE)
