"""Measures of supervision: slips answered in time, the leading group that stands, joint meetings that were held."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.measuring import BOTH, TASK, Asked, Counted, of_place
from soildesk.supervision.models import Meeting, Slip
from soildesk.supervision.queries import answered, places
from soilrules.indicators.shares import share
from soilrules.indicators.slip_answers import slip_answer_rate
from soilrules.supervision.authorities import Body

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NONE_KNOWN = gettext_noop("本地没有发出过督办单：没有发出不等于没有逾期，不能判断。")
NONE_DUE = gettext_noop("没有到答复时限的督办单，不适用。")


@once_a_pass(of_place)
def _asking(asked: Asked) -> list[Slip]:
    visible = Slip.objects.visible_to(asked.actor).filter(recorded_at__lt=asked.known)
    return answered.asking(visible, asked.division.path, asked.limit)


@measure(
    "supervision.slips_answered",
    title=_("督办单按期答复"),
    reads=("supervision.slip",),
    words=("督办单答复", "按期答复督办", "督办按期反馈", "督办件办结"),
    subjects=BOTH,
)
def slips_answered(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every slip whose answer fell due in the year was answered, or its matter done, by that day."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    found = _asking(asked)
    if not any(one.on.year <= asked.year for one in found):
        return asked.cannot_say(NONE_KNOWN)
    first, last = date(asked.year, 1, 1), date(asked.year, 12, 31)
    counted = [answered.row_of(one) for one in answered.fell_due(found, first, last, asked.limit)]
    if not counted:
        return asked.not_applicable(NONE_DUE)
    return asked.share(
        counted,
        lambda good, all_: slip_answer_rate(answered_in_time=good, due_slips=all_),
        gettext_noop("到答复时限的 %(all)d 张督办单中，%(good)d 张按期答复（%(percent)s%%）。"),
    )


NO_GROUP = gettext_noop("“督办机构”中没有登记本地的领导小组（指挥部）办公室：没有登记不等于没有成立，不能判断。")
GROUP = gettext_noop("本地登记的领导小组（指挥部）办公室 %(all)d 个，有成立依据文号。")
NO_MEETING = gettext_noop("没有登记过联席会议：没有登记不等于没有召开，不能判断。")
MEETINGS = gettext_noop("当年登记的联席会议 %(all)d 次，已召开并有纪要 %(good)d 次。")


@measure(
    "supervision.leading_group",
    title=_("土壤污染防治领导小组（指挥部）已成立"),
    reads=("supervision.office",),
    words=(
        "成立区土壤污染防治领导小组",
        "成立土壤污染防治领导小组",
        "成立土壤污染防治工作领导小组",
        "“三大战役”工作领导小组",
    ),
    subjects=(TASK,),
)
def leading_group(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The campaign office of the place stands, by the paper it was named with."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    office, page = Body.CAMPAIGN_OFFICE.value, reverse("supervision:rules")
    rows = places.offices(actor, asked.on).filter(division=asked.division, body=office, named_at__lt=asked.known)
    found = [
        Counted("supervision.office", str(one.uid), one.department.name, bool(one.ground.strip()), one.ground, url=page)
        for one in rows.select_related("department").order_by("pk")
    ]
    return asked.share(found, _rate, GROUP) if found else asked.cannot_say(NO_GROUP)


@measure(
    "supervision.joint_meetings",
    title=_("联席会议已召开"),
    reads=("supervision.meeting",),
    words=("建立联席会议制度", "适时召开联席会议", "部门联合监管与工作协调机制", "工作统筹、联动机制"),
    subjects=(TASK,),
)
def joint_meetings(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """At least one joint meeting was held in the year, with its minutes."""
    asked = Asked.of(actor, subject, on, known_on)
    if stopped := asked.stopped():
        return stopped
    rows = Meeting.objects.visible_to(actor).filter(
        division_path=asked.division.path, made_at__lt=asked.known, year__lte=asked.year
    )
    if not rows:
        return asked.cannot_say(NO_MEETING)
    found = [_meeting(one, asked) for one in rows.filter(year=asked.year).order_by("pk")]
    good = sum(one.counts is True for one in found)
    proofs = tuple(one.proof for one in found)
    told = Reason(MEETINGS, {"all": len(found), "good": good})
    outcome = Outcome.DONE if good else Outcome.NOT_DONE
    return MeasureResult(outcome, told, asked.on, good, len(found), "", proofs, asked.basis)


def _meeting(one: Meeting, asked: Asked) -> Counted:
    held = (
        one.held_on is not None and one.held_on <= asked.limit and bool(one.minutes_at and one.minutes_at < asked.known)
    )
    told = {"day": one.held_on, "number": one.minutes_number or "—"}
    note = _t("%(day)s 召开，纪要 %(number)s") % told if held else _t("没有召开，或者没有纪要")
    return Counted("supervision.meeting", str(one.uid), one.title, held, note)


def _rate(good: int, all_: int) -> Decimal | None:
    return share(good, all_, part_is="offices with a paper", whole_is="offices")
