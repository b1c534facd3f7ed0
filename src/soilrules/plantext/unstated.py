"""Universal clauses that stand in running text, outside any responsibility bracket."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from soilrules.plantext.brackets import NO_LONGER, clause_units_in, universal_clause
from soilrules.plantext.building import TaskSeed, mentions
from soilrules.plantext.draft import UnitSource
from soilrules.plantext.prose import Clause
from soilrules.plantext.source import Words

REACH = 200


def clauses_in_prose(words: Words, seeds: list[TaskSeed], known: list[Clause]) -> Iterator[Clause]:
    """`以下各项工作均需各县政府落实，不再一一列出。` as a sentence of its own."""
    starts = [seed.text[0] for seed in seeds]
    ends = [clause.text[1] for clause in known]  # in order of print, like the seeds
    for match in NO_LONGER.finditer(words.fold):
        place = bisect_right(ends, match.start())
        if place < len(ends) and known[place].text[0] <= match.start():
            continue
        floor = max(match.start() - REACH, 0)
        begin = max(floor, *(words.fold.rfind(char, floor, match.start()) + 1 for char in "\n。"))
        stretch = universal_clause(words.fold, begin, match.end() + 3)
        units = clause_units_in(words, stretch, ()) if stretch else []
        if stretch and units:
            first = bisect_right(starts, stretch[0])
            part = seeds[first].part if first < len(seeds) else 0
            yield Clause(stretch, mentions(words, units, UnitSource.UNIVERSAL, stretch), first, part)
