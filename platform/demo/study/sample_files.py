"""The demo's files as files: what an import, an intake, a masking rule can be tried with, and the truth beside them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from demo.phantom import PhantomCase, PhantomHeader, phantom_dicom, phantom_truth
from demo.registry import generate_registry, write_csv, write_dirty_files
from demo.registry.people import SITES


def write_sample_files(folder: Path, *, seed: int, radiographs: int) -> Iterator[str]:
    """Write everything; yields a line for each kind of file when it is there."""
    tables = generate_registry(seed)
    write_csv(tables, folder / "registry")
    yield f"registry/: {len(tables.patients):,} patients, {len(tables.notes)} operative notes, ready to import"
    refusals = write_dirty_files(folder / "registry-dirty")
    _write_json(folder / "truth" / "expected-refusals.json", [asdict(refusal) for refusal in refusals])
    yield f"registry-dirty/: {len(refusals)} rows that an import must refuse, named in truth/expected-refusals.json"
    patients = {key: asdict(told) for key, told in tables.truth.items()}
    notes = {key: asdict(told) | {"reason": told.reason} for key, told in tables.note_truth.items()}
    _write_json(folder / "truth" / "patients.json", patients)
    _write_json(folder / "truth" / "notes.json", notes)
    yield "truth/: why each patient leaves, what each note says and hides"
    truth = dict(_write_radiograph(folder / "radiographs", number, seed) for number in range(1, radiographs + 1))
    _write_json(folder / "truth" / "radiographs.json", truth)
    yield f"radiographs/: {radiographs} DICOM files of patients who are in no registry; their zones are in truth/"


def _write_radiograph(folder: Path, number: int, seed: int) -> tuple[str, dict[str, Any]]:
    rng = random.Random(f"{seed}:file:{number}")
    loose = number % 2 == 1
    case = PhantomCase(
        seed=rng.getrandbits(48), side=rng.choice(("R", "L")), loose=loose,
        component=rng.choice(("cup", "stem", "both")) if loose else "", site=rng.choice(SITES).site,
    )  # fmt: skip
    header = PhantomHeader(
        patient_id=f"FILE-{number}", patient_name=f"Phantom^Number{number}", birth_date=date(1948, 5, 6),
        sex=rng.choice("FM"), acquired_on=date(2021, 3, 1), accession=f"A{number:06d}", referring="Nobody^Real",
    )  # fmt: skip
    name = f"radiograph-{number:03d}.dcm"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(phantom_dicom(case, header))
    return name, asdict(case) | {"truth": asdict(phantom_truth(case))}


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, default=str))
