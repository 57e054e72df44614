"""Making many files: in parallel, once, the same bytes from any process."""

from __future__ import annotations

from pathlib import Path

from demo.phantom import make_phantom_files, phantom_dicom
from tests.demo_tests.phantom_cases import PERSON, drawn_case

JOBS = [(drawn_case(seed), PERSON) for seed in range(4)]


def test_it_makes_the_same_bytes_in_other_processes_and_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    paths = make_phantom_files(JOBS, tmp_path, workers=2, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 4) for done in range(5)]
    assert [path.read_bytes() for path in paths] == [phantom_dicom(*job) for job in JOBS]
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_it_renders_nothing_a_second_time(tmp_path: Path) -> None:
    first = make_phantom_files(JOBS[:1], tmp_path, workers=1, on_progress=lambda done, total: None)
    first[0].write_bytes(b"as it was")
    told: list[tuple[int, int]] = []
    again = make_phantom_files(
        JOBS[:1], tmp_path, workers=1, on_progress=lambda done, total: told.append((done, total))
    )
    assert again == first
    assert told == [(1, 1)]
    assert first[0].read_bytes() == b"as it was"


def test_it_names_files_so_that_the_name_tells_nothing(tmp_path: Path) -> None:
    (path,) = make_phantom_files(JOBS[:1], tmp_path, workers=1, on_progress=lambda done, total: None)
    for word in (PERSON.patient_id, JOBS[0][0].site, "loose", JOBS[0][0].component):
        assert not word or word not in path.name
