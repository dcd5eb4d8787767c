"""One thing is told as one, on every page: no text of the window fixes a plural behind a number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import ui
from cbo_desk.plurals import Count, Share

FIXED = re.compile(
    r"\{\w+\} (?:of \{\w+\} )?(?:\w+ )?(assets|items|rows|rooms|places|people|tags|days|months|cells|scans|lines|"
    r"deeds|loans|passes|services|messages|stops|rounds|labels|sheets|pages|vehicles|trips|bookings|meetings|spaces|"
    r"entities|campaigns|cases|fields|papers|photos|files|values|things|columns|drivers|passengers|seats|plans)\b"
)
BOUNDS = {"At most {most} assets", "at most {count} assets", "of {count} seconds"}
"""A limit that is never one is no count."""


@pytest.mark.parametrize(("count", "words"), [(0, "0 deeds"), (1, "1 deed"), (1204, "1,204 deeds")])
def test_one_is_never_many(count, words):
    assert f"{Count(count):deed|deeds}" == words


def test_a_count_is_a_number_and_picks_every_form_in_the_sentence():
    assert Count(3) + 1 == 4
    words = "{tags:tag was|tags were} printed on {pages:page|pages}, {left} left"
    assert (
        words.format(tags=Count(1), pages=Count(2), left=Count(12_000)) == "1 tag was printed on 2 pages, 12,000 left"
    )
    assert f"{Share(1, 12):campaign|campaigns}" == "1 of 12 campaigns"
    assert f"{Share(0, 1):campaign|campaigns}" == "0 of 1 campaign"
    with pytest.raises(ValueError, match="two"):
        f"{Count(1):asset}"


def texts(file: Path) -> list[tuple[int, str]]:
    """Every text of a file that goes through tr or translate."""
    found = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("tr", "translate")
        ):
            found += [
                (part.lineno, part.value)
                for part in node.args
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
    return found


def test_no_text_of_the_window_fixes_a_plural():
    told = []
    for file in sorted(Path(ui.__file__).parent.rglob("*.py")):
        for line, words in texts(file):
            if FIXED.search(words) and not any(bound in words for bound in BOUNDS):
                told.append(f"{file.parent.name}/{file.name}:{line} {words!r}: write {{count:one|many}} and Count")
    assert told == []


def test_every_foot_of_a_list_says_one_and_many():
    """RecordList(things=…) takes "{count:asset|assets}": a bare word would lose the number."""
    told = []
    for file in sorted(Path(ui.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RecordList":
                things = next((word.value for word in node.keywords if word.arg == "things"), None)
                if isinstance(things, ast.Call) and things.args and isinstance(things.args[0], ast.Constant):
                    words = str(things.args[0].value)
                    told += [f"{file.name}:{node.lineno} {words!r}"] if "{count:" not in words else []
    assert told == []
