"""What the page is told of an import: names of columns and codes, never an identifier or a note."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.cohorts.import_models import ImportPhase, RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.selectors import refused_rows
from common.models import JobStatus

_SHOWN_REFUSALS = 20


class UploadRegistrySerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(), allow_empty=False)


class ChosenColumnsSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1)
    kind = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField(allow_blank=True))
    encoding = serializers.ChoiceField(
        choices=["", "utf-8", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"], required=False, default=""
    )


class CheckRegistrySerializer(serializers.Serializer[Any]):
    files = ChosenColumnsSerializer(many=True, required=False)


class ImportProgressSerializer(serializers.Serializer[Any]):
    """`done` of `total` is the share of the work; `rows` are those read so far, of the kind in `note`."""

    done = serializers.IntegerField(source="progress_done")
    total = serializers.IntegerField(source="progress_total")
    rows = serializers.IntegerField(source="progress_rows")
    note = serializers.CharField(source="progress_note")


class TableCountsSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


class ChangedColumnSerializer(serializers.Serializer[Any]):
    column = serializers.CharField()
    rows = serializers.IntegerField()


class ChangedCellSerializer(serializers.Serializer[Any]):
    """`patient` is a pseudonym; free text shows neither the old nor the new value."""

    line = serializers.IntegerField()
    patient = serializers.CharField()
    column = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class TableChangesSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    columns = ChangedColumnSerializer(many=True)
    cells = ChangedCellSerializer(many=True)


class ImportWarningSerializer(serializers.Serializer[Any]):
    """Odd, but taken. `line` is the first of `rows`."""

    kind = serializers.CharField()
    column = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    line = serializers.IntegerField()
    rows = serializers.IntegerField()


class IgnoredSerializer(serializers.Serializer[Any]):
    """A column without a meaning here (`rows` is 0), or a type of FHIR resource and how many there are."""

    name = serializers.CharField()
    rows = serializers.IntegerField()


class SuggestedColumnsSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    columns = serializers.DictField(child=serializers.CharField())


class RegistryFileSerializer(serializers.ModelSerializer[RegistryFile]):
    tables = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    warnings = ImportWarningSerializer(many=True)
    ignored = serializers.SerializerMethodField()
    header = serializers.ListField(child=serializers.CharField())
    sample = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    mapping = serializers.DictField(child=serializers.CharField())
    suggestion = serializers.SerializerMethodField()

    class Meta:
        model = RegistryFile
        fields = (
            "number", "name", "size", "format", "kind", "encoding", "header", "sample", "mapping", "suggestion",
            "problem", "tables", "changes", "warnings", "ignored",
        )  # fmt: skip

    @extend_schema_field(TableCountsSerializer(many=True))
    def get_tables(self, file: RegistryFile) -> list[dict[str, Any]]:
        return [{"kind": kind, **counts} for kind, counts in file.tables_in_order]

    @extend_schema_field(TableChangesSerializer(many=True))
    def get_changes(self, file: RegistryFile) -> list[dict[str, Any]]:
        return [
            {
                "kind": kind,
                "columns": [{"column": column, "rows": rows} for column, rows in changes["columns"].items()],
                "cells": changes["cells"],
            }
            for kind, changes in file.changes.items()
        ]

    @extend_schema_field(IgnoredSerializer(many=True))
    def get_ignored(self, file: RegistryFile) -> list[dict[str, Any]]:
        return [{"name": name, "rows": rows} for name, rows in file.ignored.items()]

    @extend_schema_field(SuggestedColumnsSerializer(allow_null=True))
    def get_suggestion(self, file: RegistryFile) -> dict[str, Any] | None:
        return file.suggestion or None


class FileCountsSerializer(serializers.Serializer[Any]):
    file = serializers.CharField()
    rows = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


class RefusedRowSerializer(serializers.ModelSerializer[RefusedRow]):
    file = serializers.CharField(source="file.name")
    number = serializers.IntegerField(source="file.number")

    class Meta:
        model = RefusedRow
        fields = ("file", "number", "kind", "line", "column", "value", "reason")


class RefusedRowPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    results = RefusedRowSerializer(many=True)


class RegistryImportSerializer(serializers.ModelSerializer[RegistryImport]):
    requested_by = serializers.CharField(source="requested_by.name", allow_null=True, default=None)
    decided_by = serializers.CharField(source="decided_by.name", allow_null=True, default=None)
    progress = ImportProgressSerializer(source="*")
    counts = serializers.SerializerMethodField()
    refused = serializers.IntegerField()
    refused_rows = serializers.SerializerMethodField()
    can_apply = serializers.SerializerMethodField()

    class Meta:
        model = RegistryImport
        fields = (
            "id", "phase", "status", "requested_by", "queued_at", "started_at", "finished_at", "decided_by",
            "decided_at", "kept_until", "dry_run", "progress", "failure_reason", "failure_advice", "counts",
            "refused", "refused_rows", "can_apply",
        )  # fmt: skip

    @extend_schema_field(FileCountsSerializer(many=True))
    def get_counts(self, record: RegistryImport) -> list[dict[str, Any]]:
        return [{"file": name, **counts} for name, counts in record.summary.items()]

    @extend_schema_field(RefusedRowSerializer(many=True))
    def get_refused_rows(self, record: RegistryImport) -> list[dict[str, Any]]:
        """The first few; all of them have an address of their own."""
        return list(RefusedRowSerializer(refused_rows(record)[:_SHOWN_REFUSALS], many=True).data)

    def get_can_apply(self, record: RegistryImport) -> bool:
        checked = record.phase == ImportPhase.CHECKED and record.status == JobStatus.SUCCEEDED
        return checked and not any(file.problem for file in record.files.all())


class RegistryImportDetailSerializer(RegistryImportSerializer):
    files = RegistryFileSerializer(many=True)

    class Meta(RegistryImportSerializer.Meta):
        fields = (*RegistryImportSerializer.Meta.fields, "files")  # type: ignore[assignment]


class ColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    about = serializers.CharField()
    example = serializers.CharField()
    is_required = serializers.BooleanField(source="required")


class FileKindSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=list(KINDS))
    about = serializers.CharField()
    columns = ColumnSerializer(many=True)


class SurgeonSerializer(serializers.Serializer[Any]):
    surgeon = serializers.CharField()
    procedures = serializers.IntegerField()
    person_id = serializers.IntegerField(allow_null=True)
    person = serializers.CharField(allow_null=True)


class PersonToLinkSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class LinkSurgeonSerializer(serializers.Serializer[Any]):
    surgeon = serializers.CharField(max_length=40)
    person_id = serializers.IntegerField(allow_null=True)
