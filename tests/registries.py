"""A registry written down row by row in a test, and imported through the real import."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from annotations.cohorts.import_models import RegistryImport
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry_import import import_registry
from studies.models import Study

PRIMARY_DAY = date(2012, 3, 1)
REVISION_DAY = date(2020, 6, 1)


def write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@dataclass
class Registry:
    study: Study
    folder: Path
    rows: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def _add(self, kind: str, *cells: object) -> str:
        row = tuple(str(cell) for cell in cells)
        self.rows.setdefault(kind, []).append(row)
        return row[0]

    def site(self, code: str = "A") -> str:
        return self._add("sites", code, f"Site {code}", "Nowhere")

    def patient(self, identifier: str = "1001", *, site: str = "A", birth_year: int = 1950, sex: str = "F") -> str:
        if site not in [row[0] for row in self.rows.get("sites", [])]:
            self.site(site)
        return self._add("patients", identifier, site, birth_year, sex)

    def procedure(
        self, patient: str, cpt: str = "27130", day: date = PRIMARY_DAY, *, side: str = "R", modifiers: str = "",
        cup: str = "cementless", stem: str = "cementless",
    ) -> str:  # fmt: skip
        number = f"procedure-{len(self.rows.get('procedures', [])) + 1}"
        return self._add("procedures", number, patient, day, side, cpt, modifiers, "surgeon-1", cup, stem)

    def diagnosis(self, patient: str, code: str = "T84.030A", day: date = REVISION_DAY) -> str:
        number = f"diagnosis-{len(self.rows.get('diagnoses', [])) + 1}"
        return self._add("diagnoses", number, patient, day, code, "")

    def follow_up(self, patient: str, day: date, *, side: str = "R", complication: str = "none") -> str:
        number = f"follow-up-{len(self.rows.get('followups', [])) + 1}"
        return self._add("followups", number, patient, side, day, complication)

    def note(self, procedure: str, text: str, day: date = REVISION_DAY) -> str:
        return self._add("notes", f"note-{procedure}", procedure, day, text)

    def revised_patient(self, identifier: str = "1001", *, side: str = "R", site: str = "A") -> str:
        """Replaced, revised and coded as loose on one side: whom the published rules keep."""
        patient = self.patient(identifier, site=site)
        self.procedure(patient, side=side)
        revision = self.procedure(patient, "27134", REVISION_DAY, side=side)
        self.diagnosis(patient, "T84.030A" if side == "R" else "T84.031A")
        self.note(revision, f"FINDINGS: The cup of patient {identifier} was grossly loose.")
        return patient

    def well_fixed_patient(self, identifier: str, *, side: str = "R", site: str = "A") -> str:
        """Replaced and well for two years: eligible for comparison."""
        patient = self.patient(identifier, site=site)
        self.procedure(patient, side=side)
        self.follow_up(patient, PRIMARY_DAY + timedelta(days=730), side=side)
        return patient

    def write(self) -> list[Path]:
        self.folder.mkdir(parents=True, exist_ok=True)
        return [write_csv(self.folder / f"{kind}.csv", KINDS[kind].header, rows) for kind, rows in self.rows.items()]

    def load(self, *, dry_run: bool = False) -> RegistryImport:
        return import_registry(study=self.study, paths=self.write(), actor=None, dry_run=dry_run)
