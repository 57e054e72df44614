from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.models import Person
from annotations.cohorts.models import Cohort, OperativeNote
from annotations.cohorts.selectors import current_cohort, index_hips
from annotations.labels.models import Adjudication, Label, LabelValue, NoteAssessment, NoteAssignment, Rung
from annotations.labels.verdicts import CODED_REASONS
from common.errors import Conflict, Forbidden, NotFound
from studies.models import Membership, Role, Study
from studies.selectors import roles_of, study_for

# Who may open a note, and who may see how far the reading is without seeing a note.
NOTE_RIGHTS = (Role.ABSTRACTOR, Role.ADJUDICATOR)
MAY_SEE_THE_QUEUE = (*NOTE_RIGHTS, Role.COORDINATOR)
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


def _live() -> QuerySet[NoteAssignment]:
    """Places that are somebody's: assigned, read, or claimed not long ago."""
    return NoteAssignment.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), note_id=OuterRef("pk"))


def _counted(rows: QuerySet[Any]) -> Coalesce:
    """How many people stand in these rows of a note."""
    people = rows.order_by().values("note_id").annotate(people=Count("abstractor_id", distinct=True)).values("people")
    return Coalesce(Subquery(people), 0)


def queue_for(actor: Person, cohort: Cohort) -> QuerySet[Any]:
    """Notes this person may still read: theirs, or with a place that nobody holds.

    Theirs come first, then half-read ones. No row is grouped, so that the first can be locked.
    """
    return (
        notes_of_cohort(cohort)
        .select_related("procedure__hip")
        .annotate(
            readers=_counted(NoteAssessment.objects.filter(note_id=OuterRef("pk"))),
            taken=_counted(_live().exclude(abstractor=actor)),
            is_mine=Exists(_live().filter(abstractor=actor)),
        )
        .exclude(assessments__abstractor=actor)
        .filter(Q(is_mine=True) | Q(taken__lt=2))
        .order_by("-is_mine", "-readers", "pk")
    )


def note_progress(actor: Person, cohort: Cohort) -> NoteProgress:
    counted = notes_of_cohort(cohort).annotate(readers=Count("assessments__abstractor", distinct=True))
    totals = counted.aggregate(
        notes=Count("pk"), once=Count("pk", filter=Q(readers__gte=1)), twice=Count("pk", filter=Q(readers__gte=2))
    )
    mine = notes_of_cohort(cohort).filter(assessments__abstractor=actor).distinct().count()
    return NoteProgress(totals["notes"], totals["once"], totals["twice"], mine, queue_for(actor, cohort).count())


def progress_of_people(cohort: Cohort) -> list[dict[str, Any]]:
    """Every abstractor's share of the work: places they hold, notes they have read, and when they last read one."""
    notes = notes_of_cohort(cohort)
    held = NoteAssignment.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=Now()), note__in=notes)
    places = dict(held.order_by().values_list("abstractor").annotate(Count("note_id", distinct=True)))
    given = NoteAssessment.objects.filter(note__in=notes).order_by().values("abstractor")
    read: dict[int, Any] = {
        row["abstractor"]: row for row in given.annotate(n=Count("note_id", distinct=True), last=Max("assessed_at"))
    }
    members = Membership.objects.filter(study=cohort.study_id, role=Role.ABSTRACTOR).values("person_id")
    people = Person.objects.filter(Q(pk__in=members) | Q(pk__in=read) | Q(pk__in=places)).order_by("name", "pk")
    abstractors = set(members.values_list("person_id", flat=True))
    return [
        {
            "person": person, "is_abstractor": person.pk in abstractors, "places": places.get(person.pk, 0),
            "read": read.get(person.pk, {}).get("n", 0), "last_read_at": read.get(person.pk, {}).get("last"),
        }
        for person in people
    ]  # fmt: skip


def cohort_for_notes(actor: Person, slug: str, *roles: str) -> Cohort:
    """The cohort whose notes are read, for whoever holds one of these rights."""
    cohort = current_cohort(study_for(actor, slug, *roles))
    if cohort is None:
        raise Conflict("First the cohort is built: its codes select the notes.", code="no_cohort")
    return cohort


def notes_overview(actor: Person, slug: str) -> dict[str, Any]:
    """The queue as this person has it, what two people disagree on, and who has read how much."""
    study = study_for(actor, slug, *MAY_SEE_THE_QUEUE)
    cohort, held = current_cohort(study), roles_of(actor, study)
    rights = {
        "may_read": Role.ABSTRACTOR in held, "may_adjudicate": Role.ADJUDICATOR in held,
        "may_assign": Role.COORDINATOR in held,
    }  # fmt: skip
    if cohort is None:
        return rights | {"progress": None, "queue": [], "disputed": [], "read": [], "people": []}
    # The list shows no text: the encrypted notes stay where they are.
    queue = queue_for(actor, cohort).defer("text_encrypted") if rights["may_read"] else []
    disputed = disputes_for(actor, cohort) if rights["may_adjudicate"] else []
    wanted = OperativeNote.objects.filter(pk__in=disputed).select_related("procedure__hip").defer("text_encrypted")
    people = progress_of_people(cohort)
    return rights | {
        "progress": note_progress(actor, cohort),
        "queue": [_queued(note, note.readers, is_mine=note.is_mine) for note in queue],
        "disputed": [_queued(note, 2) for note in wanted.order_by("pk")],
        "read": [{"id": note, "assessed_at": at} for note, at in notes_read_by(actor, cohort)],
        "people": people if rights["may_assign"] else [row for row in people if row["person"] == actor],
    }


def _queued(note: OperativeNote, readers: int, *, is_mine: bool = False) -> dict[str, Any]:
    hip, cpt = note.procedure.hip, note.procedure.cpt
    return {"id": note.pk, "side": hip.side, "cpt": cpt, "readers": readers, "is_mine": is_mine}


def notes_read_by(actor: Person, cohort: Cohort) -> list[tuple[int, datetime]]:
    """This person's notes in the order in which they first read them, each with the time of their latest verdict."""
    rows = NoteAssessment.objects.filter(abstractor=actor, note__in=notes_of_cohort(cohort)).order_by()
    read = rows.values("note_id").annotate(first=Min("pk"), last=Max("assessed_at")).order_by("first")
    return [(row["note_id"], row["last"]) for row in read]


def neighbours(actor: Person, note: OperativeNote) -> dict[str, int | None]:
    """The note this person read before this one, and the one after it among those they have read."""
    cohort = current_cohort(note.study)
    read = [pk for pk, _ in notes_read_by(actor, cohort)] if cohort else []
    at = read.index(note.pk) if note.pk in read else len(read)
    return {"previous_id": read[at - 1] if at else None, "next_id": read[at + 1] if at + 1 < len(read) else None}


def may_adjudicate(actor: Person, note: OperativeNote) -> bool:
    return not NoteAssessment.objects.filter(note=note, abstractor=actor).exists()


def verdicts_to_adjudicate(actor: Person, note: OperativeNote) -> list[NoteAssessment]:
    """Both verdicts on a disputed note, for a third person; nothing for anybody else."""
    latest = latest_verdicts(note)
    if len(latest) < 2 or not _differ(latest) or not may_adjudicate(actor, note):
        return []
    if Label.objects.filter(hip=note.procedure.hip_id, rung=Rung.ADJUDICATED, is_current=True).exists():
        return []
    return latest


def latest_verdicts(note: OperativeNote) -> list[NoteAssessment]:
    by_abstractor = {a.abstractor_id: a for a in sorted(note.assessments.all(), key=lambda a: a.version)}
    return list(by_abstractor.values())


def _differ(verdicts: list[NoteAssessment]) -> bool:
    return len({(a.cup, a.stem, a.infection, a.diagnoses_agree) for a in verdicts}) > 1


def note_for(actor: Person, slug: str, note_id: int, *rights: str) -> OperativeNote:
    """A note for whoever may open it: an abstractor their own and those that wait for them, an adjudicator any.

    Only notes of the cohort: the others are nobody's business here.
    """
    study = study_for(actor, slug, *(rights or NOTE_RIGHTS))
    cohort = current_cohort(study)
    note = OperativeNote.objects.filter(study=study, pk=note_id).select_related("procedure__hip", "study").first()
    if note is None or cohort is None or not notes_of_cohort(cohort).filter(pk=note_id).exists():
        raise NotFound("There is no such note.")
    if Role.ADJUDICATOR in roles_of(actor, study) or my_assessment(actor, note) is not None:
        return note
    if not queue_for(actor, cohort).filter(pk=note_id).exists():
        raise Forbidden("Both places at this note are others': it is not yours to open.", code="not_your_note")
    return note


def may_read(actor: Person, note: OperativeNote) -> bool:
    """Whether this person may give a verdict on the note now: theirs, or a place at it is free, and it is undecided."""
    cohort = current_cohort(note.study)
    if cohort is None or Role.ABSTRACTOR not in roles_of(actor, note.study):
        return False
    if my_assessment(actor, note) is None:
        return queue_for(actor, cohort).filter(pk=note.pk).exists()
    return not Label.objects.filter(hip=note.procedure.hip_id, is_current=True, rung=Rung.ADJUDICATED).exists()


def decision_for(actor: Person, note: OperativeNote) -> Adjudication | None:
    """What was decided about a note, for adjudicators who did not read it themselves, and for who decided."""
    if Role.ADJUDICATOR not in roles_of(actor, note.study) or not may_adjudicate(actor, note):
        return None
    return Adjudication.objects.filter(note=note).order_by("-pk").first()


def my_assessment(actor: Person, note: OperativeNote) -> NoteAssessment | None:
    """Only the person's own latest verdict: abstractors are blind to each other."""
    return NoteAssessment.objects.filter(note=note, abstractor=actor).order_by("-version").first()


def label_after_reading(actor: Person, note: OperativeNote) -> dict[str, Any] | None:
    """The hip's label, once it is settled, for whoever has read or adjudicated this note.

    Before that it would tell an abstractor what the other found, or that the other differs.
    """
    label = Label.objects.filter(hip=note.procedure.hip_id, is_current=True).select_related("hip__patient").first()
    if label is None:
        return None
    verdicts = latest_verdicts(note)
    has_read = any(verdict.abstractor_id == actor.pk for verdict in verdicts)
    has_decided = label.rung == Rung.ADJUDICATED and label.decided_by_id == actor.pk
    is_settled = label.rung == Rung.ADJUDICATED or (len(verdicts) > 1 and not _differ(verdicts))
    if not (has_decided or (has_read and is_settled)):
        return None
    return {
        "id": label.pk,
        "patient": label.hip.patient.pseudonym,
        "value": label.value,
        "rung": label.rung,
        "version": label.version,
        "reason": label.reason,
        "readers": len(verdicts),
    }


def withheld_hips(actor: Person, study: Study) -> set[int]:
    """Hips whose label would tell this abstractor what another found in a note that is not settled yet."""
    if Role.ABSTRACTOR not in roles_of(actor, study):
        return set()
    settled = Label.objects.filter(study=study, is_current=True, rung=Rung.ADJUDICATED).values("hip_id")
    rows = (
        NoteAssessment.objects.filter(study=study)
        .exclude(note__procedure__hip_id__in=settled)
        .order_by("note_id", "abstractor_id", "-version")
        .distinct("note_id", "abstractor_id")
        .values_list("note__procedure__hip_id", "abstractor_id", "cup", "stem", "infection", "diagnoses_agree")
    )
    verdicts: dict[int, dict[int, tuple[Any, ...]]] = defaultdict(dict)
    for hip, abstractor, *verdict in rows:
        verdicts[hip][abstractor] = tuple(verdict)
    return {
        hip
        for hip, by in verdicts.items()
        if (len(by) < 2 or len(set(by.values())) > 1) and (actor.pk in by or len(by) < 2)
    }


def confirmation_reason(label: Label | None) -> str:
    """Why a coded hip is not (yet) confirmed loose, in one word of the flow; "" when it is."""
    if label is None or label.rung == Rung.CODE_DERIVED:
        return WAITING_FOR_NOTE
    if label.value == LabelValue.LOOSE:
        return ""
    # What a correction says is free text; it stays with the label.
    return label.reason if label.reason in CODED_REASONS else "adjudicated_or_corrected"


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
