"""Who must act on a plot, by the law of the day and not by what a plan says."""

from __future__ import annotations

import doctest
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from plot_cases import Case, cases

from soilrules.plots.lifedata import life_table
from soilrules.plots.lifemap import diagram, mermaid
from soilrules.plots.responsible import Liable, Party, Situation, Task, plan_differs, responsible, rows_in
from soilrules.plots.state import Stage
from soilrules.strict import BadRuleData

CASES = cases("responsible")
DATA = Path(__file__).resolve().parents[2] / "src" / "soilrules" / "data" / "plots" / "responsible.yaml"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_who_must_act(case: Case) -> None:
    known = {**case["known"]}
    if "liable" in known:
        known["liable"] = Liable(known["liable"])
    found = responsible(Situation(**known), Task(case["task"]), case["day"])

    assert found.party == case["party"]
    assert [one.id for one in found.bases] == case.get("law", [one.id for one in found.bases])
    assert list(found.open_facts) == case.get("open", [])
    assert "{" not in found.message.sentence("zh") + found.message.sentence("en")
    if "plan" in case:
        said = plan_differs(Party(case["plan"]), found, "实施方案")
        assert (said and case["says"] in said.sentence("zh")) if case["says"] else said is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("when: {recalled: true}\n", "when: {}\n", "expected a condition"),
        ("when: {liable: disputed}", "when: {liable: perhaps}", "expected one of known"),
        ("party: successor", "party: heir", "expected one of liable_party"),
        ("when: {recalled: true}", "when: {sold: true}", "unknown key sold"),
    ],
)
def test_broken_rows_are_refused(old: str, new: str, expected: str, tmp_path: Path) -> None:
    text = DATA.read_text("utf-8")
    assert old in text
    path = tmp_path / "responsible.yaml"
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(BadRuleData, match=expected):
        rows_in(path)


def test_the_drawing_is_the_table() -> None:
    drawn = diagram()
    moves = {
        event for event, row in life_table().transitions.items() if row.to_fact or row.to_works or row.to is not None
    }

    assert {one.stage for one in drawn.nodes} == set(Stage)
    assert {event for one in drawn.arrows for event in one.events} == moves
    assert len({(one.column, one.row) for one in drawn.nodes}) == len(Stage)
    assert not [one for one in drawn.arrows if one.source is one.target]
    assert {one.source for one in drawn.arrows if one.target is Stage.REMOVED} == {Stage.OUTSIDE, Stage.S6}
    for language in ("zh", "en"):
        text = mermaid(language)
        assert text.startswith("stateDiagram-v2")
        assert text.count(" --> ") == len(drawn.arrows) + 1


@pytest.mark.parametrize("name", ["responsible", "lifemap"])
def test_examples_run(name: str) -> None:
    assert not doctest.testmod(import_module(f"soilrules.plots.{name}")).failed


def test_nothing_is_guessed_before_the_law() -> None:
    assert responsible(Situation(recalled=True), Task.SURVEY, date(2018, 12, 31)).party is Party.UNKNOWN
