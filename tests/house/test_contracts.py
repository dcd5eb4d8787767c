"""Each import contract holds, and each is proven by a planted fault: exactly that contract must break."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

FAULTS = {
    "the top floor reaches the cellar": ("ui/kit/__init__.py", "import db.base", {2}),
    "the top floor reaches the database library": ("ui/kit/__init__.py", "import sqlalchemy", {2}),
    "a floor looks up": ("db/base.py", "import cbo_desk.errors", {1}),
    "Qt below the top floor": ("cbo_desk/office.py", "from PySide6.QtCore import QObject", {3}),
    "Qt in the cellar": ("db/base.py", "import shiboken6", {3}),
    "a pure module knows the database": ("cbo_desk/changes.py", "import db.base", {4}),
    "a desk's rules know the database library": ("cbo_desk/property/rules.py", "import sqlalchemy", {4}),
    "a rule reaches it through others": ("cbo_desk/property/rules.py", "import cbo_desk.feed", {4}),
    "a base module knows a desk": ("cbo_desk/office.py", "import cbo_desk.property", {5}),
    "a lower desk knows a higher one": ("cbo_desk/people/rules.py", "import cbo_desk.property.rules", {5}),
    "the kit knows a page": ("ui/kit/__init__.py", "import ui.property", {5}),
    "a desk nobody declared": ("cbo_desk/parking/__init__.py", "", {5}),
    "a page nobody declared": ("ui/parking/__init__.py", "", {5}),
}
DESKS = ("people", "places", "tags", "property")


def copy_house(to: Path) -> None:
    """The three floors and the contracts, with the files that the faults are planted in."""
    for floor in ("ui", "cbo_desk", "db"):
        shutil.copytree(ROOT / floor, to / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", to)
    for file in [f"{floor}/{desk}/__init__.py" for floor in ("ui", "cbo_desk") for desk in DESKS] + [
        f"cbo_desk/{desk}/rules.py" for desk in DESKS
    ]:
        (to / file).parent.mkdir(exist_ok=True)
        (to / file).touch()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for all, with what import-linter remembers of every file that has not changed."""
    house = tmp_path_factory.mktemp("house")
    copy_house(house)
    return house


@pytest.fixture
def house(whole: Path) -> Iterator[Path]:
    """The house, in which a test plants its fault by `plant`; it is taken out afterwards."""
    _planted.clear()
    yield whole
    for path, text in _planted.items():
        if text is None:
            shutil.rmtree(path.parent)
        else:
            path.write_text(text, encoding="utf-8")


_planted: dict[Path, str | None] = {}


def plant(path: Path, change: Callable[[str], str]) -> None:
    """Change a file of the house, or make one in a folder of its own."""
    _planted[path] = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(change(_planted[path] or ""), encoding="utf-8")


def broken(house: Path) -> set[int]:
    """The numbers of the contracts that import-linter finds broken."""
    answer = subprocess.run(
        [sys.executable, "-c", LINT, "--cache-dir", str(house / ".read")],
        cwd=house, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = {int(number) for number in re.findall(r"^(\d)\. .* BROKEN$", answer.stdout, re.MULTILINE)}
    assert re.search(r"^Contracts: ", answer.stdout, re.MULTILINE), answer.stdout + answer.stderr
    assert (answer.returncode != 0) == bool(found)
    return found


def test_every_contract_holds(house):
    assert broken(house) == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_breaks_its_contract_and_no_other(house, fault):
    file, line, expected = FAULTS[fault]
    plant(house / file, lambda text: f"{text}\n{line}\n")
    assert broken(house) == expected


@pytest.mark.parametrize(("line", "expected"), [("", set()), ("import cbo_desk.property.rules", {5})])
def test_a_new_desk_needs_one_line_in_contract_5_and_stays_apart_from_its_neighbour(house, line, expected):
    assert (house / "pyproject.toml").read_text(encoding="utf-8").count("    (property)\n") == 1
    plant(house / "pyproject.toml", lambda text: text.replace("    (property)\n", "    (property)\n    | (parking)\n"))
    plant(house / "cbo_desk" / "parking" / "__init__.py", lambda _text: f"{line}\n")
    assert broken(house) == expected


def test_the_house_is_whole_again(house):
    assert broken(house) == set()
