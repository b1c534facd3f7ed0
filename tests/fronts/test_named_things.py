"""What plans name and the ledger does, shown by the command on the example district; docs/coverage.csv points here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fronts.conftest import DISTRICT_PLAN, Told

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db]
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


def test_the_tasks_of_one_department_are_told_with_its_role(soildesk: Command) -> None:
    rows = soildesk("task", "list", "--plan", DISTRICT_PLAN, "--department", "区水利局", "--json").data

    assert len(rows) >= 4
    for row in rows:
        sheets = soildesk("task", "show", row["id"], "--json").data["assignments"]
        assert [sheet["role"] for sheet in sheets if sheet["department"] == "区水利局"], row["title"]
