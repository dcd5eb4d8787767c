"""The bytes a table is read from, opened as often as needed, and told by their first bytes from other kinds of file."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cbo_desk.errors import Refusal, file_news

#: A register of a million rows is about 200 MB; a file beyond this is not read.
LARGEST_FILE = 2 << 30

_SAVE_AS = "Open it in the program it comes from and save it as XLSX or CSV."

#: First bytes of files that are no table of ours: what they are, and so what to do.
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"This is an old Excel file (XLS) or one with a password. {_SAVE_AS}"),
    (b"%PDF", "This is a PDF. Ask for the table as XLSX or CSV."),
    (b"{\\rtf", f"This is a text document (RTF). {_SAVE_AS}"),
    (b"\x1f\x8b", "This file is packed (GZ). Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "This file is packed (7Z). Unpack it first."),
    (b"Rar!", "This file is packed (RAR). Unpack it first."),
    (b"\x89PNG", "This is a picture (PNG). Ask for the table as XLSX or CSV."),
    (b"\xff\xd8\xff", "This is a picture (JPEG). Ask for the table as XLSX or CSV."),
    (b"GIF8", "This is a picture (GIF). Ask for the table as XLSX or CSV."),
    (b"SQLite format 3\0", "This is a database. Export its list as CSV first."),
    (b"MZ", "This is a program, not a table."),
    (b"\x7fELF", "This is a program, not a table."),
)
_WEB = (b"<!doctype html", b"<html", b"<table", b"<head")


@dataclass(frozen=True)
class Source:
    """A file on disk or bytes in memory, with the name to show and its size in bytes."""

    name: str
    size: int
    _held: Path | bytes

    def open(self) -> BinaryIO:
        """Open it for reading from its start; `Trouble` where the disk does not let us, `Refusal` where it is gone."""
        if isinstance(self._held, bytes):
            return io.BytesIO(self._held)
        try:
            return self._held.open("rb")
        except OSError as error:
            raise file_news(error, f"{self.name} cannot be read: {why(error)}.") from error


def source_of(where: Path | str | bytes) -> Source:
    """What `where` names; `Refusal` where there is no such file, or it is empty or far too large."""
    if isinstance(where, bytes):
        source = Source("the pasted table", len(where), where)
    else:
        path = Path(where)
        try:
            if path.is_dir():
                raise Refusal(f"{path.name} is a folder. Choose a file.")
            source = Source(path.name, path.stat().st_size, path)
        except (OSError, ValueError) as error:
            raise file_news(error, f"{path.name} cannot be read: {why(error)}.") from error
    if source.size == 0:
        raise Refusal("The file is empty.")
    if source.size > LARGEST_FILE:
        raise Refusal("The file is larger than 2 GB. Split it.")
    return source


def why(error: Exception) -> str:
    """What the operating system says about a file, as the end of a sentence."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "you may not open it"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return "its name is not valid"


def kind_of(head: bytes) -> str:
    """Tell "zip" from "text" by a file's first bytes; refuses files that are plainly neither, saying what they are."""
    for magic, sentence in _STRANGERS:
        if head.startswith(magic):
            raise Refusal(sentence)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    words = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:400].lower()
    if words.startswith(_WEB) or (words.startswith(b"<?xml") and (b"<workbook" in words or b"<html" in words)):
        raise Refusal(f"This is a web page, whatever its name says. {_SAVE_AS}")
    return "text"
