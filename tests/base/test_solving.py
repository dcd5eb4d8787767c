"""Real processes: finished, stopped, deaf, killed, crashed; the best so far survives each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.solving import Broken, Solved, Watch, Work, solve, solve_beside
from tests.base import solvers

ROOT = Path(__file__).resolve().parents[2]


def children() -> list[psutil.Process]:
    """Solving processes that still live; Python's own tracker of shared memory is none."""
    return [child for child in psutil.Process().children() if "resource_tracker" not in " ".join(child.cmdline())]


@pytest.fixture(autouse=True)
def no_process_left():
    before = {child.pid for child in children()}
    yield
    assert not {child.pid for child in children()} - before


def test_the_answer_comes_with_what_was_said_on_the_way():
    said = []
    assert solve(Watch(said.append), solvers.add, 2, b=3) == Solved(5, "finished")
    assert said == ["adding"]


def test_stopped_by_another_thread_it_hands_over_its_best():
    watch = Watch(lambda said: watch.stop() if said >= 3 else None)
    solved = solve(watch, solvers.listen)
    assert solved.ending == "stopped"
    assert solved.best <= -3


def test_a_solver_that_does_not_listen_is_killed_within_a_second_and_its_best_is_kept():
    stopped = []

    def told(_: str) -> None:
        stopped.append(time.monotonic())
        watch.stop()

    watch = Watch(told)
    assert solve(watch, solvers.deaf, True) == Solved(41, "stopped")
    assert time.monotonic() - stopped[0] < 2  # half a second of grace, and a loaded computer
    with pytest.raises(Trouble, match="stopped before there was a first result"):
        solve(watch, solvers.deaf, False)


def test_a_limit_stops_what_keeps_to_no_budget():
    assert solve(Watch(limit=2), solvers.listen).ending == "stopped"


@pytest.mark.our_bug
def test_killed_by_the_system_it_says_so_and_keeps_the_best_so_far():
    watch = Watch(lambda pid: os.kill(pid, signal.SIGKILL))
    solved = solve(watch, solvers.wait, True)
    assert (solved.best, solved.ending, solved.details) == (41, "broken", "exit code -9")
    assert solved.said == "The work was cut short: its process ended unexpectedly."
    with pytest.raises(Broken, match="its process ended unexpectedly"):
        solve(watch, solvers.wait, False)


@pytest.mark.our_bug
def test_several_at_once_do_not_disturb_each_other():
    works = [Work(solvers.add, (1,)), Work(solvers.crash, (True,)), Work(solvers.fail), Work(solvers.refuse)]
    added, crashed, failed, refused = solve_beside(Watch(), works)
    assert added == Solved(2, "finished")
    assert isinstance(crashed, Solved)
    assert (crashed.best, crashed.ending, crashed.details) == (41, "broken", f"exit code {-signal.SIGSEGV}")
    assert isinstance(failed, Broken)
    assert "ZeroDivisionError: of the work" in failed.details
    assert isinstance(refused, Refusal)
    assert (str(refused), refused.field) == ("No vehicle has seven seats.", "seats")


@pytest.mark.our_bug
def test_an_answer_that_cannot_travel_is_our_fault_and_told():
    with pytest.raises(Broken) as told:
        solve(Watch(), solvers.unpicklable)
    assert "pickle" in told.value.details


def test_large_answers_arrive_whole():
    assert len(solve(Watch(), solvers.large).best) == 3_000_000


def test_from_a_worker_thread_and_nothing_stays_behind():
    answers = []
    threads = [
        threading.Thread(target=lambda n=n: answers.append(solve(Watch(), solvers.add, n).best)) for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [1, 2]
    assert threading.active_count() == 1 or all(not thread.is_alive() for thread in threads)


def test_a_process_ends_when_whoever_asked_is_killed():
    program = (
        "from cbo_desk.solving import Watch, solve\nfrom tests.base import solvers\n"
        "if __name__ == '__main__':\n"
        "    solve(Watch(lambda said: print(said, flush=True) if said == 1 else None), solvers.listen)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdout is not None
        assert asked.stdout.readline() == "1\n"
        [solver] = [c for c in psutil.Process(asked.pid).children() if "resource_tracker" not in " ".join(c.cmdline())]
        asked.kill()
    gone, alive = psutil.wait_procs([solver], timeout=10)
    assert not alive
