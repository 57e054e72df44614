from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mlworker.engine.errors import ImagesRefused, ModelRefused
from mlworker.engine.metrics import sigmoid
from mlworker.engine.model_file import file_sha256
from mlworker.engine.scoring import LoadedModel, ResidentModels, load_model, score
from mlworker.engine.training import TrainingResult
from tests.engine_tests.toy_cases import toy_cases


def test_it_scores_the_validation_part_as_training_did(model: LoadedModel, finished: TrainingResult) -> None:
    scores = score(model, toy_cases(12, seed=2).images)
    assert np.allclose(scores.logit, [row.logit for row in finished.validation_scores], atol=1e-5)
    assert np.allclose(scores.probability, [row.probability for row in finished.validation_scores], atol=1e-6)


def test_it_gives_the_probability_that_the_file_itself_gives(model: LoadedModel) -> None:
    from mlworker.engine.data import as_input, prepared

    images = toy_cases(5, seed=6).images
    scores = score(model, images)
    direct = np.asarray(model.keras_model(as_input(prepared(images, model.configuration)), training=False))[:, 0]
    assert np.allclose(scores.probability, direct, atol=1e-6)
    assert np.allclose(sigmoid(scores.logit), scores.probability)


def test_it_scores_an_image_the_same_in_any_company(model: LoadedModel) -> None:
    images = toy_cases(37, seed=3).images
    together = score(model, images).logit
    alone = np.concatenate([score(model, images[i : i + 1]).logit for i in (0, 15, 16, 36)])
    assert np.allclose(together[[0, 15, 16, 36]], alone, atol=1e-5)


def test_it_tells_how_far_it_is(model: LoadedModel) -> None:
    told: list[tuple[int, int]] = []
    score(model, toy_cases(20, seed=3).images, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(16, 20), (20, 20)]


def test_it_scores_nothing_of_nothing(model: LoadedModel) -> None:
    assert score(model, np.empty((0, 48, 48), np.uint16)).logit.shape == (0,)


def test_it_refuses_a_constant_image_and_pixels_that_are_no_numbers(model: LoadedModel) -> None:
    images = np.random.default_rng(1).random((3, 48, 48))
    images[1] = 0.25
    with pytest.raises(ImagesRefused, match="Image 1 is one constant grey"):
        score(model, images)
    images[1] = np.nan
    with pytest.raises(ImagesRefused, match="Image 1 has pixels that are not finite"):
        score(model, images)


def test_it_refuses_a_changed_a_missing_and_a_foreign_file(finished: TrainingResult, tmp_path: Path) -> None:
    changed = tmp_path / "model.keras"
    shutil.copy(finished.model_path, changed)
    with changed.open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"\x00\x01\x02")
    with pytest.raises(ModelRefused, match="was changed"):
        load_model(changed, finished.model_sha256)
    with pytest.raises(ModelRefused, match="not in the store"):
        load_model(tmp_path / "absent.keras", finished.model_sha256)
    foreign = tmp_path / "foreign.keras"
    with zipfile.ZipFile(foreign, "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelRefused, match="not written by this engine"):
        load_model(foreign, file_sha256(foreign))
    with pytest.raises(ModelRefused, match="never opened"):
        load_model(tmp_path / "model.pkl", finished.model_sha256)


def test_it_keeps_models_resident_and_puts_the_least_recently_used_out(
    finished: TrainingResult, tmp_path: Path
) -> None:
    resident = ResidentModels(capacity=1)
    first = resident.get(finished.model_path, finished.model_sha256)
    # The hash is the key: a resident model needs its file no more.
    assert resident.get(tmp_path / "absent.keras", finished.model_sha256) is first
    other = tmp_path / "other.keras"
    with zipfile.ZipFile(finished.model_path) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    resident.get(other, file_sha256(other))
    assert len(resident) == 1
    with pytest.raises(ModelRefused):
        resident.get(tmp_path / "absent.keras", finished.model_sha256)
