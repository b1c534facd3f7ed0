"""The registers of holdings, their ledgers of inputs, checks of inputs, and what followed produce above its limit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.farmland import holdingentering
from soildesk.farmland.holdingwords import LEAST_MM as LEAST
from soildesk.farmland.holdingwords import (
    LOOKS,
    OVER_MU,
    chip,
    duty_name,
    film_state,
    grounds,
    limit_words,
    sentence,
    word,
)
from soildesk.farmland.models import HoldingVersion, InputCheck, InputEntry
from soildesk.farmland.mu import to_m2
from soildesk.farmland.queries import holdings as found
from soildesk.farmland.register.figures import SECTION
from soildesk.farmland.register.told import told_page
from soildesk.farmland.services import holdings
from soildesk.farmland.services.holdings import KEEP
from soildesk.farmland.services.producetests import TEST
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Act, Chip, Fact
from soildesk.kit.register import Column, Register, Row, Stored
from soilrules.farmland.holdings import Limit, State

V = HoldingVersion


def _label(field: str, choices: Any) -> Any:
    return lambda row: str(choices(row[field]).label) if row[field] else ""


def _add_states(rows: list[Row], actor: Actor, on: date) -> None:
    """How each holding stands with what it owes."""
    versions = list(HoldingVersion.objects.filter(pk__in=[row["id"] for row in rows]))
    owed = found.owed(versions, on)
    for row in rows:
        stands = owed.get(row["holding_id"], [])
        row["_state"] = found.worst(stands) or ""
        row["_open"] = "；".join(f"{duty_name(one)}：{sentence(one)}" for one in stands if one.state is not State.DONE)


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A holding: what it owes, how each of it stands and by what, its ledger."""
    version = HoldingVersion.objects.select_related("holding").get(pk=row["pk"])
    stands = found.owed([version], on)[version.holding_id]
    code = version.division_path.rstrip("/").rsplit("/", 1)[-1]
    number = version.holding.number
    ledger = reverse("kit:collection", args=["farm_inputs"])
    new = reverse("kit:collection_add", args=["farm_inputs"])
    keeping = stopped(actor, KEEP, version)
    acts = [Act(_("登记投入品"), f"{new}?holding={number}", "plus-lg", primary=True, stopped_by=keeping)]
    if version.kind == V.Kind.GREENHOUSE:
        soil = reverse("kit:collection_add", args=["farm_soil_checks"])
        tests = reverse("farmland:holding_test", args=[version.holding.uid])
        acts.append(Act(_("登记农产品检测"), tests, "check2-circle", stopped_by=stopped(actor, TEST, version)))
        acts.append(Act(_("登记超标后的判断"), f"{soil}?holding={number}", "search", stopped_by=keeping))
    acts.append(
        Act(
            _("停办"),
            reverse("farmland:holding_end", args=[version.holding.uid]),
            "slash-circle",
            danger=True,
            stopped_by=keeping,
        )
    )
    return RecordPage(
        chips=[chip(found.worst(stands), "；".join(sentence(one) for one in stands if one.state is not State.DONE))],
        acts=acts,
        template="farmland/holding.html",
        context={
            "stands": [
                {"name": duty_name(one), "chip": chip(one.state), "why": sentence(one), "basis": grounds(one, code)}
                for one in stands
            ],
            "buys": version.kind == V.Kind.BUYER,
        },
        related=[
            (_("投入品台账"), f"{ledger}?q={number}"),
            (_("投入品抽检和养殖检查"), f"{reverse('kit:collection', args=['farm_checks'])}?q={number}"),
        ],
    )


HOLDINGS = register.add(
    Register(
        name="farmland.holdings",
        collection="farm_holdings",
        title=_l("农业经营主体"),
        permission="farmland.read",
        queryset=found.holdings,
        knows_past=True,
        key="holding__uid",
        fields=["id", "holding_id"],
        enrich=_add_states,
        record=page,
        columns=[
            Column("number", _l("编号"), "holding__number", sort="holding__number", width=13, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=18, format=cells.clamp),
            Column("kind", _l("类别"), _label("kind", V.Kind), ["kind"], sort="kind", width=9, stored=Stored("kind", V.Kind.choices)),
            Column("form", _l("主体类型"), _label("form", V.Form), ["form"], width=8, stored=Stored("form", V.Form.choices)),
            Column("state", _l("义务"), lambda row: row.get("_state") or "", ["id", "holding_id"], width=8, format=cells.chip(LOOKS), export=lambda value, row: word(value)),
            Column("open", _l("欠缺或者待核实"), lambda row: row.get("_open") or "", ["id", "holding_id"], width=24, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8),
            Column("area_mu", _l("设施种植面积（亩）"), sort="area_m2", width=8, numeric=True, format=cells.number, type="number"),
            Column("produce", _l("农产品或者畜种"), width=10, format=cells.clamp),
            Column("edible", _l("种植食用农产品"), width=7, format=cells.yes_no, type="boolean", shown=False),
            Column("equipped", _l("配套粪污处理设施"), width=8, format=cells.yes_no, type="boolean"),
            Column("has_outlet", _l("有生产废水排放口"), width=8, format=cells.yes_no, type="boolean", shown=False),
            Column("outlet", _l("废水排放口"), width=12, format=cells.clamp, shown=False),
            Column("outlet_checked_on", _l("排放口排查日期"), width=8, format=cells.day, type="date", shown=False),
            Column("code", _l("统一社会信用代码"), width=15, shown=False),
            Column("location", _l("地址"), width=14, format=cells.clamp, shown=False),
            Column("licence", _l("检测资质证书编号"), width=12, shown=False),
            Column("licence_until", _l("检测资质有效期至"), sort="licence_until", width=8, format=cells.day, type="date", shown=False),
            Column("since", _l("起"), sort="since", width=7, format=cells.day, type="date", shown=False),
            Column("until", _l("止"), width=7, format=cells.day, type="date", shown=False),
        ],
        filters=[
            ChoiceFilter("kind", _l("类别"), choices=V.Kind.choices),
            ChoiceFilter("large", _l("设施种植面积"), choices=[("1", format_lazy(_l("大于 {mu} 亩"), mu=OVER_MU))], conditions={"1": Q(area_m2__gt=to_m2(OVER_MU))}),
            ChoiceFilter("equipped", _l("粪污处理设施"), choices=[("yes", _l("已配套")), ("no", _l("未配套")), ("-", _l("未登记"))],
                         conditions={"yes": Q(equipped=True), "no": Q(equipped=False), "-": Q(equipped=None)}),
            TextFilter("town", _l("乡镇（街道）"), fields=["town"]),
        ],
        search=["name", "holding__number", "code", "produce"],
        default_sort="number",
        ground=Ground("geometry", shape="point", title="name", color="#6a8d3a"),
        writing=holdingentering.HOLDINGS,
        views=[(format_lazy(_l("大于 {mu} 亩的设施种植主体"), mu=OVER_MU), "kind=greenhouse&large=1"), (_l("规模养殖场"), "kind=livestock"), (_l("农资经营门店"), "kind=dealer"), (_l("农产品检测机构"), "kind=laboratory")],
        about=format_lazy(_l("有专门义务的经营主体：设施种植大于 {mu} 亩的检测农产品，养殖场配套粪污处理设施、排查排放口、记养殖档案和粪污台账，园林养护单位和农资门店建立台账，检测机构要有资质。"), mu=OVER_MU),
        empty=_l("还没有登记经营主体。下载模板填写后导入，或逐个登记。"),
    )
)  # fmt: skip


def _entry(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    if row["kind"] != InputEntry.Kind.FILM:
        return [], []
    return [chip(film_state(row))], [
        Fact(_("地膜厚度限值"), _("不低于 %(least)s mm") % {"least": LEAST}, note=limit_words(Limit.FILM))
    ]


def _firm_columns() -> list[Column]:
    return [
        Column("firm", _l("经营主体"), sort="firm", width=17, frozen=True, format=cells.link),
        Column("number", _l("主体编号"), "holding__number", width=13, shown=False),
        Column("firm_kind", _l("主体类别"), _label("firm_kind", V.Kind), ["firm_kind"], width=9, stored=Stored("firm_kind", V.Kind.choices), shown=False),
    ]  # fmt: skip


FILM_LOOKS = {**LOOKS, "": ("calm", "dash-circle", _l("不涉及"))}
THIN = Q(kind="film", thickness_mm__lt=LEAST)
UNSAID = Q(kind="film", thickness_mm=None)
FILM_FILTER = ChoiceFilter(
    "film",
    _l("地膜厚度"),
    choices=[("thin", format_lazy(_l("低于 {mm} mm"), mm=LEAST)), ("-", _l("没有登记厚度"))],
    conditions={"thin": THIN, "-": UNSAID},
)
FIRM = TextFilter("firm", _l("经营主体"), fields=["firm", "holding__number"])

ENTRIES = register.add(
    Register(
        name="farmland.inputs",
        collection="farm_inputs",
        subject="farmland.inputentry",
        title=_l("农业投入品台账"),
        permission="farmland.read",
        queryset=found.entries,
        key="uid",
        record=told_page(holdings.ENTRIES, "input", _entry),
        columns=[
            *_firm_columns(),
            Column("on", _l("日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("kind", _l("类别"), _label("kind", InputEntry.Kind), ["kind"], sort="kind", width=9, stored=Stored("kind", InputEntry.Kind.choices)),
            Column("name", _l("名称"), width=14, format=cells.clamp),
            Column("amount_kg", _l("数量（kg）"), sort="amount_kg", width=8, numeric=True, format=cells.number, type="number"),
            Column("thickness_mm", _l("地膜厚度（mm）"), sort="thickness_mm", width=7, numeric=True, format=cells.number, type="number"),
            Column("film", _l("厚度结论"), film_state, ["kind", "thickness_mm"], width=8, format=cells.chip(FILM_LOOKS), export=lambda value, row: str(FILM_LOOKS[value][2])),
            Column("highly_toxic", _l("高毒农药"), width=6, format=cells.yes_no, type="boolean"),
            Column("from_to", _l("来源或者去向"), width=16, format=cells.clamp),
            Column("paid_yuan", _l("付给交回人（元）"), width=7, numeric=True, format=cells.number, type="number"),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            FIRM,
            ChoiceFilter("kind", _l("类别"), choices=InputEntry.Kind.choices),
            ChoiceFilter("toxic", _l("高毒农药"), choices=[("1", _l("是"))], conditions={"1": Q(highly_toxic=True)}),
            FILM_FILTER,
            DateRangeFilter("on", _l("日期")),
        ],
        search=["firm", "holding__number", "name", "from_to"],
        default_sort="-on",
        writing=holdingentering.ENTRIES,
        views=[(_l("高毒农药流向"), "toxic=1"), (format_lazy(_l("厚度低于 {mm} mm 的薄膜"), mm=LEAST), "film=thin")],
        about=_l("农药、肥料、农用薄膜、兽药和饲料的购销与使用，包装废弃物、废旧薄膜和畜禽粪污的去向。台账保存不少于两年：系统里不删除，更正留痕。"),
        empty=_l("还没有台账记录：请从经营主体的页面登记，或下载模板整表导入。"),
    )
)  # fmt: skip


def _check(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    passes = row["passes"]
    state = State.UNKNOWN if passes is None else State.DONE if passes else State.BREACHED
    chips, facts = _entry(row) if row["kind"] == InputCheck.Kind.FILM else ([], [])
    return [chip(state), *chips], facts


CHECKS = register.add(
    Register(
        name="farmland.checks",
        collection="farm_checks",
        subject="farmland.inputcheck",
        title=_l("投入品抽检和养殖检查"),
        permission="farmland.read",
        queryset=found.checks,
        key="uid",
        record=told_page(holdings.CHECKS, "check", _check),
        columns=[
            *_firm_columns(),
            Column("on", _l("抽检日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("kind", _l("类别"), _label("kind", InputCheck.Kind), ["kind"], sort="kind", width=9, stored=Stored("kind", InputCheck.Kind.choices)),
            Column("product", _l("产品名称"), width=14, format=cells.clamp),
            Column("passes", _l("合格"), width=5, format=cells.yes_no, type="boolean"),
            Column("thickness_mm", _l("地膜厚度（mm）"), width=7, numeric=True, format=cells.number, type="number"),
            Column("film", _l("厚度结论"), film_state, ["kind", "thickness_mm"], width=8, format=cells.chip(FILM_LOOKS), export=lambda value, row: str(FILM_LOOKS[value][2])),
            Column("report_number", _l("检测报告编号"), width=12),
            Column("done", _l("处理情况"), width=16, format=cells.clamp),
            Column("maker", _l("生产企业"), width=12, format=cells.clamp, shown=False),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            FIRM,
            ChoiceFilter("kind", _l("类别"), choices=InputCheck.Kind.choices),
            ChoiceFilter("passes", _l("合格"), choices=[("yes", _l("合格")), ("no", _l("不合格")), ("-", _l("没有结论"))],
                         conditions={"yes": Q(passes=True), "no": Q(passes=False), "-": Q(passes=None)}),
            FILM_FILTER,
            DateRangeFilter("on", _l("抽检日期")),
        ],
        search=["firm", "holding__number", "product", "maker", "report_number"],
        default_sort="-on",
        writing=holdingentering.CHECKS,
        views=[(_l("不合格"), "passes=no"), (format_lazy(_l("厚度低于 {mm} mm 的薄膜"), mm=LEAST), "film=thin")],
        about=_l("对肥料、农药、农膜、兽药和饲料添加剂的质量抽检，对规模养殖场粪污处理和利用的检查；不合格的写明处理情况。"),
        empty=_l("还没有抽检记录。下载模板填写后导入，或逐条登记。"),
    )
)  # fmt: skip


def _soil(row: Row) -> tuple[Sequence[Chip], Sequence[Fact]]:
    if not row["soil_suspected"]:
        return [Chip("calm", _("不是土壤原因"))], []
    return [chip(State.DONE if row["monitored_on"] else State.MISSING)], []


SOIL_CHECKS = register.add(
    Register(
        name="farmland.soil_checks",
        collection="farm_soil_checks",
        title=_l("设施农产品超标后的土壤判断"),
        permission="farmland.read",
        queryset=found.soil_checks,
        key="uid",
        fields=["monitored_on"],
        record=told_page(holdings.SOIL, "soil", _soil),
        columns=[
            *_firm_columns(),
            Column("on", _l("日期"), sort="on", width=7, format=cells.day, type="date"),
            Column("soil_suspected", _l("可能因土壤原因"), width=7, format=cells.yes_no, type="boolean"),
            Column("ground", _l("判断理由"), width=18, format=cells.clamp),
            Column("monitored_on", _l("土壤监测日期"), width=8, format=cells.day, type="date"),
            Column("report_number", _l("监测报告编号"), width=12),
            Column("found", _l("监测结论"), width=16, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=8, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            FIRM,
            ChoiceFilter("open", _l("待监测"), choices=[("1", _l("可能因土壤原因，尚未监测"))], conditions={"1": Q(soil_suspected=True, monitored_on=None)}),
        ],
        search=["firm", "holding__number", "ground", "report_number"],
        default_sort="-on",
        writing=holdingentering.SOIL_CHECKS,
        about=_l("设施种植主体的农产品超标后：判断是否可能因土壤原因，可能的监测土壤。"),
        empty=_l("没有记录。农产品检测超标后，从经营主体的页面登记判断。"),
    )
)  # fmt: skip

for _title, _name, _order, _icon in (
    (_l("农业经营主体"), "farm_holdings", 497, "building"),
    (_l("农业投入品台账"), "farm_inputs", 497, "journal-text"),
    (_l("投入品抽检和养殖检查"), "farm_checks", 498, "check2-circle"),
):
    navigation.register(SECTION, _title, "kit:collection", "farmland.read", order=_order, icon=_icon, args=(_name,))
