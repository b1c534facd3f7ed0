"""Kept judgements and one's own trials, through the scoped query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import Division, Job
from soildesk.core.permissions import Actor, may
from soildesk.kit import search
from soildesk.kit.filters import contains
from soildesk.standards.addresses import url_of
from soildesk.standards.models import Evaluation, Trial

RELATED = ("division", "owner_department", "by", "first")


def evaluations_of(actor: Actor) -> QuerySet[Evaluation]:
    """Every kept judgement the actor may see."""
    return Evaluation.objects.visible_to(actor)


def evaluation_of(actor: Actor, uid: UUID) -> Evaluation | None:
    """One of them."""
    return evaluations_of(actor).filter(uid=uid).select_related(*RELATED).first()


def family_of(evaluation: Evaluation, actor: Actor) -> list[Evaluation]:
    """The judgements of the same table, the first one first, as far as the actor may see them."""
    first = evaluation.first_id or evaluation.pk
    rows = evaluations_of(actor).filter(pk=first) | evaluations_of(actor).filter(first_id=first)
    return list(rows.select_related("division", "by").order_by("at", "id"))


def trial_of(actor: Actor, uid: UUID) -> Trial | None:
    """One's own trial, while one has business in its division."""
    rows = Trial.objects.visible_to(actor).filter(uid=uid, by=actor.person)
    return rows.select_related("division", "owner_department", "first").first()


def ended_job_of(trial: Trial) -> Job | None:
    """The job of a trial that still waits, where it was cancelled or broke off."""
    return Job.objects.filter(uid=trial.job, state__in=(Job.State.CANCELLED, Job.State.FAILED)).first()


def divisions_to_judge(actor: Actor) -> list[Division]:
    """Where the actor may have results judged: the own divisions and those right below them, towns left out."""
    granted = {grant.division_id: grant.division for grant in actor.grants}
    allowed = [row for row in granted.values() if may(actor, "standards.judge", row)]
    small = (Division.Level.TOWN, Division.Level.VILLAGE)
    below = Division.objects.filter(parent__in=allowed, until=None).exclude(level__in=small)
    return allowed + [row for row in below.order_by("path") if row.pk not in granted]


def find_evaluations(actor: Actor, text: str, on: date, limit: int) -> Sequence[search.Hit]:
    """Kept judgements by title, file and standard."""
    rows = evaluations_of(actor)
    for word in text.split():
        rows = rows.filter(contains(("title", "file_name", "standard"), word))
    return [search.Hit(row.title, url_of(row), row.standard, row.file_name) for row in rows[:limit]]


search.register("standards.evaluations", _("判定记录"), find_evaluations, "standards.read", order=62)
