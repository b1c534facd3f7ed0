"""Acts of risk assessment: a site is made, its form kept as a draft, a run computed and kept for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.errors import Refusal
from soildesk.core.models import Department, Division
from soildesk.core.permissions import Actor, require
from soildesk.standards import riskwords
from soildesk.standards.models import RiskDraft, RiskRun, RiskSite
from soildesk.standards.refusals import CaseRefused, NothingChanged
from soildesk.standards.riskbasis import basis_of
from soildesk.standards.services.tables import library_for
from soilrules.risk import Assessment, CaseError, assess, read_case

PERMISSION = "standards.assess_risk"


@dataclass(frozen=True)
class SiteFacts:
    """What is said of a site."""

    name: str
    address: str = ""
    planned_use: str = ""
    former_use: str = ""


def create_site(facts: SiteFacts, division: Division, department: Department, *, by: Actor, at: datetime) -> RiskSite:
    """A new site of a department in a division."""
    site = RiskSite(
        division=division,
        division_path=division.path,
        owner_department=department,
        **_checked(facts),
        created_at=at,
        created_by=by.person,
    )
    require(by, PERMISSION, site)
    with transaction.atomic():
        site.save()
        audit.record("standards.risk_site.created", subject=site, by=by, at=at, data={"name": site.name})
    return site


def correct_site(site: RiskSite, facts: SiteFacts, *, by: Actor, at: datetime) -> RiskSite:
    """Correct what is said of a site; its runs keep what they were computed from."""
    require(by, PERMISSION, site)
    for name, value in _checked(facts).items():
        setattr(site, name, value)
    with transaction.atomic():
        site.save(update_fields=["name", "address", "planned_use", "former_use"])
        audit.record("standards.risk_site.corrected", subject=site, by=by, at=at, data={"name": site.name})
    return site


def _checked(facts: SiteFacts) -> dict[str, str]:
    if not facts.name.strip():
        raise Refusal(_("地块没有名称。请填写地块名称。"), code="standards.risk_site.no_name")
    return {name: value.strip() for name, value in vars(facts).items()}


def keep_draft(site: RiskSite, content: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Keep the form as the person leaves it; it changes no record and is nobody else's."""
    require(by, PERMISSION, site)
    if by.person:
        RiskDraft.objects.update_or_create(site=site, person=by.person, defaults={"content": dict(content), "at": at})


def drop_draft(site: RiskSite, *, by: Actor) -> None:
    """Throw the person's own draft away."""
    RiskDraft.objects.filter(site=site, person=by.person).delete()


def compute(site: RiskSite, case: Mapping[str, Any], remark: str = "", *, by: Actor, at: datetime) -> RiskRun:
    """Assess a case and keep it as the next run of the site; the person's draft is done with.

    Raises CaseRefused for input the rules do not take and NothingChanged for that of the last run.
    """
    require(by, PERMISSION, site)
    assessment = assessed(case)
    with transaction.atomic():
        RiskSite.objects.select_for_update().get(pk=site.pk)  # two runs at once do not take one number
        last = site.runs.order_by("-number").first()
        run = _run(site, case, assessment, last.number + 1 if last else 1, at)
        if last and _stands_on(last) == _stands_on(run):
            raise NothingChanged(last.number)
        run.remark, run.by = remark.strip()[:200], by.person
        run.save()
        drop_draft(site, by=by)
        audit.record(
            "standards.risk_run.computed",
            subject=run,
            by=by,
            at=at,
            data={"site": str(site.uid), "number": run.number, "input": run.input_sha256, "outcome": run.outcome},
        )
    return run


def assessed(case: Mapping[str, Any]) -> Assessment:
    """The assessment of a case; raises CaseRefused."""
    try:
        return assess(read_case(case))
    except CaseError as error:
        raise CaseRefused(error) from error


def _run(site: RiskSite, case: Mapping[str, Any], assessment: Assessment, number: int, at: datetime) -> RiskRun:
    result = assessment.as_json("zh")
    outcomes = [riskwords.outcome_of(row) for row in result["substances"].values()]
    return RiskRun(
        site=site,
        division_path=site.division_path,
        owner_department_id=site.owner_department_id,
        number=number,
        input=dict(case),
        input_sha256=hashlib.sha256(audit.canonical(case).encode()).hexdigest(),
        result=result,
        result_en=assessment.as_json("en"),
        basis=basis_of(
            assessment, clock.local_day(at), division=site.division.code, library=library_for(site.division, at)
        ),
        land_class=result["land_class"],
        parameter_set=result["parameter_set"],
        edition=result["edition"],
        version=result["version"],
        outcome=riskwords.gravest(outcomes),
        at=at,
    )


def _stands_on(run: RiskRun) -> tuple[str, str, str]:
    """What decides a result: input, version of the rules, and the figures they used."""
    return run.input_sha256, run.version, audit.canonical({**run.basis, "on": ""})
