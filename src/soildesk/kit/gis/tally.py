"""What came of a file: counts by fate, the area, the findings, as a preview and the command tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from soildesk.kit.gis.findings import Finding
from soildesk.kit.gis.judging import CHANGED, NEW, REFUSED, SAME, Judged

FATES = (NEW, CHANGED, SAME, REFUSED)
KEPT = 20_000
"""Findings kept one by one; of more, the counts by kind."""


@dataclass
class Tally:
    """Grows with every chunk."""

    fates: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    area_m2: float = 0.0
    codes: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    notes: list[str] = field(default_factory=list)  # of a rehearsal: what is said of the whole file

    @classmethod
    def of_json(cls, held: Mapping[str, Any], area_m2: float) -> Tally:
        """As it stood after the last chunk."""
        fates = Counter({fate: int(held.get(fate, 0)) for fate in FATES})
        return cls(
            fates, int(held.get("warning", 0)), area_m2, Counter(held.get("codes", {})), int(held.get("kept", 0))
        )

    def as_json(self) -> dict[str, Any]:
        """To be kept with the import; `ok`, `warning`, `refused` and `unchanged` are what every import counts."""
        plain = {fate: self.fates[fate] for fate in FATES}
        written = plain[NEW] + plain[CHANGED]
        return {
            **plain, "ok": max(0, written - self.warned), "warning": self.warned, "unchanged": plain[SAME],
            "codes": dict(self.codes), "kept": self.kept,
        }  # fmt: skip

    def add(self, rows: Iterable[Judged]) -> list[Finding]:
        """Count a chunk; returns the findings that are kept."""
        kept: list[Finding] = []
        for row in rows:
            self.fates[row.fate] += 1
            if row.fate != REFUSED:
                self.area_m2 += row.area_m2
            if row.findings:
                self.warned += row.fate in (NEW, CHANGED) and any(one.severity == "warning" for one in row.findings)
                self.codes.update(one.code for one in row.findings)
                kept += row.findings[: max(0, KEPT - self.kept - len(kept))]
        self.kept += len(kept)
        return kept

    @property
    def rows(self) -> int:
        """All rows read."""
        return sum(self.fates.values())
