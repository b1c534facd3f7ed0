"""The ground of a plot that is on a list, or of which something is owed, does not leave it in silence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk.land_world import SINCE, square
from desk.plot_world import Plots, noon
from soildesk.core.versions import Recording
from soildesk.plots.models import PlotVersion
from soildesk.plots.refusals import PlotRefused
from soildesk.plots.services import plots

pytestmark = [pytest.mark.django_db, pytest.mark.store]
ON = date(2026, 11, 19)
HALF = square(0, 0, 0.5)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Plots:
    return Plots(world)


def redraw(made: Plots, plot: PlotVersion, shape: Any, *, since: date | None = ON, **facts: Any) -> PlotVersion:
    recording = Recording(made.officer, noon(ON), "重新测量")
    held = PlotVersion.objects.get(plot=plot.plot, superseded_at=None, until=None)
    return plots.change(held, {"geometry": shape, **facts}, since=since, recording=recording)


@pytest.mark.parametrize("stage", ["S0", "S1", "S3", "S5", "S6"])
@pytest.mark.parametrize("since", [ON, None], ids=["a change", "a correction"])
def test_owed_ground_stays(made: Plots, stage: str, since: date | None) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), stage)
    with pytest.raises(PlotRefused, match=r"不能从范围中去掉 [\d,]+ m².*范围调整依据") as refused:
        redraw(made, plot, HALF, since=since)
    assert refused.value.code == "plots.plot.ground_lost"
    assert "环土壤〔2026〕3号" in str(refused.value)
    with pytest.raises(PlotRefused, match="不能从范围中去掉"):
        redraw(made, plot, square(5, 5), since=since)


def test_ground_nothing_is_asked_of_may_be_drawn_anew(made: Plots) -> None:
    assert redraw(made, made.plot("示例地块", square(0, 0)), HALF).geometry.equals(HALF)


def test_a_released_plot_is_bound_until_it_is_off_its_list(made: Plots) -> None:
    plot = made.released(made.plot("示例地块", square(0, 0)))
    with pytest.raises(PlotRefused, match="在名单、名录上"):
        redraw(made, plot, HALF)
    made.event(plot, "suspected_left", date(2026, 6, 1))
    assert redraw(made, plot, HALF).geometry.equals(HALF)


def test_more_ground_is_no_loss_and_a_sliver_neither(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S1")
    assert redraw(made, plot, square(0, 0, 2)).area_m2 > 1.9 * plot.area_m2
    other = made.to(made.plot("另一地块", square(3, 0)), "S1")
    assert redraw(made, other, square(3, 0, 0.999999)).area_m2 < other.area_m2


def test_an_authority_may_let_it_go_by_its_paper(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S1")
    held = redraw(made, plot, HALF, ground_document="云环函〔2026〕31号")
    assert held.ground_document == "云环函〔2026〕31号"
    with pytest.raises(PlotRefused, match="范围调整依据"):
        redraw(made, plot, square(0, 0, 0.25), ground_document="云环函〔2026〕31号")


def test_another_plot_takes_over_if_it_owes_as_much(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S1")
    made.plot("东半地块", square(0.5, 0, 0.5))
    with pytest.raises(PlotRefused, match="不能从范围中去掉"):
        redraw(made, plot, HALF)
    made.to(made.plot("东半地块（承接）", square(0.45, 0, 0.55)), "S1")
    assert redraw(made, plot, HALF).geometry.equals(HALF)


def test_who_takes_over_stands_on_the_same_lists(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1))
    heir = made.to(made.plot("东半地块", square(0.45, 0, 0.55)), "S5")
    with pytest.raises(PlotRefused, match="不能从范围中去掉"):
        redraw(made, plot, HALF)
    made.event(heir, "roster_listed", date(2026, 6, 1))
    assert redraw(made, plot, HALF).since == ON != SINCE
