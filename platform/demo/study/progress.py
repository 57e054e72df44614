"""How far a step is: a bar on a terminal, a line a step elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Tell = Callable[[int, int], None]


class StepReporter:
    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, words: str) -> Iterator[Tell]:
        begin = time.monotonic()
        if not self._console.is_terminal:
            self._console.print(f"    {words} …")
        with Progress(
            TextColumn("    {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), console=self._console, transient=True, disable=not self._console.is_terminal,
        ) as bar:  # fmt: skip
            task = bar.add_task(words, total=None)

            def tell(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            yield tell
        self._console.print(f"    {words}: done ({time.monotonic() - begin:.0f} s)")
