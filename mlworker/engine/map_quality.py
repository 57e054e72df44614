"""Whether a method's maps of a model say anything about that model. Rules are plain and stand beside every figure.

A map can be sharp, plausible and about the image alone: edges are. So maps are compared with those of the same network
with its weights scrambled (Adebayo 2018), with the edges of the image, with those of other trained networks (Arun
2021), and by what happens to the score when the pixels they name are taken away (Petsiuk 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from mlworker.engine.data import as_input, prepared
from mlworker.engine.errors import EngineError
from mlworker.engine.map_scale import to_unit
from mlworker.engine.metrics import sigmoid
from mlworker.engine.saliency import explain
from mlworker.engine.scoring import LoadedModel

LEAST_CASES = 20
# Two maps are taken for alike from this mean similarity on. A convention, not a law: it is printed with the verdict.
ALIKE = 0.5
REMOVED_SHARES = tuple(round(0.05 * step, 2) for step in range(21))
Array = NDArray[np.float32]
Progress = Callable[[int, int], None]
PASSES, FAILS, CANNOT_BE_SAID = "passes", "fails", "cannot_be_said"


@dataclass(frozen=True)
class Finding:
    """One test of a method's maps.

    Attributes:
        test: its key.
        verdict: passes, fails or cannot_be_said.
        figures: means over the cases, by name.
        cases: how many.
        reason: the rule and what was found, in words.
    """

    test: str
    verdict: str
    figures: dict[str, float | None]
    cases: int
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Peer:
    """Maps of the same images by another model: `kind` is "seed" or "architecture"."""

    kind: str
    name: str
    maps: Array


def structural_similarity(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Mean SSIM of two maps, each brought to 0..1 by its 99.5th percentile (Wang 2004; Gaussian window of 1.5).

    A map that is zero everywhere has no structure: its similarity with any other is 0.
    """
    first, second = to_unit(one), to_unit(other)
    if first.max() == 0 or second.max() == 0:
        return 0.0

    def blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), dtype=np.float64)

    mean1, mean2 = blurred(first), blurred(second)
    variance1 = blurred(first * first) - mean1 * mean1
    variance2 = blurred(second * second) - mean2 * mean2
    covariance = blurred(first * second) - mean1 * mean2
    light, contrast = 0.01**2, 0.03**2
    above = (2 * mean1 * mean2 + light) * (2 * covariance + contrast)
    below = (mean1**2 + mean2**2 + light) * (variance1 + variance2 + contrast)
    return float(np.mean(above / below))


def rank_correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Spearman's correlation over the pixels; 0 where one map is constant."""
    first, second = rankdata(one.ravel()), rankdata(other.ravel())
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def judge(
    model: LoadedModel,
    images: NDArray[Any],
    method: str,
    *,
    peers: Sequence[Peer] = (),
    seed: int = 1,
    on_progress: Progress = lambda done, total: None,
) -> list[Finding]:
    """All tests of one method on one model.

    Args:
        model: must not be shared: its weights are scrambled meanwhile, and put back at the end.
        images: (N, H, W), at least `LEAST_CASES`, of training or validation cases; never of the sealed test part.
        method: a key of `saliency.METHODS`.
        peers: maps of the same images by the same method from other runs.
        seed: of the scrambling and of the random order that deletion is compared with.
        on_progress: called with tests done and tests in all.

    Raises:
        EngineError: fewer cases than a mean should rest on.
    """
    if len(images) < LEAST_CASES:
        raise EngineError(f"{len(images)} cases are too few to judge maps by; at least {LEAST_CASES} are needed.")
    steps: tuple[Callable[[], list[Finding]], ...] = (
        lambda: [_edges(prepared(images, model.configuration), maps)],
        lambda: _deletion_and_insertion(model, images, maps, seed),
        lambda: [_peers(kind, maps, peers) for kind in ("seed", "architecture")],
        lambda: [_randomisation(model, images, method, maps, seed)],
    )
    maps = explain(model, images, method).maps
    findings: list[Finding] = []
    for done, step in enumerate(steps):
        on_progress(done, len(steps))
        findings += step()
    on_progress(len(steps), len(steps))
    return findings


def _randomisation(model: LoadedModel, images: NDArray[Any], method: str, maps: Array, seed: int) -> Finding:
    """The output's weights scrambled, then the head's, half the backbone's, all: maps must become other maps."""
    figures: dict[str, float | None] = {}
    with _scrambled(model.keras_model, seed) as scramble:
        for stage in ("output", "head", "half", "all"):
            scramble(stage)
            changed = explain(model, images, method).maps
            figures |= {f"{stage}_{name}": value for name, value in _alike(maps, changed).items()}
    found = max(figures["all_similarity"] or 0.0, abs(figures["all_rank_correlation"] or 0.0))
    return Finding(
        "randomisation",
        FAILS if found >= ALIKE else PASSES,
        figures,
        len(images),
        f"With every weight scrambled the maps must not stay alike (below {ALIKE:g}); the larger of mean SSIM and rank "
        f"correlation is {found:.2f}.",
    )


@contextmanager
def _scrambled(keras_model: Any, seed: int) -> Iterator[Callable[[str], None]]:
    """A function that permutes the entries of every weight of a stage, from the output down; all is put back."""
    leaves = [layer for layer in keras_model._flatten_layers() if layer.weights and not _has_parts(layer)]
    backbone = {id(layer) for layer in keras_model.get_layer("backbone")._flatten_layers()}
    inner = [layer for layer in leaves if id(layer) in backbone]
    head = [layer for layer in leaves if id(layer) not in backbone]
    output = [layer for layer in head if layer.name == "logit"]
    stages = {"output": output, "head": head, "half": [*head, *inner[len(inner) // 2 :]], "all": leaves}
    kept = [(layer, [np.asarray(weight.value).copy() for weight in layer.weights]) for layer in leaves]

    def scramble(stage: str) -> None:
        generator = np.random.default_rng(seed)
        chosen = {id(layer) for layer in stages[stage]}
        for layer, weights in reversed(kept):
            if id(layer) in chosen:
                for variable, values in zip(layer.weights, weights, strict=True):
                    variable.assign(generator.permutation(values.ravel()).reshape(values.shape))

    try:
        yield scramble
    finally:
        for layer, weights in kept:
            for variable, values in zip(layer.weights, weights, strict=True):
                variable.assign(values)


def _has_parts(layer: Any) -> bool:
    return any(True for _ in layer._flatten_layers(include_self=False))


def _edges(pixels: Array, maps: Array) -> Finding:
    """Against the image's own edges (Sobel): a map that is those needs no network."""
    edges = np.stack([_sobel(image) for image in pixels])
    figures = _alike(maps, edges)
    found = max(figures["similarity"] or 0.0, figures["rank_correlation"] or 0.0)
    return Finding(
        "edges", FAILS if found >= ALIKE else PASSES, figures, len(maps),
        f"The maps must not be the image's edges (below {ALIKE:g}); the larger of mean SSIM and rank correlation with "
        f"an edge detector is {found:.2f}.",
    )  # fmt: skip


def _sobel(image: Array) -> Array:
    across = cv2.Sobel(image, cv2.CV_32F, 1, 0, ksize=3)
    down = cv2.Sobel(image, cv2.CV_32F, 0, 1, ksize=3)
    return np.asarray(np.hypot(across, down), dtype=np.float32)


def _peers(kind: str, maps: Array, peers: Sequence[Peer]) -> Finding:
    """Another seed, or another architecture, trained on the same cases should be moved by the same places."""
    test = {"seed": "repeatability", "architecture": "reproducibility"}[kind]
    mine = [peer for peer in peers if peer.kind == kind]
    if not mine:
        other = "with another seed" if kind == "seed" else "of another architecture"
        reason = f"There is no other finished run {other} on this dataset version to compare with."
        return Finding(test, CANNOT_BE_SAID, {}, len(maps), reason)
    compared = [_alike(maps, peer.maps) for peer in mine]
    figures: dict[str, float | None] = {
        name: float(np.mean([each[name] for each in compared])) for name in ("similarity", "rank_correlation")
    }
    similarity = figures["similarity"] or 0.0
    names = ", ".join(peer.name for peer in mine)
    return Finding(
        test, PASSES if similarity >= ALIKE else FAILS, figures, len(maps),
        f"Maps must be alike (mean SSIM at least {ALIKE:g}) with those of {names}; it is {similarity:.2f}.",
    )  # fmt: skip


def _alike(maps: Array, others: Array) -> dict[str, float | None]:
    return {
        "similarity": float(np.mean([structural_similarity(a, b) for a, b in zip(maps, others, strict=True)])),
        "rank_correlation": float(np.mean([rank_correlation(a, b) for a, b in zip(maps, others, strict=True)])),
    }


def _deletion_and_insertion(model: LoadedModel, images: NDArray[Any], maps: Array, seed: int) -> list[Finding]:
    """The predicted class's probability while pixels go, or come, in the map's order, against a random order."""
    inputs = as_input(prepared(images, model.configuration))
    loose = sigmoid(model.forward(inputs)) >= model.threshold.value
    generator = np.random.default_rng(seed)
    areas: dict[str, list[float]] = {
        name: [] for name in ("deletion", "insertion", "random_deletion", "random_insertion")
    }
    for image, each, is_loose in zip(inputs, maps, loose, strict=True):
        order = np.argsort(-each.ravel(), kind="stable")
        chance = generator.permutation(each.size)
        for prefix, ranked in (("", order), ("random_", chance)):
            deleted, inserted = _curves(model, image, ranked, bool(is_loose))
            areas[f"{prefix}deletion"].append(deleted)
            areas[f"{prefix}insertion"].append(inserted)
    return [_against_chance("deletion", areas, sign=-1.0), _against_chance("insertion", areas, sign=1.0)]


def _curves(model: LoadedModel, image: Array, ranked: NDArray[np.int64], is_loose: bool) -> tuple[float, float]:
    """Areas under the deletion and the insertion curve of one image; what is gone is blurred, not black."""
    side = image.shape[0]
    blurred = cv2.GaussianBlur(image[..., 0], (0, 0), side / 16)[..., np.newaxis]
    frames = np.empty((2 * len(REMOVED_SHARES), *image.shape), dtype=np.float32)
    for position, share in enumerate(REMOVED_SHARES):
        named = np.zeros(ranked.size, dtype=bool)
        named[ranked[: round(share * ranked.size)]] = True
        mask = named.reshape(side, side, 1)
        frames[position] = np.where(mask, blurred, image)
        frames[len(REMOVED_SHARES) + position] = np.where(mask, image, blurred)
    probability = sigmoid(model.forward(frames))
    predicted = probability if is_loose else 1.0 - probability
    deleted, inserted = predicted[: len(REMOVED_SHARES)], predicted[len(REMOVED_SHARES) :]
    return float(np.trapezoid(deleted, REMOVED_SHARES)), float(np.trapezoid(inserted, REMOVED_SHARES))


def _against_chance(name: str, areas: dict[str, list[float]], *, sign: float) -> Finding:
    """Better than chance where the 95 % interval of the mean paired difference (normal) lies on the right side of 0."""
    differences = sign * (np.array(areas[name]) - np.array(areas[f"random_{name}"]))
    mean, count = float(differences.mean()), len(differences)
    half = 1.96 * float(differences.std(ddof=1)) / float(np.sqrt(count))
    word = "lower" if sign < 0 else "higher"
    figures: dict[str, float | None] = {
        "area": float(np.mean(areas[name])), "random_area": float(np.mean(areas[f"random_{name}"])),
        "difference": mean, "low": mean - half, "high": mean + half,
    }  # fmt: skip
    return Finding(
        name, PASSES if mean - half > 0 else FAILS, figures, count,
        f"The area under the {name} curve must be {word} than for pixels in random order; it is {word} by {mean:.3f} "
        f"({mean - half:.3f} to {mean + half:.3f}).",
    )  # fmt: skip
