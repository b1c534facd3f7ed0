"""What firms owe: facts to duties, the one table of duties, and that it says what the card says."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from desk.enterprise_world import Firms
from soildesk.core.models import Duty
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.enterprises.models import DutyCard, Happening
from soildesk.enterprises.queries.cards import cards
from soildesk.enterprises.queries.facts import View
from soildesk.enterprises.queries.facts import firms as facts_of
from soildesk.enterprises.queries.manycards import as_of_year
from soildesk.enterprises.refusals import HappeningRefused
from soildesk.enterprises.services import facilities, firms, happenings, lists, owing, succession
from soildesk.enterprises.services.happenings import Told
from soildesk.enterprises.services.succession import Following
from soilrules.enterprises.duties import CardState
from soilrules.enterprises.facts import EventKind

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
Kind = EventKind


@pytest.fixture
def made(world: Any) -> Firms:
    return Firms(world)


def tell(made: Firms, firm: Any, kind: EventKind, on: date, **said: str) -> Happening:
    return happenings.record(firm, Told(kind, on, **said), by=made.officer, at=AT)


def on_card(made: Firms, firm: Any, on: date = TODAY) -> dict[tuple[str, str], CardState]:
    found = cards(View(made.officer, on), on.year, only=[firm.enterprise_id])
    return {(line.rule.id, line.owed.period): line.state for card in found for line in card.lines if line.owed}


def in_table(firm: Any) -> dict[tuple[str, str], Duty]:
    ids = DutyCard.objects.filter(enterprise=firm.enterprise_id).values("pk")
    rows = Duty.objects.filter(subject_type=DutyCard._meta.label_lower, subject_id__in=ids)
    return {(one.title.partition("：")[2], one.period): one for one in rows}


def test_a_firm_owes_from_the_day_it_is_listed(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    assert not in_table(plant)
    made.listed(plant, "soil_key", date(2025, 3, 20))
    owed = in_table(plant)
    assert owed["有毒有害物质排放年度报告", "2026"].due == date(2026, 12, 31)
    assert owed["土壤和地下水污染隐患排查（首次）", "2025-03-20"].due == date(2026, 3, 20)
    late = [one.title for one in Duty.objects.visible_to(made.officer).late_on(TODAY)]
    assert "青禾电镀有限公司：土壤和地下水污染隐患排查（首次）" in late


def test_what_nobody_can_say_is_not_called_late(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.listed(plant, "soil_key", date(2024, 3, 20))
    card = on_card(made, plant)
    assert card["tank_information", "2024-03-20"] is CardState.CANNOT_SAY
    assert not [title for title, _period in in_table(plant) if "储罐" in title]
    firms.change(plant, {"has_tanks": True}, since=None, recording=Recording(made.officer, AT, "现场核实"))
    assert [title for title, _period in in_table(plant) if "储罐" in title]


def test_what_the_firm_and_its_ledger_say_decides_what_applies(made: Firms) -> None:
    """An empty ledger proves nothing, one with nothing hidden does; registration is no permit."""
    firm = made.firm("青禾电镀有限公司", permit_level="registered")
    assert (traits(made)["has_hidden_units"], traits(made)["has_permit"]) == (None, False)
    for name, is_hidden, answer in (("地上水池", False, False), ("未说明的管线", None, None), ("埋地管线", True, True)):
        said = {"name": name, "kind": "pool", "hidden": is_hidden}
        facilities.register(firm, said, since=date(2020, 1, 1), recording=Recording(made.officer, AT, ""))
        assert traits(made)["has_hidden_units"] is answer


def traits(made: Firms) -> Any:
    (found,) = facts_of(View(made.officer, TODAY))
    return found.facts.traits


def test_done_taken_back_and_owed_again(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.listed(plant, "soil_key", date(2024, 3, 20))
    told = tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2026, 3, 15))
    key = ("有毒有害物质排放年度报告", "2026")
    assert in_table(plant)[key].done_on == date(2026, 3, 15)
    assert in_table(plant)[key].evidence == [
        {"type": "enterprises.evidence", "uid": f"enterprises.happening:{told.uid}"}
    ]
    happenings.take_back(told, by=made.officer, at=AT, why="登错了单位")
    assert in_table(plant)[key].done_on is None
    with pytest.raises(HappeningRefused) as refusal:
        happenings.take_back(told, by=made.officer, at=AT, why="再撤一次")
    assert refusal.value.code == "enterprises.happening.stale"
    assert Happening.objects.get().reason == "登错了单位"


@pytest.mark.parametrize(
    ("kind", "on", "said", "code"),
    [
        (Kind.TOXIC_REPORT_FILED, date(2026, 11, 21), {}, "future"),
        (Kind.DEMOLITION_STARTED, date(2026, 5, 1), {}, "subject_missing"),
        (Kind.TOXIC_REPORT_FILED, date(2026, 3, 1), {"period": "2026"}, "twice"),
    ],
)
def test_a_fact_that_cannot_be(made: Firms, kind: EventKind, on: date, said: dict[str, str], code: str) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2026, 3, 1), period="2026")
    with pytest.raises(HappeningRefused) as refusal:
        tell(made, plant, kind, on, **said)
    assert refusal.value.code == f"enterprises.happening.{code}"
    assert Happening.objects.count() == 1


def test_strangers_and_firms_tell_nothing(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.representative(plant)
    for who in ("stranger", "firm"):
        with pytest.raises(NotAllowed):
            happenings.record(plant, Told(Kind.TOXIC_REPORT_FILED, date(2026, 3, 1)), by=made.world.actor(who), at=AT)


def test_an_anomaly_asks_for_more(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    made.listed(plant, "soil_key", date(2024, 3, 20))
    tell(made, plant, Kind.ANOMALY, date(2026, 7, 1), subject="GW-03 六价铬")
    titles = [title for title, _period in in_table(plant)]
    assert "异常后第一次加密监测（GW-03 六价铬）" in titles
    assert on_card(made, plant)["hazard_inspection.anomaly", "GW-03 六价铬"] in (CardState.DUE, CardState.OVERDUE)


def test_a_delisted_firm_owes_what_it_missed_and_no_more(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2020, 1, 1))
    stay = made.listed(plant, "soil_key", date(2023, 3, 20))
    made.delisted(stay, date(2026, 6, 1), at=AT)
    counting = {key for key, one in in_table(plant).items() if one.live_until is None}
    assert ("有毒有害物质排放年度报告", "2026") not in counting
    assert ("土壤和地下水污染隐患排查（首次）", "2023-03-20") in counting
    lists.withdraw(
        type(stay).objects.get(enterprise=plant.enterprise_id, superseded_at=None),
        recording=Recording(made.officer, AT, "误登"),
    )
    assert not in_table(plant)


def test_a_successor_has_what_its_predecessor_owed_and_did(made: Firms) -> None:
    old = made.firm("青禾电镀厂", since=date(2015, 1, 1))
    new = made.firm("青禾表面处理有限公司", since=date(2022, 1, 1))
    made.listed(old, "soil_key", date(2021, 3, 20))
    tell(made, old, Kind.HAZARD_INSPECTION_DONE, date(2022, 1, 10))
    said = Following(old.enterprise, new.enterprise, "merged", date(2024, 3, 1), "合并协议")
    succession.record(said, by=made.officer, at=AT)
    assert on_card(made, new)["hazard_inspection.again", "2022-01-10"] is CardState.OVERDUE
    assert ("土壤和地下水污染隐患排查（再次）", "2022-01-10") in in_table(new)


def test_the_table_says_what_the_card_says(made: Firms) -> None:
    """Whatever is late or due on 今日 is late or due on the card of the same day, and the other way round."""
    plants = [made.firm(f"第{n}化工厂", since=date(2015, 1, 1), has_tanks=n % 2 == 0) for n in range(4)]
    for n, plant in enumerate(plants):
        made.listed(plant, "soil_key", date(2019 + n, 3, 20))
    tell(made, plants[0], Kind.HAZARD_INSPECTION_DONE, date(2020, 1, 10))
    tell(made, plants[1], Kind.SELFMON_DONE, date(2026, 9, 1))
    tell(made, plants[2], Kind.DEMOLITION_PLANNED, date(2026, 12, 1), subject="老电镀车间")
    tell(made, plants[3], Kind.ANOMALY, date(2026, 7, 1), subject="GW-03")
    view = View(made.officer, TODAY)
    found = [card for year in range(2019, 2027) for card in cards(view, year)]
    late_cards = {
        (card.name, line.rule.title(), line.owed.period)
        for card in found for line in card.lines if line.owed and line.state is CardState.OVERDUE
    }  # fmt: skip
    late_rows = {
        (
            one.title.partition("：")[0],
            one.title.partition("：")[2].partition("（GW")[0].partition("（老")[0],
            one.period,
        )
        for one in Duty.objects.late_on(TODAY)
    }
    assert late_rows == late_cards
    assert late_cards


def test_many_firms_are_fitted_by_a_few_statements(made: Firms, django_assert_max_num_queries: Any) -> None:
    plants = [made.firm(f"第{n}化工厂", since=date(2015, 1, 1)) for n in range(12)]
    notice = made.notice("soil_key", date(2024, 3, 20))
    members = [lists.Member(one.enterprise) for one in plants]
    lists.take_in(notice, members, by=made.officer, at=AT)
    Duty.objects.filter(title__contains="隐患").delete()
    with django_assert_max_num_queries(30):
        changed = owing.owe_of([one.enterprise_id for one in plants], by=made.officer, at=AT)
    assert changed == 12
    assert owing.owe_of([one.enterprise_id for one in plants], by=made.officer, at=AT) == 0


def test_many_acts_are_fitted_once(made: Firms) -> None:
    plants = [made.firm(f"第{n}化工厂", since=date(2015, 1, 1)) for n in range(3)]
    with owing.at_once(by=made.officer, at=AT):
        for plant in plants:
            made.listed(plant, "soil_key", date(2024, 3, 20))
            tell(made, plant, Kind.TOXIC_REPORT_FILED, date(2026, 3, 1))
        assert not Duty.objects.exists()
    assert all(in_table(plant)["有毒有害物质排放年度报告", "2026"].done_on for plant in plants)
    with pytest.raises(ZeroDivisionError), owing.at_once(by=made.officer, at=AT):
        raise ZeroDivisionError
    made.listed(made.firm("第九化工厂", since=date(2015, 1, 1)), "soil_key", date(2024, 3, 20))
    assert Duty.objects.filter(title__startswith="第九化工厂").exists()


def test_days_pass_and_the_desk_keeps_up(made: Firms, monkeypatch: Any) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(plant, "soil_key", date(2019, 3, 20))
    monkeypatch.setattr("soildesk.core.clock.today", lambda: date(2027, 1, 4))
    monkeypatch.setattr(owing, "_kept_up", [])
    assert owing.keep_up() > 0
    assert in_table(plant)["有毒有害物质排放年度报告", "2027"].due == date(2027, 12, 31)
    assert owing.keep_up() == 0


def test_nobody_sees_what_lies_outside(made: Firms) -> None:
    plant = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(plant, "soil_key", date(2019, 3, 20))
    assert facts_of(View(made.officer, TODAY))
    assert not facts_of(View(made.world.actor("stranger"), TODAY))
    assert not cards(View(made.world.actor("stranger"), TODAY), 2026)


def test_very_many_firms_at_once_stand_as_each_alone(made: Firms) -> None:
    plants = [made.firm(f"第{n}化工厂", since=date(2015, 1, 1), has_tanks=[None, True, False][n % 3]) for n in range(6)]
    for n, plant in enumerate(plants[:5]):
        made.listed(plant, "soil_key", date(2019 + n, 3, 20))
    tell(made, plants[0], Kind.HAZARD_INSPECTION_DONE, date(2020, 1, 10))
    tell(made, plants[1], Kind.SELFMON_DONE, date(2026, 9, 1))
    tell(made, plants[2], Kind.DEMOLITION_PLANNED, date(2026, 12, 1), subject="老电镀车间")
    tell(made, plants[3], Kind.ANOMALY, date(2026, 7, 1), subject="GW-03")
    tell(made, plants[4], Kind.TOXIC_REPORT_FILED, date(2025, 7, 1), period="2024")
    said = Following(plants[0].enterprise, plants[5].enterprise, "merged", date(2024, 3, 1), "合并协议")
    succession.record(said, by=made.officer, at=AT)
    firms.change(plants[1], {"state": "closed"}, since=date(2026, 10, 1), recording=Recording(made.officer, AT, "关停"))
    for on in (TODAY, date(2024, 6, 30)):
        view = View(made.officer, on)
        for year in (2021, 2024, 2026):
            alone = {
                card.firm.row["enterprise_id"]: Counter(line.state for line in card.lines if line.owed)
                for card in cards(view, year)
            }
            assert as_of_year(view, year) == {key: states for key, states in alone.items() if states}
    assert not as_of_year(View(made.world.actor("stranger"), TODAY), 2026)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_happens_in_whatever_order_nothing_owed_is_dropped(made: Firms, monkeypatch: Any, seed: int) -> None:
    """Listed, delisted, filed, taken back, anomalies, days: after each act the table is late with what the cards are late with."""
    draw = random.Random(seed)
    plant = made.firm("青禾电镀有限公司", since=date(2015, 1, 1), has_tanks=True, near_sensitive=False)
    stays, days = [], iter(date(2019, 1, 1) + timedelta(110 * n) for n in range(40))
    for _step in range(14):
        day = next(days)
        act = draw.choice(["list", "delist", "file", "file", "anomaly", "back", "close"])
        if act == "list" and not stays:
            stays = [made.listed(plant, "soil_key", day)]
        elif act == "delist" and stays:
            made.delisted(stays.pop(), day, at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC))
        elif act == "file":
            kind = draw.choice(
                [Kind.TOXIC_REPORT_FILED, Kind.SELFMON_DONE, Kind.HAZARD_INSPECTION_DONE, Kind.TANK_REPORTED]
            )
            tell(made, plant, kind, day)
        elif act == "anomaly":
            tell(made, plant, Kind.ANOMALY, day, subject=f"异常{day}")
        elif act == "back" and (held := list(Happening.objects.filter(superseded_at=None))):
            happenings.take_back(draw.choice(held), by=made.officer, at=AT, why="登错")
        assert _late_rows() == _late_cards(made, plant, TODAY)
    monkeypatch.setenv("SOILDESK_TODAY", "2028-02-01")
    monkeypatch.setattr(owing, "_kept_up", [])
    owing.keep_up()
    later = date(2028, 2, 1)
    assert _late_rows(later) == _late_cards(made, plant, later)


def _late_rows(on: date = TODAY) -> set[tuple[str, date]]:
    return {(one.period, one.due) for one in Duty.objects.late_on(on) if one.due}


def _late_cards(made: Firms, plant: Any, on: date) -> set[tuple[str, date]]:
    return {
        (line.owed.period, line.due)
        for year in range(2019, on.year + 1)
        for card in cards(View(made.officer, on), year, only=[plant.enterprise_id])
        for line in card.lines
        if line.owed and line.due and line.state is CardState.OVERDUE
    }
