"""An export written in each form that is offered, and read back by other programs' means."""

from __future__ import annotations

import csv

import pypdfium2
from openpyxl import load_workbook


def in_each_form(hands, export, asked, folder):
    """Write what was asked for as CSV, Excel and PDF, and hold each against its rows and what it is narrowed to."""
    title, columns, rows, total, narrowed = asked
    wanted = [str(row[0]) for row in rows()]
    for suffix in ("csv", "xlsx", "pdf"):
        path = folder / f"{len(list(folder.iterdir()))}.{suffix}"
        export.write(title, columns, rows, path, total=total, narrowed=narrowed)
        hands.until(lambda path=path: path.exists() and export._progress is None)
        if suffix == "csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                [heads, *lines] = csv.reader(file)
        elif suffix == "xlsx":
            book = load_workbook(path, read_only=True)
            [heads, *lines] = book.active.iter_rows(values_only=True)
            book.close()
        else:
            document = pypdfium2.PdfDocument(path)
            text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
            document.close()
            missing = [one for one in (*wanted, narrowed) if " ".join(one.split()) not in text]
            assert not missing, (title, missing, text)
            continue
        assert [str(line[0]) for line in lines] == wanted, (title, suffix)
        assert len(heads) == len(columns), (title, suffix)
