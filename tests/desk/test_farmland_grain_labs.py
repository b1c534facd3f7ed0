"""Produce above its limit, whoever found it: a laboratory's own file proposes a lock too, and a test of something else answers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import farmland_world
import judging_world
import pytest
import shapely
from grain_world import Grain

from desk.conftest import kept, made_world
from soildesk.core.models import Duty
from soildesk.farmland.models import LockProposal, Lot, ProduceTest, UnitVersion
from soildesk.farmland.queries import balances, buyers, owedtests
from soildesk.farmland.refusals import GrainNoticeRefused, GrainRefused, LotRefused, OfficeRefused, SeasonRefused
from soildesk.farmland.register import grainbeside, lotpage
from soildesk.farmland.services import (
    graincustody,
    grainnotices,
    holdings,
    labtests,
    lineage,
    lots,
    producetests,
    seasons,
    unlocking,
)
from soildesk.farmland.services.graincustody import Paid
from soildesk.farmland.services.grainnotices import Said
from soildesk.farmland.services.lineage import Paper, Piece
from soildesk.farmland.services.lots import Locking
from soildesk.farmland.services.unlocking import Unlocking
from soildesk.monitoring.services import judging
from soilrules.farmland.harvests import Risk
from soilrules.farmland.purchases import Answered, Timing

DAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grain]:
    """One county for all tests of the file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("grainlabs")):
        yield Grain(farmland_world.county(made_world()))


@pytest.fixture
def grain(county: Grain, db: None, monkeypatch: pytest.MonkeyPatch) -> Grain:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return county


def test_what_a_laboratory_found_above_proposes_a_lock_once(grain: Grain) -> None:
    grain.season("safe_1")
    corner = grain.farm.version("safe_1").geometry.centroid
    at_point = judging_world.point(grain.world, "XT-1", x=corner.x, y=corner.y, kind="joint", use="paddy", crop="水稻")
    of = judging_world.campaign(grain.world, date(2026, 9, 8), kind="joint")
    into = judging_world.batch(grain.world, of)
    sample = judging_world.sample(grain.world, of, at_point, date(2026, 9, 8), medium="produce", crop="稻谷")
    judging_world.result(into, sample, "cadmium", 500, unit="μg/kg")
    judging.judge(of, "accepted", by=grain.world.actor("officer"), at=grain.world.at)
    by = grain.by("agriculture")
    proposal = LockProposal.objects.get()
    owed = Duty.objects.for_subject(proposal).get()
    assert (owed.unit, owed.done_on) == (grain.world.departments["agriculture"], None), "told with the judgement itself"
    assert proposal.state == LockProposal.State.OPEN and not Lot.objects.exists(), "nothing locks without a person"
    assert (proposal.crop, proposal.test.said, proposal.test.values.get().analyte) == ("稻谷", "severe", "cadmium")
    said = producetests.explained(proposal.test)["cadmium"]
    assert "超出" in said and "0.5 mg/kg" in said, "in the unit of the limit, not 500 times it"
    seasons.plan_year(2026, by=by, at=grain.world.at)
    assert ProduceTest.objects.count() == 1
    assert grain.locked(proposal.test).units.get() == grain.farm.units["safe_1"]


def test_a_test_of_lead_does_not_take_back_cadmium(grain: Grain) -> None:
    grain.tested("priority_2", date(2026, 6, 10), "0.5")
    grain.tested("priority_2", date(2026, 7, 10), contents={"lead": "0.05"})
    unit = grain.farm.units["priority_2"].pk
    assert owedtests.risks_of([unit], DAY)[unit] == (Risk.LAST_ABOVE,)
    grain.tested("priority_2", date(2026, 7, 12), "0.1")
    assert owedtests.risks_of([unit], DAY)[unit] == ()
    grain.tested("priority_2", date(2026, 7, 12), "0.4", number="另一实验室")
    assert owedtests.risks_of([unit], DAY)[unit] == (Risk.LAST_ABOVE,)


def test_dividing_ground_does_not_free_its_grain(grain: Grain) -> None:
    locked = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    grain.tested("safe_2", date(2026, 9, 10), "0.35")
    pieces = {name: _divided(grain, name) for name in ("safe_1", "safe_2")}
    for made in pieces.values():
        keys = [one.unit_id for one in made]
        assert all(Risk.LAST_ABOVE in (found or ()) for found in owedtests.risks_of(keys, DAY).values())
    told = Locking(DAY, "", Decimal(100), pieces["safe_1"][:1], 2026)
    with pytest.raises(LotRefused, match=locked.number):
        lots.follow(told, "水稻", by=grain.by("agriculture"), at=grain.world.at)
    lot = grain.locked(LockProposal.objects.get(unit=grain.farm.units["safe_2"]).test, on=DAY)
    assert {one.pk for one in lot.units.all()} == {one.unit_id for one in pieces["safe_2"]}
    with pytest.raises(OfficeRefused):
        unlocking.unlock(locked, Unlocking(DAY, "纪要"), by=grain.by("grain"), at=grain.world.at)


def _divided(grain: Grain, name: str) -> list[UnitVersion]:
    """A unit cut in two along its middle."""
    held = grain.farm.version(name)
    west, south, east, north = held.geometry.bounds
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    pieces = [Piece(held.geometry.intersection(one)) for one in halves]
    paper = Paper(date(2026, 10, 1), "利用方式不同")
    return lineage.split(held, pieces, paper, by=grain.by("agriculture"), at=grain.world.at)


def test_a_season_is_one_harvest(grain: Grain) -> None:
    grain.season("safe_1")
    with pytest.raises(SeasonRefused, match="已经登记过"):
        grain.season("safe_1", year=2027)
    with pytest.raises(SeasonRefused, match="不是一季"):
        grain.season("safe_2", sown_on=date(2024, 1, 1))


def test_papers_of_a_lot_are_not_older_than_it(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    told = Said("lock", grain.world.departments["grain"], date(2026, 9, 1), "请定向收购")
    with pytest.raises(GrainNoticeRefused, match="早于锁定"):
        grainnotices.send(lot, told, by=grain.by("agriculture"), at=grain.world.at)
    paid = Paid("purchase", Decimal(1), date(2020, 1, 1), "甲", "1")
    with pytest.raises(GrainRefused, match="批次年度"):
        graincustody.pay(lot, paid, by=grain.by("finance"), at=grain.world.at, stands_in="-")


def _on_paper(grain: Grain) -> Lot:
    """A locked lot of which every tonne found its end on 20 October."""
    lot = grain.harvested(grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35")), "10")
    stored = grain.moved(lot, "stored", "9")
    for part in ("feed_seed", "sold", "kept"):
        grain.moved(lot, part, "0", to="", document="", by="agriculture")
    grain.moved(lot, "loss", "1", to="", document="")
    grain.disposed(lot, "9", move=stored)
    return lot


@pytest.mark.parametrize("on", [date(2026, 9, 24), date(2026, 9, 27), date(2026, 10, 19)])
def test_a_lock_is_not_lifted_from_a_day_on_which_grain_was_loose(grain: Grain, on: date) -> None:
    lot = _on_paper(grain)
    with pytest.raises(LotRefused, match="办完之后的日期"):
        unlocking.unlock(lot, Unlocking(on, "纪要"), by=grain.by("agriculture"), at=grain.world.at)
    lifted = unlocking.unlock(lot, Unlocking(date(2026, 10, 20), "纪要"), by=grain.by("agriculture"), at=grain.world.at)
    assert lifted.unlocked_on == date(2026, 10, 20)


def test_what_was_left_undone_stays_on_a_lot_whose_lock_was_lifted(grain: Grain) -> None:
    lot = _on_paper(grain)
    assert [one[:4] for one in unlocking.undone(lot, grain.by("agriculture"))] == ["发出锁定", "发出定向", "收购企业"]
    unlocking.unlock(lot, Unlocking(DAY, "纪要"), by=grain.by("agriculture"), at=grain.world.at)
    held = balances.of(Lot.objects.get(pk=lot.pk), DAY)
    assert [str(one.kind) for one in held.steps] == ["lock_notice", "purchase_notice", "purchase_untested"]
    assert held.urgent is None
    graincustody.take_back(held.disposals[0], "合同取消", by=grain.by("grain"), at=grain.world.at)
    again = balances.of(Lot.objects.get(pk=lot.pk), DAY)
    assert again.urgent is not None and str(again.urgent.kind) == "store_uncovered"


def test_kilograms_told_as_tonnes_are_no_harvest(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"), area="20000")  # 30 mu
    with pytest.raises(LotRefused, match="不是公斤"):
        grain.harvested(lot, "901")
    grain.harvested(lot, "1.4")
    odd = next(one for one in balances.of(Lot.objects.get(pk=lot.pk), DAY).steps if str(one.kind) == "harvest_odd")
    assert "每亩 47 公斤" in odd.message.sentence("zh")


def test_a_receiver_no_register_holds_is_seen_among_the_buyers(grain: Grain) -> None:
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    grain.moved(lot, "stored", "5", to="路边收购点")
    (bought,) = buyers.of_year(grain.by("grain"), DAY, 2026)
    assert (bought.holding, bought.name, bought.untested, bought.owes) == (None, "路边收购点", Decimal(5), True)


def test_what_lies_above_on_the_market_asks_for_a_recall(grain: Grain) -> None:
    said = {"number": "S-9", "stage": "market", "crop": "大米", "taken_at": "城关粮油店"}
    said |= {"sampled_on": date(2026, 10, 20), "result_on": date(2026, 10, 24)}
    of = producetests.Of(place=farmland_world.place(grain.world))
    test = producetests.record(of, said, {"cadmium": "0.31"}, by=grain.by("market"), at=grain.world.at)
    within = producetests.record(
        of, {**said, "number": "S-8"}, {"cadmium": "0.2"}, by=grain.by("market"), at=grain.world.at
    )
    owed = Duty.objects.get(subject_type="farmland.producetest", subject_id=test.pk)
    assert (owed.unit, owed.done_on) == (grain.world.departments["agriculture"], None)
    assert not Duty.objects.filter(subject_type="farmland.producetest", subject_id=within.pk).exists()
    told = Said("recall", grain.world.departments["grain"], date(2026, 10, 25), "请核查来源并召回")
    grainnotices.send(test, told, by=grain.by("agriculture"), at=grain.world.at)
    owed.refresh_from_db()
    assert owed.done_on == date(2026, 10, 25)


def test_a_purchase_above_of_a_lot_that_was_only_followed_proposes_its_lock(grain: Grain) -> None:
    units = [grain.farm.version("priority_1")]
    told = Locking(date(2026, 9, 1), "", Decimal(20_000), units, 2026)
    lot = lots.follow(told, "水稻", by=grain.by("agriculture"), at=grain.world.at)
    said = {
        "number": "K-9",
        "stage": "purchase",
        "crop": "稻谷",
        "sampled_on": date(2026, 9, 26),
        "result_on": date(2026, 9, 27),
    }
    test = producetests.record(
        producetests.Of(lot=lot), said, {"cadmium": "0.3"}, by=grain.by("grain"), at=grain.world.at
    )
    chips = lotpage._chips(lot, balances.of(lot, DAY))
    assert [one.word for one in chips][1:3] == ["批次检测超标", "检测超标，待确认锁定"]
    assert grain.locked(test, on=date(2026, 9, 28)) == lot
    assert Lot.objects.get(pk=lot.pk).locked_on == date(2026, 9, 28)


def test_one_buyers_test_answers_for_no_other(grain: Grain) -> None:
    of_place = farmland_world.place(grain.world, "柏庄镇", "agriculture")
    facts = {"kind": "buyer", "name": "青禾面粉厂"}
    by, at = grain.by("agriculture"), grain.world.at
    mill = holdings.register(facts, of_place, since=date(2020, 1, 1), by=by, at=at)
    shop = holdings.register({**facts, "name": "柳溪米厂"}, of_place, since=date(2020, 1, 1), by=by, at=at)
    lot = grain.locked(grain.tested("safe_1", date(2026, 9, 10), "0.35"))
    stored = {
        one: grain.moved(lot, "stored", tonnes, to=one.name) for one, tonnes in ((mill, "5"), (shop, "3"))
    }  # fmt: skip
    said = {"number": "S-1", "stage": "purchase", "crop": "稻谷"}
    said |= {"sampled_on": date(2026, 9, 26), "result_on": date(2026, 9, 27)}
    of = producetests.Of(lot=lot, holding=mill.holding)
    test = producetests.record(of, said, {"cadmium": "0.1"}, by=grain.by("grain"), at=at)
    assert balances.of(lot, DAY).untested == Decimal(3), "the lot and the buyers tell one figure"
    told = {one.holding: one.untested for one in buyers.of_year(grain.by("grain"), DAY, 2026)}
    assert told == {mill: Decimal(0), shop: Decimal(3)}
    assert balances.of(lot, date(2026, 9, 26)).untested == 0, "nothing was bought yet"
    with pytest.raises(GrainRefused, match="不是取自这笔粮食"):
        grain.disposed(lot, "3", kind="cleared", move=stored[shop], test=test)
    later = {**said, "number": "S-2", "sampled_on": date(2026, 10, 8), "result_on": date(2026, 10, 9)}
    producetests.record(
        producetests.Of(lot=lot, holding=shop.holding), later, {"cadmium": "0.1"}, by=grain.by("grain"), at=at
    )
    held = balances.of(lot, DAY)
    assert held.untested == 0, "tested late is told as late, and nothing is left to be tested"
    assert "purchase_untested" not in {str(one.kind) for one in held.steps}
    assert held.answers[stored[shop].pk] == Answered(Timing.LATE, date(2026, 10, 8))
    (late,) = [one for one in buyers.of_year(grain.by("grain"), DAY, 2026) if one.holding == shop]
    assert (late.untested, late.tested_late, late.owes) == (Decimal(0), Decimal(3), False)
    assert balances.of(lot, date(2026, 10, 8)).untested == Decimal(3), "its result was not known yet"
    family = grain.household("safe_1", "王某")
    grain.kept(lot, family, "1")
    with pytest.raises(GrainRefused, match="别的企业或者农户"):
        grain.disposed(lot, "1", kind="cleared", household=family, test=test)
    grain.disposed(lot, "5", kind="cleared", move=stored[mill], test=test)


def test_a_unit_drawn_around_an_old_result_is_asked_about_within_the_hour(grain: Grain) -> None:
    grain.season("safe_1")
    corner = grain.farm.version("safe_1").geometry.centroid
    UnitVersion.objects.filter(unit=grain.farm.units["safe_1"]).update(superseded_at=grain.world.at)
    _produce_above(grain, corner, date(2026, 9, 8))
    assert not LockProposal.objects.exists(), "nobody knows where it grew"
    UnitVersion.objects.filter(unit=grain.farm.units["safe_1"]).update(superseded_at=None)
    shown = grainbeside.section(grain.by("agriculture"), grain.farm.version("safe_1"), DAY)
    assert "还没有提出锁定建议" in shown, "the unit says so at once"
    assert (labtests.keep_up(), labtests.keep_up()) == (1, 0)
    producetests.take_back(
        LockProposal.objects.get().test, why="样品混淆", by=grain.by("agriculture"), at=grain.world.at
    )
    assert labtests.keep_up() == 0, "what was taken back stays away"


def test_a_result_of_years_ago_asks_for_no_lock(grain: Grain) -> None:
    _produce_above(grain, grain.farm.version("safe_1").geometry.centroid, date(2024, 9, 8))
    assert labtests.keep_up() == 0
    assert not LockProposal.objects.exists()


def _produce_above(grain: Grain, at: shapely.Point, on: date) -> None:
    point = judging_world.point(grain.world, "XT-1", x=at.x, y=at.y, kind="joint", use="paddy", crop="水稻")
    of = judging_world.campaign(grain.world, on, kind="joint")
    sample = judging_world.sample(grain.world, of, point, on, medium="produce", crop="稻谷")
    judging_world.result(judging_world.batch(grain.world, of), sample, "cadmium", 0.5)
    judging.judge(of, "accepted", by=grain.world.actor("officer"), at=grain.world.at)


def test_a_result_above_after_the_lock_was_lifted_asks_for_a_recall(grain: Grain) -> None:
    lot = _on_paper(grain)
    unlocking.unlock(lot, Unlocking(date(2026, 10, 25), "纪要"), by=grain.by("agriculture"), at=grain.world.at)
    said = {"number": "K-8", "stage": "store", "crop": "稻谷"}
    said |= {"sampled_on": date(2026, 10, 20), "result_on": date(2026, 10, 25)}
    test = producetests.record(
        producetests.Of(lot=Lot.objects.get(pk=lot.pk)),
        said,
        {"cadmium": "0.3"},
        by=grain.by("grain"),
        at=grain.world.at,
    )
    owed = Duty.objects.for_subject(test).get()
    assert (owed.unit, owed.done_on) == (grain.world.departments["agriculture"], None)
    told = Said("recall", grain.world.departments["market"], date(2026, 10, 26), "请停止销售")
    grainnotices.send(Lot.objects.get(pk=lot.pk), told, by=grain.by("agriculture"), at=grain.world.at)
    owed.refresh_from_db()
    assert owed.done_on == date(2026, 10, 26)
