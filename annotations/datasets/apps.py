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
        from annotations.datasets.standing_on_labels import freezings_of_labels, versions_with_hip
        from annotations.imaging.radiographs import on_radiograph_changed
        from annotations.labels.label_selectors import dependents, freezings
        from annotations.labels.services import on_label_changed
        from studies.models import Role
        from studies.next_steps import register

        on_label_changed.append(mark_stale)
        freezings.append(freezings_of_labels)
        dependents.append(versions_with_hip)
        on_radiograph_changed.append(recheck_radiograph)
        register("datasets", Role.RESEARCHER, dataset_steps)
