"""What is missing for Qt is found by loading, installed where that is allowed, else named in the exact line."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import qt_libraries
from scripts.qt_libraries import (
    ALWAYS,
    BY_PLATFORM,
    bad_combination,
    mend,
    missing_libraries,
    named_in,
    packages_for,
    wanted_platform,
)

SCRIPT = Path(qt_libraries.__file__)


def refuse(*gone: str):
    """A loader on a computer without these libraries, speaking as the real one does."""

    def load(name: str) -> object:
        if name in gone:
            raise OSError(f"{name}: cannot open shared object file: No such file or directory")
        return object()

    return load


def test_the_real_loader_speaks_as_the_fake_one():
    with pytest.raises(OSError, match="cannot open shared object file") as caught:
        ctypes.CDLL("libnothing-of-ours.so.7")
    assert named_in(str(caught.value)) == "libnothing-of-ours.so.7"
    assert named_in("ImportError: undefined symbol: x") is None


def test_what_does_not_load_is_missing():
    assert missing_libraries(refuse("libEGL.so.1"), ALWAYS) == ["libEGL.so.1"]
    assert missing_libraries(refuse(), ALWAYS) == []


def test_all_that_a_fresh_debian_lacks_is_named():
    everything = [*ALWAYS, *BY_PLATFORM["xcb"]]
    packages = packages_for(missing_libraries(refuse(*everything), everything), lambda name: False)
    measured = (
        "libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0 "
        "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
    )
    assert set(measured.split()) <= set(packages)
    assert len(packages) == len(set(packages))


def test_ubuntus_new_names_are_used_where_apt_knows_them():
    noble = {"libglib2.0-0t64"}.__contains__
    assert packages_for(["libglib-2.0.so.0", "libEGL.so.1"], noble) == ["libglib2.0-0t64", "libegl1"]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
    ],
)
def test_the_way_to_the_screen(environment, expected):
    assert wanted_platform(environment) == expected


def test_without_the_right_to_install_the_exact_line_is_printed(monkeypatch, capsys):
    monkeypatch.setattr(qt_libraries, "privilege", lambda: None)
    monkeypatch.setattr(qt_libraries, "apt_knows", lambda name: name == "libglib2.0-0t64")
    assert mend(["libEGL.so.1", "libglib-2.0.so.0"]) == 3
    said = capsys.readouterr().err
    assert "    sudo apt-get install -y libegl1 libglib2.0-0t64\n" in said
    assert "Traceback" not in said


def test_with_the_right_apt_installs_them(monkeypatch, tmp_path):
    """The real subprocess, with an apt-get that writes down what it is told."""
    told = tmp_path / "told"
    for name, body in {"apt-get": f'echo "$@" >> {told}', "apt-cache": "exit 100", "sudo": 'shift; exec "$@"'}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert mend(["libEGL.so.1"]) == 0
    assert told.read_text(encoding="utf-8").splitlines() == [
        "update -qq",
        "install -y -qq --no-install-recommends libegl1",
    ]


def test_an_apt_that_fails_ends_with_the_line(monkeypatch, tmp_path, capfd):
    for name in ("apt-get", "apt-cache"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 100\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(qt_libraries, "privilege", list)
    assert mend(["libEGL.so.1"]) == 3
    assert "sudo apt-get install -y libegl1" in capfd.readouterr().err


def test_a_library_outside_the_list_is_named_all_the_same(monkeypatch, capsys):
    monkeypatch.setattr(qt_libraries, "privilege", lambda: None)
    assert mend(["libstrange.so.9"]) == 3
    assert "libstrange.so.9" in capsys.readouterr().err


def test_the_qt_that_aborts_is_refused():
    assert "Use Python 3.12" in bad_combination((6, 12), (3, 11))
    assert bad_combination((6, 12), (3, 12)) == bad_combination((6, 11), (3, 11)) == ""


def test_here_qt_opens_a_window():
    answer = subprocess.run([sys.executable, SCRIPT, "offscreen"], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
