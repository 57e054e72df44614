from __future__ import annotations

from django.apps import AppConfig


class ImagingConfig(AppConfig):
    name = "annotations.imaging"
    label = "imaging"
    verbose_name = "Radiographs"
