"""The voice of the command line: JSON lines on standard output, sentences for people on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

from cbo_desk.errors import Trouble


class DeafError(Exception):
    """Whoever was to read the answers has gone, as `head` does once it has seen enough."""


def answer(fields: Mapping[str, Any] | object) -> None:
    """Print one answer as a line of JSON.

    Raises DeafError where nobody reads any more, Trouble where it cannot be written.
    """
    told = asdict(fields) if is_dataclass(fields) and not isinstance(fields, type) else fields
    assert sys.stdout is not None
    try:
        sys.stdout.write(f"{_line(told)}\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        _hush()
        raise DeafError from error
    except OSError as error:
        _hush()
        raise Trouble(f"The answer cannot be written: {os.strerror(error.errno or 0).lower()}.") from error


def _line(told: Any) -> str:
    """The answer as JSON; letters that this terminal lacks are escaped, so that it still gets all of it."""
    line = json.dumps(told, ensure_ascii=False, default=_plain)
    try:
        line.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return json.dumps(told, default=_plain)
    return line


def say(words: object) -> None:
    """Tell a person on standard error; without one, nobody is told."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(words, file=sys.stderr, flush=True)  # noqa: T201 - this is its voice


def _hush() -> None:
    """Let the interpreter's own last flush go nowhere, so that it does not complain a second time."""
    assert sys.stdout is not None
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _plain(value: object) -> object:
    """A value that JSON has no form for: days and instants in ISO form, the rest as its words."""
    return value.isoformat() if isinstance(value, date) else str(value)
