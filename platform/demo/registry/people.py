"""Sites and people: invented, with the distributions an arthroplasty registry has."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from demo.registry.tables import SiteRow

SITES = (
    SiteRow("S01", "Northgate University Hospital", "United Kingdom"),
    SiteRow("S02", "Saltmarsh General Hospital", "United Kingdom"),
    SiteRow("S03", "Klinikum Lindental", "Germany"),
    SiteRow("S04", "Orthopaedische Klinik Weissach", "Germany"),
    SiteRow("S05", "Krankenhaus Sankt Florian am Moos", "Germany"),
    SiteRow("S06", "Sjoevik Sjukhus", "Sweden"),
    SiteRow("S07", "Granholm Universitetssjukhus", "Sweden"),
    SiteRow("S08", "Ziekenhuis De Vlier", "Netherlands"),
    SiteRow("S09", "Medisch Centrum Oosterdijk", "Netherlands"),
    SiteRow("S10", "Hopital Saint-Aubin-du-Lac", "France"),
    SiteRow("S11", "Clinique des Trois Rivieres", "France"),
    SiteRow("S12", "Ospedale Colle Sereno", "Italy"),
    SiteRow("S13", "Istituto Ortopedico Valchiara", "Italy"),
    SiteRow("S14", "Hospital de la Ribera Alta", "Spain"),
    SiteRow("S15", "Prairie Ridge Medical Center", "United States"),
    SiteRow("S16", "Harbor Point Orthopedic Hospital", "United States"),
)
# Relative size of the sites; independent of everything that happens to a patient.
_SIZES = (11, 6, 9, 5, 4, 6, 9, 5, 7, 6, 4, 5, 7, 4, 8, 4)


@dataclass(frozen=True, slots=True)
class Person:
    patient_id: str
    site: str
    sex: str
    age_at_primary: int


def draw_people(rng: random.Random, count: int) -> Iterator[Person]:
    numbers = rng.sample(range(100_000, 999_999), count)
    for number in numbers:
        site = rng.choices(SITES, weights=_SIZES)[0].site
        sex = "F" if rng.random() < 0.553 else "M"
        age = round(min(96, max(21, rng.gauss(68.6 if sex == "F" else 65.4, 10.8))))
        yield Person(f"{site}-{number}", site, sex, age)
