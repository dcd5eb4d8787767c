"""Who may do what: roles per desk, and the mark each command and query carries. One line per desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from typing import Any, TypeVar

from cbo_desk.errors import Refusal

F = TypeVar("F", bound=Callable[..., Any])

DESKS = {
    "people": "People",
    "places": "Places",
    "tags": "Tags",
    "property": "Property",
    "mail": "Mail",
    "pouch": "Diplomatic pouch",
    "conference": "Conference",
    "transport": "Transport",
    "settings": "Settings",
}


class Role(IntEnum):
    """What an account may do on a desk; each includes the ones before it."""

    VIEWER = 1
    CLERK = 2
    SUPERVISOR = 3
    ADMINISTRATOR = 4


@dataclass(frozen=True)
class Actor:
    """Somebody at work: the login that the audit names, the roles held per desk, and where they sit."""

    login: str
    name: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    workstation: str = ""
    person_id: int | None = None

    def may(self, rule: Rule) -> bool:
        """Whether the rule lets this actor through.

        The door is everybody's who is in; who came by an account of their own is its clerk and may change the password.
        """
        return self.roles.get(rule.desk, Role.VIEWER if rule.desk == "door" else 0) >= rule.role


def administrator(login: str, name: str, workstation: str = "") -> Actor:
    """An actor with every right on every desk."""
    return Actor(login, name, dict.fromkeys(DESKS, Role.ADMINISTRATOR), workstation)


@dataclass(frozen=True)
class Rule:
    """What a command or query is called and who may run it. `phrase` completes "You may not …"."""

    name: str
    desk: str
    role: Role
    phrase: str


Work = Callable[..., Any] | Rule
"""A command or query, or the rule that it carries, where its own module is not to be imported for it."""


def deed(name: str, phrase: str, role: Role = Role.CLERK) -> Callable[[F], F]:
    """Mark a command: `name` such as "property.move_assets" goes into the audit; its first part is the desk."""
    return _mark(Rule(name, name.split(".")[0], role, phrase))


def reads(desk: str, phrase: str = "look at this desk", role: Role = Role.VIEWER) -> Callable[[F], F]:
    """Mark a query, or a listing class, of a desk."""
    return _mark(Rule(f"{desk}.read", desk, role, phrase))


def rule_of(work: Work) -> Rule:
    """The rule a command, query or listing's method carries, or the rule itself; an unmarked one is our own mistake."""
    if isinstance(work, Rule):
        return work
    if isinstance(work, partial):
        return rule_of(work.func)
    rule = getattr(work, "rule", None) or getattr(getattr(work, "__self__", None), "rule", None)
    if not isinstance(rule, Rule):
        raise TypeError(f"{getattr(work, '__qualname__', work)} is not marked with @deed or @reads.")
    return rule


def check(actor: Actor, rule: Rule) -> None:
    """Refuse what the actor may not do, in words."""
    if actor.may(rule):
        return
    needed = rule.role.name.lower()
    raise Refusal(
        f"You may not {rule.phrase}: it needs the role {needed} on the {DESKS.get(rule.desk, rule.desk)} desk. "
        "An administrator can give it to you."
    )


def _mark(rule: Rule) -> Callable[[F], F]:
    def mark(work: F) -> F:
        work.rule = rule  # type: ignore[attr-defined]
        return work

    return mark
