"""What plan 004 asks between a city and its counties, done with that plan in force and a county under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

from fronts.conftest import Told
from soildesk.core import clock
from soildesk.core.models import Person
from soildesk.core.permissions import system_actor
from soildesk.demo import people
from soildesk.plans.models import Indicator, Plan

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
CITY_TEXT = ROOT / "examples" / "plans" / "004_e3d0588510d292e4.txt"
COUNTY_TEXT = CASES / "plans" / "anyue_2017.txt"
COUNTIES = {"雁江区人民政府", "安岳县人民政府", "乐至县人民政府"}
pytestmark = pytest.mark.django_db
Command = Callable[..., Told]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the day the desk takes for today."""
    return lambda day: monkeypatch.setenv(clock.VARIABLE, day)


@pytest.fixture
def under_review(soildesk: Command, today: Callable[[str], None]) -> str:
    """Plan 004 taken in by its city's office on the day after its issue; the places and people of 资阳 stand."""
    today("2017-05-16")
    loader = system_actor("demo")
    people.load_divisions(CASES / "places" / "ziyang_divisions.csv")
    people.load_departments(CASES / "places" / "ziyang_departments.csv")
    people.load_people(CASES / "places" / "ziyang_people.csv", "Zi-yang 2017 soil", by=loader, at=clock.now())
    return taken_in(soildesk, CITY_TEXT, "5120", "zybj")


def taken_in(soildesk: Command, text: Path, division: str, user: str) -> str:
    told = soildesk(
        "plan", "import", text, "--year", "2017", "--as-edition", "--division", division, "--as", user, "--json"
    )
    assert told.code == 0, told.err
    return str(told.data["id"])


def publish(soildesk: Command, plan: str, user: str) -> None:
    for act in (("accept", plan, "--all"), ("publish", plan)):
        told = soildesk("plan", *act, "--as", user)
        assert told.code == 0, told.err


def page_of(user: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=user), backend="django.contrib.auth.backends.ModelBackend")
    return client


def clause(plan: str, words: str) -> Any:
    """The plan's own task with these words."""
    return Plan.objects.get(uid=plan).tasks.exclude(status__in=["split", "merged"]).get(text__contains=words)


def test_which_counties_have_published_their_plan_is_computed(
    soildesk: Command, under_review: str, today: Callable[[str], None]
) -> None:
    publish(soildesk, under_review, "zyqf")
    task, office = clause(under_review, "年6月前制定并公布土壤污染防治工作方案"), page_of("zyqf")
    page = f"/plans/{under_review}/measures/"

    office.post(f"/plans/tasks/{task.uid}/bind/", {"measure": "plans.lower_plans_published"})
    before = office.get(page).content.decode()
    today("2017-06-10")
    publish(soildesk, taken_in(soildesk, COUNTY_TEXT, "512021", "ayqf"), "ayqf")
    after = office.get(page).content.decode()

    assert "没有登记 3 个下级行政区中任何一个的本年度方案" in before, "nothing on record is not: none was issued"
    assert "3 个下级行政区中，1 个已印发本年度方案" in after
    assert "✓ 安岳县" in after and "✗ 乐至县" in after and "✗ 雁江区" in after


def test_the_target_letter_hands_targets_down_and_a_lower_one_shows(
    soildesk: Command, under_review: str, today: Callable[[str], None]
) -> None:
    publish(soildesk, under_review, "zyqf")
    today("2017-06-10")
    county = taken_in(soildesk, COUNTY_TEXT, "512021", "ayqf")
    publish(soildesk, county, "ayqf")
    name, letter, office = "受污染耕地安全利用率", "资阳市土壤污染防治目标责任书（安岳县）", page_of("ayqf")
    upper = Indicator.objects.get(plan__uid=under_review, name=name, year=2020)
    lower = Indicator.objects.get(plan__uid=county, name=name)

    sent = {"upper": upper.pk, "lower": lower.pk, "document": letter}
    unit = page_of("ayzf").post(f"/plans/{county}/taking-up/target/", sent, follow=True).content.decode()
    office.post(f"/plans/{county}/taking-up/target/", sent)
    page = office.get(f"/plans/{county}/taking-up/?upper={under_review}").content.decode()
    told = page[page.index('id="targets-title"') :]

    assert "已登记目标承接" not in unit and letter not in unit, "a unit hands nothing down"
    row = told[told.index(name) : told.index("</tr>", told.index(name))]
    assert letter in row and "低于上级" in row and "94%" in row and "92%" in row


@pytest.fixture
def january_task(soildesk: Command, under_review: str) -> str:
    """The clause on January's report cut out of its paragraph, given to the counties it names, and in force to 2020."""
    whole = clause(under_review, "每年1月中旬将上年度进展情况报市环境保护局汇总")
    words = "各县（区）人民政府每年1月中旬"
    told = soildesk("plan", "split", whole.uid, "--before", words, "--as", "zybj")
    assert told.code == 0, told.err
    task = str(clause(under_review, words).uid)
    units = ("--responsible", "各县（区）人民政府", "--lead", "", "--support", "")
    told = soildesk("plan", "correct", task, *units, "--as", "zybj")
    assert told.code == 0, told.err
    head = Plan.objects.get(uid=under_review)
    form = {
        "title": head.title,
        "issuer": head.issuer,
        "issued_on": head.issued_on,
        "region": head.region,
        "year": 2017,
    }
    period = {"period_start": "2017-01-01", "period_end": "2020-12-31"}
    page_of("zybj").post(f"/plans/{under_review}/review/head/", form | period)
    publish(soildesk, under_review, "zyqf")
    return task


def test_every_county_owes_last_years_progress_each_january(
    soildesk: Command, january_task: str, today: Callable[[str], None], tmp_path: Path
) -> None:
    file, table = tmp_path / "安岳县2017年度进展.txt", tmp_path / "汇总.xlsx"
    file.write_text("安岳县2017年度土壤污染防治工作进展", encoding="utf-8")
    said = "安岳县2017年度进展：农用地详查布点完成"
    plan = str(Plan.objects.get(tasks__uid=january_task).uid)

    today("2018-01-10")
    assert owed_in(soildesk, "2018-01-10") == {"2018-01-20"}
    told = soildesk("task", "report", january_task, "--text", said, "--done", "--on", "2018-01-10",
                    "--period", "m0/2018", "--file", file, "--as", "ayzf")  # fmt: skip
    checked = soildesk("task", "verify", january_task, "--department", "安岳县人民政府", "--as", "zybj")
    today("2018-02-01")
    office = page_of("zybj")
    office.post(f"/plans/tasks/{january_task}/bind/", {"measure": "plans.reports_on_time"})
    page = office.get(f"/plans/{plan}/measures/").content.decode()
    soildesk("plan", "export", plan, "--format", "xlsx", "--out", table, "--as", "zybj")

    assert (told.code, checked.code) == (0, 0), told.err + checked.err
    assert "到期的 3 次填报中，1 次按时" in page
    assert "✓ 安岳县政府" in page and "✗ 乐至县政府" in page and "✗ 雁江区政府" in page
    assert any(said in str(cell) for row in cells(table) for cell in row), "summed up in the city's table"
    assert not owed_in(soildesk, "2018-02-01")
    assert owed_in(soildesk, "2019-01-10") == {"2019-01-20"}, "and again the next year"


def owed_in(soildesk: Command, day: str) -> set[str]:
    """The days on which 安岳县 owes its January report, seen from `day`."""
    told = soildesk("task", "mine", "--as", "ayzf", "--on", day, "--json").data
    return {duty["due"] for duty in told["overdue"] + told["due"] if "每年1月中旬" in duty["title"]}


def cells(file: Path) -> list[tuple[object, ...]]:
    """Every row of an exported table."""
    return [row for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows(values_only=True)]
