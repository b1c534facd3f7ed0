"""A made-up survey for the tests of pictures: points over some kilometres with a pattern in the ground, and a plot in depth.

made = picture_world.survey(world)          # judged
made.campaign, made.points, made.values["cadmium"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import judging_world as rows
import numpy as np

from soildesk.monitoring.models import Campaign, Point, PointVersion, Result, SamplingTask
from soildesk.monitoring.services import judging

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 114.30, 34.70, 0.0065
"""Degrees; a step is about 600 m."""
REACH = 3.5
"""Steps up to which the ground is alike."""
TOWNS = ("柏庄镇", "军庄镇", "清水乡")
KINDS = ("routine", "risk", "baseline")


@dataclass
class Survey:
    """What was made: contents by analyte in the order of the points."""

    campaign: Campaign
    points: list[Point]
    values: dict[str, list[Any]] = field(default_factory=dict)
    results: dict[tuple[str, str], Result] = field(default_factory=dict)


def pattern(count: int, seed: int = 3) -> tuple[np.ndarray, dict[str, list[Any]]]:
    """Places on a shaken grid and contents: cadmium, lead and zinc rise and fall together with the ground, the others do not."""
    random = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)[:count]
    places = grid + random.uniform(-0.3, 0.3, grid.shape)
    far = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1)) / REACH
    alike = np.where(far < 1, 1 - 1.5 * far + 0.5 * far**3, 0.0)  # spherical, in steps of the grid
    ground = np.linalg.cholesky(alike + 1e-6 * np.eye(count)) @ random.normal(0, 1, count)
    cadmium = np.exp(np.log(0.2) + 0.45 * ground + random.normal(0, 0.12, count))
    values: dict[str, list[Any]] = {
        "cadmium": [round(float(one), 3) for one in cadmium],
        "lead": [round(float(one), 1) for one in 24 * (cadmium / 0.2) ** 0.6 * np.exp(random.normal(0, 0.1, count))],
        "zinc": [round(float(one), 1) for one in 62 * (cadmium / 0.2) ** 0.4 * np.exp(random.normal(0, 0.1, count))],
        "arsenic": [round(float(one), 2) for one in np.exp(np.log(8.5) + random.normal(0, 0.25, count))],
        "mercury": ["<0.02" if one < 0.02 else round(float(one), 3) for one in np.exp(np.log(0.035) + random.normal(0, 0.6, count))],
        "ph": [round(float(one), 1) for one in 6.1 + 0.9 * places[:, 0] / side + random.normal(0, 0.15, count)],
    }  # fmt: skip
    return places, values


def survey(world: Any, count: int = 100, *, judged: bool = True, **facts: Any) -> Survey:
    """A survey of farmland in one round, its results accepted and judged."""
    places, values = pattern(count)
    of = rows.campaign(world, date(2026, 9, 15), **{"title": "2026年农用地土壤详查", "kind": "detailed", **facts})
    into, points = rows.batch(world, of), []
    made = Survey(of, points, values)
    for at, (x, y) in enumerate(places.tolist()):
        points.append(
            rows.point(
                world, f"JC-990101-{at + 1:04d}", x=WEST + x * STEP, y=SOUTH + y * STEP * 0.83, town=TOWNS[at % 3],
                name=f"详查 {at + 1} 号", use="paddy" if at % 4 else "other", kind=KINDS[at % 3],
                depth_from_cm=0, depth_to_cm=20,
            )
        )  # fmt: skip
    tasks = _sampled(world, of, points)
    new = [
        _row(into, task, slug, held[at]) for at, task in enumerate(tasks) for slug, held in values.items()
    ]  # fmt: skip
    for one in Result.objects.bulk_create(new):
        made.results[one.point.number, one.analyte] = one  # type: ignore[union-attr]
    if judged:
        judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    return made


def _sampled(world: Any, of: Campaign, points: Sequence[Point]) -> list[SamplingTask]:
    held = {one.point_id: one for one in PointVersion.objects.filter(point__in=points)}
    return SamplingTask.objects.bulk_create(
        SamplingTask(
            campaign=of, point=one, code=f"Y{of.pk}-{one.number[-4:]}", medium="soil", state="received",
            depth_from_cm=0, depth_to_cm=20, division_path=held[one.pk].division_path, planned_at=held[one.pk].geometry,
            owner_department=world.departments["ecology"],
        )
        for one in points
    )  # fmt: skip


def _row(into: Any, task: SamplingTask, slug: str, value: Any, on: date = date(2026, 9, 18)) -> Result:
    censored = isinstance(value, str)
    return Result(
        batch=into, task=task, point=task.point, sample=task.code, analyte=slug, printed=str(value), medium=task.medium,
        value=None if censored else value, unit="" if slug == "ph" else "mg/kg", censored=censored,
        detection_limit=float(value[1:]) if censored else None, sampled_on=on, row=1, recorded_at=AT,
        division_path=task.division_path, owner_department_id=task.owner_department_id,
    )  # fmt: skip


def deep_plot(world: Any, contents: Mapping[tuple[int, int], Any], *, holes: int = 2) -> tuple[Campaign, list[Point]]:
    """A plot drilled in some holes: arsenic by depth in centimetres, judged as construction land."""
    of = rows.campaign(world, date(2026, 8, 3), title="原农药厂地块初步调查", kind="survey")
    into, points = rows.batch(world, of), []
    for hole in range(holes):
        at = rows.point(
            world, f"JC-990101-9{hole:03d}", x=WEST + 0.02 + hole * 0.0004, y=SOUTH + 0.02, name=f"钻孔 S{hole + 1}",
            use="class_1", planned_use="070102", kind="effect",
        )  # fmt: skip
        points.append(at)
        for (top, bottom), value in contents.items():
            task = rows.sample(world, of, at, date(2026, 8, 5))
            SamplingTask.objects.filter(pk=task.pk).update(depth_from_cm=top, depth_to_cm=bottom)
            given = value if isinstance(value, str) else round(value * (1 - 0.2 * hole), 2)
            rows.result(into, task, "arsenic", given)
    judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
    return of, points


def rounds(world: Any, point: Point, contents: Mapping[int, Any], analyte: str = "cadmium", **more: Any) -> None:
    """One result a year at a point, each in a round of its own, judged."""
    for year, value in contents.items():
        of = rows.campaign(world, date(year, 5, 10))
        rows.results(world, of, {point: {analyte: value, **more}})
        judging.judge(of, "accepted", by=world.actor("officer"), at=AT)
