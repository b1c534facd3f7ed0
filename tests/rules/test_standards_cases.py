"""Results against standards: the cases of tests/cases/standards, boundary values first, every outcome and cause among them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from standards_cases import cases, judged, library, read

from soilrules.messages import LANGUAGES
from soilrules.standards.judge import judge
from soilrules.standards.model import Limit
from soilrules.standards.names import resolve
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause, Circumstances
from soilrules.units import parse
from soilrules.verdict import Outcome

ALL = cases()
NOT_OF_ONE_RESULT = {
    Cause.STANDARD_UNKNOWN,
    Cause.STANDARD_MISSING,
    Cause.OTHER_MEDIUM,
    Cause.SUM_INCOMPLETE,
    Cause.SUM_UNDETERMINED,
}
PRINTED = read("gb15618_printed")
LANDS = ("水田", "果园", "其他", "水旱轮作")


def printed(limit: Limit | None) -> str | None:
    return None if limit is None else str(limit.bound)


def same_number(found: Decimal | None, wanted: str | None) -> bool:
    return found is None if wanted is None else found == Decimal(wanted)


CHECKS: dict[str, Callable[[Verdict, Any], bool]] = {
    "outcome": lambda found, wanted: found.outcome == wanted,
    "cause": lambda found, wanted: found.cause == wanted,
    "limit": lambda found, wanted: printed(found.screening) == wanted,
    "control": lambda found, wanted: printed(found.control) == wanted,
    "factor": lambda found, wanted: same_number(found.factor, wanted),
    "analyte": lambda found, wanted: found.analyte == wanted,
    "standard": lambda found, wanted: found.standard == wanted,
    "use": lambda found, wanted: found.use == wanted,
    "class": lambda found, wanted: found.quality_class == wanted,
    "mark": lambda found, wanted: found.mark == wanted,
    "basis": lambda found, wanted: found.basis == wanted,
    "notes": lambda found, wanted: [one.id for one in found.notes] == wanted,
    "says": lambda found, wanted: wanted in found.sentence("zh"),
}


@pytest.mark.parametrize(("file", "case"), ALL, ids=[f"{file}: {case['name']}" for file, case in ALL])
def test_case(file: str, case: dict[str, Any]) -> None:
    verdict = judged(case["given"])

    wrong = [key for key, wanted in case["expect"].items() if not CHECKS[key](verdict, wanted)]
    assert not wrong, (wrong, verdict)
    assert (verdict.outcome is Outcome.UNKNOWN) == (verdict.cause is not None)
    for language in LANGUAGES:
        assert "{" not in verdict.sentence(language)
        assert "  " not in verdict.sentence(language)
    if case["every_verdict"] and verdict.screening and verdict.outcome is not Outcome.UNKNOWN:
        assert verdict.mark == case["every_verdict"]["mark"]
        assert case["every_verdict"]["note"] in [one.id for one in verdict.notes]


def test_every_outcome_and_every_cause_of_one_result_has_a_case() -> None:
    found = [case["expect"] for _, case in ALL]
    ambiguous = resolve("滴滴涕", ()).cause

    assert {one["outcome"] for one in found} == set(Outcome)
    assert {one["cause"] for one in found if "cause" in one} | {ambiguous} == set(Cause) - NOT_OF_ONE_RESULT


@pytest.mark.parametrize("family", ["gb36600", "gb15618"])
def test_every_outcome_of_the_soil_standards_has_a_case(family: str) -> None:
    found = {case["expect"]["outcome"] for file, case in ALL if file == family}

    assert found == {"meets", "unknown", "exceeds_screening", "exceeds_control"}


def screening(analyte: str, land: str, band: int) -> Decimal:
    """The printed screening value; 水旱轮作 takes the stricter of 水田 and 其他."""
    rows = PRINTED["table_1"][analyte]
    own = {use: Decimal(rows.get(use, rows["其他"])[band]) for use in LANDS[:3]}
    return min(own["水田"], own["其他"]) if land == "水旱轮作" else own[land]


def outcome(analyte: str, value: Decimal, land: str, ph: str) -> str:
    given = {"standard": "gb15618", "unit": "mg/kg", "analyte": analyte, "value": f"{value:f}", "use": land, "ph": ph}
    return judged(given).outcome


@pytest.mark.parametrize("land", LANDS)
@pytest.mark.parametrize("analyte", PRINTED["table_1"])
def test_every_cell_of_tables_1_and_3_of_gb15618(analyte: str, land: str) -> None:
    control = PRINTED["table_3"].get(analyte)
    above = Decimal("1.0001")
    for band, examples in enumerate(PRINTED["ph_of_each_band"]):
        for ph in examples:
            limit = screening(analyte, land, band)
            assert outcome(analyte, limit, land, ph) == "meets"
            assert outcome(analyte, limit * above, land, ph) == "exceeds_screening"
            highest = Decimal(control[band]) if control else Decimal("1e9")
            assert outcome(analyte, highest, land, ph) == "exceeds_screening"
            assert outcome(analyte, highest * above, land, ph) == (
                "exceeds_control" if control else "exceeds_screening"
            )


@pytest.mark.parametrize(("analyte", "limit"), PRINTED["table_2"].items())
def test_every_cell_of_table_2_of_gb15618(analyte: str, limit: str) -> None:
    for value, wanted in ((limit, "meets"), (f"{limit}01", "exceeds_screening"), ("1e6", "exceeds_screening")):
        assert judged({"standard": "gb15618", "unit": "mg/kg", "analyte": analyte, "value": value}).outcome == wanted


def test_the_rule_data_of_gb15618_hold_nothing_but_the_printed_tables() -> None:
    edition = library().national("gb15618")[0]
    cells = 4 * sum(map(len, PRINTED["table_1"].values())) + len(PRINTED["table_2"]) + 4 * len(PRINTED["table_3"])

    assert len(edition.limits) == cells


@pytest.mark.parametrize("family", library().families)
def test_each_limit_of_each_standard_is_not_exceeded_by_itself(family: str) -> None:
    """At every upper limit the level is met, just above it is not."""
    for edition in library().national(family):
        for limit in edition.limits:
            if limit.bound.upper is None or (limit.level == "control"):
                continue
            use = next(iter(limit.uses), next(iter(edition.uses), None))
            ph = None if limit.ph is None else limit.ph.high or Decimal(14)
            around = Circumstances(edition.since, use, ph, condition=limit.condition)
            at, over = (
                judge(library(), family, Result(limit.analyte, value, limit.unit), around, level=limit.level)
                for value in (limit.upper, limit.upper * Decimal("1.001"))
            )
            assert at.outcome is Outcome.MEETS, (limit, at)
            assert over.outcome.gravity > Outcome.UNKNOWN.gravity, (limit, over)


def test_a_family_nobody_holds() -> None:
    with pytest.raises(KeyError):
        judge(
            library(),
            "gb9999",
            Result("cadmium", Decimal(1), parse("mg/kg")),
            Circumstances(library().editions[0].since),
        )
