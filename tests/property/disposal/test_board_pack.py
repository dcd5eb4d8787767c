"""The board pack on paper: every thing with its photo and value, what was decided, and room to sign."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from PIL import Image

from cbo_desk.attachments import attach
from cbo_desk.property import KIND, receive_assets
from cbo_desk.property.disposal import (
    CASE,
    Decided,
    DecisionForm,
    open_case,
    record_decision,
    submit_case,
)
from cbo_desk.property.disposal.papers import write_board_pack
from tests.places_to_sign import places_to_sign
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]


def picture(colour, size=(300, 200)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def case(office, laptop):
    """Thirty laptops, two with a photo; a photo and the minutes on the case itself."""
    numbers = [f"L-{n:02}" for n in range(30)]
    ids = office.write(receive_assets, replace(laptop, serial="", condition="poor"), numbers).ids
    for ident, colour in zip(ids[:2], ("red", "blue"), strict=True):
        office.write(attach, KIND, ident, "photo.png", picture("grey"))
        office.write(attach, KIND, ident, "newer.png", picture(colour))
    made = office.write(open_case, laptop.entity_id, "Beyond repair: محمول", ids).ids[0]
    office.write(attach, CASE, made, "pile.png", picture("green", (64, 400)))
    office.write(attach, CASE, made, "minutes.pdf", b"%PDF-1.4 minutes")
    return made


def pages(path):
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    document.close()
    return texts, picture


def test_the_pack_before_and_after_the_decision(office, case, tmp_path):
    count = write_board_pack(office, case, tmp_path / "pack.pdf")
    texts, first = pages(tmp_path / "pack.pdf")
    assert len(texts) == count == 3
    assert places_to_sign(tmp_path / "pack.pdf") == [0, 0, 4]
    whole = "\n".join(texts)
    assert [number for n in range(30) if (number := f"L-{n:02}") not in whole] == []
    for words in ("Board pack", "50,520.00", "With papers: minutes.pdf", "Chairperson", "Traded in", "page 3"):
        assert words in whole, words
    colours = {first.getpixel((x, y)) for x in range(0, first.width, 3) for y in range(0, first.height, 3)}
    assert any(r > 200 and g < 80 and b < 80 for r, g, b in colours)  # the newest photo, not the grey one
    office.write(submit_case, case)
    form = DecisionForm(Decided.DEFERRED, "Survey Board", "LPSB/9", date(2026, 8, 24), "Ask for a second quote.")
    office.write(record_decision, case, form)
    write_board_pack(office, case, tmp_path / "later.pdf")
    later = "\n".join(pages(tmp_path / "later.pdf")[0])
    assert "Deferred by Survey Board on 24 August 2026, minutes LPSB/9" in later
    assert "Ask for a second quote." in later


def test_an_empty_case_has_a_pack_too(office, laptop, tmp_path):
    made = office.write(open_case, laptop.entity_id, "Nothing yet").ids[0]
    assert write_board_pack(office, made, tmp_path / "empty.pdf") == 1
