"""The cohort in SQL: one pass over the registry gives every patient one decision.

A revision passes the tests in the order of `_REASONS`; a patient is judged by the revision that comes furthest, the
earliest of equals. So a patient with a qualifying revision stays, and everybody else has exactly one first reason.
"""

from __future__ import annotations

from django.db import connection

from annotations.cohorts.models import Cohort
from annotations.cohorts.rules import Rules
from studies.models import Study

# Worst first: the number says how far a revision came.
_DECISIONS = """
INSERT INTO cohorts_cohortdecision (cohort_id, patient_id, hip_id, index_procedure_id, excluded_at_step, reason)
WITH procedures AS MATERIALIZED (
    SELECT p.id, p.hip_id, h.patient_id, h.side, p.performed_on, p.cpt, p.cup_fixation, p.stem_fixation,
           string_to_array(p.modifiers, ';') && %(without_modifiers)s::text[] AS by_hand
    FROM cohorts_procedure p JOIN cohorts_hip h ON h.id = p.hip_id
    WHERE p.study_id = %(study)s
),
primaries AS (
    SELECT DISTINCT ON (hip_id) hip_id, patient_id, performed_on, cup_fixation, stem_fixation
    FROM procedures WHERE cpt LIKE ANY (%(primary)s) ORDER BY hip_id, performed_on
),
codes AS MATERIALIZED (
    SELECT patient_id, recorded_on,
           icd10cm LIKE ANY (%(reason_right)s) AS reason_right, icd10cm LIKE ANY (%(reason_left)s) AS reason_left,
           icd10cm LIKE ANY (%(second_right)s) AS second_right, icd10cm LIKE ANY (%(second_left)s) AS second_left
    FROM cohorts_diagnosis
    WHERE study_id = %(study)s
      AND icd10cm LIKE ANY (%(reason_right)s || %(reason_left)s || %(second_right)s || %(second_left)s)
),
coded AS (
    SELECT id, bool_or(within AND same) AS same_side, bool_or(within AND other) AS other_side,
           bool_or(NOT within AND same) AS outside, bool_or(within AND second) AS second
    FROM (
        SELECT r.id,
               codes.recorded_on BETWEEN r.performed_on - %(days_before)s AND r.performed_on + %(days_after)s AS within,
               CASE r.side WHEN 'R' THEN reason_right ELSE reason_left END AS same,
               CASE r.side WHEN 'R' THEN reason_left ELSE reason_right END AS other,
               CASE r.side WHEN 'R' THEN second_right ELSE second_left END AS second
        FROM procedures r JOIN codes ON codes.patient_id = r.patient_id
        WHERE r.cpt LIKE ANY (%(revision)s) AND NOT r.by_hand
    ) pairs
    GROUP BY id
),
revisions AS (
    SELECT r.*, c.same_side, c.other_side, c.outside, c.second,
           x.hip_id IS NOT NULL AS has_primary, x.cup_fixation AS cup, x.stem_fixation AS stem
    FROM procedures r
    LEFT JOIN primaries x ON x.hip_id = r.hip_id AND x.performed_on <= r.performed_on
    LEFT JOIN coded c ON c.id = r.id
    WHERE r.cpt LIKE ANY (%(revision)s) AND NOT r.by_hand
),
judged AS (
    SELECT *, CASE
        WHEN same_side IS TRUE AND NOT has_primary THEN 3
        WHEN same_side IS TRUE AND %(cementless)s AND 'cemented' IN (cup, stem) THEN 4
        WHEN same_side IS TRUE AND %(cementless)s AND 'unknown' IN (cup, stem) THEN 5
        WHEN same_side IS TRUE AND second IS TRUE THEN 6
        WHEN same_side IS TRUE THEN 7
        WHEN other_side IS TRUE THEN 2
        WHEN outside IS TRUE THEN 1
        ELSE 0 END AS came_to
    FROM revisions
),
best AS (
    SELECT DISTINCT ON (patient_id) * FROM judged ORDER BY patient_id, came_to DESC, performed_on, id
),
touched AS (
    SELECT DISTINCT patient_id FROM procedures WHERE cpt LIKE ANY (%(revision)s) AND by_hand
)
SELECT %(cohort)s, patient.id, best.hip_id, best.id,
       CASE WHEN first.patient_id IS NULL THEN 'registry' WHEN best.id IS NULL THEN 'revised'
            WHEN best.came_to < 7 THEN 'coded' ELSE '' END,
       CASE WHEN first.patient_id IS NULL THEN 'no_primary'
            WHEN best.id IS NULL AND touched.patient_id IS NOT NULL THEN 'review_by_hand'
            WHEN best.id IS NULL THEN 'never_revised'
            ELSE (ARRAY['no_loosening_code', 'outside_window', 'side_mismatch', 'no_primary_on_hip',
                        'not_cementless', 'fixation_unknown', 'second_reason', ''])[best.came_to + 1] END
FROM cohorts_patient patient
LEFT JOIN (SELECT DISTINCT patient_id FROM primaries) first ON first.patient_id = patient.id
LEFT JOIN best ON best.patient_id = patient.id
LEFT JOIN touched ON touched.patient_id = patient.id
WHERE patient.study_id = %(study)s AND patient.origin = 'registry'
"""

_ELIGIBLE = """
SELECT DISTINCT ON (h.patient_id) h.id, p.id
FROM cohorts_procedure p
JOIN cohorts_hip h ON h.id = p.hip_id
JOIN cohorts_patient patient ON patient.id = h.patient_id
WHERE p.study_id = %(study)s AND patient.origin = 'registry' AND p.cpt LIKE ANY (%(primary)s)
  AND p.cup_fixation = 'cementless' AND p.stem_fixation = 'cementless'
  AND NOT EXISTS (
      SELECT 1 FROM cohorts_procedure other JOIN cohorts_hip oh ON oh.id = other.hip_id
      WHERE oh.patient_id = h.patient_id AND NOT other.cpt LIKE ANY (%(primary)s))
  AND NOT EXISTS (
      SELECT 1 FROM cohorts_followup f JOIN cohorts_hip fh ON fh.id = f.hip_id
      WHERE fh.patient_id = h.patient_id AND f.complication <> 'none')
  AND NOT EXISTS (
      SELECT 1 FROM cohorts_diagnosis d WHERE d.patient_id = h.patient_id
      AND d.icd10cm LIKE ANY (%(reason_right)s || %(reason_left)s || %(second_right)s || %(second_left)s))
  AND (SELECT max(f.seen_on) FROM cohorts_followup f WHERE f.hip_id = h.id) - p.performed_on
      >= %(minimum_follow_up_days)s
ORDER BY h.patient_id, p.performed_on, p.id
"""


def write_decisions(cohort: Cohort, rules: Rules) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, rules.parameters() | {"study": cohort.study_id, "cohort": cohort.pk})
        return int(cursor.rowcount)


def eligible_for_comparison(study: Study, rules: Rules) -> list[tuple[int, int]]:
    """(hip, primary procedure) of every patient eligible as well fixed; one hip a patient, the first replaced."""
    with connection.cursor() as cursor:
        cursor.execute(_ELIGIBLE, rules.parameters() | {"study": study.pk})
        return [(hip, procedure) for hip, procedure in cursor.fetchall()]
