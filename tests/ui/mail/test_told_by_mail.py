"""From the counter to the addressee's mailbox: a real mail server, busy at first, and two windows that send."""

from __future__ import annotations

from datetime import timedelta

from cbo_desk.mail import item_card
from cbo_desk.mail_server import MailServer, set_mail_server
from cbo_desk.notifications import outbox
from tests.base.mail_host import mail_host
from tests.mail.codes import s10
from tests.ui.mail.conftest import Clerk

BODY = """Dear colleague,

the mailroom has for you:

- M-000001 · Posta Kenya RR000000014KE · registered · will be brought to you; it goes back to its sender on \
7 September 2026 unless you have it by then

Bring your badge if you collect it. You need not answer this message.
"""


def test_who_gets_mail_is_told_once(counter, sqlite_office, clock, open_window, tmp_path, monkeypatch):
    monkeypatch.setenv("CBO_DATA", str(tmp_path / "data"))
    office = sqlite_office

    def sent(window):
        window.mailing.send()
        counter.until(lambda: not window.mailing._own.busy)
        return [(message.state, message.tries) for message in office.read(outbox)]

    with mail_host() as host:
        office.write(set_mail_server, MailServer("127.0.0.1", host.port, "none", "", "Mailroom <desk@cbo.example>"))
        counter.scan(s10(1))
        for key in "ha1":
            counter.qtbot.keyClicks(counter.page.who.field, key)
        counter.until(lambda: counter.page.item.addressee == "Haddad, Samir")
        counter.still()
        assert sent(counter.window) == []  # the counter may still correct the name
        clock.now += timedelta(minutes=16)
        host.answer = lambda _message: "451 busy, try again later"
        assert sent(counter.window) == [("waiting", 1)]
        host.answer = lambda _message: None
        clock.now += timedelta(minutes=2)
        windows = [counter.window, open_window(office, "mail")]
        for window in windows:
            window.mailing.send()
        counter.until(lambda: [(one.state, one.tries) for one in office.read(outbox)] == [("sent", 2)])
        for window in windows:
            assert sent(window) == [("sent", 2)]
    [mail] = host.taken
    assert mail["Subject"] == "Mail for you: M-000001"
    assert mail["To"] == "Samir Haddad <samir@un.example>"
    assert mail.get_content().replace("\r\n", "\n") == BODY
    clerk = Clerk(counter.qtbot, windows[1])
    clerk.scan(office.read(item_card, counter.page.item.id).code)
    clerk.until(lambda: clerk.page.card.card is not None)
    assert [event.note for event in clerk.page.card.card.events][-1] == "told by mail: samir@un.example"
