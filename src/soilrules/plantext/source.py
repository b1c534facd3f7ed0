"""The document without its line noise: the words the grammar reads, each character tied to its place.

`Words.fold` and `Words.print` run in parallel; `at[i]` is where character `i` stands in the source.
Paragraphs broken by pages or fixed line widths are whole again, blanks are gone.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from soilrules.plantext.draft import Field, Span
from soilrules.plantext.normalise import KEPT, LATIN_GAP


@dataclass
class Words:
    """The kept characters of a document, folded and as printed, with their places in the source."""

    source: str
    masked: str  # folded, noise blanked, same length as source
    fold: str = ""
    printed: str = ""
    at: array[int] = field(default_factory=lambda: array("L"))
    gaps: list[int] = field(default_factory=list)  # indices where the source is not contiguous
    lines: list[int] = field(default_factory=list)
    _folds: list[str] = field(default_factory=list)
    _prints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [0, *(match.end() for match in re.finditer("\n", self.source))]

    def add(self, pieces: list[tuple[int, int]]) -> tuple[int, int]:
        """Append the kept characters of source ranges as one run; returns where it begins and ends."""
        begin = len(self.at)
        end_of_last = -1
        for start, end in pieces:
            for match in KEPT.finditer(self.masked, start, end):
                first, last = match.span()
                if end_of_last >= 0 and LATIN_GAP.fullmatch(self.masked, end_of_last, first):
                    self._run(end_of_last, first)
                self._run(first, last)
                end_of_last = last
        return begin, len(self.at)

    def _run(self, start: int, end: int) -> None:
        if not self.at or self.at[-1] != start - 1:
            self.gaps.append(len(self.at))
        self.at.extend(range(start, end))
        self._folds.append(self.masked[start:end])
        self._prints.append(self.source[start:end])

    def close(self) -> None:
        """End the current run: a line end in the words, placed behind the last character."""
        place = self.at[-1] + 1 if self.at else 0
        self.gaps.append(len(self.at))
        self.at.append(place)
        self._folds.append("\n")
        self._prints.append("\n")

    def finish(self) -> None:
        """Join what was added; the words are complete."""
        self.fold, self.printed = "".join(self._folds), "".join(self._prints)
        self._folds, self._prints = [], []

    def strip(self, start: int, end: int, chars: str) -> tuple[int, int]:
        """`start, end` without the given characters at either end."""
        while start < end and self.fold[start] in chars:
            start += 1
        while end > start and self.fold[end - 1] in chars:
            end -= 1
        return start, end

    def gaps_between(self, start: int, end: int) -> list[int]:
        """Indices in `[start, end)` before which the source is not contiguous."""
        return self.gaps[bisect_left(self.gaps, start) : bisect_left(self.gaps, end)]

    def blank_at(self, gap: int) -> bool:
        """Whether nothing but blanks, line ends or markup of the source stands before character `gap`."""
        return self.masked[self.at[gap - 1] + 1 : self.at[gap]].isspace()

    def line_end_at(self, gap: int) -> bool:
        """Whether a line of the source ends before character `gap`."""
        return "\n" in self.source[self.at[gap - 1] + 1 : self.at[gap]]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the words `[start, end)` stand in the source; line ends belong to no span."""
        cuts = [start, *self.gaps[bisect_right(self.gaps, start) : bisect_left(self.gaps, end)], end]
        found: list[Span] = []
        for first, last in pairwise(cuts):
            if self.fold[first] == "\n":
                first += 1
            if first < last:
                found.append(Span(self.at[first], self.at[last - 1] + 1))
        return tuple(found)

    def field(self, start: int, end: int, confidence: float = 1.0, reason: str = "", value: str | None = None) -> Field:
        """A field of the words `[start, end)`, as printed unless `value` says otherwise."""
        words = self.printed[start:end].replace("\n", "") if value is None else value
        return Field(words, self.spans(start, end), confidence, reason)

    def line_of(self, index: int) -> int:
        """The 1-based source line of a character of the words."""
        return bisect_right(self.lines, self.at[index])
