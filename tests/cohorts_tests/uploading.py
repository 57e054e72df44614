"""An import as the page makes it: files sent, a worker's work done, a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import Person
from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.registry_import import run_registry_import
from studies.models import Role, Study
from tests.factories import client_of, make_member


class Page:
    """A coordinator's browser."""

    def __init__(self, study: Study, person: Person | None = None) -> None:
        self.study = study
        self.person = person or make_member(study, Role.COORDINATOR)
        self.client: APIClient = client_of(self.person)
        self.address = f"/api/v1/studies/{study.slug}/registry/imports"

    def send(self, *files: Path | tuple[str, bytes], work: bool = True) -> dict[str, Any]:
        """Upload and, unless told otherwise, let a worker check."""
        uploads = [(f.name, f.read_bytes()) if isinstance(f, Path) else f for f in files]
        answer = self.client.post(
            self.address, {"files": [SimpleUploadedFile(name, data) for name, data in uploads]}, format="multipart"
        )
        assert answer.status_code == 201, answer.content
        body: dict[str, Any] = answer.json()
        return self.work(body["id"]) if work else body

    def work(self, import_id: int) -> dict[str, Any]:
        run_registry_import(import_id, worker_name="a test")
        return self.look(import_id)

    def look(self, import_id: int) -> dict[str, Any]:
        answer = self.client.get(f"{self.address}/{import_id}")
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def ask(self, import_id: int, what: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"{self.address}/{import_id}/{what}", body or {}, format="json")

    def apply(self, import_id: int) -> dict[str, Any]:
        answer = self.ask(import_id, "apply")
        assert answer.status_code == 200, answer.content
        return self.work(import_id)

    def refused_csv(self, import_id: int, number: int = 1) -> bytes:
        answer = self.client.get(f"{self.address}/{import_id}/files/{number}/refused.csv")
        assert answer.status_code == 200, answer.content
        return b"".join(answer)


def stored(import_id: int) -> RegistryImport:
    return RegistryImport.objects.get(pk=import_id)
