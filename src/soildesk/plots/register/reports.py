"""What kit needs to know of reports of plots, and what the page of a plot says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import files
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.sentences import language, said
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.parts import Chip, Event, Fact, Tone
from soildesk.kit.register import Column, PageAct, Register, Row, Stored
from soildesk.land import landuse
from soildesk.plots import reportwords
from soildesk.plots.models import PlotVersion, Report
from soildesk.plots.queries import panels, reportdata, reporttargets, stages
from soildesk.plots.queries import reports as found
from soildesk.plots.queries.reporttargets import Target
from soildesk.plots.register import beside
from soildesk.plots.register.plots import SECTION, TOWN, word
from soildesk.plots.register.records import file_part
from soildesk.plots.reportfields import WITH_TARGETS, shown, type_of, values_of
from soildesk.plots.reportforms import MEDIA
from soildesk.plots.reportwords import form_chip, form_name, opinion_chip, whose
from soildesk.plots.services.events import words_of
from soilrules.geodesy import measure
from soilrules.messages import Message
from soilrules.plots.figures import Name
from soilrules.plots.lists import ROOM
from soilrules.plots.quality_forms import FormKey

State, Kind = Report.State, Report.Kind
OPEN_TO_DATA = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.REVIEWING)
STATES = {str(one): (*reportwords.TONES[one], one.label) for one in State}


def record(actor: Actor, row: Row, on: date) -> RecordPage:
    """A report: what it says, its data beside it, its rounds, what is in the way and what can be done."""
    held = Report.objects.select_related("plot", "owner_department__division").get(pk=row["pk"])
    chips = [reportwords.chip_of(held)]
    if public := reportwords.disclosure_chip(held, on):
        chips.append(public)
    reviewing = held.state == State.REVIEWING
    return RecordPage(
        chips=chips,
        life=reportwords.life_of(held, on),
        facts=_facts(held),
        acts=reportwords.acts_of(actor, held),
        files=[file_part(use, _file_kind(use.kind)) for use in files.uses_of(held)],
        history=_history(held),
        related=[(_("地块 %(number)s") % {"number": held.plot.number}, _plot_url(held.plot))],
        template="plots/report.html",
        context={
            "report": held,
            "blocking": found.in_the_way(held, on) if reviewing else [],
            "returned": _returned(held),
            **_data(held),
            **_targets(actor, held),
            "forms": _forms(actor, held),
            "seats": panels.of_report(held),
            "rounds": [_round(one) for one in found.rounds(held)],
            "events": [(one, words_of(one.kind)) for one in found.standing_events(held)],
            "may_see": may(actor, "plots.read_reviews", held),
        },
    )


def _file_kind(kind: str) -> str:
    return {"report": _("报告"), "opinion": _("评审意见")}.get(kind, kind)


def _plot_url(plot: Any) -> str:
    return reverse("kit:record", args=["plots", str(plot.uid)])


def _facts(held: Report) -> Sequence[Fact]:
    values = values_of(held)
    told = [
        Fact(one.name(), shown(one, values.get(one.key)) or _("没有填写"))
        for one in type_of(held.kind).fields
        if one.key not in ("consultant", "evaluator", "credit_record", "planned_use")
        and (values.get(one.key) is not None or one.asked(values))
    ]
    planned = landuse.shown(held.use_system, held.use_planned) if held.use_planned else ""
    covers = _("没有写明") if held.covers is None else _("已给出，见地图")
    return [Fact(_("规划用途"), planned or _("没有填写")), Fact(_("报告范围"), covers), *told]


def _area_doubt(held: Report, counted: reportdata.Density | None) -> str:
    """A surveyed area that is not that of the report's ground: one of both is wrong."""
    told = values_of(held).get("area_m2")
    if counted is None or not isinstance(told, Decimal) or not measure.area_finding(counted.area_m2, float(told)):
        return ""
    return _(
        "报告写明调查面积 %(told)s m²，报告范围是 %(ground)s m²，相差超过 1%%：请核对报告范围、调查面积和单位。"
    ) % {"told": f"{told:,.2f}", "ground": f"{counted.area_m2:,.2f}"}


def _data(held: Report) -> dict[str, Any]:
    """What the laboratory's data say, and how many points there are."""
    computed = held.computed or {}
    counted = reportdata.density(held)
    samples = reportdata.samples_of(computed.get("gravest", []))
    return {
        "lab": type_of(held.kind).lab,
        "computed": computed,
        "why_not": _why_not(str(computed.get("why_not", ""))),
        "comparison": found.comparison(held),
        "compared": said(found.comparison(held).message),
        "gravest": [(one, *samples.get(one["result"], ("", ""))) for one in computed.get("gravest", [])],
        "density": counted,
        "area_doubt": _area_doubt(held, counted),
        "density_said": said(counted.compared.message) if counted else "",
        "class_doubt": reportdata.class_doubt(held),
        "batches": list(held.batches.order_by("number")),
        "conclusion": _conclusion(held.conclusion),
        "computed_said": _conclusion(str(computed.get("outcome", ""))),
        **_groundwater(held, computed.get("groundwater") or {}),
    }


def _conclusion(word: str) -> Chip:
    """A conclusion as a chip; one that is not there is unknown."""
    tones: dict[str, Tone] = {"exceeds": "bad", "not_reached": "bad", "within": "good", "reached": "good"}
    return Chip(tones.get(word, "unknown"), reportwords.conclusion(word) or _("没有写明或无法判断"))


def _groundwater(held: Report, computed: dict[str, Any]) -> dict[str, Any]:
    """What the data say of groundwater; nothing where none is bound."""
    compared = found.groundwater_comparison(held)
    if compared is None:
        return {}
    words = {"exceeds": _("超过标准"), "within": _("不超过标准")}
    word = str(computed.get("outcome", ""))
    samples = reportdata.samples_of(computed.get("gravest", []))
    return {
        "water": computed,
        "water_class": held.get_groundwater_class_display() if held.groundwater_class else _("报告没有写明"),
        "water_said": Chip({"exceeds": "bad", "within": "good"}.get(word, "unknown"), words.get(word, _("无法判断"))),  # type: ignore[arg-type]
        "water_compared": said(compared.message),
        "water_why": _why_not(str(computed.get("why_not", ""))),
        "water_gravest": [(one, *samples.get(one["result"], ("", ""))) for one in computed.get("gravest", [])],
    }


def _targets(actor: Actor, held: Report) -> dict[str, Any]:
    """The targets of a report: its own numbers and the computed ones, number by number."""
    if held.kind not in WITH_TARGETS:
        return {}
    may_change = held.state in OPEN_TO_DATA and may(actor, "plots.file", held)
    evaluates = held.kind == Kind.EVALUATION
    own = evaluates or held.groundwater_class == Report.Groundwater.OWN
    if not held.targets and not (may_change and own):
        return {}
    told = {one["no"]: one for one in held.computed.get("targets") or []}
    return {
        "targets": [_target(held, one, told.get(one.no), may_change) for one in reporttargets.targets_of(held)],
        "target_new": reverse("plots:report_target_new", args=[held.uid]) if may_change else "",
        "show_targets": True,
        "evaluates": evaluates,
    }


def _target(held: Report, one: Target, told: dict[str, Any] | None, may_change: bool) -> dict[str, Any]:
    computed, differs = (told["figures"], told["differs"]) if told else ({}, [])
    own = {str(name): getattr(one.own, name) for name in Name}
    numbers = [
        (Message(ROOM, "figures", name).sentence(language()), own[name], computed.get(name, ""), name in differs)
        for name in Name
        if own[name] is not None or name in computed
    ]
    return {
        "target": one,
        "medium": dict(MEDIA)[one.medium],
        "numbers": numbers,
        "chip": _conclusion(told["outcome"]) if told else None,
        "said": said(Message(*told["message"])) if told else "",
        "edit": reverse("plots:report_target", args=[held.uid, one.no]) if may_change else "",
        "drop": reverse("plots:report_target_drop", args=[held.uid, one.no]) if may_change else "",
    }


def _why_not(why: str) -> str:
    words = {
        "kind": _("这一类报告的结论不由筛选值评价得出。"),
        "column": _("报告没有写明采用第一类还是第二类用地筛选值，或采用了其他标准，系统不能评价。"),
        "results": _("没有关联检测批次，或批次中没有土壤结果，系统不能评价。"),
        "off": _("关联批次的点位都不在本报告的范围内，系统不能评价：请核对批次，或核对报告范围和点位坐标。"),
        "unknown": _("没有发现超标，但有结果无法判断，不能得出不超标的结论。"),
        "class": _("关联批次中有地下水结果，报告没有写明执行哪一类地下水标准：请在“数据与结论”中选择。"),
        "targets": _("没有登记目标值，系统不能比较：请在下面“目标值与统计”中登记。"),
        "left": _(
            "关联批次中有样品没有列入任何评价单元的目标值，不能得出达到目标的结论：请在“目标值与统计”中补列，或说明理由。"
        ),
        "open": _("有项目不能判断是否达到目标，逐项见“目标值与统计”。"),
    }
    return words.get(why, "")


def _forms(actor: Actor, held: Report) -> list[dict[str, Any]]:
    """The quality forms of a survey, filled or not."""
    if held.kind not in (Kind.PRELIMINARY, Kind.DETAILED):
        return []
    now = found.forms_now(held)
    open_ = held.state in (State.SUBMITTED, State.REVIEWING, State.ACCEPTED) and may(actor, "plots.review", held)
    return [
        {
            "name": form_name(key),
            "chip": form_chip(now[key]) if key in now else None,
            "said": said(found.judgement_of(now[key]).message) if key in now else "",
            "on": now[key].on if key in now else None,
            "url": reverse("plots:report_form", args=[held.uid, str(key)]) if open_ else "",
        }
        for key in FormKey
    ]


def _round(one: found.Round) -> dict[str, Any]:
    """A round as it went: acts, opinions and forms by their day; what rests on opinions after those of its moment."""
    rests = ("overruled", "accepted", "filed", "returned")
    lines = [
        {
            "on": each.on,
            "at": each.at,
            "rank": each.kind in rests,
            "title": each.get_kind_display(),
            "by": each.by,
            "note": each.note,
        }
        for each in one.acts
        if each.kind not in ("opinion", "form", "judged")
    ]
    lines += [
        {"on": each.on, "at": each.at, "rank": False, "title": whose(each), "chip": opinion_chip(each), "opinion": each}
        for each in one.opinions
    ]
    lines += [
        {
            "on": each.on,
            "at": each.at,
            "rank": False,
            "title": form_name(each.form),
            "chip": form_chip(each),
            "by": each.by,
        }
        for each in one.forms
    ]
    return {"number": one.number, "lines": sorted(lines, key=itemgetter("on", "at", "rank"))}


def _returned(held: Report) -> str:
    act = held.acts.filter(kind="returned").order_by("-at", "-id").first()
    return act.note if act and held.state == State.RETURNED else ""


def _history(held: Report) -> Sequence[Event]:
    rows = held.acts.select_related("by").order_by("at", "id")
    return [Event(one.at, one.by.name if one.by else "", str(one.get_kind_display()), one.note) for one in rows]


@beside.beside(40)
def of_plot(actor: Actor, plot: PlotVersion, on: date) -> str:
    """The reports of a plot on its page."""
    rows = [(one, reportwords.chip_of(one), reportwords.url_of(one)) for one in found.of_plot(actor, plot.plot)]
    may_file = may(actor, "plots.file", plot)
    if not rows and not may_file:
        return ""
    url = reverse("plots:reports_new", args=[plot.plot.uid])
    named = (
        []
        if rows
        else [(one.on, one.data["report"]) for one in stages.events_of([plot.plot_id]) if one.data.get("report")]
    )
    return render_to_string(
        "plots/reports_of_plot.html", {"rows": rows, "named": named, "may_file": may_file, "url": url}
    )


REPORTS = register.add(
    Register(
        name="plots.reports",
        collection="plot_reports",
        title=_l("地块报告"),
        permission="plots.read",
        queryset=found.reports,
        record=record,
        ground=Ground(field="covers", title="title", color="#7a5ea8", outline=True),
        columns=[
            Column("number", _l("编号"), sort="number", width=13, frozen=True, format=cells.link),
            Column("title", _l("报告名称"), sort="title", width=18, format=cells.clamp),
            Column("kind", _l("类别"), word("kind", Kind.choices), ["kind"], sort="kind", width=9, stored=Stored("kind", Kind.choices)),
            Column("plot_number", _l("地块编号"), sort="plot_number", width=12),
            Column("plot_name", _l("地块名称"), width=14, format=cells.clamp),
            Column("author", _l("编制单位"), sort="author", width=13, format=cells.clamp),
            Column("author_code", _l("编制单位统一社会信用代码"), width=14, shown=False),
            Column("state", _l("状态"), sort="state", width=8, format=cells.chip(STATES),
                   export=lambda value, row: str(State(value).label)),
            Column("round", _l("轮次"), sort="round", width=4, type="integer", numeric=True),
            Column("conclusion", _l("报告结论"), lambda row: reportwords.conclusion(row["conclusion"]), ["conclusion"], width=8),
            Column("finished_on", _l("编制完成日期"), sort="finished_on", width=8, format=cells.day, type="date", shown=False),
            Column("first_sent", _l("首次提交"), sort="first_sent", width=8, format=cells.day, type="date"),
            Column("accepted_on", _l("通过日期"), sort="accepted_on", width=8, format=cells.day, type="date"),
            Column("filed_on", _l("备案日期"), sort="filed_on", width=8, format=cells.day, type="date", shown=False),
            Column("published_on", _l("公开日期"), sort="published_on", width=8, format=cells.day, type="date", shown=False),
            Column("uploaded_on", _l("上传日期"), sort="uploaded_on", width=8, format=cells.day, type="date", shown=False),
            Column("receipt", _l("全国系统回执号"), width=10, shown=False),
        ],
        filters=[
            ChoiceFilter("kind", _l("类别"), choices=Kind.choices),
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            TextFilter("author", _l("编制单位"), fields=["author", "author_code"]),
            DateRangeFilter("accepted_on", _l("通过日期")),
            TOWN,
        ],
        search=["number", "title", "plot_name", "plot_number", "author", "author_code"],
        default_sort="-number",
        page_acts=[
            PageAct(_l("一次通过率"), "plots:first_pass", "plots.read_reviews", icon="bullseye"),
            PageAct(_l("抽查复核"), "plots:rechecks", "plots.read_reviews", icon="arrow-clockwise"),
        ],
        views=[(_l("待完整性审查"), "state=submitted"), (_l("评审中"), "state=reviewing"), (_l("退回修改"), "state=returned")],
        about=_l("地块的调查、评估、方案和效果评估报告：只读取名单、准入核查和指标要用的内容，其余以文件为准。"),
        empty=_l("还没有报告：在地块页面用“登记报告”登记。"),
    )
)  # fmt: skip

navigation.register(
    SECTION, _l("地块报告"), "kit:collection", "plots.read", order=420, icon="journal-text", args=("plot_reports",)
)
