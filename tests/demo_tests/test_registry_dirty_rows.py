"""The demo's dirty files: the import refuses exactly the rows that it must, with the reason, and keeps the rest."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotations.cohorts.models import Diagnosis, FollowUp, OperativeNote, Patient, Procedure
from annotations.cohorts.registry_import import import_registry
from common.encryption import decrypt
from demo.registry import dirty_rows, write_dirty_files
from studies.models import Study

pytestmark = pytest.mark.django_db


def test_it_refuses_exactly_the_dirty_rows_and_keeps_the_odd_ones(tmp_path: Path) -> None:
    study = Study.objects.create(slug="dirty", title="Dirty")
    expected = write_dirty_files(tmp_path)
    record = import_registry(study=study, paths=sorted(tmp_path.glob("*.csv")), actor=None)

    refused = {(row["file"], row["line"], row["column"], row["reason"]) for row in record.refused_rows}
    assert refused == {(row.file, row.line, row.column, row.reason) for row in expected}
    assert len(record.refused_rows) == len(expected) == sum(1 for row in dirty_rows() if row.reason)

    good = Counter(row.table for row in dirty_rows() if not row.reason and any(row.cells))
    assert Patient.objects.filter(study=study).count() == good["patients"]
    assert Procedure.objects.filter(study=study).count() == good["procedures"]
    assert Diagnosis.objects.filter(study=study).count() == good["diagnoses"]
    assert FollowUp.objects.filter(study=study).count() == good["followups"]
    assert OperativeNote.objects.filter(study=study).count() == good["notes"]


def test_it_reads_every_encoding_and_quoted_line_ends_as_they_were_meant(tmp_path: Path) -> None:
    study = Study.objects.create(slug="dirty", title="Dirty")
    write_dirty_files(tmp_path)
    import_registry(study=study, paths=sorted(tmp_path.glob("*.csv")), actor=None)

    assert set(study.sites.values_list("name", flat=True)) == {"Klinik am Südhang", "Sant'Orsola, Torre"}
    assert set(Procedure.objects.filter(study=study).values_list("surgeon", flat=True)) == {"Müller", "D’Angelo", ""}
    texts = [decrypt(note.text_encrypted) for note in OperativeNote.objects.filter(study=study)]
    assert 'Findings: the cup was "grossly loose",\nand came out by hand.\n\nNo pus.' in texts


def test_it_quotes_no_identifier_in_a_refusal(tmp_path: Path) -> None:
    study = Study.objects.create(slug="dirty", title="Dirty")
    write_dirty_files(tmp_path)
    record = import_registry(study=study, paths=sorted(tmp_path.glob("*.csv")), actor=None, dry_run=True)
    for row in record.refused_rows:
        if row["column"].endswith("_id") or row["column"] == "text":
            assert row["value"] == ""
    assert Patient.objects.filter(study=study).count() == 0
