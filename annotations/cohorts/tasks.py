from __future__ import annotations

from celery import shared_task

from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.registry.services import forget_what_is_over
from annotations.cohorts.registry_import import run_registry_import
from common.sweeper import register_sweep, worker_name


@shared_task(name="cohorts.import_registry")
def import_registry(*, import_id: int) -> None:
    run_registry_import(import_id, worker_name=worker_name())


@shared_task(name="cohorts.forget_registry_uploads")
def forget_registry_uploads() -> None:
    forget_what_is_over()


register_sweep(RegistryImport, task="cohorts.import_registry", argument="import_id", queue="default")
