from __future__ import annotations

from django.apps import AppConfig


class ImagingConfig(AppConfig):
    name = "annotations.imaging"
    label = "imaging"
    verbose_name = "Radiographs"

    def ready(self) -> None:
        from annotations.imaging.next_steps import radiograph_steps
        from studies.models import Role
        from studies.next_steps import register

        register("imaging", Role.COORDINATOR, radiograph_steps)
