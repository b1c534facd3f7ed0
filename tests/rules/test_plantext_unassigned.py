"""Clauses without a unit are no tasks, and none of them is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soilrules.plantext import read

PLANS = Path(__file__).resolve().parents[2] / "examples" / "plans"
HEAD = "青禾区2026年土壤污染防治工作方案\n一、工作目标\n受污染耕地安全利用率达到93%以上。\n"
MATTERS = ("开展隐患排查", "推进信息共享", "落实资金保障", "加强宣传培训", "严格责任考核", "健全工作机制")


@pytest.mark.parametrize(
    ("prefix", "numbers"),
    [
        ("000", ["（一）", "（二）", "（三）", "（四）"]),
        ("001", ["42"]),
        ("002", ["（一）", "（二）", "（三）", "（四）"]),
        ("003", []),
        ("004", []),
    ],
)
def test_the_five_plans(prefix: str, numbers: list[str]) -> None:
    draft = read(next(PLANS.glob(f"{prefix}_*.txt")).read_text("utf-8"))
    assert [one.number for one in draft.unassigned] == numbers
    assert not any(one.units for one in draft.unassigned)
    for one in draft.unassigned:
        printed = "".join(draft.text[span.start : span.end] for span in one.text.spans)
        assert "".join(printed.split()) == "".join(one.text.value.split())


@given(st.lists(st.tuples(st.sampled_from(MATTERS), st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_every_item_is_a_task_or_a_clause(items: list[tuple[str, bool, bool]]) -> None:
    """Whichever items name a unit, with a heading of their own or run in: each is found once, in order of print."""
    lines, expected = ["二、主要任务"], []
    items = [*items, ("总结工作情况", True, False)]
    for at, (matter, named, apart) in enumerate(items, start=1):
        bracket = "（区生态环境局负责）" if named else ""
        lines.append(f"{at}.{matter}" + ("" if apart else f"。第{at}号工作要认真组织落实到位{bracket}。"))
        if apart:
            lines.append(f"第{at}号工作要认真组织落实到位{bracket}。")
        expected.append((str(at), named))
    draft = read(HEAD + "\n".join(lines) + "\n青禾区生态环境局\n2026年3月2日\n")
    found = [(one.line, one.number, bool(one.units)) for one in (*draft.tasks, *draft.unassigned)]
    assert [(number, named) for _line, number, named in sorted(found)] == expected


def test_goals_signatures_dates_and_lists_of_annexes_are_no_clauses() -> None:
    text = HEAD + (
        "二、主要任务\n1.开展隐患排查。完成重点单位隐患排查。（区生态环境局负责）\n"
        "三、保障措施\n围绕以上任务，落实以下措施：\n（一）加强领导。成立专班，统筹推进各项工作。\n"
        "附件：1.青禾区2026年任务分工明细表\n2.青禾区2026年指标分解表\n联系人：张某，电话：1234567\n"
        "青禾区污染防治攻坚战指挥部办公室\n2026年3月2日\n抄送：区人大办公室\n"
    )
    assert [one.number for one in read(text).unassigned] == ["（一）"]


def test_what_stands_behind_a_bracket_in_its_paragraph_is_kept() -> None:
    text = HEAD + (
        "二、主要任务\n1.开展隐患排查。完成重点单位隐患排查。（区生态环境局负责）各镇街要在6月底前报送排查清单和整改方案。\n"
        "2.加强宣传。开展宣传。（区教育局负责）\n"
    )
    draft = read(text)
    (rest,) = draft.unassigned
    assert rest.text.value == "各镇街要在6月底前报送排查清单和整改方案。"
    assert (rest.number, rest.section[-1]) == (None, "二、主要任务")
    assert [term.text for term in rest.deadlines] == ["6月底前"]


def test_a_clause_that_the_table_gives_to_somebody_is_the_row() -> None:
    text = HEAD + (
        "二、主要任务\n（一）开展隐患排查。10月底前完成重点监管单位土壤污染隐患排查。\n（二）加强宣传培训。面向镇街干部和企业举办两期培训班。\n"
        "附件1 任务分工表\n|序号|工作任务|责任单位|完成时限|\n|---|---|---|---|\n"
        "|1|完成重点监管单位土壤污染隐患排查|区生态环境局|2026年10月底前|\n|2|制定年度监测计划|区农业农村局|2026年6月底前|\n"
    )
    draft = read(text)
    assert len(draft.tasks) == 2
    assert [one.number for one in draft.unassigned] == ["（二）"]


def test_a_text_without_tasks_has_no_clauses_either() -> None:
    assert read("通知\n一、会议安排\n请各单位按时参加会议，会期半天，不得请假。\n").unassigned == ()
