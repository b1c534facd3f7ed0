"""Written notices stand on what is known of a plot; a plot that goes on is not called ended on a past day."""

from __future__ import annotations

import doctest
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import Plots, browser, noon
from soildesk.core.versions import Recording
from soildesk.plots.models import WrittenNotice
from soildesk.plots.refusals import NoticeRefused
from soildesk.plots.services import notices, plots
from soilrules.plots import notices as permitted

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 6, 1)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def sent(made: Plots, plot: Any, kind: str, number: str = "青环通〔2026〕1号") -> WrittenNotice:
    said = {"kind": kind, "number": number, "recipient": "某公司", "sent_on": DAY}
    return notices.serve(plot.plot, said, by=made.officer, at=noon(DAY))


@pytest.mark.parametrize(
    ("stage", "kind", "article"),
    [
        ("S0", "detailed", "污染地块土壤环境管理办法"),
        ("S0", "control", "第六十二条"),
        ("S3", "remediation", "第六十四条"),
        ("S4", "remediation", "风险评估要求修复"),
        ("S5", "control", "风险评估要求风险管控"),
        ("S2", "preliminary", "初步调查已经完成"),
    ],
)
def test_a_notice_without_its_ground_is_refused_with_the_article(
    made: Plots, stage: str, kind: str, article: str
) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), stage)
    with pytest.raises(NoticeRefused, match=article) as refused:
        sent(made, plot, kind)
    assert refused.value.code == "plots.notice.ground"
    assert "依据：《" in str(refused.value)


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        ("S0", "preliminary"),
        ("S2", "detailed"),
        ("S3", "detailed"),
        ("S4", "control"),
        ("S5", "remediation"),
        ("S0", "stop"),
    ],
)
def test_a_notice_that_has_its_ground_is_sent(made: Plots, stage: str, kind: str) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), stage)
    assert sent(made, plot, kind).kind == kind


def test_a_survey_is_not_asked_for_twice(made: Plots) -> None:
    plot = made.to(made.plot("示例地块", square(0, 0)), "S0")
    first = sent(made, plot, "preliminary")
    with pytest.raises(NoticeRefused, match="青环通〔2026〕1号”已要求开展初步调查"):
        sent(made, plot, "preliminary", "青环通〔2026〕2号")
    notices.withdraw(first, "送达对象有误", by=made.officer, at=noon(DAY))
    assert sent(made, plot, "preliminary", "青环通〔2026〕2号")


def test_a_plot_that_was_changed_later_has_not_ended(made: Plots) -> None:
    plot = made.plot("示例地块", square(0, 0))
    plots.change(plot, {"location": "柏庄镇东"}, since=DAY, recording=Recording(made.officer, noon(DAY), "核实"))
    url = reverse("kit:record", args=["plots", str(plot.plot.uid)])
    assert "已经终止" not in browser(made).get(f"{url}?on=2026-03-01").content.decode()
    plots.end(plot.plot.versions.get(superseded_at=None, until=None), on=date(2026, 9, 1), recording=Recording(made.officer, noon(date(2026, 9, 1)), "重复"))  # fmt: skip
    assert "已经终止" in browser(made).get(f"{url}?on=2026-03-01").content.decode()


def test_the_examples_hold() -> None:
    assert doctest.testmod(permitted).failed == 0
