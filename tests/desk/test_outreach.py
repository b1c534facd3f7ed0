"""宣传培训: planned, held with papers, counted by another person; what measures say of it; its pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from desk.register_promises import RegisterPromises
from soildesk.core import files
from soildesk.core.models import AuditEntry
from soildesk.core.permissions import NotAllowed
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome
from soildesk.land.services.writing import place_at
from soildesk.plans.models import Activity
from soildesk.plans.refusals import ActivityRefused
from soildesk.plans.services import activities
from soildesk.plans.services.activities import Held, Paper
from soildesk.reporting.services import copies
from soildesk.reporting.services.copies import Wanted, period_named
from soilrules.activities import Act, table

pytestmark = [pytest.mark.django_db, pytest.mark.store]
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SHEET = Paper("签到表.txt", "张三 李四".encode())
Kind, Audience, State = Activity.Kind, Activity.Audience, Activity.State
D, N, C, X = Outcome.DONE, Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.NOT_APPLICABLE


def planned(world: Any, by: str = "officer", at: datetime = AT, **facts: Any) -> Activity:
    actor = world.actor(by)
    told = {
        "topic": "土壤污染防治法规培训",
        "kind": Kind.LAW,
        "audience": Audience.FIRMS,
        "planned_on": date(2026, 6, 5),
    }
    return activities.plan({**told, **facts}, place_at("", actor), by=actor, at=at)


def held(world: Any, one: Activity, by: str = "officer", at: datetime = AT, **said: Any) -> Activity:
    told = {"on": one.planned_on, "people": 42, "papers": [SHEET], **said}
    return activities.hold(one, Held(**told), by=world.actor(by), at=at)


def counted(world: Any, by: str = "issuer", at: datetime = AT, **facts: Any) -> Activity:
    return activities.count(held(world, planned(world, at=at, **facts), at=at), by=world.actor(by), at=at)


def test_an_activity_counts_once_another_person_has_looked_at_its_papers(world: Any) -> None:
    one = planned(world, by="agriculture")
    assert (one.number, one.state) == ("PX-990101-2026-00001", State.PLANNED)
    one = held(world, one, by="agriculture", told="讲解法典")
    assert (one.state, one.people, [use.name for use in files.uses_of(one)]) == (State.HELD, 42, ["签到表.txt"])
    one = activities.count(one, by=world.actor("officer"), at=AT)
    assert one.state == State.COUNTED
    acts = AuditEntry.objects.filter(subject_uid=one.uid).order_by("id").values_list("act", flat=True)
    assert list(acts) == [f"plans.activity.{name}" for name in ("planned", "held", "counted")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"papers": []}, "plans.activity.papers"),
        ({"people": 0}, "plans.activity.people"),
        ({"on": date(2026, 11, 21)}, "plans.activity.future"),
        ({"by": "agriculture"}, "plans.activity.unit"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else one,
)
def test_what_is_not_shown_is_not_held(world: Any, said: dict[str, Any], code: str) -> None:
    one = planned(world)
    with pytest.raises(ActivityRefused) as refusal:
        held(world, one, **said)
    one.refresh_from_db()
    assert (refusal.value.code, one.state) == (code, State.PLANNED)


def test_nobody_counts_what_they_wrote_down_and_only_the_office_counts(world: Any) -> None:
    one = held(world, planned(world, by="agriculture"), by="officer")
    with pytest.raises(ActivityRefused, match="另一名"):
        activities.count(one, by=world.actor("officer"), at=AT)
    with pytest.raises(NotAllowed):
        activities.count(one, by=world.actor("agriculture"), at=AT)
    with pytest.raises(NotAllowed):
        activities.cancel(one, "不办了", by=world.actor("stranger"), at=AT)


def test_the_same_activity_stands_once_until_it_is_cancelled(world: Any) -> None:
    one = planned(world)
    with pytest.raises(ActivityRefused, match="已经登记过"):
        planned(world)
    with pytest.raises(ActivityRefused, match="原因"):
        activities.cancel(one, " ", by=world.actor("officer"), at=AT)
    activities.cancel(one, "改期", by=world.actor("officer"), at=AT)
    assert planned(world).state == State.PLANNED
    with pytest.raises(ActivityRefused, match="主题"):
        planned(world, topic=" ")


def test_no_sequence_of_acts_counts_what_was_not_held_or_brings_back_what_was_cancelled(world: Any) -> None:
    do = {
        Act.HOLD: lambda one: held(world, one),
        Act.COUNT: lambda one: activities.count(one, by=world.actor("issuer"), at=AT),
        Act.CANCEL: lambda one: activities.cancel(one, "不办了", by=world.actor("officer"), at=AT),
    }
    for number, acts in enumerate(product(Act, repeat=3)):
        one = planned(world, topic=f"第{number}次")
        for act in acts:
            before = Activity.objects.get(pk=one.pk)
            possible = before.state in table()[act].from_states
            try:
                with transaction.atomic():
                    do[act](one)
                assert possible
            except ActivityRefused:
                assert not possible
            now = Activity.objects.get(pk=one.pk)
            assert (now.state == State.COUNTED) <= (now.held_by_id != now.counted_by_id and files.uses_of(now).exists())
            assert (before.state in (State.CANCELLED, State.COUNTED)) <= (now.state == before.state)


def task(world: Any, **said: Any) -> Any:
    plan = SimpleNamespace(
        division=world.district,
        year=2026,
        period_start=None,
        period_end=None,
        doc_number="青环委办〔2026〕4号",
        title="方案",
    )
    return SimpleNamespace(plan=plan, number="44", **said)


def ask(world: Any, name: str, on: date = DAY, known_on: date | None = None, **said: Any) -> MeasureResult:
    return measures.get(f"outreach.{name}").run(world.actor("officer"), task(world, **said), on, known_on or on)


def test_an_empty_register_proves_nothing_and_another_kind_proves_nothing_either(world: Any) -> None:
    names = [one.removeprefix("outreach.") for one in measures.measures() if one.startswith("outreach.")]
    assert len(names) == 7
    assert {ask(world, name).outcome for name in names} == {C}
    counted(world)
    said = {name: ask(world, name).outcome for name in names}
    assert {name for name, outcome in said.items() if outcome is D} == {"law_trained", "firms_told", "as_planned"}
    assert said["enforcement_trained"] is C


def test_planned_held_and_counted_are_told_apart_as_of_the_day_and_as_known(world: Any) -> None:
    later = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
    one = planned(world, at=datetime(2026, 5, 1, 2, 0, tzinfo=UTC))
    assert ask(world, "law_trained").outcome is N
    one = held(world, one, at=datetime(2026, 6, 8, 2, 0, tzinfo=UTC))
    waiting = ask(world, "law_trained")
    assert (waiting.outcome, waiting.numerator, waiting.rows[0].counts) == (N, 0, False)
    assert "待认定" in waiting.rows[0].note
    activities.count(one, by=world.actor("issuer"), at=later)
    done = ask(world, "law_trained")
    assert (done.outcome, done.numerator, done.rows[0].counts) == (D, 1, True)
    assert "42 人" in str(done.reason)
    assert ask(world, "law_trained", known_on=date(2026, 11, 9)).outcome is N  # nobody had counted it yet
    assert ask(world, "law_trained", on=date(2026, 6, 4), known_on=DAY).outcome is N  # it had not taken place
    assert ask(world, "law_trained", on=date(2026, 6, 5), known_on=DAY).outcome is D
    assert ask(world, "law_trained", on=DAY, known_on=date(2026, 4, 30)).outcome is C


def test_cancelled_rows_stay_beside_the_answer_and_never_count(world: Any) -> None:
    one = planned(world)
    activities.cancel(one, "疫情", by=world.actor("officer"), at=AT)
    said = ask(world, "law_trained")
    assert (said.outcome, said.numerator, said.rows[0].note) == (N, 0, "已取消：疫情")
    assert ask(world, "as_planned").outcome is X


@pytest.mark.parametrize(
    ("comparator", "number", "unit", "expected"),
    [(">=", "1", "次", D), (">=", "2", "次", N), (">=", "1", "%", C), ("text", "1", "次", C)],
)
def test_an_indicator_asks_for_as_many_as_its_target_says(
    world: Any, comparator: str, number: str, unit: str, expected: Outcome
) -> None:
    counted(world)
    target = {
        "comparator": comparator,
        "target_number": Decimal(number),
        "unit": unit,
        "alternative": "",
        "not_applicable": False,
    }
    assert ask(world, "law_trained", **target).outcome is expected


def test_what_is_planned_for_later_is_not_late(world: Any) -> None:
    planned(world, planned_on=date(2026, 12, 4))
    assert ask(world, "as_planned").outcome is X
    planned(world, topic="公众开放日", planned_on=DAY)
    said = ask(world, "as_planned")
    assert (said.outcome, said.numerator, said.denominator) == (N, 0, 1)


def browser(world: Any, who: str) -> Client:
    return world.browser(who)


def test_the_way_goes_through_its_pages(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    one = planned(world, by="agriculture")
    page = f"/kit/r/activities/{one.uid}"
    unit, office = browser(world, "agriculture"), browser(world, "officer")
    assert "登记开展情况" in unit.get(page).content.decode()
    said = {"on": "2026-06-05", "people": "36", "venue": "区会议中心", "told": ""}
    refused = unit.post(f"/plans/activities/{one.uid}/hold/", said)
    assert (refused.status_code, files.uses_of(one).exists()) == (422, False)
    paper = SimpleUploadedFile("签到表.txt", b"36")
    done = unit.post(f"/plans/activities/{one.uid}/hold/", {**said, "files": [paper]}, follow=True)
    assert "待另一人认定" in done.content.decode()
    assert "区会议中心" in done.content.decode()
    assert unit.get(f"/plans/activities/{one.uid}/count/").status_code == 403
    assert "已认定，计入方案任务" in office.post(f"/plans/activities/{one.uid}/count/", follow=True).content.decode()
    assert office.post(f"/plans/activities/{one.uid}/cancel/", {"why": "误登"}).status_code == 422
    assert browser(world, "stranger").get(f"/plans/activities/{one.uid}/hold/").status_code == 404


def test_the_annual_report_has_what_was_counted_and_the_same_rows(world: Any) -> None:
    one, _other = counted(world), held(world, planned(world, topic="公众开放日"))
    officer = world.actor("officer")
    place, period = world.district, period_named("2026")
    told = copies.preview(Wanted("annual", place, period, None, None), by=officer)
    assert told["figures"]["outreach.firms_told"]["value"] == "1"
    rows = told["tables"]["outreach.counted_rows"]["rows"]
    assert [row["values"]["topic"] for row in rows] == [one.topic]


class TestActivities(RegisterPromises):
    collection = "activities"
    half_blind = "auditor"

    def addresses(self, keys: Sequence[str]) -> Any:
        """Rows are no versions of things: no history of versions, and nothing is edited."""
        return (url for url in super().addresses(keys) if not url.endswith(("/history", "/edit")))

    def fill(self, world: Any) -> Sequence[str]:
        return [str(counted(world).uid), str(planned(world, topic="公众开放日", kind=Kind.PUBLICITY).uid)]

    def more(self, world: Any, count: int) -> None:
        for number in range(count):
            planned(world, topic=f"第{number}期培训班 {Activity.objects.count()}")
