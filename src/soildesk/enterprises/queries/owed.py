"""What firms owe late or soon, firm by firm, and investigations of their data that are waiting: what 今日 shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from soildesk.core.models import Duty
from soildesk.core.permissions import Actor
from soildesk.enterprises.models import DutyCard, EnterpriseVersion, Filing, Investigation

SOON = 14


@dataclass(frozen=True, slots=True)
class Owing:
    """One firm: how many of its duties are late, how many fall due within days, and the oldest day."""

    firm: UUID
    name: str
    late: int
    soon: int
    first: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """One investigation that is not closed."""

    uid: UUID
    title: str
    unit_id: int | None
    due: date


@dataclass(frozen=True, slots=True)
class Review:
    """One filing that waits for the office's answer."""

    uid: UUID
    title: str
    due: date


def owing(actor: Actor, on: date, *, days: int = SOON) -> list[Owing]:
    """Firms that owe something late or within some days, those with most late first."""
    rows = Duty.objects.visible_to(actor).filter(subject_type=DutyCard._meta.label_lower, kind=Duty.Kind.ENTERPRISE)
    late = dict.fromkeys(rows.late_on(on).values_list("pk", flat=True), True)
    found = rows.open_on(on).filter(due__lte=on + timedelta(days=days)).order_by("due", "pk")
    told = [
        (pk, card, due) for pk, card, due in found.values_list("pk", "subject_id", "due") if pk in late or due >= on
    ]
    return _by_firm(told, late) if told else []


def _by_firm(told: Sequence[tuple[int, int, date]], late: dict[int, bool]) -> list[Owing]:
    firms = dict(DutyCard.objects.filter(pk__in={card for _pk, card, _due in told}).values_list("pk", "enterprise_id"))
    versions = EnterpriseVersion.objects.filter(enterprise__in=set(firms.values()), superseded_at=None).order_by(
        "since"
    )
    names = {key: (uid, name) for key, uid, name in versions.values_list("enterprise_id", "enterprise__uid", "name")}
    counted: dict[int, list[tuple[int, date]]] = {}
    for pk, card, due in told:
        counted.setdefault(firms[card], []).append((pk, due))
    found = [
        Owing(*names[key], sum(pk in late for pk, _due in rows), sum(pk not in late for pk, _due in rows), rows[0][1])
        for key, rows in counted.items()
        if key in names
    ]
    return sorted(found, key=lambda one: (-one.late, one.first, one.name))


def waiting(actor: Actor, on: date, *, days: int = SOON) -> tuple[list[Waiting], list[Review]]:
    """Investigations late or due within some days, and filings sent that are neither accepted nor returned, the oldest first."""
    kinds = {Duty.Kind.INVESTIGATION: Investigation, Duty.Kind.FILING: Filing}
    rows = Duty.objects.visible_to(actor).filter(
        kind__in=list(kinds), subject_type__in=[model._meta.label_lower for model in kinds.values()], due__isnull=False
    )
    found: dict[str, list[Duty]] = {kind: [] for kind in kinds}
    for one in rows.open_on(on).order_by("due", "pk"):
        found[one.kind].append(one)
    uids = {kind: _uids(kinds[kind], duties) for kind, duties in found.items()}
    cases = [
        Waiting(uids[one.kind][one.subject_id], one.title, one.unit_id, one.due)
        for one in found[Duty.Kind.INVESTIGATION]
        if one.due is not None and one.due <= on + timedelta(days=days)
    ]
    reviews = [
        Review(uids[one.kind][one.subject_id], one.title, one.due)
        for one in found[Duty.Kind.FILING]
        if one.due is not None
    ]
    return cases, reviews


def _uids(model: Any, rows: Sequence[Duty]) -> dict[int, UUID]:
    keys = [one.subject_id for one in rows]
    return dict(model.objects.filter(pk__in=keys).values_list("pk", "uid")) if keys else {}
