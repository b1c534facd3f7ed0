"""Investigations of abnormal data: opened from the warnings at points that firms monitor themselves, closed by a conclusion.

Warnings are pulled: the room of monitoring knows nothing of firms. An investigation opened is a fact of its firm from which
the duties after an anomaly follow; one closed is too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, duties
from soildesk.core.duties import DutySpec, Life
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor, require, system_actor
from soildesk.enterprises.models import EnterpriseVersion, Investigation
from soildesk.enterprises.refusals import InvestigationRefused
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told, latest
from soildesk.land.services.writing import number_for, refuse_future
from soildesk.monitoring.queries import watched
from soildesk.monitoring.queries.watched import Warned
from soilrules.bases import basis_on
from soilrules.enterprises.dutyrules import duty_rules
from soilrules.enterprises.facts import EventKind

TRIGGERS = (
    "warning.over_screening",
    "warning.over_control",
    "warning.worse_class",
    "warning.above_last",
    "warning.rises",
)
"""Rules of warnings that are the triggers of self-monitoring: over a limit, well above the last round, rising."""


@dataclass(frozen=True, slots=True)
class Found:
    """A warning no investigation is about yet, and the firm it is of; None where its code is no firm's."""

    warned: Warned
    firm: EnterpriseVersion | None


def new_warnings(actor: Actor) -> list[Found]:
    """What the warnings seen show of firms and was not opened yet."""
    seen = watched.warnings(actor, actor.today, rules=TRIGGERS)
    known = set(Investigation.objects.filter(alert__in=[str(one.uid) for one in seen]).values_list("alert", flat=True))
    new = [one for one in seen if str(one.uid) not in known]
    firms = _firms({one.code for one in new})
    return [Found(one, firms.get(one.code)) for one in new]


def _firms(codes: set[str]) -> dict[str, EnterpriseVersion]:
    """Firms by credit code and by number."""
    rows = (
        EnterpriseVersion.objects.filter(superseded_at=None)
        .select_related("enterprise", "owner_department")
        .order_by("since")
    )
    found: dict[str, EnterpriseVersion] = {}
    for one in rows.filter(credit_code__in=codes) | rows.filter(enterprise__number__in=codes):
        found |= {code: one for code in (one.credit_code, one.enterprise.number) if code in codes}
    return found


def check_warnings(*, by: Actor, at: datetime) -> list[Investigation]:
    """Open an investigation for each new warning of a firm the actor may investigate."""
    require(by, "enterprises.investigate")
    return [open_case(one.firm, one.warned, by=by, at=at) for one in new_warnings(by) if one.firm is not None]


def keep_up() -> int:
    """The same by the desk itself, hour by hour."""
    return len(check_warnings(by=system_actor("housekeeping"), at=clock.now()))


@transaction.atomic
def open_case(firm: EnterpriseVersion, warned: Warned, *, by: Actor, at: datetime) -> Investigation:
    """An investigation of one warning, with the findings and the text of the law, and the fact its duties follow from."""
    require(by, "enterprises.investigate", firm)
    if Investigation.objects.filter(alert=str(warned.uid)).exists():
        raise InvestigationRefused(
            _("预警 %(number)s 已经立项调查：请打开该调查办理。") % {"number": warned.number},
            code="enterprises.investigation.twice",
        )
    office = Department.objects.get(pk=firm.owner_department_id)
    made = Investigation.objects.create(
        enterprise_id=firm.enterprise_id,
        division_path=firm.division_path,
        owner_department_id=firm.owner_department_id,
        number=number_for(office, "DC", by.today.year),
        alert=str(warned.uid),
        title=_("%(firm)s：%(what)s") % {"firm": firm.name, "what": warned.title},
        findings=[*warned.findings, *law_on(warned.opened_on)],
        opened_on=warned.opened_on,
        due=warned.due,
        opened_at=at,
    )
    told = Told(
        EventKind.ANOMALY,
        warned.opened_on,
        subject=made.number,
        note=warned.title,
        evidence=f"monitoring.alert:{warned.uid}",
    )
    happenings.add(firm, told, by=by, at=at)
    spec = DutySpec(
        Duty.Kind.INVESTIGATION, made.title[:300], office, due=made.due, since=made.opened_on, standing=made.due is None
    )
    duties.open_duty(made, spec, by=by, life=Life(made.opened_on))
    audit.record("enterprises.investigation.opened", subject=made, by=by, at=at, data={"alert": warned.number})
    return made


def law_on(day: date) -> Sequence[dict[str, str]]:
    """What the law says of abnormal data on a day: text, words and how sure."""
    rules = [
        one
        for one in duty_rules()
        if one.event is EventKind.ANOMALY and one.in_use and one.in_force(day) and not one.division
    ]
    cited = {basis.id: basis for rule in rules for basis in basis_on(rule, day)}
    return [
        {"kind": "basis", "rule": one.id, "zh": f"{one.cited}：{one.words}", "mark": one.mark} for one in cited.values()
    ]


@transaction.atomic
def close(case: Investigation, conclusion: str, *, on: date, by: Actor, at: datetime) -> Investigation:
    """End it with a conclusion; the doubled monitoring goes on until its own rounds are done."""
    held = Investigation.objects.select_for_update().get(pk=case.pk)
    require(by, "enterprises.investigate", held)
    refuse_future(on, by, InvestigationRefused, "enterprises.investigation.future")
    if held.state == Investigation.State.CLOSED:
        raise InvestigationRefused(_("这项调查已经办结：请刷新页面。"), code="enterprises.investigation.stale")
    if not conclusion.strip():
        raise InvestigationRefused(
            _("没有写结论：请写明原因、影响和已采取的措施，再办结。"), code="enterprises.investigation.no_conclusion"
        )
    if on < held.opened_on:
        raise InvestigationRefused(
            _("办结日期 %(on)s 早于立项日期 %(opened)s：请核对日期。") % {"on": on, "opened": held.opened_on},
            code="enterprises.investigation.days",
        )
    held.state, held.conclusion = Investigation.State.CLOSED, conclusion.strip()[:1000]
    held.closed_on, held.closed_by = on, by.person
    held.save(update_fields=["state", "conclusion", "closed_on", "closed_by"])
    firm = latest(held.enterprise_id)
    assert firm is not None
    told = Told(
        EventKind.ANOMALY_CLOSED,
        on,
        subject=held.number,
        note=held.conclusion,
        evidence=f"enterprises.investigation:{held.uid}",
    )
    happenings.add(firm, told, by=by, at=at)
    for duty in Duty.objects.for_subject(held).filter(done_on=None):
        duties.done(duty, on=on, by=by)
    audit.record("enterprises.investigation.closed", subject=held, by=by, at=at, data={"number": held.number, "on": on})
    return held
