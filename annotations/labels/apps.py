from __future__ import annotations

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "annotations.labels"
    label = "labels"
    verbose_name = "Reference standard"

    def ready(self) -> None:
        from annotations.labels.next_steps import adjudicating_steps, reading_steps
        from studies.models import Role
        from studies.next_steps import register

        register("reading notes", Role.ABSTRACTOR, reading_steps)
        register("adjudicating notes", Role.ADJUDICATOR, adjudicating_steps)
