"""Laboratory batches bound to a report: judged by the values it names, beside its own conclusion; points counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely.affinity
from django.test import Client
from django.urls import reverse

from desk import judging_world
from desk.land_world import square
from desk.monitoring_world import point
from desk.plot_world import noon
from desk.plotreport_world import EXCEEDS, LATER, ON, Reports
from soildesk.core.versions import Recording
from soildesk.monitoring.models import Batch, PointVersion, Result
from soildesk.monitoring.services import points
from soildesk.plots.models import PlotVersion, Report
from soildesk.plots.queries import reportdata
from soildesk.plots.queries import reports as found
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import reports, reviews
from soildesk.plots.services.reportevents import Passed

pytestmark = [pytest.mark.django_db, pytest.mark.store]
SAMPLED = date(2026, 4, 1)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


@pytest.fixture
def plot(made: Reports) -> PlotVersion:
    return made.to(made.plot("原农药厂地块", square(0, 0)), "S1")


def batch(made: Reports, plot: PlotVersion, *values: dict[str, Any], state: str = "accepted", first: int = 0) -> Batch:
    """An accepted batch of a survey of the plot with one soil point for each set of values."""
    of = judging_world.campaign(made.world, kind="survey", on=SAMPLED, geometry=plot.geometry)
    held = {}
    for one in values:
        where = shapely.affinity.translate(plot.geometry.representative_point(), (first + len(held)) * 0.0004, 0)
        at = point(made.world, where, name=f"S{len(held) + 1}", medium="soil", kind="special")
        held[at.point] = one
    judging_world.results(made.world, of, held, SAMPLED)
    Batch.objects.filter(campaign=of).update(state=state)
    return Batch.objects.get(campaign=of)


def bound(made: Reports, held: Report, *batches: Batch) -> Report:
    return reports.bind(held, batches, by=made.officer, at=noon(ON))


def test_values_within_the_class_agree_with_the_report(made: Reports, plot: PlotVersion) -> None:
    held = bound(made, made.reviewing(plot), batch(made, plot, {"arsenic": 12.0, "cadmium": "<0.1"}))
    assert (held.computed["outcome"], held.computed["results"], held.computed["exceeding"]) == ("within", 2, 0)
    assert str(found.comparison(held).agreement) == "agrees"


def test_a_report_does_not_rest_on_samples_taken_after_it(made: Reports, plot: PlotVersion) -> None:
    held, later = made.reviewing(plot), batch(made, plot, {"arsenic": 12.0, "lead": 30.0})
    later.results.update(sampled_on=LATER)
    with pytest.raises(ReportRefused, match="才采，晚于报告编制完成日期"):
        bound(made, held, later)
    Result.objects.filter(batch=later, analyte="lead").update(sampled_on=SAMPLED)
    assert bound(made, held, later).computed["results"] == 1, "of a batch of several days what was sampled before"


def test_data_of_the_ground_that_exceed_are_not_left_out_in_silence(made: Reports, plot: PlotVersion) -> None:
    good, bad = batch(made, plot, {"arsenic": 12.0}), batch(made, plot, {"arsenic": 80.0}, first=1)
    other = batch(made, plot, {"arsenic": 90.0}, first=-1)
    other.results.update(sampled_on=LATER)
    held = bound(made, made.reviewing(plot), good)
    told = [one for one in found.in_the_way(held, ON) if "没有关联" in one]
    assert len(told) == 1 and bad.number in told[0] and other.number not in told[0]
    reports.explain(held, {"explained": "该批次为地块外对照"}, by=made.officer, at=noon(ON))
    held.refresh_from_db()
    assert not [one for one in found.in_the_way(held, ON) if "没有关联" in one]
    exceeding = bound(made, made.reviewing(plot, contents=EXCEEDS), good)
    assert not [one for one in found.in_the_way(exceeding, ON) if "没有关联" in one], (
        "a report that says so hides nothing"
    )


def test_the_class_the_report_names_decides(made: Reports, plot: PlotVersion) -> None:
    between = batch(made, plot, {"arsenic": 40.0})
    first = bound(made, made.reviewing(plot), between)
    second = bound(made, made.reviewing(plot, contents={"column": "second"}), between)
    assert (first.computed["outcome"], second.computed["outcome"]) == ("exceeds", "within")
    assert first.computed["gravest"][0]["factor"] == pytest.approx(2.0)
    assert (reportdata.class_doubt(first), reportdata.class_doubt(second)) == (False, True)
    other = bound(made, made.reviewing(plot, contents={"column": "other"}), between)
    assert (other.computed["outcome"], other.computed["why_not"]) == ("", "column")


def test_a_difference_has_to_be_explained(made: Reports, plot: PlotVersion) -> None:
    held = bound(made, made.reviewing(plot, contents={"soil_points": "40"}), batch(made, plot, {"arsenic": 40.0}))
    held.density_explained = "示例"
    held.save()
    made.passed_by_both(held)
    with pytest.raises(ReportRefused) as refused:
        reviews.accept(held, Passed(LATER, filed_on=LATER), by=made.officer, at=noon(LATER))
    assert "超标" in str(refused.value)
    told = {"explained": "区域土壤砷背景值高，见报告第 4 章。", "density_explained": "示例"}
    reports.explain(held, told, by=made.officer, at=noon(ON))
    event = reviews.accept(held, Passed(LATER, filed_on=LATER), by=made.officer, at=noon(LATER))
    assert (event.kind, event.data["density"]) == ("preliminary_within", "explained")


def test_what_cannot_be_judged_is_never_within(made: Reports, plot: PlotVersion) -> None:
    held = bound(made, made.reviewing(plot), batch(made, plot, {"arsenic": 12.0, "cadmium": "<100"}))
    assert (held.computed["outcome"], held.computed["why_not"], held.computed["unknown"]) == ("", "unknown", 1)
    empty = bound(made, made.reviewing(plot))
    assert (empty.computed["outcome"], empty.computed["why_not"]) == ("", "results")


def test_points_are_counted_from_the_batches(made: Reports, plot: PlotVersion) -> None:
    held = made.reviewing(plot)
    told = reportdata.density(held)
    assert told is not None
    assert (told.bound, str(told.compared.verdict)) == (None, "meets")
    bound(made, held, batch(made, plot, {"arsenic": 1.0}, {"arsenic": 2.0}))
    counted = reportdata.density(held)
    assert counted is not None
    assert (counted.told, counted.bound, str(counted.compared.verdict)) == (40, 2, "too_few")
    assert any("补充布点" in one for one in found.in_the_way(held, ON))


def test_a_suspected_zone_asks_for_more_points(made: Reports, plot: PlotVersion) -> None:
    asked = {"area_m2": "20000", "soil_points": "60"}
    held = made.reviewing(plot, "detailed", contents=asked)
    told = reportdata.density(held)
    assert told is not None and (str(told.compared.verdict), told.zone_open) == ("unknown", True)
    whole = reportdata.density(made.reviewing(plot, "detailed", contents={**asked, "zone_m2": "999999"}))
    part = reportdata.density(made.reviewing(plot, "detailed", contents={**asked, "zone_m2": "800"}))
    assert whole is not None and part is not None and not part.zone_open
    assert [str(one.compared.verdict) for one in (whole, part)] == ["too_few", "meets"]


def test_a_batch_nobody_accepted_is_not_bound(made: Reports, plot: PlotVersion) -> None:
    with pytest.raises(ReportRefused, match="还没有接收"):
        bound(made, made.reviewing(plot), batch(made, plot, {"arsenic": 1.0}, state="checked"))


def test_the_page_of_the_data(made: Reports, plot: PlotVersion) -> None:
    held, of = made.reviewing(plot, contents=EXCEEDS), batch(made, plot, {"arsenic": 40.0})
    client = Client()
    client.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("plots:report_data", args=[held.uid])
    assert of.number in client.get(url).content.decode()
    refused = client.post(url, {"numbers": "没有的批次", "explained": "", "density_explained": ""})
    assert refused.status_code == 422
    answer = client.post(url, {"batches": [of.number], "numbers": "", "explained": "", "density_explained": "已说明"})
    assert answer.status_code == 302
    page = client.get(reverse("kit:record", args=["plot_reports", str(held.uid)])).content.decode()
    for wanted in ("系统的评价", "超过筛选值", "40", "关联批次中有 1 个土壤点位"):
        assert wanted in page, wanted


def test_points_off_the_ground_are_neither_judged_nor_counted(made: Reports, plot: PlotVersion) -> None:
    values: list[dict[str, Any]] = [{"arsenic": 12.0}, {"arsenic": 13.0}, {"arsenic": 40.0}]
    mixed = batch(made, plot, *values)
    west = square(0, 0, 0.75)  # the first two of three points
    held = bound(made, made.reviewing(plot, covers=west), mixed)
    assert (held.computed["results"], held.computed["off"], held.computed["outcome"]) == (2, 1, "within")
    counted = reportdata.density(held)
    assert counted is not None and counted.bound == 2
    north = shapely.affinity.translate(plot.geometry, 0, 0.9 * (plot.geometry.bounds[3] - plot.geometry.bounds[1]))
    for one in PointVersion.objects.all():
        points.end(one, on=ON, recording=Recording(made.officer, noon(ON), "采样后封井"))
    far = bound(made, made.reviewing(plot, covers=north), mixed)
    assert (far.computed["outcome"], far.computed["why_not"], far.computed["off"]) == ("", "off", 3)
    page = Client()
    page.force_login(made.world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    shown = page.get(reverse("kit:record", args=["plot_reports", str(far.uid)])).content.decode()
    assert "另有 3 个点位不在本报告的范围内" in shown
    assert "请核对批次，或核对报告范围和点位坐标" in shown
