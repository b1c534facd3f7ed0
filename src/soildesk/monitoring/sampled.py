"""What the field knows of the samples of a campaign: the only source of what a laboratory's sample code stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from soildesk.core import clock
from soildesk.monitoring.models import Campaign, FieldRecord, SamplingTask


@dataclass(frozen=True, slots=True)
class Sample:
    """One sampling task as the results of its sample need it."""

    task: int
    point: int | None
    medium: str
    depth_cm: str
    sampled_on: date | None
    role: str
    parallel_of: str
    dropped: bool
    division_path: str  # of its point, else of the campaign


def samples_of(campaign: Campaign) -> Mapping[str, Sample]:
    """Every sample of a campaign by its code."""
    days = {
        task: clock.local_day(at)
        for task, at in FieldRecord.objects.filter(task__campaign=campaign, superseded_at=None).values_list(
            "task_id", "sampled_at"
        )
    }
    rows = campaign.tasks.order_by("code").values_list(
        "pk",
        "code",
        "point_id",
        "medium",
        "depth_from_cm",
        "depth_to_cm",
        "role",
        "parallel_of__code",
        "state",
        "division_path",
    )
    return {
        code: Sample(
            pk, point, medium, _depth(top, bottom), days.get(pk), role, parallel or "",
            state == SamplingTask.State.DROPPED, place,
        )
        for pk, code, point, medium, top, bottom, role, parallel, state, place in rows.iterator(5_000)
    }  # fmt: skip


def _depth(top: int | None, bottom: int | None) -> str:
    return f"{top}-{bottom}" if top is not None and bottom is not None else ""
