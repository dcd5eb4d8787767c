"""Windows that are garbage die on the GUI's thread, whatever other threads do meanwhile."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import gc, sys, threading, weakref
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

app = QApplication([])
gc.set_threshold(200, 5, 5)
if sys.argv[1] == "ours":
    from ui.kit.garbage import Garbage

    Garbage(app, interval=5)


class Ring(QWidget):  # as every page that hands a method of its own to a part of it
    def __init__(self):
        super().__init__()
        self.label = QLabel("one of its parts", self)
        self.ring = self


def work():  # makes objects, as everything does that is read beside the window
    until = threading.Event()
    for _ in range(30):
        kept = [[] for _ in range(400)]
        until.wait(0.001)


windows = []
for _ in range(int(sys.argv[2])):
    loop = QEventLoop()
    window = Ring()
    window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    window.show()
    windows.append(weakref.ref(window))
    del window
    for after, deed in ((30, app.closeAllWindows), (45, loop.quit)):
        timer = QTimer(loop, singleShot=True, interval=after)
        timer.timeout.connect(deed)
        timer.start()
    del timer
    worker = threading.Thread(target=work)
    worker.start()
    loop.exec()
    worker.join()
print("alive:", sum(window() is not None for window in windows))
"""


def run(way, windows):
    command = [sys.executable, "-c", PROGRAM, way, str(windows)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_closed_windows_die_where_they_lived_and_elsewhere_the_program_does():
    ours = run("ours", 8)
    assert (ours.returncode, ours.stderr) == (0, "")
    # What was there at the first look stays, and so may the last: nobody has looked since.
    assert int(ours.stdout.split(":")[1]) <= 2
    # The control: Python's own search, carried out by whatever thread makes the object that is one too many.
    with contextlib.suppress(subprocess.TimeoutExpired):  # what is broken may as well stand still
        assert run("pythons", 60).returncode < 0
