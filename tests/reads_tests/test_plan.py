from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from annotations.datasets.models import DatasetCase
from annotations.reads.models import Read
from annotations.reads.plan import planned_order
from tests.factories import make_session, make_study_to_read

pytestmark = pytest.mark.django_db


def test_it_stores_the_whole_plan_before_the_first_read_practice_first(tmp_path: Path) -> None:
    made = make_study_to_read(tmp_path)
    assert made.protocol is not None
    session = make_session(made.protocol)
    reads = list(Read.objects.filter(session=session).order_by("position"))
    tests = DatasetCase.objects.filter(version=made.version, part="test").count()
    assert [read.position for read in reads] == list(range(1, tests + 3))
    assert [read.is_practice for read in reads] == [True] * 2 + [False] * tests
    assert {read.state for read in reads} == {"planned"}
    assert len({read.code for read in reads}) == len(reads)


def test_it_gives_each_seed_an_order_of_its_own_and_the_same_seed_the_same(tmp_path: Path) -> None:
    made = make_study_to_read(tmp_path, loose=12, well_fixed=12)
    assert made.protocol is not None
    orders = []
    for seed in (3, 4, 3):
        session = make_session(made.protocol, seed=seed)
        orders.append(list(Read.objects.filter(session=session).order_by("position").values_list("case", flat=True)))
    assert orders[0] == orders[2]
    assert orders[0] != orders[1]


@pytest.mark.parametrize("seed", range(40))
def test_it_keeps_both_hips_of_a_patient_apart(seed: int) -> None:
    patients = [1, 1, 2, 2, 3, 3, 4, 5, 6]
    cases = [DatasetCase(number=number, patient_id=patient) for number, patient in enumerate(patients, start=1)]
    order = planned_order(cases, seed)
    assert sorted(case.number for case in order) == list(range(1, 10))
    assert all(a.patient_id != b.patient_id for a, b in pairwise(order))
