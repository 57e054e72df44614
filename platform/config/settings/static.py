"""The built front end, served by the web process."""

from __future__ import annotations

import re

from config.environment import ROOT

FRONT_END_FOLDER = ROOT / "frontend" / "dist"
STATIC_URL = "static/"
WHITENOISE_ROOT = str(FRONT_END_FOLDER)
WHITENOISE_INDEX_FILE = False
WHITENOISE_USE_FINDERS = False
_HASHED = re.compile(r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$")


def _is_immutable(path: str, url: str) -> bool:
    return bool(_HASHED.match(url))


WHITENOISE_IMMUTABLE_FILE_TEST = _is_immutable
