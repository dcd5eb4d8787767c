"""The wedge under a real X server with keys from xdotool: run by hand, as neither is on every computer.

`xvfb-run -a env QT_QPA_PLATFORM=xcb python tests/ui/kit/scanning/on_x11.py` (from the project's root) ends with 0 if
all is well. It shows what offscreen tests cannot: the server's own time stamps, layouts, and a window that hangs.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from PySide6.QtCore import QElapsedTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget, QVBoxLayout, QWidget

from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.wedge import Wedge


class Bench(QWidget):
    """A window with a field, a list and three deeds on letters."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.app, self.deeds, self.scans = app, [], []
        self.field, self.list = QLineEdit(), QTableWidget(2, 2)
        self.list.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.list)
        for key in "HMP":
            action = QAction(key, self)
            action.setShortcut(key)
            action.triggered.connect(lambda checked=False, key=key: self.deeds.append(key))
            self.addAction(action)

    def run(self, *command: str, hang: float = 0.0) -> None:
        """Let xdotool press keys; the window hangs for so many seconds meanwhile."""
        keys = subprocess.Popen(["xdotool", *command])
        time.sleep(hang)
        after = QElapsedTimer()
        while keys.poll() is None or not after.isValid() or after.elapsed() < 500:
            if keys.poll() is not None and not after.isValid():
                after.start()
            self.app.processEvents()
            time.sleep(0.002)

    def say(self, what: str, scans: list[str], text: str, deeds: str) -> bool:
        """Compare with what should have happened, print it and begin anew."""
        found = (self.scans[:], self.field.text(), "".join(self.deeds))
        self.scans.clear()
        self.field.clear()
        self.deeds.clear()
        good = found == (scans, text, deeds)
        print("well" if good else "WRONG", what, found)  # noqa: T201 - a program for the terminal
        return good


def main() -> int:
    """Try everything; 0 if all went well."""
    app = QApplication([])
    bench, feed = Bench(app), ScanFeed()
    wedge = Wedge(feed, ScannerSettings())
    wedge.watch(app)
    feed.scanned.connect(lambda scan: bench.scans.append(scan.text))
    bench.show()
    bench.activateWindow()
    bench.field.setFocus()
    bench.run("mousemove", "50", "50")
    bench.run("type", "--delay", "4", "INV-20391\n")
    well = [bench.say("scan over a field", ["INV-20391"], "", "")]
    bench.run("type", "--delay", "75", "Hello asset INV-20391, ok")
    well.append(bench.say("a fast typist", [], "Hello asset INV-20391, ok", ""))
    bench.run("type", "--delay", "75", "INV-20392\n", hang=2.5)
    well.append(bench.say("typed while the window hung", [], "INV-20392", ""))
    bench.run("type", "--delay", "3", "INV-20393\n", hang=2.5)
    well.append(bench.say("scanned while the window hung", ["INV-20393"], "", ""))
    bench.list.setFocus()
    bench.run("type", "--delay", "6", "cboahmp00000123\n")
    well.append(bench.say("scan over a list with deeds", ["cboahmp00000123"], "", ""))
    bench.run("key", "--delay", "150", "h", "m", "p")
    well.append(bench.say("the same letters by hand", [], "", "HMP"))
    wedge.apply(ScannerSettings(prefix="F13", timing=False))
    bench.run("key", "--delay", "20", "191", "h", "m", "p", "1", "Return")
    well.append(bench.say("prefix F13", ["hmp1"], "", ""))
    wedge.apply(ScannerSettings(prefix="STX", timing=False))
    bench.run("key", "--delay", "20", "ctrl+b", "h", "m", "p", "2", "Return")
    well.append(bench.say("prefix STX", ["hmp2"], "", ""))
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
