"""Text fitted into a column: it shrinks, then wraps, then is shortened with a word about it, and never disappears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cbo_desk.errors import Refusal
from cbo_desk.tags import lettering
from cbo_desk.tags.lettering import ASCENT, DESCENT, PLAIN, STRONG

_SMALLEST_TEXT = 0.95  # mm: a letter printed smaller is not read by anybody


@dataclass(frozen=True, slots=True)
class Style:
    """How an element is set: its size where there is room and the least one in mm, its face, and its most lines."""

    size: float
    least: float
    face: str
    most: int


class Fitted(NamedTuple):
    """A line of the column before it has its place; `rtl` is the direction of the text it was cut from."""

    face: str
    size: float
    text: str
    rtl: bool


STYLES = {
    "entity": Style(2.0, 1.3, STRONG, 2),
    "number": Style(2.4, 1.5, STRONG, 1),
    "name": Style(2.0, 1.3, PLAIN, 3),
    "code": Style(1.8, 1.2, STRONG, 1),
    "text": Style(1.7, 1.1, PLAIN, 2),
}


def fit(shown: tuple[tuple[str, str], ...], width: float, height: float) -> tuple[tuple[Fitted, ...], tuple[str, ...]]:
    """Return the lines from the top, and what had to be done to the text so that it fits."""
    grown = max(0.75, min(2.2, width / 18.0, height / 16.0))
    for scale in (grown, 0.9 * grown, 0.8 * grown, 0.7 * grown, 0.6 * grown, 0.0):
        lines: list[Fitted] = []
        for element, text in shown:
            block = _block(element, text, scale, width)
            if block is None:
                break
            lines += block
        else:
            if height_of(lines) <= height + 1e-9:
                return tuple(lines), ()
    return _squeezed(shown, width, height)


@lru_cache(maxsize=16_384)
def _block(element: str, text: str, scale: float, width: float) -> tuple[Fitted, ...] | None:
    """Return the lines of one element at that scale; None where it needs more of them than it may have."""
    style = STYLES[element]
    size = max(style.least, style.size * scale)
    wrapped = _wrap(text, style.face, width / size)
    if wrapped is None or len(wrapped) > style.most:
        return None
    rtl = lettering.is_rtl(text)
    return tuple([Fitted(style.face, size, line, rtl) for line in wrapped])


def _squeezed(
    shown: tuple[tuple[str, str], ...], width: float, height: float
) -> tuple[tuple[Fitted, ...], tuple[str, ...]]:
    """Shorten what does not fit at its least size, then make all of it smaller, and say so."""
    warnings: list[str] = []
    lines: list[Fitted] = []
    share = height / max(1, len(shown))
    for element, text in shown:
        style = STYLES[element]
        most = style.most
        wrapped = _wrap(text, style.face, width / style.least)
        if element in ("number", "code"):  # what is typed from the label is never shortened
            size = style.least
            if wrapped is None or len(wrapped) > 1:
                size = min(size, max(_SMALLEST_TEXT, width / lettering.width(text, style.face)))
                wrapped = _broken(text, style.face, width / size)
                if len(wrapped) > 1:
                    warnings.append(f"the {element} runs over {len(wrapped)} lines")
        else:
            size = style.least
            most = max(1, min(most, int(share / (size * (ASCENT + DESCENT)))))
            if wrapped is None or len(wrapped) > most:
                wrapped = _shortened(text, style.face, width / size, most)
                warnings.append(f"the {element} is shortened")
        lines += [Fitted(style.face, size, line, lettering.is_rtl(text)) for line in wrapped]
    factor = height / height_of(lines)
    if factor < 1:
        smallest = min(line.size for line in lines) * factor
        if smallest < _SMALLEST_TEXT:
            raise Refusal(
                "The label is too small for all of this text. Print fewer elements or take a larger label.",
                "elements",
            )
        lines = [line._replace(size=line.size * factor) for line in lines]
        warnings.append("the text is very small")
    return tuple(lines), tuple(warnings)


def height_of(lines: Sequence[Fitted]) -> float:
    """Return how high the lines stand on one another, in mm."""
    return (ASCENT + DESCENT) * sum([line.size for line in lines])


def _wrap(text: str, face: str, room: float) -> tuple[str, ...] | None:
    """Break the text between words into lines of at most `room` ems; None where one word alone is wider."""
    if lettering.width(text, face) <= room:
        return (text,)
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        longer = f"{current} {word}" if current else word
        if lettering.width(longer, face) <= room:
            current = longer
            continue
        if not current or lettering.width(word, face) > room:
            return None
        lines.append(current)
        current = word
    return (*lines, current)


def _broken(text: str, face: str, room: float) -> tuple[str, ...]:
    """Break the text between any two characters into lines of at most `room` ems (or one character)."""
    lines, current = [], ""
    for character in text:
        if current and lettering.width(current + character, face) > room:
            lines.append(current.rstrip())
            current = ""
        if current or character != " ":
            current += character
    return (*lines, current)


def _shortened(text: str, face: str, room: float, most: int) -> tuple[str, ...]:
    """Keep as much of the text as `most` lines hold and end it with an ellipsis."""
    low, high = 0, len(text)
    best: tuple[str, ...] = ("…",)
    while low <= high:
        middle = (low + high) // 2
        trial = text[:middle].rstrip() + "…"
        lines = _wrap(trial, face, room) or _broken(trial, face, room)
        if len(lines) <= most and all(lettering.width(line, face) <= room + 1e-9 for line in lines):
            best, low = lines, middle + 1
        else:
            high = middle - 1
    return best
