from __future__ import annotations

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "annotations.cohorts"
    label = "cohorts"
    verbose_name = "Cohorts"

    def ready(self) -> None:
        from annotations.cohorts.next_steps import cohort_steps
        from studies.models import Role
        from studies.next_steps import register

        register("cohorts", Role.COORDINATOR, cohort_steps)
