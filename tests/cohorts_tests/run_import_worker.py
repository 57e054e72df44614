"""A worker's process for one import, to be killed: the database's name and the import's id are its arguments."""

from __future__ import annotations

import sys

import django
from django.conf import settings

if __name__ == "__main__":
    django.setup()
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    from annotations.cohorts.tasks import import_registry

    import_registry(import_id=int(sys.argv[2]))
