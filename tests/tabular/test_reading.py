"""Reading tables: a corpus read by hand, Python's csv as the oracle, and bytes of no sense at all."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.progress import Cancelled, Progress
from cbo_desk.tabular import open_table
from cbo_desk.tabular.encoding import weigh
from cbo_desk.tabular.headings import normal_name
from tests.tabular.registers import REGISTERS


@pytest.mark.parametrize("name", REGISTERS)
def test_a_dirty_register_is_read_as_a_careful_person_reads_it(name, tmp_path):
    wanted = REGISTERS[name]
    path = tmp_path / "register.csv"
    path.write_bytes(wanted.data)
    for where in (wanted.data, path):
        table = open_table(where)
        rows = list(table.rows())
        assert table.names == wanted.names
        assert rows == wanted.rows
        assert table.encoding.name == wanted.encoding
        assert table.text.delimiter == wanted.delimiter
        uneven = {number: table.unevenness(number, cells) for number, cells in rows}
        assert {number: said for number, said in uneven.items() if said} == wanted.uneven
        assert list(table.rows()) == wanted.rows, "a table can be read again"


def test_what_is_found_can_be_overruled():
    data = "a;b,c\né;1,2\n".encode("cp1252")
    table = open_table(data, encoding="mac-roman", delimiter=",", header_row=0)
    assert table.names == ("Column 1", "Column 2")
    assert list(table.rows()) == [(1, ["a;b", "c"]), (2, ["È;1", "2"])]
    assert open_table(b"x,y\na,b\n1,2\n", header_row=2).names == ("a", "b")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n\n", "The file holds no rows."),
        (b"%PDF-1.7 ...", "This is a PDF. Ask for the table as XLSX or CSV."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "old Excel file"),
        (b"<!DOCTYPE html><table><tr><td>1", "web page"),
        (b"PK\x03\x04 not really", "The workbook is damaged"),
        (b"a" * 9_000_000, "over 8 million characters"),
        (b"a,b\n" + b"1," * 100_000 + b"\n", "Row 2 has 100,001 cells"),
        (b"x," * 5_000 + b"\n1,2\n" + b"3,4\n", "columns"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "longer than 131,072 characters"),
        (b'a,b\n"' + b"x" * 200_000 + b"\n", "longer than 131,072 characters"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data, sentence):
    with pytest.raises(Refusal, match=sentence):
        list(open_table(data).rows())


def test_wrong_choices_are_refused(tmp_path):
    with pytest.raises(Refusal, match="no encoding called"):
        open_table(b"a,b\n", encoding="klingon")
    with pytest.raises(Refusal, match="no encoding for text"):
        open_table(b"a,b\n", encoding="base64")
    with pytest.raises(Refusal, match="Choose another encoding"):
        list(open_table("a,b\né,1\n".encode("cp1252"), encoding="utf-8").rows())
    with pytest.raises(Refusal, match="has no sheets"):
        open_table(b"a,b\n", sheet="x")
    with pytest.raises(Refusal, match="one character"):
        open_table(b"a,b\n", delimiter="ab")
    with pytest.raises(Refusal, match="not among the first rows"):
        open_table(b"a,b\n1,2\n", header_row=77)
    with pytest.raises(Refusal, match="there is no such file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(Refusal, match="is a folder"):
        open_table(tmp_path)


WORDS = (
    (
        "José Peña Müller Zoë Niño Ñandú Élodie François Genève Zürich Sørensen Åse Günther Bjørn São João María Núñez "
        "Œuvre château garçon Noël À-côté Straße Málaga Curaçao Caméra Générateur Détenteur Équipement Déjà Kożuch "
        "Muñoz Sánchez Gómez Pérez Rodríguez López Martínez Desirée Renée André Thérèse Hélène Jérôme"
    )
    .replace("Kożuch ", "")
    .split()
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), min_size=3, max_size=12, unique=True),
    st.sampled_from(["cp1252", "mac-roman"]),
    st.sampled_from(["\r", "\n", "\r\n"]),
)
@example(["Sánchez", "Gómez", "Pérez"], "cp1252", "\r")
def test_the_two_western_encodings_are_told_apart_by_real_words(words, encoding, ending):
    text = "Asset Nr,Custodian" + ending + "".join(f"A-{n},{word}{ending}" for n, word in enumerate(words))
    table = open_table(text.encode(encoding))
    assert table.encoding.name == encoding
    assert [cells[1] for _, cells in table.rows()] == words
    assert table.encoding.reason


def test_a_single_doubtful_letter_is_called_unsure():
    found = weigh(b"A-1 \xe5\n", undefined=False, carriage_only=False)
    assert found.sure == "unsure"
    assert "Check the names" in found.reason


def test_utf16_without_a_mark_is_noticed():
    for name in ("utf-16-le", "utf-16-be"):
        table = open_table("No;Name\n1;abc\n".encode(name))
        assert (table.encoding.name, list(table.rows())) == (name, [(2, ["1", "abc"])])


CELL = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff"), max_size=12).filter(
    lambda text: "\x1a" not in text
)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), max_size=8)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_well_formed_files_are_read_as_pythons_csv_reads_them(rows, delimiter, ending, encoding):
    width = len(rows[0]) if rows else 2
    names = [f"name {letter}" for letter in "abcde"[:width]]
    held = io.StringIO()
    writer = csv.writer(held, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows])
    text = held.getvalue()
    wanted = [
        (number, row)
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
        if number > 1
    ]
    table = open_table(text.encode(encoding), encoding=encoding, delimiter=delimiter, header_row=1)
    got = dict(table.rows())
    assert list(table.names) == names
    for number, row in wanted:
        if number in got:
            assert got[number] == row
        else:
            assert not "".join(row).strip(" \t\r\n\xa0\u200b\ufeff\0")
    assert set(got) <= {number for number, _ in wanted}


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from([b",", b"\n", b"\r", b'"', b";", b"\t", b"a", b"1", b"\xe9", b"\0", b" "]), max_size=80
        ).map(b"".join),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=200).map(lambda tail: b"\xff\xfe" + tail),
    )
)
def test_bytes_of_no_sense_give_a_table_or_a_sentence(data):
    with contextlib.suppress(Refusal, Trouble):
        table = open_table(data)
        for number, cells in table.rows():
            table.unevenness(number, cells)
        table.notes()


def test_the_guard_against_unmatched_quotes_is_needed():
    """Negative control: csv alone swallows the rows between two such marks without a word."""
    text = 'No,Name\n1,"a\n2,b\n3,"c\n4,d\n'
    assert len(list(csv.reader(io.StringIO(text)))) == 3
    assert [number for number, _ in open_table(text.encode()).rows()] == [2, 3, 4, 5]


def test_reading_reports_and_stops():
    data = b"a,b\n" + b"1,2\n" * 50_000
    seen = []
    list(open_table(data).rows(Progress(lambda done, total: seen.append((done, total)))))
    assert seen == sorted(seen)
    assert {total for _, total in seen} == {len(data)}
    assert len(seen) >= 10
    progress = Progress(lambda *_: progress.cancel())
    with pytest.raises(Cancelled):
        list(open_table(data).rows(progress))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("N° d'inventaire", "n d inventaire"),
        ("  Acq. date ", "acq date"),
        ("Désignation", "designation"),
        ("رقم", "رقم"),
    ],
)
def test_names_are_compared_without_case_accents_and_points(text, name):
    assert normal_name(text) == name
