"""Facts of the data: registry, cohort, reference standard, radiographs, dataset version and its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotations.cohorts.models import CohortRules
from annotations.labels.models import NoteAssessment, Rung

if TYPE_CHECKING:
    from mlworker.experiments.report.facts import Known

RUNG_WORDS = {
    Rung.NOTE_CONFIRMED: "two abstractors agreed on the operative note",
    Rung.ADJUDICATED: "a third person decided where two abstractors disagreed, or a later finding corrected it",
    Rung.FOLLOW_UP_DERIVED: "by follow-up without complication; not confirmed at surgery",
    Rung.CODE_DERIVED: "by code alone",
    Rung.AS_SUPPLIED: "as supplied with the pictures; not confirmed",
}
STEP_WORDS = {
    "registry": "Patients in the registry with a total hip replacement",
    "revised": "Revised for any reason",
    "coded": "Revised only for mechanical loosening of a cementless implant, by code",
    "confirmed": "Loosening confirmed in the operative note",
}


def _design(known: Known) -> str:
    return (
        "Retrospective: registry, operative notes and radiographs existed before the scores and the blinded reads "
        "were made. Models and readers judged the same frozen cases (paired design)."
    )


def _sources(known: Known) -> str | None:
    if known.flow is None:
        return None
    first = known.flow["steps"][0]["patients_in"]
    synthetic = " The data are synthetic: nobody in them exists." if known.comparison.study.is_demo else ""
    return f"A registry of {first:,} patients with total hip replacement, with operative notes.{synthetic}"


def _sites(known: Known) -> str:
    sites = {case.patient.site for case in known.cases}
    countries = {site.country for site in sites if site.country}
    where = f" in {len(countries)} countries" if countries else ""
    return f"The dataset's cases come from {len(sites)} centres{where}."


def _eligibility(known: Known) -> str | None:
    if known.flow is None:
        return None
    version = known.flow["rules_version"]
    rules = CohortRules.objects.filter(study=known.comparison.study_id, version=version).first()
    if rules is None:
        return None
    return f"Cohort rules version {version}, applied by the platform. {'; '.join(_in_words(rules.rules))}."


def _in_words(rules: Mapping[str, Any], under: str = "") -> Iterator[str]:
    """Each rule on its own: "revision cpt: 27134, 27137, 27138"."""
    for key, value in sorted(rules.items()):
        name = f"{under} {key.replace('_', ' ')}".strip()
        if isinstance(value, dict):
            yield from _in_words(value, name)
        elif isinstance(value, list):
            yield f"{name}: {', '.join(map(str, value)) or 'none'}"
        elif value is not None:
            yield f"{name}: {'yes' if value is True else 'no' if value is False else value}"


def _flow(known: Known) -> str | None:
    if known.flow is None:
        return None
    steps = " → ".join(f"{step['patients_out']:,} ({step['key']})" for step in known.flow["steps"])
    return f"{steps}. Every exclusion with its first reason is in the table “Flow of patients”."


def _comparison_group(known: Known) -> str | None:
    draw = known.flow["comparison"]["draw"] if known.flow else None
    if not draw:
        return None
    matched = f", matched by {', '.join(draw['matched_by'])}" if draw["matched_by"] else ""
    return (
        f"Well-fixed hips: {draw['drawn']} drawn at random (seed {draw['seed']}{matched}) from "
        f"{draw['eligible_when_drawn']:,} that were eligible by rule. The share of loose hips is therefore the "
        "design's and no prevalence."
    )


def _dataset(known: Known) -> str:
    version = known.comparison.dataset_version
    return (
        f"Dataset version {version.number}, “{version.name}”, frozen {version.frozen_at:%Y-%m-%d %H:%M} UTC: "
        f"{len(known.cases)} cases, SHA-256 {version.sha256}."
    )


def _partitions(known: Known) -> str:
    split, parts = known.comparison.dataset_version.split, Counter((c.part, c.label_value) for c in known.cases)
    counts = "; ".join(
        f"{part} {parts[part, 'loose']} loose + {parts[part, 'well_fixed']} well fixed"
        for part in dict.fromkeys(case.part for case in known.cases)
    )
    return f"Assigned at random by the platform ({'; '.join(_in_words(split))}): {counts}."


def _disjointness(known: Known) -> str | None:
    proof = known.comparison.dataset_version.disjointness
    if not proof:
        return None
    overlaps = f"{len(proof['problems'])} overlaps" if proof["problems"] else "no overlap"
    checked = ", ".join(name.replace("_", " ") for name in proof["checked"])
    pictures = ", then by comparing the pictures" if proof.get("pictures_compared") else ""
    return (
        f"The parts are disjoint by patient, held by a database constraint. Checked by {checked} over {proof['cases']} "
        f"cases: {overlaps}; {len(proof.get('suspects', []))} pairs look alike by perceptual hash (within "
        f"{proof['near_duplicate_bits']} of 64 bits{pictures}) and are listed for people to look at."
    )


def _deidentification(known: Known) -> str:
    profiles = sorted({case.radiograph.profile_version for case in known.cases})
    return (
        "Each radiograph is a new file built from an allow-list of elements; nothing else of the old one survives "
        f"(profile {', '.join(profiles)}). Text burned into the picture is sought and masked by two people. Dates are "
        "kept as intervals, identifiers as pseudonyms."
    )


def _acquisition(known: Known) -> str:
    makers = Counter(case.radiograph.manufacturer or "not stated" for case in known.cases)
    days = sorted(d for case in known.cases if (d := case.radiograph.days_from_index_procedure) is not None)
    told = ", ".join(f"{name} {count}" for name, count in sorted(makers.items()))
    interval = (
        f" Days from the index procedure: median {days[len(days) // 2]}, {days[0]} to {days[-1]}." if days else ""
    )
    return f"Anteroposterior hip radiographs. Manufacturers: {told}.{interval}"


def _reference(known: Known) -> str:
    rungs = Counter((case.label_value, case.label.rung) for case in known.cases)
    told = "; ".join(
        f"{value.replace('_', ' ')}, {count}: {RUNG_WORDS.get(Rung(rung), rung)}"
        for (value, rung), count in sorted(rungs.items())
    )
    return f"{told}. Codes select; only the operative note makes a hip loose."


def _annotators(known: Known) -> str | None:
    notes = NoteAssessment.objects.filter(study=known.comparison.study_id)
    people = notes.values("abstractor").distinct().count()
    if not people:
        return None
    adjudicated = sum(case.label.rung == Rung.ADJUDICATED for case in known.cases)
    return (
        f"{people} abstractors read the operative notes, blind to each other, to the radiographs, to reads and to "
        f"scores ({notes.count()} assessments). {adjudicated} hips of this version were decided by a third person."
    )


def _components(known: Known) -> str:
    found = Counter(row.component for row in known.rows if row.rater == known.rows[0].rater and row.truth)
    told = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    return f"Loose component by operative note: {told or 'none'}."


def _sample(known: Known) -> str:
    result = known.result
    return (
        f"{result['cases']} cases of {result['patients']} patients were compared: {result['positives']} loose and "
        f"{result['negatives']} well fixed. No size was planned here; what this one can show stands first."
    )


def _characteristics(known: Known) -> str:
    return "See the table “Characteristics by part”: sex, age, side and centre of every part and class."


DATA_FACTS: Mapping[str, Callable[[Known], str | None]] = {
    "design": _design,
    "sources": _sources,
    "sites": _sites,
    "eligibility": _eligibility,
    "flow": _flow,
    "comparison_group": _comparison_group,
    "dataset": _dataset,
    "partitions": _partitions,
    "disjointness": _disjointness,
    "deidentification": _deidentification,
    "acquisition": _acquisition,
    "reference": _reference,
    "annotators": _annotators,
    "components": _components,
    "sample": _sample,
    "characteristics": _characteristics,
}
