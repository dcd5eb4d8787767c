"""The commands these tests give orders with, and a crowd of processes that give them at once."""

from __future__ import annotations

import importlib.util
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from db.engine import open_engine

_spec = importlib.util.spec_from_file_location("desk", Path(__file__).with_name("desk.py"))
assert _spec is not None
assert _spec.loader is not None
_desk = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_desk)


@pytest.fixture
def desk() -> ModuleType:
    return _desk


@pytest.fixture
def crowd() -> Callable[[str, int, Callable[[Office, int], Any]], list[Any]]:
    """Run a piece of work in several processes at once, each with an office of its own; returns their answers."""
    context = multiprocessing.get_context("fork")  # a fresh start would import everything again, eight times

    def run(url: str, size: int, work: Callable[[Office, int], Any], meanwhile: Callable[[], Any] = list) -> list[Any]:
        gate = context.Barrier(size)
        answers = [context.SimpleQueue() for _ in range(size)]

        def one(n: int) -> None:
            office = Office(open_engine(url), administrator(f"w{n}", f"Writer {n}", f"DESK-{n}"))
            gate.wait(60)
            try:
                answers[n].put(work(office, n))
            except BaseException as error:
                answers[n].put(error)
                raise
            finally:
                office.close()

        processes = [context.Process(target=one, args=(n,)) for n in range(size)]
        for process in processes:
            process.start()
        meanwhile()
        said = [answer.get() for answer in answers]
        for process in processes:
            process.join(60)
        return said

    return run
