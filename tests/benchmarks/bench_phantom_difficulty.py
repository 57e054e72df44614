"""How hard the demo's phantoms are: the compact CNN, trained on few, on many fresh ones.

Run as `PYTHONPATH=platform:. python -m tests.benchmarks.bench_phantom_difficulty [--difficulty 1.0] [--seed 1]
[--data-seed 900000] [--epochs 16 40]`. Without `--epochs` the preset's own number of epochs is trained. Three to ten
minutes on two cores. docs/decisions/phantom-difficulty.md holds what it gave.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from demo.phantom import PhantomCase, render_phantom
from demo.phantom.case import Component, Side
from demo.phantom.machines import MACHINES

TRAINING, VALIDATION, FRESH = 190, 48, 400
FIRST_SEED = 950_000
REDUCTION = 4
INPUT_SIDE = 128


def drawn(seed: int, difficulty: float) -> PhantomCase:
    """Half of the cases loose, side, site and component by lot and independent of the label."""
    rng = np.random.default_rng([77, seed])
    loose = bool(seed % 2)
    components: tuple[Component, ...] = ("cup", "stem", "both")
    component = components[int(rng.integers(3))]
    side: Side = "R" if rng.random() < 0.5 else "L"
    site = list(MACHINES)[int(rng.integers(len(MACHINES)))]
    return PhantomCase(seed, side, loose, component if loose else "", site, difficulty)


def prepared_image(case: PhantomCase) -> NDArray[np.uint16]:
    unit = render_phantom(case, reduction=REDUCTION).unit()
    grey = (unit * 65535.0).astype(np.uint16)
    return np.asarray(cv2.resize(grey, (INPUT_SIDE, INPUT_SIDE), interpolation=cv2.INTER_AREA), dtype=np.uint16)


def rendered(difficulty: float, first_seed: int) -> tuple[list[PhantomCase], NDArray[np.uint16]]:
    cases = [drawn(first_seed + place, difficulty) for place in range(TRAINING + VALIDATION + FRESH)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        return cases, np.stack(list(pool.map(prepared_image, cases, chunksize=8)))


def trained_scores(
    cases: list[PhantomCase], images: NDArray[np.uint16], overrides: dict[str, int]
) -> NDArray[np.float64]:
    """Logits of the fresh cases by the compact preset with `overrides`, trained on the first ones."""
    from mlworker.engine.runtime import prepare_runtime

    prepare_runtime(2)
    from mlworker.engine.configuration import configuration_from
    from mlworker.engine.data import LabelledImages
    from mlworker.engine.scoring import load_model, score
    from mlworker.engine.training import train

    labels = np.array([int(case.loose) for case in cases])

    def part(start: int, end: int) -> LabelledImages:
        return LabelledImages(images[start:end], labels[start:end], tuple(str(case.seed) for case in cases[start:end]))

    with tempfile.TemporaryDirectory() as folder:
        result = train(
            configuration_from("compact", overrides),
            part(0, TRAINING),
            part(TRAINING, TRAINING + VALIDATION),
            folder=Path(folder),
            on_event=lambda event: print(event.message, flush=True) if event.kind == "epoch_finished" else None,
            should_stop=lambda: False,
        )
        return score(load_model(result.model_path, result.model_sha256), images[TRAINING + VALIDATION :]).logit


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--difficulty", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--epochs", type=int, nargs="*", default=[], help="instead of the preset's own; several: each")
    given = parser.parse_args()
    started = time.monotonic()
    cases, images = rendered(given.difficulty, given.data_seed)
    print(f"{len(cases)} phantoms rendered in {time.monotonic() - started:.0f} s")
    for overrides in [{"epochs": epochs} for epochs in given.epochs] or [{}]:
        logits = trained_scores(cases, images, {"seed": given.seed} | overrides)
        about = f"difficulty {given.difficulty}, data seed {given.data_seed}, training seed {given.seed}, {overrides}"
        print(about, flush=True)
        tell_areas(cases[TRAINING + VALIDATION :], logits)


def tell_areas(fresh: list[PhantomCase], logits: NDArray[np.float64]) -> None:
    labels = np.array([int(case.loose) for case in fresh])
    print(f"  all: AUC {roc_auc_score(labels, logits):.3f}", flush=True)
    for component in ("cup", "stem", "both"):
        among = np.array([case.component in ("", component) for case in fresh])
        print(f"  {component} against well fixed: AUC {roc_auc_score(labels[among], logits[among]):.3f}", flush=True)


if __name__ == "__main__":
    main()
