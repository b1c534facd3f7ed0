"""How offices word the same thing: who does what without brackets, blocks of labels, titles, targets."""

from __future__ import annotations

from typing import Any

import pytest

from soilrules.deadlines import parse
from soilrules.plantext import PlanDraft, read
from soilrules.plantext.ledger import as_json

TITLE = "青禾区2027年土壤污染防治工作方案\n"
OTHER = "2.开展宣传。（区教育局负责）\n"


def one(words: str) -> dict[str, Any]:
    """The first task of a plan with these words."""
    task: dict[str, Any] = as_json(read(TITLE + "一、主要任务\n" + words))["tasks"][0]
    return task


def indicators(goals: str) -> list[tuple[object, ...]]:
    draft = read(f"{TITLE}一、工作目标\n{goals}\n二、任务\n{OTHER}")
    return [(each.name.value, each.comparator, each.target, each.year) for each in draft.indicators]


def front(text: str) -> PlanDraft:
    return read(text + "一、主要任务\n" + OTHER)


@pytest.mark.parametrize(
    "who",
    [
        "由区农业农村局牵头，区财政局配合，各镇人民政府具体落实。",
        "区农业农村局牵头，区财政局配合，各镇人民政府落实。",
        "——区农业农村局牵头，区财政局配合，各镇人民政府落实",
    ],
)
def test_a_closing_sentence_that_only_says_who_needs_no_brackets(who: str) -> None:
    task = one(f"1.落实分类管理。6月底前划定类别。{who}\n{OTHER}")
    assert (task["lead"], task["support"], task["responsible"]) == (["区农业农村局"], ["区财政局"], ["各镇人民政府"])
    assert (task["title"], task["text"]) == ("落实分类管理", "落实分类管理。6月底前划定类别。")


def test_who_does_it_may_close_the_sentence_itself() -> None:
    task = one(f"1.优先保护。划为永久基本农田，严禁新建涉重金属企业，由区自然资源局负责。\n{OTHER}")
    assert (task["responsible"], task["text"]) == (
        ["区自然资源局"],
        "优先保护。划为永久基本农田，严禁新建涉重金属企业",
    )


def test_clauses_that_say_who_before_the_words_they_speak_for() -> None:
    task = one(f"1.加强准入。区自然资源局牵头，区住建局配合，在编制规划时考虑环境风险，10月底前完成。\n{OTHER}")
    assert (task["title"], task["text"]) == ("加强准入", "在编制规划时考虑环境风险，10月底前完成。")
    assert (task["lead"], task["support"], task["deadline"]) == (["区自然资源局"], ["区住建局"], "2027-10-31")


def test_who_acts_in_a_sentence_is_left_to_a_person() -> None:
    draft = read(f"{TITLE}一、保障\n1.资金保障。区财政局统筹资金，各镇要落实属地责任。\n{OTHER}")
    assert [each.title and each.title.value for each in draft.unassigned] == ["资金保障"]
    assert len(draft.tasks) == 1


def test_units_in_brackets_amid_a_paragraph_behind_a_comma() -> None:
    draft = read(f"{TITLE}一、任务\n1.加强管控，设立标识牌，（区城管局、区水务局负责）每半年巡查一次。\n{OTHER}")
    assert [unit.name.value for unit in draft.tasks[0].units] == ["区城管局", "区水务局"]
    explained = read(f"{TITLE}一、任务\n1.对地块，（由原企业负责的除外）每半年巡查一次。\n{OTHER}")
    assert [each.number for each in explained.tasks] == ["2"]


BLOCK = (
    "1、农膜回收。设立回收网点。\n责任领导：李某\n牵头站所：农业综合服务中心\n配合单位：{support}\n完成时限：{term}\n"
)


def test_a_block_of_labels_with_the_names_towns_give_their_offices() -> None:
    draft = read(
        f"{TITLE}三、重点工作\n"
        + BLOCK.format(support="镇供销社、各村（居）", term="6月底前完成，长期坚持")
        + "2、储罐防渗。\n责任领导：赵某\n牵头站所：经济发展办\n配合单位：/\n完成时限：2027年9月30日\n"
    )
    one, two = as_json(draft)["tasks"]
    assert (one["lead"], one["support"], one["text"]) == (
        ["农业综合服务中心"],
        ["镇供销社", "各村（居）"],
        "农膜回收。设立回收网点。",
    )
    assert (one["deadline"], one["ongoing"]) == ("2027-06-30", True)
    assert (two["lead"], two["support"], two["deadline"], two["text"]) == (
        ["经济发展办"],
        [],
        "2027-09-30",
        "储罐防渗。",
    )


RECTIFY = (
    "（{n}）{what}。\n整改目标：{goal}。\n整改措施：\n1.全面摸排。\n2.督促整改。\n"
    "整改时限：{term}\n牵头单位：市生态环境局\n责任单位：各县（区）党委和政府\n"
)


def test_a_term_line_belongs_to_the_item_it_stands_in_and_not_to_the_one_before() -> None:
    draft = read(
        "东河市土壤污染问题整改方案\n二、整改任务\n"
        + RECTIFY.format(n="一", what="未开展调查", goal="完成调查", term="2026年6月30日")
        + RECTIFY.format(n="二", what="废渣未处置", goal="完成处置", term="2027年12月31日，长期坚持")
        + "三、保障措施\n（一）加强领导。各县要高度重视。\n"
    )
    tasks = as_json(draft)["tasks"]
    assert [(task["number"], task["deadline"], task["ongoing"]) for task in tasks] == [
        ("（一）", "2026-06-30", False),
        ("（二）", "2027-12-31", True),
    ]
    assert tasks[0]["text"] == "整改目标：完成调查。整改措施：1.全面摸排。2.督促整改。"
    assert tasks[0]["responsible"] == ["各县（区）党委和政府"], "one body, not a party committee and a government"


def test_a_term_in_brackets_behind_the_units() -> None:
    task = one(f"1.实施管控。（区生态环境局负责）（2027年11月20日前完成）\n{OTHER}")
    assert task["deadline"] == "2027-11-20"


def test_since_when_is_no_year_for_the_term_behind_it() -> None:
    terms = parse("对2021年以来关闭的企业建立清单，上半年完成。", plan_year=2027)
    assert str(terms[-1].last) == "2027-06-30"


@pytest.mark.parametrize(
    ("goals", "found"),
    [
        ("受污染耕地安全利用率达到94%（含）以上。", [("受污染耕地安全利用率", ">=", 94, 2027)]),
        (
            "农村生活污水治理率提高2.5个百分点、达到58.5%。",
            [("农村生活污水治理率提高", "=", 2.5, 2027), ("农村生活污水治理率", "=", 58.5, 2027)],
        ),
        ("全省受污染耕地安全利用率巩固提升至93%以上。", [("受污染耕地安全利用率", ">=", 93, 2027)]),
        ("建成至少2个示范基地。", [("示范基地", ">=", 2, 2027)]),
        ("督促2025年完成排查的单位整改，整改完成率达到90%。", [("整改完成率", "=", 90, 2027)]),
        ("对原化肥厂地块实施管控，面积4.6万平方米。", []),
    ],
)
def test_targets(goals: str, found: list[tuple[object, ...]]) -> None:
    assert indicators(goals) == found


def test_a_rate_in_a_row_takes_what_it_is_of_from_the_rows_task() -> None:
    draft = read(
        f"{TITLE}\n序号\t重点任务\t年度目标\t责任单位\n1\t受污染耕地安全利用\t安全利用率≥93%\t区农业农村局\n"
        "2\t重点建设用地安全利用\t安全利用率100%\t区自然资源局\n"
    )
    assert [(each.name.value, each.target) for each in draft.indicators] == [
        ("受污染耕地安全利用率", 93),
        ("重点建设用地安全利用率", 100),
    ]
    assert draft.conflicts == (), "two rates, not one with two targets"


def test_what_was_reached_is_no_target_and_the_unit_of_a_name_is_its_unit() -> None:
    draft = read(
        f"{TITLE}一、任务\n1.开展宣传。（区教育局负责）\n附表\n\n"
        "序号\t指标名称\t2026年完成值\t2027年目标值\n1\t农膜回收率（%）\t84\t86\n2\t新增监测井（眼）\t10\t12\n"
    )
    assert [(each.name.value, each.target, each.unit, each.year) for each in draft.indicators] == [
        ("农膜回收率", 86, "%", 2027),
        ("新增监测井", 12, "眼", 2027),
    ]


def test_the_years_below_the_title_are_of_the_title() -> None:
    draft = front("岚山县清洁土壤行动方案\n（2024—2026年）\n为做好工作，制定本方案。\n")
    assert draft.title and draft.title.value == "岚山县清洁土壤行动方案（2024—2026年）"
    assert draft.period and [day.year for day in draft.period] == [2024, 2026]


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        (
            "沙溪县农业农村局　　沙溪县财政局\n关于印发《沙溪县2027年实施方案》的通知\n各乡镇：\n2027年4月2日\n",
            "沙溪县农业农村局、沙溪县财政局",
        ),
        (
            "海州区土壤污染防治工作领导小组文件\n海土组发〔2027〕1号\n关于印发海州区2027年工作计划的通知\n"
            "海州区土壤污染防治工作领导小组\n（区生态环境局代章）\n2027年1月20日\n",
            "海州区土壤污染防治工作领导小组",
        ),
        (
            "临江市“十五五”土壤污染防治规划\n临江市生态环境局　临江市财政局\n临江市农业农村局\n二〇二七年五月\n",
            "临江市生态环境局、临江市财政局、临江市农业农村局",
        ),
    ],
)
def test_who_issues_it(head: str, issuer: str) -> None:
    draft = front(head)
    assert draft.issuer and draft.issuer.value == issuer


def test_contents_and_the_list_of_annexes_are_no_clauses() -> None:
    draft = read(
        "关于印发《青禾区2027年工作方案》的通知\n各镇：\n附件：1.任务表\n2.2027年整治清单\n青禾区生态环境局\n2027年1月5日\n"
        "青禾区2027年工作方案\n目录\n第一章 背景.............1\n第二章 重点任务........12\n"
        "2027年是关键之年，提出如下方案。\n一、任务\n1.开展宣传。（区教育局负责）\n"
    )
    assert draft.unassigned == ()
    assert [heading.text for heading in draft.headings] == ["一、任务", "1.开展宣传"]


def test_a_table_of_tasks_below_its_own_line_stands_in_its_annex() -> None:
    draft = read(
        f"{TITLE}第一章 保障\n第一节 考核\n各镇要落实。\n附表 重点任务分工表\n序号\t重点任务\t牵头部门\t参与部门\n1\t划定重点区\t区水务局\t区财政局\n"
    )
    assert draft.tasks[0].section == ("附表重点任务分工表",)


def test_a_header_of_two_rows_with_the_years_in_the_lower_one() -> None:
    draft = read(
        f"{TITLE}\n序号\t任务\t年度目标\t年度目标\t责任单位\t责任单位\n"
        "序号\t任务\t2027年\t2028年\t牵头单位\t参与单位\n1\t加密调查\t完成2个乡\t全面完成\t区农业农村局\t区财政局\n"
    )
    (task,) = as_json(draft)["tasks"]
    assert (task["text"], task["lead"], task["support"]) == ("加密调查", ["区农业农村局"], ["区财政局"])


def test_what_the_notice_or_the_foot_of_a_table_asks_of_everybody_is_told() -> None:
    draft = read(
        "关于印发《青禾区2027年任务清单》的通知\n各镇：\n请于每季度末25日前报送进展。\n青禾区生态环境局\n2027年1月5日\n"
        "青禾区2027年任务清单\n序号\t重点任务\t责任单位\n1\t开展宣传\t区教育局\n注：各单位每月5日前报送台账。\n"
    )
    assert [each.text.value for each in draft.unassigned] == [
        "请于每季度末25日前报送进展。",
        "注：各单位每月5日前报送台账。",
    ]


def test_a_clause_with_a_year_its_row_leaves_out_is_not_lost() -> None:
    row = "附表 任务分工表\n序号\t重点任务\t责任单位\n1\t隐患排查整改\t区生态环境局\n"
    draft = read(f"{TITLE}一、任务\n1.防范新增污染\n到2029年底，完成隐患排查整改。\n{row}")
    assert [each.number for each in draft.unassigned] == ["1"]
    assert read(f"{TITLE}一、任务\n1.防范新增污染\n完成隐患排查整改。\n{row}").unassigned == ()


MARKED = (
    f"{TITLE}一、任务\n（一）宣传。开展宣传。（区教育局负责）\n附：部门分工表{{legend}}\n"
    "序号\t任务\t区生态环境局\t区农业农村局\t完成时限\n1\t更新名录\t★\t\t3月底前\n2\t安全利用\t☆\t★\t10月底前\n"
)


def test_marks_below_the_names_of_units_say_who_leads_and_who_supports() -> None:
    tasks = as_json(read(MARKED.format(legend="（★为牵头，☆为配合）")))["tasks"]
    assert [(task["number"], task["text"], task["lead"], task["support"], task["deadline"]) for task in tasks[1:]] == [
        ("1", "更新名录", ["区生态环境局"], [], "2027-03-31"),
        ("2", "安全利用", ["区农业农村局"], ["区生态环境局"], "2027-10-31"),
    ]


def test_a_mark_nobody_explains_gives_the_task_without_a_rank() -> None:
    tasks = as_json(read(MARKED.format(legend="")))["tasks"]
    assert [task["responsible"] for task in tasks[1:]] == [["区生态环境局"], ["区生态环境局", "区农业农村局"]]


def test_a_table_that_gave_nothing_is_told_and_so_is_a_schedule() -> None:
    areas = "附表 面积表\n序号\t乡镇\t面积（亩）\n1\t甲镇\t300\n2\t乙镇\t500\n"
    told = [
        (note.kind, note.params["words"]) for note in read(f"{TITLE}一、任务\n1.宣传。（区教育局负责）\n{areas}").notes
    ]
    assert told == [("table_unread", "序号、乡镇、面积（亩）")]
    rows = "序号\t任务\t2027年\t2028年\t责任单位\n1\t加密调查\t完成2个乡\t全面完成\t区农业农村局\n"
    assert [(note.kind, note.params["words"]) for note in read(TITLE + rows).notes] == [
        ("schedule_unread", "2027年、2028年")
    ]
    assert read(f"{TITLE}序号\t任务\t责任单位\n1\t宣传\t区教育局\n").notes == ()


def test_a_circular_that_gives_nothing_to_anybody_still_shows_its_clauses() -> None:
    draft = read(
        "关于做好2027年全省农用地土壤污染防治工作的通知\n各市农业农村局：\n现将有关事项通知如下。\n一、工作任务\n"
        "（一）制定计划。各市4月30日前报送年度计划。\n二、有关要求\n（一）实行月调度，每月5日前填报进展。\n"
        "（二）省厅将开展两次督导检查。\n浙东省农业农村厅\n2027年3月6日\n"
    )
    assert draft.tasks == ()
    assert [each.text.value[:9] for each in draft.unassigned] == [
        "制定计划。各市4月",
        "实行月调度，每月5",
        "省厅将开展两次督导",
    ]


def test_a_row_whose_words_are_merged_with_the_row_above_divides_the_units() -> None:
    rows = "序号\t任务\t措施\t责任单位\t完成时限\n1\t安全利用\t落实措施\t县农业农村局\t3月底前\n2\t\t\t县农技中心\t11月30日\n"
    tasks = as_json(read(TITLE + rows))["tasks"]
    assert [(task["text"], task["responsible"], task["deadline"]) for task in tasks] == [
        ("落实措施", ["县农业农村局"], "2027-03-31"),
        ("落实措施", ["县农技中心"], "2027-11-30"),
    ]


def test_a_second_part_with_a_term_and_few_words_is_a_task_of_its_own() -> None:
    draft = read(
        f"{TITLE}一、任务\n1.固废。6月底前，完成调查（区生态环境局负责）；2028年底前，建成收运体系（区卫健局牵头负责）。\n{OTHER}"
    )
    tasks = as_json(draft)["tasks"]
    assert [(task["text"][-6:], task["responsible"], task["lead"], task["deadline"]) for task in tasks[:2]] == [
        ("前，完成调查", ["区生态环境局"], [], "2027-06-30"),
        ("建成收运体系", [], ["区卫健局"], "2028-12-31"),
    ]


def test_numbers_with_a_blank_behind_them_count_where_they_count_on() -> None:
    words = "一 工作目标\n安全利用率达到93%。\n二 重点工作\n1 安全利用 落实低积累品种（农业办，4 月底）\n2 固废排查 每月排查（环保办牵头，各村配合）\n三 保障\n各村各部门要高度重视此项工作。\n"
    draft = read("石桥镇2027年净土保卫战工作方案\n" + words)
    assert [(task.number, task.section) for task in draft.tasks] == [("1", ("二 重点工作",)), ("2", ("二 重点工作",))]
    assert [unit.name.value for unit in draft.tasks[0].units] == ["农业办"]
    assert as_json(draft)["tasks"][0]["deadline"] == "2027-04-30"
    assert [each.number for each in draft.unassigned] == ["三"]
    wrapped = read(
        f"{TITLE}一、任务\n1.开展排查，共检查企业\n12 家企业，查出问题，落实整改。（区生态环境局负责）\n{OTHER}"
    )
    assert [task.number for task in wrapped.tasks] == ["1", "2"]


def test_a_role_in_the_brackets_of_one_unit_is_that_units() -> None:
    cells = "区生态环境局（牵头）、区农业农村局、区自然资源局（配合）"
    rows = f"{TITLE}序号\t任务\t责任单位\t完成时限\n1\t宣传\t{cells}\t2027—2028\n2\t培训\t区教育局、区财政局（按职责分工）\t年底前\n"
    one, two = as_json(read(rows))["tasks"]
    assert (one["lead"], one["responsible"], one["support"]) == (["区生态环境局"], ["区农业农村局"], ["区自然资源局"])
    assert (one["deadline_text"], one["deadline"]) == ("2027—2028", "2028-12-31")
    assert two["responsible"] == ["区教育局", "区财政局"]


def test_targets_below_a_header_of_two_rows() -> None:
    draft = read(
        f"{TITLE}一、任务\n1.宣传。（区教育局负责）\n附表 指标表\n"
        "序号\t指标\t单位\t现状值\t目标值\t目标值\t属性\n序号\t指标\t单位\t2025年\t2027年\t2030年\t属性\n"
        "1\t农膜回收率\t%\t80\t≥84\t≥90\t预期性\n2\t监测点位\t个\t12\t20\t30\t约束性\n"
    )
    assert [(each.name.value, each.comparator, each.target, each.unit, each.year) for each in draft.indicators] == [
        ("农膜回收率", ">=", 84, "%", 2027), ("农膜回收率", ">=", 90, "%", 2030),
        ("监测点位", "=", 20, "个", 2027), ("监测点位", "=", 30, "个", 2030),
    ]  # fmt: skip


def test_what_is_listed_behind_a_yearly_term_is_yearly_too() -> None:
    found = parse("每年6月底、12月底前报送。", plan_year=2027)
    assert [(term.kind, term.month, term.day) for term in found] == [("yearly", 6, 30), ("yearly", 12, 31)]
    named = parse("每年6月底、2028年12月底前报送。", plan_year=2027)
    assert [str(term.last) for term in named if term.last] == ["2028-12-31"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("季度末月25日前", [("yearly", month, 25) for month in (3, 6, 9, 12)]),
        ("每季度末", [("yearly", 3, 31), ("yearly", 6, 30), ("yearly", 9, 30), ("yearly", 12, 31)]),
        ("第三季度末", [("date", None, None)]),
        ("每半年末", [("yearly", None, None)]),
        ("每半年末月底前报送", []),
        ("2027年10月（以省级通知为准）", [("date", None, None)]),
    ],
)
def test_terms_of_a_cell(cell: str, found: list[tuple[str, int | None, int | None]]) -> None:
    assert [(term.kind, term.month, term.day) for term in parse(cell, plan_year=2027)] == found


@pytest.mark.parametrize("words", ["收获前", "立行立改", "与主体工程同步", "春节前"])
def test_a_term_that_says_no_day_is_kept_for_a_person_to_date(words: str) -> None:
    rows = f"{TITLE}序号\t任务\t责任单位\t完成时限\n1\t宣传\t区教育局\t{words}\n2\t培训\t区财政局\t—\n"
    one, two = as_json(read(rows))["tasks"]
    assert (one["deadline_text"], one["deadline"], two["deadline_text"]) == (words, None, None)
    line = as_json(read(f"{TITLE}一、任务\n1.宣传。开展宣传。\n责任单位：区教育局\n完成时限：{words}\n{OTHER}"))
    assert line["tasks"][0]["deadline_text"] == words


def test_a_division_of_work_right_behind_a_task_in_its_heading_is_read() -> None:
    draft = read("任务三排查\n责任单位：区生态环境局\n四、职责分工")
    assert [unit.name.value for task in draft.tasks for unit in task.units] == ["区生态环境局"]
