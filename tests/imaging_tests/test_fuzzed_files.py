"""A few hundred mutated files: each comes to an outcome, none takes the service with it, and nothing planted comes out.

More of them: `python -m tests.imaging_tests.fuzzing 5000`.
"""

from __future__ import annotations

import pytest

from annotations.imaging.outcome import UploadOutcome
from tests.imaging_tests.fuzzing import PLANTS, fuzz, leaks, originals
from tests.imaging_tests.mutations import mutated


@pytest.mark.parametrize("first", [0, 100, 200])
def test_every_mutated_file_ends_with_an_outcome_and_leaks_nothing(first: int) -> None:
    findings = fuzz(range(first, first + 100))
    assert findings.problems == []
    assert sum(findings.outcomes.values()) == 100
    # The damage is neither so small that all are accepted nor so large that none is.
    assert 0 < sum(files for outcome, files in findings.outcomes.items() if outcome.startswith("refused")) < 100


def test_the_search_finds_what_is_planted() -> None:
    leaking = UploadOutcome("accepted", report={"kept": [PLANTS[0]]}, renditions={"dicom": PLANTS[1].encode()})
    assert leaks(leaking, PLANTS[0]) == ["fields or report"]
    assert leaks(leaking, PLANTS[1]) == ["dicom"]
    assert leaks(leaking, PLANTS[2]) == []
    assert sum(plant.encode() in file for file in originals() for plant in PLANTS) > 20


def test_a_seed_gives_the_same_damage_again() -> None:
    (original, *_) = originals()
    assert mutated(original, 7) == mutated(original, 7) != mutated(original, 8)
