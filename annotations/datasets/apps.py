from __future__ import annotations

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "annotations.datasets"
    label = "datasets"
    verbose_name = "Dataset versions"

    def ready(self) -> None:
        from annotations.datasets.next_steps import dataset_steps
        from annotations.datasets.rechecking import recheck_radiograph
        from annotations.datasets.services import mark_stale
        from annotations.imaging.radiographs import on_radiograph_changed
        from annotations.labels.services import on_label_changed
        from studies.models import Role
        from studies.next_steps import register

        on_label_changed.append(mark_stale)
        on_radiograph_changed.append(recheck_radiograph)
        register("datasets", Role.RESEARCHER, dataset_steps)
