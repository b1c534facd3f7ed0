"""What the check of a file finds: one place, one rule, one sentence; of each rule the first are kept and all counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from soilrules.labcheck.exchange import FOLDER
from soilrules.messages import Message
from soilrules.strict import Record, load_yaml

ROOM = "labcheck"
MOST = 10_000  # findings of one rule that are kept
_LONGEST = 60  # characters of a cell in a sentence
Flags = NDArray[np.bool_]
Params = Callable[[int], Mapping[str, object]]


class Severity(IntEnum):
    """How grave a finding is; `NONE` is a row without any."""

    NONE = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the check. `mark` says how sure it is where it rests on knowledge."""

    id: str
    severity: Severity
    zh: str
    en: str
    mark: str = ""
    in_use: bool = True


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its id."""
    data = Record(load_yaml(FOLDER / "rules.yaml"), "rules.yaml")
    data.only("rules")
    return MappingProxyType({name: _rule(name, row) for name, row in data.mapping("rules").row.items()})


def _rule(name: str, row: Mapping[str, Any]) -> Rule:
    record = Record(row, f"rules.yaml {name}")
    record.only("severity", "mark", "in_use", "zh", "en")
    severity = Severity[record.text("severity").upper()]
    in_use = record.true("in_use") if "in_use" in row else True
    return Rule(name, severity, record.text("zh"), record.text("en"), record.text("mark", ""), in_use)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `row` is counted as in the file, `column` is the heading as printed, blank for the whole file."""

    row: int
    column: str
    rule: str
    severity: Severity
    message: Message

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """For programs, the sentence in `language`."""
        return {
            "row": self.row, "column": self.column, "rule": self.rule, "severity": str(self.severity),
            "message": self.message.sentence(language),
        }  # fmt: skip


@dataclass(slots=True)
class Log:
    """The findings of one file."""

    most: int = MOST
    counts: Counter[str] = field(default_factory=Counter)
    _kept: dict[str, list[Finding]] = field(default_factory=dict)

    def tell(self, rule: str, row: int, column: str, message: Message | None = None, **params: object) -> None:
        """One finding."""
        if not rules()[rule].in_use:
            return
        self.counts[rule] += 1
        kept = self._kept.setdefault(rule, [])
        if len(kept) < self.most:
            texts = {"row": str(row), "column": column} | {name: clipped(value) for name, value in params.items()}
            said = message or Message(ROOM, "findings", rule, texts)
            kept.append(Finding(row, column, rule, rules()[rule].severity, said))

    def add(self, finding: Finding) -> None:
        """A finding made elsewhere, such as by the comparison with history."""
        self.counts[finding.rule] += 1
        kept = self._kept.setdefault(finding.rule, [])
        if len(kept) < self.most:
            kept.append(finding)

    def room(self, rule: str) -> int:
        """How many findings of a rule will still be kept."""
        return self.most - len(self._kept.get(rule, ()))

    def only_count(self, rule: str, count: int) -> None:
        """Count findings that are not kept."""
        self.counts[rule] += count

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that are kept, by row and then by column."""
        every = (one for kept in self._kept.values() for one in kept)
        return tuple(sorted(every, key=lambda one: (one.row, one.column, one.rule)))


def clipped(value: object) -> str:
    """A value as it stands in a sentence."""
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
