"""`soildesk farmland rate`: the safe-use rate of polluted farmland as it is counted here, with every area of the denominator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.farmland.queries import rates
from soildesk.farmland.queries.named import division_called
from soildesk.farmland.queries.rates import Answer, Place
from soildesk.farmland.queries.then import Then
from soildesk.farmland.ratewords import state_word, why_word
from soildesk.farmland.usewords import kind_word, method_word
from soilrules.farmland.rates import RateRow

M2_PER_HA = Decimal(10000)
WIDTHS = (24, 14, 12, 6, 40)
UNKNOWN = "?/"
SHOWN = 200
"""Rows a terminal gets; JSON has all."""


def rate(options: argparse.Namespace) -> None:
    """Count it and say it."""
    by = actor_of(options)
    require(by, "farmland.read")
    on = day_of(options.on, "--on") or clock.today()
    if on > clock.today():
        raise Refused(f"{on} 还没有到：只能算到今天 {clock.today()}。", code="farmland.rate.future")
    answer = rates.by_unit(by, Place(_path(by, options.division, on), Then(options.year, on)))
    if options.json:
        show_json(as_json(answer))
        return
    for line in _lines(answer):
        show(line)


def _path(by: Actor, named: str | None, on: date) -> str:
    """The path of a division by code or name; of one nobody knows, a path nothing lies under: it has no data."""
    if not named:
        return by.person.department.division.path if by.person and by.person.department else ""
    found = division_called(named, on)
    if found is None:
        sys.stderr.write(f"没有叫“{named}”的行政区划，或者不止一个：按没有数据处理。请用行政区划代码。\n")
    return found.path if found else UNKNOWN


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as the contract has it."""
    found = answer.found
    return {
        "rate": None if answer.rate is None else float(answer.rate),
        "method": answer.method.id if answer.method else None,
        "numerator_ha": _hectares(found.numerator_m2) if found else None,
        "denominator_ha": _hectares(found.denominator_m2) if found else None,
        "state": str(answer.state),
        "rows": [_row(one) for one in found.rows] if found else [],
    }


def _row(one: RateRow) -> dict[str, Any]:
    area = _hectares(one.area_m2)
    return {
        "unit": one.unit,
        "class": one.kind,
        "area_ha": area,
        "counts": one.counts,
        "because": one.because.sentence("zh"),
    }


def _hectares(area_m2: Decimal) -> float:
    return float(area_m2 / M2_PER_HA)


def _lines(answer: Answer) -> Iterator[str]:
    then, found = answer.place.then, answer.found
    if answer.rate is None or found is None:
        yield f"{then.year} 年受污染耕地安全利用率（{then.on}）：{why_word(answer)}"
    else:
        yield f"{then.year} 年受污染耕地安全利用率（自算值，{then.on}）：{answer.rate * 100:.2f}%"
        yield f"计入 {_hectares(found.numerator_m2):.4f} 公顷，共 {_hectares(found.denominator_m2):.4f} 公顷。"
    if answer.method:
        yield f"方法：{method_word(answer.method)}（{answer.method.reading}；{answer.method.mark}）"
    yield f"状态：{state_word(answer.state)}"
    if found and found.rows:
        rows = [
            (
                one.unit,
                kind_word(one.kind),
                f"{_hectares(one.area_m2):.4f}",
                "计入" if one.counts else "不计",
                one.because.sentence("zh"),
            )
            for one in found.rows[:SHOWN]
        ]
        yield table([("单元", "类别", "公顷", "计入", "原因"), *rows], WIDTHS)
        if len(found.rows) > SHOWN:
            yield f"只列前 {SHOWN} 行，共 {len(found.rows)} 行：全部用 --json。"
