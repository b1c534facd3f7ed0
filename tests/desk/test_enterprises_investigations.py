"""Abnormal data: warnings at a firm's own points open an investigation, duties follow, a conclusion closes it; 今日 tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import judging_world
import pytest
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms
from desk.land_world import square
from soildesk.core.models import Duty
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.enterprises.models import Happening, Investigation
from soildesk.enterprises.queries.candidates import candidates
from soildesk.enterprises.queries.cards import missed
from soildesk.enterprises.queries.facts import View
from soildesk.enterprises.queries.owed import owing
from soildesk.enterprises.refusals import InvestigationRefused
from soildesk.enterprises.services import firms, happenings, investigations
from soildesk.enterprises.services.happenings import Told
from soildesk.monitoring.models import Alert
from soilrules.enterprises.facts import EventKind

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


@pytest.fixture
def browser(made: Firms) -> Callable[[str], Client]:
    """Who looks."""

    return made.world.browser


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20))
    return firm


def warned(made: Firms, code: str, *, kind: str = "self", rule: str = "warning.rises", number: str = "GW-03") -> Alert:
    point = judging_world.point(made.world, number, kind=kind, medium="groundwater", source_code=code)
    finding = {"kind": "rule", "rule": rule, "zh": "连续4次上升", "en": "rises", "mark": "V-ex", "level": "warning"}
    town = made.world.towns["柏庄镇"].division.path
    return Alert.objects.create(
        number=f"YJ-{number}", key=number, level="warning", point=point, medium="groundwater", analyte="chromium_vi",
        title=f"{number} 六价铬上升", findings=[finding], opened_on=date(2026, 10, 8), opened_at=AT, due=date(2026, 11, 6),
        division_path=town, owner_department=made.world.departments["ecology"],
    )  # fmt: skip


def test_a_warning_opens_a_case_and_duties_follow(made: Firms, plant: Any) -> None:
    alert = warned(made, plant.credit_code)
    warned(made, plant.credit_code, kind="perimeter", number="GW-04")
    warned(made, plant.credit_code, rule="warning.new_source", number="GW-05")
    warned(made, "no-such-code", number="GW-06")
    assert [one.firm and one.firm.name for one in investigations.new_warnings(made.officer)] == [
        "青禾电镀有限公司",
        None,
    ]
    (case,) = investigations.check_warnings(by=made.officer, at=AT)
    assert (case.alert, case.opened_on, case.due) == (str(alert.uid), date(2026, 10, 8), date(2026, 11, 6))
    assert any("HJ 1209" in one["zh"] for one in case.findings if one.get("kind") == "basis")
    fact = Happening.objects.get(kind="anomaly")
    assert (fact.subject, fact.evidence) == (case.number, f"monitoring.alert:{alert.uid}")
    titles = list(Duty.objects.filter(kind=Duty.Kind.ENTERPRISE).values_list("title", flat=True))
    assert f"青禾电镀有限公司：异常后第一次加密监测（{case.number}）" in titles
    assert Duty.objects.late_on(TODAY).filter(kind=Duty.Kind.INVESTIGATION).count() == 1
    assert not investigations.check_warnings(by=made.officer, at=AT)
    assert investigations.keep_up() == 0


def test_it_closes_only_with_a_conclusion(made: Firms, plant: Any) -> None:
    warned(made, plant.enterprise.number)
    (case,) = investigations.check_warnings(by=made.officer, at=AT)
    for conclusion, on, code in [
        (" ", TODAY, "no_conclusion"), ("管道渗漏", TODAY + timedelta(1), "future"), ("管道渗漏", date(2026, 10, 7), "days"),
    ]:  # fmt: skip
        with pytest.raises(InvestigationRefused) as refusal:
            investigations.close(case, conclusion, on=on, by=made.officer, at=AT)
        assert refusal.value.code == f"enterprises.investigation.{code}"
    investigations.close(case, "管道渗漏，已更换", on=TODAY, by=made.officer, at=AT)
    assert Happening.objects.get(kind="anomaly_closed").subject == case.number
    assert not Duty.objects.open_on(TODAY).filter(kind=Duty.Kind.INVESTIGATION).exists()
    with pytest.raises(InvestigationRefused) as refusal:
        investigations.close(case, "再办一次", on=TODAY, by=made.officer, at=AT)
    assert refusal.value.code == "enterprises.investigation.stale"


def test_who_may_investigate(made: Firms, plant: Any) -> None:
    warned(made, plant.credit_code)
    made.representative(plant)
    for who in ("reader", "firm"):
        with pytest.raises(NotAllowed):
            investigations.check_warnings(by=made.world.actor(who), at=AT)
    assert not investigations.new_warnings(made.world.actor("stranger"))
    assert not Investigation.objects.exists()


def test_pages_of_cases(made: Firms, plant: Any, browser: Any) -> None:
    warned(made, plant.credit_code)
    warned(made, "no-such-code", number="GW-06")
    desk, check = browser("officer"), reverse("enterprises:investigations_check")
    page = desk.get(check).content.decode()
    assert "立项 1 件" in page and "no-such-code" in page
    assert desk.post(check).status_code == 302
    case = Investigation.objects.get()
    record = desk.get(reverse("kit:record", args=["investigations", case.uid])).content.decode()
    assert "连续4次上升" in record and "逾期" in record and "K-" not in record
    assert case.number in desk.get(reverse("kit:collection", args=["investigations"])).content.decode()
    close = reverse("enterprises:investigation_close", args=[case.uid])
    assert desk.post(close, {"conclusion": "", "on": "2026-11-20"}).status_code == 422
    assert desk.post(close, {"conclusion": "管道渗漏，已更换", "on": "2026-11-20"}).status_code == 302
    card = desk.get(reverse("enterprises:duty_card", args=[plant.enterprise.uid])).content.decode()
    assert "异常调查办结" in card
    assert browser("stranger").get(close).status_code == 404


def test_data_that_look_made_up_are_pointed_out(made: Firms, plant: Any, browser: Any) -> None:
    url = reverse("enterprises:firm_monitoring", args=[plant.enterprise.uid])
    desk = browser("officer")
    assert "没有登记" in desk.get(url).content.decode()
    own = judging_world.point(made.world, "GW-01", kind="self", medium="groundwater", source_code=plant.credit_code)
    judging_world.point(made.world, "ZB-01", kind="perimeter", source_code=plant.enterprise.number)
    for n in range(10):
        day = date(2024, 1, 10) + timedelta(90 * n)
        judging_world.results(made.world, judging_world.campaign(made.world, day), {own: {"arsenic": 0.00512}}, on=day)
    page = desk.get(url).content.decode()
    assert "GW-01" in page and "ZB-01" in page
    assert "请人工看一看的数据" in page and "请人工核对原始记录" in page
    assert browser("stranger").get(url).status_code == 404


def test_today_and_the_cards_agree(made: Firms, plant: Any, browser: Any) -> None:
    other = made.firm("第二化工厂", since=date(2020, 1, 1), has_tanks=True)
    made.listed(other, "soil_key", date(2025, 6, 1))
    told = Told(EventKind.DEMOLITION_PLANNED, date(2026, 12, 10), subject="老车间")
    happenings.record(other, told, by=made.officer, at=AT)
    view = View(made.officer, TODAY)
    from_cards = {one.firm.name: (len(one.late), len(one.soon)) for one in missed(view, days=14)}
    from_table = {one.name: (one.late, one.soon) for one in owing(made.officer, TODAY)}
    assert from_table == from_cards
    assert from_table["青禾电镀有限公司"][0] > 0
    page = browser("officer").get(reverse("home:today")).content.decode()
    assert "企业义务逾期" in page
    assert reverse("enterprises:duty_reminders") in page


def test_grounds_of_firms_that_ceased(made: Firms, plant: Any, browser: Any) -> None:
    made.site(plant, square(0, 0), name="电镀老厂区")
    page = reverse("enterprises:plot_candidates")
    assert "没有候选" in browser("officer").get(page).content.decode()
    firms.change(plant, {"state": "closed"}, since=date(2026, 6, 1), recording=Recording(made.officer, AT, "关停"))
    other = made.firm("第二化工厂", since=date(2020, 1, 1))
    happenings.record(other, Told(EventKind.PERMIT_CANCELLED, date(2026, 5, 1)), by=made.officer, at=AT)
    found = candidates(made.officer, TODAY)
    assert [(one.firm.name, one.since, one.listed) for one in found] == [
        ("青禾电镀有限公司", date(2026, 6, 1), True), ("第二化工厂", date(2026, 5, 1), False),
    ]  # fmt: skip
    assert not candidates(made.officer, date(2026, 4, 30))
    text = browser("officer").get(page).content.decode()
    assert "电镀老厂区" in text and "没有登记用地" in text
