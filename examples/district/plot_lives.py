"""What happened to each plot of the made-up district, day by day, from how far it came; used by make_plots.py."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from make_enterprises import code_of
from plot_stories import FROM_CANDIDATE, PESTICIDE, STORIES, Story

LAST = date(2026, 11, 18)
FIRST_LOAD = date(2023, 3, 15)
COUNTY, CITY, PROVINCE = "青禾区生态环境局", "云泽市生态环境局", "示例省生态环境厅"
LEVELS = {"county": COUNTY, "city": CITY, "province": PROVINCE}
LOTS = {  # the days of the notices of each list, lot after lot
    "suspected": ("2019-12-10", "2021-06-15", "2023-05-18", "2024-10-22", "2025-06-05", "2025-09-10", "2026-03-25", "2026-09-30"),
    "polluted": ("2020-11-20", "2021-12-15", "2022-11-18", "2023-12-12", "2024-12-10", "2025-12-09", "2026-10-15"),
    "roster": ("2021-03-31", "2021-11-30", "2022-06-30", "2022-12-20", "2023-06-28", "2023-12-22", "2024-06-27", "2024-12-24", "2025-06-26", "2025-12-18", "2026-06-25", "2026-11-12"),
    "negative": ("2022-04-12", "2024-04-15", "2026-04-20"),
    "priority": ("2023-09-20", "2026-05-15"),
}  # fmt: skip
DECIDED_BY = {"suspected": "county", "polluted": "city", "roster": "province", "negative": "county", "priority": "county"}  # fmt: skip
CONTROLLER, REMEDIATOR, EVALUATOR = (code_of(number) for number in (202, 203, 204))
CONSULTANTS = {
    code_of(201): "云泽青衡环境咨询有限公司",
    code_of(205): "示例省土壤环境技术中心",
    code_of(208): "云泽绿苗环保服务有限公司",
}
ASSESSED = {
    "control": "assessed_control",
    "remediation": "assessed_remediation",
    "control_and_remediation": "assessed_both",
}
WITHIN = {"exceeds": False, "density": "meets", "ecology_opinion": "passed", "resources_opinion": "passed"}
EXCEEDS = {**WITHIN, "exceeds": True}


HURRIED = (  # plots surveyed by the consultant whose reports often come back
    "原城关农机修造厂地块", "原北湖玻璃钢厂地块", "原北湖造纸厂地块", "北湖垃圾填埋场旧址地块", "原柳溪造漆厂地块", "原柳溪铅锌选矿厂地块",
    "新苑北路加油加气站地块", "原北湖船舶修理厂地块", "原城关皮件厂地块", "白鹭医药中间体旧厂区地块", "原北湖水泥厂地块",
)  # fmt: skip


def consultant_of(plot: str) -> str:
    """The credit code of whoever surveys a plot."""
    often, seldom, hurried = CONSULTANTS
    if plot in HURRIED:
        return hurried
    return seldom if [story.name for story in STORIES].index(plot) % 3 == 0 else often


@dataclass(frozen=True)
class Happened:
    """One event of a plot; `listed`: the list whose notice tells it."""

    plot: str
    kind: str
    on: date
    level: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    listed: str = ""
    note: str = ""


def next_lot(key: str, on: date) -> date | None:
    """The day of the next notice of a list."""
    return next((day for day in map(date.fromisoformat, LOTS[key]) if day >= on), None)


class Life:
    """The events of one plot, one after the other."""

    def __init__(self, story: Story) -> None:
        self.story, self.events, self.on = story, list[Happened](), story.start
        self.draw = random.Random(story.name)  # noqa: S311
        self.column = "first" if story.planned.startswith(("0701", "0803", "0804")) else "second"

    def happens(self, kind: str, days: tuple[int, int], level: str = "", note: str = "", **facts: Any) -> None:
        """An event some days after the last one."""
        self.on += timedelta(self.draw.randint(*days))
        self.events.append(Happened(self.story.name, kind, self.on, level, facts, note=note))

    def listed(self, kind: str, key: str, *, after: date | None = None, note: str = "") -> None:
        """The next notice of a list tells it; without `after` what follows comes later."""
        day = next_lot(key, after or self.on)
        if day is None or day > LAST:
            return
        self.events.append(Happened(self.story.name, kind, day, listed=key, note=note))
        if after is None:
            self.on = day

    def report(self, what: str) -> str:
        """What a report is called."""
        return f"{self.story.name}{what}"

    def suspected(self) -> None:
        """Suspicion, and the survey begun."""
        self.listed("suspected_listed", "suspected", note=f"原为行业代码 {self.story.industry} 企业用地，已停产或搬迁")

    def surveyed(self, kind: str, said: Mapping[str, Any], days: tuple[int, int] = (60, 120)) -> None:
        """A survey accepted by both bureaus."""
        what = "土壤污染状况初步调查报告" if kind.startswith("preliminary") else "土壤污染状况详细调查报告"
        level = "county" if kind.startswith("preliminary") else "city"
        self.happens(kind, days, level, **{**said, "report": self.report(what), "column": self.column, "filed": True})

    def preliminary(self, kind: str) -> None:
        """From suspicion to a preliminary survey."""
        self.suspected()
        self.happens("preliminary_begun", (30, 70), consultant=[consultant_of(self.story.name)])
        self.surveyed(kind, WITHIN if kind.endswith("within") else EXCEEDS)

    def polluted(self) -> None:
        """From suspicion onto the register of polluted plots."""
        self.preliminary("preliminary_exceeds")
        self.listed("polluted_listed", "polluted", note=f"{self.story.pollutants.split('、')[0]}超过筛选值")
        self.beside()

    def beside(self) -> None:
        """The lists beside the way."""
        if not self.story.carried:
            self.listed(
                "suspected_left", "suspected", after=self.on + timedelta(1), note="已列入污染地块名录，转入后续管理"
            )
        if self.story.negative:
            self.listed("negative_listed", "negative", after=self.on, note="修复完成前不得开发利用")
        if self.story.priority:
            self.listed("priority_listed", "priority", after=self.on, note="位于敏感目标上风向或上游")

    def assessed(self) -> None:
        """The province's review of the assessment, and its roster."""
        verdict = self.story.works
        kind = ASSESSED[verdict]
        self.happens(kind, (60, 110), "province", report=self.report("土壤污染风险评估报告"), verdict=verdict)
        self.listed("roster_listed", "roster", note="经评审需要实施风险管控、修复")

    def works(self) -> None:
        """Plans filed and works begun."""
        for work in self.story.works.split("_and_"):
            self.happens(f"{work}_plan_filed", (30, 70), complete=True, filed=True)
        doers = [CONTROLLER] if self.story.works == "control" else [REMEDIATOR]
        board = {} if self.story.works == "control" else {"signboard": "厂区东门入口处公告牌"}
        self.happens("works_begun", (15, 40), contractors=doers, **board)

    def evaluated(self, finished: date | None = None) -> None:
        """Works finished and their effect in evaluation."""
        if finished:
            self.on = max(self.on, finished)
        self.happens("works_finished", (0, 40) if finished else (180, 260))
        self.happens("evaluation_begun", (15, 30), evaluator=[EVALUATOR])

    def reached(self, verdict: str = "reached") -> None:
        """What the evaluation says."""
        said = {"report": self.report("修复效果评估报告"), "verdict": verdict}
        if verdict == "reached":
            said |= {"statistics": "passed", "evaluator": [EVALUATOR], "filed": True}
            said |= {"column": self.column, "residual_above_first_class": False}
        self.happens(f"effect_{verdict}", (70, 110), **said)

    def removed(self) -> None:
        """Off the roster by the province."""
        self.happens("removal_applied", (10, 25), safe_for_use=True)
        note = "效果评估达到目标，可以安全利用"
        self.listed("removal_decided", "roster", note=note)
        self.listed("polluted_left", "polluted", after=self.on, note="已移出风险管控和修复名录")


def life(story: Story) -> list[Happened]:
    """Everything that happened to a plot after the first load, in order."""
    one = Life(story)
    if story.carried:
        one.on = FIRST_LOAD
    _WAYS.get(story.way, _to_works)(one)
    found = [event for event in one.events if event.on <= LAST]
    return sorted(found, key=lambda event: event.on)


def _none(_one: Life) -> None:
    pass


def _required(one: Life) -> None:
    one.happens("survey_required", (2, 5), "county", note="拟收回土地使用权，规划改变用途")


def _dismissed(one: Life) -> None:
    one.suspected()
    one.listed("suspicion_dismissed", "suspected", after=one.on + timedelta(1), note="现场核实为食品发酵，无有毒有害物质")  # fmt: skip


def _within(one: Life) -> None:
    one.preliminary("preliminary_within")
    one.listed("suspected_left", "suspected", after=one.on, note="调查结论为未超标")


def _detailed_within(one: Life) -> None:
    one.polluted()
    one.surveyed("detailed_within", WITHIN, (120, 180))
    one.listed("polluted_left", "polluted", after=one.on, note="详细调查结论为未超标")


def _no_control(one: Life) -> None:
    one.polluted()
    one.surveyed("detailed_exceeds", EXCEEDS, (120, 180))
    said = {"report": one.report("土壤污染风险评估报告"), "verdict": "no_control"}
    one.happens("assessed_no_control", (60, 110), "province", **said)
    one.listed("polluted_left", "polluted", after=one.on, note="风险可接受，不需管控、修复")


def _to_s1(one: Life) -> None:
    one.suspected()
    one.happens("preliminary_begun", (30, 55), consultant=[consultant_of(one.story.name)])


def _to_works(one: Life) -> None:
    """S3 and beyond, from where the first load left it."""
    story = one.story
    if story.carried in ("", "S2"):
        _to_assessment(one)
    if story.way == "S3":
        return
    if story.carried == "S3":
        one.beside()
    if story.carried in ("", "S3"):
        one.assessed()
    if story.carried != "S6" and story.name not in (WAITS_FOR_PLAN, WAITS_FOR_WORKS):
        one.works()
        _after_works(one)


def _to_assessment(one: Life) -> None:
    if one.story.carried:
        one.listed("polluted_listed", "polluted", note="铅超过筛选值")
    else:
        one.polluted()
    one.surveyed("detailed_exceeds", EXCEEDS, (120, 180))


def _after_works(one: Life) -> None:
    story = one.story
    if story.name == MISSED:
        one.evaluated(date(2026, 3, 2))
        one.reached("not_reached")
    elif story.way == "S6":
        one.evaluated(date(2026, 4, 7) if story.name in EVALUATED else date(2026, 8, 25))
        if story.name in EVALUATED:
            one.reached()
            one.happens("removal_applied", (10, 25), safe_for_use=True)
    elif story.way in ("removed", "aftercare"):
        one.evaluated()
        one.reached()
        one.removed()
        if story.way == "aftercare":
            one.happens("aftercare_begun", (30, 60), plan="原青禾灯泡厂地块后期管理计划")


WAITS_FOR_PLAN, WAITS_FOR_WORKS = "原北湖造纸厂地块", "原河东电池厂地块"
MISSED = "原白鹭砷制剂厂地块"  # the works did not reach their target and go on
EVALUATED = ("原青禾化学试剂厂地块",)
_WAYS = {
    "S0": Life.suspected,
    "required": _required,
    "dismissed": _dismissed,
    "S1": _to_s1,
    "S2": Life.polluted,
    "within": _within,
    "detailed_within": _detailed_within,
    "no_control": _no_control,
}


def lives(stories: tuple[Story, ...]) -> Iterator[Happened]:
    """The events of all plots by day; a plot the first load tells whole has none."""
    whole = ("removed", "within", "no_control")
    events = [event for story in stories if story.carried not in whole for event in life(story)]
    yield from sorted(events, key=lambda event: event.on)


def written() -> Iterator[Mapping[str, str]]:
    """The written notices: one overdue, one withdrawn, one not received yet."""
    rows = (
        ("原站前农药仓库地块", "preliminary", "青环通〔2026〕3号", "青禾供销合作总社", "2026-03-30", "2026-04-02", "", ""),
        ("原城关加油站地块", "preliminary", "青环通〔2026〕7号", "青禾石化储运有限公司", "2026-06-01", "2026-06-03", "", ""),
        ("青禾化肥厂东侧收回地块", "preliminary", "青环通〔2026〕12号", "青禾区土地储备中心", "2026-07-16", "2026-07-20", "", ""),
        ("白鹭镇旧化肥库地块", "preliminary", "青环通〔2026〕4号", "白鹭镇供销合作社", "2026-04-08", "2026-04-10", "2026-04-20", "送达对象有误，应为白鹭供销社"),
        ("白鹭镇旧化肥库地块", "preliminary", "青环通〔2026〕9号", "白鹭供销社", "2026-06-08", "2026-06-10", "", ""),
        ("原新苑橡胶厂地块", "preliminary", "青环通〔2026〕15号", "新苑橡胶制品有限公司", "2026-10-12", "2026-10-15", "", ""),
        ("河东汽车修理城地块", "preliminary", "青环通〔2026〕17号", "河东汽车城管理有限公司", "2026-11-16", "", "", ""),
        (PESTICIDE, "stop", "青环停〔2026〕1号", "青禾城建置业有限公司", "2026-09-10", "2026-09-10", "", ""),
        (FROM_CANDIDATE, "preliminary", "青环通〔2026〕16号", "柳溪石油供应站", "2026-10-20", "2026-10-22", "", ""),
        ("原白鹭棉织厂地块", "preliminary", "青环通〔2025〕7号", "青禾区土地储备中心", "2025-06-10", "2025-06-12", "", ""),
    )  # fmt: skip
    heads = ("地块", "事项", "文号", "送达对象", "发出日期", "送达日期", "撤回日期", "撤回理由")
    for row in rows:
        yield dict(zip(heads, row, strict=True))
