"""Writes the rows of one patient after another and numbers them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from demo.registry.tables import DiagnosisRow, FollowUpRow, PatientRow, ProcedureRow, RegistryTables

STUDY_END = date(2025, 6, 30)
ICD10_SINCE = date(2015, 10, 1)


class Ledger:
    """The tables under construction, and the one patient who is being written."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.tables = RegistryTables()
        self.patient_id = ""
        self.site = ""

    def open_patient(self, patient_id: str, site: str, birth_year: int, sex: str) -> None:
        self.patient_id = patient_id
        self.site = site
        self.tables.patients.append(PatientRow(patient_id, site, birth_year, sex))

    def procedure(
        self, side: str, on: date, cpt: str, *, cup: str = "unknown", stem: str = "unknown", modifiers: str = ""
    ) -> str:
        key = f"P{len(self.tables.procedures) + 1:06d}"
        surgeon = f"{self.site}-SURG-{self.rng.randint(1, 14):02d}"
        self.tables.procedures.append(ProcedureRow(key, self.patient_id, on, side, cpt, modifiers, surgeon, cup, stem))
        return key

    def diagnosis(self, on: date, code: str) -> None:
        """Codes before October 2015 were ICD-9 and are not in this registry."""
        if ICD10_SINCE <= on <= STUDY_END:
            key = f"D{len(self.tables.diagnoses) + 1:06d}"
            self.tables.diagnoses.append(DiagnosisRow(key, self.patient_id, on, code))

    def followup(self, side: str, on: date, complication: str = "none") -> None:
        if on <= STUDY_END:
            key = f"F{len(self.tables.followups) + 1:06d}"
            self.tables.followups.append(FollowUpRow(key, self.patient_id, side, on, complication))

    def routine_followups(self, side: str, primary: date, until: date) -> None:
        """Six weeks, one year, then every few years, as people come."""
        for days, chance in ((42, 0.9), (365, 0.8), (730, 0.5), (1826, 0.5), (3650, 0.35)):
            seen = primary + timedelta(days=days + self.rng.randint(-9, 21))
            if seen < until and self.rng.random() < chance:
                self.followup(side, seen)
