from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from annotations.imaging.processing import process_bytes


def test_it_writes_files_that_an_intake_accepts_and_their_truth(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    call_command("demo_files", str(folder), radiographs=2)
    truth = json.loads((folder / "truth" / "radiographs.json").read_text())
    for name, told in truth.items():
        outcome = process_bytes((folder / "radiographs" / name).read_bytes(), key=b"k" * 32)
        assert outcome.outcome == "accepted"
        assert set(told["truth"]["zone_width_mm"]) == {"G1", "G2", "G3", "G4", "G5", "G6", "G7", "D1", "D2", "D3"}
    assert len((folder / "registry" / "patients.csv").read_text().splitlines()) == 15_278
    refusals = json.loads((folder / "truth" / "expected-refusals.json").read_text())
    assert {refusal["file"] for refusal in refusals} >= {"patients.csv", "procedures.csv", "notes.csv"}


def test_it_leaves_a_folder_alone_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo_files", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["kept.txt"]
