"""Builds `.venv` from a locked requirements file: `python3 scripts/environment.py run` (or `dev`).

A second call finds the stamp of the first and does nothing; a changed lock or another Python makes it work again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "dev")
"""What can be asked for; the second holds everything of the first, so it answers for both."""

DONE, USAGE, TROUBLE = 0, 2, 3


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


def build(root: Path, venv: Path, kind: str) -> int:
    """Make the environment and install every locked package with its hash checked; returns an exit code."""
    sentence = missing_module()
    if sentence is not None:
        print(sentence, file=sys.stderr)
        return TROUBLE
    lock = root / "requirements" / f"{kind}.txt"
    count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    print(f"Preparing {venv.name}: {count} packages, a minute or two the first time.", flush=True)
    if not _same_python(venv):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=False)
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


def _same_python(venv: Path) -> bool:
    """Whether the environment exists, works, and was made by this very version of Python."""
    ask = "import platform, pip; print(platform.python_version())"
    try:
        answer = subprocess.run([interpreter(venv), "-c", ask], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == platform.python_version()


def main(arguments: list[str]) -> int:
    """Make the environment ready if it is not; the answer is an exit code."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        print("Say which environment: environment.py run, or environment.py dev.", file=sys.stderr)
        return USAGE
    venv = ROOT / ".venv"
    if is_ready(ROOT, venv, arguments[0]):
        return DONE
    return build(ROOT, venv, arguments[0])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
