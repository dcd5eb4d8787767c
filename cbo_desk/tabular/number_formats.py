"""Which number formats of a workbook show a date (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re

#: Built-in formats that show a date or a time of day; 27 to 36 and 50 to 58 are the East Asian dates.
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)])

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_LETTER = re.compile(r"[dmyhsaeg]", re.IGNORECASE)


def shows_a_date(code: str) -> bool:
    """Whether a format code shows a date or time; lengths of time ([h]:mm) and "General" do not."""
    if re.search(r"\[(h+|m+|s+)\]", code, re.IGNORECASE) or code.strip().lower() == "general":
        return False
    bare = _QUOTED.sub("", code.split(";")[0])
    bare = re.sub(r"general|E[+-]", "", bare, flags=re.IGNORECASE)
    return bool(_DATE_LETTER.search(bare)) and not re.search(r"[0#?]", bare.replace(".0", ""))
