"""指标：当时与现在. What a measure says of a past day as known then and as known now, and which records made the difference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from soildesk.core import clock
from soildesk.core.permissions import READERS, Actor
from soildesk.kit import hindsight, measures
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import parse_day
from soildesk.kit.hindsight import Change, Difference, RowChange, Span
from soildesk.kit.measures import OUTCOME_PARTS, MeasureResult
from soildesk.kit.parts import Chip, Tone
from soildesk.monitoring.measuring import BOTH, WholePlace
from soildesk.plans.queries.bound import Bound, bound_to_measures, was_checked, written_of
from soildesk.plans.queries.checked import day_asked

PLACE = "place"
OF_PLANS = "plans."
CHANGES: dict[Change, tuple[Tone, str, Any]] = {
    Change.ENTERED: ("busy", "plus-lg", _l("计入")),
    Change.LEFT: ("calm", "dash-circle", _l("不再计入")),
    Change.COUNTS: ("good", "check-circle-fill", _l("变为达到")),
    Change.NO_LONGER: ("bad", "x-circle-fill", _l("变为未达到")),
    Change.CHANGED: ("warn", "pencil", _l("内容变化")),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One measure of one subject that can be asked."""

    key: str
    measure: measures.Measure
    title: str
    subject: Any
    bound: Bound | None = None


@staff_page("plans.read")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One measure, one day, two days of knowledge."""
    actor, today = actor_of(request), clock.today()
    on = min(parse_day(request.GET.get("day", "")) or today, today)
    known = min(parse_day(request.GET.get("known", "")) or on, today)
    offered = choices(actor, on, known)
    chosen = next((one for one in offered if one.key == request.GET.get("of")), None)
    context: dict[str, Any] = {
        "day": on,
        "known": known,
        "today": today,
        "groups": _grouped(offered),
        "chosen": chosen,
        "crumbs": [(_("指标：当时与现在"), "")],
    }
    if chosen is not None:
        asked = on if isinstance(chosen.subject, WholePlace) else day_asked(chosen.measure, chosen.subject, on)
        found = hindsight.difference(chosen.measure, actor, chosen.subject, asked, (known, today))
        context |= {
            "asked": asked,
            "then": _answer(found.then, chosen.subject),
            "now": _answer(found.now, chosen.subject),
            "changes": [_row(one) for one in found.changes],
            "found": found,
            "unit": found.now.unit or found.then.unit,
            "moved": _moved(found),
            **_chosen_since(chosen.bound, known, today),
        }
    return render(request, "home/hindsight.html", context)


def _chosen_since(bound: Bound | None, known: date, today: date) -> dict[str, Any]:
    """Whether the task or indicator was checked by the measure then and is now, and who changed that."""
    if bound is None:
        return {}
    return {
        "unchecked_then": not was_checked(bound, known),
        "unchecked_now": not was_checked(bound, today),
        "chosen_since": written_of(bound, Span.of(known, today)),
    }


def choices(actor: Actor, on: date, known: date) -> list[Choice]:
    """Every measure of the whole place, and of the tasks and indicators it checks now or did as known on a day.

    Those of construction land come first.
    """
    place = next((one.division for one in actor.grants if one.role in READERS), None)
    registered = measures.measures()
    found = [
        Choice(f"{one.id}|{PLACE}", one, str(place), WholePlace(place, on.year))
        for one in registered.values()
        if place is not None and tuple(one.subjects) == BOTH and not one.id.startswith(OF_PLANS)
    ]
    found += [
        Choice(f"{one.measure}|{one.key}", registered[one.measure], one.title, one.subject, one)
        for one in bound_to_measures(actor, known)
        if one.measure in registered
    ]
    return sorted(found, key=lambda one: (not one.measure.id.startswith("plots."), one.measure.id.split(".")[0]))


FIGURE = ("calm", "dash-circle", _l("没有目标，只列数"))
"""Of a whole place nobody set a target: what was counted is neither reached nor missed."""


def _grouped(offered: list[Choice]) -> list[tuple[str, list[Choice]]]:
    groups: dict[str, list[Choice]] = {}
    for one in offered:
        groups.setdefault(str(one.measure.title), []).append(one)
    return list(groups.items())


def _answer(result: MeasureResult, subject: Any) -> dict[str, Any]:
    known = result.numerator is not None and str(result.reason.parameters.get("open") or 0) == "0"
    told = answer_parts(result)
    if known and isinstance(subject, WholePlace):
        tone, icon, word = FIGURE
        told["chip"] = Chip(tone, str(word), icon)  # type: ignore[arg-type]
    return told


def answer_parts(result: MeasureResult) -> dict[str, Any]:
    """An answer as a page shows it: chip, sentence, numbers, how many rows."""
    tone, icon, word = OUTCOME_PARTS[result.outcome]
    return {
        "chip": Chip(tone, str(word), icon),  # type: ignore[arg-type]
        "reason": str(result.reason),
        "numerator": _number(result.numerator),
        "denominator": _number(result.denominator),
        "rows": len(result.rows),
    }


def _number(number: Decimal | int | None) -> str:
    if number is None:
        return "—"
    rounded = round(Decimal(number), 2)
    return f"{rounded.normalize():f}" if rounded else "0"


def _signed(number: Decimal) -> str:
    told = _number(abs(number))
    return told if told == "0" else f"{'+' if number > 0 else '−'}{told}"


def _moved(found: Difference) -> dict[str, str]:
    return {"numerator": _signed(found.numerator), "denominator": _signed(found.denominator)}


def _row(one: RowChange) -> dict[str, Any]:
    tone, icon, word = CHANGES[one.change]
    return {
        "name": one.row.name,
        "url": one.row.page,
        "chip": Chip(tone, str(word), icon),
        "then": one.then.note if one.then else "",
        "now": one.now.note if one.now else "",
        "numerator": _signed(one.numerator),
        "denominator": _signed(one.denominator),
        "written": one.written,
    }
