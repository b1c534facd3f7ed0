"""Universal clauses that stand in running text, outside any responsibility bracket."""

from __future__ import annotations

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
    for match in NO_LONGER.finditer(words.fold):
        if any(clause.text[0] <= match.start() < clause.text[1] for clause in known):
            continue
        begin = max(match.start() - REACH, words.fold.rfind("\n", 0, match.start()) + 1,
                    words.fold.rfind("。", 0, match.start()) + 1)
        stretch = universal_clause(words.fold, begin, match.end() + 3)
        units = clause_units_in(words, stretch, ()) if stretch else []
        if stretch and units:
            first = next((at for at, start in enumerate(starts) if start > stretch[0]), len(seeds))
            part = seeds[first].part if first < len(seeds) else 0
            yield Clause(stretch, mentions(words, units, UnitSource.UNIVERSAL, stretch), first, part)
