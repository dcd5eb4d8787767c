"""Messages reach a real mail server, each once, whatever breaks in between; in doubt a person is asked."""

from __future__ import annotations

import multiprocessing
import os
import signal
import ssl
import time
import warnings
from datetime import UTC, datetime, timedelta
from email.utils import formataddr

import pytest
from icalendar import Calendar
from sqlalchemy import text

from cbo_desk import notifications
from cbo_desk.changes import Changes
from cbo_desk.errors import Refusal
from cbo_desk.mail_server import KIND, MailServer, can_send, keep_password, mail_server, password_of, set_mail_server
from cbo_desk.notifications import MOST_TRIES, Paper, note_lost, outbox, send_again
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role, administrator, deed
from cbo_desk.secret import Secret
from cbo_desk.sending import Sender
from db.engine import open_engine
from tests.base.mail_host import mail_host, until

INVITATION = "\r\n".join(
    ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "METHOD:REQUEST", "BEGIN:VEVENT", "UID:b-1@cbo-desk",
     "SEQUENCE:0", "DTSTAMP:20261130T080000Z", "DTSTART:20261201T080000Z", "DTEND:20261201T090000Z",
     "SUMMARY:Budget committee · séance", "ORGANIZER:mailto:desk@cbo.example", "ATTENDEE:mailto:erik@un.example",
     "END:VEVENT", "END:VCALENDAR", ""]
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CBO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("CBO_MAIL_PASSWORD", raising=False)
    monkeypatch.delenv("CBO_MAIL_PASSWORD_FILE", raising=False)


@deed("people.tell", "tell people")
def tell(session, *names, **more):
    ids = [notifications.queue(session, f"{name}@un.example", "Mail for you", "Karibu", **more) for name in names]
    return Changes(notifications.KIND, tuple(ids), "Told.")


def serve(office, host, login="", security="none"):
    office.write(set_mail_server, MailServer("127.0.0.1", host.port, security, login, "Mailroom <desk@cbo.example>"))


def stand(office):
    return {message.to.partition("@")[0]: message.state for message in office.read(outbox)}


def test_a_message_arrives_as_it_was_written(sqlite_office):
    office = sqlite_office
    body = "Dear Ms Wanjirũ,\n\n.a line that begins with a dot\n..and one with two\n" + "long " * 300 + "\nEnd"
    sheet = Paper("Round 4, été.pdf", "application/pdf", b"%PDF-1.4\n" + bytes(range(256)) * 40)

    @deed("people.write_out", "write")
    def write_out(session):
        to = formataddr(("Wanjirũ, Alice", "alice@un.example"))
        more = {"calendar": INVITATION, "files": [sheet], "person_id": None}
        ident = notifications.queue(session, to, "Salle 4 · réservée", body, **more)
        return Changes(notifications.KIND, (ident,), "Written.")

    with mail_host() as host:
        serve(office, host)
        office.write(write_out)
        assert Sender(office).run().sent == 1
        assert Sender(office).run().sent == 0
    [mail] = host.taken
    [kept] = office.read(outbox)
    assert (kept.state, kept.tries, kept.trouble) == ("sent", 1, "")
    assert mail["Message-ID"] == kept.message_id
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Salle 4 · réservée", "auto-generated")
    assert str(mail["To"].addresses[0].display_name) == "Wanjirũ, Alice"
    assert mail["From"].addresses[0].addr_spec == "desk@cbo.example"
    words = mail.get_body(("plain",)).get_content()
    assert words.replace("\r\n", "\n").rstrip("\n") == body
    [invitation] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    assert invitation.get_content_charset() == "utf-8"
    [meeting] = Calendar.from_ical(invitation.get_payload(decode=True)).walk("VEVENT")
    assert str(meeting["SUMMARY"]) == "Budget committee · séance"
    [paper] = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content()) == ("Round 4, été.pdf", sheet.content)


def test_an_invitation_is_called_off_by_its_own_number(sqlite_office):
    """RFC 6047 and 5546: CANCEL with the same UID and a higher SEQUENCE, in the part's head as in the calendar."""
    called_off = INVITATION.replace("METHOD:REQUEST", "METHOD:CANCEL").replace("SEQUENCE:0", "SEQUENCE:1")
    called_off = called_off.replace("END:VEVENT", "STATUS:CANCELLED\r\nEND:VEVENT")
    with mail_host() as host:
        serve(sqlite_office, host)
        for calendar in (INVITATION, called_off):
            sqlite_office.write(tell, "erik", calendar=calendar)
        assert Sender(sqlite_office).run().sent == 2
    told = []
    for mail in host.taken:
        [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        whole = Calendar.from_ical(part.get_payload(decode=True))
        [event] = whole.walk("VEVENT")
        told.append((part.get_param("method"), str(whole["METHOD"]), str(event["UID"]), event["SEQUENCE"]))
    assert told == [("REQUEST", "REQUEST", "b-1@cbo-desk", 0), ("CANCEL", "CANCEL", "b-1@cbo-desk", 1)]


def test_an_invitation_written_before_mail_was_set_up_names_who_sends_it(sqlite_office):
    """RFC 5546, 3.2.2 and 3.2.5: every meeting of a message has an ORGANIZER; one that is there stays."""
    waiting = INVITATION.replace("ORGANIZER:mailto:desk@cbo.example\r\n", "")
    another = waiting[waiting.index("BEGIN:VEVENT") : waiting.index("END:VCALENDAR")]
    two = INVITATION.replace("desk@cbo.example", "room@un.example").replace("END:VCALENDAR", another + "END:VCALENDAR")
    for calendar in (waiting, two):
        sqlite_office.write(tell, "erik", calendar=calendar)
    assert Sender(sqlite_office).run().sent == 0
    with mail_host() as host:
        serve(sqlite_office, host)
        assert Sender(sqlite_office).run().sent == 2
    named = []
    for mail in host.taken:
        [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        events = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
        named.append([str(event["ORGANIZER"]) for event in events])
    assert named == [["mailto:desk@cbo.example"], ["mailto:room@un.example", "mailto:desk@cbo.example"]]


def test_what_the_server_does_not_take(sqlite_office, clock):
    office = sqlite_office
    with mail_host() as host:
        serve(office, host)
        host.refuse = {"gone@un.example": "550 no such mailbox", "full@un.example": "452 mailbox full"}
        office.write(tell, "gone", "full", "good")
        run = Sender(office).run()
        assert (run.sent, run.failed) == (1, 2)
        assert stand(office) == {"gone": "failed", "full": "waiting", "good": "sent"}
        words = {message.to[:4]: message.trouble for message in office.read(outbox)}
        assert words["gone"] == "The mail server says 550: no such mailbox."
        assert Sender(office).run().sent == 0, "it is not tried again at once"
        host.refuse = {}
        clock.now += timedelta(minutes=1)
        assert Sender(office).run().sent == 1
        assert stand(office)["full"] == "sent"
        assert set(host.counts.values()) == {1}


def test_a_server_that_is_away_touches_no_message(sqlite_office):
    office = sqlite_office
    with mail_host() as host:
        serve(office, host)
    office.write(tell, "a")
    sender = Sender(office)
    run = sender.run()
    assert run.trouble == "127.0.0.1 cannot be reached: connection refused."
    [message] = office.read(outbox)
    assert (message.state, message.tries) == ("waiting", 0), "days without a server use up no tries"
    assert sender.run() == run, "it waits before it knocks again"
    with mail_host() as again:
        serve(office, again)
        sender.try_again()
        assert sender.run().sent == 1


def test_an_answer_that_never_comes_is_asked_of_a_person(sqlite_office, monkeypatch):
    office = sqlite_office
    monkeypatch.setattr("cbo_desk.smtp.PATIENCE", 0.3)
    with mail_host() as host:
        serve(office, host)
        office.write(tell, "a", "b")

        def fall_silent(_message):
            import time

            time.sleep(0.8)

        host.answer = fall_silent
        run = Sender(office).run()
        assert run.failed == 1
        assert stand(office) == {"a": "failed", "b": "waiting"}
        [doubtful] = office.read(outbox, ("failed",))
        assert "It is not known whether this was sent" in doubtful.trouble
        host.answer = lambda _message: None
        until(lambda: len(host.taken) == 1)
        monkeypatch.setattr("cbo_desk.smtp.PATIENCE", 20)
        office.write(send_again, doubtful.id)
        assert Sender(office).run().sent == 2
    assert host.counts[doubtful.message_id] == 2, "only because a person asked for it, and under one message id"


def test_login_password_and_line(sqlite_office, tmp_path, monkeypatch):
    office = sqlite_office
    authority, server = certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with mail_host(login=("desk", "karibu sana"), starttls=context) as host:
            serve(office, host, "desk", "starttls")
            office.write(tell, "a")
            named = office.read(mail_server)
            assert not can_send(named)
            assert Sender(office).run().sent == 0
            keep_password(named, Secret("wrong"))
            assert "does not accept the login desk" in Sender(office).run().trouble
            keep_password(named, Secret("karibu sana"))
            assert Sender(office).run().sent == 1
        with mail_host(tls=context) as host:
            serve(office, host, "", "tls")
            office.write(tell, "b")
            assert Sender(office).run().sent == 1
            monkeypatch.delenv("SSL_CERT_FILE")
            office.write(tell, "c")
            assert "does not prove who it is" in Sender(office).run().trouble
    with mail_host() as host:  # it offers no STARTTLS: somebody on the way may have taken the offer out
        serve(office, host, "desk", "starttls")
        keep_password(office.read(mail_server), Secret("karibu sana"))
        assert "STARTTLS" in Sender(office).run().trouble.upper()
        assert host.taken == []
    file = tmp_path / "data" / "mail-password.json"
    assert file.stat().st_mode & 0o077 == 0
    with office.engine.connect() as connection:
        everything = " ".join(str(row) for table in ("audit_entry", "compound")
                              for row in connection.exec_driver_sql(f"SELECT * FROM {table}"))  # fmt: skip
    assert "desk@cbo.example" in everything
    assert "karibu sana" not in everything
    # A file that the system decrypts for this program goes before what was kept, and nothing falls back to that.
    given = tmp_path / "credential"
    given.write_text("karibu tena\n", encoding="utf-8")
    monkeypatch.setenv("CBO_MAIL_PASSWORD_FILE", str(given))
    assert password_of(named).reveal() == "karibu tena"
    given.unlink()
    assert password_of(named) is None
    monkeypatch.delenv("CBO_MAIL_PASSWORD_FILE")
    assert password_of(named).reveal() == "karibu sana"
    keep_password(named, None)
    assert password_of(named) is None


def certificates(folder):
    """An authority of our own and a certificate for this computer."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(made - timedelta(days=1)).not_valid_after(made + timedelta(days=1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    built = built.add_extension(alternative, critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    own = built.sign(key, hashes.SHA256())
    (folder / "own.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    return folder / "own.pem", (folder / "own.pem", folder / "key.pem")


def test_a_server_that_never_answers_holds_nobody_up(sqlite_office):
    """It takes the call and says nothing: whoever closes the window does not wait for it."""
    import socket
    import threading

    office = sqlite_office
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = MailServer("127.0.0.1", silent.getsockname()[1], "none", "", "desk@cbo.example")
        office.write(set_mail_server, server)
        office.write(tell, "a")
        sender = Sender(office)
        found = []
        thread = threading.Thread(target=lambda: found.append(sender.run()))
        thread.start()
        called, _address = silent.accept()
        time.sleep(0.1)
        begun = time.monotonic()
        sender.stop()
        thread.join(10)
        assert time.monotonic() - begun < 3
        called.close()
    assert found[0].sent == 0
    assert stand(office) == {"a": "waiting"}
    assert Sender(office).run().sent == 0


# --- Crashes and crowds ------------------------------------------------------------------------------------------


def run_once(url, clock, send):
    office = Office(open_engine(url), administrator("ada", "Ada", "DESK-2"), clock)
    send(office)
    office.close()


def send_well(office):
    Sender(office).run()


def send_badly(office):
    """What must not be done: take everything that is in hand as not sent."""
    with office.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            text(
                "UPDATE notification SET state = 'waiting', due_at = (SELECT min(due_at) FROM notification) "
                "WHERE state = 'sending'"
            )
        )
    Sender(office).run()


def killed_while_sending(office, engine_url, clock, host, send):
    """Let a sender be killed as the server has taken its second message; then let another one go on."""
    context = multiprocessing.get_context("fork")
    first = context.Process(target=run_once, args=(engine_url, clock, send))

    def kill(_message):
        if len(host.taken) == 2:
            os.kill(first.pid, signal.SIGKILL)
            time.sleep(0.1)  # it is gone before the answer goes out

    host.answer = kill
    first.start()
    first.join(60)
    assert first.exitcode == -signal.SIGKILL
    host.answer = lambda _message: None
    send(office)


@pytest.mark.parametrize("send", [send_well, send_badly])
def test_killed_between_sending_and_marking(office, engine_url, clock, send):
    with mail_host() as host:
        serve(office, host)
        office.write(tell, "a", "b", "c", "d")
        killed_while_sending(office, engine_url, clock, host, send)
    if send is send_badly:
        assert sorted(host.counts.values()) == [1, 1, 1, 2], "the control must see a message twice"
        return
    assert sorted(host.counts.values()) == [1, 1, 1, 1]
    assert stand(office) == {"a": "sent", "b": "sending", "c": "sent", "d": "sent"}, "none is lost, none goes twice"
    clock.now += notifications.LEASE + timedelta(seconds=1)
    assert Sender(office).run().sent == 0
    [asked] = office.read(outbox, ("failed",))
    assert asked.to.startswith("b")
    assert asked.trouble == notifications.UNKNOWN
    assert host.counts[asked.message_id] == 1


def test_killed_before_anything_went_out(office, engine_url, clock):
    """A sender that dies between claiming and sending leaves its one message to a person, and no other."""
    with mail_host() as host:
        serve(office, host)
        office.write(tell, "a", "b")
        office.write(notifications.claim, 1)
        assert Sender(office).run().sent == 1
        clock.now += notifications.LEASE + timedelta(seconds=1)
        Sender(office).run()
        assert stand(office) == {"a": "failed", "b": "sent"}
        [asked] = office.read(outbox, ("failed",))
        office.write(send_again, asked.id)
        assert Sender(office).run().sent == 1
    assert sorted(host.counts.values()) == [1, 1]


def test_several_workstations_never_send_the_same(office, engine_url, crowd, clock):
    with mail_host() as host:
        serve(office, host)
        office.write(tell, *(f"p{n}" for n in range(24)))

        def work(own, _n):
            own._clock = clock
            return Sender(own).run().sent

        sent = crowd(engine_url, 3, work)
    assert sum(sent) == 24
    assert sorted(host.counts.values()) == [1] * 24
    assert set(stand(office).values()) == {"sent"}


def test_a_slow_marking_after_somebody_was_asked_is_still_the_truth(office, clock):
    office.write(tell, "a")
    [ident] = office.write(notifications.claim).ids
    clock.now += notifications.LEASE + timedelta(seconds=1)
    office.write(note_lost)
    office.write(notifications.mark_sent, ident)
    assert stand(office) == {"a": "sent"}


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE notification SET state = 'waiting'", "notification_sent_once"),
        ("UPDATE notification SET sent_at = NULL", "notification_sent_once"),
        ("UPDATE notification SET body = 'other'", "notification_frozen"),
        ("UPDATE notification SET message_id = 'other'", "notification_frozen"),
        ("DELETE FROM notification", "append-only"),
        ("UPDATE notification_file SET content = name::bytea", "append-only"),
        ("DELETE FROM notification_file", "append-only"),
    ],
)
def test_the_database_lets_nobody_send_twice_or_rewrite(office, statement, word):
    office.write(tell, "a", files=[Paper("a.txt", "text/plain", b"x")])
    [ident] = office.write(notifications.claim).ids
    office.write(notifications.mark_sent, ident)
    sqlite = office.engine.dialect.name == "sqlite"
    with pytest.raises(Exception, match=word), office.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("name::bytea", "name") if sqlite else statement)


# --- Settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"host": ""}, "host"),
        ({"host": "smtp.example.org; rm"}, "host"),
        ({"host": "smtp.example.org\r\nX: y"}, "host"),
        ({"port": 0}, "port"),
        ({"port": 70_000}, "port"),
        ({"security": "maybe"}, "security"),
        ({"security": "none", "login": "ada"}, "security"),
        ({"login": "a\nb"}, "login"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "a@b.org, c@d.org"}, "sender"),
    ],
)
def test_a_wrong_setting_is_refused_beside_its_field(sqlite_office, wrong, field):
    good = {"host": "smtp.example.org", "port": 587, "security": "starttls", "login": "ada", "sender": "a@b.org"}
    with pytest.raises(Refusal) as refused:
        sqlite_office.write(set_mail_server, MailServer(**{**good, **wrong}))
    assert refused.value.field == field
    assert sqlite_office.read(mail_server) is None


def test_naming_the_server_is_audited_and_undone_and_for_administrators(sqlite_office):
    server = MailServer("smtp.example.org", 587, "starttls", "", "desk@cbo.example")
    done = sqlite_office.write(set_mail_server, server)
    assert done.kind == KIND
    assert sqlite_office.read(mail_server) == server
    sqlite_office.write(done.undo.command, *done.undo.args)
    assert sqlite_office.read(mail_server) is None
    clerk = sqlite_office.signed_in(Actor("c", "Clerk", {"settings": Role.SUPERVISOR}))
    with pytest.raises(Refusal, match="You may not name the mail server"):
        clerk.write(set_mail_server, server)


def test_waiting_goes_on_growing(sqlite_office, clock):
    with mail_host() as host:
        serve(sqlite_office, host)
        host.refuse = {"a@un.example": "451 come back later"}
        sqlite_office.write(tell, "a")
        waits = []
        for _ in range(MOST_TRIES):
            assert Sender(sqlite_office).run().failed == 1
            [message] = sqlite_office.read(outbox)
            waits.append(round((message.due_at - clock.now).total_seconds() / 60))
            clock.now = max(clock.now, message.due_at)
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert message.state == "failed"


@pytest.mark.parametrize("calendar", ["", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "METHOD:REQUEST"])
def test_an_invitation_that_no_program_understands(sqlite_office, calendar):
    with pytest.raises(Refusal, match="iCalendar text with its METHOD"):
        sqlite_office.write(tell, "a", calendar=calendar)


def test_papers_that_no_server_takes(sqlite_office):
    with pytest.raises(Refusal, match="10 MB together"):
        sqlite_office.write(tell, "a", files=[Paper("a.bin", "application/zip", bytes(10_000_001))])
    assert sqlite_office.read(outbox) == []
