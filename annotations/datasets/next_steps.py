from __future__ import annotations

from accounts.models import Person
from annotations.datasets.models import DatasetVersion
from studies.models import Study
from studies.next_steps import NextStep


def dataset_steps(actor: Person, study: Study) -> list[NextStep]:
    frozen = int(DatasetVersion.objects.filter(study=study, is_practice=False).exists())
    return [NextStep("freeze_dataset", "researcher", f"/studies/{study.slug}/datasets", frozen, 1, order=10)]
