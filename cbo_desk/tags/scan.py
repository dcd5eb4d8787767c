"""What a scanned or typed text is: our tag, our number, a GS1 or postal code, a carrier's barcode, a serial number.

Pure text work that accepts anything a scanner or a person can send and never fails: the answer says what the text is,
how sure that is, and why not more. Nothing scanned is ever followed as an address or used as a path.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cbo_desk.tags import codes, gs1
from cbo_desk.tags.carriers import Match, matches
from cbo_desk.tags.codes import Kind

LONGEST = 512  # characters; a label carries far fewer, a pasted file far more


class Sort(StrEnum):
    """What sort of text a scan is."""

    TAG = "tag"
    NUMBER = "number"
    GS1 = "gs1"
    POSTAL = "postal"
    CARRIER = "carrier"
    TEXT = "text"
    NOTHING = "nothing"


class Sure(IntEnum):
    """How sure a reading is: a check digit fits, the shape fits, or nothing speaks against it."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing the text can be; `code` is its one writing to look up, `says` a sentence for the person."""

    sort: Sort
    sure: Sure
    code: str
    says: str
    kind: Kind | None = None
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """The answer: all readings, the surest first.

    `why` says why the best one is not certain; `meant` is a code to offer where one likely slip explains a wrong tag.
    """

    text: str
    readings: tuple[Reading, ...]
    why: str = ""
    meant: str = ""

    @property
    def best(self) -> Reading:
        """The surest reading."""
        return self.readings[0]


# Characters that hands and eyes take for one another. A code's random part has no I, L, O or U at all.
_ALIKE = ("0ODQ", "1IL7T", "2Z7", "3E8", "4A", "5S", "6G", "8B", "9P", "CG", "EF", "KX", "MN", "PR", "UV", "VWY")
_OPENING = str.maketrans("OIL", "011")
_NUMBER = re.compile(r"([A-Z][A-Z0-9]{0,11})[-\s./]?((?:\d{4}[-/])?\d{1,10})\Z")
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # the symbology a scanner may be set to send in front
_SPACED = re.compile(r"[\s\-._]+")
_SORTS = {"post": Sort.POSTAL, "gs1": Sort.GS1}


def parse(text: str) -> Scan:
    """Say what `text` is; never raises, whatever it holds."""
    shown = _visible(text)
    if not shown:
        says = "Nothing was scanned." if not text.strip() else "The scan holds only control characters."
        return Scan("", (Reading(Sort.NOTHING, Sure.CERTAIN, "", says),), says)
    if len(text) > LONGEST:
        why = f"This is {len(text):,} characters long. A label holds at most {LONGEST}: was a file pasted?"
        return Scan(shown[:LONGEST], (Reading(Sort.TEXT, Sure.POSSIBLE, "", why),), why)
    raw = unicodedata.normalize("NFKC", text).strip(" \t\r\n\v\f\x00\x02\x03")
    letters = _squeezed(shown)
    tag, why, meant = _tag(letters)
    elements = list(_gs1(raw))
    readings = [*tag, *elements, *_foreign(letters, {reading.code for reading in elements}), *_number(shown)]
    readings.append(Reading(Sort.TEXT, Sure.POSSIBLE, shown, "This may be a serial number or words to search for."))
    ranked = tuple(sorted(readings, key=lambda reading: -reading.sure))
    best = ranked[0]
    if not why and best.sure is not Sure.CERTAIN:
        why = best.says
    return Scan(shown, ranked, why, meant)


def our_code(text: str) -> str:
    """The code of ours that a text is beyond doubt, by its check character; empty for anything else."""
    found, _why, _meant = _tag(squeezed(text))
    return found[0].code if found else ""


def squeezed(text: str) -> str:
    """The capitals and digits of a code, without spaces, dashes and what the scanner adds; empty where it is none."""
    return _squeezed(_visible(text)) if len(text) <= LONGEST else ""


def _squeezed(shown: str) -> str:
    if not shown.isascii():
        return ""
    return _SPACED.sub("", _AIM.sub("", shown, count=1) if shown.startswith("]") else shown).upper()


def _visible(text: str) -> str:
    """Return the text in one line of compatible characters, without those that control or cannot be stored."""
    if text.isascii() and text.isprintable():
        return " ".join(text[: 2 * LONGEST].split())
    composed = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    kept = [
        character if unicodedata.category(character)[0] not in "CZ" else " " if character.isspace() else ""
        for character in composed
    ]
    return " ".join("".join(kept).split())


def _tag(squeezed: str) -> tuple[list[Reading], str, str]:
    """Read one of our own codes: its readings, why it is none though it looks like one, and the code that was meant."""
    if not squeezed.startswith(("CBO", "CB0")):
        return [], "", ""
    if len(squeezed) != codes.LENGTH:
        why = f"This looks like our tag but has {len(squeezed)} characters instead of {codes.LENGTH}. Scan it again."
        return [], why, ""
    if squeezed[3] not in codes.KIND_LETTERS:
        return [], f"This looks like our tag but no kind of tag has the letter {squeezed[3]}.", ""
    spelt = _spelt_out(squeezed)
    if codes.is_valid(spelt):
        return [_tag_reading(spelt)], "", ""
    near = sorted({candidate for candidate in _slips(spelt) if codes.is_valid(candidate)})
    why = "The check character does not fit: a character of this tag is wrong. Scan it again or compare each letter."
    if len(near) != 1:
        return [], why, ""
    return [], f"The check character does not fit: {_difference(spelt, near[0])}", near[0]


def _tag_reading(code: str) -> Reading:
    kind = codes.kind_of(code)
    return Reading(Sort.TAG, Sure.CERTAIN, code, f"This is our tag of {_a(kind.words)}.", kind)


def _a(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _spelt_out(squeezed: str) -> str:
    """Read the letters that base 32 leaves out as the digits they are taken for (Crockford).

    The check character stays as it is: it may be any letter, and guessing at it would let wrong codes through.
    """
    return "CBO" + squeezed[3] + squeezed[4:14].translate(_OPENING) + squeezed[14]


def _alike(character: str) -> list[str]:
    return [other for group in _ALIKE if character in group for other in group if other != character]


def _slips(body: str) -> Iterator[str]:
    """Yield the codes one likely slip away: a character mistaken for its like, or two neighbours exchanged."""
    for place in range(4, codes.LENGTH):
        for other in _alike(body[place]):
            yield body[:place] + other + body[place + 1 :]
    for place in range(4, codes.LENGTH - 1):
        yield body[:place] + body[place + 1] + body[place] + body[place + 2 :]


def _difference(typed: str, meant: str) -> str:
    places = [place for place in range(codes.LENGTH) if typed[place] != meant[place]]
    first = places[0]
    if len(places) == 2 and typed[first] == meant[places[1]]:
        return f"characters {first + 1} and {first + 2} may be exchanged. Is it {codes.grouped(meant)}?"
    return f"character {first + 1} may be {meant[first]} instead of {typed[first]}. Is it {codes.grouped(meant)}?"


def _gs1(raw: str) -> Iterator[Reading]:
    elements = gs1.read(raw)
    if elements is None:
        return
    called = gs1.KEYS.get(elements.key, "GS1 code")
    if not elements.faults:
        sure = Sure.CERTAIN if elements.marked or elements.key == "00" else Sure.LIKELY
        yield Reading(Sort.GS1, sure, elements.code, f"This is a GS1 {called}.", None, elements.parts)
    elif elements.marked:
        says = f"This looks like a GS1 {called}. {elements.faults[0]}"
        clean = elements.code.isascii() and elements.code.isprintable()  # else it is not fit to be kept or shown
        code, parts = (elements.code, elements.parts) if clean else ("", ())
        yield Reading(Sort.GS1, Sure.POSSIBLE, code, says, None, parts)


def _foreign(squeezed: str, known: set[str]) -> Iterator[Reading]:
    """Read a number of a post or carrier; forms that prove nothing are left to the desk that holds the parcel."""
    for match in matches(squeezed):
        form = match.format
        if form.weak or match.code in known or (match.fault and not form.says_itself):
            continue
        known.add(match.code)
        sure, says = _surety(match, squeezed)
        yield Reading(_SORTS.get(form.group, Sort.CARRIER), sure, match.code, says)


def _surety(match: Match, squeezed: str) -> tuple[Sure, str]:
    what = f"a {match.format.what}" if match.format.what[0] not in "AEIO" else f"an {match.format.what}"
    if match.fault:
        return Sure.POSSIBLE, f"This looks like {what}. {match.fault}"
    if not match.format.check:
        return Sure.LIKELY, f"This looks like {what}."
    # Letters and check digit together are rare by chance; of digits alone one in ten fits.
    return Sure.LIKELY if squeezed.isdigit() else Sure.CERTAIN, f"This is {what}."


def _number(shown: str) -> Iterator[Reading]:
    """Read one of our own numbers as a hand types it: "unep 104870" is UNEP-104870."""
    match = _NUMBER.match(shown.upper()) if shown.isascii() else None
    if match:
        code = f"{match.group(1)}-{match.group(2).replace('/', '-')}"
        yield Reading(Sort.NUMBER, Sure.LIKELY, code, f"This may be our number {code}.")
