"""Whatever an order is given, it answers with a sentence and an exit code, and nothing half done is kept."""

from __future__ import annotations

import ctypes
import io
import os
import resource
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from db.engine import sqlite_module
from tests.cli.conftest import ASSETS, Desk, run

DONE, REFUSED, USAGE, TROUBLE = range(4)


@pytest.fixture
def whole(desk):
    """The desk; after the test, its register and its folder are as they were before."""
    before = contents(desk)
    yield desk
    assert contents(desk) == before


def contents(desk):
    tables = ("asset", "asset_event", "person", "place", "tag", "audit_entry", "print_job")
    return desk.ask_all(*(f"SELECT * FROM {table}" for table in tables))


def is_a_sentence(said):
    """Plain words: they end with a stop and show nothing of our own insides."""
    last = said.splitlines()[-1]
    strange = ("Error", "Traceback", "Exception", "sqlite3", "psycopg", "sqlalchemy", "None", "errno", "Errno")
    return last[-1] in ".?" and not any(word in said for word in strange)


# --- Files to read -----------------------------------------------------------------------------------------------


def zip_bomb() -> bytes:
    """A small workbook whose sheet unpacks to 300 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", WORKBOOK)
        book.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData><row><c t='inlineStr'><is><t>")
            for _ in range(30):
                sheet.write(b"A" * 10_000_000)
    return made.getvalue()


WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="worksheets/sheet1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)
HOSTILE = {
    "empty.csv": b"",
    "blank.csv": b"\n\n \n",
    "header.csv": b"Inventory no.,Entity,Description\n",
    "zeros.csv": bytes(10_000),
    "binary.csv": bytes(range(256)) * 40,
    "program.csv": b"\x7fELF" + bytes(500),
    "picture.csv": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "torn.xlsx": b"PK\x03\x04" + bytes(500),
    "notzip.xlsx": b"Inventory no.,Entity\n",
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "page.csv": b"<!DOCTYPE html><html><table><tr><td>A</td></tr></table></html>",
    "oneline.csv": b"x" * 10_000_000,
    "wide.csv": b"a," * 100_000 + b"\n" + b"1," * 100_000 + b"\n",
    "quote.csv": b'Inventory no.,Entity,Description\n"never closed,' + b"x,\n" * 50_000,
    "other.csv": b"Fruit,Colour\nApple,Red\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_register(whole, name):
    told = whole.order("import", "assets", whole.file(name, HOSTILE[name]))
    if name in ("header.csv", "notzip.xlsx"):
        assert (told.code, list(told.lines[-1].values())) == (DONE, [0, 0, 0, 0])
        return
    assert told.code in (REFUSED, TROUBLE), told
    if told.lines:  # a table of sorts: its rows are refused one by one
        assert told.lines[-1]["refused"] > 0
    else:
        assert is_a_sentence(told.said), told.said
    assert len(told.said) < 500


def test_a_zip_bomb_is_refused_before_it_unpacks(whole):
    file = whole.file("bomb.xlsx", zip_bomb())
    tracemalloc.start()
    told = whole.order("import", "assets", file)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.code == REFUSED
    assert is_a_sentence(told.said)
    assert most < 100_000_000


@pytest.mark.parametrize("words", [("import", "assets"), ("read",), ("restore",), ("tags", "--stock", "L7651",
                                   "--out", "x.pdf", "--codes")], ids=lambda words: words[0])  # fmt: skip
@pytest.mark.parametrize("name", ["missing.csv", "folder", "a\x00b", "C:\\Users\\ada\\register.csv", "x" * 5000, ""])
def test_a_file_that_cannot_be_read(whole, words, name):
    (whole.folder / "folder").mkdir()
    told = whole.order(*words, str(whole.folder / "folder") if name == "folder" else name)
    assert (told.code, told.lines) == (REFUSED, [])
    assert is_a_sentence(told.said), told.said


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ('{"columns": {"Inventory no.": "colour"}}', "There is no field “colour”"),
        ('{"columns": {"Fruit": "inventory_no"}}', "The file has no column “Fruit”"),
        ('{"columns": 5}', "must hold lines"),
        ('{"fruit": {}}', "means nothing"),
        ("[1", "neither JSON nor TOML"),
        ('{"columns": ' * 5000, "neither JSON nor TOML"),
        (b"\xff\xfe\x00", "neither JSON nor TOML"),
    ],
)
def test_a_mapping_that_cannot_be_used(whole, mapping, said):
    file = whole.file("a.csv", "Inventory no.,Entity,Description\nA-1,WFP,Thing\n")
    told = whole.order("import", "assets", file, "--map", whole.file("map", mapping))
    assert told.code == REFUSED
    assert said in told.said


@pytest.mark.parametrize("words", [("--encoding", "klingon"), ("--encoding", "rot13"), ("--sheet", "Nowhere")])
def test_options_that_do_not_fit(whole, words):
    file = whole.file("a.csv", "Inventory no.,Entity,Description\nA-1,NOBODY,Thing\n")
    told = whole.order("import", "assets", file, *words)
    assert told.code == REFUSED, told


def test_pictures_without_a_code(whole):
    from PIL import Image

    white = whole.folder / "white.png"
    Image.new("L", (400, 400), 255).save(white)
    told = whole.order("read", str(white))
    assert (told.code, told.lines, told.said) == (REFUSED, [], "There is no code in white.png.")
    text = whole.order("read", whole.file("text.png", "I am no picture"))
    assert (text.code, text.lines) == (REFUSED, [])
    assert "text.png is not an image" in text.said


def test_one_picture_without_a_code_does_not_hide_the_others(desk):
    from PIL import Image

    desk.order("tags", "--query", "laptop", "--stock", "zebra-50x25", "--out", str(desk.folder / "t.png"))
    white = desk.folder / "white.png"
    Image.new("L", (400, 400), 255).save(white)
    told = desk.order("read", str(white), str(desk.folder / "t.png"))
    assert (told.code, len(told.lines), told.said) == (REFUSED, 1, "There is no code in white.png.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stock", "avery-l7652", "--out", "t.pdf"), "Is it Avery L7651"),
        (("--stock", "", "--out", "t.pdf"), "There is no label stock"),
        (("--stock", "L7651", "--start-at", "66", "--out", "t.pdf"), "from 1 to 65"),
        (("--stock", "L7651", "--start-at", "0", "--out", "t.pdf"), "from 1 to 65"),
        (("--stock", "zebra-50x25", "--start-at", "2", "--out", "t.zpl"), "one cell"),
        (("--stock", "L7651", "--out", "t.docx"), "pdf"),
        (("--stock", "L7651", "--out", "t"), "pdf"),
        (("--stock", "L7651", "--query", "zzqqxx", "--out", "t.pdf"), "No asset holds the words zzqqxx"),
        (("--stock", "L7651", "--codes", "codes.txt", "--out", "t.pdf"), "2 of 3 lines open no single record"),
        (("--stock", "L7651", "--codes", "binary", "--out", "t.pdf"), "no list of codes"),
        (("--stock", "L7651", "--codes", "blank", "--out", "t.pdf"), "holds no code"),
    ],
)
def test_tags_that_cannot_be_printed(whole, monkeypatch, words, said):
    monkeypatch.chdir(whole.folder)
    number = whole.ask("SELECT inventory_no FROM asset LIMIT 1")[0][0]
    whole.file("codes.txt", f"{number}\nNO-SUCH-1\n'; DROP TABLE asset; --\n")
    whole.file("binary", bytes(range(256)))
    whole.file("blank", "\n \n")
    told = whole.order("tags", *words)
    assert (told.code, told.lines) == (REFUSED, [])
    assert said in told.said
    assert whole.left() == {"codes.txt", "binary", "blank"}


def test_tags_into_a_folder_that_is_not_there(whole):
    told = whole.order("tags", "--stock", "L7651", "--out", str(whole.folder / "no" / "t.pdf"))
    assert (told.code, told.lines) == (REFUSED, [])
    assert whole.left() == set()


@pytest.mark.parametrize("name", ["list.docx", "list", "no/list.csv"])
def test_exports_that_cannot_be_written(whole, name):
    told = whole.order("export", "assets", str(whole.folder / name))
    assert told.code == REFUSED
    assert is_a_sentence(told.said)
    assert whole.left() == set()


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",), ("import",), ("import", "cars", "x.csv"), ("tags",), ("find",), ("identify",), ("read",),
        ("demo", "--scale", "many"), ("demo", "--scale", "0"), ("demo", "--scale", "nan"), ("demo", "--scale", "1e9"),
        ("tags", "--stock", "L7651", "--out", "t.pdf", "--start-at", "first"),
        ("tags", "--stock", "L7651", "--out", "t.pdf", "--codes", "a", "--query", "b"),
        ("export", "assets", "a.csv", "--shout"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage(whole, words):
    from cbo_desk.cli import parse

    with pytest.raises(SystemExit) as ended:
        parse(["--database", whole.url, *words])
    assert ended.value.code == USAGE
    told = whole.capture.readouterr()
    assert told.out == ""
    assert told.err.startswith("usage: main.py")
    assert is_a_sentence(told.err.strip())


# --- Databases ---------------------------------------------------------------------------------------------------

COMMANDS = [("find", "laptop"), ("check",), ("export", "assets", "x.csv"), ("backup", "x.backup"),
            ("import", "assets", "a.csv"), ("tags", "--stock", "L7651", "--out", "t.pdf")]  # fmt: skip


@pytest.fixture(params=COMMANDS, ids=lambda words: words[0])
def words(request, home, monkeypatch):
    """A command that needs a database, in a folder of its own."""
    monkeypatch.chdir(home)
    (home / "a.csv").write_text("Inventory no.,Entity,Description\nA-1,WFP,Thing\n")
    return request.param


def test_no_database(home, words, capsys):
    told = Desk("nowhere.db", home, capsys).order(*words)
    assert (told.code, told.lines) == (REFUSED, [])
    assert told.said == "There is no database at nowhere.db. Make one with: main.py init NAME, or open the window."
    assert not (home / "nowhere.db").exists()


@pytest.mark.parametrize("url", ["foo://bar", "://", "mysql://a/b", "postgresql://a:b:c/x", "\\\\server\\share\\c.db",
                                 "C:\\data\\compound.db", "sqlite://", ".", ""])  # fmt: skip
def test_an_address_that_is_none(desk, url):
    desk.url = url
    told = desk.order("find", "laptop")
    assert told.code in (REFUSED, TROUBLE), told
    assert is_a_sentence(told.said), told.said
    assert desk.left() == set()


def test_a_file_that_is_no_database(desk, words):
    desk.url = desk.file("letter.db", b"Dear Sir or Madam, " * 1000)
    told = desk.order(*words)
    assert (told.code, told.lines) == (REFUSED, [])
    assert told.said == "letter.db is not a CBO Desk database."
    assert (desk.folder / "letter.db").read_bytes() == b"Dear Sir or Madam, " * 1000


def test_a_database_of_another_program(desk, words):
    desk.url = str(desk.folder / "music.db")
    with sqlite_module().connect(desk.url) as connection:
        connection.execute("CREATE TABLE album (id INTEGER)")
    connection.close()
    told = desk.order(*words)
    assert (told.code, told.lines) == (REFUSED, [])
    assert "belongs to another program (it holds album)" in told.said
    assert desk.ask("SELECT name FROM sqlite_master") == [("album",)]


def test_a_database_of_a_newer_version(either, monkeypatch):
    monkeypatch.chdir(either.folder)
    either.ask("UPDATE alembic_version SET version_num = '9999'")
    for words in COMMANDS:
        told = either.order(*words)
        assert (told.code, told.lines) == (REFUSED, [])
        assert "made by a newer CBO Desk (schema 9999)" in told.said
    doctor = either.order("doctor")
    assert doctor.code == REFUSED
    assert any("newer CBO Desk" in line["found"] for line in doctor.lines)
    assert either.rows() == ASSETS


def test_a_schema_that_is_not_whole(either):
    table = " ON audit_entry" if either.url.startswith("postgresql") else ""
    trigger = "append_only" if table else "no_update"
    either.ask(f"DROP TRIGGER tr_audit_entry_{trigger}{table}")
    told = either.order("find", "laptop")
    assert told.code == REFUSED
    assert "not whole" in told.said
    checked = either.order("check")
    assert checked.code == REFUSED
    assert f"tr_audit_entry_{trigger} is missing." in [line["found"] for line in checked.lines if not line["ok"]]


def test_a_damaged_database(desk, monkeypatch):
    """Whole pages in the middle are lost: no command shows a traceback, check and doctor say so, backup makes none."""
    monkeypatch.chdir(desk.folder)
    path = Path(desk.url)
    data = bytearray(path.read_bytes())
    size = 4096
    for page in range(8, len(data) // size, 2):
        data[page * size : (page + 1) * size] = b"\xa5" * size
    path.write_bytes(data)
    (desk.folder / "a.csv").write_text("Inventory no.,Entity,Description\nA-1,WFP,Thing\n")
    for words in COMMANDS:
        told = desk.order(*words)
        assert told.code in (REFUSED, TROUBLE), (words, told)
        assert is_a_sentence(told.said) or words == ("check",), told.said
    assert not list(desk.folder.glob("*x.*"))
    assert desk.order("doctor").code in (DONE, REFUSED)


@pytest.fixture
def plain_rights():
    """What makes a program obey the rights of files even where root runs the tests: its privilege is given up."""
    if os.geteuid() != 0:
        return list

    def give_up():
        library = ctypes.CDLL(None, use_errno=True)
        version_and_process = (ctypes.c_uint32 * 2)(0x20080522, 0)
        held = (ctypes.c_uint32 * 6)()
        assert library.capget(version_and_process, held) == 0
        for kind in range(3):  # effective, permitted, inheritable
            held[kind] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        assert library.capset(version_and_process, held) == 0

    return give_up


def test_a_database_that_may_only_be_read(whole, plain_rights):
    """SQLite needs room for its log beside the file, so that no command goes on."""
    path = Path(whole.url)
    file = whole.file("a.csv", "Inventory no.,Entity,Description\nA-1,WFP,Thing\n")
    path.chmod(0o444)
    whole.folder.chmod(0o555)
    try:
        found = whole.fork("find", "laptop", first=plain_rights)
        brought = whole.fork("import", "assets", file, first=plain_rights)
        printed = whole.fork("tags", "--stock", "L7651", "--out", "/dev/shm/cbo-t.pdf", first=plain_rights)
    finally:
        whole.folder.chmod(0o755)
        path.chmod(0o644)
    for told in (found, brought, printed):
        assert (told.code, told.lines) == (TROUBLE, []), told
        assert is_a_sentence(told.said), told.said
    assert not Path("/dev/shm/cbo-t.pdf").exists()


def test_a_file_and_a_folder_that_may_not_be_used(desk, plain_rights):
    locked = desk.folder / "locked"
    locked.mkdir()
    secret = Path(desk.file("secret.csv", "Inventory no.,Entity,Description\nA-1,WFP,Thing\n"))
    secret.chmod(0)
    locked.chmod(0o555)
    orders = [
        ("import", "assets", "secret.csv"),
        ("export", "assets", "locked/a.csv"),
        ("backup", "locked/a.backup"),
        ("tags", "--stock", "L7651", "--out", "locked/t.pdf"),
    ]
    before = contents(desk)
    for order in orders:
        told = desk.fork(*order, first=plain_rights)
        assert (told.code, told.lines) == (TROUBLE, []), order
        assert is_a_sentence(told.said), told.said
    new = Desk("locked/new.db", desk.folder, desk.capture).fork("demo", first=plain_rights)
    assert new.code == TROUBLE
    locked.chmod(0o755)
    assert list(locked.iterdir()) == []
    assert contents(desk) == before


def full_disk(size):
    """What lets a program write files of at most so many bytes: the disk is full from there on."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk(desk):
    before = contents(desk)
    entity = desk.ask("SELECT code FROM entity LIMIT 1")[0][0]
    rows = "".join(f"NEW-{n},{entity},A thing with a rather long description\n" for n in range(2_000))
    desk.file("many.csv", "Inventory no.,Entity,Description\n" + rows)
    size = Path(desk.url).stat().st_size
    there = desk.left()
    orders = [
        ("import", "assets", "many.csv"),
        ("export", "assets", "a.xlsx"),
        ("backup", "a.backup"),
        ("tags", "--stock", "L7651", "--out", "t.pdf"),
    ]
    for order in orders:
        limit = size + 100_000 if order[0] == "import" else 1000
        told = desk.fork(*order, first=full_disk(limit))
        assert told.code == TROUBLE, (order, told)
        assert is_a_sentence(told.said), told.said
        assert desk.left() == there, order
        assert contents(desk) == before, order
    assert desk.order("check").code == DONE


def test_a_bad_rows_file_that_cannot_be_written_stops_the_import(whole):
    entity = whole.ask("SELECT code FROM entity LIMIT 1")[0][0]
    file = whole.file("a.csv", f"Inventory no.,Entity,Description\nA-1,{entity},Thing\nA-2,NOBODY,Thing\n")
    told = whole.order("import", "assets", file, "--good-rows", "--bad-rows", str(whole.folder / "no" / "bad.csv"))
    assert (told.code, told.lines) == (REFUSED, [])
    same = whole.order("import", "assets", file, "--good-rows", "--bad-rows", file)
    assert (same.code, same.lines) == (REFUSED, [])
    assert "A-2" in Path(file).read_text()


def test_what_makes_no_backup_is_not_restored(desk):
    # A backup that was made is noted in the compound.
    made = desk.folder / "a.backup"
    assert desk.order("backup", str(made)).code == DONE
    damaged = bytearray(made.read_bytes())
    damaged[5000] ^= 1
    made.write_bytes(damaged)
    told = desk.order("restore", str(made), "--overwrite")
    assert (told.code, told.lines) == (REFUSED, [])
    assert "was damaged" in told.said
    alone = desk.file("alone.backup", b"x" * 100)
    assert "no manifest" in desk.order("restore", alone, "--overwrite").said


def test_a_terminal_without_our_letters(desk):
    told = run("identify", "Ğ¿ñ🦒", "RR123456785US", folder=desk.folder, env={"PYTHONIOENCODING": "ascii"})
    assert told.code == DONE
    assert [line["input"] for line in told.lines] == ["Ğ¿ñ🦒", "RR123456785US"]
    said = run("--database", "kein Büro.db", "find", "x", folder=desk.folder, env={"PYTHONIOENCODING": "ascii"})
    assert said.code == REFUSED


def test_words_that_are_no_text(desk):
    name = os.fsdecode(b"caf\xe9.csv")
    told = run("--database", desk.url, "import", "assets", name, folder=desk.folder)
    assert told.code == REFUSED
    assert run("identify", name, folder=desk.folder).lines[0]["input"] == name
    assert desk.order("find", name).code in (DONE, REFUSED)
