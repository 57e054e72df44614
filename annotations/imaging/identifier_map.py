"""The map from what files say to the registry's patients, brought as CSV. Whoever keeps it needs a right of its own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Person
from annotations.cohorts.identifiers import identifier_hash
from annotations.cohorts.models import PatientLink, Side
from annotations.imaging.allow_list import VIEWS
from annotations.imaging.linking import LinkFacts
from annotations.imaging.models import IdentifierMapEntry, MapKey
from annotations.imaging.waiting_links import file_name_hash
from common import audit
from common.encryption import decrypt, encrypt
from common.errors import Invalid, NotFound
from studies.models import Study

MOST_BYTES = 64 << 20
MOST_REFUSED_SHOWN = 1000
_COLUMNS = ("identifier", "file", "patient_id", "side", "view", "acquired_on")


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """Names line and column and quotes nothing: the value may name a patient."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class BroughtMap:
    new: int
    changed: int
    unchanged: int
    refused: list[RefusedLine]


def with_map(study: Study, facts: LinkFacts) -> LinkFacts:
    """The facts as the map corrects them: by the file's name first, then by the identifiers in the file."""
    entry = _entry_for(study, facts)
    if entry is None:
        return facts
    on = entry["acquired_on"]
    return replace(
        facts,
        mapped_hash=identifier_hash(study, entry["patient_id"]),
        laterality=entry["side"] or facts.laterality,
        view=entry["view"] or facts.view,
        acquired_on=date.fromisoformat(on) if on else facts.acquired_on,
    )


def _entry_for(study: Study, facts: LinkFacts) -> dict[str, str] | None:
    keys = [(MapKey.FILE, facts.file_hash), (MapKey.IDENTIFIER, facts.accession_hash),
            (MapKey.IDENTIFIER, facts.patient_id_hash)]  # fmt: skip
    hashes = [hashed for _, hashed in keys if hashed]
    found = {(entry.kind, entry.key_hash): entry for entry in
             IdentifierMapEntry.objects.filter(study=study, key_hash__in=hashes)}  # fmt: skip
    first = next((found[key] for key in keys if key in found), None)
    return _decrypted(first) if first else None


def _decrypted(entry: IdentifierMapEntry) -> dict[str, str]:
    fields: dict[str, str] = json.loads(decrypt(entry.entry_encrypted))
    return fields


@transaction.atomic
def bring_map(*, study: Study, data: bytes, actor: Person) -> BroughtMap:
    """Add the lines of a CSV file; a line with a known key replaces the one before. Bad lines are named and left out.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    lines, refused = _read(data)
    known = {(entry.kind, entry.key_hash): entry for entry in IdentifierMapEntry.objects.filter(study=study)}
    new, changed, unchanged = [], [], 0
    for fields in lines:
        kind, hashed = _key(study, fields)
        entry = known.get((kind, hashed))
        text = json.dumps(fields)
        if entry is None:
            entry = IdentifierMapEntry(study=study, kind=kind, key_hash=hashed)
            known[kind, hashed] = entry
            new.append(entry)
        elif _decrypted(entry) == fields:
            unchanged += 1
            continue
        elif entry.pk is not None and entry not in changed:
            changed.append(entry)
        entry.entry_encrypted, entry.brought_by = encrypt(text), actor
    IdentifierMapEntry.objects.bulk_create(new)
    IdentifierMapEntry.objects.bulk_update(changed, ["entry_encrypted", "brought_by"])
    counts = {"new": len(new), "changed": len(changed), "unchanged": unchanged, "refused": len(refused)}
    audit.record(
        actor=actor, action="identifier_map_brought", subject=f"study:{study.pk}", study_slug=study.slug, payload=counts
    )
    return BroughtMap(len(new), len(changed), unchanged, refused[:MOST_REFUSED_SHOWN])


def _key(study: Study, fields: dict[str, str]) -> tuple[str, str]:
    if fields["file"]:
        return MapKey.FILE, file_name_hash(study, fields["file"].replace("\\", "/"))
    return MapKey.IDENTIFIER, identifier_hash(study, fields["identifier"])


def _read(data: bytes) -> tuple[list[dict[str, str]], list[RefusedLine]]:
    rows = _rows(data)
    header = [name.strip().lower() for name in next(rows, (0, []))[1]]
    if "patient_id" not in header or not {"identifier", "file"} & set(header):
        message = "the first line must name patient_id, and identifier or file; side, view and acquired_on may follow"
        raise Invalid(f"This is no identifier map: {message}.", details=[{"field": "file", "message": message}])
    good: list[dict[str, str]] = []
    refused: list[RefusedLine] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row = dict.fromkeys(_COLUMNS, "") | {
            name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in _COLUMNS
        }
        row["side"], row["view"] = row["side"].upper(), row["view"].upper()
        problem = _problem(row, surplus=len(cells) > len(header))
        if problem:
            refused.append(RefusedLine(line, *problem))
        else:
            good.append(row)
    return good, refused


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(data) > MOST_BYTES:
        raise _unreadable(f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable("it is not UTF-8 text") from error
    if "\x00" in text:
        raise _unreadable("it is not text")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise _unreadable(f"line {reader.line_num} is not closed or not CSV") from error


def _unreadable(why: str) -> Invalid:
    return Invalid(f"This file cannot be read as CSV: {why}.", details=[{"field": "file", "message": why}])


def _problem(row: dict[str, str], *, surplus: bool) -> tuple[str, str] | None:
    if surplus:
        return "", "has more cells than the first line"
    if not row["patient_id"]:
        return "patient_id", "is empty"
    if bool(row["identifier"]) == bool(row["file"]):
        return "identifier", "exactly one of identifier and file must be given"
    if row["side"] not in ("", Side.RIGHT, Side.LEFT):
        return "side", "is not R or L"
    if row["view"] and row["view"] not in VIEWS:
        return "view", f"is not one of {', '.join(VIEWS)}"
    if row["acquired_on"] and not _is_day(row["acquired_on"]):
        return "acquired_on", "is not a date like 2020-05-20"
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2020-05-20")


@transaction.atomic
def look_at_map(*, study: Study, actor: Person, offset: int, limit: int) -> tuple[int, list[dict[str, str]]]:
    """Lines of the map in clear, and how many there are. Every look is on record."""
    entries = IdentifierMapEntry.objects.filter(study=study).order_by("pk")
    shown = [_decrypted(entry) for entry in entries[offset : offset + limit]]
    audit.record(
        actor=actor, action="identifier_map_viewed", subject=f"study:{study.pk}", study_slug=study.slug,
        payload={"offset": offset, "lines": len(shown)},
    )  # fmt: skip
    return entries.count(), shown


@transaction.atomic
def reveal_identifier(*, study: Study, pseudonym: str, reason: str, actor: Person) -> str:
    """The hospital's own identifier of one patient. Every look is on record, with its reason."""
    if not reason.strip():
        raise Invalid("Give a reason.", details=[{"field": "reason", "message": "is empty"}])
    link = PatientLink.objects.filter(study=study, patient__pseudonym=pseudonym).first()
    if link is None:
        raise NotFound("There is no such patient.")
    audit.record(
        actor=actor, action="identifier_revealed", subject=f"patient:{link.patient_id}", study_slug=study.slug,
        payload={"reason": reason.strip()[:500]},
    )  # fmt: skip
    return decrypt(link.identifier_encrypted)


def map_summary(study: Study) -> dict[str, Any]:
    entries = IdentifierMapEntry.objects.filter(study=study)
    last = entries.order_by("-brought_at").first()
    return {
        "lines": entries.count(),
        "by_file": entries.filter(kind=MapKey.FILE).count(),
        "last_brought_at": last.brought_at if last else None,
    }


@transaction.atomic
def forget_map(*, study: Study, actor: Person) -> int:
    """Remove all lines; what they have linked stays linked."""
    removed, _ = IdentifierMapEntry.objects.filter(study=study).delete()
    audit.record(
        actor=actor, action="identifier_map_removed", subject=f"study:{study.pk}", study_slug=study.slug,
        payload={"lines": removed},
    )  # fmt: skip
    return removed
