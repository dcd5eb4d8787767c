"""Papers that are only looked at: whoever is killed leaves theirs behind, and the next one takes them away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cbo_desk.errors import Trouble
from tests.cli.conftest import ROOT
from ui.kit import own_files

RUN = """
import sys, time
from pathlib import Path
from ui.kit.own_files import write_to_show
print(write_to_show("pass.pdf", lambda path: path.write_text("not everybody's")), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Begins other runs of the program, all with the same folder for temporary files."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(own_files, "_run", own_files.cache(own_files._run.__wrapped__))
    begun = []

    def begin():
        run = subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdin=-1, stdout=-1, text=True)
        begun.append(run)
        return run, Path(run.stdout.readline().strip())

    yield begin
    for run in begun:
        run.kill()
        run.wait()
        run.stdin.close()
        run.stdout.close()
    folder, held = own_files._run()
    held.unlock()
    folder.cleanup()


def test_what_a_killed_run_left_is_taken_away_and_nobody_elses(runs, tmp_path):
    (killed, left), (_lives, kept), (ended, gone) = runs(), runs(), runs()
    assert left.read_text() == kept.read_text() == "not everybody's"
    ended.stdin.close()
    ended.wait()
    assert not gone.exists()  # who ends leaves nothing
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert left.exists()  # the control: a run that is killed tidies nothing up
    strange = tmp_path / "cbo-desk-of-something-else"
    strange.mkdir()
    own = own_files.write_to_show("pass.pdf", lambda path: path.write_text("ours"))
    assert not left.parent.parent.exists()
    assert (kept.exists(), own.exists(), strange.exists()) == (True, True, True)
    assert own_files.write_to_show("pass.pdf", lambda path: path.touch()) != own  # two of one name


def test_no_room_is_said(runs):
    def full(_path):
        raise OSError(28, os.strerror(28))

    with pytest.raises(Trouble, match=r"pass\.pdf cannot be written to be shown: No space left on device\."):
        own_files.write_to_show("pass.pdf", full)
