from __future__ import annotations

from accounts.models import Person
from annotations.imaging.models import QuarantinedImage, QuarantineState, Radiograph
from studies.models import Study
from studies.next_steps import NextStep


def radiograph_steps(actor: Person, study: Study) -> list[NextStep]:
    """Images that are linked to their hip, of all that were taken in; and images in quarantine."""
    href = f"/studies/{study.slug}/radiographs"
    radiographs = Radiograph.objects.filter(study=study)
    linked = radiographs.filter(hip__isnull=False).count()
    steps = [NextStep("take_in_radiographs", "coordinator", href, linked, radiographs.count(), order=30)]
    images = QuarantinedImage.objects.filter(study=study)
    waiting = images.filter(state__in=(QuarantineState.WAITING, QuarantineState.PROPOSED)).count()
    if waiting:
        href = f"/studies/{study.slug}/quarantine"
        steps.append(
            NextStep("look_at_quarantine", "coordinator", href, images.count() - waiting, images.count(), order=35)
        )
    return steps
