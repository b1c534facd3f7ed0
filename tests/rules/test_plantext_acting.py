"""Who acts is read from sentences and lines too: what a paper gives to somebody is a task, what merely begins with a unit is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soilrules.plantext import read
from soilrules.plantext.draft import PlanDraft, TaskDraft

PLANS = Path(__file__).resolve().parents[2] / "examples" / "plans"
HEAD = (
    "戊县2026年土壤污染防治工作方案\n\n一、主要任务\n\n（一）加强源头防控。6月底前完成隐患排查。（县生态环境局牵头）\n\n"
    "二、保障措施\n\n"
)


def plan(*clauses: str) -> PlanDraft:
    return read(HEAD + "\n\n".join(clauses) + "\n")


def units(task: TaskDraft) -> list[str]:
    return [unit.name.value for unit in task.units]


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ("（一）落实资金。由县财政局统筹土壤污染防治专项资金，保障重点任务实施。", ["县财政局"]),
        ("（一）加强宣传。利用世界环境日，由县委宣传部组织开展主题宣传。", ["县委宣传部"]),
        ("（一）实施项目。加大投入，由各镇人民政府组织实施辖区内项目。", ["各镇人民政府"]),
        ("（一）考核。每季度由县水利局、县财政局等部门共同开展核查，9月底前汇总。", ["县水利局", "县财政局"]),
    ],
)
def test_what_the_paper_gives_to_somebody_is_a_task(clause: str, named: list[str]) -> None:
    draft = plan(clause)
    assert [units(task) for task in draft.tasks] == [["县生态环境局"], named]
    assert draft.unassigned == ()
    span = draft.tasks[1].units[0].name.spans[0]
    assert draft.text[span.start : span.end] == named[0]


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ("（一）资金。加大投入力度，县财政局统筹使用中央和省级资金。", ["县财政局"]),
        ("（一）资金。县财政局统筹安排资金，县审计局对使用情况进行审计。", ["县财政局", "县审计局"]),
        ("（一）监督。县财政局、县审计局等部门按职责加强资金监管。", ["县财政局", "县审计局"]),
        ("（一）组织。各部门要高度重视，各镇要落实属地责任。", []),
        ("（一）组织。领导小组办公室设在县生态环境局，由县生态环境局局长兼任主任。", []),
        ("（一）会议。县生态环境局、县财政局负责同志参加会商。", []),
        ("（一）说明。本方案由县生态环境局负责解释。", []),
        ("（一）企业。重点监管单位要履行主体责任，开展自行监测。", []),
        ("（一）联动。加强与市生态环境局、市农业农村局的沟通，组织培训。", []),
    ],
)
def test_a_sentence_that_begins_with_a_unit_stays_a_clause_and_names_it(clause: str, named: list[str]) -> None:
    draft = plan(clause)
    assert len(draft.tasks) == 1
    assert [units(one) for one in draft.unassigned] in ([named], [])
    assert draft.unassigned or not named


@pytest.mark.parametrize(
    "lines",
    [
        ("县水利局：负责地下水超采治理。", "县农业农村局：负责受污染耕地安全利用。", "各镇人民政府：负责日常巡查和信息上报。"),
        ("（一）县水利局。负责地下水超采治理。", "（二）县农业农村局。负责受污染耕地安全利用。"),
        ("（一）县水利局负责地下水超采治理。", "（二）县农业农村局负责受污染耕地安全利用。"),
    ],
)  # fmt: skip
def test_a_list_of_duties_beside_bracket_tasks_is_tasks(lines: tuple[str, ...]) -> None:
    draft = read(HEAD.replace("保障措施", "职责分工") + "\n\n".join(lines) + "\n")
    assert [units(task)[0] for task in draft.tasks][1:3] == ["县水利局", "县农业农村局"]
    assert len(draft.tasks) == 1 + len(lines) and not draft.unassigned
    assert "负责地下水超采治理" in draft.tasks[1].text.value
    assert len(read(HEAD + lines[0] + "\n").tasks) == 1, "one line alone may be anything"


def test_a_task_of_a_sentence_stands_in_its_place_and_a_universal_clause_governs_the_same_tasks() -> None:
    body = (
        "丁市2026年土壤污染防治工作方案\n一、任务\n（一）资金。由市财政局统筹专项资金，保障任务实施。\n"
        "（二）排查。完成隐患排查。（市生态环境局牵头，各县政府落实。以下均需各县政府落实，不再列出）\n"
        "（三）监测。完成例行监测。（市生态环境局牵头）\n"
    )
    draft = read(body)
    assert [task.number for task in draft.tasks] == ["（一）", "（二）", "（三）"]
    governed = {draft.tasks[at].number for clause in draft.universal_clauses for at in clause.governs}
    assert "（一）" not in governed and "（三）" in governed


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_nothing_is_invented_in_the_five_plans(prefix: str) -> None:
    draft = read(next(PLANS.glob(f"{prefix}_*.txt")).read_text("utf-8"))
    clauses = {"000": 4, "001": 1, "002": 4, "003": 0, "004": 0}
    tasks = {"000": 77, "001": 45, "002": 13, "003": 32, "004": 67}
    assert (len(draft.tasks), len(draft.unassigned)) == (tasks[prefix], clauses[prefix])


@given(
    st.lists(
        st.sampled_from(["县水利局", "各部门", "由县财政局", "县林业局和县水利局", "有关单位"]), min_size=1, max_size=6
    )
)
def test_every_clause_is_found_once_in_order_of_print(who: list[str]) -> None:
    draft = plan(
        *(f"（{'一二三四五六'[at]}）事项{at}。{name}组织开展第{at}次专项检查活动。" for at, name in enumerate(who))
    )
    found = [each for each in (*draft.tasks, *draft.unassigned) if "专项检查" in each.text.value]
    assert sorted(each.number for each in found) == sorted(f"（{'一二三四五六'[at]}）" for at in range(len(who)))
    starts = [task.text.spans[0].start for task in draft.tasks]
    assert starts == sorted(starts)


YEARS = "戊县2024—2026年土壤污染防治行动计划\n\n一、工作目标\n\n{head}\n{row}\n\n二、主要任务\n\n（一）排查。完成隐患排查。（县生态环境局牵头）\n"


@pytest.mark.parametrize(
    ("head", "row", "targets"),
    [
        ("指标\t单位\t2024年目标\t2025年目标", "受污染耕地安全利用率\t%\t92\t93", {2024: 92, 2025: 93}),
        ("指标\t2024年\t2025年\t2026年", "受污染耕地安全利用率\t91%\t92%\t93%", {2024: 91, 2025: 92, 2026: 93}),
        ("指标\t单位\t2023年现状\t2024年\t2025年\t2026年", "安全利用率\t%\t90\t91\t92\t/", {2024: 91, 2025: 92, 2026: None}),
        ("指标\t目标一\t目标二\t目标三", "安全利用率\t91%\t92%\t93%", {}),
    ],
)  # fmt: skip
def test_a_column_for_each_year_is_a_target_for_each_year(head: str, row: str, targets: dict[int, int | None]) -> None:
    draft = read(YEARS.format(head=head, row=row))
    assert {one.year: one.target for one in draft.indicators} == targets


@pytest.mark.parametrize("way", ["按照10%比例复测", "按不低于5%的比例抽查", "以15%以上的比例随机抽取企业开展检查"])
def test_a_share_that_says_how_is_no_target(way: str) -> None:
    draft = read(f"戊县2026年工作方案\n一、任务\n（一）抽查。{way}，抽查合格率不低于95%。（县生态环境局负责）\n")
    assert [(one.name.value, one.target) for one in draft.indicators] == [("抽查合格率", 95)]
