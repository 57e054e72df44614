from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "mlworker.experiments"
    label = "experiments"
    verbose_name = "Training, scoring, maps and comparisons"

    def ready(self) -> None:
        from annotations.datasets.seal import register_scored_cases
        from annotations.labels.label_selectors import dependents
        from mlworker.experiments.made_from_labels import experiments_with_hip
        from mlworker.experiments.next_steps import researcher_steps
        from mlworker.experiments.sealed_cases import scored_test_cases
        from studies.models import Role
        from studies.next_steps import register

        register_scored_cases(scored_test_cases)
        dependents.append(experiments_with_hip)
        register("experiments", Role.RESEARCHER, researcher_steps)
