"""Dated settings: thresholds, rates and limits that are valid from a day on; a decision uses the row of its own day.

Each setting is declared once, in code, with its shipped value and where that comes from. A value that the site has to
look at first is declared with `confirm` and is shown so until somebody sets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import actor, today
from cbo_desk.enlisting import enlist_all
from cbo_desk.errors import Refusal
from cbo_desk.permissions import Role, Rule, check, deed, reads
from db.people import Entity
from db.records import DatedSetting

KIND = "settings.dated"
_PAST = Rule("settings.set_past_value", "settings", Role.ADMINISTRATOR, "set a value for days that are over")


@dataclass(frozen=True)
class Declared:
    """One setting: `text` is what a person reads, `default` gives its type, `least` and `most` its bounds.

    `scoped_by` says what may have values of its own: an entity by its code, or what the desk that declares it knows.
    Money is a Decimal: it is kept as text, so that it stays exact.
    """

    name: str
    text: str
    default: bool | int | float | str | Decimal
    unit: str = ""
    source: str = ""
    confirm: bool = False
    least: float | None = None
    most: float | None = None
    scoped_by: str = "entity"


DECLARED: dict[str, Declared] = {}


def declare(setting: Declared) -> Declared:
    """Make a setting known; each desk declares its own where it uses them."""
    if setting.name in DECLARED and DECLARED[setting.name] != setting:
        raise ValueError(f"{setting.name} is declared twice.")
    DECLARED[setting.name] = setting
    return setting


@dataclass(frozen=True)
class Valid:
    """A value valid from a day on; `valid_from` is None for the shipped one."""

    value: Any
    valid_from: date | None
    source: str
    confirmed: bool


@dataclass(frozen=True)
class SettingLine:
    """A setting as the Settings page lists it: what is valid, what comes, what was; newest first."""

    declared: Declared
    scope: str
    current: Valid
    coming: tuple[Valid, ...]
    past: tuple[Valid, ...]

    @property
    def to_confirm(self) -> bool:
        """Whether the site still has to look at this value."""
        return not self.current.confirmed


@reads("settings", "look at the settings")
def value_on(session: Session, name: str, day: date, scope: str = "") -> Any:
    """The value on a day: the scope's own row, else everybody's, else the shipped one."""
    return valid_on(session, name, day, scope).value


def valid_on(session: Session, name: str, day: date, scope: str = "") -> Valid:
    """The same with its day and source, for what has to name them."""
    return _valid_on(_rows(session, name, ("", scope)), _known(name), day, scope)


@reads("settings", "look at the settings")
def list_settings(session: Session) -> list[SettingLine]:
    """Every declared setting for everybody, and for each entity that has values of its own."""
    enlist_all()
    day = today(session)
    rows = list(session.scalars(select(DatedSetting).order_by(DatedSetting.valid_from.desc())))
    lines = []
    for name in sorted(DECLARED):
        own = [row for row in rows if row.name == name]
        for scope in sorted({"", *(row.scope for row in own)}):
            lines.append(_line(DECLARED[name], scope, own, day))
    return lines


@dataclass(frozen=True)
class Said:
    """Every value that was said of one setting, the newest first, by the number of its row."""

    values: tuple[tuple[int, Valid], ...] = ()

    def on(self, day: date, otherwise: Valid) -> Valid:
        """The value of a day; `otherwise` where none was said."""
        return next((valid for _ident, valid in self.values if valid.valid_from and valid.valid_from <= day), otherwise)

    def from_day(self, day: date) -> Valid | None:
        """The value that begins on a day."""
        return next((valid for _ident, valid in self.values if valid.valid_from == day), None)

    def changed_since(self, before: Said) -> int:
        """The row that says something else than before, 0 where none does."""
        return next((ident for ident, valid in self.values if (ident, valid) not in before.values), 0)


@reads("settings", "look at the settings")
def values_said(session: Session, name: str, scope: str = "") -> Said:
    """What was said of a setting for everybody, or for what has values of its own: what a form compares."""
    declared = _known(name)
    return Said(tuple((row.id, _kept(row, declared)) for row in _rows(session, name, (scope,))))


@deed("settings.set_value", "change settings", Role.SUPERVISOR)
def set_value(session: Session, name: str, valid_from: date, value: Any, scope: str = "", source: str = "") -> Changes:
    """Let a value be valid from a day on, for everybody or for one entity.

    Raises Refusal for a value of the wrong kind or out of bounds; days that are over are the administrator's.
    """
    declared = _known(name)
    value = _fitting(declared, value)
    if valid_from < today(session):
        check(actor(session), _PAST)
    if (
        scope
        and declared.scoped_by == "entity"
        and session.scalar(select(Entity.id).where(Entity.code == scope)) is None
    ):
        raise Refusal(f"No entity has the code {scope}.", "scope")
    row = _row(session, name, scope, valid_from)
    before = None if row is None else _kept(row, declared)
    after = Valid(value, valid_from, source or f"set by {actor(session).name}", True)
    ident = _keep(session, name, scope, valid_from, after)
    said = f"{declared.text}: {shown(declared, value)} from {valid_from:%d %B %Y}{f' for {scope}' if scope else ''}."
    return Changes(KIND, (ident,), said, Deed(put_value_back, (name, scope, valid_from, before, after)))


@deed("settings.put_value_back", "change settings", Role.SUPERVISOR)
def put_value_back(
    session: Session, name: str, scope: str, valid_from: date, before: Valid | None, left: Valid | None = None
) -> Changes:
    """Take `set_value` back: the row as it was before, or none. Refused where it is not as it was `left`."""
    declared = _known(name)
    row = _row(session, name, scope, valid_from)
    if row is None and before is None:
        raise Refusal("This value is gone already.")
    now_valid = None if row is None else _kept(row, declared)
    if left is not None and now_valid != left:
        raise Refusal("This value has been changed since, so this can no longer be undone.")
    if before is None:
        assert row is not None
        ident = row.id
        session.delete(row)
    else:
        ident = _keep(session, name, scope, valid_from, before)
    undo = Deed(put_value_back, (name, scope, valid_from, now_valid, before))
    return Changes(KIND, (ident,), f"{declared.text}: as it was before.", undo)


def shown(declared: Declared, value: Any) -> str:
    """A value as a person reads it, with its unit."""
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return f"{text} {declared.unit}".strip()


def _known(name: str) -> Declared:
    enlist_all()
    if name not in DECLARED:
        raise Refusal(f"There is no setting called {name}.", "name")
    return DECLARED[name]


def _fitting(declared: Declared, value: Any) -> Any:
    wanted = type(declared.default)
    if wanted is float and type(value) is int:
        value = float(value)
    if wanted is Decimal and type(value) is int:
        value = Decimal(value)
    if type(value) is not wanted:
        words = {bool: "yes or no", int: "a whole number", float: "a number", Decimal: "a number", str: "a text"}
        raise Refusal(f"{declared.text} is {words[wanted]}.", "value")
    if not isinstance(value, str) and not _within(declared, value):
        bounds = (("at least", declared.least), ("at most", declared.most))
        told = " and ".join(f"{word} {shown(declared, bound)}" for word, bound in bounds if bound is not None)
        raise Refusal(f"{declared.text} is {told or 'a number'}.", "value")
    return value


def _within(declared: Declared, value: Any) -> bool:
    if isinstance(value, Decimal) and value.is_nan():
        return False
    # Said this way round, not-a-number is refused too.
    return bool(
        (declared.least is None or value >= declared.least)
        and (declared.most is None or value <= declared.most)
        and abs(value) < float("inf")
    )


def _row(session: Session, name: str, scope: str, valid_from: date) -> DatedSetting | None:
    wanted = select(DatedSetting).where(DatedSetting.name == name, DatedSetting.scope == scope)
    return session.scalars(wanted.where(DatedSetting.valid_from == valid_from)).one_or_none()


# Built once: every card that shows a limit asks for it.
_OF_SCOPES = (
    select(DatedSetting)
    .where(DatedSetting.name == bindparam("of"), DatedSetting.scope.in_(bindparam("scopes", expanding=True)))
    .order_by(DatedSetting.valid_from.desc())
)


def _rows(session: Session, name: str, scopes: Iterable[str]) -> list[DatedSetting]:
    return list(session.scalars(_OF_SCOPES, {"of": name, "scopes": list(scopes)}))


def _keep(session: Session, name: str, scope: str, valid_from: date, valid: Valid) -> int:
    row = _row(session, name, scope, valid_from) or DatedSetting(name=name, scope=scope, valid_from=valid_from)
    row.value = str(valid.value) if isinstance(valid.value, Decimal) else valid.value
    row.source, row.confirmed = valid.source, valid.confirmed
    session.add(row)
    session.flush()
    return row.id


def _kept(row: DatedSetting, declared: Declared) -> Valid:
    value = Decimal(row.value) if isinstance(declared.default, Decimal) else row.value
    return Valid(value, row.valid_from, row.source, row.confirmed)


def _valid_on(rows: Iterable[DatedSetting], declared: Declared, day: date, scope: str) -> Valid:
    """The newest row of the scope, then of everybody; `rows` are newest first."""
    begun = [row for row in rows if row.valid_from <= day]
    for wanted in dict.fromkeys((scope, "")):
        for row in begun:
            if row.scope == wanted:
                return _kept(row, declared)
    return Valid(declared.default, None, declared.source, not declared.confirm)


def _line(declared: Declared, scope: str, rows: list[DatedSetting], day: date) -> SettingLine:
    current = _valid_on(rows, declared, day, scope)
    own = [_kept(row, declared) for row in rows if row.scope == scope]
    coming = tuple(item for item in own if item.valid_from is not None and item.valid_from > day)
    past = tuple(item for item in own if item not in coming and item != current)
    return SettingLine(declared, scope, current, coming, past)
