"""The kinds of registry files: their columns, what each may hold, and what a row must agree with in itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from annotations.cohorts.models import REGISTRY_SIDES, Fixation
from annotations.cohorts.registry import cells, codes


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    read: cells.Read
    about: str
    example: str
    # Whether the value may be shown in a refusal: identifiers and free text never are.
    may_be_shown: bool = True
    # A column that is not there reads as if each of its cells were empty.
    required: bool = True
    # Few distinct values: each is read once.
    repeats: bool = True
    # Odd, but no reason to refuse the row.
    warn: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    column: str
    reason: str


def _agrees(values: Sequence[str | None]) -> Contradiction | None:
    return None


@dataclass(frozen=True, slots=True)
class FileKind:
    name: str
    about: str
    columns: tuple[Column, ...]
    contradiction: Callable[[Sequence[str | None]], Contradiction | None] = field(default=_agrees)

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def _side_of_procedure(values: Sequence[str | None]) -> Contradiction | None:
    modifiers = values[5]
    if modifiers and codes.side_of_modifiers(modifiers) not in ("", values[3]):
        return Contradiction("side", "contradicts the side in the modifiers")
    return None


def _side_of_diagnosis(values: Sequence[str | None]) -> Contradiction | None:
    icd10cm, side = values[3], values[4]
    if side and icd10cm and codes.side_of_diagnosis(icd10cm) not in ("", side):
        return Contradiction("side", "contradicts the side in the ICD-10-CM code")
    return None


def _key(name: str, about: str, example: str) -> Column:
    return Column(name, cells.identifier, about, example, may_be_shown=False, repeats=False)


_FIXATION = cells.one_of(Fixation.values, empty_means=Fixation.UNKNOWN.value)
_SIDE = cells.one_of(REGISTRY_SIDES)
_PATIENT = _key("patient_id", "the hospital's number of the patient; kept encrypted, shown nowhere", "1001")
_PROCEDURE = _key("procedure_id", "the hospital's number of the operation", "OP-1")
_CPT = cells.pattern(r"[0-9]{5}", "is not a CPT code of five digits")
_MODIFIERS = cells.pattern(r"([0-9A-Z]{2}(;[0-9A-Z]{2}){0,12})?", "is not a list of CPT modifiers such as 52;LT")
_ICD10CM = cells.pattern(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", "is not an ICD-10-CM code such as T84.030A")
_SITES = FileKind("sites", "The hospitals of the study. First of all: patients name their site.", (
    Column("site", cells.site_code, "short code of the hospital", "A"),
    Column("name", cells.short, "its name, up to 40 characters", "University Hospital A"),
    Column("country", cells.short, "its country", "Nowhere", required=False),
))  # fmt: skip
_PATIENTS = FileKind("patients", "One row a patient. A patient belongs to one site.", (
    _PATIENT,
    Column("site", cells.site_code, "code of the hospital, as in the sites", "A"),
    Column("birth_year", cells.year_of_birth, "year of birth, four digits", "1950", may_be_shown=False),
    Column("sex", cells.one_of(("F", "M", "O")), "F, M or O (other)", "F"),
))  # fmt: skip
_PROCEDURES = FileKind("procedures", "One row an operation on one hip.", (
    _PROCEDURE, _PATIENT,
    Column("performed_on", cells.day, "day of the operation, 2024-12-31", "2012-03-01"),
    Column("side", _SIDE, "R or L", "R"),
    Column("cpt", _CPT, "CPT code of five digits", "27130", warn=codes.about_cpt),
    Column("modifiers", _MODIFIERS, "CPT modifiers with semicolons between them, or empty", "RT", required=False),
    Column("surgeon", cells.short, "pseudonym of the operating surgeon, or empty", "S-07", required=False),
    Column("cup_fixation", _FIXATION, "cementless, cemented or unknown; empty is unknown", "cementless",
           required=False),
    Column("stem_fixation", _FIXATION, "the same for the stem", "cementless", required=False),
), _side_of_procedure)  # fmt: skip
_DIAGNOSES = FileKind("diagnoses", "One row a diagnosis of a patient.", (
    _key("diagnosis_id", "the hospital's number of the diagnosis", "DX-1"), _PATIENT,
    Column("recorded_on", cells.day, "day of the diagnosis", "2020-06-01"),
    Column("icd10cm", _ICD10CM, "ICD-10-CM code with its dot", "T84.030A", warn=codes.about_icd10cm),
    Column("side", cells.one_of(REGISTRY_SIDES, empty_means=""), "R, L or empty; checked against the code, not kept",
           "R", required=False),
), _side_of_diagnosis)  # fmt: skip
_FOLLOW_UPS = FileKind("followups", "One row a visit after an operation, for one hip.", (
    _key("followup_id", "the hospital's number of the visit", "FU-1"), _PATIENT,
    Column("side", _SIDE, "R or L", "R"),
    Column("seen_on", cells.day, "day of the visit", "2014-03-01"),
    Column("complication", cells.short, "what was found, or none; empty is none", "none", required=False),
))  # fmt: skip
_NOTES = FileKind("notes", "One row an operative note. Each operation has one note at most.", (
    _key("note_id", "the hospital's number of the note", "N-1"), _PROCEDURE,
    Column("written_on", cells.day, "day of the note", "2020-06-01"),
    Column("text", cells.note, "the text, line ends included; kept encrypted", "FINDINGS: The cup was grossly loose.",
           may_be_shown=False, repeats=False),
))  # fmt: skip
KINDS = {kind.name: kind for kind in (_SITES, _PATIENTS, _PROCEDURES, _DIAGNOSES, _FOLLOW_UPS, _NOTES)}
