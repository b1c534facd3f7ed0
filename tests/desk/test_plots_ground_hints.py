"""What the preview of an import of plots says of ground: far away, over a plot, over another row; a recall to come is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import FIRST, WAYS, Plots, browser, noon
from soildesk.kit.faces import Change
from soildesk.plots import ground_hints
from soildesk.plots.refusals import ControlRefused, PlotRefused
from soildesk.plots.services import controlrounds

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def test_ground_is_told_before_it_is_written(made: Plots) -> None:
    known = made.plot("原农药厂地块", square(0, 0))
    tell = ground_hints.tell(made.officer)

    def said(name: str, shape: Any) -> list[str]:
        return list(tell(Change({"name": name, "geometry": shape}, "", None)))

    assert "公里：请核对坐标系和位置" in said("远方地块", square(300, 0))[0]
    over = said("半边地块", square(0, 0, 0.5))
    assert len(over) == 1 and known.plot.number in over[0] and "重叠" in over[0]
    assert said("同一行", square(0, 0, 0.4))[-1].startswith("与文件中的“半边地块”重叠")
    assert "读不出是哪一类用地" in next(iter(tell(Change({"name": "坏码", "use_planned": "9999"}, "", None))))
    filled = {
        "name": "半边地块", "geometry": square(0, 0, 0.5).wkt, "use_planned": "9999", "_since": "2026-11-01", "step": "preview",
    }  # fmt: skip
    page = browser(made).post(reverse("kit:collection_add", args=["plots"]), filled).content.decode()
    assert "请核对是不是同一地块" in page and "读不出是哪一类用地" in page


def test_a_recall_to_come_is_refused(made: Plots) -> None:
    with pytest.raises(PlotRefused, match="土地使用权收回日期：日期 2027-01-01 晚于今天"):
        made.plot("示例地块", square(0, 0), recalled_on=date(2027, 1, 1))


def test_a_refusal_says_of_which_content_it_is(made: Plots) -> None:
    for name, what in (("holder_code", "使用权人统一社会信用代码"), ("responsible_code", "责任人统一社会信用代码")):
        with pytest.raises(PlotRefused, match=f"{what}：“123”有3位"):
            made.plot("示例地块", square(0, 0), **{name: "123"})
    with pytest.raises(PlotRefused, match="不超过边界容差"):
        made.plot("示例地块", square(0, 0, 0.00001))


def test_a_round_is_not_older_than_its_plot(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0), developed=False), "S3")
    seen = controlrounds.Seen(date(2015, 1, 1), sign_intact=True)
    with pytest.raises(ControlRefused, match="早于地块的登记日期"):
        controlrounds.record(plot.plot, seen, by=made.officer, at=noon(FIRST))


def test_a_stage_that_was_not_passed_has_no_tick(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    made.event(plot, "carried_over", FIRST, stage="S4", works="control")
    page = browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)])).content.decode()
    assert "life-skipped" in page and "本级没有登记" in page
    assert "plots/plots.js" in page


def test_stages_of_one_day_were_passed_all_of_them(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    for kind in WAYS["S2"]:
        made.event(plot, kind, FIRST)
    page = browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)])).content.decode()
    assert "life-skipped" not in page and "未经此阶段" not in page
    assert page.count("life-done") >= 2
