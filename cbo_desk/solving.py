"""Heavy work in a process of its own: watched, stopped at any moment with the best so far, and free to crash.

Solvers written in C++ hold Python's lock for as long as they run, may ignore every wish to stop, and may bring their
process down. So `solve` runs a plain function of a module in a spawned process, on the thread of whoever calls it (a
worker of the runner, or the command line): no thread is left behind, and the process is gone when the call returns.

The function takes a `Bench` first and then its arguments, all of which must pickle:

    def improve(bench: Bench, day: Day, seconds: float) -> Proposal:
        while better(...) and not bench.stopping:
            bench.keep(best)        # what is answered if it is stopped or crashes now
            bench.say("12 of 14 trips placed")
        return best
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Concatenate, Generic, Literal, ParamSpec, TypeVar

from cbo_desk.bugs import LOG
from cbo_desk.errors import Faults, Refusal, Trouble

P = ParamSpec("P")
R = TypeVar("R")

GRACE = 0.5
"""Seconds that a process gets to hand over its best when it is asked to stop; then it is killed."""
_LOOK = 0.05  # seconds between two looks at whether somebody wants to stop

Ending = Literal["finished", "stopped", "broken"]


class Broken(Trouble):
    """The process crashed, was killed, or failed before it had kept anything; `details` tells us where."""

    def __init__(self, text: str, details: str = "") -> None:
        super().__init__(text)
        self.details = details


class Watch:
    """One piece of solving, watched: `told` hears each thing said, on the thread that called `solve`.

    After `limit` seconds each solve is stopped, whether its solver keeps to its own budget or not.
    """

    def __init__(self, told: Callable[[Any], object] | None = None, limit: float | None = None) -> None:
        self.told = told
        self.limit = limit
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask for the best so far, now; from any thread."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the best so far is wanted now."""
        return self._stop.is_set()


@dataclass(frozen=True)
class Solved(Generic[R]):
    """What became of a solve.

    `ending` says whether it finished by itself, was stopped (by a person or at its limit), or broke after it had kept
    something; `said` is then the sentence for the person, and `details` what we want to know.
    """

    best: R
    ending: Ending
    said: str = ""
    details: str = ""


class Bench:
    """What the function at work is given in its own process."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._stopping = False

    def say(self, progress: Any) -> None:
        """Tell whoever watches how far the work is: a sentence, or any value that pickles."""
        self._send("said", progress)

    def keep(self, best: Any) -> None:
        """Hand over the best so far: the answer if the work is stopped or crashes from now on."""
        self._send("kept", best)

    @property
    def stopping(self) -> bool:
        """Whether to return as soon as possible, since somebody asked for it or nobody waits any more."""
        if not self._stopping:
            try:
                self._stopping = self._line.poll(0)
            except OSError:  # pragma: no cover - the other end vanished between two looks
                self._stopping = True
        return self._stopping

    def _send(self, what: str, value: Any) -> None:
        try:
            self._line.send((what, value))
        except OSError:
            raise SystemExit(0) from None  # whoever asked is gone


@dataclass(frozen=True)
class Work(Generic[R]):
    """A function of a module with the arguments that follow its bench."""

    function: Callable[..., R]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


def solve(watch: Watch, work: Callable[Concatenate[Bench, P], R], *args: P.args, **kwargs: P.kwargs) -> Solved[R]:
    """Run `work` in a process of its own until it ends or is stopped.

    Raises `Broken` where it crashed before it kept anything, `Trouble` where it was stopped before it kept anything
    or no process could be started, and the `Refusal` or `Trouble` that the work itself raised.
    """
    answer = solve_beside(watch, [Work(work, args, kwargs)])[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


def solve_beside(watch: Watch, works: Sequence[Work[R]]) -> list[Solved[R] | Exception]:
    """Run several pieces of work at once, each in its own process; what became of each, or why it came to nothing."""
    tasks: list[_Task[R]] = [_Task(work) for work in works]
    until = None if watch.limit is None else time.monotonic() + watch.limit
    try:
        for task in tasks:
            task.start()
        while running := [task for task in tasks if task.outcome is None]:
            wait([task.line for task in running if task.line is not None], _LOOK)
            if watch.stopping or (until is not None and time.monotonic() > until):
                for task in running:
                    task.hurry()
            for task in running:
                task.hear(watch)
    finally:
        for task in tasks:
            task.end()
    return [task.outcome for task in tasks if task.outcome is not None]


class _Task(Generic[R]):
    """One process at work and what it has said: the side of whoever asked."""

    def __init__(self, work: Work[R]) -> None:
        self.work = work
        self.line: Connection | None = None
        self.outcome: Solved[R] | Exception | None = None
        self._process: BaseProcess | None = None
        self._kept: list[R] = []
        self._kill_at: float | None = None

    def start(self) -> None:
        """Start the process; where that cannot be done, the outcome says so."""
        context = multiprocessing.get_context("spawn")
        self.line, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self.work), daemon=True)
        try:
            process.start()
        except (OSError, MemoryError) as error:
            self.outcome = Trouble(f"No process could be started for this work ({error}). Close something, try again.")
        else:
            self._process = process
        finally:
            theirs.close()

    def hear(self, watch: Watch) -> None:
        """Take what has arrived; notice the end of the process."""
        assert self.line is not None
        try:
            while self.outcome is None and self.line.poll(0):
                what, value = self.line.recv()
                self._take(what, value, watch)
        except (EOFError, OSError, pickle.UnpicklingError):
            self._ended()

    def _take(self, what: str, value: Any, watch: Watch) -> None:
        if what == "said":
            if watch.told is not None:
                watch.told(value)
        elif what == "kept":
            self._kept = [value]
        elif what == "answer":
            self.outcome = Solved(value, "stopped" if self._kill_at is not None else "finished")
        elif what == "refused":
            self.outcome = value
        else:
            self._broke("The work failed by a fault of this program.", value)

    def hurry(self) -> None:
        """Ask for the best so far; after a moment of grace, take it."""
        assert self.line is not None
        assert self._process is not None
        if self._kill_at is None:
            self._kill_at = time.monotonic() + GRACE
            with suppress(OSError):
                self.line.send("stop")
        elif time.monotonic() > self._kill_at:
            self._process.kill()

    def _ended(self) -> None:
        """The process is gone without an answer: killed after a stop, or broken."""
        assert self._process is not None
        self._process.join()
        if self._kill_at is None:
            code = self._process.exitcode
            self._broke("The work was cut short: its process ended unexpectedly.", f"exit code {code}")
        elif self._kept:
            self.outcome = Solved(self._kept[0], "stopped")
        else:
            self.outcome = Trouble("The work was stopped before there was a first result.")

    def _broke(self, sentence: str, details: str) -> None:
        LOG.error("%s %s: %s", sentence, getattr(self.work.function, "__name__", "?"), details)
        if self._kept:
            self.outcome = Solved(self._kept[0], "broken", sentence, details)
        else:
            self.outcome = Broken(sentence, details)

    def end(self) -> None:
        """Leave no process and no line behind."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
        if self.line is not None:
            self.line.close()


def _work(line: Connection, work: Work[Any]) -> None:
    """What the process itself does."""
    # Ctrl+C reaches every process of a terminal; whoever asked decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bench = Bench(line)
    try:
        message: tuple[str, Any] = ("answer", work.function(bench, *work.args, **work.kwargs))
    except Faults as error:
        message = ("refused", Refusal(str(error), error.field))
    except (Refusal, Trouble) as error:
        message = ("refused", error)
    except Exception:  # noqa: BLE001 - told to whoever asked, who logs it
        message = ("failed", traceback.format_exc())
    try:
        line.send(message)
    except OSError:
        return
    except Exception:  # noqa: BLE001 - an answer that does not pickle is our fault, and told like one
        line.send(("failed", traceback.format_exc()))
