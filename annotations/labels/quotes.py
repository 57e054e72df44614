"""Words of a note that may be shown outside the notes queue, because a person has released them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import Person
from annotations.cohorts.models import OperativeNote
from annotations.labels.free_text import checked_reason
from annotations.labels.masking import COVER, mask_note
from annotations.labels.models import QuoteRelease
from common import audit
from common.encryption import decrypt, encrypt
from common.errors import Conflict, Invalid, NotFound

LONGEST_QUOTE = 600


@dataclass(frozen=True, slots=True)
class ReleasedQuote:
    hip_id: int
    text: str
    released_by: str
    released_at: datetime


def released_quotes(hips: Collection[int]) -> dict[int, list[ReleasedQuote]]:
    """The words released and not withdrawn, by hip, in the order of their release.

    Whoever calls decides who may see them: before the unblinding no reader may.
    """
    rows = QuoteRelease.objects.filter(hip_id__in=hips, withdrawn_at=None).select_related("released_by").order_by("pk")
    found: dict[int, list[ReleasedQuote]] = defaultdict(list)
    for row in rows:
        quote = ReleasedQuote(row.hip_id, decrypt(row.text_encrypted), row.released_by.name, row.released_at)
        found[row.hip_id].append(quote)
    return dict(found)


def releases_of(note: OperativeNote) -> list[QuoteRelease]:
    """Everything that was ever released of a note, for those who may open it."""
    rows = QuoteRelease.objects.filter(note=note).select_related("released_by", "withdrawn_by")
    return list(rows.order_by("pk"))


@transaction.atomic
def release_quote(*, note: OperativeNote, start: int, end: int, reason: str, actor: Person) -> QuoteRelease:
    """Release these characters of the note, as they are masked. Masking may overlook a name: a person has looked."""
    reason = checked_reason(reason, what="release")
    masked = mask_note(decrypt(note.text_encrypted)).text
    if not 0 <= start < end <= len(masked):
        message = f"received {start} to {end}; the note has {len(masked)} characters"
        raise Invalid("The quotation lies outside the note.", details=[{"field": "end", "message": message}])
    text = masked[start:end]
    if len(text) > LONGEST_QUOTE:
        message = f"received {len(text)} characters; at most {LONGEST_QUOTE} are released at once"
        raise Invalid("The quotation is too long.", details=[{"field": "end", "message": message}])
    if not text.replace(COVER, "").strip():
        raise Invalid("The quotation holds no words.", details=[{"field": "start", "message": "only hidden places"}])
    try:
        with transaction.atomic():
            release = QuoteRelease.objects.create(
                study=note.study, note=note, hip=note.procedure.hip, start=start, end=end,
                text_encrypted=encrypt(text), reason=reason, released_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("These words are released already.", code="released_already") from error
    audit.record(
        actor=actor, action="quote_released", subject=f"note:{note.pk}", study_slug=note.study.slug,
        payload={"release": release.pk, "start": start, "end": end},
    )  # fmt: skip
    return release


@transaction.atomic
def withdraw_quote(*, note: OperativeNote, release_id: int, reason: str, actor: Person) -> QuoteRelease:
    """From now on these words are shown nowhere; that they were released stays on record."""
    reason = checked_reason(reason, what="withdrawal")
    rows = QuoteRelease.objects.filter(note=note, pk=release_id)
    if not rows.exists():
        raise NotFound("There is no such release.")
    live = rows.filter(withdrawn_at=None)
    if not live.update(withdrawn_at=Now(), withdrawn_by=actor, withdrawal_reason=reason):
        raise Conflict("These words have been withdrawn already.", code="withdrawn_already")
    audit.record(
        actor=actor, action="quote_withdrawn", subject=f"note:{note.pk}", study_slug=note.study.slug,
        payload={"release": release_id},
    )  # fmt: skip
    return rows.get()
