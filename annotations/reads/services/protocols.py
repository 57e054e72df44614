"""Protocols: drafted, frozen before the first read, and after that changed by signed amendments alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from annotations.datasets.models import DatasetVersion
from annotations.reads.canonical import sha256_of
from annotations.reads.models import ProtocolAmendment, ProtocolReader, ProtocolStatus, ReadProtocol, ReadSession
from annotations.reads.plan import fresh_seed
from annotations.reads.protocol_settings import AMENDABLE, COPIED, SETTINGS, check_settings
from annotations.reads.services.guards import hold_blinded, record_of_protocol
from annotations.reads.services.planning import check_reader, freeze, plan_session
from annotations.reads.services.signing import checked_meaning, confirm_identity
from common.errors import Conflict, Invalid
from studies.models import Study


@transaction.atomic
def create_protocol(
    *,
    study: Study,
    title: str,
    dataset_version: DatasetVersion,
    part: str,
    practice_version: DatasetVersion | None,
    instructions: str,
    actor: Person | None,
    readers: Iterable[Person] = (),
    settings: Mapping[str, Any] | None = None,
) -> ReadProtocol:
    """A draft. `settings` are those of `protocol_settings.SETTINGS` beyond the named ones."""
    values = {
        "title": title.strip(), "dataset_version": dataset_version, "part": part, "practice_version": practice_version,
        "instructions": instructions,
    } | dict(settings or {})  # fmt: skip
    check_settings(study, values)
    protocol = ReadProtocol.objects.create(study=study, created_by=actor, **values)
    _set_readers(protocol, list(readers), actor)
    record_of_protocol(protocol, "protocol_created", actor, dataset=dataset_version.sha256, part=part)
    return protocol


@transaction.atomic
def change_protocol(
    *, protocol: ReadProtocol, changes: Mapping[str, Any], actor: Person, readers: Sequence[Person] | None = None
) -> ReadProtocol:
    """Change a draft; with `readers` also who is to read."""
    held = _held_draft(protocol)
    check_settings(held.study, {"dataset_version": held.dataset_version, "part": held.part} | dict(changes))
    changed = _differences(held, changes)
    for name, value in changes.items():
        setattr(held, name, value)
    held.save(update_fields=list(changes))
    if readers is not None:
        _set_readers(held, readers, actor)
    if changed:
        record_of_protocol(held, "protocol_changed", actor, changes=changed)
    return held


@transaction.atomic
def assign_readers(*, protocol: ReadProtocol, readers: Sequence[Person], actor: Person | None) -> None:
    """These and nobody else are to read; of a draft only."""
    _set_readers(_held_draft(protocol), readers, actor)


def _set_readers(protocol: ReadProtocol, readers: Sequence[Person], actor: Person | None) -> None:
    for reader in readers:
        check_reader(protocol, reader)
    ProtocolReader.objects.filter(protocol=protocol).exclude(reader__in=readers).delete()
    for reader in readers:
        ProtocolReader.objects.get_or_create(protocol=protocol, reader=reader, defaults={"assigned_by": actor})


@transaction.atomic
def freeze_protocol(*, protocol: ReadProtocol, actor: Person) -> ReadProtocol:
    """Freeze the draft and store the plan of every reader's first session."""
    held = _held_draft(protocol)
    readers = [entry.reader for entry in ProtocolReader.objects.filter(protocol=held).select_related("reader")]
    if not readers:
        raise Conflict("Nobody is to read yet: choose readers first.", code="no_readers")
    freeze(held, actor)
    for reader in readers:
        plan_session(protocol=held, reader=reader, seed=fresh_seed(), actor=actor)
    return held


@transaction.atomic
def amend_protocol(
    *, protocol: ReadProtocol, changes: Mapping[str, Any], new_readers: Sequence[Person] = (), reason: str,
    signer: Person, password: str, meaning: str = "I amend this protocol.", seeds: Mapping[int, int] | None = None,
) -> ProtocolAmendment:  # fmt: skip
    """Change a frozen protocol under a signature. What the stored plans rest on does not change: copy it instead.

    `seeds` gives new readers, by their key, an order that is wanted; without it the order is drawn.
    """
    confirm_identity(person=signer, password=password)
    held = hold_blinded(protocol.pk)
    if held.status != ProtocolStatus.OPEN:
        raise Conflict("A draft is simply changed; only a frozen protocol is amended.", code="not_frozen")
    _check_amendment(held, changes, new_readers, reason)
    told: dict[str, Any] = _differences(held, changes)
    if new_readers:
        told["readers"] = {"from": None, "to": [reader.pk for reader in new_readers]}
    if not told:
        raise Conflict("The protocol says this already.", code="unchanged")
    amendment = _sign(held, told, reason.strip(), signer, checked_meaning(meaning))
    ReadProtocol.objects.filter(pk=held.pk).update(version=amendment.version, **changes)
    ProtocolReader.objects.bulk_create(
        ProtocolReader(protocol=held, reader=reader, since_version=amendment.version, assigned_by=signer)
        for reader in new_readers
    )
    record_of_protocol(held, "protocol_amended", signer, version=amendment.version, sha256=amendment.sha256)
    protocol.refresh_from_db()
    for reader in new_readers:
        seed = (seeds or {}).get(reader.pk, fresh_seed())
        plan_session(protocol=protocol, reader=reader, seed=seed, actor=signer)
    return amendment


def _check_amendment(
    protocol: ReadProtocol, changes: Mapping[str, Any], new_readers: Sequence[Person], reason: str
) -> None:
    check_settings(protocol.study, changes)
    fixed = [name for name in changes if name not in AMENDABLE]
    if fixed:
        raise Invalid(
            "The stored plans rest on this: copy the protocol and change the copy.",
            details=[{"field": name, "message": "cannot be amended"} for name in fixed],
        )
    if not reason.strip():
        raise Invalid("Give the reason of the amendment.", details=[{"field": "reason", "message": "is empty"}])
    sessions = ReadSession.objects.filter(protocol=protocol)
    if changes.get("sessions_per_reader", 6) < max(sessions.values_list("number", flat=True), default=1):
        message = "somebody has more sessions than that already"
        raise Invalid(f"{message.capitalize()}.", details=[{"field": "sessions_per_reader", "message": message}])
    for reader in new_readers:
        check_reader(protocol, reader)
        if ProtocolReader.objects.filter(protocol=protocol, reader=reader).exists():
            raise Conflict("One of these reads in this protocol already.", code="assigned_already")


def _sign(
    protocol: ReadProtocol, changes: Mapping[str, Any], reason: str, signer: Person, meaning: str
) -> ProtocolAmendment:
    version, now = protocol.version + 1, timezone.now()
    body = {
        "protocol": protocol.pk, "version": version, "changes": changes, "reason": reason, "signer": signer.pk,
        "name": signer.name, "meaning": meaning, "signed_at": now.isoformat(),
    }  # fmt: skip
    return ProtocolAmendment.objects.create(
        protocol=protocol, version=version, changes=changes, reason=reason, signer=signer, name=signer.name,
        meaning=meaning, signed_at=now, sha256=sha256_of(body),
    )  # fmt: skip


@transaction.atomic
def copy_protocol(*, protocol: ReadProtocol, title: str, actor: Person) -> ReadProtocol:
    """A draft with the same settings and no readers. See `protocol_settings` for what is taken along."""
    copied = {name: getattr(protocol, name) for name in COPIED}
    study = copied.pop("study")
    check_settings(study, copied | {"title": title})
    copy = ReadProtocol.objects.create(
        study=study, title=title.strip(), created_by=actor, copied_from=protocol, **copied
    )
    record_of_protocol(copy, "protocol_copied", actor, copied_from=protocol.pk)
    return copy


def _held_draft(protocol: ReadProtocol) -> ReadProtocol:
    held = hold_blinded(protocol.pk)
    if held.status != ProtocolStatus.DRAFT:
        raise Conflict("This protocol is frozen: it changes only by a signed amendment.", code="frozen")
    return held


def _differences(protocol: ReadProtocol, changes: Mapping[str, Any]) -> dict[str, Any]:
    """{field: {"from", "to"}} of what would change."""

    def told(value: Any) -> Any:
        return value.number if isinstance(value, DatasetVersion) else value

    return {
        name: {"from": told(getattr(protocol, name)), "to": told(value)}
        for name, value in changes.items()
        if name in SETTINGS and getattr(protocol, name) != value
    }
