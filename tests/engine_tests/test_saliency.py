from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mlworker.engine.data import as_input, prepared
from mlworker.engine.errors import EngineError, ImagesRefused
from mlworker.engine.saliency import METHODS, explain, grad_cam, integrated_gradients, smooth_grad, vanilla_gradient
from mlworker.engine.scoring import LoadedModel, score
from tests.engine_tests.toy_cases import small, toy_cases


def images(count: int = 10) -> np.ndarray:
    return toy_cases(count, seed=5).images


def test_it_equals_the_slope_of_the_logit(model: LoadedModel) -> None:
    inputs = as_input(prepared(images(1), model.configuration))
    found = vanilla_gradient(model, images(1)).maps[0]
    weights = model.logit
    for row, column in ((10, 12), (24, 24), (31, 20)):
        step = np.zeros_like(inputs)
        # Small, so that hardly any rectified unit changes sides within it.
        step[0, row, column, 0] = 2e-4
        slope = (np.asarray(weights(inputs + step)) - np.asarray(weights(inputs - step)))[0, 0] / 4e-4
        assert found[row, column] == pytest.approx(abs(slope), rel=0.05, abs=5e-3)


def test_it_equals_the_plain_gradient_of_tensorflow_to_a_millionth(model: LoadedModel) -> None:
    import tensorflow as tf

    inputs = tf.constant(as_input(prepared(images(3), model.configuration)))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        logits = model.logit(inputs, training=False)
    plain = np.abs(tape.gradient(logits, inputs).numpy()[..., 0])
    assert np.abs(vanilla_gradient(model, images(3)).maps - plain).max() < 1e-6


@pytest.mark.parametrize("method", list(METHODS))
def test_it_draws_every_method_for_every_image_whatever_its_batch(model: LoadedModel, method: str) -> None:
    told: list[int] = []
    together = explain(model, images(10), method, on_progress=lambda done, total: told.append(done))
    alone = explain(model, images(10)[9:], method)
    assert together.maps.shape == (10, 48, 48)
    assert together.maps.dtype == np.float32
    assert (together.maps >= 0).all()
    # Batches of different sizes are summed in different orders, and by another processor differently again.
    assert np.abs(together.maps[9] - alone.maps[0]).max() < 1e-3 * alone.maps.max()
    assert (together.raw_maximum == together.maps.max(axis=(1, 2))).all()
    assert np.allclose(together.logit, score(model, images(10)).logit, atol=1e-5)
    assert told == [8, 10]


def test_it_explains_the_class_that_the_models_own_threshold_predicts(model: LoadedModel) -> None:
    found = vanilla_gradient(model, images(10))
    probability = score(model, images(10)).probability
    assert (found.predicted == (probability >= model.threshold.value)).all()
    assert set(found.predicted) == {0, 1}


def test_it_follows_grad_cams_definition_for_the_predicted_class(model: LoadedModel) -> None:
    import cv2
    import tensorflow as tf

    inputs = as_input(prepared(images(4), model.configuration))
    found = grad_cam(model, images(4))
    features = model.keras_model.get_layer("backbone")(inputs, training=False)
    with tf.GradientTape() as tape:
        tape.watch(features)
        vector = tf.concat([tf.reduce_mean(features, (1, 2)), tf.reduce_max(features, (1, 2))], axis=1)
        for name in ("head_1", "head_2", "logit"):
            vector = model.keras_model.get_layer(name)(vector)
    gradient = tape.gradient(vector, features).numpy()
    signs = np.where(found.predicted == 1, 1.0, -1.0)[:, None, None]
    coarse = np.maximum(signs * (gradient.mean(axis=(1, 2), keepdims=True) * features.numpy()).sum(-1), 0)
    for position in range(4):
        expected = cv2.resize(coarse[position].astype(np.float32), (48, 48), interpolation=cv2.INTER_LINEAR)
        assert np.allclose(found.maps[position], expected, atol=1e-5)


def test_it_points_at_the_toys_line(model: LoadedModel) -> None:
    cases = toy_cases(20, seed=8)
    blank = np.full((48, 48), np.median(cases.images), dtype=np.float64)
    found = vanilla_gradient(model, cases.images)
    shares = []
    for position in range(20):
        bright = np.abs(cases.images[position] / 65535 - blank / 65535) > 0.15
        share = found.maps[position][bright].sum() / found.maps[position].sum()
        shares.append(share / bright.mean())
    assert np.mean(shares) > 1.2


def test_it_becomes_the_vanilla_gradient_without_noise(model: LoadedModel) -> None:
    smooth = smooth_grad(model, images(2), samples=2, noise=0.0)
    assert np.allclose(smooth.maps, vanilla_gradient(model, images(2)).maps, atol=1e-6)
    assert smooth.parameters == {"samples": 2, "noise": 0.0, "seed": 1}


def test_it_repeats_smooth_grad_by_its_seed(model: LoadedModel) -> None:
    first = smooth_grad(model, images(2), samples=3, seed=7)
    assert (first.maps == smooth_grad(model, images(2), samples=3, seed=7).maps).all()
    assert (first.maps != smooth_grad(model, images(2), samples=3, seed=8).maps).any()


def test_it_completes_integrated_gradients_better_with_more_steps(model: LoadedModel) -> None:
    few = integrated_gradients(model, images(6), steps=4).completeness_error
    many = integrated_gradients(model, images(6), steps=256).completeness_error
    assert few is not None
    assert many is not None
    assert np.median(np.abs(many)) < 0.02
    assert np.median(np.abs(many)) < np.median(np.abs(few))


def test_it_still_explains_a_score_that_is_saturated(model: LoadedModel) -> None:
    import keras

    copy = keras.models.clone_model(model.keras_model)
    copy.set_weights(model.keras_model.get_weights())
    kernel, bias = copy.get_layer("logit").get_weights()
    copy.get_layer("logit").set_weights([kernel, bias + 200.0])
    saturated = dataclasses.replace(model, keras_model=copy, compiled={})
    assert (score(saturated, images(2)).probability == 1.0).all()
    assert np.allclose(vanilla_gradient(saturated, images(2)).maps, vanilla_gradient(model, images(2)).maps, atol=1e-5)


def test_it_splits_a_nested_deep_backbone(model: LoadedModel) -> None:
    from mlworker.engine.network import build_network

    configuration = small(backbone="vgg19", pooling="average", image_size=64)
    deep = LoadedModel(build_network(configuration), configuration, model.threshold, "0" * 64)
    assert grad_cam(deep, images(2)).maps.shape == (2, 64, 64)
    assert vanilla_gradient(deep, images(2)).raw_maximum.min() > 0


def test_it_refuses_constant_images_bad_pixels_and_unknown_methods(model: LoadedModel) -> None:
    with pytest.raises(ImagesRefused, match="Image 0 is one constant grey"):
        vanilla_gradient(model, np.full((1, 48, 48), 7, np.uint16))
    with pytest.raises(ImagesRefused, match="not finite"):
        vanilla_gradient(model, np.full((1, 48, 48), np.nan))
    with pytest.raises(ImagesRefused, match="no image"):
        vanilla_gradient(model, np.empty((0, 48, 48), np.uint16))
    with pytest.raises(EngineError, match="guided_backprop"):
        explain(model, images(1), "guided_backprop")
    with pytest.raises(EngineError, match="has no parameter"):
        explain(model, images(1), "vanilla_gradient", {"samples": 3})
    with pytest.raises(EngineError, match="from 1 to 500"):
        smooth_grad(model, images(1), samples=0)
