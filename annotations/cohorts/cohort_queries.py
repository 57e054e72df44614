"""The cohort in SQL: one pass over the registry gives every patient one decision.

A revision passes the tests in the order of `REVISION_TESTS`; a patient is judged by the revision that comes furthest,
the earliest of equals. So a patient with a qualifying revision stays, and everybody else has exactly one first reason.
Who was never operated on again is judged for the comparison group in the same way, by their primary replacements.
`judgement` says the same in Python, of one patient and with the rows that decided; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from annotations.cohorts.models import Cohort
from annotations.cohorts.rules import Rules
from studies.models import Study

# What a revision fails, by how far it came; the last passes everything.
REVISION_TESTS = (
    "no_loosening_code", "outside_window", "side_mismatch", "no_primary_on_hip", "outside_interval", "not_cementless",
    "fixation_unknown", "excluded_code", "second_reason", "",
)  # fmt: skip
# What keeps a patient who was never operated on again out of the comparison group, likewise.
COMPARISON_TESTS = (
    "other_operation", "loosening_code", "excluded_code", "complication_code", "complication", "not_cementless",
    "fixation_unknown", "follow_up_too_short", "",
)  # fmt: skip

# Three things keep a million patients under ten seconds: every table is scanned once, what is known of a patient is
# one row of numbers, and joins follow after rows have been dropped. So the first primary of a hip is one number whose
# order is that of its date: days, then the fixations (cup and stem: 0 cementless, 1 cemented, 2 unknown), then its key.
# Sides are added up as bits: 1 right, 2 left.
_JUDGED = """
WITH operations AS MATERIALIZED (
    SELECT h.patient_id, h.id AS hip_id, h.side, p.id, p.performed_on, p.cpt LIKE ANY (%(primary)s) AS is_primary,
           p.cpt LIKE ANY (%(revision)s) AS is_revision,
           p.modifiers <> '' AND string_to_array(p.modifiers, ';') && %(without_modifiers)s::text[] AS by_hand,
           ((p.performed_on - date '1800-01-01')::bigint << 44) + p.id
           + (CASE p.cup_fixation WHEN 'cementless' THEN 0 WHEN 'cemented' THEN 1 ELSE 2 END::bigint << 42)
           + (CASE p.stem_fixation WHEN 'cementless' THEN 0 WHEN 'cemented' THEN 1 ELSE 2 END::bigint << 40) AS rank
    FROM cohorts_procedure p JOIN cohorts_hip h ON h.id = p.hip_id
    WHERE p.study_id = %(study)s
),
people AS MATERIALIZED (
    SELECT patient_id, bit_or(side_bit) AS operated,
           bit_or(side_bit) FILTER (WHERE is_primary OR is_revision) AS replaced,
           bit_or(side_bit) FILTER (WHERE is_revision AND NOT by_hand) AS revised,
           min(rank) FILTER (WHERE is_primary AND side = 'R') AS first_right,
           min(rank) FILTER (WHERE is_primary AND side = 'L') AS first_left,
           bool_or(is_revision AND by_hand) AS by_hand, bool_or(NOT is_primary) AS other_operation
    FROM (SELECT *, CASE side WHEN 'R' THEN 1 ELSE 2 END AS side_bit FROM operations) each_with_bit
    GROUP BY patient_id
),
codes AS MATERIALIZED (
    SELECT code, code LIKE ANY (%(reason_right)s) AS reason_right, code LIKE ANY (%(reason_left)s) AS reason_left,
           code LIKE ANY (%(second_right)s) AS second_right, code LIKE ANY (%(second_left)s) AS second_left,
           code LIKE ANY (%(exclusion)s) AS excluded
    FROM (SELECT icd10cm AS code FROM cohorts_diagnosis WHERE study_id = %(study)s GROUP BY icd10cm OFFSET 0) known
    WHERE code LIKE ANY (%(reason_right)s || %(reason_left)s || %(second_right)s || %(second_left)s || %(exclusion)s)
),
diagnoses AS MATERIALIZED (
    SELECT d.patient_id, d.recorded_on, reason_right, reason_left, excluded,
           second_right AND NOT (reason_right OR reason_left) AS second_right,
           second_left AND NOT (reason_right OR reason_left) AS second_left
    FROM cohorts_diagnosis d JOIN codes ON codes.code = d.icd10cm WHERE d.study_id = %(study)s
),
revisions AS MATERIALIZED (
    SELECT patient_id, hip_id, side, id, performed_on FROM operations WHERE is_revision AND NOT by_hand
),
coded AS (
    SELECT id, bool_or(within AND same) AS same_side, bool_or(within AND other) AS other_side,
           bool_or(NOT within AND same) AS outside, bool_or(within AND second) AS second, bool_or(excluded) AS excluded
    FROM (
        SELECT r.id, excluded,
               recorded_on BETWEEN performed_on - %(days_before)s AND performed_on + %(days_after)s AS within,
               CASE WHEN NOT %(side_agreement)s THEN reason_right OR reason_left
                    WHEN side = 'R' THEN reason_right ELSE reason_left END AS same,
               CASE side WHEN 'R' THEN reason_left ELSE reason_right END AS other,
               CASE WHEN NOT %(side_agreement)s THEN second_right OR second_left
                    WHEN side = 'R' THEN second_right ELSE second_left END AS second
        FROM revisions r JOIN diagnoses ON diagnoses.patient_id = r.patient_id
    ) pairs
    GROUP BY id
),
replaced_before AS (
    SELECT r.*, first - (first >> 44 << 44) AS fixation, performed_on - (date '1800-01-01' + (first >> 44)::int) AS days
    FROM (SELECT r.*, CASE side WHEN 'R' THEN first_right ELSE first_left END AS first
          FROM revisions r JOIN people ON people.patient_id = r.patient_id) r
),
judged AS (
    SELECT r.patient_id, r.hip_id, r.id, r.performed_on, CASE
        WHEN same_side IS NOT TRUE AND other_side THEN 2
        WHEN same_side IS NOT TRUE AND outside THEN 1
        WHEN same_side IS NOT TRUE THEN 0
        WHEN days IS NULL OR days < 0 THEN 3
        WHEN days NOT BETWEEN %(since_primary_minimum)s AND %(since_primary_maximum)s THEN 4
        WHEN %(cementless)s AND 1 IN (fixation >> 42, fixation >> 40 & 3) THEN 5
        WHEN %(cementless)s AND 2 IN (fixation >> 42, fixation >> 40 & 3) THEN 6
        WHEN excluded THEN 7
        WHEN %(only_reason)s AND second THEN 8
        ELSE 9 END AS came_to
    FROM replaced_before r LEFT JOIN coded c ON c.id = r.id
),
best AS (
    SELECT DISTINCT ON (patient_id) * FROM judged ORDER BY patient_id, came_to DESC, performed_on, id
),
never_again AS MATERIALIZED (
    SELECT * FROM people WHERE coalesce(first_right, first_left) IS NOT NULL AND revised IS NULL AND NOT by_hand
),
followed AS (
    SELECT hip_id, max(seen_on) AS last_seen FROM cohorts_followup WHERE study_id = %(study)s GROUP BY hip_id
),
complications AS (
    SELECT DISTINCT h.patient_id FROM cohorts_followup f JOIN cohorts_hip h ON h.id = f.hip_id
    WHERE f.study_id = %(study)s AND f.complication <> 'none'
),
findings AS (
    SELECT patient_id, bool_or(reason_right OR reason_left) AS reason, bool_or(excluded) AS excluded,
           bool_or(second_right OR second_left) AS second
    FROM diagnoses GROUP BY patient_id
),
primaries AS (
    SELECT patient_id, other_operation, first - (first >> 40 << 40) AS id, first - (first >> 44 << 44) AS fixation,
           date '1800-01-01' + (first >> 44)::int AS performed_on
    FROM (SELECT patient_id, other_operation, unnest(ARRAY[first_right, first_left]) AS first FROM never_again) each
    WHERE first IS NOT NULL
),
well AS (
    SELECT DISTINCT ON (patient_id) patient_id, hip_id, id, came_to FROM (
        SELECT n.patient_id, o.hip_id, n.id, n.performed_on, CASE
            WHEN n.other_operation THEN 0
            WHEN findings.reason THEN 1
            WHEN findings.excluded THEN 2
            WHEN %(comparison_no_complication)s AND findings.second THEN 3
            WHEN %(comparison_no_complication)s AND complications.patient_id IS NOT NULL THEN 4
            WHEN %(comparison_cementless)s AND 1 IN (fixation >> 42, fixation >> 40 & 3) THEN 5
            WHEN %(comparison_cementless)s AND 2 IN (fixation >> 42, fixation >> 40 & 3) THEN 6
            WHEN (followed.last_seen - n.performed_on >= %(minimum_follow_up_days)s) IS NOT TRUE THEN 7
            ELSE 8 END AS came_to
        FROM primaries n
        JOIN operations o ON o.id = n.id
        LEFT JOIN findings ON findings.patient_id = n.patient_id
        LEFT JOIN complications ON complications.patient_id = n.patient_id
        LEFT JOIN followed ON followed.hip_id = o.hip_id
    ) candidates
    ORDER BY patient_id, came_to DESC, performed_on, id
),
decisions AS (
    SELECT patient.id AS patient_id, coalesce(best.hip_id, well.hip_id) AS hip_id,
           coalesce(best.id, well.id) AS index_procedure_id,
           CASE WHEN coalesce(first_right, first_left) IS NULL THEN 'registry' WHEN best.id IS NULL THEN 'revised'
                WHEN best.came_to < 9 THEN 'coded' ELSE '' END AS excluded_at_step,
           CASE WHEN coalesce(first_right, first_left) IS NULL THEN 'no_primary'
                WHEN best.id IS NULL AND people.by_hand THEN 'review_by_hand'
                WHEN best.id IS NULL THEN 'never_revised'
                ELSE (%(revision_tests)s::text[])[best.came_to + 1] END AS reason,
           (%(comparison_tests)s::text[])[well.came_to + 1] AS comparison_reason,
           (ARRAY['', 'R', 'L', 'RL'])[coalesce(operated, 0) + 1] AS operated_sides,
           (ARRAY['', 'R', 'L', 'RL'])[coalesce(replaced, 0) + 1] AS replaced_sides,
           (ARRAY['', 'R', 'L', 'RL'])[coalesce(revised, 0) + 1] AS revised_sides
    FROM cohorts_patient patient
    LEFT JOIN people ON people.patient_id = patient.id
    LEFT JOIN best ON best.patient_id = patient.id
    LEFT JOIN well ON well.patient_id = patient.id
    WHERE patient.study_id = %(study)s AND patient.origin = 'registry'
)
"""

_WRITE = """
INSERT INTO cohorts_cohortdecision (cohort_id, patient_id, hip_id, index_procedure_id, excluded_at_step, reason,
                                    comparison_reason, operated_sides, replaced_sides, revised_sides)
{judged} SELECT %(cohort)s, decisions.* FROM decisions
"""
_COUNT = """
{judged} SELECT excluded_at_step, reason, comparison_reason, count(*), sum(length(operated_sides)),
                sum(length(replaced_sides)), sum(length(revised_sides))
FROM decisions GROUP BY excluded_at_step, reason, comparison_reason
"""


@dataclass(frozen=True, slots=True)
class DecisionCount:
    """Patients with one and the same decision, and how many of their hips came how far."""

    excluded_at_step: str
    reason: str
    comparison_reason: str | None
    patients: int
    operated_hips: int
    replaced_hips: int
    revised_hips: int


def write_decisions(cohort: Cohort, rules: Rules) -> int:
    """One row for every patient of the registry, in one statement; how many there are."""
    with transaction.atomic(), connection.cursor() as cursor:
        _execute(cursor, _WRITE, cohort.study, rules, cohort=cohort.pk)
        return int(cursor.rowcount)


def count_decisions(study: Study, rules: Rules) -> list[DecisionCount]:
    """What a cohort would hold, counted and not written."""
    with transaction.atomic(), connection.cursor() as cursor:
        _execute(cursor, _COUNT, study, rules)
        return [DecisionCount(*row[:4], *(int(hips) for hips in row[4:])) for row in cursor.fetchall()]


def _execute(cursor: CursorWrapper, statement: str, study: Study, rules: Rules, **more: int) -> None:
    parameters = {"study": study.pk, "revision_tests": list(REVISION_TESTS), "comparison_tests": list(COMPARISON_TESTS)}
    # Hash tables of a large registry stay in memory, for this one transaction.
    cursor.execute("SET LOCAL work_mem = '256MB'")
    cursor.execute(statement.format(judged=_JUDGED), rules.parameters() | parameters | more)
