"""When points are sampled next: by a period of their own, or by the rule of their kind; "cannot say" is an answer.

A period counts from the last sample. At a point never sampled it counts from the first day of the point, or from the day
the period became what it is: another change of the point starts nothing anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.kit.passes import once_a_pass
from soildesk.monitoring.models import FieldRecord, PointVersion
from soildesk.monitoring.queries import frequency
from soildesk.monitoring.wording import spoken
from soilrules.monitoring.frequency import RoundDone, after
from soilrules.monitoring.frequency import next_due as by_rule
from soilrules.statistics.self_monitoring import Frequency, Round, frequency_after

Kind = PointVersion.Kind
BY_RULE = (Kind.SELF, Kind.ROUTINE)
"""Kinds whose period a standard gives, where the point has none of its own."""
FIELDS = ("point_id", "frequency_months", "since", *frequency.FACTS)


@dataclass(frozen=True, slots=True)
class Due:
    """The day a point is due, None where that cannot be said; then `latest` is the latest it can be, if any."""

    day: date | None
    latest: date | None
    why: str

    def late_on(self, on: date) -> bool:
        """Late for certain: even the latest day it can be has passed."""
        return self.latest is not None and self.latest < on


@dataclass(frozen=True, slots=True)
class Start:
    """The day from which the period of a point never sampled counts; `changed`: the period became what it is then."""

    day: date
    changed: bool = False


def last_sampled(ids: Collection[int], on: date) -> dict[int, date]:
    """The last day each point was sampled, up to a day."""
    rows = FieldRecord.objects.filter(task__point__in=ids, superseded_at=None)
    found = rows.values("task__point").annotate(last=Max("sampled_at"))
    days = {row["task__point"]: clock.local_day(row["last"]) for row in found}
    return {point: day for point, day in days.items() if day <= on}


def _read_at(points: Collection[Mapping[str, Any]], known_before: datetime | None = None) -> Hashable:
    return (tuple((one["point_id"], one["since"]) for one in points), known_before)


@once_a_pass(_read_at)
def starts(points: Collection[Mapping[str, Any]], known_before: datetime | None = None) -> dict[int, Start]:
    """From which day the period of each point counts where it was never sampled."""
    known = Q(superseded_at__isnull=True)
    if known_before is not None:
        known = Q(recorded_at__lt=known_before) & (known | Q(superseded_at__gte=known_before))
    wanted = {point["point_id"]: point for point in points}
    history: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    rows = PointVersion.objects.filter(known, point__in=list(wanted)).order_by("since")
    for point, since, months in rows.values_list("point_id", "since", "frequency_months"):
        if since <= wanted[point]["since"]:
            history[point].append((since, months))
    return {point: _start(held) for point, held in history.items()}


def _start(history: Sequence[tuple[date, int | None]]) -> Start:
    """The first day of the last unbroken stretch of one period."""
    start = Start(history[0][0])
    for (_before, former), (since, months) in zip(history, history[1:], strict=False):
        if months != former:
            start = Start(since, changed=True)
    return start


def due(point: Mapping[str, Any], last: date | None, rounds: Sequence[RoundDone], start: Start) -> Due:
    """When a point is sampled next, and why then.

    Self-monitoring is doubled after an abnormal round; a round whose results are not here leaves that open.
    """
    if last is not None and (not rounds or rounds[-1].on < last):
        rounds = [*rounds, RoundDone(last, Round.UNKNOWN)]
    if point["frequency_months"]:
        return _by_period(point, last, rounds) if last is not None else _first(point["frequency_months"], start)
    if point["kind"] not in BY_RULE:
        return Due(None, None, _("没有规定监测周期。"))
    found = by_rule(frequency.monitored(point), rounds)
    mark = _("（%(mark)s）") % {"mark": found.mark} if found.rules else ""
    return Due(found.day, found.day or found.at_the_latest, spoken(found.message) + mark)


def _first(months: int, start: Start) -> Due:
    day = after(start.day, months)
    said = {"months": months, "start": start.day, "day": day}
    if start.changed:
        return Due(day, day, _("从未采样；监测周期自 %(start)s 起为 %(months)s 个月，应于 %(day)s 前首次采样。") % said)
    return Due(day, day, _("从未采样；自点位启用 %(start)s 起 %(months)s 个月，应于 %(day)s 前首次采样。") % said)


def _by_period(point: Mapping[str, Any], last: date, rounds: Sequence[RoundDone]) -> Due:
    months = point["frequency_months"]
    now = Frequency.REGULAR
    if point["kind"] == Kind.SELF:
        now = frequency_after([each.outcome for each in rounds]).outcome
    day = after(last, months, parts=2 if now is Frequency.DOUBLED else 1)
    said = {"months": months, "last": last, "day": day}
    if now is Frequency.DOUBLED:
        return Due(day, day, _("上次采样 %(last)s，周期 %(months)s 个月因异常减半，应于 %(day)s 前再次采样。") % said)
    if now is Frequency.UNKNOWN:
        return Due(None, day, _("上次采样 %(last)s，以往有结果还不能判断，周期是否减半未知，最迟 %(day)s。") % said)
    return Due(day, day, _("上次采样 %(last)s，周期 %(months)s 个月，应于 %(day)s 前再次采样。") % said)


def dues(
    points: Collection[Mapping[str, Any]],
    last: Mapping[int, date],
    rounds: Mapping[int, Sequence[RoundDone]],
    known_before: datetime | None = None,
) -> dict[int, Due]:
    """When each point is due, by its FIELDS, the day it was sampled last, and its rounds."""
    begun = starts(points, known_before)
    found = {}
    for point in points:
        at = point["point_id"]
        found[at] = due(point, last.get(at), rounds.get(at, []), begun.get(at, Start(point["since"])))
    return found


def dues_on(points: Collection[Mapping[str, Any]], on: date) -> tuple[dict[int, date], dict[int, Due]]:
    """Of points on a day: when each was sampled last, and when it is due."""
    last = last_sampled([point["point_id"] for point in points], on)
    rounds = frequency.rounds_of_points([point["point_id"] for point in points if point["kind"] == Kind.SELF], on)
    return last, dues(points, last, rounds)
