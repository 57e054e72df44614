from __future__ import annotations

import hashlib
import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from mlworker.engine.backbone_catalogue import BACKBONES, weights_available
from mlworker.engine.configuration import configuration_from
from mlworker.engine.errors import TrainingFailed, WeightsMissing
from tests.engine_tests.toy_cases import train_toy


def test_it_names_the_six_published_backbones_and_four_more() -> None:
    published = [name for name, entry in BACKBONES.items() if entry.published]
    assert published == ["vgg19", "inception_v3", "resnet50", "inception_resnet_v2", "xception", "densenet201"]
    assert set(BACKBONES) - set(published) == {"densenet121", "efficientnetv2_s", "convnext_tiny", "compact"}


def test_it_knows_the_files_and_hashes_that_keras_publishes() -> None:
    import keras

    for entry in BACKBONES.values():
        if entry.keras_name is None or entry.weights_hash is None:
            continue
        builder = getattr(keras.applications, entry.keras_name)
        assert entry.weights_hash in Path(inspect.getfile(inspect.unwrap(builder))).read_text(), entry.name


def test_it_says_what_is_missing_where_it_looked_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    status = weights_available(BACKBONES["vgg19"])
    assert not status.available
    assert "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5" in status.message
    assert str(tmp_path / "models") in status.message
    assert "from scratch" in status.message


def test_it_takes_only_the_file_whose_hash_is_the_published_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    path = tmp_path / "models" / "small.h5"
    path.parent.mkdir()
    path.write_bytes(b"weights")
    right = replace(BACKBONES["resnet50"], weights_file="small.h5", weights_hash=hashlib.md5(b"weights").hexdigest())
    assert weights_available(right).path == path
    assert not weights_available(replace(right, weights_hash="0" * 32)).available
    assert weights_available(replace(right, weights_hash=hashlib.sha256(b"weights").hexdigest())).available


def test_it_never_starts_from_random_weights_when_pretrained_ones_were_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    configuration = configuration_from("published", {"backbone": "resnet50", "image_size": 64})
    with pytest.raises(WeightsMissing, match="not on this machine"):
        train_toy(configuration, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.filterwarnings("ignore:Skipping nested container")
def test_it_refuses_a_weights_file_of_another_architecture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    path = tmp_path / "models" / "other.weights.h5"
    path.parent.mkdir()
    keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(32, 32, 3)).save_weights(path)
    entry = replace(
        BACKBONES["resnet50"],
        weights_file=path.name,
        weights_hash=hashlib.md5(path.read_bytes()).hexdigest(),
    )
    monkeypatch.setitem(BACKBONES, "resnet50", entry)
    configuration = configuration_from("published", {"backbone": "resnet50", "image_size": 32, "batch_size": 8})
    with pytest.raises(TrainingFailed, match="another architecture"):
        train_toy(configuration, tmp_path / "run")
