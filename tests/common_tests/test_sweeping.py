from __future__ import annotations

import pytest
from django.db.models.functions import Now

from annotations.imaging.models import IntakeFile
from annotations.imaging.receiving import Upload, receive_files
from common import jobs
from common.models import LEASE
from common.sweeper import sweep
from config.celery import app
from tests.factories import make_study
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def discovered() -> None:
    """As a worker does when it starts: every app says which jobs it has."""
    app.loader.import_default_modules()


def _file() -> IntakeFile:
    return IntakeFile.objects.get(batch=receive_files(study=make_study(), uploads=[Upload("a", b"x")], actor=None))


def test_it_sends_again_what_was_lost(messages: Messages) -> None:
    file = _file()
    messages.forget()
    sweep()
    assert messages.in_queue("default") == [("imaging.process", {"file_id": file.pk})]


def test_it_sends_nothing_while_messages_wait(messages: Messages) -> None:
    _file()
    sweep()
    assert len(messages.in_queue("default")) == 1


def test_it_wakes_another_worker_for_one_that_died_and_leaves_the_living_alone(messages: Messages) -> None:
    dead, alive = _file(), _file()
    for file in (dead, alive):
        jobs.claim(IntakeFile, file.pk, worker_name="a worker")
    IntakeFile.objects.filter(pk=dead.pk).update(lease_until=Now() - LEASE)
    messages.forget()
    sweep()
    assert messages.in_queue("default") == [("imaging.process", {"file_id": dead.pk})]
