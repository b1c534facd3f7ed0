"""The summary of an evaluation: counts, samples, what it was judged by, what was noticed about the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import soilrules
from soilrules import analytes
from soilrules.evaluation.choices import Choices
from soilrules.evaluation.judged import Judged
from soilrules.evaluation.samples import Samples
from soilrules.evaluation.table import Table
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Limit
from soilrules.standards.sources import sources
from soilrules.verdict import Mark, Outcome


@dataclass(slots=True)
class Tally:
    """Counts while rows go by. `classed`: a groundwater class is said for each sample."""

    classed: bool
    rows: int = 0
    words: int = 0  # rows judged by words, as the smell of water is
    outcomes: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    standards: Counter[str] = field(default_factory=Counter)
    limits: dict[int, tuple[Limit, int]] = field(default_factory=dict)  # by identity: a limit stands once in its table
    samples: Samples = field(default_factory=Samples)

    def counted(self, judged: Judged) -> Judged:
        """Take in the rows of one batch and give them back."""
        self.rows += len(judged.codes)
        counts = np.bincount(judged.codes, minlength=len(judged.frames)).tolist()
        for frame, count in zip(judged.frames, counts, strict=True):
            if not count:
                continue
            for counter, name in zip(self._counters, ("verdict", "cause", "mark", "standard"), strict=True):
                if frame.fixed[name]:
                    counter[frame.fixed[name]] += count
            for limit in frame.limits:
                known = self.limits.get(id(limit), (limit, 0))
                self.limits[id(limit)] = limit, known[1] + count
        self.samples.add(judged)
        return judged

    @property
    def _counters(self) -> tuple[Counter[str], ...]:
        return self.outcomes, self.causes, self.marks, self.standards

    def summary(self, table: Table, library: Library, choices: Choices, language: str) -> dict[str, Any]:
        """The summary as data."""
        count, by_outcome = self.samples.by_outcome()
        editions = {one.standard: one for one in library.editions}
        limits = list(self._limits(editions, language))
        return {
            "table": table.name,
            "rows": self.rows,
            "samples": count,
            "verdicts": {str(one): self.outcomes[one] for one in Outcome if self.outcomes[one]},
            "samples_by_verdict": by_outcome,
            "causes": dict(self.causes.most_common()),
            "from_knowledge": self.marks[Mark.FROM_KNOWLEDGE],
            "gravest_samples": self.samples.gravest(classed=self.classed),
            "standards": [
                edition_shown(editions[name], language) | {"results": count} for name, count in self.standards.items()
            ],
            "limits": limits,
            "sources": {
                code: f"{one.name(language)} ({one.where})"
                for code, one in sources().items()
                if any(code in limit["sources"] for limit in limits)
            },
            "problems": [
                {"row": one.row, "cell": one.cell, "count": one.count, "sentence": one.message.sentence(language)}
                for one in table.problems
                if not (one.id == "not_a_number" and one.count <= self.words)
            ],
            "layout": {
                "kind": table.layout.kind,
                "shape": str(table.layout.shape),
                "sheet": table.layout.sheet,
                "encoding": table.layout.encoding,
                "columns": dict(table.layout.by_column),
            },
            "choices": self._choices(choices, editions),
            "rules": {"version": soilrules.__version__, "fingerprint": library.fingerprint},
        }

    def _choices(self, choices: Choices, editions: dict[str, Edition]) -> dict[str, str]:
        """What was chosen; the groundwater class only where it was used."""
        classed = any(editions[name].family == "gbt14848" for name in self.standards)
        return {name: str(value) for name, value in choices.said().items() if name != "level" or classed}

    def _limits(self, editions: dict[str, Edition], language: str) -> Iterator[dict[str, Any]]:
        """Every limit some row was held against, in the order of the tables."""
        order = {id(limit): at for at, limit in enumerate(one for each in editions.values() for one in each.limits)}
        for limit, count in sorted(self.limits.values(), key=lambda item: order.get(id(item[0]), 0)):
            yield limit_shown(limit, editions[limit.edition], language) | {"results": count}


def edition_shown(edition: Edition, language: str) -> dict[str, Any]:
    """An edition as data."""
    return {
        "standard": edition.standard,
        "title": edition.title(language),
        "since": str(edition.since),
        "until": str(edition.until) if edition.until else None,
    }


def limit_shown(limit: Limit, edition: Edition, language: str) -> dict[str, Any]:
    """A limit as data, with where it was read."""
    gap = "、" if language == "zh" else ", "
    return {
        "standard": limit.edition,
        "analyte": limit.analyte,
        "name": analytes.get(limit.analyte).name(language),
        "level": limit.level,
        "use": gap.join(edition.uses[one].name(language) for one in limit.uses),
        "condition": edition.conditions[limit.condition].name(language) if limit.condition else "",
        "ph": str(limit.ph) if limit.ph else "",
        "limit": str(limit.bound),
        "unit": limit.unit.symbol,
        "clause": limit.clause,
        "sources": list(limit.sources),
        "mark": str(limit.mark),
        "keyed_by": limit.keyed_by,
        "checked_by": limit.checked_by or None,
        "note": limit.note,
    }
