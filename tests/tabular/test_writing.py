"""Exports and files of bad rows: read back equal, written whole or not at all."""

from __future__ import annotations

import errno
import os
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.tabular import BadRow, Column, open_table, paper, write_bad_rows, write_table, writing
from cbo_desk.tabular.date_values import DateReading, read_date
from cbo_desk.tabular.number_values import NumberReading, read_number
from cbo_desk.tabular.text_values import read_boolean, read_notes

COLUMNS = [
    Column("No", "integer"), Column("Name"),
    Column("Cost", "money"), Column("Day", "date"), Column("Insured", "boolean"),
]  # fmt: skip
ROW = st.tuples(
    st.integers(1, 10**9),
    st.one_of(
        st.none(),
        st.text(st.characters(exclude_categories=("C", "Z")), max_size=15),
        st.sampled_from(["=1+1", "-x", "'@"]),
    ),
    st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2)),
    st.one_of(st.none(), st.dates(date(1971, 1, 1), date(2099, 12, 31))),
    st.one_of(st.none(), st.booleans()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=6), st.sampled_from([".csv", ".tsv", ".xlsx"]))
def test_an_export_is_imported_equal(tmp_path_factory, rows, suffix):
    path = tmp_path_factory.mktemp("export") / f"list{suffix}"
    assert write_table(path, COLUMNS, rows) == len(rows)
    table = open_table(path, header_row=1)
    assert table.names == tuple(column.title for column in COLUMNS)
    point, order = NumberReading("point", "found"), DateReading("dmy", "found")
    got = []
    for _, cells in table.rows():
        text = read_notes(cells[1])
        got.append(
            (
                read_number(cells[0], point),
                text,
                read_number(cells[2], point),
                read_date(cells[3], order),
                read_boolean(cells[4]),
            )
        )
    import unicodedata

    def composed(text):
        return unicodedata.normalize("NFC", text) if text else None

    assert [(*row[:1], composed(row[1]), *row[2:]) for row in got] == [
        (*row[:1], composed(row[1]), *row[2:]) for row in rows
    ]


def test_a_spreadsheet_finds_nothing_to_run_in_a_csv(tmp_path):
    path = tmp_path / "out.csv"
    write_table(
        path, [Column("=Head"), Column("Cost", "money")], [("=HYPERLINK(1)", Decimal("-5.00")), ("+254 20", None)]
    )
    assert path.read_bytes() == "\ufeff'=Head,Cost\r\n'=HYPERLINK(1),-5.00\r\n'+254 20,\r\n".encode()


def test_a_long_list_passes_through_without_being_held(tmp_path, monkeypatch):
    def rows():
        for number in range(60_000):
            yield number, "x"

    assert write_table(tmp_path / "long.csv", [Column("No"), Column("Name")], rows()) == 60_000
    assert paper.MOST_ROWS == 50_000
    monkeypatch.setattr(paper, "MOST_ROWS", 300)
    with pytest.raises(Refusal, match="over 50,000 rows"):
        write_table(tmp_path / "long.pdf", [Column("No"), Column("Name")], ((n, "") for n in range(301)))
    assert sorted(os.listdir(tmp_path)) == ["long.csv"]


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    path.write_text("as before")

    def rows():
        yield (1,)
        raise Refusal("No more.")

    for suffix in ("csv", "xlsx", "pdf"):
        with pytest.raises(Refusal, match="No more"):
            write_table(path.with_suffix(f".{suffix}"), [Column("No")], rows())
    assert path.read_text() == "as before"
    assert os.listdir(tmp_path) == ["out.csv"]
    with pytest.raises(Refusal, match="ends in .csv"):
        write_table(tmp_path / "out.doc", [Column("No")], [])
    with pytest.raises(Refusal, match="folder for out.csv does not exist"):
        write_table(tmp_path / "none" / "out.csv", [Column("No")], [])

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(Trouble, match="The disk is full. out.csv was not written"):
        write_table(path, [Column("No")], [(1,)])
    assert path.read_text() == "as before"
    assert os.listdir(tmp_path) == ["out.csv"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_really_full_disk_is_said():
    with open("/dev/full", "wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        writing.write_delimited(file, [Column("No")], [(1,)])


def test_a_folder_that_may_not_be_written_is_said(tmp_path, monkeypatch):
    def denied(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(writing.tempfile, "mkstemp", denied)
    with pytest.raises(Trouble, match="the folder is read-only. Choose another folder"):
        write_table(tmp_path / "out.csv", [Column("No")], [])


def test_a_pdf_has_every_row_numbered_pages_and_its_heading(tmp_path):
    path = tmp_path / "list.pdf"
    rows = [
        (n, f"Item {n} with a rather long description " * (1 + n % 4), Decimal(n), date(2026, 6, 3), True)
        for n in range(200)
    ]
    rows[7] = (7, "مكتب الأمم المتحدة", None, None, None)
    assert (
        write_table(path, COLUMNS, rows, title="Assets in Block C", note="Filter: C-204 · Njoki M., 14 Jul 2026") == 200
    )
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    pages = len(texts)
    assert pages > 3
    for number, text in enumerate(texts, start=1):
        assert "Assets in Block C" in text
        assert "Filter: C-204" in text
        assert f"Page {number} of" in text
        assert "Insured" in text
        assert text.split(f"Page {number} of")[1].split()[0] == str(pages)
    assert sum(text.count("3 Jun 2026") + text.count("2026-06-03") for text in texts) == 199
    assert "200 rows" in texts[-1]
    width, height = document[0].get_size()
    assert width > height


SEMICOLON = 'N°;Libellé;N°\r\nA-1;Caméra;"x;y"\r\nA-2;Écran, 24"";z\r\n'


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "mac-roman"])
def test_bad_rows_stand_as_they_stood(tmp_path, encoding):
    table = open_table(SEMICOLON.encode(encoding), encoding=encoding)
    path = tmp_path / "bad.csv"
    rows = [BadRow(number, cells, "Serial: No place has the code ☃.") for number, cells in table.rows()]
    assert write_bad_rows(table, rows, path) == 2
    text = path.read_bytes().decode(encoding)
    assert text.startswith("N°;Libellé;N°;Row in the file;What to do\r\n")
    again = open_table(path, encoding=encoding)
    assert again.names == ("N°", "Libellé", "N° 2", "Row in the file", "What to do")
    assert [cells[:3] for _, cells in again.rows()] == [cells for _, cells in table.rows()]
    assert [cells[3] for _, cells in again.rows()] == ["2", "3"]


def test_bad_rows_of_a_workbook_stay_typed(tmp_path):
    path, bad = tmp_path / "in.xlsx", tmp_path / "bad.xlsx"
    write_table(path, [Column("No"), Column("Day", "date")], [("=x", date(2026, 6, 3)), ("007", None)], title="Assets")
    table = open_table(path)
    write_bad_rows(table, [BadRow(number, cells, "Correct it.") for number, cells in table.rows()], bad)
    again = open_table(bad)
    assert again.sheet.name == "Assets"
    assert list(again.rows()) == [(2, ["=x", date(2026, 6, 3), 2, "Correct it."]), (3, ["007", "", 3, "Correct it."])]
