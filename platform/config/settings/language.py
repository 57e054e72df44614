"""Language and time. The page's own texts are in the front end's message catalogue."""

from __future__ import annotations

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
