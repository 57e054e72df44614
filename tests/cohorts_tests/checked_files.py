"""What the checks of single rows make of a file, without a registry behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from annotations.cohorts.registry.checking import Refused
from annotations.cohorts.registry.opening import OpenedFile, open_file
from annotations.cohorts.registry.sources import Upload
from studies.models import Study


@dataclass(frozen=True)
class Refusal:
    line: int
    column: str
    value: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass
class CheckedFile:
    opened: OpenedFile
    rows: list[tuple[int, list[str | None]]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def values(self) -> list[list[str | None]]:
        return [values for _, values in self.rows]


def open_path(path: Path, *, encoding: str = "", study: Study | None = None) -> OpenedFile:
    upload = Upload(path.name, path.stat().st_size, lambda: path.open("rb"), encoding)
    return open_file(study or Study(pk=0, slug="none"), 1, upload)


def check_file(path: Path, *, encoding: str = "") -> CheckedFile:
    """Every row of a file, passed or refused; raises UnreadableFile where the file as a whole is refused."""
    checked = CheckedFile(open_path(path, encoding=encoding))
    for record in checked.opened.readable.records():
        found = (
            Refused("", "", record.problem)
            if record.problem
            else checked.opened.checker(record.kind).check(record.line, record.cells)
        )
        if isinstance(found, Refused):
            refusal = Refusal(record.line, found.column, found.value, found.reason, tuple(record.cells))
            checked.refusals.append(refusal)
        else:
            checked.rows.append((record.line, found))
    return checked
