from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from django.db.models import Count, Prefetch, QuerySet

from accounts.models import Person
from annotations.cohorts.import_models import RefusedRow, RegistryFile, RegistryImport
from annotations.cohorts.registry.cells import neutralised
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.sources import ADDED_COLUMNS
from common.encryption import decrypt
from common.errors import NotFound
from studies.models import Role
from studies.selectors import study_for


def registry_imports(actor: Person, slug: str) -> QuerySet[RegistryImport]:
    study = study_for(actor, slug, Role.COORDINATOR)
    imports = RegistryImport.objects.filter(study=study).select_related("study", "requested_by", "decided_by")
    files = Prefetch("files", RegistryFile.objects.order_by("number"))
    return imports.annotate(refused=Count("files__refused")).prefetch_related(files).order_by("-pk")


def registry_import_for(actor: Person, slug: str, import_id: int) -> RegistryImport:
    record = registry_imports(actor, slug).filter(pk=import_id).first()
    if record is None:
        raise NotFound("There is no such import.")
    return record


def registry_file_for(actor: Person, slug: str, import_id: int, number: int) -> RegistryFile:
    file = RegistryFile.objects.filter(
        registry_import=registry_import_for(actor, slug, import_id), number=number
    ).first()
    if file is None:
        raise NotFound("There is no such file in this import.")
    return file


def refused_rows(record: RegistryImport, *, number: int | None = None) -> QuerySet[RefusedRow]:
    rows = RefusedRow.objects.filter(file__registry_import=record).select_related("file")
    if number is not None:
        rows = rows.filter(file__number=number)
    return rows.order_by("file__number", "line", "kind").defer("cells_encrypted")


def refused_csv(file: RegistryFile, kind: str) -> Iterator[bytes]:
    """The refused rows as they came, with where and why beside them: to be corrected and imported again.

    Cells that a spreadsheet would calculate get an apostrophe in front, which an import takes away again.
    """
    if kind not in KINDS or kind not in file.tables:
        raise NotFound("This file has no rows of that kind.")
    rows = RefusedRow.objects.filter(file=file, kind=kind).order_by("line")
    if rows.filter(cells_encrypted=None).exists():
        raise NotFound("The cells of these rows are no longer kept.", code="cells_forgotten")
    return _as_csv(file, file.header or list(KINDS[kind].header), rows)


def _as_csv(file: RegistryFile, header: list[str], rows: QuerySet[RefusedRow]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _line([*header, *ADDED_COLUMNS])
    width = len(header)
    for row in rows.iterator(chunk_size=500):
        assert row.cells_encrypted is not None
        cells = json.loads(decrypt(row.cells_encrypted))
        own = [*cells, *[""] * (width - len(cells))][:width]
        yield _line([*own, file.name, str(row.line), row.column, row.reason])


def _line(cells: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([neutralised(cell) for cell in cells])
    return buffer.getvalue().encode()
