"""Messages are sent from the command line too, for instance by a timer of the system, with the same rules."""

from __future__ import annotations

import pytest

from cbo_desk import notifications
from cbo_desk.changes import Changes
from cbo_desk.compound import open_office
from cbo_desk.context import clock, local
from cbo_desk.dated import set_value
from cbo_desk.mail_server import MailServer, set_mail_server
from cbo_desk.permissions import deed
from tests.base.mail_host import mail_host


@deed("people.tell_from_line", "tell people")
def tell(session, *names):
    ids = [notifications.queue(session, f"{name}@un.example", f"Mail for {name}", "Karibu") for name in names]
    return Changes(notifications.KIND, tuple(ids), "Told.")


@pytest.fixture
def office(either):
    office = open_office(either.url, check=False)
    office.write(set_value, "mail_tell_addressees", local(clock()).date(), "none", "", "ours")
    yield office
    office.close()


def test_what_waits_is_sent_a_line_each(either, office):
    run = either.order
    refused = run("send")
    assert refused.code == 1
    assert "No mail server is named yet" in refused.said
    with mail_host() as host:
        server = MailServer("127.0.0.1", host.port, "none", "", "desk@cbo.example")
        office.write(set_mail_server, server)
        office.write(tell, "a", "gone")
        host.refuse = {"gone@un.example": "550 no such mailbox"}
        done = run("send")
        assert done.code == 0
        assert [(line["to"], line["trouble"]) for line in done.lines] == [
            ("a@un.example", ""), ("gone@un.example", "The mail server says 550: no such mailbox.")
        ]  # fmt: skip
        assert run("send").lines == []
    office.write(tell, "b")
    away = run("send")
    assert away.code == 3
    assert "cannot be reached" in away.said
    assert "What was not sent waits." in away.said
    office.write(set_mail_server, MailServer("localhost", 1, "none", "desk", "desk@cbo.example"))
    unknown = run("send")
    assert unknown.code == 1
    assert "set CBO_MAIL_PASSWORD" in unknown.said
