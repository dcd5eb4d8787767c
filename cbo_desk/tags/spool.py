"""The computer's own print queues: a file handed to one, as pages to be printed or as raw bytes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from cbo_desk.errors import Trouble
from cbo_desk.tags.stocks import LabelStock

_PAPERS = {(210.0, 297.0): "A4", (215.9, 279.4): "Letter"}
_SECONDS = 60.0


def has_spooler() -> bool:
    """Whether this computer hands files to its printers by `lp`, as CUPS does on Linux and macOS."""
    return shutil.which("lp") is not None


def print_pdf(queue: str, path: Path, stock: LabelStock) -> None:
    """Hand a PDF to a queue, neither scaled nor fitted; raises Trouble where the queue does not take it."""
    width, height = stock.page
    paper = next((name for size, name in _PAPERS.items() if _near(size, stock.page)), "")
    media = paper or f"Custom.{width:g}x{height:g}mm"
    _lp(queue, "-o", "print-scaling=none", "-o", f"media={media}", "-t", f"Tags on {stock.title}", "--", str(path))


def print_raw(queue: str, data: bytes) -> None:
    """Hand bytes that the printer itself understands, such as ZPL, to a queue as they are."""
    if not has_spooler():
        raise Trouble(
            "This computer has no raw print queue that can be reached. Give the printer's network address, or save "
            "the ZPL to a file."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tags.zpl"
        path.write_bytes(data)
        _lp(queue, "-o", "raw", "-t", "Tags", "--", str(path))


def _lp(queue: str, *arguments: str) -> None:
    try:
        done = subprocess.run(
            ["lp", "-d", queue, *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Trouble(f"The printer {queue} does not answer. Is it switched on?") from error
    except OSError as error:
        raise Trouble(f"The printer {queue} cannot be reached: {error.strerror or error}.") from error
    if done.returncode != 0:
        reason = done.stderr.strip().removeprefix("lp:").strip() or "it refuses the job"
        raise Trouble(f"The printer {queue} cannot print this: {reason}.")


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(left - right) < 0.5 for left, right in zip(one, other, strict=True))
