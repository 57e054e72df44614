from __future__ import annotations

import numpy as np
import pytest

from annotations.datasets.models import DatasetCase
from mlworker.engine.configuration import configuration_from
from mlworker.experiments.arrays import image_stack, is_mirrored, labelled_images
from tests.experiments_tests.small_study import QUICK, SmallStudy

pytestmark = pytest.mark.django_db(transaction=True)
AS_THEY_ARE = configuration_from("compact", QUICK)
MIRRORED = configuration_from("compact", QUICK | {"mirror": "right", "flip": 0})


def test_it_shows_the_network_every_hip_as_a_right_one(small_study: SmallStudy) -> None:
    cases = list(DatasetCase.objects.filter(version=small_study.version).select_related("hip").order_by("number"))
    assert {case.hip.side for case in cases} == {"L", "R"}
    plain, mirrored = image_stack(cases, AS_THEY_ARE), image_stack(cases, MIRRORED)
    for case, as_it_is, seen in zip(cases, plain, mirrored, strict=True):
        assert not np.array_equal(as_it_is, as_it_is[:, ::-1])
        assert np.array_equal(seen, as_it_is[:, ::-1] if case.hip.side == "L" else as_it_is)
        assert is_mirrored(case, MIRRORED) == (case.hip.side == "L")


def test_it_keeps_mirrored_arrays_apart_from_the_others(small_study: SmallStudy) -> None:
    plain = labelled_images(small_study.version, "training", AS_THEY_ARE)
    mirrored = labelled_images(small_study.version, "training", MIRRORED)
    assert plain.case_ids == mirrored.case_ids
    assert plain.sha256 != mirrored.sha256
    assert labelled_images(small_study.version, "training", AS_THEY_ARE).sha256 == plain.sha256
