"""Reports of plots: who sees them, how they stand, who reviews, and what still stands in the way of passing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import said
from soildesk.plots.limits import level_at
from soildesk.plots.models import Opinion, Plot, PlotEvent, PlotVersion, QualityForm, Report, ReportAct
from soildesk.plots.queries import reportdata, reporttargets
from soildesk.plots.reportfields import SURVEYS, conclusion_of, values_of
from soilrules.bases import bases
from soilrules.enterprises.lists import Level
from soilrules.monitoring.density import Enough
from soilrules.plots.conflicts import Mixed, mixed_roles
from soilrules.plots.quality_forms import Answer, FormKey, Judgement, judge_form
from soilrules.plots.reports import Agreement, Comparison, ReportKind, Review, check_report, compare, may_review
from soilrules.statistics.effect_evaluation import Outcome as Reached

Side, Verdict = Opinion.Side, Opinion.Verdict
ACTIVITIES: Mapping[str, str] = {
    ReportKind.PRELIMINARY: "survey",
    ReportKind.DETAILED: "survey",
    ReportKind.RISK_ASSESSMENT: "risk_assessment",
    ReportKind.EFFECT_EVALUATION: "effect_evaluation",
}
"""What the author of a report does on the plot, as the rules of separation call it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a report: its acts, opinions and forms in the order they came."""

    number: int
    acts: Sequence[ReportAct]
    opinions: Sequence[Opinion]
    forms: Sequence[QualityForm]


def reports(actor: Actor | None, on: date) -> QuerySet[Report]:
    """Reports known on a day, with the name of their plot and the day they first came in."""
    names = PlotVersion.objects.filter(superseded_at=None, plot=OuterRef("plot")).order_by("-since")
    sent = ReportAct.objects.filter(report=OuterRef("pk"), kind=ReportAct.Kind.SUBMITTED).order_by("at", "id")
    rows = Report.objects.visible_to(actor).filter(created_at__date__lte=on)
    return rows.annotate(
        plot_name=Subquery(names.values("name")[:1]),
        plot_number=Subquery(Plot.objects.filter(pk=OuterRef("plot")).values("number")[:1]),
        first_sent=Subquery(sent.values("on")[:1]),
    )


def of_plot(actor: Actor, plot: Plot) -> list[Report]:
    """The reports of a plot, the newest first."""
    return list(Report.objects.visible_to(actor).filter(plot=plot).order_by("-finished_on", "-pk"))


def rounds(report: Report) -> list[Round]:
    """All rounds, the newest first."""
    acts = list(ReportAct.objects.filter(report=report).select_related("by").order_by("at", "id"))
    opinions = list(
        Opinion.objects.filter(report=report).select_related("department", "expert", "by").order_by("at", "id")
    )
    forms = list(QualityForm.objects.filter(report=report).select_related("by").order_by("at", "id"))
    return [
        Round(
            number,
            [one for one in acts if one.round == number],
            [one for one in opinions if one.round == number],
            [one for one in forms if one.round == number],
        )
        for number in range(report.round, 0, -1)
    ]


def sent_on(report: Report) -> date | None:
    """The day the report came in for the round that runs."""
    acts = ReportAct.objects.filter(report=report, round=report.round, kind=ReportAct.Kind.SUBMITTED)
    return acts.order_by("-at", "-id").values_list("on", flat=True).first()


def levels_of(report: Report, on: date) -> frozenset[Level]:
    """The levels whose ecology bureau reviews with natural resources; none where a report is only filed."""
    return review_of(report, Level.COUNTY, None, on).levels


def review_of(report: Report, level: Level, acting_for: Level | None, on: date) -> Review:
    """Whether the ecology bureau of a level reviews a report, by the law and the rules of its place."""
    division = reportdata.division_of(report.division_path)
    code, stated = division.code if division else "", level_at(report.division_path, on)
    return may_review(ReportKind(report.kind), level, acting_for, division=code, stated=stated, on=on)


def opinions_now(report: Report) -> dict[str, Opinion]:
    """The last opinion of each office in the round that runs, by side."""
    rows = Opinion.objects.filter(report=report, round=report.round).exclude(side=Side.EXPERT)
    return {one.side: one for one in rows.select_related("department").order_by("at", "id")}


def forms_now(report: Report) -> dict[str, QualityForm]:
    """The last filled form of each kind in the round that runs."""
    rows = QualityForm.objects.filter(report=report, round=report.round).order_by("at", "id")
    return {one.form: one for one in rows}


def judgement_of(form: QualityForm) -> Judgement:
    """What a filled form comes to, computed from its answers."""
    return judge_form(FormKey(form.form), {no: Answer(one) for no, one in form.answers.items() if one})


def comparison(report: Report) -> Comparison:
    """The report's own conclusion beside the computed one."""
    return compare(conclusion_of(report.kind, values_of(report)), report.computed.get("outcome"), report.explained)


def groundwater_comparison(report: Report) -> Comparison | None:
    """What a survey says of groundwater beside what its bound results say; None where none is bound."""
    computed = report.computed.get("groundwater") or {}
    if computed.get("why_not", "results") == "results":
        return None
    return compare(_groundwater_conclusion(report), computed.get("outcome"), report.groundwater_explained)


def _groundwater_conclusion(report: Report) -> str:
    """A survey that says nothing exceeds says so of its groundwater too."""
    values = values_of(report)
    polluted = False if values.get("exceeds") is False else values.get("groundwater_polluted")
    return "" if polluted is None else "exceeds" if polluted else "within"


def statistics_of(report: Report, told: str) -> str:
    """The fact `statistics` of an evaluation: what bound results come to; what a person tells where there is nothing to compute.

    Beside results that say otherwise, or say nothing, a person's word stands only with an explanation.
    """
    computed = report.computed
    if not computed.get("targets"):
        return told
    word = {"reached": "passed", "not_reached": "failed"}.get(computed["outcome"], "")
    return (told or word) if report.explained.strip() else word


def mixed(report: Report, on: date) -> Sequence[Mixed]:
    """Firms that do on the plot of a report what has to stay apart."""
    firms: dict[str, set[str]] = {}
    counted = Report.objects.filter(plot=report.plot_id, state=Report.State.ACCEPTED)
    for one in [*counted.exclude(pk=report.pk), report]:
        if one.kind in ACTIVITIES and one.author_code:
            firms.setdefault(ACTIVITIES[one.kind], set()).add(one.author_code)
    told = PlotEvent.objects.filter(superseded_at=None, plot=report.plot_id, kind="works_begun")
    for data in told.values_list("data", flat=True):
        for activity in ("control", "remediation"):
            firms.setdefault(activity, set()).update(data.get("contractors", ()))
    division = reportdata.division_of(report.division_path)
    return mixed_roles(firms, division.code if division else "", on)


def in_the_way(report: Report, on: date) -> list[str]:
    """Why a report cannot be passed yet, in sentences; nothing where it can."""
    found = check_report(ReportKind(report.kind), values_of(report), on)
    told = [] if found.complete else [said(found.message)]
    told += _data_unexplained(report)
    told += _frees_too_much(report)
    told += _opinions_wanted(report, on)
    told += _experts_against(report)
    told += _forms_failed(report)
    told += [said(one.message) for one in mixed(report, on)]
    return told + _density_open(report)


def _density_open(report: Report) -> list[str]:
    """Too few points, or nobody can say how many are needed: both ask for a reason."""
    counted = reportdata.density(report)
    if counted is None or counted.compared.verdict is Enough.MEETS or report.density_explained.strip():
        return []
    told = {"why": said(counted.compared.message), "asks": said(counted.compared.required.message)}
    if counted.compared.verdict is Enough.TOO_FEW:
        return [_("%(why)s请补充布点，或在“数据与结论”中说明理由。") % told]
    if counted.compared.found is None:
        return []  # the completeness check asks for the number
    return [_("%(asks)s%(why)s请在“数据与结论”中说明布点数量的依据。") % told]


def _frees_too_much(report: Report) -> list[str]:
    """A survey within the values of the second class does not free ground that is planned for a use of the first."""
    if report.conclusion != "within" or not reportdata.class_doubt(report):
        return []
    return [
        _(
            "规划用途属于第一类用地，报告采用第二类用地筛选值得出不超标的结论（%(basis)s）：请退回，按第一类用地筛选值重新评价。"
        )
        % {"basis": bases()["gb36600"].cited}
    ]


def _data_unexplained(report: Report) -> list[str]:
    """Where the data say otherwise than the report, say nothing for it, or leave its targets open, and nobody explained."""
    compared, told = comparison(report), []
    if compared.agreement is Agreement.DIFFERS:
        told.append(said(compared.message))
    released = report.kind in SURVEYS and report.conclusion == "within"
    if released and compared.agreement is Agreement.UNKNOWN and not report.explained.strip():
        told.append(
            _(
                "系统没有能够核对“不超标”结论的检测数据：请在“数据与结论”中关联检测批次；确实不能关联的，由负责人写明核对了什么。"
            )
        )
    left = reportdata.left_out(report) if released and not report.explained.strip() else []
    if left:
        told.append(
            _(
                "地块范围内的检测批次%(numbers)s有结果超过报告所用的筛选值，没有关联：请在“数据与结论”中关联，不作依据的写明理由。"
            )
            % {"numbers": "、".join(left)}
        )
    targets = [] if report.explained.strip() else report.computed.get("targets") or []
    names = {one.no: one for one in reporttargets.targets_of(report)} if targets else {}
    for one in targets:
        words = {"name": names[one["no"]].name, "area": names[one["no"]].area} if one["no"] in names else None
        if words and one["differs"]:
            told.append(_("%(name)s%(area)s：报告的统计数值与系统计算的不一致，请核对或说明。") % words)
        if words and one["outcome"] == Reached.UNKNOWN:
            told.append(_("%(name)s%(area)s：关联的数据不能判断是否达到目标，请补充数据或说明。") % words)
    if targets and (left := report.computed.get("left")):
        told.append(
            _("关联批次中有 %(n)d 个样品（%(samples)s）没有列入任何评价单元：请在“目标值与统计”中补列，或写明理由。")
            % {"n": len(left), "samples": "、".join(left[:5]) + ("…" if len(left) > 5 else "")}
        )
    water = groundwater_comparison(report)
    if water and water.agreement is Agreement.DIFFERS:
        told.append(_("地下水：%(why)s") % {"why": said(water.message)})
    return told


def against(report: Report) -> list[Opinion]:
    """Experts' opinions of the round that runs, not to pass, that nobody answered with a written ground."""
    answered = {
        one["opinion"]
        for one in ReportAct.objects.filter(report=report, kind=ReportAct.Kind.OVERRULED).values_list("data", flat=True)
    }
    rows = Opinion.objects.filter(report=report, round=report.round, side=Side.EXPERT).exclude(verdict=Verdict.PASS)
    return [one for one in rows.select_related("expert").order_by("at", "id") if one.pk not in answered]


def _experts_against(report: Report) -> list[str]:
    return [
        _("专家%(name)s的意见是“%(verdict)s”：请退回修改、重新提交后再评审，或由负责人写明仍然通过的理由。")
        % {"name": one.expert.name if one.expert else "", "verdict": one.get_verdict_display()}
        for one in against(report)
    ]


def _opinions_wanted(report: Report, on: date) -> list[str]:
    """The sides that gave no opinion in this round, or not the one to pass."""
    if not levels_of(report, on):
        return []
    given, told, sent = opinions_now(report), [], sent_on(report)
    for side in (Side.ECOLOGY, Side.RESOURCES):
        one = given.get(side)
        if one is None:
            told.append(_("还没有%(side)s的评审意见。") % {"side": side.label})
        elif sent and one.on < sent:
            told.append(
                _("%(side)s的意见日期 %(on)s 早于本轮提交日期 %(sent)s：请核对，按收到的意见重新登记。")
                % {"side": side.label, "on": one.on, "sent": sent}
            )
        elif one.verdict != Verdict.PASS:
            told.append(
                _("%(side)s的意见是“%(verdict)s”：请退回修改，重新提交后再评审。")
                % {"side": side.label, "verdict": one.get_verdict_display()}
            )
    return told


def _forms_failed(report: Report) -> list[str]:
    judged = [judgement_of(one) for one in forms_now(report).values()]
    return [said(one.message) for one in judged if one.passes is not True]


def standing_events(report: Report) -> list[PlotEvent]:
    """The events of the plot's life that stand on this report."""
    return list(PlotEvent.objects.filter(report=report, superseded_at=None).order_by("on", "id"))
