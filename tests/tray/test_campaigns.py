"""The short forms of `make chaos` and `make soak`, and whether their judges can tell good from bad."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.chaos import campaign
from benchmarks.soak import Look, Soak, grew


def test_a_short_bad_day_loses_and_doubles_nothing():
    """Wires cut, workstations and the server killed; the control of it is in `make chaos` and in test_outage."""
    was = campaign(1.5, 1, seed=7)
    assert (was.lost, was.doubled, was.torn, was.refused) == (0, 0, 0, 0), was.faults
    assert was.acknowledged > 0


def test_a_short_soak(postgres_server: Any, empty_postgres_url: str, tmp_path: Path):
    soak = Soak(empty_postgres_url, postgres_server.port, tmp_path)
    try:
        looks = soak.run(1.0)
        assert soak.judge() == (0, 0)
    finally:
        soak.close()
    assert looks
    assert soak.acknowledged > 0


def test_what_grows_is_found_and_what_does_not_is_not():
    steady = [Look(100 + n % 3, 20 + n % 2, 2, 1.0, 9.0 + n % 4) for n in range(30)]
    assert grew(steady) == []
    assert grew([Look(60 + 40 * min(1, n / 8), 20, 2, 1.0, 9.0) for n in range(30)]) == []  # warming up
    assert grew([Look(100 + 2 * n, 20, 2, 1.0, 9.0) for n in range(30)]) == ["memory_mb grew from 124.0 to 152.0"]
    assert grew([Look(100, 20 + n, 2, 1.0, 9.0) for n in range(30)]) == ["handles grew from 32.0 to 46.0"]
    assert grew([Look(100, 20, 2, 1.0, 40.0 * n) for n in range(30)]) == ["median_ms grew from 480.0 to 1040.0"]
    assert grew([Look(100, 20, 2 + n // 9, 1.0, 9.0) for n in range(30)]) == ["threads grew from 3.0 to 4.0"]
