"""By the values of which class of use a survey frees a plot: refused where they do not suit, shown everywhere it matters."""

from __future__ import annotations

import doctest
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots, browser
from soildesk.plots.queries import plots
from soildesk.plots.refusals import EventRefused
from soilrules.plots import screening

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 6, 1)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def within(made: Plots, name: str, at: int, column: str, **facts: Any) -> Any:
    """A plot whose survey is within limits by the values of a class."""
    plot = made.to(made.plot(name, square(at, 0), **facts), "S1")
    made.event(plot, "preliminary_within", DAY, column=column)
    return plot


def test_values_of_the_second_class_free_no_ground_of_the_first(made: Plots) -> None:
    with pytest.raises(EventRefused, match=r"规划用途属于第一类用地.*GB 36600-2018.*第5\.3\.1条") as refused:
        within(made, "示例地块", 0, "second", use_planned="R2")
    assert refused.value.code == "plots.event.values"


def test_ground_is_free_for_what_it_was_judged_for(made: Plots) -> None:
    unknown = within(made, "用途不明地块", 0, "second")
    industry = within(made, "工业地块", 2, "second", use_planned="M1")
    housing = within(made, "住宅地块", 4, "first", use_planned="R2")
    other = within(made, "地方标准地块", 6, "other")
    rows = {row.name: row.exit_column for row in plots.plots(made.officer, DAY)}
    assert rows == {"用途不明地块": "second", "工业地块": "second", "住宅地块": "first", "地方标准地块": "other"}
    client = browser(made)
    listed = client.get(reverse("kit:collection", args=["plots"])).content.decode()
    for word in ("解除后适用", "仅第二类用地", "第一、二类用地", "未写明"):
        assert word in listed
    page = client.get(reverse("kit:record", args=["plots", str(unknown.plot.uid)])).content.decode()
    assert "仅适用于第二类用地" in page and "改作第一类用地的，应当重新调查" in page
    page = client.get(reverse("kit:record", args=["plots", str(industry.plot.uid)])).content.decode()
    assert "仅第二类用地" in page and "第5.3.1条" in page
    page = client.get(reverse("kit:record", args=["plots", str(housing.plot.uid)])).content.decode()
    assert "仅第二类用地" not in page
    page = client.get(reverse("kit:record", args=["plots", str(other.plot.uid)])).content.decode()
    assert "没有写明按哪一类用地的筛选值判定" in page and "其他（地方或专项标准）" in page


def test_the_examples_hold() -> None:
    assert doctest.testmod(screening).failed == 0
