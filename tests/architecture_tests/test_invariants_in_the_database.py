"""What must never happen is refused by PostgreSQL, not only by Python."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

OURS = ("common", "accounts", "studies", "cohorts", "imaging", "labels", "datasets", "reads", "experiments")
# Rows that are a list of their parent's, or a job's state, need no constraint beyond their keys.
WITHOUT_INVARIANT = {
    "studies.Study", "imaging.IntakeBatch", "imaging.IntakeFile", "cohorts.ComparisonDraw",
    "experiments.TrainingRun", "experiments.RunEvent", "experiments.Comparison", "experiments.ComparisonReport",
    "cohorts.FollowUp",
}  # fmt: skip
PROTECTED = {
    "common_auditevent": "append_only",
    "cohorts_cohortrules": "rules_are_versions",
    "cohorts_patient": "decided_about_stays",
    "cohorts_hip": "decided_about_stays",
    "cohorts_procedure": "decided_about_stays",
    "labels_noteassessment": "assessments_are_versions",
    "datasets_datasetversion": "frozen_means_frozen",
    "datasets_datasetcase": "frozen_cases",
    "datasets_casefold": "frozen_folds",
    "reads_read": "submitted_is_locked",
    "reads_signature": "signatures_stay",
    "reads_unblinding": "unblinding_stays",
    "reads_readprotocol": "frozen_changes_by_amendment",
    "reads_protocolamendment": "amendments_stay",
    "reads_protocolreader": "readers_change_by_amendment",
    "reads_readsession": "reader_is_blinded",
    "reads_readcorrection": "corrections_stay",
    "reads_deviation": "deviations_stay",
    "reads_inadvertentunblinding": "reports_stay",
    "reads_consensusread": "signed_consensus_is_locked",
    "studies_membership": "no_other_role_while_reading",
    "labels_label": "no_decision_while_reading",
    "experiments_score": "scores_stay",
    "experiments_tuningsearch": "searches_stay",
}

pytestmark = pytest.mark.django_db


def _triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
        )
        return set(cursor.fetchall())


@pytest.mark.parametrize(("table", "trigger"), PROTECTED.items())
def test_it_has_its_trigger_in_the_database(table: str, trigger: str) -> None:
    found = [name for relation, name in _triggers() if relation == table]
    assert any(name.startswith(f"pgtrigger_{trigger}") for name in found), found


def test_it_has_every_trigger_that_the_models_name() -> None:
    present = {name for _, name in _triggers()}
    wanted = {
        trigger.get_pgid(model)
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if model._meta.app_label in OURS
    }
    assert wanted
    assert wanted <= present


def test_it_says_of_every_table_what_is_unique_or_true() -> None:
    without = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and model._meta.managed  # a view has no rows of its own
        and not model._meta.auto_created
        and "Event" not in model.__name__
        and not model._meta.constraints
        and not getattr(model._meta, "triggers", [])
        and not any(getattr(field, "unique", False) and not field.primary_key for field in model._meta.concrete_fields)
    }
    assert without <= WITHOUT_INVARIANT


def test_it_has_a_migration_for_everything_in_the_models() -> None:
    out = io.StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()
