"""The rows of the registry in the platform's import format, and the truth that is kept apart from them."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from demo.notes import NoteTruth


@dataclass(frozen=True, slots=True)
class SiteRow:
    site: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class PatientRow:
    patient_id: str
    site: str
    birth_year: int
    sex: str


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    procedure_id: str
    patient_id: str
    performed_on: date
    side: str
    cpt: str
    modifiers: str
    surgeon: str
    cup_fixation: str
    stem_fixation: str


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    diagnosis_id: str
    patient_id: str
    recorded_on: date
    icd10cm: str


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    followup_id: str
    patient_id: str
    side: str
    seen_on: date
    complication: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    note_id: str
    procedure_id: str
    written_on: date
    text: str


@dataclass(frozen=True, slots=True)
class PatientTruth:
    """What the generator meant; never part of an import.

    `group` is one of candidate, revised_excluded, control_eligible, unrevised; `first_reason` says why a
    patient leaves (empty for candidates and eligible controls). `loose` is set for candidates only.
    """

    patient_id: str
    group: str
    first_reason: str
    side: str
    index_procedure_id: str
    loose: bool | None = None
    component: str = ""


@dataclass(slots=True)
class RegistryTables:
    sites: list[SiteRow] = field(default_factory=list)
    patients: list[PatientRow] = field(default_factory=list)
    procedures: list[ProcedureRow] = field(default_factory=list)
    diagnoses: list[DiagnosisRow] = field(default_factory=list)
    followups: list[FollowUpRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    truth: dict[str, PatientTruth] = field(default_factory=dict)
    note_truth: dict[str, NoteTruth] = field(default_factory=dict)

    def sha256(self) -> str:
        """Two registries with one hash have the same rows in the same order."""
        digest = hashlib.sha256()
        for table in FILES:
            for row in getattr(self, table):
                digest.update(repr(row).encode())
        return digest.hexdigest()


FILES: dict[str, type] = {
    "sites": SiteRow,
    "patients": PatientRow,
    "procedures": ProcedureRow,
    "diagnoses": DiagnosisRow,
    "followups": FollowUpRow,
    "notes": NoteRow,
}


def header(table: str) -> list[str]:
    return [column.name for column in fields(FILES[table])]


def write_csv(tables: RegistryTables, folder: Path) -> list[Path]:
    """Write one UTF-8 CSV file a table; truth is not written."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for table in FILES:
        path = folder / f"{table}.csv"
        names = header(table)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(names)
            writer.writerows([getattr(row, name) for name in names] for row in getattr(tables, table))
        written.append(path)
    return written
