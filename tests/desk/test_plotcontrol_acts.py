"""Plots that are not developed for now: zones by the government's approval, years with or without terms, rounds and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from desk import judging_world
from desk.land_world import square
from desk.monitoring_world import point
from desk.oversight_world import PICTURE
from desk.plot_world import PAPER, Plots, noon
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.land.services.patrols import Photo
from soildesk.monitoring.models import Batch
from soildesk.oversight.models import Problem
from soildesk.plots.models import ControlRound, ControlZone, PlotEvent, PlotVersion
from soildesk.plots.queries import control as reads
from soildesk.plots.refusals import ControlRefused
from soildesk.plots.services import control, controlrounds, events
from soildesk.plots.services.control import Approval, Monitored, Terms
from soildesk.plots.services.controlrounds import Decided, Seen
from soilrules.plots.control import Found

pytestmark = [pytest.mark.django_db, pytest.mark.store]
TODAY, FIRST_DAY = date(2026, 11, 20), date(2026, 3, 2)
PHOTO = Photo("现场.png", PICTURE, "地块全景")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", str(TODAY))


@pytest.fixture
def made(world: Any) -> Plots:
    return Plots(world)


@pytest.fixture
def waiting(made: Plots) -> PlotVersion:
    """On the list of polluted plots since February, not developed."""
    return made.to(made.plot("原青禾农药厂地块", square(0, 0), developed=False), "S3")


def code(act: Callable[[], Any]) -> str:
    """The code an act is refused with."""
    with pytest.raises(ControlRefused) as refused:
        act()
    return refused.value.code


def proposed(made: Plots, plot: PlotVersion, on: date = date(2026, 3, 2)) -> ControlZone:
    return control.propose(plot.plot, "围挡，禁止进入", on, by=made.officer, at=noon(on))


def approved(made: Plots, plot: PlotVersion, on: date = date(2026, 4, 1)) -> ControlZone:
    said = Approval(on, "青政文〔2026〕12号", "青禾区人民政府")
    return control.approve(proposed(made, plot), said, PAPER, by=made.officer, at=noon(on))


def owed() -> dict[str, bool]:
    """The duties of control, by title: done or not."""
    return {one.title.partition("：")[0]: bool(one.done_on) for one in Duty.objects.filter(kind=Duty.Kind.PLOT_CONTROL)}


def walked(made: Plots, plot: PlotVersion, *, who: str = "officer", on: date = TODAY, **seen: Any) -> ControlRound:
    told = Seen(on, **{"photos": [PHOTO], **seen})
    return controlrounds.record(plot.plot, told, by=made.world.actor(who), at=noon(on))


def test_a_zone_is_in_force_by_the_governments_paper_alone(made: Plots, waiting: PlotVersion) -> None:
    zone = proposed(made, waiting)
    by, day = made.officer, date(2026, 4, 1)
    assert owed() == {"报政府批准管控区域": False}
    assert code(lambda: control.announce(zone, day, PAPER, by=by, at=noon(day))) == "plots.control.not_approved"
    no_number = Approval(day, "", "青禾区人民政府")
    assert code(lambda: control.approve(zone, no_number, PAPER, by=by, at=noon(day))) == "plots.control.words"
    whole = Approval(day, "青政文〔2026〕12号", "青禾区人民政府")
    assert code(lambda: control.approve(zone, whole, None, by=by, at=noon(day))) == "plots.control.no_paper"
    early = Approval(date(2026, 3, 1), whole.number, whole.authority)
    assert code(lambda: control.approve(zone, early, PAPER, by=by, at=noon(day))) == "plots.control.days"
    bureau = Approval(day, whole.number, "青禾区生态环境局")
    assert code(lambda: control.approve(zone, bureau, PAPER, by=by, at=noon(day))) == "plots.control.authority"
    assert code(lambda: proposed(made, waiting, date(2019, 1, 1))) == "plots.control.days"
    held = control.approve(zone, whole, PAPER, by=by, at=noon(day))
    assert owed() == {"报政府批准管控区域": True, "发布管控区域公告": False, "设置管控区域标识": False}
    assert code(lambda: control.set_sign(held, day, None, by=by, at=noon(day))) == "plots.control.no_paper"
    held = control.announce(held, date(2026, 4, 6), PAPER, by=by, at=noon(date(2026, 4, 6)))
    held = control.set_sign(held, date(2026, 4, 3), PAPER, by=by, at=noon(date(2026, 4, 7)))
    assert (held.announced_on, held.sign_on) == (date(2026, 4, 6), date(2026, 4, 3))
    assert all(owed().values())
    assert held.geometry.equals(waiting.geometry)
    then = reads.zones(by, date(2026, 3, 20)).get()
    assert (then.approved_on, then.plot_name) == (None, "原青禾农药厂地块")
    assert AuditEntry.objects.filter(act__startswith="plots.control.zone_").count() == 4


def test_a_zone_is_drawn_anew_before_approval_only(made: Plots, waiting: PlotVersion) -> None:
    proposed(made, waiting)
    half = square(0, 0, 0.5)
    by, on = made.officer, date(2026, 3, 5)
    again = control.propose(waiting.plot, "覆盖裸土", on, by=by, at=noon(on), ground=half)
    assert again.geometry.equals(half)
    elsewhere = square(9, 9)
    assert (
        code(lambda: control.propose(waiting.plot, "围挡", on, by=by, at=noon(on), ground=elsewhere))
        == "plots.control.ground"
    )
    said = Approval(date(2026, 4, 1), "青政文〔2026〕12号", "青禾区人民政府")
    held = control.approve(again, said, PAPER, by=by, at=noon(date(2026, 4, 1)))
    assert code(lambda: proposed(made, waiting)) == "plots.control.approved"
    control.end_zone(held, date(2026, 6, 1), "重新划定", by=by, at=noon(date(2026, 6, 1)))
    assert owed() == {}
    assert proposed(made, waiting, date(2026, 6, 2)).approved_on is None


def test_a_year_without_a_rule_has_no_term_and_says_so(made: Plots, waiting: PlotVersion) -> None:
    by = made.officer
    row = control.open_year([waiting.plot], Terms(2026), by=by, at=noon(date(2026, 1, 10)))[0]
    duty = Duty.objects.get(title__startswith="报送 2026")
    assert (duty.due, duty.basis, duty.done_on) == (None, "", None)
    told = Terms(2026, date(2026, 4, 30), "", {}, "")
    assert code(lambda: control.open_year([waiting.plot], told, by=by, at=noon(TODAY))) == "plots.control.basis"
    local = Terms(
        2026, date(2026, 4, 30), "青环委办〔2026〕4号正文（附表为5月底，从正文）",
        {"soil": date(2026, 8, 31)}, "同上",
    )  # fmt: skip
    again = control.open_year([waiting.plot], local, by=by, at=noon(TODAY))[0]
    assert (again.pk, again.due) == (row.pk, date(2026, 4, 30))
    terms = {one.title.partition("：")[0]: one.due for one in Duty.objects.filter(kind=Duty.Kind.PLOT_CONTROL)}
    assert terms == {
        "报送 2026 年度管控计划": date(2026, 4, 30), "2026 年管控区域土壤监测": date(2026, 8, 31),
        "2026 年管控区域地下水监测": None, "2026 年管控区域地表水监测": None, "2026 年管控区域环境空气监测": None,
    }  # fmt: skip


def test_plan_and_media_are_done_with_what_proves_them(made: Plots, waiting: PlotVersion) -> None:
    by, on = made.officer, date(2026, 5, 6)
    row = control.open_year([waiting.plot], Terms(2026), by=by, at=noon(on))[0]
    assert code(lambda: control.file_plan(row, on, "", None, by=by, at=noon(on))) == "plots.control.no_paper"
    control.file_plan(row, on, "一块一策", PAPER, by=by, at=noon(on))
    assert code(lambda: control.file_plan(row, on, "", PAPER, by=by, at=noon(on))) == "plots.control.done"
    bare = Monitored("soil", on)
    assert code(lambda: control.monitored(row, bare, by=by, at=noon(on))) == "plots.control.no_paper"
    control.monitored(row, Monitored("soil", on, batch="PC-990101-2026-00001"), by=by, at=noon(on))
    held = control.monitored(row, Monitored("air", on, report=PAPER), by=by, at=noon(on))
    assert {key: one["batch"] for key, one in held.media_done.items()} == {"soil": "PC-990101-2026-00001", "air": ""}
    assert sum(owed().values()) == 3
    kept = reads.overview(by, TODAY, 2026)
    assert [(one.waits, one.media_done, "plan" in one.missing, "media" in one.missing) for one in kept] == [
        (True, 2, False, True)
    ]


def test_what_a_round_finds_is_a_problem_at_once_and_a_violation_by_decision(made: Plots, waiting: PlotVersion) -> None:
    one = walked(
        made, waiting, unrelated_building=True, in_use=True, spread=False, sign_intact=True, note="东侧搭建棚房"
    )
    found = {row.origin.rpartition(":")[2]: row for row in Problem.objects.all()}
    assert set(found) == {"building", "use"}
    assert found["building"].violation == "unrelated_project"
    assert (found["use"].violation, found["use"].source, found["use"].recorded_by) == ("", "visit", made.officer.person)
    assert "东侧搭建棚房" in found["use"].fact
    assert PlotEvent.objects.filter(kind="violation_found").count() == 0
    assert controlrounds.undecided(one) == [Found.BUILDING, Found.USE]
    said = Decided("青禾区生态环境局", "county", "青环责改〔2026〕3号")
    event = controlrounds.confirm(one, Found.BUILDING, said, by=made.officer, at=noon(TODAY))
    assert controlrounds.undecided(one) == [Found.USE]
    assert (
        code(lambda: controlrounds.confirm(one, Found.BUILDING, said, by=made.officer, at=noon(TODAY)))
        == "plots.control.done"
    )
    assert (
        code(lambda: controlrounds.take_back(one, "误登", by=made.officer, at=noon(TODAY))) == "plots.control.has_event"
    )
    assert owed() == {"核定巡查发现的“与管控、修复无关的建设”": True, "核定巡查发现的“擅自使用”": False}
    events.take_back(event, "误登", by=made.officer, at=noon(TODAY))
    assert not any(owed().values())
    controlrounds.set_aside(one, "系管控所需的看护房", by=made.officer, at=noon(TODAY))
    assert owed() == {}


def test_a_round_is_compared_with_the_zone_of_its_day_and_else_with_the_plot(made: Plots, waiting: PlotVersion) -> None:
    corner = square(0, 0, 0.2)
    day, by = date(2026, 3, 5), made.officer
    walked(made, waiting, in_use=True, note="停车", on=date(2026, 3, 3))
    zone = control.propose(waiting.plot, "围挡", day, by=by, at=noon(day), ground=corner)
    walked(made, waiting, in_use=True, note="停车", on=date(2026, 3, 20))
    said = Approval(date(2026, 4, 1), "青政文〔2026〕12号", "青禾区人民政府")
    control.approve(zone, said, PAPER, by=by, at=noon(said.on))
    walked(made, waiting, in_use=True, note="停车", on=date(2026, 5, 6))
    told = [(one.fact, corner.intersects(one.geometry)) for one in Problem.objects.order_by("pk")]
    assert ["当日还没有管控区域" in told[0][0], told[0][1]] == [True, False]
    assert ["已提出，还没有批准" in told[1][0], told[1][1]] == [True, False]
    assert ["对照管控区域（青禾区人民政府 青政文〔2026〕12号批准）" in told[2][0], told[2][1]] == [True, True]


def test_soil_monitored_off_the_zone_is_not_the_zones(made: Plots, waiting: PlotVersion) -> None:
    half, by, on = square(0, 0, 0.5), made.officer, date(2026, 5, 6)
    zone = control.propose(waiting.plot, "围挡", FIRST_DAY, by=by, at=noon(FIRST_DAY), ground=half)
    said = Approval(date(2026, 4, 1), "青政文〔2026〕12号", "青禾区人民政府")
    control.approve(zone, said, PAPER, by=by, at=noon(said.on))
    row = control.open_year([waiting.plot], Terms(2026), by=by, at=noon(on))[0]
    numbers = {}
    for name, ground in (("zone", half), ("rest", waiting.geometry.difference(half))):
        of = judging_world.campaign(made.world, kind="survey", on=on, geometry=waiting.geometry)
        at = point(made.world, ground.representative_point(), name=name, medium="soil", kind="special")
        judging_world.results(made.world, of, {at.point: {"arsenic": 12.0}}, on)
        Batch.objects.filter(campaign=of).update(state="accepted")
        numbers[name] = Batch.objects.get(campaign=of).number
    off = Monitored("soil", on, batch=numbers["rest"])
    assert code(lambda: control.monitored(row, off, by=by, at=noon(on))) == "plots.control.batch_elsewhere"
    assert control.monitored(row, Monitored("soil", on, batch=numbers["zone"]), by=by, at=noon(on)).media_done["soil"]
    assert control.monitored(row, Monitored("air", on, batch=numbers["rest"]), by=by, at=noon(on)).media_done["air"]


def test_a_town_walks_the_round_and_the_desk_records_the_problem(made: Plots, waiting: PlotVersion) -> None:
    one = walked(made, waiting, who="town", unrelated_building=False, in_use=True, note="")
    problem = Problem.objects.get()
    assert (problem.origin, problem.recorded_by) == (f"plots.round:{one.uid}:use", None)
    assert one.by == made.world.actor("town").person
    with pytest.raises(NotAllowed):
        controlrounds.set_aside(one, "不是", by=made.world.actor("town"), at=noon(TODAY))
    with pytest.raises(NotAllowed):
        walked(made, waiting, who="auditor", in_use=False)


def test_what_was_not_looked_at_is_no_finding_and_no_all_clear(made: Plots, waiting: PlotVersion) -> None:
    assert code(lambda: walked(made, waiting)) == "plots.control.empty"
    assert code(lambda: walked(made, waiting, in_use=True, photos=[])) == "plots.control.no_proof"
    assert code(lambda: walked(made, waiting, in_use=False, on=TODAY + timedelta(days=1))) == "plots.control.future"
    walked(made, waiting, in_use=False, photos=[])
    assert Problem.objects.count() == 0
    assert reads.rounds(made.officer, TODAY).filter(reads.FOUND["nothing"]).count() == 0
    walked(made, waiting, unrelated_building=False, in_use=False, spread=False, sign_intact=True)
    assert reads.rounds(made.officer, TODAY).filter(reads.FOUND["nothing"]).count() == 1


def test_a_spread_asks_for_measures(made: Plots, waiting: PlotVersion) -> None:
    one = walked(made, waiting, spread=True)
    assert owed() == {"采取措施防止污染扩散": False}
    by = made.officer
    assert code(lambda: controlrounds.stop_spread(one, " ", TODAY, by=by, at=noon(TODAY))) == "plots.control.words"
    before = TODAY - timedelta(days=1)
    assert code(lambda: controlrounds.stop_spread(one, "筑坝", before, by=by, at=noon(TODAY))) == "plots.control.days"
    controlrounds.stop_spread(one, "筑坝隔离", TODAY, by=by, at=noon(TODAY))
    assert owed() == {"采取措施防止污染扩散": True}
    assert code(lambda: controlrounds.stop_spread(one, "又", TODAY, by=by, at=noon(TODAY))) == "plots.control.done"


def test_a_round_written_wrongly_asks_nothing(made: Plots, waiting: PlotVersion) -> None:
    one = walked(made, waiting, spread=True)
    assert (
        code(lambda: controlrounds.take_back(one, "", by=made.officer, at=noon(TODAY))) == "plots.control.why_missing"
    )
    controlrounds.take_back(one, "走错地块", by=made.officer, at=noon(TODAY))
    assert owed() == {}
    assert list(reads.rounds(made.officer, TODAY)) == []


def test_only_listed_undeveloped_plots_wait(made: Plots, waiting: PlotVersion) -> None:
    made.plot("未列入地块", square(2, 0), developed=False)
    made.to(made.plot("已开发地块", square(4, 0), developed=True), "S3")
    made.to(made.plot("不清楚地块", square(6, 0)), "S3")
    made.to(made.plot("修复中地块", square(8, 0), developed=False), "S5")
    found = {one.plot.version.name: one.waits for one in reads.overview(made.officer, TODAY, 2026)}
    assert found == {"原青禾农药厂地块": True, "不清楚地块": None}
    assert reads.overview(made.world.actor("stranger"), TODAY, 2026) == []


def test_nothing_is_owed_from_the_day_a_plot_is_released(made: Plots, waiting: PlotVersion) -> None:
    control.open_year([waiting.plot], Terms(2026), by=made.officer, at=noon(date(2026, 2, 20)))
    made.event(waiting, "assessed_no_control", date(2026, 6, 1), covered=waiting.geometry)
    assert {one.live_until for one in Duty.objects.filter(kind=Duty.Kind.PLOT_CONTROL)} == {date(2026, 6, 1)}
