"""Cohorts of before: how far each patient's hips came, and who was eligible for comparison, by their own rules.

Why the others were not eligible was not kept then; they say so.
"""

from django.db import migrations

_LIKE = "ARRAY(SELECT replace(replace(code, '?', '_'), '*', '%') FROM jsonb_array_elements_text({}) code)"
_PRIMARY = _LIKE.format("r.rules->'primary'->'cpt'")
_REVISION = _LIKE.format("r.rules->'revision'->'cpt'")
_CODES = _LIKE.format(
    "(r.rules->'reason'->'R') || (r.rules->'reason'->'L') || (r.rules->'second_reasons'->'R')"
    " || (r.rules->'second_reasons'->'L') || (r.rules->'second_reasons'->'either')"
)

SIDES = f"""
UPDATE cohorts_cohortdecision d
SET operated_sides = s.operated, replaced_sides = s.replaced, revised_sides = s.revised
FROM (
    SELECT c.id AS cohort_id, h.patient_id,
           (ARRAY['R', 'L', 'RL'])[bit_or(b.bit)] AS operated,
           coalesce((ARRAY['R', 'L', 'RL'])[bit_or(b.bit) FILTER (WHERE p.cpt LIKE ANY ({_PRIMARY})
                    OR p.cpt LIKE ANY ({_REVISION}))], '') AS replaced,
           coalesce((ARRAY['R', 'L', 'RL'])[bit_or(b.bit) FILTER (WHERE p.cpt LIKE ANY ({_REVISION}) AND NOT
                    string_to_array(p.modifiers, ';') && ARRAY(SELECT jsonb_array_elements_text(
                        r.rules->'revision'->'without_modifiers')))], '') AS revised
    FROM cohorts_cohort c
    JOIN cohorts_cohortrules r ON r.id = c.rules_id
    JOIN cohorts_procedure p ON p.study_id = c.study_id
    JOIN cohorts_hip h ON h.id = p.hip_id
    CROSS JOIN LATERAL (SELECT CASE h.side WHEN 'R' THEN 1 ELSE 2 END AS bit) b
    GROUP BY c.id, h.patient_id
) s
WHERE d.cohort_id = s.cohort_id AND d.patient_id = s.patient_id
"""
ELIGIBLE = f"""
UPDATE cohorts_cohortdecision d SET comparison_reason = '', hip_id = e.hip_id, index_procedure_id = e.procedure_id
FROM (
    SELECT DISTINCT ON (c.id, h.patient_id) c.id AS cohort_id, h.patient_id, h.id AS hip_id, p.id AS procedure_id
    FROM cohorts_cohort c
    JOIN cohorts_cohortrules r ON r.id = c.rules_id
    JOIN cohorts_procedure p ON p.study_id = c.study_id AND p.cpt LIKE ANY ({_PRIMARY})
         AND p.cup_fixation = 'cementless' AND p.stem_fixation = 'cementless'
    JOIN cohorts_hip h ON h.id = p.hip_id
    WHERE NOT EXISTS (
          SELECT 1 FROM cohorts_procedure other JOIN cohorts_hip oh ON oh.id = other.hip_id
          WHERE oh.patient_id = h.patient_id AND NOT other.cpt LIKE ANY ({_PRIMARY}))
      AND NOT EXISTS (
          SELECT 1 FROM cohorts_followup f JOIN cohorts_hip fh ON fh.id = f.hip_id
          WHERE fh.patient_id = h.patient_id AND f.complication <> 'none')
      AND NOT EXISTS (
          SELECT 1 FROM cohorts_diagnosis g WHERE g.patient_id = h.patient_id AND g.icd10cm LIKE ANY ({_CODES}))
      AND (SELECT max(f.seen_on) FROM cohorts_followup f WHERE f.hip_id = h.id) - p.performed_on
          >= (r.rules->'comparison'->>'minimum_follow_up_days')::int
    ORDER BY c.id, h.patient_id, p.performed_on, p.id
) e
WHERE d.cohort_id = e.cohort_id AND d.patient_id = e.patient_id AND d.reason = 'never_revised'
"""
OTHERS = """
UPDATE cohorts_cohortdecision SET comparison_reason = 'not_eligible'
WHERE reason = 'never_revised' AND comparison_reason IS NULL
"""
CASES = """
UPDATE cohorts_comparisondraw w
SET cases = (SELECT count(*) FROM cohorts_cohortdecision d WHERE d.cohort_id = w.cohort_id AND d.excluded_at_step = '')
"""


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0006_rules_with_notes_and_draws_with_strata")]
    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (SIDES, ELIGIBLE, OTHERS, CASES)
    ]
