"""Construction-land plots for tests, made by services: plots with ground, events that lead them to any stage, lists.

    made = plot_world.Plots(world)
    farm = made.plot("原青禾农药厂地块", square(0, 0))
    made.to(farm, "S5")                        # by the events that lead there, on days one after the other
    made.event(farm, "roster_listed", date(2026, 6, 1))
    released = made.released(made.plot("粮库地块", square(1, 0)), covered=square(1, 0, 0.5))

`made.event` tells an event well: the facts its guards ask for are filled in, and `facts` say otherwise.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client
from shapely.geometry.base import BaseGeometry

from desk.land_world import SINCE, place
from soildesk.land.services.writing import Place
from soildesk.plots.models import ListNotice, Plot, PlotEvent, PlotVersion
from soildesk.plots.services import events, lists, plots
from soildesk.plots.services.events import Document, Told
from soilrules.enterprises.lists import Level
from soilrules.plots.explore import good_facts
from soilrules.plots.lifedata import life_table
from soilrules.plots.lists import ListKey, plot_lists
from soilrules.plots.state import EventKind

COUNTY, CITY, PROVINCE = "青禾区生态环境局", "云泽市生态环境局", "云中省生态环境厅"
AUTHORITIES = {Level.COUNTY: COUNTY, Level.CITY: CITY, Level.PROVINCE: PROVINCE}
FIRST = date(2026, 2, 2)
BUILDER, EVALUATOR = "91990101MA000901XP", "91990101MA000902XQ"
PAPER = Document("公告.txt", "示例文件，纯属虚构。\n".encode())
PICTURE = Document("公告牌.txt", "示例照片，纯属虚构。\n".encode())
WAYS: dict[str, tuple[str, ...]] = {
    "outside": (),
    "S0": ("suspected_listed",),
    "S1": ("suspected_listed", "preliminary_begun"),
    "S2": ("suspected_listed", "preliminary_begun", "preliminary_exceeds"),
    "S3": ("suspected_listed", "preliminary_begun", "preliminary_exceeds", "polluted_listed", "detailed_exceeds"),
}
WAYS["S4"] = (*WAYS["S3"], "assessed_control")
WAYS["S5"] = (*WAYS["S3"], "assessed_remediation")
WAYS["S6"] = (
    *WAYS["S5"],
    "roster_listed",
    "remediation_plan_filed",
    "works_begun",
    "works_finished",
    "evaluation_begun",
)
WAYS["removed"] = (*WAYS["S6"], "effect_reached", "removal_applied", "removal_decided")
WAYS["released"] = ("suspected_listed", "preliminary_begun", "preliminary_within")
"""The events that lead a plot to a stage."""


class Plots:
    """Makes plots of 青禾区 as its officer."""

    def __init__(self, world: Any) -> None:
        self.world = world

    @property
    def officer(self) -> Any:
        """Whoever writes."""
        return self.world.actor("officer")

    def plot(
        self, name: str, shape: BaseGeometry, *, since: date = SINCE, town: str = "柏庄镇", at: datetime | None = None,
        **facts: Any,
    ) -> PlotVersion:  # fmt: skip
        """A plot of a town that nothing has happened to."""
        said = {"name": name, "geometry": shape, **facts}
        return plots.register(said, place(self.world, town), since=since, by=self.officer, at=at or noon(since))

    def event(
        self,
        plot: PlotVersion | Plot,
        kind: str,
        on: date,
        *,
        at: datetime | None = None,
        covered: Any = None,
        **facts: Any,
    ) -> PlotEvent:
        """An event, told well."""
        of = plot.plot if isinstance(plot, PlotVersion) else plot
        return events.record(of, told(kind, on, covered=covered, **facts), by=self.officer, at=at or noon(on))

    def to(self, plot: PlotVersion, stage: str, *, first: date = FIRST, covered: Any = None) -> PlotVersion:
        """The plot led to a stage, one event a day from `first` on."""
        for number, kind in enumerate(WAYS[stage]):
            self.event(plot, kind, first + timedelta(days=number), covered=covered)
        return plot

    def released(self, plot: PlotVersion, *, on: date = FIRST, covered: Any = None) -> PlotVersion:
        """The plot released by a survey within limits, whose report covers the whole of it unless another ground is given."""
        whole = plot.geometry if covered is None else covered
        return self.to(plot, "released", first=on - timedelta(days=2), covered=whole)

    def notice(self, key: str, since: date, *, paper: bool = True, **facts: Any) -> ListNotice:
        """A notice by which whoever decides a list decided, registered with its paper."""
        level = max(plot_lists()[ListKey(key)].deciders, key=list(Level).index)
        count = ListNotice.objects.count() + 1
        said = {
            "list_key": key, "number": f"云环公告〔{since.year}〕{count}号", "title": f"{since.year}年第{count}批名单",
            "lot": f"第{count}批", "authority": AUTHORITIES[level], "level": str(level), "decided_on": since,
            "published_on": since, "since": since, **facts,
        }  # fmt: skip
        where = Place(self.world.district, self.world.departments["ecology"])
        made = lists.register(said, where, by=self.officer, at=noon(since))
        if paper:
            lists.attach(made, data=PAPER.data, name=PAPER.name, by=self.officer, at=noon(since))
        return made

    def listed(self, plot: PlotVersion, key: str, since: date, *, reason: str = "", **facts: Any) -> ListNotice:
        """The plot put on a list by a notice of its own."""
        notice = self.notice(key, since, **facts)
        lists.take_in(notice, [lists.Moved(plot.plot, True, reason)], by=self.officer, at=noon(since))
        return notice


def told(kind: str, on: date, *, covered: Any = None, **facts: Any) -> Told:
    """An event told well: decided by whoever may, with document, paper and every fact its guards ask for."""
    row = life_table().transitions[EventKind(kind)]
    level = max(row.by, key=list(Level).index, default=None)
    filled = {key: value for key, value in good_facts(row, on=on).items() if key not in ("number", "file", "reason")}
    papers = {key: PICTURE for key in filled if key == "signboard"}
    filled = {key: value for key, value in filled.items() if key not in papers}
    filled |= {"contractors": (BUILDER,)} if "contractors" in filled else {}
    filled |= {key: (EVALUATOR,) for key in ("evaluator", "consultant") if key in filled}
    filled |= {"residual_above_first_class": False} if row.sets_aftercare else {}
    return Told(
        kind=kind,
        on=on,
        authority=AUTHORITIES[level] if level else "",
        level=str(level or ""),
        document=f"云环〔{on.year}〕{on.timetuple().tm_yday}号",
        data={**filled, **facts},
        covered=covered if row.exit else None,
        note="示例",
        file=PAPER if "file" in row.facts else None,
        papers=papers,
    )


def browser(made: Plots, who: str = "officer") -> Client:
    """A browser of somebody of the made-up district."""
    return made.world.browser(who)


def noon(day: date) -> datetime:
    """Noon of a day in China."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
