"""单位对应: printed names the desk could not place, each asked once and remembered for the division."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock, departments
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.kit.languages import listed
from soildesk.plans.models import Plan, UnitAnswer
from soildesk.plans.pages.access import actor_of, logged_in, plan_or_404, sentence_of
from soildesk.plans.pages.frame import frame
from soildesk.plans.queries.reading import departments_day, questions
from soildesk.plans.refusals import WrongValue
from soildesk.plans.services import answers as service

FIRST = {"department": 0, "town": 1}
TOWNS_FIRST = {"town": 0, "government": 1}
"""Kinds of departments in the order in which a name, or a group like 各镇街, mostly means them."""


@dataclass(frozen=True)
class Choice:
    """One department to tick."""

    pk: int
    name: str
    where: str
    kind: str
    proposed: bool


@dataclass(frozen=True)
class Question:
    """One printed name: how often it stands in the plan, why it is open, what is proposed, what else there is."""

    name: str
    count: int
    why: str
    proposed: list[Choice]
    others: list[tuple[str, list[Choice]]]
    group: bool


class Choices:
    """The departments of the division, those below and those above it, as boxes to tick."""

    def __init__(self, plan: Plan) -> None:
        self._directory = departments.Directory(plan.division, departments_day(plan))
        self._all = [known.department for known in self._directory.known]

    def question(self, entry: dict[str, Any]) -> Question:
        """What is asked about one name."""
        name = entry["name"]
        group = departments.is_group(name)
        if group:
            found = departments.expand_group(name, self._directory.division, self._directory.on)
            proposed, why = list(found.departments), found.why
        else:
            match = self._directory.match(name)
            proposed, why = list(match.candidates) or ([match.department] if match.department else []), match.note
        keys = {row.pk for row in proposed}
        return Question(
            name=name,
            count=entry["count"],
            why=why,
            proposed=[self._choice(row, proposed=group or len(proposed) == 1) for row in proposed],
            others=list(self._others(keys, TOWNS_FIRST if group else FIRST)),
            group=group,
        )

    def _choice(self, row: Any, *, proposed: bool) -> Choice:
        return Choice(row.pk, row.name, row.division.name, str(row.get_kind_display()), proposed)

    def _others(self, taken: set[int], first: dict[str, int]) -> Iterator[tuple[str, list[Choice]]]:
        """The rest, by what they are: kinds in the order of `first`, then others, then those of divisions above."""
        groups: dict[tuple[int, str], list[Choice]] = {}
        own = self._directory.division
        for row in self._all:
            if row.pk in taken:
                continue
            above = own.path.startswith(row.division.path) and row.division_id != own.pk
            title = _("上级单位（%(place)s）") % {"place": row.division.name} if above else str(row.get_kind_display())
            rank = len(first) + 1 if above else first.get(row.kind, len(first))
            groups.setdefault((rank, title), []).append(self._choice(row, proposed=False))
        for (_rank, title), choices in sorted(groups.items(), key=lambda item: item[0]):
            yield title, choices

    def by_keys(self, keys: list[str]) -> list[Any]:
        """The departments with these keys, of those that may be chosen."""
        wanted = set(keys)
        return [row for row in self._all if str(row.pk) in wanted]


@require_GET
@logged_in
def unit_questions(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Names to place, and the answers remembered for this division that the plan uses."""
    plan = plan_or_404(actor_of(request), uid)
    choices = Choices(plan)
    names = set(plan.tasks.values_list("units__name", flat=True))
    answers = UnitAnswer.objects.filter(division=plan.division, printed__in=names).select_related("answered_by")
    return render(
        request,
        "plans/review/units.html",
        {
            **frame(request, plan, "units"),
            "questions": [choices.question(entry) for entry in questions(plan)["units"]],
            "found_since": sorted({row.name for row in service.found_since(plan)}),
            "answers": answers.prefetch_related("departments").order_by("-answered_at"),
        },
    )


@require_POST
@logged_in
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say once which departments a printed name means here."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    printed = request.POST.get("printed", "")
    try:
        chosen = Choices(plan).by_keys(request.POST.getlist("department"))
        if not chosen:
            raise WrongValue(_("“%(name)s”还没有选择单位。请至少勾选一个单位。") % {"name": printed})
        count = service.answer_unit(plan, printed, chosen, by=by, at=clock.now())
        names = listed(str(row) for row in chosen)
        messages.success(
            request,
            _("已记住：“%(printed)s”指 %(names)s（%(count)d 处）。以后读入的方案照此办理。")
            % {"printed": printed, "names": names, "count": count},
        )
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:units", uid=plan.uid)


@require_POST
@logged_in
def match_again(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Place the names whose units were registered since the plan was read."""
    by = actor_of(request)
    plan = plan_or_404(by, uid)
    try:
        count = service.place_again(plan, by=by, at=clock.now())
        messages.success(request, _("%(count)d 个名称已对应到登记的单位。") % {"count": count})
    except (Refusal, NotAllowed) as refusal:
        messages.error(request, sentence_of(refusal))
    return redirect("plans:units", uid=plan.uid)
