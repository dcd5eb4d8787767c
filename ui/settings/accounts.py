"""Who may sign in and what they may do on each desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.people import (
    ACCOUNT,
    AccountRow,
    accounts,
    add_account,
    disable_account,
    enable_account,
    roles_now,
    set_password,
    set_roles,
    turn_on_accounts,
)
from cbo_desk.permissions import DESKS, Role
from cbo_desk.secret import Secret
from cbo_desk.versions import Unchanged
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.cards import ScrollCard, line
from ui.kit.chips import Status
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.meeting import Edited, Save, Standing
from ui.kit.states import State
from ui.settings.passwords import hide_passwords
from ui.settings.rows import setting_row

Values = dict[str, Any]
Order = Callable[[Values], tuple[Any, ...]]


class AccountsPanel(QWidget):
    """Accounts and roles. As long as there is none, everybody at this computer is administrator."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.card = ScrollCard(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)
        bench.runner.changed.connect(self._hear)
        self.refresh()

    def refresh(self) -> None:
        """Read the accounts anew."""
        if self._bench.may(accounts):
            self._bench.runner.read(self, accounts, done=self._show)
        else:
            words = self.tr("Only an administrator sees who may sign in.")
            self.card.show_content(State("empty", self.tr("Not for your role"), words, icon="lock"), fill=True)

    def _show(self, rows: Sequence[AccountRow]) -> None:
        if not rows:
            words = self.tr("Everybody at this computer may do everything. With accounts, each person signs in.")
            button = Button(self.tr("Turn accounts on…"), "users", "primary", self._turn_on)
            state = State("empty", self.tr("Accounts are off"), words, button, icon="users")
            self.card.show_content(state, fill=True)
            return
        add = Button(self.tr("Add an account"), "plus", "primary", self._add)
        self.card.show_content(line(None, add), *[self._row(row) for row in rows], gap=0)

    def _row(self, row: AccountRow) -> QWidget:
        roles = ", ".join(f"{DESKS[desk]}: {self._role(role)}" for desk, role in row.roles.items() if desk in DESKS)
        if len(set(row.roles.values())) == 1 and len(row.roles) == len(DESKS):
            roles = self.tr("{role} on every desk").format(role=self._role(next(iter(row.roles.values()))))
        status = Status(self.tr("Can sign in"), "ok", "circle-check")
        if row.disabled:
            status = Status(self.tr("Disabled"), "idle", "ban")
        elif not row.known:
            status = Status(self.tr("Give a password first"), "warn", "key-round")
        elif row.locked_until:
            status = Status(self.tr("Locked"), "warn", "lock")
        turn = (
            Button(self.tr("Enable"), run=partial(self._bench.runner.write, enable_account, row.id))
            if row.disabled
            else Button(self.tr("Disable"), run=partial(self._bench.runner.write, disable_account, row.id))
        )
        buttons = [
            Button(self.tr("Roles"), run=partial(self._roles, row)),
            Button(self.tr("Password"), run=partial(self._password, row)),
            turn,
        ]
        return setting_row("user", f"{row.name} · {row.login}", roles, "", status, buttons)

    def _role(self, role: Role) -> str:
        words = {
            Role.VIEWER: self.tr("viewer"),
            Role.CLERK: self.tr("clerk"),
            Role.SUPERVISOR: self.tr("supervisor"),
            Role.ADMINISTRATOR: self.tr("administrator"),
        }
        return words[role]

    def _turn_on(self) -> None:
        actor = self._bench.runner.office.actor
        form = Form([*self._who(), *self._secrets()])
        form.set_values({"login": actor.login, "name": actor.name})

        def order(values: Values) -> tuple[Any, ...]:
            return turn_on_accounts, values["login"], values["name"], self._secret(values)

        self._open(self.tr("The first administrator"), self.tr("Turn accounts on"), form, order)

    def _add(self) -> None:
        form = Form([*self._who(), *self._role_fields(), *self._secrets()])
        form.set_values({**dict.fromkeys(DESKS, Role.CLERK), "settings": None})

        def order(values: Values) -> tuple[Any, ...]:
            return add_account, values["login"], values["name"], _roles(values), self._secret(values)

        self._open(self.tr("Add an account"), self.tr("Add"), form, order)

    def _roles(self, row: AccountRow) -> None:
        form = Form(self._role_fields())

        def order(held: Mapping[str, Role]) -> Order:
            return lambda values: (Unchanged(set_roles, roles_now, (row.id,), dict(held)), row.id, _roles(values))

        def standing(held: Mapping[str, Role]) -> Standing:
            return Standing({desk: held.get(desk) for desk in DESKS}, self._saving(order(held)))

        form.set_values(standing(row.roles).values)
        heading = self.tr("What {name} may do").format(name=row.name)
        edited = self._bench.edited(self, ACCOUNT, row.id, roles_now, standing)
        self._open(heading, self.tr("Save"), form, order(row.roles), edited)

    def _password(self, row: AccountRow) -> None:
        form = Form(self._secrets())
        heading = self.tr("A new password for {name}").format(name=row.name)
        self._open(heading, self.tr("Save"), form, lambda values: (set_password, row.id, self._secret(values)))

    def _who(self) -> list[Field]:
        return [
            Field("login", self.tr("Login"), required=True),
            Field("name", self.tr("Name"), required=True, beside=True),
        ]

    def _secrets(self) -> list[Field]:
        return [
            Field("password", self.tr("Password"), required=True, hint=self.tr("10 letters or more, several words")),
            Field("again", self.tr("The same again"), required=True, beside=True),
        ]

    def _role_fields(self) -> list[Field]:
        choices: list[tuple[Role | None, str]] = [(None, self.tr("nothing")), *((r, self._role(r)) for r in Role)]
        return [
            Field(desk, title, "choice", choices=choices, beside=bool(place % 2))
            for place, (desk, title) in enumerate(DESKS.items())
        ]

    def _secret(self, values: Values) -> Secret:
        if values["password"] != values["again"]:
            raise Refusal(self.tr("The two passwords differ. Type the same one twice."), "again")
        return Secret(values["password"])

    def _open(self, heading: str, verb: str, form: Form, order: Order, edited: Edited | None = None) -> None:
        hide_passwords(form, "password", "again")
        open_form(self._bench.shell, FormBox(heading, form, self._saving(order), verb, edited=edited))

    def _saving(self, order: Order) -> Save:
        def save(values: Values, done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            try:
                command, *args = order(values)
            except Refusal as refusal:
                failed(refusal)
                return
            self._bench.runner.write(command, *args, done=lambda _changes: done(), failed=failed)

        return save

    def _hear(self, changes: Changes) -> None:
        if "people.account" in changes.touched():
            self.refresh()


def _roles(values: Mapping[str, Any]) -> dict[str, Role]:
    return {desk: Role(values[desk]) for desk in DESKS if values[desk] is not None}
