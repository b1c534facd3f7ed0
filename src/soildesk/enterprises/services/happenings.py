"""Acts on the dated facts of a firm: record what happened or is planned, and take back what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.eventwords import word
from soildesk.enterprises.models import EnterpriseVersion, Happening
from soildesk.enterprises.refusals import HappeningRefused
from soildesk.enterprises.services import owing
from soilrules.enterprises.facts import PLANNED, EventKind

if TYPE_CHECKING:
    from soildesk.enterprises.models import Filing

OF_SUBJECT = frozenset(
    {
        EventKind.COMMISSIONED, EventKind.BASELINE_FILED, EventKind.DEMOLITION_PLANNED, EventKind.DEMOLITION_STARTED,
        EventKind.DEMOLITION_FILED_ECOLOGY, EventKind.DEMOLITION_FILED_INDUSTRY, EventKind.DEMOLITION_CLOSED,
        EventKind.ANOMALY, EventKind.ANOMALY_CLOSED,
    }
)  # fmt: skip
"""What is told of one project, demolition or anomaly: without its name nobody knows which."""


@dataclass(frozen=True, slots=True)
class Told:
    """One dated fact as it is told."""

    kind: EventKind
    on: date
    period: str = ""
    subject: str = ""
    note: str = ""
    evidence: str = ""


@transaction.atomic
def record(firm: EnterpriseVersion, told: Told, *, by: Actor, at: datetime, filing: Filing | None = None) -> Happening:
    """Write down what happened to a firm, or what it plans; its duties follow."""
    require(by, "enterprises.record", firm)
    check(firm, told, by=by)
    made = add(firm, told, by=by, at=at, filing=filing)
    data = {"kind": made.kind, "on": made.on, "period": made.period}
    audit.record("enterprises.happening.recorded", subject=made, by=by, at=at, data=data)
    return made


def add(firm: EnterpriseVersion, told: Told, *, by: Actor, at: datetime, filing: Filing | None = None) -> Happening:
    """Part of an act that writes its own audit entry: the fact, and the duties that follow from it."""
    made = Happening.objects.create(
        enterprise_id=firm.enterprise_id,
        division_path=firm.division_path,
        owner_department_id=firm.owner_department_id,
        kind=told.kind,
        on=told.on,
        period=told.period.strip(),
        subject=told.subject.strip(),
        note=told.note.strip()[:500],
        evidence=told.evidence,
        filing=filing,
        recorded_at=at,
        recorded_by=by.person,
    )
    owing.owe(firm, by=by, at=at)
    return made


def check(firm: EnterpriseVersion, told: Told, *, by: Actor) -> None:
    """Refuse what has not happened yet, what names no subject, and what stands already."""
    if told.kind not in PLANNED and told.on > by.today:
        raise HappeningRefused(
            _("“%(what)s”的日期 %(day)s 晚于今天 %(today)s：尚未发生的只能登记为计划，请填写今天或更早的日期。")
            % {"what": word(told.kind), "day": told.on, "today": by.today},
            code="enterprises.happening.future",
        )
    if told.kind in OF_SUBJECT and not told.subject.strip():
        raise HappeningRefused(
            _("“%(what)s”没有写明对象：请填写是哪一个项目、哪一次拆除或哪一次异常，同一对象前后要一致。")
            % {"what": word(told.kind)},
            code="enterprises.happening.subject_missing",
        )
    same = {"kind": told.kind, "on": told.on, "period": told.period.strip(), "subject": told.subject.strip()}
    if Happening.objects.filter(enterprise=firm.enterprise_id, superseded_at=None, **same).exists():
        raise HappeningRefused(
            _("%(firm)s %(day)s 的“%(what)s”已经登记过：如内容有误，请先撤销原记录再重新登记。")
            % {"firm": firm.name, "day": told.on, "what": word(told.kind)},
            code="enterprises.happening.twice",
        )


@transaction.atomic
def take_back(happening: Happening, *, by: Actor, at: datetime, why: str) -> Happening:
    """Say that a recorded fact was wrong; it stays in the history, the duties follow."""
    held = Happening.objects.select_for_update().get(pk=happening.pk)
    require(by, "enterprises.record", held)
    if held.superseded_at is not None:
        raise HappeningRefused(_("这条事项已经撤销：请刷新页面。"), code="enterprises.happening.stale")
    if held.filing_id is not None:
        raise HappeningRefused(
            _("这条事项来自申报 %(number)s：请在该申报上办理退回，事项随之撤销。") % {"number": held.filing.number},
            code="enterprises.happening.of_filing",
        )
    if not why.strip():
        raise HappeningRefused(_("请写明撤销的原因：原因会留在历史里。"), code="enterprises.happening.why_missing")
    supersede(held, by=by, at=at, why=why)
    data = {"kind": held.kind, "on": held.on, "why": why.strip()[:300]}
    audit.record("enterprises.happening.taken_back", subject=held, by=by, at=at, data=data)
    return held


def supersede(held: Happening, *, by: Actor, at: datetime, why: str) -> None:
    """Part of an act that writes its own audit entry: the fact no longer counts."""
    held.superseded_at, held.reason = at, why.strip()[:300]
    held.save(update_fields=["superseded_at", "reason"])
    firm = latest(held.enterprise_id)
    if firm is not None:
        owing.owe(firm, by=by, at=at)


def latest(enterprise_id: int) -> EnterpriseVersion | None:
    """The newest version of a firm that counts."""
    rows = EnterpriseVersion.objects.filter(enterprise=enterprise_id, superseded_at=None)
    return rows.order_by("-since").first()
