"""The import page, the register and a photo on a small screen with large letters: nothing that is needed is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from ui.kit.drawings import Photo
from ui.kit.theme import apply_theme, px

LINES = """Inventory no.,Entity,Description,Serial,Cost,Acquired,Place,Custodian
A-1,UNEP,Laptop Dell Latitude 7450 14 in,SN1,1684.00,2024-01-30,M-118,
A-2,UNEP,Chair,SN2,12o.00,2024-02-31,M-214,
A-3,WFP,Monitor,SN3,410.00,14/07/2024,M-214,Nobody Known
"""


@pytest.fixture
def narrow(page, qapp):
    """The import page at 1366 x 768 with letters at 125 %."""
    apply_theme(qapp, "light", 1.25)
    page.window().resize(1366, 768)
    yield page
    apply_theme(qapp, "light", 1.0)


def test_what_to_do_can_be_read_to_its_end(narrow, tmp_path, settled, qtbot):
    path = tmp_path / "register.csv"
    path.write_text(LINES, encoding="utf-8")
    narrow.take(path)
    settled(narrow)
    qtbot.waitUntil(lambda: len(narrow.faults.model.faults) >= 3)
    table = narrow.faults.table
    for _ in narrow.faults.model.faults:
        narrow.faults.go_on()
        fault = narrow.faults.fault()
        wide = table.fontMetrics().horizontalAdvance(fault.what_to_do)
        if wide > table.columnWidth(3) - px(20):
            assert narrow.faults.whole.isVisible()
            assert narrow.faults.whole.words() == fault.what_to_do
        else:
            assert not narrow.faults.whole.isVisible()
    preview = narrow.preview
    assert narrow.split.sizes()[1] <= narrow.split.width() * 0.36, "the card gives way to the rows"
    assert preview.width() > narrow.split.width() * 0.6


def test_the_register_keeps_the_place_beside_state_and_description(window, qapp, qtbot):
    register = window.shell.go("property").register
    register.states.show_content()
    apply_theme(qapp, "light", 1.25)
    window.shell.resize(1366, 768)
    header = register.table.horizontalHeader()
    keys = [column.look.key for column in register.model.columns]
    qtbot.waitUntil(lambda: not header.isSectionHidden(keys.index("place")))
    assert not header.isSectionHidden(keys.index("state"))
    apply_theme(qapp, "light", 1.0)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_the_icon_of_a_missing_photo_leaves_its_words_free(qapp, qtbot, scale):
    apply_theme(qapp, "light", scale)
    with_words, bare = Photo("monitor", "No photo yet"), Photo("monitor", "")
    pictures = []
    for photo in (with_words, bare):
        qtbot.addWidget(photo)
        photo.resize(200, 72)
        pictures.append(photo.grab().toImage().convertToFormat(QImage.Format.Format_RGB32))
    apply_theme(qapp, "light", 1.0)
    icon = rows_differing(pictures[1], pictures[1].pixel(20, 20))
    words = [y for y in range(72) if any(pictures[0].pixel(x, y) != pictures[1].pixel(x, y) for x in range(200))]
    assert icon
    assert words
    assert max(icon) < min(words)


def rows_differing(picture, ground):
    """The rows of a picture in whose middle anything but the ground stands."""
    return [y for y in range(4, 70) if any(picture.pixel(x, y) != ground for x in range(60, 140))]
