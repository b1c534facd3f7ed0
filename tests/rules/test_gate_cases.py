"""Every check of the gate by case: each outcome, the boundary first, and a day on both sides of the Code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from gate_world import cases, question

from soilrules.gate import Outcome, decide
from soilrules.gate.profiles import CHECKS as LOCAL
from soilrules.gate.results import CheckResult, Force
from soilrules.gate.rules import check_rules
from soilrules.messages import LANGUAGES

CASES = cases("lists", "building", "change", "grounds", "asked", "local", "beside", "aftercare")
CODE = date(2026, 8, 15)
SPOKEN = {True: "yes", False: "no"}


def asked(case: dict[str, Any]) -> Iterator[tuple[date, str, CheckResult]]:
    for day, word in case["says"].items():
        decision = decide(question(case, day))
        yield day, SPOKEN.get(word, word), next(one for one in decision.checks if one.id == case["check"])


def at(value: Any, day: date) -> Any:
    return value.get(day) if isinstance(value, dict) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['check']}: {case['name']}")
def test_case(case: dict[str, Any]) -> None:
    for day, word, result in asked(case):
        assert (day, result.outcome.value) == (day, word), [one.sentence() for one in result.because]
        if (area := at(case.get("m2"), day)) is not None:
            assert result.area_m2 == pytest.approx(area)
        if sentence := at(case.get("sentence"), day):
            assert result.because[0].id == sentence
        if params := at(case.get("params"), day):
            assert params.items() <= result.because[0].params.items()
        if words := at(case.get("words"), day):
            assert len(result.because) == words
        if mark := at(case.get("mark"), day):
            assert result.mark == mark
        if pieces := case.get("pieces_told"):
            assert list(result.pieces) == pieces
    if "decision" in case:
        assert decide(question(case, max(case["says"]))).verdict == case["decision"]


def test_every_outcome_of_every_check_has_a_case() -> None:
    seen = {(case["check"], word) for case in CASES for _, word, _ in asked(case)}
    statutory = {
        "on_roster_sensitive_use", "on_roster_unrelated_build", "use_change_needs_survey", "survey_coverage", "key_unit_transfer",
        "eia_on_unremediated", "suspected_not_surveyed", "polluted_not_assessed", "unused_to_farmland", "farmland_class",
        "priority_farmland",
    }  # fmt: skip
    assert {check for check, word in seen if word == "no"} == statutory
    assert {check for check, _ in seen} == set(check_rules())
    only_outcome = {"planned_use", "sources_reached"}
    for check in set(check_rules()) - only_outcome:
        outcomes = {word for one, word in seen if one == check}
        assert outcomes & {"not_applicable"} or check in ("negative_list", "priority_list"), check
        assert "yes" in outcomes, check


def test_every_check_has_a_day_on_both_sides_of_the_code() -> None:
    before = {case["check"] for case in CASES if min(case["says"]) < CODE}
    after = {case["check"] for case in CASES if max(case["says"]) >= CODE}
    national = set(check_rules()) - set(LOCAL) - {"sources_reached", "province_query"}
    assert national - before == set()
    assert set(check_rules()) - after == set()


def test_a_no_cites_a_text_of_the_day_and_is_statutory() -> None:
    for case in CASES:
        for day in case["says"]:
            for one in decide(question(case, day)).checks:
                if one.outcome is Outcome.NO:
                    assert one.force is Force.STATUTORY
                    assert one.bases
                    assert all(basis.in_force(day) for basis in one.bases)


def test_every_answer_can_be_read_in_both_languages() -> None:
    for case in CASES:
        for day in case["says"]:
            for one in decide(question(case, day)).checks:
                told = [*one.because, *([one.would_change] if one.would_change else [])]
                assert all(message.sentence(language) for message in told for language in LANGUAGES)
                asks = one.outcome in (Outcome.NO, Outcome.CONDITIONS, Outcome.CANNOT_SAY)
                assert (one.would_change is not None) == asks
