"""Judged rows as they leave: JSON objects in the words of the command's contract, first the eleven fixed names.

Rows under one ruling with one outcome differ only in value, factor, day and the like. What they share is written once
as a frame, with marks where rows differ; a row is its frame filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

from soilrules import analytes
from soilrules.messages import Message
from soilrules.standards.model import Limit
from soilrules.standards.results import Verdict
from soilrules.standards.wording import not_detected
from soilrules.units import Unit

Record = dict[str, Any]
encode = json.JSONEncoder(ensure_ascii=False).encode

VARYING = ("sample", "value", "unit", "factor", "text", "detection_limit", "ph", "date", "row", "cell")
TOLD = ("value", "factor", "day", "ph")  # what a frame's sentence may leave open
_MARKS = {name: chr(0xFDD0 + at) for at, name in enumerate((*VARYING, *(f"told {one}" for one in TOLD)))}
_TOLD = {name: _MARKS[f"told {name}"] for name in TOLD}  # noncharacters of Unicode: no text may hold them
_PLACES = {mark: at for at, mark in enumerate(_MARKS.values())}
_OPEN = re.compile(f'"[{_MARKS["sample"]}-{_MARKS["cell"]}]"|[{_TOLD["value"]}-{_TOLD["ph"]}]')


@dataclass(frozen=True)
class Frame:
    """What rows have in common. `first` is the first limit in the unit of the results, for the factor.

    `limits` are those the rows were held against, for the list of limits used.
    """

    fixed: Mapping[str, Any]
    first: float | None
    limits: tuple[Limit, ...] = ()
    factor: float | None = None  # where it is not value over first limit, as of a sum

    @cached_property
    def template(self) -> str:
        """The row as JSON with %s where rows differ."""
        return _OPEN.sub("%s", self._shown.replace("%", "%%"))

    @cached_property
    def pick(self) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Takes what the template asks for from the texts of a row, in the order of VARYING and TOLD."""
        return itemgetter(*(_PLACES[found.strip('"')] for found in _OPEN.findall(self._shown)))

    @cached_property
    def _shown(self) -> str:
        return encode({name: _MARKS[name] if name in VARYING else value for name, value in self.fixed.items()})

    @cached_property
    def tells_factor(self) -> bool:
        """Whether the sentence names the factor."""
        return _TOLD["factor"] in self.fixed["reason"]


@dataclass(frozen=True, slots=True)
class Told:
    """One verdict with what is said beside it: the name as printed, notes of the evaluation, a cause of its own."""

    verdict: Verdict
    printed: str = ""
    unit: Unit | None = None
    more: tuple[Message, ...] = field(default=())  # said after the reason
    note: str | None = None
    cause: str = ""

    def frame(self, language: str, *, shared: bool) -> Frame:
        """The frame of the row, or of all rows that share the verdict but for value, factor, day and pH."""
        verdict = _left_open(self.verdict, self.unit) if shared else self.verdict
        gap = "" if language == "zh" else " "
        reason = gap.join((verdict.sentence(language), *(one.sentence(language) for one in self.more)))
        limits = tuple(filter(None, (verdict.screening, verdict.control)))
        return Frame(self._fixed(reason, language), _first(self.verdict, self.unit), limits)

    def _fixed(self, reason: str, language: str) -> Record:
        verdict, limit = self.verdict, self.verdict.screening
        known = analytes.all_analytes().get(verdict.analyte)
        return {
            "sample": None,
            "analyte": verdict.analyte or self.printed,
            "value": None,
            "unit": None,
            "verdict": str(verdict.outcome),
            "screening": _number(verdict.screening),
            "control": _number(verdict.control),
            "factor": None,
            "basis": verdict.basis or verdict.standard or None,
            "mark": str(verdict.mark) if verdict.mark else None,
            "reason": reason,
            "class": verdict.quality_class or None,
            "cause": self.cause or (str(verdict.cause) if verdict.cause else None),
            "note": self.note,
            "name": known.name(language) if known else self.printed,
            "limit_unit": limit.unit.symbol if limit else None,
            "limit": str(limit.bound) if limit else None,
            "ph_band": str(limit.ph) if limit and limit.ph else None,
            "standard": verdict.standard or None,
            "use": verdict.use or None,
            "text": None,
            "detection_limit": None,
            "ph": None,
            "date": None,
            "row": None,
            "cell": None,
        }


def with_names(text: str) -> str:
    """A frame's sentence to be kept: what it leaves open is `{value}`, `{factor}`, `{day}` or `{ph}`, for `str.format`."""
    kept = text.replace("{", "{{").replace("}", "}}")
    for name, mark in _TOLD.items():
        kept = kept.replace(mark, f"{{{name}}}")
    return kept


def _left_open(verdict: Verdict, unit: Unit | None) -> Verdict:
    """The verdict with a sentence that leaves value, factor, day and pH open."""
    amount = f"{_TOLD['value']} {unit.symbol}" if unit else _TOLD["value"]
    params = verdict.reason.params
    said = (amount, amount)
    if params.get("value_zh", "").startswith(not_detected("")[0]):
        said = not_detected("" if params["value_zh"] == not_detected("")[0] else amount)
    opened = {"value_zh": said[0], "value_en": said[1], "factor": _TOLD["factor"]}
    is_ph = verdict.analyte == "ph"  # the pH told is then the result itself, not that of the sample
    opened |= {"on": _TOLD["day"], "ph": _TOLD["value" if is_ph else "ph"]}
    return replace(verdict, reason=replace(verdict.reason, params={**params, **opened}))


def _first(verdict: Verdict, unit: Unit | None) -> float | None:
    """The first limit in the unit of the result; None where no factor can be said."""
    limit = verdict.screening
    if limit is None or not limit.bound.upper or unit is None or unit.dimension is not limit.unit.dimension:
        return None
    return float(limit.upper * limit.unit.to(unit))


def _number(limit: Limit | None) -> float | None:
    return None if limit is None or limit.bound.upper is None else float(limit.bound.upper)
