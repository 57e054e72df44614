from __future__ import annotations

from pathlib import Path

import pytest

from annotations.reads.models import ReadProtocol, ReadSession
from tests.factories import make_session, make_study_to_read


@pytest.fixture
def protocol(db: None, tmp_path: Path) -> ReadProtocol:
    """Two practice cases and four of the sealed part."""
    made = make_study_to_read(tmp_path, loose=5, well_fixed=5)
    assert made.protocol is not None
    return made.protocol


@pytest.fixture
def session(protocol: ReadProtocol) -> ReadSession:
    return make_session(protocol)
