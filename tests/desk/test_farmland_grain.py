"""Grain that never reaches the table: a test is owed, one above the limit proposes a lock, tonnes balance, food comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import farmland_world
import grain_world
import judging_world
import pytest
from grain_world import HARVEST, SOWN, Grain, at

from desk.conftest import kept, made_world
from soildesk.core.models import AuditEntry, Duty
from soildesk.farmland.models import Lot, LotHousehold, LotPayment, ProduceTest
from soildesk.farmland.queries import balances, buyers, labproduce, owedtests
from soildesk.farmland.refusals import FarmlandRefused
from soildesk.farmland.register import lotpage
from soildesk.farmland.services import graincustody, grainnotices, holdings, lots, producetests, seasons, unlocking
from soildesk.farmland.services.graincustody import Moved, Paid
from soildesk.farmland.services.grainnotices import Said
from soildesk.farmland.services.lots import Locking
from soildesk.farmland.services.unlocking import Unlocking
from soildesk.monitoring.services import judging
from soilrules.farmland.harvests import OwedState, Risk

pytestmark = pytest.mark.store


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grain]:
    """One county for all tests of the file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("grain")):
        yield Grain(farmland_world.county(made_world()))


@pytest.fixture
def grain(county: Grain, db: None) -> Grain:
    return county


def refused(code: str) -> Any:
    """A refusal of a code."""
    return pytest.raises(FarmlandRefused, check=lambda error: error.code == code)


def duty(kind: str, unit: str = "") -> Any:
    return Duty.objects.get(kind=kind, title__contains=unit)


def steps(lot: Lot, on: date = date(2026, 11, 20)) -> list[str]:
    return [one.kind.value for one in balances.of(Lot.objects.get(pk=lot.pk), on).steps]


def test_a_unit_at_risk_owes_a_test_before_its_harvest(grain: Grain) -> None:
    season = grain.season("safe_1")
    grain.season("priority_1")
    (owed,) = owedtests.plan(grain.by("agriculture"), date(2026, 9, 19), 2026)
    assert (owed.season, owed.risks, owed.state) == (season, (Risk.SAFE_USE,), OwedState.DUE)
    assert owed.due == duty(Duty.Kind.FARM_TEST).due == date(2026, 9, 19)
    assert duty(Duty.Kind.FARM_TEST).unit == grain.world.departments["agriculture"]
    assert owedtests.of_units([season.unit_id], HARVEST)[0].state is OwedState.OVERDUE
    grain.tested("safe_1", date(2026, 9, 10))
    assert owedtests.of_units([season.unit_id], HARVEST)[0].state is OwedState.DONE
    assert duty(Duty.Kind.FARM_TEST).done_on == date(2026, 9, 13)


def test_a_test_must_answer_for_the_element_that_controls_the_class(grain: Grain) -> None:
    grain.season("strict_1")
    grain.tested("strict_1", date(2026, 9, 10), contents={"cadmium": "0.05"})
    (owed,) = owedtests.plan(grain.by("agriculture"), HARVEST, 2026)
    assert (owed.state, owed.lacking) == (OwedState.OVERDUE, ("arsenic",))
    grain.tested("strict_1", date(2026, 9, 11), number="二次", contents={"cadmium": "0.05", "inorganic_arsenic": "0.1"})
    assert owedtests.plan(grain.by("agriculture"), HARVEST, 2026)[0].state is OwedState.DONE


def test_the_last_test_above_makes_a_priority_unit_owe(grain: Grain) -> None:
    grain.tested("priority_2", date(2026, 6, 10), "0.5")
    grain.season("priority_2", crop="晚稻", sown_on=date(2026, 7, 1), harvest_from=date(2026, 11, 5))
    (owed,) = owedtests.plan(grain.by("agriculture"), date(2026, 11, 20), 2026)
    assert (owed.risks, owed.state) == ((Risk.LAST_ABOVE,), OwedState.OVERDUE)


def test_a_garden_is_tested_each_season_by_the_forest_office(grain: Grain) -> None:
    first = {"crop": "苹果", "sown_on": date(2026, 3, 1), "harvest_from": date(2026, 9, 1)}
    grain.season("garden_1", by="forestry", **first)
    owed = duty(Duty.Kind.FARM_TEST)
    assert (owed.unit, owed.due) == (grain.world.departments["forestry"], date(2026, 8, 31))
    with refused("farmland.office.other"):
        grain.tested("garden_1", date(2026, 8, 20), "0.01", crop="苹果")
    grain.tested("garden_1", date(2026, 8, 20), "0.01", by="forestry", crop="苹果")
    assert duty(Duty.Kind.FARM_TEST).done_on == date(2026, 8, 23)


def test_the_edition_of_the_day_of_the_sample_judges(grain: Grain) -> None:
    before = grain.tested("safe_1", date(2026, 8, 20), "0.2")
    after = grain.tested("safe_1", date(2026, 9, 10), "0.2")
    assert [one.values.get().edition for one in (before, after)] == ["GB 2762-2022", "GB 2762-2025"]
    assert not grain.farm.units["safe_1"].lock_proposals.exists()


def test_what_lies_above_is_locked_by_the_farming_office_once(grain: Grain) -> None:
    grain.season("safe_1")
    family = grain.household("safe_1", "甲")
    test = grain.tested("safe_1", date(2026, 9, 10), "0.35")
    (proposal,) = grain.farm.units["safe_1"].lock_proposals.all()
    assert duty(Duty.Kind.FARM_GRAIN).due == HARVEST
    with refused("farmland.office.other"):
        lots.dismiss(proposal, "不锁", by=grain.by("grain"), at=grain.world.at)
    lot = grain.locked(test)
    assert lot.season is not None
    assert LotHousehold.objects.get(lot=lot).household == family
    assert duty(Duty.Kind.FARM_GRAIN).done_on == date(2026, 9, 15)
    with refused("farmland.lot.decided"):
        lots.dismiss(proposal, "另一科室同时办理", by=grain.by("agriculture_head"), at=grain.world.at)
    again = grain.tested("safe_1", date(2026, 9, 16), "0.3")
    assert grain.locked(again, on=date(2026, 9, 19)) == lot, "a second sample above joins the lock that stands"
    with refused("farmland.produce.used"):
        producetests.take_back(test, why="误登", by=grain.by("agriculture"), at=grain.world.at)


def test_food_kept_comes_first_and_nothing_balances_silently(grain: Grain) -> None:
    family = grain.household("safe_1", "甲")
    other = grain.household("safe_1", "乙")
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    assert steps(lot) == ["lock_notice", "households_silent", "purchase_notice", "unreported"]
    grain.kept(lot, family, "1.2")
    assert steps(lot)[0] == "kept_uncovered", "a household that keeps food is loose before everybody told"
    grain.kept(lot, other, "0")
    grain.harvested(lot, "12")
    stored = grain.moved(lot, "stored", "9")
    for part in ("feed_seed", "sold"):
        grain.moved(lot, part, "0", to="", document="", by="agriculture")
    grain.moved(lot, "loss", "1.5", to="", document="")
    balance = balances.of(Lot.objects.get(pk=lot.pk), date(2026, 11, 20)).balance
    assert balance.unexplained == Decimal("0.3")
    assert steps(lot)[0] == "kept_uncovered"
    with refused("farmland.grain.too_much"):
        grain.disposed(lot, "1.3", kind="replaced", household=family, by="town")
    grain.disposed(lot, "1.2", kind="replaced", household=family, by="town")
    grain.disposed(lot, "9", move=stored)
    assert "kept_uncovered" not in steps(lot)
    with refused("farmland.lot.unexplained"):
        unlocking.unlock(lot, Unlocking(date(2026, 11, 1), "纪要"), by=grain.by("agriculture"), at=grain.world.at)


def test_a_lock_is_not_lifted_while_grain_is_loose_and_once_only(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    lift = Unlocking(date(2026, 11, 1), "青农发〔2026〕40号")
    with refused("farmland.lot.loose"):
        unlocking.unlock(lot, lift, by=grain.by("agriculture"), at=grain.world.at)
    grain.harvested(lot, "10")
    stored = grain.moved(lot, "stored", "9")
    for part in ("feed_seed", "sold", "kept"):
        grain.moved(lot, part, "0", to="", document="", by="agriculture")
    grain.moved(lot, "loss", "1", to="", document="")
    with refused("farmland.lot.loose"):
        unlocking.unlock(lot, lift, by=grain.by("agriculture"), at=grain.world.at)
    grain.disposed(lot, "9", move=stored)
    unlocking.unlock(lot, lift, by=grain.by("agriculture"), at=grain.world.at)
    with refused("farmland.lot.unlocked"):
        unlocking.unlock(lot, lift, by=grain.by("agriculture_head"), at=grain.world.at)
    assert AuditEntry.objects.filter(act="farmland.lot.unlocked").count() == 1


def test_grain_stored_among_other_grain_is_unlocked_once_all_of_it_went_and_somebody_says_how(grain: Grain) -> None:
    lot = grain.harvested(grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35")), "9")
    stored = grain.moved(lot, "stored", "9", separate=False)
    for part in ("feed_seed", "sold", "kept", "loss"):
        grain.moved(lot, part, "0", to="", document="", by="agriculture")
    lift = Unlocking(date(2026, 11, 1), "青农发〔2026〕40号", "与 3 号仓 20 吨混存，整仓 29 吨作工业用粮")
    with refused("farmland.lot.loose"):
        unlocking.unlock(lot, lift, by=grain.by("agriculture"), at=grain.world.at)
    grain.disposed(lot, "9", move=stored)
    with refused("farmland.lot.unexplained"):
        unlocking.unlock(lot, replace(lift, why=" "), by=grain.by("agriculture"), at=grain.world.at)
    assert unlocking.unlock(lot, lift, by=grain.by("agriculture"), at=grain.world.at).unlock_why == lift.why
    kept = balances.of(Lot.objects.get(pk=lot.pk), date(2026, 11, 20)).balance
    assert [kind.value for kind, _tonnes in kept.findings] == ["not_separate"], "it stays shown"


def of_store(grain: Grain, lot: Lot, number: str, cadmium: str = "0.1", **facts: Any) -> ProduceTest:
    """A test of grain in store."""
    contents = facts.pop("contents", {"cadmium": cadmium})
    said = {"number": number, "stage": "store", "way": "laboratory", "crop": "稻谷"}
    said |= {"sampled_on": date(2026, 10, 8), "result_on": date(2026, 10, 12), **facts}
    return producetests.record(producetests.Of(lot=lot), said, contents, by=grain.by("grain"), at=grain.world.at)


def test_grain_is_cleared_by_a_laboratory_test_of_its_own_lot(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    stored = grain.moved(lot, "stored", "5", separate=None)
    assert {"not_separate", "purchase_untested"} <= set(steps(lot))
    rapid = of_store(grain, lot, "K2", way="rapid")
    lead = of_store(grain, lot, "K4", contents={"lead": "0.05"})
    for test in (None, rapid, lead):
        with refused("farmland.grain.test"):
            grain.disposed(lot, "5", kind="cleared", move=stored, test=test)
    good = of_store(grain, lot, "K3")
    grain.disposed(lot, "5", kind="cleared", move=stored, test=good)
    with refused("farmland.grain.used"):
        graincustody.take_back(stored, "误登", by=grain.by("grain"), at=grain.world.at)
    with refused("farmland.produce.used"):
        producetests.take_back(good, why="误登", by=grain.by("grain"), at=grain.world.at)
    assert "store_uncovered" not in steps(lot)
    of_store(grain, lot, "K5", "0.3")
    assert "store_uncovered" in steps(lot), "a clearance counts no more once another laboratory found the lot above"


def test_no_retest_clears_against_another_that_lies_above(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    stored = grain.moved(lot, "stored", "5")
    above, good = of_store(grain, lot, "K1", "0.3"), of_store(grain, lot, "K3")
    with refused("farmland.grain.test"):
        grain.disposed(lot, "5", kind="cleared", move=stored, test=good)
    producetests.take_back(above, why="样品混淆", by=grain.by("grain"), at=grain.world.at)
    grain.disposed(lot, "5", kind="cleared", move=stored, test=good)


def test_a_sample_of_a_lot_is_of_its_grain(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    with refused("farmland.produce.lot"):
        of_store(grain, lot, "K1", crop="小麦")
    with refused("farmland.produce.days"):
        of_store(grain, lot, "K1", sampled_on=date(2026, 9, 9))


@pytest.mark.parametrize("printed", ["0", "0.00", "=1+1", "-0.1", "约0.2", "0.2,lead", "1e9", "<0.01mg/L"])
def test_what_no_laboratory_prints_is_no_result(grain: Grain, printed: str) -> None:
    with refused("farmland.produce.values"):
        grain.tested("safe_1", date(2026, 9, 10), printed)


def test_a_content_that_was_not_measured_says_nothing(grain: Grain) -> None:
    test = grain.tested("safe_1", date(2026, 9, 10), contents={"cadmium": "0.1", "lead": "/", "mercury": "—"})
    assert [one.analyte for one in test.values.all()] == ["cadmium"]
    assert test.said == "within"


def test_a_lock_fits_its_sample_and_its_ground(grain: Grain) -> None:
    test = grain.tested("safe_1", date(2026, 9, 10), "0.35")
    proposal = test.proposal

    def lock(on: date = date(2026, 9, 15), year: int = 2026, area: str = "39800", note: str = "") -> Lot:
        told = Locking(on, "青农发〔2026〕31号", Decimal(area), [], year, note)
        return lots.confirm(proposal, told, by=grain.by("agriculture"), at=grain.world.at)

    for wrong in ({"on": date(2026, 9, 1)}, {"year": 2024}):
        with refused("farmland.lot.days"):
            lock(**wrong)
    with refused("farmland.lot.part"):
        lock(area="300")
    assert lock(area="300", note="其余未种植").locked_on == date(2026, 9, 15)
    more = grain.tested("safe_1", date(2026, 9, 11), "0.4").proposal
    wider = Locking(date(2026, 9, 15), "2", Decimal(39800), [], 2026)
    assert lots.confirm(more, wider, by=grain.by("agriculture"), at=grain.world.at).area_m2 == Decimal(39800)


def test_grain_that_was_followed_is_locked_with_what_left_it(grain: Grain) -> None:
    family = grain.household("safe_1", "甲")
    ground = [grain.farm.version("safe_1")]
    told = Locking(date(2026, 9, 5), "", Decimal(30000), ground, 2026)
    followed = lots.follow(told, "水稻", by=grain.by("agriculture"), at=grain.world.at)
    grain.moved(followed, "sold", "3", by="agriculture")
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"), on=date(2026, 9, 29))
    assert lot == followed
    assert "sold_while_locked" in steps(lot)
    assert LotHousehold.objects.get(lot=lot).household == family
    for crop in ("稻谷", "优质香米"):
        with refused("farmland.lot.locked_already"):
            lots.follow(told, crop, by=grain.by("agriculture"), at=grain.world.at)


def test_days_of_a_lot_come_one_after_the_other(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    for on in (date(2026, 9, 1), date(2025, 9, 25), date(2026, 1, 1)):
        with refused("farmland.lot.days"):
            lots.tell_harvest(lot, Decimal(9), on, by=grain.by("agriculture"), at=grain.world.at)
    lot = grain.harvested(lot, "9")
    early = Moved("sold", Decimal(1), date(2026, 9, 24), "甲", document="1")
    with refused("farmland.grain.days"):
        graincustody.move(lot, early, by=grain.by("agriculture"), at=grain.world.at)
    grain.moved(lot, "stored", "5")
    with refused("farmland.grain.twice"):
        grain.moved(lot, "stored", "5")
    with refused("farmland.lot.days"):
        lots.tell_harvest(lot, Decimal(9), date(2026, 9, 29), by=grain.by("agriculture"), at=grain.world.at)


def test_half_a_harvest_is_not_lost_without_a_paper(grain: Grain) -> None:
    lot = grain.harvested(grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35")), "8")
    grain.moved(lot, "loss", "4", document="")
    assert "loss_unproven" in steps(lot)


def test_nothing_told_is_not_nothing_loose(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    assert lotpage.loose(balances.of(lot, date(2026, 11, 20))) is None


def test_notices_are_answered_by_the_office_they_went_to(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    told = Said("lock", grain.world.departments["grain"], date(2026, 9, 15), "请定向收购", date(2026, 9, 18))
    notice = grainnotices.send(lot, told, by=grain.by("agriculture"), at=grain.world.at)
    owed = Duty.objects.get(subject_id=notice.pk, kind=Duty.Kind.FARM_GRAIN, unit=grain.world.departments["grain"])
    assert (owed.due, owed.done_on) == (date(2026, 9, 18), None)
    assert "lock_notice" not in steps(lot)
    with refused("farmland.grain_notice.twice"):
        grainnotices.send(lot, told, by=grain.by("agriculture"), at=grain.world.at)
    with refused("farmland.grain_notice.not_yours"):
        grainnotices.answer(notice, "已知悉", date(2026, 9, 17), by=grain.by("market"), at=grain.world.at)
    grainnotices.answer(notice, "已安排 3 号仓", date(2026, 9, 17), by=grain.by("grain"), at=grain.world.at)
    owed.refresh_from_db()
    assert owed.done_on == date(2026, 9, 17)
    with refused("farmland.grain_notice.answered"):
        grainnotices.answer(notice, "再答复", date(2026, 9, 17), by=grain.by("grain"), at=grain.world.at)


def test_the_market_office_samples_the_market_and_a_recall_follows(grain: Grain) -> None:
    said = {"number": "S-7", "stage": "market", "crop": "大米", "taken_at": "城关粮油店"}
    said |= {"sampled_on": date(2026, 10, 20), "result_on": date(2026, 10, 24)}
    of = producetests.Of(place=farmland_world.place(grain.world))
    test = producetests.record(of, said, {"cadmium": "0.31"}, by=grain.by("market"), at=grain.world.at)
    told = Said("recall", grain.world.departments["grain"], date(2026, 10, 25), "请核查来源并召回", date(2026, 11, 1))
    notice = grainnotices.send(test, told, by=grain.by("agriculture"), at=grain.world.at)
    assert (notice.test, notice.lot) == (test, None)


def test_finance_pays_and_nobody_else(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    paid = Paid("purchase", Decimal("25200"), date(2026, 10, 8), "区粮油购销公司", "财预 88")
    with refused("farmland.office.other"):
        graincustody.pay(lot, paid, by=grain.by("grain"), at=grain.world.at)
    graincustody.pay(lot, paid, by=grain.by("finance"), at=grain.world.at)
    assert LotPayment.objects.get().payer == "青禾区财政局"


def test_a_season_told_better_keeps_what_was_said(grain: Grain) -> None:
    season = grain.season("safe_1")
    with refused("farmland.season.twice"):
        grain.season("safe_1", crop="稻谷")
    changed = seasons.change(
        season, {"harvest_from": date(2026, 9, 25)}, why="长势晚", by=grain.by("agriculture"), at=at(SOWN)
    )
    assert changed.uid == season.uid
    assert duty(Duty.Kind.FARM_TEST).due == date(2026, 9, 24)
    assert type(season).objects.filter(superseded_at__isnull=False).get().harvest_from == HARVEST
    seasons.take_back(changed, why="没有种", by=grain.by("agriculture"), at=grain.world.at)
    assert not Duty.objects.filter(kind=Duty.Kind.FARM_TEST).exists()


def test_only_the_town_of_the_lot_tells_what_its_households_keep(grain: Grain) -> None:
    family = grain.household("safe_1", "甲")
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    with refused("farmland.grain.office"):
        grain.kept(lot, family, "1", by="town_2")
    grain.kept(lot, family, "1")
    assert grain_world.LotMove.objects.count() == 0
    with refused("farmland.grain.kept"):
        grain.moved(lot, "kept", "0", by="agriculture")


def test_what_came_through_the_laboratory_counts_and_pairs_with_its_soil(grain: Grain) -> None:
    grain.season("strict_1")
    corner = grain.farm.version("strict_1").geometry.centroid
    at_point = judging_world.point(grain.world, "XT-1", x=corner.x, y=corner.y, kind="joint", use="paddy", crop="水稻")
    of = judging_world.campaign(grain.world, date(2026, 9, 8), kind="joint")
    into = judging_world.batch(grain.world, of)
    taken = {
        "soil": {"cadmium": 0.9, "arsenic": 20.0, "ph": 6.0},
        "produce": {"cadmium": 0.1, "inorganic_arsenic": 0.1},
    }
    for medium, contents in taken.items():
        sample = judging_world.sample(grain.world, of, at_point, date(2026, 9, 8), medium=medium, crop="稻谷")
        for analyte, value in contents.items():
            judging_world.result(into, sample, analyte, value)
    judging.judge(of, "accepted", by=grain.world.actor("officer"), at=grain.world.at)
    (pair,) = labproduce.pairs(grain.by("agriculture"), date(2026, 11, 20), 2026)
    assert (pair.soil_worst, str(pair.said), pair.days_between) == ("exceeds_screening", "within", 0)
    assert pair.unit is not None
    assert pair.unit.unit == grain.farm.units["strict_1"]
    left = labproduce.without_pair(grain.by("agriculture"), date(2026, 11, 20), [pair])
    assert len(left) == 11, "six of safe use and six of strict control, one of them paired"
    (owed,) = owedtests.plan(grain.by("agriculture"), date(2026, 11, 20), 2026)
    assert owed.last is not None
    assert owed.last.answered == {"cadmium", "inorganic_arsenic"}
    assert owed.state is OwedState.DONE


def test_a_buyer_that_buys_without_a_test_owes_it(grain: Grain) -> None:
    mill = holdings.register(
        {"kind": "buyer", "name": "青禾面粉厂"}, farmland_world.place(grain.world, "柏庄镇", "agriculture"), since=date(2020, 1, 1),
        by=grain.by("agriculture"), at=at(SOWN),
    )  # fmt: skip
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    grain.moved(lot, "stored", "5", to="青禾面粉厂 1 号仓")
    (bought,) = buyers.of_year(grain.by("grain"), date(2026, 11, 20), 2026)
    assert (bought.holding, bought.tonnes, bought.untested, bought.owes) == (mill, Decimal(5), Decimal(5), True)
    (before,) = buyers.of_year(grain.by("grain"), date(2026, 11, 20), 2025)
    assert (before.owes, before.silent) == (False, True), (
        "of a year nothing was told of, nobody can say that a test is owed"
    )
    said = {
        "number": "S-1",
        "stage": "purchase",
        "crop": "稻谷",
        "sampled_on": date(2026, 9, 26),
        "result_on": date(2026, 9, 27),
    }
    of = producetests.Of(lot=lot, holding=mill.holding)
    producetests.record(of, said, {"cadmium": "0.3"}, by=grain.by("grain"), at=grain.world.at)
    (bought,) = buyers.of_year(grain.by("grain"), date(2026, 11, 20), 2026)
    assert (bought.untested, bought.above, bought.owes) == (Decimal(0), 1, False)
    assert "purchase_untested" not in steps(lot)
