from __future__ import annotations

import importlib

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Commands send to our Redis too: until this module is loaded, Celery knows no broker of ours."""
        importlib.import_module("config.celery")
