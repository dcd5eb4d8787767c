"""Makes sure that Qt can really be loaded: `.venv/bin/python scripts/qt_libraries.py [offscreen|xcb|wayland]`.

Qt's wheels bring Qt, but on Linux they lean on libraries of the system that a fresh Debian or Ubuntu lacks. They
are found missing by loading them, installed with apt where that is allowed, and otherwise named in the exact line.
"""

from __future__ import annotations

import ctypes
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

Load = Callable[[str], object]

DONE, TROUBLE = 0, 3

ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
}
"""What every Qt window needs, even one that is drawn offscreen: library and Debian package."""

BY_PLATFORM: dict[str, dict[str, str]] = {
    "offscreen": {},
    "xcb": {
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libX11-xcb.so.1": "libx11-xcb1",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
}
"""What the way to the screen needs on top."""


def missing_libraries(load: Load, names: Iterable[str]) -> list[str]:
    """Those of the libraries that do not load."""
    gone = []
    for name in names:
        try:
            load(name)
        except OSError:
            gone.append(name)
    return gone


def named_in(error: str) -> str | None:
    """The library that a loader's message says it cannot open, or None if it says something else."""
    found = re.search(r"(\S+\.so[.\d]*): cannot open shared object file", error)
    return found[1] if found else None


def packages_for(libraries: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """The Debian packages of the libraries, each once; `known` says whether this system's apt has a package.

    Ubuntu 24.04 renamed some of them when time became 64 bits wide: libglib2.0-0 is libglib2.0-0t64 there.
    """
    table = dict(ALWAYS)
    for more in BY_PLATFORM.values():
        table.update(more)
    names = dict.fromkeys(table[library] for library in libraries if library in table)
    return [f"{name}t64" if known(f"{name}t64") else name for name in names]


def wanted_platform(environment: dict[str, str]) -> str:
    """How windows reach the person here: Qt's own setting, else Wayland, else X11, else nobody looks: offscreen."""
    named = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if named:
        return named
    if environment.get("WAYLAND_DISPLAY"):
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else "offscreen"


def privilege() -> list[str] | None:
    """What to put before apt-get to be allowed to install: nothing for root, sudo where it asks no password."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def apt_knows(package: str) -> bool:
    """Whether apt can install the package on this system."""
    if not shutil.which("apt-cache"):
        return False
    answer = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
    return answer.returncode == 0 and bool(answer.stdout)


def mend(libraries: list[str]) -> int:
    """Install what is missing, or say the line that does; returns an exit code."""
    allowed = privilege()
    if allowed is not None:
        print(f"Qt needs {', '.join(libraries)}: installing with apt.", flush=True)
        _apt(allowed, ["update", "-qq"])
        if _apt(allowed, ["install", "-y", "-qq", "--no-install-recommends", *packages_for(libraries, apt_knows)]):
            return DONE
    print(f"The window cannot open yet: Qt needs {', '.join(libraries)}.", file=sys.stderr)
    packages = packages_for(libraries, apt_knows)
    if packages:
        line = shlex.join(["sudo", "apt-get", "install", "-y", *packages])
        print(f"Install what is missing with this line, then run the command again:\n    {line}", file=sys.stderr)
    else:
        print("Install the packages that hold them, then run the command again.", file=sys.stderr)
    return TROUBLE


def _apt(allowed: list[str], arguments: list[str]) -> bool:
    command = [*allowed, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *arguments]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode == 0


def open_a_window() -> str:
    """Make a Qt application in a process of its own and show a window offscreen; returns the complaint, or "".

    A process of its own, because a missing library may not raise but abort.
    """
    program = "from PySide6 import QtSvg, QtPrintSupport, QtWidgets as w; a = w.QApplication([]); w.QWidget().show()"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    tried = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else tried.stderr.strip() or f"Qt ended with code {tried.returncode}."


def load_plugin(platform: str, load: Load) -> str:
    """Load the part of Qt that reaches the screen; returns the complaint, or ""."""
    import PySide6.QtGui  # noqa: F401 - the plugin leans on libraries that this brings in

    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / f"libq{platform}.so"
    if not plugin.exists():
        return ""
    try:
        load(str(plugin))
    except OSError as error:
        return str(error)
    return ""


def bad_combination(qt: tuple[int, ...], python: tuple[int, ...]) -> str:
    """The sentence for a Qt that aborts on this Python, or "" (docs/decisions/0003-pyside6-version.md)."""
    if qt >= (6, 12) and python < (3, 12):
        return (
            f"PySide6 {qt[0]}.{qt[1]} aborts under Python {python[0]}.{python[1]}. "
            "Use Python 3.12 or newer, or let `make run` install the locked PySide6 6.11 into .venv."
        )
    return ""


def main(arguments: list[str]) -> int:
    """Check, mend, check again; the answer is an exit code."""
    if not sys.platform.startswith("linux"):
        return DONE
    platform = arguments[0] if arguments else wanted_platform(dict(os.environ))
    names = [*ALWAYS, *BY_PLATFORM.get(platform, {})]
    gone = missing_libraries(ctypes.CDLL, names)
    if gone and mend(gone) != DONE:
        return TROUBLE
    qt = tuple(int(part) for part in version("PySide6-Essentials").split(".")[:2])
    sentence = bad_combination(qt, sys.version_info[:2])
    if sentence:
        print(sentence, file=sys.stderr)
        return TROUBLE
    complaint = open_a_window() or load_plugin(platform, ctypes.CDLL)
    if complaint:
        library = named_in(complaint)
        if library is None:
            print(f"Qt does not start:\n{complaint}", file=sys.stderr)
            return TROUBLE
        return mend([library])
    return DONE


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
