"""Cut the static Inter faces of this folder out of the variable font: `python subset.py Inter[opsz,wght].ttf`.

Qt renders every weight of the variable font as Regular, so the program ships four static faces. Needs fonttools, which
the program itself does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FACES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}
# Latin with extensions, spacing modifiers, Greek, Cyrillic, punctuation, currency, letterlike, arrows, maths, enclosed
# digits, geometric shapes, tick, cross and the command key.
LETTERS = [
    *range(0x20, 0x250), *range(0x2B0, 0x300), *range(0x370, 0x530), *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070), *range(0x20A0, 0x20C0), *range(0x2100, 0x2150), *range(0x2190, 0x2300),
    *range(0x2460, 0x2500), *range(0x25A0, 0x2600), 0x2713, 0x2717, 0x2318,
]  # fmt: skip


def name_face(font: TTFont, weight: int, word: str) -> None:
    """Give the face its own names, so that all four are one family with four weights."""
    names = font["name"]
    for number in (1, 2, 4, 6, 16, 17, 25):
        names.removeNames(nameID=number)
    family = "Inter" if weight in (400, 700) else f"Inter {word}"
    for number, text in {
        1: family,
        2: "Bold" if weight == 700 else "Regular",
        4: f"Inter {word}",
        6: f"Inter-{word}",
        16: "Inter",
        17: word,
    }.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].macStyle = 1 if weight == 700 else 0


def cut(variable: Path, folder: Path) -> None:
    """Write the four faces into `folder`."""
    for weight, word in FACES.items():
        face = instancer.instantiateVariableFont(TTFont(variable), {"opsz": 14, "wght": weight})
        name_face(face, weight, word)
        options = subset.Options(layout_features=["*"], name_IDs=["*"], glyph_names=False, notdef_outline=True)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(face)
        face.save(folder / f"Inter-{word}.ttf")


if __name__ == "__main__":
    cut(Path(sys.argv[1]), Path(__file__).parent)
