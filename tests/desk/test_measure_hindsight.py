"""A measure as known then and now: rows that came and went, the records that made it so, the page."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import ledger_world
from desk.land_world import square
from desk.oversight_world import Desk
from desk.plot_world import FIRST, noon
from desk.plotreport_world import Reports
from soildesk.core.versions import Recording
from soildesk.kit import hindsight, measures
from soildesk.kit.hindsight import Change, Difference
from soildesk.kit.measures import Proof
from soildesk.monitoring.measuring import WholePlace
from soildesk.plans.models import Binding
from soildesk.plans.queries.bound import of_indicators
from soildesk.plans.services import binding
from soildesk.plots.models import PlotVersion
from soildesk.plots.services import events, plots

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY, THEN, NOW = date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 20)
USED = date(2026, 10, 1)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Reports:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Reports(world)


@pytest.fixture
def client(world: Any) -> Client:
    return world.browser("officer")


def ask(made: Reports, name: str, on: date = DAY) -> Difference:
    subject = WholePlace(made.world.district, on.year)
    return hindsight.difference(measures.get(f"plots.{name}"), made.officer, subject, on, (THEN, NOW))


def late(made: Reports, plot: PlotVersion, why: str = "补登", **facts: Any) -> PlotVersion:
    """What is true since October and was written down in November."""
    said = Recording(made.officer, noon(date(2026, 11, 10)), why)
    return plots.change(plot, facts, since=USED, recording=said)


def changed(found: Difference) -> list[tuple[str, str, Decimal, Decimal]]:
    return [
        (one.row.name.split("（")[0], str(one.change), one.numerator, one.denominator)
        for one in sorted(found.changes, key=lambda one: one.row.name)
    ]


def proof(uid: str, *, counts: bool, amount: int = 1, note: str = "") -> Proof:
    return Proof("rooms.thing", uid, uid, counts, note, amount=amount)


def test_rows_are_compared_one_by_one() -> None:
    then = [proof("a", counts=True), proof("b", counts=False), proof("c", counts=True), proof("d", counts=True)]
    now = [
        proof("a", counts=True),
        proof("b", counts=True),
        proof("d", counts=True, amount=3),
        proof("e", counts=False),
    ]
    found = {one.row.uid: (one.change, one.numerator, one.denominator) for one in hindsight.compare(then, now)}
    assert found == {
        "b": (Change.COUNTS, 1, 0),
        "c": (Change.LEFT, -1, -1),
        "d": (Change.CHANGED, 2, 2),
        "e": (Change.ENTERED, 0, 1),
    }
    twice = [proof("a", counts=True), proof("a", counts=False)]
    assert [one.change for one in hindsight.compare(twice, twice[:1])] == [Change.LEFT]


def test_polluted_plots_put_to_use_and_told_of_later(made: Reports) -> None:
    clear = made.to(made.plot("先修复后利用", square(0, 0), developed=False), "removed")
    early = made.to(made.plot("未修复先利用", square(2, 0), developed=False), "S5")
    assert ask(made, "polluted_used_safely").now.outcome == "not_applicable"
    late(made, clear, developed=True)
    late(made, early, "卫片核实", developed=True)
    found = ask(made, "polluted_used_safely")
    assert (found.then.outcome, found.then.denominator, found.now.outcome) == ("not_applicable", None, "not_done")
    assert found.whole
    assert found.numerator == found.now.numerator
    assert found.denominator == found.now.denominator
    assert [one[:2] for one in changed(found)] == [("先修复后利用", "entered"), ("未修复先利用", "entered")]
    [written] = next(one for one in found.changes if one.row.name.startswith("未修复")).written
    assert (written.who, written.why, written.at) == ("officer", "卫片核实", noon(date(2026, 11, 10)))
    assert "自 2026-10-01 起" in written.what


def test_a_survey_taken_back_is_told(made: Reports) -> None:
    plot = made.released(made.plot("已调查", square(0, 0)))
    event = plot.plot.events.get(kind="preliminary_within")
    events.take_back(event, "误登", by=made.officer, at=noon(date(2026, 11, 12)))
    made.event(made.plot("补登的疑似地块", square(2, 0)), "suspected_listed", FIRST, at=noon(date(2026, 11, 11)))
    found = ask(made, "surveys_done")
    assert (found.then.numerator, found.then.denominator) == (1, 1)
    assert (found.now.numerator, found.now.denominator) == (0, 2)
    assert changed(found) == [("已调查", "no_longer", -1, 0), ("补登的疑似地块", "entered", 0, 1)]
    told = next(one for one in found.changes if one.change is Change.NO_LONGER).written
    assert [(one.who, one.why) for one in told] == [("officer", "误登")]
    assert told[0].what.startswith("撤销：2026-02-02")


def test_the_roster_entered_later(made: Reports) -> None:
    plot = made.to(made.plot("在名录", square(0, 0)), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1), at=noon(date(2026, 11, 10)))
    found = ask(made, "roster_counted")
    assert found.then.outcome == "cannot_say"
    assert changed(found) == [("在名录", "entered", 1, 1)]
    assert any("风险管控和修复名录：2026-06-01 列入" in one.what for one in found.changes[0].written)


def test_key_land_and_the_list_of_problems(made: Reports) -> None:
    words = {"use_system": "gb50137_2011"}
    clear = made.released(made.plot("粮库", square(0, 0), use_now="M2", **words))
    plots.change(clear, {"use_now": "R2"}, since=USED, recording=Recording(made.officer, noon(USED), "示例"))
    assert changed(ask(made, "key_land_used_safely")) == []
    desk = Desk(made.world)
    problem = desk.problem(
        "擅自动工", violation="unrelated_project", found_on=date(2026, 10, 20), object_name=clear.plot.number
    )
    found = ask(made, "key_land_used_safely")
    [one] = found.changes
    assert (found.then.outcome, found.now.outcome, one.change) == ("done", "not_done", Change.NO_LONGER)
    assert any(problem.number in each.what for each in one.written)


def test_the_page_tells_difference_and_records(made: Reports, client: Client) -> None:
    early = made.to(made.plot("未修复先利用", square(2, 0), developed=False), "S5")
    late(made, early, "卫片核实", developed=True)
    url = reverse("home:hindsight")
    first = client.get(url).content.decode()
    assert "选择指标和日期" in first
    assert "污染地块安全利用率" in first
    said = {"of": "plots.polluted_used_safely|place", "day": str(DAY), "known": str(THEN)}
    page = client.get(url, said).content.decode()
    assert "未达到" not in page, "nobody set a target for the whole place"
    for wanted in (
        "不适用",
        "没有目标，只列数",
        "未修复先利用",
        "计入",
        "卫片核实",
        "officer",
        "2026-11-10 12:00",
        "分母 +",
    ):
        assert wanted in page, wanted
    same = client.get(url, {**said, "known": str(NOW)}).content.decode()
    assert "没有差别" in same
    assert client.get(url, {**said, "day": "x", "of": "nothing"}).status_code == 200


def test_every_measure_of_the_place_can_be_asked(made: Reports, client: Client) -> None:
    from soildesk.home.pages.hindsight import choices

    offered = choices(made.officer, DAY, NOW)
    assert {"plots.roster_counted|place", "plots.surveys_done|place"} <= {one.key for one in offered}
    for one in offered:
        answer = client.get(reverse("home:hindsight"), {"of": one.key, "day": str(DAY), "known": str(THEN)})
        assert answer.status_code == 200, one.key


def test_a_measure_chosen_or_struck_in_between_is_said(made: Reports, client: Client) -> None:
    """What the records say is told of both days; that the plan was not checked by it then is told beside."""
    world = made.world
    plan, issuer = ledger_world.published(world), world.actor("issuer")
    wanted = plan.indicators.order_by("pk")[0]
    name, early, late_ = "plots.surveys_done", noon(date(2026, 10, 20)), noon(date(2026, 11, 10))

    def told(**more: str) -> str:
        said = {"of": f"{name}|indicator-{wanted.pk}", "day": str(DAY), "known": str(THEN)} | more
        return client.get(reverse("home:hindsight"), said).content.decode()

    assert "chosen-since" not in told()
    first = binding.bind(wanted, name, by=issuer, at=late_)
    page = told()
    assert "当时还没有选定这项核算办法" in page and "2026-11-10 12:00 issuer" in page and "选定核算办法" in page
    assert "chosen-since" not in told(known="2026-11-15")
    Binding.objects.filter(pk=first.pk).update(recorded_at=early)
    assert "chosen-since" not in told()
    binding.unbind(first, by=issuer, at=late_)
    page = told()
    assert "已经解除" in page and "解除核算办法" in page
    assert "选择指标和日期" in told(known="2026-11-15"), "struck by then and not in force now: nothing to ask"
    binding.bind(wanted, name, by=issuer, at=noon(date(2026, 11, 12)))
    page = told()
    assert "又重新选定" in page and page.index("2026-11-12") < page.index("2026-11-10 12:00")


def test_targets_of_a_clause_tell_who_bound_them(made: Reports) -> None:
    wanted = ledger_world.published(made.world).indicators.order_by("pk")[0]
    binding.bind(wanted, "plots.surveys_done", by=made.world.actor("issuer"), at=noon(date(2026, 11, 10)))
    told = of_indicators(made.officer, [str(wanted.pk), "x"], hindsight.Span.of(THEN, NOW))
    assert [(one.who, one.what[:6]) for one in told[str(wanted.pk)]] == [("issuer", "选定核算办法")]
    assert not of_indicators(made.world.actor("stranger"), [str(wanted.pk)], hindsight.Span.of(THEN, NOW))
