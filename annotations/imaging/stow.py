"""Files that another machine sends by DICOMweb STOW-RS (PS3.18 10.5): each becomes a row of the intake.

Stored, in the words of the answer, means received for intake: whether a file is accepted is for its worker to say and
for the coordinators to see. What cannot be read at all, or is of a kind that is never taken in, fails at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from annotations.imaging.models import IntakeBatch, IntakeFile, SendingToken
from annotations.imaging.receiving import Upload, receive_file
from annotations.imaging.related_parts import BrokenBodyError, Part
from annotations.imaging.sandbox import identify_file
from annotations.imaging.sending_tokens import mark_used
from common import storage
from common.enqueue import enqueue
from common.errors import Unavailable

MOST_PARTS = 20_000
# PS3.18 table I.2-2, and PS3.4 table B.2-1.
OUT_OF_RESOURCES = 0xA700
CANNOT_UNDERSTAND = 0xC000
CLASS_NOT_SUPPORTED = 0x0122
_ONE_BATCH_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Instance:
    """One file of the request, by the names that its sender knows it by; a failure has its reason's number."""

    sop_class_uid: str
    sop_instance_uid: str
    failure: int | None = None


@dataclass(slots=True)
class Stored:
    instances: list[Instance] = field(default_factory=list)
    # Whether the body broke off: what came whole before is stored all the same.
    is_broken: bool = False

    @property
    def status(self) -> int:
        """200 when all are stored, 202 when some are, 409 when none is."""
        failed = sum(1 for instance in self.instances if instance.failure is not None)
        if failed == len(self.instances):
            return 409
        return 202 if failed or self.is_broken else 200

    def as_dicom_json(self) -> dict[str, Any]:
        """The Store Instances Response Module (PS3.18 table I.2-1) in the DICOM JSON model."""
        stored = [_item(instance) for instance in self.instances if instance.failure is None]
        failed = [_item(instance) for instance in self.instances if instance.failure is not None]
        body: dict[str, Any] = {"00081190": {"vr": "UR"}}
        if failed:
            body["00081198"] = {"vr": "SQ", "Value": failed}
        if stored:
            body["00081199"] = {"vr": "SQ", "Value": stored}
        return body


def _item(instance: Instance) -> dict[str, Any]:
    item: dict[str, Any] = {
        "00081150": _uid(instance.sop_class_uid),
        "00081155": _uid(instance.sop_instance_uid),
    }
    if instance.failure is None:
        # Nothing is retrieved from here: what is kept is another file.
        item["00081190"] = {"vr": "UR"}
    else:
        item["00081197"] = {"vr": "US", "Value": [instance.failure]}
    return item


def _uid(uid: str) -> dict[str, Any]:
    return {"vr": "UI", "Value": [uid]} if uid else {"vr": "UI"}


def store_instances(*, token: SendingToken, parts: Iterable[Part]) -> Stored:
    """Take in the parts one by one; what a broken connection leaves behind are whole files."""
    mark_used(token)
    batch = _batch(token)
    stored = Stored()
    try:
        for part in parts:
            if len(stored.instances) >= MOST_PARTS:
                raise BrokenBodyError("There are too many files in one request.")
            stored.instances.append(_store(batch, part, len(stored.instances) + 1))
    except BrokenBodyError:
        stored.is_broken = True
    if not batch.files.exists():
        batch.delete()
    return stored


def _store(batch: IntakeBatch, part: Part, number: int) -> Instance:
    if part.media_type != "application/dicom":
        return Instance("", "", CANNOT_UNDERSTAND)
    try:
        # The worker is woken after it is known what the file is: it takes the original away.
        file = receive_file(batch=batch, upload=Upload(f"sent-{number:05d}.dcm", part.chunks), wake_worker=False)
    except Unavailable:
        return Instance("", "", OUT_OF_RESOURCES)
    if file.outcome:
        return Instance("", "", OUT_OF_RESOURCES)
    return _identified(file)


def _identified(file: IntakeFile) -> Instance:
    found = identify_file(storage.resolve(file.waiting_name))
    enqueue("imaging.process", file_id=file.pk)
    uids = found.fields.get("SOPClassUID", ""), found.fields.get("SOPInstanceUID", "")
    if found.outcome != "identified" or not all(uids):
        return Instance(*uids, CANNOT_UNDERSTAND)
    return Instance(*uids, CLASS_NOT_SUPPORTED if found.reason_code else None)


def _batch(token: SendingToken) -> IntakeBatch:
    """One upload a day for each token: machines send file by file."""
    recent = IntakeBatch.objects.filter(sent_with=token, created_at__gt=Now() - _ONE_BATCH_FOR)
    return recent.order_by("-pk").first() or IntakeBatch.objects.create(study=token.study, sent_with=token)
