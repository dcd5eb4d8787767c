"""Which encoding a text file is written in, with the reason, so that a person can see and overrule it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from cbo_desk.errors import Refusal

Sure = Literal["certain", "likely", "unsure", "chosen"]

#: What a person may choose from, with the name shown.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16 with a mark",
    "utf-16-le": "UTF-16, low byte first",
    "utf-16-be": "UTF-16, high byte first",
    "cp1252": "Western (Windows)",
    "mac-roman": "Western (old Macintosh)",
}

CHUNK = 1 << 20
#: A line longer than this many bytes is no register: it is refused before it is held in memory.
LONGEST_LINE = 8 * CHUNK
#: These bytes mean nothing in cp1252 (Unicode mapping table CP1252.TXT).
UNDEFINED_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_WEIGHED = 20_000
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Encoding:
    """An encoding by its Python name, why it was taken, and how sure that is.

    `errors` is "strict", or "replace" where single letters of the file are broken and will stand as U+FFFD.
    """

    name: str
    reason: str
    sure: Sure
    errors: str = "strict"

    @property
    def title(self) -> str:
        """The name a person reads."""
        return ENCODINGS.get(self.name, self.name)


@dataclass
class _Scan:
    """What one pass over all bytes of a file showed."""

    utf8: bool = True
    high: int = 0
    nul: int = 0
    even_nul: int = 0
    undefined: int = 0
    size: int = 0
    carriage_only: bool = False
    sample: bytes = b""


def chosen_encoding(name: str) -> Encoding:
    """The encoding a person chose; refused where there is no text encoding of that name."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        raise Refusal(f"There is no encoding called {name[:40]}. Try utf-8, cp1252 or mac-roman.") from None
    if not getattr(info, "_is_text_encoding", True) or info.name in ("idna", "punycode", "undefined"):
        raise Refusal(f"{name[:40]} is no encoding for text. Try utf-8, cp1252 or mac-roman.")
    return Encoding(ENCODINGS_BY_CODEC.get(info.name, info.name), "You chose it.", "chosen")


ENCODINGS_BY_CODEC = {codecs.lookup(name).name: name for name in ENCODINGS}


def find_encoding(file: BinaryIO) -> Encoding:
    """Read all of `file` once and say how its letters are written; refused where a line could not be held."""
    head = file.read(4)
    file.seek(0)
    marked = _by_mark(head)
    scan = _scan(file)
    file.seek(0)
    if marked:
        return marked
    if scan.nul * 10 > scan.size * 3 and scan.size > 3:
        if scan.even_nul * 10 > scan.nul * 8:
            return Encoding("utf-16-be", "Every second byte is empty, the first of each pair.", "likely")
        if scan.even_nul * 10 < scan.nul * 2:
            return Encoding("utf-16-le", "Every second byte is empty, the last of each pair.", "likely")
    if scan.utf8:
        if not scan.high:
            return Encoding("utf-8", "Only plain letters: every encoding reads them the same.", "certain")
        return Encoding("utf-8", "Every letter is well-formed UTF-8.", "certain")
    return _damaged_utf8(scan) or weigh(scan.sample, bool(scan.undefined), scan.carriage_only)


def _by_mark(head: bytes) -> Encoding | None:
    """The encoding a byte-order mark names."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return Encoding("utf-32", "The file begins with a UTF-32 mark.", "certain")
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "The file begins with a UTF-8 mark.", "certain")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "The file begins with a UTF-16 mark.", "certain")
    return None


def _scan(file: BinaryIO) -> _Scan:
    """Count what matters over the whole file, a megabyte at a time."""
    scan, decoder = _Scan(), codecs.getincrementaldecoder("utf-8")()
    samples: list[bytes] = []
    unbroken, newline, carriage, gathered = 0, False, False, 0
    while chunk := file.read(CHUNK):
        if scan.utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                scan.utf8 = False
        if not chunk.isascii():
            scan.high += 1
            scan.undefined += len(chunk) - len(chunk.translate(None, UNDEFINED_IN_CP1252))
            if gathered < 16 * CHUNK:
                samples.append(chunk)
                gathered += len(chunk)
        if b"\0" in chunk:
            scan.nul += chunk.count(0)
            scan.even_nul += chunk[::2].count(0)  # a chunk has an even length, so the parity holds across chunks
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        unbroken = len(chunk) - last - 1 if last >= 0 else unbroken + len(chunk)
        if unbroken > LONGEST_LINE:
            raise Refusal("A line of this file is over 8 million characters long. It is no table of rows.")
        newline, carriage = newline or b"\n" in chunk, carriage or b"\r" in chunk
        scan.size += len(chunk)
    if scan.utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            scan.utf8 = False
    scan.carriage_only = carriage and not newline
    scan.sample = b"".join(samples)
    return scan


def _damaged_utf8(scan: _Scan) -> Encoding | None:
    """UTF-8 in which only a few letters are broken: far more well-formed letters than broken ones."""
    text = scan.sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text))
    if whole > 4 * broken:
        return Encoding("utf-8", f"Nearly every letter is UTF-8; {broken} are broken.", "likely", "replace")
    return None


def weigh(sample: bytes, undefined: bool, carriage_only: bool) -> Encoding:
    """Choose between cp1252 and mac-roman by how the letters beyond ASCII stand in their words.

    `undefined`: the file holds bytes that cp1252 leaves without meaning. `carriage_only`: its lines end as on an old
    Macintosh, which speaks for mac-roman.
    """
    places = [match.start() for match, _ in zip(_HIGH.finditer(sample), range(_WEIGHED), strict=False)]
    windows = sample.decode("cp1252", "replace")
    mac = sample.decode("mac-roman")
    western_score = _score(windows, places) + 1
    mac_score = _score(mac, places) + (4 if carriage_only else 0)
    if undefined and mac_score > 0:
        return Encoding("mac-roman", "It holds bytes that Windows text never has.", "certain")
    name, other = ("mac-roman", "cp1252") if mac_score > western_score else ("cp1252", "mac-roman")
    margin = abs(mac_score - western_score) / max(1, len(places))
    sure: Sure = "likely" if margin >= 2 and max(mac_score, western_score) > 1 else "unsure"
    seen = _example(mac if name == "mac-roman" else windows, places)
    reason = f"Its words read well so ({seen})" if seen else "Its letters read better so"
    if sure == "unsure":
        return Encoding(name, f"{reason}, but it could be {ENCODINGS[other]}. Check the names.", sure)
    return Encoding(name, f"{reason}.", sure)


def _example(text: str, places: list[int]) -> str:
    """A word with a letter beyond ASCII, as the chosen encoding reads it."""
    for place in places[:200]:
        if text[place].isalpha():
            start, end = place, place
            while start > 0 and text[start - 1].isalpha() and place - start < 20:
                start -= 1
            while end < len(text) and text[end].isalpha() and end - place < 20:
                end += 1
            if end - start > 2:
                return text[start:end]
    return ""


def _score(text: str, places: Iterable[int]) -> int:
    """How plausible the characters at `places` are where they stand; about 3 a good letter, -4 a bad one."""
    total, last = 0, len(text) - 1
    for place in places:
        before = text[place - 1] if place else " "
        after = text[place + 1] if place < last else " "
        total += _plausible(text[place], before, after)
    return total


_COMMON = frozenset("áàâäãåæçéèêëíìîïñóòôöõøœúùûüßÿÁÀÂÄÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜ")
_RARE = frozenset("šžŠŽýÝðÐþÞŸıƒ")
_OPENING, _CLOSING = frozenset("“‘«„‚¿¡"), frozenset("”’»")


def _plausible(char: str, before: str, after: str) -> int:
    """Points for one character between its two neighbours."""
    if char in _COMMON or char in _RARE:
        return _letter(char, before, after)
    if char in _OPENING:
        return 2 if not before.isalnum() and after.isalnum() else -3
    if char in _CLOSING:
        if char == "’" and before.isalpha() and after.isalpha():
            return 3
        return 2 if not before.isspace() and not after.isalnum() else -3
    if char in "–—":
        return 2 if before.isspace() == after.isspace() and not before.isalpha() else -2
    if char in "€£¥":
        return 2 if after.isdigit() or before.isdigit() or after.isspace() else -2
    if char in "°½¼¾²³×±µ":
        return 2 if before.isdigit() or after.isdigit() or before.isspace() else -1
    if char in "ºª":
        return 2 if before in "Nn" or before.isdigit() else -2
    if char == "·" and before.isalpha() and after.isalpha():
        return 1 if before in "lL" and after in "lL" else -2
    if char in "®™©§…•·\xa0":
        return 1 if not before.isspace() else 0
    return -4


def _letter(char: str, before: str, after: str) -> int:
    """Points for a letter: does its case suit the word it stands in?"""
    points = 3 if char in _COMMON else 1
    if before.isdigit() or after.isdigit():
        return -3
    if not (before.isalpha() or after.isalpha()):
        return 1 if char in "àéÀÉ" else -2
    if char.islower():
        return points if not before.isupper() or not after.isupper() else -4
    if before.islower():
        return -4
    # A capital inside a word goes with capitals on both sides: GÛmez is none.
    return points if not before.isalpha() or (before.isupper() and not after.islower()) else -2
