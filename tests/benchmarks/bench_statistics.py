"""DeLong's paired test and the bootstrap beside direct implementations, and how often Obuchowski-Rockette errs.

    make bench        or        PYTHONPATH=platform:. python -m tests.benchmarks.bench_statistics

DeLong of two models at n = 100,000 beside the definition (every positive compared with every negative, in blocks of
NumPy; run once). 2,000 bootstrap replicates of n = 10,000 beside the direct way: draw, index, scikit-learn's AUC (200
replicates, scaled). With R and pROC installed, pROC's own times stand beside both. Figures are medians over rounds.
Both ways must give the same numbers, or the run fails.

Last, the type-I error: 2,000 simulated studies without a difference (5 readers, 60 cases, readers and cases random),
in which a test at 0.05 should be significant in 5 of 100. Beside it the test that takes the readers as fixed. The same
for one model against a panel of five.

On two cores shared with much other work (load 10): DeLong 0.15 s, the definition 45 s (310 times); bootstrap 0.49 s,
directly 28 s (57 times); type-I error 5.0 % with readers and cases random, 9.3 % with the readers taken as fixed; of a
model against a panel 5.2 % and 9.6 %.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from mlworker.statistics.bootstrap import bootstrap_replicates
from mlworker.statistics.covariance import figures
from mlworker.statistics.delong import delong_paired
from mlworker.statistics.mrmc import model_against_panel, obuchowski_rockette

Array = NDArray[Any]
ROUNDS = 3
DELONG_N, BOOTSTRAP_N, REPLICATES, BASELINE_REPLICATES = 100_000, 10_000, 2000, 200
STUDIES, READERS, CASES = 2000, 5, 60
_BLOCK = 500


def a_sample(n: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(1)
    truth = np.arange(n) % 2
    shared = rng.normal(0, 0.6, n)
    return truth, truth + shared + rng.normal(0, 0.8, n), truth + shared + rng.normal(0, 1.1, n)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def delong_by_definition(truth: Array, first: Array, second: Array) -> tuple[float, float]:
    """(AUC difference, its standard error) from all pairs of a positive and a negative."""
    of_positives, of_negatives = [], []
    for score in (first, second):
        pos, neg = score[truth == 1], score[truth == 0]
        v10, v01 = np.empty(len(pos)), np.zeros(len(neg))
        for start in range(0, len(pos), _BLOCK):
            block = pos[start : start + _BLOCK, None]
            won = (block > neg) + 0.5 * (block == neg)
            v10[start : start + _BLOCK] = won.mean(axis=1)
            v01 += won.sum(axis=0)
        of_positives.append(v10)
        of_negatives.append(v01 / len(pos))
    gap10, gap01 = of_positives[0] - of_positives[1], of_negatives[0] - of_negatives[1]
    return float(gap10.mean()), float(np.sqrt(gap10.var(ddof=1) / len(gap10) + gap01.var(ddof=1) / len(gap01)))


def bootstrap_directly(truth: Array, score: Array, replicates: int) -> Array:
    rng = np.random.default_rng(2)
    pos, neg = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    found = np.empty(replicates)
    for i in range(replicates):
        drawn = np.concatenate([rng.choice(pos, len(pos)), rng.choice(neg, len(neg))])
        found[i] = roc_auc_score(truth[drawn], score[drawn])
    return found


def proc_seconds(truth: Array, first: Array, second: Array, replicates: int | None) -> float | None:
    """pROC's time for the same work, or None where R or pROC is not installed."""
    if shutil.which("Rscript") is None:
        return None
    work = (
        "roc.test(a, b, paired = TRUE)"
        if replicates is None
        else f'ci.auc(a, method = "bootstrap", boot.n = {replicates})'
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sample.csv"
        np.savetxt(file, np.column_stack([truth, first, second]), delimiter=",")
        code = (
            f'suppressMessages(library(pROC)); d <- read.csv("{file}", header = FALSE);'
            'a <- roc(d$V1, d$V2, quiet = TRUE, direction = "<"); b <- roc(d$V1, d$V3, quiet = TRUE, direction = "<");'
            f'cat(system.time({work})["elapsed"])'
        )
        done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    return float(done.stdout) if done.returncode == 0 else None


def told(name: str, ours: list[float], theirs: list[float], proc: float | None) -> None:
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{name}: {mine:.3f} s, directly {other:.2f} s: {other / mine:.0f} times faster", end="")
    print(f"; pROC {proc:.2f} s: {proc / mine:.0f} times faster" if proc is not None else "; pROC is not installed")


def bench_delong() -> None:
    truth, first, second = a_sample(DELONG_N)
    ours = [seconds(lambda: delong_paired(truth, first, second)) for _ in range(ROUNDS)]
    theirs = [seconds(lambda: delong_by_definition(truth, first, second))]
    found, (gap, se) = delong_paired(truth, first, second), delong_by_definition(truth, first, second)
    assert found.difference.value is not None
    assert found.se is not None
    np.testing.assert_allclose([found.difference.value, found.se], [gap, se], rtol=1e-9)
    told(f"DeLong, paired, n = {DELONG_N:,}", ours, theirs, proc_seconds(truth, first, second, None))


def bench_bootstrap() -> None:
    truth, first, second = a_sample(BOOTSTRAP_N)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: bootstrap_replicates(truth, [first], replicates=REPLICATES)))
        scale = REPLICATES / BASELINE_REPLICATES
        theirs.append(scale * seconds(lambda: bootstrap_directly(truth, first, BASELINE_REPLICATES)))
    spread = bootstrap_replicates(truth, [first], replicates=REPLICATES)[0].std(ddof=1)
    direct = bootstrap_directly(truth, first, BASELINE_REPLICATES).std(ddof=1)
    assert 0.8 < spread / direct < 1.25, "both draw from the same distribution"
    name = f"bootstrap, {REPLICATES:,} replicates of n = {BOOTSTRAP_N:,}"
    told(name, ours, theirs, proc_seconds(truth, first, second, REPLICATES))


def a_study_without_difference(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two treatments alike on average; case, reader, and every interaction vary (Roe & Metz 1997)."""
    truth = np.arange(CASES) % 2
    case, by_treatment = rng.normal(0, 0.55, CASES), rng.normal(0, 0.35, (2, 1, CASES))
    by_reader = rng.normal(0, 0.35, (1, READERS, CASES))
    skill = 1.2 + rng.normal(0, 0.25, (1, READERS, 1)) + rng.normal(0, 0.2, (2, READERS, 1))
    return truth, truth * skill + case + by_treatment + by_reader + rng.normal(0, 0.6, (2, READERS, CASES))


def bench_type_one_error() -> None:
    rng, random, fixed = np.random.default_rng(3), 0, 0
    for _ in range(STUDIES):
        truth, readings = a_study_without_difference(rng)
        found = obuchowski_rockette(truth, list(readings))
        assert found.random_readers_and_cases is not None
        assert found.fixed_readers is not None
        random += (found.random_readers_and_cases.p_value or 0) < 0.05
        fixed += (found.fixed_readers.p_value or 0) < 0.05
    told_error("readers and cases random", random, "readers taken as fixed", fixed)


def told_error(name: str, found: int, other: str, beside: int) -> None:
    error = 100 * np.sqrt(0.05 * 0.95 / STUDIES)
    print(
        f"type-I error at 5 %, {STUDIES:,} studies: {name} {100 * found / STUDIES:.1f} %, "
        f"{other} {100 * beside / STUDIES:.1f} % (simulation error {error:.1f})"
    )


def bench_model_against_panel() -> None:
    """A model exactly as good as readers are on average, beside a normal test with the panel's own cases alone."""
    rng, random, fixed = np.random.default_rng(4), 0, 0
    noise, of_readers = 0.55**2 + 0.7**2, 0.3**2
    mean_skill = 1.2
    of_model = mean_skill * np.sqrt(2 * noise / (2 * noise + of_readers))
    for _ in range(STUDIES):
        truth, case = np.arange(CASES) % 2, rng.normal(0, 0.55, CASES)
        skill = rng.normal(mean_skill, np.sqrt(of_readers), (READERS, 1))
        readers = truth * skill + case + rng.normal(0, 0.7, (READERS, CASES))
        model = truth * of_model + case + rng.normal(0, 0.7, CASES)
        found = model_against_panel(truth, model, list(readers))
        random += (found.p_value or 0) < 0.05
        rows = figures(truth, [model, *readers], quantity="auc")
        gap = rows.contrasted(np.array([[1.0, *[-1 / READERS] * READERS]]))
        fixed += abs(gap.values[0]) > 1.959964 * np.sqrt(gap.covariance[0, 0])
    told_error("a model against a panel, both random", random, "readers taken as fixed", fixed)


if __name__ == "__main__":
    bench_delong()
    bench_bootstrap()
    bench_type_one_error()
    bench_model_against_panel()
