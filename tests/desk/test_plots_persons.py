"""A natural person who is liable: told where it is veiled, never as if it were a firm."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots, browser
from soildesk.plots.refusals import PlotRefused

pytestmark = [pytest.mark.django_db, pytest.mark.store]


def test_the_name_of_a_person_is_no_firm(world: Any) -> None:
    made = Plots(world)
    with pytest.raises(PlotRefused, match="看起来是个人姓名") as refused:
        made.plot("示例地块", square(0, 0), responsible="佟兰芝")
    assert refused.value.code == "plots.plot.person"
    for at, name in enumerate(("青禾农药厂", "县化厂", "青禾焦化", "云泽市青禾农药有限公司")):
        assert made.plot(f"地块{at}", square(at, 0), responsible=name).responsible == name


def test_the_person_is_shown_to_whoever_works_the_case_alone(world: Any) -> None:
    made = Plots(world)
    plot = made.plot("示例地块", square(0, 0), responsible_state="known", responsible_person="佟兰芝")
    url = reverse("kit:record", args=["plots", str(plot.plot.uid)])
    assert "佟兰芝" in browser(made).get(url).content.decode()
    page = browser(made, "reader").get(url)
    assert page.status_code == 200
    assert "佟兰芝" not in page.content.decode()
