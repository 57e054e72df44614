"""What is asked of a phantom and what is known of it: case, header, truth, picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

GENERATOR_VERSION = "hip-2"

Side = Literal["R", "L"]
Component = Literal["cup", "stem", "both", ""]

GRUEN_ZONES = ("G1", "G2", "G3", "G4", "G5", "G6", "G7")
DELEE_CHARNLEY_ZONES = ("D1", "D2", "D3")
ZONES = GRUEN_ZONES + DELEE_CHARNLEY_ZONES


@dataclass(frozen=True)
class PhantomCase:
    """One radiograph to be made. Everything in it but the loosening follows from `seed` and `site` alone.

    Attributes:
        seed: of the patient, the exposure and the signs.
        side: R or L, the patient's.
        loose: whether a component is loose.
        component: which one; "" when none is.
        site: S01 to S16: its machine, not its patients.
        difficulty: 1.0 is the demo's; at 0 every loose hip shows florid signs, and the larger, the more are subtle.
    """

    seed: int
    side: Side
    loose: bool
    component: Component
    site: str
    difficulty: float = 1.0

    def __post_init__(self) -> None:
        if self.loose != bool(self.component):
            raise ValueError(f"loose={self.loose} and component={self.component!r} contradict each other.")
        if self.side not in ("R", "L"):
            raise ValueError(f"side must be R or L; received {self.side!r}.")
        if self.seed < 0 or not 0.0 <= self.difficulty <= 3.0:
            raise ValueError("seed must not be negative, and difficulty lies between 0 and 3.")


@dataclass(frozen=True)
class PhantomHeader:
    """The invented person in the file's header, and what somebody typed into the picture (`burned_in`)."""

    patient_id: str
    patient_name: str
    birth_date: date
    sex: str
    acquired_on: date
    accession: str
    referring: str
    burned_in: str = ""


@dataclass(frozen=True)
class PhantomTruth:
    """What is known of a phantom.

    Attributes:
        zone_width_mm: width of the lucent line in each Gruen and DeLee-Charnley zone, 0.0 where there is none.
        subsidence_mm: how far the stem sank into the femur.
        tilt_degrees: of the stem into varus, since it was put in.
        migration_mm: how far the cup wandered.
        cup_tilt_degrees: how much steeper the cup stands than it was put in.
        pedestal, scalloping, sclerotic_line: whether the sign is there.
        landmarks: name to (row, column), pixels; may lie outside the picture.
        implant_box: (first row, first column, last row, last column) around the implant, within the picture.
        rows, columns: of the picture.
        pixel_spacing_mm: at the detector.
        magnification: at the hip; millimetres in the patient are pixels times spacing divided by this.
    """

    zone_width_mm: dict[str, float]
    subsidence_mm: float
    tilt_degrees: float
    migration_mm: float
    cup_tilt_degrees: float
    pedestal: bool
    scalloping: bool
    sclerotic_line: bool
    landmarks: dict[str, tuple[float, float]]
    implant_box: tuple[int, int, int, int]
    rows: int
    columns: int
    pixel_spacing_mm: float
    magnification: float

    @property
    def subsided(self) -> bool:
        return self.subsidence_mm >= 2.0

    @property
    def tilted(self) -> bool:
        return self.tilt_degrees >= 2.0

    @property
    def migrated(self) -> bool:
        return self.migration_mm >= 2.0 or self.cup_tilt_degrees >= 5.0


@dataclass(frozen=True)
class RenderedPhantom:
    """A radiograph before it becomes a file.

    Attributes:
        pixels: (rows, columns) uint16 from 0 to 4,095.
        photometric: MONOCHROME1 (a high value is dark) or MONOCHROME2.
        window: centre and width that the machine proposes, in stored values.
        zone_labels: (rows, columns) uint8: 0, or the place of the zone in `ZONES` counted from 1. A zone is the band
            along the implant's surface, as wide as its lucent line and at least 3 mm.
    """

    pixels: NDArray[np.uint16]
    photometric: str
    window: tuple[float, float]
    truth: PhantomTruth
    zone_labels: NDArray[np.uint8]

    @property
    def zone_masks(self) -> dict[str, NDArray[np.bool_]]:
        """Zone to (rows, columns) mask of its band."""
        return {zone: self.zone_labels == place for place, zone in enumerate(ZONES, start=1)}

    def unit(self) -> NDArray[np.float32]:
        """(rows, columns) from 0 (black) to 1 (white), in the proposed window: what a viewer shows first."""
        centre, width = self.window
        grey = np.clip((self.pixels.astype(np.float32) - centre + 0.5) / (width - 1.0) + 0.5, 0.0, 1.0)
        return np.asarray(1.0 - grey if self.photometric == "MONOCHROME1" else grey, dtype=np.float32)
