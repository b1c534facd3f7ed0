"""Reports of plots: who sees them, how they stand, who reviews, and what still stands in the way of passing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.enterprises.sentences import said
from soildesk.plots.models import Opinion, Plot, PlotEvent, PlotVersion, QualityForm, Report, ReportAct
from soildesk.plots.queries import reportdata
from soildesk.plots.reportfields import conclusion_of, values_of
from soilrules.enterprises.lists import Level
from soilrules.monitoring.density import Enough
from soilrules.plots.conflicts import Mixed, mixed_roles
from soilrules.plots.quality_forms import Answer, FormKey, Judgement, judge_form
from soilrules.plots.reports import Agreement, Comparison, ReportKind, check_report, compare, may_review

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


def levels_of(report: Report, on: date) -> frozenset[Level]:
    """The levels whose ecology bureau reviews with natural resources; none where a report is only filed."""
    division = reportdata.division_of(report.division_path)
    code = division.code if division else ""
    return may_review(ReportKind(report.kind), Level.COUNTY, division=code, on=on).levels


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
    compared = comparison(report)
    if compared.agreement is Agreement.DIFFERS:
        told.append(said(compared.message))
    told += _opinions_wanted(report, on)
    told += _forms_failed(report)
    told += [said(one.message) for one in mixed(report, on)]
    counted = reportdata.density(report)
    if counted and counted.compared.verdict is Enough.TOO_FEW and not report.density_explained.strip():
        told.append(_("%(why)s请补充布点，或在“数据与结论”中说明理由。") % {"why": said(counted.compared.message)})
    return told


def _opinions_wanted(report: Report, on: date) -> list[str]:
    """The sides that gave no opinion in this round, or not the one to pass."""
    if not levels_of(report, on):
        return []
    given, told = opinions_now(report), []
    for side in (Side.ECOLOGY, Side.RESOURCES):
        one = given.get(side)
        if one is None:
            told.append(_("还没有%(side)s的评审意见。") % {"side": side.label})
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
