"""The machine of each site: maker, detector, processing and habits. Invented, but each in its maker's manner."""

from __future__ import annotations

from dataclasses import dataclass

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"
JPEG_2000 = "1.2.840.10008.1.2.4.90"
HTJ2K = "1.2.840.10008.1.2.4.201"


@dataclass(frozen=True)
class Machine:
    """A radiography system as it stands at one site.

    Attributes:
        rows, columns: of the picture.
        spacing_mm: between pixels at the detector.
        inverted: whether it stores MONOCHROME1.
        quanta: mean X-ray quanta a pixel of 0.15 mm would get without a patient.
        sharpening: weight of the mild edge enhancement.
        compression: share of the coarse differences in density that its processing takes away.
        spacing_tag: PixelSpacing, ImagerPixelSpacing or both.
        tells_magnification: whether the header holds the magnification factor.
    """

    maker: str
    model: str
    modality: str
    rows: int
    columns: int
    spacing_mm: float
    inverted: bool
    transfer_syntax: str
    quanta: float
    sharpening: float
    compression: float
    spacing_tag: str
    tells_magnification: bool
    blackened_collimation: bool


def _machine(
    maker: str, model: str, modality: str, size: tuple[int, int, float], syntax: str, look: tuple[float, float, float],
    tag: str = "imager", *, inverted: bool = False, magnification: bool = False, blackened: bool = True,
) -> Machine:  # fmt: skip
    rows, columns, spacing = size
    return Machine(
        maker, model, modality, rows, columns, spacing, inverted, syntax, *look, tag, magnification, blackened
    )


MACHINES: dict[str, Machine] = {
    "S01": _machine("Philips Medical Systems", "DigitalDiagnost", "DX", (2240, 1640, 0.148), EXPLICIT,
                    (48_000, 0.45, 0.42), magnification=True),
    "S02": _machine("Agfa-Gevaert", "ADC_51xx", "CR", (1872, 1536, 0.171), IMPLICIT, (30_000, 0.55, 0.38), "pixel",
                    inverted=True, blackened=False),
    "S03": _machine("SIEMENS", "FD-X", "DX", (2208, 1672, 0.148), EXPLICIT, (46_000, 0.40, 0.45), "both",
                    magnification=True),
    "S04": _machine("SIEMENS", "Ysio Max", "DX", (2208, 1600, 0.148), JPEG_LOSSLESS, (50_000, 0.35, 0.45), "both"),
    "S05": _machine("FUJIFILM Corporation", "FCR XG5000", "CR", (2080, 1520, 0.150), JPEG_2000, (28_000, 0.60, 0.35),
                    "pixel", inverted=True),
    "S06": _machine("FUJIFILM Corporation", "DR-ID 1200", "DX", (2144, 1568, 0.150), EXPLICIT, (42_000, 0.50, 0.40)),
    "S07": _machine("GE Healthcare", "Discovery XR656", "DX", (1832, 1512, 0.194), JPEG_2000, (52_000, 0.40, 0.44),
                    inverted=True, magnification=True),
    "S08": _machine("Philips Medical Systems", "PCR Eleva", "CR", (2104, 1528, 0.150), IMPLICIT, (27_000, 0.55, 0.36),
                    "pixel", inverted=True),
    "S09": _machine("Canon Inc.", "CXDI Control Software NE", "DX", (2048, 1552, 0.160), JPEG_LOSSLESS,
                    (44_000, 0.45, 0.40)),
    "S10": _machine("Carestream Health", "DRX-Evolution", "DX", (2256, 1696, 0.139), JPEG_LOSSLESS,
                    (40_000, 0.50, 0.42), "both", magnification=True),
    "S11": _machine("Eastman Kodak Company", "DirectView CR 975", "CR", (1904, 1512, 0.168), EXPLICIT,
                    (29_000, 0.50, 0.34), "pixel", inverted=True, blackened=False),
    "S12": _machine("KONICA MINOLTA", "REGIUS 190", "CR", (1808, 1512, 0.175), IMPLICIT, (31_000, 0.60, 0.36)),
    "S13": _machine("Samsung Electronics", "GC85A", "DX", (2224, 1624, 0.140), HTJ2K, (45_000, 0.45, 0.43)),
    "S14": _machine("SHIMADZU CORPORATION", "RADspeed Pro", "DX", (2096, 1544, 0.160), EXPLICIT, (38_000, 0.45, 0.39),
                    inverted=True),
    "S15": _machine("GE Healthcare", "Definium 8000", "DX", (1816, 1504, 0.200), HTJ2K, (50_000, 0.40, 0.44),
                    magnification=True),
    "S16": _machine("Carestream Health", "DRX-1", "DX", (2272, 1680, 0.139), EXPLICIT, (41_000, 0.50, 0.41), "both",
                    ),
}  # fmt: skip
