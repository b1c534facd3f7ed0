"""What the records contradict and which targets are missed: the dear part of 会前一览, kept until somebody writes something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, clock
from soildesk.home.queries import keeping
from soildesk.kit.day import PARAMETER
from soildesk.kit.measures import OUTCOME_PARTS, MeasureResult, Outcome
from soildesk.kit.parts import Chip, Tile
from soildesk.plans.addresses import address
from soildesk.plans.queries import reported
from soildesk.plans.queries.indicators import share
from soildesk.reporting.queries import records
from soildesk.reporting.queries.reading import Reading
from soildesk.reporting.queries.tables import said
from soilrules.deadlines.periods import period_of
from soilrules.indicators.outlook import Outlook, outlook

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

NAME = "checked"
PACE_MONTHS = 3
"""Ends of months the course is read from."""
OUTLOOKS = {
    Outlook.ON_COURSE: ("warn", _l("照此进度到期能达到")),
    Outlook.BEHIND: ("bad", _l("照此进度到期达不到")),
    Outlook.CANNOT_SAY: ("unknown", _l("进度不足以推算")),
}
FIGURES = (("tasks.disagreeing", "bad"), ("tasks.records_not_done", "warn"), ("tasks.records_cannot_say", "unknown"))
"""What of a plan's tasks the records say against it, and how grave that is."""


@dataclass(frozen=True)
class Missed:
    """A target the records do not reach: since when, and where it is heading."""

    name: str
    plan: str
    target: str
    value: str
    why: str
    url: str
    since: str
    chip: Chip


@dataclass(frozen=True)
class Checked:
    """What the records say against reports and targets, as of a moment; `seen` is the last that had been written by then."""

    place: str
    at: datetime
    seen: int
    figures: Sequence[Tile]
    missed: Sequence[Missed]
    unknown: Sequence[Missed]
    reached: int


def kept(actor: Actor, on: date) -> Checked | None:
    """The last answer to this actor for the day; None where there is none yet."""
    found: Checked | None = keeping.kept(NAME, actor, on)
    return found


def checked(actor: Actor, on: date) -> Checked | None:
    """The answer as of now, kept for the next who asks; None for somebody who sees no place whole."""
    place = records.place_of(actor)
    if place is None:
        return None
    found = kept(actor, on)
    if found is None or not keeping.is_fresh(found):
        found = _worked_out(Reading(actor, place, period_of(on, "year"), min(on, actor.today), actor.today))
        keeping.keep(NAME, actor, on, found)
    return found


def _worked_out(reading: Reading) -> Checked:
    seen, at = audit.latest(), clock.now()
    open_ = [one for one in reading.targets if one.outcome is Outcome.NOT_DONE]
    earlier = _earlier(reading, open_)
    return Checked(
        place=reading.place.name,
        at=at,
        seen=seen,
        figures=[_figure(reading, name, tone) for name, tone in FIGURES] if reading.plans else [],
        missed=[_missed(one, earlier[one.indicator.pk], reading.on) for one in open_],
        unknown=[_unknown(one, reading.on) for one in reading.targets if one.outcome is Outcome.CANNOT_SAY],
        reached=sum(one.outcome is Outcome.DONE for one in reading.targets),
    )


def _figure(reading: Reading, name: str, tone: str) -> Tile:
    found = reading.figure(name)
    query = {"id": name, "place": reading.place.code, "period": reading.period.name, PARAMETER: reading.on.isoformat()}
    url = f"{reverse('reporting:figure')}?{urlencode(query)}"
    count = None if found.value is None else int(found.value)
    return Tile(found.title, count, url, tone if count else "calm")  # type: ignore[arg-type]


Then = list[tuple[date, MeasureResult | None]]


def _earlier(reading: Reading, open_: Sequence[reported.Target]) -> dict[int, Then]:
    """What the targets that are not reached were on the ends of the year's months, the latest first, as known now."""
    found: dict[int, Then] = {one.indicator.pk: [] for one in open_}
    for day in _month_ends(reading):
        still = {pk for pk, then in found.items() if all(_is_missed(result) for _day, result in then)}
        if not still:
            break
        for one in reported.targets_of(reading.plans, reading.actor, day, reading.known_on):
            if one.indicator.pk in found:
                found[one.indicator.pk].append((day, one.result))
    return found


def _is_missed(result: MeasureResult | None) -> bool:
    return result is not None and result.outcome is Outcome.NOT_DONE


def _month_ends(reading: Reading) -> list[date]:
    firsts = [date(reading.year, month, 1) for month in range(2, reading.on.month + 1)]
    return [first - timedelta(days=1) for first in reversed(firsts)]


def _missed(one: reported.Target, earlier: Then, on: date) -> Missed:
    run = []
    for day, result in earlier:
        if not _is_missed(result):
            break
        run.append(day)
    points = [(day, value) for day, result in [(on, one.result), *earlier[:PACE_MONTHS]] if (value := _value(result))]
    until = one.plan.period_end or date(on.year, 12, 31)
    course = outlook(points, one.indicator.comparator, one.indicator.target_number, until)
    tone, word = OUTLOOKS[course]
    icon = OUTCOME_PARTS[Outcome.NOT_DONE][1]
    return Missed(
        one.name, _plan(one), one.target, said(one.result), str(one.result.reason) if one.result else "", _url(one, on),
        _since(run, earlier, on), Chip(tone, str(word), icon, _why(points, until)),  # type: ignore[arg-type]
    )  # fmt: skip


def _since(run: Sequence[date], earlier: Then, on: date) -> str:
    """From which day on it was never reached, as far as the ends of months tell."""
    if not run:
        return _("本月起") if earlier else ""
    if len(run) == len(earlier):
        return _("今年以来一直")
    return _("%(day)s 起") % {"day": run[-1]}


def _value(result: MeasureResult | None) -> Decimal | None:
    """The figure in the unit of its target: a share in percent, else the amount."""
    if result is None or result.numerator is None:
        return None
    part = share(result)
    return part * 100 if part is not None else Decimal(result.numerator)


def _why(points: Sequence[tuple[date, Any]], until: date) -> str:
    if len(points) < 2:
        return _("只有一个时点有数，不能推算。")
    first, last = min(points), max(points)
    return _("%(first)s 为 %(from)s，%(last)s 为 %(to)s，按直线推算到 %(until)s（系统自己的推算，没有文件规定）。") % {
        "first": first[0], "from": f"{first[1]:.1f}", "last": last[0], "to": f"{last[1]:.1f}", "until": until,
    }  # fmt: skip


def _unknown(one: reported.Target, on: date) -> Missed:
    why = str(one.result.reason) if one.result else _("没有选定核算办法。")
    tone, icon, word = OUTCOME_PARTS[Outcome.CANNOT_SAY]
    chip = Chip(tone, str(word), icon, why)  # type: ignore[arg-type]
    return Missed(one.name, _plan(one), one.target, said(one.result), why, _url(one, on), "", chip)


def _plan(one: reported.Target) -> str:
    return one.plan.doc_number or one.plan.title


def _url(one: reported.Target, on: date) -> str:
    return f"{address('plans:measures', one.plan.uid, on=on)}#indicator-{one.indicator.pk}"
