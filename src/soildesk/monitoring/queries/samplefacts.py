"""What is known of the samples of a campaign when their results are judged: day, standard, use, crop, pH.

The field record goes first, then the point as it stood on the day of sampling, then the campaign. What is judged by
the planned use (construction land) follows the point as it stands now. A pH is that of the same sample or none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from soildesk.core import clock
from soildesk.monitoring.models import Batch, Campaign, FieldRecord, Medium, PointVersion, Qualifier, Result
from soildesk.monitoring.models.campaigns import SamplingTask
from soilrules.standards import uses
from soilrules.standards.library import Library

OF_MEDIUM = {
    Medium.SOIL: ("gb15618", "gb36600"),
    Medium.GROUNDWATER: ("gbt14848",),
    Medium.IRRIGATION: ("gb5084",),
    Medium.PRODUCE: ("gb2762",),
}
"""The standards a medium is judged by; of several, the land says which."""
WITHOUT_PH = (Medium.SOIL, Medium.SEDIMENT, Medium.PRODUCE)
"""There the pH is a circumstance of the sample and no result to be judged."""
NOT_JUDGED = (SamplingTask.Role.BLANK, SamplingTask.Role.MATERIAL)
CLASSES = ("I", "II", "III", "IV", "V")
_CLASS = {"class1": "class_1", "class2": "class_2"}
_FARMLAND = ("paddy", "orchard", "other", "rotation")
_CONSTRUCTION = ("class_1", "class_2")
_ON_PLANTS = (PointVersion.Kind.SELF, PointVersion.Kind.EFFECT)
_OF_PLOTS = (Campaign.Kind.SURVEY, Campaign.Kind.EFFECT)


@dataclass(frozen=True, slots=True)
class SampleFacts:
    """One sample in the words of the columns of soilrules.labtables; None where nobody said."""

    day: date | None
    medium: str | None = None
    standard: str | None = None
    land: str | None = None
    land_class: str | None = None
    planned_use: str | None = None
    crop: str | None = None
    water_use: str | None = None
    level: str = "III"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was written down where a sample was taken."""

    day: date
    land_use: str
    crop: str


class Samples:
    """The samples of one campaign; loaded once, asked for each result. `on` is the day of judging."""

    def __init__(self, campaign: Campaign, library: Library, on: date, *, waiting: bool = False) -> None:
        self.campaign, self.library, self.on = campaign, library, on
        self._seen = _records(campaign)
        self._versions = _versions(campaign)
        self._ph = _ph(accepted(campaign, waiting=waiting))
        self._crops = self._crops_of_points()
        self._known: dict[tuple[Any, ...], SampleFacts] = {}

    def ph(self, row: Mapping[str, Any]) -> float | None:
        """The pH of a result's sample."""
        return self._ph.get(sample_key(row))

    def of(self, row: Mapping[str, Any]) -> SampleFacts:
        """The facts of a result's sample."""
        key = (row["task_id"], row["point_id"], row["medium"], row["sampled_on"])
        if key not in self._known:
            self._known[key] = self._facts(row)
        return self._known[key]

    def _facts(self, row: Mapping[str, Any]) -> SampleFacts:
        seen = self._seen.get(row["task_id"])
        day = seen.day if seen else row["sampled_on"]
        point, medium = row["point_id"], row["medium"]
        then, now = self._version(point, day or self.on), self._version(point, self.on)
        match medium:
            case Medium.SOIL | Medium.SEDIMENT:
                return self._soil(day, medium, seen, then, now)
            case Medium.GROUNDWATER:
                level = next((one for one in self._uses(then) if one in CLASSES), "III")
                return SampleFacts(day, standard=self._standard(medium, then), level=level)
            case Medium.IRRIGATION:
                words = [*self._uses(then), seen.crop if seen else "", then.crop if then else ""]
                return SampleFacts(day, standard=self._standard(medium, then), water_use=_first(words))
            case Medium.PRODUCE:
                words = [seen.crop if seen else "", then.crop if then else "", self._crops.get(point, "")]
                return SampleFacts(day, standard=self._standard(medium, then), crop=_first(words))
        return SampleFacts(day, standard=then.standard or None if then else None)

    def _soil(
        self, day: date | None, medium: str, seen: _Seen | None, then: PointVersion | None, now: PointVersion | None
    ) -> SampleFacts:
        """Soil: farmland by what was found on the day, construction land by the use the point has now."""
        standard = self._standard(medium, then) or (self._by_kind(seen, then, now) if medium == Medium.SOIL else None)
        found = [seen.land_use if seen else "", *self._uses(then)]
        return SampleFacts(
            day,
            medium="土壤" if medium == Medium.SOIL else None,
            standard=standard,
            land=_first(one for one in found if _is_farmland(one)) or (seen.land_use or None if seen else None),
            land_class=_first(one for one in self._uses(now) if _is_construction(one)),
            planned_use=(now.planned_use or None) if now else None,
        )

    def _by_kind(self, seen: _Seen | None, then: PointVersion | None, now: PointVersion | None) -> str | None:
        """The standard where no land was named: a crop and joint points are of farmland, plants and plots are not."""
        words = [seen.land_use if seen else "", *self._uses(then), *self._uses(now), now.planned_use if now else ""]
        if any(words):
            return None
        if (seen and seen.crop) or (then and (then.crop or then.kind == PointVersion.Kind.JOINT)):
            return "gb15618"
        if self.campaign.kind in _OF_PLOTS or (then and then.kind in _ON_PLANTS):
            return "gb36600"
        return "gb15618" if self.campaign.kind == Campaign.Kind.JOINT else None

    def _standard(self, medium: str, then: PointVersion | None) -> str | None:
        """The standard named at the point, else by the campaign where it is one for this medium, else the medium's own."""
        usual = OF_MEDIUM.get(Medium(medium), ())
        if then and then.standard:
            return then.standard
        if self.campaign.standard and self._family(self.campaign.standard) in (None, *usual):
            return self.campaign.standard
        return usual[0] if len(usual) == 1 else None

    def _family(self, name: str) -> str | None:
        try:
            return self.library.find(name)[0]
        except KeyError:
            return None

    def _uses(self, version: PointVersion | None) -> list[str]:
        said = [version.use if version else "", self.campaign.use]
        return [_CLASS.get(one, one) for one in said if one]

    def _version(self, point: int | None, day: date) -> PointVersion | None:
        found = self._versions.get(point or 0, ())
        return next((one for one in found if one.since <= day and (one.until is None or one.until > day)), None)

    def _crops_of_points(self) -> dict[int | None, str]:
        """The crop written down at a point with any of its samples: soil and produce of one place belong together."""
        of_task = dict(self.campaign.tasks.exclude(point=None).values_list("pk", "point_id"))
        return {of_task[task]: seen.crop for task, seen in self._seen.items() if seen.crop and task in of_task}


def sample_key(row: Mapping[str, Any]) -> str:
    """What results of one sample share: its task, else its code."""
    return f"{row['task_id']}" if row["task_id"] else f"·{row['sample']}"


def accepted(campaign: Campaign, *, waiting: bool = False) -> Any:
    """The results of a campaign that count: accepted, not corrected, not rejected by a validator, of real samples.

    With `waiting` also those of checked batches that nobody accepted yet, as for a trial.
    """
    found = taken_in(campaign) if waiting else taken_in(campaign).filter(batch__state__in=Batch.ACCEPTED_STATES)
    return found.exclude(pk__in=rejected(campaign)).exclude(task__role__in=NOT_JUDGED)


def taken_in(campaign: Campaign) -> Any:
    """Every result of a campaign that was read in whole and not corrected, accepted or waiting for it."""
    states = (Batch.State.CHECKED, *Batch.ACCEPTED_STATES)
    return Result.objects.filter(batch__campaign=campaign, batch__state__in=states, superseded_at=None)


def rejected(campaign: Campaign) -> Any:
    """The results a validator rejected, as a query of their keys."""
    return Qualifier.objects.filter(
        result__batch__campaign=campaign,
        role=Qualifier.Role.VALIDATOR,
        code=Qualifier.Code.REJECTED,
        superseded_at=None,
    ).values("result_id")


def _records(campaign: Campaign) -> dict[int, _Seen]:
    rows = FieldRecord.objects.filter(task__campaign=campaign, superseded_at=None)
    found = rows.values_list("task_id", "sampled_at", "land_use", "crop")
    return {task: _Seen(_day(at), land_use, crop) for task, at, land_use, crop in found}


def _day(at: datetime) -> date:
    return clock.local_day(at)


def _versions(campaign: Campaign) -> dict[int, list[PointVersion]]:
    points = Result.objects.filter(batch__campaign=campaign).values("point_id")
    found: dict[int, list[PointVersion]] = defaultdict(list)
    wanted = ("point_id", "since", "until", "standard", "use", "planned_use", "crop", "kind")
    for one in PointVersion.objects.filter(point__in=points, superseded_at=None).only(*wanted):
        found[one.point_id].append(one)
    return found


def _ph(results: Any) -> dict[str, float]:
    """The pH of each sample, the one measured last where it was measured twice."""
    rows = results.filter(analyte="ph", value__isnull=False).order_by("pk")
    return {sample_key(row): row["value"] for row in rows.values("task_id", "sample", "value")}


def _first(words: Iterable[str]) -> str | None:
    return next(filter(None, words), None)


def _is_farmland(word: str) -> bool:
    return bool(word) and uses.resolve("gb15618", word) in (*_FARMLAND, None)


def _is_construction(word: str) -> bool:
    return bool(word) and uses.resolve("gb36600", word) in (*_CONSTRUCTION, None)
