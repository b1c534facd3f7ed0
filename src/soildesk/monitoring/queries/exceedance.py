"""The exceedance table: how many results were judged, how many are over a limit, and how many nobody can judge.

Unknown is a share of its own, with its causes; it is never counted as met. Blind parallels are judged and warn, but
are not counted here twice, and a component stands in its sum.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, PointVersion, ResultVerdict, SamplingTask
from soildesk.monitoring.queries.verdicts import counting, standing
from soilrules.statistics import CannotEstimate, CensoredSample, Tail, arithmetic, choose_upper_limit, kaplan_meier
from soilrules.verdict import Outcome

PART = "part_of_sum"
BY = ("analyte", "point", "plot", "town")
MOST_FOR_LIMIT = 200
"""Results for which an upper confidence limit is worked out while somebody waits."""
SEED = 20260101
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "analyte": ("result__medium", "analyte"),
    "point": ("result__point__number",),
    "plot": ("result__point_id",),
    "town": ("result__division_path",),
    "campaign": ("judgement__campaign_id",),
}


@dataclass
class Line:
    """One line of the table. `key` is the group's value; `counts` by outcome, `causes` of what is unknown."""

    key: tuple[Any, ...]
    title: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """All results that were to be judged."""
        return self.counts.total()

    @property
    def unknown(self) -> int:
        """Those nobody can judge."""
        return self.counts[Outcome.UNKNOWN]

    @property
    def judged(self) -> int:
        """Those with an answer."""
        return self.total - self.unknown

    @property
    def over(self) -> int:
        """Those over a limit."""
        return self.counts[Outcome.EXCEEDS] + self.counts[Outcome.EXCEEDS_SCREENING] + self.control

    @property
    def control(self) -> int:
        """Those over a control value."""
        return self.counts[Outcome.EXCEEDS_CONTROL]

    @property
    def rate(self) -> float | None:
        """The share over a limit among those judged, in per cent; None where nothing could be judged."""
        return 100 * self.over / self.judged if self.judged else None

    @property
    def unknown_rate(self) -> float | None:
        """The share nobody can judge, in per cent."""
        return 100 * self.unknown / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Median, highest and 95 % upper confidence limit of the mean; None where nothing can be said, `why` says why."""

    unit: str
    median: float | None
    highest: float | None
    upper: float | None
    method: str
    why: str


def verdicts_of(campaign: Campaign, known_at: datetime | None = None) -> QuerySet[ResultVerdict]:
    """The verdicts the table counts, of now or as they stood at a moment."""
    if known_at is None:
        return counted(counting(campaign))
    then = Q(result__superseded_at=None) | Q(result__superseded_at__gt=known_at)
    return counted(standing(campaign, known_at).filter(then))


def counted(rows: QuerySet[ResultVerdict]) -> QuerySet[ResultVerdict]:
    """Verdicts without parts of sums and blind parallels."""
    return rows.exclude(cause=PART).exclude(result__task__role=SamplingTask.Role.PARALLEL)


def lines(rows: QuerySet[ResultVerdict], by: str) -> list[Line]:
    """The table by analyte, point, plot, town or campaign, the gravest first."""
    names = _GROUPS[by]
    found: dict[tuple[Any, ...], Line] = {}
    for row in rows.order_by().values(*names, "verdict", "cause").annotate(n=Count("pk")):
        key = tuple(row[name] for name in names)
        line = found.setdefault(key, Line(key))
        line.counts[row["verdict"]] += row["n"]
        if row["cause"]:
            line.causes[row["cause"]] += row["n"]
    every = _of_plots(found.values()) if by == "plot" else list(found.values())
    _name(every, by)
    return sorted(every, key=lambda one: (-one.control, -one.over, -one.unknown, one.title))


def total(every: Iterable[Line]) -> Line:
    """All lines together."""
    whole = Line(())
    for one in every:
        whole.counts += one.counts
        whole.causes += one.causes
    return whole


def _of_plots(points: Iterable[Line]) -> list[Line]:
    """Lines of points put together by the parcel they lie on; those on none stand as one."""
    points = list(points)
    rows = PointVersion.objects.filter(point__in=[one.key[0] for one in points if one.key[0]], superseded_at=None)
    parcels = dict(rows.order_by("since").values_list("point_id", "parcel__number"))
    found: dict[str, list[Line]] = defaultdict(list)
    for one in points:
        found[parcels.get(one.key[0]) or ""].append(one)
    made = []
    for parcel, some in found.items():
        whole = total(some)
        whole.key = (parcel,)
        made.append(whole)
    return made


def _name(every: list[Line], by: str) -> None:
    keys = [one.key[-1] for one in every]
    names: Mapping[Any, str] = {}
    if by == "town":
        names = dict(Division.objects.filter(path__in=keys).values_list("path", "name"))
    if by == "campaign":
        names = dict(Campaign.objects.filter(pk__in=keys).values_list("pk", "title"))
    for one in every:
        one.title = names.get(one.key[-1], str(one.key[-1] or ""))


def by_campaign(actor: Actor) -> list[Line]:
    """The table of every campaign in reach, one line a campaign."""
    rows = ResultVerdict.objects.filter(
        judgement__in=_judgements(actor), trial=False, superseded_at=None, result__superseded_at=None
    )
    return lines(counted(rows), "campaign")


def _judgements(actor: Actor) -> QuerySet[Any]:
    return Campaign.objects.visible_to(actor).filter(judgements__isnull=False).values("judgements")


def figures(rows: QuerySet[ResultVerdict], *, limits: bool = False) -> dict[tuple[str, str], Figures]:
    """Figures of each medium and analyte, without sums; `limits` works out upper confidence limits too."""
    groups: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    names = ("value", "censored", "detection_limit", "unit")
    wanted = rows.values_list("result__medium", "analyte", "result__analyte", *(f"result__{one}" for one in names))
    for medium, analyte, own, *measured in wanted.iterator(10_000):
        if own == analyte:
            groups[medium, analyte].append(tuple(measured))
    return {key: _figures(some, limits) for key, some in groups.items()}


def _figures(rows: Sequence[tuple[Any, ...]], limits: bool) -> Figures:
    unit = Counter(row[3] for row in rows).most_common(1)[0][0]
    known = [(dl if cens else value, cens) for value, cens, dl, of in rows if of == unit and (dl if cens else value)]
    detected = [value for value, cens in known if not cens]
    highest = max(detected, default=None)
    try:
        sample = CensoredSample([value for value, _cens in known], np.array([cens for _value, cens in known], np.bool_))
        middle = (kaplan_meier(sample, tail=Tail.SMALLEST_LIMIT) if sample.n_censored else arithmetic(sample)).median
    except CannotEstimate as error:
        return Figures(unit, None, highest, None, "", error.sentence("zh"))
    upper, method, why = _upper(sample) if limits else (None, "", "")
    return Figures(unit, middle, highest, upper, method, why)


def _upper(sample: CensoredSample) -> tuple[float | None, str, str]:
    if sample.n > MOST_FOR_LIMIT:
        return None, "", f"n > {MOST_FOR_LIMIT}"
    try:
        choice = choose_upper_limit(sample, tail=Tail.SMALLEST_LIMIT, seed=SEED)
    except CannotEstimate as error:
        return None, "", error.sentence("zh")
    if choice.limit is None:
        return None, "", choice.reason.sentence("zh")
    return choice.limit.value, choice.limit.method, choice.reason.sentence("zh")


def exceeding(rows: QuerySet[ResultVerdict]) -> Iterator[dict[str, Any]]:
    """The results over a limit, for the export, the highest factors first."""
    over = (Outcome.EXCEEDS, Outcome.EXCEEDS_SCREENING, Outcome.EXCEEDS_CONTROL)
    found = rows.filter(verdict__in=over).order_by("-factor", "result_id")
    yield from found.values(
        "result__sample", "result__point__number", "result__medium", "analyte", "result__printed", "result__unit",
        "verdict", "factor", "ph", "day", "judgement_id", "ruling",
    ).iterator(5_000)  # fmt: skip
