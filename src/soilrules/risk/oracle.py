"""The control values of HJ 25.3 held against the screening values of GB 36600: where formula and statute part, and why.

`python -m soilrules.risk.oracle` writes the page docs/reference/risk-oracle.md to standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import numpy as np

from soilrules.analytes import all_analytes
from soilrules.messages import Message
from soilrules.risk.model import control_values, slopes
from soilrules.risk.parameters import DEFAULT_SET, LAND_CLASSES, parameter_sets, resolve
from soilrules.risk.records import record, records, shipped
from soilrules.risk.substances import Substance, property_values, refusal, substances
from soilrules.standards.library import shipped as standards
from soilrules.strict import Record

TOLERANCE = 0.05
VOC = "voc"
_KEYS = ("standard", "not_risk_based", "stands_for", "background", "reproduced_with")


@dataclass(frozen=True, slots=True)
class Row:
    """One screening value beside what the formulas give; mg/kg. `reason` says why they differ, None where they agree.

    The statute caps volatile organics at soil saturation, the model never does: `by_saturation` marks rows that agree
    only so.
    """

    slug: str
    land_class: int
    screening: Decimal
    control: float | None
    csat: float | None
    agrees: bool
    by_saturation: bool
    reason: Message | None

    @property
    def ratio(self) -> float | None:
        """Formula over statute."""
        return None if self.control is None else self.control / float(self.screening)


def screening_values() -> dict[str, dict[int, Decimal]]:
    """Screening values of GB 36600-2018 by analyte and land class, without those that do not rest on risk."""
    head = _data()
    _, edition = standards().find(head.text("standard"))
    assert edition is not None
    found: dict[str, dict[int, Decimal]] = {}
    for limit in edition.limits:
        if limit.level == "screening" and limit.analyte not in head.texts("not_risk_based"):
            for use in limit.uses:
                found.setdefault(limit.analyte, {})[int(use.removeprefix("class_"))] = limit.upper
    return found


@cache
def rows() -> tuple[Row, ...]:
    """Every screening value beside its control value, in the order of the statute."""
    return tuple(
        _row(slug, land_class, by_class[land_class])
        for slug, by_class in screening_values().items()
        for land_class in LAND_CLASSES
    )


@cache
def parting(slug: str, land_class: int) -> Row | None:
    """The row of an analyte whose control value and screening value part by default; None where they meet or one lacks."""
    found = (row for row in rows() if (row.slug, row.land_class) == (slug, land_class))
    return next((row for row in found if row.reason and row.control is not None), None)


def _data() -> Record:
    return record(shipped("oracle"), "oracle", *_KEYS)


def _row(slug: str, land_class: int, screening: Decimal) -> Row:
    why = refusal(slug) if slug not in records(_data(), "stands_for") else None
    if why:
        return Row(slug, land_class, screening, None, None, False, False, _reason("refused"))
    control, csat = _lowest(slug, land_class, {})
    agrees = _near(control, screening)
    capped = not agrees and all_analytes()[slug].group == VOC and csat < control and _near(csat, screening)
    reason = None if agrees else _reason("saturation") if capped else _explain(slug, land_class, screening, control)
    return Row(
        slug=slug,
        land_class=land_class,
        screening=screening,
        control=control,
        csat=csat if np.isfinite(csat) else None,
        agrees=agrees or capped,
        by_saturation=capped,
        reason=reason,
    )


def _lowest(slug: str, land_class: int, changes: Mapping[str, float | None]) -> tuple[float, float]:
    """(control, csat) of an analyte, the lowest of the substances that stand for it."""
    members = records(_data(), "stands_for").get(slug, [slug])
    assert isinstance(members, list)
    found = [_control(_changed(substances()[member], changes), land_class) for member in members]
    return min(control for control, _ in found), min(csat for _, csat in found)


def _control(substance: Substance, land_class: int) -> tuple[float, float]:
    p, s = resolve(parameter_sets()[DEFAULT_SET], land_class=land_class), property_values(substance)
    found = control_values(p, s, slopes(p, s, land_class=land_class))
    return float(found.control), float(found.csat)


def _changed(substance: Substance, changes: Mapping[str, float | None]) -> Substance:
    values = {**substance.values, **changes}
    return replace(substance, values={key: value for key, value in values.items() if value is not None})


def _near(value: float, screening: Decimal) -> bool:
    return abs(value / float(screening) - 1.0) <= TOLERANCE


def _explain(slug: str, land_class: int, screening: Decimal, control: float) -> Message:
    for change in _changes(slug):
        if _near(_lowest(slug, land_class, change)[0], screening):
            shown = ", ".join(f"{key} {'–' if value is None else f'{value:g}'}" for key, value in change.items())
            return _reason("reproduced", change=shown)
    if slug in _data().texts("background"):
        return _reason("background")
    return _reason("rounding") if _rounds_to(control, screening) else _reason("unknown")


def _changes(slug: str) -> list[dict[str, float | None]]:
    listed = records(_data(), "reproduced_with").get(slug, [])
    assert isinstance(listed, list)
    return [{key: None if value is None else float(value) for key, value in change.items()} for change in listed]


def _rounds_to(control: float, screening: Decimal) -> bool:
    """Whether the control value, rounded to the digits the statute prints, is the statute's value.

    >>> _rounds_to(0.0656, Decimal("0.07")), _rounds_to(0.0656, Decimal("0.070")), _rounds_to(18.2, Decimal("20"))
    (True, False, True)
    """
    fraction = screening.as_tuple().exponent != 0
    digits = len((screening if fraction else screening.normalize()).as_tuple().digits)
    return Decimal(f"{control:.{digits - 1}e}") == screening


def _reason(message_id: str, **params: str) -> Message:
    return Message("risk", "oracle", message_id, params)


HEAD = """# Where the risk formulas and GB 36600 part

Made from the code by `python -m soilrules.risk.oracle > docs/reference/risk-oracle.md`; a test keeps it current.

The screening values of GB 36600-2018 (建设用地土壤污染风险筛选值) were derived with the formulas of HJ 25.3 at a risk of 1e-6
and a hazard quotient of 1. So the control values of [the risk model](risk-model.md) should meet them: {substances} analytes in two
classes of land, {count} values (petroleum hydrocarbons left out: they have no toxicity value). No parameter was fitted.

- **{agree} of {count}** lie within {tolerance} of the statute: {by_control} by the control value itself, {by_saturation} more
  because the statute stops at soil saturation, which the model reports as `csat` and never uses as a cap.
- {known} differ for a reason that is known, {unknown} for none we know.

"Reproduced" means that the formula gives the statute's value with the change named (– is "without"); such a change is
never made in an assessment. Rounding: the control value rounds to the statute's, which is printed with few digits.
"""


def page() -> str:
    """The page of the documentation: the count, and every value the formulas do not give."""
    found = rows()
    apart = [row for row in found if not row.agrees]
    unknown = sum(row.reason is not None and row.reason.id == "unknown" for row in apart)
    by_saturation = sum(row.by_saturation for row in found)
    agree = len(found) - len(apart)
    head = HEAD.format(
        substances=len(found) // len(LAND_CLASSES),
        count=len(found),
        agree=agree,
        tolerance=f"{TOLERANCE:.0%}",
        by_control=agree - by_saturation,
        by_saturation=by_saturation,
        known=len(apart) - unknown,
        unknown=unknown,
    )
    saturated = [row for row in found if row.by_saturation]
    return "\n".join(
        [head, "## Apart", "", *_table(apart), "", "## Met at soil saturation", "", *_table(saturated), ""]
    )


def _table(listed: list[Row]) -> list[str]:
    lines = ["| analyte | class | GB 36600, mg/kg | formula, mg/kg | ratio | csat, mg/kg | why |", "|" + "---|" * 7]
    return lines + [_line(row) for row in listed]


def _line(row: Row) -> str:
    name = all_analytes()[row.slug].name("zh")
    figures = (_figure(row.control), _figure(row.ratio), _figure(row.csat))
    reason = row.reason.sentence("en") if row.reason else ""
    return f"| `{row.slug}` {name} | {row.land_class} | {row.screening} | {' | '.join(figures)} | {reason} |"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


if __name__ == "__main__":
    sys.stdout.write(page())
