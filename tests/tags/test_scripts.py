"""Names in their own script on tags and printed lists, on a computer that has no font for them."""

from __future__ import annotations

import random
import unicodedata

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from cbo_desk import typefaces
from cbo_desk.tabular import Column, write_table
from cbo_desk.tags import codes, lettering
from cbo_desk.tags.layout import TagLabel
from cbo_desk.tags.printing import make_tags
from cbo_desk.tags.stocks import stock

NAMES = {"arabic": "محمد علي", "chinese": "王小明", "traditional": "陳國華", "ethiopic": "አበበ ቢቂላ"}
every_name = pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)


@pytest.fixture(autouse=True)
def bare_computer(monkeypatch):
    """No font of the computer helps out."""
    monkeypatch.setattr(lettering, "_other_faces", lambda: ())
    lettering.runs.cache_clear()
    yield
    lettering.runs.cache_clear()


def letters_of(document):
    """The letters of a PDF as another program reads them, joined forms as plain letters."""
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return set(unicodedata.normalize("NFKC", text))


@every_name
def test_a_name_stands_on_a_tag_in_its_own_letters(tmp_path, name):
    code = codes.new_code(codes.Kind.BADGE, random.Random(1))
    out = tmp_path / "tags.pdf"
    report = make_tags([TagLabel(code, "100007", name, "UNEP")], stock("l7163"), out)
    assert not any("letters" in warning for warning in report.warnings)
    assert not lettering.missing(name)
    assert set(name) - {" "} <= letters_of(pypdfium2.PdfDocument(out))
    assert inked(pypdfium2.PdfDocument(out)) > inked_without(name, tmp_path, code)


def inked(document):
    """How many dots of a page are dark."""
    picture = document[0].render(scale=3).to_pil().convert("L")
    return sum(picture.histogram()[:128])


def inked_without(name, tmp_path, code):
    out = tmp_path / "plain.pdf"
    make_tags([TagLabel(code, "100007", "", "UNEP")], stock("l7163"), out)
    return inked(pypdfium2.PdfDocument(out))


@every_name
def test_a_name_stands_in_a_printed_list_in_its_own_letters(tmp_path, name):
    out = tmp_path / "list.pdf"
    write_table(out, [Column("No", "integer"), Column("Name")], [(1, name)])
    assert set(name) - {" "} <= letters_of(pypdfium2.PdfDocument(out))


@pytest.mark.parametrize("letter", ["م", "王", "አ"])
def test_the_shipped_faces_draw_something_of_their_own_for_a_letter(letter):
    def drawn(text):
        face = ImageFont.truetype(str(typefaces.path_of(typefaces.script_face(letter))), 60)
        picture = Image.new("L", (100, 100))
        ImageDraw.Draw(picture).text((10, 10), text, fill=255, font=face)
        return picture.tobytes()

    assert any(drawn(letter))
    assert drawn(letter) != drawn("\uffff")  # control: a letter that no font has is drawn as a box


def test_every_shipped_face_has_its_licence_beside_it():
    for face in typefaces.FOLDER.rglob("*.ttf"):
        licence = (face.parent / "OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in licence
        assert face.parent == typefaces.FOLDER or face.name in licence
