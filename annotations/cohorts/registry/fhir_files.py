"""FHIR R4 as NDJSON: one resource a line, mapped onto the registry's kinds. docs/registry-import.md has the table."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.sources import Record, UnreadableFile, Upload

# A note in base64 inside a resource is longer than a line of a table.
_LONGEST_RESOURCE = 4 * 1024 * 1024
_MOST_TYPES = 200  # FHIR R4 has 148
UNREADABLE = "unreadable"
CPT = "http://www.ama-assn.org/go/cpt"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
_RIGHT = {"24028007", "287579007"}  # SNOMED CT: right; right hip region
_LEFT = {"7771000", "287679003"}  # SNOMED CT: left; left hip region
_HALVES = re.compile("[\x00\ud800-\udfff]")
_EXTENSION = "urn:lucency:"
Resource = dict[str, Any]


class FhirFile:
    """An NDJSON file; see `sources.Source`."""

    format = "fhir"
    encoding = "utf-8"

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self.header: list[str] = []
        self.ignored: dict[str, int] = {}
        self._position = 0
        first = next(self.records(), None)
        if first is not None and first.kind == UNREADABLE and not self.ignored:
            raise UnreadableFile(f"is no NDJSON with one FHIR resource a line: its first line {first.problem}")

    def header_of(self, kind: str) -> list[str]:
        return list(KINDS[kind].header) if kind in KINDS else []

    def position(self) -> int:
        return self._position

    def records(self) -> Iterator[Record]:
        self.ignored, self._position = {}, 0
        with self._upload.open() as stream:
            number = 0
            while line := stream.readline(_LONGEST_RESOURCE):
                number += 1
                if len(line) >= _LONGEST_RESOURCE and not line.endswith(b"\n"):
                    _pass_over(stream)
                    yield Record(number, UNREADABLE, [], f"is longer than {_LONGEST_RESOURCE // 2**20} MB")
                    continue
                self._position += len(line)
                record = self._record(number, line)
                if record is not None:
                    yield record

    def _record(self, number: int, line: bytes) -> Record | None:
        if not line.strip():
            return None
        try:
            resource = json.loads(line)
        except (ValueError, RecursionError):
            return Record(number, UNREADABLE, [], "is not JSON")
        kind_of = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind_of, str):
            return Record(number, UNREADABLE, [], "is no FHIR resource")
        if kind_of == "Bundle":
            return Record(number, UNREADABLE, [], "is a Bundle; send each resource on a line of its own")
        if kind_of not in _MAPPED:
            name = kind_of[:60] if kind_of[:60] in self.ignored or len(self.ignored) < _MOST_TYPES else "other types"
            self.ignored[name] = self.ignored.get(name, 0) + 1
            return None
        kind, read = _MAPPED[kind_of]
        cells = read(resource)
        problem = _withdrawn(resource) or _unwritable(cells)
        return Record(number, kind, [_HALVES.sub("", cell) for cell in cells], problem)


def _pass_over(stream: io.BufferedIOBase | Any) -> None:
    while (rest := stream.readline(_LONGEST_RESOURCE)) and not rest.endswith(b"\n"):
        pass


def _unwritable(cells: list[str]) -> str:
    """JSON can spell what is no text: zero bytes, and halves of characters."""
    return "contains a zero byte or half a character" if any(map(_HALVES.search, cells)) else ""


def _withdrawn(resource: Resource) -> str:
    if resource.get("status") == "entered-in-error" or "entered-in-error" in _codes(resource.get("verificationStatus")):
        return "was entered in error"
    if resource.get("status") == "not-done":
        return "was not done"
    if "refuted" in _codes(resource.get("verificationStatus")):
        return "was refuted"
    return ""


def _site(resource: Resource) -> list[str]:
    address = _first(resource.get("address"))
    return [_text(resource.get("id")), _text(resource.get("name")), _text(_get(address, "country"))]


def _patient(resource: Resource) -> list[str]:
    sex = {"female": "F", "male": "M", "other": "O"}.get(_text(resource.get("gender")), _text(resource.get("gender")))
    site = _referred(resource.get("managingOrganization"))
    return [_text(resource.get("id")), site, _text(resource.get("birthDate"))[:4], sex]


def _procedure(resource: Resource) -> list[str]:
    when = _text(resource.get("performedDateTime")) or _text(_get(resource.get("performedPeriod"), "start"))
    surgeon = _referred(_get(_first(resource.get("performer")), "actor"))
    modifiers = ";".join(_extensions(resource, "cpt-modifier"))
    return [
        _text(resource.get("id")), _referred(resource.get("subject")), when[:10], _side(resource.get("bodySite")),
        _code(resource.get("code"), CPT), modifiers, surgeon,
        *("".join(_extensions(resource, name)[:1]) for name in ("cup-fixation", "stem-fixation")),
    ]  # fmt: skip


def _condition(resource: Resource) -> list[str]:
    when = _text(resource.get("recordedDate")) or _text(resource.get("onsetDateTime"))
    return [
        _text(resource.get("id")), _referred(resource.get("subject")), when[:10],
        _code(resource.get("code"), ICD10CM), _side(resource.get("bodySite")),
    ]  # fmt: skip


def _document(resource: Resource) -> list[str]:
    related = _first(_get(resource.get("context"), "related"))
    return [_text(resource.get("id")), _referred(related), _text(resource.get("date"))[:10], _note(resource)]


def _note(resource: Resource) -> str:
    attachment = _get(_first(resource.get("content")), "attachment")
    data, kind = _text(_get(attachment, "data")), _text(_get(attachment, "contentType")) or "text/plain"
    if data:
        try:
            text = base64.b64decode(data, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return ""
        return _without_tags(text) if "html" in kind else text
    return _without_tags(_text(_get(resource.get("text"), "div")))


_MAPPED: dict[str, tuple[str, Callable[[Resource], list[str]]]] = {
    "Organization": ("sites", _site),
    "Patient": ("patients", _patient),
    "Procedure": ("procedures", _procedure),
    "Condition": ("diagnoses", _condition),
    "DocumentReference": ("notes", _document),
}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _referred(reference: Any) -> str:
    """The id that a reference ends in, be it relative or a whole address; else its identifier's value."""
    target = _text(_get(reference, "reference"))
    if target:
        return re.split(r"[/:]", target.split("/_history/")[0])[-1] if not target.startswith("#") else ""
    return _text(_get(_get(reference, "identifier"), "value"))


def _codings(concept: Any) -> list[Any]:
    return [coding for part in _all(concept) for coding in _all(_get(part, "coding"))]


def _codes(concept: Any) -> set[str]:
    return {_text(_get(coding, "code")) for coding in _codings(concept)}


def _code(concept: Any, system: str) -> str:
    found = [_text(_get(coding, "code")) for coding in _codings(concept) if _get(coding, "system") == system]
    return found[0] if found else ""


def _side(body_site: Any) -> str:
    codes = _codes(body_site)
    right, left = bool(codes & _RIGHT), bool(codes & _LEFT)
    if right == left:
        return ""
    return "R" if right else "L"


def _extensions(resource: Resource, name: str) -> list[str]:
    found = [ext for ext in _all(resource.get("extension")) if _get(ext, "url") == _EXTENSION + name]
    return [_text(_get(ext, "valueCode")) or _text(_get(ext, "valueString")) for ext in found]


def _without_tags(text: str) -> str:
    broken = re.sub(r"<(br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", "\n", text, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"<[^>]{0,1000}>", "", broken)).strip()
