"""Radiographs: each uploaded file with what became of it, and the clean image that study uses."""

from __future__ import annotations

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models

from annotations.cohorts.models import Hip, Side
from common.models import Job
from studies.models import Study


class IntakeOutcome(models.TextChoices):
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    # A zip archive: its files are rows of their own.
    UNPACKED = "unpacked"


class SendingToken(models.Model):
    """Lets another machine send DICOM files into one study, and do nothing else. Only its hash is kept."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="sending_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class IntakeBatch(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="intake_batches")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_with = models.ForeignKey(SendingToken, on_delete=models.PROTECT, null=True, related_name="batches")
    created_at = models.DateTimeField(auto_now_add=True)


class PartialUpload(models.Model):
    """A large file that comes piece by piece, so that a broken connection costs one piece. Gone when it is whole."""

    batch = models.ForeignKey(IntakeBatch, on_delete=models.PROTECT, related_name="partial_uploads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What the browser recognises the file by when it is chosen again.
    fingerprint = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    name_encrypted = models.BinaryField()
    # What has come lies here, and its length says how much has come.
    part_name = models.CharField(max_length=200)
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "person", "fingerprint"], name="partial_upload_once"),
        ]


@pghistory.track()
class Radiograph(models.Model):
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="radiographs")
    # Null until the image is linked; an unlinked image waits in the coordinators' queue.
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, null=True, blank=True, related_name="radiographs")
    link_problem = models.CharField(max_length=200, blank=True)
    # A person has decided that it belongs to no hip of the study; it stays, and the decision can be undone.
    is_link_refused = models.BooleanField(default=False)
    laterality = models.CharField(max_length=1, choices=Side.choices, blank=True)
    view = models.CharField(max_length=8, blank=True)
    # The interval to the index procedure; the dates themselves are not kept.
    days_from_index_procedure = models.IntegerField(null=True, blank=True)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    bits_stored = models.PositiveSmallIntegerField()
    pixel_spacing_row_mm = models.FloatField(null=True, blank=True)
    pixel_spacing_column_mm = models.FloatField(null=True, blank=True)
    spacing_kind = models.CharField(max_length=16, default="none")
    window_center = models.FloatField(null=True, blank=True)
    window_width = models.FloatField(null=True, blank=True)
    manufacturer = models.CharField(max_length=64, blank=True)
    fields = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    profile_version = models.CharField(max_length=40)
    pixel_sha256 = models.CharField(max_length=64)
    perceptual_hash = models.CharField(max_length=16, blank=True)
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "pixel_sha256"], name="radiograph_once_per_study"),
        ]


class IdentifierTag(models.TextChoices):
    """Which element of a file names the patient."""

    PATIENT_ID = "patient_id", "Patient ID (0010,0020)"
    ACCESSION_NUMBER = "accession_number", "Accession Number (0008,0050)"


class LinkingRules(models.Model):
    """How a study's radiographs find their hips. A study without a row goes by the defaults."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="linking_rules")
    identifier_tag = models.CharField(max_length=20, choices=IdentifierTag.choices, default=IdentifierTag.PATIENT_ID)
    # The month before revision; for the comparison group one year after the primary, as people keep appointments.
    days_before_revision = models.PositiveIntegerField(default=31)
    days_after_primary_from = models.PositiveIntegerField(default=275)
    days_after_primary_to = models.PositiveIntegerField(default=550)
    views = models.JSONField(default=list)
    # Whether a file that does not say its view may be linked all the same.
    links_unstated_view = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)


class WaitingLink(models.Model):
    """What an image that has no hip yet can be linked by: keyed hashes, and the date encrypted. Shown to nobody.

    It is written when the rules find no hip, and stays for as long as the image, so that a link can be undone.
    """

    radiograph = models.OneToOneField(Radiograph, on_delete=models.CASCADE, null=True, related_name="waiting_link")
    quarantined_image = models.OneToOneField(
        "imaging.QuarantinedImage", on_delete=models.CASCADE, null=True, related_name="waiting_link"
    )
    patient_id_hash = models.CharField(max_length=64, blank=True)
    accession_hash = models.CharField(max_length=64, blank=True)
    # Of the file's name, by which a map may know it.
    file_hash = models.CharField(max_length=64, blank=True)
    acquired_on_encrypted = models.BinaryField(default=bytes)


class MapKey(models.TextChoices):
    """What a line of an identifier map knows a file by."""

    IDENTIFIER = "identifier"
    FILE = "file"


class IdentifierMapEntry(models.Model):
    """One line of a map from what files say to the registry's patients. Encrypted; looked up by a keyed hash."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MapKey.choices)
    key_hash = models.CharField(max_length=64)
    entry_encrypted = models.BinaryField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    brought_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["study", "kind", "key_hash"], name="map_entry_once_per_study"),
        ]


class LinkAct(models.TextChoices):
    LINKED = "linked"
    REFUSED = "refused"
    UNDONE = "undone"


class LinkDecision(models.Model):
    """What a person decided about an image that the rules did not link. An undoing is a decision of its own."""

    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, related_name="link_decisions")
    act = models.CharField(max_length=8, choices=LinkAct.choices)
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, null=True, related_name="+")
    days_from_index_procedure = models.IntegerField(null=True)
    reason = models.CharField(max_length=500)
    # Why it had waited, so that an undoing brings it back as it was.
    problem_before = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="link_decisions_are_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class RenditionKind(models.TextChoices):
    DICOM = "dicom"
    FULL_DEPTH = "full_depth"
    PREVIEW = "preview"
    THUMBNAIL = "thumbnail"
    SOURCE = "source"


class Rendition(models.Model):
    """One stored form of a radiograph: the clean DICOM file, the viewer's, the gallery's, the CNNs'."""

    radiograph = models.ForeignKey(Radiograph, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=12, choices=RenditionKind.choices)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["radiograph", "kind"], name="one_rendition_a_kind"),
        ]


class QuarantineState(models.TextChoices):
    WAITING = "waiting"
    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"


@pghistory.track()
class QuarantinedImage(models.Model):
    """A clean image that may still name its patient in its pixels, until two people have dealt with it.

    Its files lie apart from those of the study, and are removed when it is decided.
    """

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="quarantined_images")
    state = models.CharField(max_length=10, choices=QuarantineState.choices, default=QuarantineState.WAITING)
    # Decided at intake, when the file's identifier was at hand.
    hip = models.ForeignKey(Hip, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link_problem = models.CharField(max_length=200, blank=True)
    days_from_index_procedure = models.IntegerField(null=True, blank=True)
    pixel_sha256 = models.CharField(max_length=64)
    # As found: kept fields, report, profile; replaced by those of the masked image when one is proposed.
    found = models.JSONField(default=dict)
    masked = models.JSONField(default=dict)
    # (top, left, bottom, right) each: where text was found, what was masked, where text was still found after that.
    boxes = models.JSONField(default=list)
    rectangles = models.JSONField(default=list)
    remaining_boxes = models.JSONField(default=list)
    # A folder of the storage each, named by chance; empty when there is none.
    folder = models.CharField(max_length=200)
    masked_folder = models.CharField(max_length=200, blank=True)
    quarantined_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(max_length=500, blank=True)
    radiograph = models.ForeignKey(Radiograph, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["study", "pixel_sha256"],
                condition=models.Q(state__in=["waiting", "proposed"]),
                name="image_once_in_quarantine",
            ),
        ]

    @property
    def proposal(self) -> str:
        """Names what is proposed now; another proposal has another name."""
        return self.masked_folder.rpartition("/")[2]


class IntakeFile(Job):
    """One uploaded file. Its name may identify a patient, so it is encrypted and shown to coordinators alone."""

    batch = models.ForeignKey(IntakeBatch, on_delete=models.PROTECT, related_name="files")
    name_encrypted = models.BinaryField()
    size = models.PositiveBigIntegerField()
    upload_hash = models.CharField(max_length=64)
    # Emptied when the file has been dealt with.
    waiting_name = models.CharField(max_length=200, blank=True)
    # The original, encrypted, where the platform is told to keep originals.
    original_name = models.CharField(max_length=200, blank=True)
    archive = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    # Said by whoever brings the file, where the file itself names no patient.
    named_hip = models.ForeignKey(Hip, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=IntakeOutcome.choices, blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    is_duplicate = models.BooleanField(default=False)
    radiograph = models.ForeignKey(
        Radiograph, on_delete=models.PROTECT, null=True, blank=True, related_name="intake_files"
    )
    quarantined_image = models.ForeignKey(
        QuarantinedImage, on_delete=models.PROTECT, null=True, blank=True, related_name="intake_files"
    )
