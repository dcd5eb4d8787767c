"""The habits that tests/conftest.py enforces are proven by planted offences, in a pytest of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HONEST = "def test_honest():\n    pass\n"
SKIPS = {
    "mark": "import pytest\n@pytest.mark.skip('by mark')\ndef test_it():\n    pass\n",
    "call": "import pytest\ndef test_it():\n    pytest.skip('by call')\n",
    "fixture": "import pytest\n@pytest.fixture\ndef it():\n    pytest.skip('by fixture')\ndef test_it(it):\n    pass\n",
}
SKIPS_ITSELF = "import pytest\npytest.importorskip('no_such_module', reason='not today')\ndef test_it():\n    pass\n"
WITH_LEAVE = "import pytest\n@pytest.mark.may_skip('another system')\ndef test_it():\n    pytest.skip('no queue')\n"
LEFT = {
    "thread": (
        "import threading\nend = threading.Event()\n"
        "def test_it():\n    threading.Thread(target=end.wait, daemon=True).start()\n"
    ),
    "QTimer": (
        "from PySide6.QtCore import QTimer\ntimer = None\n"
        "def test_it(qapp):\n    global timer\n    timer = QTimer()\n    timer.start(1000)\n"
    ),
    "QThreadPool": (
        "import time\nfrom PySide6.QtCore import QThreadPool\n"
        "def test_it(qapp):\n    QThreadPool.globalInstance().start(lambda: time.sleep(3))\n"
    ),
    "garbage": (
        "import gc\nimport threading\n"
        "def test_it(qapp):\n    eager = threading.Thread(target=gc.collect, name='eager')\n"
        "    eager.start()\n    eager.join()\n"
    ),
    "bug": "from cbo_desk.bugs import LOG\ndef test_it():\n    LOG.error('CBO Desk, fault B-1')\n",
    "own_bug": (
        "import pytest\nfrom cbo_desk.bugs import LOG\n"
        "@pytest.mark.our_bug\ndef test_it():\n    LOG.error('CBO Desk, fault B-2')\n"
    ),
    "nothing": (
        "from PySide6.QtCore import QTimer\n"
        "def test_it(qtbot):\n    timer = QTimer()\n"
        "    with qtbot.waitSignal(timer.timeout):\n        timer.start(1)\n    timer.stop()\n"
    ),
}


def run(folder: Path, tests: dict[str, str], *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    """Run pytest as `make test` does on planted files beside an honest one."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, test in {"honest": HONEST, **tests}.items():
        (folder / f"test_{name}.py").write_text(test, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [path, str(ROOT)]))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, str(folder)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def last_line(answer: subprocess.CompletedProcess[str]) -> str:
    """Pytest's summary."""
    return answer.stdout.splitlines()[-1]


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "with a worker"])
def test_a_skip_without_leave_fails_the_run(tmp_path, workers):
    answer = run(tmp_path, {**SKIPS, "with_leave": WITH_LEAVE}, *workers)
    assert answer.returncode == 1
    assert "1 failed, 1 passed, 1 skipped, 2 errors" in last_line(answer)
    for way in SKIPS:
        assert f"Skipped without leave (mark it may_skip, with the reason): Skipped: by {way}" in answer.stdout


def test_a_file_that_skips_itself_fails_the_run(tmp_path):
    answer = run(tmp_path, {"planted": SKIPS_ITSELF})
    assert answer.returncode != 0
    assert "test_planted.py skips itself: Skipped: not today" in answer.stdout


def test_what_is_left_running_fails_the_test(tmp_path):
    answer = run(tmp_path, LEFT)
    assert answer.returncode == 1
    found = {kind for kind in LEFT if f"Left running after the test: {kind}" in answer.stdout}
    assert found == LEFT.keys() - {"garbage", "bug", "own_bug", "nothing"}
    assert "Garbage was looked for beside the GUI's thread, by eager" in answer.stdout
    assert "The program met a fault of its own: CBO Desk, fault B-1" in answer.stdout
    assert "The program met a fault of its own: CBO Desk, fault B-2" not in answer.stdout
    assert "8 passed, 5 errors" in last_line(answer)


def test_a_qt_that_does_not_load_fails_the_run(tmp_path):
    broken = tmp_path / "broken" / "PySide6"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file')", encoding="utf-8"
    )
    answer = run(tmp_path, {}, path=str(broken.parent))
    assert answer.returncode != 0
    assert "libEGL.so.1" in answer.stdout + answer.stderr
    assert "passed" not in answer.stdout


def test_a_warning_fails_the_test(tmp_path):
    answer = run(tmp_path, {"planted": "import warnings\ndef test_it():\n    warnings.warn('old habit')\n"})
    assert answer.returncode == 1
    assert "old habit" in answer.stdout
