"""Two threads that load a ring of modules from different ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cbo_desk import loading

ROOT = Path(__file__).parents[2]

PACKAGE = """
import meeting, time
meeting.package_begun.set()
meeting.board_begun.wait(0.5)
time.sleep(0.2)  # until the other waits for this package
from ring.board import BOARD
"""
BOARD = """
import meeting
meeting.board_begun.set()
from ring import sibling
BOARD = 1
"""
MEETING = """
from threading import Event
package_begun, board_begun = Event(), Event()
"""
RUN = """
import sys, threading
sys.path.insert(0, {ring!r})
import meeting
from cbo_desk.loading import one_thread_at_a_time
one_thread_at_a_time({guarded!r})
wrong = []
def load(name):
    try:
        __import__(name)
    except ImportError as problem:
        wrong.append(str(problem))
first = threading.Thread(target=load, args=("ring",))
first.start()
meeting.package_begun.wait(5)
second = threading.Thread(target=load, args=("ring.board",))
second.start()
first.join(10), second.join(10)
print(first.is_alive(), second.is_alive(), wrong[:1])
"""


@pytest.mark.parametrize("guarded", ["ring", "other"])
def test_nobody_is_given_a_module_that_is_half_there(tmp_path: Path, guarded: str) -> None:
    """The control, with another package guarded, is given one."""
    ring = tmp_path / "ring"
    ring.mkdir()
    for name, text in (("__init__", PACKAGE), ("board", BOARD), ("sibling", "")):
        (ring / f"{name}.py").write_text(text)
    (tmp_path / "meeting.py").write_text(MEETING)
    code = RUN.format(ring=str(tmp_path), guarded=guarded)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    if guarded == "ring":
        assert (done.stdout, done.stderr) == ("False False []\n", "")
    else:
        assert "partially initialized module 'ring.board'" in done.stdout


def test_our_modules_are_guarded_in_every_process_that_loads_one() -> None:
    code = (
        "from importlib import _bootstrap as b; import cbo_desk; guard = b._find_and_load\n"
        "import db, ui.kit\n"
        "print(guard.__module__, guard is b._find_and_load)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{loading.__name__} True\n", "")
