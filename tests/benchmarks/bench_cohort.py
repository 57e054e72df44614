"""Seconds to decide about a registry (preview) and to build a cohort of it, beside a bare count of the same tables.

    make bench        or        PYTHONPATH=platform:. python -m tests.benchmarks.bench_cohort [PATIENTS ...]

A registry of 15,277 patients, or of as many as the argument says (1000000), is made inside PostgreSQL in a database of
its own. Rounds of the cohort and of the bare count alternate, so that a slow minute of the machine slows both; figures
are medians. Seconds of processor time stand beside those of the clock, which other work on the machine lengthens.
The highlights of EXPLAIN (ANALYZE, BUFFERS) are printed after the figures: where the time goes, and whether anything
spilled to disk.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.bench_reading_loop import prepare_environment

ROUNDS = 3
SIZES = (15_277,)
TABLES = ("patient", "hip", "procedure", "diagnosis", "followup")


def make_registry(patients: int) -> int:
    """A study whose registry has so many patients; its key."""
    from django.core.management import call_command
    from django.db import connection

    from studies.models import Site, Study
    from tests.benchmarks.registry_rows import fill_registry

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE studies_study CASCADE")
    study = Study.objects.create(slug="benchmark", title="Benchmark")
    sites = [Site.objects.create(study=study, code=f"S{number:02}") for number in range(16)]
    fill_registry(study_id=study.pk, first_site_id=sites[0].pk, patients=patients)
    return study.pk


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of PostgreSQL's processor for this connection."""
    began, clock = _processor_seconds(), time.perf_counter()
    action()
    return time.perf_counter() - clock, _processor_seconds() - began


def _processor_seconds() -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def bare_count() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM cohorts_{table})" for table in TABLES))
        cursor.fetchone()


def preview(study_id: int) -> None:
    from annotations.cohorts.preview import preview_flow
    from annotations.cohorts.rules import PUBLISHED_RULES
    from studies.models import Study

    preview_flow(Study.objects.get(pk=study_id), PUBLISHED_RULES)


def build(study_id: int) -> None:
    from annotations.cohorts.rules import PUBLISHED_RULES
    from annotations.cohorts.services import build_cohort, save_rules
    from studies.models import Study

    study = Study.objects.get(pk=study_id)
    rules = study.cohort_rules.first() or save_rules(study=study, rules=PUBLISHED_RULES, actor=None)
    build_cohort(study=study, rules=rules, actor=None)


@contextmanager
def _read_back() -> Iterator[None]:
    """What was written before is on disk and in the planner's numbers, and disturbs nothing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    yield


def report(name: str, rounds: list[tuple[float, float]], bare: float | None = None) -> float:
    clock, processor = (float(statistics.median(column)) for column in zip(*rounds, strict=True))
    ratio = "" if bare is None else f"   {clock / bare:5.1f} bare counts"
    print(f"    {name:<28} {clock:7.2f} s by the clock   {processor:6.2f} s of processor{ratio}")
    return float(clock)


def highlights(study_id: int) -> list[str]:
    """The lines of the plan that say where the time goes: nodes that took longest, and what spilled to disk."""
    from django.db import connection, transaction

    from annotations.cohorts import cohort_queries
    from annotations.cohorts.rules import PUBLISHED_RULES, read_rules
    from studies.models import Study

    statement = "EXPLAIN (ANALYZE, BUFFERS) " + cohort_queries._COUNT
    with transaction.atomic(), connection.cursor() as cursor:
        cohort_queries._execute(cursor, statement, Study.objects.get(pk=study_id), read_rules(PUBLISHED_RULES))
        plan = [row[0] for row in cursor.fetchall()]
    took = re.compile(r"actual time=[\d.]+?\.\.([\d.]+)")
    nodes = [(float(found.group(1)), line) for line in plan if (found := took.search(line))]
    longest = sorted(nodes, key=lambda node: -node[0])[:6]
    spilled = [line.strip() for line in plan if "Disk" in line or "temp read" in line]
    shown = [re.sub(r"\(cost=.*?\) ", "", line).strip()[:110] for _, line in longest]
    return [*shown, *(spilled[:4] or ["nothing spilled to disk"]), plan[-1].strip()]


def run(patients: int) -> None:
    study_id = make_registry(patients)
    print(f"  {patients:,} patients; medians of {ROUNDS} rounds")
    counted, previewed, built = [], [], []
    with _read_back():
        preview(study_id)
        for _ in range(ROUNDS):
            counted.append(timed(bare_count))
            previewed.append(timed(lambda: preview(study_id)))
            built.append(timed(lambda: build(study_id)))
    bare = report("bare count of five tables", counted)
    report("preview: decide and count", previewed, bare)
    report("build: decide and write", built, bare)
    for line in highlights(study_id):
        print(f"      {line}")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="lucency-bench-"))
    prepare_environment(folder)
    from config.embedded.servers import ensure_servers, stop_servers

    try:
        ensure_servers()
        for patients in [int(argument) for argument in sys.argv[1:]] or SIZES:
            run(patients)
    finally:
        stop_servers()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
