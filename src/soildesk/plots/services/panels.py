"""Acts around the panel of a report: an office asks experts, an expert answers with his own account or leaves for a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Message, Person, RoleGrant
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.sentences import said
from soildesk.plots.models import Expert, Opinion, PanelSeat, Report
from soildesk.plots.queries import panels, parties
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import events
from soildesk.plots.services.reports import locked, need_state, need_words
from soildesk.plots.services.reviews import PANEL, OfExpert, write_of_expert
from soilrules.plots.conflicts import Conflict

OPINE = "plots.opine"


@transaction.atomic
def give_account(expert: Expert, person: Person, *, by: Actor, at: datetime) -> Expert:
    """An expert of the pool signs in with an account, which has the role of experts and nothing more."""
    require(by, "plots.keep_experts", expert)
    roles = set(RoleGrant.objects.filter(valid_on(by.today), person=person).values_list("role", flat=True))
    if roles != {RoleGrant.Role.EXPERT}:
        raise ReportRefused(
            _("%(person)s 不能作为专家登录：账户应只有“%(role)s”角色，单位人员不能兼任。请系统管理员另设账户。")
            % {"person": person.name, "role": RoleGrant.Role.EXPERT.label},
            code="plots.report.expert",
        )
    if Expert.objects.filter(person=person).exclude(pk=expert.pk).exists():
        raise ReportRefused(
            _("账户“%(name)s”已属于另一位专家：请核对用户名。") % {"name": person.username}, code="plots.report.twice"
        )
    expert.person = person
    expert.save(update_fields=["person"])
    audit.record("plots.expert.account_given", subject=expert, by=by, at=at, data={"person": person.username})
    return expert


@transaction.atomic
def ask(report: Report, experts: Sequence[Expert], *, by: Actor, at: datetime) -> list[PanelSeat]:
    """Experts are asked for their opinion in the round that runs; nobody bound to a party, whose term is over, or asked before."""
    held = locked(report, by)
    require(by, "plots.accept", held)
    need_state(held, Report.State.REVIEWING)
    if not experts:
        raise ReportRefused(_("没有选择专家：请至少选择一位。"), code="plots.report.words")
    made = [_seat(held, one, by, at) for one in experts]
    link = reverse("plots:panel", args=[held.uid])
    text = _("请评审“%(title)s”（%(number)s）：先声明有无利害关系，再填写意见。") % {
        "title": held.title,
        "number": held.number,
    }
    told = [one.expert.person for one in made if one.expert.person and one.expert.person.is_active]
    Message.objects.bulk_create(Message(person=one, text=text[:300], link=link) for one in told)
    data = {"number": held.number, "round": held.round, "experts": [str(one.expert.uid) for one in made]}
    audit.record("plots.report.experts_asked", subject=held, by=by, at=at, data=data)
    return made


@transaction.atomic
def opine(report: Report, told: OfExpert, *, by: Actor, at: datetime) -> Opinion:
    """The opinion of an expert with his own account, who was asked and declared that he is bound to no party."""
    held, seat = _own(report, by)
    if told.declared is None:
        raise ReportRefused(_("没有声明有无利害关系：请先声明，再填写意见。"), code="plots.report.conflict")
    return write_of_expert(held, replace(told, expert=seat.expert, on=None), by=by, at=at)


@transaction.atomic
def leave(report: Report, why: str, *, by: Actor, at: datetime) -> PanelSeat:
    """An expert who is bound to a party leaves the panel of the round; whoever asked is told."""
    held, seat = _own(report, by)
    need_words(why, _("请写明与哪一方、有什么利害关系：单位要据此另请专家。"))
    seat.left_on, seat.left_for = by.today, why.strip()[:300]
    seat.save(update_fields=["left_on", "left_for"])
    if seat.by and seat.by.is_active:
        text = _("专家 %(name)s 对“%(title)s”声明利害关系，已回避：请另请专家。")
        link = reverse("kit:record", args=["plot_reports", str(held.uid)])
        told = text % {"name": seat.expert.name, "title": held.title}
        Message.objects.create(person=seat.by, text=told[:300], link=link)
    audit.record(
        "plots.report.expert_left", subject=held, by=by, at=at, data={"number": held.number, "round": held.round}
    )
    return seat


def _own(report: Report, by: Actor) -> tuple[Report, PanelSeat]:
    """The report, held, and the seat the actor has in the round that runs."""
    require(by, OPINE)
    held = Report.objects.select_for_update().get(pk=report.pk)
    found = panels.seat_of(by, held.uid)
    if found is None or found.seat.round != held.round:
        raise ReportRefused(_("这一轮没有请您评审这份报告。"), code="plots.report.not_found")
    need_state(held, Report.State.REVIEWING)
    if found.seat.left_on:
        raise ReportRefused(
            _("您已于 %(on)s 声明利害关系并回避，不能再出具意见。") % {"on": found.seat.left_on},
            code="plots.report.conflict",
        )
    return held, found.seat


def _seat(held: Report, expert: Expert, by: Actor, at: datetime) -> PanelSeat:
    judged = parties.judge(held, expert, None)
    if judged.conflict is Conflict.YES:
        basis = events.basis_words(PANEL, by.today)
        raise ReportRefused(said(judged.message) + basis, code="plots.report.conflict")
    if expert.until and expert.until < by.today:
        raise ReportRefused(
            _("%(name)s 的聘期到 %(until)s 为止：请续聘或另选专家。") % {"name": expert.name, "until": expert.until},
            code="plots.report.expert",
        )
    seat, new = PanelSeat.objects.get_or_create(
        report=held, round=held.round, expert=expert, defaults={"on": by.today, "by": by.person, "at": at}
    )
    if not new:
        raise ReportRefused(
            _("%(name)s 本轮已于 %(on)s 请过：不需要再请。") % {"name": expert.name, "on": seat.on},
            code="plots.report.twice",
        )
    return seat
