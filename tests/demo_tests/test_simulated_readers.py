from __future__ import annotations

from typing import Literal

import pytest

from demo.phantom import PhantomCase, phantom_truth
from demo.study.simulated_readers import READER_A, READER_B, ReaderModel, simulated_answer

_CASES = 600


def _component(number: int, loose: bool) -> Literal["cup", "stem", "both", ""]:
    components: tuple[Literal["cup", "stem", "both"], ...] = ("cup", "stem", "both")
    return components[number % 3] if loose else ""


def _share_right(model: ReaderModel, *, loose: bool) -> float:
    """How often the model is right over many cases of ordinary plainness: sensitivity or specificity."""
    right = 0
    for number in range(_CASES):
        case = PhantomCase(seed=number, side="R", loose=loose, component=_component(number, loose), site="S01")
        answer = simulated_answer(model, loose=loose, truth=phantom_truth(case), key=str(number), seed=7)
        right += answer.call == ("loose" if loose else "well_fixed")
    return right / _CASES


@pytest.mark.parametrize("model", [READER_A, READER_B])
def test_it_reads_about_as_well_as_it_states(model: ReaderModel) -> None:
    assert _share_right(model, loose=True) == pytest.approx(model.sensitivity, abs=0.08)
    assert _share_right(model, loose=False) == pytest.approx(model.specificity, abs=0.08)


def test_it_gives_the_same_answer_for_the_same_seed_and_another_for_another_reader() -> None:
    case = PhantomCase(seed=5, side="L", loose=True, component="cup", site="S02")
    truth = phantom_truth(case)
    once = [simulated_answer(READER_A, loose=True, truth=truth, key=str(k), seed=1) for k in range(30)]
    again = [simulated_answer(READER_A, loose=True, truth=truth, key=str(k), seed=1) for k in range(30)]
    other = [simulated_answer(READER_B, loose=True, truth=truth, key=str(k), seed=1) for k in range(30)]
    assert once == again
    assert once != other


def test_it_is_surer_of_plain_cases_and_names_zones_mostly_from_the_truth() -> None:
    named = true = 0
    for number in range(300):
        case = PhantomCase(seed=number, side="R", loose=True, component="stem", site="S04")
        truth = phantom_truth(case)
        answer = simulated_answer(READER_A, loose=True, truth=truth, key=str(number), seed=3)
        answer.check()
        words = answer.comment.partition("Gruen ")[2].partition(";")[0]
        zones = [f"G{zone}" for zone in words.split(", ") if zone]
        named += len(zones)
        true += sum(truth.zone_width_mm[zone] > 0 for zone in zones)
    assert named > 300
    assert 0.9 < true / named < 1.0
