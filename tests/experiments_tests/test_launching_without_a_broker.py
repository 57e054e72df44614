from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from mlworker.experiments.models import TrainingRun
from tests.experiments_tests.small_study import make_small_study

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]

_LAUNCH = """
import sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from annotations.datasets.models import DatasetVersion
from mlworker.experiments.services import start_training
version = DatasetVersion.objects.get(pk=int(sys.argv[2]))
(run,) = start_training(
    version=version, backbones=["compact"], preset="compact", overrides={"batch_size": 8}, actor=None
)
print(run.status)
"""


def test_it_queues_the_run_for_the_sweeper_when_redis_is_away(tmp_path: Path) -> None:
    small = make_small_study(images=False)
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    environment = os.environ | {
        "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings", "REDIS_URL": f"unix://{tmp_path}/away.sock"
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", _LAUNCH, str(connection.settings_dict["NAME"]), str(small.version.pk)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[-1] == "queued"
    assert TrainingRun.objects.get().status == "queued"
