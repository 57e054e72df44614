from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from mlworker.engine.errors import EngineError
from mlworker.engine.map_quality import Finding, Peer, _scrambled, judge, rank_correlation, structural_similarity
from mlworker.engine.saliency import METHODS, MapMethod, explain
from mlworker.engine.scoring import LoadedModel, score
from tests.engine_tests.toy_cases import toy_cases

IMAGES = toy_cases(20, seed=9).images


def by_test(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.test: finding for finding in findings}


def _edge_detector(model: Any, inputs: Any, signs: Any, parameters: Any) -> Any:
    across = [cv2.Sobel(image[..., 0], cv2.CV_32F, 1, 0, ksize=3) for image in inputs]
    down = [cv2.Sobel(image[..., 0], cv2.CV_32F, 0, 1, ksize=3) for image in inputs]
    return np.hypot(np.stack(across), np.stack(down)), None


def _by_chance(model: Any, inputs: Any, signs: Any, parameters: Any) -> Any:
    generator = np.random.default_rng(abs(int(1e6 * float(inputs.sum()))) % 2**32)
    return generator.random(inputs.shape[:3]).astype(np.float32), None


def test_it_passes_maps_of_a_model_that_has_learnt(model: LoadedModel) -> None:
    found = by_test(judge(model, IMAGES, "vanilla_gradient"))
    assert found["randomisation"].verdict == "passes"
    assert found["edges"].verdict == "passes"
    assert found["deletion"].verdict == "passes"
    assert found["insertion"].verdict == "passes"


def test_it_fails_a_method_that_shows_the_edges_of_the_image(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, "edge_detector", MapMethod("Edges", "Sobel", _edge_detector))
    found = by_test(judge(model, IMAGES, "edge_detector"))
    assert found["randomisation"].verdict == "fails"
    assert found["randomisation"].figures["all_similarity"] == pytest.approx(1.0)
    assert found["edges"].verdict == "fails"


def test_it_fails_a_method_that_names_pixels_by_chance(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METHODS, "chance", MapMethod("Chance", "none", _by_chance))
    found = by_test(judge(model, IMAGES, "chance"))
    assert found["deletion"].verdict == "fails"
    assert found["insertion"].verdict == "fails"


def test_it_fails_a_model_with_scrambled_weights(model: LoadedModel) -> None:
    with _scrambled(model.keras_model, 3) as scramble:
        scramble("all")
        found = by_test(judge(model, IMAGES, "vanilla_gradient"))
    assert "fails" in (found["deletion"].verdict, found["insertion"].verdict)


def test_it_puts_every_weight_back(model: LoadedModel) -> None:
    before = score(model, IMAGES).logit
    with _scrambled(model.keras_model, 1) as scramble:
        for stage in ("output", "head", "half", "all"):
            scramble(stage)
            assert not np.allclose(score(model, IMAGES).logit, before, atol=1e-3)
    assert np.array_equal(score(model, IMAGES).logit, before)


def test_it_cannot_say_what_it_has_nothing_to_compare_with(model: LoadedModel) -> None:
    maps = explain(model, IMAGES, "grad_cam").maps
    peers = [Peer("seed", "run 2", maps)]
    found = by_test(judge(model, IMAGES, "grad_cam", peers=peers))
    assert found["repeatability"].verdict == "passes"
    assert found["repeatability"].figures["similarity"] == pytest.approx(1.0)
    assert found["reproducibility"].verdict == "cannot_be_said"
    assert "no other finished run of another architecture" in found["reproducibility"].reason


def test_it_refuses_to_judge_by_a_few_cases(model: LoadedModel) -> None:
    with pytest.raises(EngineError, match="19 cases are too few"):
        judge(model, IMAGES[:19], "grad_cam")


def test_it_measures_likeness_of_maps() -> None:
    generator = np.random.default_rng(2)
    one, other = generator.random((48, 48)), generator.random((48, 48))
    assert structural_similarity(one, one) == pytest.approx(1.0)
    assert structural_similarity(one, 1000 * one) == pytest.approx(1.0)
    assert abs(structural_similarity(one, other)) < 0.2
    assert structural_similarity(one, np.zeros((48, 48))) == 0.0
    assert rank_correlation(one, one**3) == pytest.approx(1.0)
    assert rank_correlation(one, -one) == pytest.approx(-1.0)
    assert rank_correlation(one, np.ones((48, 48))) == 0.0
