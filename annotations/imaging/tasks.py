from __future__ import annotations

from celery import shared_task

from annotations.imaging.models import IntakeFile
from annotations.imaging.services import process_intake_file
from common.sweeper import register_sweep, worker_name


@shared_task(name="imaging.process")
def process(*, file_id: int) -> None:
    process_intake_file(file_id, worker_name=worker_name())


register_sweep(IntakeFile, task="imaging.process", argument="file_id", queue="default")
