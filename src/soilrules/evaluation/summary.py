"""The summary of an evaluation: counts, samples, what it was judged by, what was noticed about the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import soilrules
from soilrules.evaluation.choices import Choices
from soilrules.evaluation.rows import Record
from soilrules.evaluation.samples import Sample, gravest
from soilrules.labtables import LabTable
from soilrules.standards.library import Library
from soilrules.verdict import Mark

_MOST_SAMPLES = 200


@dataclass(slots=True)
class Tally:
    """Counts while rows go by. `classed`: a groundwater class is said for each sample."""

    classed: bool
    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    standards: Counter[str] = field(default_factory=Counter)
    limits: dict[tuple[str, ...], Record] = field(default_factory=dict)
    samples: dict[str, Sample] = field(default_factory=dict)

    def counted(self, row: Record) -> Record:
        """Take one judged row in and give it back."""
        self.rows += 1
        self.outcomes[row["verdict"]] += 1
        if row["cause"]:
            self.causes[row["cause"]] += 1
        if row["mark"]:
            self.marks[row["mark"]] += 1
        if row["standard"]:
            self.standards[row["standard"]] += 1
        name = row["sample"] or ""
        sample = self.samples.get(name)
        if sample is None:
            sample = self.samples[name] = Sample()
        sample.add(row)
        return row

    def summary(self, table: LabTable, library: Library, choices: Choices, language: str) -> dict[str, Any]:
        """The summary as data."""
        by_outcome = Counter(str(one.outcome) for one in self.samples.values())
        editions = {one.standard: one for one in library.editions}
        return {
            "rows": self.rows,
            "samples": len(self.samples),
            "verdicts": dict(self.outcomes),
            "samples_by_verdict": dict(by_outcome),
            "causes": dict(self.causes),
            "from_knowledge": self.marks[Mark.FROM_KNOWLEDGE],
            "gravest_samples": [
                one.shown(name, classed=self.classed) for name, one in gravest(self.samples, most=_MOST_SAMPLES)
            ],
            "standards": [
                {
                    "standard": name,
                    "title": editions[name].title(language),
                    "since": str(editions[name].since),
                    "until": str(editions[name].until) if editions[name].until else None,
                    "results": count,
                }
                for name, count in self.standards.items()
            ],
            "problems": [
                {"row": one.row, "cell": one.cell, "count": one.count, "sentence": one.message.sentence(language)}
                for one in table.problems
            ],
            "layout": {
                "kind": table.layout.kind,
                "shape": str(table.layout.shape),
                "sheet": table.layout.sheet,
                "encoding": table.layout.encoding,
                "columns": dict(table.layout.by_column),
            },
            "choices": {name: str(value) for name, value in choices.said().items()},
            "rules": {"version": soilrules.__version__, "fingerprint": library.fingerprint},
        }
