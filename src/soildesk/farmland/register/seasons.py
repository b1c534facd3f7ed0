"""What kit needs to know of seasons and of tests of produce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, files
from soildesk.core.permissions import Actor
from soildesk.enterprises.register.records import stopped
from soildesk.farmland import grainentering
from soildesk.farmland.grainwords import (
    OWED,
    SAID,
    STAGES,
    WAITING,
    WAYS,
    content_word,
    element_words,
    owed_chip,
    owed_key,
    printed_words,
    ratio_words,
    risk_words,
    said_chip,
)
from soildesk.farmland.models import GrainNotice, ProduceTest, Season
from soildesk.farmland.queries import grainlists, laboratories, owedtests
from soildesk.farmland.queries.owed import open_of
from soildesk.farmland.register.units import TOWN, mu, word
from soildesk.farmland.services import producetests
from soildesk.farmland.services.grainnotices import NOTIFY
from soildesk.farmland.services.offices import LINES, Line, may_act
from soildesk.farmland.services.producetests import TEST
from soildesk.farmland.services.seasons import KEEP
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soilrules.farmland.grain import plain
from soilrules.farmland.producelimits import Sample

SECTION = _l("粮食和农产品")


def years(actor: Any, on: date) -> list[tuple[str, str]]:
    """The years that may be asked for."""
    return [(str(year), str(year)) for year in range(on.year + 1, on.year - 6, -1)]


def told(row: Any, *acts: str) -> list[Event]:
    """What was written of a row, from the audit."""
    return [
        Event(entry.at, who, str(audit_words.word_of(entry.act)), str(entry.data.get("why") or ""))
        for entry, who in audit.told_of(row, *acts)
    ]


def papers(row: Any) -> list[File]:
    """The papers of a row."""
    return [
        File(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, _("凭证"), use.added_at,
             use.added_by.name if use.added_by else "", use.note)
        for use in files.uses_of(row)
    ]  # fmt: skip


def unit_link(unit: Any) -> list[tuple[str, str]]:
    """The page of a unit."""
    if unit is None:
        return []
    url = reverse("kit:record", args=["farmland_units", str(unit.uid)])
    return [(_("评价单元 %(number)s") % {"number": unit.number}, url)]


def _add_owed(rows: list[Row], actor: Actor, on: date) -> None:
    held = owedtests.of_seasons([row["pk"] for row in rows], on)
    for row in rows:
        owed = held.get(row["pk"])
        row["_owed"] = owed_key(owed)
        row["_risks"] = risk_words(owed.risks) if owed else ""
        row["_due"] = owed.due if owed and owed.risks else None


def _season(actor: Actor, row: Row, on: date) -> RecordPage:
    found = Season.objects.select_related("unit").get(pk=row["pk"])
    owed = owedtests.of_seasons([found.pk], on).get(found.pk)
    why = stopped(actor, KEEP, found)
    chips = [owed_chip(owed_key(owed), risk_words(owed.risks) if owed else "")]
    facts: list[Fact] = []
    if owed is not None and owed.risks:
        facts.append(Fact(_("要检测的理由"), risk_words(owed.risks)))
        facts.append(
            Fact(_("检测最后一天"), owed.due or _("日期不全，不能判断"), note=_("收获前一天；报告也要在这一天前出具"))
        )
        if owed.done_on and owed.due and owed.done_on > owed.due:
            facts.append(Fact(_("检测结果"), owed.done_on, doubt=_("收获以后才有结果")))
        if owed.lacking:
            names = element_words(owed.lacking)
            facts.append(Fact(_("还没有检测的控制元素"), names, doubt=_("只有测了控制元素的检测才算数")))
    if owed is not None and owed.prohibited:
        chips.insert(0, Chip("bad", _("禁止生产区内种植"), "exclamation-triangle-fill"))
    asked = f"?unit={found.unit.number}&crop={found.crop}&stage=field"
    return RecordPage(
        chips=chips,
        facts=facts,
        acts=[
            Act(_("登记临田检测"), reverse("kit:collection_add", args=["produce_tests"]) + asked, "plus-lg", primary=True, stopped_by=stopped(actor, TEST, found)),
            Act(_("撤销"), reverse("farmland:season_back", args=[found.uid]), "slash-circle", danger=True, stopped_by=why),
        ],
        history=told(found, "farmland.season.registered", "farmland.season.changed"),
        related=[
            *unit_link(found.unit),
            (_("这个单元的检测"), f"{reverse('kit:collection', args=['produce_tests'])}?q={found.unit.number}"),
        ],
    )  # fmt: skip


SEASONS = register.add(
    Register(
        name="farmland.seasons",
        collection="seasons",
        title=_l("种植季"),
        permission="farmland.read",
        queryset=grainlists.seasons,
        enrich=_add_owed,
        record=_season,
        columns=[
            Column("unit", _l("单元编号"), "unit__number", sort="unit__number", width=14, frozen=True, format=cells.link),
            Column("unit_name", _l("单元名称"), width=14, format=cells.clamp),
            Column("town", _l("乡镇（街道）"), width=7),
            Column("year", _l("年度"), sort="year", width=5, type="integer"),
            Column("crop", _l("作物"), sort="crop", width=7),
            Column("variety", _l("品种"), width=8, shown=False),
            Column("sown_on", _l("播种（当季起始）"), sort="sown_on", width=8, format=cells.day, type="date"),
            Column("harvest_from", _l("开始收获"), sort="harvest_from", width=8, format=cells.day, type="date"),
            Column("owed", _l("收获前检测"), lambda row: row.get("_owed"), ["unit_id"], width=9, format=cells.chip(OWED),
                   export=lambda value, row: str(OWED[value][2]) if value else ""),
            Column("due", _l("检测最后一天"), lambda row: row.get("_due"), ["unit_id"], width=8, format=cells.day, type="date"),
            Column("risks", _l("要检测的理由"), lambda row: row.get("_risks"), ["unit_id"], width=14, format=cells.clamp),
            Column("area_mu", _l("种植面积（亩）"), mu("area_m2"), ["area_m2"], sort="area_m2", width=7, numeric=True, format=cells.number, type="number"),
            Column("area_m2", _l("种植面积（m²）"), width=8, numeric=True, format=cells.number, shown=False, type="number"),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("year", _l("年度"), choices=years),
            DateRangeFilter("harvest_from", _l("开始收获")),
            TOWN,
        ],
        search=["unit__number", "unit_name", "crop"],
        default_sort="-harvest_from",
        writing=grainentering.SEASONS,
        page_acts=[PageAct(_l("临田检测计划"), "farmland:test_plan", "farmland.read", icon="calendar-event")],
        about=_l("每个单元每季种什么、什么时候收。现行类别为安全利用、严格管控的，最近检测超标的，在特定农产品禁止生产区内的，以及产食用农林产品的园地、林地，收获前都要检测。"),
        empty=_l("还没有登记种植季：请镇街按单元登记作物和收获日期，或下载模板导入。"),
    )
)  # fmt: skip


def of_others(actor: Actor, lines: Sequence[Line], found: Model) -> str:
    """That an act is another office's; empty where one of the lines is the actor's."""
    if any(may_act(actor, line, found) for line in lines):
        return ""
    return _("由%(office)s办理。") % {"office": LINES[lines[0]]}


def _test_state(row: Row) -> str:
    return row["said"] if row["result_on"] else "waiting"


TEST_STATES = {**SAID, "waiting": WAITING}


def _test(actor: Actor, row: Row, on: date) -> RecordPage:
    found = ProduceTest.objects.select_related("unit", "lot").get(pk=row["pk"])
    above = Sample(found.said).above
    why = stopped(actor, TEST, found)
    proposal = getattr(found, "proposal", None)
    acts = []
    if found.result_on is None:
        acts.append(
            Act(
                _("登记结果"), reverse("farmland:test_result", args=[found.uid]), "pencil", primary=True, stopped_by=why
            )
        )
    if above:
        notice = f"{reverse('farmland:notice_send')}?test={found.uid}&kind=recall"
        acts.append(
            Act(
                _("发召回通知"),
                notice,
                "send",
                stopped_by=stopped(actor, NOTIFY, found) or of_others(actor, [Line.FARMING], found),
            )
        )
    if proposal is not None and proposal.superseded_at is None:
        url = reverse("kit:record", args=["lock_proposals", str(proposal.uid)])
        acts.insert(0, Act(_("锁定建议"), url, "lock", primary=proposal.state == proposal.State.OPEN))
    acts += [
        Act(_("上传报告"), reverse("farmland:grain_attach", args=["test", found.uid]), "upload", stopped_by=why),
        Act(_("撤销"), reverse("farmland:test_back", args=[found.uid]), "slash-circle", danger=True, stopped_by=why),
    ]  # fmt: skip
    related = unit_link(found.unit)
    if found.lot:
        related.append(
            (
                _("批次 %(lot)s") % {"lot": found.lot.number},
                reverse("kit:record", args=["grain_lots", str(found.lot.uid)]),
            )
        )
    return RecordPage(
        chips=[said_chip(found.said, found.result_on is not None), Chip("calm", str(found.get_stage_display()), "tag")],
        acts=acts,
        files=papers(found),
        facts=_laboratory(actor, found),
        history=told(found, "farmland.produce_test.recorded", "farmland.produce_test.told", "farmland.produce_test.taken_over"),
        related=related,
        template="farmland/produce_test.html",
        context={
            "values": _values(found), "above": above, "test": found, "on": on, **(_came_of(found, proposal) if above else {}),
            "notices": GrainNotice.objects.filter(superseded_at=None, test=found, on__lte=on).select_related("to").order_by("on", "pk"),
        },
    )  # fmt: skip


def _laboratory(actor: Actor, found: ProduceTest) -> list[Fact]:
    """Whether the laboratory had its licence on the day of the report."""
    if found.way != ProduceTest.Way.LABORATORY or found.result_on is None:
        return []
    known = laboratories.laboratories(actor)
    held, title = laboratories.of_test(found, known), _("检测资质")
    if held is None:
        return [
            Fact(title, _("无法判断"), doubt=_("没有登记这个检测机构：请在农业经营主体中登记机构、证书编号和有效期。"))
        ]
    url = reverse("kit:record", args=["farm_holdings", str(held.holding.uid)])
    licensed = laboratories.licensed(found, known)
    if licensed is None:
        return [Fact(title, _("无法判断"), doubt=_("没有登记证书编号或者有效期。"), url=url)]
    doubt = "" if licensed else _("报告日期已超过有效期：请核实这份报告能不能用。")
    return [
        Fact(
            title,
            _("%(number)s，有效期至 %(day)s") % {"number": held.licence, "day": held.licence_until},
            doubt=doubt,
            url=url,
        )
    ]


def _came_of(found: ProduceTest, proposal: Any) -> dict[str, str]:
    """What a result above its limit led to, and who must act."""
    if proposal is not None and proposal.superseded_at is None:
        if proposal.state != proposal.State.OPEN:
            return {}
        office = open_of(proposal)
        told = _("检测超标：已提出锁定建议，列入%(office)s的待办，由人员确认以后才锁定；没有确认以前粮食仍可流出。")
        url = reverse("kit:record", args=["lock_proposals", str(proposal.uid)])
        name = office.unit.name if office else str(LINES[Line.FARMING])
        return {"came_of": told % {"office": name}, "came_of_url": url}
    if found.lot is not None and found.lot.locked_on and found.lot.unlocked_on is None:
        told = _("检测超标：批次 %(lot)s 已经锁定，继续按批次处置；这个结果有效期间，批次的粮食不能按复检合格处理。")
        return {"came_of": told % {"lot": found.lot.number}}
    if open_of(found) is not None:
        return {"came_of": _("检测超标，这批粮食已经不能锁定：发召回通知已列入农业农村部门的待办。")}
    return {}


def _values(found: ProduceTest) -> list[dict[str, Any]]:
    """Each content with its limit, its verdict, and the sentence that says why."""
    why = producetests.explained(found)
    return [
        {
            "name": content_word(one.analyte),
            "row": one,
            "printed": printed_words(one),
            "ratio": ratio_words(one),
            "limit": None if one.limit is None else plain(one.limit),
            "chip": said_chip(one.verdict),
            "why": why.get(one.analyte, ""),
        }
        for one in found.values.all()
    ]


TESTS = register.add(
    Register(
        name="farmland.produce_tests",
        collection="produce_tests",
        subject="farmland.producetest",
        title=_l("农产品检测"),
        permission="farmland.read",
        queryset=grainlists.tests,
        record=_test,
        columns=[
            Column("number", _l("样品编号"), sort="number", width=12, frozen=True, format=cells.link),
            Column("said", _l("结论"), _test_state, ["said", "result_on"], sort="said", width=8, format=cells.chip(TEST_STATES),
                   export=lambda value, row: str(TEST_STATES[value][2]), stored=Stored("said", [(key, label[2]) for key, label in SAID.items()])),
            Column("stage", _l("环节"), word("stage", STAGES), ["stage"], width=7, stored=Stored("stage", STAGES)),
            Column("crop", _l("农产品"), sort="crop", width=7),
            Column("unit", _l("单元编号"), "unit__number", width=13),
            Column("unit_name", _l("单元名称"), width=13, format=cells.clamp),
            Column("lot", _l("批次"), "lot__number", width=12),
            Column("holding_name", _l("收购加工企业"), width=12, format=cells.clamp),
            Column("taken_at", _l("采样地点"), width=12, format=cells.clamp),
            Column("sampled_on", _l("采样日期"), sort="sampled_on", width=8, format=cells.day, type="date"),
            Column("result_on", _l("报告日期"), sort="result_on", width=8, format=cells.day, type="date"),
            Column("way", _l("方式"), word("way", WAYS), ["way"], width=7, shown=False, stored=Stored("way", WAYS)),
            Column("laboratory", _l("检测机构"), width=12, format=cells.clamp, shown=False),
            Column("report_number", _l("报告编号"), width=10, shown=False),
            Column("town", _l("乡镇（街道）"), width=7, shown=False),
            Column("note", _l("备注"), width=12, format=cells.clamp, shown=False),
        ],
        filters=[
            ChoiceFilter("said", _l("结论"), choices=[("above", _l("超标")), *((key, label[2]) for key, label in SAID.items())],
                         conditions={"above": grainlists.ABOVE}),
            ChoiceFilter("stage", _l("环节"), choices=STAGES),
            DateRangeFilter("sampled_on", _l("采样日期")),
            TOWN,
        ],
        search=["number", "unit__number", "unit_name", "crop", "lot__number", "taken_at", "report_number"],
        default_sort="-sampled_on",
        writing=grainentering.TESTS,
        views=[(_l("超标"), "said=above"), (_l("临田检测"), "stage=field"), (_l("市场抽检"), "stage=market")],
        about=_l("临田、收购、库存、市场各环节的农产品检测；限量按采样当日有效的 GB 2762 执行。监测任务送检的结果直接从监测读取，不在这里重复登记。"),
        empty=_l("还没有农产品检测：登记一个样品，或把检测汇总表整理成模板导入。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("临田检测计划"), "farmland:test_plan", "farmland.read", order=492, icon="calendar-event"
)
navigation.register(
    SECTION,
    _l("农产品检测"),
    "kit:collection",
    "farmland.read",
    order=493,
    icon="droplet-half",
    args=("produce_tests",),
)
