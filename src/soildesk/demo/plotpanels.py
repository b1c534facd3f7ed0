"""The experts of the example, the panels that met over reports, and the quality forms that were filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from soildesk.core.errors import Refusal
from soildesk.core.models import Message, Person
from soildesk.core.permissions import Actor
from soildesk.demo.monitoring import actor, moment
from soildesk.land.services.writing import Place
from soildesk.plots.models import Expert, Report
from soildesk.plots.queries.reports import against
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import experts, forms, panels, reviews
from soildesk.plots.services.reviews import OfExpert
from soilrules.plots.quality_forms import Answer, FormKey, quality_forms

OFFICER, ADDED = "linlan", date(2023, 6, 1)
POOL = "示例省土壤环境评审专家库（虚构）"
EXPERTS = (  # name, employer, its credit code, speciality, appointed until
    ("钱砚秋", "示例大学环境学院", "", "场地调查与风险评估", date(2028, 5, 31)),
    ("孔令川", "示例省地质环境监测院", "", "水文地质", date(2028, 5, 31)),
    ("宁远舟", "云泽理工学院", "", "土壤修复技术", date(2028, 5, 31)),
    ("柏青禾", "示例省农业科学院", "", "土壤重金属", date(2027, 12, 31)),
    ("苏映雪", "示例省生态环境科学研究院", "", "毒理与健康风险", date(2028, 5, 31)),
    ("费景行", "云泽市测绘院", "", "测绘与空间分析", date(2028, 5, 31)),
    ("骆怀山", "云泽绿苗环保服务有限公司", "", "场地调查", date(2028, 5, 31)),
    ("庄一帆", "示例省土壤环境技术中心", "", "采样与质量控制", date(2028, 5, 31)),
    ("温如玉", "云泽市环境监测站（退休）", "", "分析测试", date(2025, 5, 31)),
)
BOUND = "骆怀山"
"""An expert who works for the consultant of the report a panel met over, and was refused."""
PANELS: Mapping[tuple[str, str], tuple[tuple[str, str, str, bool], ...]] = {
    ("原北湖造纸厂地块", "preliminary"): (
        (BOUND, "pass", "", False),
        ("孔令川", "pass", "补充的地下水流向依据充分。", False),
        ("钱砚秋", "pass", "点位布设合理，同意通过。", False),
        ("苏映雪", "pass", "同意通过。", False),
    ),
    ("原河东砖瓦厂地块", "preliminary"): (
        ("宁远舟", "pass", "回填物已补充采样，同意通过。", False),
        ("费景行", "revise", "取土坑边界与历史影像相差约 8 米，建议在附图中标注；不影响结论。", True),
        ("钱砚秋", "pass", "同意通过。", False),
    ),
    ("原白鹭棉织厂地块", "preliminary"): (
        ("柏青禾", "pass", "区域背景砷含量偏高，对照点数据可以支撑结论。", False),
        ("孔令川", "pass", "同意通过。", False),
        ("苏映雪", "pass", "同意通过。", False),
    ),
    ("原白鹭农机站地块", "preliminary"): (
        ("柏青禾", "revise", "NJ002、NJ004 两个点位砷高于第一类用地筛选值，报告结论却为未超标，须说明原因。", False),
        ("钱砚秋", "revise", "同意柏青禾意见；规划为幼儿园，应从严。", False),
        ("孔令川", "pass", "水文地质部分无意见。", False),
    ),
    ("青禾制革园二厂南侧地块", "detailed"): (
        ("宁远舟", "pass", "六价铬垂向分布清楚，同意通过。", False),
        ("庄一帆", "pass", "质控合格。", False),
        ("孔令川", "pass", "同意通过。", False),
    ),
    ("原青禾农药厂成品库地块", "risk_assessment"): (
        ("苏映雪", "pass", "暴露情景与参数选取合理。", False),
        ("钱砚秋", "revise", "滴滴涕修复目标值应与农药厂主地块一致，请核对。", False),
        ("宁远舟", "pass", "同意通过。", False),
    ),
}
ACCOUNTS = {"钱砚秋": "qianyanqiu"}
"""Experts who sign in themselves; the opinions of the others are written down by the office."""
ASKED: Mapping[tuple[str, str], tuple[str, ...]] = {("原河东金属回收站地块", "preliminary"): ("钱砚秋", "孔令川")}
"""Panels that were asked and have not answered."""
OVERRULED = {
    "原河东砖瓦厂地块": (
        "边界差异已在附图 3 标注并由测绘单位复核，不影响点位和结论，同意通过。",
        "青环评审会纪要〔2025〕4号（示例）",
    )
}
"""Reports passed against one expert: the ground a person wrote, and its paper."""
FAILED = ("原北湖造纸厂地块", "preliminary")
"""The report whose first edition failed the forms: it was returned."""
FORMS = (FAILED, ("原河东砖瓦厂地块", "preliminary"), ("原白鹭农机站地块", "preliminary"))
WRONG = {
    "plan": {"6": "污水处理站没有布点"},
    "report": {"8": "污水处理站没有布点", "5": "踏勘记录缺污水处理站", "2": "缺地下水流向依据"},
}


def tell(place: Place) -> None:
    """The pool."""
    for number, (name, employer, code, speciality, until) in enumerate(EXPERTS, 1):
        facts = {
            "name": name, "employer": employer, "employer_code": code, "speciality": speciality, "pool": POOL,
            "phone": f"0000-99010{number:02d}（虚构）", "until": until,
        }  # fmt: skip
        made = experts.add(facts, place, by=actor(OFFICER, ADDED), at=moment(ADDED))
        if account := ACCOUNTS.get(name):
            person = Person.objects.get(username=account)
            panels.give_account(made, person, by=actor(OFFICER, ADDED), at=moment(ADDED))


def sit(report: Report, row: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """The panel of a report, where one met; whoever is bound to a party of it is turned away by the service."""
    key = (row["地块"], row["类别"])
    _ask(report, [one for one, *_said in PANELS.get(key, ()) if one != BOUND], by, at)
    Message.objects.filter(person__username__in=ACCOUNTS.values()).update(
        read_at=at
    )  # what they answered they had read
    for name, verdict, text, dissent in PANELS.get(key, ()):
        told = OfExpert(Expert.objects.get(name=name), verdict, text, declared=False, dissent=dissent)
        try:
            reviews.opine_as_expert(report, told, by=by, at=at)
        except ReportRefused as refusal:
            if name != BOUND or refusal.code != "plots.report.conflict":
                raise Refusal(f"{name}：{refusal}", code="demo.panel") from refusal
    if row["通过"] and row["地块"] in OVERRULED:
        held = Report.objects.get(pk=report.pk)
        for opinion in against(held):
            reviews.overrule(held, opinion, *OVERRULED[row["地块"]], by=by, at=at)


def ask(report: Report, row: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """The panel of a report that was asked and has not answered."""
    _ask(report, ASKED.get((row["地块"], row["类别"]), ()), by, at)


def _ask(report: Report, names: Sequence[str], by: Actor, at: datetime) -> None:
    if names:
        panels.ask(report, [Expert.objects.get(name=one) for one in names], by=by, at=at)


def fill_forms(report: Report, number: int, *, by: Actor, at: datetime) -> None:
    """All four forms in one round; the first round of one report fails two of them."""
    fails = number == 1 and (report.title.startswith(FAILED[0]))
    for key in FormKey:
        form, wrong = quality_forms()[key], WRONG.get(key, {}) if fails else {}
        answers = {one.no: str(Answer.NO if one.no in wrong else _answer(one)) for one in form.items}
        forms.fill(report, key, answers, wrong, by=by, at=at)


def _answer(item: object) -> Answer:
    """What is asked in some cases only (wells, detailed sampling) was not asked of these surveys."""
    asked = not getattr(item, "may_not_apply", False) or getattr(item, "no", "") in ("5", "6", "7", "8", "9", "10")
    return Answer.YES if asked else Answer.NOT_APPLICABLE
