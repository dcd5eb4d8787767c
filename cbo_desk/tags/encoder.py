"""The QR symbol of a tag, about a hundred times as fast as encoding it, and equal to it bit for bit.

With version, error correction level, mask, mode and length fixed, every module of a QR symbol is an affine function
over GF(2) of the payload's bits, because the Reed-Solomon code is linear. So the symbol of the payload "all zeros" and
the change each bit makes to it were learnt once from the `qrcode` package and are shipped, since learning them took
longer than reading the first card; after that a symbol is a few exclusive ors of 625-bit integers. Any other payload
goes through `qrcode` itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cbo_desk.tags.codes import LENGTH, PREFIX

VERSION = 2  # the smallest with an alignment pattern, which saves tilted pictures
MASK = 2  # one fixed mask: the automatic choice reads no better (within 2.5 points) and breaks linearity
SIDE = 25  # modules a side of version 2
QUIET = 4  # modules of white around a symbol (ISO/IEC 18004)
LEARNT = Path(__file__).resolve().parents[2] / "resources" / "tags" / "symbol.txt"
"""What `learn` answers, a line each in hexadecimal."""

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # the values 0 to 44 of the alphanumeric mode


@dataclass(frozen=True, slots=True)
class Symbol:
    """A square of modules without quiet zone: `bits` row by row, the top left module is the highest bit, 1 is dark."""

    size: int
    bits: int

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows from the top as integers whose highest bit is the leftmost module."""
        size, mask = self.size, (1 << self.size) - 1
        return tuple(self.bits >> size * (size - 1 - row) & mask for row in range(size))

    def is_dark(self, column: int, row: int) -> bool:
        """Say whether the module in that column and row, both counted from 0 at the top left, is dark."""
        return bool(self.bits >> (self.size * self.size - 1 - row * self.size - column) & 1)


def symbol(text: str) -> Symbol:
    """Return the symbol of any payload, level H and mask 2: a tag's at once, another one through `qrcode`."""
    if len(text) == LENGTH and text.startswith(PREFIX):
        try:
            return Symbol(SIDE, template().bits(text))
        except KeyError:
            return _encode(text, None)  # a character outside the alphanumeric mode
    return _encode(text, None)


def matrix(text: str) -> tuple[int, ...]:
    """Return the rows of the symbol of `text` as integers, the leftmost module in the highest bit."""
    return symbol(text).rows


def _encode(text: str, version: int | None) -> Symbol:
    """Encode with the `qrcode` package, in the smallest version that fits where none is given."""
    import qrcode
    from qrcode.util import MODE_ALPHA_NUM, QRData

    code = qrcode.QRCode(
        version=version, error_correction=qrcode.constants.ERROR_CORRECT_H, border=0, mask_pattern=MASK
    )
    # The template's probes are digits that must stay in the mode of a real code.
    code.add_data(text if version is None else QRData(text, mode=MODE_ALPHA_NUM))
    code.make(fit=version is None)
    rows = code.get_matrix()
    bits = int("".join("1" if dark else "0" for row in rows for dark in row), 2)
    return Symbol(len(rows), bits)


def learn() -> list[int]:
    """Learn from `qrcode` the symbol of a tag of zeros, and after it the change that each bit of the payload makes."""
    zeros = "0" * LENGTH
    base = _encode(zeros, VERSION).bits
    learnt = [base]
    for start, width in _places():
        for bit in range(_bits(width)):
            trial = zeros[:start] + _spell(1 << bit, width) + zeros[start + width :]
            learnt.append(_encode(trial, VERSION).bits ^ base)
    return learnt


def _places() -> list[tuple[int, int]]:
    """Where the pairs of a payload begin, and how many characters they have: the last one stands alone."""
    return [(start, min(2, LENGTH - start)) for start in range(0, LENGTH, 2)]


def _bits(width: int) -> int:
    """The mode packs pairs into 11 bits and a last single one into 6."""
    return 11 if width == 2 else 6


class Template:
    """What each pair of characters in each place contributes to a tag's symbol."""

    def __init__(self) -> None:
        learnt = iter([int(line, 16) for line in LEARNT.read_text("ascii").split()])
        base = next(learnt)
        self._places: list[dict[str, int]] = []
        for _start, width in _places():
            sums = _sums([next(learnt) for _bit in range(_bits(width))], 45**width)
            self._places.append({_spell(value, width): bits for value, bits in enumerate(sums)})
        self._places[0] = {pair: bits ^ base for pair, bits in self._places[0].items()}

    def bits(self, text: str) -> int:
        """Return the 625 modules of a payload of fifteen alphanumeric characters, else raise KeyError."""
        a, b, c, d, e, f, g, h = self._places
        return (
            a[text[0:2]]
            ^ b[text[2:4]]
            ^ c[text[4:6]]
            ^ d[text[6:8]]
            ^ e[text[8:10]]
            ^ f[text[10:12]]
            ^ g[text[12:14]]
            ^ h[text[14]]
        )


def _spell(value: int, width: int) -> str:
    """Write a value of the alphanumeric mode with one or two characters."""
    if width == 1:
        return _ALPHANUMERIC[value]
    return _ALPHANUMERIC[value // 45] + _ALPHANUMERIC[value % 45]


def _sums(changes: list[int], count: int) -> list[int]:
    """Return, for every value below `count`, the exclusive or of the changes of those bits that it has set."""
    sums = [0]
    for change in changes:
        sums += [before ^ change for before in sums]
    return sums[:count]


@cache
def template() -> Template:
    """Return the template of all tags, read at the first use."""
    return Template()
