"""The example's assessments: 青禾区 in 2025 made final by its city with a sample, an objection and what may follow; its 2026 one in
self-assessment; and its towns under the district's scheme, some announced and ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from soildesk.assessment.models import Assessment, DrawnRow
from soildesk.assessment.services import adopting, checking, finishing, opening, selfassessing
from soildesk.assessment.services.acting import Doing, Paper
from soildesk.assessment.services.adopting import Adopting
from soildesk.assessment.services.selfassessing import Said
from soildesk.core import clock
from soildesk.core.models import Department, Division
from soildesk.demo.monitoring import actor, moment
from soildesk.kit import word
from soildesk.land.services.writing import Place
from soilrules.assessment.scheme import Grade, Method
from soilrules.assessment.schemes import schemes

CITY_OFFICER, CITY_ISSUER, OFFICER, CHIEF = "luomin", "fangzhou", "linlan", "zhouzheng"
COUNTY, TOWNS = "county_year", "district_towns"
EIGHT = {
    "990101001": ("zhaocheng", 92), "990101002": ("wanghe", 88), "990101003": ("yuanxin", 95), "990101004": ("hubei", 81),
    "990101005": ("chezhan", 76), "990101100": ("shixin", 90), "990101101": ("lubai", 93), "990101102": ("liuxi", 85),
}  # fmt: skip
SIGNED, ANNOUNCED = 7, 6
"""How many of the towns have signed, and how many of those have been told their checked score."""
SHARED = "2025年土壤污染防治宣传和信息公开材料"
BEGUN, TOWN_SCHEME = date(2026, 11, 9), date(2026, 10, 28)


def tell() -> None:
    """Through the services people use, each act on its day; what lies ahead of today is left out."""
    city = _place("云泽市生态环境局")
    _last_year(city)
    if clock.today() >= BEGUN:
        _this_year(city)
        _own_scheme(city)
        _towns(_place("青禾区生态环境保护委员会办公室"))


def _place(name: str) -> Place:
    office = Department.objects.select_related("division").get(name=name)
    return Place(office.division, office)


def _act(username: str, day: date, why: str = "", *papers: Paper) -> Doing:
    return Doing(actor(username, day), moment(day, 10), why, papers)


def _paper(title: str) -> Paper:
    document = word.a4()
    word.paragraph(document, title, word.TITLE)
    word.paragraph(document, "（示例）", word.SUBTITLE)
    return Paper(f"{title}.docx", word.saved(document))


def _adopt(wanted: Adopting, place: Place, username: str, day: date) -> opening.SchemeAdoption:
    return adopting.adopt(wanted, place, by=actor(username, day), at=moment(day, 9))


def _last_year(city: Place) -> None:
    """2025: filled in, signed, sampled, checked, objected to, answered, final."""
    adopted, opened, signed = date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 20)
    drawn, checked, objected, final = date(2026, 4, 27), date(2026, 5, 8), date(2026, 5, 12), date(2026, 5, 20)
    if clock.today() < final:
        return
    adoption = _adopt(
        Adopting(COUNTY, 2025, "云环委办〔2026〕6号（示例）", "云泽市2025年度县（市、区）评估工作通知（示例）"),
        city,
        CITY_ISSUER,
        adopted,
    )
    district = Division.objects.get(code="990101", until=None)
    (one,) = opening.open_for(adoption, [district], signed, by=actor(CITY_OFFICER, opened), at=moment(opened, 9))
    own = ("public", Said(Decimal(92)), "公开信息4次，培训2场，群众举报全部办结。")
    selfassessing.fill(one, own[0], own[1], _act(OFFICER, signed, own[2], _paper(SHARED)))
    selfassessing.fill(
        one,
        "plot_rate",
        Said(Decimal(100)),
        _act(
            OFFICER, signed, "2025年没有污染地块投入使用前未达标的，附逐块核对表。", _paper("再开发利用地块逐块核对表")
        ),
    )
    selfassessing.fill(
        one, "self_monitoring", Said(Decimal(100)), _act(OFFICER, signed, "4家单位报告已在省平台上传，本地没有登记。")
    )
    for veto in ("event", "false_data"):
        selfassessing.fill(one, veto, Said(Decimal(0)), _act(OFFICER, signed, "没有发生。"))
    selfassessing.sign(one, _act(OFFICER, signed, "经局务会审定。"))
    sample = checking.draw(one, Decimal("0.08"), "福彩3D 2026-04-26：4 7 1（示例）", _act(CITY_OFFICER, drawn))
    _look(one, list(sample.rows.all()), checked)
    checking.confirm(
        one,
        "plot_rate",
        Said(Decimal("97.5")),
        _act(CITY_OFFICER, checked, "逐块核对供地和竣工资料，一块先行进场，按面积扣除。"),
    )
    checking.confirm(
        one, "self_monitoring", Said(Decimal(96)), _act(CITY_OFFICER, checked, "省平台查到3家，1家没有报告。")
    )
    checking.confirm(
        one, "networks", Said(Decimal(100)), _act(CITY_OFFICER, checked, "省监测中心出具的2025年监测完成情况。")
    )
    checking.confirm_said(one, _act(CITY_OFFICER, checked, "核对材料后采信。"))
    checking.announce(one, _act(CITY_OFFICER, checked))
    objection = checking.raise_objection(
        one,
        "self_monitoring",
        _act(OFFICER, objected, "第4家单位2025年11月停产，按规定不需要当年监测，附停产证明。", _paper("停产证明")),
    )
    checking.answer(one, objection, True, Said(Decimal(100)), _act(CITY_OFFICER, objected, "证明有效，采纳。"))
    done = finishing.finish(one, "云环委〔2026〕12号（示例）", _act(CITY_ISSUER, final))
    fund = done.proposals.get(rule="fund")
    finishing.decide(fund, True, "云财函〔2026〕18号（示例）", _act(CITY_ISSUER, final, "已送市财政局作为分配参考。"))


def _look(one: Assessment, rows: Sequence[DrawnRow], day: date) -> None:
    """All but one of the drawn rows are as the records say."""
    for at, row in enumerate(rows):
        false = at == len(rows) - 1
        note = "现场与记录不符，没有找到原始记录。" if false else "现场和原始记录一致。"
        checking.check_row(one, row, "false" if false else "true", _act(CITY_OFFICER, day, note))


def _this_year(city: Place) -> None:
    """2026: opened, the first items filled in."""
    changes = {"hazard": {"weight": "8"}, "self_monitoring": {"weight": "7"}, "public": {"weight": "5"}}
    adoption = _adopt(
        Adopting(COUNTY, 2026, "云环委办〔2026〕29号（示例）", "源头防控分值提高（示例）", changes),
        city,
        CITY_ISSUER,
        BEGUN,
    )
    district = Division.objects.get(code="990101", until=None)
    (one,) = opening.open_for(
        adoption, [district], clock.today() + timedelta(days=10), by=actor(CITY_OFFICER, clock.today()), at=clock.now()
    )
    today = clock.today()
    selfassessing.fill(one, "event", Said(Decimal(0)), _act(OFFICER, today, "截至目前没有发生。"))
    selfassessing.fill(
        one, "self_monitoring", Said(Decimal(100)), _act(OFFICER, today, "4家单位年底前报送，预计全部完成。")
    )


def _own_scheme(city: Place) -> None:
    """A scheme the city wrote itself, with its own items, grades and veto; no assessment is opened under it yet."""
    shipped = schemes()[COUNTY]
    items = {one.id: one for one in shipped.items}
    grades = (
        Grade("met", "达标", Decimal(85)),
        Grade("nearly", "基本达标", Decimal(70)),
        Grade("not_met", "不达标", Decimal(0)),
    )
    scheme = replace(
        shipped, id="yunze_special", title="云泽市净土保卫战专项考核办法（示例）", document="云环委〔2026〕33号（示例）",
        about="市里自定的专项考核：安全利用率、任务和问题整改三项。", mark="S", grades=grades, notes=(), objection_days=5, objection_mark="S",
        items=(
            replace(items["farmland_rate"], weight=Decimal(40), method=Method.REACH, target=Decimal(93)),
            replace(items["tasks"], weight=Decimal(40)),
            replace(items["honest"], weight=Decimal(20), each=Decimal(1)),
        ),
        vetoes=tuple(replace(one, cap="not_met") for one in shipped.vetoes if one.id == "false_data"),
        consequences=tuple(replace(one, grades=("not_met",)) for one in shipped.consequences if one.grades),
    )  # fmt: skip
    _adopt(Adopting(scheme.id, 2026, scheme.document, own=scheme), city, CITY_ISSUER, BEGUN)


def _towns(office: Place) -> None:
    """The towns under the district's scheme."""
    changes = {"late": {"each": "0.5"}}
    adoption = _adopt(
        Adopting(TOWNS, 2026, "青环委办〔2026〕21号（示例）", "镇街目标责任考核办法（示例）", changes),
        office,
        CHIEF,
        TOWN_SCHEME,
    )
    places = list(Division.objects.filter(code__in=EIGHT, until=None).order_by("code"))
    made = opening.open_for(
        adoption, places, clock.today() + timedelta(days=20), by=actor(CHIEF, clock.today()), at=clock.now()
    )
    day, paper = clock.today(), _paper("宣传、巡查和举报办理记录")
    for at, one in enumerate(made[:SIGNED]):
        username, value = EIGHT[one.place.code]
        selfassessing.fill(one, "own", Said(Decimal(value)), _act(username, day, "附宣传、巡查和举报办理记录。", paper))
        selfassessing.fill(one, "false_data", Said(Decimal(0)), _act(username, day, "没有发生。"))
        selfassessing.sign(one, _act(username, day))
        if at < ANNOUNCED:
            checking.confirm_said(one, _act(CHIEF, day, "核对材料后采信。"))
            checking.announce(one, _act(CHIEF, day))
