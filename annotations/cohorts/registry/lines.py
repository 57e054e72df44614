"""The lines of a text with their numbers, none longer than the limit, and the way back to the second line of a row."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from io import TextIOWrapper

from annotations.cohorts.registry.sources import LONGEST_LINE


class Lines:
    """Gives line after line to a CSV reader and remembers those that it took for the present row."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        # Lines that the reader took since `begin_row`.
        self.taken: list[str] = []
        self.first = 1
        # What is wrong with a line of the present row.
        self.problem = ""

    def begin_row(self) -> None:
        self.first += len(self.taken)
        self.taken.clear()
        self.problem = ""

    def give_back_all_but_the_first(self) -> None:
        """A quotation mark that nothing closes has swallowed good rows: they are read again, each for itself."""
        self._again.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def __iter__(self) -> Iterator[str]:
        read, taken, again = self._text.readline, self.taken, self._again
        while line := (again.popleft() if again else read(LONGEST_LINE)):
            if len(line) >= LONGEST_LINE and line[-1] not in "\r\n":
                self._pass_over()
                line = "\n"
                self.problem = f"is longer than {LONGEST_LINE:,} characters"
            if "\x00" in line:
                line = line.replace("\x00", "")
                self.problem = self.problem or "contains a zero byte"
            taken.append(line)
            yield line

    def _pass_over(self) -> None:
        while (rest := self._text.readline(LONGEST_LINE)) and rest[-1] not in "\r\n":
            pass
