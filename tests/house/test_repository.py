"""What holds for the whole repository: who commits, how long a module is, how files are named, what they hide."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("cbo_desk/", "db/", "ui/", "benchmarks/", "scripts/", "main.py")
LONGEST = 300

COMMITTERS = {"cbo_desk/office.py", "cbo_desk/backup.py"}
"""On the middle floor, the only module that begins and ends a deed's transaction, and the one that moves whole
databases about, where no deed can be under way. The cellar opens connections for them."""

DRAWERS = re.compile(r"(^|_)(utils?|helpers?|misc|common|managers?)(_|$)")

# In pieces, here and below, so that this file does not hold what it forbids.
HOSTS = ("py" "pi.org", "python" "hosted.org", "npm" "js.org", "npm" "js.com", "crates" ".io", "proxy." "golang.org")
MACHINE = re.compile(
    rb"/wo" rb"rk/(main|shared)|/ro" rb"ot/|/opt/py" rb"pi|/ho" rb"me/[a-z]|/Us" rb"ers/[a-z]|C:\\Us" rb"ers\\[a-z]"
)


def committed() -> list[str]:
    """Every file that git knows, deleted ones left out."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


def product() -> list[str]:
    """Every committed Python module of the product itself."""
    return [name for name in committed() if name.startswith(PRODUCT) and name.endswith(".py")]


def calls(source: str, methods: set[str]) -> list[int]:
    """The lines on which a method of one of these names is called."""
    if not any(method in source for method in methods):
        return []  # most modules, and reading one as a tree takes a while
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in methods
    ]


def excuses() -> dict[str, str]:
    """The modules that may be longer, each with its reason."""
    lines = (Path(__file__).parent / "long_modules.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.partition(": ") for line in lines if line and not line.startswith("#")]
    return {name: reason.strip() for name, _, reason in entries}


def test_only_the_office_commits():
    offenders = []
    for name in product():
        if name in COMMITTERS or not name.startswith(("cbo_desk/", "ui/", "main.py")):
            continue
        source = (ROOT / name).read_text(encoding="utf-8")
        # Where no database is in reach, `begin` is a painter's or a counter's word.
        lines = calls(source, {"commit", "begin"} if "sqlalchemy" in source else {"commit"})
        offenders += [f"{name}:{line}" for line in lines]
    assert offenders == []


def test_the_search_for_committers_finds_one():
    assert calls("def f(session):\n    session.commit()\n", {"commit", "begin"}) == [2]
    assert calls((ROOT / "cbo_desk/office.py").read_text(encoding="utf-8"), {"commit", "begin"})


def test_a_module_over_300_lines_has_a_reason():
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in product()}
    excused = excuses()
    long = {name for name, length in lengths.items() if length > LONGEST}
    assert long - excused.keys() == set(), "Split it, or write its reason into tests/house/long_modules.txt."
    assert excused.keys() - long == set(), "No longer long: take it off tests/house/long_modules.txt."
    assert all(len(reason) > 20 for reason in excused.values())


def test_there_are_no_drawers():
    parts = {(name, part) for name in committed() for part in Path(name).with_suffix("").parts}
    assert [name for name, part in parts if DRAWERS.search(part)] == []
    assert DRAWERS.search("file_utils")
    assert DRAWERS.search("helpers")
    assert not DRAWERS.search("commands")


def test_no_file_names_a_package_index_or_a_place_on_somebodys_computer():
    offenders = []
    for name in committed():
        content = (ROOT / name).read_bytes()
        offenders += [f"{name}: {host}" for host in HOSTS if host.encode() in content]
        offenders += [f"{name}: {found[0].decode()}" for found in MACHINE.finditer(content)]
    assert offenders == []


@pytest.mark.parametrize("path", [b"/ro" b"ot/.venv", b"/ho" b"me/ada/cbo"])
def test_the_search_for_machine_paths_finds_one(path):
    assert MACHINE.search(b"see " + path)


def test_every_decision_is_in_the_index():
    folder = ROOT / "docs" / "decisions"
    pages = {page.name for page in folder.glob("[0-9]*.md")}
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert pages
    assert {page for page in pages if f"]({page})" not in index} == set()


PAGES = ("README.md", "CONTRIBUTING.md", "docs/decisions/README.md", "docs/desks.md", "docs/command-line.md")


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = re.sub(r"<!--.*?-->", "", (ROOT / page).read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) + re.findall(r'src="([^":]+)"', text)
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


def test_every_command_in_the_readme_is_a_target():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set()
    for page in ("README.md", "CONTRIBUTING.md"):
        named |= set(re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert named <= targets


FIXED_PLURAL = re.compile(
    r"\{\w+\} (?:of \{\w+\} )?(?:\w+ )?(assets|items|rows|rooms|places|people|tags|days|months|cells|scans|lines|"
    r"deeds|loans|passes|services|messages|stops|rounds|labels|sheets|pages|vehicles|trips|bookings|meetings|spaces|"
    r"entities|campaigns|cases|fields|papers|photos|files|values|things|columns|drivers|passengers|seats|plans)\b"
)
BOUNDS = ("At most {most} assets", "at most {count} assets")
"""A limit that is never one is no count."""


def calls_in(source: str) -> list[ast.Call]:
    """Every call of a module."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def shown_texts(nodes: list[ast.Call]) -> list[tuple[int, str]]:
    """Every text that goes through tr or translate, with its line."""
    found = []
    for node in nodes:
        if getattr(node.func, "attr", "") in ("tr", "translate"):
            found += [
                (part.lineno, part.value)
                for part in node.args
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
    return found


def feet(nodes: list[ast.Call]) -> list[tuple[int, str]]:
    """What each list of records calls its rows at its foot, with its line."""
    found = []
    for node in nodes:
        if getattr(node.func, "id", "") == "RecordList":
            things = next((word.value for word in node.keywords if word.arg == "things"), None)
            if isinstance(things, ast.Call) and things.args and isinstance(things.args[0], ast.Constant):
                found.append((node.lineno, str(things.args[0].value)))
    return found


def test_one_thing_is_never_told_as_many():
    """Write "{count:asset|assets}" and format it with `cbo_desk.plurals.Count`: the words then fit every number."""
    told = []
    for name in product():
        if name.startswith("ui/"):
            nodes = calls_in((ROOT / name).read_text(encoding="utf-8"))
            told += [
                f"{name}:{line} {words!r}"
                for line, words in shown_texts(nodes)
                if FIXED_PLURAL.search(words) and not any(bound in words for bound in BOUNDS)
            ]
            told += [f"{name}:{line} things={words!r}" for line, words in feet(nodes) if "{count:" not in words]
    assert told == []


PLURAL = re.compile(r"\{(\w+):[^{}|]*\|[^{}]*\}")
GIVEN_A_TEXT = re.compile(r"\b\w+=\s*[rR]?[fF][\"']")


def cut_plurals(source: str) -> list[tuple[int, str]]:
    """Sentences whose words wait for a number and are given a text, which no plural can be picked by: with its line."""
    if not PLURAL.search(source) or not GIVEN_A_TEXT.search(source):
        return []  # most modules, and reading one as a tree takes a while
    found = []
    for whole in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
        held: dict[str, set[str]] = {}
        for node in ast.walk(whole):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                held.setdefault(node.targets[0].id, set()).update(numbers_in(node.value))
        for node in (node for node in ast.walk(whole) if isinstance(node, ast.Call)):
            if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                said = node.func.value
                names = held.get(said.id, set()) if isinstance(said, ast.Name) else numbers_in(said)
                cut = [word.arg for word in node.keywords if isinstance(word.value, ast.JoinedStr)]
                found += [(node.lineno, name) for name in cut if name in names]
    return found


def numbers_in(node: ast.AST) -> set[str]:
    """What the texts of an expression pick a plural by."""
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return {name for text in texts for name in PLURAL.findall(text)}


def test_a_plural_is_given_a_number():
    sources = {name: (ROOT / name).read_text(encoding="utf-8") for name in product()}
    assert [(name, *cut) for name, source in sources.items() for cut in cut_plurals(source)] == []
    wrong = 'def f(n):\n    words = tr("{n:line|lines} written")\n    return words.format(n=f"{n:,}")\n'
    assert cut_plurals(wrong) == [(3, "n")]


def test_a_fixed_plural_would_be_found():
    nodes = calls_in('self.tr("{count} assets moved")\nRecordList(things=self.tr("rooms"))\n')
    assert FIXED_PLURAL.search(shown_texts(nodes)[0][1])
    assert feet(nodes) == [(2, "rooms")]
