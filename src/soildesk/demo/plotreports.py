"""The reports on the example's plots, round by round: handed in, checked, returned, reviewed, passed, made public, checked again.

What a report is passed with is the event of its plot: both are one act. Told through the services, each act on its day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from soildesk.core import clock
from soildesk.core.models import Department
from soildesk.core.permissions import Actor
from soildesk.demo import plotpanels
from soildesk.demo.monitoring import actor, moment
from soildesk.demo.people import rows
from soildesk.land.services.writing import Place
from soildesk.monitoring.models import Batch
from soildesk.plots.models import Plot, Report
from soildesk.plots.services import disclosure, reports, reporttargets, reviews
from soildesk.plots.services.events import Document
from soildesk.plots.services.reportevents import Passed
from soildesk.plots.services.reviews import Said

Row = Mapping[str, str]
Dated = tuple[date, Callable[[], Any]]
OFFICER, RESOURCES, CITY = "linlan", "tangyu", "luomin"
PAPER, LETTER = "地块报告.pdf", "评审意见.pdf"
ADDRESS = "https://example.org/tudi/%s"
DRAWN, SEED, SHARE = date(2026, 3, 5), "2026年3月4日“福彩3D”第2026053期 4 7 2（示例）", Decimal("0.2")
RECHECKED = date(2026, 4, 21)
SECOND_LOOK = "调阅原始采样记录和谱图，抽 2 个点位复采复测，与原报告一致，未发现问题。"
TARGETS = {  # what an evaluation says of its targets
    "原青禾化学试剂厂地块": (
        {"medium": "soil", "analyte": "砷", "target": "20", "unit": "mg/kg", "n": "24", "mean": "11.2", "ucl95": "12.9", "maximum": "18.4", "above": "0"},
        {"medium": "soil", "analyte": "氯仿", "target": "0.3", "unit": "mg/kg", "n": "24", "mean": "0.07", "ucl95": "0.11", "maximum": "0.24", "above": "0"},
    ),
    "原白鹭砷制剂厂地块": (
        {"medium": "soil", "analyte": "砷", "target": "20", "unit": "mg/kg", "n": "18", "mean": "19.1", "ucl95": "26.7", "maximum": "61.5", "above": "22.2"},
    ),
}  # fmt: skip
WITHDRAWN, RETURNED_IN_REVIEW = "withdrawn", "opinions"


@dataclass
class Reports:
    """The reports as they are told: where their plots lie and, by plot and event, the line of the table."""

    folder: Path
    place: Place
    plots: Mapping[str, Plot]
    ground: Callable[[str], BaseGeometry]
    held: dict[tuple[str, str], Report] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    actors: dict[tuple[str, date], Actor] = field(default_factory=dict)

    @cached_property
    def told(self) -> list[Row]:
        """Every line of the table."""
        return rows(self.folder / "报告.csv")

    @cached_property
    def passing(self) -> dict[tuple[str, str, str], Row]:
        """The lines of reports that were passed, by plot, event and day."""
        return {(row["地块"], row["事项"], row["通过"]): row for row in self.told if row["通过"]}

    @cached_property
    def paper(self) -> bytes:
        """The file that stands for every report."""
        return (self.folder / PAPER).read_bytes()

    @cached_property
    def letter(self) -> Document:
        """The paper of an office that reviewed."""
        return Document(LETTER, (self.folder / LETTER).read_bytes())

    def by(self, on: date, who: str = OFFICER) -> Actor:
        """Somebody of the example on a day."""
        if (who, on) not in self.actors:
            self.actors[who, on] = actor(who, on)
        return self.actors[who, on]

    def acts(self) -> list[Dated]:
        """Everything that happened to the reports but their passing, each on its day."""
        found = [one for row in self.told for one in self._of(row)]
        return [*found, (DRAWN, self._drawn), (RECHECKED, self._second_look)]

    def accept(self, row: Row, event: Row) -> None:
        """Passed, or filed: the event of the plot follows from it."""
        on = _day(row, "通过")
        filed = on if "filed" in event["内容"] else None
        statistics = {"reached": "passed", "not_reached": "failed"}.get(json.loads(row["内容"]).get("verdict", ""), "")
        letter = self.letter if row["层级"] else None
        passed = Passed(
            on, document=event["文号"], filed_on=filed, statistics=statistics, note=event["说明"], file=letter
        )
        reviews.accept(self._report(row), passed, by=self.by(on), at=moment(on, 15))

    def _report(self, row: Row) -> Report:
        return self.held[row["地块"], row["类别"]]

    def _of(self, row: Row) -> Sequence[Dated]:
        told: list[tuple[str, Callable[[Row, date], Any]]] = [
            ("提交", self._handed_in), ("退回", self._returned), ("再次提交", self._again), ("完整性审查", self._complete),
            ("评审", self._opinions), ("公开", self._published), ("上传", self._uploaded),
        ]  # fmt: skip
        return [(_day(row, key), partial(act, row, _day(row, key))) for key, act in told if row[key]]

    def _handed_in(self, row: Row, on: date) -> None:
        name = row["地块"]
        facts = {
            "title": row["名称"], "author": row["编制单位"], "author_code": row["统一社会信用代码"], "client": row["委托单位"],
            "credit_record": row["业绩登记号"], "finished_on": _day(row, "编制完成"), "use_system": "guide2023",
            "use_planned": row["规划用途"], "covers": self.ground(name), "contents": json.loads(row["内容"]),
            "explained": row["结论差异说明"], "density_explained": row["布点说明"],
        }  # fmt: skip
        by, at = self.by(on), moment(on)
        made = reports.register(self.plots[name], row["类别"], facts, by=by, at=at)
        self.held[name, row["类别"]] = made
        if row["停在"] == "draft":
            return
        reports.attach(made, data=self.paper, name=f"{row['名称']}.pdf", by=by, at=at)
        reports.submit(made, by=by, at=at, on=on)
        if row["类别"] == "effect_evaluation":
            self._targets(made, name, by, at)
        if (name, row["类别"]) in plotpanels.FORMS:
            plotpanels.fill_forms(made, 1, by=by, at=at)

    def _targets(self, report: Report, name: str, by: Actor, at: datetime) -> None:
        for told in TARGETS.get(name, ()):
            numbers = {key: Decimal(told[key]) for key in ("target", "n", "mean", "ucl95", "maximum", "above")}
            reporttargets.put(report, {**told, **numbers}, by=by, at=at)

    def _returned(self, row: Row, on: date) -> None:
        act = reports.withdraw if row["停在"] == WITHDRAWN else reports.give_back
        act(self._report(row), row["退回意见"], by=self.by(on), at=moment(on))

    def _again(self, row: Row, on: date) -> None:
        held, by, at = self._report(row), self.by(on), moment(on)
        reports.attach(held, data=self.paper, name=f"{row['名称']}（修改稿）.pdf", by=by, at=at)
        held = reports.submit(held, by=by, at=at, on=on)
        if (row["地块"], row["类别"]) in plotpanels.FORMS:
            plotpanels.fill_forms(held, 2, by=by, at=at)

    def _complete(self, row: Row, on: date) -> None:
        held, by, at = self._report(row), self.by(on), moment(on)
        if row["地块"] in self.batches and row["类别"] == "preliminary":
            reports.bind(held, [self.batches[row["地块"]]], by=by, at=at)
        reports.complete(held, by=by, at=at)
        plotpanels.ask(held, row, by=by, at=moment(on, 14))

    def _opinions(self, row: Row, on: date) -> None:
        """Both sides of the level that reviews, after the panel where one met; one side still thinks where it runs."""
        held = self._report(row)
        plotpanels.sit(held, row, by=self.by(on), at=moment(on, 9))
        level, runs = row["层级"], row["停在"] == RETURNED_IN_REVIEW
        if not level:
            return
        reviews.opine(
            held, self._ecology(row, level), by=self.by(on, CITY if level == "city" else OFFICER), at=moment(on, 10)
        )
        if not runs:
            who = RESOURCES if level == "county" else OFFICER
            reviews.opine(held, self._resources(row, level), by=self.by(on, who), at=moment(on, 11))

    def _ecology(self, row: Row, level: str) -> Said:
        on = _day(row, "评审")
        return Said("pass", "同意专家评审意见。", on) if level != "province" else self._on_paper(row, "ecology", on)

    def _resources(self, row: Row, level: str) -> Said:
        on = _day(row, "评审")
        return (
            Said("pass", "规划用途与控制性详细规划一致。", on)
            if level == "county"
            else self._on_paper(row, "resources", on)
        )

    def _on_paper(self, row: Row, side: str, on: date) -> Said:
        authority = row["生态环境部门" if side == "ecology" else "自然资源部门"]
        document = f"{'环' if side == 'ecology' else '自然资'}评审〔{on.year}〕{on:%m%d}号（示例）"
        return Said(
            "pass", "同意通过评审。", on, document, authority=authority, side=side, level=row["层级"], file=self.letter
        )

    def _published(self, row: Row, on: date) -> None:
        held = self._report(row)
        until = _day(row, "公开截止") if row["公开截止"] else None
        disclosure.publish(held, on, until, ADDRESS % held.number, by=self.by(on), at=moment(on))

    def _uploaded(self, row: Row, on: date) -> None:
        held = self._report(row)
        receipt = f"QGDK-{on:%Y%m%d}-{held.pk:04d}（示例）"
        disclosure.uploaded(held, receipt, on, by=self.by(on), at=moment(on))

    def _drawn(self) -> None:
        disclosure.draw(self.place, DRAWN.year - 1, SHARE, SEED, by=self.by(DRAWN), at=moment(DRAWN))

    def _second_look(self) -> None:
        by = self.by(RECHECKED)
        drawn = sorted(disclosure.drawn_numbers(by))
        held = Report.objects.get(number=drawn[0])
        disclosure.rechecked(held, SECOND_LOOK, by=by, at=moment(RECHECKED))


def _day(row: Row, key: str) -> date:
    return date.fromisoformat(row[key])


def office_place(name: str) -> Place:
    """The place of an office."""
    office = Department.objects.select_related("division").get(name=name)
    return Place(office.division, office)


def until_today(acts: Sequence[Dated]) -> None:
    """Do what lies behind us, in the order of the days."""
    for on, act in sorted(acts, key=lambda each: each[0]):
        if on <= clock.today():
            act()
