"""The print window as a person uses it, up to what comes out: read back by an independent reader."""

from __future__ import annotations

import io
import os
import socket
import threading
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from cbo_desk.attachments import attach
from cbo_desk.errors import Trouble
from cbo_desk.permissions import Actor, Role
from cbo_desk.property import asset_card, edit_asset
from cbo_desk.tags import (
    Queues,
    log_print,
    mark_cells,
    print_log,
    printed_tags,
    queues,
    save_printer,
    supplies,
    tags_of,
    used_cells,
    want_reprint,
)
from cbo_desk.tags.layout import Composer, TagLabel
from cbo_desk.tags.pdf import write_ruler_pdf
from cbo_desk.tags.printing import make_tags
from cbo_desk.tags.stocks import cells, stock
from tests.ui.tags.conftest import KIND, read_pdf
from ui.tags import print_box
from ui.tags.habits import PRINTERS, STOCKS
from ui.tags.print_window import open_print_log, open_print_window
from ui.tags.printing import to_file
from ui.tags.system_printers import Printers, draw_pages, print_on

Key = Qt.Key


def open_box(window, ids=(), kind=KIND):
    return open_print_window(window.bench, kind, list(ids))


def press(key, times=1):
    for _ in range(times):
        QTest.keyClick(QApplication.focusWidget(), key)


def give_file(qtbot, box, path):
    """Type a path into the file dialog and confirm it."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in box.findChildren(QFileDialog)))
    dialog = next(one for one in box.findChildren(QFileDialog) if one.isVisible())
    line = dialog.findChild(QLineEdit)
    line.setText(str(path))
    QTest.keyClick(line, Key.Key_Return)


def codes_of(office, ids, kind=KIND):
    return [line.code for line in office.read(tags_of, kind, list(ids))]


def printed(qtbot, window, count=1):
    qtbot.waitUntil(lambda: len(window.office.read(print_log)) == count)
    qtbot.waitUntil(lambda: window.shell._overlay is None)
    return window.office.read(print_log)[0]


# --- the main flow


def test_the_focus_waits_on_print_while_stocks_and_tags_arrive(window, qtbot, asset_ids, planned):
    box = open_box(window, asset_ids[:3])
    assert box.parts.print_button.hasFocus()
    planned(box, 3)
    assert box.parts.print_button.hasFocus()
    assert box.parts.print_button.isEnabled()


def test_p_on_a_card_then_enter_prints_by_keyboard_alone(window, qtbot, tmp_path):
    page = window.shell.page()
    card = page.register.card.card
    page.register.table.setFocus()
    press(Key.Key_P)
    qtbot.waitUntil(lambda: window.shell._overlay is not None)
    box = window.shell._overlay.box
    press(Key.Key_Return)
    give_file(qtbot, box, tmp_path / "one.pdf")
    job = printed(qtbot, window)
    assert (job.tags, job.output, job.by) == (1, "one.pdf", "ada")
    assert list(read_pdf(tmp_path / "one.pdf")[0]) == codes_of(window.office, [card.id])
    assert window.shell.toasts.now.notice.said == "1 tag printed on Avery L7651, cell 1."


def test_every_symbol_is_read_back_and_none_stands_on_a_used_cell(window, qtbot, asset_ids, planned, tmp_path):
    used = [1, 2, 3, 5, 8, 9, 13, 14, 21]
    window.office.write(mark_cells, "avery-l7651", used)
    box = open_box(window, asset_ids)
    plan = planned(box, 30)
    assert plan.start_at == 22
    box.parts.settings.start_box.setCurrentIndex(box.parts.settings.start_box.findData(4))
    box.parts.settings.start_box.activated.emit(0)
    plan = planned(box, 30)
    assert plan.start_at == 4
    box.deeds.save_as(".pdf")
    give_file(qtbot, box, tmp_path / "tags.pdf")
    job = printed(qtbot, window)
    (found,) = read_pdf(tmp_path / "tags.pdf")
    assert sorted(found) == sorted(codes_of(window.office, asset_ids))
    places = {one.tag.code: one.cell for one in window.office.read(printed_tags, job.id)}
    assert not set(places.values()) & {*used, *range(1, 4)}
    by_number = {cell.number: cell for cell in cells(stock("avery-l7651"))}
    for code, (x, y) in found.items():
        standing = [n for n, c in by_number.items() if c.x <= x <= c.x + c.width and c.y <= y <= c.y + c.height]
        assert standing == [places[code]]
    assert set(window.office.read(used_cells, "avery-l7651")) == {*used, *places.values()}
    assert window.office.read(queues, KIND).never_printed == 0


def test_copies_run_over_to_a_second_sheet_that_is_left_over(window, qtbot, asset_ids, planned, tmp_path):
    box = open_box(window, asset_ids)
    planned(box, 30)
    box.parts.settings.copies_box.setCurrentIndex(box.parts.settings.copies_box.findData(3))
    box.parts.settings.copies_box.activated.emit(0)
    planned(box, 90)
    assert box.parts.summary.words() == "30 tags, 90 labels on 2 sheets · 40 cells stay free on the last one"
    press(Key.Key_Return)
    give_file(qtbot, box, tmp_path / "copies.pdf")
    job = printed(qtbot, window)
    assert (job.tags, job.pages) == (30, 2)
    first, second = read_pdf(tmp_path / "copies.pdf")
    codes = codes_of(window.office, asset_ids)
    assert set(first) | set(second) == set(codes)
    spots = [(one.page, one.cell) for one in window.office.read(printed_tags, job.id)]
    assert spots == [(1, n) for n in range(1, 66)] + [(2, n) for n in range(1, 26)]
    assert window.office.read(used_cells, "avery-l7651") == tuple(range(1, 26))


def test_the_queues_are_filled_ticked_and_shrink_after_printing(window, qtbot, asset_ids, planned, tmp_path):
    office = window.office
    damaged = office.read(tags_of, KIND, asset_ids[:2])
    office.write(want_reprint, [line.tag_id for line in damaged])
    box = open_box(window)
    queue = box.parts.queue
    qtbot.waitUntil(lambda: queue.model.rowCount() == 30 and "30" in queue.tabs._buttons["fresh"].text())
    assert "2" in queue.tabs._buttons["again"].text()
    planned(box, 0)
    assert not box.parts.print_button.isEnabled()
    queue.list.setFocus()
    queue.list.setCurrentIndex(queue.model.index(0))
    press(Key.Key_Space)
    press(Key.Key_Down)
    press(Key.Key_Space)
    plan = planned(box, 2)
    assert [label.number for label in plan.labels] == ["UNEP-104870", "UNEP-104871"]
    press(Key.Key_Space)
    planned(box, 1)
    press(Key.Key_Return)
    give_file(qtbot, box, tmp_path / "first.pdf")
    printed(qtbot, window)
    assert office.read(queues, KIND) == Queues(29, 1)
    again = open_box(window)
    qtbot.waitUntil(lambda: "29" in again.parts.queue.tabs._buttons["fresh"].text())
    again.parts.queue.open_tab("again")
    qtbot.waitUntil(lambda: again.parts.queue.model.rowCount() == 1)
    office_line = again.parts.queue.model.lines[0]
    window.runner.write(want_reprint, [office_line.tag_id], False)  # another place of the same program
    qtbot.waitUntil(lambda: again.parts.queue.model.rowCount() == 0)
    assert again.parts.queue.states.state.heading.words() == "None damaged"


def test_a_delivery_is_added_whole(window, qtbot, planned):
    box = open_box(window)
    queue = box.parts.queue
    queue.open_tab("chosen")
    queue.add_button.click()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert "30 tags from UNEP-104870" in menu.actions()[0].text()
    menu.actions()[0].trigger()
    menu.close()
    planned(box, 30)
    queue.clear_button.click()
    planned(box, 0)


def test_escape_keeps_the_choice_and_a_print_ends_it(window, qtbot, asset_ids, planned, tmp_path):
    box = open_box(window, asset_ids[:5])
    planned(box, 5)
    box.choice.toggle(box.choice.lines()[2])
    planned(box, 4)
    press(Key.Key_Escape)
    qtbot.waitUntil(lambda: window.shell._overlay is None)
    box = open_box(window)
    planned(box, 4)
    assert len(box.choice.lines()) == 5
    box.deeds.print_now()
    give_file(qtbot, box, tmp_path / "kept.pdf")
    printed(qtbot, window)
    box = open_box(window)
    qtbot.waitUntil(lambda: box.parts.queue.model.rowCount() == 26)
    assert box.choice.lines() == []


# --- the sheet


def test_cells_are_marked_by_keys_and_mouse_remembered_and_taken_back(window, qtbot, asset_ids, planned):
    box = open_box(window, asset_ids[:3])
    planned(box, 3)
    picture = box.parts.stock.picture
    picture.setFocus()
    press(Key.Key_Space)
    press(Key.Key_Right)
    press(Key.Key_Space)
    press(Key.Key_Down)
    assert picture.accessibleDescription() == "Cell 7, row 2 column 2: free"
    qtbot.waitUntil(lambda: window.office.read(used_cells, "avery-l7651") == (1, 2))
    qtbot.waitUntil(lambda: box.plan is not None and box.plan.start_at == 3 and box.planned)
    middle = picture.place_of(40).center()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(round(middle.x()), round(middle.y())))
    qtbot.waitUntil(lambda: window.office.read(used_cells, "avery-l7651") == (1, 2, 40))
    qtbot.waitUntil(lambda: "3 used cells" in window.shell.toasts.now.notice.said)
    window.shell.toasts.undo()
    qtbot.waitUntil(lambda: window.office.read(used_cells, "avery-l7651") == (1, 2))
    qtbot.waitUntil(lambda: box.sheet.used == (1, 2) and not picture.is_used(40))


def test_another_stock_has_cells_of_its_own_and_is_remembered(window, qtbot, asset_ids, planned):
    window.office.write(mark_cells, "avery-l7163", [1, 2, 3])
    box = open_box(window, asset_ids[:3])
    planned(box, 3)
    box.parts.stock.box.setCurrentIndex(box.parts.stock.box.findData("avery-l7163"))
    box.parts.stock.box.activated.emit(0)
    qtbot.waitUntil(lambda: box.planned and box.plan.stock.name == "avery-l7163")
    assert box.plan.spots == ((1, 4), (1, 5), (1, 6))
    assert window.bench.preferences.entry(STOCKS, KIND) == "avery-l7163"
    assert not box.parts.zpl_button.isEnabled()


def test_a_stock_of_ones_own_is_described_faults_beside_their_fields(window, qtbot, asset_ids, planned):
    box = open_box(window, asset_ids[:1])
    planned(box, 1)
    box.deeds.new_stock()
    form = box.parts.panel.form
    form.editors["columns"].set_typed("9")
    form.editors["title"].set_typed("Our sheets")
    QTest.keyClick(form.editors["title"].input, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "leaves the page" in form._faults["columns"].words()
    form.editors["columns"].set_typed("4.5")
    box.parts.panel.save()
    assert "whole number" in form._faults["columns"].words()
    form.editors["columns"].set_typed("2")
    form.editors["title"].set_typed("Avery L7163")
    box.parts.panel.save()
    qtbot.waitUntil(lambda: "already" in form._faults["title"].words())
    form.editors["title"].set_typed("Our sheets")
    box.parts.panel.save()
    qtbot.waitUntil(lambda: "our-sheets" in window.office.read(supplies).own)
    qtbot.waitUntil(lambda: box.parts.panel is None and box.parts.stock.box.findData("our-sheets") >= 0)


# --- preview


def test_shortened_names_are_said_and_shown_and_the_preview_is_of_true_size(window, qtbot, asset_ids, planned):
    office = window.office
    card = office.read(asset_card, asset_ids[4])
    long = " ".join(["Refrigerator for vaccines with a lid of glass and a lock"] * 6)
    office.write(edit_asset, card.id, card.version, replace(card.form, description=long))
    box = open_box(window, asset_ids[:6])
    planned(box, 6)
    preview = box.parts.preview
    assert preview.warning.words() == "Name shortened on tag 5"
    preview.show_button.click()
    assert preview.place == 4
    assert "Tag 5 of 6 · UNEP-104874, cell 5" in preview.which.words()
    assert preview.symbol.words() == "Symbol 16.8 mm · 12 dots per module at 600 dpi"
    preview.sizes.chosen.emit("true")
    dots = preview.picture.screen().physicalDotsPerInch()
    assert preview.picture.scale() == pytest.approx(dots / 25.4)


def test_the_preview_is_read_back_as_the_tag_it_shows(window, qtbot, asset_ids, planned):
    box = open_box(window, asset_ids[:2])
    plan = planned(box, 2)
    shot = box.parts.preview.picture.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(shot.constBits(), np.uint8).reshape(shot.height(), shot.bytesPerLine())[:, : shot.width()]
    assert [one.text for one in zxingcpp.read_barcodes(pixels.copy())] == [plan.labels[0].code]


# --- printers


def test_zpl_goes_to_a_printers_port_over_a_real_connection(window, qtbot, asset_ids, planned):
    window.bench.preferences.set_entry(STOCKS, KIND, "zebra-50x25")
    got = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def printer():
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(4096):
                    got.append(data)

        thread = threading.Thread(target=printer)
        thread.start()
        box = open_box(window, asset_ids[:3])
        planned(box, 3)
        assert box.parts.zpl_button.isEnabled()
        box.parts.zpl_button.click()
        form = box.parts.panel.form
        form.editors["port"].set_typed("0")
        form.editors["host"].set_typed("127.0.0.1")
        box.parts.panel.save()
        assert "from 1 to 65535" in form._faults["port"].words()
        form.editors["port"].set_typed(str(server.getsockname()[1]))
        QTest.keyClick(form.editors["host"].input, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        job = printed(qtbot, window)
        thread.join(5)
    text = b"".join(got).decode()
    assert text.count("^XA") == 3
    assert job.stock == "zebra-50x25"
    assert window.office.read(used_cells, "zebra-50x25") == ()


def test_a_printer_that_is_away_is_trouble_with_try_again_and_nothing_is_logged(window, qtbot, asset_ids, planned):
    window.bench.preferences.set_entry(STOCKS, KIND, "zebra-50x25")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    box = open_box(window, asset_ids[:3])
    planned(box, 3)
    box.deeds.ask_zpl()
    form = box.parts.panel.form
    form.editors["host"].set_typed("127.0.0.1")
    form.editors["port"].set_typed(str(port))
    box.parts.panel.save()
    qtbot.waitUntil(lambda: form.notice.isVisibleTo(form))
    assert box.parts.panel is not None
    assert window.office.read(print_log) == []
    assert len(box.choice.ticked()) == 3


@pytest.fixture
def spooler(tmp_path, monkeypatch):
    """A real `lp` command that keeps what it is given, and fails for a printer named Broken."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "lp"
    script.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n[ "$2" = Broken ] && echo "lp: out of paper" >&2 && exit 1\n'
        f'for last; do :; done\ncp "$last" {tmp_path}/spooled\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def test_a_system_printer_gets_the_pdf_unscaled_and_moved_as_measured(
    window, qtbot, asset_ids, planned, spooler, monkeypatch
):
    monkeypatch.setattr(print_box, "find_printers", lambda: Printers(("HP LaserJet", "Broken"), "HP LaserJet"))
    window.office.write(save_printer, "HP LaserJet", 2.0, 1.0, 1.0)
    box = open_box(window, asset_ids[:4])
    qtbot.waitUntil(lambda: box.parts.settings.printer() == "HP LaserJet")
    planned(box, 4)
    assert box.parts.settings._measured.words() == "Measured 24 Aug 2026 by Ada Achieng"
    press(Key.Key_Return)
    job = printed(qtbot, window)
    assert job.output == "HP LaserJet"
    asked = (spooler / "asked").read_text()
    assert "-d HP LaserJet -o print-scaling=none -o media=A4" in asked
    (found,) = read_pdf(spooler / "spooled")
    plan_x = min(x for x, _y in found.values())
    first = cells(stock("avery-l7651"))[0]
    assert plan_x - first.x == pytest.approx(2.0 + _symbol_left(), abs=0.4)


def _symbol_left():
    composer = Composer(stock("avery-l7651"))
    return composer.symbol_x + 4 * composer.module


def test_a_printer_that_refuses_is_said_with_try_again_and_remembered_per_paper(
    window, qtbot, asset_ids, planned, spooler, monkeypatch
):
    monkeypatch.setattr(print_box, "find_printers", lambda: Printers(("Broken", "HP LaserJet"), ""))
    window.bench.preferences.set_entry(PRINTERS, "avery-l7651", "Broken")
    box = open_box(window, asset_ids[:1])
    qtbot.waitUntil(lambda: box.parts.settings.printer() == "Broken")
    planned(box, 1)
    box.deeds.print_now()
    qtbot.waitUntil(lambda: box.parts.notice.isVisible())
    assert window.office.read(print_log) == []
    settings = box.parts.settings
    settings.printer_box.setCurrentIndex(settings.printer_box.findData("HP LaserJet"))
    settings.printer_box.activated.emit(0)
    assert window.bench.preferences.entry(PRINTERS, "avery-l7651") == "HP LaserJet"
    press(Key.Key_Return)
    assert printed(qtbot, window).output == "HP LaserJet"


def test_pages_are_drawn_dot_for_dot_where_there_is_no_spooler(qapp, asset_ids, sqlite_office, tmp_path):
    lines = sqlite_office.read(tags_of, KIND, asset_ids)
    labels = [TagLabel(line.code, line.subject.number, line.subject.name) for line in lines]
    make_tags(labels, "avery-l7651", tmp_path / "tags.pdf")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "drawn.pdf"))
    printer.setResolution(300)
    told = []
    draw_pages(printer, tmp_path / "tags.pdf", stock("avery-l7651"), lambda done, of: told.append((done, of)))
    (drawn,), (meant,) = read_pdf(tmp_path / "drawn.pdf"), read_pdf(tmp_path / "tags.pdf")
    assert set(drawn) == {label.code for label in labels}
    for code, place in meant.items():
        assert drawn[code] == pytest.approx(place, abs=0.3)
    assert told == [(0, 1)]


def test_a_printer_that_is_gone_is_trouble(qapp, tmp_path):
    write_ruler_pdf(stock("avery-l7651"), tmp_path / "ruler.pdf")
    with pytest.raises(Trouble, match="not there any more"):
        print_on("No such printer", tmp_path / "ruler.pdf", stock("avery-l7651"), lambda done, of: None)


def test_the_ruler_page_is_printed_and_what_was_measured_entered(
    window, qtbot, asset_ids, planned, spooler, monkeypatch
):
    monkeypatch.setattr(print_box, "find_printers", lambda: Printers(("HP LaserJet",), "HP LaserJet"))
    box = open_box(window, asset_ids[:1])
    qtbot.waitUntil(lambda: box.parts.settings.printer() == "HP LaserJet")
    planned(box, 1)
    box.parts.settings.ruler_button.click()
    qtbot.waitUntil(lambda: (spooler / "spooled").exists() and box.deeds.under_way is None)
    assert window.office.read(print_log) == []
    box.parts.settings.measure_button.click()
    form = box.parts.panel.form
    for name, typed in (("left", "19.6"), ("top", "20.8"), ("length", "120")):
        form.editors[name].set_typed(typed)
    box.parts.panel.save()
    assert "fitted to the paper" in form._faults["length"].words()
    form.editors["length"].set_typed("169.5")
    box.parts.panel.save()
    qtbot.waitUntil(lambda: "HP LaserJet" in window.office.read(supplies).printers)
    found = window.office.read(supplies).printers["HP LaserJet"]
    assert (found.right_mm, found.up_mm) == (pytest.approx(0.4), pytest.approx(0.8))
    qtbot.waitUntil(lambda: box.parts.panel is None and box.parts.settings._figures[0].words() == "0.4 mm")


# --- log, places, rights


def test_the_log_tells_the_cells_and_prints_the_same_tags_again(window, qtbot, asset_ids, planned):
    office = window.office
    lines = office.read(tags_of, KIND, asset_ids[:3])
    placed = [(line.tag_id, 1, 40 + n) for n, line in enumerate(lines)]
    office.write(log_print, "avery-l7651", "HP LaserJet", placed, [40, 41, 42])
    box = open_print_log(window.bench, KIND)
    log = box.parts.panel
    qtbot.waitUntil(lambda: log.tags.count() == 3)
    assert "3 tags on avery-l7651 · HP LaserJet · ada" in log.prints.item(0).text()
    assert "page 1, cell 41" in log.tags.item(1).text()
    log.again_button.click()
    plan = planned(box, 3)
    assert box.parts.panel is None
    assert plan.start_at == 43


def test_doors_print_by_the_same_window(window, qtbot, planned, tmp_path):
    box = open_box(window, [1], "places.place")
    plan = planned(box, 1)
    assert plan.labels[0].number == "C-204"
    box.deeds.save_as(".png")
    give_file(qtbot, box, tmp_path / "door.png")
    printed(qtbot, window)
    assert (tmp_path / "door.png").stat().st_size > 1000


def test_a_folder_that_refuses_is_trouble_and_keeps_the_choice(window, qtbot, asset_ids, planned, tmp_path):
    box = open_box(window, asset_ids[:2])
    planned(box, 2)
    box.deeds.carry_out(to_file(tmp_path / "no such folder" / "tags.pdf"))
    qtbot.waitUntil(lambda: box.parts.notice.isVisible())
    assert window.office.read(print_log) == []
    assert len(box.choice.ticked()) == 2
    assert box.parts.print_button.isEnabled()
    assert box.parts.pdf_button.isEnabled()


def test_a_viewer_is_not_offered_to_print(open_window, sqlite_office, asset_ids, qtbot):
    roles = {"property": Role.VIEWER, "tags": Role.VIEWER}
    window = open_window(sqlite_office.signed_in(Actor("vic", "Vic", roles)))
    qtbot.waitUntil(lambda: window.shell.page().register.card.card is not None)
    known = {action.id for action in window.shell.actions_.all()}
    assert not known & {"property.print_tags", "property.print_tag", "property.print_log"}


# --- long work, trouble with the log, assistive technology


def test_a_long_print_is_stopped_and_nothing_of_it_is_logged(window, qtbot, asset_ids, planned):
    began = threading.Event()

    def endless(order, plan, tell):
        while True:
            began.set()
            tell(1, 2)

    box = open_box(window, asset_ids[:2])
    planned(box, 2)
    box.deeds.carry_out(endless)
    qtbot.waitUntil(began.is_set)
    qtbot.waitUntil(box.parts.strip.isVisible)
    box.parts.strip.cancel.click()
    qtbot.waitUntil(lambda: box.parts.notice.isVisible())
    assert window.office.read(print_log) == []
    assert len(box.choice.ticked()) == 2


def test_a_print_whose_log_fails_is_logged_later_without_printing_again(window, qtbot, asset_ids, planned, monkeypatch):
    printed_times = []
    box = open_box(window, asset_ids[:2])
    planned(box, 2)
    write, broken = window.office.write, [True]

    def write_or_not(command, *args):
        if command is log_print and broken:
            raise Trouble("The database did not answer.")
        return write(command, *args)

    monkeypatch.setattr(window.office, "write", write_or_not)
    box.deeds.carry_out(lambda order, plan, tell: printed_times.append(1) or "paper")
    qtbot.waitUntil(lambda: box.parts.notice.isVisible())
    broken.clear()
    link = box.parts.notice.findChild(QPushButton)
    assert link.text().endswith("Write it into the log")
    link.click()
    job = printed(qtbot, window)
    assert (job.tags, job.output, printed_times) == (2, "paper", [1])


def test_every_part_that_takes_the_focus_has_a_name_and_tab_reaches_it(window, qtbot, asset_ids, planned):
    box = open_box(window, asset_ids[:2])
    planned(box, 2)
    unnamed = [
        widget
        for widget in box.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert unnamed == []
    seen = set()
    for _ in range(60):
        press(Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    for wanted in (box.parts.queue.list, box.parts.stock.box, box.parts.stock.picture, box.parts.preview.picture):
        assert wanted in seen


def test_an_emblem_on_an_entitys_card_can_stand_on_its_labels(window, qtbot, asset_ids, planned, tmp_path):
    with window.office.engine.connect() as connection:
        entity = connection.exec_driver_sql("SELECT id FROM entity").scalar()
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), (0, 90, 160)).save(picture, "PNG")
    window.office.write(attach, "people.entity", entity, "Emblem of UNEP.png", picture.getvalue())
    box = open_box(window, asset_ids[:2])
    layouts = box.parts.settings.layout_box
    qtbot.waitUntil(lambda: layouts.findData("emblem,number,code") >= 0 and bool(box._emblems.files))
    layouts.setCurrentIndex(layouts.findData("emblem,number,code"))
    layouts.activated.emit(0)
    qtbot.waitUntil(lambda: box.planned and box.plan is not None and box.plan.composed[0].emblem is not None)
    colours = box.parts.preview.picture.grab().toImage()
    blue = QColor(0, 90, 160)
    assert any(colours.pixelColor(x, y) == blue for x in range(colours.width()) for y in range(0, colours.height(), 3))
    box.deeds.save_as(".pdf")
    give_file(qtbot, box, tmp_path / "emblem.pdf")
    printed(qtbot, window)
    assert sorted(read_pdf(tmp_path / "emblem.pdf")[0]) == sorted(codes_of(window.office, asset_ids[:2]))
    assert b"/Subtype /Image" in (tmp_path / "emblem.pdf").read_bytes()
