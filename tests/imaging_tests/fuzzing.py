"""Mutated files through the wall around the parser, with every planted identifier searched for in what comes out.

`python -m tests.imaging_tests.fuzzing 5000` runs as many as wanted; the tests run a few hundred.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import imagecodecs

from annotations.imaging.outcome import UploadOutcome
from annotations.imaging.sandbox import SECONDS_A_FILE, Sandbox
from tests.imaging_tests.mutations import mutated
from tests.radiograph_files import compressed_file, dicom_file, picture_file, pixels

KEY = b"k" * 32
# Long and unlike anything that pixels or digests hold by chance.
PLANTS = ("ZZPLANTEDNAMEZZ", "ZZPLANTEDIDZZ", "ZZPLANTEDWARDZZ", "ZZPLANTEDNOTEZZ")
_OUTCOMES = ("accepted", "quarantined", "refused")


def originals() -> list[bytes]:
    """Small files of the dialects that hospitals send, with identifiers planted in named and private elements."""
    planted = {
        "PatientName": f"{PLANTS[0]}^X", "PatientID": PLANTS[1], "InstitutionName": PLANTS[2],
        "ImageComments": PLANTS[3], "StudyDescription": PLANTS[0], "AccessionNumber": PLANTS[1][:16],
        "OperatorsName": PLANTS[2], "WindowCenter": 2000, "WindowWidth": 1500,
    }  # fmt: skip
    array = pixels(21)
    return [
        dicom_file(array, **planted),
        dicom_file(array, PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE", **planted),
        dicom_file((array >> 4).astype("u1"), **planted),
        compressed_file(bytes(imagecodecs.ljpeg_encode(array)), "1.2.840.10008.1.2.4.70", array, **planted),
        compressed_file(bytes(imagecodecs.jpegls_encode(array)), "1.2.840.10008.1.2.4.80", array, **planted),
        compressed_file(bytes(imagecodecs.jpeg2k_encode(array, level=0)), "1.2.840.10008.1.2.4.90", array, **planted),
        picture_file("PNG", 22),
        picture_file("JPEG", 23),
    ]


@dataclass(slots=True)
class Findings:
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0


def fuzz(seeds: Iterable[int]) -> Findings:
    """One mutated file a seed; a problem names the seed that shows it again."""
    files = originals()
    sandbox, findings = Sandbox(), Findings()
    with tempfile.TemporaryDirectory(prefix="lucency-fuzz-") as folder:
        path = Path(folder) / "file"
        for seed in seeds:
            path.write_bytes(mutated(files[seed % len(files)], seed))
            begun = time.monotonic()
            outcome = sandbox.process(path, key=KEY)
            seconds = time.monotonic() - begun
            findings.slowest_seconds = max(findings.slowest_seconds, seconds)
            findings.outcomes[f"{outcome.outcome} {outcome.reason_code}".strip()] += 1
            findings.problems += [f"seed {seed}: {problem}" for problem in _problems(outcome, seconds)]
    sandbox.close()
    return findings


def _problems(outcome: UploadOutcome, seconds: float) -> list[str]:
    found = []
    if outcome.outcome not in _OUTCOMES:
        found.append(f"the outcome is {outcome.outcome!r}")
    if outcome.outcome == "refused" and (not outcome.reason or outcome.renditions):
        found.append("refused without a reason, or with pictures")
    if seconds > SECONDS_A_FILE + 5:
        found.append(f"it took {seconds:.0f} s")
    return found + [f"{plant} is in {place}" for plant in PLANTS for place in leaks(outcome, plant)]


def leaks(outcome: UploadOutcome, plant: str) -> list[str]:
    """Where the plant stands in what is stored, shown or logged. The linking is used in memory alone."""
    told = dataclasses.asdict(dataclasses.replace(outcome, renditions={})) | {"linking": {}}
    places = ["fields or report"] if plant in json.dumps(told) else []
    wide = plant.encode("utf-16-le")
    return places + [kind for kind, data in outcome.renditions.items() if plant.encode() in data or wide in data]


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    begun = time.monotonic()
    findings = fuzz(range(count))
    for outcome, files in findings.outcomes.most_common():
        print(f"{files:>7}  {outcome}")
    print(f"{count} files in {time.monotonic() - begun:.0f} s, the slowest {findings.slowest_seconds:.1f} s")
    for problem in findings.problems:
        print(problem)
    return 1 if findings.problems else 0


if __name__ == "__main__":
    sys.exit(main())
