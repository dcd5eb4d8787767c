"""Dirty registers as they come, each with its expected parse written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Register:
    """A file's bytes, and what a careful person reads in them: names of columns, and rows with their numbers."""

    data: bytes
    names: tuple[str, ...]
    rows: list[tuple[int, list[str]]]
    encoding: str = "utf-8"
    delimiter: str = ","
    uneven: dict[int, str] = field(default_factory=dict)


REGISTERS = {
    "carriage returns, old Macintosh": Register(
        "Asset Nr,Désignation,Détenteur\rUNIC-1,Caméra,José Peña\rUNIC-2,Générateur,Zoë Müller\r".encode("mac-roman"),
        ("Asset Nr", "Désignation", "Détenteur"),
        [(2, ["UNIC-1", "Caméra", "José Peña"]), (3, ["UNIC-2", "Générateur", "Zoë Müller"])],
        "mac-roman",
    ),
    "UTF-8 with a mark": Register(
        "\ufeffAsset Nr,Custodian\r\nA-1,Wanjikũ Ñandú\r\n".encode(),
        ("Asset Nr", "Custodian"),
        [(2, ["A-1", "Wanjikũ Ñandú"])],
        "utf-8-sig",
    ),
    "UTF-16, tabs": Register(
        "Asset Nr\tLocation\nA-1\tبغداد\nA-2\tC-204\n".encode("utf-16"),
        ("Asset Nr", "Location"),
        [(2, ["A-1", "بغداد"]), (3, ["A-2", "C-204"])],
        "utf-16",
        "\t",
    ),
    "UTF-16, high byte first": Register(
        b"\xfe\xff" + "No;Nom\r\n1;Zoé\r\n".encode("utf-16-be"), ("No", "Nom"), [(2, ["1", "Zoé"])], "utf-16", ";"
    ),
    "Windows letters, euro and smart quotes": Register(
        "Item;Price;Note\r\nCâble;€ 5;“new” – don’t lend\r\nÉcran;€ 90;à vérifier…\r\n".encode("cp1252"),
        ("Item", "Price", "Note"),
        [(2, ["Câble", "€ 5", "“new” – don’t lend"]), (3, ["Écran", "€ 90", "à vérifier…"])],
        "cp1252",
        ";",
    ),
    "semicolons and decimal commas": Register(
        b"No;Cost;Weight\n1;1.234,50;2,5\n2;18.450,00;10,25\n",
        ("No", "Cost", "Weight"),
        [(2, ["1", "1.234,50", "2,5"]), (3, ["2", "18.450,00", "10,25"])],
        delimiter=";",
    ),
    "bars": Register(
        b"No|Name\n1|a, b; c\n2|d\n", ("No", "Name"), [(2, ["1", "a, b; c"]), (3, ["2", "d"])], delimiter="|"
    ),
    "double and empty headers": Register(
        b"No,Remarks,Remarks,,remarks, No ,Column 4\n1,a,b,c,d,e,f\n",
        ("No", "Remarks", "Remarks 2", "Column 4 2", "remarks 3", "No 2", "Column 4"),
        [(2, ["1", "a", "b", "c", "d", "e", "f"])],
    ),
    "quotes, commas and line breaks in cells": Register(
        b'No,Name\r\n1,"Monitor, 24"" wide"\r\n2,"two\r\nlines"\r\n3,"a\n\nb"\r\n4,12" rack\r\n',
        ("No", "Name"),
        [(2, ["1", 'Monitor, 24" wide']), (3, ["2", "two\r\nlines"]), (4, ["3", "a\n\nb"]), (5, ["4", '12" rack'])],
    ),
    "ragged": Register(
        b"No,Name,Room\n1,a,C-1\n2,Laptop, HP,C-2\n3,broken\n4,d,C-4,,\n",
        ("No", "Name", "Room"),
        [(2, ["1", "a", "C-1"]), (3, ["2", "Laptop", " HP", "C-2"]), (4, ["3", "broken"]), (5, ["4", "d", "C-4"])],
        uneven={
            3: "This row has 1 cell more than the header. Is a comma in a cell without quotes?",
            4: "This row has 1 cell fewer than the header. Is it broken in two?",
        },
    ),
    "title rows": Register(
        b"UNICEF asset register,,,\nAs at 31/12/2025,,,\n,,,\nAsset Nr,Name,Room,Cost\nA-1,x,C-1,5\nA-2,y,C-2,6\n",
        ("Asset Nr", "Name", "Room", "Cost"),
        [(5, ["A-1", "x", "C-1", "5"]), (6, ["A-2", "y", "C-2", "6"])],
    ),
    "a thousand blank rows and three blank columns": Register(
        b"No,Name,,,\n1,a,,,\n,,,,\n2,b,,,\n" + b",,,,\n" * 1000 + b"\n" * 10,
        ("No", "Name"),
        [(2, ["1", "a"]), (4, ["2", "b"])],
    ),
    "Excel's sep line": Register(b"sep=;\r\nNo;Name\r\n1;a,b\r\n", ("No", "Name"), [(2, ["1", "a,b"])], delimiter=";"),
    "mixed line endings": Register(
        b"No,Name\r\n1,a\n2,b\r3,c\r\n4,d",
        ("No", "Name"),
        [(2, ["1", "a"]), (3, ["2", "b"]), (4, ["3", "c"]), (5, ["4", "d"])],
    ),
    "a quotation mark never closed": Register(
        b'No,Name\n1,a\n2,"12 inch\n3,c\n4,"d, e"\n',
        ("No", "Name"),
        [(2, ["1", "a"]), (3, ["2", '"12 inch']), (4, ["3", "c"]), (5, ["4", "d, e"])],
        uneven={3: "The quotation marks do not match: one is never closed, or one inside a cell is not doubled."},
    ),
    "NUL bytes": Register(b"No,Na\0me\n1,a\0b\n", ("No", "Name"), [(2, ["1", "a\0b"])]),
    "one column": Register(b"Asset Nr\nA-1\nA-2\n", ("Asset Nr",), [(2, ["A-1"]), (3, ["A-2"])]),
    "broken letters in UTF-8": Register(
        "No,Name\n1,Zoé Müller\n2,José Peña Ñandú\n".encode() + b"3,caf\xe9\n",
        ("No", "Name"),
        [(2, ["1", "Zoé Müller"]), (3, ["2", "José Peña Ñandú"]), (4, ["3", "caf\ufffd"])],
    ),
}
