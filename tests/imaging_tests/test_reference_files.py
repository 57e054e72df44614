"""Files of real devices and hostile ones, each against what a reference renderer, or its author, says of it.

Collected only when LUCENCY_REFERENCE names a folder with a manifest.json:
{"files": [{"id", "file", "expected", "ref"?: {"shape", "mean", "gray64_b64"}}]}.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from annotations.imaging.decoding import decode_frame
from annotations.imaging.processing import parse_dicom
from annotations.imaging.rendering import presentable, render_8_bit
from annotations.imaging.sandbox import Sandbox

FOLDER = Path(os.environ["LUCENCY_REFERENCE"])
FILES = [
    file for file in json.loads((FOLDER / "manifest.json").read_text())["files"] if (FOLDER / file["file"]).exists()
]
RENDERED = [file for file in FILES if file.get("ref") and len(file["ref"]["shape"]) == 2]
REFUSED = [file for file in FILES if file["expected"].startswith("reject")]
ACCEPTED = [file for file in FILES if file["expected"].startswith("renders") and file["kind"] == "hostile"]


def _name(file: dict[str, Any]) -> str:
    return str(file["id"])


@pytest.mark.parametrize("file", RENDERED, ids=_name)
def test_it_renders_like_the_reference(file: dict[str, Any]) -> None:
    dataset, syntax = parse_dicom((FOLDER / file["file"]).read_bytes())
    grey = render_8_bit(presentable(dataset, decode_frame(dataset, syntax)))
    reference = file["ref"]
    assert list(grey.shape) == reference["shape"]
    assert abs(float(grey.mean()) - reference["mean"]) <= 1.0
    small = np.asarray(Image.fromarray(grey).resize((64, 64), Image.Resampling.BOX), dtype=np.int64)
    wanted = np.frombuffer(base64.b64decode(reference["gray64_b64"]), np.uint8).reshape(64, 64)
    assert np.abs(small - wanted).max() <= 4


@pytest.mark.parametrize("file", REFUSED, ids=_name)
def test_it_refuses_with_a_reason(file: dict[str, Any]) -> None:
    sandbox = Sandbox()
    outcome = sandbox.process(FOLDER / file["file"], key=b"k" * 32)
    sandbox.close()
    assert outcome.outcome == "refused"
    assert outcome.reason
    assert outcome.renditions == {}


@pytest.mark.parametrize("file", ACCEPTED, ids=_name)
def test_it_takes_in_what_can_be_made_clean(file: dict[str, Any]) -> None:
    sandbox = Sandbox()
    outcome = sandbox.process(FOLDER / file["file"], key=b"k" * 32)
    sandbox.close()
    assert outcome.outcome == "accepted"
    for forbidden in (b"<script", b"onerror", b"javascript:"):
        assert all(forbidden not in data for data in outcome.renditions.values())
        assert forbidden.decode() not in json.dumps([outcome.fields, outcome.report])
