"""The backbones a run can choose, and whether their pretrained weights are on this machine. Imports no Keras.

Adding a backbone is one entry. Parameter counts include the published head (Dense 128 - Dense 32 - one output after
global average pooling); weights files and hashes are those of `keras.applications` 3.15, without the top.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class BackboneEntry:
    """One architecture.

    Attributes:
        name: the key in `BACKBONES`.
        title: as the literature writes it.
        published: one of the six of the study being reproduced.
        parameter_count: with the published head (for the compact network: with its own preset's head).
        backbone_parameter_count: of the part before pooling alone, as Keras' own model counts it.
        keras_name: class in `keras.applications`, or None for a network built here.
        weights_file: file name in Keras' cache (`<keras home>/models`), or None where no such weights exist.
        weights_hash: MD5 (32 digits) or SHA-256 (64 digits) that Keras publishes for that file.
        preprocessing: what ImageNet training saw: "tf" (-1..1), "torch" (mean and deviation by channel),
            "caffe" (0..255 less the channel's mean), or "unit" (0..1).
        default_image_size: pixels a side.
        minimum_image_size: pixels a side, below which the architecture cannot be built.
        training_cpu_seconds: CPU seconds of one training step of 16 images at 224 x 224, measured without a GPU.
        scoring_cpu_seconds: CPU seconds a scored image at 224 x 224 in batches of 16, measured without a GPU.
    """

    name: str
    title: str
    published: bool
    parameter_count: int
    backbone_parameter_count: int
    keras_name: str | None
    weights_file: str | None
    weights_hash: str | None
    preprocessing: str
    default_image_size: int
    minimum_image_size: int
    training_cpu_seconds: float
    scoring_cpu_seconds: float


@dataclass(frozen=True)
class WeightsStatus:
    """Whether ImageNet weights can be loaded, and in words what to do if not."""

    available: bool
    message: str
    path: Path | None


def _entry(
    name: str,
    title: str,
    keras_name: str,
    weights: tuple[str, str],
    *,
    published: bool,
    counts: tuple[int, int],
    preprocessing: str,
    minimum: int,
    cpu: tuple[float, float],
) -> BackboneEntry:
    return BackboneEntry(
        name=name,
        title=title,
        published=published,
        parameter_count=counts[1],
        backbone_parameter_count=counts[0],
        keras_name=keras_name,
        weights_file=weights[0],
        weights_hash=weights[1],
        preprocessing=preprocessing,
        default_image_size=224,
        minimum_image_size=minimum,
        training_cpu_seconds=cpu[0],
        scoring_cpu_seconds=cpu[1],
    )


_ENTRIES = (
    _entry(
        "vgg19", "VGG-19", "VGG19",
        ("vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5", "253f8cb515780f3b799900260a226db6"),
        published=True, counts=(20_024_384, 20_094_209), preprocessing="caffe", minimum=32, cpu=(9.6, 0.167),
    ),
    _entry(
        "inception_v3", "Inception-V3", "InceptionV3",
        ("inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5", "bcbd6486424b2319ff4ef7d526e38f63"),
        published=True, counts=(21_802_784, 22_069_217), preprocessing="tf", minimum=75, cpu=(1.9, 0.031),
    ),
    _entry(
        "resnet50", "ResNet-50", "ResNet50",
        ("resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5", "4d473c1dd8becc155b73f8504c6f6626"),
        published=True, counts=(23_587_712, 23_854_145), preprocessing="caffe", minimum=32, cpu=(3.2, 0.044),
    ),
    _entry(
        "inception_resnet_v2", "Inception-ResNet-V2", "InceptionResNetV2",
        ("inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5", "d19885ff4a710c122648d3b5c3b684e4"),
        published=True, counts=(54_336_736, 54_537_633), preprocessing="tf", minimum=75, cpu=(4.4, 0.071),
    ),
    _entry(
        "xception", "Xception", "Xception",
        ("xception_weights_tf_dim_ordering_tf_kernels_notop.h5", "b0042744bf5b25fce3cb969f33bebb97"),
        published=True, counts=(20_861_480, 21_127_913), preprocessing="tf", minimum=71, cpu=(3.9, 0.055),
    ),
    _entry(
        "densenet201", "DenseNet-201", "DenseNet201",
        ("densenet201_weights_tf_dim_ordering_tf_kernels_notop.h5", "c13680b51ded0fb44dff2d8f86ac8bb1"),
        published=True, counts=(18_321_984, 18_572_033), preprocessing="torch", minimum=32, cpu=(4.6, 0.064),
    ),
    _entry(
        "densenet121", "DenseNet-121", "DenseNet121",
        ("densenet121_weights_tf_dim_ordering_tf_kernels_notop.h5", "30ee3e1110167f948a6b9946edeeb738"),
        published=False, counts=(7_037_504, 7_172_865), preprocessing="torch", minimum=32, cpu=(3.1, 0.043),
    ),
    _entry(
        "efficientnetv2_s", "EfficientNetV2-S", "EfficientNetV2S",
        ("efficientnetv2-s_notop.h5", "af0682fb74e8c54910f2d4393339c070"),
        published=False, counts=(20_331_360, 20_499_489), preprocessing="tf", minimum=32, cpu=(3.3, 0.045),
    ),
    _entry(
        "convnext_tiny", "ConvNeXt-Tiny", "ConvNeXtTiny",
        ("convnext_tiny_notop.h5", "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1"),
        published=False, counts=(27_820_128, 27_922_721), preprocessing="torch", minimum=32, cpu=(5.5, 0.080),
    ),
    BackboneEntry(
        name="compact", title="Compact CNN", published=False, parameter_count=165_009,
        backbone_parameter_count=144_336,
        keras_name=None, weights_file=None, weights_hash=None, preprocessing="unit", default_image_size=128,
        minimum_image_size=32, training_cpu_seconds=1.6, scoring_cpu_seconds=0.030,
    ),
)  # fmt: skip

BACKBONES: dict[str, BackboneEntry] = {entry.name: entry for entry in _ENTRIES}


def weights_available(entry: BackboneEntry) -> WeightsStatus:
    """Look for the backbone's ImageNet weights in Keras' own cache, and compare them with Keras' published hash."""
    if entry.weights_file is None or entry.weights_hash is None:
        return WeightsStatus(
            available=False,
            message=f"{entry.title} has no pretrained weights: it is trained from scratch (weights “none”).",
            path=None,
        )
    path = keras_home() / "models" / entry.weights_file
    if not path.is_file():
        return WeightsStatus(available=False, message=_missing(entry, path), path=None)
    stat = path.stat()
    if _file_hash(path, stat.st_mtime_ns, stat.st_size, len(entry.weights_hash)) != entry.weights_hash:
        return WeightsStatus(available=False, message=_changed(entry, path), path=None)
    return WeightsStatus(
        available=True, message=f"The ImageNet weights of {entry.title} are on this machine.", path=path
    )


def keras_home() -> Path:
    """Keras' cache folder, found the way Keras finds it: `KERAS_HOME`, else `~/.keras`."""
    configured = os.environ.get("KERAS_HOME")
    if configured:
        return Path(configured)
    home = Path("~").expanduser()
    return (home if os.access(home, os.W_OK) else Path("/tmp")) / ".keras"  # noqa: S108 (as Keras itself does)


def _missing(entry: BackboneEntry, path: Path) -> str:
    return (
        f"The ImageNet weights of {entry.title} are not on this machine: {entry.weights_file} is not in "
        f"{_shown(path.parent)}. On a machine with internet, run "
        f'python -c "import keras; keras.applications.{entry.keras_name}(include_top=False)" and copy the file '
        "from there to that folder, or choose to train from scratch (weights “none”)."
    )


def _changed(entry: BackboneEntry, path: Path) -> str:
    return (
        f"{entry.weights_file} in {_shown(path.parent)} is not the file that Keras publishes for {entry.title}: its "
        "hash differs. Delete it and copy it again, or choose to train from scratch (weights “none”)."
    )


def _shown(folder: Path) -> str:
    """The folder as a person would type it; the home folder's name may be somebody's own."""
    home = Path("~").expanduser()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


@lru_cache(maxsize=64)
def _file_hash(path: Path, modified_ns: int, size: int, digits: int) -> str:
    """Hash once for a file's state: `modified_ns` and `size` are part of the key, not of the computation."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, hashlib.sha256 if digits == 64 else unkeyed_md5).hexdigest()


def unkeyed_md5() -> Any:
    """What Keras publishes for most files: against damage, not against an attacker."""
    return hashlib.md5(usedforsecurity=False)
