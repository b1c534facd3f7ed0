"""A task a new edition prints in other words goes on where a person says it is the same, and begins anew where not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk import ledger_world
from desk.rounds_world import Rounds
from desk.supervision_world import Supervised
from desk.test_plans_editions import JUNE, MARCH, NOVEMBER, TEXT, decided, read, task  # noqa: F401
from soildesk.core import files
from soildesk.core.models import Duty
from soildesk.plans.models import Plan, PlanTask, TaskEvent
from soildesk.plans.queries.states import standings
from soildesk.plans.refusals import SuccessorsUnsaid, WrongState, WrongValue
from soildesk.plans.services import publishing, review, succession, work
from soildesk.supervision.models import Slip
from soilrules.deadlines.tasks import TaskState

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 12)
REWORDED = TEXT.replace("建立隐患排查台账", "健全隐患排查台账")
MOVED = TEXT.replace("10月底前完成隐患排查", "12月20日前完成隐患排查")


def state(row: PlanTask, day: date = date(2026, 11, 20)) -> TaskState:
    return standings([row.pk], day)[row.pk].state


def go_out(world: Any, edition: Plan) -> Plan:
    review.accept_confident(edition, everything=True, by=world.actor("officer"), at=NOVEMBER)
    return publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)


def confirm(world: Any, edition: Plan, number: str, old: PlanTask) -> PlanTask:
    return succession.confirm(task(edition, number), old, by=world.actor("officer"), at=NOVEMBER)


def test_changed_tasks_are_proposed_and_unchanged_ones_are_not(world: Any, decided: Plan) -> None:  # noqa: F811
    edition = read(world, REWORDED, NOVEMBER)
    (asked,) = succession.proposals(edition, DAY)
    assert (asked.task.number, asked.old, asked.said, asked.late) == ("（一）", task(decided, "（一）"), "", True)
    assert succession.proposals(read(world, TEXT, NOVEMBER, as_edition=True), DAY) == []


def test_what_was_done_and_owed_goes_along_when_a_person_says_so(world: Any, decided: Plan) -> None:  # noqa: F811
    officer = {"by": world.actor("officer"), "at": JUNE}
    old = task(decided, "（一）")
    before = ledger_world.at_unit(decided, "（一）", world.departments["ecology"])
    work.receive(before, **officer)
    work.report(before, work.Report("已排查半数企业"), attachments=[("台账.txt", "台账".encode())], **officer)
    made = Supervised(world)
    made.run(date(2026, 11, 6))
    slips = set(Slip.objects.filter(duty__in=Duty.objects.for_subject(old)).values_list("number", flat=True))
    edition = read(world, REWORDED, NOVEMBER)
    new = confirm(world, edition, "（一）", old)
    assert new.status == PlanTask.Status.ACCEPTED and new.accepted_at == NOVEMBER, "the person saw the words now"
    go_out(world, edition)
    after = ledger_world.at_unit(edition, "（一）", world.departments["ecology"])
    assert (after.received_at, [entry.text for entry in after.entries.all()]) == (JUNE, ["已排查半数企业"])
    assert [use.name for use in files.uses_of(new)] == ["台账.txt"]
    carried = new.bindings.get(superseded_at=None)
    assert (carried.measure, carried.recorded_at) == (old.bindings.get().measure, old.bindings.get().recorded_at)
    assert state(new) is TaskState.OVERDUE
    duty = Duty.objects.for_subject(new).get()
    assert duty in Duty.objects.late_on(date(2026, 11, 1)), "late on the days before too"
    assert not Duty.objects.for_subject(old).late_on(date(2026, 11, 1)).exists(), "and once"
    made.run(DAY)
    assert slips and slips <= set(Slip.objects.filter(duty=duty).values_list("number", flat=True))
    publishing.fan_out_again(edition, [new.pk], by=world.actor("issuer"), day=date(2026, 11, 13))
    assert state(new) is TaskState.OVERDUE, "nor is it fresh after a later decision"


def test_an_overdue_task_is_not_fresh_without_anybody_saying_so(world: Any, decided: Plan) -> None:  # noqa: F811
    edition = read(world, REWORDED, NOVEMBER)
    with pytest.raises(SuccessorsUnsaid, match="（一）"):
        go_out(world, edition)
    edition.refresh_from_db()
    assert edition.stage == Plan.Stage.REVIEW
    confirm(world, edition, "（一）", task(decided, "（一）"))
    succession.deny(task(edition, "（一）"), by=world.actor("officer"), at=NOVEMBER)
    (asked,) = succession.proposals(edition, DAY)
    assert asked.said == succession.DENIED, "the last word counts"
    go_out(world, edition)
    assert Duty.objects.for_subject(task(edition, "（一）")).get().live_from == DAY


def test_a_term_the_same_body_prints_otherwise_is_moved_and_says_that_it_was_late(world: Any, decided: Plan) -> None:  # noqa: F811
    old, edition = task(decided, "（一）"), read(world, MOVED, NOVEMBER)
    new = confirm(world, edition, "（一）", old)
    go_out(world, edition)
    assert state(new) is not TaskState.OVERDUE
    duty = Duty.objects.for_subject(new).get()
    assert (duty.due, duty.live_from) == (date(2026, 12, 20), DAY)
    assert Duty.objects.for_subject(old).late_on(date(2026, 11, 11)).exists(), "it was late until the paper came"
    assert not Duty.objects.for_subject(old).late_on(DAY).exists()
    told = TaskEvent.objects.get(task=new, kind="term_moved").data
    assert (told["from"], told["to"], told["late"]) == ("2026-10-31", "2026-12-20", True)
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("plans:task", args=[new.uid])).content.decode()
    assert "原定 2026-10-31" in page and "改定时已逾期" in page


def test_another_body_does_not_move_the_term(world: Any, decided: Plan) -> None:  # noqa: F811
    Plan.objects.filter(pk=decided.pk).update(issuer="云泽市生态环境局")
    edition = read(world, MOVED, NOVEMBER)
    Plan.objects.filter(pk=edition.pk).update(issuer="青禾区农业农村局")
    edition.refresh_from_db()
    new = confirm(world, edition, "（一）", task(decided, "（一）"))
    go_out(world, edition)
    assert Duty.objects.for_subject(new).get().due == date(2026, 10, 31)
    assert state(new) is TaskState.OVERDUE
    assert TaskEvent.objects.get(task=new, kind="term_kept").data["to"] == "2026-12-20"
    publishing.fan_out_again(edition, [new.pk], by=world.actor("issuer"), day=date(2026, 11, 13))
    assert Duty.objects.for_subject(new).get().due == date(2026, 10, 31)


def test_a_unit_the_new_paper_names_no_more_is_released_and_the_new_one_is_late(world: Any, decided: Plan) -> None:  # noqa: F811
    old = task(decided, "（一）")
    edition = read(
        world, TEXT.replace("（区生态环境局牵头，区科工信局配合）", "（区农业农村局牵头，区科工信局配合）"), NOVEMBER
    )
    new = confirm(world, edition, "（一）", old)
    go_out(world, edition)
    states = {row.department: row.state for row in new.assignments.all()}
    ecology, agriculture = world.departments["ecology"], world.departments["agriculture"]
    assert (states[ecology], states[agriculture]) == ("withdrawn", "sent")
    (duty,) = Duty.objects.for_subject(new)
    assert duty.unit == agriculture and duty.live_from == DAY
    assert state(new) is TaskState.OVERDUE, "the term was missed, whoever has it now"


def test_one_task_has_one_successor_and_only_of_the_edition_in_force(world: Any, decided: Plan) -> None:  # noqa: F811
    edition = read(world, REWORDED.replace("2月底前完成点位核实", "5月底前完成点位核实"), NOVEMBER)
    officer = {"by": world.actor("officer"), "at": NOVEMBER}
    confirm(world, edition, "（一）", task(decided, "（一）"))
    with pytest.raises(WrongState, match="一项只能由一项承接"):
        succession.confirm(task(edition, "（二）"), task(decided, "（一）"), **officer)
    with pytest.raises(WrongValue, match="不是上一版"):
        succession.confirm(task(edition, "（二）"), task(edition, "（一）"), **officer)
    with pytest.raises(WrongState, match="文字相同"):
        succession.deny(task(edition, "四"), **officer)


def test_the_page_asks_and_one_act_answers_all(world: Any, decided: Plan, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr("soildesk.core.clock.now", lambda: NOVEMBER)
    edition = read(world, REWORDED, NOVEMBER)
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    where = reverse("plans:changes", args=[edition.uid])
    page = client.get(where).content.decode()
    assert "是同一项，沿用并采纳" in page and "说明后才能发布" in page
    assert "还没有说明是不是同一项" in client.get(reverse("plans:publish", args=[edition.uid])).content.decode()
    client.post(reverse("plans:same_task", args=[task(edition, "（一）").uid]))
    assert "其实是上一版的" in client.get(where).content.decode(), "a no can be taken back by naming the task"
    client.post(reverse("plans:same_task", args=[task(edition, "（一）").uid]), {"old": task(decided, "（一）").uid})
    assert "已确认是同一项" in client.get(where).content.decode()
    other = read(world, REWORDED.replace("12日", "13日"), NOVEMBER)
    page = client.post(reverse("plans:all_same", args=[other.uid]), follow=True).content.decode()
    assert "承接上一版，并已采纳" in page and not succession.waiting(succession.proposals(other, DAY))


def test_an_edition_in_force_still_shows_what_it_changed(world: Any, decided: Plan) -> None:  # noqa: F811
    edition = read(world, REWORDED, NOVEMBER)
    confirm(world, edition, "（一）", task(decided, "（一）"))
    go_out(world, edition)
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    where = reverse("plans:changes", args=[edition.uid])
    assert f'href="{where}"' in client.get(reverse("plans:overview", args=[edition.uid])).content.decode()
    assert "健全" in client.get(where).content.decode()
    assert f'href="{where}"' not in client.get(reverse("plans:overview", args=[decided.uid])).content.decode()


def test_an_open_round_asks_about_the_new_edition(world: Any) -> None:
    made = Rounds(world)
    one = made.open()
    made.sign(one, "agriculture")
    signed = made.sheet(one, "agriculture")
    waiting = made.sheet(one, "officer")
    uid = next(each["uid"] for each in waiting.records["tasks"] if each["unbound"])
    waiting.words = {"problems": "缺经费", "tasks": {uid: {"word": "在办", "figure": ""}}}
    waiting.save()
    edition = read(world, ledger_world.TEXT + "\n", NOVEMBER, as_edition=True)
    review.accept_confident(edition, everything=True, by=world.actor("officer"), at=NOVEMBER)
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    assert list(one.plans.all()) == [edition]
    fresh, names = made.sheet(one, "officer"), {str(row.uid): row for row in edition.tasks.all()}
    assert {each["uid"] for each in fresh.records["tasks"]} <= set(names)
    old = made.plan.tasks.get(uid=uid)
    assert {names[key].number: told["word"] for key, told in fresh.words["tasks"].items()} == {old.number: "在办"}
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("kit:record", args=["dispatch_rounds", one.uid])).content.decode()
    assert "方案已有新版" in page and str(signed.unit) in page
    assert made.sheet(one, "agriculture").signings.get().snapshot["records"]["tasks"], "what was signed stays"


def test_a_revised_title_under_a_new_number_is_an_edition(world: Any, decided: Plan) -> None:  # noqa: F811
    text = TEXT.replace("青环委办〔2026〕4号", "青环委办〔2026〕19号")
    text = text.replace("青禾区2026年土壤污染防治工作方案", "青禾区2026年土壤污染防治工作方案（修订）")
    edition = read(world, text, NOVEMBER)
    assert edition.edition_of == decided and "修订" in edition.title
    other = read(world, text.replace("土壤污染防治工作方案（修订）", "土壤污染防治工作方案（征求意见稿）"), NOVEMBER)
    assert other.edition_of != decided


def test_terms_that_print_their_year_are_the_same_in_a_paper_of_a_later_year(world: Any) -> None:
    text = ledger_world.TEXT.replace("青禾区2026年土壤污染防治工作方案", "青禾区2026—2027年土壤污染防治工作方案")
    text = text.replace("10月底前", "2027年10月底前").replace("2月底前", "2027年2月底前")
    first = read(world, text, MARCH)
    review.accept_confident(first, everything=True, by=world.actor("officer"), at=MARCH)
    publishing.publish(first, by=world.actor("issuer"), at=MARCH)
    later = text.replace("〔2026〕4号", "〔2027〕2号").replace("2026年3月12日", "2027年1月12日")
    edition = read(world, later, NOVEMBER)
    assert (edition.edition_of, edition.year == first.year) == (first, False)
    numbers = set(edition.tasks.filter(status=PlanTask.Status.ACCEPTED).values_list("number", flat=True))
    assert {"（一）", "（二）"} <= numbers
