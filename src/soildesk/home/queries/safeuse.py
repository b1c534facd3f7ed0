"""How safely land is used: both rates against their targets, and what the order of events shows on plots. Kept, for it is dear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import audit, clock
from soildesk.core.permissions import may
from soildesk.decisions.queries import watches
from soildesk.farmland.queries import differences, rates
from soildesk.farmland.queries.then import Then
from soildesk.home.queries import keeping
from soildesk.home.queries.shorts import Line, Short
from soildesk.kit.day import PARAMETER
from soildesk.kit.parts import Chip
from soildesk.oversight.violationwords import violation_name
from soildesk.plans.queries import reported
from soildesk.reporting.queries import records
from soildesk.reporting.queries.reading import Figure, Reading, plain
from soildesk.reporting.words import outcome_chip
from soilrules.deadlines.periods import period_of

if TYPE_CHECKING:
    from soildesk.core.models import Division
    from soildesk.core.permissions import Actor

NAME = "safe_use"
FARMLAND, PLOTS = "farmland.safe_use_rate", "plots.key_land_used_safely"
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Rate:
    """One rate of a year: ours with its chip, the approved one, the target, and how much is missing (each empty where there is none).

    `ahead`: the target is that of a later year than the rate.
    """

    name: str
    year: int
    url: str
    own: str
    parts: str
    chip: Chip | None
    why: str
    approved: str
    target: str
    target_url: str
    missing: str
    missing_url: str
    ahead: bool


@dataclass(frozen=True)
class SafeUse:
    """Both rates and the findings nobody has decided on, as of a moment."""

    at: datetime
    seen: int
    rates: Sequence[Rate]
    watched: Short | None


def kept(actor: Actor, on: date) -> SafeUse | None:
    """The last answer to this actor for the day; None where there is none yet."""
    found: SafeUse | None = keeping.kept(NAME, actor, on)
    return found


def safe_use(actor: Actor, on: date) -> SafeUse:
    """The answer as of now, kept for the next time it is asked."""
    found = kept(actor, on)
    if found is None or not keeping.is_fresh(found):
        seen, at = audit.latest(), clock.now()
        found = SafeUse(at, seen, list(_rates(actor, on)), _watched(actor, on))
        keeping.keep(NAME, actor, on, found)
    return found


def _rates(actor: Actor, on: date) -> list[Rate]:
    """Those the actor may see, of the place he sees whole."""
    place = records.place_of(actor)
    if place is None:
        return []
    told = []
    if may(actor, "farmland.read"):
        told.append(_farmland(actor, place, on))
    if may(actor, "plots.read"):
        told.append(_rate(_reading(actor, place, on.year, on), PLOTS, on))
    return told


def _reading(actor: Actor, place: Division, year: int, on: date) -> Reading:
    period = period_of(date(year, 12, 31), "year")
    return Reading(actor, place, period, min(on, period.last), actor.today)


def _farmland(actor: Actor, place: Division, on: date) -> Rate:
    """The rate of the year; before the year's measures are written down, that of the last year that has some."""
    then = Then(on.year, on, None)
    asked = rates.Place(place.path, then)
    year = on.year
    if rates.why_none(actor, asked) is rates.Why.NO_LEDGER:
        year = rates.last_year_told(actor, asked) or year
    approved = differences.approved_of(place.path, Then(year, on, None))
    words = f"{plain(approved.rate)}%（{approved.number}）" if approved else ""
    return _rate(_reading(actor, place, year, on), FARMLAND, on, words)


def _rate(reading: Reading, measure: str, on: date, approved: str = "") -> Rate:
    """A figure beside what the plans want: of its own year, or else of the year of the day."""
    one = reading.figure(measure)
    year, aim = _aim(reading, measure, on)
    query = {
        "id": measure,
        "place": reading.place.code,
        "period": reading.period.name,
        PARAMETER: reading.on.isoformat(),
    }
    return Rate(
        name=one.title,
        year=reading.year,
        url=f"{reverse('reporting:figure')}?{urlencode(query)}",
        own="" if one.value is None else f"{one.text}%",
        parts=""
        if one.denominator is None
        else f"{plain(one.numerator or 0)} / {plain(one.denominator)} {one.part_unit}",
        chip=_chip(one, aim if year == reading.year else None),
        why=one.why if one.value is None else "",
        approved=approved,
        target=_("%(year)d年 %(words)s（%(plan)s）") % {"year": year, "words": aim.words, "plan": aim.plan}
        if aim
        else "",
        target_url=aim.url if aim else "",
        missing=_missing(one, aim.least if aim else None),
        ahead=year != reading.year,
        missing_url=_missing_url(reading, measure, aim.least if aim else None),
    )


def _chip(one: Figure, aim: reported.Aim | None) -> Chip | None:
    """Whether the target of its year is reached; without one, a rate is only a figure."""
    if one.value is None:
        return outcome_chip(one.outcome, one.why)
    return outcome_chip(str(aim.outcome(Decimal(one.value))), one.why) if aim else None


def _aim(reading: Reading, measure: str, on: date) -> tuple[int, reported.Aim | None]:
    for year in dict.fromkeys((reading.year, on.year)):
        plans = reported.plans_of(reading.actor, reading.place, year)
        if found := reported.aims_of(plans, year, measure, reading.known_on):
            return year, found[0]
    return on.year, None


def _missing(one: Figure, least: Decimal | None) -> str:
    """How much more must count before the target is reached."""
    if least is None or one.numerator is None or not one.denominator:
        return ""
    left = least / HUNDRED * Decimal(one.denominator) - Decimal(one.numerator)
    return f"{plain(left)} {one.part_unit}" if left > 0 else ""


def _missing_url(reading: Reading, measure: str, least: Decimal | None) -> str:
    """Where the areas that do not count stand first; the rows of the figure where there is no such page."""
    if measure != FARMLAND or least is None:
        return ""
    query = {
        "division": reading.place.code,
        "year": reading.year,
        PARAMETER: reading.on.isoformat(),
        "target": plain(least),
    }
    return f"{reverse('farmland:rate')}?{urlencode(query)}"


def _watched(actor: Actor, on: date) -> Short | None:
    """What the order of permits, contracts and pictures shows on plots, and nobody has decided on."""
    found = [one for one in watches.watched(actor, on) if one.problem is None] if may(actor, "decisions.read") else []
    url = reverse("decisions:watches")
    lines = [
        Line(f"{one.plot.version.name}：{violation_name(one.finding.violation)}", url, str(one.finding.to_day), one.finding.sure)
        for one in found
    ]  # fmt: skip
    return Short(_("办理次序不合规定"), len(found), url, lines) if found else None
