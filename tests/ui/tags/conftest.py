"""A window on a compound with tagged assets and doors, and what every test of the print window needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PySide6.QtWidgets import QApplication

from cbo_desk.property import AssetForm, AssetList, receive_assets
from cbo_desk.tags import codes
from db.people import Entity
from db.places import Place
from db.tags import Tag
from tests.furnished import made_once
from tests.writing import insert
from ui.kit.drafts import Drafts
from ui.kit.preferences import LAST_DESK, Preferences
from ui.kit.theme import apply_theme
from ui.tags import print_box
from ui.tags.system_printers import Printers
from ui.window import Window

KIND = "property.asset"


@pytest.fixture
def qtbot(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Waits longer than usual: the computer may be busy with other tests."""
    monkeypatch.setattr(qtbot, "waitUntil", partial(qtbot.waitUntil, timeout=20_000))
    return qtbot


@pytest.fixture
def asset_ids(sqlite_office: Any) -> list[int]:
    """Thirty laptops with tags, and a tagged door."""
    return furnish(sqlite_office)


@made_once
def furnish(office: Any) -> list[int]:
    """Thirty laptops with tags, and a tagged door; the laptops' ids."""

    def fill(session: Any) -> int:
        unep = Entity(code="UNEP", name="Environment")
        door = Place(place_kind="room", code="C-204", name="Conference room")
        session.add_all([unep, door])
        session.flush()
        door.path = f"/{door.id}/"
        code = codes.new_code(codes.Kind.PLACE)
        session.add(Tag(code=code, ours=True, subject_kind="places.place", subject_id=door.id, made_at=office._now()))
        return int(unep.id)

    entity = insert(office, fill)
    numbers = [f"UNEP-{104870 + n}" for n in range(30)]
    office.write(receive_assets, AssetForm(entity, numbers[0], "Laptop, Dell Latitude 7440"), numbers)
    listing = AssetList(sort="inventory_no", descending=False)
    return list(office.read(listing.ids, 100))


@pytest.fixture
def open_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> Iterator[Callable[[Any], Window]]:
    """Opens the real window over an office at the property desk; this computer has no printers of its own."""
    apply_theme(qapp, "light", 1.0)
    monkeypatch.setattr(print_box, "find_printers", lambda: Printers((), ""))
    opened: list[Window] = []

    def make(office: Any) -> Window:
        preferences = Preferences(tmp_path / "preferences.ini")
        preferences.set(LAST_DESK, "property")
        window = Window(office, preferences)
        window.bench.drafts = Drafts(tmp_path / "drafts")
        window.show()
        opened.append(window)
        return window

    yield make
    for window in opened:
        window.close()


@pytest.fixture
def window(open_window: Callable[[Any], Window], sqlite_office: Any, asset_ids: list[int], qtbot: Any) -> Window:
    """The window with its register read."""
    window = open_window(sqlite_office)
    qtbot.waitUntil(lambda: window.shell.page().register.card.card is not None)
    return window


@pytest.fixture
def planned(qtbot: Any) -> Callable[..., Any]:
    """Waits until the print window has laid out `count` tags."""

    def wait(box: Any, count: int) -> Any:
        qtbot.waitUntil(lambda: box.planned and len(box.plan.labels if box.plan else ()) == count)
        return box.plan

    return wait


def read_pdf(path: Path, dpi: int = 300) -> list[dict[str, tuple[float, float]]]:
    """Every page's codes, each with the upper left corner of its symbol in mm, by an independent reader."""
    pages = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            picture = page.render(scale=dpi / 72, grayscale=True).to_pil()
            found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode, try_rotate=False)
            mm = 25.4 / dpi
            pages.append({one.text: (one.position.top_left.x * mm, one.position.top_left.y * mm) for one in found})
            page.close()
    return pages
