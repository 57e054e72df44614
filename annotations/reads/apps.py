from __future__ import annotations

from django.apps import AppConfig


class ReadsConfig(AppConfig):
    name = "annotations.reads"
    label = "reads"
    verbose_name = "Blinded reads"
