"""The example's rounds of 调度: one closed in time, one closed with a unit missing and a sheet sent back, one under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from soildesk.core import clock
from soildesk.core.models import Department, Division, Person
from soildesk.demo.monitoring import actor, moment
from soildesk.land.services.writing import Place
from soildesk.plans.models import Plan
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.services import rounds, sheets
from soildesk.supervision.services.rounds import Opening
from soildesk.supervision.services.sheetwords import Words
from soilrules.deadlines.periods import period_of

CHIEF, OFFICE = "zhouzheng", "青禾区生态环境保护委员会办公室"
NOTE = "请核对台账带出的内容，补充存在问题和下一步安排。"
SLOW, NEVER, SENT_BACK = "青禾区林业局", "站前街道办事处", "青石镇人民政府"


@dataclass(frozen=True)
class Told:
    """One round: the day of the records, opened, due, closed (None: under way), how it ended, how many units have signed."""

    on: date
    opened: date
    due: date
    closed: date | None = None
    end: str = ""
    signed: int | None = None


ROUNDS = (
    Told(date(2026, 6, 20), date(2026, 6, 22), date(2026, 6, 26), date(2026, 6, 29)),
    Told(
        date(2026, 9, 20), date(2026, 9, 21), date(2026, 9, 27), date(2026, 10, 9),
        "站前街道未报，在全区通报中点名，并由区环委办提醒。",
    ),
    Told(date(2026, 11, 15), date(2026, 11, 16), date(2026, 12, 4), signed=9),
)  # fmt: skip
FREE = (
    {
        "problems": "部分点位在建设工地内，进场采样要与施工单位协调。",
        "following": "下月完成余下点位采样，结果报区生态环境局。",
        "help": "无",
    },
    {
        "problems": "乡镇经费到位晚，宣传材料没有印完。",
        "following": "经费到位后一周内发放到户。",
        "help": "请区财政局明确本季度经费拨付时间。",
    },
    {"problems": "无", "following": "按方案继续推进，月底前更新台账。", "help": "无"},
)


def tell() -> None:
    """Through the services people use, each act on its day; what lies ahead of today is left out."""
    office = Department.objects.select_related("division").get(name=OFFICE)
    place = Place(Division.objects.get(code="990101", until__isnull=True), office)
    for told in ROUNDS:
        if told.opened <= clock.today():
            _tell(told, place)


def _tell(told: Told, place: Place) -> None:
    by = actor(CHIEF, told.opened)
    plans = Plan.objects.owing_on(told.on).filter(division=place.division, kind=Plan.Kind.PLAN, year=told.on.year)
    names = [str(one.uid) for one in plans]
    opening = Opening(period_of(told.on, "quarter"), names, told.on, told.due, note=NOTE)
    one = rounds.open_round(opening, place, by=by, at=moment(told.opened, 9))
    for sheet, day in _signing(one, told):
        if day <= clock.today():
            _sign(sheet, day)
    if told.closed and told.closed <= clock.today():
        rounds.close_round(one, told.end, by=actor(CHIEF, told.closed), at=moment(told.closed, 16))


def _signing(one: DispatchRound, told: Told) -> Iterator[tuple[DispatchSheet, date]]:
    """Who signs when, the earlier day first: most in time, in the third quarter one late, one twice and one not at all."""
    rows = list(one.sheets.select_related("unit", "round__division").order_by("unit__division__path", "unit_id"))
    third = told.end != ""
    span = (told.due - told.opened).days
    days = []
    for at, sheet in enumerate(rows[: told.signed]):
        if third and sheet.unit.name == NEVER:
            continue
        late = third and sheet.unit.name == SLOW
        days.append(
            (sheet, told.due + timedelta(days=3) if late else told.opened + timedelta(days=1 + at % min(span, 5)))
        )
    yield from sorted(days, key=lambda pair: pair[1])


def _sign(sheet: DispatchSheet, day: date) -> None:
    _signed(sheet, day, 10)
    if sheet.unit.name == SENT_BACK and sheet.round.period == "2026Q3":
        back = day + timedelta(days=1)
        why = "采样任务写“正常开展”不够：请写明已采点位数和余下点位的完成时间。"
        sheets.send_back(sheet, why, by=actor(CHIEF, back), at=moment(back, 9))
        _signed(DispatchSheet.objects.select_related("unit", "round__division").get(pk=sheet.pk), back, 15)


def _signed(sheet: DispatchSheet, day: date, hour: int) -> None:
    username = (
        Person.objects.filter(department=sheet.unit, is_active=True)
        .order_by("id")
        .values_list("username", flat=True)
        .first()
    )
    unbound = [task for task in sheet.records["tasks"] if task["unbound"]]
    own = {task["uid"]: {"word": f"本期正常开展：{task['title'][:40]}。", "figure": ""} for task in unbound}
    words = Words(FREE[sheet.pk % len(FREE)], own)
    sheets.sign(sheet, words, by=actor(username or CHIEF, day), at=moment(day, hour))
