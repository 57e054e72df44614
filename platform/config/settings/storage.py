"""Files beside the database: radiographs, arrays, models, maps."""

from __future__ import annotations

from config import environment

VAR_FOLDER = environment.var_folder()
STORAGE_ROOT = environment.text("LUCENCY_STORAGE", str(VAR_FOLDER / "storage"))
# The demo's calculated radiographs: the same for the same seed, so that several folders may share them.
PHANTOM_CACHE = environment.text("LUCENCY_PHANTOM_CACHE", str(VAR_FOLDER / "demo-phantoms"))
# One uploaded file; a 4,300 x 3,500 radiograph of 16 bits has 30 MB.
UPLOAD_LIMIT_BYTES = environment.integer("LUCENCY_UPLOAD_LIMIT_MB", 256, minimum=1, maximum=8192) * 1024 * 1024
# A zip archive, packed and unpacked.
ARCHIVE_LIMIT_BYTES = environment.integer("LUCENCY_ARCHIVE_LIMIT_MB", 16384, minimum=1, maximum=1_048_576) * 1024 * 1024
KEEP_ORIGINALS = environment.boolean("LUCENCY_KEEP_ORIGINALS", False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_PERMISSIONS = 0o600
