"""Files as they really arrive: what can be read is, and what cannot is named by its line."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from annotations.cohorts.registry.opening import open_file
from annotations.cohorts.registry.sources import LONGEST_LINE, UnreadableFile, Upload
from annotations.cohorts.registry.uploads import keep_upload, open_upload
from studies.models import Study
from tests.cohorts_tests.checked_files import CheckedFile, check_file

PATIENTS = "patient_id,site,birth_year,sex\n"
NOTES = "note_id,procedure_id,written_on,text\n"


def _check(folder: Path, text: str | bytes) -> CheckedFile:
    path = folder / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check_file(path)


def _refused(checked: CheckedFile) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for refusal in checked.refusals]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter_out(tmp_path: Path, delimiter: str) -> None:
    checked = _check(tmp_path, (PATIENTS + "1,A,1950,F\n").replace(",", delimiter))
    assert checked.values == [["1", "A", "1950", "F"]]


def test_it_passes_over_excels_hint_about_the_delimiter(tmp_path: Path) -> None:
    checked = _check(tmp_path, "sep=;\r\npatient_id;site;birth_year;sex\r\n1;A;1950;F\r\n")
    assert checked.rows == [(3, ["1", "A", "1950", "F"])]


def test_it_reads_mixed_line_ends(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1,A,1950,F\r\n2,A,1951,M\r3,A,1952,F\n")
    assert [line for line, _ in checked.rows] == [2, 3, 4]


def test_it_takes_a_header_alone_as_no_rows(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS)
    assert (checked.rows, checked.refusals) == ([], [])


def test_it_refuses_a_second_header(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1,A,1950,F\n" + PATIENTS + "2,A,1951,M\n")
    assert [line for line, _ in checked.rows] == [2, 4]
    assert _refused(checked) == [(3, "repeats the header")]


def test_it_refuses_rows_that_are_too_long_but_not_for_empty_cells(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1,A,1950,F,,\n2,A,1951,M,more\n3,A\n")
    assert [line for line, _ in checked.rows] == [2]
    assert _refused(checked) == [(3, "has 5 cells; the header has 4"), (4, "has 2 cells; 4 are needed")]


def test_it_refuses_a_zero_byte_and_goes_on(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + "1\x00,A,1950,F\n2,A,1951,M\n")
    assert [line for line, _ in checked.rows] == [3]
    assert _refused(checked) == [(2, "contains a zero byte")]


def test_it_loses_no_row_to_a_quotation_mark_that_nothing_closes(tmp_path: Path) -> None:
    rows = '1,A,1950,F\n"2,A,1951,M\n3,A,1952,F\n4,A,1953,M\n'
    checked = _check(tmp_path, PATIENTS + rows)
    assert [line for line, _ in checked.rows] == [2, 4, 5]
    assert _refused(checked) == [(3, "has a quotation mark that nothing closes, or one in the middle of a cell")]
    assert checked.refusals[0].cells == ('"2,A,1951,M\n',)


def test_it_loses_no_row_between_two_stray_quotation_marks(tmp_path: Path) -> None:
    rows = '1,P1,2020-01-01,"He said "loose" again."\n2,P2,2020-01-01,plain\n3,P3,2020-01-01,"two\nlines"\n'
    checked = _check(tmp_path, NOTES + rows)
    assert [(line, values[3]) for line, values in checked.rows] == [(3, "plain"), (4, "two\nlines")]
    assert [line for line, _ in _refused(checked)] == [2]


def test_it_keeps_the_cells_of_a_refused_row_as_they_came(tmp_path: Path) -> None:
    checked = _check(tmp_path, PATIENTS + '1," A ",oops,"F"\n')
    assert checked.refusals[0].cells == ("1", " A ", "oops", "F")


def test_it_refuses_a_note_that_is_too_long_and_no_other(tmp_path: Path) -> None:
    checked = _check(tmp_path, NOTES + f"1,P1,2020-01-01,{'x' * 70_000}\n2,P2,2020-01-01,short\n")
    assert [line for line, _ in checked.rows] == [3]
    assert _refused(checked) == [(2, "is longer than 65,536 characters")]


def test_it_refuses_a_first_line_without_end_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="its first line is longer than"):
        _check(tmp_path, "x" * (LONGEST_LINE + 10) + "\n" + PATIENTS)


def test_it_reads_a_header_in_quotation_marks(tmp_path: Path) -> None:
    checked = _check(tmp_path, '"patient_id";"site";"birth_year";"sex"\n"1";"A";"1950";"F"\n')
    assert checked.rows == [(2, ["1", "A", "1950", "F"])]


class _EndlessLine(io.RawIOBase):
    """A header, a good row, one line of two gigabytes that is never held anywhere, and a good row after it."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._before, self._left, self._after = (PATIENTS + "1,A,1950,F\n").encode(), size, b"\n2,A,1951,M\n"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return offset

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._before:
            data, self._before = self._before[: len(buffer)], self._before[len(buffer) :]
        elif self._left:
            data = b"x" * min(len(buffer), self._left)
            self._left -= len(data)
        else:
            data, self._after = self._after[: len(buffer)], self._after[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def test_it_refuses_a_line_without_end_and_never_holds_it(tmp_path: Path) -> None:
    size = 200 * 1024 * 1024

    def opened() -> BinaryIO:
        return io.BufferedReader(_EndlessLine(size), buffer_size=256 * 1024)

    file = open_file(Study(pk=0), 1, Upload("patients.csv", size, opened, "utf-8"))
    checker = file.checker("patients")
    tracemalloc.start()
    records = list(file.readable.records())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [(record.line, record.problem) for record in records] == [
        (2, ""), (3, f"is longer than {LONGEST_LINE:,} characters"), (4, "")
    ]  # fmt: skip
    assert checker.check(4, records[2].cells) == ["2", "A", "1951", "M"]
    assert most < 30 * 1024 * 1024


def test_it_reads_an_encrypted_upload_from_any_place(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000  # two pieces and a half

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(data), 70_001):
            yield data[start : start + 70_001]

    name, size = keep_upload("test", pieces())
    assert size == len(data)
    with open_upload(name) as stream:
        assert stream.read() == data
        for start in (0, 1_048_575, 1_048_576, 2_500_000, len(data) - 3, len(data)):
            stream.seek(start)
            assert stream.read(100) == data[start : start + 100]
        assert stream.seek(-5, io.SEEK_END) == len(data) - 5
        assert stream.read() == data[-5:]


def test_it_keeps_an_empty_upload(tmp_path: Path) -> None:
    name, size = keep_upload("test", [])
    with open_upload(name) as stream:
        assert (stream.read(), size) == (b"", 0)
    with pytest.raises(UnreadableFile, match="is empty"):
        _ = open_file(Study(pk=0), 1, Upload("x", 0, lambda: open_upload(name))).readable
