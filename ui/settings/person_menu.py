"""What the person at work can do about the own account: change the password, sign out for somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from cbo_desk.compound import CHANGE_PASSWORD
from cbo_desk.errors import Refusal
from cbo_desk.secret import Secret
from ui.bench import Bench
from ui.kit.actions import Action
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.settings.passwords import hide_passwords


class PersonMenu(QObject):
    """The actions of the person's menu; there are none as long as accounts are off."""

    def __init__(self, bench: Bench, sign_out: Callable[[], object], parent: QObject) -> None:
        """`sign_out` closes what is open and asks who is at work."""
        super().__init__(parent)
        self._bench = bench
        self.actions: tuple[str, ...] = ()
        if bench.may(CHANGE_PASSWORD):
            found = (
                Action("person.change_password", self.tr("Change my password"), self.change_password, "lock"),
                Action("person.sign_out", self.tr("Sign out, or let somebody else sign in"), sign_out, "log-out"),
            )
            bench.shell.actions_.add(bench.shell, *found)
            known = {action.id for action in bench.shell.actions_.all()}
            self.actions = (*({"person.lock"} & known), *(action.id for action in found))

    def change_password(self) -> None:
        """Ask for the old password and twice for the new one."""
        form = Form(
            [
                Field("old", self.tr("Your password until now"), required=True),
                Field("new", self.tr("New password"), required=True),
                Field("again", self.tr("The same again"), required=True, beside=True),
            ]
        )
        hide_passwords(form, "old", "new", "again")

        def save(values: dict[str, Any], done: Callable[[], object], failed: Callable[[Exception], object]) -> None:
            if values["new"] != values["again"]:
                failed(Refusal(self.tr("The two passwords differ. Type the same one twice."), "again"))
                return
            from cbo_desk.people.signing_in import change_password, renew

            new, runner = Secret(values["new"]), self._bench.runner

            def changed(_changes: object) -> None:
                done()
                runner.job(self, lambda _progress: renew(runner.office, new), lambda _done: None)

            runner.write(change_password, Secret(values["old"]), new, done=changed, failed=failed)

        open_form(self._bench.shell, FormBox(self.tr("Change my password"), form, save, self.tr("Save")))
