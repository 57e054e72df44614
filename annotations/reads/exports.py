"""Everything of a protocol as files: one ZIP of CSV and JSON, answers in it only after the unblinding."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from annotations.cohorts.registry.cells import neutralised
from annotations.reads.models import ConsensusRead, ProtocolStatus, Read, ReadCorrection, ReadProtocol
from annotations.reads.protocol_settings import SETTINGS
from annotations.reads.selectors import (
    CaseTime,
    Coverage,
    ListedDeviation,
    ReaderProgress,
    assignments_of,
    coverage_of,
    deviations_of,
    reader_progress,
    times_of,
)

# ZIP files carry a time; the same content shall be the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_ANSWER = ("call", "confidence", "conclusion", "comment", "findings")


def cell(value: Any) -> str | float:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    return neutralised(value) if isinstance(value, str) else value


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def _table(kind: type[Any], rows: Sequence[Any]) -> str:
    columns = [field.name for field in fields(kind)]
    return as_csv(columns, ([asdict(row)[name] for name in columns] for row in rows))


def times_csv(protocol: ReadProtocol) -> str:
    return _table(CaseTime, times_of(protocol))


def export_protocol(protocol: ReadProtocol) -> bytes:
    files = {
        "protocol.json": json.dumps(_protocol(protocol), indent=1, sort_keys=True, default=str),
        "sessions.csv": _table(ReaderProgress, reader_progress(protocol)),
        "coverage.csv": _table(Coverage, coverage_of(protocol)),
        "times.csv": times_csv(protocol),
        "deviations.csv": _table(ListedDeviation, deviations_of(protocol)),
    }
    if protocol.status == ProtocolStatus.UNBLINDED:
        files |= {"reads.csv": _reads(protocol), "corrections.csv": _corrections(protocol)}
        files["consensus.csv"] = _consensus(protocol)
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    files["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _protocol(protocol: ReadProtocol) -> dict[str, Any]:
    plain = {name: getattr(protocol, name) for name in SETTINGS if name not in ("dataset_version", "practice_version")}
    unblinding = getattr(protocol, "unblinding", None)
    return plain | {
        "dataset_version": protocol.dataset_version.number,
        "dataset_sha256": protocol.dataset_version.sha256,
        "practice_version": protocol.practice_version.number if protocol.practice_version else None,
        "version": protocol.version,
        "status": protocol.status,
        "frozen_at": protocol.frozen_at,
        "readers": [
            {"name": entry.reader.name, "since_version": entry.since_version} for entry in assignments_of(protocol)
        ],
        "amendments": [
            {"version": a.version, "changes": a.changes, "reason": a.reason, "name": a.name, "signed_at": a.signed_at,
             "sha256": a.sha256}
            for a in protocol.amendments.order_by("version")
        ],
        "unblinding": None if unblinding is None else {
            "name": unblinding.name, "at": unblinding.at, "reason": unblinding.reason,
            "absences_explained": unblinding.absences_explained, "sessions_sha256": unblinding.sessions_sha256,
        },
    }  # fmt: skip


def _reads(protocol: ReadProtocol) -> str:
    columns = ("reader", "session", "position", "code", "case", "practice", "repeat", "state", *_ANSWER)
    names = ("session__reader__name", "session__number", "position", "code", "case__number", "is_practice",
             "is_repeat", "state", *_ANSWER)  # fmt: skip
    reads = Read.objects.filter(session__protocol=protocol).order_by("session", "position")
    return as_csv(columns, reads.values_list(*names))


def _corrections(protocol: ReadProtocol) -> str:
    columns = (
        "reader",
        "session",
        "position",
        "version",
        "reason",
        "corrected_at",
        "after_signing",
        "sha256",
        *_ANSWER,
    )
    names = ("read__session__reader__name", "read__session__number", "read__position", "version", "reason",
             "corrected_at", "after_signing", "sha256", *_ANSWER)  # fmt: skip
    corrections = ReadCorrection.objects.filter(read__session__protocol=protocol)
    return as_csv(columns, corrections.order_by("read__session", "read__position", "version").values_list(*names))


def _consensus(protocol: ReadProtocol) -> str:
    columns = ("meeting", "position", "case", "decided_at", *_ANSWER)
    names = ("meeting", "position", "case__number", "decided_at", *_ANSWER)
    reads = ConsensusRead.objects.filter(meeting__protocol=protocol).order_by("meeting", "position")
    return as_csv(columns, reads.values_list(*names))
