"""From reports and judged data to the facts of events: what the data say, and unknown where they do not say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from soilrules.monitoring.dated import Medium
from soilrules.monitoring.density import Comparison, Enough, Place, Stage, Survey, compare, required
from soilrules.plots.reports import Agreement, ReportKind
from soilrules.plots.reports import compare as compare_conclusions
from soilrules.statistics.effect_evaluation import Outcome as Reached
from soilrules.verdict import Outcome

STAGES = {ReportKind.PRELIMINARY: Stage.INITIAL, ReportKind.DETAILED: Stage.DETAILED}
WITHIN, EXCEEDS = "within", "exceeds"


def soil_density(
    kind: ReportKind,
    area_m2: Decimal | None,
    points: int | None,
    on: date,
    *,
    suspected: bool | None = None,
    zone_m2: Decimal | None = None,
) -> Comparison:
    """Whether a survey has as many soil points as its area asks; `suspected`: it is a suspected plot of the order.

    >>> str(soil_density(ReportKind.PRELIMINARY, Decimal(5001), 5, date(2026, 9, 1)).verdict)
    'too_few'
    """
    survey = Survey(_stage(kind), Medium.SOIL, area_m2, on, suspected_parcel=suspected, suspected_zone_m2=zone_m2)
    return compare(required(survey), points)


def well_density(
    kind: ReportKind,
    area_m2: Decimal | None,
    wells: int | None,
    on: date,
    *,
    places: Collection[Place] | None = None,
    suspected: bool | None = None,
) -> Comparison:
    """Whether a survey has as many wells as its area asks, and where they have to stand."""
    survey = Survey(_stage(kind), Medium.GROUNDWATER, area_m2, on, suspected_parcel=suspected)
    return compare(required(survey), wells, places=places)


def density_fact(compared: Iterable[Comparison], explanation: str = "") -> str | None:
    """The fact `density`: too few unless explained; where nobody can say how many are needed, unknown unless explained.

    Where nothing was counted no words stand for it.

    >>> density_fact([]) is None
    True
    """
    held = list(compared)
    answers = {one.verdict for one in held}
    said = bool(explanation.strip())
    if Enough.TOO_FEW in answers:
        return "explained" if said else "too_few"
    if answers == {Enough.MEETS}:
        return "meets"
    counted = bool(held) and all(one.found is not None for one in held)
    return "explained" if counted and said else None


def computed_exceeds(outcomes: Iterable[Outcome]) -> bool | None:
    """Whether judged values exceed: one that does decides; unknown where one is not known, or there is none.

    >>> computed_exceeds([Outcome.MEETS, Outcome.UNKNOWN]) is None
    True
    """
    found = set(outcomes)
    if found - {Outcome.MEETS, Outcome.UNKNOWN}:
        return True
    return False if found == {Outcome.MEETS} else None


def exceeds_fact(own: bool | None, computed: bool | None, explanation: str = "") -> bool | None:
    """The fact `exceeds`: the report's own conclusion, unknown while it differs from the computed one unexplained.

    >>> exceeds_fact(own=False, computed=True) is None
    True
    """
    words = {True: EXCEEDS, False: WITHIN, None: None}
    found = compare_conclusions(words[own], words[computed], explanation)
    return None if found.agreement is Agreement.DIFFERS else own


def statistics_fact(outcomes: Iterable[Reached]) -> str | None:
    """The fact `statistics` from the effect evaluation of every pollutant in every area; unknown where one is.

    >>> statistics_fact([Reached.REACHED, Reached.NOT_REACHED])
    'failed'
    """
    found = set(outcomes)
    if Reached.NOT_REACHED in found:
        return "failed"
    return "passed" if found == {Reached.REACHED} else None


def _stage(kind: ReportKind) -> Stage:
    if kind not in STAGES:
        raise ValueError(f"{kind} is no survey; expected {' or '.join(STAGES)}.")
    return STAGES[kind]
