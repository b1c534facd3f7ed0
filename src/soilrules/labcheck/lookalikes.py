"""Numbers of samples that may stand for another: what the eye misses, two neighbours changed about, one character wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_ANY = "\0"
"""Stands for whatever character is there; no number of a sample has it."""


def folded(names: Any) -> Any:
    """Numbers of samples as the eye takes them: one width, one case, one dash, without blanks, O as 0, l and I as 1."""
    plain = pc.utf8_lower(pc.utf8_normalize(names, form="NFKC"))
    plain = pc.replace_substring_regex(plain, "[_‐‑‒–—−]", "-")
    plain = pc.replace_substring_regex(plain, r"\s+", "")
    plain = pc.replace_substring(plain, "o", "0")
    return pc.replace_substring_regex(plain, "[li]", "1")


class Lookalikes:
    """The numbers that are known, ready to be asked which of them an unknown one is meant to be.

    >>> known = Lookalikes(["S101", "S205", "S207"])
    >>> known.meant_by("SlO1"), known.meant_by("S011"), known.meant_by("S109"), known.meant_by("S206")
    ('S101', 'S101', 'S101', '')
    """

    def __init__(self, known: Collection[str]) -> None:
        """Remember the known numbers, each as the eye takes it and with each of its characters left open."""
        names = sorted(known)
        self._same: dict[str, set[str]] = defaultdict(set)
        self._near: dict[str, set[str]] = defaultdict(set)
        for name, plain in zip(names, folded(pa.array(names, pa.string())).to_pylist(), strict=True):
            self._same[plain].add(name)
            for opened in _opened(plain):
                self._near[opened].add(name)

    def meant_by(self, name: str) -> str:
        """The one known number that fits; nothing where none or several do. What the eye misses goes before a slip."""
        plain = folded(pa.array([name], pa.string()))[0].as_py()
        same = self._same.get(plain, set())
        return _only(same) if same else _only(self._slips(plain))

    def _slips(self, plain: str) -> set[str]:
        found = [self._same.get(changed, set()) for changed in _changed_about(plain)]
        found += [self._near.get(opened, set()) for opened in _opened(plain)]
        return set().union(*found)


def _opened(plain: str) -> Iterator[str]:
    """A number with each of its characters left open in turn."""
    return (plain[:at] + _ANY + plain[at + 1 :] for at in range(len(plain)))


def _changed_about(plain: str) -> Iterator[str]:
    """A number with each two neighbours changed about in turn."""
    return (plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :] for at in range(len(plain) - 1))


def _only(names: Collection[str]) -> str:
    return next(iter(names)) if len(names) == 1 else ""
