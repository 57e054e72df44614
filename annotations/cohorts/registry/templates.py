"""Files to begin with: the header of a kind and one made-up row."""

from __future__ import annotations

import csv
import io

from annotations.cohorts.registry.kinds import KINDS
from common.errors import NotFound


def template_of(kind: str) -> bytes:
    """CSV as spreadsheets open it: UTF-8 with its mark."""
    if kind not in KINDS:
        raise NotFound("There is no such kind of file.")
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(KINDS[kind].header)
    writer.writerow([column.example for column in KINDS[kind].columns])
    return buffer.getvalue().encode("utf-8-sig")
