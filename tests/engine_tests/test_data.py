from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlworker.engine.configuration import configuration_from
from mlworker.engine.data import (
    LabelledImages,
    as_input,
    augmentation,
    epoch_batches,
    epoch_order,
    epoch_rows,
    prepared,
)
from mlworker.engine.errors import ImagesRefused
from tests.engine_tests.toy_cases import small, toy_cases

STILL = {"flip": 0, "magnification": 0, "brightness": 0, "position": 0, "orientation": 0}


def test_it_prepares_the_published_way_eight_bits_and_255() -> None:
    published = configuration_from("published", {})
    images = np.full((1, 448, 448), 0.5, dtype=np.float32)
    images[0, :224] = 1.0
    pixels = prepared(images, published)
    assert pixels.shape == (1, 224, 224)
    assert pixels.dtype == np.uint8
    inputs = as_input(pixels)
    assert inputs.shape == (1, 224, 224, 1)
    assert inputs[0, 0, 0, 0] == 1.0
    assert inputs[0, -1, 0, 0] == np.float32(128 / 255)


def test_it_keeps_sixteen_bits_and_averages_when_it_shrinks() -> None:
    images = np.zeros((1, 96, 96), dtype=np.uint16)
    images[0, ::2] = 1001
    pixels = prepared(images, small(image_size=48))
    assert pixels.dtype == np.uint16
    assert set(np.unique(pixels)) <= {500, 501}


def test_it_reads_every_grey_type_over_its_full_range() -> None:
    configuration = small(image_size=32)
    for images in (
        np.full((1, 32, 32), 255, np.uint8),
        np.full((1, 32, 32), 65535, np.uint16),
        np.ones((1, 32, 32), np.float64),
    ):
        assert as_input(prepared(images, configuration)).min() == 1.0


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.full((1, 32, 32), np.nan), "not finite"),
        (np.full((1, 32, 32), 4095.0), "0..1"),
        (np.zeros((1, 32, 32), np.int32), "int32"),
        (np.zeros((32, 32), np.uint8), "shape"),
    ],
)
def test_it_refuses_pixels_it_cannot_read(images: np.ndarray, words: str) -> None:
    with pytest.raises(ImagesRefused, match=words):
        prepared(images, small())


def test_it_refuses_cases_that_do_not_belong_together() -> None:
    images = np.zeros((2, 8, 8), np.uint8)
    with pytest.raises(ImagesRefused, match="do not belong together"):
        LabelledImages(images, np.array([0, 1]), ("a",))
    with pytest.raises(ImagesRefused, match="neither 0"):
        LabelledImages(images, np.array([0, 2]), ("a", "b"))
    with pytest.raises(ImagesRefused, match="twice"):
        LabelledImages(images, np.array([0, 1]), ("a", "a"))


def test_it_reads_memory_maps_and_hashes_content_not_storage(tmp_path: Path) -> None:
    cases = toy_cases(4, seed=1)
    np.save(tmp_path / "images.npy", cases.images)
    mapped = LabelledImages.from_npy(tmp_path / "images.npy", cases.labels, cases.case_ids)
    assert isinstance(mapped.images, np.memmap)
    assert mapped.sha256 == cases.sha256
    changed = LabelledImages(cases.images, 1 - cases.labels, cases.case_ids)
    assert changed.sha256 != cases.sha256


def test_it_orders_and_augments_an_epoch_by_seed_and_epoch_alone() -> None:
    assert (epoch_order(5, 3, 50) == epoch_order(5, 3, 50)).all()
    assert sorted(epoch_order(5, 3, 50)) == list(range(50))
    assert (epoch_order(5, 3, 50) != epoch_order(5, 4, 50)).any()
    assert (epoch_rows(5, 3, 50) != epoch_rows(6, 3, 50)).any()


def test_it_gives_every_case_once_an_epoch_with_its_own_label() -> None:
    cases = toy_cases(21, seed=1)
    configuration = small(batch_size=8)
    pixels = prepared(cases.images, configuration)
    batches = list(epoch_batches(pixels, cases.labels, configuration, 0))
    assert [len(labels) for *_, labels in batches] == [8, 8, 5]
    everything = np.concatenate([inputs for inputs, *_ in batches])
    labels = np.concatenate([labels for *_, labels in batches])[:, 0]
    order = epoch_order(configuration.seed, 0, 21)
    assert (everything == as_input(pixels)[order]).all()
    assert (labels == cases.labels[order]).all()


def rows(**values: float) -> np.ndarray:
    columns = ("flip", "magnification", "brightness", "position_x", "position_y", "orientation")
    return np.array([[values.get(column, 0.5) for column in columns]], dtype=np.float32)


def warp(image: np.ndarray, transforms: np.ndarray, brightness: np.ndarray) -> np.ndarray:
    from mlworker.engine.gradients import augmented

    return np.asarray(augmented(image[np.newaxis, :, :, np.newaxis], transforms, brightness))[0, :, :, 0]


def test_it_leaves_an_image_alone_when_all_ranges_are_zero() -> None:
    image = np.random.default_rng(1).random((48, 48), dtype=np.float32)
    transforms, brightness = augmentation(epoch_rows(1, 0, 1), small(**STILL))
    assert np.allclose(warp(image, transforms, brightness), image, atol=1e-6)


def test_it_flips_shifts_turns_and_brightens_by_what_the_help_text_says() -> None:
    image = np.zeros((48, 48), dtype=np.float32)
    image[10:14, 20:24] = 0.5
    flipped = warp(image, *augmentation(rows(flip=0.0), small(**{**STILL, "flip": 0.5})))
    assert np.allclose(flipped, image[:, ::-1], atol=1e-5)
    # 0.5 of half the side is a quarter of it: 12 of 48 pixels.
    shifted = warp(image, *augmentation(rows(position_x=1.0), small(**{**STILL, "position": 0.5})))
    assert np.allclose(shifted, np.roll(image, 12, axis=1), atol=1e-4)
    lowered = warp(image, *augmentation(rows(position_y=1.0), small(**{**STILL, "position": 0.5})))
    assert np.allclose(lowered, np.roll(image, 12, axis=0), atol=1e-4)
    brighter = warp(image, *augmentation(rows(brightness=1.0), small(**{**STILL, "brightness": 0.5})))
    assert brighter.max() == pytest.approx(0.75)


def test_it_magnifies_about_the_centre() -> None:
    image = np.zeros((48, 48), dtype=np.float32)
    image[16:32, 16:32] = 1.0
    larger = warp(image, *augmentation(rows(magnification=1.0), small(**{**STILL, "magnification": 0.5})))
    assert larger.sum() == pytest.approx(image.sum() * 1.5**2, rel=0.03)
    assert np.allclose(larger, larger[::-1, ::-1], atol=1e-4)


def test_it_turns_by_half_a_right_angle_at_most() -> None:
    image = np.zeros((49, 49), dtype=np.float32)
    image[24, 30:44] = 1.0
    turned = warp(image, *augmentation(rows(orientation=1.0), small(**{**STILL, "orientation": 0.5, "image_size": 49})))
    y, x = np.nonzero(turned > 0.2)
    assert len(y) > 5
    assert np.abs(np.abs(y - 24) - np.abs(x - 24)).max() <= 1
