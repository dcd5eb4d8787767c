"""The rules of gate passes, on plain values: what a pass must say, when it lets things out, counts in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cbo_desk.errors import Faults, Refusal

MOST_LINES = 200
MOST_OF_ONE = 9_999


class LineState(StrEnum):
    """Where a thing on a pass is."""

    LISTED = "listed"
    OUT = "out"
    IN = "in"


WORDS: Mapping[LineState, str] = {
    LineState.LISTED: "Not out yet",
    LineState.OUT: "Out",
    LineState.IN: "Back in",
}


@dataclass(frozen=True)
class Personal:
    """Personal property on a pass, in the bearer's words."""

    description: str
    serial: str = ""
    count: int = 1


@dataclass(frozen=True)
class PassForm:
    """What a pass says: who carries what out until when, and when it comes back (None: it does not)."""

    asset_ids: tuple[int, ...]
    valid_until: date
    return_on: date | None = None
    person_id: int | None = None
    bearer: str = ""
    purpose: str = ""
    destination: str = ""
    personal: tuple[Personal, ...] = ()


def check_pass(form: PassForm, today: date) -> None:
    """Refuse a pass with faults, each beside its field."""
    faults = {}
    if form.person_id is None and not form.bearer.strip():
        faults["bearer"] = "Say who carries the things out."
    if not form.asset_ids and not form.personal:
        faults["asset_ids"] = "Nothing is on this pass. Scan what goes out, or write down personal property."
    elif len(form.asset_ids) + len(form.personal) > MOST_LINES:
        faults["asset_ids"] = f"A pass holds {MOST_LINES} lines. Write a second one."
    if form.valid_until < today:
        faults["valid_until"] = "This day is over. A pass holds from today on."
    if form.return_on is not None and form.return_on < max(today, form.valid_until):
        faults["return_on"] = "The day of return is before the last day of leaving."
    for one in form.personal:
        if not one.description.strip() or not 1 <= one.count <= MOST_OF_ONE:
            faults["personal"] = f"Each line says what it is, and how many: 1 to {MOST_OF_ONE:,}."
    if faults:
        raise Faults(faults)


def read_personal(text: str) -> tuple[Personal, ...]:
    """Personal property as it is typed, one kind of thing a line: "2 suitcases", "Camera Nikon Z6, S/N 6001234".

    Raises Faults for a line that says nothing.
    """
    found = []
    for line in text.splitlines():
        words = line.strip()
        if not words:
            continue
        first, _, rest = words.partition(" ")
        count = 1
        if first.isdigit() and rest.strip():
            count, words = int(first), rest.strip()
        words, _, serial = words.partition(", S/N ")
        if not 1 <= count <= MOST_OF_ONE:
            raise Faults({"personal": f"{line.strip()}: how many? 1 to {MOST_OF_ONE:,}."})
        found.append(Personal(words.strip(), serial.strip(), count))
    return tuple(found)


def check_leaving(reference: str, valid_until: date, cancelled: bool, today: date) -> None:
    """Refuse to let anything out on a pass that holds no longer."""
    if cancelled:
        raise Refusal(f"{reference} was cancelled. Nothing may leave on it.")
    if valid_until < today:
        raise Refusal(f"{reference} expired on {valid_until:%-d %B %Y}. Nothing may leave on it: ask for a new pass.")


_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    """A whole number from 0 to 999,999 in words, as nobody can add to it with a pen: "one hundred and twelve"."""
    if not 0 <= number < 1_000_000:
        raise ValueError("Counts in words go from 0 to 999,999.")
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {in_words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    joint = " and " if 0 < rest < 100 else " "
    return f"{in_words(thousands)} thousand" + (f"{joint}{in_words(rest)}" if rest else "")


def whole_count(counts: Sequence[int]) -> str:
    """How many things are on a pass, in words and figures: "three (3)"."""
    total = sum(counts)
    return f"{in_words(total)} ({total:,})"
