"""When a kept deed happened: by the server's clock where that was known, however wrong this workstation's was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cbo_desk.server_clock import MOST_AHEAD, RUN, Reading, ServerClock, steady
from db.tray_file import Kept


@dataclass(frozen=True)
class When:
    """When a deed happened, and what the clock of its workstation said then; `sure` where the server's was known."""

    at: datetime
    own: datetime
    sure: bool = True

    @property
    def is_off(self) -> bool:
        """Whether the workstation's clock said something else."""
        return abs(self.own - self.at) > MOST_AHEAD


def written(reading: Reading) -> dict[str, Any]:
    """What the clocks said, as it lies in the tray."""
    return {"own": reading.own.isoformat(), "known": reading.known, "run": reading.run, "steady": reading.steady}


def when(kept: Kept, server: ServerClock, here: bool) -> When:
    """When a kept deed happened, as far as it can be known now; `here` where it was kept at this workstation.

    One that was kept before the server had told the time has the instant of this workstation's clock. While the same
    run of the program lasts, the counter says how long ago that was. Later the clock is taken to have been as wrong
    then as it is now.
    """
    clock: Mapping[str, Any] = kept.clock
    own = datetime.fromisoformat(clock["own"]) if "own" in clock else kept.happened_at
    if clock.get("known", True):
        return When(kept.happened_at, own)
    if not server.known:
        return When(kept.happened_at, own, sure=False)
    if clock["run"] == RUN:
        return When(server.now() - timedelta(seconds=steady() - clock["steady"]), own)
    wrong_by = server.ahead if here and abs(server.ahead) > MOST_AHEAD else timedelta(0)
    return When(kept.happened_at - wrong_by, own, sure=False)
