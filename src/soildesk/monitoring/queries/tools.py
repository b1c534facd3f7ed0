"""What the tools for consultants and reviewers work on: the contents of one campaign, one medium and one analyte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from soildesk.core.models import Division
from soildesk.core.permissions import Actor
from soildesk.monitoring.models import Campaign, FieldRecord, Medium, PointVersion, Result
from soildesk.monitoring.queries import contents as of
from soildesk.monitoring.queries.contents import Content

MOST_CAMPAIGNS = 300


@dataclass(frozen=True)
class Asked:
    """One campaign with what can be asked of it, and what is: medium and analyte are the first there are where none is."""

    campaign: Campaign | None
    campaigns: Sequence[Campaign]
    media: Sequence[str] = ()
    medium: str = ""
    analytes: Sequence[str] = ()
    analyte: str = ""
    rows: QuerySet[Result] | None = None  # of the campaign and medium, blind parallels among them

    def contents(self, analytes: Sequence[str] = ()) -> list[Content]:
        """The contents of some analytes (of the one asked for), each sample once: blind parallels are checks, no samples."""
        if self.rows is None:
            return []
        wanted = list(analytes) or [self.analyte]
        return [one for one in of.contents(self.rows.filter(analyte__in=wanted)) if not one.parallel]


def asked(actor: Actor, said: Mapping[str, Any], on: date) -> Asked:
    """What an address asks for (campaign, medium, analyte), as far as the actor sees it."""
    seen = of.seen(actor, on)
    campaigns = Campaign.objects.visible_to(actor).filter(batches__results__in=seen.values("pk")).distinct()
    held = list(campaigns.order_by("-starts_on", "-pk")[:MOST_CAMPAIGNS])
    campaign = next((one for one in held if one.number == said.get("campaign", "")), None)
    if campaign is None:
        return Asked(None, held)
    return _within(campaign, held, seen.filter(batch__campaign=campaign), said)


def _within(campaign: Campaign, held: list[Campaign], rows: QuerySet[Result], said: Mapping[str, Any]) -> Asked:
    found = Counter(rows.order_by().values_list("medium", flat=True))
    media = [one for one in Medium.values if found[one]]
    medium = said.get("medium", "")
    if medium not in media:
        medium = max(media, key=lambda one: found[one], default="")
    rows = rows.filter(medium=medium)
    there = of.analytes_of(rows)
    analyte = said.get("analyte", "")
    if analyte not in there:
        analyte = next((slug for slug in there if slug != "ph"), there[0] if there else "")
    return Asked(campaign, held, media, medium, there, analyte, rows)


@dataclass(frozen=True, slots=True)
class Hole:
    """One point with its contents layer by layer, the uppermost first."""

    number: str
    name: str
    contents: Sequence[Content]


def holes(asked: Asked, numbers: Sequence[str] = ()) -> tuple[str, list[Hole]]:
    """The unit, and the points of a campaign that were sampled in depth, or those of some numbers."""
    unit, held, _other = of.alike([one for one in asked.contents() if one.layer.bottom is not None and one.point])
    by_point: dict[str, list[Content]] = {}
    for one in held:
        if not numbers or one.point_number in numbers:
            by_point.setdefault(one.point_number, []).append(one)
    names = names_of(held)
    found = [
        Hole(number, names.get(number, number), sorted(some, key=lambda one: (one.layer.top or 0.0, one.pk)))
        for number, some in by_point.items()
        if numbers or len({one.layer for one in some}) > 1
    ]
    return unit, sorted(found, key=lambda hole: hole.number)


def names_of(held: Sequence[Content]) -> dict[str, str]:
    """The names of the points of some contents."""
    rows = PointVersion.objects.filter(point__in={one.point for one in held if one.point}, superseded_at=None)
    return dict(rows.order_by("since").values_list("point__number", "name"))


UNITS = ("town", "land", "kind")


def by_unit(held: Sequence[Content], unit: str) -> dict[str, list[Content]]:
    """The contents by the town they lie in, the land as it was found, or the kind of their point; in order of the words."""
    words = {"town": _towns, "land": _lands, "kind": _kinds}[unit](held)
    found: dict[str, list[Content]] = {}
    for one in held:
        found.setdefault(words.get(one.pk, ""), []).append(one)
    return dict(sorted(found.items(), key=lambda pair: (pair[0] == "", pair[0])))


def _towns(held: Sequence[Content]) -> dict[int, str]:
    rows = Division.objects.filter(path__in={one.division_path for one in held}, level=Division.Level.TOWN)
    names = dict(rows.order_by("since").values_list("path", "name"))
    return {one.pk: names.get(one.division_path, "") for one in held}


def _lands(held: Sequence[Content]) -> dict[int, str]:
    """The land written down with the sample, else the use of the point."""
    results = Result.objects.filter(pk__in=[one.pk for one in held])
    tasks = dict(results.values_list("pk", "task_id"))
    seen = FieldRecord.objects.filter(task__in=set(tasks.values()) - {None}, superseded_at=None).exclude(land_use="")
    found = dict(seen.values_list("task_id", "land_use"))
    points = PointVersion.objects.filter(point__in={one.point for one in held if one.point}, superseded_at=None)
    uses = dict(points.order_by("since").values_list("point_id", "use"))
    return {one.pk: found.get(tasks.get(one.pk)) or uses.get(one.point or 0, "") for one in held}


def _kinds(held: Sequence[Content]) -> dict[int, str]:
    rows = PointVersion.objects.filter(point__in={one.point for one in held if one.point}, superseded_at=None)
    kinds = dict(rows.order_by("since").values_list("point_id", "kind"))
    return {one.pk: str(PointVersion.Kind(kinds[one.point]).label) if one.point in kinds else "" for one in held}
