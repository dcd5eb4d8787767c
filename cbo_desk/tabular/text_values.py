"""Reads text, identifiers, yes or no, and choices out of cells; what cannot be taken raises `Wrong`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time

from cbo_desk.tabular.cells import Cell, shown
from cbo_desk.tabular.faults import Mend, Wrong
from cbo_desk.tabular.headings import normal_name

#: What spreadsheets write into a cell whose formula failed or whose column was too narrow.
_SPOILT_CELL = re.compile(
    r"#(?:N/A|N/D|REF!|¡REF!|VALUE!|¡VALOR!|VALEUR!|DIV/0!|¡DIV/0!|NAME\?|NOM\?|¿NOMBRE\?|NULL!|NUM!|¡NUM!"
    r"|SPILL!|CALC!|GETTING_DATA|BUSY!|FORMULA\?|#+)$",
    re.IGNORECASE,
)
# A spreadsheet writes the sign or decimals; 1E225878 is a serial number like any other.
_SPOILT_NUMBER = re.compile(r"[+-]?\d(?:[.,]\d+E\+?|E\+)\d{2,3}$", re.IGNORECASE)
_POINT_ZERO = re.compile(r"(\d+)[.,]0$")
_ESCAPED_FORMULA = re.compile(r"'+[=+\-@\t\r\n]")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LOST = "A letter in this cell was lost on the way. Type it again."


def disarmed(text: str) -> str:
    """Text for a file that spreadsheets open: what they would run as a formula gets an apostrophe before it.

    The rule is one to one, so `armed` undoes it exactly (OWASP, CSV injection).
    """
    return "'" + text if _FORMULA.match(text) else text


def armed(text: str) -> str:
    """Undo `disarmed`."""
    return text[1:] if text[:1] == "'" and _ESCAPED_FORMULA.match(text) else text


def could_run(text: str) -> bool:
    """Whether a spreadsheet might run this text as a formula; negative and signed numbers are none."""
    return text[:1] in ("=", "@") or (text[:1] in ("+", "-") and not re.match(r"[+-][\d\s.,()-]*$", text))


def clean(cell: Cell) -> str:
    """The text of a cell without unseen characters and outer blanks; line breaks become \\n.

    Raises `Wrong` for the error values of a spreadsheet and for letters that were lost in decoding.
    """
    text = cell if isinstance(cell, str) else shown(cell)
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
        text = _SPACES.sub(" ", _UNSEEN.sub("", text))
        if "\ufffd" in text:
            raise Wrong(_LOST)
    text = text.strip()
    if text[:1] == "'":
        text = armed(text)
    elif text[:1] == "#" and _SPOILT_CELL.match(text):
        raise Wrong("A spreadsheet wrote an error here. Type the value, or clear the cell.", Mend("Clear the cell", ""))
    return text


def read_text(cell: Cell) -> str | None:
    """One line of text, or None for a blank cell; line breaks and tabs become spaces."""
    text = clean(cell)
    return (" ".join(text.split()) if "\n" in text or "\t" in text else text) or None


def read_notes(cell: Cell) -> str | None:
    """Text of several lines, or None for a blank cell."""
    return clean(cell) or None


def read_identifier(cell: Cell, name: str = "number") -> str | None:
    """A number or code that names a thing; what a spreadsheet has spoilt raises `Wrong`. `name` is for the sentence."""
    if cell.__class__ is not str:
        return _typed_identifier(cell, name)
    text = read_text(cell)
    if text is None:
        return None
    if text[0].isdigit():
        if _SPOILT_NUMBER.match(text):
            raise Wrong(f"A spreadsheet spoilt this number. Type the {name} as text.")
        if whole := _POINT_ZERO.match(text):
            digits = whole.group(1)
            raise Wrong(f"A spreadsheet added .0 to this {name}. Is it {digits}?", Mend(f"Use {digits}", digits))
    return text


def _typed_identifier(cell: Cell, name: str) -> str | None:
    """An identifier out of a workbook's typed cell."""
    if isinstance(cell, (date, time)):
        raise Wrong(f"A spreadsheet turned this {name} into a date. Type it as text.")
    if isinstance(cell, float) and abs(cell) >= 1e15:
        raise Wrong(f"A spreadsheet spoilt this number. Type the {name} as text.")
    return read_text(cell)


_YES = frozenset({"yes", "y", "true", "t", "1", "x", "ok", "oui", "o", "vrai", "si", "s", "verdadero", "ja", "ndiyo"})
_NO = frozenset({"no", "n", "false", "f", "0", "non", "faux", "falso", "nein", "hapana"})


def read_boolean(cell: Cell) -> bool | None:
    """Yes or no, in English, French, Spanish and Kiswahili, ticks and digits; None for a blank cell."""
    if isinstance(cell, bool):
        return cell
    text = clean(cell)
    if not text:
        return None
    word = normal_name(text)
    if word in _YES or text in ("✓", "✔", "☑"):
        return True
    if word in _NO or text in ("✗", "✘", "☐", "-"):
        return False
    raise Wrong("Write yes or no.")


def read_choice(cell: Cell, choices: Mapping[str, object], title: str) -> object | None:
    """The value of the choice that a cell names, or None for a blank cell.

    `choices` gives the value for each name; case, accents and punctuation do not matter. `title` is for the sentence.
    """
    text = read_text(cell)
    if text is None:
        return None
    if text in choices:
        return choices[text]
    wanted = normal_name(text)
    for name, value in choices.items():
        if normal_name(name) == wanted or normal_name(str(value)) == wanted:
            return value
    near = nearest(text, choices)
    if near is not None:
        raise Wrong(f"There is no {title.lower()} “{text}”. Is it “{near}”?", Mend(f"Use {near}", near))
    listed = ", ".join(list(choices)[:8])
    raise Wrong(f"There is no {title.lower()} “{text}”. Write one of: {listed}.")


_LOOK_ALIKE = str.maketrans("OoQIl|SsBZz", "000111S5822".replace("S5", "55"))


def nearest(text: str, candidates: Iterable[str]) -> str | None:
    """The candidate a slip of the finger away from `text`, or None; look-alikes (O and 0, l and 1) count as equal."""
    from rapidfuzz import fuzz, process

    pool = candidates if isinstance(candidates, (list, tuple)) else list(candidates)
    wanted = text.upper().translate(_LOOK_ALIKE)
    alike = [name for name in pool if name.upper().translate(_LOOK_ALIKE) == wanted]
    if len(alike) == 1:
        return alike[0]
    found = process.extract(text.casefold(), pool, scorer=fuzz.ratio, processor=str.casefold, limit=2, score_cutoff=70)
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    return str(found[0][0])
