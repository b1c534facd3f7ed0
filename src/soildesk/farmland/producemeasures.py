"""What stands between the field and the plate: tests before the harvest, lots over the limit settled, classes kept and adjusted.

Nothing written down proves nothing: no season, no lot and no priority ground is answered with "cannot say".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.sentences import said
from soildesk.farmland.models import Classification, Lot, Trigger
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import balances, owedtests, priority
from soildesk.farmland.queries.then import Then
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import BOTH, TASK, Asked, Counted
from soilrules.farmland.grain import Finding
from soilrules.farmland.harvests import OwedState
from soilrules.farmland.priority import Became
from soilrules.farmland.priority import Outcome as Stayed
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

UNIT = "farmland.unit"
NO_SEASON = gettext_noop("当年没有登记过种植季：没有登记不等于没有种植，不能判断。")
NONE_AT_RISK = gettext_noop("当年登记的种植季都不在有风险的单元上，没有应当检测的，不适用。")
TESTED = gettext_noop("应在收获前检测的 %(all)d 个种植季中，%(good)d 个按时检测且结论明确（%(percent)s%%）。")
NO_LOT = gettext_noop("没有登记过当年的超标粮食批次：没有登记不等于没有超标，不能判断。")
SETTLED = gettext_noop("当年锁定的 %(all)d 个批次中，%(good)d 个去向闭合、全部处置（%(percent)s%%）。")
NO_PRIORITY = gettext_noop("上年末没有登记优先保护类耕地：没有登记不等于没有，不能判断。")
KEPT = gettext_noop("优先保护类耕地上年末 %(before)s 亩，现为 %(after)s 亩，没有减少，也没有降为其他类别的单元。")
FELL = gettext_noop("优先保护类耕地上年末 %(before)s 亩，现为 %(after)s 亩；%(units)d 个单元面积减少或者降为其他类别。")
UNKNOWN = gettext_noop("有 %(units)d 个优先保护类单元的面积或者现行类别不清楚，不能判断是否减少。")
NO_THREAD = gettext_noop("当年没有登记过类别调整的线索和工作：没有登记不等于不需要调整，不能判断。")
ADJUSTED = gettext_noop("当年 %(all)d 项类别调整线索和工作中，%(good)d 项已报批或者已作结论（%(percent)s%%）。")


@measure(
    "farmland.harvests_tested",
    title=_("收获前农产品检测完成"),
    reads=("farmland.season", "farmland.producetest", "farmland.unitclass"),
    words=("临田检测", "收获前检测", "收割前检测", "农产品临田检测"),
    subjects=BOTH,
)
def harvests_tested(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every season on ground at risk whose harvest has come was tested before it, with a clear finding."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    seasons = [
        one
        for one in owedtests.of_year(actor, asked.limit, asked.year, asked.known)
        if one.version.division_path.startswith(asked.division.path)
    ]
    if not seasons:
        return asked.cannot_say(NO_SEASON)
    rows = [_season(one) for one in seasons if one.risks != () and one.state is not OwedState.DUE]
    if not rows:
        return asked.not_applicable(NONE_AT_RISK)
    return asked.share(rows, share, TESTED)


def _season(one: owedtests.Owed) -> Counted:
    """A season that is owed its test; of ground without a class nobody can say whether it is."""
    name = f"{one.version.name} {one.season.crop}"
    uid = str(one.season.uid)
    if one.risks is None:
        return Counted("farmland.season", uid, name, None, _t("单元没有现行类别，不知道是否应当检测"))
    counts = {OwedState.DONE: True, OwedState.OVERDUE: False}.get(one.state)
    if one.done_on:
        return Counted("farmland.season", uid, name, counts, _t("%(day)s 出具结果") % {"day": one.done_on})
    if one.due is None:
        return Counted("farmland.season", uid, name, None, _t("没有登记开始收获日期"))
    return Counted("farmland.season", uid, name, counts, _t("应在 %(day)s 前检测，没有结论") % {"day": one.due})


@measure(
    "farmland.lots_settled",
    title=_("超标粮食批次处置闭合"),
    reads=("farmland.lot", "farmland.lotmove", "farmland.disposal", "farmland.lothousehold"),
    words=("定点收购", "专仓收储", "定向销售", "超标粮食处置", "专企收购、分仓贮存和集中处理"),
    subjects=BOTH,
)
def lots_settled(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of every lot locked in the year each tonne went a way of its own, apart from other grain, and was disposed of."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    lots = Then(asked.year, asked.limit, asked.known).known(Lot.objects.visible_to(actor)).filter(
        year=asked.year, locked_on__lte=asked.limit, division_path__startswith=asked.division.path
    )  # fmt: skip
    held = balances.of_many(lots.order_by("number"), asked.limit)
    if not held:
        return asked.cannot_say(NO_LOT)
    return asked.share([_lot(one) for one in held.values()], share, SETTLED)


def _lot(one: balances.Held) -> Counted:
    """Loose, unproven or mixed grain does not count; a way that was only not reported is open."""
    found = one.balance
    loose = [said(message) for message in found.messages()]
    only_silent = all(kind is Finding.UNREPORTED for kind, _tonnes in found.findings)
    counts = True if found.closed else None if only_silent else False
    name = f"{one.lot.number} {one.lot.crop}"
    return Counted("farmland.lot", str(one.lot.uid), name, counts, "；".join(loose) or _t("去向闭合，全部处置"))


@measure(
    "farmland.priority_kept",
    title=_("优先保护类耕地面积不减少、质量不下降"),
    reads=("farmland.unitclass", "farmland.unitversion"),
    words=("面积不减少、土壤环境质量不下降", "面积不减少", "土壤环境质量不下降", "优先保护类耕地面积"),
    subjects=BOTH,
)
def priority_kept(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Priority farmland of the day against that of the end of the year before, unit by unit."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    first = date(asked.year, 1, 1) - timedelta(days=1)
    last = min(asked.limit, date(asked.year, 12, 31))
    found = priority.checked(actor, first, last, asked.division.path, asked.known)
    if not found.names:
        return asked.cannot_say(NO_PRIORITY)
    told = {"before": f"{to_mu(found.kept.before_m2)}", "after": f"{to_mu(found.kept.after_m2)}"}
    told |= {"units": len(found.kept.named)}
    message, outcome = KEPT, Outcome.DONE
    if Stayed.FELL in (found.kept.area, found.kept.quality):
        message, outcome = FELL, Outcome.NOT_DONE
    elif Stayed.UNKNOWN in (found.kept.area, found.kept.quality):
        message, outcome = UNKNOWN, Outcome.CANNOT_SAY
    return MeasureResult(outcome, Reason(message, told), on, rows=tuple(_grounds(found)), basis=asked.basis)


def _grounds(found: priority.Checked) -> Iterable[Proof]:
    """What was not kept first; then all that was."""
    lost = {one.unit: one.became for one in found.kept.named}
    words = {
        Became.WORSE: _t("降为其他类别"),
        Became.LESS: _t("面积减少"),
        Became.GONE: _t("不再是耕地或者没有类别"),
        Became.UNKNOWN: _t("面积或者类别不清楚"),
    }
    for number in sorted(found.names, key=lambda one: (one not in lost, one)):
        name, uid = found.names[number]
        url = reverse("kit:record", args=["farmland_units", uid])
        note = words.get(lost[number], "") if number in lost else _t("保持")
        yield Proof(UNIT, uid, f"{number} {name}", number not in lost, note, url)


@measure(
    "farmland.class_adjusted",
    title=_("耕地土壤环境质量类别动态调整"),
    reads=("farmland.trigger", "farmland.classification"),
    words=("动态调整耕地土壤环境质量类别", "类别动态调整", "类别调整建议", "对各类别耕地"),
    subjects=(TASK,),
)
def class_adjusted(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every thread of the year that asks for another class was settled, and every adjustment was sent up for approval."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [*_threads(asked), *_adjustments(asked)]
    return asked.share(rows, share, ADJUSTED) if rows else asked.cannot_say(NO_THREAD)


def _threads(asked: Asked) -> Iterable[Counted]:
    then = Then(asked.year, asked.limit, asked.known)
    rows = then.known(Trigger.objects.visible_to(asked.actor)).filter(
        on__year=asked.year, on__lte=asked.limit, division_path__startswith=asked.division.path
    )
    for one in rows.select_related("unit").order_by("on", "pk"):
        closed = one.closed_on is not None and one.closed_on <= asked.limit
        note = one.get_state_display() if closed else _t("待核实")
        yield Counted("farmland.trigger", str(one.uid), f"{one.unit.number} {one.what[:40]}", closed, note)


def _adjustments(asked: Asked) -> Iterable[Counted]:
    """Work on classes begun in the year beyond their first division; what was given up is left out."""
    rows = Classification.objects.visible_to(asked.actor).filter(
        on__year=asked.year, on__lte=asked.limit, at__lt=asked.known, division_path__startswith=asked.division.path
    )
    shown = rows.exclude(why=Classification.Why.FIRST).exclude(state=Classification.State.GIVEN_UP)
    for one in shown.order_by("on", "pk"):
        sent = one.sent_on is not None and one.sent_on <= asked.limit
        note = _t("%(day)s 报省级，%(document)s") % {"day": one.sent_on, "document": one.sent_document} if sent else ""
        yield Counted(
            "farmland.classification", str(one.uid), f"{one.number} {one.title}", sent, note or _t("没有报批")
        )
