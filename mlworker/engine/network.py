"""The network: one grey channel in, backbone, published head, one logit out.

The logit is a layer of its own ("logit", linear) with the sigmoid behind it ("probability"), because scores and maps
need the logit: the sigmoid saturates. Maps split the network in front of the layer "average_pool" and read it at
"logit".
No Lambda and no code in the saved file: it loads in Keras' safe mode.
"""

from __future__ import annotations

from typing import Any

from mlworker.engine.backbone_catalogue import BACKBONES, BackboneEntry, weights_available
from mlworker.engine.configuration import TrainingConfiguration
from mlworker.engine.errors import TrainingFailed, WeightsMissing

# Scale and offset for inputs from 0 to 1, by the name of the preprocessing (as keras.applications defines them). Grey
# is repeated to three equal channels, so the BGR order of "caffe" only decides which mean belongs to which channel.
_RESCALING: dict[str, tuple[list[float], list[float]]] = {
    "tf": ([2.0, 2.0, 2.0], [-1.0, -1.0, -1.0]),
    "caffe": ([255.0, 255.0, 255.0], [-103.939, -116.779, -123.68]),
    "torch": ([1 / 0.229, 1 / 0.224, 1 / 0.225], [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225]),
}
_COMPACT_BLOCKS = ((16, 1), (32, 2), (64, 2), (64, 2))


def build_network(configuration: TrainingConfiguration) -> Any:
    """Build the network with fresh or pretrained weights.

    Args:
        configuration: architecture, weights and head.

    Returns:
        A `keras.Model` from (B, S, S, 1) grey from 0 to 1 to (B, 1) probabilities of "loose".

    Raises:
        WeightsMissing: pretrained weights were asked for and are not here; raised before anything is built.
        TrainingFailed: the weights file belongs to another architecture.
    """
    import keras

    entry = BACKBONES[configuration.backbone]
    weights = _weights_path(entry, configuration)
    inputs = keras.Input((configuration.image_size, configuration.image_size, 1), name="radiograph")
    if entry.keras_name is None:
        backbone, features = _compact_backbone(configuration), inputs
    else:
        backbone, features = _keras_backbone(entry, configuration, weights), _three_channels(inputs, configuration)
    _set_batch_norm_momentum(backbone, configuration.batch_norm_momentum)
    set_trainable(backbone, configuration, head_only=configuration.trainable == "head")
    vector = _pooled(backbone(features), configuration.pooling)
    for position, units in enumerate(configuration.head_layers, start=1):
        vector = keras.layers.Dense(units, activation="relu", name=f"head_{position}")(vector)
    vector = keras.layers.Dropout(configuration.dropout, name="dropout")(vector)
    logit = keras.layers.Dense(1, name="logit")(vector)
    probability = keras.layers.Activation("sigmoid", name="probability")(logit)
    return keras.Model(inputs, probability, name="loosening")


def set_trainable(backbone: Any, configuration: TrainingConfiguration, *, head_only: bool) -> None:
    """Say which of the backbone's layers learn. A step that was compiled before does not notice.

    Args:
        backbone: the layer "backbone" of the network.
        configuration: how much of it is unfrozen, and whether batch normalisation learns.
        head_only: nothing of it learns; its batch normalisation then uses the statistics it came with.
    """
    import keras

    backbone.trainable = not head_only
    if head_only:
        return
    layers = backbone.layers
    for layer in layers[: len(layers) - round(configuration.unfrozen * len(layers))]:
        layer.trainable = False
    if configuration.batch_norm == "frozen":
        for layer in backbone._flatten_layers():
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.trainable = False


def logit_model(model: Any) -> Any:
    """The same network up to the logit, sharing every weight: (B, S, S, 1) to (B, 1)."""
    import keras

    return keras.Model(model.inputs, model.get_layer("logit").output, name="loosening_logit")


def _weights_path(entry: BackboneEntry, configuration: TrainingConfiguration) -> str | None:
    if configuration.weights == "none":
        return None
    status = weights_available(entry)
    if not status.available:
        raise WeightsMissing(status.message)
    return str(status.path)


def _keras_backbone(entry: BackboneEntry, configuration: TrainingConfiguration, weights: str | None) -> Any:
    import keras

    shape = (configuration.image_size, configuration.image_size, 3)
    arguments: dict[str, Any] = {"include_top": False, "weights": weights, "input_shape": shape, "name": "backbone"}
    if entry.name in ("efficientnetv2_s", "convnext_tiny"):
        arguments["include_preprocessing"] = False
    try:
        return getattr(keras.applications, str(entry.keras_name))(**arguments)
    except ValueError as error:
        if weights is None:
            raise
        raise TrainingFailed(
            f"The weights file {entry.weights_file} does not fit {entry.title}: it belongs to another architecture.",
            "Copy the file that Keras publishes for this backbone.",
        ) from error


def _three_channels(inputs: Any, configuration: TrainingConfiguration) -> Any:
    import keras

    repeated = keras.layers.Concatenate(name="three_channels")([inputs, inputs, inputs])
    kind = BACKBONES[configuration.backbone].preprocessing
    if configuration.preprocessing == "unit" or kind == "unit":
        return repeated
    scale, offset = _RESCALING[kind]
    return keras.layers.Rescaling(scale, offset, name=f"preprocessing_{kind}")(repeated)


def _compact_backbone(configuration: TrainingConfiguration) -> Any:
    """165 thousand parameters with the head: learns from a few hundred radiographs without pretrained weights."""
    import keras

    inputs = keras.Input((configuration.image_size, configuration.image_size, 1), name="compact_input")
    features = inputs
    for block, (filters, convolutions) in enumerate(_COMPACT_BLOCKS, start=1):
        if block > 1:
            features = keras.layers.MaxPooling2D(name=f"block{block}_pool")(features)
        for position in range(1, convolutions + 1):
            name = f"block{block}_conv{position}"
            features = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=name)(features)
            features = keras.layers.BatchNormalization(name=f"{name}_norm")(features)
            features = keras.layers.Activation("relu", name=f"{name}_relu")(features)
    return keras.Model(inputs, features, name="backbone")


def _pooled(features: Any, pooling: str) -> Any:
    import keras

    average = keras.layers.GlobalAveragePooling2D(name="average_pool")(features)
    if pooling == "average":
        return average
    largest = keras.layers.GlobalMaxPooling2D(name="max_pool")(features)
    return keras.layers.Concatenate(name="pools")([average, largest])


def _set_batch_norm_momentum(backbone: Any, momentum: float) -> None:
    import keras

    if momentum == 0.0:
        return
    for layer in backbone._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = momentum
