"""Evaluation units, their households, their ground through time, and the classes a province approved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import shapely

from desk import farmland_world
from desk.conftest import kept, made_world
from desk.land_world import square
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.farmland import entering
from soildesk.farmland.models import Household, UnitClass, UnitVersion
from soildesk.farmland.mu import to_mu
from soildesk.farmland.queries import classes, units
from soildesk.farmland.refusals import ClassRefused, HouseholdRefused, LineageRefused, UnitRefused
from soildesk.farmland.services import approvals, households, lineage
from soildesk.farmland.services import units as acts
from soildesk.farmland.services.approved import Approved
from soildesk.farmland.services.lineage import Paper, Piece
from soildesk.kit.faces import Change
from soildesk.kit.gis import loading, taking, targets
from soildesk.kit.gis.asked import Asked
from soildesk.kit.gis.refusals import GisRefused
from soildesk.land.shapes import area_m2

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
CUT = date(2025, 3, 1)


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def farm(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One farming county for all tests of this file; each undoes what it did."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("farmland")):
        yield farmland_world.county(made_world())


def officer(farm: Any) -> Any:
    return farm.world.actor("officer")


def halves(farm: Any, name: str, **facts: Any) -> list[UnitVersion]:
    """A unit of the grid cut in two from south to north on `CUT`."""
    east, north = {"safe_1": (0, 1), "priority_1": (0, 0)}[name]
    pieces = [Piece(square(east, north, 0.25)), Piece(square(east + 0.25, north, 0.75))]
    return lineage.split(farm.version(name), pieces, Paper(CUT, "利用方式不同"), by=officer(farm), at=NOW)


def test_a_unit_has_the_class_of_each_day_as_known_on_each_day(farm: Any) -> None:
    unit = farm.units["safe_1"]
    assert classes.class_of(unit, date(2021, 6, 29)) is None
    assert classes.class_of(unit, date(2021, 6, 30)).farmland_class == "safe_use"
    assert classes.class_of(unit, date(2021, 7, 1), datetime(2021, 7, 1, tzinfo=UTC)) is None

    farmland_world.approved(farm.world, {unit: "strict"}, since=date(2024, 9, 1), number="示政函〔2024〕31号", at=NOW)

    assert classes.class_of(unit, date(2024, 8, 31)).farmland_class == "safe_use"
    assert classes.class_of(unit, date(2024, 9, 1)).farmland_class == "strict"
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert classes.class_of(unit, date(2024, 9, 1), before).farmland_class == "safe_use"
    assert [one.farmland_class for one in classes.history(unit)] == ["strict", "safe_use"]


def test_an_earlier_decision_registered_late_stands_before_the_later_one(farm: Any) -> None:
    unit = farm.units["bare_1"]
    farmland_world.approved(farm.world, {unit: "safe_use"}, since=date(2024, 9, 1), number="示政函〔2024〕31号")
    farmland_world.approved(farm.world, {unit: "strict"}, since=date(2022, 1, 1), number="示政函〔2022〕1号")
    assert [(one.farmland_class, one.since, one.until) for one in classes.history(unit)] == [
        ("safe_use", date(2024, 9, 1), None),
        ("strict", date(2022, 1, 1), date(2024, 9, 1)),
    ]


def test_a_decision_taken_back_leaves_what_stood_before_it(farm: Any) -> None:
    unit = farm.units["safe_2"]
    made = farmland_world.approved(farm.world, {unit: "strict"}, since=date(2024, 9, 1), number="示政函〔2024〕32号")
    assert approvals.take_back(made, by=officer(farm), at=NOW, why="文号登记错误") == 1
    held = classes.class_of(unit, farm.world.day)
    assert (held.farmland_class, held.since, held.until) == ("safe_use", date(2021, 6, 30), None)
    again = farmland_world.approved(farm.world, {unit: "priority"}, since=date(2024, 9, 1), number="示政函〔2024〕32号")
    assert classes.class_of(unit, farm.world.day).decision == again


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"authority": "青禾区人民政府"}, "farmland.class.authority_wrong"),
        ({"authority": "示例省农业农村厅"}, "farmland.class.authority_unsure"),
        ({"since": date(2020, 1, 1), "decided_on": date(2021, 1, 1)}, "farmland.class.days"),
        ({"since": date(2027, 1, 1)}, "farmland.class.future"),
        ({"number": "示政函〔2021〕66号"}, "farmland.class.twice"),
        ({"number": "示政函[２０２１] 66号"}, "farmland.class.twice"),
        ({"number": ""}, "farmland.class.words"),
    ],
)
def test_only_the_province_approves(farm: Any, change: dict[str, Any], code: str) -> None:
    said = {"number": "示政函〔2024〕9号", "since": date(2024, 9, 1), **change}
    with pytest.raises(ClassRefused) as refused:
        farmland_world.approved(farm.world, {farm.units["bare_1"]: "safe_use"}, **said)
    assert refused.value.code == code


def test_rows_that_cannot_be_taken_are_told_and_nothing_is_written(farm: Any) -> None:
    units_ = farm.units
    rows = [
        Approved(units_["bare_1"], "safe_use"),
        Approved(units_["bare_1"], "strict"),
        Approved(units_["garden_1"], "fine"),
        Approved(units_["safe_3"], "strict", ("kryptonite",)),
    ]
    made = farmland_world.approved(
        farm.world, {units_["safe_4"]: "strict"}, since=date(2024, 9, 1), number="示政函〔2024〕3号"
    )
    with pytest.raises(ClassRefused) as refused:
        approvals.take_in(made, [*rows, Approved(units_["safe_4"], "strict")], by=officer(farm), at=NOW)
    assert refused.value.code == "farmland.class.rows"
    assert len(refused.value.rows) == 4
    assert classes.class_of(units_["bare_1"], farm.world.day) is None


def test_nobody_outside_the_offices_registers_classes(farm: Any) -> None:
    for who in ("reader", "town", "stranger", "finance", "market", "grain", "water"):
        by = farm.world.actor(who)
        with pytest.raises(NotAllowed):
            approvals.take_in(farm.decision, [], by=by, at=NOW)
        with pytest.raises(NotAllowed):
            approvals.take_back(farm.decision, by=by, at=NOW, why="文号有误")
        with pytest.raises(NotAllowed):
            acts.end(farm.version("bare_1"), on=CUT, recording=Recording(by, NOW, "转用"))


def test_a_divided_unit_keeps_its_area_and_its_class(farm: Any) -> None:
    whole = farm.version("safe_1").area_m2
    made = halves(farm, "safe_1")
    assert sum(one.area_m2 for one in made) == pytest.approx(whole, abs=1e-6)
    assert UnitVersion.objects.standing(CUT).filter(unit=farm.units["safe_1"]).count() == 0
    for one in made:
        held = classes.class_of(one.unit, CUT)
        assert (held.farmland_class, held.decision, held.since) == ("safe_use", farm.decision, CUT)
        assert classes.class_of(one.unit, date(2025, 2, 28)) is None
    assert classes.class_of(farm.units["safe_1"], CUT) is None
    totals = {day: classes.by_area(classes.totals(officer(farm), day)) for day in (date(2025, 2, 28), CUT)}
    for each in ("priority", "safe_use", "strict", ""):
        assert totals[CUT][each].area_m2 == pytest.approx(totals[date(2025, 2, 28)][each].area_m2, abs=1e-6)


def test_areas_on_paper_are_divided_to_the_cent(farm: Any) -> None:
    day = farm.version("safe_1")
    acts.change(day, {"area_of_record_m2": "40001.01"}, since=None, recording=Recording(officer(farm), NOW, "补登"))
    made = halves(farm, "safe_1")
    assert sum(one.area_of_record_m2 for one in made) == Decimal("40001.01")


def test_a_decision_from_before_a_division_is_not_registered_behind_it(farm: Any) -> None:
    halves(farm, "safe_1")
    with pytest.raises(ClassRefused, match="已拆分"):
        farmland_world.approved(
            farm.world, {farm.units["safe_1"]: "strict"}, since=date(2023, 1, 1), number="示政函〔2023〕1号"
        )
    with pytest.raises(ClassRefused) as refused:
        approvals.take_back(farm.decision, by=officer(farm), at=NOW, why="登记错误")
    assert refused.value.code == "farmland.class.in_use"


def test_units_of_one_class_are_joined_and_their_households_come_along(farm: Any) -> None:
    one, other = farm.version("safe_1"), farm.version("safe_2")
    for unit, head in ((one.unit, "王某"), (other.unit, "李某")):
        households.enter(unit, {"head": head, "area_m2": 6667, "since": date(2022, 1, 1)}, by=officer(farm), at=NOW)
    made = lineage.merge([one, other], {"name": "柏庄连片"}, Paper(CUT, "连片"), by=officer(farm), at=NOW)
    assert made.area_m2 == pytest.approx(one.area_m2 + other.area_m2)
    assert classes.class_of(made.unit, CUT).farmland_class == "safe_use"
    assert [each.head for each in units.households_of(made.unit, CUT)] == ["李某", "王某"]
    assert units.households_of(one.unit, CUT) == []
    assert len(units.households_of(one.unit, date(2025, 2, 28))) == 1


def test_ground_of_another_class_is_neither_joined_nor_moved(farm: Any) -> None:
    pair = [farm.version("safe_1"), farm.version("strict_1")]
    paper = Paper(CUT, "调整")
    with pytest.raises(LineageRefused) as refused:
        lineage.merge(pair, {}, paper, by=officer(farm), at=NOW)
    assert refused.value.code == "farmland.lineage.class"
    moved = [(pair[0], square(0, 1, 1, 1.5)), (pair[1], square(0, 2.5, 1, 0.5))]
    with pytest.raises(LineageRefused) as refused:
        lineage.reshape(moved, paper, by=officer(farm), at=NOW)
    assert refused.value.code == "farmland.lineage.class"


def test_bounds_between_units_of_a_class_move_and_their_ground_stays(farm: Any) -> None:
    pair = [farm.version("safe_1"), farm.version("safe_2")]
    made = lineage.reshape(
        [(pair[0], square(0, 1, 0.5)), (pair[1], square(0.5, 1, 1.5))], Paper(CUT, "按田埂"), by=officer(farm), at=NOW
    )
    assert sum(one.area_m2 for one in made) == pytest.approx(sum(one.area_m2 for one in pair))
    assert made[0].area_m2 < made[1].area_m2
    for news, code in (
        ((square(0, 1, 0.4), square(0.5, 1, 1.5)), "gap"),
        ((square(-1, 1, 1.5), square(0.5, 1, 1.5)), "outside"),
    ):
        with pytest.raises(LineageRefused) as refused:
            lineage.reshape(list(zip(made, news, strict=True)), Paper(date(2025, 6, 1), "试"), by=officer(farm), at=NOW)
        assert refused.value.code == f"farmland.lineage.{code}"


def test_ground_is_one_units_and_does_not_move_in_silence(farm: Any) -> None:
    with pytest.raises(UnitRefused) as refused:
        farmland_world.unit(farm.world, "重叠", square(0.5, 0.5))
    assert refused.value.code == "farmland.unit.overlap"
    recording = Recording(officer(farm), NOW, "边界变了")
    with pytest.raises(UnitRefused) as refused:
        acts.change(farm.version("bare_1"), {"geometry": square(0, 3, 0.9)}, since=CUT, recording=recording)
    assert refused.value.code == "farmland.unit.ground_moved"
    held = acts.change(farm.version("bare_1"), {"geometry": square(0, 3, 0.9)}, since=None, recording=recording)
    assert held.since == farmland_world.SINCE


def test_a_file_of_units_is_told_which_rows_lie_on_others_before_anything_is_written(farm: Any, tmp_path: Any) -> None:
    town = farm.world.towns["柏庄镇"]
    said = {"责任单位": town.short_name or town.name, "地类": "耕地"}
    features = [
        {"type": "Feature", "properties": {**said, "单元代码": name, "名称": name}, "geometry": shapely.geometry.mapping(shape)}
        for name, shape in (("一", square(0, 6)), ("二", square(1, 6)), ("三", square(1.5, 6)), ("四", square(2.6, 6)))
    ]  # fmt: skip
    path = tmp_path / "单元.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    wanted = targets.target(officer(farm), "farmland_units", farm.world.day)
    order = taking.Order(wanted, loading.File(path, path.name), Asked(since=CUT), skip_refused=True, dry_run=True)
    report = taking.take(order, NOW, lambda done, total: None)
    assert report["rows"]["refused"] == 1
    assert any(one["row"] == 3 and "“二”与“三”重叠" in one["sentence"] for one in report["findings"])


def rehearsed(farm: Any, path: Any, **said: Any) -> Any:
    """What becomes of a map with one unit."""
    town = farm.world.towns["柏庄镇"]
    facts = {"责任单位": town.short_name or town.name, "单元代码": "图", "名称": "图", "DLMC": "旱地", **said}
    ground = {"type": "Feature", "properties": facts, "geometry": shapely.geometry.mapping(square(0, 6))}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [ground]}), "utf-8")
    wanted = targets.target(officer(farm), "farmland_units", farm.world.day)
    return taking.take(
        taking.Order(wanted, loading.File(path, path.name), Asked(since=CUT), dry_run=True),
        NOW,
        lambda done, total: None,
    )


@pytest.mark.parametrize("said", [
    {"DLMC": "水田", "利用方式": "0103"}, {"DLMC": "0102", "利用方式": "旱地"}, {"DLMC": "茶园", "利用方式": "茶园"},
    {"DLMC": "灌木林地"}, {"DLMC": "0201K", "利用方式": "可调整果园"}, {"DLMC": "天然牧草地", "利用方式": "水浇地"}, {"污染程度": "轻度污染"}, {"污染等级": "无污染"},
])  # fmt: skip
def test_classes_of_the_land_survey_are_kinds_of_ground_and_uses(farm: Any, tmp_path: Any, said: Any) -> None:
    assert rehearsed(farm, tmp_path / "图.geojson", **said)["rows"]["new"] == 1


def test_a_class_of_built_land_is_no_kind_of_farmland(farm: Any, tmp_path: Any) -> None:
    with pytest.raises(GisRefused, match="城镇住宅用地"):
        rehearsed(farm, tmp_path / "图.geojson", DLMC="城镇住宅用地")


def test_an_area_in_another_unit_is_not_taken_for_mu_and_one_that_differs_is_told(farm: Any, tmp_path: Any) -> None:
    size = float(to_mu(area_m2(square(0, 6))))
    odd = rehearsed(farm, tmp_path / "1.geojson", **{"面积（千公顷）": 2.24})
    assert "area_mu" not in odd["mapping"].values()
    assert any("“面积（千公顷）”的单位是千公顷" in note for note in odd["notes"])
    fits, differs = (
        rehearsed(farm, tmp_path / f"{at}.geojson", **{"面积（亩）": value})
        for at, value in ((2, size), (3, size * 15))
    )
    assert [one["sentence"][:12] for one in fits["findings"]] == ["没有写明乡镇（街道），登"]
    assert any("登记面积" in one["sentence"] for one in differs["findings"])


@pytest.mark.parametrize("heading", ["面积（公顷）", "面积_公顷", "面积_HA", "登记面积（公顷", "面积（平方米）"])
def test_an_area_of_a_file_in_another_unit_is_converted_and_told(farm: Any, tmp_path: Any, heading: str) -> None:
    metres = area_m2(square(0, 6))
    value = round(metres, 2) if "平方米" in heading else round(metres / 10_000, 6)
    found = rehearsed(farm, tmp_path / "图.geojson", **{heading: value})
    assert found["mapping"][heading] == "area_mu"
    assert any(f"列“{heading}”按 1 " in note for note in found["notes"])
    assert not any("登记面积" in one["sentence"] for one in found["findings"]), found["findings"]


def test_an_area_cut_in_the_middle_of_its_unit_is_left_out(farm: Any, tmp_path: Any) -> None:
    cut = rehearsed(farm, tmp_path / "图.geojson", **{"登记面积（公": 1})
    assert "area_mu" not in cut["mapping"].values()
    assert any("登记面积（公" in note for note in cut["notes"])


def test_a_column_in_the_entrys_own_unit_goes_before_one_to_be_converted(farm: Any, tmp_path: Any) -> None:
    both = rehearsed(
        farm, tmp_path / "图.geojson", **{"面积_公顷": 9, "面积（亩）": float(to_mu(area_m2(square(0, 6))))}
    )
    assert (both["mapping"]["面积（亩）"], both["mapping"].get("面积_公顷")) == ("area_mu", None)


def test_a_unit_of_no_town_is_told_and_one_of_a_town_is_not(farm: Any, tmp_path: Any) -> None:
    bare, placed = (
        rehearsed(farm, tmp_path / f"{at}.geojson", **said)["findings"]
        for at, said in enumerate(({}, {"乡镇名称": "柏庄镇"}))
    )
    assert ([one["code"] for one in bare], placed) == (["told_by_rule"], [])


@pytest.mark.parametrize(("area", "told"), [("-3", "面积 -3 亩不是"), ("0", "面积 0 亩不是"), ("0.01", "")])
def test_an_area_in_mu_is_refused_in_mu(farm: Any, area: str, told: str) -> None:
    town = farm.world.towns["柏庄镇"]
    said = {"name": "试", "ground": "cropland", "keeper": str(town.pk), "geometry": square(0, 9), "area_mu": area}
    found = "".join(entering.guard_unit(officer(farm), Change(said, "试", CUT), None))
    assert found.startswith(told) and bool(found) is bool(told), found


def test_many_units_at_once_are_all_taken_or_none(farm: Any) -> None:
    where = farmland_world.place(farm.world, "军庄镇", "agriculture")
    said = {"ground": "cropland", "keeper": farm.world.towns["军庄镇"]}
    rows = [
        acts.Entered({**said, "name": f"成批{at}", "code": f"P{at}", "geometry": square(at, 7)}, where)
        for at in range(3)
    ]
    made = acts.enter_many(rows, since=date(2024, 1, 1), by=officer(farm), at=NOW)
    assert [one.area_m2 > 0 for one in made] == [True] * 3
    assert len({one.unit.number for one in made}) == 3
    twice = [
        acts.Entered({**said, "name": name, "geometry": square(5, 8, size)}, where)
        for name, size in (("大", 1), ("小", 0.5))
    ]
    with pytest.raises(UnitRefused, match="重叠"):
        acts.enter_many(twice, since=date(2024, 1, 1), by=officer(farm), at=NOW)
    assert not UnitVersion.objects.filter(name__in=("大", "小")).exists()


def test_a_unit_that_ends_ends_its_class(farm: Any) -> None:
    acts.end(farm.version("strict_6"), on=CUT, recording=Recording(officer(farm), NOW, "退耕还林"))
    assert classes.class_of(farm.units["strict_6"], CUT) is None
    assert classes.class_of(farm.units["strict_6"], date(2025, 2, 28)).farmland_class == "strict"


def test_towns_keep_their_households_and_areas_do_not_exceed_the_unit(farm: Any) -> None:
    town, unit = farm.world.actor("town"), farm.units["safe_1"]
    made = households.enter(unit, {"head": "王某", "area_m2": "20000", "since": date(2022, 1, 1)}, by=town, at=NOW)
    with pytest.raises(HouseholdRefused) as refused:
        households.enter(unit, {"head": "李某", "area_m2": "30000", "since": date(2022, 1, 1)}, by=town, at=NOW)
    assert refused.value.code == "farmland.household.beyond_unit"
    with pytest.raises(NotAllowed):
        households.enter(farm.units["safe_4"], {"head": "李某", "area_m2": "100"}, by=town, at=NOW)
    with pytest.raises(NotAllowed):
        households.enter(unit, {"head": "李某", "area_m2": "100"}, by=farm.world.actor("reader"), at=NOW)
    fixed = households.correct(made, {"area_m2": "2000"}, by=town, at=NOW, why="多写一个零")
    assert Household.objects.filter(superseded_at=None).get() == fixed
    assert households.end(fixed, on=CUT, by=town, at=NOW, why="流转").until == CUT
    assert units.households_of(unit, CUT) == []


def test_a_unit_that_comes_to_another_town_brings_its_class_and_its_households(farm: Any) -> None:
    unit = farm.units["safe_3"]
    households.enter(unit, {"head": "王某", "area_m2": "5000", "since": date(2022, 1, 1)}, by=officer(farm), at=NOW)
    there = farmland_world.place(farm.world, "军庄镇", "agriculture")
    made = acts.change(
        farm.version("safe_3"), {"place": there}, since=CUT, recording=Recording(officer(farm), NOW, "撤并")
    )
    held = UnitClass.objects.standing(CUT).get(unit=unit)
    assert (held.division_path, held.decision) == (made.division_path, farm.decision)
    assert units.households(farm.world.actor("town_2"), farm.world.day).filter(unit=unit).count() == 1
    assert units.households(farm.world.actor("town"), farm.world.day).filter(unit=unit).count() == 0
    assert approvals.take_back(farm.decision, by=officer(farm), at=NOW, why="登记错误") == 18
    assert classes.class_of(unit, CUT) is None


def test_households_of_a_divided_unit_wait_to_be_placed(farm: Any) -> None:
    households.enter(
        farm.units["safe_1"], {"head": "王某", "area_m2": "5000", "since": date(2022, 1, 1)}, by=officer(farm), at=NOW
    )
    west, east = halves(farm, "safe_1")
    waiting = units.left_behind(east.unit, farm.world.day)
    assert [one.head for one in waiting] == ["王某"]
    households.move(waiting[0], east.unit, on=CUT, by=officer(farm), at=NOW, why="地在东片")
    assert [one.head for one in units.households_of(east.unit, CUT)] == ["王某"]
    assert units.left_behind(west.unit, farm.world.day) == []


def test_what_a_day_shows_is_what_was_approved(farm: Any) -> None:
    rows = units.units(officer(farm), farm.world.day)
    assert rows.get(unit=farm.units["strict_2"]).farmland_class == "strict"
    assert rows.get(unit=farm.units["strict_2"]).decision == "示政函〔2021〕66号"
    assert rows.get(unit=farm.units["bare_1"]).farmland_class == ""
    met = units.overlapping(square(0.5, 0.5), officer(farm), farm.world.day)
    assert [one.held.farmland_class for one in met] == ["priority", "priority", "safe_use", "safe_use"]
    assert sum(one.share for one in met) == pytest.approx(1)
    assert UnitClass.objects.visible_to(farm.world.actor("stranger")).count() == 0
