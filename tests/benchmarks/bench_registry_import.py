"""Rows a second of a registry import beside PostgreSQL's own COPY into the same table, and the memory it takes.

    make bench        or        PYTHONPATH=platform:. python -m tests.benchmarks.bench_registry_import [ROWS]

The import reads a CSV file of procedures with hospitals' identifiers, checks every cell, hashes, finds patients and
hips (or makes them), compares with the registry, writes, and has the references checked. COPY gets the finished rows
of the very same table, with keys and hips in place, into its constraints, indexes and history triggers, commit
included. Each import is a process of its own, so that its peak of memory is its own; the peak of a quarter of the rows
stands beside that of all of them. Then the same file again. A temporary folder and a database of its own.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROWS = 100_000
_STUDY = "benchmark"
_COLUMNS = "study_id, hip_id, registry_key, performed_on, cpt, modifiers, surgeon, cup_fixation, stem_fixation"
_ROOT = Path(__file__).parents[2]


def write_files(folder: Path, rows: int) -> dict[str, Path]:
    """Sites, patients (one for four procedures), and procedures as a hospital's database would export them."""
    chance = random.Random(5)
    paths = {name: folder / f"{name}.csv" for name in ("sites", "patients", "procedures", "quarter")}
    paths["sites"].write_text("site,name,country\n" + "".join(f"S{i},Hospital {i},Nowhere\n" for i in range(16)))
    patients = rows // 4
    with paths["patients"].open("w") as file:
        file.write("patient_id,site,birth_year,sex\n")
        file.writelines(f"MRN{i:08d},S{i % 16},{1925 + i % 47},{'FM'[i % 2]}\n" for i in range(patients))
    first = date(1995, 1, 1)
    with paths["procedures"].open("w") as file, paths["quarter"].open("w") as quarter:
        header = "procedure_id,patient_id,performed_on,side,cpt,modifiers,surgeon,cup_fixation,stem_fixation\n"
        file.write(header)
        quarter.write(header)
        for i in range(rows):
            day = first + timedelta(days=chance.randrange(10_000))
            code = chance.choice(("27130", "27130", "27134", "27137", "27138", "27447"))
            side, modifier = chance.choice("RL"), chance.choice(("", "", "22"))
            fixation = chance.choice(("cementless", "cemented", "unknown"))
            line = (
                f"OP{i:09d},MRN{i // 4 % patients:08d},{day},{side},{code},{modifier},"
                f"surgeon-{chance.randrange(200)},{fixation},cementless\n"
            )
            file.write(line)
            if i < rows // 4:
                quarter.write(line)
    return paths


def prepare_environment(folder: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "LUCENCY_ENV", "LUCENCY_POSTGRES_OPTIONS"):
        os.environ.pop(name, None)
    os.environ |= {
        "LUCENCY_VAR": str(folder / "var"),
        "LUCENCY_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{_ROOT / 'platform'}:{_ROOT}",
    }


def import_in_a_process(*paths: Path) -> dict[str, float]:
    """Seconds and peak of resident memory (MB) of one import in a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_registry_import", "--import", *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak_memory() -> float:
    """Megabytes that this program had resident at most. getrusage would tell that of the process it came from."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def import_here(paths: list[Path]) -> None:
    import django

    django.setup()
    from annotations.cohorts.registry_import import import_registry
    from studies.models import Study

    before = peak_memory()
    began = time.perf_counter()
    record = import_registry(study=Study.objects.get(slug=_STUDY), paths=paths, actor=None)
    seconds = time.perf_counter() - began
    assert record.refused_rows == [], record.refused_rows[:3]
    print(json.dumps({"seconds": seconds, "before": before, "peak": peak_memory()}))


def copy_the_same_rows(folder: Path) -> float:
    """Seconds that COPY takes for the rows that the import has written, into the emptied table."""
    from django.db import connection, transaction

    finished = folder / "finished.copy"
    with connection.cursor() as cursor, finished.open("wb") as file:
        cursor.copy_expert(f"COPY (SELECT {_COLUMNS} FROM cohorts_procedure ORDER BY id) TO STDOUT", file)
    _empty("cohorts_procedure")
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, finished.open("rb") as file:
        cursor.copy_expert(f"COPY cohorts_procedure ({_COLUMNS}) FROM STDIN", file)
    return time.perf_counter() - began


def _empty(*tables: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def run(folder: Path, rows: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from studies.services import create_study

    call_command("migrate", verbosity=0)
    create_study(slug=_STUDY, title="Benchmark")
    paths = write_files(folder, rows)
    patients = import_in_a_process(paths["sites"], paths["patients"])
    quarter = import_in_a_process(paths["quarter"])
    _empty("cohorts_procedure", "cohorts_hip")
    whole = import_in_a_process(paths["procedures"])
    again = import_in_a_process(paths["procedures"])
    _empty("cohorts_procedure")
    later = import_in_a_process(paths["procedures"])
    copied = copy_the_same_rows(folder)
    print(f"{rows:,} procedures of {rows // 4:,} patients, {paths['procedures'].stat().st_size / 2**20:.0f} MB")
    for name, seconds, about in (
        ("import", whole["seconds"], "with the hips that it makes"),
        ("import", later["seconds"], "hips there already"),
        ("COPY", copied, "finished rows, hips there already"),
        ("same again", again["seconds"], "nothing changes"),
    ):
        print(f"{name:12} {rows / seconds:10,.0f} rows/s {seconds:7.1f} s  {about}")
    print(f"{'patients':12} {rows // 4 / patients['seconds']:10,.0f} rows/s  each number encrypted")
    print(f"ratio import : COPY  {copied / whole['seconds']:.2f}, hips there already {copied / later['seconds']:.2f}")
    print(
        f"memory {quarter['peak']:.0f} MB at {rows // 4:,} rows, {whole['peak']:.0f} MB at {rows:,}; "
        f"{whole['before']:.0f} MB of it before the import"
    )


def main() -> None:
    if sys.argv[1:2] == ["--import"]:
        import_here([Path(name) for name in sys.argv[2:]])
        return
    rows = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else ROWS
    folder = Path(tempfile.mkdtemp(prefix="lucency-bench-"))
    prepare_environment(folder)
    from config.embedded.servers import ensure_servers, stop_servers

    try:
        ensure_servers()
        run(folder, rows)
    finally:
        stop_servers()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
