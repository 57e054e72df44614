"""The stored reference values, computed elsewhere (each file names its source)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def reference(name: str) -> Any:
    return json.loads((Path(__file__).parent / "reference_values" / f"{name}.json").read_text())
