"""The truth of a phantom: cheap, the picture's own, and of the label that was asked for."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from demo.phantom import DELEE_CHARNLEY_ZONES, GRUEN_ZONES, ZONES, PhantomCase, phantom_truth, render_phantom
from demo.phantom.scene import build_scene
from tests.demo_tests.phantom_cases import drawn_case


def test_it_gives_the_picture_and_the_truth_alone_the_same_truth() -> None:
    case = drawn_case(3, loose=True)
    assert render_phantom(case).truth == phantom_truth(case)


def test_it_draws_several_wide_lines_in_the_loose_component_only() -> None:
    for seed in range(60):
        stem = phantom_truth(PhantomCase(seed, "R", True, "stem", "S01"))
        cup = phantom_truth(PhantomCase(seed, "R", True, "cup", "S01"))
        assert sum(stem.zone_width_mm[zone] >= 2.0 for zone in GRUEN_ZONES) >= 2
        assert all(stem.zone_width_mm[zone] < 2.0 for zone in DELEE_CHARNLEY_ZONES)
        assert sum(cup.zone_width_mm[zone] >= 2.0 for zone in DELEE_CHARNLEY_ZONES) >= 2
        assert all(cup.zone_width_mm[zone] < 2.0 for zone in GRUEN_ZONES)
        assert not cup.subsided
        assert not stem.migrated


def test_it_leaves_a_well_fixed_hip_with_harmless_signs_only() -> None:
    truths = [phantom_truth(drawn_case(seed, loose=False)) for seed in range(200)]
    assert all(max(truth.zone_width_mm.values()) < 2.0 for truth in truths)
    assert not any(truth.subsided or truth.tilted or truth.migrated for truth in truths)
    thin_in_zone_1 = sum(truth.zone_width_mm["G1"] > 0.0 for truth in truths)
    assert 60 <= thin_in_zone_1 <= 120


def test_it_makes_the_same_patient_whatever_the_label() -> None:
    for seed in range(40):
        fixed = build_scene(PhantomCase(seed, "L", False, "", "S05"))
        loose = build_scene(PhantomCase(seed, "L", True, "both", "S05"))
        assert (fixed.patient, fixed.implant, fixed.exposure) == (loose.patient, loose.implant, loose.exposure)


def test_it_marks_a_band_for_every_zone_beside_the_implant() -> None:
    rendered = render_phantom(drawn_case(8, loose=True), reduction=2)
    masks = rendered.zone_masks
    assert tuple(masks) == ZONES
    top, left, bottom, right = rendered.truth.implant_box
    for zone, mask in masks.items():
        assert mask.shape == rendered.pixels.shape
        assert mask.sum() > 100, zone
    stem = np.logical_or.reduce([masks[zone] for zone in GRUEN_ZONES])
    rows, columns = np.nonzero(stem)
    margin = 60
    assert top - margin <= rows.min() <= rows.max() <= bottom + margin
    assert left - margin <= columns.min() <= columns.max() <= right + margin


def test_it_puts_the_zones_on_the_side_that_their_names_say() -> None:
    for side, lateral_is_left in (("R", True), ("L", False)):
        rendered = render_phantom(PhantomCase(12, side, True, "both", "S01"), reduction=4)  # type: ignore[arg-type]
        centre = {zone: np.argwhere(mask).mean(axis=0) for zone, mask in rendered.zone_masks.items()}
        assert (centre["G2"][1] < centre["G6"][1]) == lateral_is_left
        assert (centre["D1"][1] < centre["D3"][1]) == lateral_is_left
        assert centre["G1"][0] < centre["G2"][0] < centre["G3"][0] < centre["G4"][0]
        assert centre["D1"][0] < centre["D3"][0]


def test_it_shows_a_lucent_line_darker_than_the_same_place_without_one() -> None:
    fixed = PhantomCase(21, "R", False, "", "S01", 0.0)
    loose = dataclasses.replace(fixed, loose=True, component="stem")
    before, after = render_phantom(fixed), render_phantom(loose)
    wide = [zone for zone in ("G1", "G2", "G6", "G7") if after.truth.zone_width_mm[zone] >= 2.0]
    assert wide
    for zone in wide:
        mask = after.zone_masks[zone]
        assert after.unit()[mask].mean() < before.unit()[mask].mean() - 0.01, zone


def test_it_places_the_landmarks_as_a_hip_has_them() -> None:
    marks = phantom_truth(drawn_case(4)).landmarks
    assert marks["cup_rim_superior"][0] < marks["head_centre"][0] < marks["cup_rim_inferior"][0]
    assert marks["head_centre"][0] < marks["stem_shoulder"][0] < marks["stem_tip"][0]
    assert marks["greater_trochanter"][0] < marks["lesser_trochanter"][0] < marks["stem_tip"][0]


@pytest.mark.parametrize(("loose", "component"), [(True, ""), (False, "cup")])
def test_it_refuses_a_case_that_contradicts_itself(loose: bool, component: str) -> None:
    with pytest.raises(ValueError, match="contradict"):
        PhantomCase(1, "R", loose, component, "S01")  # type: ignore[arg-type]
