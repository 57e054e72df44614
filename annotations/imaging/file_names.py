"""Names of uploaded files as coordinators see them. They never become paths here: they may lead anywhere."""

from __future__ import annotations

from pathlib import PurePosixPath

_CHARACTERS = 200


def shown_name(name: str) -> str:
    """The name with its folders, without what leads elsewhere; the end of it when it is long."""
    pure = PurePosixPath(name.replace("\\", "/").replace("\x00", ""))
    return "/".join(part for part in pure.parts if part not in ("..", "/", "."))[-_CHARACTERS:]
