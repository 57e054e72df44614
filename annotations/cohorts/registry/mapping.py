"""Columns under other names: what a header most likely means, what a person has said, and remembering it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import Person
from annotations.cohorts.import_models import ColumnMapping
from annotations.cohorts.registry.kinds import KINDS, FileKind
from common.errors import Invalid
from studies.models import Study

# What hospitals call our columns, in letters and digits only. The page suggests by these; nothing is taken on trust.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "site": ("sitecode", "siteid", "hospital", "hospitalid", "centre", "center", "centreid", "centerid", "klinik",
             "standort", "facility", "institution", "sede", "etablissement"),
    "name": ("sitename", "hospitalname", "centrename", "centername", "klinikname", "institutionname"),
    "country": ("land", "pays", "paese", "nation", "countrycode"),
    "patient_id": ("patient", "patientnumber", "patientno", "patid", "pid", "mrn", "medicalrecordnumber", "subject",
                   "subjectid", "patientennummer", "patientenid", "patnr", "personid", "hospitalnumber"),
    "birth_year": ("yearofbirth", "birthyear", "yob", "geburtsjahr", "anneenaissance"),
    "sex": ("gender", "geschlecht", "sexe", "sesso"),
    "procedure_id": ("procedure", "operationid", "opid", "opnr", "opnumber", "surgeryid", "caseid", "eingriffid",
                     "operation", "procedureno", "encounterid"),
    "performed_on": ("proceduredate", "operationdate", "surgerydate", "dateofsurgery", "dateofoperation", "opdate",
                     "opdatum", "operationsdatum", "performeddate", "date", "datum"),
    "side": ("laterality", "seite", "bodyside", "cote", "lato", "hipside"),
    "cpt": ("cptcode", "procedurecode", "cpt4", "code"),
    "modifiers": ("modifier", "cptmodifier", "cptmodifiers", "mods"),
    "surgeon": ("surgeonid", "surgeoncode", "operator", "operateur", "operatingsurgeon", "chirurg"),
    "cup_fixation": ("cupfixation", "acetabularfixation", "acetabulumfixation", "fixationcup", "pfannenfixation"),
    "stem_fixation": ("stemfixation", "femoralfixation", "femurfixation", "fixationstem", "schaftfixation"),
    "diagnosis_id": ("diagnosis", "diagnosisno", "dxid", "conditionid", "diagnosenr"),
    "recorded_on": ("diagnosisdate", "dxdate", "recordeddate", "dateofdiagnosis", "diagnosedatum", "date", "datum"),
    "icd10cm": ("icd10", "icd", "icdcode", "icd10code", "icd10cmcode", "dxcode", "diagnosiscode", "code"),
    "followup_id": ("followup", "visitid", "visit", "followupno", "fuid", "kontrolleid"),
    "seen_on": ("visitdate", "followupdate", "dateofvisit", "fudate", "kontrolldatum", "date", "datum"),
    "complication": ("complications", "komplikation", "adverseevent", "finding"),
    "note_id": ("note", "noteno", "reportid", "documentid", "berichtid"),
    "written_on": ("notedate", "reportdate", "dateofnote", "berichtdatum", "date", "datum"),
    "text": ("notetext", "operativenote", "opnote", "report", "reporttext", "operationsbericht", "bericht", "body"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How a header is read. `kind` is None while its columns are not understood."""

    kind: FileKind | None = None
    columns: dict[str, str] = field(default_factory=dict)
    suggested_kind: str = ""
    suggested_columns: dict[str, str] = field(default_factory=dict)


def own_columns(header: Sequence[str]) -> Reading:
    """By our own names, in any order and case; the kind that claims most of the columns."""
    by_name = {name.strip().lower(): name for name in header}
    fitting = [kind for kind in KINDS.values() if kind.required <= by_name.keys()]
    if not fitting:
        return Reading()
    kind = max(fitting, key=lambda kind: len(kind.required))
    return Reading(kind, same_names(kind.name, header))


def same_names(kind: str, header: Sequence[str]) -> dict[str, str]:
    """The columns of a kind that the file calls as we do."""
    by_name = {name.strip().lower(): name for name in header}
    return {name: by_name[name] for name in (KINDS[kind].header if kind in KINDS else ()) if name in by_name}


def read_header(study: Study, header: Sequence[str]) -> Reading:
    """By our own names, else as a person has said before, else not at all: then what it most likely means."""
    own = own_columns(header)
    if own.kind is not None:
        return own
    for saved in ColumnMapping.objects.filter(study=study).order_by("-saved_at"):
        if set(saved.columns.values()) <= set(header):
            return Reading(KINDS[saved.kind], dict(saved.columns))
    return _suggested(header)


def _suggested(header: Sequence[str]) -> Reading:
    best, share = Reading(), 0.0
    for kind in KINDS.values():
        columns = _by_synonyms(kind, header)
        found = len(kind.required & columns.keys()) / len(kind.required)
        # Of two kinds that fit as well, the one that explains more columns.
        score = found + len(columns) / 100
        if found > 0.5 and score > share:
            best, share = Reading(suggested_kind=kind.name, suggested_columns=columns), score
    return best


def _by_synonyms(kind: FileKind, header: Sequence[str]) -> dict[str, str]:
    names = {_letters(name): name for name in reversed(header)}
    columns: dict[str, str] = {}
    for column in kind.header:
        for word in (_letters(column), *SYNONYMS.get(column, ())):
            if word in names and names[word] not in columns.values():
                columns[column] = names[word]
                break
    return columns


def known_names(header: Sequence[str]) -> int:
    """How many of these names mean one of our columns."""
    return sum(1 for name in header if _letters(name) in _KNOWN)


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def checked_columns(kind: str, columns: Mapping[str, str], header: Sequence[str]) -> dict[str, str]:
    """The mapping if it can be one: a known kind, our columns, theirs from the header, nothing needed missing.

    Raises:
        Invalid: what is wrong with it, column by column.
    """
    if kind not in KINDS:
        message = f"is not one of {', '.join(KINDS)}"
        raise Invalid(f"The kind {message}.", details=[{"field": "kind", "message": message}])
    chosen = {ours: theirs for ours, theirs in columns.items() if theirs}
    details = [
        {"field": ours, "message": "is no column of this kind"} for ours in chosen.keys() - set(KINDS[kind].header)
    ]
    details += [{"field": ours, "message": f"“{theirs}” is not in the file's header"}
                for ours, theirs in chosen.items() if theirs not in header]  # fmt: skip
    details += [{"field": ours, "message": "needs a column"} for ours in sorted(KINDS[kind].required - chosen.keys())]
    twice = [theirs for theirs in set(chosen.values()) if list(chosen.values()).count(theirs) > 1]
    details += [{"field": theirs, "message": "stands for two columns"} for theirs in sorted(twice)]
    if details:
        raise Invalid("These columns cannot be read so.", code="mapping_invalid", details=details)
    return chosen


def remember(*, study: Study, kind: str, columns: Mapping[str, str], actor: Person | None) -> None:
    fingerprint = hashlib.sha256(json.dumps(sorted(columns.values())).encode()).hexdigest()
    ColumnMapping.objects.update_or_create(
        study=study, kind=kind, fingerprint=fingerprint, defaults={"columns": dict(columns), "saved_by": actor}
    )


_KNOWN = frozenset(_letters(name) for name in SYNONYMS) | {word for words in SYNONYMS.values() for word in words}
