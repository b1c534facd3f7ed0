"""Measures of monitoring: the network, points monitored, campaigns done, data shared.

A register without a row proves nothing: it is answered with "cannot say", never with done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.monitoring import localrules
from soildesk.monitoring.measuring import BOTH, TASK, Asked, Counted
from soildesk.monitoring.models import Campaign, Medium, PointVersion
from soildesk.monitoring.queries import duedays, measured
from soildesk.monitoring.queries.duedays import Due
from soilrules.indicators.campaigns_done import campaign_completion_rate, data_sharing_rate
from soilrules.indicators.point_coverage import point_coverage_rate
from soilrules.indicators.points_monitored import points_monitored_rate
from soilrules.indicators.targets import reaches

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

Kind, Level = PointVersion.Kind, PointVersion.Level
POINTS, RESULTS, CAMPAIGNS = "monitoring.pointversion", "monitoring.result", "monitoring.campaign"
YEARS = 10
NO_POINTS = gettext_noop("台账中没有这类监测点位：没有登记不等于没有，也不能算作完成。")


@measure(
    "monitoring.network_complete",
    title=_("监测点位覆盖下级行政区"),
    reads=(POINTS, "core.division"),
    words=("土壤环境监测网", "监测网络", "点位全覆盖", "监测点位覆盖率"),
    subjects=BOTH,
)
def network_complete(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every county, or town of a county, has at least one standing point of soil."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    below = measured.divisions_below(asked)
    if not below:
        return asked.not_applicable(gettext_noop("本级没有下级行政区，不适用。"))
    paths = [point.division_path for point in measured.points(asked, medium=Medium.SOIL)]
    if not paths:
        return asked.cannot_say(NO_POINTS)
    rows = []
    for one in below:
        count = sum(path.startswith(one.path) for path in paths)
        rows.append(Counted("core.division", one.code, one.name, count > 0, _t("%(n)d 个点位") % {"n": count}))
    return asked.share(
        rows, lambda good, all_: point_coverage_rate(covered_divisions=good, divisions_below=all_),
        gettext_noop("%(all)d 个下级行政区中，%(good)d 个有土壤监测点位（覆盖率 %(percent)s%%）。"),
    )  # fmt: skip


def _set_up(name: str, title: str | Promise, words: Sequence[str], **facts: Any) -> None:
    """Register the measure of one class of points: some stand, and how many."""

    @measure(f"monitoring.{name}", title=title, reads=(POINTS,), words=words, subjects=(TASK,))
    def set_up(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Points of this class stand; how many a place must have is not in the records."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        if not measured.points(asked):
            return asked.cannot_say(NO_POINTS)
        found = measured.points(asked, **facts)
        proofs = tuple(_counted(point, True).proof for point in found)
        message = (
            gettext_noop("已设 %(n)d 个点位；应设多少个台账中没有，请对照批准的布点方案。")
            if found
            else gettext_noop("已登记的监测点位中没有这一类。")
        )
        outcome = Outcome.DONE if found else Outcome.NOT_DONE
        return MeasureResult(outcome, Reason(message, {"n": len(found)}), on, len(found), None, "", proofs, asked.basis)


_set_up("points_baseline", _("已设基础点位"), ("基础点位",), kind=Kind.BASELINE)
_set_up("points_risk", _("已设风险监控点位"), ("风险监测点位", "风险监控点位", "风险点位"), kind=Kind.RISK)
_set_up("points_background", _("已设背景点位"), ("背景点位",), kind=Kind.BACKGROUND)
_set_up("points_national", _("已设国控监测点位"), ("国控监测点位", "国控点位", "国控"), level=Level.NATIONAL)
_set_up("points_province", _("已设省控监测点位"), ("省控监测点位", "省控点位", "省控"), level=Level.PROVINCE)


@measure(
    "monitoring.points_in_period",
    title=_("点位按周期采样"),
    reads=(POINTS, "monitoring.fieldrecord"),
    words=("例行监测", "定期开展监测", "定期监测"),
    subjects=(TASK,),
)
def points_in_period(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every standing point other than those enterprises monitor was sampled within its period."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = [point for point in measured.points(asked) if point.kind != Kind.SELF]
    if not found:
        return asked.cannot_say(NO_POINTS)
    last = measured.last_sampled(found, asked)
    due = duedays.dues(
        [{name: getattr(point, name) for name in duedays.FIELDS} for point in found], last, {}, asked.known
    )
    rows = [_in_period(point, last.get(point.point_id), due[point.point_id], on) for point in found]
    return asked.share(
        rows, lambda good, all_: points_monitored_rate(monitored_points=good, standing_points=all_),
        gettext_noop("%(all)d 个点位中，%(good)d 个在规定周期内采样（%(percent)s%%）。"),
    )  # fmt: skip


def _in_period(point: PointVersion, last: date | None, due: Due, on: date) -> Counted:
    """Late for certain does not count; a point never sampled, or whose day cannot be said, is no pass either."""
    if due.late_on(on):
        return replace(_counted(point, False, due.why), silent=last is None)
    return _counted(point, True if due.day and last else None, due.why)


def _counted(point: PointVersion, counts: bool | None, note: str = "") -> Counted:
    return Counted("monitoring.point", str(point.point.uid), f"{point.point.number} {point.name}", counts, note)


def _monitored(name: str, title: str | Promise, words: Sequence[str], **facts: Any) -> None:
    """Register the measure of one kind or medium: each of its points has accepted results of the year."""

    @measure(f"monitoring.{name}", title=title, reads=(POINTS, RESULTS), words=words, subjects=(TASK,))
    def monitored(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Every standing point of this kind has accepted results sampled in the year."""
        asked = Asked.of(actor, subject, on, known_on)
        return asked.stopped() or _of_points(asked, measured.points(asked, **facts))


def _of_points(asked: Asked, found: Sequence[PointVersion]) -> MeasureResult:
    if not found:
        return asked.cannot_say(NO_POINTS)
    done, last = measured.with_results(found, asked), measured.last_sampled(found, asked)
    rows = [_of_point(point, point.point_id in done, last.get(point.point_id), asked.year) for point in found]
    return _told_of_points(asked, rows)


def _of_point(point: PointVersion, done: bool, last: date | None, year: int) -> Counted:
    if done:
        return _counted(point, True)
    if last is not None and last.year == year:
        return _counted(point, False, _t("已采样，没有已接收的检测结果"))
    return replace(_counted(point, False, _t("本年没有采样记录")), silent=True)


def _told_of_points(asked: Asked, rows: Sequence[Counted]) -> MeasureResult:
    return asked.share(
        rows, lambda good, all_: points_monitored_rate(monitored_points=good, standing_points=all_),
        gettext_noop("%(all)d 个点位中，%(good)d 个有当年已接收的检测结果（%(percent)s%%）。"),
    )  # fmt: skip


_monitored(
    "perimeter_monitored", _("重点单位和园区周边已监测"),
    ("周边进行土壤环境监测", "周边土壤开展监督性监测", "周边土壤进行监测", "周边监测", "周边土壤环境监测"),
    kind=Kind.PERIMETER,
)  # fmt: skip
_monitored(
    "irrigation_monitored", _("灌溉水质已监测"),
    ("灌区水质监测", "灌溉水水质监测", "灌溉用水水质监测", "灌溉水质监测"),
    medium=Medium.IRRIGATION,
)  # fmt: skip
_monitored(
    "groundwater_monitored", _("地下水已监测"), ("地下水环境监测", "地下水环境质量监测", "地下水监测"),
    medium=Medium.GROUNDWATER,
)  # fmt: skip
_monitored(
    "networks_monitored", _("国控、省控点位已监测"),
    ("国家土壤环境监测网", "省土壤环境监测网", "国控监测点位监测", "点位监测任务"),
    level=(Level.NATIONAL, Level.PROVINCE),
)  # fmt: skip


@measure(
    "monitoring.county_points_monitored",
    title=_("县级点位已监测"),
    reads=(POINTS, RESULTS),
    words=("县级土壤环境监测点位", "县级监测点位", "县级点位"),
    subjects=BOTH,
)
def county_points_monitored(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every point of the county's own network has accepted results of the year, or as many as the target counts."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    answer = _of_points(asked, measured.points(asked, level=Level.COUNTY))
    wanted = getattr(subject, "target_number", None)
    if answer.numerator is None or wanted is None or subject.unit != "个":
        return answer
    reached = reaches(Decimal(answer.numerator), subject.comparator, wanted)
    if reached is None or (reached is False and answer.numerator > wanted):  # more than were asked for is no failure
        reached = answer.numerator >= wanted
    told = {"good": answer.numerator, "all": answer.denominator, "wanted": f"{wanted.normalize():f}"}
    reason = Reason(gettext_noop("%(all)s 个县级点位中，%(good)s 个已监测，目标为 %(wanted)s 个。"), told)
    return replace(answer, outcome=Outcome.DONE if reached else Outcome.NOT_DONE, unit="个", reason=reason)


@measure(
    "monitoring.joint_monitored",
    title=_("土壤与农产品协同监测已开展"),
    reads=(POINTS, RESULTS),
    words=("协同监测", "土壤和农产品协同监测", "土壤与可食用农产品协同监测"),
    subjects=(TASK,),
)
def joint_monitored(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every joint point of soil has results of the year, and so has produce at it or beside it."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    soil = measured.points(asked, kind=Kind.JOINT, medium=Medium.SOIL)
    if not soil:
        return asked.cannot_say(NO_POINTS)
    produce = measured.points(asked, kind=Kind.JOINT, medium=Medium.PRODUCE)
    done, near = measured.with_results([*soil, *produce], asked), measured.beside(soil, produce)
    rows = [_joint(point, done, near[point.point_id]) for point in soil]
    return _told_of_points(asked, rows)


def _joint(point: PointVersion, done: set[int], produce: Sequence[int]) -> Counted:
    lacking = []
    if point.point_id not in done:
        lacking.append(_t("土壤没有当年结果"))
    if not produce:
        lacking.append(_t("旁边没有农产品点位"))
    elif not done.intersection(produce):
        lacking.append(_t("农产品没有当年结果"))
    silent = not done.intersection((point.point_id, *produce))
    return replace(_counted(point, not lacking, "；".join(lacking)), silent=silent)


def _campaign_done(kind: Campaign.Kind, title: str | Promise, words: Sequence[str], *, once: bool = False) -> None:
    """Register the measure of one kind of campaign: those of the year are complete; `once`: of the years of the plan."""

    @measure(
        f"monitoring.campaign_{kind.value}",
        title=title,
        reads=(CAMPAIGNS, "monitoring.samplingtask", RESULTS),
        words=words,
        subjects=(TASK,),
        of_period=once,
    )
    def campaign_done(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """The campaigns of this kind that end in the year are closed, each sample taken and with accepted results."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        found = measured.campaigns(asked, kind, years=asked.years if once else (asked.year,))
        if not found:
            return asked.cannot_say(
                gettext_noop("没有 %(year)d 年应完成的这类监测任务的记录，不能判断。"), year=asked.year
            )
        left = measured.samples_left(found, asked)
        rows = [_campaign(one, left.get(one.pk, (0, 0, 0)), asked.limit) for one in found]
        return asked.share(
            rows, lambda good, all_: campaign_completion_rate(completed_campaigns=good, campaigns=all_),
            gettext_noop("%(all)d 项监测任务中，%(good)d 项已完成（采样、检测结果齐全并办结）。"),
        )  # fmt: skip


def _campaign(one: Campaign, left: tuple[int, int, int], limit: date) -> Counted:
    asked_for, never, bare = left
    notes = []
    if one.closed_on is None or one.closed_on > limit:
        notes.append(_t("没有办结，时限 %(day)s") % {"day": one.ends_on})
    if never or not asked_for:
        notes.append(_t("%(n)d 个样品没有采") % {"n": never} if asked_for else _t("没有采样任务"))
    if bare:
        notes.append(_t("%(n)d 个样品没有已接收的结果") % {"n": bare})
    return Counted(CAMPAIGNS, str(one.uid), f"{one.number} {one.title}", not notes, "；".join(notes))


_campaign_done(
    Campaign.Kind.CENSUS,
    _("土壤污染状况普查已完成"),
    ("土壤普查", "污染状况普查"),
    once=True,
)
_campaign_done(
    Campaign.Kind.DETAILED,
    _("土壤污染状况详查已完成"),
    ("土壤污染详查", "土壤污染状况详查", "农用地土壤污染状况详查"),
    once=True,
)
_campaign_done(
    Campaign.Kind.ROUTINE,
    _("例行监测任务已完成"),
    ("例行监测任务", "开展土壤环境例行监测", "产地土壤环境监测", "监测点监测"),
)
_campaign_done(Campaign.Kind.SPECIAL, _("专项监测任务已完成"), ("专项监测", "重点区域土壤监测", "预警监测工作"))


@measure(
    "monitoring.survey_every_ten_years",
    title=_("十年内开展过土壤污染状况普查或详查"),
    reads=(CAMPAIGNS, "monitoring.samplingtask", RESULTS),
    words=("10年开展1次", "每十年", "定期调查制度"),
    subjects=(TASK,),
)
def survey_every_ten_years(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """A census or a detailed survey was complete within the ten years before the day."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = measured.campaigns(asked, Campaign.Kind.CENSUS, Campaign.Kind.DETAILED)
    if not found:
        return asked.cannot_say(gettext_noop("没有普查或详查任务的记录，不能判断十年内是否开展过。"))
    left = measured.samples_left(found, asked)
    rows = [_within_ten_years(_campaign(one, left.get(one.pk, (0, 0, 0)), asked.limit), one, asked.on) for one in found]
    good = [row for row in rows if row.counts]
    message = (
        gettext_noop("十年内完成了 %(good)d 次普查或详查。")
        if good
        else gettext_noop("台账中十年内没有已完成的普查或详查。")
    )
    outcome = Outcome.DONE if good else Outcome.NOT_DONE
    proofs = tuple(row.proof for row in rows)
    return MeasureResult(outcome, Reason(message, {"good": len(good)}), on, len(good), None, "", proofs, asked.basis)


def _within_ten_years(row: Counted, one: Campaign, on: date) -> Counted:
    """A survey that is complete counts for ten years from its last day."""
    if not row.counts or one.closed_on is None:
        return row
    if (one.closed_on.year + YEARS, one.closed_on.month, one.closed_on.day) > (on.year, on.month, on.day):
        return replace(row, note=_t("%(day)s 完成") % {"day": one.closed_on})
    return replace(row, counts=False, note=_t("%(day)s 完成，已在十年以前") % {"day": one.closed_on})


@measure(
    "monitoring.data_shared",
    title=_("上年度监测数据按期共享"),
    reads=(CAMPAIGNS,),
    words=("数据共享", "土壤环境监测数据", "上年度相关数据上传", "监测数据共享", "监测数据共享率"),
    subjects=BOTH,
)
def data_shared(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The data of every campaign that ended the year before were shared by the day the local rule gives."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    year = asked.year - localrules.rule("share_data")["years_after"]
    found = measured.campaigns(asked, years=(year,))
    if not found:
        return asked.cannot_say(gettext_noop("没有 %(year)d 年监测任务的记录，不能判断数据是否共享。"), year=year)
    rows = [_shared(one, asked.limit) for one in found]
    return asked.share(
        rows, lambda good, all_: data_sharing_rate(shared_in_time=good, campaigns=all_),
        gettext_noop("上年度 %(all)d 项监测任务中，%(good)d 项的数据按期共享（%(percent)s%%）。"),
    )  # fmt: skip


def _shared(one: Campaign, limit: date) -> Counted:
    """Shared in time, late or not at all; before the day nobody can say."""
    due = localrules.share_due(one.ends_on)
    name = f"{one.number} {one.title}"
    if one.shared_on is not None and one.shared_on <= limit:
        told = _t("%(day)s 共享，期限 %(due)s") % {"day": one.shared_on, "due": due}
        return Counted(CAMPAIGNS, str(one.uid), name, one.shared_on <= due, told)
    told = _t("没有共享记录，期限 %(due)s") % {"due": due}
    return Counted(CAMPAIGNS, str(one.uid), name, None if limit <= due else False, told)
