from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Person
from annotations.cohorts.models import Cohort, CohortDecision, OperativeNote
from annotations.cohorts.selectors import current_cohort, index_hips
from annotations.labels.models import Label, LabelValue, NoteAssessment, Rung
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import study_for

WAITING_FOR_NOTE = "waiting_for_note"


@dataclass(frozen=True, slots=True)
class NoteProgress:
    notes: int
    read_once: int
    read_twice: int
    mine: int
    waiting_for_me: int


def notes_of_cohort(cohort: Cohort) -> QuerySet[OperativeNote]:
    """The operative notes of the revisions that the codes select."""
    procedures = index_hips(cohort).values("index_procedure_id")
    return OperativeNote.objects.filter(procedure_id__in=procedures)


def queue_for(actor: Person, cohort: Cohort) -> QuerySet[OperativeNote]:
    """Notes this person may still read: not read by them, and not by two others. Half-read ones come first."""
    return (
        notes_of_cohort(cohort)
        .annotate(readers=Count("assessments__abstractor", distinct=True))
        .exclude(assessments__abstractor=actor)
        .filter(readers__lt=2)
        .order_by("-readers", "pk")
    )


def note_progress(actor: Person, cohort: Cohort) -> NoteProgress:
    counted = notes_of_cohort(cohort).annotate(readers=Count("assessments__abstractor", distinct=True))
    totals = counted.aggregate(
        notes=Count("pk"), once=Count("pk", filter=Q(readers__gte=1)), twice=Count("pk", filter=Q(readers__gte=2))
    )
    mine = notes_of_cohort(cohort).filter(assessments__abstractor=actor).distinct().count()
    return NoteProgress(totals["notes"], totals["once"], totals["twice"], mine, queue_for(actor, cohort).count())


def next_note_id(actor: Person, slug: str, *, after: OperativeNote) -> int | None:
    cohort = current_cohort(study_for(actor, slug, Role.COORDINATOR))
    if cohort is None:
        return None
    return queue_for(actor, cohort).exclude(pk=after.pk).values_list("pk", flat=True).first()


def notes_overview(actor: Person, slug: str) -> dict[str, Any]:
    """The queue as this person has it, what two people disagree on, and how well abstractors agree."""
    cohort = current_cohort(study_for(actor, slug, Role.COORDINATOR))
    if cohort is None:
        return {"progress": None, "queue": [], "disputed": [], "agreement": []}
    # The list shows no text: the encrypted notes stay where they are.
    queue = queue_for(actor, cohort).select_related("procedure__hip").defer("text_encrypted")
    disputed = OperativeNote.objects.filter(pk__in=disputes_for(actor, cohort)).select_related("procedure__hip")
    return {
        "progress": note_progress(actor, cohort),
        "queue": [_queued(note, note.readers) for note in queue],  # type: ignore[attr-defined]
        "disputed": [_queued(note, 2) for note in disputed.defer("text_encrypted").order_by("pk")],
        "agreement": agreement(cohort),
    }


def _queued(note: OperativeNote, readers: int) -> dict[str, Any]:
    return {"id": note.pk, "side": note.procedure.hip.side, "cpt": note.procedure.cpt, "readers": readers}


def may_adjudicate(actor: Person, note: OperativeNote) -> bool:
    return not NoteAssessment.objects.filter(note=note, abstractor=actor).exists()


def verdicts_to_adjudicate(actor: Person, note: OperativeNote) -> list[NoteAssessment]:
    """Both verdicts on a disputed note, for a third person; nothing for anybody else."""
    latest = _latest_verdicts(note)
    if len(latest) < 2 or not _differ(latest) or not may_adjudicate(actor, note):
        return []
    if Label.objects.filter(hip=note.procedure.hip_id, rung=Rung.ADJUDICATED, is_current=True).exists():
        return []
    return latest


def _latest_verdicts(note: OperativeNote) -> list[NoteAssessment]:
    by_abstractor = {a.abstractor_id: a for a in sorted(note.assessments.all(), key=lambda a: a.version)}
    return list(by_abstractor.values())


def _differ(verdicts: list[NoteAssessment]) -> bool:
    return len({(a.cup, a.stem, a.infection, a.diagnoses_agree) for a in verdicts}) > 1


def note_for(actor: Person, slug: str, note_id: int) -> OperativeNote:
    study = study_for(actor, slug, Role.COORDINATOR)
    note = OperativeNote.objects.filter(study=study, pk=note_id).select_related("procedure__hip").first()
    if note is None:
        raise NotFound("There is no such note.")
    return note


def my_assessment(actor: Person, note: OperativeNote) -> NoteAssessment | None:
    """Only the person's own latest verdict: abstractors are blind to each other."""
    return NoteAssessment.objects.filter(note=note, abstractor=actor).order_by("-version").first()


def label_after_reading(actor: Person, note: OperativeNote) -> dict[str, Any] | None:
    """The hip's label, for whoever has read or adjudicated this note; nothing for those who still may."""
    label = Label.objects.filter(hip=note.procedure.hip_id, is_current=True).select_related("hip__patient").first()
    if label is None:
        return None
    verdicts = _latest_verdicts(note)
    has_read = any(verdict.abstractor_id == actor.pk for verdict in verdicts)
    has_decided = label.rung == Rung.ADJUDICATED and label.decided_by_id == actor.pk
    if not (has_read or has_decided):
        return None
    return {
        "id": label.pk,
        "patient": label.hip.patient.pseudonym,
        "value": label.value,
        "rung": label.rung,
        "version": label.version,
        "reason": label.reason,
        "readers": len(verdicts),
        "disputed": len(verdicts) > 1 and _differ(verdicts) and label.rung != Rung.ADJUDICATED,
    }


def labels_of(actor: Person, slug: str) -> QuerySet[Label]:
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
    cohort = current_cohort(study)
    index = index_hips(cohort) if cohort else CohortDecision.objects.none()
    procedure = index.filter(hip_id=OuterRef("hip_id")).values("index_procedure_id")[:1]
    notes = OperativeNote.objects.filter(procedure_id=OuterRef("index_procedure"))
    readers = (
        NoteAssessment.objects.filter(note__procedure_id=OuterRef("index_procedure"))
        .order_by()
        .values("note_id")
        .annotate(people=Count("abstractor_id", distinct=True))
        .values("people")
    )
    return (
        Label.objects.filter(study=study, is_current=True)
        .select_related("hip__patient__site", "decided_by")
        .annotate(index_procedure=Subquery(procedure))
        .annotate(
            note_id=Subquery(notes.values("pk")[:1]),
            note_readers=Coalesce(Subquery(readers[:1]), 0),
        )
        .order_by("hip__patient__pseudonym", "hip__side")
    )


def filtered_labels(labels: QuerySet[Label], *, value: str, rung: str, patient: str) -> QuerySet[Label]:
    if value:
        labels = labels.filter(value=value)
    if rung:
        labels = labels.filter(rung=rung)
    return labels.filter(hip__patient__pseudonym__icontains=patient) if patient else labels


def label_totals(labels: QuerySet[Label]) -> list[dict[str, Any]]:
    rows = labels.order_by().values("value", "rung").annotate(hips=Count("pk"))
    return [dict(row) for row in rows.order_by("value", "rung")]


def label_for(actor: Person, slug: str, label_id: int, *roles: str) -> Label:
    study = study_for(actor, slug, *(roles or (Role.COORDINATOR, Role.ADMINISTRATOR)))
    label = Label.objects.filter(study=study, pk=label_id).select_related("hip__patient__site", "decided_by").first()
    if label is None:
        raise NotFound("There is no such label.")
    return label


def label_history(label: Label) -> QuerySet[Label]:
    return (
        Label.objects.filter(hip_id=label.hip_id).select_related("hip__patient__site", "decided_by").order_by("version")
    )


def confirmation_reason(label: Label | None) -> str:
    """Why a coded hip is not (yet) confirmed loose, in one word of the flow; "" when it is."""
    if label is None or label.rung == Rung.CODE_DERIVED:
        return WAITING_FOR_NOTE
    if label.value == LabelValue.LOOSE:
        return ""
    # What an adjudicator or a correction says is free text; it stays with the label.
    return label.reason if label.rung == Rung.NOTE_CONFIRMED else "adjudicated_or_corrected"


def _labels_of_coded_hips(cohort: Cohort) -> dict[int, Label | None]:
    hips = [hip for hip in index_hips(cohort).values_list("hip_id", flat=True) if hip is not None]
    labels = {label.hip_id: label for label in Label.objects.filter(hip_id__in=hips, is_current=True)}
    return {hip: labels.get(hip) for hip in hips}


def confirmation_counts(cohort: Cohort) -> tuple[int, int, dict[str, int]]:
    """Of the coded hips: how many are confirmed, how many still wait, and why the others are not."""
    reasons = Counter(confirmation_reason(label) for label in _labels_of_coded_hips(cohort).values())
    confirmed, waiting = reasons.pop("", 0), reasons.pop(WAITING_FOR_NOTE, 0)
    return confirmed, waiting, dict(reasons.most_common())


def hips_by_confirmation(cohort: Cohort, *, confirmed: bool, reason: str = "") -> list[int]:
    """Coded hips that the notes confirm, or those that they do not (for one reason, if it is named)."""
    found = {hip: confirmation_reason(label) for hip, label in _labels_of_coded_hips(cohort).items()}
    if confirmed:
        return [hip for hip, why in found.items() if not why]
    return [hip for hip, why in found.items() if why and reason in ("", why)]


def comparison_count(study: Study) -> int:
    return Label.objects.filter(
        study=study, is_current=True, value=LabelValue.WELL_FIXED, rung=Rung.FOLLOW_UP_DERIVED
    ).count()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two abstractors on the same notes, by item: how often they agree, and Cohen's kappa."""

    item: str
    notes: int
    agree: int
    kappa: float | None


def agreement(cohort: Cohort) -> list[Agreement]:
    latest: dict[int, dict[int, NoteAssessment]] = defaultdict(dict)
    for assessment in NoteAssessment.objects.filter(note__in=notes_of_cohort(cohort)).order_by("version"):
        latest[assessment.note_id][assessment.abstractor_id] = assessment
    pairs = [tuple(by.values())[:2] for by in latest.values() if len(by) >= 2]
    return [
        _agreement(item, [(str(getattr(a, item)), str(getattr(b, item))) for a, b in pairs])
        for item in ("cup", "stem", "infection", "diagnoses_agree")
    ]


def _agreement(item: str, pairs: list[tuple[str, str]]) -> Agreement:
    """Cohen 1960: agreement beyond what the two distributions give by chance; undefined when both say one thing."""
    n = len(pairs)
    agree = sum(1 for a, b in pairs if a == b)
    if n == 0:
        return Agreement(item, 0, 0, None)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[value] * second[value] for value in first) / n**2
    return Agreement(item, n, agree, None if chance == 1 else (agree / n - chance) / (1 - chance))


def _disputes(cohort: Cohort) -> dict[int, set[int]]:
    """Notes on which two people came to different ends and nobody has adjudicated yet, each with its readers.

    From the verdicts alone: a page that only counts disputes loads no note.
    """
    adjudicated = Label.objects.filter(study=cohort.study_id, rung=Rung.ADJUDICATED, is_current=True).values("hip_id")
    latest = (
        NoteAssessment.objects.filter(note__in=notes_of_cohort(cohort))
        .exclude(note__procedure__hip_id__in=adjudicated)
        .order_by("note_id", "abstractor_id", "-version")
        .distinct("note_id", "abstractor_id")
        .values_list("note_id", "abstractor_id", "cup", "stem", "infection", "diagnoses_agree")
    )
    verdicts: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for note, abstractor, *verdict in latest:
        verdicts[note][abstractor] = tuple(verdict)
    return {note: set(by) for note, by in verdicts.items() if len(set(by.values())) > 1}


def disputed_notes(cohort: Cohort) -> list[OperativeNote]:
    """Notes on which two people came to different ends, and nobody has adjudicated yet."""
    notes = OperativeNote.objects.filter(pk__in=list(_disputes(cohort)))
    return list(notes.select_related("procedure__hip").order_by("pk"))


def disputes_for(actor: Person, cohort: Cohort) -> list[int]:
    """Those that this person may adjudicate, by their ids: who has read a note does not settle it."""
    return [note for note, readers in _disputes(cohort).items() if actor.pk not in readers]
