"""Nothing but the signs of loosening tells the label: no header field, no border, no marker, no statistic of grey.

Each patient is rendered twice, loose and well fixed, so that everything else is exactly balanced: an area under the
curve away from one half could only come from the label.
"""

from __future__ import annotations

import dataclasses
import io
from collections import Counter

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from demo.phantom import PhantomCase, render_phantom
from demo.phantom.dicom_file import file_of
from tests.demo_tests.phantom_cases import PERSON, SITES, drawn_case

PATIENTS = 60
# Two standard errors of the AUC of 60 against 60 cases without any signal (Hanley and McNeil 1982: 0.053).
CHANCE = 0.106


def both_ways(seed: int) -> tuple[PhantomCase, PhantomCase]:
    loose = drawn_case(seed, loose=True)
    return dataclasses.replace(loose, loose=False, component=""), loose


@pytest.fixture(scope="module")
def features() -> tuple[dict[str, NDArray[np.float64]], NDArray[np.int64]]:
    rows, labels = [], []
    for seed in range(PATIENTS):
        for case in both_ways(seed):
            rendered = render_phantom(case, reduction=8)
            rows.append(statistics(rendered.unit()) | {"window": rendered.window[0], "width": rendered.window[1]})
            labels.append(int(case.loose))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}, np.array(labels)


def statistics(unit: NDArray[np.float32]) -> dict[str, float]:
    """What a network could learn instead of the signs."""
    rows, columns = unit.shape
    ring = np.ones(unit.shape, bool)
    ring[rows // 12 : -(rows // 12), columns // 12 : -(columns // 12)] = False
    middle = unit[rows // 4 : -(rows // 4), columns // 4 : -(columns // 4)]
    result = {f"percentile {share}": float(np.percentile(unit, share)) for share in (1, 5, 25, 50, 75, 95, 99)}
    result |= {
        "mean": float(unit.mean()), "spread": float(unit.std()), "border": float(unit[ring].mean()),
        "border spread": float(unit[ring].std()), "middle": float(middle.mean()), "top": float(unit[:20].mean()),
        "bottom": float(unit[-20:].mean()), "left": float(unit[:, :20].mean()), "right": float(unit[:, -20:].mean()),
        "white": float((unit > 0.9).mean()), "black": float((unit < 0.02).mean()), "rows": float(rows),
        "columns": float(columns),
    }  # fmt: skip
    for place, part in enumerate(
        np.array_split(unit[:, : columns // 2], 2) + np.array_split(unit[:, columns // 2 :], 2)
    ):
        result[f"quadrant {place}"] = float(part.mean())
    return result


def test_it_lets_no_single_statistic_of_the_picture_predict_the_label(
    features: tuple[dict[str, NDArray[np.float64]], NDArray[np.int64]],
) -> None:
    by_name, labels = features
    areas = {name: float(roc_auc_score(labels, values)) for name, values in by_name.items()}
    assert {name: area for name, area in areas.items() if abs(area - 0.5) > CHANCE} == {}


def test_it_would_notice_a_statistic_that_leaks(
    features: tuple[dict[str, NDArray[np.float64]], NDArray[np.int64]],
) -> None:
    by_name, labels = features
    leaking = by_name["mean"] + labels * by_name["mean"].std()
    assert roc_auc_score(labels, leaking) > 0.5 + CHANCE


@pytest.mark.parametrize("site", SITES)
def test_it_writes_the_same_header_whatever_the_label(site: str) -> None:
    headers = []
    for case in both_ways(int(site[1:]) + 100):
        there = dataclasses.replace(case, site=site)
        dataset = pydicom.dcmread(io.BytesIO(file_of(there, PERSON, render_phantom(there, reduction=8))))
        del dataset.PixelData
        headers.append(dataset)
    assert headers[0] == headers[1]
    assert headers[0].file_meta == headers[1].file_meta


def test_it_takes_side_and_site_from_the_case_alone() -> None:
    counts = Counter((case.loose, case.site) for case in (drawn_case(seed) for seed in range(3200)))
    for site in SITES:
        assert counts[True, site] > 0
        assert counts[False, site] > 0
