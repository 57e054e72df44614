"""How well two abstractors agree, and how well the rules' suggestions agree with what people found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from accounts.models import Person
from annotations.cohorts.models import Cohort
from annotations.cohorts.selectors import current_cohort
from annotations.labels.evidence import RULES_VERSION, Suggestion, find_evidence, suggest
from annotations.labels.masking import mask_note
from annotations.labels.models import Adjudication, ComponentVerdict, Infection, NoteAssessment
from annotations.labels.selectors import MAY_SEE_THE_QUEUE, notes_of_cohort
from common.encryption import decrypt
from studies.selectors import study_for

CATEGORIES: dict[str, list[str]] = {
    "cup": list(ComponentVerdict.values),
    "stem": list(ComponentVerdict.values),
    "infection": list(Infection.values),
    "diagnoses_agree": ["yes", "no"],
}
SUGGESTED = ("cup", "stem", "infection")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two sources on the same notes about one item. A figure that is None is undefined; `undefined` says why."""

    item: str
    notes: int
    agree: int
    share: float | None
    share_low: float | None
    share_high: float | None
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    undefined: str
    # Counts by category of the first (row) and second (column) source, in the order of `categories`.
    categories: list[str]
    table: list[list[int]]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    between_abstractors: list[Agreement]
    with_suggestions: list[Agreement]
    rules_version: str


def agreement_report(actor: Person, slug: str) -> AgreementReport:
    cohort = current_cohort(study_for(actor, slug, *MAY_SEE_THE_QUEUE))
    if cohort is None:
        return AgreementReport([], [], RULES_VERSION)
    return AgreementReport(between_abstractors(cohort), with_suggestions(cohort), RULES_VERSION)


def between_abstractors(cohort: Cohort) -> list[Agreement]:
    """By item, both abstractors' latest verdicts on every note that two have read; in the order in which they read."""
    pairs = [verdicts for verdicts in _latest(cohort).values() if len(verdicts) >= 2]
    return [measure(item, [(_value(pair[0], item), _value(pair[1], item)) for pair in pairs]) for item in CATEGORIES]


def with_suggestions(cohort: Cohort) -> list[Agreement]:
    """By item, what the rules make of a note (first) and what people settled on (second)."""
    settled = _settled(cohort)
    notes = notes_of_cohort(cohort).filter(pk__in=settled).select_related("procedure__hip")
    suggested = {
        note.pk: _suggestion(note.text_hash, note.procedure.hip.side, RULES_VERSION, bytes(note.text_encrypted))
        for note in notes
    }
    return [
        measure(item, [(getattr(suggested[note], item), _value(verdict, item)) for note, verdict in settled.items()])
        for item in SUGGESTED
    ]


@lru_cache(maxsize=20_000)
def _suggestion(text_hash: str, side: str, rules_version: str, token: bytes) -> Suggestion:
    """Three coded words: no text of a note is kept in memory but as it is stored, encrypted."""
    return suggest(find_evidence(mask_note(decrypt(token)).text, side))


def _latest(cohort: Cohort) -> dict[int, list[NoteAssessment]]:
    """Each abstractor's latest verdict by note, whoever read first in front."""
    latest: dict[int, dict[int, NoteAssessment]] = defaultdict(dict)
    for assessment in NoteAssessment.objects.filter(note__in=notes_of_cohort(cohort)).order_by("pk"):
        latest[assessment.note_id][assessment.abstractor_id] = assessment
    return {note: list(by.values()) for note, by in latest.items()}


def _settled(cohort: Cohort) -> dict[int, NoteAssessment | Adjudication]:
    """What people came to: both abstractors the same, or else the third person's decision."""
    decided = Adjudication.objects.filter(note__in=notes_of_cohort(cohort)).order_by("pk")
    settled: dict[int, NoteAssessment | Adjudication] = {one.note_id: one for one in decided}
    for note, verdicts in _latest(cohort).items():
        same = len({tuple(_value(verdict, item) for item in CATEGORIES) for verdict in verdicts}) == 1
        if note not in settled and len(verdicts) >= 2 and same:
            settled[note] = verdicts[0]
    return settled


def _value(verdict: NoteAssessment | Adjudication, item: str) -> str:
    if item == "diagnoses_agree":
        return "yes" if verdict.diagnoses_agree else "no"
    return str(getattr(verdict, item))


def measure(item: str, pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa with its 95 % interval, and the share of equal verdicts with Wilson's."""
    # SciPy and statsmodels are loaded by the first who asks, not by every process that serves a page.
    from mlworker.statistics.agreement import cohens_kappa
    from mlworker.statistics.intervals import wilson

    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    result = cohens_kappa(first, second, categories=CATEGORIES[item])
    agree = sum(a == b for a, b in pairs)
    share = wilson(agree, len(pairs)) if pairs else None
    kappa = result.kappa
    return Agreement(
        item, len(pairs), agree, result.agreement, share.lower if share else None, share.upper if share else None,
        kappa.value, kappa.lower, kappa.upper, kappa.undefined or kappa.note or "", CATEGORIES[item],
        [list(row) for row in result.table],
    )  # fmt: skip
