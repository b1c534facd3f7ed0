"""Which body task a table row repeats: by shared pairs of characters, through an inverted index.

Pairs of characters that stand in very many places say nothing and are passed over, which also keeps
the work linear in the length of the document.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from math import log

COMMONEST = 60
PUNCTUATION = re.compile(r"[\s，。；：、“”\"‘’（）()《》【】\[\]!！?？.,;:\-—/]+")


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, none across punctuation."""
    return frozenset(run[at : at + 2] for run in PUNCTUATION.split(text) for at in range(len(run) - 1))


class Index:
    """Texts by their pairs of characters; rare pairs weigh more."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.grams = [bigrams(text) for text in texts]
        self.places: dict[str, list[int]] = defaultdict(list)
        for at, grams in enumerate(self.grams):
            for gram in grams:
                self.places[gram].append(at)
        count = len(texts) + 1
        self.weight = {gram: log(1 + count / len(places)) for gram, places in self.places.items()}
        self.unknown = log(1 + count)

    def _mass(self, grams: frozenset[str]) -> float:
        return sum(self.weight.get(gram, self.unknown) for gram in grams)

    def best(self, text: str, *, mutual: bool) -> tuple[int, float] | None:
        """The text most like `text` and how much (0 to 1).

        The measure is the share of `text` found there; `mutual` takes the shorter of the two instead.
        """
        grams = bigrams(text)
        shared: dict[int, float] = defaultdict(float)
        for gram in grams:
            places = self.places.get(gram, ())
            if len(places) <= COMMONEST:
                for place in places:
                    shared[place] += self.weight[gram]
        if not shared:
            return None
        mass = self._mass(grams)

        def likeness(place: int) -> float:
            return shared[place] / (min(mass, self._mass(self.grams[place])) if mutual else mass)

        place = max(sorted(shared), key=likeness) if mutual else max(sorted(shared), key=shared.__getitem__)
        return place, min(likeness(place), 1.0)
