"""Stored values become grey as PS3.3 C.11.2 and PS3.4 N.2 say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from annotations.imaging.decoding import decode_frame
from annotations.imaging.rendering import presentable, render_8_bit, render_unit
from tests.radiograph_files import dicom_data

EXPLICIT = "1.2.840.10008.1.2.1"


def _stored(values: list[int], dtype: Any = np.uint16) -> NDArray[Any]:
    return np.array([values], dtype=dtype)


def _grey(values: list[int], dtype: Any = np.uint16, **elements: Any) -> list[int]:
    data = dicom_data(_stored(values, dtype), **elements)
    image = presentable(data, decode_frame(data, EXPLICIT))
    return [int(value) for value in render_8_bit(image)[0]]


def test_it_stretches_from_lowest_to_highest_without_a_window() -> None:
    assert _grey([100, 200, 300]) == [0, 127, 255]


def test_it_inverts_monochrome1_once() -> None:
    assert _grey([100, 200, 300], PhotometricInterpretation="MONOCHROME1") == [255, 127, 0]
    elements = {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "INVERSE"}
    assert _grey([100, 200, 300], **elements) == [255, 127, 0]


def test_it_inverts_monochrome2_when_the_presentation_says_so() -> None:
    assert _grey([100, 200, 300], PresentationLUTShape="INVERSE") == [255, 127, 0]


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        # The formulas of C.11.2.1.2: LINEAR has its ends at c - 0.5 ± (w - 1) / 2, LINEAR_EXACT at c ± w / 2;
        # SIGMOID is half at c and never quite black or white.
        ("LINEAR", [0, 1499, 1500, 2000, 2498, 2499, 4095], [0, 0, 0, 127, 254, 255, 255]),
        ("LINEAR_EXACT", [0, 1500, 1750, 2000, 2500, 4095], [0, 0, 63, 127, 255, 255]),
        ("SIGMOID", [1500, 2000, 2500], [30, 127, 224]),
    ],
)
def test_it_applies_each_window_function(function: str, values: list[int], expected: list[int]) -> None:
    assert _grey(values, WindowCenter=2000, WindowWidth=1000, VOILUTFunction=function) == expected


def test_it_takes_an_unknown_function_as_linear() -> None:
    window = {"WindowCenter": 2000, "WindowWidth": 1000}
    assert _grey([1500, 2000, 2500], VOILUTFunction="CUBIC", **window) == _grey([1500, 2000, 2500], **window)


def test_it_takes_the_first_of_several_windows() -> None:
    several = _grey([1500, 2000, 2500], WindowCenter=[2000, 50], WindowWidth=[1000, 10])
    assert several == _grey([1500, 2000, 2500], WindowCenter=2000, WindowWidth=1000)


@pytest.mark.parametrize(("center", "width"), [(2000, 0), (2000, -5), (2000, None), (None, 1000), (2000, 0.5)])
def test_it_stretches_when_the_window_is_unusable(center: float | None, width: float | None) -> None:
    window = {name: value for name, value in (("WindowCenter", center), ("WindowWidth", width)) if value is not None}
    assert _grey([100, 200, 300], **window) == [0, 127, 255]


def test_it_cuts_in_two_with_a_linear_window_of_one() -> None:
    assert _grey([1998, 1999, 2000, 2001], WindowCenter=2000, WindowWidth=1) == [0, 0, 255, 255]


def test_it_windows_in_modality_values() -> None:
    elements = {"RescaleSlope": 2, "RescaleIntercept": -1000, "WindowCenter": 0, "WindowWidth": 1000}
    assert _grey([250, 500, 750], **elements) == _grey([0, 500, 1000], WindowCenter=500, WindowWidth=1000)


def test_it_turns_the_picture_with_a_negative_slope() -> None:
    assert _grey([100, 200, 300], RescaleSlope=-1, RescaleIntercept=4095) == [255, 127, 0]


def test_it_reads_signed_values() -> None:
    assert _grey([-200, 0, 200], np.int16, BitsStored=16, HighBit=15) == [0, 127, 255]
    # Twelve signed bits in sixteen: the sign is bit 11.
    twelve = _grey([0xFF38, 0, 200], np.uint16, BitsStored=12, PixelRepresentation=1)
    assert twelve == [0, 127, 255]


def test_it_drops_what_hides_above_the_stored_bits() -> None:
    plain = _grey([100, 200, 300])
    assert _grey([100 | 0x8000, 200 | 0x4000, 300], BitsStored=12) == plain


def test_it_aligns_pixels_that_are_kept_in_the_high_bits() -> None:
    shifted = [value << 4 for value in (100, 200, 300)]
    assert _grey(shifted, BitsStored=12, HighBit=15) == [0, 127, 255]


def test_it_leaves_padding_out_of_the_stretch() -> None:
    assert _grey([0, 0, 100, 200, 300], PixelPaddingValue=0)[2:] == [0, 127, 255]
    ranged = _grey([0, 1, 2, 100, 200, 300], PixelPaddingValue=0, PixelPaddingRangeLimit=2)
    assert ranged[3:] == [0, 127, 255]


def _table(descriptor: list[int], entries: list[int]) -> Sequence:
    item = Dataset()
    item.LUTDescriptor = descriptor
    item.LUTData = np.array(entries, dtype="<u2").tobytes()
    item["LUTData"].VR = "OW"
    return Sequence([item])


def test_it_applies_a_voi_table_and_not_the_window_beside_it() -> None:
    table = _table([4, 100, 8], [0, 10, 200, 255])
    elements = {"VOILUTSequence": table, "WindowCenter": 5, "WindowWidth": 3}
    # Below the first entry the first counts, above the last the last.
    assert _grey([0, 100, 101, 102, 103, 4000], **elements) == [0, 0, 10, 200, 255, 255]


def test_it_applies_a_modality_table_before_the_window() -> None:
    table = _table([3, 0, 16], [1500, 2000, 2500])
    elements = {"ModalityLUTSequence": table, "WindowCenter": 2000, "WindowWidth": 1000}
    assert _grey([0, 1, 2], **elements) == _grey([1500, 2000, 2500], WindowCenter=2000, WindowWidth=1000)


@pytest.mark.parametrize("value", ["", "abc", "nan", "inf"])
def test_it_counts_garbage_in_window_and_slope_as_absent(value: str) -> None:
    data = dicom_data(_stored([100, 200, 300]))
    for keyword in ("WindowCenter", "RescaleSlope", "PixelPaddingValue"):
        # As bytes in the file, not through pydicom's checks.
        data.add_new(keyword, "LO", value)
    image = presentable(data, decode_frame(data, EXPLICIT))
    assert [int(v) for v in render_8_bit(image)[0]] == [0, 127, 255]


def test_it_keeps_the_full_depth_beside_the_grey() -> None:
    data = dicom_data(_stored([0, 4095]))
    image = presentable(data, decode_frame(data, EXPLICIT))
    assert image.pixels.tolist() == [[0, 4095]]
    assert render_unit(image).tolist() == [[0.0, 1.0]]
    assert (image.low, image.high, image.bits) == (0, 4095, 12)


def test_it_reads_colour_as_luminance() -> None:
    picture = np.zeros((1, 3, 3), dtype=np.uint8)
    picture[0, 0], picture[0, 1], picture[0, 2] = (255, 0, 0), (0, 255, 0), (255, 255, 255)
    data = dicom_data(picture)
    image = presentable(data, decode_frame(data, EXPLICIT))
    assert [int(value) for value in render_8_bit(image)[0]] == [76, 150, 255]
