from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "mlworker.experiments"
    label = "experiments"
    verbose_name = "Training, scoring, maps and comparisons"
