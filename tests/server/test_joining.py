"""A workstation joins the office's server in the window: by address, fingerprint and personal account."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from cbo_desk.compound import open_office
from cbo_desk.errors import Refusal, Trouble
from cbo_desk.server.certificates import make_certificate
from cbo_desk.server.joining import kept_certificate, split_server, trust, trusting
from tests.server.conftest import CLERKS, free_port, keep_own
from tests.ui.application.conftest import home, start  # noqa: F401 - fixtures
from ui.first_run.join import JoinBox
from ui.first_run.sign_in import SignInPage

pytestmark = pytest.mark.may_skip("a computer without PostgreSQL of its own cannot serve an office")


def fill(box, **values):
    for name, text in values.items():
        field = box.form.editors[name].input
        field.setFocus()
        QTest.keyClicks(field, text)


def joining(opening):
    QTest.keyClicks(opening.frame.top.field, "3")
    return opening.frame.findChildren(JoinBox)[0]


def test_joined_by_keys_alone(served, start, qtbot, home):  # noqa: F811
    keep_own(served)
    where = {"server": f"localhost:{served.cluster.port}", "database": "compound", "login": "ben"}
    opening = start(wait="first run")
    box = joining(opening)
    wrong = "AB" + served.made.fingerprint[2:] if not served.made.fingerprint.startswith("AB") else "CD:12"
    # An address at which nobody answers is said where it was typed, and Enter asks.
    fill(box, server=f"localhost:{free_port()}", database="compound", login="ben", password="not my word at all")
    fill(box, fingerprint=wrong)
    QTest.keyClick(box.form.editors["fingerprint"].input, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "No server answers at localhost" in said(box), timeout=20_000)
    assert box.form.editors["server"].input.hasFocus()
    qtbot.waitUntil(lambda: box.height() >= box.sizeHint().height())
    box.form.set_values({"server": where["server"]})
    QTest.keyClick(box.form.editors["server"].input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "another fingerprint" in said(box), timeout=20_000)
    assert "No server answers" not in said(box)
    assert not kept_certificate(where["server"]).exists()
    box.form.set_values({"fingerprint": ""})
    fill(box, fingerprint=served.made.fingerprint.lower())
    QTest.keyClick(box.join_button, Qt.Key.Key_Space)
    # The server is trusted; the password is wrong, and all but it is kept for the second try.
    qtbot.waitUntil(lambda: bool(opening.frame.findChildren(SignInPage)), timeout=20_000)
    [page] = opening.frame.findChildren(SignInPage)
    assert "refuses this name or password" in page.form._faults["password"].words()
    assert page.form.editors["login"].typed() == "ben"
    qtbot.waitUntil(page.password.hasFocus)
    QTest.keyClicks(page.password, CLERKS.reveal())
    QTest.keyClick(page.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opening.window is not None, timeout=30_000)
    assert opening.window.office.actor.name == "Ben Wafula"
    assert "sslmode=verify-full" in opening.url


def said(box):
    return " ".join(label.text() for label in box.findChildren(QLabel))


def test_what_is_trusted_is_asked_for_ever_after(served, home):  # noqa: F811
    server = f"localhost:{served.cluster.port}"
    url = f"postgresql://ben:{CLERKS.reveal().replace(' ', '%20')}@{server}/compound"
    assert trusting(url, server) == url
    with pytest.raises(Refusal, match="another fingerprint") as refused:
        trust(server, "12:34")
    assert refused.value.field == "fingerprint"
    path = trust(server, served.made.fingerprint)
    office = open_office(trusting(url, server))
    office.close()
    # Another server in its place shows another certificate.
    path.write_text(make_certificate(path.parent, ["localhost"]).pem)
    with pytest.raises(Refusal, match="does not show the certificate"):
        open_office(trusting(url, server))


def test_addresses_and_servers_that_are_none(home):  # noqa: F811
    assert split_server(" server.example ") == ("server.example", 5432)
    assert split_server("10.0.0.5:6000") == ("10.0.0.5", 6000)
    for wrong in ("server:", "server:x", "server:0", "server:70000"):
        with pytest.raises(Refusal, match="port"):
            split_server(wrong)
    with pytest.raises(Trouble, match="No server answers"):
        trust(f"localhost:{free_port()}", "12")
    assert "/" not in kept_certificate("../../etc:5").name
