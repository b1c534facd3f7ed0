"""Lists announced, reviews published, reports drawn and checked, closed sites screened: by pages, and what the measures say."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from desk.land_world import square
from desk.plot_world import noon
from desk.plotreport_world import Reports
from desk.test_decisions_pages import browser
from desk.test_plotreports_pages import passed
from desk.test_plots_feed_lists import accepted, sent
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.plots.models import Candidate, Recheck

pytestmark = [pytest.mark.django_db]
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE
DAY = date(2026, 11, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


def ask(made: Reports, name: str, on: date = DAY, known_on: date | None = None, who: str = "officer") -> MeasureResult:
    plan = SimpleNamespace(
        division=made.world.district, year=2026, period_start=None, period_end=None, doc_number="", title="方案"
    )
    subject = SimpleNamespace(plan=plan, number="3")
    return measures.get(f"plots.{name}").run(made.world.actor(who), subject, on, known_on or on)


def test_a_notice_counts_once_it_was_published(made: Reports) -> None:
    assert ask(made, "lists_published").outcome is C, "no notice told is not nothing to publish"
    made.notice("suspected", date(2026, 3, 2), published_on=None)
    assert ask(made, "lists_published").outcome is C, "the list of suspected plots is not public"
    made.notice("polluted", date(2026, 5, 6))
    assert ask(made, "lists_published").outcome is D
    made.notice("roster", date(2026, 6, 1), published_on=None)
    found = ask(made, "lists_published")
    assert (found.outcome, found.numerator, found.denominator) == (N, 1, 2)
    assert ask(made, "lists_published", known_on=date(2026, 5, 20)).denominator == 1
    assert ask(made, "lists_published", on=date(2027, 2, 1)).outcome is N, "the plan's own year is asked"
    assert ask(made, "lists_published", who="town").outcome is C, "a part proves nothing of the whole"


def test_reviews_that_passed_are_made_public(made: Reports) -> None:
    assert ask(made, "reviews_published").outcome is C
    plot = made.to(made.plot("机修厂地块", square(0, 0)), "S1")
    held = made.reviewing(plot)
    assert ask(made, "reviews_published").outcome is X, "none has passed yet"
    made.passed_by_both(held)
    accept = {"on": "2026-06-20", "filed_on": "2026-06-20", "document": "青环评〔2026〕1号"}
    assert browser(made).post(reverse("plots:report_accept", args=[held.uid]), accept).status_code == 302
    assert ask(made, "reviews_published").outcome is N
    said = {"since": "2026-07-01", "until": "2026-09-01", "address": "https://example.org/1"}
    assert browser(made).post(reverse("plots:report_publish", args=[held.uid]), said).status_code == 302
    found = ask(made, "reviews_published")
    assert (found.outcome, found.rows[0].uid) == (D, str(held.uid))
    assert ask(made, "reviews_published", on=date(2026, 6, 30)).outcome is not D, "not public yet on that day"


def test_what_the_lot_drew_is_checked_again(made: Reports) -> None:
    plot = made.to(made.plot("机修厂地块", square(0, 0)), "S1")
    held = passed(made, plot)
    assert ask(made, "reports_rechecked").outcome is C
    draw = {"year": "2026", "percent": "10", "seed": "双色球2026130期"}
    assert browser(made, "issuer").post(reverse("plots:recheck_draw"), draw).status_code == 302
    assert Recheck.objects.get().drawn == [held.number]
    assert ask(made, "reports_rechecked").outcome is N
    done = browser(made, "issuer").post(reverse("plots:report_rechecked", args=[held.uid]), {"why": "未发现问题"})
    assert done.status_code == 302
    assert ask(made, "reports_rechecked").outcome is D


def test_sites_of_firms_that_closed_last_year_are_screened(made: Reports) -> None:
    client = browser(made)
    assert ask(made, "closed_screened").outcome is C
    head = ("企业名称", "行业", "地址", "搬迁或关闭时间")
    rows = (("青禾电镀厂", "3360", "柏庄镇", "2025-06-30"), ("青禾粮站", "5111", "城关", "2025-07-01"))
    accepted(client, sent(client, "plots.closed", head, *rows, ("青禾砖厂", "3031", "城关", "2024-07-01")))
    assert (ask(made, "closed_screened").outcome, ask(made, "closed_screened").denominator) == (N, 2)
    plating, grain = (Candidate.objects.get(title__contains=name) for name in ("电镀", "粮站"))
    plot = made.plot("青禾电镀厂地块", square(0, 0))
    linked = {"plot": plot.plot.number, "reason": "同一宗地"}
    assert client.post(reverse("plots:candidate_link", args=[plating.uid]), linked).status_code == 302
    off = {"reason": "只存粮食，没有工业"}
    assert client.post(reverse("plots:candidate_dismiss", args=[grain.uid]), off).status_code == 302
    found = ask(made, "closed_screened")
    assert (found.outcome, found.numerator) == (N, 1)
    assert "没有写明风险高低" in found.rows[0].note
    from soildesk.core.versions import Recording
    from soildesk.plots.services import plots

    plots.change(
        plot, {"high_risk": True}, since=date(2026, 5, 20), recording=Recording(made.officer, noon(DAY), "筛查")
    )
    assert ask(made, "closed_screened").outcome is D
    shown = client.get(reverse("kit:collection", args=["plots"]), {"screened": "high"}).content.decode()
    assert "青禾电镀厂地块" in shown
