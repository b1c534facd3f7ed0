"""Measures of publicity and training: what a clause asks for took place, another person looked at its papers, so many came.

"Regularly" and "hold training" ask for at least one in the year; an indicator asks for as many as its target says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soildesk.plans.models import Activity
from soildesk.plans.queries import activities
from soildesk.plans.queries.activities import Stood
from soilrules.indicators.shares import share
from soilrules.indicators.targets import reaches

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

Kind, Audience, State = Activity.Kind, Activity.Audience, Activity.State
ACTIVITY = "plans.activity"
TIMES = frozenset({"次", "场", "期"})
TRAINING = (Kind.LAW, Kind.TECHNICAL)
NOTHING = gettext_noop("当年没有登记过这类宣传培训：没有登记不等于没有开展，不能判断。")
NO_EDGE = gettext_noop("当年已认定 %(good)d 次，共 %(people)d 人；目标的写法没有定下界线，是否达到由人判断。")
COUNTED = gettext_noop("当年已认定 %(good)d 次，共 %(people)d 人。")
NONE_DUE = gettext_noop("当年登记的宣传培训都还没有到计划日期。")
HELD = gettext_noop("到计划日期的 %(all)d 次宣传培训中，%(good)d 次已开展并认定（%(percent)s%%）。")


def _measure(
    name: str,
    title: str | Promise,
    words: Sequence[str],
    *,
    kinds: Collection[Kind],
    audiences: Collection[Audience] = (),
) -> None:
    """Register the measure of one kind of activity, of everybody or of some audiences."""

    @measure(f"outreach.{name}", title=title, reads=(ACTIVITY,), words=words, subjects=BOTH)
    def held(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """In the year asked for, activities of this kind took place and were counted, as many as are asked for."""
        asked = Asked.of(actor, subject, on, known_on)
        if stopped := asked.stopped():
            return stopped
        found = [
            one
            for one in activities.of_year(asked)
            if one.activity.kind in kinds and (not audiences or one.activity.audience in audiences)
        ]
        return _answer(asked, found) if found else asked.cannot_say(NOTHING)


def _answer(asked: Asked, found: Sequence[Stood]) -> MeasureResult:
    good = [one for one in found if one.counts]
    told = {"good": len(good), "people": sum(one.activity.people or 0 for one in good)}
    enough = _enough(asked.subject, len(good))
    outcome = Outcome.CANNOT_SAY if enough is None else Outcome.DONE if enough else Outcome.NOT_DONE
    message = NO_EDGE if enough is None else COUNTED
    proofs = tuple(row(one).proof for one in found)
    return MeasureResult(outcome, Reason(message, told), asked.on, len(good), None, _t("次"), proofs, asked.basis)


def _enough(subject: Any, good: int) -> bool | None:
    """A task asks for one at least, an indicator for as many as its target says; of another unit nobody can say."""
    if not hasattr(subject, "comparator"):
        return good >= 1
    number = subject.target_number if subject.unit in TIMES else None
    return reaches(Decimal(good), subject.comparator, number)


def row(one: Stood) -> Counted:
    """One activity as a row of an answer."""
    found = one.activity
    notes: dict[State, Callable[[], str]] = {
        State.PLANNED: lambda: _t("计划 %(day)s，没有登记开展") % {"day": found.planned_on},
        State.HELD: lambda: _t("%(day)s 开展，%(people)d 人，待认定") % {"day": found.held_on, "people": found.people},
        State.COUNTED: lambda: _t("%(day)s 开展，%(people)d 人") % {"day": found.held_on, "people": found.people},
        State.CANCELLED: lambda: _t("已取消：%(why)s") % {"why": found.cancelled_why},
    }
    return Counted(ACTIVITY, str(found.uid), str(found), one.counts, notes[one.state]())


_measure(
    "enforcement_trained", _("环境执法人员培训"),
    ("环境执法人员土壤污染防治专业技术培训", "执法人员培训", "土壤污染防治专业技术培训", "执法培训"),
    kinds=TRAINING, audiences=(Audience.ENFORCEMENT,),
)  # fmt: skip
_measure(
    "monitors_trained", _("监测技术人员培训"),
    ("土壤环境监测技术人员培训", "监测技术人员培训", "监测人员培训"),
    kinds=TRAINING, audiences=(Audience.MONITORING,),
)  # fmt: skip
_measure(
    "managers_trained", _("土壤环境管理和技术培训"),
    ("土壤环境管理和技术培训班", "管理和技术培训", "管理人员培训", "土壤环境管理培训"),
    kinds=TRAINING, audiences=(Audience.MANAGERS,),
)  # fmt: skip
_measure(
    "law_trained", _("法规培训"),
    ("法规培训", "土壤污染防治法规培训", "法律法规培训"), kinds=(Kind.LAW,),
)  # fmt: skip
_measure(
    "firms_told", _("面向重点单位和企业的宣传培训"),
    ("对土壤污染重点监管单位和社会大众的普法宣传", "面向工业企业的普法宣传", "企业普法", "重点监管单位的普法宣传"),
    kinds=(Kind.LAW, Kind.PUBLICITY), audiences=(Audience.FIRMS,),
)  # fmt: skip
_measure(
    "public_told", _("面向公众的宣传"),
    ("面向公众的宣传", "公众宣传", "社会大众的普法宣传", "主题宣传活动", "普法宣传", "宣传教育"),
    kinds=(Kind.PUBLICITY,), audiences=(Audience.PUBLIC, Audience.SCHOOLS),
)  # fmt: skip


@measure(
    "outreach.as_planned",
    title=_("宣传培训按计划开展"),
    reads=(ACTIVITY,),
    words=("宣传培训计划", "培训计划", "宣传计划"),
    subjects=BOTH,
)
def as_planned(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Of what was planned for the year up to the day and not cancelled, each took place and was counted."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = activities.of_year(asked)
    due = [
        one
        for one in found
        if one.state is not State.CANCELLED and (one.counts or one.activity.planned_on <= asked.limit)
    ]
    if not found:
        return asked.cannot_say(NOTHING)
    return asked.share([row(one) for one in due], share, HELD) if due else asked.not_applicable(NONE_DUE)
