"""Judging the results of a campaign by the standards in force; what was said before stays, with the day it ended.

`judge` is called when a batch is accepted, a result is corrected or qualified, and when standards, pH or planned use
change (`after_change`, `keep_up`). It writes only the verdicts that differ; then the warnings are weighed (services.alerts).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, jobs
from soildesk.core.geometry.loading import load
from soildesk.core.models import Job
from soildesk.core.permissions import Actor, may, require, system_actor
from soildesk.monitoring.models import Batch, Campaign, Judgement, Result, ResultVerdict
from soildesk.monitoring.queries.outdated import outdated, stamp
from soildesk.monitoring.queries.samplefacts import accepted
from soildesk.monitoring.queries.verdicts import Difference, difference
from soildesk.monitoring.queries.weighing import Verdicts, rules_version, verdicts_of
from soildesk.monitoring.services import alerts, surfacemarks

PERMISSION = "monitoring.judge"
AT_ONCE = 5_000
"""Verdicts ended by one statement."""
WITH_THE_ACT = 5_000
"""Results judged anew together with the act that changed what they rest on; more are left to a job."""
JOB = "monitoring.rejudge_outdated"
JOB_OF_BATCH = "monitoring.judge_batch"
MANY = 50_000
"""Results of a campaign above which a job judges what was accepted; below, accepting does."""
Listener = Callable[[Campaign, Actor, datetime], None]
_listeners: list[Listener] = []


def at_judged(listener: Listener) -> None:
    """Let an upper room hear of a campaign whose results were judged, within that act."""
    if listener not in _listeners:
        _listeners.append(listener)


@dataclass(frozen=True)
class Ready:
    """Verdicts worked out before the campaign is locked; they count if nothing was written meanwhile."""

    verdicts: Verdicts
    stamp: tuple[Any, ...]


def ready(campaign: Campaign, *, at: datetime, step: Callable[[int, int, str], None]) -> Ready:
    """Work the verdicts on many results out, saying how far it is; nothing is written, and `step` may stop it."""
    told, total = stamp(campaign), accepted(campaign).count()
    on, doing = clock.local_day(at), _("评价检测结果")
    return Ready(verdicts_of(campaign, on, step=lambda done: step(done, total, doing)), told)


@transaction.atomic
def judge(
    campaign: Campaign,
    why: str = Judgement.Why.ACCEPTED,
    *,
    by: Actor,
    at: datetime,
    as_if_on: date | None = None,
    batch: Batch | None = None,
    found: Ready | None = None,
) -> Judgement:
    """Judge all accepted results of a campaign and weigh its warnings; only verdicts that differ are written.

    `found` are verdicts worked out before. With `as_if_on` every result is judged as if sampled on that day: a trial, which changes nothing that stands.
    """
    require(by, PERMISSION, campaign)
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    fresh = found is not None and as_if_on is None and found.stamp == stamp(campaign)
    verdicts = found.verdicts if found and fresh else verdicts_of(campaign, clock.local_day(at), as_if_on)
    differing = _trial(verdicts) if as_if_on else difference(campaign, verdicts)
    judgement = _judgement(campaign, verdicts, differing, by, at)
    judgement.why = Judgement.Why.AS_IF if as_if_on else Judgement.Why(why)
    judgement.as_if_on, judgement.batch = as_if_on, batch
    judgement.save(force_insert=True)
    for keys in _parts(differing.replaced):
        ResultVerdict.objects.filter(pk__in=keys).update(superseded_at=at)
        if as_if_on is None:
            surfacemarks.outdate_by_verdicts(campaign, keys, by=by, at=at)
    _write(judgement, verdicts, differing, trial=as_if_on is not None)
    if as_if_on is None:
        alerts.weigh(judgement, by=by, at=at)
    audit.record(
        "monitoring.campaign.judged",
        subject=judgement,
        by=by,
        at=at,
        data={
            "campaign": campaign.number,
            "why": judgement.why,
            "as_if_on": as_if_on,
            "rows": judgement.rows,
            "changed": judgement.changed,
        },
    )
    for listener in _listeners if as_if_on is None else ():
        listener(campaign, by, at)
    return judgement


def _trial(verdicts: Verdicts) -> Difference:
    """A trial is kept whole."""
    return Difference(np.arange(len(verdicts.result)), [])


def _judgement(campaign: Campaign, verdicts: Verdicts, differing: Difference, by: Actor, at: datetime) -> Judgement:
    counts = verdicts.counts()
    return Judgement(
        campaign=campaign,
        division_path=campaign.division_path,
        owner_department_id=campaign.owner_department_id,
        rules_version=rules_version(),
        fingerprint=verdicts.library.fingerprint,
        standards=verdicts.standards(),
        rulings=verdicts.rulings,
        rows=len(verdicts.result),
        changed=differing.changed,
        rejected=verdicts.rejected,
        **{name: counts[name] for name in ("meets", "exceeds_screening", "exceeds_control", "exceeds", "unknown")},
        by=by.person,
        at=at,
    )


def _write(judgement: Judgement, verdicts: Verdicts, differing: Difference, *, trial: bool) -> None:
    rows = differing.rows
    if not len(rows):
        return
    load(
        ResultVerdict,
        {
            "judgement": judgement.pk,
            "result": verdicts.result[rows],
            "analyte": verdicts.column("analyte")[rows].tolist(),
            "verdict": verdicts.column("verdict")[rows].tolist(),
            "cause": verdicts.column("cause")[rows].tolist(),
            "factor": _numbers(verdicts.factor[rows]),
            "ruling": verdicts.ruling[rows],
            "day": verdicts.day[rows].tolist(),
            "ph": _numbers(verdicts.ph[rows]),
            "trial": trial,
            "superseded_at": None,
        },
    )


def _numbers(values: Any) -> list[float | None]:
    """Numbers as a store takes them: none is none."""
    return [None if one != one else one for one in values.tolist()]


def _parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def judge_many(batch: Batch, *, by: Actor, title: str) -> Job:
    """Let a job judge the campaign of a batch just accepted."""
    return jobs.start(JOB_OF_BATCH, {"batch": str(batch.uid)}, by=by, title=title)


def judge_outdated(
    *, by: Actor, among: QuerySet[Campaign] | None = None, step: Callable[[int, int, str], None] | None = None
) -> dict[str, int]:
    """Judge anew every campaign in reach whose verdicts no longer rest on what holds; gives back what changed by number."""
    campaigns = Campaign.objects.visible_to(by) if among is None else among
    found = [one for one in outdated(campaigns, by.today) if may(by, PERMISSION, one.campaign)]
    changed = {}
    for done, one in enumerate(found):
        if step:
            step(done, len(found), one.campaign.title)
        changed[one.campaign.number] = judge(one.campaign, one.whys[0], by=by, at=clock.now()).changed
    return changed


def keep_up() -> None:
    """The hourly upkeep: nothing stays judged by limits, uses or results of before."""
    judge_outdated(by=system_actor("housekeeping"))


def after_change(campaigns: QuerySet[Campaign], *, by: Actor) -> None:
    """Once an act is written that may change what verdicts of `campaigns` rest on: judge anew what is concerned.

    Many changes of one transaction are taken in by one judging. Where there are many results a job does it, and the
    pages say meanwhile that the verdicts are outdated.
    """
    transaction.on_commit(partial(_judge_concerned, campaigns, by))


def _judge_concerned(campaigns: QuerySet[Campaign], by: Actor) -> None:
    found = [one.campaign for one in outdated(campaigns, by.today) if may(by, PERMISSION, one.campaign)]
    if not found:
        return
    among = Campaign.objects.filter(pk__in=[one.pk for one in found])
    if Result.objects.accepted().filter(batch__campaign__in=among).count() <= WITH_THE_ACT:
        judge_outdated(by=by, among=among)
    elif by.person is not None and not Job.objects.filter(kind=JOB, state=Job.State.WAITING).exists():
        jobs.start(JOB, {}, by=by, title=_("重新评价过时的任务"))


def judged_campaigns(by: Actor) -> QuerySet[Campaign]:
    """The campaigns in reach that were judged before, for judging them anew when standards changed."""
    judged = Judgement.objects.filter(as_if_on=None).values("campaign")
    return Campaign.objects.visible_to(by).filter(pk__in=judged).order_by("pk")
