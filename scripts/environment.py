"""Builds `.venv` from a locked requirements file: `python3 scripts/environment.py run` (or `dev`).

A second call finds the stamp of the first and does nothing; a changed lock or another Python makes it work again. Made
is it with the fastest Python of the same form on this computer, or `as-named` with the very one that runs this.
See docs/decisions/0110-fastest-python.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "dev")
"""What can be asked for; the second holds everything of the first, so it answers for both."""

DONE, USAGE, TROUBLE = 0, 2, 3
FASTER = 0.8
"""What share of the time another Python may take at most to be worth more than the one that was named."""


class Told(NamedTuple):
    """What a Python tells of itself: where it is, for what its packages are made, how long it takes for some work."""

    where: str
    form: str
    makes_environments: bool
    seconds: float


# Names, small objects, texts and calls, as in the program. The fastest of many goes is the least disturbed.
_ASK = """
import importlib.util as find, json, os, sys, sysconfig, time
class Item:
    def __init__(self, number): self.number = number
    def more(self, by): return self.number + by
def work():
    began, held = time.process_time(), {}
    for number in range(20000): held[number % 997] = Item(number).more(3)
    sorted(held.values(), key=lambda one: -one), "|".join(map(str, held)).split("|")
    return time.process_time() - began
own = sys.prefix == sys.base_prefix and bool(find.find_spec("venv") and find.find_spec("ensurepip"))
form = f"{sys.implementation.name} {sysconfig.get_config_var('SOABI')} {sysconfig.get_platform()}"
print(json.dumps([os.path.realpath(sys.executable), form, own, min(work() for _go in range(15))]))
"""
_ROUNDS = 2


def ask(python: str) -> Told | None:
    """What a Python tells of itself, or None where it does not run."""
    try:
        answer = subprocess.run([python, "-I", "-c", _ASK], capture_output=True, text=True, check=False, timeout=30)
        return Told(*json.loads(answer.stdout))
    except (OSError, ValueError, TypeError, subprocess.TimeoutExpired):
        return None


def on_the_path() -> set[str]:
    """Every Python on the PATH that may be of the same form as this one."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    named = [folder / name for folder in folders for name in (f"python3.{sys.version_info[1]}", "python3")]
    return {os.path.realpath(python) for python in named if os.access(python, os.X_OK)}


def fastest(named: Told, found: Iterable[Told]) -> Told:
    """The one to work with: what was named, unless another of its form is faster by more than chance."""
    fit = [one for one in found if one.form == named.form and one.makes_environments]
    best = min(fit, key=lambda one: one.seconds, default=named)
    return best if best.where != named.where and best.seconds < FASTER * named.seconds else named


def choose() -> str:
    """The Python that the environment is made with: each is asked several times, one after the other."""
    named = ask(sys.executable)
    if named is None:
        return sys.executable
    known = {named.where: named} | {told.where: told for told in map(ask, on_the_path()) if told is not None}
    for _round in range(_ROUNDS if len(known) > 1 else 0):
        for told in filter(None, map(ask, tuple(known))):
            known[told.where] = min(known[told.where], told, key=lambda one: one.seconds)
    best = fastest(known[named.where], known.values())
    if best.where == named.where:
        return sys.executable
    times = known[named.where].seconds / best.seconds
    print(f"{best.where} is {times:.1f} times as fast as {sys.executable}, and is taken.", flush=True)
    return best.where


def fingerprint(root: Path, kind: str) -> str:
    """What the environment of this kind is made from: the lock's content and the version of Python."""
    lock = (root / "requirements" / f"{kind}.txt").read_bytes()
    return f"{platform.python_version()} {hashlib.sha256(lock).hexdigest()}"


def is_ready(root: Path, venv: Path, kind: str) -> bool:
    """Whether the environment holds exactly what the lock of this kind says."""
    stamp = venv / ".locked.json"
    if not interpreter(venv).exists() or not stamp.exists():
        return False
    return bool(json.loads(stamp.read_text(encoding="utf-8")).get(kind) == fingerprint(root, kind))


def interpreter(venv: Path) -> Path:
    """Where the environment keeps its Python."""
    return venv / "bin" / "python"


def missing_module() -> str | None:
    """The sentence for a Python that cannot make environments, or None: Debian ships `venv` as its own package."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return None
    return (
        "This Python has no venv module. Install it and run the command again:\n"
        "    sudo apt-get install python3-venv"
    )


def build(root: Path, venv: Path, kind: str, maker: str = sys.executable) -> int:
    """Make the environment with the Python `maker` and install every locked package with its hash checked.

    Returns an exit code.
    """
    sentence = missing_module()
    if sentence is not None:
        print(sentence, file=sys.stderr)
        return TROUBLE
    lock = root / "requirements" / f"{kind}.txt"
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(f"Preparing {venv.name}: {count} packages, a minute or two the first time.", flush=True)
    if not _same_python(venv, maker):
        made = subprocess.run([maker, "-m", "venv", "--clear", str(venv)], check=False)
        if made.returncode:
            print(f"The folder {venv} could not be made. Is the disk full or read-only?", file=sys.stderr)
            return TROUBLE
    pip = [str(interpreter(venv)), "-m", "pip", "install", "--require-hashes", "--quiet", "--no-input"]
    pip += ["--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock)]
    if subprocess.run(pip, check=False).returncode:
        print(
            "The packages could not be installed; the lines above say why.\n"
            "If this computer was offline, connect it and run the command again: it goes on where it stopped.",
            file=sys.stderr,
        )
        return TROUBLE
    kinds = LOCKS[: LOCKS.index(kind) + 1]
    stamp = json.dumps({each: fingerprint(root, each) for each in kinds})
    (venv / ".locked.json").write_text(stamp, encoding="utf-8")
    return DONE


def _same_python(venv: Path, maker: str) -> bool:
    """Whether the environment exists, works, and was made by this very build of Python."""
    said = []
    for python in (str(interpreter(venv)), maker):
        try:
            answer = subprocess.run([python, "-c", _BUILD], capture_output=True, text=True, check=False)
        except OSError:
            return False
        said.append(answer.stdout.strip())
    return bool(said[0]) and said[0] == said[1]


_BUILD = "import sys, pip; print(sys.version)"


def main(arguments: list[str]) -> int:
    """Make the environment ready if it is not; the answer is an exit code."""
    if not arguments or arguments[0] not in LOCKS or arguments[1:] not in ([], ["as-named"]):
        print("Say which environment: environment.py run, or environment.py dev.", file=sys.stderr)
        return USAGE
    venv = ROOT / ".venv"
    if is_ready(ROOT, venv, arguments[0]):
        return DONE
    return build(ROOT, venv, arguments[0], choose() if len(arguments) == 1 else sys.executable)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
