from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.models import Cohort, ComparisonDraw, ComparisonHip, Hip, OperativeNote
from annotations.cohorts.selectors import index_hips
from annotations.labels.models import ComponentVerdict, Infection, Label, LabelValue, NoteAssessment, Rung
from annotations.labels.selectors import verdicts_to_adjudicate
from common import audit
from common.encryption import encrypt
from common.errors import Conflict, Invalid
from studies.models import Study

# Apps further up say here what must happen when a label gets a new version.
on_label_changed: list[Callable[[Label], None]] = []
# … and what keeps a person from reading notes (somebody who still reads radiographs, say): a reason, or "".
abstraction_guards: list[Callable[[Person, Study], str]] = []


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an abstractor found in one note."""

    cup: str
    stem: str
    infection: str
    diagnoses_agree: bool
    quote_start: int | None = None
    quote_end: int | None = None
    comment: str = ""

    def check(self) -> None:
        problems = [
            {"field": name, "message": f"received {value!r}; choose one of {', '.join(allowed)}"}
            for name, value, allowed in (
                ("cup", self.cup, ComponentVerdict.values),
                ("stem", self.stem, ComponentVerdict.values),
                ("infection", self.infection, Infection.values),
            )
            if value not in allowed
        ]
        if problems:
            raise Invalid("The verdict is not complete.", details=problems)

    @property
    def confirms_loosening(self) -> bool:
        loose = ComponentVerdict.LOOSE in (self.cup, self.stem)
        return loose and self.infection == Infection.NONE and self.diagnoses_agree

    @property
    def reason(self) -> str:
        """Why the note does or does not confirm, in the order in which the study asks."""
        if ComponentVerdict.LOOSE not in (self.cup, self.stem):
            return "no_loosening_at_surgery"
        if self.infection != Infection.NONE:
            return f"infection_{self.infection}"
        return "confirmed_at_surgery" if self.diagnoses_agree else "diagnoses_differ"


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
    """Keep one abstractor's verdict. The first to read a note moves the label; the second confirms or disputes it."""
    verdict.check()
    for guard in abstraction_guards:
        refusal = guard(abstractor, note.study)
        if refusal:
            raise Conflict(refusal, code="abstraction_refused")
    OperativeNote.objects.select_for_update().get(pk=note.pk)
    earlier = list(NoteAssessment.objects.filter(note=note).order_by("pk"))
    mine = [assessment for assessment in earlier if assessment.abstractor_id == abstractor.pk]
    people = {assessment.abstractor_id for assessment in earlier}
    if not mine and len(people) >= 2:
        raise Conflict("Two people have read this note already.", code="note_read_twice")
    assessment = NoteAssessment.objects.create(
        study=note.study, note=note, abstractor=abstractor, version=len(mine) + 1, cup=verdict.cup,
        stem=verdict.stem, infection=verdict.infection, diagnoses_agree=verdict.diagnoses_agree,
        quote_start=verdict.quote_start, quote_end=verdict.quote_end,
        comment_encrypted=encrypt(verdict.comment) if verdict.comment else b"",
    )  # fmt: skip
    audit.record(
        actor=abstractor, action="note_assessed", subject=f"note:{note.pk}", study_slug=note.study.slug,
        payload={"version": assessment.version},
    )  # fmt: skip
    first_reader = earlier[0].abstractor_id if earlier else abstractor.pk
    if first_reader == abstractor.pk:
        _move_label(note, verdict, abstractor)
    return assessment


def _move_label(note: OperativeNote, verdict: Verdict, actor: Person) -> None:
    hip = note.procedure.hip
    current = Label.objects.filter(hip=hip, is_current=True).first()
    if current is not None and current.rung not in (Rung.CODE_DERIVED, Rung.NOTE_CONFIRMED):
        return
    value = LabelValue.LOOSE if verdict.confirms_loosening else LabelValue.NOT_CONFIRMED
    _new_version(hip, note.study, value=value, rung=Rung.NOTE_CONFIRMED, reason=verdict.reason, actor=actor,
                 cup=verdict.cup, stem=verdict.stem)  # fmt: skip


@transaction.atomic
def adjudicate(*, note: OperativeNote, adjudicator: Person, verdict: Verdict, reason: str) -> Label:
    """A third person decides where two abstractors disagree."""
    verdict.check()
    people = set(NoteAssessment.objects.filter(note=note).values_list("abstractor_id", flat=True))
    if adjudicator.pk in people:
        raise Conflict("Who has read a note as an abstractor cannot adjudicate it.", code="own_assessment")
    if len(people) < 2:
        raise Conflict("Two people have to read a note before it is adjudicated.", code="not_read_twice")
    OperativeNote.objects.select_for_update().get(pk=note.pk)
    if not verdicts_to_adjudicate(adjudicator, note):
        raise Conflict("About this note nothing is in dispute, or it has been decided.", code="not_disputed")
    if not reason.strip():
        raise Invalid("Give the reason of the decision.", details=[{"field": "reason", "message": "is empty"}])
    value = LabelValue.LOOSE if verdict.confirms_loosening else LabelValue.NOT_CONFIRMED
    return _new_version(
        note.procedure.hip, note.study, value=value, rung=Rung.ADJUDICATED, reason=reason.strip(),
        actor=adjudicator, cup=verdict.cup, stem=verdict.stem,
    )  # fmt: skip


@transaction.atomic
def correct_label(*, label: Label, value: str, reason: str, actor: Person) -> Label:
    """A later finding (a late positive culture, say): a new version with its reason; what was frozen is marked."""
    if value not in LabelValue.values:
        raise Invalid("This is not a label.", details=[{"field": "value", "message": f"received {value!r}"}])
    if not reason.strip():
        raise Invalid("Give the reason of the correction.", details=[{"field": "reason", "message": "is empty"}])
    # Of two corrections at once the second finds the label no longer current.
    if not Label.objects.filter(pk=label.pk, is_current=True).update(is_current=False):
        raise Conflict("This label has a newer version already.", code="not_current")
    if value == label.value:
        raise Conflict("The label says this already.", code="unchanged")
    return _new_version(
        label.hip, label.study, value=value, rung=Rung.ADJUDICATED, reason=reason.strip(), actor=actor,
        cup=label.cup, stem=label.stem,
    )  # fmt: skip


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
