"""A spreadsheet is read whole, or refused by row and column; a gap is told and never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mlworker.statistics.spreadsheet.cells import SpreadsheetError, read_sheet, sheet_of_text
from mlworker.statistics.spreadsheet.table import Table, table_of, with_thresholds

HEADER = "case,patient,truth,rater,kind,session,call,score\n"


def a_sheet(changed: Mapping[tuple[int, int], str] | None = None, *, header: str = HEADER) -> str:
    """Four cases, a model and a reader: rows 2 to 5 and 6 to 9; `changed` cells by row and column from 0."""
    rows = [
        [f"C{i}", f"P{i}", str(i % 2), rater, kind, "1", str(call), score]
        for rater, kind, calls in (("net", "model", (1, 0, 1, 0)), ("surgeon", "reader", (1, 0, 0, 0)))
        for i, (call, score) in enumerate(zip(calls, ("0.9", "0.2", "0.7", "0.4"), strict=True), start=1)
    ]
    for (row, column), text in (changed or {}).items():
        rows[row - 2][column] = text
    return header + "".join(",".join(row) + "\n" for row in rows)


def the_table(text: str) -> Table:
    return table_of(sheet_of_text(text))


def test_it_reads_raters_in_the_order_of_the_cases() -> None:
    table = the_table(a_sheet())
    assert table.cases == ("C1", "C2", "C3", "C4")
    assert table.truth.tolist() == [1, 0, 1, 0]
    assert [(r.key, r.kind) for r in table.raters] == [("net", "model"), ("surgeon", "reader")]
    assert table.raters[0].scores == (0.9, 0.2, 0.7, 0.4)
    lines = a_sheet().splitlines(keepends=True)
    turned = the_table(lines[0] + "".join(reversed(lines[1:])))
    assert turned.raters[-1].scores == (0.4, 0.7, 0.2, 0.9)


@pytest.mark.parametrize(
    ("row", "column", "text", "told"),
    [
        (3, 2, "2", "row 3, column truth: “2” is neither 0 nor 1."),
        (3, 2, "", "row 3, column truth: the cell is empty; truth must be 0 or 1."),
        (4, 4, "cnn", "row 4, column kind: “cnn” is neither model nor reader."),
        (5, 5, "first", "row 5, column session: “first” is no whole number from 1."),
        (6, 6, "loose", "row 6, column call: “loose” is neither 0 nor 1."),
        (7, 7, "nan", "row 7, column score: “nan” is no finite number."),
        (7, 7, "inf", "row 7, column score: “inf” is no finite number."),
        (8, 7, "high", "row 8, column score: “high” is no finite number."),
        (2, 0, "", "row 2, column case: the cell is empty."),
        (2, 3, "", "row 2, column rater: the cell is empty."),
        (7, 2, "1", "row 7, column truth: case C2 has “1” here and “0” in row 3."),
        (7, 1, "P9", "row 7, column patient: case C2 has “P9” here and “P2” in row 3."),
        (9, 4, "model", "row 9, column kind: surgeon is a model here and a reader in row 6."),
    ],
)
def test_it_names_the_row_and_the_column(row: int, column: int, text: str, told: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        the_table(a_sheet({(row, column): text}))
    assert told in refused.value.problems


def test_it_tells_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(SpreadsheetError) as refused:
        the_table(a_sheet({(3, 2): "x", (5, 6): "7", (8, 7): "?"}))
    assert len(refused.value.problems) == 3


def test_it_names_the_cases_that_a_reader_has_not_read() -> None:
    short = "".join(a_sheet().splitlines(keepends=True)[:-2])
    with pytest.raises(SpreadsheetError, match=r"surgeon, session 1, has no row for 2 of 4 cases: C3, C4\."):
        the_table(short)


def test_it_refuses_a_case_twice() -> None:
    with pytest.raises(SpreadsheetError, match="row 9, column case: surgeon has case C3 in session 1 in row 8 already"):
        the_table(a_sheet({(9, 0): "C3", (9, 1): "P3", (9, 2): "1"}))


def test_it_tells_what_is_missing_of_the_header() -> None:
    with pytest.raises(SpreadsheetError, match="row 1: the column truth is missing"):
        the_table("case,rater,kind,call\nC1,net,model,1\n")
    with pytest.raises(SpreadsheetError, match="neither a column call nor a column score"):
        the_table("case,truth,rater,kind\nC1,1,net,model\n")
    with pytest.raises(SpreadsheetError, match="no rows under the header"):
        the_table(HEADER)
    with pytest.raises(SpreadsheetError, match="the header with the columns' names is missing"):
        the_table("")
    with pytest.raises(SpreadsheetError, match="the column call is there 2 times"):
        the_table("case,truth,rater,kind,call,call\nC1,1,net,model,1,0\n")
    with pytest.raises(SpreadsheetError, match="row 3: 2 cells, but the header has 5"):
        the_table("case,truth,rater,kind,call\nC1,1,net,model,1\nC2,0\n")


def test_it_reads_what_spreadsheets_of_other_countries_write(tmp_path: Path) -> None:
    file = tmp_path / "study.csv"
    text = a_sheet({(2, 7): "0.55", (9, 7): "-80"}).replace(".", "§").replace(",", ";").replace("§", ",")
    file.write_bytes(b"\xef\xbb\xbf" + text.upper().replace("\n", "\r\n").encode())
    table = table_of(read_sheet(file))
    assert table.raters[0].scores == (0.55, 0.2, 0.7, 0.4)
    assert table.raters[1].scores[-1] == -80
    file.write_bytes("case;truth\nHüfte;1\n".encode("latin-1"))
    with pytest.raises(SpreadsheetError, match="row 2: the file is not UTF-8"):
        read_sheet(file)


def test_it_takes_off_the_sign_that_an_export_puts_before_a_formula() -> None:
    assert the_table(a_sheet({(2, 0): "'-1", (6, 0): "'-1"})).cases[0] == "-1"


def test_it_takes_an_empty_call_for_a_case_that_could_not_be_assessed() -> None:
    text = a_sheet({(8, 6): "", (8, 7): ""})
    left_out = the_table(text).raters[1]
    assert left_out.assessed().tolist() == [True, True, False, True]
    wrong = table_of(sheet_of_text(text), cannot_assess="wrong").raters[1]
    assert wrong.calls == (1, 0, 0, 0), "C3 is positive, and counts as missed"


def test_it_calls_at_a_threshold_that_was_fixed_elsewhere() -> None:
    scores_alone = a_sheet(dict.fromkeys([(row, 6) for row in (2, 3, 4, 5)], ""))
    table = the_table(scores_alone)
    assert not table.raters[0].has_calls
    assert with_thresholds(table, {"net": 0.7}).raters[0].calls == (1, 0, 1, 0)
    with pytest.raises(SpreadsheetError, match="There is no rater vgg to have a threshold; there are net, surgeon"):
        with_thresholds(table, {"vgg": 0.5})
    with pytest.raises(SpreadsheetError, match="surgeon has calls already"):
        with_thresholds(table, {"surgeon": 0.5})


def test_it_makes_subgroups_of_columns_that_belong_to_the_case() -> None:
    header = HEADER.replace("\n", ",site,mood\n")
    lines = a_sheet().splitlines()[1:]
    rows = [f"{line},{'North' if i % 4 < 2 else 'South'},{i}\n" for i, line in enumerate(lines)]
    table = the_table(header + "".join(rows))
    assert table.facts == {"site": ("North", "North", "South", "South")}
    assert "The column mood differs between rows of one case and makes no subgroups." in table.remarks


def test_it_shows_raters_by_their_names_where_these_tell_them_apart() -> None:
    lines = a_sheet(header=HEADER.replace("\n", ",name\n")).splitlines()
    named = [f"{line},{'DenseNet-201' if 'net' in line else 'Dr. Able'}" for line in lines[1:]]
    table = the_table("\n".join([lines[0], *named]))
    assert [(r.rater, r.key) for r in table.raters] == [("net", "DenseNet-201"), ("surgeon", "Dr. Able")]
    alike = the_table("\n".join([lines[0], *(f"{line},X" for line in lines[1:])]))
    assert [r.key for r in alike.raters] == ["net", "surgeon"]
