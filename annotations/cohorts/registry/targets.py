"""For each kind: what arriving rows must refer to, what they become, and which of their cells may be shown.

`a` is an arriving row, `r` a row that is ready to be written, `t` the row of the registry that it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_LINK = "LEFT JOIN cohorts_patientlink l ON l.study_id = %(study)s AND l.identifier_hash = a.patient"
_NO_PATIENT = "names a patient who is not in the registry"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column whose changes are told: whether it differs, and its old and new value as text."""

    name: str
    differs: str
    old: str = "''"
    new: str = "''"


def _plain(name: str) -> Shown:
    differs = f"r.{name} IS NOT NULL AND t.{name} IS DISTINCT FROM r.{name}"
    return Shown(name, differs, f"t.{name}::text", f"r.{name}::text")


def _day(name: str) -> Shown:
    """A date leaves the platform as an interval only."""
    return Shown(name, f"t.{name} <> r.{name}", new=f"(r.{name} - t.{name})::text || ' days'")


@dataclass(frozen=True, slots=True)
class Target:
    """How arriving rows of one kind become rows of `table`.

    Attributes:
        refusals: SELECTs of file, line, column, value and reason; the first that names a row counts.
        before: statements that make what the rows need.
        ready: SELECT of the rows as they are written, with `file` and `line`.
        match: how `r` finds `t`.
        columns: written columns; those with a default keep what is there where the file has no such column.
        fixed: further columns of a new row, with their values.
        pseudonym: of the patient whose row it is.
        repeated: what tells a repeated row's reason: where it differs, the rows contradict each other.
    """

    table: str
    key: str
    ready: str
    match: str
    columns: dict[str, str]
    shown: tuple[Shown, ...]
    refusals: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    fixed: dict[str, str] = field(default_factory=dict)
    joins: str = ""
    pseudonym: str = "''"
    repeated: str = "''::text"
    # Tables beside `table` that get rows: before the rows are ready, and after they are written.
    needed: tuple[str, ...] = ()
    made: tuple[str, ...] = ()


_PATIENT_OF_ROW = "LEFT JOIN cohorts_patient p ON p.id = r.patient_id"
_BORN_LATER = "lies before the patient's year of birth"


def _patient_refusals(kind: str, day: str) -> str:
    return f"""
        SELECT a.file, a.line, CASE WHEN l.id IS NULL THEN 'patient_id' ELSE '{day}' END, '',
               CASE WHEN l.id IS NULL THEN '{_NO_PATIENT}' ELSE '{_BORN_LATER.replace("'", "''")}' END
        FROM registry_arriving_{kind} a {_LINK} LEFT JOIN cohorts_patient p ON p.id = l.patient_id
        WHERE l.id IS NULL OR extract(year FROM a.{day}) < p.birth_year"""  # noqa: S608


def _hips(kind: str) -> str:
    return f"""
        INSERT INTO cohorts_hip (patient_id, side)
        SELECT DISTINCT l.patient_id, a.side FROM registry_arriving_{kind} a {_LINK.removeprefix("LEFT ")}
        WHERE NOT EXISTS (SELECT FROM cohorts_hip h WHERE h.patient_id = l.patient_id AND h.side = a.side)
          AND NOT EXISTS (SELECT FROM registry_refused x
                          WHERE x.kind = '{kind}' AND x.file = a.file AND x.line = a.line)"""  # noqa: S608


_HIP = "JOIN cohorts_hip h ON h.patient_id = l.patient_id AND h.side = a.side"
_OLD_HIP = "JOIN cohorts_hip oh ON oh.id = t.hip_id JOIN cohorts_patient op ON op.id = oh.patient_id"
_BY_KEY = "t.study_id = %(study)s AND t.registry_key = r.registry_key"
_OTHER_PATIENT = Shown("patient", "oh.patient_id <> r.patient_id", "op.pseudonym", "p.pseudonym")
_OTHER_SIDE = Shown("side", "oh.side <> r.side", "oh.side", "r.side")

_SITES = Target(
    table="studies_site",
    key="site",
    ready="SELECT a.file, a.line, a.key AS code, a.name, a.country FROM registry_arriving_sites a",
    match="t.study_id = %(study)s AND t.code = r.code",
    columns={"code": "", "name": "", "country": "''"},
    shown=(_plain("name"), _plain("country")),
    repeated="a.key",
)
_PATIENTS = Target(
    table="cohorts_patient",
    key="patient_id",
    refusals=(
        """SELECT a.file, a.line, 'site', left(a.site, 40), 'is no site of this study; import the sites first'
           FROM registry_arriving_patients a
           LEFT JOIN studies_site s ON s.study_id = %(study)s AND s.code = a.site WHERE s.id IS NULL""",
        """SELECT a.file, a.line, 'site', left(a.site, 40), 'this patient is already in the registry at another site'
           FROM registry_arriving_patients a
           JOIN cohorts_patientlink l ON l.study_id = %(study)s AND l.identifier_hash = a.key
           JOIN cohorts_patient p ON p.id = l.patient_id JOIN studies_site s ON s.id = p.site_id
           WHERE s.code <> a.site AND p.origin = 'registry'""",
        """SELECT a.file, a.line, 'patient_id', '', 'names a patient who is no part of the registry'
           FROM registry_arriving_patients a
           JOIN cohorts_patientlink l ON l.study_id = %(study)s AND l.identifier_hash = a.key
           JOIN cohorts_patient p ON p.id = l.patient_id WHERE p.origin <> 'registry'""",
    ),
    ready="""SELECT a.file, a.line, a.key, left(a.pseudonym, %(short)s) AS pseudonym, a.pseudonym AS whole,
                    s.id AS site_id, a.birth_year, a.sex, a.encrypted, l.patient_id
             FROM registry_arriving_patients a JOIN studies_site s ON s.study_id = %(study)s AND s.code = a.site
             LEFT JOIN cohorts_patientlink l ON l.study_id = %(study)s AND l.identifier_hash = a.key""",
    match="t.id = r.patient_id",
    columns={"site_id": "", "birth_year": "", "sex": ""},
    shown=(_plain("birth_year"), _plain("sex")),
    # Two patients whose pseudonyms begin alike: one in a million registries of this size has such a pair, or this one.
    before=(
        """UPDATE registry_ready SET pseudonym = left(whole, %(long)s) WHERE patient_id IS NULL AND (
               pseudonym IN (SELECT pseudonym FROM registry_ready WHERE patient_id IS NULL
                             GROUP BY pseudonym HAVING count(*) > 1)
               OR pseudonym IN (SELECT pseudonym FROM cohorts_patient WHERE study_id = %(study)s))""",
    ),
    after=(
        """INSERT INTO cohorts_patientlink (study_id, patient_id, identifier_hash, identifier_encrypted)
           SELECT %(study)s, p.id, r.key, r.encrypted FROM registry_ready r
           JOIN cohorts_patient p ON p.study_id = %(study)s AND p.pseudonym = r.pseudonym
           WHERE r.patient_id IS NULL""",
    ),
    fixed={"pseudonym": "r.pseudonym", "origin": "'registry'"},
    joins="JOIN cohorts_patient p ON p.id = r.patient_id",
    pseudonym="p.pseudonym",
    repeated="a.site",
    made=("cohorts_patientlink",),
)
_PROCEDURES = Target(
    table="cohorts_procedure",
    key="procedure_id",
    refusals=(_patient_refusals("procedures", "performed_on"),),
    ready=f"""{_hips("procedures")};
        SELECT a.file, a.line, h.id AS hip_id, a.key AS registry_key, a.performed_on, a.cpt, a.modifiers, a.surgeon,
               a.cup_fixation, a.stem_fixation, a.side, l.patient_id
        FROM registry_arriving_procedures a {_LINK} {_HIP}""",  # noqa: S608
    match=_BY_KEY,
    columns={"hip_id": "", "registry_key": "", "performed_on": "", "cpt": "", "modifiers": "''", "surgeon": "''",
             "cup_fixation": "'unknown'", "stem_fixation": "'unknown'"},
    shown=(_OTHER_PATIENT, _OTHER_SIDE, _day("performed_on"), _plain("cpt"), _plain("modifiers"), _plain("surgeon"),
           _plain("cup_fixation"), _plain("stem_fixation")),
    joins=f"{_OLD_HIP} {_PATIENT_OF_ROW}",
    pseudonym="op.pseudonym",
    needed=("cohorts_hip",),
)  # fmt: skip
_DIAGNOSES = Target(
    table="cohorts_diagnosis",
    key="diagnosis_id",
    refusals=(_patient_refusals("diagnoses", "recorded_on"),),
    ready=f"""SELECT a.file, a.line, l.patient_id, a.key AS registry_key, a.recorded_on, a.icd10cm
              FROM registry_arriving_diagnoses a {_LINK}""",  # noqa: S608
    match=_BY_KEY,
    columns={"patient_id": "", "registry_key": "", "recorded_on": "", "icd10cm": ""},
    shown=(
        Shown("patient", "t.patient_id <> r.patient_id", "op.pseudonym", "p.pseudonym"),
        _day("recorded_on"),
        _plain("icd10cm"),
    ),
    joins=f"JOIN cohorts_patient op ON op.id = t.patient_id {_PATIENT_OF_ROW}",
    pseudonym="op.pseudonym",
)
_FOLLOW_UPS = Target(
    table="cohorts_followup",
    key="followup_id",
    refusals=(_patient_refusals("followups", "seen_on"),),
    ready=f"""{_hips("followups")};
        SELECT a.file, a.line, h.id AS hip_id, a.key AS registry_key, a.seen_on, a.complication, a.side, l.patient_id
        FROM registry_arriving_followups a {_LINK} {_HIP}""",  # noqa: S608
    match=_BY_KEY,
    columns={"hip_id": "", "registry_key": "", "seen_on": "", "complication": "'none'"},
    shown=(_OTHER_PATIENT, _OTHER_SIDE, _day("seen_on"), _plain("complication")),
    joins=f"{_OLD_HIP} {_PATIENT_OF_ROW}",
    pseudonym="op.pseudonym",
    needed=("cohorts_hip",),
)
_PROCEDURE = "JOIN cohorts_procedure p ON p.study_id = %(study)s AND p.registry_key = a.procedure"
_HAS_NOTE = "names a procedure that has a note already"
_NOTES = Target(
    table="cohorts_operativenote",
    key="note_id",
    refusals=(
        f"""SELECT a.file, a.line, 'procedure_id', '', 'names a procedure that is not in the registry'
            FROM registry_arriving_notes a LEFT {_PROCEDURE} WHERE p.id IS NULL""",  # noqa: S608
        f"""SELECT a.file, a.line, 'procedure_id', '', '{_HAS_NOTE}' FROM registry_arriving_notes a {_PROCEDURE}
            JOIN cohorts_operativenote n ON n.procedure_id = p.id AND n.registry_key <> a.key""",  # noqa: S608
        f"""SELECT file, line, 'procedure_id', '', '{_HAS_NOTE}' FROM (
                SELECT a.file, a.line, row_number() OVER (PARTITION BY a.procedure ORDER BY a.file, a.line) AS place
                FROM registry_arriving_notes a WHERE NOT EXISTS (
                    SELECT FROM registry_refused x WHERE x.kind = 'notes' AND x.file = a.file AND x.line = a.line)
            ) placed WHERE place > 1""",  # noqa: S608
    ),
    ready=f"""SELECT a.file, a.line, p.id AS procedure_id, a.key AS registry_key, a.written_on,
                     a.encrypted AS text_encrypted, a.text_hash
              FROM registry_arriving_notes a {_PROCEDURE}""",  # noqa: S608
    match=_BY_KEY,
    # The encrypted text is written where its hash differs; the same text is not encrypted again.
    columns={"procedure_id": "", "registry_key": "", "written_on": "", "text_hash": "", "text_encrypted": "''"},
    shown=(
        Shown("procedure", "t.procedure_id <> r.procedure_id"),
        _day("written_on"),
        Shown("text", "t.text_hash <> r.text_hash"),
    ),
    joins="JOIN cohorts_procedure op ON op.id = t.procedure_id JOIN cohorts_hip oh ON oh.id = op.hip_id "
    "JOIN cohorts_patient p ON p.id = oh.patient_id",
    pseudonym="p.pseudonym",
)
TARGETS = {
    "sites": _SITES, "patients": _PATIENTS, "procedures": _PROCEDURES, "diagnoses": _DIAGNOSES,
    "followups": _FOLLOW_UPS, "notes": _NOTES,
}  # fmt: skip
