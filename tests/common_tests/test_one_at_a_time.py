"""Two commands that would do the same thing at once: the second says that it waits, and goes on afterwards."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from common.one_at_a_time import LOADING_THE_DEMO, MIGRATING, one_at_a_time

pytestmark = pytest.mark.django_db(transaction=True)


class Second(threading.Thread):
    def __init__(self, lock: int) -> None:
        super().__init__()
        self.lock = lock
        self.waits = threading.Event()
        self.works = threading.Event()

    def run(self) -> None:
        try:
            with one_at_a_time(self.lock, on_wait=self.waits.set):
                self.works.set()
        finally:
            connection.close()


def test_it_lets_the_second_wait_until_the_first_has_done() -> None:
    second = Second(LOADING_THE_DEMO)
    with one_at_a_time(LOADING_THE_DEMO, on_wait=pytest.fail):
        second.start()
        second.waits.wait()
        assert not second.works.is_set()
    second.join()
    assert second.works.is_set()


def test_it_lets_others_go_on_with_other_things() -> None:
    second = Second(MIGRATING)
    with one_at_a_time(LOADING_THE_DEMO, on_wait=pytest.fail):
        second.start()
        second.join()
    assert second.works.is_set()
    assert not second.waits.is_set()


def test_it_gives_the_lock_back_after_a_failure() -> None:
    with pytest.raises(RuntimeError), one_at_a_time(MIGRATING, on_wait=pytest.fail):
        raise RuntimeError
    second = Second(MIGRATING)
    second.start()
    second.join()
    assert not second.waits.is_set()
