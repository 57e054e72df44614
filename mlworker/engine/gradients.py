"""The one seam to the backend: compiled steps and gradients. Everything else is written against Keras alone.

TensorFlow is the backend in use. Another backend needs the four functions below and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlworker.engine.errors import EngineError

Array = NDArray[np.float32]
TrainingStep = Callable[[Array, Array, Array, Array], tuple[float, Array]]
Forward = Callable[[Array], Array]
InputGradient = Callable[[Array, Array], tuple[Array, Array]]
FeatureGradient = Callable[[Array, Array], tuple[Array, Array, Array]]


def check_backend() -> None:
    """Refuse a Keras backend that this seam does not serve.

    Raises:
        EngineError: with the backend's name.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        raise EngineError(
            f"Keras runs on {keras.backend.backend()}, and the engine's gradients are written for TensorFlow.",
            "Set KERAS_BACKEND=tensorflow.",
        )


def out_of_memory_errors() -> tuple[type[BaseException], ...]:
    """What the backend raises when memory is used up."""
    import tensorflow as tf

    return (MemoryError, tf.errors.ResourceExhaustedError)


def augmented(inputs: Any, transforms: Any, brightness: Any) -> Any:
    """One affine warp, then brightness; a function of its arguments alone.

    Args:
        inputs: (B, S, S, 1) from 0 to 1.
        transforms: (B, 8), output point to input point, see `data.augmentation`.
        brightness: (B,) factors.

    Returns:
        (B, S, S, 1) from 0 to 1; black where the warp looks outside.
    """
    from keras import ops

    warped = ops.image.affine_transform(
        inputs, transforms, interpolation="bilinear", fill_mode="constant", data_format="channels_last"
    )
    return ops.clip(warped * ops.reshape(brightness, (-1, 1, 1, 1)), 0.0, 1.0)


def compiled_training_step(logit_model: Any, optimizer: Any, loss: Any) -> TrainingStep:
    """A step of augmentation, forward, backward and update, compiled for one signature.

    Args:
        logit_model: (B, S, S, 1) to (B, 1) logits.
        optimizer: a built `keras.optimizers.Optimizer` (building inside the first step would trace twice).
        loss: a `keras.losses.Loss` on logits.

    Returns:
        A function of inputs (B, S, S, 1), transforms (B, 8), brightness (B,), labels (B, 1) that updates the weights
        and returns the mean loss and the logits (B,) seen in training (with augmentation and dropout).
    """
    import tensorflow as tf

    trainable = logit_model.trainable_variables
    signature = [
        tf.TensorSpec((None, *logit_model.inputs[0].shape[1:]), tf.float32),
        tf.TensorSpec((None, 8), tf.float32),
        tf.TensorSpec((None,), tf.float32),
        tf.TensorSpec((None, 1), tf.float32),
    ]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator, unused-ignore]
    def step(inputs: Any, transforms: Any, brightness: Any, labels: Any) -> Any:
        seen = augmented(inputs, transforms, brightness)
        with tf.GradientTape() as tape:
            logits = logit_model(seen, training=True)
            value = loss(labels, logits)
        optimizer.apply_gradients(zip(tape.gradient(value, trainable), trainable, strict=True))
        return value, tf.reshape(logits, (-1,))

    def run(inputs: Array, transforms: Array, brightness: Array, labels: Array) -> tuple[float, Array]:
        value, logits = step(*(tf.constant(each) for each in (inputs, transforms, brightness, labels)))
        return float(value), np.asarray(logits)

    return run


def compiled_forward(logit_model: Any) -> Forward:
    """Logits (B,) of inputs (B, S, S, 1), in inference mode, compiled for one signature of any batch size."""
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *logit_model.inputs[0].shape[1:]), tf.float32)]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator, unused-ignore]
    def forward(inputs: Any) -> Any:
        return tf.reshape(logit_model(inputs, training=False), (-1,))

    return lambda inputs: np.asarray(forward(tf.constant(inputs)))


def compiled_input_gradient(logit_model: Any) -> InputGradient:
    """Gradient of sign times logit with respect to the input, in inference mode.

    Returns:
        A function of inputs (B, S, S, 1) and signs (B,) that returns gradients (B, S, S, 1) and logits (B,).
    """
    import tensorflow as tf

    signature = [
        tf.TensorSpec((None, *logit_model.inputs[0].shape[1:]), tf.float32),
        tf.TensorSpec((None,), tf.float32),
    ]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator, unused-ignore]
    def gradient(inputs: Any, signs: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            logits = tf.reshape(logit_model(inputs, training=False), (-1,))
            explained = tf.reduce_sum(logits * signs)
        return tape.gradient(explained, inputs), logits

    def run(inputs: Array, signs: Array) -> tuple[Array, Array]:
        values, logits = gradient(tf.constant(inputs), tf.constant(signs))
        return np.asarray(values), np.asarray(logits)

    return run


def compiled_feature_gradient(feature_model: Any, head_model: Any) -> FeatureGradient:
    """Gradient of sign times logit with respect to the backbone's last feature map, in inference mode.

    Args:
        feature_model: (B, S, S, 1) to feature maps (B, h, w, C).
        head_model: feature maps to logits (B, 1).

    Returns:
        A function of inputs (B, S, S, 1) and signs (B,) that returns feature maps and gradients, both (B, h, w, C),
        and logits (B,).
    """
    import tensorflow as tf

    signature = [
        tf.TensorSpec((None, *feature_model.inputs[0].shape[1:]), tf.float32),
        tf.TensorSpec((None,), tf.float32),
    ]

    @tf.function(input_signature=signature)  # type: ignore[untyped-decorator, unused-ignore]
    def gradient(inputs: Any, signs: Any) -> Any:
        features = feature_model(inputs, training=False)
        with tf.GradientTape() as tape:
            tape.watch(features)
            logits = tf.reshape(head_model(features, training=False), (-1,))
            explained = tf.reduce_sum(logits * signs)
        return features, tape.gradient(explained, features), logits

    def run(inputs: Array, signs: Array) -> tuple[Array, Array, Array]:
        features, values, logits = gradient(tf.constant(inputs), tf.constant(signs))
        return np.asarray(features), np.asarray(values), np.asarray(logits)

    return run
