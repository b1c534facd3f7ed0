"""Monitoring as people do it, for the tests of what plans name: points, campaigns and records by pages, results by command."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from fronts.conftest import Told
from soildesk.core.models import Division, Person
from soildesk.monitoring.models import Alert, Campaign, Point
from soildesk.plans.models import PlanTask

HEAD = ("样品编号", "分析项目", "检测值", "单位", "检出限", "采样日期", "分析日期", "介质")
WORDS = {"soil": "土壤", "produce": "农产品", "irrigation": "灌溉水", "groundwater": "地下水"}
LIMITS = {"镉": "0.001", "铬": "0.004", "pH": ""}
PDF = b"%PDF-1.4 retest"
Command = Callable[..., Told]


def sign_in(name: str) -> Client:
    """Somebody at the desk."""
    client = Client()
    client.force_login(Person.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def add_point(client: Client, name: str, at: tuple[float, float], *, since: str = "2026-01-05", **said: Any) -> Point:
    """Register a point by its form; of soil on farmland where nothing else is said."""
    facts = {"level": "county", "kind": "routine", "medium": "soil", **said}
    if town := facts.get("town"):
        facts["town"] = Division.objects.get(name=town, until=None).path
    if facts["medium"] == "soil":
        facts = {"depth_from_cm": 0, "depth_to_cm": 20, "standard": "gb15618", "use": "paddy", **facts}
    page = client.get(reverse("kit:collection_add", args=["points"]))
    day, why = (next(box.name for box in page.context["form"] if word in box.name) for word in ("since", "why"))
    sent = {"name": name, "geometry": f"POINT ({at[0]} {at[1]})", day: since, why: "布点方案批准", **facts}
    done = client.post(reverse("kit:collection_add", args=["points"]), sent)
    assert done.status_code == 302, done.content.decode()[-4000:]
    return Point.objects.latest("pk")


def send_out(client: Client, title: str, points: Mapping[str, Point], **said: Any) -> Campaign:
    """Plan a campaign at some points and start it, by its pages."""
    media = sorted({point.versions.get(superseded_at=None).medium for point in points.values()})
    facts = {
        "title": title, "kind": "routine", "stage": "", "suspected": "unknown", "media": media, "analytes": "pH、镉",
        "starts_on": "2026-05-01", "ends_on": "2026-11-30", "grade": "internal", "codes": "random",
        "parallel_percent": "0", "ground": "", "organiser": "", "town": "", **said,
    }  # fmt: skip
    made = client.post(reverse("monitoring:campaign_new"), facts)
    assert made.status_code == 302, made.context["form"].errors
    campaign = Campaign.objects.latest("pk")
    design = reverse("monitoring:campaign_design", args=[campaign.uid])
    chosen = {"step": "points", "point": [str(point.uid) for point in points.values()]}
    assert client.post(design, chosen).status_code == 302
    assert client.post(reverse("monitoring:campaign_start", args=[campaign.uid])).status_code == 302
    return campaign


def sample(client: Client, campaign: Campaign, day: str) -> None:
    """Take every sample of a campaign at its point, by the page for the field."""
    for task in campaign.tasks.filter(state="planned").select_related("point"):
        at = task.planned_at
        said = {
            "sampled_at": f"{day}T10:30", "sampler": "赵采样", "longitude": str(at.x), "latitude": str(at.y),
            "accuracy_m": "4", "depth_from_cm": _cm(task.depth_from_cm), "depth_to_cm": _cm(task.depth_to_cm),
            "place_reason": "界线图层没有本县",
        }  # fmt: skip
        done = client.post(reverse("monitoring:field_record", args=[task.uid]), said)
        assert done.status_code == 302, done.content.decode()[-3000:]


def _cm(depth: int | None) -> str:
    return "" if depth is None else str(depth)


def laboratory_file(path: Path, campaign: Campaign, given: Mapping[Point, Mapping[str, str]], day: str) -> Path:
    """What the laboratory sends: one line for each analyte of each sample, told by its code alone."""
    tasks = {task.point_id: task for task in campaign.tasks.all()}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for point, values in given.items():
            task = tasks[point.pk]
            for analyte, value in values.items():
                unit = "" if analyte == "pH" else "mg/kg" if task.medium in ("soil", "produce") else "mg/L"
                out.writerow((task.code, analyte, value, unit, LIMITS.get(analyte, ""), day, day, WORDS[task.medium]))
    return path


def take_in(soildesk: Command, path: Path, campaign: Campaign, user: str) -> None:
    """Take a laboratory's file in and accept it; the campaign is judged with that."""
    told = soildesk("results", "import", path, "--campaign", campaign.number, "--accept", "--reason",
                    "报告随后补送", "--as", user, "--json")  # fmt: skip
    assert told.code == 0, told.out + told.err


def act(client: Client, alert: Alert, name: str, **said: Any) -> Any:
    """One act on a warning, by its page."""
    return client.post(reverse("monitoring:alert_act", args=[alert.uid, name]), {"note": "", **said})


def answer(client: Client, task: PlanTask, measure: str) -> str:
    """What the measures page says of a task after the office bound a measure of this room to it there."""
    client.post(f"/plans/tasks/{task.uid}/bind/", {"measure": f"monitoring.{measure}"})
    return told(client, task)


def told(client: Client, task: PlanTask) -> str:
    """What the measures page says of a task now; rows lead to their records, which is left out."""
    page = client.get(f"/plans/{task.plan.uid}/measures/").content.decode()
    start = page.index(f"/plans/tasks/{task.uid}/")
    return re.sub(r"</?a\b[^>]*>", "", page[start : page.index("</tr>", start)])


def offered(client: Client, task: PlanTask) -> str:
    """The rows of the measures page that offer a measure for a task."""
    page = client.get(f"/plans/{task.plan.uid}/measures/").content.decode()
    rows = page.split("<tr>")
    return "".join(row for row in rows if f"/plans/tasks/{task.uid}/bind/" in row)
