"""A worker's process for one training task, to be killed: the database's name and the run's id are its arguments."""

from __future__ import annotations

import sys

import django
from django.conf import settings

if __name__ == "__main__":
    django.setup()
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from mlworker.experiments.tasks import train

    train(run_id=int(sys.argv[2]))
