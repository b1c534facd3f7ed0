"""One judged row as it leaves: plain values, in the words of the command's contract, first the eleven fixed names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from soilrules import analytes, units
from soilrules.messages import Message
from soilrules.standards.judge import Verdict
from soilrules.standards.model import Limit
from soilrules.standards.wording import not_detected

Record = dict[str, Any]
_VALUE, _FACTOR, _DAY, _PH = "\x00", "\x01", "\x02", "\x03"  # stand in a frame's sentence for what differs by row


@dataclass(frozen=True, slots=True)
class Frame:
    """What rows under one ruling with one outcome have in common; value, factor, day and pH differ."""

    fixed: Mapping[str, Any]
    sentence: str
    first: float | None  # the first limit in the unit of the results

    def row(self, record: Mapping[str, Any], value_text: str) -> dict[str, Any]:
        """The row of one record."""
        value = record["value"]
        plain = value is not None and not record["censored"] and self.first is not None
        factor = value / self.first if plain else None
        reason = self.sentence
        if _VALUE in reason:
            reason = reason.replace(_VALUE, value_text)
        if _FACTOR in reason:
            reason = reason.replace(_FACTOR, "" if factor is None else f"{factor:.3g}")
        if _DAY in reason:
            reason = reason.replace(_DAY, str(record["date"]))
        if _PH in reason:
            reason = reason.replace(_PH, f"{record['ph']:g}" if record["ph"] is not None else "")
        return {**self.fixed, **_of_record(record), "factor": _short(factor), "reason": reason}


def frame(verdict: Verdict, *, printed: str, first: float | None, language: str) -> Frame:
    """The frame of rows that share `verdict` but for value, factor, day and pH."""
    params = {**verdict.reason.params, "value_zh": _VALUE, "value_en": _VALUE, "factor": _FACTOR, "on": _DAY, "ph": _PH}
    loose = replace(verdict, reason=replace(verdict.reason, params=params))
    comparable = verdict.screening is not None and first is not None and first > 0
    return Frame(_fixed(verdict, printed, language), loose.sentence(language), first if comparable else None)


def row(
    verdict: Verdict, record: Mapping[str, Any], *, language: str, more: tuple[Message, ...] = ()
) -> dict[str, Any]:
    """The row of one record with a verdict of its own; `more` is said after the reason."""
    gap = "" if language == "zh" else " "
    reason = gap.join((verdict.sentence(language), *(one.sentence(language) for one in more)))
    factor = None if verdict.factor is None else float(verdict.factor)
    fixed = _fixed(verdict, record["analyte"] or "", language)
    return {**fixed, **_of_record(record), "factor": _short(factor), "reason": reason}


def _short(factor: float | None) -> float | None:
    """Six digits: more are an accident of binary fractions."""
    return None if factor is None else float(f"{factor:.6g}")


def value_text(record: Mapping[str, Any], language: str) -> str:
    """The result of a record as a sentence says it; the words are those of soilrules.standards.wording."""
    unit = units.parse(record["unit"]) if record["unit"] else None
    symbol = f" {unit.symbol if unit else record['unit'] or ''}".rstrip()
    if record["censored"]:
        limit = record["detection_limit"]
        return not_detected("" if limit is None else f"{_plain(limit)}{symbol}")[0 if language == "zh" else 1]
    return "" if record["value"] is None else f"{_plain(record['value'])}{symbol}"


def _plain(number: float) -> str:
    return f"{Decimal(repr(number)):f}" if not number.is_integer() else str(int(number))


def _fixed(verdict: Verdict, printed: str, language: str) -> dict[str, Any]:
    known = analytes.all_analytes().get(verdict.analyte)
    limit = verdict.screening
    return {
        "sample": None,
        "analyte": verdict.analyte or printed,
        "value": None,
        "unit": None,
        "verdict": str(verdict.outcome),
        "screening": _number(verdict.screening),
        "control": _number(verdict.control),
        "factor": None,
        "basis": verdict.basis or verdict.standard or None,
        "mark": str(verdict.mark) if verdict.mark else None,
        "reason": "",
        "class": verdict.quality_class or None,
        "cause": str(verdict.cause) if verdict.cause else None,
        "name": known.name(language) if known else printed,
        "limit_unit": limit.unit.symbol if limit else None,
        "limit": str(limit.bound) if limit else None,
        "standard": verdict.standard or None,
        "use": verdict.use or None,
    }


def _number(limit: Limit | None) -> float | None:
    return None if limit is None or limit.bound.upper is None else float(limit.bound.upper)


def _of_record(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "sample": record["sample"] or record["point"],
        "value": record["value"],
        "unit": record["unit"],
        "text": record["text"],
        "censored": record["censored"],
        "detection_limit": record["detection_limit"],
        "ph": record["ph"],
        "date": str(record["date"]) if record["date"] else None,
        "row": record["row"],
        "cell": record["cell"],
    }
