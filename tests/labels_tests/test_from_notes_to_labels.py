from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError

from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels.models import Adjudication, Label, NoteAssessment
from annotations.labels.services import Verdict, adjudicate, assess_note, correct_label
from common.encryption import decrypt
from common.errors import Conflict, Invalid
from common.models import AuditEvent
from studies.models import Role, Study
from tests.factories import LOOSE, NOT_LOOSE, client_of, make_cohort, make_member, make_study
from tests.registries import Registry

pytestmark = pytest.mark.django_db


def _study(folder: Path, patients: int = 1) -> Study:
    study = make_study()
    registry = Registry(study, folder)
    for number in range(patients):
        registry.revised_patient(str(1000 + number))
    registry.load()
    make_cohort(study)
    return study


@pytest.fixture
def study(db: None, tmp_path: Path) -> Study:
    return _study(tmp_path)


@pytest.fixture
def note(study: Study) -> OperativeNote:
    return OperativeNote.objects.get(study=study)


def _abstractor(study: Study) -> Person:
    return make_member(study, Role.ABSTRACTOR)


def _adjudicator(study: Study) -> Person:
    return make_member(study, Role.ADJUDICATOR)


def _label(note: OperativeNote) -> Label:
    return Label.objects.get(hip=note.procedure.hip, is_current=True)


def test_it_begins_on_the_lowest_rung(note: OperativeNote) -> None:
    label = _label(note)
    assert (label.value, label.rung, label.version) == ("loose", "code_derived", 1)


@pytest.mark.parametrize(
    ("verdict", "value", "reason"),
    [
        (LOOSE, "loose", "confirmed_at_surgery"),
        (Verdict("not_stated", "loose", "none", True), "loose", "confirmed_at_surgery"),
        (NOT_LOOSE, "not_confirmed", "no_loosening_at_surgery"),
        (Verdict("loose", "loose", "suspected", True), "not_confirmed", "infection_suspected"),
        (Verdict("loose", "loose", "confirmed", True), "not_confirmed", "infection_confirmed"),
        (Verdict("loose", "loose", "none", False), "not_confirmed", "diagnoses_differ"),
    ],
)
def test_it_moves_with_the_first_verdict(
    study: Study, note: OperativeNote, verdict: Verdict, value: str, reason: str
) -> None:
    assess_note(note=note, abstractor=_abstractor(study), verdict=verdict)
    label = _label(note)
    assert (label.value, label.rung, label.reason, label.version) == (value, "note_confirmed", reason, 2)
    assert Label.objects.filter(hip=label.hip).count() == 2


def test_it_rests_on_codes_alone_while_two_who_are_blind_to_each_other_differ(
    study: Study, note: OperativeNote
) -> None:
    first, second = _abstractor(study), _abstractor(study)
    assess_note(note=note, abstractor=first, verdict=LOOSE)
    body = client_of(second).get(f"/api/v1/studies/{study.slug}/notes/{note.pk}").json()
    assert (body["mine"], body["label"], body["to_adjudicate"]) == (None, None, [])
    assess_note(note=note, abstractor=second, verdict=NOT_LOOSE)
    label = _label(note)
    assert (label.value, label.rung, label.reason) == ("loose", "code_derived", "readers_differ")
    mine = client_of(second).get(f"/api/v1/studies/{study.slug}/notes/{note.pk}").json()
    assert mine["mine"]["cup"] == "well_fixed"
    assert (mine["label"], mine["to_adjudicate"], mine["decision"]) == (None, [], None)


def test_it_keeps_every_version_of_a_verdict_and_of_a_label(study: Study, note: OperativeNote) -> None:
    abstractor = _abstractor(study)
    for verdict in (LOOSE, NOT_LOOSE):
        assess_note(note=note, abstractor=abstractor, verdict=verdict)
    assert list(NoteAssessment.objects.filter(note=note).order_by("version").values_list("version", "cup")) == [
        (1, "loose"), (2, "well_fixed")
    ]  # fmt: skip
    assert (_label(note).value, _label(note).version) == ("not_confirmed", 3)
    with pytest.raises(InternalError), transaction.atomic():
        NoteAssessment.objects.filter(note=note).update(cup="loose")
    with pytest.raises(InternalError), transaction.atomic():
        Label.objects.filter(study=study).update(value="loose")
    with pytest.raises(InternalError), transaction.atomic():
        Label.objects.filter(study=study).delete()


def test_it_is_read_by_two(study: Study, note: OperativeNote) -> None:
    for _ in range(2):
        assess_note(note=note, abstractor=_abstractor(study), verdict=LOOSE)
    with pytest.raises(Conflict) as refusal:
        assess_note(note=note, abstractor=_abstractor(study), verdict=LOOSE)
    assert refusal.value.error_code == "note_read_twice"


def test_it_is_adjudicated_by_a_third(study: Study, note: OperativeNote) -> None:
    first, second, third = (_abstractor(study) for _ in range(3))
    assess_note(note=note, abstractor=first, verdict=LOOSE)
    with pytest.raises(Conflict) as early:
        adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason="x")
    assert early.value.error_code == "not_read_twice"
    assess_note(note=note, abstractor=second, verdict=NOT_LOOSE)
    with pytest.raises(Conflict) as own:
        adjudicate(note=note, adjudicator=second, verdict=NOT_LOOSE, reason="x")
    assert own.value.error_code == "own_assessment"
    with pytest.raises(Invalid):
        adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason=" ")
    label = adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason="The cup was stable.")
    assert (label.rung, label.value, label.decided_by) == ("adjudicated", "not_confirmed", third)
    with pytest.raises(Conflict) as late:
        assess_note(note=note, abstractor=first, verdict=NOT_LOOSE)
    assert late.value.error_code == "decided"
    assert _label(note) == label


def test_it_keeps_what_was_decided_as_a_record_of_its_own(study: Study, note: OperativeNote) -> None:
    third = _adjudicator(study)
    for verdict in (LOOSE, NOT_LOOSE):
        assess_note(note=note, abstractor=_abstractor(study), verdict=verdict)
    label = adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason="Seen in the notes of Dr. Kessler.")
    decision = Adjudication.objects.get(note=note)
    assert (decision.adjudicator, decision.label, decision.cup) == (third, label, "well_fixed")
    assert decrypt(decision.reason_encrypted) == "Seen in the notes of Dr. Kessler."
    # The sentence stays with the note: elsewhere the coded reason alone is shown.
    assert label.reason == "no_loosening_at_surgery"
    with pytest.raises(InternalError), transaction.atomic():
        Adjudication.objects.update(cup="loose")
    shown = client_of(third).get(f"/api/v1/studies/{study.slug}/notes/{note.pk}").json()
    assert shown["decision"]["reason"] == "Seen in the notes of Dr. Kessler."
    assert (shown["label"]["rung"], shown["to_adjudicate"]) == ("adjudicated", [])


@pytest.mark.parametrize(
    "reason", ["Culture of 12/03/2021 grew staphylococci.", "Dr. Kessler telephoned.", "See MRN 4711234."]
)
def test_it_takes_no_reason_that_identifies_somebody(study: Study, note: OperativeNote, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        correct_label(label=_label(note), value="not_confirmed", reason=reason, actor=_abstractor(study))
    assert refusal.value.error_code == "identifying"
    assert _label(note).version == 1


def test_it_is_corrected_with_a_reason_once(study: Study, note: OperativeNote) -> None:
    actor = _abstractor(study)
    label = _label(note)
    for value, reason in (("perhaps", "x"), ("well_fixed", " ")):
        with pytest.raises(Invalid):
            correct_label(label=label, value=value, reason=reason, actor=actor)
    with pytest.raises(Conflict):
        correct_label(label=label, value="loose", reason="The same.", actor=actor)
    assert _label(note) == label
    corrected = correct_label(label=label, value="not_confirmed", reason="A late positive culture.", actor=actor)
    assert (corrected.version, corrected.reason) == (2, "A late positive culture.")
    with pytest.raises(Conflict) as refusal:
        correct_label(label=label, value="well_fixed", reason="Late.", actor=actor)
    assert refusal.value.error_code == "not_current"


def test_it_adjudicates_only_what_is_disputed_and_only_once(study: Study, note: OperativeNote) -> None:
    first, second, third = (_abstractor(study) for _ in range(3))
    for abstractor in (first, second):
        assess_note(note=note, abstractor=abstractor, verdict=LOOSE)
    with pytest.raises(Conflict) as agreed:
        adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason="I think otherwise.")
    assert agreed.value.error_code == "not_disputed"
    assess_note(note=note, abstractor=second, verdict=NOT_LOOSE)
    adjudicate(note=note, adjudicator=third, verdict=NOT_LOOSE, reason="The cup was stable.")
    with pytest.raises(Conflict) as again:
        adjudicate(note=note, adjudicator=_abstractor(study), verdict=LOOSE, reason="I think otherwise.")
    assert again.value.error_code == "not_disputed"
    assert _label(note).value == "not_confirmed"


@pytest.mark.django_db(transaction=True)
def test_it_takes_one_of_two_corrections_at_once(tmp_path: Path) -> None:
    study = _study(tmp_path)
    note = OperativeNote.objects.get(study=study)
    label, actor, gate = _label(note), _abstractor(study), threading.Barrier(2)
    refused: list[str] = []

    def correct(value: str) -> None:
        gate.wait()
        try:
            correct_label(label=label, value=value, reason="At once.", actor=actor)
        except Conflict as error:
            refused.append(error.error_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=correct, args=(value,)) for value in ("well_fixed", "not_confirmed")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["not_current"]
    assert Label.objects.filter(hip=label.hip).count() == 2


def test_it_puts_every_look_at_a_note_on_record_and_keeps_comments_encrypted(study: Study, note: OperativeNote) -> None:
    abstractor = _abstractor(study)
    client = client_of(abstractor)
    address = f"/api/v1/studies/{study.slug}/notes/{note.pk}"
    assert client.get(address).status_code == 200
    assert AuditEvent.objects.filter(action="note_opened", subject=f"note:{note.pk}").count() == 1
    body = {"cup": "loose", "stem": "well_fixed", "infection": "none", "diagnoses_agree": True, "comment": "odd"}
    assert client.post(f"{address}/assess", body, format="json").status_code in (200, 201)
    stored = bytes(NoteAssessment.objects.get(note=note).comment_encrypted)
    assert b"odd" not in stored
    assert decrypt(stored) == "odd"


@pytest.mark.parametrize("field", ["cup", "stem", "infection"])
def test_it_refuses_half_a_verdict_naming_the_field(study: Study, note: OperativeNote, field: str) -> None:
    verdict = dataclasses.replace(LOOSE, **{field: "perhaps"})  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refusal:
        assess_note(note=note, abstractor=_abstractor(study), verdict=verdict)
    assert [detail["field"] for detail in refusal.value.details] == [field]


def test_it_is_not_for_somebody_who_has_radiographs_to_read(tmp_path: Path) -> None:
    from tests.factories import make_session, make_study_to_read

    made = make_study_to_read(tmp_path, loose=3, well_fixed=3, practice=0)
    assert made.protocol is not None
    session = make_session(made.protocol)
    some_note = OperativeNote.objects.filter(study=made.study)[0]
    with pytest.raises(Conflict) as refusal:
        assess_note(note=some_note, abstractor=session.reader, verdict=LOOSE)
    assert refusal.value.error_code == "abstraction_refused"
