"""The trained model as one `.keras` file that describes itself and whose bytes are a function of its weights.

Keras writes the time and memory addresses into the archive; both are replaced, so that two identical trainings give
two identical files. `lucency.json` beside Keras' own entries holds configuration and threshold: the file's hash covers
them too.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mlworker.engine.checkpoint import synchronise_folder
from mlworker.engine.configuration import ConfigurationError, TrainingConfiguration
from mlworker.engine.errors import ModelRefused
from mlworker.engine.metrics import Threshold

_FACTS_ENTRY = "lucency.json"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class ModelFacts:
    """What a model file says of itself. `temperature`: of its calibration, None without one."""

    configuration: TrainingConfiguration
    threshold: Threshold
    temperature: float | None = None


def weights_sha256(model: Any) -> str:
    """Hash over all weights in the model's order: type, shape and bytes. Seeds of dropout are no weights."""
    import numpy as np

    digest = hashlib.sha256()
    for weight in model.weights:
        values = np.asarray(weight.value)
        digest.update(f"{values.dtype.str}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def save_model(model: Any, path: Path, facts: ModelFacts) -> str:
    """Write the model atomically.

    Args:
        model: an uncompiled `keras.Model`.
        path: ends in `.keras`.
        facts: kept inside the file.

    Returns:
        SHA-256 of the file.
    """
    written = path.with_name(f"{path.stem}.written.keras")
    rewritten = path.with_name(f"{path.stem}.rewritten.keras")
    model.save(written)
    described = {
        "configuration": facts.configuration.to_dict(),
        "threshold": asdict(facts.threshold),
        "temperature": facts.temperature,
    }
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(rewritten, "w") as target:
        for name in sorted(source.namelist()):
            _write_entry(target, name, _canonical_entry(name, source.read(name)))
        _write_entry(target, _FACTS_ENTRY, _canonical_json(described))
    written.unlink()
    with rewritten.open("rb") as stream:
        os.fsync(stream.fileno())
    rewritten.replace(path)
    synchronise_folder(path.parent)
    return file_sha256(path)


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_facts(path: Path, expected_sha256: str) -> ModelFacts:
    """Check the file's hash and read what it says of itself, without Keras.

    Raises:
        ModelRefused: missing, changed since it was recorded, or not written by this engine.
    """
    if path.suffix != ".keras":
        raise ModelRefused(f"{path.name} is not a .keras file; pickled or older formats are never opened.")
    if not path.is_file():
        raise ModelRefused(f"The model file {path.name} is not in the store.", "Restore it from a backup.")
    found = file_sha256(path)
    if found != expected_sha256:
        raise ModelRefused(
            f"The model file {path.name} was changed: its SHA-256 begins with {found[:12]}, recorded was "
            f"{expected_sha256[:12]}.",
            "Restore the file from a backup, or train again.",
        )
    try:
        with zipfile.ZipFile(path) as archive:
            described = json.loads(archive.read(_FACTS_ENTRY))
        return _facts(described)
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, ConfigurationError) as error:
        raise ModelRefused(f"The model file {path.name} was not written by this engine.") from error


def _facts(described: Mapping[str, Any]) -> ModelFacts:
    configuration = TrainingConfiguration.from_dict(described["configuration"])
    temperature = described.get("temperature")
    return ModelFacts(
        configuration, Threshold(**described["threshold"]), None if temperature is None else float(temperature)
    )


def _write_entry(target: zipfile.ZipFile, name: str, content: bytes) -> None:
    target.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content)


def _canonical_json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _canonical_entry(name: str, content: bytes) -> bytes:
    if name == "metadata.json":
        return _canonical_json(json.loads(content) | {"date_saved": "1980-01-01@00:00:00"})
    if name == "config.json":
        return _canonical_json(_renumbered(json.loads(content), {}))
    return content


def _renumbered(value: Any, seen: dict[int, int]) -> Any:
    """Replace shared object ids, which are memory addresses, by their order of appearance."""
    if isinstance(value, list):
        return [_renumbered(item, seen) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: seen.setdefault(item, len(seen)) if key == "shared_object_id" else _renumbered(item, seen)
        for key, item in value.items()
    }
