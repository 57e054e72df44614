"""Cases and invented people for the phantoms' tests."""

from __future__ import annotations

from datetime import date

from demo.phantom import PhantomCase, PhantomHeader
from demo.phantom.case import Component, Side

PERSON = PhantomHeader(
    patient_id="S03-482137",
    patient_name="Ravenscroft^Winifred",
    birth_date=date(1941, 3, 9),
    sex="F",
    acquired_on=date(2019, 11, 2),
    accession="ACC7700412",
    referring="Okonjo^Bartholomew",
)
SITES = tuple(f"S{number:02d}" for number in range(1, 17))
_COMPONENTS: tuple[Component, ...] = ("cup", "stem", "both")


def drawn_case(seed: int, *, loose: bool | None = None, site: str | None = None) -> PhantomCase:
    """A case whose label, side and site have nothing to do with each other."""
    is_loose = bool((seed * 7 // 3) % 2) if loose is None else loose
    component = _COMPONENTS[seed % 3] if is_loose else ""
    side: Side = "R" if (seed // 5) % 2 else "L"
    return PhantomCase(seed, side, is_loose, component, site or SITES[(seed * 11) % 16])
