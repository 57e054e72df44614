"""Rows that are not taken, kept aside on disk while an import runs: a check is rolled back, its refusals are not."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence

from django.db import connection

from annotations.cohorts.registry.copying import copied
from common.encryption import encrypt

_IN_MEMORY = 1024 * 1024
# Of a cell that is too long to be taken, no more is given back.
_LONGEST_CELL = 100_000
_COLUMNS = 'file_id, kind, line, "column", value, reason, cells_encrypted'


class Refusals:
    """The refused rows of one file. What may identify a patient is encrypted before it is written anywhere."""

    def __init__(self, file_id: int) -> None:
        self._file_id = file_id
        self._rows = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed by `forget`)
        self.by_kind: Counter[str] = Counter()

    def add(self, *, kind: str, line: int, column: str, value: str, reason: str, cells: Sequence[str]) -> None:
        encrypted = encrypt(json.dumps([cell[:_LONGEST_CELL] for cell in cells], ensure_ascii=False))
        row = copied((self._file_id, kind, line, column[:200], value[:80], reason[:300]))
        self._rows.write(f"{row}\t\\\\x{encrypted.hex()}\n".encode())
        self.by_kind[kind] += 1

    def store(self) -> None:
        """Write them as rows of the database."""
        self._rows.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY cohorts_refusedrow ({_COLUMNS}) FROM STDIN", self._rows)

    def forget(self) -> None:
        self._rows.close()
