"""What lists and pages show of what is over: a withdrawn notice, a plan that is filed, terms that were told anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import FIRST, Plots, noon
from desk.test_plots_feeds import browser
from soildesk.plots.models import WrittenNotice
from soildesk.plots.services import control, notices
from soildesk.plots.services.control import Terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def row_of(page: str, word: str) -> str:
    """The row of a table that holds a word."""
    return next(part for part in page.split("</tr>") if word in part.rpartition("<tr")[2])


def test_the_list_tells_a_withdrawn_notice_from_an_open_one(made: Plots) -> None:
    for at, number in enumerate(("甲号", "乙号", "丙号")):
        plot = made.to(made.plot(f"{number}地块", square(at, 0)), "S0")
        said = {"kind": "preliminary", "number": number, "recipient": "某公司", "sent_on": date(2026, 3, 1)}
        notices.serve(plot.plot, said, by=made.officer, at=noon(date(2026, 3, 1)))
    gone, late = (WrittenNotice.objects.get(number=number) for number in ("甲号", "乙号"))
    notices.withdraw(gone, "送达对象有误", by=made.officer, at=noon(date(2026, 3, 2)))
    notices.receive(late, date(2026, 3, 5), by=made.officer, at=noon(date(2026, 3, 6)))
    client, url = browser(made), reverse("kit:collection", args=["written_notices"])
    page = client.get(url).content.decode()
    assert "已撤回" in row_of(page, "甲号")
    assert "已超过时限" in row_of(page, "乙号")
    assert "待送达" in row_of(page, "丙号")
    record = client.get(reverse("kit:record", args=["written_notices", str(gone.uid)])).content.decode()
    assert "送达对象有误" in record
    assert "撤回书面通知" in record


def test_a_plan_that_is_filed_is_no_next_step_any_more(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    client, url = browser(made), reverse("kit:record", args=["plots", str(plot.plot.uid)])

    def ahead() -> str:
        return client.get(url).content.decode().partition("接下来")[2].partition("其他可能发生的事项")[0]

    assert "修复方案备案" in ahead()
    made.event(plot, "remediation_plan_filed", date(2026, 6, 1))
    assert "方案备案" not in ahead()
    assert "（方案变更后重新备案）" in client.get(url).content.decode()
    made.event(plot, "roster_listed", FIRST.replace(month=6, day=2))
    made.event(plot, "works_begun", date(2026, 6, 3))
    assert "方案备案" not in ahead()
    assert "完工" in ahead() or "完成" in ahead() or "竣工" in ahead()


def test_terms_told_anew_stand_in_the_history_of_the_year(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0), developed=False), "S3")
    first = Terms(2026, date(2026, 3, 31), "云环〔2026〕1号", {"soil": date(2026, 9, 30)}, "云环〔2026〕2号")
    year = control.open_year([plot.plot], first, by=made.officer, at=noon(date(2026, 1, 10)))[0]
    again = Terms(2026, date(2026, 4, 30), "云环〔2026〕9号")
    control.open_year([plot.plot], again, by=made.officer, at=noon(date(2026, 2, 10)))
    page = browser(made).get(reverse("kit:record", args=["control_years", str(year.uid)])).content.decode()
    for words in (
        "计划报送时限 2026-03-31",
        "土壤监测 2026-09-30",
        "云环〔2026〕2号",
        "重新填写时限",
        "计划报送时限 2026-04-30",
        "云环〔2026〕9号",
    ):
        assert words in page


def test_an_area_of_record_that_differs_is_told_on_the_page(made: Plots) -> None:
    plot = made.plot("甲号地块", square(0, 0), area_of_record_m2=39_000)
    page = browser(made).get(reverse("kit:record", args=["plots", str(plot.plot.uid)]))
    assert page.status_code == 200
    assert "39000.00" in page.content.decode()  # the sentence tells both areas
