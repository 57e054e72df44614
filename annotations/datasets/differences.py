"""What a version holds that an earlier one did not, and the other way round: by hip and image."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from annotations.datasets.models import DatasetVersion

_COMPARED = ("label", "rung", "part")


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one case. Numbers are those in the newer and in the older version; None where it is not in it."""

    kind: str
    patient: str
    side: str
    case: int | None
    earlier_case: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Differences:
    counts: dict[str, int]
    # Changes in cases that this person may see; `withheld` counts those of sealed cases.
    shown: list[Difference]
    withheld: int
    same: int


def differences(
    version: DatasetVersion, earlier: DatasetVersion, *, withheld: Collection[int], withheld_earlier: Collection[int]
) -> Differences:
    new, old = _by_image(version), _by_image(earlier)
    found: list[tuple[bool, Difference]] = []
    for key in sorted(new.keys() | old.keys()):
        hidden = (key in new and new[key]["case"] in withheld) or (key in old and old[key]["case"] in withheld_earlier)
        found += [(hidden, change) for change in _changes(new.get(key), old.get(key))]
    touched = {(change.patient, change.side, change.case, change.earlier_case) for _, change in found}
    return Differences(
        counts=dict(Counter(change.kind for _, change in found)),
        shown=[change for hidden, change in found if not hidden],
        withheld=sum(1 for hidden, _ in found if hidden),
        same=len(new.keys() | old.keys()) - len(touched),
    )


def _by_image(version: DatasetVersion) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["patient"], row["side"], row["pixel_sha256"]): row for row in version.manifest["cases"]}


def _changes(new: dict[str, Any] | None, old: dict[str, Any] | None) -> list[Difference]:
    row = new or old
    assert row is not None
    place = (row["patient"], row["side"], new["case"] if new else None, old["case"] if old else None)
    if new is None or old is None:
        kind = "added" if old is None else "removed"
        return [Difference(kind, *place, before=old["label"] if old else "", after=new["label"] if new else "")]
    return [
        Difference(field, *place, before=old[field], after=new[field])
        for field in _COMPARED
        if old[field] != new[field]
    ]
