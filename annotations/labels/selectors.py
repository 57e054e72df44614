from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.models import Person
from annotations.cohorts.models import Cohort, OperativeNote
from annotations.cohorts.selectors import index_hips
from annotations.labels.models import Label, LabelValue, NoteAssessment, Rung
from common.errors import NotFound
from studies.models import Role, Study
from studies.selectors import study_for


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


def note_for(actor: Person, slug: str, note_id: int) -> OperativeNote:
    study = study_for(actor, slug, Role.COORDINATOR)
    note = OperativeNote.objects.filter(study=study, pk=note_id).select_related("procedure__hip").first()
    if note is None:
        raise NotFound("There is no such note.")
    return note


def my_assessment(actor: Person, note: OperativeNote) -> NoteAssessment | None:
    """Only the person's own latest verdict: abstractors are blind to each other."""
    return NoteAssessment.objects.filter(note=note, abstractor=actor).order_by("-version").first()


def labels_of(actor: Person, slug: str) -> QuerySet[Label]:
    study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
    return (
        Label.objects.filter(study=study, is_current=True)
        .select_related("hip__patient__site", "decided_by")
        .order_by("hip__patient__pseudonym", "hip__side")
    )


def label_history(label: Label) -> QuerySet[Label]:
    return Label.objects.filter(hip_id=label.hip_id).select_related("decided_by").order_by("version")


def confirmation_counts(cohort: Cohort) -> tuple[int, int, dict[str, int]]:
    """Of the coded hips: how many are confirmed, how many still wait, and why the others are not."""
    hips = list(index_hips(cohort).values_list("hip_id", flat=True))
    labels = Label.objects.filter(hip_id__in=hips, is_current=True)
    confirmed, waiting = 0, 0
    reasons: Counter[str] = Counter()
    for value, rung, reason in labels.values_list("value", "rung", "reason"):
        if rung == Rung.CODE_DERIVED:
            waiting += 1
        elif value == LabelValue.LOOSE:
            confirmed += 1
        else:
            reasons[reason if rung == Rung.NOTE_CONFIRMED else "adjudicated_or_corrected"] += 1
    return confirmed, waiting + len(hips) - labels.count(), dict(reasons.most_common())


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


def disputed_notes(cohort: Cohort) -> list[OperativeNote]:
    """Notes on which two people came to different ends, and nobody has adjudicated yet."""
    disputed = []
    adjudicated = set(
        Label.objects.filter(rung=Rung.ADJUDICATED, is_current=True, study=cohort.study).values_list(
            "hip_id", flat=True
        )
    )
    notes = notes_of_cohort(cohort).select_related("procedure__hip").prefetch_related("assessments")
    for note in notes:
        latest = {a.abstractor_id: a for a in sorted(note.assessments.all(), key=lambda a: a.version)}
        verdicts = {(a.cup, a.stem, a.infection, a.diagnoses_agree) for a in latest.values()}
        if len(latest) >= 2 and len(verdicts) > 1 and note.procedure.hip_id not in adjudicated:
            disputed.append(note)
    return disputed
