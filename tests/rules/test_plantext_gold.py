"""The five published plans, against ledgers made by hand, and what these plans say against themselves."""

from __future__ import annotations

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from rules.plan_score import score
from soilrules.deadlines import closing_term
from soilrules.plantext import PlanDraft, as_json, read
from soilrules.plantext.draft import ConflictKind, Role

ROOT = Path(__file__).resolve().parents[2]
GOLD = sorted((ROOT / "tests" / "cases" / "plantext" / "gold").glob("*.json"))
LEAST = 0.97


@cache
def draft_of(stem: str) -> PlanDraft:
    return read((ROOT / "examples" / "plans" / f"{stem}.txt").read_text("utf-8"))


def draft_starting(prefix: str) -> PlanDraft:
    return draft_of(next(path.stem for path in GOLD if path.stem.startswith(prefix)))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:3])
def test_score(path: Path) -> None:
    assert score(json.loads(path.read_text("utf-8")), as_json(draft_of(path.stem))) >= LEAST


def test_score_can_fail() -> None:
    gold = json.loads(GOLD[0].read_text("utf-8"))
    damaged = copy.deepcopy(gold)
    for task in damaged["tasks"][::4]:
        task["lead"], task["deadline"] = [], "1999-01-01"
    assert score(gold, gold) == 1.0
    assert score(gold, damaged) < LEAST


def test_deadlines_that_differ_between_body_and_annex() -> None:
    draft = draft_starting("000")
    sides = [
        tuple(side.value for side in conflict.sides)
        for conflict in draft.conflicts
        if conflict.kind is ConflictKind.DEADLINES_DIFFER
    ]
    assert sides == [
        ("2021年年底前", "2021年11月底前"),
        ("10月底前", "11月底前"),
        ("2021年4月30日前", "5月底前"),
        ("2021年8月底前", "10月底前"),
    ]


def test_roles_reversed_between_body_and_annex() -> None:
    draft = draft_starting("000")
    reversed_ = [conflict for conflict in draft.conflicts if conflict.kind is ConflictKind.ROLES_REVERSED]
    assert len(reversed_) == 1
    leads = [[unit.name.value for unit in draft.tasks[at].units if unit.role is Role.LEAD] for at in reversed_[0].tasks]
    assert leads == [["区应急管理局"], ["生态环境分局"]]


def test_due_before_the_plan_was_issued() -> None:
    draft = draft_starting("000")
    early = {
        draft.tasks[conflict.tasks[0]].deadlines[0].last
        for conflict in draft.conflicts
        if conflict.kind is ConflictKind.DUE_BEFORE_ISSUE
    }
    assert early == {date(2021, 4, 30), date(2021, 3, 31)}


def test_a_slash_against_a_target() -> None:
    draft = draft_starting("000")
    conflict = next(one for one in draft.conflicts if one.kind is ConflictKind.TARGETS_DIFFER)
    one, other = (draft.indicators[at] for at in conflict.indicators)
    assert (one.target, other.target, other.not_applicable) == (100, None, True)


def test_an_annex_named_but_not_attached() -> None:
    missing = [one.sides[0].value for one in draft_starting("001").conflicts if one.kind is ConflictKind.ANNEX_MISSING]
    assert missing == ["中原区土壤污染防治工作方案重点任务各部门分工表"]


def test_a_universal_clause_governs_every_task_of_the_body() -> None:
    draft = draft_starting("004")
    assert draft.universal_clauses[0].governs == tuple(range(len(draft.tasks)))
    assert all(
        {unit.name.value for unit in task.inherited} == {"各县（区）人民政府", "开发区管委会"} for task in draft.tasks
    )


def test_two_branch_rule() -> None:
    indicator = next(one for one in draft_starting("003").indicators if one.name.value == "重点建设用地安全利用率")
    assert (indicator.target, indicator.comparator) == (100, "=")
    assert indicator.alternative == "或者达到95%以上且依法处罚、整改到位"


def test_every_milestone_is_kept() -> None:
    task = next(one for one in draft_starting("004").tasks if one.number == "（四十四）")
    choice = closing_term(task.deadlines)
    assert choice is not None
    assert choice.term.last == date(2020, 12, 31)
    assert choice.alternatives == (date(2017, 5, 31), date(2017, 6, 30))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem[:3])
def test_numbers_titles_and_sections(path: Path) -> None:
    gold = json.loads(path.read_text("utf-8"))["tasks"]
    tasks = as_json(draft_of(path.stem))["tasks"]
    same = sum(_place(one) == _place(other) for one, other in zip(gold, tasks, strict=True))
    assert same >= 0.95 * len(gold)


def _place(task: dict[str, Any]) -> tuple[str | None, str | None, list[str]]:
    return task["number"], task["title"], ["".join(heading.split()) for heading in task["section"]]
