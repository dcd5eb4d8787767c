"""Our own faults: their reference number, and the log that keeps them."""

from __future__ import annotations

import hashlib
import logging
import logging.handlers
import platform
import traceback
from pathlib import Path

LOG = logging.getLogger("cbo_desk.bugs")


def reference_of(error: BaseException) -> str:
    """The reference number of one of our bugs: the same place in the program always has the same number."""
    places = [f"{frame.filename}:{frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    digest = hashlib.sha256("|".join([type(error).__name__, *places]).encode()).hexdigest()
    return f"B-{digest[:6].upper()}"


def details_of(error: BaseException, *versions: str) -> str:
    """What a person passes on to us: the number, the versions (Python's and any others), where it happened."""
    lines = [
        f"CBO Desk, fault {reference_of(error)}",
        ", ".join([f"Python {platform.python_version()}", *versions, platform.platform()]),
        "".join(traceback.format_exception(error)).strip(),
    ]
    return "\n".join(lines)


def write_log_to(file: Path) -> logging.Handler:
    """Keep our bugs in a file of at most a megabyte, and three older ones."""
    handler = logging.handlers.RotatingFileHandler(
        file, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    LOG.propagate = False
    return handler
