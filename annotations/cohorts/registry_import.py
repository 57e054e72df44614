"""Importing a registry: checked rows become pseudonymous rows, all of them in one transaction or none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.cohorts import registry_upsert as upsert
from annotations.cohorts.identifiers import identifier_hash, pseudonym, registry_key
from annotations.cohorts.import_models import ImportPhase, RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.models import Hip, OperativeNote, Patient, PatientLink, Procedure
from annotations.cohorts.registry_files import CheckedFile, check_file
from common import audit
from common.encryption import encrypt
from common.errors import Invalid
from common.models import JobStatus
from studies.models import Site, Study

Progress = Callable[[str, int, int], None]
# A row may refer to rows of the kinds before it.
ORDER = ("sites", "patients", "procedures", "diagnoses", "followups", "notes")


class _UndoError(Exception):
    """Rolls a dry run back."""


def import_registry(
    *,
    study: Study,
    paths: Sequence[Path],
    actor: Person | None,
    dry_run: bool = False,
    on_progress: Progress = lambda kind, done, total: None,
) -> RegistryImport:
    """Import files of any kinds together. The good rows are applied; each refused row is listed with its reason."""
    files = [check_file(path) for path in paths]
    if not files:
        raise Invalid("Name at least one file.", details=[{"field": "files", "message": "none given"}])
    files.sort(key=lambda file: ORDER.index(file.kind.name))
    summary: dict[str, dict[str, int]] = {}
    try:
        with transaction.atomic():
            # Two imports at once take turns.
            Study.objects.select_for_update().get(pk=study.pk)
            for file in files:
                on_progress(file.kind.name, 0, len(file.rows))
                summary[file.path.name] = _Importer(study, file).run()
                on_progress(file.kind.name, len(file.rows), len(file.rows))
            if dry_run:
                raise _UndoError
            upsert.refresh_statistics()
    except _UndoError:
        return _record(study, files, summary, actor, dry_run=True)
    return _record(study, files, summary, actor, dry_run=False)


def _record(
    study: Study, files: Sequence[CheckedFile], summary: dict[str, Any], actor: Person | None, *, dry_run: bool
) -> RegistryImport:
    refused = sum(len(file.refusals) for file in files)
    with transaction.atomic():
        record = RegistryImport.objects.create(
            study=study, requested_by=actor, dry_run=dry_run, status=JobStatus.SUCCEEDED, finished_at=timezone.now(),
            phase=ImportPhase.DISCARDED if dry_run else ImportPhase.APPLIED,
        )  # fmt: skip
        for number, file in enumerate(files, start=1):
            kind = file.kind.name
            part = RegistryFile.objects.create(
                registry_import=record, number=number, name=file.path.name, format="csv", kind=kind,
                tables={kind: summary[file.path.name]},
            )  # fmt: skip
            RefusedRow.objects.bulk_create(
                RefusedRow(file=part, kind=kind, line=r.line, column=r.column, value=r.value, reason=r.reason)
                for r in file.refusals
            )
        if not dry_run:
            audit.record(
                actor=actor, action="registry_imported", subject=f"registry_import:{record.pk}",
                study_slug=study.slug, payload={"refused": refused, "summary": json.loads(json.dumps(summary))},
            )  # fmt: skip
    return record


class _Importer:
    """One file: resolves what its rows refer to, refuses what refers to nothing, and writes the rest."""

    def __init__(self, study: Study, file: CheckedFile) -> None:
        self._study = study
        self._file = file

    def run(self) -> dict[str, int]:
        write: Callable[[], upsert.Counts] = getattr(self, f"_{self._file.kind.name}")
        counts = write()
        return {
            "rows": len(self._file.rows), "refused": len(self._file.refusals), "new": counts.new,
            "changed": counts.changed, "unchanged": counts.unchanged,
        }  # fmt: skip

    def _sites(self) -> upsert.Counts:
        rows = [(self._study.pk, *values) for _, values in self._file.rows]
        return upsert.sites(rows)

    def _patients(self) -> upsert.Counts:
        sites = dict(Site.objects.filter(study=self._study).values_list("code", "pk"))
        known = dict(
            PatientLink.objects.filter(study=self._study).values_list("identifier_hash", "patient__site__code")
        )
        rows, links = [], []
        for line, (identifier, site, birth_year, sex) in self._good_rows():
            if site not in sites:
                self._refuse(line, "site", site, "is no site of this study; import the sites first")
                continue
            hashed = identifier_hash(self._study, identifier)
            if known.get(hashed, site) != site:
                self._refuse(line, "site", site, "this patient is already in the registry at another site")
                continue
            name = pseudonym(self._study, identifier)
            rows.append((self._study.pk, sites[site], name, int(birth_year), sex))
            if hashed not in known:
                links.append((name, hashed, identifier))
        counts = upsert.patients(rows)
        self._link(links)
        return counts

    def _link(self, links: Iterable[tuple[str, str, str]]) -> None:
        patients = dict(Patient.objects.filter(study=self._study).values_list("pseudonym", "pk"))
        PatientLink.objects.bulk_create(
            (
                PatientLink(
                    study=self._study, patient_id=patients[name], identifier_hash=hashed,
                    identifier_encrypted=encrypt(identifier),
                )
                for name, hashed, identifier in links
            ),
            batch_size=2000,
        )  # fmt: skip

    def _procedures(self) -> upsert.Counts:
        rows = []
        good = [(line, values, patient) for line, values, patient in self._with_patient(1)]
        hips = self._hips({(patient, values[3]) for _, values, patient in good})
        for _, values, patient in good:
            key = registry_key(self._study, "procedure", values[0])
            rows.append((self._study.pk, hips[patient, values[3]], key, values[2], *values[4:]))
        return upsert.procedures(rows)

    def _diagnoses(self) -> upsert.Counts:
        rows = [
            (self._study.pk, patient, registry_key(self._study, "diagnosis", values[0]), values[2], values[3])
            for _, values, patient in self._with_patient(1)
        ]
        return upsert.diagnoses(rows)

    def _followups(self) -> upsert.Counts:
        good = list(self._with_patient(1))
        hips = self._hips({(patient, values[2]) for _, values, patient in good})
        rows = [
            (self._study.pk, hips[patient, values[2]], registry_key(self._study, "followup", values[0]),
             values[3], values[4] or "none")
            for _, values, patient in good
        ]  # fmt: skip
        return upsert.follow_ups(rows)

    def _notes(self) -> upsert.Counts:
        procedures = dict(Procedure.objects.filter(study=self._study).values_list("registry_key", "pk"))
        taken = dict(OperativeNote.objects.filter(study=self._study).values_list("procedure_id", "registry_key"))
        rows = []
        for line, (note, procedure, written_on, text) in self._good_rows():
            procedure_id = procedures.get(registry_key(self._study, "procedure", procedure))
            if procedure_id is None:
                self._refuse(line, "procedure_id", "", "names a procedure that is not in the registry")
                continue
            key = registry_key(self._study, "note", note)
            if taken.setdefault(procedure_id, key) != key:
                self._refuse(line, "procedure_id", "", "names a procedure that has a note already")
                continue
            rows.append((self._study.pk, procedure_id, key, written_on, text))
        return upsert.notes(rows)

    def _good_rows(self) -> list[tuple[int, list[str]]]:
        return list(self._file.rows)

    def _with_patient(self, position: int) -> Iterable[tuple[int, list[str], int]]:
        known = dict(PatientLink.objects.filter(study=self._study).values_list("identifier_hash", "patient_id"))
        hashes: dict[str, int | None] = {}
        for line, values in self._good_rows():
            identifier = values[position]
            if identifier not in hashes:
                hashes[identifier] = known.get(identifier_hash(self._study, identifier))
            patient = hashes[identifier]
            if patient is None:
                self._refuse(line, "patient_id", "", "names a patient who is not in the registry")
                continue
            yield line, values, patient

    def _hips(self, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
        Hip.objects.bulk_create(
            (Hip(patient_id=patient, side=side) for patient, side in sorted(wanted)),
            ignore_conflicts=True,
            batch_size=5000,
        )
        rows = Hip.objects.filter(patient__study=self._study).values_list("patient_id", "side", "pk")
        return {(patient, side): pk for patient, side, pk in rows}

    def _refuse(self, line: int, column: str, value: str, reason: str) -> None:
        self._file.refuse(line, column, value, reason)
