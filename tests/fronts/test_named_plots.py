"""What plans name about construction land, done by pages and commands on the example; docs/coverage.csv points here."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from fronts.conftest import Told
from fronts.monitoring_story import sign_in
from soildesk.decisions.models import GateQuery
from soildesk.land.models import Layer

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("demo_home", "db")]
Command = Callable[..., Told]
PESTICIDE, RUBBER, CLEAR = "9901011001", "9901011033", "9901011007"
LAND = (
    "--use-scheme",
    "guide2023",
    "--current-use",
    "1001",
    "--current-scheme",
    "guide2023",
    "--as",
    "linlan",
    "--json",
)


def page(path: str, who: str = "linlan") -> str:
    """What somebody reads on a page."""
    found = sign_in(who).get(path)
    assert found.status_code == 200
    return found.content.decode()


def gate(soildesk: Command, code: str, act: str, use: str = "0701") -> tuple[str, dict[str, Any]]:
    """The gate's answer by the command: the decision, and each check by its id."""
    told = soildesk("gate", "check", "--parcel", code, "--act", act, "--use", use, "--untouched", *LAND).data
    return told["decision"], {one["id"]: one for one in told["checks"]}


@pytest.mark.parametrize(
    ("key", "now", "then"), [("suspected", 16, 8), ("polluted", 23, 8), ("roster", 13, 7), ("negative", 4, 4), ("priority", 5, 0)]
)  # fmt: skip
def test_lists_follow_notices_and_stand_as_of_any_day(soildesk: Command, key: str, now: int, then: int) -> None:
    for day, count in (("2026-11-21", now), ("2023-01-01", then)):
        assert len(soildesk("plots", "list", "--list", key, "--on", day, "--json").data) == count
    told = page(reverse("plots:list", args=[key]))
    assert "公告〔" in told


@pytest.mark.parametrize("key", ["polluted", "roster"])
def test_the_public_reads_two_lists_without_persons(key: str, client: Any) -> None:
    told = client.get(reverse("plots:list_public", args=["990101", key])).content.decode()
    assert "原青禾农药厂地块" in told
    assert "青禾区土地储备中心" not in told


def test_listed_ground_becomes_no_homes_and_no_building_begins(soildesk: Command) -> None:
    decision, checks = gate(soildesk, PESTICIDE, "施工许可")
    assert decision == "blocked"
    for check in ("on_roster_sensitive_use", "on_roster_unrelated_build"):
        assert checks[check]["outcome"] == "no"
        assert checks[check]["basis"]


def test_ground_of_unknown_risk_enters_no_procedure(soildesk: Command) -> None:
    decision, checks = gate(soildesk, RUBBER, "供地")
    assert (decision, checks["suspected_not_surveyed"]["outcome"]) == ("blocked", "no")
    assert gate(soildesk, CLEAR, "施工许可")[0] == "pass"


def test_no_impact_assessment_passes_on_ground_that_is_not_cleared(soildesk: Command) -> None:
    _decision, checks = gate(soildesk, PESTICIDE, "环评", "1001")
    assert checks["eia_on_unremediated"]["outcome"] == "no"


def test_planning_is_told_of_the_risk_while_it_is_drafted(soildesk: Command) -> None:
    _decision, checks = gate(soildesk, RUBBER, "规划编制")
    assert checks["suspected_not_surveyed"]["outcome"] == "conditions"
    assert checks["use_change_needs_survey"]["outcome"] == "conditions"


def test_a_look_into_the_national_system_is_kept_with_its_day_and_person() -> None:
    query = GateQuery.objects.get(project="皮件厂地块供地", province__isnull=False)
    told = page(reverse("kit:record", args=["gate-queries", query.uid]))
    for words in ("2026-11-13", "林岚", "系统显示该地块调查已备案"):
        assert words in told


def test_plots_lie_on_one_map_and_go_out_as_a_layer(soildesk: Command, tmp_path: Path) -> None:
    file = tmp_path / "plots.geojson"
    assert soildesk("gis", "export", "plots", "--out", str(file)).code == 0
    rows = [one["properties"] for one in json.loads(file.read_text("utf-8"))["features"]]
    assert len(rows) == 60
    assert next(one for one in rows if one["code"] == PESTICIDE)["lists"] == "polluted;roster;negative;priority"


def test_the_sheet_for_the_national_system_is_made_from_the_register() -> None:
    data = sign_in("linlan").get(reverse("plots:national_sheet")).content
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    words = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "原青禾农药厂地块" in words


def test_a_supply_plan_is_a_layer_of_its_own() -> None:
    layer = Layer.objects.get(code="supply_plan")
    assert "2027年国有建设用地供应计划" in page(reverse("kit:collection", args=[layer.code]))


def test_a_closed_firm_becomes_a_candidate_and_a_plot() -> None:
    told = page(reverse("kit:collection", args=["plot_candidates"]))
    for words in ("北湖镀锌件厂用地", "关闭搬迁企业名单", "已立为地块"):
        assert words in told


def test_who_holds_a_plot_is_asked_to_survey_it_within_a_term() -> None:
    told = page(reverse("kit:collection", args=["written_notices"]))
    assert "青禾供销合作总社" in told
    assert "逾期" in told
