"""Local rules of owners 属地规则: a place says whose its warnings are, from a day on, by what document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.monitoring.models import Medium, OwnerRule
from soildesk.monitoring.refusals import AlertRefused
from soilrules.monitoring.owners import Land

PERMISSION = "monitoring.keep_owners"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule says. Without lands it holds for any land, also for one that is not known."""

    division: Division
    media: Sequence[str]
    leads: Department
    source: str
    since: date
    lands: Sequence[str] = ()
    supports: Sequence[Department] = field(default=())
    force: str = OwnerRule.Force.MUST


@transaction.atomic
def add(said: Said, *, by: Actor, at: datetime) -> OwnerRule:
    """A new rule. Warnings opened from now on follow it; those that are open keep their owner."""
    require(by, PERMISSION, said.division)
    _check(said)
    rule = OwnerRule.objects.create(
        division_path=said.division.path, owner_department=_keeper(said, by), media=list(said.media),
        lands=list(said.lands), leads=said.leads, force=said.force, source=said.source.strip()[:300], since=said.since,
        by=by.person, at=at,
    )  # fmt: skip
    rule.supports.set([one for one in said.supports if one.pk != said.leads.pk])
    data = {"media": list(said.media), "lands": list(said.lands), "leads": said.leads.name, "since": said.since}
    audit.record("monitoring.ownerrule.added", subject=rule, by=by, at=at, data=data)
    return rule


def _keeper(said: Said, by: Actor) -> Department:
    own = by.person.department if by.person else None
    return own or said.leads


def _check(said: Said) -> None:
    if not said.source.strip():
        raise AlertRefused(_("请写明依据：哪份文件、哪一条。"), code="monitoring.ownerrule.source")
    if not said.media or not set(said.media) <= set(Medium.values):
        raise AlertRefused(_("请至少选择一种介质。"), code="monitoring.ownerrule.media")
    if not set(said.lands) <= {one.value for one in Land} or said.force not in OwnerRule.Force.values:
        raise AlertRefused(_("用地或效力不在可选范围内：请重新选择。"), code="monitoring.ownerrule.choice")
    for one in (said.leads, *said.supports):
        here, there = said.division.path, one.division.path
        if not here.startswith(there) and not there.startswith(here):
            raise AlertRefused(
                _("%(owner)s不管辖%(place)s：请选择本地或上级的部门。") % {"owner": one, "place": said.division.name},
                code="monitoring.ownerrule.other_place",
            )
    same = OwnerRule.objects.filter(division_path=said.division.path, until=None)
    for other in same:
        media = set(other.media) & set(said.media)
        lands = set(other.lands) & set(said.lands) or (not other.lands and not said.lands)
        if media and lands and other.since >= said.since:
            raise AlertRefused(
                _("%(place)s已有自 %(day)s 起、同一介质和用地的规则（%(source)s）：请先终止它。")
                % {"place": said.division.name, "day": other.since, "source": other.source},
                code="monitoring.ownerrule.same",
            )


@transaction.atomic
def end(rule: OwnerRule, on: date, why: str, *, by: Actor, at: datetime) -> OwnerRule:
    """A rule no longer holds from a day on; it stays to be read."""
    require(by, PERMISSION, rule)
    held = OwnerRule.objects.select_for_update().get(pk=rule.pk)
    if held.until is not None:
        raise AlertRefused(_("这条规则已自 %(day)s 起终止。") % {"day": held.until}, code="monitoring.ownerrule.ended")
    if on < held.since:
        raise AlertRefused(
            _("终止日期 %(on)s 早于施行日期 %(since)s：请核对。") % {"on": on, "since": held.since},
            code="monitoring.ownerrule.before",
        )
    held.until = on
    held.save(update_fields=["until"])
    audit.record("monitoring.ownerrule.ended", subject=held, by=by, at=at, data={"until": on, "why": why.strip()[:300]})
    return held
