"""The manifest of a version: its rows, its hash, and what is given out of it while a part is sealed.

The hash of a manifest is made in two steps, so that one with withheld rows can be checked as well as a whole one:
each row has a SHA-256 of its own, and the manifest's SHA-256 is over its head and the rows' hashes in their order.
A withheld row is given as its number and its hash. It carries a nonce that only this platform can make, so nobody
finds its label by trying both.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from common.encryption import keyed_hash
from common.errors import Invalid

FORMAT = 2
_HEAD = ("format", "study", "version", "name", "split", "selection")
COLUMNS = (
    "case", "patient", "side", "site", "label", "rung", "label_version", "part", "folds", "held_for_validation",
    "pixel_sha256", "perceptual_hash", "nonce", "row_sha256",
)  # fmt: skip
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _canonical_sha256(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def with_nonce(study: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "nonce": keyed_hash("manifest row", study, _canonical_sha256(row))[:32]}


def row_sha256(row: Mapping[str, Any]) -> str:
    return _canonical_sha256({key: value for key, value in row.items() if key != "row_sha256"})


def rows_sha256(rows: Sequence[Mapping[str, Any]]) -> str:
    """One hash for a list of cases: equal if and only if a preview and a frozen version hold the same."""
    return _canonical_sha256([row_sha256(row) for row in rows])


def manifest_sha256(manifest: Mapping[str, Any]) -> str:
    """Of a stored or a downloaded manifest; a withheld row counts by the hash that it is given as."""
    if "format" not in manifest:  # frozen before rows had hashes of their own
        return _canonical_sha256(manifest)
    digests = [row["row_sha256"] if row.get("withheld") else row_sha256(row) for row in manifest["cases"]]
    return _canonical_sha256({key: manifest[key] for key in _HEAD} | {"rows": digests})


def check_manifest(manifest: Mapping[str, Any]) -> dict[str, int]:
    """How many rows of a downloaded manifest are open and withheld; refused where its hash is not what it says."""
    try:
        stated, found = manifest["sha256"], manifest_sha256(manifest)
        withheld = sum(1 for row in manifest["cases"] if row.get("withheld"))
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid("This is not a manifest of a dataset version.", code="not_a_manifest") from error
    if stated != found:
        raise Invalid(
            "The manifest was changed: its rows do not give the hash that it states.", code="manifest_changed",
            details=[{"field": "sha256", "message": f"states {stated}, its rows give {found}"}],
        )  # fmt: skip
    return {"open": len(manifest["cases"]) - withheld, "withheld": withheld}


def given_out(manifest: Mapping[str, Any], sha256: str, withheld: Collection[int]) -> dict[str, Any]:
    """The manifest with the rows of these case numbers withheld."""
    rows = manifest["cases"]
    kept = [_given_row(row, row["case"] in withheld) for row in rows]
    if "format" not in manifest:  # its hash is over the whole and cannot be checked without the withheld rows
        kept = [row for row in kept if not row.get("withheld")]
    return {
        **manifest,
        "sha256": sha256,
        "cases": kept,
        "sealed": {"part": "test", "cases": sum(1 for row in rows if row["case"] in withheld)},
    }


def _given_row(row: Mapping[str, Any], withheld: bool) -> dict[str, Any]:
    if withheld:
        return {"case": row["case"], "withheld": True, "row_sha256": row_sha256(row)}
    return {**row, "row_sha256": row_sha256(row)} if "nonce" in row else dict(row)


def as_csv(manifest: Mapping[str, Any]) -> str:
    """A row a case; of a withheld one its number and its hash alone. No cell is taken for a formula."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, [*COLUMNS, "withheld"], restval="", lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    for row in manifest["cases"]:
        folds = " ".join(str(fold) for fold in row.get("folds", ()))
        writer.writerow({key: _safe(value) for key, value in {**row, "folds": folds}.items()})
    return buffer.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
