"""What plans nobody had seen before taught the reader: each was read wrongly once."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from soilrules.deadlines import DeadlineKind, parse
from soilrules.plantext import PlanDraft, read
from soilrules.plantext.draft import ConflictKind
from soilrules.plantext.formats import load
from soilrules.plantext.ledger import as_json

BODY = "一、主要任务\n1.开展隐患排查。2027年底前完成隐患排查。（区生态环境局负责）\n"
CARD = (
    "<html><body><table><tr><td>索引号</td><td>1153/2026-00123</td><td>发布机构</td><td>云岭县农业农村局</td></tr>"
    "<tr><td>文号</td><td>云农发〔2026〕45号</td><td>成文日期</td><td>2026-04-20</td></tr></table>"
    "<h1>云岭县农业农村局 云岭县生态环境局关于印发《云岭县2026年农用地安全利用实施方案》的通知</h1>"
    "<p>各乡镇人民政府：</p><p>现将方案印发给你们。</p><p>2026年4月20日</p><p>云岭县2026年农用地安全利用实施方案</p>"
    "<p>一、重点措施</p><p>（一）分类施策。5月底前落实到户。<br>责任单位：县农业农村局</p><p>（二）示范引领。每个乡镇建设1个示范点。</p>"
    "<p>二、工作要求</p><p>（一）加强领导。各乡镇要落实属地责任。</p><div>扫一扫在手机打开当前页</div><div>打印 关闭</div>"
    "<div>主办：云岭县人民政府办公室　滇ICP备12345678号</div></body></html>"
)
TABLE = (
    "<html><body><p>白河县土壤污染防治三年行动方案（2026—2028年）</p>"
    "<p>一、主要任务</p><p>1.开展隐患排查。完成隐患排查。（县生态环境局负责）</p><p>附件 主要指标表</p><table>"
    "<tr><td>指标</td><td>单位</td><td>2025年现状值</td><td>2026年目标</td><td>2028年目标</td></tr>"
    "<tr><td>化肥利用率</td><td>%</td><td>41</td><td>≥42</td><td>≥43</td></tr>"
    "<tr><td>农膜回收率</td><td>%</td><td>84</td><td>85</td><td>87左右</td></tr>"
    "<tr><td>新增监测井</td><td>眼</td><td>/</td><td>4</td><td>12</td></tr></table></body></html>"
)


def page(html: str) -> PlanDraft:
    return read(load(html.encode("utf-8"), "方案.html"))


@pytest.mark.parametrize("words", ["每季度末月25日前", "每季度最后一个月25日前", "每季末25日前"])
def test_a_day_of_every_quarter_is_four_terms_a_year(words: str) -> None:
    found = parse(f"各镇街于{words}报送进展。", plan_year=2026)
    assert [(term.kind, term.month, term.day, term.text) for term in found] == [
        (DeadlineKind.YEARLY, month, 25, words) for month in (3, 6, 9, 12)
    ]


def test_the_end_of_every_quarter_and_the_first_month_of_the_next() -> None:
    assert [(t.month, t.day) for t in parse("每季度末前报送。", plan_year=2026)] == [
        (3, 31),
        (6, 30),
        (9, 30),
        (12, 31),
    ]
    assert [(t.month, t.day) for t in parse("每季度首月10日前报送。", plan_year=2026)] == [
        (m, 10) for m in (1, 4, 7, 10)
    ]
    assert parse("每季度末月40日前报送。", plan_year=2026) == ()


@pytest.mark.parametrize("words", ["汛期前", "主汛期到来前", "入汛前", "春耕前", "采暖季开始前"])
def test_a_season_is_a_term_without_a_day(words: str) -> None:
    (term,) = parse(f"{words}完成尾矿库安全检查。", plan_year=2027)
    assert (term.kind, term.last, term.text) == (DeadlineKind.BEFORE_EVENT, None, words)


def test_days_before_a_season_are_no_such_term() -> None:
    assert parse("秋收前15天开展检测。", plan_year=2027) == ()


def test_the_event_of_a_term_leaves_out_who_must_do_what() -> None:
    (term,) = parse("所有地块信息应在评审通过后5个工作日内上传系统。", plan_year=2027)
    assert (term.text, term.event, term.count) == ("在评审通过后5个工作日内", "评审通过后", 5)


def test_a_number_in_brackets_below_the_title() -> None:
    draft = read(
        "洛溪市净土保卫战2027年工作要点\n（洛环委〔2027〕2号）\n洛溪市生态环境保护委员会 2027年2月9日\n" + BODY
    )
    assert draft.doc_number and draft.doc_number.value == "洛环委〔2027〕2号"


def test_a_title_too_long_for_its_line() -> None:
    lines = "青山市生态环境局文件\n青环发〔2027〕18号\n青山市生态环境局\n2027年3月5日\n青山市2027年度土壤和地下水污染防治工作\n计划\n"
    draft = page(
        "".join(f"<p>{line}</p>" for line in (lines + BODY).splitlines()) + "<table><tr><td>表</td></tr></table>"
    )
    assert draft.title and draft.title.value == "青山市2027年度土壤和地下水污染防治工作计划"
    assert draft.period == (date(2027, 1, 1), date(2027, 12, 31))


def test_a_web_page_with_its_number_on_a_card_and_two_issuers_before_the_notice() -> None:
    draft = page(CARD)
    assert draft.doc_number and draft.doc_number.value == "云农发〔2026〕45号"
    assert draft.issuer and draft.issuer.value == "云岭县农业农村局、云岭县生态环境局"
    assert [one.title and one.title.value for one in draft.unassigned] == ["示范引领", "加强领导"]
    assert draft.unassigned[-1].text.value.endswith("属地责任。"), "the foot of the page is no clause"


def test_targets_of_two_years_in_a_table() -> None:
    found = [(one.name.value, one.comparator, one.target, one.year) for one in page(TABLE).indicators]
    assert found == [
        ("化肥利用率", ">=", 42, 2026), ("化肥利用率", ">=", 43, 2028), ("农膜回收率", "=", 85, 2026),
        ("农膜回收率", "~", 87, 2028), ("新增监测井", "=", 4, 2026), ("新增监测井", "=", 12, 2028),
    ]  # fmt: skip


def test_hoped_for_before_the_name_stays_with_the_target() -> None:
    draft = read("青禾区2027年土壤污染防治工作方案\n一、工作目标\n力争畜禽粪污综合利用率达到92%。\n" + BODY)
    assert [(one.name.value, one.wording) for one in draft.indicators] == [("畜禽粪污综合利用率", "力争达到92%")]


def test_a_second_target_that_is_hoped_for_is_a_target_of_the_same_quantity() -> None:
    words = "到2027年，畜禽粪污综合利用率保持在80%以上,力争达到90%。农膜回收率达到85%，争取建成2个回收站。"
    draft = read("青禾区2027年土壤污染防治工作方案\n一、工作目标\n" + words + "\n" + BODY)
    found = [(one.name.value, one.comparator, one.target, one.wording) for one in draft.indicators]
    assert found[:3] == [
        ("畜禽粪污综合利用率", ">=", 80, "保持在80%以上"), ("畜禽粪污综合利用率", "=", 90, "力争达到90%"),
        ("农膜回收率", "=", 85, "达到85%"),
    ]  # fmt: skip


def test_a_label_says_by_when_whatever_the_words_before_it_say() -> None:
    lines = "1．更新名录。3月31日前公布名录，督促重点单位年底前全部完成排查。\n牵头单位：区生态环境局\n完成时限：2027年12月20日\n"
    (task, *_more) = as_json(read("青禾区2027年土壤污染防治工作要点\n二、重点工作\n" + lines))["tasks"]
    assert (task["deadline"], task["deadline_text"]) == ("2027-12-20", "2027年12月20日")
    assert [(one["text"], one["completion"]) for one in task["milestones"]] == [
        ("3月31日前", True), ("年底前", False), ("2027年12月20日", True),
    ]  # fmt: skip


def test_a_row_with_a_day_its_task_does_not_know_is_a_contradiction() -> None:
    lines = (
        "一、工作任务\n任务一：受污染耕地安全利用。5月底前完成技术落地，11月20日前完成自评。责任单位：区农业农村局\n"
        "任务二：闲置用地排查。6月30日前完成排查。责任单位：区自然资源局\n附件：任务分解表\n"
        "序号\t任务\t责任单位\t时限\n1\t受污染耕地安全利用\t区农业农村局\t11月底\n2\t闲置用地排查\t区自然资源局\t6月底\n"
    )
    draft = read("青禾区2027年土壤污染防治实施细则\n" + lines)
    assert [(one.kind, [side.value for side in one.sides]) for one in draft.conflicts] == [
        (ConflictKind.DEADLINES_DIFFER, ["11月20日前", "11月底"])
    ]


TARGETS_ABOVE = """青禾市“十五五”土壤、地下水和农村生态环境保护规划
一、规划目标
表1 主要指标
类型\t指标名称\t2028年\t2030年\t属性
土壤\t受污染耕地安全利用率（%）\t94\t95以上\t约束性
\t畜禽粪污综合利用率（%）\t≥88\t≥90\t预期性
二、主要任务
（一）推进土壤污染防治
1.加强源头控制。2028年底前完成溯源排查。〔牵头单位：市生态环境局；责任单位：各区（县）人民政府〕
2.落实分类管理。每年11月底前完成类别调整，报省级部门。〔市农业农村局牵头〕
专栏1 重点工程
（1）化工园区管控工程，2026—2028年，由青禾经开区管委会实施。
（2）废弃井回填工程，2029年底前回填120口，责任单位为市水利局，配合单位是市住建局。
"""


def test_a_table_of_targets_does_not_swallow_the_chapter_behind_it() -> None:
    tasks = as_json(read(TARGETS_ABOVE))["tasks"]
    assert [(one["number"], one["title"], one["deadline"]) for one in tasks] == [
        ("1", "加强源头控制", "2028-12-31"),
        ("2", "落实分类管理", None),
        ("（1）", "化工园区管控工程，2026—2028年", "2028-12-31"),
        ("（2）", "废弃井回填工程，2029年底前回填120口", "2029-12-31"),
    ]
    assert (tasks[3]["responsible"], tasks[3]["support"]) == (["市水利局"], ["市住建局"]), "责任单位为 is a label"
    assert len(read(TARGETS_ABOVE).indicators) == 4


UNIT_BY_UNIT = """青禾区净土保卫战2027年行动方案
一、职责分工
（一）区生态环境分局
1.牵头制定本方案，负责日常调度；
2.4月底前，更新重点监管单位名录，组织签订责任书；
3.每季度对重点单位周边土壤开展监测。
（二）区住建局、区城管局
加强建筑垃圾去向监管，建立台账。
二、重点项目（见附件）
附件 重点项目表
| 序号 | 项目名称 | 建设内容及规模 | 总投资（万元） | 实施单位 | 计划开工 | 计划完工 |
| --- | --- | --- | --- | --- | --- | --- |
| 1 | 电镀厂地块修复 | 修复土方1.2万立方米 | 3200 | 区城投公司 | 2027年3月 | 2027年11月 |
"""


def test_duties_under_units_are_read_beside_a_table_of_projects() -> None:
    tasks = as_json(read(UNIT_BY_UNIT))["tasks"]
    assert [(one["number"], one["text"][:8], one["responsible"], one["deadline"]) for one in tasks] == [
        ("1", "牵头制定本方案，", ["区生态环境分局"], None),
        ("2", "4月底前，更新重", ["区生态环境分局"], "2027-04-30"),
        ("3", "每季度对重点单位", ["区生态环境分局"], None),
        (None, "加强建筑垃圾去向", ["区住建局", "区城管局"], None),
        ("1", "修复土方1.2万", ["区城投公司"], "2027-11-30"),
    ]


def test_units_alone_behind_a_dash_are_those_who_do_it() -> None:
    lines = (
        "1)严格准入。8月底前完成调查报告评审。——区自然资源局、区生态环境分局\n"
        "2)宣传培训。全年培训不少于2次。——各有关单位\n3)耕地安全利用。3月底前印发方案。——区农业农村局牵头，有关乡镇落实\n"
    )
    tasks = as_json(read("青禾区打好土壤污染防治攻坚战2027年工作清单\n为做好工作，制定以下清单：\n" + lines))["tasks"]
    assert [(one["lead"], one["responsible"]) for one in tasks] == [
        ([], ["区自然资源局", "区生态环境分局"]), ([], ["各有关单位"]), (["区农业农村局"], ["有关乡镇"]),
    ]  # fmt: skip


ITEMS_IN_PARAGRAPHS = """青县人民政府办公室关于印发青县2027年空气、水和净土保卫行动计划的通知
青政办发〔2027〕14号
青县人民政府办公室
2027年4月2日
（此件公开发布）
青县2027年净土保卫行动计划
一、工作任务
（一）强化农用地管控
1.开展成因排查
县农业农村局、市生态环境局青县分局要以受污染耕地集中区域为重点，在2027年10月底前完成污染成因排查。
2.落实分类管理措施
根据类别，县农业农村局要制定年度安全利用计划，5月底前报市农业农村局。
3.加强投入品管理
牵头单位：县农业农村局
配合单位：县市场监管局、县供销社
工作内容：农膜回收率稳定在80%以上。
完成时限：2027年12月底
（二）深化准入管理
4.严格准入。禁止开工建设无关项目。（县自然资源局、县住建局按职责分工负责，持续推进）
二、保障措施
（一）加强组织领导。县财政局要统筹资金，4月20日前下达。
"""


def test_items_whose_units_stand_in_the_sentence_or_on_lines_below_the_heading() -> None:
    draft = read(ITEMS_IN_PARAGRAPHS)
    assert draft.title and draft.title.value == "青县2027年净土保卫行动计划"
    assert [(one["number"], one["lead"], one["responsible"], one["deadline"]) for one in as_json(draft)["tasks"]] == [
        ("1", [], ["县农业农村局", "市生态环境局青县分局"], "2027-10-31"),
        ("2", [], ["县农业农村局"], "2027-05-31"),
        ("3", ["县农业农村局"], [], "2027-12-31"),
        ("4", [], ["县自然资源局", "县住建局"], None),
    ]
    assert [one.section[0] for one in draft.unassigned] == ["二、保障措施"], "a safeguard stays for a person to take up"


def test_actions_are_headings_and_an_annex_with_its_unit_above_the_table_is_not_missing() -> None:
    text = (
        "青禾区净土保卫战三年行动计划（2026-2028年）\n二、主要行动\n行动一：源头清零行动\n"
        "（1）2026年6月底前完成排查。（区生态环境局牵头）\n行动二：耕地提质行动\n（1）2027年6月底前全部退出。（区农业农村局）\n"
        "附件1：年度目标分解表\n单位：%\n镇街 | 2026年 | 2027年\n柳河镇 | 92 | 93\n马店镇 | 94 | 95\n"
    )
    draft = read(text)
    assert [one.section[-1] for one in draft.tasks] == ["行动一：源头清零行动", "行动二：耕地提质行动"]
    assert not draft.conflicts and not [one for one in draft.unassigned if "柳河镇" in one.text.value]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("排查整治完成率2026、2027、2028年分别达到60%、80%、100%。", [(60, 2026), (80, 2027), (100, 2028)]),
        ("2026—2028年，农膜回收率分别达到85%、86%、88%。", [(85, 2026), (86, 2027), (88, 2028)]),
        (
            "2026年底整治到位率不低于60%，2027年、2028年年底前分别不低于80%、100%。",
            [(60, 2026), (80, 2027), (100, 2028)],
        ),
        ("到2026年、2028年，农膜回收率分别达到85%、88%。", [(85, 2026), (88, 2028)]),
        ("受污染耕地安全利用率、农膜回收率2026年分别达到93%、85%。", [(93, 2026), (85, 2026)]),
        ("农膜回收率比2025年提高5%。", [(5, None)]),
    ],
)
def test_each_amount_of_a_list_has_the_year_of_its_place(sentence: str, expected: list[tuple[int, int | None]]) -> None:
    draft = read("青禾区净土保卫战三年行动计划（2026-2028年）\n一、工作目标\n" + sentence + "\n" + BODY)
    assert [(one.target, one.year) for one in draft.indicators][: len(expected)] == expected


def test_a_name_that_says_of_what_takes_nothing_from_the_name_before() -> None:
    words = "受污染耕地安全利用率、农膜回收率分别达到93%、85%。重点监管单位隐患排查率、自行监测率分别达到100%、90%。"
    draft = read("青禾区2027年土壤污染防治工作方案\n一、工作目标\n" + words + "\n" + BODY)
    assert [one.name.value for one in draft.indicators][:4] == [
        "受污染耕地安全利用率", "农膜回收率", "重点监管单位隐患排查率", "重点监管单位自行监测率",
    ]  # fmt: skip


def test_a_letter_that_asks_units_gives_them_tasks() -> None:
    lines = (
        "一、请区农业农村局于3月25日前提供台账，4月底前完成方案编制。\n二、请区工信局督促2家企业6月底前完成防渗改造。\n"
        "三、请各镇于5月15日前完成自查。\n四、请区财政局、区审计局加强资金监管。\n五、请大家认真对待，请及时反馈。\n"
    )
    draft = read("青禾区土壤污染防治领导小组关于做好2027年度重点工作的函\n各有关单位：\n" + lines)
    assert [(one["number"], one["responsible"], one["deadline"]) for one in as_json(draft)["tasks"]] == [
        ("一", ["区农业农村局"], "2027-04-30"), ("二", ["区工信局"], "2027-06-30"), ("三", ["各镇"], "2027-05-15"),
        ("四", ["区财政局", "区审计局"], None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("区自然资源局\n住建局", ["区自然资源局", "住建局"]),
        ("自然资源局\n工信局\n各乡镇", ["自然资源局", "工信局", "各乡镇"]),
        ("市生态环境局\n青禾分局", ["市生态环境局青禾分局"]),
        ("区发展和改革\n局", ["区发展和改革局"]),
        ("国家税务总局\n青禾区税务局", ["国家税务总局青禾区税务局"]),
        ("区人民政府\n办公室", ["区人民政府办公室"]),
    ],
)
def test_units_on_lines_of_a_cell_are_apart_and_a_name_cut_by_a_line_is_one(cell: str, units: list[str]) -> None:
    out = docx.Document()
    out.add_paragraph("青禾区2027年净土保卫战实施方案")
    table = out.add_table(rows=2, cols=4)
    for row, texts in zip(
        table.rows, (("序号", "任务", "牵头单位", "责任单位"), ("1", "更新名单", "区水利局", cell)), strict=True
    ):
        for place, text in zip(row.cells, texts, strict=True):
            place.text = text
    data = io.BytesIO()
    out.save(data)
    assert as_json(read(load(data.getvalue(), "方案.docx")))["tasks"][0]["responsible"] == units


def test_goal_measures_and_who_under_one_heading() -> None:
    lines = (
        "一、加强畜禽养殖污染防治\n目标：畜禽粪污综合利用率达到90%以上。\n措施：12月20日前建立台账。\n"
        "责任：区农业农村局牵头，区生态环境局、各镇街配合。\n二、开展安全利用\n措施：9月底前完成自查。\n责任：区农业农村局、柳林镇。\n"
    )
    tasks = as_json(read("青禾区2027年农业农村污染治理攻坚战重点任务\n" + lines))["tasks"]
    assert [(one["number"], one["lead"], one["support"], one["responsible"], one["deadline"]) for one in tasks] == [
        ("一", ["区农业农村局"], ["区生态环境局", "各镇街"], [], "2027-12-20"),
        ("二", [], [], ["区农业农村局", "柳林镇"], "2027-09-30"),
    ]


def test_by_the_month_is_no_unit() -> None:
    line = "1．开展监测。采集样品不少于80个。（区农业农村局、区生态环境局，按月推进，12月底前完成）\n"
    (task, *_more) = read("青禾区2027年土壤污染防治工作要点\n二、重点工作\n" + line).tasks
    assert [one.name.value for one in task.units] == ["区农业农村局", "区生态环境局"]


@pytest.mark.parametrize("words", ["每月5日前", "每个月的5日之前", "每月 5 日前"])
def test_a_day_of_every_month_is_twelve_terms_a_year(words: str) -> None:
    found = parse(f"各镇街{words}报送上月进展。", plan_year=2026)
    assert [(term.kind, term.month, term.day, term.text) for term in found] == [
        (DeadlineKind.YEARLY, month, 5, words) for month in range(1, 13)
    ]


def test_the_end_of_every_month_is_the_last_day_it_has() -> None:
    for words in ("每月底前报送。", "每月31日前报送。"):
        days = {term.month: term.day for term in parse(words, plan_year=2026)}
        assert (days[1], days[2], days[4], days[12]) == (31, None, None, 31), "without a day: the last of the month"
    assert {t.day for t in parse("每月中旬报送。", plan_year=2026)} == {20}
    assert parse("每月40日前报送。", plan_year=2026) == ()
    assert [t.month for t in parse("每月", plan_year=2026)] == [None], "how often, and no day"


SORTED = (
    "青禾区2027年土壤污染防治任务分工表\n\n序号\t{first}\t{second}\t责任单位\t完成时限\n"
    "1\t源头防控\t更新重点监管单位名录。\t区生态环境局\t3月底前\n"
    "2\t\t完成隐患排查。\t区生态环境局\t2027年底前\n"
    "3\t农用地安全\t报送受污染耕地安全利用进展。\t区农业农村局\t每月5日前\n"
)


@pytest.mark.parametrize("first", ["类别", "任务类别", "领域", "工作类型"])
def test_a_column_of_groups_is_the_section_of_a_task_and_not_its_title(first: str) -> None:
    draft = read(SORTED.format(first=first, second="重点任务"))
    assert [(task.title, task.section[-1], task.text.value) for task in draft.tasks] == [
        (None, "源头防控", "更新重点监管单位名录。"),
        (None, "源头防控", "完成隐患排查。"),
        (None, "农用地安全", "报送受污染耕地安全利用进展。"),
    ]
    assert len(draft.tasks[-1].deadlines) == 12


def test_beside_what_is_done_the_first_column_names_the_task() -> None:
    draft = read(SORTED.format(first="类别", second="主要内容"))
    assert [task.title and task.title.value for task in draft.tasks] == ["源头防控", "源头防控", "农用地安全"]


ANNEXED = (
    "<html><body><p>白河县2026年冬季土壤污染防治行动方案</p><p>一、重点任务</p>"
    "<p>1.推进农膜回收。各镇每月5日前报送农膜回收情况，废弃农膜回收率达到85%左右。</p>"
    "<p>2.开展隐患排查。2026年底前完成。（县生态环境局负责）</p><p>附件：冬季任务分工表</p>"
    "<table><tr><td>序号</td><td>类别</td><td>重点任务</td><td>责任单位</td><td>完成时限</td></tr>"
    "<tr><td>1</td><td rowspan=2>农用地</td><td>报送农膜回收情况</td><td>县农业农村局</td><td>每月5日前</td></tr>"
    "<tr><td>2</td><td>开展成效评估</td><td>县农业农村局</td><td>2026年底前</td></tr></table></body></html>"
)


def test_a_line_over_its_table_is_the_annex_and_none_is_missing() -> None:
    draft = page(ANNEXED)
    assert [task.section for task in draft.tasks[1:]] == [("附件：冬季任务分工表", "农用地")] * 2
    assert "annex_missing" not in {one.kind for one in draft.conflicts}
    missing = read("白河县2026年方案\n" + BODY + "附件：冬季任务分工表\n")
    assert "annex_missing" in {one.kind for one in missing.conflicts}


def test_a_task_that_says_a_goal_again_is_no_second_indicator() -> None:
    goal = "一、工作目标\n到2026年底，废弃农膜回收率达到85%左右，农药利用率达到43%。\n二、任务\n"
    tasks = "1.回收农膜。废弃农膜回收率达到85%左右，农药利用率达到45%。（区农业农村局负责）\n"
    draft = read(f"青禾区2026—2027年行动方案\n{goal}{tasks}")
    assert [(one.name.value, one.target, one.year) for one in draft.indicators] == [
        ("废弃农膜回收率", 85, 2026), ("农药利用率", 43, 2026), ("农药利用率", 45, None),
    ]  # fmt: skip


def test_a_clause_that_prints_a_rate_its_row_leaves_out_is_not_lost() -> None:
    assert [one.title and one.title.value for one in page(ANNEXED).unassigned] == ["推进农膜回收"]
    said_again = page(ANNEXED.replace("，废弃农膜回收率达到85%左右", ""))
    assert said_again.unassigned == (), "what a row says again is held by its row"
