"""Carries an order out and turns bad news into a sentence and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from cbo_desk.cli.arguments import DONE, REFUSED, TROUBLE, Order
from cbo_desk.errors import Refusal, Trouble

Answer = Mapping[str, Any]
# A command gives its lines as it goes, and its exit code at the end.
Command = Callable[[Order], "Iterable[Answer | int]"]


def carry_out(order: Order) -> int:
    """Run the order's command; one JSON line an answer on stdout, bad news as a sentence on stderr."""
    code = DONE
    try:
        for answer in _command(order.command)(order):
            if isinstance(answer, int):
                code = answer
            else:
                print(json.dumps(_fields(answer), ensure_ascii=False, default=_plain), flush=True)  # noqa: T201 - this is its voice
    except Refusal as refusal:
        return _say(refusal, REFUSED)
    except Trouble as trouble:
        return _say(trouble, TROUBLE)
    except KeyboardInterrupt:
        return _say("Stopped. Nothing half-done was kept.", TROUBLE)
    except BrokenPipeError:
        return TROUBLE
    return code


def _fields(answer: Any) -> Any:
    return asdict(answer) if is_dataclass(answer) and not isinstance(answer, type) else dict(answer)


def _plain(value: object) -> object:
    """A value that JSON has no form for: days and instants in ISO form, the rest as its words."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _say(words: object, code: int) -> int:
    print(words, file=sys.stderr)  # noqa: T201 - this is its voice
    return code


def _command(name: str) -> Command:
    """The command of a name; each is imported only when it is asked for, since some bring heavy libraries."""
    if name in ("import", "export", "find"):
        from cbo_desk.cli import records

        found: dict[str, Command] = {"import": records.bring, "export": records.take, "find": records.look_for}
    elif name in ("identify", "read", "tags", "stocks"):
        from cbo_desk.cli import tagging

        found = {"identify": tagging.identify, "read": tagging.read, "tags": tagging.tags, "stocks": tagging.stocks}
    else:
        from cbo_desk.cli import upkeep

        found = {
            "demo": upkeep.demo,
            "backup": upkeep.back_up,
            "restore": upkeep.restore,
            "check": upkeep.check,
            "doctor": upkeep.doctor,
        }
    return found[name]
