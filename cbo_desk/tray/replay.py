"""Bringing what was kept to the server: in order, each once, and what a rule refuses is put aside for a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from cbo_desk.bugs import LOG, details_of, reference_of
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.taking import TakenOtherwise
from cbo_desk.tray.hours import when
from cbo_desk.tray.kinds import Ended, Kept, key_of
from cbo_desk.tray.tray import Tray
from db.tray_file import taking_turns


@dataclass
class Taking:
    """What one go came to: deeds taken and refused, how many still wait, and why it stopped, if it did."""

    ended: list[Ended] = field(default_factory=list)
    refused: int = 0
    left: int = 0
    stopped: str = ""

    @property
    def changes(self) -> list[Changes]:
        """What the taken deeds changed, in their order."""
        return [one.changes for one in self.ended if one.changes.kind]


def take_waiting(tray: Tray, most: int = 200) -> Taking:
    """Bring up to so many of the deeds that wait; it stops where the server is away, and what waits keeps its place.

    Two programs of one workstation take turns; the second finds nothing to do meanwhile.
    """
    went = Taking()
    with taking_turns(tray.file.path) as ours:
        while ours and len(went.ended) + went.refused < most:
            kept = tray.file.first_waiting()
            if kept is None:
                break
            try:
                if not tray.office.server_clock.known:  # what was kept before it was is put right by it
                    tray.office.hear_clock()
                went.ended.append(Ended(-kept.n, _take(tray, kept)))
            except Refusal as refusal:
                otherwise = isinstance(refusal, TakenOtherwise)
                tray.file.mark(kept.n, "refused", str(refusal), otherwise=otherwise)
                went.refused += 1
            except Trouble as trouble:
                went.stopped = str(trouble)
                break
            except Exception as error:  # noqa: BLE001 - our own bug in one deed must not hold up all others
                LOG.error("%s", details_of(error, ""))
                said = f"The fault is ours; it is noted as {reference_of(error)}. Nothing of this deed was saved."
                tray.file.mark(kept.n, "refused", said)
                went.refused += 1
    went.left = tray.file.count("waiting")
    if went.ended or went.refused:
        tray.told()
    return went


def _take(tray: Tray, kept: Kept) -> Changes:
    workstation = tray.file.about("workstation")
    here = workstation == tray.office.actor.workstation
    kind, key = key_of(kept, workstation, when(kept, tray.office.server_clock, here))
    changes = tray.office.take(kind.command, key)
    tray.file.mark(kept.n, "done", changes.said, changes.ids[0] if changes.ids else None)
    return changes
