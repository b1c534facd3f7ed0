"""How alike two tasks or names are, by the pairs of characters they share; linear in the number of tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def bigrams(text: str) -> frozenset[str]:
    """The pairs of neighbouring word characters of a text."""
    kept = "".join(c for c in text if c.isalnum())
    return frozenset(kept[i : i + 2] for i in range(len(kept) - 1))


def likeness(a: str, b: str) -> float:
    """Share of common pairs, 0 to 1 (Dice): 1 for the same words.

    >>> likeness("开展隐患排查", "开展隐患排查")
    1.0
    """
    one, two = bigrams(a), bigrams(b)
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


class Likeness:
    """An index of texts; asks which of them are most like another one, looking only at texts that share pairs."""

    def __init__(self, texts: Iterable[tuple[Key, str]]) -> None:
        self._grams = {key: bigrams(text) for key, text in texts}
        self._where: dict[str, list[Key]] = defaultdict(list)
        for key, grams in self._grams.items():
            for gram in grams:
                self._where[gram].append(key)

    def best(self, text: str, *, least: float, most: int = 3) -> list[tuple[float, Key]]:
        """The keys at least so alike, best first, with their likeness."""
        grams = bigrams(text)
        shared: Counter[Key] = Counter()
        for gram in grams:
            keys = self._where.get(gram, ())
            if len(keys) * 4 <= max(40, len(self._grams)):  # a pair that stands everywhere tells nothing
                shared.update(keys)
        scored = []
        for key, _count in shared.most_common(20):
            other = self._grams[key]
            score = 2 * len(grams & other) / (len(grams) + len(other))
            if score >= least:
                scored.append((score, key))
        return sorted(scored, key=lambda item: -item[0])[:most]
