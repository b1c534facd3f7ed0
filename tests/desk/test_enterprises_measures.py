"""Measures of key units on a made-up district, and the command that lists their duties."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from clause_words import offered

from desk.enterprise_world import Firms
from soildesk.cli import main
from soildesk.core.permissions import system_actor
from soildesk.enterprises.models import Hazard, HazardAct, Inspection
from soildesk.enterprises.services import happenings
from soildesk.enterprises.services.happenings import Told
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.plans.models import Indicator
from soildesk.plans.queries.proposed import fitting
from soilrules.enterprises.facts import EventKind

pytestmark = pytest.mark.store
DAY, YEAR_END = date(2026, 11, 20), date(2026, 12, 31)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE
Kind = EventKind


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


def task(made: Firms) -> Any:
    plan = {"division": made.world.district, "year": 2026, "period_start": None, "period_end": None}
    return SimpleNamespace(plan=SimpleNamespace(**plan, doc_number="青环委办〔2026〕4号", title="方案"), number="3")


def indicator(made: Firms, target: str) -> Any:
    said = {
        "comparator": ">=",
        "target_number": Decimal(target),
        "unit": "%",
        "alternative": "",
        "not_applicable": False,
    }
    return SimpleNamespace(plan=task(made).plan, **said)


def ask(
    made: Firms, name: str, *, who: str = "officer", of: Any = None, on: date = DAY, known_on: date | None = None
) -> MeasureResult:
    return measures.get(f"enterprises.{name}").run(made.world.actor(who), of or task(made), on, known_on or on)


def told(answer: MeasureResult) -> tuple[Outcome, Any, Any]:
    return answer.outcome, answer.numerator, answer.denominator


def listed(made: Firms, name: str, since: date = date(2024, 3, 20), **facts: Any) -> Any:
    plant = made.firm(name, since=date(2020, 1, 1), **facts)
    made.listed(plant, "soil_key", since)
    return plant


def tell(made: Firms, firm: Any, kind: EventKind, on: date, **said: str) -> None:
    happenings.record(firm, Told(kind, on, **said), by=made.officer, at=AT)


def test_who_was_inspected(made: Firms) -> None:
    assert ask(made, "hazard_inspected").outcome is C
    done, late, fresh = listed(made, "甲厂"), listed(made, "乙厂"), listed(made, "丙厂", date(2026, 6, 1))
    tell(made, done, Kind.HAZARD_INSPECTION_DONE, date(2025, 2, 1))
    answer = ask(made, "hazard_inspected")
    assert told(answer) == (N, 1, 2)
    assert [row.name for row in answer.rows if not row.counts] == ["乙厂"]
    assert fresh.name not in [row.name for row in answer.rows]
    assert told(ask(made, "hazard_inspected", of=indicator(made, "50"))) == (D, 1, 2)
    assert told(ask(made, "hazard_inspected", on=date(2025, 1, 31), known_on=DAY)) == (C, None, None)
    tell(made, late, Kind.HAZARD_INSPECTION_DONE, date(2026, 11, 1))
    assert told(ask(made, "hazard_inspected")) == (D, 2, 2)
    assert told(ask(made, "hazard_inspected", known_on=date(2026, 11, 19))) == (N, 0, 2)


def test_before_the_day_nobody_can_say(made: Firms) -> None:
    plant = listed(made, "甲厂")
    tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2025, 3, 1))
    assert ask(made, "toxic_reported").outcome is C
    tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2026, 3, 1))
    assert told(ask(made, "toxic_reported")) == (D, 1, 1)


def test_self_monitoring_needs_plan_and_data(made: Firms) -> None:
    plant = listed(made, "甲厂", near_sensitive=False)
    tell(made, plant, Kind.SELFMON_DONE, date(2026, 9, 1))
    assert ask(made, "self_monitored").outcome is N
    assert "自行监测方案" in ask(made, "self_monitored").rows[0].note


def test_a_demolition_filed_and_one_not(made: Firms) -> None:
    assert ask(made, "demolitions_filed").outcome is C
    good, bad = listed(made, "甲厂"), listed(made, "乙厂")
    for kind, day in [
        (Kind.DEMOLITION_FILED_ECOLOGY, date(2026, 5, 6)), (Kind.DEMOLITION_FILED_INDUSTRY, date(2026, 5, 6)),
        (Kind.DEMOLITION_STARTED, date(2026, 7, 1)),
    ]:  # fmt: skip
        tell(made, good, kind, day, subject="一车间")
    tell(made, bad, Kind.DEMOLITION_STARTED, date(2026, 7, 1), subject="二车间")
    answer = ask(made, "demolitions_filed")
    assert told(answer) == (N, 1, 2)
    assert "没有向" in answer.rows[0].note


def test_hazards_are_put_right_when_verified(made: Firms) -> None:
    assert ask(made, "hazards_rectified").outcome is C
    plant = listed(made, "甲厂")
    place = {"division_path": plant.division_path, "owner_department_id": plant.owner_department_id}
    said = {"enterprise": plant.enterprise, "recorded_at": AT, **place}
    inspection = Inspection.objects.create(number="P1", began_on=date(2026, 5, 1), **said)
    for n in range(2):
        hazard = Hazard.objects.create(
            enterprise=plant.enterprise, inspection=inspection, number=f"YH{n}", what="围堰破损", found_on=date(2026, 5, 1), recorded_at=AT, **place
        )  # fmt: skip
        HazardAct.objects.create(hazard=hazard, kind=HazardAct.Kind.FOUND, on=date(2026, 5, 1), at=AT)
    HazardAct.objects.create(hazard=hazard, kind=HazardAct.Kind.VERIFIED, on=date(2026, 6, 1), at=AT)
    assert told(ask(made, "hazards_rectified")) == (N, 1, 2)


def test_letters_and_the_list(made: Firms) -> None:
    assert ask(made, "list_published").outcome is C
    one, _other = listed(made, "甲厂"), listed(made, "乙厂")
    assert ask(made, "letters_signed").outcome is C
    tell(made, one, Kind.LETTER_SIGNED, date(2026, 2, 1))
    answer = ask(made, "letters_signed")
    assert told(answer) == (N, 1, 2)
    assert "没有公开的记录" in next(row.note for row in answer.rows if row.counts)
    assert ask(made, "list_published").outcome is N
    made.notice("soil_key", date(2026, 3, 20))
    assert ask(made, "list_published").outcome is D


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("土壤重点监管单位隐患排查率", "hazard_inspected"),
        ("10月底前完成全面、系统的土壤污染隐患排查", "hazard_inspected"),
        ("10月底前完成土壤和地下水自行监测，并将监测数据报生态环境主管部门", "self_monitored"),
        ("制定、实施土壤自行监测方案", "self_monitored"),
        ("向辖区生态环境分局报告2020年度排放情况", "toxic_reported"),
        ("报所在地县级生态环境分局、工业和信息化部门备案并技术评审", "demolitions_filed"),
        ("排查发现的隐患全部完成整改，隐患排查整改合格率达到100%", "hazards_rectified"),
        ("动态更新土壤污染重点监管名录并及时向社会公开", "list_published"),
        ("区政府与重点行业企业签订土壤污染防治责任书，明确相关措施和责任，向社会公开", "letters_signed"),
    ],
)
def test_what_plans_name_finds_its_measure(clause: str, name: str) -> None:
    assert offered(clause)[0] == f"enterprises.{name}"


@pytest.mark.parametrize(
    ("clause", "indicator", "name"),
    [
        ("隐患排查整改合格率达到90%以上", "隐患排查整改合格率", "hazards_rectified"),
        (
            "危险废物产生和经营单位规范化管理考核合格率均达到92%以上",
            "危险废物产生和经营单位规范化管理考核合格率",
            "waste_assessed",
        ),
        (
            "全区危险废物产生和经营单位规范化管理抽查合格率均不低于90%",
            "危险废物产生和经营单位规范化管理抽查合格率",
            "waste_spot_checked",
        ),
    ],
)
def test_a_rate_below_all_is_a_target(clause: str, indicator: str, name: str) -> None:
    assert offered(clause)[0] == "plans.targets_reached"
    assert f"enterprises.{name}" in [measure for measure, _why in fitting(Indicator(name=indicator))]


def test_who_sees_a_part_is_told_so(made: Firms) -> None:
    listed(made, "甲厂")
    assert ask(made, "hazard_inspected", who="stranger").outcome is C


def test_the_command(made: Firms, capsys: pytest.CaptureFixture[str]) -> None:
    plant = listed(made, "甲厂")
    tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2026, 3, 1))
    assert main(["duties", "status", "--year", "2026", "--as", "officer", "--json"]) == 0
    rows = {row["duty_id"]: row for row in json.loads(capsys.readouterr().out)}
    toxic = rows["toxic_report"]
    assert (toxic["unit"], toxic["state"], toxic["due"]) == ("甲厂", "done", "2026-12-31")
    assert toxic["evidence"].startswith("enterprises.happening:")
    assert toxic["basis"] and toxic["credit_code"] == plant.credit_code
    assert rows["hazard_inspection.first"]["state"] == "overdue"
    assert rows["tank_information"]["state"] == "cannot_say"
    assert {row["state"] for row in rows.values()} <= {"done", "due", "overdue", "not_due", "cannot_say"}
    assert main(["duties", "status", "--on", "2025-02-28", "--as", "officer"]) == 0
    text = capsys.readouterr().out
    assert "2025年，截至 2025-02-28：1 家单位" in text
    assert main(["duties", "status", "--year", "1980", "--as", "officer"]) == 1
    assert "1980" in capsys.readouterr().err


def test_a_list_of_the_year_is_up_to_date_one_of_another_year_is_not(made: Firms) -> None:
    assert ask(made, "cadmium_list_updated").outcome is C
    made.notice("heavy_metal", date(2026, 5, 6))
    assert ask(made, "cadmium_list_updated").outcome is C, "of another list"
    made.notice("cadmium", date(2025, 6, 20))
    assert ask(made, "cadmium_list_updated").outcome is N
    made.notice("cadmium", date(2026, 6, 18))
    answer = ask(made, "cadmium_list_updated")
    assert (answer.outcome, [row.counts for row in answer.rows]) == (D, [True, False])
    assert ask(made, "cadmium_list_updated", on=date(2026, 6, 17)).outcome is N
    assert ask(made, "cadmium_list_updated", known_on=date(2026, 6, 17)).outcome is N
    assert ask(made, "cadmium_list_updated", who="town").outcome is C, "who sees a part cannot say"


def test_a_permit_is_held_while_it_is_valid_and_known(made: Firms) -> None:
    assert ask(made, "permits_held").outcome is C
    listed(made, "甲厂", permit_state="valid", permit_until=date(2026, 12, 1))
    assert told(ask(made, "permits_held")) == (D, 1, 1)
    assert told(ask(made, "permits_held", on=date(2026, 12, 2))) == (N, 0, 1), "it ran out"
    listed(made, "乙厂")
    assert told(ask(made, "permits_held")) == (C, 1, 2), "nobody wrote it down"
    listed(made, "丙厂", permit_state="revoked")
    assert told(ask(made, "permits_held")) == (N, 1, 3)


def test_the_list_of_another_place_is_not_this_ones(made: Firms) -> None:
    made.notice("soil_key", date(2026, 3, 20))
    assert ask(made, "list_published").outcome is D
    assert ask(made, "list_published", known_on=date(2026, 3, 19)).outcome is C, "nobody knew of it"
    system, elsewhere = system_actor("test", DAY), task(made)
    elsewhere.plan.division = made.world.other
    for name in ("list_published", "cadmium_list_updated"):
        answer = measures.get(f"enterprises.{name}").run(system, elsewhere, DAY, DAY)
        assert (answer.outcome, list(answer.rows)) == (C, []), name
