"""A serial scanner on a real pseudo terminal: pieces, glue, unplugging, plugging in again, and no thread left."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication

from cbo_desk.errors import Trouble
from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.framing import LONGEST, Overlong, Splitter
from ui.kit.scanning.serial_port import LONGEST_WAIT_S, SerialScanner
from ui.kit.scanning.settings import ScannerSettings

END = {"CR": "\r", "LF": "\n", "CRLF": "\r\n"}


class Line:
    """A scanner's cable: a pseudo terminal behind a name that stays when it is unplugged and plugged in again."""

    def __init__(self, path) -> None:
        self.path, self.master = path, -1

    def plug_in(self) -> None:
        self.master, slave = os.openpty()
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def send(self, data: bytes) -> None:
        os.write(self.master, data)

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        if self.master >= 0:
            os.close(self.master)
        self.master = -1


@pytest.fixture
def line(tmp_path):
    line = Line(tmp_path / "scanner")
    yield line
    line.unplug()


@pytest.fixture
def feed(qapp):
    return ScanFeed(now=lambda: datetime(2026, 8, 24, tzinfo=UTC))


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def open_scanner(feed, line, pauses):
    scanners = []

    def pause(end, seconds):
        pauses.append(seconds)
        return end.wait(0.002)

    def make(**changes):
        settings = ScannerSettings(serial_device=str(line.path), **changes)
        scanner = SerialScanner(feed, settings, pause=pause)
        scanner.troubles = []
        scanner.trouble.connect(scanner.troubles.append)
        scanners.append(scanner)
        return scanner

    yield make
    for scanner in scanners:
        scanner.stop()


def texts(feed):
    return [scan.text for scan in feed._line]


def connect(qtbot, scanner, line):
    line.plug_in()
    with qtbot.waitSignal(scanner.connected, timeout=5000):
        scanner.start()


def test_bytes_in_pieces_and_scans_glued_together(qtbot, open_scanner, line, feed):
    scanner = open_scanner()
    connect(qtbot, scanner, line)
    for piece in (b"INV-", b"203", b"91\r", b"INV-20392\r\nINV-20393\n", b"\x02INV-20394\x03\r"):
        line.send(piece)
    qtbot.waitUntil(lambda: feed.pending == 4, timeout=5000)
    assert texts(feed) == ["INV-20391", "INV-20392", "INV-20393", "INV-20394"]
    assert {scan.source for scan in feed._line} == {"serial"}
    assert scanner.troubles == []


def test_unplugged_and_plugged_in_again(qtbot, open_scanner, line, feed, pauses):
    scanner = open_scanner()
    connect(qtbot, scanner, line)
    line.send(b"A1\r")
    qtbot.waitUntil(lambda: feed.pending == 1, timeout=5000)
    line.unplug()
    qtbot.waitUntil(lambda: len(pauses) > 6, timeout=5000)
    assert len(scanner.troubles) == 1
    assert isinstance(scanner.troubles[0], Trouble)
    assert "does not answer" in str(scanner.troubles[0])
    assert pauses[:6] == [0.5, 1, 2, 4, LONGEST_WAIT_S, LONGEST_WAIT_S]
    with qtbot.waitSignal(scanner.connected, timeout=5000):
        line.plug_in()
    line.send(b"A2\r")
    qtbot.waitUntil(lambda: feed.pending == 2, timeout=5000)
    assert texts(feed) == ["A1", "A2"]
    line.unplug()
    qtbot.waitUntil(lambda: len(scanner.troubles) == 2, timeout=5000)


def test_half_a_scan_is_no_scan(qtbot, open_scanner, line, feed):
    scanner = open_scanner()
    connect(qtbot, scanner, line)
    line.send(b"INV-20391\rINV-2")
    qtbot.waitUntil(lambda: feed.pending == 1, timeout=5000)
    line.unplug()
    qtbot.waitUntil(lambda: len(scanner.troubles) == 1, timeout=5000)
    assert "middle of a scan" in str(scanner.troubles[0])
    assert texts(feed) == ["INV-20391"]


def test_a_scanner_that_is_not_there_is_waited_for(qtbot, open_scanner, line, feed):
    scanner = open_scanner()
    scanner.start()
    qtbot.waitUntil(lambda: len(scanner.troubles) == 1, timeout=5000)
    with qtbot.waitSignal(scanner.connected, timeout=5000):
        line.plug_in()


def test_a_port_in_use_is_said_so(qtbot, open_scanner, line):
    first, second = open_scanner(), open_scanner()
    connect(qtbot, first, line)
    second.start()
    qtbot.waitUntil(lambda: len(second.troubles) == 1, timeout=5000)
    assert "Another program uses" in str(second.troubles[0])


def test_the_thread_ends_and_can_start_again(qtbot, open_scanner, line, feed):
    scanner = open_scanner()
    for _ in range(3):
        connect(qtbot, scanner, line)
        assert scanner.running
        assert "serial scanner" in {thread.name for thread in threading.enumerate()}
        scanner.stop()
        assert not scanner.running
        assert "serial scanner" not in {thread.name for thread in threading.enumerate()}


def test_without_a_device_there_is_no_thread(feed):
    scanner = SerialScanner(feed, ScannerSettings())
    scanner.start()
    assert not scanner.running


def test_a_scanner_that_dies_with_its_window_leaves_no_thread(qtbot, feed, line, open_scanner):
    line.plug_in()
    scanner = SerialScanner(feed, ScannerSettings(serial_device=str(line.path)))
    with qtbot.waitSignal(scanner.connected, timeout=5000):
        scanner.start()
    thread = scanner._thread
    scanner.deleteLater()
    QCoreApplication.sendPostedEvents(None, 52)
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_five_hundred_scans_in_a_row(qtbot, open_scanner, line, feed):
    scanner = open_scanner(serial_suffix="CRLF")
    connect(qtbot, scanner, line)
    codes = [f"INV-{number:05}" for number in range(500)]
    for start in range(0, 500, 50):
        line.send("".join(code + "\r\n" for code in codes[start : start + 50]).encode())
    qtbot.waitUntil(lambda: feed.pending == 500, timeout=10_000)
    assert texts(feed) == codes


def test_noise_without_a_line_end_is_told(qtbot, open_scanner, line, feed):
    scanner = open_scanner()
    connect(qtbot, scanner, line)
    writer = threading.Thread(target=lambda: [line.send(b"x" * 1000) for _ in range(LONGEST // 1000 + 2)])
    writer.start()
    qtbot.waitUntil(lambda: len(scanner.troubles) == 1, timeout=10_000)
    writer.join()
    assert "without a line end" in str(scanner.troubles[0])


@given(
    st.lists(st.text("ABC123-", min_size=1, max_size=12), max_size=12),
    st.sampled_from(["any", "CR", "LF", "CRLF"]),
    st.sampled_from(["CR", "LF", "CRLF"]),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_however_bytes_are_cut_the_scans_are_the_same(codes, configured, sent, cuts):
    if configured not in ("any", sent) and not (configured == "CR" and sent == "CRLF"):
        configured = sent
    data = "".join(code + END[sent] for code in codes).encode()
    splitter, got, turn = Splitter(configured), [], 0
    while data:
        length = cuts[turn % len(cuts)]
        got += splitter.feed(data[:length])
        data, turn = data[length:], turn + 1
    assert got == codes
    assert splitter.unfinished <= 1


def test_encodings():
    assert Splitter("CR", "latin-1").feed("Né-1\r".encode("latin-1")) == ["Né-1"]
    assert Splitter("CR", "ascii").feed("Né-1\r".encode("latin-1")) == ["N\ufffd-1"]
    assert Splitter("CR").feed(b"0109506\x1d21A\r") == ["0109506\x1d21A"]


def test_too_much_without_an_end():
    splitter = Splitter()
    with pytest.raises(Overlong):
        splitter.feed(b"x" * (LONGEST + 1))
    assert splitter.feed(b"A1\r") == ["A1"]
    assert splitter.feed(b"x" * 10_000 + b"\r") == ["x" * 10_000]
