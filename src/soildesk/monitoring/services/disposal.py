"""Acts on a warning: assign, take up, measures with evidence, answer, return, close, merge, escalate, extend.

生成 → 接办 → 处置 → 申请销号 → 销号. A warning ends closed or merged, never otherwise; who answered does not close it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, clock, files
from soildesk.core.models import Department
from soildesk.core.permissions import OF_DEPARTMENT, Actor, may, require
from soildesk.monitoring.models import Alert, AlertAct
from soildesk.monitoring.refusals import AlertRefused
from soildesk.monitoring.services.alerts import act, join, owe

HANDLE, CLOSE = "monitoring.handle_alert", "monitoring.close_alert"
EVIDENCE = "evidence"
TIERS = (Alert.Tier.COUNTY, Alert.Tier.CITY, Alert.Tier.PROVINCE)
Kind, State = AlertAct.Kind, Alert.State


@dataclass(frozen=True, slots=True)
class Proof:
    """One file that proves a measure."""

    name: str
    data: bytes


@transaction.atomic
def assign(
    alert: Alert, owner: Department, *, supports: Sequence[Department] = (), why: str = "", by: Actor, at: datetime
) -> Alert:
    """Name the department that disposes of a warning, and those that help it."""
    alert = _live(alert, CLOSE, by)
    if alert.owner_id is not None and alert.owner_id != owner.pk and not why.strip():
        raise AlertRefused(
            _("改派处置单位请写明理由：原单位为%(owner)s。") % {"owner": alert.owner},
            code="monitoring.alert.note_missing",
        )
    if not alert.division_path.startswith(owner.division.path) and not owner.division.path.startswith(
        alert.division_path
    ):
        raise AlertRefused(
            _("%(owner)s不管辖预警所在地：请选择本地或上级的部门。") % {"owner": owner},
            code="monitoring.alert.other_place",
        )
    alert.owner = owner
    alert.owner_basis = _("由%(name)s指定") % {"name": by.person.name if by.person else _("系统")}
    alert.save(update_fields=["owner", "owner_basis"])
    alert.with_units.set([one for one in supports if one.pk != owner.pk])
    note = "，".join(filter(None, (str(owner), why.strip())))
    return _done(alert, Kind.ASSIGNED, "assigned", note, by=by, at=at)


@transaction.atomic
def take(alert: Alert, note: str = "", *, by: Actor, at: datetime) -> Alert:
    """Take a warning up: its owner works on it from now on."""
    alert = _live(alert, HANDLE, by)
    _need(alert, State.OPEN)
    if alert.owner_id is None:
        raise AlertRefused(_("这条预警还没有处置单位：请先指定。"), code="monitoring.alert.no_owner")
    _own(alert, by)
    alert.state = State.WORKING
    alert.save(update_fields=["state"])
    return _done(alert, Kind.TAKEN, "taken", note, by=by, at=at)


@transaction.atomic
def measure(alert: Alert, what: str, proofs: Sequence[Proof] = (), *, by: Actor, at: datetime) -> Alert:
    """Write down what was done, with the files that prove it."""
    alert = _live(alert, HANDLE, by)
    _need(alert, State.WORKING)
    _own(alert, by)
    _need_words(what, _("请写明采取了什么措施。"))
    for proof in proofs:
        files.attach(alert, data=proof.data, name=proof.name, kind=EVIDENCE, by=by, at=at, note=what.strip()[:200])
    return _done(alert, Kind.MEASURE, "measured", what, by=by, at=at)


@transaction.atomic
def answer(alert: Alert, note: str, *, by: Actor, at: datetime) -> Alert:
    """Ask for the warning to be closed: measures are written down and at least one is proved by a file."""
    alert = _live(alert, HANDLE, by)
    _need(alert, State.WORKING)
    _own(alert, by)
    _need_words(note, _("请写明处置结果，再申请销号。"))
    if not alert.acts.filter(kind=Kind.MEASURE).exists() or not files.uses_of(alert).filter(kind=EVIDENCE).exists():
        raise AlertRefused(
            _("申请销号前请登记处置措施，并至少附一份佐证材料（检测报告、照片、处置记录）。"),
            code="monitoring.alert.no_evidence",
        )
    alert.state = State.ANSWERED
    alert.save(update_fields=["state"])
    return _done(alert, Kind.ANSWERED, "answered", note, by=by, at=at)


@transaction.atomic
def give_back(alert: Alert, why: str, *, by: Actor, at: datetime) -> Alert:
    """Return an answer that does not suffice, with the reason."""
    alert = _live(alert, CLOSE, by)
    _need(alert, State.ANSWERED)
    _need_words(why, _("退回请写明理由：还缺什么。"))
    alert.state = State.WORKING
    alert.save(update_fields=["state"])
    return _done(alert, Kind.RETURNED, "returned", why, by=by, at=at)


@transaction.atomic
def close(alert: Alert, note: str, *, by: Actor, at: datetime) -> Alert:
    """Close a warning that was answered; another person than the one who answered it."""
    alert = _live(alert, CLOSE, by)
    _need(alert, State.ANSWERED)
    _need_words(note, _("销号请写明审核意见。"))
    answered = alert.acts.filter(kind=Kind.ANSWERED).last()
    if by.person is None or (answered is not None and answered.by_id == by.person.pk):
        raise AlertRefused(
            _("申请销号与审核销号须由不同的人办理：请本单位另一名有权限的人员审核。"),
            code="monitoring.alert.same_person",
        )
    alert.state, alert.closed_on = State.CLOSED, clock.local_day(at)
    alert.save(update_fields=["state", "closed_on"])
    return _done(alert, Kind.CLOSED, "closed", note, by=by, at=at)


@transaction.atomic
def merge(alert: Alert, into: Alert, why: str, *, by: Actor, at: datetime) -> Alert:
    """Let another live warning stand for this one: what it found goes along."""
    into = _live(into, CLOSE, by)
    alert = _live(alert, CLOSE, by)
    _need_words(why, _("并入请写明理由：为什么是同一件事。"))
    if alert.pk == into.pk:
        raise AlertRefused(_("预警不能并入自己：请选择另一条。"), code="monitoring.alert.itself")
    alert.state, alert.merged_into = State.MERGED, into
    alert.save(update_fields=["state", "merged_into"])
    join(into, alert.findings, into.expected, alert.results.values_list("pk", flat=True), by=by, at=at)
    return _done(alert, Kind.MERGED, "merged", f"{into.number}，{why.strip()}", by=by, at=at)


@transaction.atomic
def escalate(alert: Alert, why: str, *, by: Actor, at: datetime) -> Alert:
    """Report a warning to the level above: county, city, province."""
    alert = _live(alert, CLOSE, by)
    _need_words(why, _("上报请写明理由。"))
    here = TIERS.index(Alert.Tier(alert.tier))
    if here + 1 == len(TIERS):
        raise AlertRefused(_("这条预警已在省级，没有更高的层级。"), code="monitoring.alert.highest")
    alert.tier = TIERS[here + 1]
    alert.save(update_fields=["tier"])
    note = _("上报至%(tier)s：%(why)s") % {"tier": alert.get_tier_display(), "why": why.strip()}
    return _done(alert, Kind.ESCALATED, "escalated", note, by=by, at=at)


@transaction.atomic
def extend(alert: Alert, due: date, why: str, *, by: Actor, at: datetime) -> Alert:
    """Set another term, with the reason; the former stays in the history."""
    alert = _live(alert, CLOSE, by)
    _need_words(why, _("调整时限请写明理由。"))
    if due < clock.local_day(at):
        raise AlertRefused(
            _("新时限 %(due)s 已经过去：请填写今天或以后的日期。") % {"due": due}, code="monitoring.alert.due"
        )
    if due == alert.due:
        raise AlertRefused(_("新时限与原时限相同（%(due)s）。") % {"due": due}, code="monitoring.alert.same_due")
    before = alert.due
    alert.due = due
    alert.save(update_fields=["due"])
    note = _("由 %(before)s 调整为 %(due)s：%(why)s") % {
        "before": before or _("未定"),
        "due": due,
        "why": why.strip(),
    }
    return _done(alert, Kind.EXTENDED, "extended", note, by=by, at=at)


def _done(alert: Alert, kind: AlertAct.Kind, name: str, note: str, *, by: Actor, at: datetime) -> Alert:
    act(alert, kind, note.strip(), by=by, at=at)
    owe(alert, by=by)
    audit.record(
        f"monitoring.alert.{name}", subject=alert, by=by, at=at, data={"number": alert.number, "state": alert.state}
    )
    return alert


def _live(alert: Alert, permission: str, by: Actor) -> Alert:
    """The warning under its lock, if it is not over."""
    require(by, permission, alert)
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.state not in Alert.LIVE:
        raise AlertRefused(
            _("预警 %(number)s %(state)s，不能再办理。") % {"number": alert.number, "state": alert.get_state_display()},
            code="monitoring.alert.ended",
        )
    return alert


def _need(alert: Alert, state: Alert.State) -> None:
    if alert.state != state:
        raise AlertRefused(
            _("预警 %(number)s 现为“%(state)s”，要“%(needed)s”时才能这样办理。")
            % {"number": alert.number, "state": alert.get_state_display(), "needed": State(state).label},
            code="monitoring.alert.state",
        )


def _need_words(text: str, sentence: str) -> None:
    if not text.strip():
        raise AlertRefused(sentence, code="monitoring.alert.note_missing")


def _own(alert: Alert, by: Actor) -> None:
    if not is_ours(alert, by):
        raise AlertRefused(
            _("这条预警由%(owner)s处置：请由该单位或配合单位的人员办理。") % {"owner": alert.owner},
            code="monitoring.alert.not_owner",
        )


def is_ours(alert: Alert, by: Actor) -> bool:
    """Whether an actor works on a warning: an officer of the place, or somebody of its owner or of those who help."""
    if by.system or may(by, CLOSE, alert):
        return True
    departments = {alert.owner_id, *alert.with_units.values_list("pk", flat=True)}
    return any(grant.role in OF_DEPARTMENT and grant.department_id in departments for grant in by.grants)
