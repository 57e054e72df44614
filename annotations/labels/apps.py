from __future__ import annotations

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    name = "annotations.labels"
    label = "labels"
    verbose_name = "Reference standard"
