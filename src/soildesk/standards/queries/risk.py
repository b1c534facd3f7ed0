"""Reads of risk assessment, all of them through the scope of the actor."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from soildesk.core import jobs
from soildesk.core.models import Department, Division, Job
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of
from soildesk.standards.models import RiskDraft, RiskRun, RiskSite, RiskUncertainty

DRAWS = "standards.risk_draws"
"""The job that draws a run."""


def sites(actor: Actor, on: date) -> QuerySet[RiskSite]:
    """The sites in reach with what their last run up to a day said."""
    runs = RiskRun.objects.filter(site=OuterRef("pk"), at__date__lte=on).order_by("-number")
    counted = runs.order_by().values("site").annotate(n=Count("pk")).values("n")
    return RiskSite.objects.visible_to(actor).annotate(
        last_outcome=Subquery(runs.values("outcome")[:1]),
        last_land_class=Subquery(runs.values("land_class")[:1]),
        last_at=Subquery(runs.values("at")[:1]),
        run_count=Subquery(counted),
    )


def places(actor: Actor, on: date) -> list[tuple[str, str]]:
    """(code, name) of the divisions that have sites in reach."""
    rows = RiskSite.objects.visible_to(actor).order_by("division__path")
    return list(dict.fromkeys(rows.values_list("division__code", "division__name")))


def site_of(actor: Actor, uid: UUID) -> RiskSite | None:
    """One site, if the actor may read it."""
    return RiskSite.objects.visible_to(actor).select_related("division", "owner_department").filter(uid=uid).first()


def run_of(actor: Actor, uid: UUID) -> RiskRun | None:
    """One run, if the actor may read it."""
    rows = RiskRun.objects.visible_to(actor).select_related("site__division", "site__owner_department", "by")
    return rows.filter(uid=uid).first()


def runs_of(site: RiskSite, actor: Actor) -> list[RiskRun]:
    """The runs of a site, the newest first, without what they rest on."""
    rows = RiskRun.objects.visible_to(actor).filter(site=site).select_related("by")
    return list(rows.defer("basis", "result_en").order_by("-number"))


def draft_of(site: RiskSite, actor: Actor) -> RiskDraft | None:
    """The person's own draft."""
    return RiskDraft.objects.filter(site=site, person=actor.person).first() if actor.person else None


def uncertainties_of(run: RiskRun, actor: Actor) -> list[RiskUncertainty]:
    """What was drawn for a run, the newest first."""
    rows = RiskUncertainty.objects.visible_to(actor).filter(run=run).select_related("by")
    return list(rows.order_by("-at", "-pk"))


def draws_under_way(run: RiskRun, actor: Actor) -> Job | None:
    """The person's last job for a run while it goes on or where it came to nothing."""
    mine = jobs.visible_to(actor).filter(kind=DRAWS, arguments__run=str(run.uid), owner=actor.person)
    last = mine.order_by("-pk").first()
    return last if last and last.state != Job.State.DONE else None


def choosable_divisions(actor: Actor) -> list[Division]:
    """Where a person may put a new site: the divisions of the own grants, counties and above."""
    small = (Division.Level.TOWN, Division.Level.VILLAGE)
    rows = Division.objects.filter(divisions_of(actor), valid_on(actor.today)).exclude(level__in=small)
    return list(rows.order_by("path"))


def keeper(actor: Actor, division: Division) -> Department | None:
    """The person's own department, else the one of the division in charge of soil."""
    if actor.person and actor.person.department:
        return actor.person.department
    rows = division.departments.all()
    return rows.filter(function="ecology").first() or rows.first()
