"""What is told to the public and looked at again: lists announced, reviews published, reports drawn and checked, closed sites screened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, TASK, Asked, Counted, of_place
from soildesk.plots.models import Candidate, ListNotice, PlotVersion, Recheck, Report, ReportAct
from soildesk.plots.queries import measured
from soilrules.indicators.shares import share
from soilrules.plots.lists import ListKey

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from soildesk.core.permissions import Actor

NO_NOTICE = gettext_noop("当年没有登记过名录文件：没有登记不等于没有更新，不能判断。")
PUBLIC_LISTS = (ListKey.POLLUTED, ListKey.ROSTER)
LISTS = gettext_noop("当年登记的 %(all)d 份名录文件中，%(good)d 份已向社会公布（%(percent)s%%）。")
SHOWN = (ReportAct.Kind.REGISTERED, ReportAct.Kind.ACCEPTED, ReportAct.Kind.PUBLISHED, ReportAct.Kind.RECHECKED)
NONE_SCREENED = gettext_noop("没有登记风险筛查为较高的地块：没有登记不等于没有，不能判断。")
FOLLOWED = gettext_noop("风险筛查为较高的 %(all)d 个地块中，%(good)d 个已有调查结论或完成风险评估（%(percent)s%%）。")
NO_REPORT = gettext_noop("没有登记过调查评估报告：没有登记不等于没有评审，不能判断。")
NONE_PASSED = gettext_noop("当年没有通过评审的报告，没有应当公开的，不适用。")
PUBLISHED = gettext_noop("当年评审通过的 %(all)d 份报告中，%(good)d 份已公开（%(percent)s%%）。")
NO_LOT = gettext_noop("当年没有抽签复核的记录：没有登记不等于没有开展，不能判断。")
RECHECKED = gettext_noop("当年抽中的 %(all)d 份报告中，%(good)d 份已复核（%(percent)s%%）。")
NO_SITE = gettext_noop("没有登记过上年度关停退出企业的用地线索：没有登记不等于没有关停，不能判断。")
SCREENED = gettext_noop("上年度关停退出企业的 %(all)d 处用地中，%(good)d 处已核实并写明风险（%(percent)s%%）。")
SOURCES = (Candidate.Source.CLOSED, Candidate.Source.PERMIT)


@measure(
    "plots.lists_published",
    title=_("污染地块名录、风险管控和修复名录已公布"),
    reads=("plots.listnotice",),
    words=("将名录向社会公开", "公开污染地块名录", "名录公布", "向社会公开地块信息"),
    subjects=BOTH,
)
def lists_published(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every notice of the year on the two public lists was published."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = ListNotice.objects.visible_to(actor).filter(
        asked.decided_for, list_key__in=PUBLIC_LISTS, since__year=asked.year, since__lte=asked.limit,
        recorded_at__lt=asked.known,
    )  # fmt: skip
    rows = [
        Counted("plots.listnotice", str(one.uid), f"{one.number} {one.title}", *_public(one.published_on, asked.limit))
        for one in found.order_by("since", "pk")
    ]
    return asked.share(rows, share, LISTS) if rows else asked.cannot_say(NO_NOTICE)


def _public(day: date | None, limit: date) -> tuple[bool, str]:
    if day is None or day > limit:
        return False, _t("没有登记公布日期")
    return True, _t("%(day)s 公布") % {"day": day}


@once_a_pass(of_place)
def _told(asked: Asked) -> list[ReportAct]:
    """Acts the measures ask about, on the reports of the place, known by then, of every year."""
    rows = ReportAct.objects.filter(
        report__in=Report.objects.visible_to(asked.actor), report__division_path__startswith=asked.division.path,
        kind__in=SHOWN, at__lt=asked.known,
    )  # fmt: skip
    return list(rows.select_related("report"))


def _acts(asked: Asked, kind: ReportAct.Kind) -> list[ReportAct]:
    """Those of one kind that were done by the day."""
    return [one for one in _told(asked) if one.kind == kind and one.on <= asked.limit]


@measure(
    "plots.reviews_published",
    title=_("报告评审通过情况已公开"),
    reads=("plots.report",),
    words=(
        "报告评审通过情况向社会公开",
        "公开建设用地土壤污染状况调查报告评审通过情况",
        "评审结果向社会公开",
        "评审通过情况",
    ),
    subjects=BOTH,
)
def reviews_published(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every report that passed its review in the year was made public."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    if not any(act.on.year <= asked.year for act in _acts(asked, ReportAct.Kind.REGISTERED)):
        return asked.cannot_say(NO_REPORT)
    passed = {act.report_id: act for act in _acts(asked, ReportAct.Kind.ACCEPTED) if act.on.year == asked.year}
    public = {act.report_id: act.on for act in _acts(asked, ReportAct.Kind.PUBLISHED)}
    rows = [
        Counted("plots.report", str(act.report.uid), act.report.title, *_public(public.get(pk), asked.limit))
        for pk, act in sorted(passed.items())
    ]
    return asked.share(rows, share, PUBLISHED) if rows else asked.not_applicable(NONE_PASSED)


@measure(
    "plots.reports_rechecked",
    title=_("抽中的报告已复核"),
    reads=("plots.recheck", "plots.report"),
    words=("对第三方机构开展质量抽查", "质量抽查", "调查质量监督检查", "质量监督检查"),
    subjects=BOTH,
)
def reports_rechecked(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every report that lots drawn in the year picked out was checked again; a lot is of the reports of any year."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    lots = Recheck.objects.visible_to(actor).filter(
        drawn_at__gte=_begin(asked.year), drawn_at__lt=min(_begin(asked.year + 1), asked.known),
        division_path__startswith=asked.division.path,
    )  # fmt: skip
    drawn = sorted({number for one in lots for number in one.drawn})
    if not drawn:
        return asked.cannot_say(NO_LOT)
    done = {act.report_id: act.on for act in _acts(asked, ReportAct.Kind.RECHECKED) if act.on.year >= asked.year}
    reports = Report.objects.visible_to(actor).filter(number__in=drawn).order_by("number")
    rows = [
        Counted("plots.report", str(one.uid), f"{one.number} {one.title}", one.pk in done,
                _t("%(day)s 复核") % {"day": done[one.pk]} if one.pk in done else _t("没有复核记录"))
        for one in reports
    ]  # fmt: skip
    return asked.share(rows, share, RECHECKED)


def _begin(year: int) -> datetime:
    """The first moment of a year."""
    return timezone.make_aware(datetime.combine(date(year, 1, 1), time.min))


@measure(
    "plots.closed_screened",
    title=_("上年度关停退出企业原址用地已筛查"),
    reads=("plots.candidate", "plots.plotversion"),
    words=("关停退出工业企业原址用地筛查", "关停退出工业企业原址用地", "关停企业原址用地筛查", "关停退出企业原址"),
    subjects=(TASK,),
)
def closed_screened(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every site of a firm that closed in the year before was looked at by a person, and its risk said where it became a plot."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = Candidate.objects.visible_to(actor).filter(
        source__in=SOURCES, found_on__year=asked.year - 1, recorded_at__lt=asked.known,
        division_path__startswith=asked.division.path,
    )  # fmt: skip
    rows = list(_sites(asked, found.order_by("found_on", "pk")))
    return asked.share(rows, share, SCREENED) if rows else asked.cannot_say(NO_SITE)


@measure(
    "plots.high_risk_followed",
    title=_("潜在高风险地块已调查和风险评估"),
    reads=("plots.plotversion", "plots.plotevent"),
    words=("潜在高风险地块", "开展进一步调查和风险评估", "高风险地块调查评估"),
    subjects=(TASK,),
)
def high_risk_followed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every plot screened as of high risk was surveyed and within the limits, or its risk was assessed."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [
        Counted("plots.plot", str(one.version.plot.uid), one.version.name, one.done, one.note)
        for one in measured.high_risk(asked)
    ]
    return asked.share(rows, share, FOLLOWED) if rows else asked.cannot_say(NONE_SCREENED)


def _sites(asked: Asked, found: QuerySet[Candidate]) -> Iterable[Counted]:
    standing = PlotVersion.objects.visible_to(asked.actor).standing(asked.limit, asked.known)
    risks = dict(standing.filter(plot__in=found.values("plot")).values_list("plot_id", "high_risk"))
    for one in found:
        decided = one.decided_at is not None and one.decided_at < asked.known
        uid = str(one.uid)
        if not decided or one.state == Candidate.State.OPEN:
            yield Counted("plots.candidate", uid, one.title, False, _t("待核实"))
        elif one.state == Candidate.State.DISMISSED:
            yield Counted("plots.candidate", uid, one.title, True, _t("不列为疑似：%(why)s") % {"why": one.why})
        else:
            risk = risks.get(one.plot_id) if one.plot_id else None
            words = {
                True: _t("已是地块，风险较高"),
                False: _t("已是地块，风险不高"),
                None: _t("已是地块，没有写明风险高低"),
            }
            yield Counted("plots.candidate", uid, one.title, risk is not None, words[risk])
