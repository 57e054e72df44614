"""What a pixel's size means, by PS3.3 10.7.1.3."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.imaging.processing import process_bytes
from tests.radiograph_files import dicom_file

CASES: dict[str, tuple[dict[str, Any], tuple[float | None, float | None, str]]] = {
    "nothing": ({}, (None, None, "none")),
    "at the detector": ({"ImagerPixelSpacing": [0.15, 0.15]}, (0.15, 0.15, "at_detector")),
    "calibrated by a ball": (
        {"PixelSpacing": [0.12, 0.12], "ImagerPixelSpacing": [0.15, 0.15], "PixelSpacingCalibrationType": "FIDUCIAL"},
        (0.12, 0.12, "calibrated"),
    ),
    "calibrated without saying how": (
        {"PixelSpacing": [0.12, 0.12], "ImagerPixelSpacing": [0.15, 0.15]},
        (0.12, 0.12, "calibrated"),
    ),
    "copied from the detector": (
        {"PixelSpacing": [0.15, 0.15], "ImagerPixelSpacing": [0.15, 0.15]},
        (0.15, 0.15, "at_detector"),
    ),
    "magnified by a factor": (
        {"ImagerPixelSpacing": [0.15, 0.15], "EstimatedRadiographicMagnificationFactor": "1.25"},
        (0.12, 0.12, "estimated"),
    ),
    "magnified by distances": (
        {"ImagerPixelSpacing": [0.15, 0.15], "DistanceSourceToDetector": "1150", "DistanceSourceToPatient": "920"},
        (0.12, 0.12, "estimated"),
    ),
    "rows and columns differ": ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1, "at_detector")),
    "impossible": ({"ImagerPixelSpacing": [0, 0]}, (None, None, "none")),
    "enormous": ({"ImagerPixelSpacing": [500, 500]}, (None, None, "none")),
}


@pytest.mark.parametrize(("elements", "expected"), CASES.values(), ids=CASES.keys())
def test_it_says_what_the_millimetres_mean(
    elements: dict[str, Any], expected: tuple[float | None, float | None, str]
) -> None:
    fields = process_bytes(dicom_file(**elements), key=b"k" * 32).fields
    row, column, kind = expected
    assert fields["spacing_kind"] == kind
    assert fields["pixel_spacing_row_mm"] == (None if row is None else pytest.approx(row))
    assert fields["pixel_spacing_column_mm"] == (None if column is None else pytest.approx(column))
