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
from soildesk.monitoring.queries.verdicts import counting, rulings_of, standing
from soilrules.statistics import CannotEstimate, CensoredSample, Tail, arithmetic, choose_upper_limit, kaplan_meier
from soilrules.verdict import Outcome

PART = "part_of_sum"
BY = ("analyte", "point", "plot", "town")
MOST_FOR_LIMIT = 200
"""Results for which an upper confidence limit is worked out while somebody waits."""
SEED = 20260101
CLASSES_OF_LAND = ("class_1", "class_2")
AnalyteKey = tuple[str, str, str, str]
"""Medium, analyte, standard and class of construction land: what stands in one line has one standard."""
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "analyte": ("result__medium", "analyte", "judgement_id", "ruling"),
    "point": ("result__point__number",),
    "plot": ("result__point_id",),
    "town": ("result__division_path",),
    "campaign": ("judgement__campaign_id",),
}


@dataclass
class Line:
    """One line of the table. `key` is the group's value; `counts` by outcome, `causes` of what is unknown.

    A line of an analyte is one of what it was judged against too: medium, analyte, standard and class of land.
    """

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
    grouped = list(rows.order_by().values(*names, "verdict", "cause").annotate(n=Count("pk")))
    against = _Against(rows) if by == "analyte" else None
    found: dict[tuple[Any, ...], Line] = {}
    for row in grouped:
        key = tuple(row[name] for name in names)
        line = found.setdefault(against.key(*key) if against else key, Line(()))
        line.counts[row["verdict"]] += row["n"]
        if row["cause"]:
            line.causes[row["cause"]] += row["n"]
    for key, line in found.items():
        line.key = key
    every = _of_plots(found.values()) if by == "plot" else list(found.values())
    _name(every, by)
    return sorted(every, key=lambda one: (-one.control, -one.over, -one.unknown, one.title, one.key[1:]))


class _Against:
    """What verdicts were held against: a standard, and of construction land its class.

    Who could not be judged for another reason than the land has no class in its ruling: where the analyte stands in one
    class only, it is counted there.
    """

    def __init__(self, rows: QuerySet[ResultVerdict]) -> None:
        self._rulings = rulings_of(rows)
        self._lands: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for medium, analyte, judgement, ruling in rows.order_by().values_list(*_GROUPS["analyte"]).distinct():
            standard, land = self._said(judgement, ruling)
            self._lands[medium, analyte, standard] |= {land} - {""}

    def key(self, medium: str, analyte: str, judgement: int, ruling: int) -> AnalyteKey:
        """Medium, analyte, standard, class of land."""
        standard, land = self._said(judgement, ruling)
        lands = self._lands[medium, analyte, standard]
        return medium, analyte, standard, land or (next(iter(lands)) if len(lands) == 1 else "")

    def _said(self, judgement: int, ruling: int) -> tuple[str, str]:
        held = self._rulings[judgement][ruling]
        return held["standard"] or "", held["use"] if held["use"] in CLASSES_OF_LAND else ""


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
    keys = [one.key[1] if by == "analyte" else one.key[-1] for one in every]
    names: Mapping[Any, str] = {}
    if by == "town":
        names = dict(Division.objects.filter(path__in=keys).values_list("path", "name"))
    if by == "campaign":
        names = dict(Campaign.objects.filter(pk__in=keys).values_list("pk", "title"))
    for one, key in zip(every, keys, strict=True):
        one.title = names.get(key, str(key or ""))


def by_campaign(actor: Actor) -> list[Line]:
    """The table of every campaign in reach, one line a campaign."""
    rows = ResultVerdict.objects.filter(
        judgement__in=_judgements(actor), trial=False, superseded_at=None, result__superseded_at=None
    )
    return lines(counted(rows), "campaign")


def _judgements(actor: Actor) -> QuerySet[Any]:
    return Campaign.objects.visible_to(actor).filter(judgements__isnull=False).values("judgements")


def figures(rows: QuerySet[ResultVerdict], *, limits: bool = False) -> dict[AnalyteKey, Figures]:
    """Figures of each line by analyte, without sums; `limits` works out upper confidence limits too."""
    against = _Against(rows)
    groups: dict[AnalyteKey, list[tuple[Any, ...]]] = defaultdict(list)
    names = ("value", "censored", "detection_limit", "unit")
    wanted = rows.values_list(*_GROUPS["analyte"], "result__analyte", *(f"result__{one}" for one in names))
    for medium, analyte, judgement, ruling, own, *measured in wanted.iterator(chunk_size=10_000):
        if own == analyte:
            groups[against.key(medium, analyte, judgement, ruling)].append(tuple(measured))
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
