"""How the example's office looks at firms: a plan drawn by lot, visits, and problems in every state, one with a punishment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.demo.monitoring import actor, moment
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.kit import imports
from soildesk.kit.imports import Purpose
from soildesk.land.services.patrols import Photo
from soildesk.land.services.writing import Place
from soildesk.oversight.models import InspectionPlan, Problem
from soildesk.oversight.queries import compared
from soildesk.oversight.services import fromrecords, judging, plans, problems, visits
from soildesk.oversight.services.judging import Act as Judged
from soildesk.oversight.services.judging import Decision
from soildesk.oversight.services.plans import Wanted
from soildesk.oversight.services.problems import Done, Order, Proof
from soildesk.oversight.services.visits import FoundProblem, Seen, Where

OFFICER, BUREAU, INDUSTRY, FARMS = "linlan", "xuwei", "hanlei", "maijia"
OFFICE, CITY = "青禾区生态环境局", "云泽市生态环境局"
DRAWN, LISTED = date(2026, 9, 1), date(2026, 8, 27)
DEMOLISHED, STARTED, NOTICED = "瑞丰农药助剂有限公司", date(2026, 9, 10), date(2026, 9, 14)
INSPECTORS = "林岚、徐巍"


@dataclass(frozen=True)
class Act:
    """One act on a problem: the day, who, what, what is said; a picture proves it, an order or a term goes with it."""

    day: date
    who: str
    what: Callable[..., Any]
    said: str = ""
    proof: str = ""
    more: tuple[Any, ...] = ()
    document: str = ""


@dataclass(frozen=True)
class Visited:
    """One visit to the firm at a place of the lot: the day, what was found, what it looked like."""

    place: int
    on: date
    found: str
    note: str
    facts: tuple[FoundProblem, ...] = ()
    photo: str = ""


VISITS = (
    Visited(0, date(2026, 9, 8), "nothing", "查阅隐患排查台账、自行监测报告和危险废物转移联单，现场查看废水池和危废库，未发现问题。"),
    Visited(
        1, date(2026, 9, 15), "problems", "现场查看生产区、危废库和雨水排口，查阅台账。",
        (FoundProblem("危险废物贮存库标识缺失，未设导流沟。", "补设标识和导流沟", date(2026, 10, 20)),), "危废库整改前",
    ),
    Visited(2, date(2026, 9, 22), "not_met", "企业停产检修，负责人不在现场，另行安排检查。"),
    Visited(
        3, date(2026, 10, 13), "problems", "现场查看生产区和公用工程，查阅巡检记录。",
        (
            FoundProblem("事故应急池内有积水，有效容积不足。", "排空积水并恢复容积", date(2026, 11, 30)),
            FoundProblem("雨水排口切断阀没有启闭记录。", "建立记录", date(2026, 11, 15)),
        ), "调节池整改前",
    ),
    Visited(4, date(2026, 11, 5), "nothing", "复核上年问题，均已整改。"),
)  # fmt: skip
ON_VISITS: Mapping[str, tuple[Act, ...]] = {
    "危险废物贮存库标识缺失": (
        Act(date(2026, 9, 16), OFFICER, problems.assign, "现场检查发现，请督促企业整改", more=(OFFICE,)),
        Act(date(2026, 10, 12), BUREAU, problems.answer, "企业已补设标识，新建导流沟。", "危废库整改后"),
        Act(date(2026, 10, 14), OFFICER, problems.settle, "现场复核属实，同意销号。"),
    ),
    "事故应急池内有积水": (
        Act(date(2026, 10, 14), OFFICER, problems.assign, "现场检查发现，请督促企业整改", more=(OFFICE,)),
        Act(date(2026, 11, 4), BUREAU, problems.measure, "积水已排空，企业正在核算容积。", "调节池整改前"),
    ),
    "雨水排口切断阀没有启闭记录": (
        Act(date(2026, 10, 14), OFFICER, problems.assign, "现场检查发现，请督促企业整改", more=(OFFICE,)),
        Act(date(2026, 11, 16), BUREAU, problems.answer, "企业已建立启闭记录并上墙。", "调节池整改后"),
    ),
}  # fmt: skip
DEMOLITION = "老合成车间拆除现场未设围挡"
ON_DEMOLITION = (
    Act(date(2026, 9, 11), OFFICER, problems.assign, "请现场督促", more=(OFFICE,)),
    Act(date(2026, 9, 18), BUREAU, problems.answer, "已停工，残留物料清运至有资质单位。", "危废库整改后"),
    Act(date(2026, 9, 23), OFFICER, problems.settle, "现场核实属实，同意销号；未备案问题另案处理。"),
)
ON_LIST: Mapping[str, tuple[Act, ...]] = {
    "青禾热镀锌有限公司酸洗废水池": (
        Act(date(2026, 9, 29), BUREAU, problems.answer, "废水池防渗层已重做，闭水试验合格。", "调节池整改后"),
        Act(date(2026, 10, 9), OFFICER, problems.give_back, "周边地面防渗和导流沟没有照片，请补充。"),
        Act(date(2026, 10, 26), BUREAU, problems.answer, "周边地面已做防渗，导流沟已完善。", "镀铬线整改后"),
        Act(date(2026, 10, 28), OFFICER, problems.settle, "资料齐全，现场核实属实，同意销号。"),
    ),
    "工业集中区部分企业雨污分流": (
        Act(date(2026, 10, 20), INDUSTRY, problems.measure, "改造方案已通过评审，主干管进场施工。", "调节池整改前"),
        Act(date(2026, 11, 12), OFFICER, problems.extend, "主干管与道路工程同步实施", more=(date(2027, 3, 31),), document="云环督函〔2026〕41号"),
    ),
    "云泽铅锌冶炼有限公司渣场": (Act(date(2026, 9, 25), BUREAU, problems.measure, "标识已补齐，台账仍在整理。", "危废库整改后"),),
    "白鹭镇部分农药包装废弃物": (Act(date(2026, 11, 18), FARMS, problems.answer, "回收点已硬化加盖，专人管理。", "危废库整改后"),),
    "青禾木材防腐有限公司存在随意": (
        Act(date(2026, 9, 11), OFFICER, problems.dismiss, "现场核查：堆放物为待用防腐木材，不属于危险废物，有采购单据。"),
    ),
}  # fmt: skip
LETTER = {
    "source": Problem.Source.LETTER, "document": "青信环〔2026〕77号", "found_on": date(2026, 6, 2), "object_name": "明远印染厂区东侧水沟",
    "fact": "反映夜间有有色废水排入厂区东侧水沟。", "requirement": "核查来源并封堵", "due": date(2026, 7, 2),
}  # fmt: skip
ON_LETTER = (
    Act(date(2026, 6, 3), OFFICER, problems.assign, "请核查处理", more=(OFFICE,)),
    Act(date(2026, 6, 18), BUREAU, problems.answer, "查明为雨污混接，已封堵。", "调节池整改后"),
    Act(date(2026, 6, 22), OFFICER, problems.settle, "核实属实，同意销号。"),
    Act(date(2026, 11, 17), OFFICER, problems.reopen, "雨后再次出现有色水，须重新查明。"),
)


def tell(folder: Path, by_name: Mapping[str, EnterpriseVersion]) -> None:
    """All of it, each act on its day, as far as today."""
    _told(_letter(), ON_LETTER, folder)
    if clock.today() >= LISTED:
        _superiors_list(folder)
        _tell_each(ON_LIST, folder)
    if clock.today() >= DRAWN:
        _visits(_plan(), folder)
        _tell_each(ON_VISITS, folder)
    if clock.today() >= NOTICED:
        _demolition(by_name[DEMOLISHED], folder)


def _place() -> Place:
    office = Department.objects.select_related("division").get(name=OFFICE)
    return Place(office.division, office)


def _letter() -> Problem:
    day = LETTER["found_on"]
    assert isinstance(day, date)
    return problems.record(LETTER, _place(), by=actor(OFFICER, day), at=moment(day))


def _superiors_list(folder: Path) -> None:
    """The list of the city's inspectors, taken in as it was sent."""
    path, kind = folder / "督察反馈问题清单.xlsx", imports.kind_called("problems")
    purpose = Purpose(actor(OFFICER, LISTED), moment(LISTED))
    imports.accept(imports.preview(kind, path.read_bytes(), path.name, purpose), purpose)


def _plan() -> InspectionPlan:
    wanted = Wanted(
        "2026年下半年土壤污染重点监管单位双随机检查", "soil_key", 6, DRAWN, date(2026, 12, 15), "2026100-041115222731-09",
        "云泽福利彩票第2026100期开奖号码（2026-08-31），抽取前一日在区政府网站公告",
    )  # fmt: skip
    return plans.draw(wanted, _place(), by=actor(OFFICER, DRAWN), at=moment(DRAWN))


def _visits(plan: InspectionPlan, folder: Path) -> None:
    drawn = [row.enterprise_id for row in plan.drawings.filter(drawn=True).order_by("order")]
    for one in VISITS:
        if one.on <= clock.today():
            firm = (
                EnterpriseVersion.objects.standing(one.on).select_related("enterprise").get(enterprise=drawn[one.place])
            )
            photos = [Photo(f"{one.photo}.png", _file(folder, f"{one.photo}.png"))] if one.photo else []
            seen = Seen(one.on, INSPECTORS, one.found, one.note, photos=photos)
            visits.record(Where(firm, plan), seen, one.facts, by=actor(OFFICER, one.on), at=moment(one.on, 16))


def _demolition(firm: EnterpriseVersion, folder: Path) -> None:
    """The demolition nobody filed: seen on a visit, found in the records, ordered, cited and punished."""
    firm = EnterpriseVersion.objects.standing(STARTED).select_related("enterprise").get(enterprise=firm.enterprise_id)
    photo = Photo("拆除现场.png", _file(folder, "拆除现场.png"))
    seen = Seen(STARTED, INSPECTORS, "problems", "日常巡查见厂区内正在拆除老合成车间。", photos=[photo])
    told = FoundProblem(
        "老合成车间拆除现场未设围挡，残留物料露天堆放。", "立即停工，清理残留物料", NOTICED + timedelta(days=6)
    )
    visits.record(Where(firm), seen, [told], by=actor(OFFICER, STARTED), at=moment(STARTED, 16))
    _tell_each({DEMOLITION: ON_DEMOLITION}, folder)
    by = actor(OFFICER, NOTICED)
    shown = [
        one for one in compared.shown(by, NOTICED) if one.finding.rule and one.finding.rule.id == "demolition.ecology"
    ]
    if not shown:
        return
    problem = fromrecords.take(shown[0], by=by, at=moment(NOTICED))
    order = Order(_department(OFFICE), "停止拆除，补做方案并备案", date(2026, 12, 10))
    problems.assign(problem, order, Done(by, moment(NOTICED), "拆除前未备案"))
    judged, settled = date(2026, 9, 21), date(2026, 11, 10)
    if judged <= clock.today():
        done = Done(actor(OFFICER, judged), moment(judged))
        judging.cite(problem, Judged("demolition_not_filed", STARTED, judged), "", done)
    if settled <= clock.today():
        decision = Decision("云环罚〔2026〕37号", date(2026, 11, 6), CITY, "罚款（数额见决定书），责令改正")
        paper = Proof("行政处罚决定书.pdf", _file(folder, "行政处罚决定书.pdf"))
        judging.punish(problem, decision, Done(actor(OFFICER, settled), moment(settled)), [paper])


def _tell_each(story: Mapping[str, Sequence[Act]], folder: Path) -> None:
    for fact, acts in story.items():
        found = Problem.objects.filter(fact__startswith=fact).order_by("pk").first()
        if found is not None:
            _told(found, acts, folder)


def _told(problem: Problem, acts: Sequence[Act], folder: Path) -> None:
    for act in acts:
        if act.day <= clock.today():
            done = Done(actor(act.who, act.day), moment(act.day, 15), act.said)
            _do(act, problem, done, folder)


def _do(act: Act, problem: Problem, done: Done, folder: Path) -> None:
    if act.what is problems.assign:
        problems.assign(problem, Order(_department(act.more[0]), problem.requirement, None), done)
    elif act.what is problems.extend:
        problems.extend(problem, *act.more, done, document=act.document)
    elif act.proof:
        act.what(problem, done, [Proof(f"{act.proof}.png", _file(folder, f"{act.proof}.png"))])
    else:
        act.what(problem, done)


def _file(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


def _department(name: str) -> Department:
    return Department.objects.get(name=name)
