"""Workbooks: openpyxl writes and reads them independently; traps are built by hand."""

from __future__ import annotations

import contextlib
import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import numbers as formats
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cbo_desk.errors import Refusal
from cbo_desk.tabular import Column, open_table, workbook, write_table
from cbo_desk.tabular.number_formats import shows_a_date
from cbo_desk.tabular.text_values import armed
from cbo_desk.tabular.workbook import day_of_serial


def saved(book) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def filled(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def test_typed_cells_come_as_they_are():
    book = filled(
        ["No", "Text", "Whole", "Part", "Day", "Moment", "Time", "Yes", "Formula"],
        [
            "A-1",
            "é\n“x”",
            7,
            1234.5,
            date(2026, 6, 3),
            datetime.fromisoformat("2026-06-03T10:30"),
            time(8, 15),
            True,
            "=1+1",
        ],
        [None] * 9,
        ["A-2"],
    )
    table = open_table(saved(book))
    rows = list(table.rows())
    assert rows == [
        (
            2,
            [
                "A-1",
                "é\n“x”",
                7,
                1234.5,
                date(2026, 6, 3),
                datetime.fromisoformat("2026-06-03T10:30"),
                time(8, 15),
                True,
                "#FORMULA?",
            ],
        ),
        (4, ["A-2", *[""] * 8]),
    ]
    assert [type(cell) for cell in rows[0][1][4:6]] == [date, datetime]
    assert any("no stored value" in note for note in table.notes())


def test_dates_of_the_1904_system():
    book = filled(["No", "Day"], [1, date(2020, 2, 29)])
    book.epoch = CALENDAR_MAC_1904
    table = open_table(saved(book))
    assert list(table.rows()) == [(2, [1, date(2020, 2, 29)])]
    assert "Its dates count from 1904." in table.notes()


@pytest.mark.parametrize(
    ("serial", "day"),
    [(1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1)), (45123, date(2023, 7, 16))],
)
def test_day_numbers_keep_the_leap_day_that_never_was(serial, day):
    assert day_of_serial(serial) == day


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_any_day_number_gives_something(serial, epoch):
    assert day_of_serial(serial, epoch) is not None


@pytest.mark.parametrize(
    ("code", "shows"),
    [
        ("yyyy-mm-dd", True), ("dd/mm/yy;@", True), ("[$-409]d-mmm-yy", True), ("hh:mm:ss", True), ("mm:ss.0", True),
        ("General", False), ("0.00", False), ('#,##0 "days"', False), ("[Red]0", False), ("[h]:mm", False),
        ("0.00E+00", False),
        ('"d"0', False), ("_-* #,##0.00_-", False), ("@", False),
    ],
)  # fmt: skip
def test_formats_that_show_a_date(code, shows):
    assert shows_a_date(code) is shows


def test_every_builtin_date_format_of_openpyxl_agrees():
    for number, code in formats.BUILTIN_FORMATS.items():
        if number in (46,):  # [h]:mm:ss is a length of time
            continue
        assert shows_a_date(code) == formats.is_date_format(code), code


def test_sheets_are_listed_and_chosen():
    book = filled()
    book.active.title = "Empty"
    hidden = book.create_sheet("Old")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    good = book.create_sheet("Assets")
    good.append(["No", "Name"])
    good.append([1, "x"])
    good.merge_cells("A3:B3")
    good["D2"] = "a stray note"
    data = saved(book)
    table = open_table(data)
    assert [(sheet.name, sheet.hidden) for sheet in table.sheets] == [
        ("Empty", False),
        ("Old", True),
        ("Assets", False),
    ]
    assert table.sheet.name == "Assets"
    assert list(table.rows())[0][1][:2] == [1, "x"]
    assert any("merged" in note for note in table.notes())
    assert any("hidden" in note for note in open_table(data, sheet="old").notes())
    with pytest.raises(Refusal, match="It has: Empty, Old, Assets"):
        open_table(data, sheet="Nope")
    with pytest.raises(Refusal, match="holds no rows"):
        open_table(saved(filled()))


def rewritten(data: bytes, changes: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in set(changes) - set(old.namelist()):
            new.writestr(name, changes[name])
    return held.getvalue()


EXCEL_SHEET = (
    b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
    b'<x:row r="2"><x:c r="A2" t="s"><x:v>0</x:v></x:c><x:c r="C2" t="s"><x:v>1</x:v></x:c></x:row>'
    b'<x:row r="5"><x:c r="A5"><x:v>1.5E+1</x:v></x:c><x:c r="B5" t="e"><x:v>#N/A</x:v></x:c>'
    b'<x:c r="C5" t="str"><x:f>A1&amp;"x"</x:f><x:v>_x0041_b</x:v></x:c></x:row></x:sheetData></x:worksheet>'
)


def as_excel_writes(strings: bytes, sheet: bytes) -> bytes:
    """A workbook with shared strings, rich text and name-space prefixes, as Excel and others write them."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", f'<R><r Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></R>')
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{office}"><sheets><sheet name="Assets" sheetId="1" r:id="one"/></sheets></workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<R><r Id="one" Type="{office}/worksheet" Target="worksheets/sheet7.xml"/>'
            f'<r Id="two" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></R>',
        )
        package.writestr("xl/sharedStrings.xml", strings)
        package.writestr("xl/worksheets/sheet7.xml", sheet)
    return held.getvalue()


def test_shared_strings_rich_text_and_prefixes_are_read():
    strings = (
        "<sst><si><r><t>Asset </t></r><r><t>Nr</t></r></si>"
        "<si><t>Name</t><rPh sb='0' eb='1'><t>phonetic</t></rPh></si></sst>"
    )
    table = open_table(as_excel_writes(strings.encode(), EXCEL_SHEET))
    assert table.names == ("Asset Nr", "Column 2", "Name")
    assert table.header.row == 2
    assert list(table.rows()) == [(5, [15, "#N/A", "Ab"])]
    assert any("1 cell hold" in note or "formulas" in note for note in table.notes())


def test_traps_are_refused(monkeypatch):
    data = saved(filled(["No", "Name"], [1, "x"]))
    sheet = "xl/worksheets/sheet1.xml"
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    )
    for name in (sheet, "xl/workbook.xml", "xl/styles.xml"):
        with pytest.raises(Refusal, match="damaged"):
            list(open_table(rewritten(data, {name: bomb})).rows())
    monkeypatch.setattr(workbook, "LARGEST_STRINGS", 1 << 20)
    with pytest.raises(Refusal, match="unpacks to far more"):
        open_table(as_excel_writes(b"<sst><si><t>No</t></si>" + b" " * (1 << 20) + b"</sst>", EXCEL_SHEET))
    monkeypatch.setattr(workbook, "LARGEST_PART", 1 << 20)
    with pytest.raises(Refusal, match="unpacks to far more"):
        open_table(rewritten(data, {sheet: b" " * (2 << 20)}))
    with pytest.raises(Refusal, match="damaged"):
        open_table(as_excel_writes(b"<sst/>", EXCEL_SHEET))
    monkeypatch.undo()
    wide = b'<worksheet><sheetData><row r="1"><c r="ZZZZ1"><v>1</v></c></row></sheetData></worksheet>'
    long = (
        b"<worksheet><sheetData><row><c t='inlineStr'><is><t>"
        + b"x" * 3_000_000
        + b"</t></is></c></row></sheetData></worksheet>"
    )
    for broken, sentence in ((wide, "damaged"), (long, "longer than 131,072"), (b"<worksheet><sheetData>", "damaged")):
        with pytest.raises(Refusal, match=sentence):
            list(open_table(rewritten(data, {sheet: broken})).rows())
    with pytest.raises(Refusal, match="damaged"):
        list(open_table(data[: len(data) // 2]).rows())


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        ("word/document.xml", b"<x/>", "document, not a workbook"),
        ("xl/workbook.bin", b"", "XLSB"),
        ("readme.txt", b"hello", "holds no workbook"),
    ],
)
def test_other_packed_files_are_named(name, content, sentence):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr(name, content)
    with pytest.raises(Refusal, match=sentence):
        open_table(held.getvalue())


SOUND = saved(filled(["No", "Name"], [1, "x"], [2, "y"]))


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_damaged_workbook_gives_a_table_or_a_sentence(data):
    whole = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Refusal):
        list(open_table(bytes(whole)).rows())


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=15),
    st.sampled_from(["=1+1", "+x", "-y", "@z", "'=q", "_x0041_", "a_x000D_", "\r\n", " space "]),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2199, 12, 31)),
    st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("2199-01-01")).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.decimals(-(10**9), 10**9, places=2),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), VALUES, VALUES), min_size=1, max_size=8))
def test_what_is_written_to_a_workbook_is_read_back_equal(rows):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        assert write_table(path, [Column("No"), Column("First"), Column("Second")], rows) == len(rows)
        got = [cells for _, cells in open_table(path, header_row=1).rows()]
        oracle = list(openpyxl.load_workbook(path, read_only=True).active.iter_rows(min_row=2, values_only=True))
    for wanted, ours, theirs in zip(rows, got, oracle, strict=True):
        for value, cell, other in zip(wanted, [*ours, "", ""], theirs, strict=False):
            if value is None:
                assert cell == ""
            elif isinstance(value, Decimal):
                assert Decimal(str(cell)) == value
            elif isinstance(value, datetime):
                assert cell in (value, value.date())
                assert abs(other - value) < timedelta(seconds=1)
            elif isinstance(value, date):
                assert cell == value
                assert other.date() == value
            else:
                assert cell == ("'" + value if isinstance(value, str) and armed(value) != value else value)
                assert type(cell) is type(value)


def test_an_exported_workbook_has_header_filter_and_frozen_row(tmp_path):
    path = tmp_path / "out.xlsx"
    columns = [Column("Name", width=30), Column("Cost", "money"), Column("Day", "date")]
    write_table(path, columns, [("=cmd|x", Decimal("1234.50"), date(2026, 6, 3))], title="Assets: [all]/2026")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet.title == "Assets all 2026"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C2"
    assert sheet["A1"].font.b
    assert sheet.column_dimensions["A"].width == 30
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=cmd|x", "s")
    assert sheet["B2"].number_format == "#,##0.00"
    assert sheet["C2"].value == datetime.fromisoformat("2026-06-03")
