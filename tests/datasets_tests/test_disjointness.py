from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from annotations.datasets.disjointness import prove_disjointness
from annotations.datasets.look_alikes import are_alike, compared, correlations, detail


def _row(case: int, part: str, **changes: Any) -> dict[str, Any]:
    row = {"case": case, "part": part, "patient": f"P{case}", "side": "R", "pixel_sha256": f"{case:064}"}
    return row | {"perceptual_hash": f"{(case * 0x9E3779B97F4A7C15) % 2**64:016x}"} | changes


def test_it_finds_nothing_where_nothing_is_shared() -> None:
    proof = prove_disjointness([_row(1, "training"), _row(2, "test"), _row(3, "training", patient="P1")])
    assert (proof["problems"], proof["suspects"], proof["cases"]) == ([], [], 3)
    assert proof["nearest_across_parts_bits"] > 2


def test_it_finds_a_patient_in_two_parts() -> None:
    proof = prove_disjointness([_row(1, "training"), _row(2, "test", patient="P1")])
    assert proof["problems"] == ["Cases 1, 2 are the same patient in different parts."]
    assert "P1" not in str(proof)


def test_it_finds_the_two_hips_of_a_patient_in_two_parts() -> None:
    proof = prove_disjointness([_row(1, "training"), _row(2, "test", patient="P1", side="L"), _row(3, "test")])
    assert "Cases 1, 2 are the two hips of one patient in different parts." in proof["problems"]
    assert (proof["patients"], proof["patients_with_both_hips"]) == (2, 1)
    together = prove_disjointness([_row(1, "test"), _row(2, "test", patient="P1", side="L"), _row(3, "training")])
    assert (together["problems"], together["patients_with_both_hips"]) == ([], 1)


def test_it_compares_the_folds_of_each_repeat() -> None:
    place = {"held_for_validation": False}
    apart = _row(1, "test", folds=[1, 1], **place), _row(2, "test", patient="P1", folds=[1, 2], **place)
    assert prove_disjointness(apart)["problems"] == ["Cases 1, 2 are the same patient in different parts."]
    together = _row(1, "test", folds=[1, 2], **place), _row(2, "test", patient="P1", folds=[1, 2], **place)
    assert prove_disjointness(together)["problems"] == []
    held = _row(1, "test", folds=[1], **place), _row(2, "test", patient="P1", folds=[1], held_for_validation=True)
    assert len(prove_disjointness(held)["problems"]) == 1


def test_it_says_at_which_distance_two_images_look_alike() -> None:
    assert prove_disjointness([_row(1, "training")])["near_duplicate_bits"] == 2


@pytest.mark.parametrize("change", ["window", "gamma", "size", "jpeg"])
def test_it_knows_a_copy_of_a_picture_from_another_picture(change: str) -> None:
    picture, other = _picture(1), _picture(2)
    copies = {
        "window": np.clip(picture * 1.3 - 30, 0, 255).astype(np.uint8),
        "gamma": (255 * (picture / 255) ** 0.6).astype(np.uint8),
        "size": cv2.resize(picture, (150, 120), interpolation=cv2.INTER_AREA),
        "jpeg": cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 0),
    }
    ((same, another),) = correlations([detail(picture)], [detail(copies[change]), detail(other)])
    assert are_alike(9, float(same))
    assert not are_alike(0, float(another))
    assert are_alike(2, None)
    assert not are_alike(3, None)


def test_it_compares_the_pairs_that_it_is_asked_for_in_any_number() -> None:
    """More than one block of them, and none for a radiograph without a picture."""
    rng = np.random.default_rng(5)
    details = {key: rng.integers(-90, 90, 16_384).astype(np.int8) for key in range(10, 620)}
    details[615] = details[11]
    found = compared([(10, 12), (11, 615), (615, 11), (10, 999)], details)
    assert set(found) == {(10, 12), (11, 615), (615, 11)}
    assert found[11, 615] == pytest.approx(1.0, abs=1e-5)
    assert found[615, 11] == pytest.approx(1.0, abs=1e-5)
    assert found[10, 12] == pytest.approx(np.corrcoef(details[10], details[12])[0, 1], abs=0.01)


def _picture(seed: int) -> NDArray[np.uint8]:
    """(240, 200): a soft shape that all share, with structure of its own."""
    rows, columns = np.mgrid[0:240, 0:200]
    shape = 90 + 60 * np.exp(-(((columns - 100) / 50) ** 2)) + 0.1 * rows
    own = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, (240, 200)), (0, 0), 3)
    return np.asarray(np.clip(shape + 160 * own, 0, 255), dtype=np.uint8)


def test_it_finds_look_alikes_beyond_one_block_of_comparisons() -> None:
    rows = [_row(case, "training") for case in range(1, 1500)]
    rows.append(_row(1500, "test", perceptual_hash=rows[3]["perceptual_hash"]))
    assert prove_disjointness(rows)["suspects"] == ["Cases 4 and 1500 look alike and are in different parts."]


def test_it_finds_an_image_in_two_parts() -> None:
    proof = prove_disjointness([_row(1, "training"), _row(2, "test", pixel_sha256=f"{1:064}")])
    assert proof["problems"] == ["Cases 1, 2 are the same image in different parts."]


def test_it_suspects_images_that_look_alike_across_parts_only() -> None:
    alike = {"perceptual_hash": "ffff0000ffff0000"}
    nearly = {"perceptual_hash": "ffff0000ffff0003"}
    across = prove_disjointness([_row(1, "training", **alike), _row(2, "test", **nearly)])
    assert across["suspects"] == ["Cases 1 and 2 look alike and are in different parts."]
    assert (across["problems"], across["nearest_across_parts_bits"]) == ([], 2)
    within = prove_disjointness([_row(1, "training", **alike), _row(2, "training", **nearly)])
    assert within["suspects"] == []
    farther = prove_disjointness([_row(1, "training", **alike), _row(2, "test", perceptual_hash="ffff0000ffff0007")])
    assert farther["suspects"] == []


def test_it_says_nothing_of_images_without_a_hash() -> None:
    proof = prove_disjointness([_row(1, "training", perceptual_hash=""), _row(2, "test", perceptual_hash="")])
    assert (proof["suspects"], proof["nearest_across_parts_bits"]) == ([], None)
