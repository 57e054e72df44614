from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_it_gives_a_process_that_only_loads_django_the_broker_of_the_settings() -> None:
    """A management command loads no URLs, so nothing of the web process may be what brings Celery its settings."""
    code = (
        "import django; django.setup(); from celery import current_app; from django.conf import settings; "
        "assert current_app.conf.broker_url == settings.CELERY_BROKER_URL, current_app.conf.broker_url"
    )
    paths = {"PYTHONPATH": "platform:.", "DJANGO_SETTINGS_MODULE": "config.settings"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | paths, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
