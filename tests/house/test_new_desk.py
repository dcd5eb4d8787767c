"""CONTRIBUTING.md says what a new desk adds: a toy desk that adds just that, and nothing else, works in every room."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_contracts import LINT, ROOT

TOY = Path(__file__).with_name("toy_desk")
# File, the line that is there, and the line that the desk adds behind it.
LINES = {
    "cbo_desk/permissions.py": ('    "property": "Property",\n', '    "toy": "Toys",\n'),
    "ui/desks.py": (
        '        desk("today", "layout-dashboard", QCoreApplication.translate("desks", "Today"), "TodayPage"),\n',
        '        desk("toy", "box", QCoreApplication.translate("desks", "Toys"), "ToyPage", "toy.toy"),\n',
    ),
    "pyproject.toml": ("    (property)\n", "    | (toy)\n"),
}


def newest() -> str:
    """The newest migration of the house as it is."""
    return max(file.name[:4] for file in (ROOT / "db/migrations/versions").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of the house with the toy desk's column, its migration, and its four lines."""
    house = tmp_path_factory.mktemp("house")
    for folder in ("ui", "cbo_desk", "db", "scripts"):
        shutil.copytree(ROOT / folder, house / folder)  # with what is compiled, which a copy keeps valid
    (house / "resources").symlink_to(ROOT / "resources")
    (house / "tests" / "toy").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", house)
    for file in ("conftest", "dear", "display", "furnished", "waiting"):
        shutil.copy(ROOT / f"tests/{file}.py", house / "tests")
    for desk in ("db/toy.py", "cbo_desk/toy", "ui/toy"):
        place = TOY / desk
        if place.is_dir():
            shutil.copytree(place, house / desk, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, house / desk)
    step = f"{int(newest()) + 1:04}"
    text = (TOY / "db/migrations/versions/next_toys.py").read_text(encoding="utf-8")
    made = text.replace("NEXT", step).replace("NEWEST", newest())
    (house / f"db/migrations/versions/{step}_toys.py").write_text(made, encoding="utf-8")
    for name, (there, added) in LINES.items():
        change(house / name, there, there + added)
    front = (house / "db/tables.py").read_text(encoding="utf-8")
    names = re.search(r"from db import \(?\s*(\w+)", front)
    assert names is not None
    change(house / "db/tables.py", names[0], names[0].replace(names[1], f"toy, {names[1]}"))
    return house


def change(file: Path, there: str, instead: str) -> None:
    """Change a place of a file that must be there once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(there) == 1, f"{there!r} in {file.name}"
    file.write_text(text.replace(there, instead), encoding="utf-8")


def run(house: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(house), "QT_QPA_PLATFORM": "offscreen", **more}
    return subprocess.run(
        [sys.executable, *command], cwd=house, env=environment, capture_output=True, text=True, check=False
    )


def test_the_contracts_are_kept(house):
    answer = run(house, "-c", LINT, "--no-cache")
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_migration_guard_command_and_page_work(house, sqlite_template, make_database, postgres_template):
    shutil.copy(TOY / "proof.py", house / "tests/toy/test_toy.py")
    on_the_server = [make_database(postgres_template) for _ in range(2)]
    answer = run(
        house, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/toy",
        CBO_YESTERDAY=str(sqlite_template), CBO_YESTERDAY_SERVER=" ".join(on_the_server),
    )  # fmt: skip
    for url in on_the_server:
        make_database.drop(url)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "5 passed" in answer.stdout


def test_without_its_line_a_desk_is_found_out(house):
    """The negative control: what the lines are for is missed when they are missing."""
    contracts, desks = house / "pyproject.toml", house / "cbo_desk/permissions.py"
    whole = [(file, file.read_text(encoding="utf-8")) for file in (contracts, desks)]
    change(contracts, "    | (toy)\n", "")
    assert "5. Desks do not know each other" in run(house, "-c", LINT, "--no-cache").stdout.split("Broken")[1]
    change(desks, '    "toy": "Toys",\n', "")
    code = "from cbo_desk.permissions import administrator, rule_of; from cbo_desk.toy import add_toy; import sys; "
    code += "sys.exit(administrator('a', 'A').may(rule_of(add_toy)))"
    assert run(house, "-c", code).returncode == 0
    for file, text in whole:
        file.write_text(text, encoding="utf-8")


def test_contributing_says_just_that():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = text.split("## How to add a desk")[1].split("\n## ")[0]
    for name in (*LINES, "db/tables.py"):
        assert name in told, name
    assert "Nothing else changes" in told
