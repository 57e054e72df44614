"""Imports of the registry: the files that came, what a check found in them, and the one decision about all of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from common.models import Job
from studies.models import Study

# A row may refer to rows of the kinds before its own.
KIND_ORDER = ("sites", "patients", "procedures", "diagnoses", "followups", "notes")


class ImportPhase(models.TextChoices):
    """How far an import has come; the job's status says whether somebody works on it."""

    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    DISCARDED = "discarded"


class RegistryImport(Job):
    """One decision about a set of files: applied as a whole, or not at all."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="registry_imports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    phase = models.CharField(max_length=12, choices=ImportPhase.choices, default=ImportPhase.CHECKING)
    # Looked at from the command line, never to be applied.
    dry_run = models.BooleanField(default=False)
    # The last import that had been applied when this one was checked: what the check found holds for that registry.
    checked_after = models.BigIntegerField(null=True)
    progress_rows = models.PositiveIntegerField(default=0)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # Until then the uploaded files wait, encrypted, for the decision.
    kept_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(phase__in=ImportPhase.values), name="import_phase_is_known"),
        ]

    @property
    def summary(self) -> dict[str, dict[str, int]]:
        """By file the rows that were counted; a FHIR file has an entry for each kind in it."""
        found: dict[str, dict[str, int]] = {}
        for file in sorted(self.files.all(), key=lambda file: file.number):
            for kind, counts in file.tables_in_order:
                found[file.name if len(file.tables) == 1 else f"{file.name} ({kind})"] = counts
        return found

    @property
    def refused_rows(self) -> list[dict[str, Any]]:
        rows = RefusedRow.objects.filter(file__registry_import=self).order_by("file__number", "line", "kind")
        fields = ("file", "line", "column", "value", "reason")
        found = rows.values_list("file__name", "line", "column", "value", "reason")
        return [dict(zip(fields, row, strict=True)) for row in found]


class RegistryFile(models.Model):
    """One file of an import, and what the check found in it."""

    registry_import = models.ForeignKey(RegistryImport, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    # The encrypted upload in the storage; empty once the import is decided.
    waiting_name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=12, blank=True)
    # One of the kinds, or "" while the columns are not understood and for FHIR, which mixes them.
    kind = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    header = models.JSONField(default=list)
    # The first rows, cells of identifiers and unknown columns in their shape only (A for a letter, 9 for a digit).
    sample = models.JSONField(default=list)
    # The kind and the columns that a header in other words most likely means.
    suggestion = models.JSONField(default=dict)
    # Our column -> the file's column.
    mapping = models.JSONField(default=dict)
    # Why the whole file cannot be taken, if so.
    problem = models.TextField(blank=True)
    # By kind: rows, new, changed, unchanged, refused.
    tables = models.JSONField(default=dict)
    # By kind: how many rows change in which column, and a few of them with old and new value.
    changes = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    # What was passed over: columns without a meaning here, FHIR resources of other types, with their number.
    ignored = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["registry_import", "number"], name="file_number_once_per_import"),
        ]

    @property
    def tables_in_order(self) -> list[tuple[str, dict[str, int]]]:
        kinds = [kind for kind in KIND_ORDER if kind in self.tables]
        return [(kind, self.tables[kind]) for kind in [*kinds, *sorted(self.tables.keys() - set(kinds))]]


class RefusedRow(models.Model):
    """One row that is not taken: where it stands and why. Its cells are encrypted, for the download alone."""

    file = models.ForeignKey(RegistryFile, on_delete=models.CASCADE, related_name="refused")
    kind = models.CharField(max_length=20, blank=True)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    cells_encrypted = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "line", "kind"], name="row_refused_once"),
        ]


class ColumnMapping(models.Model):
    """Which columns of a hospital's export mean ours; found again when a file with these columns comes next."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="column_mappings")
    kind = models.CharField(max_length=20)
    columns = models.JSONField()
    # SHA-256 over the file's names, so that each set of columns has one meaning.
    fingerprint = models.CharField(max_length=64)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "kind", "fingerprint"], name="mapping_once_per_columns"),
        ]
