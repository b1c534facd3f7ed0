"""Measures on polluted farmland and the safe-use rate: what counts, counted once, of any day, beside the approved value."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from clause_words import offered
from django.http import QueryDict

from desk import farmland_world
from desk.conftest import kept, made_world
from desk.land_world import square
from soildesk.cli import main
from soildesk.core.permissions import NotAllowed
from soildesk.farmland.models import ApprovedRate, UnitMeasure, UnitVersion
from soildesk.farmland.queries import differences, progress, rates
from soildesk.farmland.queries.rates import Place, Why
from soildesk.farmland.queries.then import Then
from soildesk.farmland.refusals import UseRefused
from soildesk.farmland.register import areatasks, usebeside
from soildesk.farmland.services import keeping, lineage, measures
from soildesk.farmland.services import rates as rate_acts
from soildesk.farmland.services.keeping import Paper
from soildesk.farmland.services.lineage import Paper as Ground
from soildesk.farmland.services.lineage import Piece
from soildesk.farmland.services.measures import MEASURES, Done
from soildesk.kit import hindsight, imports
from soildesk.kit import measures as kit_measures
from soildesk.kit.imports import Purpose
from soildesk.kit.rows import Selection
from soildesk.monitoring.measuring import WholePlace
from soilrules.farmland.rates import State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
LATER = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def farm(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One farming county whose unit without class is no cropland, so that the rate can be told."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("use")):
        made = farmland_world.county(made_world())
        UnitVersion.objects.filter(unit=made.units["bare_1"]).update(superseded_at=farmland_world.AT)
        yield made


def do(farm: Any, name: str, *, who: str = "agriculture_head", at: datetime = NOW, **said: Any) -> UnitMeasure:
    """A measure on a unit: liming, or a change of crops on strict ground, on all of it, with evidence."""
    version = farm.version(name)
    kind = "crop_structure" if name.startswith("strict") else "liming"
    whole = {"year": 2025, "kind": kind, "area_m2": Decimal(str(round(version.area_m2, 2)))}
    proof = {"evidence": "image", "evidence_name": f"照片 {name}"}
    return measures.record(version, Done(**{**whole, **proof, **said}), by=farm.world.actor(who), at=at)


def answer(farm: Any, year: int = 2025, on: date = LATER, path: str = "", who: str = "officer") -> rates.Answer:
    """By sums and by units: both say the same."""
    place = Place(path, Then(year, on))
    whole, each = rates.total(farm.world.actor(who), place), rates.by_unit(farm.world.actor(who), place)
    assert (whole.state, whole.why) == (each.state, each.why)
    if each.rate is not None and whole.rate is not None:
        assert abs(whole.rate - each.rate) < Decimal("1e-9")
    return each


def test_a_year_of_which_nobody_wrote_anything_down_is_unknown(farm: Any) -> None:
    assert (answer(farm).rate, answer(farm).why) == (None, Why.NO_LEDGER)
    assert answer(farm, 2012).why is Why.NO_METHOD
    assert answer(farm, 2026, date(2025, 12, 31)).why is Why.AHEAD
    assert answer(farm, 10**11).why is Why.AHEAD
    assert answer(farm, path="99/9901/990102/").why is Why.NO_UNITS


@pytest.mark.store
def test_the_rate_counts_measures_with_evidence_of_the_class_on_the_day(farm: Any) -> None:
    do(farm, "safe_1", finished_on=date(2025, 5, 1))
    do(farm, "strict_1", finished_on=date(2025, 9, 1))
    half = Decimal(str(round(farm.version("safe_2").area_m2 / 2, 2)))
    do(farm, "safe_2", area_m2=half)
    bare = do(farm, "safe_3", evidence="", evidence_name="")
    do(farm, "priority_1")

    found = answer(farm)
    assert found.state is State.OK
    assert found.found.denominator_m2 == sum(
        Decimal(str(round(farm.version(f"{kind}_{n}").area_m2, 2))) for kind in ("safe", "strict") for n in range(1, 7)
    )
    rows = [(found.lines[one.unit].name[3:], one.counts, one.because.id) for one in found.found.rows]
    assert ("safe_2", True, "measured") in rows
    assert ("safe_2", False, "no_measure") in rows
    assert ("safe_3", False, "no_measure") in rows
    assert not [one for one in rows if one[0].startswith(("priority", "bare"))]
    assert len(rows) == 13

    early = answer(farm, on=date(2025, 6, 30))
    counted = {early.lines[one.unit].name[3:] for one in early.found.rows if one.counts}
    assert counted == {"safe_1"}, "neither what came later, nor what has no day, is in place by then"

    keeping.attach(
        MEASURES, bare, Paper(b"%PDF-1.4 x", "现场照片.pdf", "evidence"), by=farm.world.actor("town"), at=NOW
    )
    more = answer(farm)
    assert more.rate > found.rate
    keeping.take_back(MEASURES, bare, why="登错单元", by=farm.world.actor("agriculture_head"), at=NOW)
    assert answer(farm).rate == found.rate


@pytest.mark.store
def test_ground_is_covered_once_and_never_beyond_its_unit(farm: Any) -> None:
    west, east = square(0, 1, 0.6), square(0.4, 1, 0.6)
    do(farm, "safe_1", geometry=west, area_m2=None)
    do(farm, "safe_1", geometry=east, area_m2=None, kind="deep_ploughing")
    do(farm, "safe_2", area_m2=Decimal(10000))
    do(farm, "safe_2", area_m2=Decimal(15000), kind="water")
    found = answer(farm)
    sums = {
        name: [one for one in found.found.rows if found.lines[one.unit].name.endswith(name)]
        for name in ("safe_1", "safe_2")
    }
    assert [one.counts for one in sums["safe_1"]] == [True] or sums["safe_1"][1].area_m2 < 1
    assert next((one.area_m2, one.counts) for one in sums["safe_2"]) == (Decimal(15000), True), "the larger of both"


@pytest.mark.store
def test_what_was_done_on_ground_counts_for_the_unit_that_took_it(farm: Any) -> None:
    by, spring = farm.world.actor("officer"), {"finished_on": date(2025, 4, 1)}

    def split(name: str, east: int) -> list[str]:
        pieces = [Piece(square(east, 1, 0.5)), Piece(square(east + 0.5, 1, 0.5))]
        made = lineage.split(farm.version(name), pieces, Ground(date(2025, 8, 1), "分开"), by=by, at=NOW)
        return [one.unit.number for one in made]

    whole = do(farm, "safe_1", **spring)
    do(farm, "safe_2", area_m2=whole.area_m2 / 2, **spring)
    do(farm, "safe_3", geometry=square(2, 1, 0.5), area_m2=None, **spring)
    do(farm, "safe_4", **spring)
    before = answer(farm)
    parts = [number for east, name in enumerate(("safe_1", "safe_2", "safe_3")) for number in split(name, east)]
    two = [farm.version("safe_4"), farm.version("safe_5")]
    joined = lineage.merge(two, {}, Ground(date(2025, 9, 1), "归并"), by=by, at=NOW).unit.number
    after = answer(farm)
    assert after.found.numerator_m2 == pytest.approx(before.found.numerator_m2, abs=Decimal(30))
    rows = {(one.unit, one.counts): one.area_m2 for one in after.found.rows}
    half, shares = whole.area_m2 / 2, [rows.get((one, True), 0) for one in parts]
    expected = [half, half, half / 2, half / 2, half, 0]
    assert [float(one) for one in shares] == pytest.approx([float(one) for one in expected], rel=0.002)
    assert not {(parts[0], False), (parts[1], False), (parts[4], False)} & set(rows), "no crumbs of rounding"
    assert float(rows[joined, True]) == pytest.approx(float(rows[joined, False]), rel=0.01)
    assert answer(farm, on=date(2025, 7, 31)).rate == before.rate
    done = sum(area for _path, area in progress.done_by_place("safe_use", Then(2025, LATER)))
    assert done == pytest.approx(after.found.numerator_m2, abs=Decimal(1)), "tasks count the same ground"
    part = UnitVersion.objects.standing(LATER).select_related("unit").get(unit__number=parts[0])
    assert f"登记在 {whole.unit.number}" in usebeside.section(by, part, LATER)
    keeping.take_back(MEASURES, whole, why="登错单元", by=farm.world.actor("agriculture_head"), at=NOW)
    assert (parts[0], True) not in {(one.unit, one.counts) for one in answer(farm).found.rows}


@pytest.mark.store
def test_bounds_that_move_take_along_what_was_done(farm: Any) -> None:
    do(farm, "safe_1", finished_on=date(2025, 4, 1))
    do(farm, "safe_2", finished_on=date(2025, 4, 1))
    before = answer(farm)
    held = [farm.version("safe_1"), farm.version("safe_2")]
    news = [square(0, 1, 0.5), square(0.5, 1, 1.5)]
    moved = Ground(date(2025, 8, 1), "以渠为界")
    lineage.reshape(list(zip(held, news, strict=True)), moved, by=farm.world.actor("officer"), at=NOW)
    assert answer(farm).found.numerator_m2 == pytest.approx(before.found.numerator_m2, abs=Decimal(1))
    do(farm, "safe_2", finished_on=date(2025, 9, 1), kind="water", area_m2=Decimal(100))
    assert answer(farm).found.numerator_m2 == pytest.approx(before.found.numerator_m2, abs=Decimal(1))


def test_a_measure_that_cannot_be_so_is_refused(farm: Any) -> None:
    def code(**said: Any) -> str:
        with pytest.raises(UseRefused) as refused:
            do(farm, said.pop("name", "safe_1"), **said)
        return refused.value.code.removeprefix("farmland.use.")

    assert code(area_m2=Decimal(99999)) == "area"
    assert code(area_m2=Decimal(0)) == "area"
    assert code(kind="magic") == "kind"
    assert code(name="strict_1", kind="liming") == "class"
    assert code(geometry=square(3, 3), area_m2=None) == "ground"
    assert code(year=2027) == "year"
    assert code(finished_on=date(2024, 5, 1)) == "days"
    assert code(started_on=date(2025, 6, 1), finished_on=date(2025, 5, 1)) == "days"
    assert code(evidence="image", evidence_name="") == "evidence"
    do(farm, "safe_1")
    assert code() == "twice"
    do(farm, "safe_1", who="town", kind="water")
    with pytest.raises(NotAllowed):
        do(farm, "safe_4", who="town")


@pytest.mark.store
def test_a_class_that_changed_takes_the_measures_of_its_own(farm: Any) -> None:
    do(farm, "safe_1", finished_on=date(2025, 3, 1))
    farmland_world.approved(
        farm.world, {farm.units["safe_1"]: "strict"}, since=date(2025, 9, 1), number="示政函〔2025〕9号", at=NOW
    )
    assert {one.kind for one in answer(farm, on=date(2025, 8, 31)).found.rows if one.counts} == {"safe_use"}
    after = answer(farm)
    assert not [one for one in after.found.rows if one.counts]
    assert [one.kind for one in after.found.rows].count("strict") == 7
    former = Done(year=2025, kind="liming", evidence="image", evidence_name="照片", finished_on=date(2025, 8, 31))
    told = measures.worth_knowing(farm.version("safe_1"), former, farm.world.actor("agriculture_head"))
    assert "从 2025-09-01 起是" in told[0] and "不计入年末类别" in told[0]
    do(farm, "safe_1", kind="liming", area_m2=Decimal(50), finished_on=date(2025, 8, 31))
    assert not [one for one in answer(farm).found.rows if one.counts], (
        "done under the former class, and not of this one"
    )
    with pytest.raises(UseRefused, match="不是这一类的措施"):
        do(farm, "safe_1", kind="liming", area_m2=Decimal(60), finished_on=date(2025, 9, 1))


def test_the_method_of_the_year_before_2021_asks_for_produce(farm: Any) -> None:
    do(farm, "safe_1", year=2020)
    do(farm, "strict_1", year=2020)
    found = answer(farm, 2020)
    assert found.method.id == "account2016"
    why = {(found.lines[one.unit].name[3:], one.because.id) for one in found.found.rows}
    assert {("safe_1", "no_produce"), ("strict_1", "measured"), ("safe_2", "no_measure")} <= why


@pytest.mark.parametrize(("name", "year", "said"), [
    ("safe_1", 2020, ""), ("priority_1", 2020, "未污染"), ("priority_1", 2021, "优先保护类"), ("safe_1", 2021, ""), ("safe_1", 2012, "没有安全利用率的核算方法"),
    ("garden_1", 2020, "没有登记污染程度"), ("garden_1", 2021, "没有批准的类别"),
])  # fmt: skip
def test_what_is_worth_knowing_of_a_measure_follows_the_method_of_its_year(
    farm: Any, name: str, year: int, said: str
) -> None:
    done = Done(year=year, kind="liming", evidence="image", evidence_name="照片")
    told = "".join(measures.worth_knowing(farm.version(name), done, farm.world.actor("agriculture_head")))
    assert said in told and bool(said) is bool(told)


def test_the_command_says_every_area_of_the_denominator(farm: Any, capsys: Any) -> None:
    do(farm, "safe_1")

    def run(*words: str) -> dict[str, Any]:
        assert main(["farmland", "rate", *words, "--as", "officer", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    said = run("--year", "2025", "--division", "990101")
    assert set(said) == {"rate", "method", "numerator_ha", "denominator_ha", "state", "rows"}
    assert (said["state"], said["method"]) == ("ok", "classes2021")
    assert sum(one["area_ha"] for one in said["rows"]) == pytest.approx(said["denominator_ha"])
    assert sum(one["area_ha"] for one in said["rows"] if one["counts"]) == pytest.approx(said["numerator_ha"])
    assert said["rate"] == pytest.approx(said["numerator_ha"] / said["denominator_ha"])
    assert set(said["rows"][0]) == {"unit", "class", "area_ha", "counts", "because"}
    for words in (("--year", "2010"), ("--year", "2024"), ("--year", "2025", "--division", "没有这个地方")):
        nothing = run(*words)
        assert (nothing["rate"], nothing["state"]) == (None, "unknown")
    assert main(["farmland", "rate", "--year", "2025", "--division", "没有这个地方", "--as", "officer"]) == 0
    assert "没有叫“没有这个地方”的行政区划" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["farmland", "rate", "--year", "去年"])
    assert "--year 的值 '去年' 无法识别，应为整数。" in capsys.readouterr().err
    assert main(["farmland", "rate", "--year", "2025", "--division", "990101", "--as", "town", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "unknown", "a town sees a part of the district"
    assert main(["farmland", "rate", "--year", "2025", "--as", "officer"]) == 0
    assert "自算值" in capsys.readouterr().out


def test_the_approved_rate_is_a_fact_of_its_own_and_a_difference_is_work(farm: Any) -> None:
    do(farm, "safe_1")
    officer, world = farm.world.actor("agriculture_head"), farm.world
    said = rate_acts.Approved(
        2025, world.district, Decimal("93.5"), "示农发〔2026〕3号", "示例省农业农村厅", date(2026, 3, 1)
    )
    made = rate_acts.register(said, by=officer, at=NOW)
    before = answer(farm).rate
    (one,) = differences.beside(officer, [world.district], Then(2025, LATER))
    assert one.answer.rate is not None
    assert (one.approved, one.owes) == (made, True)
    assert one.gap == one.own - Decimal("93.50")
    (early,) = differences.beside(officer, [world.district], Then(2025, date(2026, 2, 28)))
    assert (early.approved, early.owes) == (None, False)

    new = rate_acts.explain(made, "核定时补充了佐证", by=officer, at=NOW)
    (one,) = differences.beside(officer, [world.district], Then(2025, LATER))
    assert (one.approved, one.owes) == (new, False)
    assert ApprovedRate.objects.filter(superseded_at=None).count() == 1
    assert answer(farm).rate == before
    with pytest.raises(UseRefused, match="登记过"):
        rate_acts.register(said, by=officer, at=NOW)
    with pytest.raises(UseRefused, match="像是小数"):
        rate_acts.register(replace(said, number="2号", rate=Decimal("0.935")), by=officer, at=NOW)


@pytest.mark.store
def test_the_list_of_approved_rates_tells_both_rates_as_they_were_known(farm: Any) -> None:
    """Approved on 1 March, written down on the 10th, explained in April; a measure of the year was told of in May."""
    officer, world = farm.world.actor("agriculture_head"), farm.world
    do(farm, "safe_1", at=datetime(2026, 2, 1, tzinfo=UTC), finished_on=date(2025, 2, 1))
    said = rate_acts.Approved(
        2025, world.district, Decimal("93.5"), "示农发〔2026〕3号", "示例省农业农村厅", date(2026, 3, 1)
    )
    made = rate_acts.register(said, by=officer, at=datetime(2026, 3, 10, 1, tzinfo=UTC))
    rate_acts.explain(made, "核定时补充了佐证", by=officer, at=datetime(2026, 4, 10, 1, tzinfo=UTC))
    do(farm, "strict_2", at=datetime(2026, 5, 10, 1, tzinfo=UTC), finished_on=date(2025, 2, 1))

    def told(month: int, day: int) -> list[tuple[Any, ...]]:
        known = datetime(2026, month, day, 16, tzinfo=UTC) - timedelta(microseconds=1)
        found = Selection(areatasks.RATE_REGISTER, officer, LATER, QueryDict(), known).page_rows
        return [(row["rate"], row["_own"], row["_agree"]) for row in found]

    def own(month: int, day: int) -> Decimal:
        known = datetime(2026, month, day, 16, tzinfo=UTC) - timedelta(microseconds=1)
        rate = rates.total(officer, Place(world.district.path, Then(2025, LATER, known))).rate
        return (rate * 100).quantize(Decimal("0.01"))

    rate = Decimal("93.5")
    assert own(5, 9) != own(5, 10)
    assert told(3, 9) == []
    assert told(3, 10) == told(4, 9) == [(rate, own(5, 9), "owes")]
    assert told(4, 10) == told(5, 9) == [(rate, own(5, 9), "explained")]
    assert told(5, 10) == [(rate, own(5, 10), "explained")]


@pytest.mark.store
def test_the_plans_indicator_is_answered_then_and_now(farm: Any) -> None:
    do(farm, "safe_1", at=datetime(2025, 3, 1, tzinfo=UTC), finished_on=date(2025, 2, 1))
    do(farm, "strict_2", finished_on=date(2025, 2, 1))
    world = farm.world
    subject = WholePlace(world.district, 2025, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    measure = kit_measures.get("farmland.safe_use_rate")
    found = hindsight.difference(
        measure, world.actor("officer"), subject, date(2025, 12, 31), (date(2025, 6, 1), LATER)
    )
    assert found.whole
    assert found.numerator == found.now.numerator - found.then.numerator > 0
    (change,) = [one for one in found.changes if one.numerator]
    assert change.row.name.endswith("strict_2")
    assert next(one.what for one in change.written).startswith("登记措施")
    town = kit_measures.get("farmland.safe_use_rate").run(world.actor("town"), subject, LATER, LATER)
    assert town.outcome is kit_measures.Outcome.CANNOT_SAY
    area = kit_measures.get("farmland.safe_use_area").run(world.actor("officer"), subject, LATER, LATER)
    assert area.outcome is kit_measures.Outcome.NOT_DONE
    assert {one.name[3:-2] for one in area.rows} == {"safe"}
    assert "farmland.safe_use_rate" in offered("全面推进受污染耕地安全利用，受污染耕地安全利用率达到100%")


def book(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate([["地块编号", "年度", "措施", "面积（亩）", "佐证类型", "佐证名称或者编号"], *rows]):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def test_the_ledger_is_taken_in_as_a_table_and_each_row_is_told(farm: Any) -> None:
    kind = imports.kind_called("farm_measures")
    purpose = Purpose(farm.world.actor("agriculture_head"), NOW)
    good = [["QH-safe_1", 2025, "石灰调节", 30, "图片", "照片1"], ["QH-safe_2", 2025, "叶面调控", 20, "", ""]]
    bad = [["QH-safe_3", 2025, "石灰调节", 900, "图片", "照片3"], ["没有这块地", 2025, "石灰调节", 1, "", ""]]
    bad += [["QH-safe_3", year, "石灰调节", 1, "", ""] for year in (1900, 202500)]
    rows = list(imports.preview(kind, book([*good, *bad]), "台账.xlsx", purpose).rows.all())
    assert [one.verdict for one in rows] == ["ok", "ok", *["refused"] * 4]
    assert "上传佐证之前不计入" in str(vars(rows[1])), "what does not count yet is told before it is taken in"
    assert "超过" in str(vars(rows[2]))
    assert "没有找到评价单元" in str(vars(rows[3]))
    assert all("年度" in str(vars(one)) and "不对" in str(vars(one)) for one in rows[4:])
    twice = [
        good[0],
        ["QH-safe_1", 2025, "石灰调节", 30, "图片", "照片1b"],
        ["QH-safe_1", "2025年度"[:4], "石灰调节", "30.0", "图片", "照片1"],
    ]
    rows = list(imports.preview(kind, book(twice), "重复.xlsx", purpose).rows.order_by("position"))
    assert [one.verdict for one in rows] == ["ok", "ok", "refused"]
    assert "与第 2 行相同" in rows[2].messages[0]
    imports.accept(imports.preview(kind, book(good), "台账2.xlsx", purpose), purpose)
    assert [one.kind for one in UnitMeasure.objects.order_by("id")] == ["liming", "foliar"]
    assert all(one.batch_id for one in UnitMeasure.objects.all())
