"""Divisions from CSV, their successions, departments, attributes, numbers, calendar."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from desk.conftest import DAY, World
from soildesk.core import audit, calendar, clock, divisions, numbers
from soildesk.core.divisions import DivisionsRefused
from soildesk.core.models import CalendarDay, Department, Division, NumberSequence
from soildesk.core.permissions import NotAllowed, system_actor
from soildesk.core.services import places
from soildesk.core.services.places import NewDepartment, PlaceRefused
from soilrules.deadlines import published_calendar

pytestmark = pytest.mark.store
BY = system_actor("test", DAY)
GOOD = """代码,名称,级别,上级,起,止
990000,示例省,省级,,,
990103,蓝湖区,县级,9901,2024-05-01,
990103001,湖滨街道,乡级,,,
990103001005,北村,村级,990103001,,
"""


def _fates(text: str) -> list[str]:
    return [verdict.fate for verdict in divisions.preview(text.encode()).verdicts]


def test_preview_tells_every_row_and_writes_nothing(world: World) -> None:
    before = Division.objects.count()
    found = divisions.preview(GOOD.encode("gb18030"))
    assert [verdict.fate for verdict in found.verdicts] == ["same", "new", "new", "new"]
    assert Division.objects.count() == before
    assert divisions.apply(found, by=BY, at=world.at)["new"] == 3
    village = Division.objects.get(code="990103001005")
    assert village.path == "99/9901/990103/990103001/990103001005/"
    assert village.parent.name == "湖滨街道"
    assert audit.verify().entries == 1
    assert _fates(GOOD) == ["same"] * 4


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("99010,短码区,县级,,,", "应为 6 位"),
        ("990104,无级区,区级,,,", "级别"),
        ("990104,,县级,,,", "名称"),
        ("980101,孤区,县级,,,", "上级"),
        ("990104,某区,县级,970000,,", "上级"),
        ("990104,某区,县级,,2024-5-1,", "日期"),
        ("990104,某区,县级,,2024-05-01,2023-01-01", "止日"),
        ("990101,新名区,县级,,,", "起日"),
        ("9901xx,某区,县级,,,", "数字"),
        ("990103,重区,县级,,,", "重复"),
    ],
)
def test_one_wrong_row_stops_all(world: World, row: str, why: str) -> None:
    found = divisions.preview((GOOD + row + "\n").encode())
    assert [verdict.fate for verdict in found.verdicts][-1] == "wrong"
    assert why in found.verdicts[-1].sentence
    before = Division.objects.count()
    with pytest.raises(DivisionsRefused, match="第 6 行"):
        divisions.apply(found, by=BY, at=world.at)
    assert Division.objects.count() == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "core.divisions.empty"),
        (b"\xff\xfe\x00\xd8\xff", "core.divisions.encoding"),
        ("甲,乙\n1,2\n".encode(), "core.divisions.header"),
    ],
)
def test_files_that_are_no_list_of_divisions(world: World, data: bytes, code: str) -> None:
    with pytest.raises(DivisionsRefused) as refusal:
        divisions.preview(data)
    assert refusal.value.code == code


def test_renamed_division_keeps_its_old_edition(world: World) -> None:
    text = "code,name,level,parent,since,until\n990101,青禾新区,county,9901,2026-06-01,\n"
    found = divisions.preview(text.encode())
    assert found.verdicts[0].fate == "renamed"
    divisions.apply(found, by=BY, at=world.at)
    old, new = Division.objects.get(name="青禾区"), Division.objects.get(name="青禾新区")
    assert (old.until, new.since) == (date(2026, 6, 1), date(2026, 6, 1))
    assert divisions.successor_of(old, DAY) == new
    assert divisions.successor_of(old, date(2026, 5, 1)) == old
    assert new.children.count() == 4


def test_import_is_for_administrators_of_the_place(world: World) -> None:
    found = divisions.preview(GOOD.encode())
    for who in ("officer", "admin"):  # the district's administrator does not add districts to the city
        with pytest.raises(NotAllowed):
            divisions.apply(found, by=world.actor(who), at=world.at)
    assert not Division.objects.filter(code="990103").exists()


def test_succession_is_recorded_and_closes_the_old(world: World) -> None:
    divisions.record_succession(world.other, world.district, on=DAY, ground="示例批复", by=BY, at=world.at)
    world.other.refresh_from_db()
    assert world.other.until == DAY
    assert divisions.successor_of(world.other, DAY) == world.district


def test_departments_are_registered_once_and_closed(world: World) -> None:
    officer = world.actor("officer")
    new = NewDepartment("青禾区民政局", world.district, function="civil_affairs")
    row = places.create_department(new, by=officer, at=world.at)
    with pytest.raises(PlaceRefused, match="已登记"):
        places.create_department(new, by=officer, at=world.at)
    with pytest.raises(NotAllowed):
        places.create_department(NewDepartment("某局", world.city), by=officer, at=world.at)
    places.close_department(row, on=DAY, by=officer, at=world.at)
    assert Department.objects.get(pk=row.pk).until == DAY
    with pytest.raises(PlaceRefused, match="停用"):
        places.close_department(row, on=DAY, by=officer, at=world.at)


def test_attribute_is_of_days(world: World) -> None:
    town, officer = world.towns["清水乡"].division, world.actor("officer")
    row = places.set_attribute(town, "涉农", since=date(2026, 1, 1), ground="示例", by=officer, at=world.at)
    assert places.attributes_on(town, date(2025, 12, 31)) == []
    assert places.attributes_on(town, DAY) == ["涉农"]
    places.end_attribute(row, on=DAY, by=officer, at=world.at)
    assert places.attributes_on(town, DAY) == []


def test_numbers_are_without_gaps(world: World) -> None:
    authority = world.departments["ecology"]

    def take(kind: str = "slip", year: int = 2026) -> int:
        with transaction.atomic():
            return numbers.next_number(authority, kind, year)

    assert [take(), take(), take("letter"), take(year=2027)] == [1, 2, 1, 1]
    with transaction.atomic():
        numbers.next_number(authority, "slip", 2026)
        transaction.set_rollback(True)
    assert take() == 3
    assert NumberSequence.objects.count() == 3


def test_calendar_rows_are_the_shipped_notices(world: World) -> None:
    assert calendar.working_calendar() == published_calendar()
    added = calendar.load_published(by=BY, at=world.at)
    assert added == CalendarDay.objects.count() > 0
    assert calendar.working_calendar() == published_calendar()
    assert calendar.load_published(by=BY, at=world.at) == 0
    CalendarDay.objects.create(day=date(2027, 10, 1), is_working=False, source="试")
    assert calendar.working_calendar().last_published_year == 2027


def test_the_clock_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.VARIABLE, "2026-02-03")
    assert clock.today() == date(2026, 2, 3)
    assert clock.now().date() == date(2026, 2, 3)
    monkeypatch.setenv(clock.VARIABLE, "3.2.2026")
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        clock.today()
