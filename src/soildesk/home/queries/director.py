"""会前一览: what a director asks before a meeting, from the selections and queries of the other pages. A fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from soildesk.core.permissions import may
from soildesk.home.queries import today
from soildesk.home.queries.shorts import Short
from soildesk.kit.bars import Part, SharesBar
from soildesk.kit.figures import Asked, Desk, address, tile
from soildesk.kit.parts import Tile
from soildesk.plans.addresses import address as page_address
from soildesk.plans.queries.bars import PlanBar, plan_bars
from soildesk.plans.wording import TASK_STATES, days_words
from soildesk.supervision.queries import seen
from soilrules.deadlines.tasks import TaskState

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

WEEK = timedelta(days=7)
WEEKS = 4
REPORTS_AHEAD = timedelta(days=60)
MOST_LATE, MOST_UNITS, MOST_PLANS, MOST_REPORTS = 5, 8, 4, 6
LATE_REPORTS = "late=1"
UNSENT = "owed=yes&state=not_begun&state=draft&state=signed"
SHEET = "supervision.sheet"
COLOURED = "colour=blue&colour=yellow&colour=red"
ORDER = (
    TaskState.OVERDUE, TaskState.UNDER_WAY, TaskState.NOT_STARTED, TaskState.STANDING, TaskState.PENDING, TaskState.UNKNOWN,
    TaskState.DONE,
)  # fmt: skip


@dataclass(frozen=True)
class LateUnit:
    """A department with overdue matters."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Longest:
    """An overdue matter: what, whose, for how many days."""

    title: str
    url: str
    unit: str
    days: int


@dataclass(frozen=True)
class Bar:
    """A plan in force: its states as a bar and as numbers."""

    title: str
    url: str
    tasks: Tile
    drawing: SharesBar


@dataclass(frozen=True)
class Day:
    """One day of the calendar: how many open matters fall due; none before today is told."""

    on: date
    count: int
    url: str
    here: bool
    past: bool


@dataclass(frozen=True)
class Coming:
    """A report that is owed to somebody, with its day."""

    title: str
    url: str
    receiver: str
    when: str
    late: bool


@dataclass(frozen=True)
class Brief:
    """The page. What the actor may not see is left out."""

    red: Sequence[Tile]
    longest: Sequence[Longest]
    decide: Sequence[Short]
    proposed: Sequence[Tile]
    behind: Sequence[Tile]
    units: Sequence[LateUnit]
    units_more: int
    plans: Sequence[Bar]
    plans_more: int
    weeks: Sequence[Sequence[Day]]
    reports: Sequence[Coming]
    owed: Tile | None
    changes: Sequence[Tile]


def brief(actor: Actor, on: date, since: date) -> Brief:
    """What is red, who is behind, what waits for this person, what comes, what changed since a day."""
    desk, overdue = Desk(actor, on), seen.late_matters(actor, on)
    bars, more = plan_bars(actor, on, MOST_PLANS) if may(actor, "plans.read") else ([], 0)
    red, proposed, behind, changes = _red(), _proposed(), _behind(), _changes(on, since)
    owed = Asked(_("60日内应报"), "report_dues", f"{UNSENT}&due_from={on}&due_to={on + REPORTS_AHEAD}", "warn")
    told = desk.counted([*red, *proposed, *behind, *changes, owed])
    sheets = [one for one in overdue if one["kind"] == SHEET]
    fresh = [one for one in overdue if one["due"] >= since]
    late_sheets = tile(Asked(_("调度逾期"), "matters", f"show=late&kind={SHEET}", "bad"), len(sheets), on)
    units = _units(overdue, on)
    return Brief(
        red=[tile(Asked(_("逾期事项"), "matters", "show=late", "bad"), len(overdue), on), *_told(red, told)],
        longest=[_longest(row, on) for row in overdue[:MOST_LATE]],
        decide=today.decisions(actor, on),
        proposed=[one for one in _told(proposed, told) if one.count],
        behind=[one for one in [*_told(behind, told), late_sheets] if one.count],
        units=units[:MOST_UNITS],
        units_more=max(0, len(units) - MOST_UNITS),
        plans=[_bar(one, on) for one in bars],
        plans_more=more,
        weeks=_weeks(actor, on),
        reports=_reports(desk, owed),
        owed=told.get(owed),
        changes=[tile(_newly_late(on, since), len(fresh), on), *_told(changes, told)],
    )


def _told(asked: Sequence[Asked], told: Mapping[Asked, Tile]) -> list[Tile]:
    return [told[one] for one in asked if one in told]


def _units(overdue: Sequence[Mapping[str, Any]], on: date) -> list[LateUnit]:
    """The departments with overdue matters, the most first."""
    counted = Counter((row["unit_name"], row["unit_id"]) for row in overdue)
    return [
        LateUnit(name, n, address("matters", f"show=late&unit={pk}", on))
        for (name, pk), n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _longest(row: Mapping[str, Any], on: date) -> Longest:
    url = page_address("kit:record", "matters", str(row["uid"]), on=on)
    return Longest(row["title"], url, row["unit_name"], (on - row["due"]).days)


def _newly_late(on: date, since: date) -> Asked:
    return Asked(_("新逾期"), "matters", f"show=late&due_from={since}&due_to={on - timedelta(days=1)}", "bad")


def _red() -> list[Asked]:
    return [
        Asked(_("红色督办单未答复"), "slips", "colour=red&state=waiting", "bad"),
        Asked(_("督办单答复逾期"), "slips", "answered=late", "bad"),
        Asked(_("报表逾期未报"), "report_dues", LATE_REPORTS, "bad"),
        Asked(_("重要事项未办结"), "matters", "marked=important&show=open", "warn"),
        Asked(_("14日内到期"), "matters", "show=soon", "warn"),
        Asked(_("挂账中"), "matters", "marked=suspended", "busy"),
    ]


def _behind() -> list[Asked]:
    """What units owe those who supervise them."""
    return [
        Asked(_("调度表未签报"), "dispatch_sheets", "state=open&state=returned", "warn"),
        Asked(_("函件答复逾期"), "letters", "wait=late", "bad"),
        Asked(_("约谈整改逾期"), "talks", "late=1", "bad"),
    ]


def _proposed() -> list[Asked]:
    return [
        Asked(_("督办规则建议通报"), "slips", "proposes=circular&state=waiting", "warn"),
        Asked(_("督办规则建议提请约谈"), "slips", "proposes=talk&state=waiting", "warn"),
        Asked(_("考核待核查"), "assessments", "state=self_assessed", "warn"),
        Asked(_("考核有异议待答复"), "assessments", "state=objected", "warn"),
        Asked(_("约谈未举行"), "talks", "state=planned", "warn"),
        Asked(_("联席会议准备中"), "meetings", "state=preparing&state=called", "busy"),
    ]


def _changes(on: date, since: date) -> list[Asked]:
    """Each with the register's own filter of days, so that the number opens to its rows."""
    return [
        Asked(_("办结"), "matters", f"show=done&done_on_from={since}&done_on_to={on}", "good"),
        Asked(_("新发督办单"), "slips", f"{COLOURED}&on_from={since}&on_to={on}", "busy"),
        Asked(_("其中红色"), "slips", f"colour=red&on_from={since}&on_to={on}", "bad"),
        Asked(_("申请延期"), "extensions", f"asked_on_from={since}&asked_on_to={on}", "warn"),
        Asked(_("申请挂账"), "suspensions", f"asked_on_from={since}&asked_on_to={on}", "warn"),
        Asked(_("报出报表"), "reports", f"sent_on_from={since}&sent_on_to={on}", "good"),
    ]


def _bar(one: PlanBar, on: date) -> Bar:
    plan = str(one.uid)
    parts = [
        Part(
            one.states[state], TASK_STATES[state][0], str(TASK_STATES[state][2]),
            page_address("plans:ledger", on=on, plan=plan, state=str(state)),
        )
        for state in ORDER
        if one.states[state]
    ]  # fmt: skip
    every = Tile(_("任务"), one.tasks, page_address("plans:ledger", on=on, plan=plan))
    return Bar(one.title, page_address("plans:overview", plan, on=on), every, SharesBar(one.title, parts))


def _weeks(actor: Actor, on: date) -> list[list[Day]]:
    monday = on - timedelta(days=on.weekday())
    days = [monday + timedelta(days=n) for n in range(7 * WEEKS)]
    due = seen.due_by_day(actor, on, days[-1])
    told = [
        Day(day, due.get(day, 0), address("matters", f"show=open&due_from={day}&due_to={day}", on), day == on, day < on)
        for day in days
    ]
    return [told[n : n + 7] for n in range(0, len(told), 7)]


def _reports(desk: Desk, asked: Asked) -> list[Coming]:
    late = desk.first_rows(Asked("", "report_dues", LATE_REPORTS), MOST_REPORTS, "due")
    coming = desk.first_rows(asked, MOST_REPORTS, "due")
    return [
        Coming(
            f"{row['title']} {row['period']}".strip(), row["_url"], row["receiver"],
            f"{row['due']} {days_words((row['due'] - desk.on).days)}", is_late,
        )
        for rows, is_late in ((late, True), (coming, False))
        for row in rows
    ]  # fmt: skip
