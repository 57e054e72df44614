"""What each maker writes beside the standard's elements: private blocks, names of software, habits of sequences.

The blocks are laid out as the makers lay them out; every text in them is invented. Many hold what identifies a
person, because real ones do, and intake must lose it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from demo.phantom.case import PhantomHeader
from demo.phantom.machines import Machine


@dataclass(frozen=True)
class PrivateBlock:
    """A creator's block: group, and (element, VR, text); texts are filled in by `filled`."""

    group: int
    creator: str
    elements: tuple[tuple[int, str, str], ...]


_BLOCKS: dict[str, tuple[PrivateBlock, ...]] = {
    "Philips": (
        PrivateBlock(0x2001, "Philips Imaging DD 001", ((0x63, "CS", "ELSEWHERE"), (0x6E, "SH", "HIP AP"))),
        PrivateBlock(0x2005, "Philips X-ray Imaging DD 001", ((0x10, "LO", "{name}"), (0x11, "LO", "{accession}"))),
    ),
    "Agfa": (
        PrivateBlock(0x0019, "AGFA", ((0x05, "ST", "{name} {birth}"), (0x10, "SH", "{id}"), (0x60, "US", "7"))),
        PrivateBlock(0x0019, "Agfa ADC NX", ((0x07, "CS", "YES"), (0xF5, "SH", "{accession}"))),
    ),
    "SIEMENS": (
        PrivateBlock(0x0025, "SIEMENS MED SP DXMG WH AWS 1", ((0x0A, "LO", "{name}"), (0x0D, "DS", "400"))),
        PrivateBlock(0x0051, "SIEMENS MED BRAIN ACQUISITION DATA", ((0x20, "LO", "{referring}"),)),
    ),
    "FUJI": (
        PrivateBlock(0x0009, "FDMS 1.0", ((0x04, "SH", "{id}"), (0x05, "SH", "A01F"), (0xF0, "LT", "{name}"))),
        PrivateBlock(0x0021, "FDMS 1.0", ((0x10, "CS", "HIP"), (0x30, "CS", "STANDARD"))),
    ),
    "GE": (
        PrivateBlock(0x0009, "GEIIS", ((0x10, "LO", "{name}"), (0x12, "LO", "{id}"))),
        PrivateBlock(0x0011, "GEMS_GDXE_FALCON_04", ((0x03, "UI", "1.2.3.4"), (0x37, "LT", "{referring}"))),
        PrivateBlock(0x0045, "GEMS_FALCON_03", ((0x55, "DS", "8"), (0x62, "LO", "{accession}"))),
    ),
    "Canon": (PrivateBlock(0x0021, "CANON CXDI 1.0", ((0x01, "LO", "{id}"), (0x02, "PN", "{name}"))),),
    "Carestream": (PrivateBlock(0x0029, "CARESTREAM HEALTH", ((0x15, "LT", "{name}; {birth}"), (0x16, "SH", "EVP"))),),
    "Kodak": (PrivateBlock(0x0029, "KODAK DIRECTVIEW", ((0x15, "LT", "{name}"), (0x20, "LO", "{accession}"))),),
    "KONICA": (PrivateBlock(0x0015, "KONICAMINOLTA REGIUS", ((0x10, "LO", "{id} {name}"), (0x14, "DS", "1.0"))),),
    "Samsung": (PrivateBlock(0x0021, "SAMSUNG GEU", ((0x01, "LT", "{name}"), (0x09, "SH", "{accession}"))),),
    "SHIMADZU": (PrivateBlock(0x0019, "SHIMADZU RAD 1", ((0x30, "LO", "{referring}"), (0x31, "LO", "{id}"))),),
}
_FAMILIES = {"Eastman": "Kodak", "Agfa-Gevaert": "Agfa", "FUJIFILM": "FUJI"}


def add_private_blocks(data: Dataset, machine: Machine, header: PhantomHeader) -> None:
    first = machine.maker.split()[0]
    for block in _BLOCKS[_FAMILIES.get(first, first)]:
        private = data.private_block(block.group, block.creator, create=True)
        for element, kind, text in block.elements:
            value = filled(text, header)
            private.add_new(element, kind, int(value) if kind == "US" else value)


def filled(text: str, header: PhantomHeader) -> str:
    """A template with the person's details, cut to what the shortest text elements hold."""
    return text.format(
        name=header.patient_name, id=header.patient_id, accession=header.accession, referring=header.referring,
        birth=header.birth_date.strftime("%Y%m%d"),
    )  # fmt: skip
