"""Photos and papers: stored once, within limits, hostile ones refused, undone and put back, on both engines."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cbo_desk import attachments as papers
from cbo_desk import audit, file_types
from cbo_desk.dated import set_value
from cbo_desk.errors import Refusal
from cbo_desk.office import Office
from cbo_desk.permissions import Actor, Role
from tests.conftest import MORNING

KIND = "property.asset"


def picture(form="PNG", size=(900, 600), mode="RGB"):
    kept = io.BytesIO()
    Image.new(mode, size, 90 if mode in ("L", "P") else None).save(kept, form)
    return kept.getvalue()


def office_file(inside):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr(inside, "<x/>")
    return kept.getvalue()


def bomb(width, height):
    """A PNG that promises very many pixels in a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    parts = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


TYPES = {
    "image/jpeg": picture("JPEG"), "image/png": picture("PNG"), "image/gif": picture("GIF", mode="P"),
    "image/webp": picture("WEBP"), "application/pdf": b"%PDF-1.7\n%%EOF", "text/plain": "Karibu 😀\n".encode(),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office_file("word/document.xml"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office_file("xl/workbook.xml"),
}  # fmt: skip
FOREIGN = {
    "program": b"\x7fELF\x02\x01\x01", "windows program": b"MZ\x90\x00\x03", "zip": office_file("run.js"),
    "torn zip": b"PK\x03\x04" + b"\x00" * 40, "empty": b"", "binary": bytes(range(256)), "latin": "é".encode("latin-1"),
}  # fmt: skip


def add(office, content, name="", ident=1):
    name = name or ("note.txt" if file_types.media_type_of(content) == "text/plain" else "photo.png")
    return office.write(papers.attach, KIND, ident, name, content)


def listed(office, ident=1):
    return office.read(papers.attachments_of, KIND, ident)


@pytest.mark.parametrize("media", TYPES)
def test_what_is_kept(office, media):
    ident = add(office, TYPES[media]).ids[0]
    (row,) = listed(office)
    assert (row.media_type, row.size, row.made_by) == (media, len(TYPES[media]), "ada")
    assert office.read(papers.contents_of, ident).content == TYPES[media]
    small = office.read(papers.thumbnail_of, ident)
    assert row.has_thumbnail == (small is not None) == media.startswith("image/")
    if small:
        assert max(Image.open(io.BytesIO(small)).size) == papers.THUMBNAIL


def test_a_name_ends_as_what_it_is(office):
    """A computer opens a file by the end of its name, and runs some: what is kept never begins a program."""
    pdf, jpeg, text = TYPES["application/pdf"], TYPES["image/jpeg"], b"@echo off\r\nformat c:\r\n"
    names = {
        "front.JPG": (jpeg, "front.JPG"), "front.png": (jpeg, "front.jpg"), "invoice": (pdf, "invoice.pdf"),
        "invoice.pdf.exe": (pdf, "invoice.pdf.exe.pdf"), "bill.docx": (pdf, "bill.pdf"), ".pdf": (pdf, "pdf.pdf"),
        "setup.bat": (text, "setup.bat.txt"), "page.html": (text, "page.html.txt"), "list.CSV": (text, "list.CSV"),
        "x" * 200 + ".bat": (text, "x" * 112 + ".bat.txt"),
    }  # fmt: skip
    for record, (called, (content, kept)) in enumerate(names.items(), 1):
        add(office, content, called, record)
        [row] = listed(office, record)
        assert row.name == kept
        assert len(kept) <= 120


@pytest.mark.parametrize("name", ["label.png", "scan.JPEG", "invoice.pdf", "letter.docx", "list.xlsx"])
def test_text_that_is_called_something_else_is_refused_in_words(office, name):
    """What a camera or a web page left of a picture that did not come over is no picture, and no paper either."""
    with pytest.raises(Refusal) as refused:
        add(office, b"<p>404: the picture is gone</p>", name)
    stem, _, ending = name.partition(".")
    assert str(refused.value).startswith(f"{name} is called {ending.upper()} and holds only text: it was not copied")
    assert f"call it {stem}.txt" in str(refused.value)
    assert listed(office) == []


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_not(office, what):
    with pytest.raises(Refusal, match="of a type that is not kept here"):
        add(office, FOREIGN[what])
    assert listed(office) == []


@pytest.mark.parametrize("size", [(60_000, 60_000), (1_000_000, 101), (20_000, 6_000), (2**31 - 1, 2**31 - 1)])
def test_bombs_are_refused_by_their_promise(office, size):
    with pytest.raises(Refusal, match=r"million pixels|cannot be read as a picture"):
        add(office, bomb(*size))


def test_damaged_pictures_are_refused(office):
    for form in ("JPEG", "PNG", "WEBP"):
        good = picture(form, (64, 64))
        for cut in (12, len(good) // 2):
            with pytest.raises(Refusal, match="cannot be read as a picture"):
                add(office, good[:cut])


def test_the_same_content_is_kept_once(office):
    first, second = add(office, TYPES["image/png"]), add(office, TYPES["image/png"], "again.png", 2)
    with office.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM blob").scalar() == 1
    office.write(first.undo.command, *first.undo.args)
    assert office.write(papers.clear_unused).said.startswith("0 ")
    office.write(second.undo.command, *second.undo.args)
    assert office.read(papers.unused) == 1
    assert office.write(papers.clear_unused).said.startswith("1 ")


def test_the_same_content_is_on_a_record_once(office):
    off = office.write(papers.detach, add(office, TYPES["image/png"], "front.png").ids[0])
    add(office, TYPES["image/png"], "copy.png")
    with pytest.raises(Refusal, match=r"front.png is there already, as copy.png\."):
        office.write(off.undo.command, *off.undo.args)
    with pytest.raises(Refusal, match=r"^copy.png is there already\.$"):
        add(office, TYPES["image/png"], "copy.png")
    add(office, TYPES["image/jpeg"], "copy.jpg")
    assert [row.name for row in listed(office)] == ["copy.jpg", "copy.png"]


def test_undo_and_back(office):
    done = add(office, TYPES["application/pdf"], "C:\\scans\\Bill\u202efdp.exe.pdf")
    assert done.also == {KIND: (1,)}
    assert listed(office)[0].name == "Billfdp.exe.pdf"
    off = office.write(done.undo.command, *done.undo.args)
    assert listed(office) == []
    office.write(off.undo.command, *off.undo.args)
    assert listed(office)[0].name == "Billfdp.exe.pdf"
    office.write(papers.detach, listed(office)[0].id)
    office.write(papers.clear_unused)
    with pytest.raises(Refusal, match="contents are gone"):
        office.write(off.undo.command, *off.undo.args)
    with pytest.raises(Refusal, match="no longer there"):
        office.write(papers.detach, 99)


def test_the_limit_is_a_setting_of_its_day(office, clock):
    large = b"x" * 1_500_000
    office.write(set_value, papers.LIMIT.name, MORNING.date(), 1)
    with pytest.raises(Refusal, match="larger than 1 MB"):
        add(office, large, "log.txt")
    office.write(set_value, papers.LIMIT.name, MORNING.date(), 2)
    add(office, large, "log.txt")


def test_the_bytes_are_not_in_the_audit(office):
    add(office, b"secret letter" * 1000, "letter.txt")
    with office.engine.connect() as connection:
        args = str(connection.exec_driver_sql("SELECT args FROM audit_entry").scalar())
    assert "secret letter" not in args
    assert "13000 bytes, sha256" in args
    assert office.read(audit.verify).bad_seq is None


def test_who_may(engine, office, clock):
    ident = add(office, TYPES["text/plain"]).ids[0]
    viewer = Office(engine, Actor("vera", "Vera", {"people": Role.VIEWER, "property": Role.VIEWER}), clock)
    assert len(listed(viewer)) == 1
    assert not papers.may_attach(viewer.actor, KIND)
    for command, *args in ((papers.attach, KIND, 1, "a.txt", b"x"), (papers.detach, ident)):
        with pytest.raises(Refusal, match="role clerk on the Property desk"):
            viewer.write(command, *args)
    stranger = Office(engine, Actor("sam", "Sam", {"people": Role.ADMINISTRATOR}), clock)
    with pytest.raises(Refusal, match="You may not look at this"):
        stranger.read(papers.contents_of, ident)


@given(st.text())
def test_every_name_is_tidied(name):
    tidy = file_types.tidy_name(name)
    assert 0 < len(tidy) <= 120
    assert not set(tidy) & set('/\\<>:"|?*\x00\u202e')
    tidy.encode()


@given(st.binary(max_size=400))
def test_any_bytes_have_a_type_or_none(content):
    file_types.media_type_of(content)
    file_types.media_type_of(b"PK\x03\x04" + content)
