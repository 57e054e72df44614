"""A wrong cell is refused with file, line, column and reason; what may identify a patient is not quoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotations.cohorts.registry_files import KINDS, CheckedFile, check_file
from common.errors import Invalid

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
    assert (refusal.file, refusal.line) == ("file.csv", 2)
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


def test_it_refuses_a_key_that_appears_twice(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1,A,1950,F\n 1 ,A,1951,F\n")
    assert [(r.line, r.column, r.reason) for r in checked.refusals] == [
        (3, "patient_id", "appears a second time in this file")
    ]


def test_it_refuses_a_row_that_is_too_short(tmp_path: Path) -> None:
    (refusal,) = _check(tmp_path, PATIENTS + "1,A\n").refusals
    assert refusal.reason == "has 2 cells; 4 are needed"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-with-mark", "cp1252"])
def test_it_reads_what_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    text = "site,name,country\nA,Königsklinik,Österreich\n"
    data = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-with-mark" else text.encode(encoding)
    checked = _check(tmp_path, data)
    assert checked.rows == [(2, ["A", "Königsklinik", "Österreich"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_it_reads_any_line_ends_and_semicolons(tmp_path: Path, end: str) -> None:
    checked = _check(tmp_path, end.join(["patient_id;site;birth_year;sex", "1;A;1950;F", ""]))
    assert [values for _, values in checked.rows] == [["1", "A", "1950", "F"]]


def test_it_takes_columns_in_any_order_and_ignores_others(tmp_path: Path) -> None:
    checked = _check(tmp_path, "sex,nickname, Birth_Year ,patient_id,site\nF,Jo,1950,1,A\n")
    assert [values for _, values in checked.rows] == [["1", "A", "1950", "F"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "its header is none of the known ones"),
        (b"a,b,c\n1,2,3\n", "its header is none of the known ones"),
        (b"PK\x03\x04" + bytes(range(256)), "its header is none of the known ones"),
        (b'note_id,procedure_id,written_on,text\n1,1,2020-01-01,"' + b"x" * 70_000 + b'"\n', "line"),
    ],
)
def test_it_refuses_a_file_it_cannot_read_at_all(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _check(tmp_path, data)
    assert refusal.value.message.startswith("file.csv cannot be imported")
    assert words in refusal.value.message
    assert refusal.value.details[0]["field"] == "file.csv"


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refusal:
        check_file(tmp_path / "missing.csv")
    assert "No such file" in refusal.value.message


def test_it_knows_each_kind_by_its_header_alone(tmp_path: Path) -> None:
    for kind in KINDS.values():
        assert _check(tmp_path, ",".join(kind.header) + "\n").kind is kind
