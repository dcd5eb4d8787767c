"""The page of answers: figures of the period, bars that lead to the items behind them, a workbook with the same."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
from PySide6.QtCore import Qt

from cbo_desk.mail import Details, MailList, Taken, counting, deliver_items, receive_item
from tests.mail.codes import s10
from ui.kit.buttons import Button
from ui.kit.labels import Label
from ui.mail.answer_words import lasting


@pytest.fixture
def mail(clerk, sqlite_office, clock, monkeypatch):
    """Twelve items an hour apart, nine of them delivered after two hours each; the window has the test's clock."""
    monkeypatch.setattr("ui.mail.answers.clock", clock)
    begin = clock.now
    for n in range(12):
        clock.now = begin + timedelta(hours=n)
        details = Details(carrier="DHL Express" if n % 2 else "Posta Kenya")
        ident = sqlite_office.write(receive_item, s10(n) if n % 3 else "", details).ids[0]
        if n % 4:
            clock.now += timedelta(hours=2)
            sqlite_office.write(deliver_items, [ident], Taken("Erik", badge=True))
    clock.now = begin + timedelta(days=1)
    return clerk


def test_from_a_figure_to_the_items_and_into_a_workbook(mail, clerk, tmp_path, qtbot, sqlite_office):
    clerk.window.shell.actions_.run("mail.answers")
    clerk.still()
    page = clerk.page
    clerk.until(lambda: page.found is not None)
    assert page.found.total == 12
    assert [figure.text() for figure, _about in page._tiles] == ["12", "9", "2 h", "2 h", "2"]
    chart = page.charts["carrier"]
    assert chart.labels == ("DHL Express", "Posta Kenya")
    assert page.charts["time"].accessibleDescription().endswith("Ordinary, 0")
    page.write(tmp_path / "mail.xlsx")
    clerk.until(lambda: (tmp_path / "mail.xlsx").exists() and clerk.window.runner._jobs.busy == 0)
    book = openpyxl.load_workbook(tmp_path / "mail.xlsx")
    assert book.sheetnames == [
        "Summary",
        "By day",
        "By class",
        "By carrier",
        "By entity",
        "By hour",
        "Time to delivery",
    ]
    assert dict(book["Summary"].values)["Received"] == 12
    assert [row[0] for row in book["By carrier"].values] == ["Carrier", "DHL Express", "Posta Kenya"]
    # What the list itself holds, counted by hand, is what each sheet adds up to.
    rows = [line.row for line in sqlite_office.read(MailList().first)]
    for name, value in (("By carrier", lambda row: row.carrier), ("By class", lambda row: row.item_class.capitalize())):
        written = {line[0]: line[6] if name == "By carrier" else line[1] for line in list(book[name].values)[1:]}
        assert {one: count for one, count in written.items() if count} == dict(Counter(map(value, rows)))
    assert sum(sum(line[1:]) for line in list(book["By hour"].values)[1:]) == len(rows)
    assert sum(line[6] for line in list(book["By entity"].values)[1:]) == len(rows)
    delivered = sum(row.state == "delivered" for row in rows)
    assert sum(line[1] for line in list(book["Time to delivery"].values)[1:]) == delivered
    assert sum(row[6] for row in list(book["By day"].values)[1:]) == 12
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    clerk.until(lambda: chart.accessibleDescription().startswith("DHL Express: Registered, "))
    wanted = page.found.by_carrier[0][1][1]
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    clerk.still()
    clerk.until(lambda: clerk.page.list.model.rowCount() == wanted)
    assert clerk.page.views.in_words().startswith("Carrier DHL Express, Class Registered")


def test_a_period_without_mail_offers_a_longer_one(mail, clerk, qtbot, clock):
    clock.now += timedelta(days=200)
    clerk.window.shell.actions_.run("mail.answers")
    page = clerk.page
    clerk.until(lambda: page.found is not None)
    assert page._stack.currentWidget() is page._none
    page.tabs._buttons["365"].click()
    clerk.until(lambda: page.found.total == 12)
    assert page._stack.currentWidget() is page._card


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.2, "12 min"), (0.999, "1 h"), (3, "3 h"), (3.25, "3 h 15 min"), (24, "1 d"), (52.4, "2 d 4 h")],
)
def test_spans_in_words(qapp, hours, words):
    assert lasting(hours) == words


def test_counting_shows_how_far_it_is_and_can_be_stopped(mail, monkeypatch):
    clerk = mail
    gate, add = threading.Event(), counting.Counted.add

    def slow(counted, rows):
        add(counted, rows)
        gate.wait(20)

    clerk.window.shell.actions_.run("mail.answers")
    clerk.still()
    page = clerk.page
    assert page.found.total == 12
    monkeypatch.setattr(counting, "LOT", 2)
    monkeypatch.setattr(counting.Counted, "add", slow)
    page.choose_period("7")
    clerk.until(lambda: page.strip.isVisible())
    page.strip.cancel.click()
    gate.set()
    clerk.still()
    assert page.found is None
    assert "Counting was stopped" in [label.words() for label in page._none.findChildren(Label)]
    assert not page.strip.isVisible()
    [again] = [button for button in page._none.findChildren(Button) if button.isVisible()]
    again.click()
    clerk.until(lambda: page.found is not None and page.found.total == 12)
    assert page.strip.bar.maximum() == 12
    clerk.still()
