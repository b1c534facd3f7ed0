"""不一致: the two places side by side, and the choice of the issuing office with its ground."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.kit.cells import escape
from soildesk.plans.models import Indicator, Plan, PlanConflict, PlanTask
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of, stopped
from soildesk.plans.pages.frame import frame
from soildesk.plans.pages.heads import target_words
from soildesk.plans.pages.wording import (
    CONFLICT_MEANS,
    CONFLICTS,
    ORIGINS,
    choice_word,
    printed_terms,
    role_word,
    terms_reading,
)
from soildesk.plans.queries.review import GONE
from soildesk.plans.services import review, settling
from soilrules.plantext.draft import ConflictKind

AROUND = 45
"""Characters of the document shown on each side of a passage."""
LONGEST = 220
"""Characters of a passage itself."""
SAID = 60
"""A side that says more than this is shown by its passage alone."""
BLANK_LINES = re.compile(r"[ \t　]*\n\s*")
ALIKE_AFTER = 2
"""From this many open conflicts of a one-sided kind, they can be decided in one go."""


@dataclass(frozen=True)
class Side:
    """One place: what it says, its passage in the document, and the task or indicator it speaks of."""

    place: str
    said: str
    passage: SafeString
    task: PlanTask | None
    facts: list[str]
    won: bool
    line: int


@dataclass(frozen=True)
class ConflictCard:
    """One conflict as the page shows it."""

    row: PlanConflict
    sides: list[Side]
    choices: list[tuple[str, str]]
    mergeable: list[PlanTask]
    choice: str

    @property
    def settled(self) -> bool:
        """Whether somebody decided it."""
        return self.row.settled_at is not None

    @property
    def short(self) -> bool:
        """Whether one line tells it: there is nothing to compare, or it is settled."""
        return len(self.sides) < 2 or self.settled


@dataclass(frozen=True)
class KindGroup:
    """All conflicts of one kind."""

    kind: str
    word: str
    means: str
    cards: list[ConflictCard]
    open: int
    alike: list[tuple[str, str]]


@require_GET
@logged_in
def conflicts(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All conflicts of a plan, open ones first within their kind."""
    actor = actor_of(request)
    plan = plan_or_404(actor, uid)
    groups = list(_groups(plan))
    return render(
        request,
        "plans/review/conflicts.html",
        {
            **frame(request, plan, "conflicts"),
            "groups": groups,
            "total": sum(len(group.cards) for group in groups),
            "open": sum(group.open for group in groups),
            "settling": plan.stage in settling.OPEN_STAGES,
            "stopped_by": stopped(actor, "plans.settle", plan)
            if plan.stage in settling.OPEN_STAGES
            else _("方案已转为历史，不再裁定。"),
        },
    )


def _groups(plan: Plan) -> Iterator[KindGroup]:
    rows = plan.conflicts.select_related("plan", "settled_by").prefetch_related(
        "tasks__units", "tasks__milestones", "indicators"
    )
    order = list(ConflictKind)
    sorted_rows = sorted(
        rows, key=lambda row: (order.index(ConflictKind(row.kind)), row.settled_at is not None, row.position)
    )
    text = plan.document.text if plan.document else ""
    for kind, found in groupby(sorted_rows, key=lambda row: row.kind):
        cards = [_card(row, text) for row in found]
        waiting = sum(not card.settled for card in cards)
        several = waiting >= ALIKE_AFTER and kind not in settling.TWO_SIDED
        yield KindGroup(
            kind, str(CONFLICTS[kind]), str(CONFLICT_MEANS[kind]), cards, waiting, cards[0].choices if several else []
        )


def _card(row: PlanConflict, text: str) -> ConflictCard:
    tasks = {str(task.uid): task for task in row.tasks.all()}
    indicators = {str(each.pk): each for each in row.indicators.all()}
    origins = [tasks[side["subject"]].origin if side["subject"] in tasks else "" for side in row.sides]
    sides = [
        _side(side, index, row, text, tasks.get(side["subject"]) or indicators.get(side["subject"]))
        for index, side in enumerate(row.sides)
    ]
    words = [(choice, choice_word(row, choice, origins)) for choice in settling.choices(row)]
    standing = [task for task in tasks.values() if task.status not in {*GONE, PlanTask.Status.REJECTED}]
    chosen = dict(words).get(row.choice, row.choice)
    return ConflictCard(row, sides, words, standing if len(standing) > 1 else [], chosen)


def _side(side: dict[str, Any], index: int, row: PlanConflict, text: str, subject: PlanTask | Indicator | None) -> Side:
    task = subject if isinstance(subject, PlanTask) else None
    facts = _task_facts(task) if task else [target_words(subject)] if isinstance(subject, Indicator) else []
    start = side["spans"][0][0] if side["spans"] else 0
    return Side(
        place=str(ORIGINS.get(task.origin, "")) if task else _("第 %(n)d 处") % {"n": index + 1},
        said="" if len(side["text"]) > SAID or (task and row.kind in settling.ONE_SIDED) else side["text"],
        passage=passage(text, side["spans"]),
        task=task,
        facts=facts,
        won=row.choice == str(index),
        line=text.count("\n", 0, start) + 1 if side["spans"] else 0,
    )


def _task_facts(task: PlanTask) -> list[str]:
    units: dict[str, list[str]] = {}
    for unit in task.units.all():
        if not unit.inherited and not unit.decided_by_id:
            units.setdefault(role_word(unit.role), []).append(unit.name)
    terms = [
        f"{found[0].text} → {terms_reading(found)}"
        for found in printed_terms(term for term in task.milestones.all() if term.completion and not term.decided_by_id)
    ]
    facts = [f"{role}：{'、'.join(names)}" for role, names in units.items()]
    return facts + ([_("时限：%(terms)s") % {"terms": "；".join(terms)}] if terms else [])


def passage(text: str, spans: list[list[int]]) -> SafeString:
    """The place in the document with its neighbourhood, the words themselves marked."""
    if not spans:
        return SafeString("")
    start = min(span[0] for span in spans)
    end = min(max(span[1] for span in spans), start + LONGEST)
    spans = [(first, min(last, end)) for first, last in spans if first < end]
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    parts = ["…" if start > AROUND else "", escape(before.lstrip())]
    at = start
    for first, last in sorted(spans):
        parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = max(at, last)
    parts += [escape(after.rstrip()), "…" if end + AROUND < len(text) else ""]
    return mark_safe(BLANK_LINES.sub("\n", "".join(parts)))  # noqa: S308 — every part is escaped


def _conflict_or_404(request: HttpRequest, pk: int) -> PlanConflict:
    rows = PlanConflict.objects.visible_to(actor_of(request)).select_related("plan__division", "plan__owner_department")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404(str(pk))
    return row


def _back(plan: Plan, pk: int | None = None) -> HttpResponse:
    return redirect(reverse("plans:conflicts", args=[plan.uid]) + (f"#x{pk}" if pk else ""))


@require_POST
@logged_in
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one side win."""
    row = _conflict_or_404(request, pk)
    choice, ground = request.POST.get("choice", ""), request.POST.get("ground", "")
    try:
        settling.settle(row, choice, ground, by=actor_of(request), at=clock.now())
        messages.success(request, _("已裁定：%(kind)s。") % {"kind": CONFLICTS[row.kind]})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return _back(row.plan, row.pk)


@require_POST
@logged_in
def settle_alike(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Decide every open conflict of a one-sided kind alike."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    kind, choice, ground = (request.POST.get(name, "") for name in ("kind", "choice", "ground"))
    try:
        count = settling.settle_alike(plan, kind, choice, ground, by=by, at=clock.now())
        messages.success(
            request, _("已裁定 %(count)d 处“%(kind)s”。") % {"count": count, "kind": CONFLICTS.get(kind, kind)}
        )
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return _back(plan)


@require_POST
@logged_in
def merge_sides(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one task of the two places: the one in running text takes in the row of the table."""
    row = _conflict_or_404(request, pk)
    tasks = list(row.tasks.exclude(status__in=GONE).select_related("plan").order_by("position"))
    try:
        into = next((task for task in tasks if str(task.pk) == request.POST.get("into")), tasks[0] if tasks else None)
        if into is None:
            raise Http404(str(pk))
        review.merge(tasks, into, by=actor_of(request), at=clock.now())
        messages.success(request, _("已合并为一项：%(task)s。") % {"task": into.heading})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return _back(row.plan, row.pk)
