"""Cuts the bytes of a serial scanner into scans, however the line hands them over."""

from __future__ import annotations

import re

from ui.kit.scanning.settings import Encoding, LineEnd

LONGEST = 65_536
"""Bytes without a line end beyond which nothing can be a scan: wrong speed, wrong suffix or a hostile device."""

_ENDS = {
    "any": re.compile(rb"[\r\n]"),
    "CR": re.compile(rb"\r"),
    "LF": re.compile(rb"\n"),
    "CRLF": re.compile(rb"\r\n"),
}
_FRAME = "\r\n\x02\x03"


class Overlong(Exception):
    """So many bytes came without a line end that the settings of the line must be wrong."""


class Splitter:
    """Keeps bytes until their line end comes."""

    def __init__(self, line_end: LineEnd = "any", encoding: Encoding = "ascii") -> None:
        self._end = _ENDS[line_end]
        self._encoding = encoding
        self._kept = b""

    @property
    def unfinished(self) -> int:
        """How many bytes wait for their line end."""
        return len(self._kept)

    def feed(self, piece: bytes) -> list[str]:
        """The scans that end within this piece, without line ends, STX and ETX around them.

        Bytes outside the encoding come as U+FFFD, so that the scan is shown and refused, not lost. Raises Overlong,
        and forgets, when more than 64 KiB came without a line end.
        """
        *done, self._kept = self._end.split(self._kept + piece)
        if len(self._kept) > LONGEST:
            self._kept = b""
            raise Overlong
        texts = (line.decode(self._encoding, "replace").strip(_FRAME) for line in done)
        return [text for text in texts if text]

    def forget(self) -> int:
        """Drop the beginning of a scan that will never end; answers how many bytes it had."""
        length, self._kept = len(self._kept), b""
        return length
