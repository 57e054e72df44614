"""Facts of the models: what was trained, on what, how the threshold was fixed, and every touch of the test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mlworker.experiments.models import SaliencyMap, Scoring, TrainingRun
from mlworker.experiments.selectors import test_part_touches

if TYPE_CHECKING:
    from mlworker.experiments.report.facts import Known

_PREPROCESSING = ("image_size", "pixel_depth", "preprocessing")
_AUGMENTATION = ("flip", "magnification", "brightness", "position", "orientation")
_TRAINING = (
    "optimizer",
    "learning_rate",
    "schedule",
    "batch_size",
    "epochs",
    "dropout",
    "head_units",
    "trainable",
    "seed",
)


def compared_scorings(known: Known) -> list[Scoring]:
    return list(known.comparison.scorings.select_related("run", "requested_by").order_by("pk"))


def all_runs(known: Known) -> list[TrainingRun]:
    """Every run that was ever queued on this dataset version, failed and cancelled ones too."""
    return list(TrainingRun.objects.filter(dataset_version=known.comparison.dataset_version_id).order_by("pk"))


def _each(known: Known, tell: Callable[[TrainingRun], str]) -> str | None:
    runs = [scoring.run for scoring in compared_scorings(known)]
    alike: dict[str, list[str]] = {}
    for run in runs:
        alike.setdefault(tell(run), []).append(run.name)
    if len(alike) == 1:
        return f"{'Every compared model' if len(runs) > 1 else runs[0].name}: {next(iter(alike))}."
    return " ".join(f"{', '.join(names)}: {text}." for text, names in alike.items()) or None


def _settings(run: TrainingRun, names: tuple[str, ...]) -> str:
    found: dict[str, Any] = run.configuration
    return ", ".join(f"{name.replace('_', ' ')} {found[name]}" for name in names if name in found)


def _models(known: Known) -> str | None:
    def tell(run: TrainingRun) -> str:
        parameters = f", {run.parameter_count:,} parameters" if run.parameter_count else ""
        return f"convolutional network, backbone {run.backbone}{parameters}, one output (probability of loose)"

    return _each(known, tell)


def _preprocessing(known: Known) -> str | None:
    return _each(known, lambda run: _settings(run, _PREPROCESSING))


def _training(known: Known) -> str | None:
    def tell(run: TrainingRun) -> str:
        return f"{_settings(run, _TRAINING)}; augmentation: {_settings(run, _AUGMENTATION)}"

    return _each(known, tell)


def _initialisation(known: Known) -> str | None:
    def tell(run: TrainingRun) -> str:
        origin = run.environment.get("weights_origin", "not recorded")
        digest = run.environment.get("weights_sha256") or "none"
        return f"weights {origin}, SHA-256 {digest}"

    return _each(known, tell)


def _software(known: Known) -> str | None:
    def tell(run: TrainingRun) -> str:
        found = {name: version for name, version in run.environment.get("packages", {}).items() if version}
        packages = ", ".join(f"{name} {version}" for name, version in sorted(found.items()))
        return f"Python {run.environment.get('python', 'not recorded')}, {packages}"

    return _each(known, tell)


def _hardware(known: Known) -> str | None:
    def tell(run: TrainingRun) -> str:
        gpus = ", ".join(map(str, run.environment.get("gpus") or [])) or "no GPU"
        return f"{run.environment.get('processor', 'processor not recorded')}, {gpus}"

    return _each(known, tell)


def _runs(known: Known) -> str | None:
    runs = all_runs(known)
    if not runs:
        return None
    finished = sum(run.status == "succeeded" for run in runs)
    compared = len(compared_scorings(known))
    return (
        f"{len(runs)} runs were ever queued on this dataset version, {finished} finished, {compared} are compared "
        "here. All are in the table “Every run that was tried”."
    )


def _thresholds(known: Known) -> str | None:
    told = []
    for scoring in compared_scorings(known):
        run = scoring.run
        if run.threshold is None or run.threshold_fixed_at is None:
            continue
        first = scoring.queued_at
        when = "before" if run.threshold_fixed_at <= first else "AFTER"
        told.append(
            f"{run.name}: {run.threshold:.6g} by {run.threshold_rule} on the validation part, fixed "
            f"{run.threshold_fixed_at:%Y-%m-%d %H:%M:%S} UTC, {when} its first scoring ({first:%Y-%m-%d %H:%M:%S} UTC)"
        )
    return "; ".join(told) + "." if told else None


def _touches(known: Known) -> str:
    touches = test_part_touches(known.comparison.dataset_version)
    if not touches:
        return "The sealed test part has not been touched by any model."
    return f"The sealed test part was touched {len(touches)} times; each with its reason is in the table of touches."


def _maps(known: Known) -> str | None:
    runs = [scoring.run_id for scoring in compared_scorings(known)]
    maps = SaliencyMap.objects.filter(run__in=runs, status="succeeded").values_list("method", flat=True)
    if not maps:
        return None
    methods = ", ".join(sorted({method.replace("_", " ") for method in maps}))
    return f"{len(maps)} saliency maps were drawn ({methods}). A map shows what moved a score, not why."


def _ensembling(known: Known) -> str | None:
    return "No ensembles: each run's own model was scored." if compared_scorings(known) else None


def _updating(known: Known) -> str | None:
    return (
        "None: a run's model and threshold never change after its test part was scored."
        if compared_scorings(known)
        else None
    )


MODEL_FACTS: Mapping[str, Callable[[Known], str | None]] = {
    "models": _models,
    "preprocessing": _preprocessing,
    "training": _training,
    "initialisation": _initialisation,
    "software": _software,
    "hardware": _hardware,
    "runs": _runs,
    "thresholds": _thresholds,
    "touches": _touches,
    "maps": _maps,
    "ensembling": _ensembling,
    "updating": _updating,
}
