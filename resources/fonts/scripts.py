"""Cut the faces of further scripts in `scripts/` out of Noto: `python scripts.py ARABIC ETHIOPIC CHINESE`.

Names of people stand on tags and lists in their own script. reportlab embeds TrueType outlines only and picks letters
by their code, so that joined Arabic letters are needed under the codes of their presentation forms, and the cubic
outlines of Chinese are redrawn. Needs fonttools, which the program itself does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib import instancer

ARABIC = [
    *range(0x600, 0x700),
    *range(0x750, 0x780),
    *range(0x8A0, 0x900),
    *range(0xFB50, 0xFE00),
    *range(0xFE70, 0xFF00),
]
ETHIOPIC = [*range(0x1200, 0x13A0), *range(0x2D80, 0x2DE0), *range(0xAB00, 0xAB30)]


def chinese() -> list[int]:
    """The letters of GB 2312 and of the common half of Big5, with kana: what names are written with."""
    found = set(range(0x3000, 0x3100)) | set(range(0xFF01, 0xFF5F))
    for first in range(0xB0, 0xF8):
        found |= {ord(letter) for letter in _pairs(first, range(0xA1, 0xFF), "gb2312")}
    for first in range(0xA4, 0xC7):
        found |= {ord(letter) for letter in _pairs(first, (*range(0x40, 0x7F), *range(0xA1, 0xFF)), "big5")}
    return sorted(found)


def _pairs(first: int, seconds: object, encoding: str) -> str:
    return "".join(bytes([first, second]).decode(encoding, "ignore") for second in seconds)  # type: ignore[attr-defined]


def thin_out(font: TTFont, letters: list[int]) -> None:
    """Keep these letters, and nothing that only a shaping engine reads."""
    options = subset.Options(layout_features=[], name_IDs=["*"], glyph_names=False, notdef_outline=True, hinting=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "STAT", "avar", "MVAR", "HVAR"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[0x20, 0xA0, *letters])
    cutter.subset(font)


def redraw(font: TTFont) -> None:
    """Give a font with cubic outlines quadratic ones, half a thousandth of an em away at most."""
    outlines, glyphs = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    order = font.getGlyphOrder()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    del font["CFF "]
    font.sfntVersion = "\000\001\000\000"


def cut(arabic: Path, ethiopic: Path, han: Path, folder: Path) -> None:
    """Write the three faces into `folder`."""
    for source, name, letters in ((arabic, "NotoSansArabic", ARABIC), (ethiopic, "NotoSansEthiopic", ETHIOPIC)):
        font = instancer.instantiateVariableFont(TTFont(source), {"wdth": 100, "wght": 400})
        thin_out(font, letters)
        font.save(folder / f"{name}-Regular.ttf")
    font = TTFont(han)
    thin_out(font, chinese())
    redraw(font)
    font.save(folder / "NotoSansSC-Regular.ttf")


if __name__ == "__main__":
    cut(*map(Path, sys.argv[1:4]), Path(__file__).parent / "scripts")
