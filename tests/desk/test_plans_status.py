"""What is reported of a task beside what the records say: one answer a task, the same for one and for many."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from desk import ledger_world
from soildesk.kit import measures
from soildesk.kit.measures import MeasureResult, Outcome, Reason
from soildesk.plans.models import Assignment, PlanTask
from soildesk.plans.queries.checked import Pass
from soildesk.plans.queries.proposed import Earlier, fitting, proposals
from soildesk.plans.queries.statuses import as_json, statuses
from soildesk.plans.services import binding, documents, intake, publishing, review, work
from soildesk.plans.services.drafts import read_pasted

DAY = date(2026, 11, 20)
KEYS = {"plan", "task", "reported", "kind", "measure", "outcome", "rows"}


@pytest.fixture
def live(world):
    return ledger_world.published(world)


def status_of(world, plan, number: str, on: date = DAY, known_on: date | None = None):
    found = statuses(world.actor("officer"), on, known_on or max(on, DAY), plan)
    return next(one for one in found if one.task.number == number)


def test_a_task_nobody_bound_cannot_be_said(world, live):
    told = as_json(status_of(world, live, "（一）"))
    assert told.keys() >= KEYS
    assert (told["kind"], told["measure"], told["outcome"], told["rows"]) == ("none", None, "cannot_say", [])


def test_what_units_say_is_contradicted_by_the_rows_that_do_not_count(world, live):
    officer, row = world.actor("officer"), ledger_world.task(live, "（一）")
    documents.ask(row, "会议纪要", by=officer, at=ledger_world.MARCH)
    for one in Assignment.objects.filter(task=row):
        work.report(one, work.Report("已办", claims_done=True, done_on=DAY), by=officer, at=world.at)
    found = status_of(world, live, "（一）")
    assert (found.standing.state, found.checked.outcome, found.disagrees) == ("done", Outcome.NOT_DONE, True)
    assert [proof.name for proof in found.against] == ["会议纪要"]
    told = as_json(found)
    assert (told["kind"], told["measure"]) == ("evidence", "plans.documents_checked")
    assert told["rows"] == [
        {"register": "plans.askeddocument", "id": str(row.asked_documents.get().uid), "counts": False}
    ]


def test_documents_nobody_was_asked_for_prove_nothing(world, live):
    """A plan of another place, taken in as history, was handed to no unit here: its missing papers accuse nobody."""
    officer, row = world.actor("officer"), ledger_world.task(live, "（一）")
    documents.ask(row, "会议纪要", by=officer, at=ledger_world.MARCH)
    assert status_of(world, live, "（一）").checked.outcome is Outcome.NOT_DONE
    Assignment.objects.filter(task=row).update(state=Assignment.State.WITHDRAWN)
    found = status_of(world, live, "（一）")
    assert (found.checked.outcome, len(found.checked.deciding.result.rows)) == (Outcome.CANNOT_SAY, 1)
    assert "没有分办到单位" in as_json(found)["reason"]


def test_registers_lead_before_documents_and_one_not_done_decides(world, live):
    officer, row = world.actor("officer"), ledger_world.task(live, "（一）")
    documents.ask(row, "会议纪要", by=officer, at=ledger_world.MARCH)
    binding.bind(row, "plans.ledger_complete", by=officer, at=world.at)
    found = status_of(world, live, "（一）").checked
    assert (found.kind, found.leading.measure.id) == ("computed", "plans.ledger_complete")
    assert found.outcome is Outcome.NOT_DONE, "the document is missing"
    told = as_json(status_of(world, live, "（一）"))
    assert (told["decided_by"], told["reason"]) == ("plans.documents_checked", "1 份材料中，0 份已报并核对通过。")


@pytest.mark.parametrize(
    ("stage", "closed", "on", "asked"),
    [
        ("published", None, date(2026, 12, 31), date(2026, 12, 31)),
        ("published", None, date(2027, 1, 20), date(2027, 1, 20)),
        ("closed", None, date(2026, 12, 31), date(2026, 12, 31)),
        ("closed", None, date(2029, 6, 1), date(2026, 12, 31)),
        ("closed", date(2027, 2, 10), date(2027, 1, 20), date(2027, 1, 20)),
        ("closed", date(2027, 2, 10), date(2029, 6, 1), date(2027, 2, 10)),
        ("closed", date(2026, 10, 1), date(2029, 6, 1), date(2026, 12, 31)),
        ("superseded", None, date(2029, 6, 1), date(2026, 12, 31)),
    ],
)
def test_registers_are_asked_about_a_day_of_the_plan_and_say_which(world, live, stage, closed, on, asked, monkeypatch):
    """What a place looks like years later says nothing of a plan that has ended; what is done late while its office still
    works on it is done. What was told of the task itself always counts.
    """

    def run(actor, subject, day, known_on):
        return MeasureResult(Outcome.DONE, Reason("x"), day, 1, 1)

    monkeypatch.setitem(measures._measures, "rooms.state", measures.Measure("rooms.state", "x", (), run))
    officer, row, other = (
        world.actor("officer"), ledger_world.task(live, "（一）"), ledger_world.task(live, "（二）"),
    )  # fmt: skip
    binding.bind(row, "rooms.state", by=officer, at=world.at)
    binding.bind(other, "plans.units_answered", by=officer, at=world.at)
    at = closed and datetime(closed.year, closed.month, closed.day, 4, tzinfo=UTC)
    type(live).objects.filter(pk=live.pk).update(stage=stage, closed_at=at)
    assert as_json(status_of(world, live, "（一）", on))["as_of"] == asked.isoformat()
    assert as_json(status_of(world, live, "（二）", on))["as_of"] == on.isoformat()
    assert as_json(status_of(world, live, "（三）", on))["as_of"] is None
    before = as_json(status_of(world, live, "（一）", date(2025, 12, 31)))
    assert (before["outcome"], before["rows"]) == ("cannot_say", []) and "2026-01-01" in before["reason"]


def test_a_task_is_checked_by_what_was_bound_on_the_day_of_knowledge(world, live, monkeypatch):
    def run(actor, subject, day, known_on):
        return MeasureResult(Outcome.DONE, Reason("x"), day, 1, 1)

    for name in ("rooms.first", "rooms.second"):
        monkeypatch.setitem(measures._measures, name, measures.Measure(name, name, (), run))
    officer, row = world.actor("officer"), ledger_world.task(live, "（一）")

    def at(day: int, hour: int = 4) -> datetime:
        return datetime(2026, 11, day, hour, tzinfo=UTC)

    def known(day: int) -> tuple[list[str], str]:
        found = status_of(world, live, "（一）", known_on=date(2026, 11, day)).checked
        return [one.binding.measure for one in found.judged], found.nothing.reason if found.nothing else ""

    binding.bind_nothing(row, "没有这样的台账", by=officer, at=at(3))
    first = binding.bind(row, "rooms.first", by=officer, at=at(5, 15))  # 23:00 in Beijing: still the 5th
    binding.bind(row, "rooms.second", by=officer, at=at(7, 16))  # midnight in Beijing: the 8th
    binding.unbind(first, by=officer, at=at(10))
    assert [known(day) for day in (2, 3, 4, 5, 7, 8, 9, 10, 20)] == [
        ([], ""), ([], "没有这样的台账"), ([], "没有这样的台账"), (["rooms.first"], ""), (["rooms.first"], ""),
        (["rooms.first", "rooms.second"], ""), (["rooms.first", "rooms.second"], ""), (["rooms.second"], ""),
        (["rooms.second"], ""),
    ]  # fmt: skip


def test_measures_that_answer_for_many_say_the_same_of_each(world, live):
    officer = world.actor("officer")
    tasks = list(PlanTask.objects.filter(plan=live).select_related("plan__division"))
    documents.ask(tasks[0], "会议纪要", by=officer, at=ledger_world.MARCH, each_unit=True)
    work.report(tasks[1].assignments.first(), work.Report("进行中"), by=officer, at=world.at)
    many = [one for one in measures.measures().values() if one.run_many]
    assert len(many) >= 5
    for measure in many:
        together = measure.run_many(officer, tasks, DAY, DAY)
        assert together == {task.pk: measure.run(officer, task, DAY, DAY) for task in tasks}, measure.id


def test_a_pass_over_many_tasks_costs_the_same_queries_for_ten_times_the_tasks(
    world, live, django_assert_max_num_queries
):
    officer = world.actor("officer")
    tasks = list(PlanTask.objects.filter(plan=live).select_related("plan__division"))
    for task in tasks:
        for name in ("plans.units_answered", "plans.reports_on_time"):
            binding.bind(task, name, by=officer, at=world.at)
    with django_assert_max_num_queries(8):
        assert len(list(Pass(officer, DAY, DAY).of_tasks(tasks))) == 4


def test_a_new_plan_is_proposed_what_an_earlier_one_settled_for_a_task_like_it(world, live):
    officer = world.actor("officer")
    earlier = ledger_world.task(live, "（二）")
    documents.ask(earlier, "验收意见", by=officer, at=ledger_world.MARCH)
    binding.bind_nothing(
        ledger_world.task(live, "（三）"), "没有这类登记", by=officer, at=world.at, register="经费台账"
    )
    text = ledger_world.TEXT.replace("2026", "2027").replace("4号", "9号")
    place = intake.Place(world.district, world.departments["ecology"])
    other = intake.import_plan(
        read_pasted(text), intake.Source.of(text.encode(), "明年.txt"), place, by=officer, at=world.at
    )
    review.accept_confident(other, by=officer, at=world.at, everything=True)
    publishing.publish(other, by=world.actor("issuer"), at=world.at)
    known = Earlier(other, officer)
    first = proposals(ledger_world.task(other, "（二）"), known)[0]
    assert (first.measure.id, list(first.documents)) == ("plans.documents_checked", ["验收意见"])
    assert "相近" in first.why
    other_thing = PlanTask(text=f"{earlier.text[: len(earlier.text) // 2]}，另外组织人员赴外地学习考察交流经验")
    spoken = {measure for measure, _why in fitting(other_thing)}
    assert not known.of(other_thing, spoken), (
        "half alike is not alike enough for papers, or for a measure it does not speak of"
    )
    nothing = proposals(ledger_world.task(other, "（三）"), known)[0]
    assert (nothing.measure, nothing.reason, nothing.register) == (None, "没有这类登记", "经费台账")
