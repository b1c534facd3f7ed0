"""What a running campaign makes units owe: its samples, one duty a unit, not one a sample."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, SamplingTask

State = SamplingTask.State


def samples_owed(campaign: Campaign) -> list[DutySpec]:
    """For each unit with samples: all of them by the last of their days, or by the end of the campaign."""
    by_unit = defaultdict(list)
    for task in campaign.tasks.exclude(state=State.DROPPED).exclude(unit=None).select_related("unit"):
        by_unit[task.unit].append(task)
    return [
        DutySpec(
            Duty.Kind.SAMPLING,
            _("采样：%(title)s") % {"title": campaign.title},
            unit,
            basis=campaign.basis,
            due=max(task.due or campaign.ends_on for task in tasks),
        )
        for unit, tasks in by_unit.items()
    ]


def owe_samples(campaign: Campaign, *, by: Actor) -> None:
    """Make what units owe fit the tasks: new days, new units, none for whom nothing is left, done where all is taken."""
    if campaign.state == Campaign.State.DRAFT:
        return
    others = list(Duty.objects.for_subject(campaign).exclude(kind=Duty.Kind.SAMPLING))
    kept = [_as_spec(duty) for duty in others]
    duties.replace_for(campaign, [*kept, *samples_owed(campaign)], by=by, life=Life(life_of(campaign)))
    for duty in Duty.objects.for_subject(campaign).filter(kind=Duty.Kind.SAMPLING):
        _settle(campaign, duty, by)


def _settle(campaign: Campaign, duty: Duty, by: Actor) -> None:
    """A unit is done when none of its samples waits; a sample added later opens its duty again."""
    tasks = campaign.tasks.filter(unit=duty.unit).exclude(state=State.DROPPED)
    waiting = tasks.filter(state=State.PLANNED).exists()
    if waiting and duty.done_on is not None:
        duties.reopen(duty, by=by)
    if not waiting and duty.done_on is None:
        duties.done(duty, on=by.today, by=by, evidence=[{"type": "monitoring.campaign", "uid": str(campaign.uid)}])


def life_of(campaign: Campaign) -> date:
    """The first day on which its duties count."""
    return campaign.starts_on


def _as_spec(duty: Duty) -> DutySpec:
    return DutySpec(Duty.Kind(duty.kind), duty.title, duty.unit, duty.basis, duty.period, due=duty.due)
