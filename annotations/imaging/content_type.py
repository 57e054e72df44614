"""What a file is, by its content: names lie."""

from __future__ import annotations

# What is needed of a file to say what it is.
HEAD_BYTES = 512
_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")


def content_type(data: bytes) -> str:
    """One of dicom, jpeg, png, zip, pdf, empty, unknown."""
    if not data:
        return "empty"
    if data[128:132] == b"DICM":
        return "dicom"
    for start, name in (
        (b"\xff\xd8\xff", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"%PDF", "pdf"),
    ):
        if data.startswith(start):
            return name
    # DICOM without preamble begins with an element of group 0002 or 0008.
    return "dicom" if data[:2] in _FIRST_GROUPS and len(data) > 64 else "unknown"
