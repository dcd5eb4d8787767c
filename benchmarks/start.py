"""How long the program takes from its start to a usable window.

`python -m benchmarks.start [--scale 833] [--runs 7] [--database URL]`: the program is started anew each time,
offscreen. Told are the first painted frame with the focus in the scan field, and the usable window: the first rows of
the page that was open last are on the screen. Beside it stands the floor: a Python that only imports QtWidgets.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import line, seconds

PROBE = "benchmarks.start_probe"
FLOOR = [sys.executable, "-c", "import PySide6.QtWidgets"]


def main(arguments: list[str]) -> int:
    """Measure; the answer is JSON lines."""
    parser = argparse.ArgumentParser(prog="benchmarks.start")
    parser.add_argument("--scale", type=float, default=8.0, help="1 is 1,200 assets, 833 a million")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--database", help="an existing database instead of a new one")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cbo-start-") as folder:
        url = wanted.database or make(Path(folder) / "compound.db", wanted.scale)
        for desk in ("today", "property"):
            measure(url, desk, wanted.runs, Path(folder))
    return 0


def make(path: Path, scale: float) -> str:
    """Make a demo compound of a scale."""
    from cbo_desk.compound import open_office
    from cbo_desk.demo import make_demo

    office = open_office(str(path), check=False)
    office.write(make_demo, scale)
    office.close()
    return str(path)


def measure(url: str, desk: str, runs: int, folder: Path) -> None:
    """Start the program `runs` times on one desk, in turns with the floor."""
    frames, usable, floors, cpu, rows = [], [], [], [], 0.0
    surroundings = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "CBO_DATA": str(folder),
    }
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's second start finds the modules compiled
    command = [sys.executable, "-m", PROBE, url, desk]
    subprocess.run(command, env=surroundings, check=True, capture_output=True)  # files come into the cache
    for _ in range(runs):
        floors.append(seconds(lambda: subprocess.run(FLOOR, env=surroundings, check=True, capture_output=True)))
        begun = time.time()
        done = subprocess.run(command, env=surroundings, check=True, capture_output=True, text=True)
        framed, shown, worked, rows = (float(part) for part in done.stdout.split())
        frames.append(framed - begun)
        usable.append(shown - begun)
        cpu.append(worked)
    line(
        benchmark="start",
        desk=desk,
        rows_shown=int(rows),
        runs=runs,
        floor_s=round(statistics.median(floors), 3),
        frame_s=round(statistics.median(frames), 3),
        usable_s=round(statistics.median(usable), 3),
        cpu_s=round(statistics.median(cpu), 3),
        worst_s=round(max(usable), 3),
        times_floor=round(statistics.median(usable) / statistics.median(floors), 2),
        goal_s=1.0,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
