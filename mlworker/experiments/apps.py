from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "mlworker.experiments"
    label = "experiments"
    verbose_name = "Training, scoring, maps and comparisons"

    def ready(self) -> None:
        from mlworker.experiments.next_steps import researcher_steps
        from studies.models import Role
        from studies.next_steps import register

        register("experiments", Role.RESEARCHER, researcher_steps)
