"""Measures of safe use, bound to the plans' indicators and tasks: the rate, areas under measures, plans made, zones, training.

The rate has the areas of its denominator as rows; areas are told in 亩. What nobody wrote down is never counted as done.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.sentences import said
from soildesk.farmland.models import AreaTask, Guidance, Technique, UnitVersion, UsePlan
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import exits, planned, progress, rates
from soildesk.farmland.queries.rates import Answer, Place
from soildesk.farmland.queries.recommended import with_list
from soildesk.farmland.queries.then import Then
from soildesk.farmland.ratewords import why_word
from soildesk.farmland.usewords import kind_word
from soildesk.kit.languages import called
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, PERCENT, TASK, Asked, Counted, of_place
from soilrules.farmland.rates import RateRow, State
from soilrules.indicators.shares import share
from soilrules.indicators.targets import amount_of, reaches

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

UNIT = "farmland.unit"
READS = ("farmland.unitversion", "farmland.unitclass", "farmland.unitmeasure")
MU = frozenset({"亩", "万亩"})
RATE = gettext_noop("自算 %(percent)s%%：%(good)s 亩/%(all)s 亩。")
RATE_SHORT = gettext_noop("自算 %(percent)s%%：%(good)s 亩/%(all)s 亩；距目标还差 %(needed)s 亩。")
AREA = gettext_noop("措施到位 %(good)s 亩，共 %(all)s 亩（%(percent)s%%）。")
CANNOT = gettext_noop("%(why)s")
NO_TASKS = gettext_noop("没有登记下达的面积任务：没有登记不等于没有，不能判断。")
TASKS = gettext_noop("%(all)d 项任务中，%(good)d 项已完成（%(percent)s%%）。")
NOTHING = gettext_noop("没有登记：没有登记不等于没有做，不能判断。")


def _then(asked: Asked) -> Then:
    return Then(asked.year, asked.on, asked.known)


def _answer(asked: Asked) -> Answer:
    return rates.by_unit(asked.actor, Place(asked.division.path, _then(asked)))


def _proofs(answer: Answer, kinds: Collection[str] = ()) -> list[Proof]:
    """The rows as the measure hands them on, in 亩; those that do not count first."""
    assert answer.found is not None, "asked before"
    rows = [one for one in answer.found.rows if not kinds or one.kind in kinds]
    return [_proof(answer, one) for one in sorted(rows, key=lambda one: (one.counts, one.unit))]


def _proof(answer: Answer, row: RateRow) -> Proof:
    line = (answer.lines or {})[row.unit]
    note = f"{kind_word(row.kind)}：{said(row.because)}"
    url = reverse("kit:record", args=["farmland_units", line.uid])
    return Proof(UNIT, line.uid, line.name, row.counts, note, url, _mu(row.area_m2))


def _mu(area_m2: Decimal) -> Decimal:
    """In 亩, not rounded, so that rows add up."""
    return area_m2 * 15 / 10000


def _reached(asked: Asked, share: Decimal, area_m2: Decimal) -> Outcome:
    """A target in percent asks for the share, one in 亩 for the area; a task, and all else, for the whole."""
    if getattr(asked.subject, "unit", "") not in MU:
        return asked.outcome(share, share)
    subject, area = asked.subject, _mu(area_m2) / (10000 if asked.subject.unit == "万亩" else 1)
    target = subject.target_number or amount_of(subject.target_text, subject.unit)
    found = reaches(area, ">=" if subject.comparator == "=" else subject.comparator, target)
    return Outcome.CANNOT_SAY if found is None else Outcome.DONE if found else Outcome.NOT_DONE


@measure(
    "farmland.safe_use_rate",
    title=_("受污染耕地安全利用率"),
    reads=(*READS, "farmland.producetest"),
    words=("受污染耕地安全利用率", "耕地安全利用率", "受污染耕地安全利用"),
    subjects=BOTH,
)
def safe_use_rate(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The rate as we count it by the method of the year; never the approved one, which is a fact of its own."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    answer = _answer(asked)
    if answer.state is State.NOT_APPLICABLE:
        return asked.not_applicable(CANNOT, why=why_word(answer))
    if answer.rate is None or answer.found is None:
        return asked.cannot_say(CANNOT, why=why_word(answer))
    found, rate = answer.found, answer.rate
    told = {
        "percent": f"{rate * 100:.2f}",
        "good": f"{to_mu(found.numerator_m2)}",
        "all": f"{to_mu(found.denominator_m2)}",
    }
    needed = _needed(asked, rate, found.denominator_m2)
    message = RATE_SHORT if needed else RATE
    told |= {"needed": f"{to_mu(needed)}"} if needed else {}
    basis = "；".join(filter(None, (asked.basis, called(answer.method) if answer.method else "")))
    return MeasureResult(
        asked.outcome(rate, rate), Reason(message, told), on, _mu(found.numerator_m2), _mu(found.denominator_m2), "亩",
        tuple(_proofs(answer)), basis,
    )  # fmt: skip


def _needed(asked: Asked, rate: Decimal, whole_m2: Decimal) -> Decimal:
    """What is still missing to the target of an indicator in percent."""
    target = getattr(asked.subject, "target_number", None)
    if target is None or getattr(asked.subject, "unit", "") not in PERCENT:
        return Decimal(0)
    return max(Decimal(0), (Decimal(target) / 100 - rate) * whole_m2)


def _covered(name: str, title: Any, words: Sequence[str], kinds: Collection[str]) -> None:
    """Register the measure of how much ground of some classes is under measures."""

    @measure(f"farmland.{name}", title=title, reads=READS, words=words, subjects=BOTH)
    def covered(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """The area under measures with evidence in the year, of all the area of the class."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        answer = _answer(asked)
        if answer.found is None or answer.why:
            return asked.cannot_say(CANNOT, why=why_word(answer))
        proofs = _proofs(answer, kinds)
        if not proofs:
            return asked.not_applicable(gettext_noop("没有这一类耕地，不适用：没有分母，不等于 100%。"))
        return _area_result(asked, proofs)


def _area_result(asked: Asked, proofs: Sequence[Proof]) -> MeasureResult:
    good = sum((Decimal(one.amount) for one in proofs if one.counts), Decimal(0))
    whole = sum((Decimal(one.amount) for one in proofs), Decimal(0))
    share = good / whole
    told = {"good": f"{good:.2f}", "all": f"{whole:.2f}", "percent": f"{share * 100:.2f}"}
    outcome = _reached(asked, share, good * 10000 / 15)
    return MeasureResult(outcome, Reason(AREA, told), asked.on, good, whole, "亩", tuple(proofs), asked.basis)


_covered(
    "safe_use_area", _("安全利用类耕地措施到位面积"),
    ("安全利用类耕地全部实现安全利用", "受污染耕地安全利用面积", "安全利用面积", "安全利用类耕地"), ("safe_use", "light", "moderate"),
)  # fmt: skip
_covered(
    "strict_area", _("严格管控类耕地措施到位面积"),
    ("严格管控面积", "严格管控类耕地", "种植结构调整、退耕还林还草、休耕", "严格管控措施", "风险管控措施面积"), ("strict", "heavy"),
)  # fmt: skip


@measure(
    "farmland.crops_changed_area",
    title=_("种植结构调整和退耕还林还草面积"),
    reads=READS,
    words=("种植结构调整面积", "退耕还林还草面积", "种植结构调整或退耕还林还草", "种植结构调整"),
    subjects=BOTH,
)
def crops_changed_area(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The ground on which crops were changed, or that went to forest or grass, in the year: of the target in 亩, or of the tasks given."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    then = _then(asked)
    if getattr(subject, "unit", "") not in MU:
        return _tasks(asked, (AreaTask.Kind.CROPS, AreaTask.Kind.FOREST_GRASS))
    done = progress.done_by_unit(progress.CHANGED, then, asked.division.path)
    if not done:
        return asked.cannot_say(NOTHING)
    names = _versions(done)
    proofs = tuple(
        Proof(UNIT, str(names[unit].unit.uid), names[unit].name, True, "", _url(names[unit]), _mu(area))
        for unit, area in done.items()
    )
    good = sum(done.values(), Decimal(0))
    outcome = _reached(asked, Decimal(0), good)
    reason = Reason(gettext_noop("措施到位 %(good)s 亩。"), {"good": f"{to_mu(good)}"})
    return MeasureResult(outcome, reason, on, _mu(good), None, "亩", proofs, asked.basis)


def _versions(units: Collection[int]) -> dict[int, UnitVersion]:
    rows = UnitVersion.objects.filter(unit__in=list(units), superseded_at=None).select_related("unit")
    return {one.unit_id: one for one in rows.defer("geometry").order_by("since")}


def _url(one: UnitVersion) -> str:
    return reverse("kit:record", args=["farmland_units", str(one.unit.uid)])


def _tasks(asked: Asked, kinds: Collection[str]) -> MeasureResult:
    """The tasks given of some kinds: each counts when all of its area is done."""
    found = [one for one in progress.tasks(asked.actor, _then(asked), asked.division.path) if one.task.kind in kinds]
    if not found:
        return asked.cannot_say(NO_TASKS)
    rows = [
        Counted(
            "farmland.areatask", str(one.task.uid), f"{one.task.division} {one.task.get_kind_display()}", one.done,
            _t("已完成 %(done)s 亩，任务 %(all)s 亩") % {"done": to_mu(one.done_m2), "all": to_mu(one.task.area_m2)},
        )
        for one in found
    ]  # fmt: skip
    return asked.share(rows, share, TASKS)


def _of_tasks(name: str, title: Any, words: Sequence[str], kinds: Collection[str]) -> None:
    @measure(f"farmland.{name}", title=title, reads=(*READS, "farmland.areatask"), words=words, subjects=BOTH)
    def done(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Every task given of this kind is done, by area counted from measures."""
        asked = Asked.of(actor, subject, on, known_on)
        return asked.stopped() or _tasks(asked, kinds)


_of_tasks(
    "light_tasks_done", _("轻度、中度污染耕地安全利用任务完成"),
    ("轻度、中度污染耕地安全利用任务", "轻中度污染耕地安全利用"), (AreaTask.Kind.SAFE_USE,),
)  # fmt: skip
_of_tasks(
    "heavy_tasks_done", _("重度污染耕地种植结构调整、退耕还林还草任务完成"),
    ("重度污染耕地种植结构调整、退耕还林还草任务", "重度污染耕地"),
    (AreaTask.Kind.STRICT, AreaTask.Kind.CROPS, AreaTask.Kind.FOREST_GRASS),
)  # fmt: skip


@measure(
    "farmland.all_under_measures",
    title=_("受污染耕地和园地全部采取安全利用措施"),
    reads=READS,
    words=("受污染耕地和园地全部采取安全利用措施", "受污染耕地和园地", "受污染园地"),
    subjects=BOTH,
)
def all_under_measures(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of all cropland and gardens with a class other than priority, how much is under measures."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    answer = _answer(asked)
    if answer.found is None or answer.why:
        return asked.cannot_say(CANNOT, why=why_word(answer))
    proofs = _proofs(answer)
    for version, done, whole in progress.gardens(_then(asked), asked.division.path):
        proofs += _halves(version, done, whole)
    if not proofs:
        return asked.not_applicable(gettext_noop("没有受污染的耕地和园地，不适用：没有分母，不等于 100%。"))
    return _area_result(asked, proofs)


def _halves(version: UnitVersion, done: Decimal, whole: Decimal) -> list[Proof]:
    """A garden as the part that counts and the part that does not."""
    parts = (
        (done, True, _t("园地、林地：当年措施到位且有证据")),
        (whole - done, False, _t("园地、林地：没有措施或者没有证据")),
    )
    uid, url = str(version.unit.uid), _url(version)
    return [Proof(UNIT, uid, version.name, counts, note, url, _mu(area)) for area, counts, note in parts if area > 0]


def _plans(name: str, title: Any, words: Sequence[str], kinds: Collection[str]) -> None:
    """Register the measure of a plan that must be made: approved and uploaded where a text asks it."""

    @measure(f"farmland.{name}", title=title, reads=("farmland.useplan",), words=words, subjects=(TASK,))
    def made(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """A plan of this kind stands for the year, approved and uploaded where that is asked for."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        rows = _then(asked).known(UsePlan.objects.visible_to(actor)).filter(
            kind__in=list(kinds), first_year__lte=asked.year, last_year__gte=asked.year, made_on__lte=on,
            division_path__startswith=asked.division.path,
        )  # fmt: skip
        counted = [
            Counted("farmland.useplan", str(one.uid), one.title, planned.done(one), one.approval or _t("没有登记批准"))
            for one in rows
        ]
        if not counted:
            return asked.cannot_say(NOTHING)
        return asked.share(
            counted, share, gettext_noop("%(all)d 份方案中，%(good)d 份已按要求批准和上传（%(percent)s%%）。")
        )


K = UsePlan.Kind
_plans("safe_use_plans", _("受污染耕地安全利用方案"), ("受污染耕地安全利用方案", "安全利用方案"), (K.SAFE_USE,))
_plans(
    "year_plans",
    _("耕地安全利用年度工作方案"),
    ("耕地安全利用年度工作方案", "耕地分类管理年度工作计划", "年度工作方案"),
    (K.YEAR,),
)
_plans("garden_plans", _("受污染园地安全利用工作方案"), ("受污染园地安全利用工作方案",), (K.GARDEN,))
_plans(
    "crop_plans",
    _("重度污染耕地种植结构调整计划"),
    ("重度污染耕地种植结构调整或植树造林计划", "种植结构调整或者退耕还林还草计划"),
    (K.CROPS,),
)
_plans(
    "groundwater_plans",
    _("耕地地下水和饮用水源风险管控方案"),
    ("威胁地下水、饮用水源安全", "环境风险管控方案"),
    (K.GROUNDWATER,),
)
_plans("protection_plans", _("耕地土壤环境保护方案"), ("制定土壤环境保护方案", "土壤环境保护方案"), (K.PROTECTION,))
_plans("emergency_plans", _("超标农产品应急处置预案"), ("超标农产品应急处置预案", "应急处置预案"), (K.EMERGENCY,))


@once_a_pass(of_place)
def _guidance(asked: Asked) -> list[Guidance]:
    """Visits and trainings of the place up to the day, as known."""
    rows = Then(asked.year, asked.on, asked.known).known(Guidance.objects.visible_to(asked.actor))
    return list(rows.filter(on__lte=asked.on, division_path__startswith=asked.division.path))


def _held(name: str, title: Any, words: Sequence[str], kind: str) -> None:
    @measure(f"farmland.{name}", title=title, reads=("farmland.guidance",), words=words, subjects=(TASK,))
    def held(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Visits or trainings of the year; how many were asked for is not in the records."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        proofs = tuple(
            Proof(
                "farmland.guidance",
                str(one.uid),
                one.topic,
                True,
                str(one.on),
                reverse("kit:record", args=["guidance", str(one.uid)]),
            )
            for one in _guidance(asked)
            if one.kind == kind and one.on.year == asked.year
        )
        if not proofs:
            return asked.cannot_say(NOTHING)
        reason = Reason(gettext_noop("当年登记 %(n)d 次。"), {"n": len(proofs)})
        return MeasureResult(Outcome.DONE, reason, on, len(proofs), None, "次", proofs, asked.basis)


_held(
    "training_held",
    _("受污染耕地安全利用技术培训"),
    ("技术指导和培训", "对农民、农民合作社的技术指导和培训", "安全利用技术培训"),
    Guidance.Kind.TRAINING,
)
_held("experts_visited", _("安全利用类耕地专家指导"), ("安全利用类耕地专家指导组", "专家指导组"), Guidance.Kind.VISIT)


@measure(
    "farmland.zones_drawn",
    title=_("特定农产品禁止生产区域划定"),
    reads=("farmland.prohibitedzone",),
    words=("特定农产品禁止生产区域", "特定食用农产品禁止种植区", "禁止生产区域划定", "禁止种植区划定"),
    subjects=(TASK,),
)
def zones_drawn(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every zone proposed was approved by the government and announced."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = [one for one in exits.zones(actor, on, asked.known) if one.division_path.startswith(asked.division.path)]
    counted = [
        Counted(
            "farmland.prohibitedzone",
            str(one.uid),
            one.name,
            one.announced_on is not None and one.announced_on <= on,
            one.approval or _t("没有登记批准"),
        )
        for one in rows
    ]
    if not counted:
        return asked.cannot_say(NOTHING)
    return asked.share(counted, share, gettext_noop("%(all)d 个区域中，%(good)d 个已批准并公告（%(percent)s%%）。"))


@measure(
    "farmland.crops_left",
    title=_("禁止生产区域作物退出"),
    reads=("farmland.prohibitedzone", "farmland.season"),
    words=("退出小麦、玉米等口粮种植", "退出口粮种植", "严禁种植食用农产品"),
    subjects=BOTH,
)
def crops_left(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Nothing prohibited is grown in the zones in force; what nobody told is not known."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = exits.in_force(exits.zones(actor, on, asked.known), on).filter(
        division_path__startswith=asked.division.path
    )
    rows = [
        Counted(UNIT, str(one.unit.uid), one.unit.number, one.left, "、".join(one.crops) or _t("没有登记种植"))
        for one in exits.exits(found, asked.year, _then(asked), actor)
    ]
    if not rows:
        return asked.cannot_say(NOTHING)
    return asked.share(
        rows, share, gettext_noop("%(all)d 个单元中，%(good)d 个已退出禁止生产的农产品（%(percent)s%%）。")
    )


@measure(
    "farmland.crop_list_kept",
    title=_("农作物种植推荐清单"),
    reads=("farmland.technique",),
    words=("农作物种植推荐清单", "种植推荐清单", "推荐品种清单"),
    subjects=(TASK,),
)
def crop_list_kept(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Techniques and varieties stand on the recommended list."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    library = _then(asked).known(Technique.objects.visible_to(actor))
    rows = with_list(library, asked.on, asked.known).filter(asked.decided_for, listed=True, recorded_at__lt=asked.end)
    proofs = tuple(
        Proof(
            "farmland.technique",
            str(one.uid),
            one.name,
            True,
            one.crop,
            reverse("kit:record", args=["techniques", str(one.uid)]),
        )
        for one in rows
    )
    if not proofs:
        return asked.cannot_say(NOTHING)
    reason = Reason(gettext_noop("推荐清单上有 %(n)d 项。"), {"n": len(proofs)})
    return MeasureResult(Outcome.DONE, reason, on, len(proofs), None, "项", proofs, asked.basis)
