"""GS1 element strings and Digital Link addresses, read into their application identifiers.

Lengths and check digits are those of the GS1 General Specifications, sections 3 and 7.9. An address is only taken apart
for the keys it carries: its host is thrown away and nothing is ever fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

SEPARATOR = "\x1d"  # FNC1 inside an element string, as scanners send it

# Application identifier: longest value, and whether the length is fixed.
_LENGTHS: dict[str, tuple[int, bool]] = {
    "00": (18, True),
    "01": (14, True),
    "02": (14, True),
    "10": (20, False),
    **dict.fromkeys(("11", "12", "13", "15", "16", "17"), (6, True)),
    "20": (2, True),
    "21": (20, False),
    "22": (20, False),
    "30": (8, False),
    "37": (8, False),
    "240": (30, False),
    "241": (30, False),
    "250": (30, False),
    "251": (30, False),
    "253": (30, False),
    "254": (20, False),
    "400": (30, False),
    "401": (30, False),
    "402": (17, True),
    "403": (30, False),
    **{f"41{digit}": (13, True) for digit in range(8)},
    "420": (20, False),
    "421": (12, False),
    # What a transport label says of the addressee, the sender and the delivery ("Scan4Transport").
    **dict.fromkeys(("4300", "4301", "4310", "4311", "4320"), (35, False)),
    **{f"43{place}{line}": (70, False) for place in "01" for line in range(2, 7)},
    **dict.fromkeys(("4307", "4317"), (2, True)),
    **dict.fromkeys(("4308", "4319"), (30, False)),
    "4309": (20, True),
    "4318": (20, False),
    **dict.fromkeys(("4321", "4322", "4323"), (1, True)),
    **dict.fromkeys(("4324", "4325"), (10, True)),
    "4326": (6, True),
    # Measures; the last digit of the identifier says how many decimals the value has.
    **{f"3{quantity}": (6, True) for quantity in range(100, 370)},
    "8003": (30, False),
    "8004": (30, False),
    "8006": (18, True),
    "8010": (30, False),
    "8017": (18, True),
    "8018": (18, True),
    **{f"9{digit}": (90, False) for digit in range(1, 10)},
}
# How a key is called, for those that say which thing this is; the first found names the reading.
KEYS = {
    "8004": "asset identifier (GIAI)",
    "8003": "returnable asset identifier (GRAI)",
    "00": "shipping container code (SSCC)",
    "01": "trade item number (GTIN)",
    "414": "location number (GLN)",
    "8017": "service relation number (GSRN)",
    "8018": "service relation number (GSRN)",
    "253": "document identifier (GDTI)",
    "401": "consignment number (GINC)",
    "402": "shipment number (GSIN)",
}
_QUALIFIERS = {"01": ("22", "10", "21"), "414": ("254",), "8006": ("22", "10", "21")}
_CHECKED = {"00", "01", "02", "402", "8006", "8017", "8018", *(f"41{digit}" for digit in range(8))}
_SYMBOLOGY = re.compile(r"\](?:C1|d2|Q3|e0|e1|e2|J1|L6)")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^()]*)")
_VALUE = re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+\Z")  # GS1 character set 82
_LINK = re.compile(r"https?://[^/?#\s]+(/[^?#\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Elements:
    """What an element string says: (identifier, value) in order; `faults` are sentences about what does not fit."""

    parts: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]
    marked: bool  # said to be GS1 by prefix, brackets, FNC1 or address, rather than only looking like it

    @property
    def key(self) -> str:
        """The identifier that says which thing this is, or the first."""
        held = {ai for ai, _ in self.parts}
        return next((ai for ai in KEYS if ai in held), self.parts[0][0])

    @property
    def code(self) -> str:
        """The same elements always in the same writing: key first, with brackets."""
        key = self.key
        rest = sorted(part for part in self.parts if part[0] != key)
        first = [part for part in self.parts if part[0] == key]
        return "".join(f"({ai}){value}" for ai, value in [*first, *rest])


def check_digit(digits: str) -> str:
    """Return the GS1 check digit of a string of digits: weights 3 and 1 from the right, up to the next ten."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Say whether the last digit is the GS1 check digit of those before it."""
    return digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == digits[-1]


def read(text: str) -> Elements | None:
    """Read an element string or a Digital Link; None where the text is neither."""
    if link := _LINK.match(text):
        return _read_link(link.group(1))
    prefix = _SYMBOLOGY.match(text)
    body = text[prefix.end() :] if prefix else text
    if body.startswith("("):
        return _read_bracketed(body)
    marked = prefix is not None or body.startswith(SEPARATOR)
    if prefix is not None and prefix.group() in ("]C1", "]d2", "]Q3", "]J1", "]e0") or SEPARATOR in body or marked:
        return _read_plain(body.strip(SEPARATOR), True)
    # Without a mark only the two keys that a store really meets are guessed, and only when everything fits.
    if len(body) == 20 and body.startswith("00") and has_check_digit(body[2:]):
        return _read_plain(body, False)
    if body.startswith("8004") and 8 <= len(body) <= 34 and not body.isdigit():
        return _read_plain(body, False)
    return None


def _read_bracketed(body: str) -> Elements | None:
    parts = []
    end = 0
    for match in _BRACKETED.finditer(body):
        if match.start() != end:
            return None
        parts.append((match.group(1), match.group(2).strip(" " + SEPARATOR)))
        end = match.end()
    if not parts or body[end:].strip():
        return None
    return Elements(tuple(parts), _faults(parts), True)


def _read_plain(body: str, marked: bool) -> Elements | None:
    parts: list[tuple[str, str]] = []
    left = body
    while left:
        ai = next((left[:size] for size in (2, 3, 4) if left[:size] in _LENGTHS), None)
        if ai is None:
            shown = "".join(character if character.isprintable() else "?" for character in left[:8])
            fault = f"The code has an identifier we do not know, at “{shown}”."
            return Elements(tuple(parts), (*_faults(parts), fault), marked) if parts else None
        longest, fixed = _LENGTHS[ai]
        rest = left[len(ai) :]
        value = rest[:longest] if fixed else rest.split(SEPARATOR, 1)[0]
        parts.append((ai, value.split(SEPARATOR, 1)[0]))
        left = rest[len(parts[-1][1]) :].removeprefix(SEPARATOR)
    return Elements(tuple(parts), _faults(parts), marked) if parts else None


def _read_link(path: str) -> Elements | None:
    steps = [unquote(step, errors="replace") for step in path.split("/") if step]
    for start in range(len(steps) - 1):
        key = steps[start]
        if key not in KEYS and key not in _QUALIFIERS:
            continue
        parts = [(key, steps[start + 1].zfill(14) if key == "01" else steps[start + 1])]
        allowed = _QUALIFIERS.get(key, ())
        for ai, value in zip(steps[start + 2 :: 2], steps[start + 3 :: 2], strict=False):
            if ai in allowed:
                parts.append((ai, value))
        faults = _faults(parts)
        return None if faults and not _VALUE.match(parts[0][1]) else Elements(tuple(parts), faults, True)
    return None


def _faults(parts: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(fault for ai, value in parts if (fault := _fault(ai, value)))


def _fault(ai: str, value: str) -> str:
    """Say in a sentence what is wrong with one element, or nothing."""
    if ai not in _LENGTHS:
        return f"We do not know the identifier ({ai})."
    longest, fixed = _LENGTHS[ai]
    if not value or len(value) > longest or (fixed and len(value) != longest):
        wanted = f"{longest} characters" if fixed else f"1 to {longest} characters"
        return f"({ai}) needs {wanted} and has {len(value)}."
    if not _VALUE.match(value):
        return f"({ai}) has characters that GS1 does not allow."
    if ai in _CHECKED and not has_check_digit(value):
        return f"The check digit of ({ai}) is wrong."
    if ai == "8003" and not (len(value) >= 14 and has_check_digit(value[:14])):
        return "The check digit of (8003) is wrong."
    return ""
