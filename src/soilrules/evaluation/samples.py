"""What a sample's analytes come to together: the gravest outcome, the analyte that governs, the worst class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from soilrules.verdict import Outcome

_CLASSES = ("I", "II", "III", "IV", "V")


@dataclass(slots=True)
class Sample:
    """One sample while its rows go by."""

    outcome: Outcome = Outcome.MEETS
    governing: str = ""
    factor: float = -1.0
    counts: Counter[str] = field(default_factory=Counter)
    quality_class: str = ""
    class_unknown: bool = False

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one judged row in. The gravest outcome is the sample's; of equal ones the highest factor governs."""
        outcome, factor = Outcome(row["verdict"]), row["factor"] if row["factor"] is not None else -1.0
        self.counts[outcome] += 1
        if not self.governing or (outcome.gravity, factor) > (self.outcome.gravity, self.factor):
            self.outcome, self.governing, self.factor = outcome, row["analyte"], factor
        self.class_unknown |= row["class"] is None
        if row["class"] and (
            not self.quality_class or _CLASSES.index(row["class"]) > _CLASSES.index(self.quality_class)
        ):
            self.quality_class = row["class"]

    def shown(self, name: str, *, classed: bool) -> dict[str, Any]:
        """The sample as data; a class is that of the worst index, and not said where an index has none."""
        found = {
            "sample": name,
            "verdict": str(self.outcome),
            "governing": self.governing,
            "factor": None if self.factor < 0 else self.factor,
            "counts": dict(self.counts),
        }
        return found | ({"class": None if self.class_unknown else self.quality_class} if classed else {})


def gravest(samples: Mapping[str, Sample], *, most: int) -> Iterable[tuple[str, Sample]]:
    """The samples that do not meet, the gravest first, at most `most`."""
    poor = [(name, one) for name, one in samples.items() if one.outcome is not Outcome.MEETS]
    poor.sort(key=lambda item: (-item[1].outcome.gravity, -item[1].factor, item[0]))
    return poor[:most]
