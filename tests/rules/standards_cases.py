"""The cases of tests/cases/standards as results and circumstances, judged with the words a user would write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from soilrules import units
from soilrules.standards import uses
from soilrules.standards.judge import judge
from soilrules.standards.library import Library, shipped
from soilrules.standards.loader import read_edition
from soilrules.standards.names import resolve
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Circumstances
from soilrules.strict import load_yaml
from soilrules.verdict import Outcome

CASES = Path(__file__).resolve().parents[1] / "cases" / "standards"
FILES = ("gb15618", "gb36600", "gbt14848", "gb5084", "gb2762", "local")
ON = date(2026, 11, 22)


@cache
def library() -> Library:
    """The shipped library and the made-up province 99."""
    return shipped().with_editions([read_edition(load_yaml(CASES / "province_99.yaml"), "province_99.yaml")])


def read(name: str) -> dict[str, Any]:
    """A file of tests/cases/standards."""
    data: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text("utf-8"))
    return data


def cases() -> list[tuple[str, dict[str, Any]]]:
    """Every case with the name of its file; what the file says for all is filled in."""
    found = []
    for name in FILES:
        data = read(name)
        for case in data["cases"]:
            given = {"standard": data["standard"], "unit": data.get("unit", "mg/kg"), **case["given"]}
            found.append((name, {**case, "given": given, "every_verdict": data.get("every_verdict")}))
    return found


def result_of(given: dict[str, Any], analyte: str) -> Result:
    """The result of a case as a laboratory's notation says it."""
    printed, text = given["unit"], given.get("value", "")
    unit = units.parse(printed)
    blank = Result(analyte, None, unit, printed_unit="" if unit else printed)
    if text == "ND":
        return replace(blank, censored=True)
    if text.startswith("<"):
        return replace(blank, censored=True, detection_limit=Decimal(text[1:]))
    try:
        return replace(blank, value=Decimal(text.removeprefix(">")), at_least=text.startswith(">"))
    except InvalidOperation:
        return replace(blank, words=text)


def judged(given: dict[str, Any]) -> Verdict:
    """The verdict of a case."""
    family = given["standard"]
    around = Circumstances(
        given.get("day", ON),
        uses.resolve(family, given["use"]) if "use" in given else None,
        Decimal(given["ph"]) if "ph" in given else None,
        given.get("division", ""),
        given.get("condition", ""),
        Decimal(given["background"]) if "background" in given else None,
    )
    named = resolve(given["analyte"], library().national(family))
    if named.cause and named.reason:
        return Verdict(Outcome.UNKNOWN, named.reason, named.slug, cause=named.cause)
    return judge(library(), family, result_of(given, named.slug), around, level=given.get("level", ""))
