"""The demo's registry, imported as a hospital would, leaves the study as the published one did."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from annotations.cohorts.comparison_draw import eligible_hips
from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.models import Cohort, OperativeNote
from annotations.cohorts.registry_import import import_registry
from annotations.cohorts.rules import PUBLISHED_RULES
from annotations.cohorts.selectors import flow_steps, index_hips
from annotations.cohorts.services import build_cohort, save_rules
from annotations.labels.models import Label, LabelValue
from annotations.labels.selectors import confirmation_counts
from annotations.labels.services import Verdict, assess_note, derive_code_labels
from common.encryption import decrypt
from demo.registry import RegistryTables, generate_registry, write_csv
from studies.models import Study
from tests.factories import make_person

SEED = 2_026


@pytest.fixture(scope="module")
def tables() -> RegistryTables:
    return generate_registry(SEED)


@pytest.fixture
def imported(db: None, tables: RegistryTables, tmp_path: Path) -> RegistryImport:
    study = Study.objects.create(slug="demo-attrition", title="Demo")
    return import_registry(study=study, paths=write_csv(tables, tmp_path), actor=None)


def _cohort(study: Study) -> Cohort:
    rules = save_rules(study=study, rules=PUBLISHED_RULES, actor=None)
    return build_cohort(study=study, rules=rules, actor=None)


def _assess_by_truth(cohort: Cohort, tables: RegistryTables) -> None:
    abstractor = make_person("Abstractor")
    truths = {row.text: tables.note_truth[row.note_id] for row in tables.notes}
    for note in OperativeNote.objects.filter(procedure__in=index_hips(cohort).values("index_procedure")):
        truth = truths[decrypt(note.text_encrypted)]
        verdict = Verdict(truth.cup, truth.stem, truth.infection, truth.diagnoses_agree)
        assess_note(note=note, abstractor=abstractor, verdict=verdict)


def test_it_has_the_published_attrition_and_enough_hips_to_compare_with(
    imported: RegistryImport, tables: RegistryTables
) -> None:
    study = imported.study
    assert imported.refused_rows == []
    cohort = _cohort(study)
    steps = flow_steps(cohort)
    assert [step.patients_in for step in steps] == [15_277, 15_277, 9_198]
    assert [step.patients_out for step in steps] == [15_277, 9_198, 316]

    by_hand = sum(1 for truth in tables.truth.values() if truth.first_reason == "review_by_hand")
    assert by_hand > 0
    assert steps[1].excluded == {"never_revised": 15_277 - 9_198 - by_hand, "review_by_hand": by_hand}

    meant = Counter(truth.first_reason for truth in tables.truth.values() if truth.group == "revised_excluded")
    assert steps[2].excluded == {
        "no_loosening_code": meant["no_loosening_code"],
        "outside_window": meant["code_outside_window"],
        "side_mismatch": meant["side_mismatch"],
        "no_primary_on_hip": meant["no_primary_on_that_hip"],
        "not_cementless": meant["not_cementless"],
        "fixation_unknown": meant["fixation_unknown"],
        "second_reason": meant["second_reason"],
    }
    assert derive_code_labels(cohort=cohort) == 316
    _assess_by_truth(cohort, tables)
    confirmed, waiting, reasons = confirmation_counts(cohort)
    assert (confirmed, waiting) == (118, 0)
    assert reasons == {
        "no_loosening_at_surgery": 104,
        "diagnoses_differ": 39,
        "infection_suspected": 31,
        "infection_confirmed": 24,
    }
    loose = Label.objects.filter(study=study, is_current=True, value=LabelValue.LOOSE)
    assert loose.count() == 118
    assert len(eligible_hips(cohort)) == 1_214


def test_it_changes_nothing_when_the_same_files_come_again(
    imported: RegistryImport, tables: RegistryTables, tmp_path: Path
) -> None:
    again = import_registry(study=imported.study, paths=write_csv(tables, tmp_path), actor=None)
    assert again.refused_rows == []
    for counts in again.summary.values():
        assert (counts["new"], counts["changed"]) == (0, 0)
        assert counts["unchanged"] == counts["rows"]
