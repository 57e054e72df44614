"""Hip phantoms: radiographs that may be shown to anybody, with a known truth for every zone."""

from demo.phantom.case import (
    DELEE_CHARNLEY_ZONES,
    GENERATOR_VERSION,
    GRUEN_ZONES,
    ZONES,
    PhantomCase,
    PhantomHeader,
    PhantomTruth,
    RenderedPhantom,
)
from demo.phantom.dicom_file import phantom_dicom, planted_identifiers
from demo.phantom.files import make_phantom_files
from demo.phantom.render import phantom_truth, render_phantom

__all__ = [
    "DELEE_CHARNLEY_ZONES",
    "GENERATOR_VERSION",
    "GRUEN_ZONES",
    "ZONES",
    "PhantomCase",
    "PhantomHeader",
    "PhantomTruth",
    "RenderedPhantom",
    "make_phantom_files",
    "phantom_dicom",
    "phantom_truth",
    "planted_identifiers",
    "render_phantom",
]
