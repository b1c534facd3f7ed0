"""Warnings after a judgement: one for each event, whose it is, what was expected, and how one is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import judging_world as made
import pytest
import shapely

from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.monitoring import context
from soildesk.monitoring.models import Alert, Background, BackgroundVersion, Expected
from soildesk.monitoring.refusals import AlertRefused
from soildesk.monitoring.services import disposal, judging
from soildesk.monitoring.services.disposal import Proof
from soilrules.monitoring.facts import FarmlandClass, FarmlandUnit

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PROOF = [Proof("复测报告.pdf", b"%PDF-1.4 retest")]


def judge(world: Any, campaign: Any, at: datetime = AT) -> Any:
    return judging.judge(campaign, "accepted", by=world.actor("officer"), at=at)


def one_alert(world: Any, value: float = 0.5, **facts: Any) -> Alert:
    """Cadmium on paddy at pH 6: over the screening value of 0.4."""
    of = made.campaign(world)
    made.results(world, of, {made.point(world, "N1", use="paddy", **facts): {"cadmium": value, "ph": 6.0}})
    judge(world, of)
    return Alert.objects.get()


def rules(alert: Alert) -> set[str]:
    return {one["rule"].removeprefix("warning.") for one in alert.findings}


def background(world: Any, upper: str) -> None:
    BackgroundVersion.objects.create(
        background=Background.objects.create(number="BJ-1"),
        name="东山黑色页岩",
        analyte="cadmium",
        upper=Decimal(upper),
        unit="mg/kg",
        document="云地调〔2019〕3号",
        geometry=shapely.MultiPolygon([shapely.box(114.29, 34.69, 114.31, 34.71)]),
        division_path=world.district.path,
        owner_department=world.departments["ecology"],
        since=made.SINCE,
        recorded_at=AT,
    )


@pytest.mark.store
def test_a_result_over_a_limit_is_one_warning(world: Any) -> None:
    """With level, title, place, due day, and a duty where somebody is named."""
    alert = one_alert(world)
    assert (alert.level, alert.state, alert.tier) == ("notice", "open", "county")
    assert alert.title == "N1：镉超筛选值"
    assert "over_screening" in rules(alert)
    assert alert.due == date(2027, 1, 19)
    assert alert.division_path == world.towns["柏庄镇"].division.path
    judge(world, alert.campaign, LATER)
    assert Alert.objects.count() == 1
    assert alert.acts.count() == 1


def test_a_control_value_is_an_alarm_and_comes_sooner(world: Any) -> None:
    """Over 2.0 at pH 6."""
    alert = one_alert(world, 2.5)
    assert (alert.level, alert.due) == ("alarm", date(2026, 12, 5))


def test_whose_a_warning_is_by_medium(world: Any) -> None:
    """Construction land: ecology. Irrigation: agriculture with water. Farmland without a local rule: nobody yet, in words."""
    of = made.campaign(world)
    given = {
        made.point(world, "J1", planned_use="070102"): {"arsenic": 25.0},
        made.point(world, "I1", medium="irrigation", use="paddy"): {"cadmium": 0.02},
        made.point(world, "N1", use="paddy"): {"cadmium": 0.5, "ph": 6.0},
        made.point(world, "C1", medium="produce", crop="稻谷"): {"cadmium": 0.3},
    }
    made.results(world, of, given)
    judge(world, of)
    by_point = {one.point.number: one for one in Alert.objects.select_related("point")}
    assert by_point["J1"].owner == world.departments["ecology"]
    assert by_point["I1"].owner == world.departments["agriculture"]
    assert list(by_point["I1"].with_units.all()) == [world.departments["water"]]
    assert by_point["N1"].owner is None
    assert by_point["N1"].owner_basis
    assert by_point["C1"].owner is None
    assert "没有登记该部门" in by_point["C1"].owner_basis
    owed = {one.unit.function for one in Duty.objects.filter(kind=Duty.Kind.ALERT).select_related("unit")}
    assert owed == {"ecology", "agriculture"}


@pytest.mark.store
def test_within_a_recorded_background_it_is_expected(world: Any) -> None:
    """0.5 within a background up to 0.6: no warning, and the reason is written down; 0.7 is one."""
    background(world, "0.6")
    of = made.campaign(world)
    inside = made.point(world, "N1", use="paddy")
    outside = made.point(world, "N2", use="paddy", x=114.40)
    found = made.results(world, of, {inside: {"cadmium": 0.5, "ph": 6.0}, outside: {"cadmium": 0.5, "ph": 6.0}})
    judge(world, of)
    assert [one.point.number for one in Alert.objects.all()] == ["N2"]
    written = Expected.objects.get(superseded_at=None)
    assert written.result == found["N1", "cadmium"]
    assert "东山黑色页岩" in written.reasons[0]["zh"]


def test_a_unit_already_classed_is_expected_and_a_worse_class_is_not(world: Any) -> None:
    """安全利用类 for cadmium: over screening is expected, over control is an alarm."""
    unit = FarmlandUnit("柏庄 3 号单元", {"cadmium": FarmlandClass.SAFE_USE})
    with context.known_to(units=lambda point, on: unit):
        of = made.campaign(world)
        mild, grave = made.point(world, "N1", use="paddy"), made.point(world, "N2", use="paddy", x=114.4)
        made.results(world, of, {mild: {"cadmium": 0.5, "ph": 6.0}, grave: {"cadmium": 2.5, "ph": 6.0}})
        judge(world, of)
    alert = Alert.objects.get()
    assert (alert.point.number, alert.level) == ("N2", "alarm")
    assert "worse_class" in rules(alert)
    assert Expected.objects.count() == 1


def test_a_later_class_ends_what_was_expected_and_the_other_way(world: Any) -> None:
    """What was a warning stays one when a class is recorded afterwards; new results there are expected."""
    alert = one_alert(world)
    unit = FarmlandUnit("柏庄 3 号单元", {"cadmium": FarmlandClass.SAFE_USE})
    with context.known_to(units=lambda point, on: unit):
        judge(world, alert.campaign, LATER)
    alert.refresh_from_db()
    assert alert.state == "open"
    assert Expected.objects.filter(superseded_at=None).count() == 1
    judge(world, alert.campaign, LATER)
    assert Expected.objects.filter(superseded_at=None).count() == 0


def test_a_rise_is_a_warning_below_the_limit(world: Any) -> None:
    """0.2 after 0.1 is over 130 % of the last and within the limit."""
    point = made.point(world, "N1", use="paddy")
    for year, value in ((2024, 0.1), (2026, 0.2)):
        of = made.campaign(world, date(year, 5, 10))
        made.results(world, of, {point: {"cadmium": value, "ph": 6.0}})
        judge(world, of)
    alert = Alert.objects.get()
    assert rules(alert) == {"above_last"}
    assert alert.title.endswith("变化异常")


@pytest.mark.store
def test_neighbours_over_the_limit_make_a_cluster(world: Any) -> None:
    """Three points within a kilometre."""
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy", x=114.30 + n * 0.003) for n in range(3)]
    far = made.point(world, "F1", use="paddy", x=114.40)
    made.results(world, of, {one: {"cadmium": 0.5, "ph": 6.0} for one in (*points, far)})
    judge(world, of)
    levels = {one.point.number: one.level for one in Alert.objects.all()}
    assert levels == {"N0": "warning", "N1": "warning", "N2": "warning", "F1": "notice"}


def test_later_findings_join_and_raise_the_level(world: Any) -> None:
    """A second sample of the same round over the control value joins the warning and brings its day forward."""
    alert = one_alert(world)
    again = made.sample(world, alert.campaign, alert.point, date(2026, 8, 1))
    into = made.batch(world, alert.campaign)
    made.result(into, again, "cadmium", 2.5)
    made.result(into, again, "ph", 6.0)
    judge(world, alert.campaign, LATER)
    alert.refresh_from_db()
    assert (Alert.objects.count(), alert.level, alert.due) == (1, "alarm", date(2026, 12, 6))
    assert [one.kind for one in alert.acts.all()] == ["opened", "joined"]
    assert alert.results.count() == 2


def through(world: Any, alert: Alert, until: str = "closed") -> Alert:
    """A warning taken as far as asked."""
    by = world.actor("officer")
    steps = {
        "assigned": lambda: disposal.assign(alert, world.departments["agriculture"], by=by, at=AT),
        "taken": lambda: disposal.take(alert, by=world.actor("agriculture"), at=AT),
        "measured": lambda: disposal.measure(alert, "复测并停止种植", PROOF, by=world.actor("agriculture"), at=AT),
        "answered": lambda: disposal.answer(alert, "复测合格", by=world.actor("agriculture"), at=AT),
        "closed": lambda: disposal.close(alert, "同意销号", by=world.actor("officer", date(2026, 11, 21)), at=LATER),
    }
    for name, step in steps.items():
        alert = step()
        if name == until:
            break
    return alert


def test_the_life_of_a_warning(world: Any) -> None:
    """Assign, take up, measure with evidence, answer, close; every act once in the history and in the audit."""
    alert = through(world, one_alert(world))
    assert (alert.state, alert.closed_on) == ("closed", date(2026, 11, 21))
    assert [one.kind for one in alert.acts.all()] == ["opened", "assigned", "taken", "measure", "answered", "closed"]
    duty = Duty.objects.for_subject(alert).get()
    assert (duty.unit, duty.done_on) == (world.departments["agriculture"], date(2026, 11, 21))
    acts = AuditEntry.objects.filter(subject_uid=alert.uid).values_list("act", flat=True)
    assert len(acts) == 5
    assert AuditEntry.objects.get(act="monitoring.alert.opened").data["count"] == 1
    judge(world, alert.campaign, LATER)
    assert Alert.objects.count() == 1


def test_who_answered_does_not_close(world: Any) -> None:
    """An officer who answered needs a colleague."""
    alert = through(world, one_alert(world), "measured")
    alert = disposal.answer(alert, "复测合格", by=world.actor("officer"), at=AT)
    with pytest.raises(AlertRefused) as refused:
        disposal.close(alert, "同意", by=world.actor("officer"), at=AT)
    assert refused.value.code == "monitoring.alert.same_person"
    assert disposal.close(alert, "同意", by=world.actor("issuer"), at=AT).state == "closed"


def test_no_answer_without_evidence(world: Any) -> None:
    """A measure without a file does not suffice."""
    alert = through(world, one_alert(world), "taken")
    disposal.measure(alert, "复测", by=world.actor("agriculture"), at=AT)
    with pytest.raises(AlertRefused) as refused:
        disposal.answer(alert, "好了", by=world.actor("agriculture"), at=AT)
    assert refused.value.code == "monitoring.alert.no_evidence"


def test_others_keep_their_hands_off(world: Any) -> None:
    """A town that neither owns nor helps, a reader, an officer of the other district."""
    alert = through(world, one_alert(world), "assigned")
    with pytest.raises(AlertRefused) as refused:
        disposal.take(alert, by=world.actor("town"), at=AT)
    assert refused.value.code == "monitoring.alert.not_owner"
    for name in ("reader", "stranger"):
        with pytest.raises(NotAllowed):
            disposal.take(alert, by=world.actor(name), at=AT)


def test_merge_escalate_extend_return(world: Any) -> None:
    """The other acts, and what they refuse."""
    of = made.campaign(world)
    points = [made.point(world, f"N{n}", use="paddy", x=114.3 + n * 0.1) for n in range(2)]
    made.results(world, of, {one: {"cadmium": 0.5, "ph": 6.0} for one in points})
    judge(world, of)
    first, second = Alert.objects.order_by("pk")
    by = world.actor("officer")
    merged = disposal.merge(second, first, "同一污染源", by=by, at=AT)
    assert (merged.state, merged.merged_into) == ("merged", first)
    assert first.results.count() == 2
    assert disposal.escalate(first, "跨区", by=by, at=AT).tier == "city"
    assert disposal.extend(first, date(2027, 3, 1), "待复测", by=by, at=AT).due == date(2027, 3, 1)
    for refused in (
        lambda: disposal.merge(first, first, "同", by=by, at=AT),
        lambda: disposal.take(second, by=by, at=AT),
        lambda: disposal.take(first, by=by, at=AT),
        lambda: disposal.extend(first, date(2026, 1, 1), "早", by=by, at=AT),
        lambda: disposal.give_back(first, "缺", by=by, at=AT),
    ):
        with pytest.raises(AlertRefused):
            refused()
    first = through(world, first, "answered")
    assert disposal.give_back(first, "缺复测报告", by=by, at=AT).state == "working"
    judge(world, of, LATER)
    assert Alert.objects.count() == 2
