"""A wrong cell is refused with file, line, column and reason; what may identify a patient is not quoted."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.sources import UnreadableFile
from tests.cohorts_tests.checked_files import CheckedFile, check_file, open_path

pytestmark = pytest.mark.django_db

PATIENTS = "patient_id,site,birth_year,sex\n"
PROCEDURES = "procedure_id,patient_id,performed_on,side,cpt,modifiers,surgeon,cup_fixation,stem_fixation\n"
DIAGNOSES = "diagnosis_id,patient_id,recorded_on,icd10cm\n"
FOLLOW_UPS = "followup_id,patient_id,side,seen_on,complication\n"


def _check(folder: Path, text: str | bytes, name: str = "file.csv") -> CheckedFile:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_file(path)


@pytest.mark.parametrize(
    ("text", "column", "value", "reason"),
    [
        (PATIENTS + ",A,1950,F\n", "patient_id", "", "is empty"),
        (PATIENTS + "=cmd|'/c calc'!A1,A,1950,F\n", "patient_id", "", "begins like a spreadsheet formula"),
        (PATIENTS + "+49,A,1950,F\n", "patient_id", "", "begins like a spreadsheet formula"),
        (PATIENTS + "@x,A,1950,F\n", "patient_id", "", "begins like a spreadsheet formula"),
        (PATIENTS + "x" * 65 + ",A,1950,F\n", "patient_id", "", "is longer than 64 characters"),
        (PATIENTS + "1,-A,1950,F\n", "site", "-A", "begins like a spreadsheet formula"),
        (PATIENTS + "1,A,1850,F\n", "birth_year", "", "is not a year of birth"),
        (PATIENTS + "1,A,2999,F\n", "birth_year", "", "is not a year of birth"),
        (PATIENTS + "1,A,1950-03-12,F\n", "birth_year", "", "is not a year of birth"),
        (PATIENTS + "1,A,²⁰²⁰,F\n", "birth_year", "", "is not a year of birth"),
        (PATIENTS + "1,A,1950,X\n", "sex", "X", "is not one of F, M, O"),
        (PROCEDURES + "1,1,2020-02-30,R,27130,,s,cementless,cementless\n", "performed_on", "2020-02-30",
         "is not a date of the form 2024-12-31"),
        (PROCEDURES + "1,1,01/02/2020,R,27130,,s,cementless,cementless\n", "performed_on", "01/02/2020",
         "is not a date of the form 2024-12-31"),
        (PROCEDURES + "1,1,2020-W05-1,R,27130,,s,cementless,cementless\n", "performed_on", "2020-W05-1",
         "is not a date of the form 2024-12-31"),
        (PROCEDURES + "1,1,1949-12-31,R,27130,,s,cementless,cementless\n", "performed_on", "1949-12-31",
         "lies before 1950 or in the future"),
        (PROCEDURES + "1,1,2999-01-01,R,27130,,s,cementless,cementless\n", "performed_on", "2999-01-01",
         "lies before 1950 or in the future"),
        (PROCEDURES + "1,1,2020-01-01,B,27130,,s,cementless,cementless\n", "side", "B", "is not one of R, L"),
        (PROCEDURES + "1,1,2020-01-01,r,27130,,s,cementless,cementless\n", "side", "r", "is not one of R, L"),
        (PROCEDURES + "1,1,2020-01-01,R,2713,,s,cementless,cementless\n", "cpt", "2713",
         "is not a CPT code of five digits"),
        (PROCEDURES + "1,1,2020-01-01,R,٢٧١٣٠,,s,cementless,cementless\n", "cpt", "٢٧١٣٠",
         "is not a CPT code of five digits"),
        (PROCEDURES + "1,1,2020-01-01,R,27130,52 LT,s,cementless,cementless\n", "modifiers", "52 LT",
         "is not a list of CPT modifiers such as 52;LT"),
        (PROCEDURES + f"1,1,2020-01-01,R,27130,{';'.join(['52'] * 14)},s,cementless,cementless\n", "modifiers",
         ";".join(["52"] * 14)[:40], "is not a list of CPT modifiers such as 52;LT"),
        ("site,name\n" + "A" * 41 + ",First\n", "site", "A" * 40, "is longer than 40 characters"),
        (PROCEDURES + "1,1,2020-01-01,R,27130,,s,glued,cementless\n", "cup_fixation", "glued",
         "is not one of cementless, cemented, unknown"),
        (DIAGNOSES + "1,1,2020-01-01,T84030A\n", "icd10cm", "T84030A", "is not an ICD-10-CM code such as T84.030A"),
        (DIAGNOSES + "1,1,2020-01-01,t84.030a\n", "icd10cm", "t84.030a", "is not an ICD-10-CM code such as T84.030A"),
        (FOLLOW_UPS + "1,1,R,2020-01-01,=HYPERLINK()\n", "complication", "=HYPERLINK()",
         "begins like a spreadsheet formula"),
        ("note_id,procedure_id,written_on,text\n1,1,2020-01-01,  \n", "text", "", "is empty"),
    ],
)  # fmt: skip
def test_it_says_where_and_why(tmp_path: Path, text: str, column: str, value: str, reason: str) -> None:
    checked = _check(tmp_path, text)
    assert checked.rows == []
    (refusal,) = checked.refusals
    assert refusal.line == 2
    assert (refusal.column, refusal.value, refusal.reason) == (column, value, reason)


def test_it_takes_the_good_rows_around_a_bad_one(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1,A,1950,F\n2,A,oops,F\n\n3,A,1952,M\n")
    assert [line for line, _ in checked.rows] == [2, 5]
    assert [refusal.line for refusal in checked.refusals] == [3]


def test_it_names_the_line_where_a_row_begins(tmp_path: Path) -> None:
    notes = 'note_id,procedure_id,written_on,text\n1,1,2020-01-01,"one\ntwo\nthree"\n2,1,yesterday,"one\ntwo"\n'
    checked = _check(tmp_path, notes)
    assert [line for line, _ in checked.rows] == [2]
    assert [refusal.line for refusal in checked.refusals] == [5]


def test_it_refuses_a_row_that_is_too_short(tmp_path: Path) -> None:
    (refusal,) = _check(tmp_path, PATIENTS + "1,A\n").refusals
    assert refusal.reason == "has 2 cells; 4 are needed"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_it_reads_what_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    text = "site,name,country\nA,Königsklinik,Österreich\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-with-mark" else text.encode(encoding)
    checked = _check(tmp_path, data)
    assert checked.rows == [(2, ["A", "Königsklinik", "Österreich"])]


def test_it_reads_macroman_where_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("site,name,country\nA,Königsklinik,Österreich\n".encode("mac-roman"))
    assert check_file(path, encoding="mac-roman").values == [["A", "Königsklinik", "Österreich"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_any_line_ends_and_semicolons(tmp_path: Path, end: str) -> None:
    checked = _check(tmp_path, end.join(["patient_id;site;birth_year;sex", "1;A;1950;F", ""]))
    assert [values for _, values in checked.rows] == [["1", "A", "1950", "F"]]


def test_it_takes_columns_in_any_order_and_ignores_others(tmp_path: Path) -> None:
    checked = _check(tmp_path, "sex,nickname, Birth_Year ,patient_id,site\nF,Jo,1950,1,A\n")
    assert [values for _, values in checked.rows] == [["1", "A", "1950", "F"]]


UNKNOWN_HEADER = "its header is none of the known ones"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "has no header"),
        (b"a,b,c\n1,2,3\n", UNKNOWN_HEADER),
        (b"1001,A,1950,F\n1002,A,1951,M\n", "has no header: its first line looks like a row"),
        (b"patient_id,site,site,birth_year,sex\n1,A,B,1950,F\n", "names \u201csite\u201d twice"),
        (b"PK\x03\x04" + bytes(range(256)), "is an Excel workbook or a ZIP archive"),
        (gzip.compress(PATIENTS.encode() * 1000), "is compressed (gzip)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is an old Excel workbook"),
        (b"%PDF-1.7\n" + bytes(range(256)), "is a PDF"),
        (bytes(range(256)) * 20, "is no text file"),
        (b"PAR1" + bytes(100), "is no Parquet file"),
        (PATIENTS.replace(",", " ").encode() + b"1 A 1950 F\n", UNKNOWN_HEADER),
        (b"\xff\xfe" + PATIENTS.encode("utf-16-le") + b"\x00\xd8\x41\x00", "is not utf-16-le"),
    ],
)
def test_it_refuses_a_file_it_cannot_read_at_all(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        _check(tmp_path, data)
    assert words in str(refusal.value)
    assert "1001" not in str(refusal.value)


def test_it_knows_each_kind_by_its_header_alone(tmp_path: Path) -> None:
    for kind in KINDS.values():
        assert _check(tmp_path, ",".join(kind.header) + "\n").opened.kind == kind.name


def test_it_shows_no_first_line_that_may_be_a_row(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("MRN-1001,A,1950,F\nMRN-1002,A,1951,M\n")
    opened = open_path(tmp_path / "file.csv")
    assert opened.source is not None
    assert (opened.source.header, opened.sample) == ([], [])


def test_it_reads_a_missing_column_as_nothing_said(tmp_path: Path) -> None:
    checked = _check(tmp_path, "procedure_id,patient_id,performed_on,side,cpt\n1,1,2020-01-01,R,27130\n")
    assert checked.values == [["1", "1", "2020-01-01", "R", "27130", None, None, None, None]]


def test_it_takes_an_empty_fixation_as_unknown(tmp_path: Path) -> None:
    checked = _check(tmp_path, PROCEDURES + "1,1,2020-01-01,R,27130,,,,cemented\n")
    assert checked.values[0][-2:] == ["unknown", "cemented"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PROCEDURES + "1,1,2020-01-01,R,27130,LT,s,unknown,unknown\n", "contradicts the side in the modifiers"),
        ("diagnosis_id,patient_id,recorded_on,icd10cm,side\n1,1,2020-01-01,T84.031A,R\n",
         "contradicts the side in the ICD-10-CM code"),
        ("diagnosis_id,patient_id,recorded_on,icd10cm,side\n1,1,2020-01-01,M97.01XA,L\n",
         "contradicts the side in the ICD-10-CM code"),
    ],
)  # fmt: skip
def test_it_refuses_sides_that_contradict_each_other(tmp_path: Path, text: str, reason: str) -> None:
    (refusal,) = _check(tmp_path, text).refusals
    assert (refusal.column, refusal.reason) == ("side", reason)


@pytest.mark.parametrize("code", ["T84.030A", "T84.51XD", "M97.01XS", "Z96.641", "T84.032A", "I10"])
def test_it_takes_codes_of_the_right_hip_of_another_joint_and_of_none(tmp_path: Path, code: str) -> None:
    checked = _check(tmp_path, f"diagnosis_id,patient_id,recorded_on,icd10cm,side\n1,1,2020-01-01,{code},R\n")
    assert checked.refusals == []


def test_it_warns_of_codes_that_it_does_not_know(tmp_path: Path) -> None:
    rows = "1,1,2020-01-01,T84.030\n2,1,2020-01-01,T84.030A\n3,1,2020-01-01,T84.030\n"
    checked = _check(tmp_path, DIAGNOSES + rows)
    assert checked.refusals == []
    assert checked.opened.warnings.as_json() == [
        {"kind": "diagnoses", "column": "icd10cm", "value": "T84.030", "reason": "has no seventh character A, D or S",
         "line": 2, "rows": 2},
    ]  # fmt: skip
