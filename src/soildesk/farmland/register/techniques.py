"""The library of techniques and varieties with where they worked, and the visits and training that were held."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.farmland import planentering
from soildesk.farmland.models import Guidance, Recommendation, Technique, Unit
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.queries.recommended import stands_on_list, stays_of, with_list
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import names_of, town
from soildesk.farmland.queries.worked import Used, Worked, worked
from soildesk.farmland.register import usepages
from soildesk.farmland.services.library import GUIDANCE, TECHNIQUES
from soildesk.farmland.usewords import measure_choices, measure_word
from soildesk.kit import cells, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.register.records import stopped

TECHNIQUE_KEPT = usepages.keep(usepages.Kept(TECHNIQUES, "techniques"))
GUIDANCE_KEPT = usepages.keep(usepages.Kept(GUIDANCE, "guidance", "proof", _l("上传材料")))
MOST = 20


def techniques(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Technique]:
    """The library."""
    return with_list(Then(on.year, on, known_on).known(Technique.objects.visible_to(actor)), on, known_on)


def _worked(rows: list[Row], actor: Actor, on: date) -> None:
    found = worked(actor, [row["pk"] for row in rows], on)
    for row in rows:
        one = found.get(row["pk"], Worked())
        row["_uses"], row["_within"], row["_above"], row["_mu"] = (
            len(one.uses),
            one.within,
            one.above,
            to_mu(one.area_m2),
        )
        row["_yuan"] = one.yuan_of_mu


def technique_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A technique with each unit it was used on and what its produce was found to be."""
    found = Technique.objects.select_related("recorded_by").get(pk=row["pk"])
    uses = worked(actor, [found.pk], on).get(found.pk, Worked()).uses
    names = names_of([one.unit_id for one in uses], on)
    facts = [_use(one, names.get(one.unit_id, "")) for one in uses[:MOST]]
    if not uses:
        facts = [Fact(_("使用情况"), _("还没有措施用到它"))]
    chips = [Chip("good", _("列入推荐清单"))] if row["listed"] else []
    units = Unit.objects.filter(pk__in=[one.unit_id for one in uses[:MOST]])
    return usepages.page(
        actor, found, TECHNIQUE_KEPT, chips=chips, facts=facts, acts=[_list_act(actor, found)],
        related=usepages.unit_links(actor, units), history=_stays(found),
    )  # fmt: skip


def _list_act(actor: Actor, technique: Technique) -> Act:
    """On the list or off it, whichever is open."""
    no = stopped(actor, TECHNIQUES.permission, technique)
    no = no or (_("这条记录已经撤销。") if technique.superseded_at else "")
    if stands_on_list(technique):
        url = reverse("farmland:technique_strike", args=[technique.uid])
        return Act(_("移出推荐清单"), url, "dash-circle", stopped_by=no)
    url = reverse("farmland:technique_recommend", args=[technique.uid])
    return Act(_("列入推荐清单"), url, "plus-lg", primary=True, stopped_by=no)


def _stays(technique: Technique) -> list[Event]:
    """Each stay on the list as one event."""
    return [
        Event(one.recorded_at, one.recorded_by.name if one.recorded_by else "", _stay_word(one), one.left_for)
        for one in stays_of(technique)
    ]


def _stay_word(one: Recommendation) -> str:
    told = {"since": one.since, "document": one.document, "until": one.until}
    if one.until is None:
        return _("%(since)s 列入推荐清单（%(document)s）") % told
    return _("%(since)s 列入推荐清单（%(document)s），%(until)s 移出") % told


def _use(one: Used, name: str) -> Fact:
    words = {True: _("农产品达标"), False: _("农产品超标"), None: _("没有农产品检测结果")}
    title = _("%(year)d 年 %(name)s") % {"year": one.year, "name": name}
    return Fact(title, told(one.area_m2), note=words[one.within] if one.within is not False else "",
                doubt=words[one.within] if one.within is False else "")  # fmt: skip


def _label(choices: Any, field: str) -> Any:
    return lambda row: str(choices(row[field]).label) if row[field] else ""


TECHNIQUE_REGISTER = register.add(
    Register(
        name="farmland.techniques",
        collection="techniques",
        title=_l("技术库和品种清单"),
        permission="farmland.read",
        queryset=techniques,
        knows_past=True,
        enrich=_worked,
        fields=["pk"],
        columns=[
            Column("name", _l("名称"), sort="name", width=16, frozen=True, format=cells.link),
            Column("what", _l("类型"), _label(Technique.What, "what"), ["what"], sort="what", width=5),
            Column("measure", _l("措施种类"), lambda row: measure_word(row["measure"]), ["measure"], width=9),
            Column("crop", _l("适用作物"), width=10, format=cells.clamp),
            Column("elements", _l("针对元素"), width=8),
            Column("recommended", _l("列入推荐清单"), "listed", width=6, format=cells.yes_no, type="boolean"),
            Column("uses", _l("使用（单元·年）"), lambda row: row.get("_uses"), ["pk"], width=7, numeric=True, type="integer"),
            Column("used_mu", _l("使用面积（亩）"), lambda row: row.get("_mu"), ["pk"], width=8, numeric=True, format=cells.number, type="number"),
            Column("within", _l("农产品达标"), lambda row: row.get("_within"), ["pk"], width=6, numeric=True, type="integer"),
            Column("above", _l("农产品超标"), lambda row: row.get("_above"), ["pk"], width=6, numeric=True, type="integer"),
            Column("yuan", _l("每亩费用（元）"), lambda row: row.get("_yuan"), ["pk"], width=7, numeric=True, format=cells.number, type="number"),
            Column("conditions", _l("适用条件"), width=14, format=cells.clamp),
            Column("dose", _l("用量和方法"), width=14, format=cells.clamp),
            Column("source", _l("来源"), width=14, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("what", _l("类型"), choices=Technique.What.choices),
            ChoiceFilter("measure", _l("措施种类"), choices=measure_choices),
            ChoiceFilter("recommended", _l("推荐清单"), "listed", choices=[("True", _l("已列入")), ("False", _l("未列入"))]),
        ],
        search=["name", "crop", "elements", "source"],
        default_sort="name",
        writing=planentering.TECHNIQUES,
        record=technique_page,
        page_acts=[PageAct(_l("专家指导和培训"), "kit:collection", "farmland.read", icon="people", args=("guidance",))],
        views=[(_l("推荐清单"), "recommended=True"), (_l("品种"), "what=variety")],
        about=_l("一项技术或者品种在哪里有效、每亩花多少钱，由措施台账和当年的农产品检测算出，不靠填报；比选以后“列入推荐清单”。"),
        empty=_l("还没有技术和品种：逐条登记，或者整表导入。"),
    )
)  # fmt: skip


def guidance(actor: Actor | None, on: date, known_on: datetime | None = None) -> QuerySet[Guidance]:
    """Visits and trainings held by a day."""
    rows = Then(on.year, on, known_on).known(Guidance.objects.visible_to(actor)).filter(on__lte=on)
    return rows.annotate(unit_count=Count("units"), town=town())


def guidance_page(actor: Actor, row: Row, on: date) -> RecordPage:
    """One visit or training."""
    found = Guidance.objects.select_related("recorded_by").get(pk=row["pk"])
    return usepages.page(actor, found, GUIDANCE_KEPT, related=usepages.unit_links(actor, found.units.all()))


GUIDANCE_REGISTER = register.add(
    Register(
        name="farmland.guidance",
        collection="guidance",
        title=_l("专家指导和培训"),
        permission="farmland.read",
        queryset=guidance,
        knows_past=True,
        columns=[
            Column("topic", _l("主题"), sort="topic", width=20, frozen=True, format=cells.link),
            Column("on", _l("日期"), sort="on", width=8, format=cells.day, type="date"),
            Column("kind", _l("类型"), _label(Guidance.Kind, "kind"), ["kind"], sort="kind", width=7),
            Column("experts", _l("专家"), width=14, format=cells.clamp),
            Column("attendees", _l("参加人数"), width=6, numeric=True, type="integer"),
            Column("unit_count", _l("单元"), width=5, numeric=True, type="integer"),
            Column("place", _l("地点"), width=12, format=cells.clamp),
            Column("advice", _l("意见和建议"), width=20, format=cells.clamp),
            Column("town", _l("行政区"), width=8),
        ],
        filters=[ChoiceFilter("kind", _l("类型"), choices=Guidance.Kind.choices), DateRangeFilter("on", _l("日期"))],
        search=["topic", "experts", "advice"],
        default_sort="-on",
        writing=planentering.GUIDANCE,
        record=guidance_page,
        about=_l("专家指导组到户到田的指导、对农民和合作社的培训，一次一条，附签到表和照片。"),
        empty=_l("还没有记录：每次指导、培训之后登记一条。"),
    )
)  # fmt: skip
