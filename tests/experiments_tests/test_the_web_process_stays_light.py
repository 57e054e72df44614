from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SERVE = """
import sys
import django
django.setup()
from django.urls import get_resolver
import config.wsgi
import mlworker.experiments.tasks

def views(patterns):
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            yield from views(entry.url_patterns)
        else:
            yield entry.callback

count = len(list(views(get_resolver().url_patterns)))
heavy = [name for name in ("tensorflow", "keras", "jax", "torch") if name in sys.modules]
print(count, heavy)
"""


def test_it_loads_no_keras_and_no_tensorflow() -> None:
    """Nor do the modules of the tasks: what a worker needs is loaded with its first job."""
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    environment = os.environ | {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings"}
    told = subprocess.run(
        [sys.executable, "-c", _SERVE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    count, _, heavy = told.partition(" ")
    assert int(count) > 14
    assert heavy == "[]"
