"""Reports of a plot: contents, reviewers, experts, firms that mix what stays apart, and the conclusion beside the computed one."""

from __future__ import annotations

import doctest
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
from plot_cases import Case, cases

from soilrules.enterprises.lists import Level
from soilrules.monitoring.density import Place
from soilrules.plots.conflicts import Expert, PartyOfReport, judge_expert, mixed_roles
from soilrules.plots.evidence import (
    computed_exceeds,
    density_fact,
    exceeds_fact,
    soil_density,
    statistics_fact,
    well_density,
)
from soilrules.plots.reports import (
    Agreement,
    FieldKind,
    ReportKind,
    Value,
    check_report,
    compare,
    may_review,
    report_types,
    reports_in,
)
from soilrules.statistics.effect_evaluation import Outcome as Reached
from soilrules.strict import BadRuleData
from soilrules.verdict import Outcome

REPORTS, REVIEWS, EXPERTS, ROLES = (cases(name) for name in ("reports", "reviews", "experts", "roles"))
DENSITY = cases("density")
DATA = Path(__file__).resolve().parents[2] / "src" / "soilrules" / "data" / "plots" / "reports.yaml"


def told(kind: ReportKind, has: dict[str, Value]) -> dict[str, Value]:
    """Values of a case, numbers as numbers."""
    numbers = {one.key for one in report_types()[kind].fields if one.kind is FieldKind.NUMBER}
    return {key: Decimal(str(value)) if key in numbers else value for key, value in has.items()}


@pytest.mark.parametrize("case", REPORTS, ids=[case["name"] for case in REPORTS])
def test_what_a_report_lacks(case: Case) -> None:
    kind = ReportKind(case["report"])
    found = check_report(kind, told(kind, case["has"]), case["day"])

    assert [one.key for one in found.missing] == case["lacks"]
    assert found.complete is not case["lacks"] and found.complete == (not case["lacks"])
    for language in ("zh", "en"):
        assert all(one.name(language) in found.message.sentence(language) for one in found.missing)


def test_a_value_of_another_kind_is_an_error() -> None:
    day = REPORTS[0]["day"]
    with pytest.raises(ValueError, match="exceeds is 'yes'; expected a flag"):
        check_report(ReportKind.PRELIMINARY, {"exceeds": "yes"}, day)
    with pytest.raises(ValueError, match="verdict is 'fine'; expected reached, not_reached"):
        check_report(ReportKind.EFFECT_EVALUATION, {"verdict": "fine"}, day)
    with pytest.raises(ValueError, match="colour is no content"):
        check_report(ReportKind.AFTERCARE, {"colour": "red"}, day)


@pytest.mark.parametrize("case", REVIEWS, ids=lambda case: " ".join(map(str, case.values())))
def test_who_reviews(case: Case) -> None:
    acting_for = Level(case["for"]) if "for" in case else None
    found = may_review(
        ReportKind(case["report"]), Level(case["level"]), acting_for, division=case["division"], on=case["day"]
    )

    assert found.may is case["may"]
    assert found.bases
    assert "{" not in found.message.sentence("zh") + found.message.sentence("en")


@pytest.mark.parametrize("case", EXPERTS, ids=[case["name"] for case in EXPERTS])
def test_an_expert_and_the_parties(case: Case) -> None:
    expert = Expert("甲", case["employer"], case["code"], case["declared"])
    found = judge_expert(expert, [PartyOfReport(name, code) for name, code in case["parties"]])

    assert found.conflict == case["conflict"]
    assert "甲" in found.message.sentence("zh")
    assert "{" not in found.message.sentence("en")


@pytest.mark.parametrize("case", ROLES, ids=[case["name"] for case in ROLES])
def test_firms_that_mix(case: Case) -> None:
    found = mixed_roles(case["firms"], case["division"], case["day"])

    assert {one.code: list(one.activities) for one in found} == case["mixed"]
    assert [basis.id for one in found for basis in one.bases] == case.get("law", [])
    assert all("{" not in one.message.sentence("zh") + one.message.sentence("en") for one in found)


@pytest.mark.parametrize(
    ("own", "computed", "explanation", "agreement"),
    [
        ("within", "within", "", Agreement.AGREES),
        ("within", "exceeds", "", Agreement.DIFFERS),
        ("within", "exceeds", "  ", Agreement.DIFFERS),
        ("within", "exceeds", "背景值高", Agreement.EXPLAINED),
        ("within", None, "", Agreement.UNKNOWN),
        (None, "within", "", Agreement.UNKNOWN),
        ("control", "remediation", "", Agreement.DIFFERS),
    ],
)
def test_the_conclusion_beside_the_computed_one(
    own: str | None, computed: str | None, explanation: str, agreement: Agreement
) -> None:
    found = compare(own, computed, explanation)

    assert found.agreement is agreement
    for language in ("zh", "en"):
        assert "{" not in found.message.sentence(language)


@pytest.mark.parametrize("case", DENSITY, ids=[case["name"] for case in DENSITY])
def test_the_points_of_a_survey(case: Case) -> None:
    area, zone = (None if case.get(key) is None else Decimal(case[key]) for key in ("area", "zone"))
    suspected = case.get("suspected")
    found = soil_density(
        ReportKind(case["report"]), area, case["points"], case["day"], suspected=suspected, zone_m2=zone
    )

    assert density_fact([found], case.get("explanation", "")) == case["fact"]


def test_wells_have_to_stand_where_the_flow_is_seen() -> None:
    def wells(places: list[Place]) -> str | None:
        return density_fact([well_density(ReportKind.PRELIMINARY, Decimal(4000), 3, DENSITY[0]["day"], places=places)])

    assert wells([*Place]) == "meets"
    assert wells([Place.KEY_AREA, Place.DOWN_GRADIENT]) == "too_few"
    with pytest.raises(ValueError, match="aftercare is no survey"):
        well_density(ReportKind.AFTERCARE, Decimal(4000), 3, DENSITY[0]["day"])


def test_what_the_data_say_is_what_the_event_is_told() -> None:
    assert computed_exceeds([]) is None
    assert computed_exceeds([Outcome.MEETS]) is False
    assert computed_exceeds([Outcome.MEETS, Outcome.UNKNOWN]) is None
    assert computed_exceeds([Outcome.UNKNOWN, Outcome.EXCEEDS_SCREENING]) is True
    assert exceeds_fact(own=False, computed=None) is False
    assert exceeds_fact(own=False, computed=True) is None
    assert exceeds_fact(own=False, computed=True, explanation="背景值") is False
    assert exceeds_fact(own=None, computed=False) is None
    assert statistics_fact([]) is None
    assert statistics_fact([Reached.REACHED, Reached.UNKNOWN]) is None
    assert statistics_fact([Reached.UNKNOWN, Reached.NOT_REACHED]) == "failed"
    assert statistics_fact([Reached.REACHED]) == "passed"


def test_every_field_is_named() -> None:
    for report in report_types().values():
        for language in ("zh", "en"):
            assert report.name(language)
            assert all(one.name(language) for one in report.fields)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  - key: detailed", "  - key: preliminary", "expected each of preliminary"),
        ("when: {exceeds: true}", "when: {exceed: true}", "those that others depend on"),
        ("bases: [credit53], mark", "bases: [], mark", "expected a citation"),
        ("reviewers: [province]", "reviewers: [state]", "expected some of county"),
        ("kind: flag, must_be", "kind: bool, must_be", "expected one of text"),
    ],
)
def test_broken_data_is_refused(old: str, new: str, expected: str, tmp_path: Path) -> None:
    text = DATA.read_text("utf-8")
    assert old in text
    path = tmp_path / "reports.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadRuleData, match=expected):
        reports_in(path)


@pytest.mark.parametrize("name", ["reports", "conflicts", "evidence", "matching", "quality_forms", "first_pass"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.plots.{name}")).failed
