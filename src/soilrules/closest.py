"""The known names that look most like a given one, by the measure of difflib, found by counting letters first.

difflib compares a name with every known one. No two names can be more alike than the letters they share allow, so only
those that could still be among the best are compared in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]


class Closest:
    """Names, and how often each letter occurs in them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._lengths: Counts = np.array([len(one) for one in self.names], np.float64)
        self._counts: dict[str, Counts] = {}
        for at, name in enumerate(self.names):
            for letter, times in Counter(name).items():
                self._counts.setdefault(letter, np.zeros(len(self.names)))[at] = times

    def matches(self, name: str, *, count: int, cutoff: float) -> list[str]:
        """What `difflib.get_close_matches` gives: at most `count` names at least `cutoff` alike, best first."""
        most = self._most_alike(name)
        likely = [int(at) for at in np.argsort(-most, kind="stable") if most[at] >= cutoff]
        matcher = SequenceMatcher()
        matcher.set_seq2(name)
        found: list[tuple[float, str]] = []
        for at in likely:
            if len(found) == count and most[at] < found[-1][0]:
                break
            matcher.set_seq1(self.names[at])
            if (alike := matcher.ratio()) >= cutoff:
                found = sorted([*found, (alike, self.names[at])], reverse=True)[:count]
        return [one for _, one in found]

    def _most_alike(self, name: str) -> Counts:
        """How alike `name` and each known name are at most: twice the letters they share over all letters."""
        shared: Counts = np.zeros(len(self.names))
        for letter, times in Counter(name).items():
            if letter in self._counts:
                shared += np.minimum(self._counts[letter], times)
        return 2 * shared / np.maximum(self._lengths + len(name), 1)
