"""A registry of any size, made inside PostgreSQL in the demo's proportions: what a benchmark asks questions about.

For each patient: 1.1 hips, 1.7 procedures, 3.2 diagnoses, 4.4 follow-ups. Every reason of the published rules occurs.
Numbers modulo primes take the place of chance, so that the rows are the same on every machine.
"""

from __future__ import annotations

from django.db import connection

_ROWS = """
INSERT INTO cohorts_patient (id, study_id, site_id, pseudonym, birth_year, sex, origin)
SELECT n, %(study)s, %(first_site)s + n %% 16, 'P-' || lpad(upper(to_hex(n * 2654435761 %% 1099511627776)), 10, '0'),
       1925 + n * 7 %% 47, CASE WHEN n * 13 %% 100 < 57 THEN 'F' ELSE 'M' END, 'registry'
FROM generate_series(1, %(patients)s::bigint) n;

INSERT INTO cohorts_hip (id, patient_id, side)
SELECT 2 * n + other, n, CASE WHEN (n + other) %% 2 = 0 THEN 'R' ELSE 'L' END
FROM generate_series(1, %(patients)s::bigint) n, generate_series(0, 1) other
WHERE other = 0 OR n %% 8 = 0;

INSERT INTO cohorts_procedure (study_id, hip_id, registry_key, performed_on, cpt, modifiers, surgeon,
                               cup_fixation, stem_fixation)
SELECT %(study)s, hip, 'primary' || hip, date '2006-01-01' + (patient * 31 %% 2903)::int, '27130', '', 'surgeon',
       (ARRAY['cementless', 'cementless', 'cementless', 'cementless', 'cementless', 'cemented', 'unknown'])
       [1 + patient * 11 %% 7],
       (ARRAY['cementless', 'cementless', 'cementless', 'cementless', 'cemented'])[1 + patient * 17 %% 5]
FROM (SELECT h.id AS hip, h.patient_id AS patient FROM cohorts_hip h JOIN cohorts_patient p ON p.id = h.patient_id
      WHERE p.study_id = %(study)s) hips
WHERE patient %% 211 <> 0;

INSERT INTO cohorts_procedure (study_id, hip_id, registry_key, performed_on, cpt, modifiers, surgeon,
                               cup_fixation, stem_fixation)
SELECT %(study)s, 2 * n, 'revision' || n || '-' || again,
       date '2006-01-01' + (n * 31 %% 2903)::int + 400 + (n * 37 %% 3001)::int + 500 * again,
       (ARRAY['27134', '27137', '27138'])[1 + n %% 3], CASE WHEN n %% 29 = 0 THEN 'LT;52' ELSE '' END, 'surgeon',
       'cementless', 'cementless'
FROM generate_series(1, %(patients)s::bigint) n, generate_series(0, 1) again
WHERE n * 7 %% 100 < 60 AND (again = 0 OR n %% 17 = 0);

INSERT INTO cohorts_diagnosis (study_id, patient_id, registry_key, recorded_on, icd10cm)
SELECT %(study)s, n, 'usual' || n || '-' || k, date '2006-01-01' + (n * 31 %% 2903)::int + (k * 97)::int,
       (ARRAY['Z96.641', 'Z96.642', 'M16.11', 'M16.12', 'M25.551', 'M25.552', 'I10', 'E11.9', 'K21.9', 'M81.0', 'D64.9',
              'Z96.651', 'F32.A', 'J44.9', 'T84.53XA', 'T84.032A'])[1 + (n * 3 + k * 5) %% 16]
FROM generate_series(1, %(patients)s::bigint) n, generate_series(0, 2) k
WHERE (n + k) %% 10 < 8;

INSERT INTO cohorts_diagnosis (study_id, patient_id, registry_key, recorded_on, icd10cm)
SELECT %(study)s, n, 'reason' || n || '-' || k,
       date '2006-01-01' + (n * 31 %% 2903)::int + 400 + (n * 37 %% 3001)::int - 40 + (n * 41 %% 60)::int,
       (ARRAY['T84.030A', 'T84.031A', 'T84.030D', 'T84.031D', 'T84.51XA', 'T84.52XA', 'T84.020A', 'T84.021A',
              'M97.01XA', 'M97.02XA', 'T84.060A', 'T84.061A', 'T84.050A', 'T84.051A', 'T84.090A', 'T84.091A'])
       [1 + (n * 5 + k * 3) %% 16]
FROM generate_series(1, %(patients)s::bigint) n, generate_series(0, 1) k
WHERE n * 7 %% 100 < 60 AND (k = 0 OR n %% 3 = 0);

INSERT INTO cohorts_followup (study_id, hip_id, registry_key, seen_on, complication)
SELECT %(study)s, hip, 'seen' || hip || '-' || k, date '2006-01-01' + (patient * 31 %% 2903)::int + 90 * k * k,
       CASE WHEN (patient + k) %% 61 = 0 THEN 'dislocation' ELSE 'none' END
FROM (SELECT h.id AS hip, h.patient_id AS patient FROM cohorts_hip h JOIN cohorts_patient p ON p.id = h.patient_id
      WHERE p.study_id = %(study)s) hips, generate_series(1, 5) k
WHERE k = 1 OR (patient + k) %% 6 <> 0;
"""


def fill_registry(*, study_id: int, first_site_id: int, patients: int) -> None:
    """Write the rows. Needs a superuser: keys of rows made by arithmetic are not checked one by one.

    Sites `first_site_id` to `first_site_id` + 15 must exist, and the tables must be empty.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_ROWS, {"study": study_id, "first_site": first_site_id, "patients": patients})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
