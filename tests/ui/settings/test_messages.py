"""Messages in the window: the server is named, a trial goes out by itself, failures say why and are sent again."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from cbo_desk import notifications
from cbo_desk.changes import Changes
from cbo_desk.mail_server import mail_server
from cbo_desk.notifications import outbox
from cbo_desk.permissions import Role, deed
from db.people import Entity, Person
from tests.base.mail_host import mail_host
from tests.ui.places.conftest import Hands, open_window
from tests.writing import insert
from ui.kit.dialogs import FormBox

__all__ = ["open_window"]


@deed("people.tell_in_window", "tell people")
def tell(session, *names, person_id=None):
    ids = [notifications.queue(session, f"{name}@un.example", f"Mail for {name}", "Karibu", person_id=person_id)
           for name in names]  # fmt: skip
    return Changes(notifications.KIND, tuple(ids), "Told.")


@pytest.fixture
def hands(open_window, sqlite_office, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("CBO_DATA", str(tmp_path / "data"))
    hands = Hands(qtbot, open_window(sqlite_office, "settings"))
    hands.window.shell.go("settings", "messages")
    hands.panel = hands.window.shell.page().panels["messages"]
    return hands


def words(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def fill(hands, values, verb):
    hands.until(lambda: hands.window.shell.findChildren(FormBox))
    box = hands.window.shell.findChildren(FormBox)[-1]
    for name, value in values.items():
        box.form.editors[name].set_value(value)
    box.save()
    return box


def test_name_the_server_try_it_and_see_what_became_of_it(hands, sqlite_office):
    panel, window = hands.panel, hands.window
    hands.until(lambda: "No server is named yet" in words(panel))
    with mail_host() as host:
        panel.forms.set_up()
        values = {"host": "127.0.0.1", "port": host.port, "security": "none", "sender": "nobody", "login": ""}
        box = fill(hands, values, "Save")
        hands.until(lambda: "Name the address that messages come from" in words(box))
        assert sqlite_office.read(mail_server) is None
        fill(hands, {"sender": "Mailroom <desk@cbo.example>"}, "Save")
        hands.until(lambda: sqlite_office.read(mail_server) is not None)
        hands.until(lambda: "Sends from here" in words(panel) or "from Mailroom" in words(panel))
        panel.forms.try_it()
        fill(hands, {"to": "ada@un.example"}, "Send")
        hands.until(lambda: len(host.taken) == 1)
        hands.until(lambda: [m.state for m in sqlite_office.read(outbox)] == ["sent"])
        host.refuse = {"gone@un.example": "550 no such mailbox"}
        ids = window.runner.office.write(tell, "gone").ids
        window.mailing.send()
        hands.until(lambda: sqlite_office.read(notifications.messages, ids)[0].state == "failed")
        panel.list.show_record(ids[0])
        hands.until(lambda: "The mail server says 550: no such mailbox." in words(panel.card))
        host.refuse = {}
        window.shell.actions_.run("settings.message_again")
        hands.until(lambda: len(host.taken) == 2)
        hands.until(lambda: [m.state for m in sqlite_office.read(outbox)] == ["sent", "sent"])
        hands.until(lambda: panel.list.model.rowCount() == 2)


def test_the_bell_rings_for_the_one_it_concerns_and_once(open_window, sqlite_office, qtbot, clock):
    def people(session):
        entity = Entity(code="UNEP", name="Environment")
        session.add(entity)
        session.flush()
        known = {"entity_id": entity.id, "entity_code": "UNEP", "given_name": "A"}
        names = ("Lindqvist", "Haddad")
        made = [Person(family_name=name, sort_name=f"{name}, A", **known) for name in names]
        session.add_all(made)
        session.flush()
        return [person.id for person in made]

    from dataclasses import replace

    erik, samir = insert(sqlite_office, people)
    own = sqlite_office.signed_in(replace(sqlite_office.actor, person_id=erik))
    window = open_window(own, "settings")
    hands = Hands(qtbot, window)
    own.write(tell, "erik", person_id=erik)
    sqlite_office.write(tell, "samir", person_id=samir)
    window.mailing._look()
    notices = window.shell.toasts.notices
    hands.until(lambda: notices.unread == 1)
    assert notices.all[0].said == "Mail for erik"
    notices.mark_read()
    from cbo_desk.bell import for_me

    hands.until(lambda: own.read(for_me) == [])
    assert len(sqlite_office.signed_in(replace(own.actor, person_id=samir)).read(for_me)) == 1
    window.mailing._look()
    hands.until(lambda: not window.runner._walks.busy)
    assert notices.unread == 0


def test_who_may_not_look_at_the_settings_is_told_so(open_window, sqlite_office, qtbot):
    from dataclasses import replace

    own = sqlite_office.signed_in(replace(sqlite_office.actor, roles={"mail": Role.CLERK}))
    window = open_window(own, "mail")
    window.shell.go("settings", "messages")
    panel = window.shell.page().panels["messages"]
    assert "Not for your role" in words(panel)
    Hands(qtbot, window).until(lambda: not window.mailing._own.busy)
