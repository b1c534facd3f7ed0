"""What plans name and the ledger does, shown by the command on the example district; docs/coverage.csv points here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from fronts.conftest import DISTRICT_PLAN, Told
from soildesk.core.models import Person
from soildesk.kit import measures
from soildesk.plans.models import PlanTask

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
Command = Callable[..., Told]
TOWNS = {"城关街道", "河东街道", "新苑街道", "北湖街道", "站前街道", "青石镇", "白鹭镇", "柳溪镇"}


def find(soildesk: Command, number: str, section: str) -> dict[str, object]:
    """The task of the district's plan with this printed number, under a heading that holds `section`."""
    rows = soildesk("task", "list", "--plan", DISTRICT_PLAN, "--json").data
    found = [row for row in rows if row["number"] == number and any(section in heading for heading in row["section"])]
    assert found, f"no task {number} under {section}"
    return found[0]


def test_the_plan_is_a_ledger_of_tasks_with_units_dates_and_states(soildesk: Command) -> None:
    rows = soildesk("task", "list", "--plan", DISTRICT_PLAN, "--json").data

    assert len(rows) == 66
    assert all(row["lead"] or row["responsible"] for row in rows)
    assert {row["state"] for row in rows} >= {"done", "under_way", "not_started", "overdue", "standing"}


def test_a_task_is_broken_down_to_every_street_and_town(soildesk: Command) -> None:
    task = find(soildesk, "1", "调查监测")

    sheets = soildesk("task", "show", task["id"], "--json").data["assignments"]

    assert {sheet["department"] for sheet in sheets} >= TOWNS
    assert {sheet["role"] for sheet in sheets if sheet["department"] in TOWNS} == {"responsible"}


def test_progress_is_reported_with_evidence_verified_and_kept(soildesk: Command, tmp_path: Path) -> None:
    task = str(find(soildesk, "3", "调查监测")["id"])
    evidence = tmp_path / "采样记录.txt"
    evidence.write_text("柳溪镇协同监测采样记录", encoding="utf-8")
    report = ("task", "report", task, "--text", "秋粮协同监测已采样", "--done", "--on", "2026-11-20")

    stranger = soildesk(*report, "--department", "柳溪镇", "--as", "lubai")
    told = soildesk(*report, "--file", str(evidence), "--as", "liuxi", "--json")
    checked = soildesk("task", "verify", task, "--department", "柳溪镇", "--json")
    history = soildesk("task", "show", task, "--json").data["history"]

    assert (stranger.code, stranger.out) == (1, "")
    assert told.data["state"] == "reported"
    assert checked.data["state"] == "verified"
    assert [(entry["kind"], entry["by"]) for entry in history[:2]] == [("verified", "林岚"), ("reported", "柳希")]


def owed(soildesk: Command, user: str, heading: object) -> dict[str, bool]:
    """Periods for which the unit of `user` owes something on a task in December, and whether the term is internal."""
    told = soildesk("task", "mine", "--as", user, "--on", "2026-12-20", "--json").data
    return {duty["period"]: duty["internal"] for duty in told["overdue"] + told["due"] if duty["title"] == heading}


def test_a_standing_task_is_asked_for_each_quarter(soildesk: Command) -> None:
    task = find(soildesk, "26", "农用地")
    report = ("task", "report", str(task["id"]), "--text", "四季度巡查2次，未发现问题", "--period", "2026Q4")

    before = owed(soildesk, "jiangtao", task["title"])
    told = soildesk(*report, "--as", "jiangtao", "--json")
    after = owed(soildesk, "jiangtao", task["title"])

    assert task["state"] == "standing"
    assert before["2026Q4"], "the rhythm is ours, not the plan's"
    assert told.code == 0, told.err
    assert before.keys() - after.keys() == {"2026Q4"}


def test_the_quarterly_dispatch_asks_every_unit_named_and_takes_its_answer(soildesk: Command) -> None:
    task = find(soildesk, "（二）", "保障措施")
    report = ("task", "report", str(task["id"]), "--text", "四季度：样点12个已采11个", "--period", "m3/2026", "--done")
    shown = soildesk("task", "show", task["id"], "--json").data

    before = owed(soildesk, "liuxi", task["title"])
    told = soildesk(*report, "--as", "liuxi", "--json")
    checked = soildesk("task", "verify", task["id"], "--department", "柳溪镇", "--json")

    assert "每季度末月25日前，各责任单位将任务进展情况报区环委办" in shown["text"]
    assert {row["department"] for row in shown["assignments"]} == {*TOWNS, "区环委办"}
    assert before == {"m3/2026": False}, "of the four days of a year the plan names, the last is owed: 25 December"
    assert (told.code, checked.code) == (0, 0), told.err + checked.err
    assert "m3/2026" not in owed(soildesk, "liuxi", task["title"])
    assert "m3/2026" in owed(soildesk, "shixin", task["title"]), "青石镇 still owes its own"


def test_every_unit_files_its_yearly_plan_and_ledger_with_the_office_by_the_day(
    soildesk: Command, tmp_path: Path
) -> None:
    task = str(find(soildesk, "（一）", "保障措施")["id"])
    file = tmp_path / "青石镇2026年度实施方案和工作台账.txt"
    file.write_text("青石镇2026年度实施方案，附工作台账", encoding="utf-8")

    before = soildesk("task", "show", task, "--json").data
    told = soildesk("task", "report", task, "--text", "已报送实施方案和台账", "--done", "--on", "2026-11-21",
                    "--file", str(file), "--as", "shixin", "--json")  # fmt: skip
    checked = soildesk("task", "verify", task, "--department", "青石镇", "--json")
    after = soildesk("task", "show", task, "--json").data
    answers = answers_of(task, "plans.reports_on_time")

    assert "于4月15日前将年度实施方案和工作台账报区环委办" in before["text"]
    assert (before["state"], before["next_due"], before["units_done"], before["units"]) == (
        "overdue",
        "2026-04-15",
        8,
        9,
    )
    assert (told.code, checked.code) == (0, 0), told.err + checked.err
    assert (after["state"], after["units_done"]) == ("done", 9)
    assert "到期的 9 次填报中，8 次按时" in answers
    assert "青石镇" in answers[answers.index("✗") :][:60], "filed, but after the day"


def answers_of(task: str, measure: str) -> str:
    """What the measures page says of a task after the office bound a measure to it there."""
    office = Client()
    office.force_login(Person.objects.get(username="linlan"), backend="django.contrib.auth.backends.ModelBackend")
    office.post(f"/plans/tasks/{task}/bind/", {"measure": measure})
    page = office.get(f"/plans/{PlanTask.objects.get(uid=task).plan.uid}/measures/").content.decode()
    title = str(measures.get(measure).title)
    return next(row for row in page.split("<tr>") if f"/plans/tasks/{task}/" in row and title in row)


def test_the_tasks_of_one_department_are_told_with_its_role(soildesk: Command) -> None:
    rows = soildesk("task", "list", "--plan", DISTRICT_PLAN, "--department", "区水利局", "--json").data

    assert len(rows) >= 4
    for row in rows:
        sheets = soildesk("task", "show", row["id"], "--json").data["assignments"]
        assert [sheet["role"] for sheet in sheets if sheet["department"] == "区水利局"], row["title"]


def plan_named(soildesk: Command, title: str) -> dict[str, object]:
    """The plan with this title."""
    return next(plan for plan in soildesk("plan", "list", "--json").data if plan["title"] == title)


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        (
            "北关区2021年土壤污染防治攻坚战实施方案",
            {"序号", "重点工作", "目标任务", "完成时限", "牵头单位", "配合单位"},
        ),
        ("中原区土壤污染防治工作方案", {"目标任务", "牵头单位", "配合单位", "责任单位"}),
        (
            "北京市门头沟区土壤污染防治2023年行动计划",
            {"序号", "重点工作", "目标任务", "完成时限", "牵头单位", "责任单位"},
        ),
    ],
)
def test_the_task_sheet_of_a_plan_goes_out_whole(
    soildesk: Command, tmp_path: Path, title: str, columns: set[str]
) -> None:
    plan, file = plan_named(soildesk, title), tmp_path / "明细表.xlsx"

    told = soildesk("plan", "export", str(plan["id"]), "--format", "xlsx", "--out", str(file))

    assert told.code == 0, told.err
    rows = list(openpyxl.load_workbook(file)["任务分工明细表"].iter_rows(values_only=True))
    head = next(index for index, row in enumerate(rows) if "目标任务" in row)
    assert columns <= set(rows[head])
    code = rows[head].index("任务编码（勿改）")
    assert len({row[code] for row in rows[head + 1 :] if row[code]}) == plan["tasks"] > 30


def test_the_indicator_sheet_of_a_plan_goes_out_with_it(soildesk: Command, tmp_path: Path) -> None:
    plan, file = plan_named(soildesk, "北关区2021年土壤污染防治攻坚战实施方案"), tmp_path / "明细表.xlsx"

    soildesk("plan", "export", str(plan["id"]), "--format", "xlsx", "--out", str(file))

    rows = [row[:2] for row in openpyxl.load_workbook(file)["主要指标"].iter_rows(values_only=True)]
    assert ("污染地块安全利用率", "100%") in rows


def test_a_years_plan_is_taken_in_reviewed_and_published_by_its_office(soildesk: Command) -> None:
    text = ROOT / "examples" / "district" / "plans" / "云泽市2026年土壤污染防治工作计划.txt"
    taken = soildesk("plan", "import", str(text), "--as-edition", "--as", "luomin", "--json")
    assert taken.code == 0, taken.err
    plan = str(taken.data["id"])

    accepted = soildesk("plan", "accept", plan, "--all", "--as", "luomin", "--json")
    by_officer = soildesk("plan", "publish", plan, "--as", "luomin")
    by_issuer = soildesk("plan", "publish", plan, "--as", "fangzhou", "--json")

    assert accepted.code == 0, accepted.err
    assert by_officer.code == 1
    assert by_issuer.code == 0, by_issuer.err
    shown = soildesk("plan", "show", plan, "--as", "luomin", "--json").data
    assert (shown["phase"], shown["accepted"]) == ("in_force", 25)
