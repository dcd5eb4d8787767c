"""Every pair of tokens that meet on the screen has the contrast of WCAG 2.2: 4.5 for text, 3 for edges and focus."""

from __future__ import annotations

import pytest

from ui.kit.shipped import SHIPPED
from ui.kit.theme import read_tokens

GROUNDS = ("window", "surface", "raised", "sunken", "side", "side_on", "sel", "hover")
TONES = ("ok", "info", "warn", "bad", "idle", "live")
TEXT = [
    *((text, ground) for text in ("text", "muted", "faint", "accent") for ground in GROUNDS),
    *((f"{tone}_text", f"{tone}_back") for tone in TONES),
    *((f"{tone}_text", "surface") for tone in TONES),
    *((f"{tone}_text", "side") for tone in ("ok", "warn", "bad")),
    *((text, "toast_back") for text in ("toast_text", "toast_link", "toast_ok", "toast_warn", "toast_bad")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("surface", "bad_text"),
]
EDGES = [
    *(("strong", ground) for ground in ("window", "surface", "raised")),
    *(("accent", ground) for ground in GROUNDS),
    *(("bad_text", ground) for ground in ("surface", "window")),
    ("on_accent", "accent"),
    ("surface", "bad_text"),
    ("muted", "border"),
    *((f"{tone}_text", "border") for tone in TONES),
    *((f"chart_{number}", "surface") for number in range(1, 9)),
]
ORNAMENTS = {"border", "shadow", "veil"}
"""Tokens that carry no meaning of their own: hairlines between rows, shadows."""
THEMES = ("light", "dark")


def luminance(shade: str) -> float:
    parts = [int(shade[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faint_pairs(tokens) -> list[str]:
    told = []
    for pairs, least in ((TEXT, 4.5), (EDGES, 3.0)):
        for front, back in pairs:
            ratio = contrast(tokens[front], tokens[back])
            if ratio < least:
                told.append(f"{front} on {back}: {ratio:.2f} < {least}")
    return told


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_is_readable(theme):
    assert faint_pairs(read_tokens(theme)) == []


def test_known_contrasts():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)  # WebAIM's checker


@pytest.mark.parametrize("theme", THEMES)
def test_a_faint_token_is_noticed(theme):
    planted = {**read_tokens(theme), "muted": read_tokens(theme)["strong"]}
    assert any(line.startswith("muted on") for line in faint_pairs(planted))


def test_no_token_escapes_the_test():
    used = {token for pair in [*TEXT, *EDGES] for token in pair}
    for theme in THEMES:
        assert set(read_tokens(theme)) - used - ORNAMENTS == set()
    assert set(read_tokens("light")) == set(read_tokens("dark"))


def test_both_themes_ship():
    assert {path.stem for path in (SHIPPED / "theme").glob("*.toml")} == set(THEMES)
