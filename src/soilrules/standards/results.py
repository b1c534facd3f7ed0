"""What a judgement is asked of, one laboratory result, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from soilrules.messages import Message
from soilrules.standards.model import Limit
from soilrules.standards.rulings import Cause
from soilrules.units import Unit
from soilrules.verdict import Mark, Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """One laboratory result of one analyte (its slug).

    `value` is None where nothing was quantified; `censored` says not detected, below `detection_limit` if known.
    `at_least` says that the value is only a lower bound (>1000). `words` holds an answer in words (嗅和味: 无).
    """

    analyte: str
    value: Decimal | None
    unit: Unit | None
    censored: bool = False
    detection_limit: Decimal | None = None
    at_least: bool = False
    words: str = ""
    printed_unit: str = ""  # where it could not be read


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one result. `factor` is value over the first limit (超标倍数 is factor − 1).

    `mark` is that of the least sure limit the answer rests on. `quality_class` is the class of a groundwater index.
    """

    outcome: Outcome
    reason: Message
    analyte: str
    standard: str = ""
    use: str = ""
    basis: str = ""
    cause: Cause | None = None
    screening: Limit | None = None
    control: Limit | None = None
    factor: Decimal | None = None
    mark: Mark | None = None
    quality_class: str = ""
    sum_value: Decimal | None = None  # of a sum, in the unit of its limit; None where a component was not detected
    notes: tuple[Message, ...] = ()

    def sentence(self, language: str = "zh") -> str:
        """The reason and every note, as one text."""
        gap = "" if language == "zh" else " "
        return gap.join(one.sentence(language) for one in (self.reason, *self.notes))
