"""Target values of a report and its groundwater: computed from bound results, compared number by number; experts who say no."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import shapely.affinity
from django.test import Client
from django.urls import reverse

from desk import judging_world
from desk.land_world import SINCE, place, square
from desk.monitoring_world import point
from desk.plot_world import noon
from desk.plotreport_world import EXCEEDS, LATER, ON, Reports
from soildesk.core.models import AuditEntry
from soildesk.monitoring.models import Batch
from soildesk.plots.models import Expert, PlotEvent, PlotVersion, Report
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import EventRefused, ReportRefused
from soildesk.plots.services import experts, reports, reporttargets, reviews
from soildesk.plots.services.reportevents import Passed
from soildesk.plots.services.reviews import OfExpert

pytestmark = [pytest.mark.django_db, pytest.mark.store]
SAMPLED = date(2026, 4, 1)
SOIL = {"medium": "soil", "analyte": "砷", "target": Decimal(20), "unit": "mg/kg"}
WATER = {"medium": "groundwater", "analyte": "arsenic", "target": Decimal(10), "unit": "µg/L"}


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


@pytest.fixture
def client(world: Any) -> Client:
    return world.browser("officer")


@pytest.fixture
def evaluated(made: Reports) -> Report:
    """An effect evaluation under review that the province passed."""
    plot = made.to(made.plot("修复地块", square(0, 0)), "S6")
    held = made.reviewing(plot, "effect_evaluation")
    made.passed_by_province(held)
    return held


def batch(made: Reports, shape: Any, values: list[Any], medium: str = "soil") -> Batch:
    """An accepted batch with one point for each value of arsenic."""
    of = judging_world.campaign(made.world, kind="effect", on=SAMPLED, geometry=shape)
    held = {}
    for number, one in enumerate(values):
        where = shapely.affinity.translate(shape.representative_point(), number * 0.0001, 0)
        at = point(made.world, where, name=f"{medium}{number}", medium=medium, kind="special")
        held[at.point] = {"arsenic": one}
    judging_world.results(made.world, of, held, SAMPLED)
    Batch.objects.filter(campaign=of).update(state="accepted")
    return Batch.objects.get(campaign=of)


def target(made: Reports, held: Report, **facts: Any) -> Report:
    return reporttargets.put(held, {**SOIL, **facts}, by=made.officer, at=noon(ON))


def bind(made: Reports, held: Report, values: list[Any], medium: str = "soil") -> Report:
    of = batch(made, held.covers, values, medium)
    return reports.bind(held, [*held.batches.all(), of], by=made.officer, at=noon(ON))


def accept(made: Reports, held: Report, **said: Any) -> Any:
    return reviews.accept(held, Passed(LATER, filed_on=LATER, **said), by=made.officer, at=noon(LATER))


def test_statistics_come_from_the_bound_results_and_not_from_the_form(made: Reports, evaluated: Report) -> None:
    bind(made, evaluated, [10, 12, 9, 11, 8, 13, 10, 25])
    held = target(made, evaluated, n=8, mean=Decimal("12.25"), maximum=Decimal(25), above=Decimal("12.5"))
    [told] = held.computed["targets"]
    assert (held.computed["outcome"], told["figures"]["ucl95"], told["differs"]) == ("reached", "15.8616", [])
    assert found.in_the_way(held, ON) == []
    event = accept(made, held, statistics="failed")
    assert (event.kind, event.data["statistics"]) == ("effect_reached", "passed")


def test_a_target_not_reached_stops_until_it_is_explained(made: Reports, evaluated: Report) -> None:
    bind(made, evaluated, [10, 12, 31.5])
    held = target(made, evaluated)
    assert (held.computed["outcome"], str(found.comparison(held).agreement)) == ("not_reached", "differs")
    with pytest.raises(ReportRefused, match="未达到目标"):
        accept(made, held, statistics="passed")
    held = reports.explain(held, {"explained": "31.5 为地块外对照点。"}, by=made.officer, at=noon(ON))
    with pytest.raises(EventRefused):
        accept(made, held)
    assert accept(made, held, statistics="passed").data["statistics"] == "passed"


def test_numbers_of_the_report_that_are_others_have_to_be_explained(made: Reports, evaluated: Report) -> None:
    bind(made, evaluated, [10, 12, 9])
    held = target(made, evaluated, n=12, maximum=Decimal(12), mean=Decimal("10.3"))
    assert held.computed["targets"][0]["differs"] == ["n"]
    assert any("统计数值与系统计算的不一致" in one for one in found.in_the_way(held, ON))
    with pytest.raises(ReportRefused, match="不一致"):
        accept(made, held)
    held = reporttargets.put(held, {**SOIL, "n": 3}, by=made.officer, at=noon(ON), no=1)
    assert found.in_the_way(held, ON) == []
    assert accept(made, held).kind == "effect_reached"


def test_what_cannot_be_judged_is_never_reached(made: Reports, evaluated: Report) -> None:
    held = target(made, evaluated)
    assert held.computed["why_not"] == "results"
    held = bind(made, held, [10, "<40"])
    assert (held.computed["outcome"], held.computed["why_not"]) == ("", "open")
    with pytest.raises(ReportRefused, match="不能判断是否达到目标"):
        accept(made, held, statistics="passed")
    held = reporttargets.put(held, {**SOIL, "analyte": "镉"}, by=made.officer, at=noon(ON), no=1)
    assert held.computed["targets"][0]["message"][2] == "no_values"
    bind(made, held, [0.004], "groundwater")
    held = reporttargets.put(held, WATER, by=made.officer, at=noon(ON), no=1)
    assert held.computed["targets"][0]["message"][2] == "groundwater_open"
    assert held.computed["targets"][0]["figures"]["maximum"] == "4"


def test_a_target_is_of_the_points_it_names(made: Reports, evaluated: Report) -> None:
    held = bind(made, evaluated, [10, 12, 99])
    numbers = [one.point.number for one in held.batches.get().results.order_by("pk")]
    held = target(made, held, area="1 号坑", points=numbers[:2])
    assert held.computed["targets"][0]["figures"]["n"] == "2"
    held = target(made, held, area="2 号坑", points=numbers[2:])
    assert [one["outcome"] for one in held.computed["targets"]] == ["reached", "not_reached"]
    with pytest.raises(ReportRefused, match="已有目标值"):
        target(made, held, area="2 号坑", points=numbers[2:])
    held = reporttargets.drop(held, 2, by=made.officer, at=noon(ON))
    assert (held.computed["outcome"], held.computed["why_not"], len(held.computed["left"])) == ("", "left", 1)
    told = found.in_the_way(held, ON)
    assert len(told) == 1 and "1 个样品" in told[0], "a point nobody speaks of has not reached its target"
    reports.explain(held, {"explained": "该样品为坑外对照"}, by=made.officer, at=noon(ON))
    held.refresh_from_db()
    assert found.in_the_way(held, ON) == []


def test_samples_from_before_the_works_say_nothing_of_their_effect(made: Reports, evaluated: Report) -> None:
    of = batch(made, evaluated.covers, [10, 12])
    begun = PlotEvent.objects.get(plot=evaluated.plot, kind="works_begun").on
    of.results.update(sampled_on=begun - timedelta(days=1))
    with pytest.raises(ReportRefused, match="早于工程开工"):
        reports.bind(evaluated, [of], by=made.officer, at=noon(ON))
    of.results.update(sampled_on=begun)
    reports.bind(evaluated, [of], by=made.officer, at=noon(ON))


def test_a_target_of_no_standard_item_or_unit_is_told(made: Reports, evaluated: Report) -> None:
    for wrong, words in (
        ({"analyte": "石头"}, "不是标准中的一个项目"),
        ({"unit": "mg/L"}, "单位“mg/L”不适用"),
        ({"target": Decimal(0)}, "大于 0"),
        ({"medium": "air"}, "土壤还是地下水"),
    ):
        with pytest.raises(ReportRefused, match=words):
            target(made, evaluated, **wrong)
    plan = made.submitted(made.to(made.plot("另一地块", square(3, 0)), "S5"), "remediation_plan")
    with pytest.raises(ReportRefused, match="没有要比较的目标值"):
        target(made, plan)


def test_groundwater_is_held_against_the_class_the_report_names(made: Reports) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S1")
    held = bind(made, made.reviewing(plot, explained="土壤数据为纸质报告，已核对"), [0.03], "groundwater")
    assert held.computed["groundwater"]["why_not"] == "class"
    water = found.groundwater_comparison(held)
    assert water is not None
    assert str(water.agreement) == "unknown"
    held = _class(made, held, "III")
    assert (held.computed["groundwater"]["outcome"], held.computed["groundwater"]["exceeding"]) == ("exceeds", 1)
    made.passed_by_both(held)
    assert any(one.startswith("地下水：") for one in found.in_the_way(held, ON))
    with pytest.raises(ReportRefused, match="地下水"):
        accept(made, held)
    assert _class(made, held, "IV").computed["groundwater"]["outcome"] == "within"
    held = _class(made, held, "III")
    reports.explain(held, {"groundwater_explained": "区域背景偏高。"}, by=made.officer, at=noon(ON))
    assert accept(made, Report.objects.get(pk=held.pk)).kind == "preliminary_within"


def test_groundwater_is_held_against_the_reports_own_targets(made: Reports) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S1")
    held = made.reviewing(plot, contents={**EXCEEDS, "groundwater_polluted": True})
    held = _class(made, bind(made, held, [0.03, 0.004], "groundwater"), "own")
    assert held.computed["groundwater"]["why_not"] == "targets"
    held = reporttargets.put(held, WATER, by=made.officer, at=noon(ON))
    assert held.computed["groundwater"]["outcome"] == "exceeds"
    water = found.groundwater_comparison(held)
    assert water is not None
    assert str(water.agreement) == "agrees"
    held = reporttargets.put(held, {**WATER, "target": Decimal(100)}, by=made.officer, at=noon(ON), no=1)
    assert held.computed["groundwater"]["outcome"] == "within"
    with pytest.raises(ReportRefused, match="没有这种地下水评价标准"):
        _class(made, held, "VI")


def _class(made: Reports, held: Report, level: str) -> Report:
    held = reports.explain(held, {"groundwater_class": level}, by=made.officer, at=noon(ON))
    return reports.judge(held, by=made.officer, at=noon(ON))


@pytest.fixture
def against(made: Reports) -> Report:
    """A survey both offices passed, which an expert wants revised."""
    held = made.reviewing(made.to(made.plot("原农药厂地块", square(0, 0)), "S1"))
    made.passed_by_both(held)
    facts = {"name": "赵某某", "employer": "云中大学", "employer_code": "91990101MA0009121P"}
    expert = experts.add(facts, place(made.world, "柏庄镇"), by=made.officer, at=noon(SINCE))
    told = OfExpert(expert, "revise", "补充地下水流向", ON, declared=False)
    reviews.opine_as_expert(held, told, by=made.officer, at=noon(ON))
    return held


def test_an_expert_who_does_not_pass_it_stops_a_report(made: Reports, against: Report) -> None:
    with pytest.raises(ReportRefused, match="赵某某的意见是“修改后通过”"):
        accept(made, against)
    expert = Expert.objects.get()
    told = OfExpert(expert, "pass", "", ON, declared=False)
    reviews.opine_as_expert(against, told, by=made.officer, at=noon(ON))
    assert found.in_the_way(against, ON), "a second opinion in the same round lifts nothing"
    held = reports.give_back(against, "补充地下水流向", by=made.officer, at=noon(ON))
    held = reports.submit(held, by=made.officer, at=noon(LATER), on=LATER)
    held = reports.complete(held, by=made.officer, at=noon(LATER))
    made.passed_by_both(held, on=LATER)
    assert accept(made, held).kind == "preliminary_within"


def test_a_persons_written_ground_lets_it_pass(made: Reports, against: Report, client: Client) -> None:
    [opinion] = found.against(against)
    with pytest.raises(ReportRefused, match="写明为什么"):
        reviews.overrule(against, opinion, " ", by=made.officer, at=noon(ON))
    url = reverse("plots:report_ground", args=[against.uid])
    page = client.get(reverse("kit:record", args=["plot_reports", str(against.uid)])).content.decode()
    assert "专家赵某某的意见是“修改后通过”" in page
    assert url in page
    sent = {"opinion": str(opinion.pk), "ground": "流向已由 2025 年水文资料说明。", "document": "青环会〔2026〕3号"}
    assert client.post(url, sent).status_code == 302
    entry = AuditEntry.objects.get(act="plots.report.overruled")
    assert entry.data["document"] == "青环会〔2026〕3号"
    page = client.get(reverse("kit:record", args=["plot_reports", str(against.uid)])).content.decode()
    assert "流向已由 2025 年水文资料说明。" in page
    assert url not in page
    assert accept(made, against).kind == "preliminary_within"


def test_targets_through_the_pages(made: Reports, evaluated: Report, client: Client) -> None:
    record = reverse("kit:record", args=["plot_reports", str(evaluated.uid)])
    bind(made, evaluated, [10, 12, 9])
    new = reverse("plots:report_target_new", args=[evaluated.uid])
    assert new in client.get(record).content.decode()
    sent = {
        "medium": "soil",
        "analyte": "石头",
        "target": "20",
        "unit": "mg/kg",
        "n": "3",
        "mean": "10.4",
        "points": "",
    }
    refused = client.post(new, sent)
    assert (refused.status_code, "不是标准中的一个项目" in refused.content.decode()) == (422, True)
    assert client.post(new, {**sent, "analyte": "砷"}).status_code == 302
    page = client.get(record).content.decode()
    for wanted in ("目标值与统计", "目标值 20 mg/kg", "10.3333", "10.4", "不一致", "达到目标"):
        assert wanted in page, wanted
    edit = reverse("plots:report_target", args=[evaluated.uid, 1])
    assert 'value="砷' in client.get(edit).content.decode()
    assert client.post(edit, {**sent, "analyte": "砷", "mean": "10.33"}).status_code == 302
    assert "statistics" not in client.get(reverse("plots:report_accept", args=[evaluated.uid])).content.decode()
    assert client.post(reverse("plots:report_target_drop", args=[evaluated.uid, 1])).status_code == 302
    assert client.get(edit).status_code == 404
    assert 'name="statistics"' in client.get(reverse("plots:report_accept", args=[evaluated.uid])).content.decode()


def test_groundwater_through_the_page(made: Reports, client: Client) -> None:
    plot: PlotVersion = made.to(made.plot("原农药厂地块", square(0, 0)), "S1")
    held = made.reviewing(plot)
    of = batch(made, plot.geometry, [0.03], "groundwater")
    url = reverse("plots:report_data", args=[held.uid])
    sent = {"batches": [of.number], "numbers": "", "groundwater_class": "III"}
    assert client.post(url, sent).status_code == 302
    page = client.get(reverse("kit:record", args=["plot_reports", str(held.uid)])).content.decode()
    for wanted in ("地下水", "GB/T 14848 Ⅲ类", "超过标准", "地下水：报告结论为不超标"):
        assert wanted in page, wanted
