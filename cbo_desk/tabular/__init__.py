"""Tables in files: reading, understanding, previewing and writing them, with no knowledge of desk or database.

An import goes `open_table` → `suggest_mapping` → `check` (or `check_in_batches`) → `Preview.ready`, which gives the
desk's own command the rows to write. An export is one call of `write_table`.
"""

from __future__ import annotations

from cbo_desk.tabular.cells import Cell, shown
from cbo_desk.tabular.checking import Batch, Stream, check, check_in_batches
from cbo_desk.tabular.columns import Question
from cbo_desk.tabular.encoding import ENCODINGS, Encoding
from cbo_desk.tabular.faults import Fault, Mend, Wrong
from cbo_desk.tabular.fields import Field, Mapping, known_names, mapping_from_dict, problems, signature, suggest_mapping
from cbo_desk.tabular.judging import Choices, Lookup, Outcome, RowRule
from cbo_desk.tabular.mapping_file import read_mapping
from cbo_desk.tabular.outcomes import BadRow, CellChange, Counts, Mended, Ready, RowShown
from cbo_desk.tabular.preview import Preview
from cbo_desk.tabular.table import Table, open_table
from cbo_desk.tabular.text_values import nearest
from cbo_desk.tabular.workbook import Sheet
from cbo_desk.tabular.writing import Column, whole_file, write_bad_rows, write_table

__all__ = [
    "ENCODINGS",
    "BadRow",
    "Batch",
    "Cell",
    "CellChange",
    "Choices",
    "Column",
    "Counts",
    "Encoding",
    "Fault",
    "Field",
    "Lookup",
    "Mapping",
    "Mend",
    "Mended",
    "Outcome",
    "Preview",
    "Question",
    "Ready",
    "RowRule",
    "RowShown",
    "Sheet",
    "Stream",
    "Table",
    "Wrong",
    "check",
    "check_in_batches",
    "known_names",
    "mapping_from_dict",
    "nearest",
    "open_table",
    "problems",
    "read_mapping",
    "shown",
    "signature",
    "suggest_mapping",
    "whole_file",
    "write_bad_rows",
    "write_table",
]
