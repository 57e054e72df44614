from __future__ import annotations

import pytest
from django.db import transaction

from common.enqueue import enqueue
from tests.messages import Messages

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_sends_only_after_the_commit(messages: Messages) -> None:
    with transaction.atomic():
        enqueue("experiments.train", run_id=7)
        assert messages.in_queue("training") == []
    assert messages.in_queue("training") == [("experiments.train", {"run_id": 7})]


def test_it_sends_nothing_when_the_transaction_is_undone(messages: Messages) -> None:
    with transaction.atomic():
        enqueue("experiments.train", run_id=7)
        transaction.set_rollback(True)
    assert messages.in_queue("training") == []
