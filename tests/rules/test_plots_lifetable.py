"""The life of a plot by cases an expert reads, and what no history whatever may bring about."""

from __future__ import annotations

import doctest
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from plot_cases import Case, cases, event, history_of

from soilrules.bases import bases_on
from soilrules.plots.explore import explore
from soilrules.plots.guards import Answer
from soilrules.plots.life import START, History, Refused, admit, apply, next_steps, replay
from soilrules.plots.lifedata import life_table, table_in
from soilrules.plots.lists import ListKey, plot_lists
from soilrules.plots.state import EventKind, Stage
from soilrules.strict import BadRuleData

CASES = cases("life")
DATA = Path(__file__).resolve().parents[2] / "src" / "soilrules" / "data" / "plots"
SIDE = ("negative_listed", "negative_left", "priority_listed", "priority_left", "violation_found", "violation_settled")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_history(case: Case) -> None:
    events = history_of(case)
    history = replay(events)

    assert history.state.stage == case["stage"]
    assert history.state.lists == set(case["lists"])
    assert history.state.exit == case["exit"]
    assert history.state.aftercare == case.get("aftercare", history.state.aftercare)
    assert history.state.violations == set(case.get("violations", history.state.violations))
    for key, stays in case.get("stays", {}).items():
        assert [[one.since, one.until] for one in history.stays if one.list_key == key] == stays
    for kind, ids in case.get("law", {}).items():
        on = next(one.on for one in events if one.kind == kind)
        assert [one.id for one in bases_on(life_table().transitions[EventKind(kind)].bases, on)] == ids


@pytest.mark.parametrize("case", [one for one in CASES if "refused" in one], ids=lambda case: case["name"])
def test_what_was_refused_and_why(case: Case) -> None:
    first: dict[str, Refused] = {}
    for one in replay(history_of(case)).refused:
        first.setdefault(one.event.kind, one)

    for kind, (why, *guards) in case["refused"].items():
        assert first[kind].why == why
        assert [one.guard.id for one in first[kind].findings] == guards
        assert first[kind].bases or why == "no_basis"
        for language in ("zh", "en"):
            assert "{" not in first[kind].message.sentence(language)


def test_what_no_case_refuses_is_not_refused() -> None:
    wrong = {case["name"] for case in CASES if replay(history_of(case)).refused and "refused" not in case}
    assert wrong == set()


def test_every_state_that_can_be_reached_keeps_its_promises() -> None:
    core = explore(kinds=set(EventKind) - {EventKind(one) for one in SIDE})

    assert core.broken == ()
    assert core.states > 1000
    assert all(core.by_stage.values())


def test_a_table_without_its_guard_is_found_out(tmp_path: Path) -> None:
    text = (DATA / "life.yaml").read_text("utf-8")
    for old, new, expected in (
        ("[on_roster, target_is_reached, applied, evaluator_independent, announced, announcement_filed]", "[on_roster, announced, announcement_filed]", "removed before the target was reached"),
        ("[works_are_finished, evaluator_told, evaluator_independent]", "[works_are_finished, evaluator_told]", "on the word of one who did the works"),
    ):  # fmt: skip
        assert old in text
        path = tmp_path / "life.yaml"
        changed = text.replace(old, new).replace(
            "statistics_passed, evaluator_independent, filed", "statistics_passed, filed"
        )
        path.write_text(changed.replace("applied, evaluator_independent,", "applied,"), "utf-8")
        kinds = set(EventKind) - {EventKind(one) for one in (*SIDE, "suspected_listed", "polluted_listed")}
        assert any(expected in one for one in explore(kinds=kinds, table=table_in(path)).broken)


def test_here_you_are_and_this_is_missing() -> None:
    history = replay(
        history_of(
            {
                "events": [
                    ["survey_required", date(2026, 9, 1), "county"],
                    ["preliminary_exceeds", date(2026, 9, 2), "county"],
                ]
            }
        )
    )
    steps = {one.event: one for one in next_steps(history.state, date(2026, 9, 3))}

    assert next(iter(steps.values())).main
    assert steps[EventKind.DETAILED_EXCEEDS].to is Stage.S3
    assert not steps[EventKind.DETAILED_EXCEEDS].ready
    assert not steps[EventKind.DETAILED_EXCEEDS].blocked
    assert [one.guard.id for one in steps[EventKind.RISK_LEVEL_SET].blocked] == ["on_polluted"]
    assert [one.id for one in steps[EventKind.DETAILED_EXCEEDS].bases] == ["code.survey_review", "order42.detailed"]
    assert EventKind.ROSTER_LISTED not in steps
    told = event(["detailed_exceeds", date(2026, 9, 3), "city"])
    known = next_steps(history.state, date(2026, 9, 3), {told.kind: told.facts})
    assert next(one for one in known if one.event is told.kind).ready
    assert all(one.answer is not Answer.MET for step in known for one in step.missing)


def test_a_past_day_has_its_lists_and_its_stage() -> None:
    case = next(one for one in CASES if one["name"].startswith("exit ③"))
    history = replay(history_of(case))

    assert history.lists_on(date(2021, 3, 19)) == set()
    assert history.lists_on(date(2021, 3, 20)) == {ListKey.ROSTER}
    assert history.lists_on(date(2022, 10, 31)) == {ListKey.ROSTER}
    assert history.lists_on(date(2022, 11, 1)) == set()
    assert history.stage_on(date(2020, 2, 29)) is Stage.OUTSIDE
    assert history.stage_on(date(2022, 5, 9)) is Stage.S5
    assert [(one.exit, one.since, one.until) for one in history.leaves] == [("effect", date(2022, 11, 1), None)]


def test_an_event_of_an_earlier_day_may_not_undo_a_later_one() -> None:
    events = history_of(
        {"events": [["survey_required", date(2020, 3, 1), "county"], ["preliminary_begun", date(2020, 4, 1)]]}
    )
    late = event(["preliminary_within", date(2020, 3, 15), "county"])
    notice = event(["notice_served", date(2020, 3, 15), "county"])

    refused = admit(events, late)
    assert isinstance(refused, Refused)
    assert refused.event.kind is EventKind.PRELIMINARY_BEGUN
    assert isinstance(admit(events, notice), History)
    before = apply(replay(events).state, notice)
    assert isinstance(before, Refused)
    assert before.why == "order"


def test_a_fact_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="colour is no fact"):
        apply(START, event(["survey_required", date(2020, 3, 1), "county", {"colour": "red"}]))
    with pytest.raises(ValueError, match="exceeds is 'yes'; expected a flag"):
        apply(START, event(["preliminary_within", date(2020, 3, 1), "county", {"exceeds": "yes"}]))
    with pytest.raises(ValueError, match="column is 'third'; expected first, second, other"):
        apply(START, event(["preliminary_within", date(2020, 3, 1), "county", {"column": "third"}]))


BROKEN = {
    "another level": ("    by: [province]\n    guards: [not_on_roster", "    by: [city]\n    guards: [not_on_roster", "roster: events or levels are not those"),
    "another event": ("    enters: roster\n", "", "roster: events or levels"),
    "unknown guard": ("guards: [not_suspected, reason_told", "guards: [not_suspcted, reason_told", "not_suspcted; expected ids of guards"),
    "unknown key": ("    leaves: roster", "    leafs: roster", "unknown key leafs"),
    "an exit that does not leave": ("    to: S2\n", "    to: S2\n    exit: survey\n", "expected an exit where it leaves"),
    "no citation": ("    bases: [law.roster, code.roster]", "    bases: []", "expected a stage it comes from and a citation"),
    "a stage missing": ("  - {key: S1, at: [2, 1]}\n", "", "S1 has no row"),
    "twice": ("  - {id: announced,", "  - {id: reason_told,", "guards: reason_told stands twice"),
    "a fact of another kind": ("kind: given, fact: number", "kind: done, fact: number", "with the kind done"),
    "a value there is not": ("values: [passed], bases: [hj255]", "values: [well], bases: [hj255]", "expected some of passed, failed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused(name: str, tmp_path: Path) -> None:
    old, new, expected = BROKEN[name]
    text = (DATA / "life.yaml").read_text("utf-8")
    assert old in text
    path = tmp_path / "life.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadRuleData, match=expected):
        table_in(path)


def test_every_word_has_both_languages() -> None:
    table = life_table()
    for language in ("zh", "en"):
        assert all(
            row.name(language) and one.asks.sentence(language)
            for row in table.transitions.values()
            for one in row.guards
        )
        assert all(spec.name(language) for spec in table.facts.values())
        assert all(one.name(language) for one in plot_lists().values())


@pytest.mark.parametrize("name", ["lists", "deadlines"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.plots.{name}")).failed
