"""A small county for the tests of monitoring: points in several media, one campaign that runs, records; by services.

    net = monitoring_world.county(world)
    net.points["paddy"], net.campaign, net.tasks["paddy"], net.records["paddy"], net.parallel

`world.people["laboratory"]` is somebody of a laboratory. Points stand in the grid of `land_world`, one a square.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import shapely

from desk.land_world import AT, SINCE, SOUTH, STEP_X, STEP_Y, WEST, place, square
from soildesk.core.models import Person, RoleGrant
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import (
    BackgroundVersion,
    Campaign,
    FieldRecord,
    PointVersion,
    SamplingTask,
)
from soildesk.monitoring.services import backgrounds, campaigns, custody, fieldwork, points, sampling
from soildesk.monitoring.services.custody import Handing
from soildesk.monitoring.services.sampling import Wanted

STARTED = datetime(2026, 10, 8, 1, 0, tzinfo=UTC)
SAMPLED = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
CALLED: Mapping[str, Mapping[str, Any]] = {
    "paddy": {"name": "柏庄水稻 1 号", "standard": "gb15618", "use": "paddy", "crop": "水稻", "kind": "routine", "level": "county"},
    "wheat": {"name": "柏庄小麦 2 号", "standard": "gb15618", "use": "other", "crop": "小麦", "kind": "joint", "level": "county"},
    "vegetable": {"name": "柏庄菜地 3 号", "standard": "gb15618", "use": "other", "kind": "risk", "level": "city"},
    "grain": {"name": "柏庄小麦 2 号（籽粒）", "medium": "produce", "crop": "小麦", "kind": "joint", "level": "county"},
    "plant": {"name": "原农药厂东侧", "standard": "gb36600", "use": "class_2", "planned_use": "0701", "kind": "perimeter", "level": "county"},
    "school": {"name": "小学预留地", "standard": "gb36600", "use": "class_1", "kind": "risk", "level": "county"},
    "deep": {"name": "原农药厂东侧（深层）", "standard": "gb36600", "use": "class_2", "kind": "perimeter", "level": "county", "depth_from_cm": 50, "depth_to_cm": 200},
    "well": {"name": "农药厂下游井", "medium": "groundwater", "standard": "gbt14848", "use": "III", "kind": "self", "level": "enterprise", "frequency_months": 6},
    "river": {"name": "东河断面", "medium": "surface_water", "kind": "routine", "level": "city", "openness": "exact"},
    "canal": {"name": "灌渠进水口", "medium": "irrigation", "standard": "gb5084", "use": "dryland", "kind": "routine", "level": "county"},
    "mud": {"name": "东河底泥", "medium": "sediment", "kind": "routine", "level": "county"},
    "clean": {"name": "东山背景点", "standard": "gb15618", "use": "other", "kind": "background", "level": "national", "openness": "cell"},
}  # fmt: skip
SAMPLED_KEYS = ("paddy", "wheat", "vegetable", "plant", "school", "deep")


@dataclass
class Network:
    """What stands. `tasks` and `records` by the name of their point; `parallel` is the blind parallel of `wheat`."""

    points: dict[str, PointVersion] = field(default_factory=dict)
    background: BackgroundVersion | None = None
    campaign: Campaign = field(default_factory=Campaign)
    tasks: dict[str, SamplingTask] = field(default_factory=dict)
    records: dict[str, FieldRecord] = field(default_factory=dict)
    parallel: SamplingTask | None = None


def spot(east: float, north: float) -> shapely.Point:
    """A place of the grid of `land_world`, in steps of about 200 m."""
    return shapely.Point(WEST + east * STEP_X, SOUTH + north * STEP_Y)


def point(world: Any, at: shapely.Point, *, since: date = SINCE, when: datetime = AT, **facts: Any) -> PointVersion:
    """One point of 柏庄镇, registered by the district's officer; soil of the county's routine where nothing else is said."""
    said = {"level": "county", "kind": "routine", "medium": "soil", "geometry": at, **facts}
    if said["medium"] == "soil":
        said = {"depth_from_cm": 0, "depth_to_cm": 20, **said}
    return points.register(said, place(world), since=since, by=world.actor("officer"), at=when)


def campaign(world: Any, **facts: Any) -> Campaign:
    """A campaign in draft."""
    said = {
        "title": "2026年秋季例行监测",
        "kind": "routine",
        "media": ["soil", "produce", "groundwater", "irrigation"],
        "analytes": ["ph", "cadmium", "mercury", "arsenic", "lead", "chromium"],
        "basis": "青禾区2026年工作方案",
        "laboratory": "云泽检测有限公司",
        "starts_on": date(2026, 10, 8),
        "ends_on": date(2026, 11, 30),
        **facts,
    }
    where = Place(world.district, world.departments["ecology"])
    return campaigns.make(said, where, by=world.actor("officer"), at=STARTED)


def record(world: Any, task: SamplingTask, *, who: str = "officer", at: datetime = LATER, **facts: Any) -> FieldRecord:
    """The field record of a task, taken at its point."""
    said = {
        "sampled_at": SAMPLED,
        "point": fieldwork.planned_place(task),
        "depth_from_cm": task.depth_from_cm,
        "depth_to_cm": task.depth_to_cm,
        "texture": "壤土",
        "colour": "黄棕",
        "readings": {"ph": "7.9"} if task.medium != "produce" else {},
        "sampler": "张采样",
        "witness": "李见证",
        **facts,
    }
    return fieldwork.record(task, said, by=world.actor(who), at=at)


def started(world: Any, called: Mapping[str, PointVersion], **facts: Any) -> tuple[Campaign, dict[str, SamplingTask]]:
    """A running campaign with one task at each of the points, kept by 柏庄镇."""
    officer = world.actor("officer")
    made = campaign(world, **facts)
    wanted = [Wanted(each, unit=world.towns["柏庄镇"]) for each in called.values()]
    tasks = sampling.plan(made, wanted, by=officer, at=STARTED)
    campaigns.start(made, by=officer, at=STARTED)
    made.refresh_from_db()
    return made, dict(zip(called, tasks, strict=True))


def send(world: Any, tasks: list[SamplingTask], *, at: datetime = LATER) -> None:
    """Samples handed to the driver and received by the laboratory."""
    officer = world.actor("officer")
    custody.hand_over(tasks, Handing("handed", SAMPLED, "张采样", "王司机", "完好", 4.0), by=officer, at=at)
    custody.hand_over(tasks, Handing("received", at, "王司机", "云泽检测 赵收样", "完好", 4.5), by=officer, at=at)


def laboratory(world: Any) -> Person:
    """Somebody of a laboratory: sends files, and sees no rows but his own."""
    person = Person.objects.create(username="laboratory", name="laboratory")
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.LABORATORY, division=world.district)
    return person


def county(world: Any) -> Network:
    """The whole of it: twelve points, a background, a campaign with seven samples taken and received and more to take."""
    made = Network()
    world.people["laboratory"] = laboratory(world)
    for index, (name, facts) in enumerate(CALLED.items()):
        made.points[name] = point(world, spot(index % 4 + 0.5, index // 4 + 0.5), **facts)
    made.background = backgrounds.register(
        {
            "name": "东山黑色页岩区", "analyte": "镉", "upper": "0.8", "document": "青禾区土壤地球化学调查报告（2024）",
            "geometry": square(3, 2),
        },
        place(world), since=SINCE, by=world.actor("officer"), at=AT,
    )  # fmt: skip
    wanted = {name: each for name, each in made.points.items() if each.medium in ("soil", "produce", "groundwater")}
    made.campaign, made.tasks = started(world, wanted)
    officer = world.actor("officer")
    (made.parallel,) = sampling.add_parallels(made.campaign, by=officer, at=LATER, of=[made.tasks["wheat"]])
    for name in SAMPLED_KEYS:
        made.records[name] = record(world, made.tasks[name])
    record(world, made.parallel)
    send(world, [*(made.tasks[name] for name in SAMPLED_KEYS), made.parallel])
    made.parallel.refresh_from_db()
    for task in made.tasks.values():
        task.refresh_from_db()
    return made
