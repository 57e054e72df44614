"""The cohort's SQL and the judgement of one patient are two writings of the same rules: they never disagree.

Hypothesis invents small registries and rules. The flow of each adds up: whoever comes in goes on or has one reason.
"""

from __future__ import annotations

import copy
from datetime import date, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.cohorts.cohort_queries import count_decisions
from annotations.cohorts.flow import comparison_pool, steps_of
from annotations.cohorts.models import CohortDecision, Diagnosis, FollowUp, Hip, Patient, Procedure
from annotations.cohorts.patient_trace import decision_trace
from annotations.cohorts.rules import PUBLISHED_RULES, read_rules
from annotations.cohorts.selectors import decision_counts, flow_steps
from annotations.cohorts.services import build_cohort, save_rules
from studies.models import Site, Study
from tests.factories import make_study

pytestmark = pytest.mark.django_db
_numbers = count(1)
DAYS = st.sampled_from([0, 30, 31, 364, 365, 400, 1000, 1029, 1030, 1031])
FIXATIONS = st.sampled_from(["cementless", "cementless", "cemented", "unknown"])
CODES = st.sampled_from(
    ["T84.030A", "T84.031A", "T84.030D", "T84.51XA", "T84.52XA", "T84.50XA", "M97.01XA", "M16.11", "T84.030", "C40.20"]
)
OPERATIONS = st.tuples(
    st.sampled_from(["R", "L"]), DAYS, st.sampled_from(["27130", "27130", "27134", "27138", "27132"]),
    st.sampled_from(["", "", "LT;52", "LT"]), FIXATIONS, FIXATIONS,
)  # fmt: skip
EXTRA_DAYS = st.sampled_from([970, 1000, 1030, 1031])
VISITS = st.tuples(st.sampled_from(["R", "L"]), DAYS, st.sampled_from(["none", "none", "none", "pain"]))
ANYBODY = st.tuples(
    st.lists(OPERATIONS, max_size=4), st.lists(st.tuples(DAYS, CODES), max_size=4), st.lists(VISITS, max_size=2)
)
# Near to being kept in one arm or the other, so that the later tests are asked as well.
LOOSE = st.tuples(
    st.tuples(
        st.tuples(st.just("R"), st.just(0), st.just("27130"), st.just(""), FIXATIONS, FIXATIONS),
        st.tuples(st.just("R"), st.just(1000), st.just("27134"), st.just(""), FIXATIONS, FIXATIONS),
    ),
    st.lists(st.tuples(EXTRA_DAYS, CODES), max_size=3).map(lambda more: [(1000, "T84.030A"), *more]),
    st.lists(VISITS, max_size=1),
)
WELL = st.tuples(
    st.lists(st.tuples(st.sampled_from(["R", "L"]), st.just(0), st.just("27130"), st.just(""), FIXATIONS, FIXATIONS),
             min_size=1, max_size=2),
    st.lists(st.tuples(DAYS, CODES), max_size=1),
    st.lists(VISITS, min_size=1, max_size=3),
)  # fmt: skip
PATIENTS = st.one_of(ANYBODY, LOOSE, LOOSE, WELL)


@st.composite
def _rules(draw: st.DrawFn) -> dict[str, Any]:
    rules: dict[str, Any] = copy.deepcopy(PUBLISHED_RULES)
    for name in ("side_agreement", "only_reason", "cementless"):
        rules[name] = draw(st.booleans())
    for name in ("cementless", "no_complication"):
        rules["comparison"][name] = draw(st.booleans())
    rules["window_days"] = {"before": draw(st.sampled_from([0, 30, 700])), "after": draw(st.sampled_from([0, 30, 700]))}
    rules["since_primary_days"] = draw(
        st.sampled_from(
            [{"minimum": 0, "maximum": None}, {"minimum": 31, "maximum": None}, {"minimum": 0, "maximum": 400}]
        )
    )
    rules["exclusion"]["icd10cm"] = draw(st.sampled_from([[], ["C4*"], ["M16.1[12]"]]))
    rules["second_reasons"]["R"] = draw(st.sampled_from([rules["second_reasons"]["R"], ["T84.*"]]))
    return rules


@pytest.fixture
def study() -> Study:
    made = make_study()
    Site.objects.create(study=made, code="A")
    return made


def _write(study: Study, patients: list[Any]) -> None:
    site = Site.objects.get(study=study)
    first = date(2010, 1, 1)
    for operations, diagnoses, visits in patients:
        number = next(_numbers)
        patient = Patient.objects.create(study=study, site=site, pseudonym=f"P-{number:06}", birth_year=1950, sex="F")
        hips = {side: Hip.objects.create(patient=patient, side=side) for side in ("R", "L")}
        for side, day, cpt, modifiers, cup, stem in operations:
            Procedure.objects.create(
                study=study, hip=hips[side], registry_key=str(next(_numbers)), performed_on=first + timedelta(days=day),
                cpt=cpt, modifiers=modifiers, cup_fixation=cup, stem_fixation=stem,
            )  # fmt: skip
        for day, code in diagnoses:
            Diagnosis.objects.create(
                study=study, patient=patient, registry_key=str(next(_numbers)), icd10cm=code,
                recorded_on=first + timedelta(days=day),
            )  # fmt: skip
        for side, day, complication in visits:
            FollowUp.objects.create(
                study=study, hip=hips[side], registry_key=str(next(_numbers)), complication=complication,
                seen_on=first + timedelta(days=day),
            )  # fmt: skip


def _check(study: Study, rules: dict[str, Any]) -> None:
    previewed = count_decisions(study, read_rules(rules))
    saved = save_rules(study=study, rules=rules, actor=None)
    cohort = build_cohort(study=study, rules=saved, actor=None, comparison="drop")
    key = lambda row: (row.excluded_at_step, row.reason, row.comparison_reason or "-")  # noqa: E731
    assert sorted(previewed, key=key) == sorted(decision_counts(cohort), key=key)
    for decision in CohortDecision.objects.filter(cohort=cohort).select_related("patient", "hip", "index_procedure"):
        trace = decision_trace(decision.patient, cohort)
        assert trace is not None
        assert trace["is_up_to_date"], (decision.reason, decision.comparison_reason, trace)
        chosen = [judged for judged in trace["judged"] if judged["is_index"]]
        assert [(judged["side"], judged["cpt"]) for judged in chosen] == (
            [(decision.hip.side, decision.index_procedure.cpt)] if decision.hip and decision.index_procedure else []
        )
    _check_sums(study, flow_steps(cohort), previewed)


def _check_sums(study: Study, steps: Any, counts: Any) -> None:
    assert steps[0].patients_in == Patient.objects.filter(study=study).count()
    assert steps[0].hips_in == Hip.objects.filter(patient__study=study, procedures__isnull=False).distinct().count()
    for step in steps:
        assert step.patients_in == step.patients_out + sum(step.excluded.values())
        assert step.hips_in == step.hips_out + sum(step.excluded_hips.values())
    for before, after in pairwise(steps):
        assert (before.patients_out, before.hips_out) == (after.patients_in, after.hips_in)
    assert steps[-1].hips_out == steps[-1].patients_out
    assert comparison_pool(counts)[0] == steps[1].excluded.get("never_revised", 0)
    assert steps == steps_of(counts, PUBLISHED_RULES["expected"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(patients=st.lists(PATIENTS, min_size=1, max_size=5), rules=_rules())
def test_they_agree_about_every_patient_and_the_flow_adds_up(
    study: Study, patients: list[Any], rules: dict[str, Any]
) -> None:
    with transaction.atomic():
        _write(study, patients)
        _check(study, rules)
        transaction.set_rollback(True)
