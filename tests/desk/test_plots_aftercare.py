"""Aftercare (后期管理) from its report to its end: what the report says, what the page of the plot and the gate tell of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import place, square
from desk.plot_world import browser, noon
from desk.plotreport_world import Reports
from soildesk.decisions import certificate, replyletter
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import gate
from soildesk.decisions.services.gate import Said
from soildesk.plots.models import PlotVersion, Report
from soildesk.plots.refusals import ReportRefused
from soildesk.plots.services import reports, reviews
from soildesk.plots.services.reportevents import Passed

pytestmark = pytest.mark.django_db
FIRST = date(2026, 2, 2)
REMOVED, BEGUN, UNTIL, ENDED = date(2026, 3, 2), date(2026, 9, 1), date(2026, 10, 31), date(2026, 11, 10)


@pytest.fixture
def made(world: Any) -> Reports:
    return Reports(world)


@pytest.fixture
def plot(made: Reports) -> PlotVersion:
    """A plot off the roster that owes aftercare: what is left in it is above the values of the first class."""
    plot = made.to(made.plot("原灯泡厂地块", square(0, 0)), "S6")
    for kind in ("effect_reached", "removal_applied"):
        made.event(plot, kind, date(2026, 3, 1))
    made.event(plot, "removal_decided", REMOVED, residual_above_first_class=True)
    return plot


def accepted(made: Reports, plot: PlotVersion, on: date = BEGUN, **contents: Any) -> Report:
    held = made.reviewing(plot, "aftercare", on=on, contents={"until": UNTIL, **contents})
    reviews.accept(held, Passed(on, filed_on=on), by=made.officer, at=noon(on))
    return held


def limits(made: Reports, on: date) -> tuple[str, str]:
    """What the gate says of the limits of use on a day: the outcome and its words."""
    asked = Asked(square(0, 0), "供地", "0701", on, scheme="guide2023")
    checks = gate.check(asked, by=made.officer).decision.checks
    (found,) = [one for one in checks if one.id == "aftercare_limits"]
    return found.outcome.value, "".join(one.sentence() for one in found.because)


def test_the_gate_tells_the_limits_while_they_hold(made: Reports, plot: PlotVersion) -> None:
    assert limits(made, date(2026, 3, 1))[0] == "not_applicable"
    before, why = limits(made, date(2026, 8, 31))
    assert (before, "还没有登记后期管理报告" in why) == ("cannot_say", True)
    accepted(made, plot)
    during, why = limits(made, UNTIL)
    assert (during, "原灯泡厂地块的使用限制至2026-10-31：不得开挖" in why) == ("conditions", True)
    assert limits(made, date(2026, 11, 1))[0] == "not_applicable"
    made.event(plot, "aftercare_ended", ENDED)
    assert limits(made, ENDED)[0] == "not_applicable"


def test_an_answer_says_the_limits_on_top_whatever_it_is(made: Reports, plot: PlotVersion) -> None:
    accepted(made, plot)
    beside = made.to(made.plot("原农药厂地块", square(1, 0)), "S2")

    def head(shape: Any, on: date = UNTIL) -> tuple[str, str]:
        asked = Asked(shape, "供地", "0701", on, scheme="guide2023")
        query = gate.ask(asked, place(made.world), Said(), by=made.officer, at=noon(on))
        shown = browser(made).get(reverse("kit:record", args=["gate-queries", str(query.uid)])).content.decode()
        verified = browser(made).get(reverse("decisions:verify", args=[query.token])).content.decode()
        paper, letter = certificate.told(query)["limits"], replyletter.lines(query, None)
        told = {
            text.partition('id="facts-title"')[0].count("（后期管理，至 2026-10-31）：不得开挖") for text in (verified,)
        }
        told |= {shown.partition('id="pieces"')[0].count("（后期管理，至 2026-10-31）：不得开挖"), len(paper)}
        told |= {sum("不得开挖" in line and "使用限制：" in line for line in letter)}
        assert len(told) == 1, "page, verified, paper and letter say the same"
        return query.decision, str(told.pop())

    assert head(square(0, 0)) == ("cannot_say", "1")
    assert head(square(0, 0, 2)) == ("blocked", "1"), "the neighbour's ban hides no limits"
    assert head(beside.geometry) == ("blocked", "0")
    assert head(square(0, 0), date(2026, 11, 1))[1] == "0"


def test_the_last_report_of_a_running_aftercare_counts(made: Reports, plot: PlotVersion) -> None:
    accepted(made, plot)
    accepted(made, plot, date(2026, 9, 20), use_limits="不得抽取地下水", until=date(2030, 1, 1))
    assert "不得开挖" in limits(made, date(2026, 9, 19))[1]
    outcome, why = limits(made, date(2026, 9, 20))
    assert (outcome, "不得抽取地下水" in why, "不得开挖" in why) == ("conditions", True, False)
    accepted(made, plot, date(2026, 9, 21), use_limits="无")
    assert limits(made, date(2026, 9, 21))[0] == "not_applicable"


def test_an_aftercare_without_report_leaves_the_limits_unknown(made: Reports, plot: PlotVersion) -> None:
    made.event(plot, "aftercare_begun", BEGUN, plan="后期管理方案")
    outcome, why = limits(made, BEGUN)
    assert (outcome, "没有登记写明使用限制的后期管理报告" in why) == ("cannot_say", True)


def test_a_report_of_an_aftercare_before_this_one_says_nothing(made: Reports, plot: PlotVersion) -> None:
    held = accepted(made, plot)
    reviews.take_back(held, "误登", by=made.officer, at=noon(BEGUN))
    assert limits(made, BEGUN)[0] == "cannot_say"


def test_a_term_does_not_end_before_the_report_was_made(made: Reports, plot: PlotVersion) -> None:
    early = {"until": date(2026, 8, 31)}
    with pytest.raises(ReportRefused, match="期限 2026-08-31 早于编制完成日期 2026-09-01"):
        made.report(plot, "aftercare", on=BEGUN, contents=early)
    held = made.report(plot, "aftercare", on=BEGUN, contents={"until": BEGUN})
    with pytest.raises(ReportRefused, match="期限 2026-08-31"):
        reports.revise(held, {"contents": {**held.contents, **early}}, by=made.officer, at=noon(BEGUN))


def page(made: Reports, plot: PlotVersion, on: date) -> str:
    return (
        browser(made)
        .get(reverse("kit:record", args=["plots", str(plot.plot.uid)]), {"on": on.isoformat()})
        .content.decode()
    )


def test_the_page_of_a_plot_says_where_its_aftercare_stands(made: Reports, plot: PlotVersion) -> None:
    assert "现在：已移出名录；应当后期管理，尚未登记开始" in page(made, plot, date(2026, 8, 31))
    held = accepted(made, plot)
    text = page(made, plot, UNTIL)
    assert "现在：已移出名录；后期管理中，至 2026-10-31" in text
    assert "不得开挖" in text
    assert "后期管理期限已于 2026-10-31 届满，尚未登记结束" in page(made, plot, date(2026, 11, 1))
    made.event(plot, "aftercare_ended", ENDED)
    text = page(made, plot, ENDED)
    assert "现在：已移出名录；后期管理已结束" in text
    assert "不得开挖" not in text
    assert reverse("kit:record", args=["plot_reports", str(held.uid)]) in text


def test_what_an_event_says_in_words_stands_beside_it(made: Reports, plot: PlotVersion) -> None:
    made.event(plot, "aftercare_begun", BEGUN, plan="每季监测一次，为期五年")
    text = page(made, plot, BEGUN)
    assert "后期管理方案：每季监测一次，为期五年" in text
    assert "还没有登记报告。" not in text
    assert "已登记的事项所依据的报告" in text
    assert "使用限制" in text
    assert "不清楚" in text


@pytest.mark.parametrize(
    ("told", "unclear"), [({}, True), ({"column": "second"}, False), ({"residual_above_first_class": False}, False)]
)
def test_the_page_says_when_an_evaluation_names_no_class_of_use_and_who_puts_it_right(
    made: Reports, told: dict[str, Any], unclear: bool
) -> None:
    plot = made.to(made.plot("原灯泡厂地块", square(0, 0)), "S6")
    asked = reverse("kit:record", args=["plots", str(plot.plot.uid)])
    assert "效果评估针对的用途" not in browser(made).get(asked).content.decode(), "nothing was evaluated yet"
    form = browser(made).get(reverse("plots:event_new", args=[plot.plot.uid, "effect_reached"])).content.decode()
    assert 'name="column"' in form
    assert 'name="residual_above_first_class"' in form
    made.event(plot, "effect_reached", date(2026, 3, 1), **told)
    page = browser(made).get(asked).content.decode()
    assert ("效果评估针对的用途" in page) is unclear
    assert ("请经办人调出评估报告核对" in page) is unclear
