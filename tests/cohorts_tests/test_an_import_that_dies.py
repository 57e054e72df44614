"""A killed import leaves the registry whole, and another worker goes on; two imports take turns."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.models import Hip, Patient, PatientLink, Procedure
from annotations.cohorts.registry_import import import_registry, run_registry_import
from annotations.cohorts.tasks import import_registry as import_task
from common import jobs
from common.models import AuditEvent
from common.sweeper import sweep
from studies.models import Site, Study
from tests.cohorts_tests.uploading import Page, stored
from tests.factories import make_study
from tests.messages import Messages
from tests.registries import Registry, write_csv

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
_ROWS = 12_000


def _wait_until(state: Callable[[], bool]) -> None:
    while not state():
        time.sleep(0.02)


def _worker(import_id: int) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    arguments = ["-m", "tests.cohorts_tests.run_import_worker", str(connection.settings_dict["NAME"]), str(import_id)]
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": path})


def _files(folder: Path) -> list[Path]:
    folder.mkdir()
    header = ("patient_id", "site", "birth_year", "sex")
    procedures = ("procedure_id", "patient_id", "performed_on", "side", "cpt")
    return [
        write_csv(folder / "sites.csv", ("site", "name"), [("A", "First")]),
        write_csv(folder / "patients.csv", header, [(str(i), "A", "1950", "F") for i in range(2000)]),
        write_csv(folder / "procedures.csv", procedures,
                  [(f"P{i}", str(i % 2000), "2012-03-01", "RL"[i % 2], "27130") for i in range(_ROWS)]),
    ]  # fmt: skip


def _has_begun_to_write(study: Study) -> bool:
    """Another session holds locks on the table of procedures: the worker's transaction is in the middle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation "
            "WHERE c.relname = 'cohorts_patient' AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def _rows_of(study: Study) -> list[int]:
    return [
        Site.objects.filter(study=study).count(), Patient.objects.filter(study=study).count(),
        PatientLink.objects.filter(study=study).count(), Hip.objects.filter(patient__study=study).count(),
        Procedure.objects.filter(study=study).count(),
    ]  # fmt: skip


def test_it_leaves_the_registry_whole_and_another_worker_ends_it(tmp_path: Path, messages: Messages) -> None:
    study = make_study()
    page = Page(study)
    sent = page.send(*_files(tmp_path / "files"))
    page.ask(sent["id"], "apply")
    with _worker(sent["id"]) as worker:
        _wait_until(lambda: _has_begun_to_write(study))
        worker.kill()
    assert _rows_of(study) == [0, 0, 0, 0, 0]
    assert not AuditEvent.objects.filter(action="registry_imported").exists()
    assert stored(sent["id"]).status == "running"
    RegistryImport.objects.filter(pk=sent["id"]).update(lease_until=Now() - timedelta(seconds=1))
    messages.forget()
    sweep()
    assert messages.in_queue("default") == [("cohorts.import_registry", {"import_id": sent["id"]})]
    import_task(import_id=sent["id"])
    body = page.look(sent["id"])
    assert (body["phase"], body["status"]) == ("applied", "succeeded")
    assert _rows_of(study) == [1, 2000, 2000, 2000, _ROWS]
    assert stored(sent["id"]).attempts == 2


def test_it_gives_up_on_an_import_that_ends_its_workers(tmp_path: Path) -> None:
    study = make_study()
    page = Page(study)
    registry = Registry(study, tmp_path / "registry")
    registry.patient("1001")
    sent = page.send(*registry.write(), work=False)
    RegistryImport.objects.filter(pk=sent["id"]).update(attempts=5)
    body = page.work(sent["id"])
    assert (body["phase"], body["status"], body["can_apply"]) == ("checking", "failed", False)
    assert body["failure_reason"] == "This import has ended one worker after another."
    assert page.ask(sent["id"], "check").status_code == 200
    assert page.work(sent["id"])["phase"] == "checked"


def test_it_writes_nothing_when_another_worker_has_its_lease(tmp_path: Path) -> None:
    study = make_study()
    page = Page(study)
    registry = Registry(study, tmp_path / "registry")
    registry.patient("1001")
    sent = page.send(*registry.write())
    page.ask(sent["id"], "apply")
    with _turn_taken(study):
        worker = threading.Thread(target=_work_and_close, args=(sent["id"],))
        worker.start()
        _wait_until(lambda: stored(sent["id"]).status == "running")
        RegistryImport.objects.filter(pk=sent["id"]).update(lease_until=Now() - timedelta(seconds=1))
        assert jobs.claim(RegistryImport, sent["id"], worker_name="another worker") is not None
    worker.join()
    assert _rows_of(study) == [0, 0, 0, 0, 0]
    assert (stored(sent["id"]).status, stored(sent["id"]).worker_name) == ("running", "another worker")


def test_it_takes_turns_with_another_import(tmp_path: Path) -> None:
    study = make_study()
    registry = Registry(study, tmp_path / "registry")
    registry.revised_patient("1001")
    paths = registry.write()
    results: list[dict[str, int]] = []

    def work() -> None:
        record = import_registry(study=study, paths=paths, actor=None)
        results.append(record.summary["procedures.csv"])
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    with _turn_taken(study):
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result["new"] for result in results) == [0, 0, 2]
    assert sorted(result["unchanged"] for result in results) == [0, 2, 2]


class _turn_taken:  # noqa: N801 (read like a function)
    """As if another import into this study were in the middle of its work."""

    def __init__(self, study: Study) -> None:
        self._keys = [0x4C555249, study.pk]

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", self._keys)

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", self._keys)


def _work_and_close(import_id: int) -> None:
    try:
        run_registry_import(import_id, worker_name="first")
    finally:
        connection.close()
