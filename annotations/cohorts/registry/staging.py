"""Checked rows on their way into the registry: pseudonymous from here on, in one temporary table a kind.

Rows go over in pieces of a few thousand, so the memory that an import takes does not grow with its files.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence

from django.db import connection

from annotations.cohorts.identifiers import pseudonymiser
from annotations.cohorts.registry.copying import copied, escaped
from common.encryption import encrypt, keyed_hasher
from studies.models import Study

_PIECE_ROWS = 5_000
_PIECE_CHARACTERS = 4 * 1024 * 1024
# Column by column of each kind's temporary table, after `file` and `line`.
COLUMNS = {
    "sites": "key text, name text, country text",
    "patients": "key text, pseudonym text, site text, birth_year int, sex text, encrypted bytea",
    "procedures": "key text, patient text, performed_on date, side text, cpt text, modifiers text, surgeon text, "
    "cup_fixation text, stem_fixation text",
    "diagnoses": "key text, patient text, recorded_on date, icd10cm text",
    "followups": "key text, patient text, side text, seen_on date, complication text",
    "notes": "key text, procedure text, written_on date, text_hash text, encrypted bytea",
}
_BLOCK = 256 * 1024
_NULL = "\\N"
Values = Sequence[str | None]
Row = tuple[int, int, Values]  # file, line, checked values


def arriving(kind: str) -> str:
    return f"registry_arriving_{kind}"


class Staging:
    """Takes the checked rows of all files and copies them over, piece by piece."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._waiting: dict[str, list[Row]] = {}
        self._characters: dict[str, int] = {}
        self._lines: dict[str, Callable[[Sequence[Row]], list[str]]] = {
            "sites": _sites, "patients": self._patients, "procedures": self._procedures,
            "diagnoses": self._diagnoses, "followups": self._follow_ups, "notes": self._notes,
        }  # fmt: skip
        self._patient = _remembering_the_last(keyed_hasher("patient", study.slug))
        self._key = {kind: keyed_hasher("registry", study.slug, kind) for kind in
                     ("procedure", "diagnosis", "followup", "note")}  # fmt: skip
        self._pseudonym = pseudonymiser(study)
        with connection.cursor() as cursor:
            for kind, columns in COLUMNS.items():
                cursor.execute(f"DROP TABLE IF EXISTS {arriving(kind)}")
                cursor.execute(f"CREATE TEMP TABLE {arriving(kind)} (file int, line int, {columns}) ON COMMIT DROP")

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in COLUMNS if kind in self._waiting]

    def add(self, kind: str, file: int, line: int, values: Values) -> None:
        waiting = self._waiting.setdefault(kind, [])
        waiting.append((file, line, values))
        if kind == "notes":
            self._characters[kind] = self._characters.get(kind, 0) + len(values[3] or "")
        if len(waiting) >= _PIECE_ROWS or self._characters.get(kind, 0) >= _PIECE_CHARACTERS:
            self._copy(kind)

    def finish(self) -> None:
        for kind in self._waiting:
            self._copy(kind)
        with connection.cursor() as cursor:
            # A small sample is enough to choose how tables are joined.
            cursor.execute("SET LOCAL default_statistics_target = 10")
            for kind in self._waiting:
                cursor.execute(f"ANALYZE {arriving(kind)}")
            cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")

    def forget_file(self, file: int) -> None:
        """Take the rows of a file away that turned out to be unreadable."""
        with connection.cursor() as cursor:
            for kind in self._waiting:
                self._waiting[kind] = [row for row in self._waiting[kind] if row[0] != file]
                cursor.execute(f"DELETE FROM {arriving(kind)} WHERE file = %s", [file])  # noqa: S608

    def _copy(self, kind: str) -> None:
        rows = self._waiting[kind]
        if rows:
            text = "\n".join(self._lines[kind](rows))
            with connection.cursor() as cursor:
                cursor.copy_expert(f"COPY {arriving(kind)} FROM STDIN", io.BytesIO(f"{text}\n".encode()), _BLOCK)
        rows.clear()
        self._characters[kind] = 0

    def _patients(self, rows: Sequence[Row]) -> list[str]:
        """The hospital's number is encrypted for those only who are new: that is slow on purpose."""
        keys = [self._patient(values[0] or "") for _, _, values in rows]
        known = self._found("SELECT identifier_hash FROM cohorts_patientlink WHERE study_id = %s "
                            "AND identifier_hash = ANY(%s)", keys)  # fmt: skip
        return [
            copied((file, line, key, self._pseudonym(identifier or ""), site, year, sex))
            + ("\t\\N" if (key,) in known else f"\t\\\\x{encrypt(identifier or '').hex()}")
            for key, (file, line, (identifier, site, year, sex)) in zip(keys, rows, strict=True)
        ]

    def _procedures(self, rows: Sequence[Row]) -> list[str]:
        key, patient = self._key["procedure"], self._patient
        return [
            f"{file}\t{line}\t{key(v[0] or '')}\t{patient(v[1] or '')}\t{v[2]}\t{v[3]}\t{v[4]}\t"
            f"{_NULL if v[5] is None else v[5]}\t{escaped(v[6])}\t{v[7] or _NULL}\t{v[8] or _NULL}"
            for file, line, v in rows
        ]

    def _diagnoses(self, rows: Sequence[Row]) -> list[str]:
        key, patient = self._key["diagnosis"], self._patient
        return [f"{file}\t{line}\t{key(v[0] or '')}\t{patient(v[1] or '')}\t{v[2]}\t{v[3]}" for file, line, v in rows]

    def _follow_ups(self, rows: Sequence[Row]) -> list[str]:
        key, patient = self._key["followup"], self._patient
        return [
            f"{file}\t{line}\t{key(v[0] or '')}\t{patient(v[1] or '')}\t{v[2]}\t{v[3]}\t"
            f"{escaped(v[4] if v[4] is None else v[4] or 'none')}"
            for file, line, v in rows
        ]

    def _notes(self, rows: Sequence[Row]) -> list[str]:
        """Notes are compared by a hash of their text: the encryption of one text is never the same twice."""
        keys = [self._key["note"](values[0] or "") for _, _, values in rows]
        hashes = [hashlib.sha256((values[3] or "").encode()).hexdigest() for _, _, values in rows]
        known = self._found("SELECT registry_key, text_hash FROM cohorts_operativenote WHERE study_id = %s "
                            "AND registry_key = ANY(%s)", keys)  # fmt: skip
        return [
            copied((file, line, key, self._key["procedure"](procedure or ""), written_on, text_hash))
            + ("\t\\N" if (key, text_hash) in known else f"\t\\\\x{encrypt(text or '').hex()}")
            for key, text_hash, (file, line, (_, procedure, written_on, text)) in zip(keys, hashes, rows, strict=True)
        ]

    def _found(self, query: str, keys: Sequence[str]) -> set[tuple[str, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, [self._study.pk, list(keys)])
            return set(cursor.fetchall())


def _sites(rows: Sequence[Row]) -> list[str]:
    return [copied((file, line, *values)) for file, line, values in rows]


def _remembering_the_last(hashed: Callable[[str], str]) -> Callable[[str], str]:
    """Rows of one patient mostly stand together."""
    last, result = "", hashed("")

    def remembered(value: str) -> str:
        nonlocal last, result
        if value != last:
            last, result = value, hashed(value)
        return result

    return remembered
