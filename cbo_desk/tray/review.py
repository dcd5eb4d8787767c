"""The review: what the server refused is tried again, changed or dropped, by a person and with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk import taking
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Rule, rule_of
from cbo_desk.tray.hours import When, when
from cbo_desk.tray.kinds import Keepable, Kept, Question, kind_named
from cbo_desk.tray.tray import Tray


@dataclass(frozen=True)
class ReviewRow:
    """One kept deed as it is looked at: what it is, and what the server said.

    `refused` needs a person, otherwise it only waits. `questions` are what may be changed of it; `final` says that the
    server took something else under its id, so that it can only be dropped. `clock` is what this workstation's clock
    said where that was wrong; not `sure` where the server had not told the time when it was done.
    """

    n: int
    at: datetime
    about: str
    said: str
    refused: bool
    questions: tuple[Question, ...] = ()
    final: bool = False
    clock: datetime | None = None
    sure: bool = True


def review(tray: Tray) -> list[ReviewRow]:
    """Everything in the tray that has not ended: what was refused first, then what waits, each in its order."""
    kept = [*tray.file.in_state("refused"), *tray.file.in_state("waiting")]
    return [_row(one, _when(tray, one)) for one in kept]


def try_again(tray: Tray, ns: Sequence[int]) -> None:
    """Let refused deeds wait at their places again."""
    tray.file.wait_again([n for n in ns if not _refused(tray, n).otherwise])
    tray.told()


def change_kept(tray: Tray, n: int, answers: Mapping[str, Any]) -> None:
    """Change a refused deed, and let it wait again. Refusal where it can only be dropped."""
    kept = _refused(tray, n)
    if kept.otherwise:
        raise Refusal("The server took this in another form already: it can only be dropped.")
    kind = kind_named(kept.kind)
    tray.file.change(n, kind.form, kind.change(kind.raised(kept.form, kept.body), answers))
    tray.told()


def drop_kept(tray: Tray, n: int, reason: str) -> Changes:
    """Drop a refused deed: the server notes all of it with the reason, and takes it from no copy any more.

    Raises Refusal without a reason, Trouble where the server is away.
    """
    kept = _refused(tray, n)
    if not reason.strip():
        raise Refusal("Say why this is dropped.", "reason")
    if kept.otherwise:
        changes = Changes("tray.kept", (), "Dropped: the server had it in another form.")
    else:
        kind = kind_named(kept.kind)
        changes = tray.office.write(_dropping(kind), kept, reason.strip(), tray.file.about("workstation"))
    tray.file.mark(n, "dropped", reason.strip())
    tray.told()
    return changes


def _dropping(kind: Keepable) -> Any:
    """The command that drops a deed of a kind: whoever may do it may drop it."""
    own = rule_of(kind.command)

    def drop(session: Session, kept: Kept, reason: str, kept_at: str) -> Changes:
        body = kind.raised(kept.form, kept.body)
        key = taking.Key(kept.id, kept.kind, taking.digest(kept.kind, body), lambda _session: ())
        known = taking.before(session, key)
        if known is not None:
            raise Refusal(f"The server has taken this by now: {known.said} Try it again, and it leaves the list.")
        changes = Changes("tray.kept", (), f"Dropped: {kind.about(body)}. {reason}")
        taking.note(session, key, changes, session.info["now"], "dropped")
        return changes

    drop.rule = Rule("tray.drop_kept", own.desk, own.role, "drop what is kept")  # type: ignore[attr-defined]
    return drop


def _refused(tray: Tray, n: int) -> Kept:
    kept = tray.file.at(n)
    if kept is None or kept.state != "refused":
        raise Refusal("This has left the list by now.")
    return kept


def _when(tray: Tray, kept: Kept) -> When:
    here = tray.file.about("workstation") == tray.office.actor.workstation
    return when(kept, tray.office.server_clock, here)


def _row(kept: Kept, happened: When) -> ReviewRow:
    at, refused = happened.at, kept.state == "refused"
    more: Any = {"clock": happened.own if happened.is_off else None, "sure": happened.sure}
    try:
        kind = kind_named(kept.kind)
        body = kind.raised(kept.form, kept.body)
        about, questions = kind.about(body), () if kept.otherwise else kind.asks(body)
    except Refusal as refusal:
        return ReviewRow(kept.n, at, kept.kind, kept.said or str(refusal), refused, **more)
    return ReviewRow(kept.n, at, about, kept.said, refused, questions, kept.otherwise, **more)
