from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.models import Cohort, ComparisonDraw, ComparisonHip, Hip, OperativeNote
from annotations.cohorts.selectors import index_hips
from annotations.labels.free_text import checked_reason
from annotations.labels.models import Adjudication, ComponentVerdict, Label, LabelValue, NoteAssessment, Rung
from annotations.labels.places import abstraction_guards, refuse_guarded, take_place
from annotations.labels.selectors import latest_verdicts, verdicts_to_adjudicate
from annotations.labels.verdicts import READERS_DIFFER, Verdict
from common import audit
from common.encryption import decrypt, encrypt
from common.errors import Conflict, Invalid
from studies.models import Study

__all__ = ["Verdict", "abstraction_guards", "on_label_changed"]

# Apps further up say here what must happen when a label gets a new version.
on_label_changed: list[Callable[[Label], None]] = []


@transaction.atomic
def derive_code_labels(*, cohort: Cohort) -> int:
    """Hips that the codes select get a label on the lowest rung; hips that have a label keep it."""
    labelled = set(Label.objects.filter(study=cohort.study, is_current=True).values_list("hip_id", flat=True))
    new = [
        Label(study=cohort.study, hip_id=decision.hip_id, version=1, value=LabelValue.LOOSE,
              rung=Rung.CODE_DERIVED, reason="selected_by_codes")
        for decision in index_hips(cohort)
        if decision.hip_id is not None and decision.hip_id not in labelled
    ]  # fmt: skip
    Label.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def derive_comparison_labels(*, draw: ComparisonDraw) -> int:
    """Drawn hips are well fixed by follow-up, which nobody has confirmed at surgery."""
    study = draw.cohort.study
    labelled = set(Label.objects.filter(study=study, is_current=True).values_list("hip_id", flat=True))
    hips = ComparisonHip.objects.filter(draw=draw).values_list("hip_id", flat=True)
    new = [
        Label(study=study, hip_id=hip, version=1, value=LabelValue.WELL_FIXED, rung=Rung.FOLLOW_UP_DERIVED,
              reason="no_complication_reported")
        for hip in hips
        if hip not in labelled
    ]  # fmt: skip
    Label.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def record_teaching_label(*, study: Study, hip: Hip, value: str, actor: Person | None) -> Label:
    """The truth of a teaching case, which readers may be told while they practise."""
    return Label.objects.create(
        study=study, hip=hip, version=1, value=value, rung=Rung.TEACHING, reason="teaching_case", decided_by=actor
    )


def record_note_opened(*, note: OperativeNote, reader: Person) -> None:
    """Every look at a note is on record: it is the one text here that was written about a person."""
    audit.record(actor=reader, action="note_opened", subject=f"note:{note.pk}", study_slug=note.study.slug)


@transaction.atomic
def assess_note(*, note: OperativeNote, abstractor: Person, verdict: Verdict) -> NoteAssessment:
    """Keep one abstractor's verdict; a change of mind, or an undo, is a new version until somebody has adjudicated.

    The first to read a note moves the label. If the second comes to the same end it stands; if not, the hip is no
    more than selected by codes until a third person decides.
    """
    verdict.check()
    refuse_guarded(abstractor, note.study)
    note = (
        OperativeNote.objects.select_for_update(of=("self",)).select_related("procedure__hip", "study").get(pk=note.pk)
    )
    verdict.check_quote(len(decrypt(note.text_encrypted)))
    mine = NoteAssessment.objects.filter(note=note, abstractor=abstractor).count()
    if mine and Label.objects.filter(hip=note.procedure.hip, is_current=True, rung=Rung.ADJUDICATED).exists():
        raise Conflict("This note has been decided; a verdict on it is no longer changed.", code="decided")
    take_place(note=note, abstractor=abstractor)
    assessment = NoteAssessment.objects.create(
        study=note.study, note=note, abstractor=abstractor, version=mine + 1, cup=verdict.cup,
        stem=verdict.stem, infection=verdict.infection, diagnoses_agree=verdict.diagnoses_agree,
        quote_start=verdict.quote_start, quote_end=verdict.quote_end,
        comment_encrypted=encrypt(verdict.comment) if verdict.comment else b"",
    )  # fmt: skip
    audit.record(
        actor=abstractor, action="note_assessed", subject=f"note:{note.pk}", study_slug=note.study.slug,
        payload={"version": assessment.version},
    )  # fmt: skip
    _move_label(note, abstractor)
    return assessment


def _move_label(note: OperativeNote, actor: Person) -> None:
    """Let the label say what the verdicts so far say together."""
    hip = note.procedure.hip
    current = Label.objects.filter(hip=hip, is_current=True).first()
    if current is not None and current.rung not in (Rung.CODE_DERIVED, Rung.NOTE_CONFIRMED):
        return
    given = [Verdict(one.cup, one.stem, one.infection, one.diagnoses_agree) for one in latest_verdicts(note)]
    fresh: tuple[str, str, str, str, str]
    if len(set(given)) > 1:
        unknown = ComponentVerdict.NOT_STATED
        fresh = (LabelValue.LOOSE, Rung.CODE_DERIVED, READERS_DIFFER, unknown, unknown)
    else:
        (verdict,) = set(given)
        value = LabelValue.LOOSE if verdict.confirms_loosening else LabelValue.NOT_CONFIRMED
        fresh = (value, Rung.NOTE_CONFIRMED, verdict.reason, verdict.cup, verdict.stem)
    if current is not None and fresh == (current.value, current.rung, current.reason, current.cup, current.stem):
        return
    value, rung, reason, cup, stem = fresh
    _new_version(hip, note.study, value=value, rung=rung, reason=reason, actor=actor, cup=cup, stem=stem)


@transaction.atomic
def adjudicate(*, note: OperativeNote, adjudicator: Person, verdict: Verdict, reason: str) -> Label:
    """A third person decides where two abstractors disagree."""
    verdict.check()
    refuse_guarded(adjudicator, note.study)
    note = (
        OperativeNote.objects.select_for_update(of=("self",)).select_related("procedure__hip", "study").get(pk=note.pk)
    )
    verdict.check_quote(len(decrypt(note.text_encrypted)))
    people = set(NoteAssessment.objects.filter(note=note).values_list("abstractor_id", flat=True))
    if adjudicator.pk in people:
        raise Conflict("Who has read a note as an abstractor cannot adjudicate it.", code="own_assessment")
    if len(people) < 2:
        raise Conflict("Two people have to read a note before it is adjudicated.", code="not_read_twice")
    if not verdicts_to_adjudicate(adjudicator, note):
        raise Conflict("About this note nothing is in dispute, or it has been decided.", code="not_disputed")
    if not reason.strip():
        raise Invalid("Give the reason of the decision.", details=[{"field": "reason", "message": "is empty"}])
    value = LabelValue.LOOSE if verdict.confirms_loosening else LabelValue.NOT_CONFIRMED
    label = _new_version(
        note.procedure.hip, note.study, value=value, rung=Rung.ADJUDICATED, reason=verdict.reason,
        actor=adjudicator, cup=verdict.cup, stem=verdict.stem,
    )  # fmt: skip
    Adjudication.objects.create(
        study=note.study, note=note, adjudicator=adjudicator, label=label, cup=verdict.cup, stem=verdict.stem,
        infection=verdict.infection, diagnoses_agree=verdict.diagnoses_agree, quote_start=verdict.quote_start,
        quote_end=verdict.quote_end, reason_encrypted=encrypt(reason.strip()),
        comment_encrypted=encrypt(verdict.comment) if verdict.comment else b"",
    )  # fmt: skip
    return label


@transaction.atomic
def correct_label(*, label: Label, value: str, reason: str, actor: Person) -> Label:
    """A later finding (a late positive culture, say): a new version with its reason; what was frozen is marked."""
    if value not in LabelValue.values:
        raise Invalid("This is not a label.", details=[{"field": "value", "message": f"received {value!r}"}])
    reason = checked_reason(reason, what="correction")
    # Of two corrections at once the second finds the label no longer current.
    if not Label.objects.filter(pk=label.pk, is_current=True).update(is_current=False):
        raise Conflict("This label has a newer version already.", code="not_current")
    if value == label.value:
        raise Conflict("The label says this already.", code="unchanged")
    # What the note said of the components stays, unless the new value denies it.
    cup, stem = label.cup, label.stem
    if value == LabelValue.WELL_FIXED and ComponentVerdict.LOOSE in (cup, stem):
        cup = stem = ComponentVerdict.NOT_STATED
    return _new_version(
        label.hip, label.study, value=value, rung=Rung.ADJUDICATED, reason=reason, actor=actor, cup=cup, stem=stem
    )


def _new_version(
    hip: Hip, study: Study, *, value: str, rung: str, reason: str, actor: Person | None, cup: str, stem: str
) -> Label:
    last = Label.objects.select_for_update().filter(hip=hip).order_by("-version").first()
    Label.objects.filter(hip=hip, is_current=True).update(is_current=False)
    label = Label.objects.create(
        study=study, hip=hip, version=last.version + 1 if last else 1, value=value, rung=rung, cup=cup, stem=stem,
        reason=reason, decided_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor, action="label_decided", subject=f"hip:{hip.pk}", study_slug=study.slug,
        payload={"version": label.version, "value": value, "rung": rung},
    )  # fmt: skip
    if last is not None:
        for changed in on_label_changed:
            changed(label)
    return label
