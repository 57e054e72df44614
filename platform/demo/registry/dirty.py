"""Files as they really arrive, with the rows that an import must refuse and the reason that it must give.

They stand alone: every patient whom a good row names is in these files, or on purpose in none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.registry.tables import FILES, header


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """One row; `reason` is empty where the row is odd but good, and `column` is empty where the whole row is wrong."""

    table: str
    cells: tuple[str, ...]
    column: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    """`line` is the row's first line in the file."""

    file: str
    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Form:
    """How one file was written: by whom it is known from the encoding and the delimiter."""

    encoding: str
    delimiter: str = ","
    line_end: str = "\r\n"


_FORMS = {
    "sites": _Form("utf-8-sig"),
    "patients": _Form("utf-8-sig", ";"),
    "procedures": _Form("cp1252"),
    "diagnoses": _Form("utf-16", ";"),
    "followups": _Form("utf-8", line_end="\n"),
    "notes": _Form("utf-8"),
}
_NO_DATE = "is not a date of the form 2024-12-31"
_OUT_OF_TIME = "lies before 1950 or in the future"
_FORMULA = "begins like a spreadsheet formula"
_TWICE = "appears a second time in this file"
_NO_PATIENT = "names a patient who is not in the registry"
_NO_CPT = "is not a CPT code of five digits"
_NO_ICD = "is not an ICD-10-CM code such as T84.030A"
_NO_SIDE = "is not one of R, L"
_NO_FIXATION = "is not one of cementless, cemented, unknown"

_SITES = (
    (("D01", "Klinik am Südhang", "Germany"), "", ""),
    (("D02", "Sant'Orsola, Torre", "Italy"), "", ""),
    (("D01", "Klinik am Südhang", "Germany"), "site", _TWICE),
    (("", "Nameless Infirmary", "Spain"), "site", "is empty"),
    (("D03", '=HYPERLINK("x")', "France"), "name", _FORMULA),
    (("D04", "A hospital whose name is longer than any list of hospitals allows", "France"), "name",
     "is longer than 40 characters"),
)  # fmt: skip
_PATIENTS = (
    (("D01-1001", "D01", "1948", "F"), "", ""),
    (("D01-1002", "D01", "1951", "M"), "", ""),
    ((" D02-1003 ", "D02", "1939", "F"), "", ""),
    (("D02-1004", "D02", "1960", "O"), "", ""),
    (("D01-1002", "D01", "1951", "M"), "patient_id", _TWICE),
    (("D01-1005", "D09", "1950", "M"), "site", "is no site of this study; import the sites first"),
    (("D01-1006", "D01", "48", "F"), "birth_year", "is not a year of birth"),
    (("D01-1007", "D01", "2093", "F"), "birth_year", "is not a year of birth"),
    (("D01-1008", "D01", "1944", "female"), "sex", "is not one of F, M, O"),
    (("=1+1", "D01", "1944", "F"), "patient_id", _FORMULA),
    (("", "D01", "1944", "F"), "patient_id", "is empty"),
    (("D01-1009", "D01"), "", "has 2 cells; 4 are needed"),
    (("", "", "", ""), "", ""),
)
_PROCEDURES = (
    (("DP01", "D01-1001", "2012-03-14", "R", "27130", "RT", "Müller", "cementless", "cementless"), "", ""),
    (("DP02", "D01-1001", "2019-11-02", "R", "27137", "RT;22", "Müller", "cementless", "unknown"), "", ""),
    (("DP03", "D01-1002", "2016-02-29", "L", "27130", "", "D’Angelo", "cemented", "cementless"), "", ""),
    (("DP04", "D02-1003", "2018-05-05", "L", "27130", "LT", "", "unknown", "unknown"), "", ""),
    (("DP05", "D01-1002", "29.02.2016", "L", "27134", "", "", "unknown", "unknown"), "performed_on", _NO_DATE),
    (("DP06", "D01-1002", "2017-02-29", "L", "27134", "", "", "unknown", "unknown"), "performed_on", _NO_DATE),
    (("DP07", "D01-1002", "1900-01-01", "L", "27134", "", "", "unknown", "unknown"), "performed_on", _OUT_OF_TIME),
    (("DP08", "D01-1002", "2999-12-31", "L", "27134", "", "", "unknown", "unknown"), "performed_on", _OUT_OF_TIME),
    (("DP09", "D01-1002", "2018-07-01", "", "27134", "", "", "unknown", "unknown"), "side", _NO_SIDE),
    (("DP10", "D01-1002", "2018-07-01", "B", "27134", "", "", "unknown", "unknown"), "side", _NO_SIDE),
    (("DP11", "D01-1002", "2018-07-01", "L", "2713A", "", "", "unknown", "unknown"), "cpt", _NO_CPT),
    (("DP12", "D01-1002", "2018-07-01", "L", "27134.0", "", "", "unknown", "unknown"), "cpt", _NO_CPT),
    (
        ("DP13", "D01-1002", "2018-07-01", "L", "27134", "LT,52", "", "unknown", "unknown"),
        "modifiers",
        "is not a list of CPT modifiers such as 52;LT",
    ),
    (("DP14", "D01-1002", "2018-07-01", "L", "27134", "", "@SUM(A1)", "unknown", "unknown"), "surgeon", _FORMULA),
    (("DP15", "D01-1002", "2018-07-01", "L", "27134", "", "", "press-fit", "unknown"), "cup_fixation", _NO_FIXATION),
    (("DP01", "D01-1002", "2018-07-01", "L", "27134", "", "", "unknown", "unknown"), "procedure_id", _TWICE),
    (("DP16", "D01-9999", "2018-07-01", "L", "27134", "", "", "unknown", "unknown"), "patient_id", _NO_PATIENT),
    (("DP17", "D01-1002", "2018-07-01"), "", "has 3 cells; 9 are needed"),
)
_DIAGNOSES = (
    (("DD01", "D01-1001", "2019-10-30", "T84.030A"), "", ""),
    (("DD02", "D01-1002", "2016-02-10", "M16.12"), "", ""),
    (("DD03", "D02-1003", "2018-05-20", "Z96.642"), "", ""),
    (("DD04", "D01-1001", "30/10/2019", "T84.030A"), "recorded_on", _NO_DATE),
    (("DD05", "D01-1001", "43768", "T84.030A"), "recorded_on", _NO_DATE),
    (("DD06", "D01-1001", "2019-10-30", "T84030A"), "icd10cm", _NO_ICD),
    (("DD07", "D01-1001", "2019-10-30", "996.41"), "icd10cm", _NO_ICD),
    (("DD08", "D01-1001", "2019-10-30", "t84.030a"), "icd10cm", _NO_ICD),
    (("DD09", "D01-1001", "2019-10-30", ""), "icd10cm", _NO_ICD),
    (("DD02", "D01-1002", "2016-02-10", "M16.12"), "diagnosis_id", _TWICE),
    (("DD10", "D02-1998", "2019-10-30", "T84.031D"), "patient_id", _NO_PATIENT),
)
_FOLLOWUPS = (
    (("DF01", "D01-1001", "R", "2013-04-01", "none"), "", ""),
    (("DF02", "D01-1001", "R", "2014-04-01", ""), "", ""),
    (("DF03", "D02-1003", "L", "2019-06-01", "wound"), "", ""),
    (("DF04", "D02-1003", "left", "2019-06-01", "none"), "side", _NO_SIDE),
    (("DF05", "D02-1003", "L", "", "none"), "seen_on", _NO_DATE),
    (("DF06", "D02-1003", "L", "2019-06-01", "+49 call back"), "complication", _FORMULA),
    (("DF01", "D01-1001", "R", "2013-04-01", "none"), "followup_id", _TWICE),
    (("DF07", "D03-0001", "R", "2013-04-01", "none"), "patient_id", _NO_PATIENT),
)
_NOTE = 'Findings: the cup was "grossly loose",\nand came out by hand.\n\nNo pus.'
_NOTES = (
    (("DN01", "DP02", "2019-11-02", _NOTE), "", ""),
    (("DN02", "DP03", "2016-02-29", "Primary replacement; press-fit cup; no events."), "", ""),
    (("DN03", "DP04", "2018-05-05", " \n\t"), "text", "is empty"),
    (("DN04", "DP04", "5 May 2018", "Primary replacement."), "written_on", _NO_DATE),
    (("DN05", "DP99", "2018-05-05", "Primary replacement."), "procedure_id",
     "names a procedure that is not in the registry"),
    (("DN02", "DP04", "2018-05-05", "Primary replacement."), "note_id", _TWICE),
    (("-2+3", "DP04", "2018-05-05", "Primary replacement."), "note_id", _FORMULA),
)  # fmt: skip
_ROWS = {
    "sites": _SITES,
    "patients": _PATIENTS,
    "procedures": _PROCEDURES,
    "diagnoses": _DIAGNOSES,
    "followups": _FOLLOWUPS,
    "notes": _NOTES,
}


def dirty_rows() -> list[DirtyRow]:
    return [DirtyRow(table, *row) for table in FILES for row in _ROWS[table]]


def write_dirty_files(folder: Path) -> list[ExpectedRefusal]:
    """Write one file a table, named `<table>.csv`, and say which lines of them an import must refuse, and why."""
    folder.mkdir(parents=True, exist_ok=True)
    expected: list[ExpectedRefusal] = []
    for table, form in _FORMS.items():
        name = f"{table}.csv"
        rows = [row for row in dirty_rows() if row.table == table]
        lines = [_line(form, _heading(table)), *(_line(form, row.cells) for row in rows)]
        (folder / name).write_bytes("".join(lines).encode(form.encoding))
        begins_at = 2
        for row, line in zip(rows, lines[1:], strict=True):
            if row.reason:
                expected.append(ExpectedRefusal(name, begins_at, row.column, row.reason))
            begins_at += line.count("\n")
    return expected


def _heading(table: str) -> list[str]:
    """Some machines shout, some put blanks around their names."""
    return [f" {name.upper()} " if table == "followups" else name for name in header(table)]


def _line(form: _Form, cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=form.delimiter, lineterminator=form.line_end).writerow(cells)
    return buffer.getvalue()
