"""What must never be: a change to sensitive use passed on ground no exit covers, an unknown that passes, a ban overridden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from gate_world import ANSWERED, QUERY, cases, question
from hypothesis import given, settings
from hypothesis import strategies as st

from soilrules.gate import (
    Change,
    GateFacts,
    Ground,
    KeyUnitSite,
    Membership,
    Neighbour,
    PastKind,
    PastUse,
    Piece,
    Plot,
    Report,
    ReportKind,
    Step,
    StepKind,
    Verdict,
    WrittenGround,
    Zone,
    ZoneKind,
    acts,
    decide,
    decide_many,
)
from soilrules.gate.answers import not_applicable
from soilrules.gate.checks import CHECKS
from soilrules.gate.facts import LISTS, Source
from soilrules.gate.profiles import profiles
from soilrules.gate.proof import explore

CODE = date(2026, 8, 15)
DAYS = st.dates(CODE - timedelta(days=900), CODE + timedelta(days=60))
MAYBE = st.sampled_from([None, True, False])
UNKNOWN_FIELDS = (
    "exceeds", "needs_control", "reached", "separate_party", "land_class", "standard_current", "uses_since", "lineage_since", "at_registry",
)  # fmt: skip


@pytest.mark.parametrize("act", ["收回", "改变用途", "施工许可"])
def test_no_question_of_the_small_world_breaks_a_rule(act: str) -> None:
    explored = explore([act])

    assert explored.breaches == ()
    assert explored.questions == 2304
    assert {key for key, _ in explored.verdicts} >= {"pass", "cannot_say"}


def test_the_model_check_would_see_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assessor's slip: a survey that was never filed counts as an exit."""
    monkeypatch.setattr("soilrules.gate.case.frees", lambda report, on: report.exceeds is False)

    assert explore(["规划编制"]).breaches


REPORTS = st.builds(
    Report,
    id=st.sampled_from(["r", "s"]),
    kind=st.sampled_from(list(ReportKind)),
    accepted_on=st.none() | DAYS,
    filed_on=st.none() | DAYS,
    exceeds=MAYBE,
    needs_control=MAYBE,
    reached=MAYBE,
    separate_party=MAYBE,
    removed_on=st.none() | DAYS,
    withdrawn_on=st.none() | DAYS,
    land_class=st.sampled_from([None, "class_1", "class_2"]),
    standard_current=MAYBE,
    uses_since=st.sampled_from([None, (), (Change("dumped", CODE),)]),
    lineage_since=st.sampled_from([None, (), (Change("split", CODE),)]),
    at_registry=MAYBE,
)


def _with_works(plot: Plot) -> Plot:
    """A target that was missed is that of works an assessment asked for, which stay known when the target is forgotten."""
    works = Step(StepKind.REMEDIATION, CODE - timedelta(days=2000))
    return replace(plot, steps=(*plot.steps, works)) if plot.target_reached is False else plot


PLOTS = st.builds(
    Plot,
    id=st.just("p"),
    name=st.just("p"),
    stage=st.sampled_from(["", "S0", "S3"]),
    memberships=st.lists(st.builds(Membership, st.sampled_from(LISTS), DAYS), max_size=2).map(tuple),
    steps=st.lists(
        st.builds(Step, st.sampled_from(list(StepKind)), DAYS, st.none() | DAYS, st.booleans()), max_size=2
    ).map(tuple),
    exceeds=MAYBE,
    target_reached=MAYBE,
    high_risk=MAYBE,
).map(_with_works)
PIECES = st.lists(
    st.tuples(st.sampled_from([0.4, 1.0, 1.01, 300.0]), st.frozensets(st.sampled_from(["p", "r", "s", "k", "h", "z"]))),
    min_size=1, max_size=3,
).map(lambda rows: tuple(Piece(str(at), *row) for at, row in enumerate(rows)))  # fmt: skip
FACTS = st.builds(
    GateFacts,
    act=st.sampled_from(list(acts())),
    use=st.sampled_from(["R2", "R22", "A33", "B1", "M1", "0702", "食品加工", "水田", "16"]),
    on=DAYS,
    ground=PIECES.map(lambda pieces: Ground(sum(one.area_m2 for one in pieces), pieces)),
    current_use=st.sampled_from([None, "R2", "M1", "A1", "B1/R2"]),
    plots=st.lists(PLOTS, max_size=1).map(tuple),
    reports=st.lists(REPORTS, max_size=2, unique_by=lambda one: one.id).map(tuple),
    key_units=st.sampled_from([(), (KeyUnitSite("k", "k", date(2025, 1, 1)),)]),
    history=st.sampled_from([(), *((PastUse("h", kind),) for kind in PastKind)]),
    zones=st.sampled_from([(), *((Zone("z", kind),) for kind in ZoneKind)]),
    neighbours=st.sampled_from([(), *((Neighbour("n", "n", 9.0, state),) for state in (True, False, None))]),
    sources=st.just(ANSWERED),
    query=st.sampled_from([None, QUERY]),
    profile=st.sampled_from([None, *profiles().values()]),
    pollutes=MAYBE,
    food=MAYBE,
)


def forget_source(name: str) -> Callable[[GateFacts], GateFacts]:
    return lambda facts: replace(facts, sources={**facts.sources, name: Source(False)})


def forget_of_report(name: str) -> Callable[[GateFacts], GateFacts]:
    return lambda facts: replace(facts, reports=tuple(replace(one, **{name: None}) for one in facts.reports))


def forget_of_plot(name: str) -> Callable[[GateFacts], GateFacts]:
    return lambda facts: replace(facts, plots=tuple(replace(one, **{name: None}) for one in facts.plots))


def unknown_steps(facts: GateFacts) -> GateFacts:
    forgotten = [replace(one, steps=tuple(replace(step, known=False) for step in one.steps)) for one in facts.plots]
    return replace(facts, plots=tuple(forgotten))


FORGETTING: list[Callable[[GateFacts], GateFacts]] = [
    *(forget_source(one) for one in ANSWERED),
    *(forget_of_report(one) for one in UNKNOWN_FIELDS),
    *(forget_of_plot(one) for one in ("exceeds", "target_reached", "high_risk")),
    unknown_steps,
    lambda facts: replace(facts, current_use=None),
    lambda facts: replace(facts, profile=None),
    lambda facts: replace(facts, query=None),
    lambda facts: replace(facts, pollutes=None),
    lambda facts: replace(facts, food=None),
    lambda facts: replace(facts, history=()),
    lambda facts: replace(facts, neighbours=tuple(replace(one, unfinished=None) for one in facts.neighbours)),
    lambda facts: replace(facts, use="待定"),
]


@settings(max_examples=150, deadline=None)
@given(FACTS, st.sampled_from(FORGETTING))
def test_forgetting_a_fact_never_makes_a_pass(facts: GateFacts, forget: Callable[[GateFacts], GateFacts]) -> None:
    if decide(facts).verdict is not Verdict.PASS:
        assert decide(forget(facts)).verdict is not Verdict.PASS


@settings(max_examples=150, deadline=None)
@given(FACTS)
def test_written_grounds_never_lift_a_ban(facts: GateFacts) -> None:
    before = decide(facts)
    grounds = tuple(WrittenGround(one, "某人", "1号", date(2017, 1, 1), "理由") for one in CHECKS)
    after = decide(replace(facts, grounds=grounds))

    assert (before.verdict is Verdict.BLOCKED) == (after.verdict is Verdict.BLOCKED)
    assert (before.verdict is Verdict.CANNOT_SAY) == (after.verdict is Verdict.CANNOT_SAY)


@settings(max_examples=100, deadline=None)
@given(FACTS)
def test_the_same_facts_in_another_order_give_the_same_answer(facts: GateFacts) -> None:
    turned = replace(
        facts,
        ground=Ground(facts.ground.area_m2, facts.ground.pieces[::-1]),
        plots=facts.plots[::-1],
        reports=facts.reports[::-1],
    )
    one, other = decide(facts), decide(turned)
    assert one.verdict is other.verdict
    assert [(each.id, each.outcome, each.because) for each in one.checks] == [
        (each.id, each.outcome, each.because) for each in other.checks
    ]


def test_many_questions_are_answered_as_one_by_one() -> None:
    found: list[dict[str, Any]] = cases("lists", "change")
    asked = [question(case, day) for case in found for day in case["says"]]

    assert decide_many(asked) == [decide(one) for one in asked]
    assert len({one.rule_set for one in decide_many(asked)}) == 1


def test_where_no_check_of_the_ground_applied_there_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = question({"act": "供地", "use": "M1", "profile": {}}, CODE)
    assert decide(clean).verdict is Verdict.PASS

    kept = {"planned_use", "province_limit", "local_rules", "local_hints"}
    apart = {
        check: run if check in kept else (lambda _: not_applicable("use_sequence")) for check, run in CHECKS.items()
    }
    monkeypatch.setattr(import_module("soilrules.gate.decide"), "CHECKS", apart)
    decision = decide(clean)

    assert decision.verdict is Verdict.CANNOT_SAY
    assert [one.id for one in decision.reasons] == ["none_applied"]
