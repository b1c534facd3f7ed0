"""Rounds of 调度: opened once, filled from records, signed by the unit, sent back by the office, closed with what is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from desk.rounds_world import DUE, ON, OPENED, Rounds, morning
from desk.supervision_world import Supervised
from soildesk.core.duties import state_of
from soildesk.core.models import AuditEntry, Duty, Message, Person
from soildesk.core.models.scoped import new_uid
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Plan
from soildesk.plans.services import work
from soildesk.supervision.models import DispatchRound, DispatchSheet, Signing, Slip
from soildesk.supervision.queries import ranking
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.about import addresses
from soildesk.supervision.queries.sheets import digest_of, tasks_in
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import matters, rounds, sheets
from soildesk.supervision.services.sheetwords import Words
from soilrules.deadlines import State

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made(world: Any) -> Rounds:
    return Rounds(world)


@pytest.fixture
def one(made: Rounds) -> DispatchRound:
    return made.open()


def refused(code: str, act: Callable[[], object]) -> str:
    before = AuditEntry.objects.count()
    with pytest.raises(SupervisionRefused) as found:
        act()
    assert found.value.code == code
    assert AuditEntry.objects.count() == before
    return str(found.value)


def duty_of(sheet: DispatchSheet) -> Duty:
    return Duty.objects.for_subject(sheet).get()


def test_one_act_opens_a_sheet_a_duty_and_a_message_for_every_unit(made: Rounds, one: DispatchRound) -> None:
    units = set(made.plan.tasks.values_list("assignments__department", flat=True)) - {None}
    assert set(one.sheets.values_list("unit", flat=True)) == units
    assert one.number.startswith("DD-990101-2026-")
    for sheet in one.sheets.all():
        duty = duty_of(sheet)
        assert (duty.kind, duty.due, duty.unit_id) == (Duty.Kind.SHEET, DUE, sheet.unit_id)
        assert state_of(duty, OPENED) is State.DUE_SOON
    message = Message.objects.get(person__username="agriculture")
    assert "2026年第四季度调度已发起" in message.text and str(made.sheet(one, "agriculture").uid) in message.link
    assert AuditEntry.objects.filter(act="supervision.round.opened").count() == 1


def test_the_same_round_is_not_opened_twice(made: Rounds, one: DispatchRound) -> None:
    assert one.number in refused("supervision.round.twice", made.open)
    later = made.asked(ON + DAY, DUE + DAY)
    refused("supervision.round.twice", lambda: made.open(later, day=OPENED + DAY))
    assert made.open(made.asked(rhythm="month")).period == "2026-11", "another period is another round"
    other = Plan.objects.get(pk=made.plan.pk)
    other.pk, other.uid, other.title, other._state.adding = None, new_uid(), "另一方案", True
    other.save()
    both = made.asked(plans=[str(made.plan.uid), str(other.uid)])
    told = refused("supervision.round.twice", lambda: made.open(both))
    assert made.plan.title in told and "另一方案" not in told, "a plan within another set is asked once too"
    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchRound.objects.create(
            division=one.division, division_path=one.division_path, owner_department=one.owner_department, number="x",
            period=one.period, first=one.first, last=one.last, plan_set=one.plan_set, on=ON, due=DUE, opened_on=OPENED,
            opened_at=one.opened_at,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("day", {"day": OPENED + DAY}),
        ("day", {"due": OPENED - DAY}),
        ("day", {"due": OPENED + 184 * DAY}),
        ("plans", {"plans": []}),
        ("plans", {"plans": ["0190c0de-0000-7000-8000-000000000000"]}),
        ("items", {"items": ("handsomeness",)}),
    ],
)
def test_what_cannot_be_asked_is_refused(made: Rounds, code: str, said: dict[str, Any]) -> None:
    refused(f"supervision.round.{code}", lambda: made.open(made.asked(**said)))
    assert not DispatchRound.objects.exists()


def test_the_first_and_the_last_day_may_be_asked(made: Rounds) -> None:
    assert made.open(made.asked(OPENED, OPENED)).due == OPENED


def test_only_the_office_opens_sends_back_and_closes(made: Rounds, one: DispatchRound) -> None:
    for who in ("agriculture", "reader", "stranger"):
        with pytest.raises(NotAllowed):
            made.open(who=who)
        with pytest.raises(NotAllowed):
            rounds.close_round(one, "x", by=made.by(who, DUE), at=morning(DUE))
        with pytest.raises(NotAllowed):
            sheets.send_back(made.sheet(one, "agriculture"), "x", by=made.by(who, DUE), at=morning(DUE))


def test_a_unit_fills_its_own_and_nobody_elses(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "finance")
    for who in ("agriculture", "officer"):
        with pytest.raises((SupervisionRefused, NotAllowed)):
            sheets.sign(sheet, made.words(sheet), by=made.by(who, OPENED), at=morning(OPENED))
    with pytest.raises(NotAllowed):
        sheets.save(sheet, Words(), by=made.by("reader", OPENED), at=morning(OPENED))
    assert "代填" in refused(
        "supervision.sheet.unit", lambda: sheets.save(sheet, Words(), by=made.by("officer", OPENED), at=morning(OPENED))
    )
    Person.objects.filter(department=sheet.unit).update(is_active=False)
    signing = sheets.sign(sheet, made.words(sheet), by=made.by("officer", OPENED), at=morning(OPENED))
    assert signing.on_behalf, "for a unit nobody can sign in for, the office does, and it is said"


def test_a_sheet_tells_what_was_said_and_what_the_records_say(made: Rounds) -> None:
    assignment = made.plan.tasks.get(number="（一）").assignments.order_by("pk").first()
    unit = assignment.department
    who = next(name for name, one in made.world.people.items() if one.department == unit and name != "admin")
    early = ON - 3 * DAY
    report = work.Report(text="已完成采样布点。", claims_done=False)
    work.report(assignment, report, by=made.by(who, early), at=morning(early))
    later = work.Report(text="采样全部完成。", claims_done=False)
    work.report(assignment, later, by=made.by(who, OPENED), at=morning(OPENED))
    one = made.open()
    (task,) = [t for t in one.sheets.get(unit=unit).records["tasks"] if t["uid"] == str(assignment.task.uid)]
    assert task["said"] == {"text": "已完成采样布点。", "on": early.isoformat()}, "as of the day of the round"
    assert task["handling"] == "under_way" and task["told_in_period"]
    assert task["outcome"] == "cannot_say" and task["unbound"]


def test_what_only_the_unit_knows_must_be_said(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "agriculture")
    by, at = made.by("agriculture", OPENED), morning(OPENED)
    whole = made.words(sheet)
    assert "需协调事项" in refused(
        "supervision.sheet.word",
        lambda: sheets.sign(sheet, Words({"problems": "无", "following": "采样"}), by=by, at=at),
    )
    assert whole.tasks, "the small plan has tasks no record tells of"
    assert "各写一句" in refused("supervision.sheet.word", lambda: sheets.sign(sheet, Words(whole.free), by=by, at=at))
    too_long = replace(whole, free={**whole.free, "help": "长" * 1001})
    refused("supervision.sheet.word", lambda: sheets.sign(sheet, too_long, by=by, at=at))
    sheets.save(sheet, Words({"help": "请市局协调"}, {"nobody": {"word": "x"}}), by=by, at=at)
    sheet.refresh_from_db()
    assert sheet.words["help"] == "请市局协调" and sheet.words["tasks"] == {}
    assert sheet.state == "open", "a draft is no sheet"
    assert duty_of(sheet).done_on is None


def test_what_was_signed_is_fixed_and_the_duty_is_done(made: Rounds, one: DispatchRound) -> None:
    signing = made.sign(one, "agriculture", DUE)
    sheet = made.sheet(one, "agriculture")
    assert sheet.state == "signed" and state_of(duty_of(sheet), DUE + DAY) is State.DONE
    assert signing.digest == digest_of(signing.snapshot)
    by, at = made.by("agriculture", DUE), morning(DUE)
    refused("supervision.sheet.state", lambda: sheets.sign(sheet, made.words(sheet), by=by, at=at))
    refused("supervision.sheet.state", lambda: sheets.save(sheet, Words(), by=by, at=at))
    refused("supervision.sheet.state", lambda: sheets.read_again(sheet, by=by, at=at))
    other = made.sign(one, "finance", DUE + DAY)
    assert state_of(duty_of(other.sheet), DUE + DAY) is State.DONE_LATE


def test_sent_back_with_a_reason_it_is_owed_again_and_the_first_stays(made: Rounds, one: DispatchRound) -> None:
    first = made.sign(one, "agriculture")
    sheet, by = made.sheet(one, "agriculture"), made.by("officer", DUE)
    refused("supervision.sheet.word", lambda: sheets.send_back(sheet, " ", by=by, at=morning(DUE)))
    refused("supervision.sheet.day", lambda: sheets.send_back(sheet, "缺数", DUE - DAY, by=by, at=morning(DUE)))
    refused("supervision.round.day", lambda: sheets.send_back(sheet, "缺数", DUE + 184 * DAY, by=by, at=morning(DUE)))
    sheets.send_back(sheet, "第2项缺数字。", by=by, at=morning(DUE))
    sheet.refresh_from_db()
    assert sheet.state == "returned" and sheet.signed_on is None
    assert state_of(duty_of(sheet), DUE + DAY) is State.OVERDUE, "sending back moves no term by itself"
    assert "第2项缺数字" in Message.objects.filter(person__username="agriculture").latest("id").text
    refused("supervision.sheet.state", lambda: sheets.send_back(sheet, "再退", by=by, at=morning(DUE)))
    second = made.sign(one, "agriculture", DUE + DAY, problems="已补数字：12。")
    assert second.turn == 2 and second.digest != first.digest
    first.refresh_from_db()
    assert first.returned_why == "第2项缺数字。" and digest_of(first.snapshot) == first.digest
    sheets.send_back(
        made.sheet(one, "agriculture"), "再补", DUE + 9 * DAY, by=made.by("officer", DUE + DAY), at=morning(DUE + DAY)
    )
    assert state_of(duty_of(sheet), DUE + 5 * DAY) is State.DUE_SOON, "unless the office gives a later day"
    assert Signing.objects.filter(sheet=sheet).count() == 2


def test_more_time_is_asked_and_granted_as_for_every_duty(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "agriculture")
    act = lambda who: matters.Act(made.by(who, DUE), morning(DUE), "人员外出。")  # noqa: E731
    request = matters.ask_extension(duty_of(sheet), DUE + 4 * DAY, act("agriculture"))
    matters.grant_extension(request, matters.Granted(DUE + 4 * DAY), act("issuer"))
    early = lambda: made.close(one, "未报的通报。", DUE + DAY)  # noqa: E731
    assert "最晚 2026-11-22" in refused("supervision.round.early", early), "the unit has time until then"
    made.sign(one, "agriculture", DUE + 4 * DAY)
    assert state_of(duty_of(sheet), DUE + 5 * DAY) is State.DONE
    (line,) = [row for row in seen.board(one, DUE + 5 * DAY) if row.said.sheet == sheet]
    assert not line.late and line.due == DUE + 4 * DAY


def test_a_round_ends_with_what_is_missing_named(made: Rounds, one: DispatchRound) -> None:
    names = made.signers(one)
    for name in names[1:]:
        made.sign(one, name)
    assert "未到填报时限" in refused("supervision.round.early", lambda: made.close(one, "x"))
    after = DUE + DAY
    assert "1 个单位未报" in refused("supervision.round.note", lambda: made.close(one, day=after))
    closed = made.close(one, "未报单位在通报中点名。", after)
    missing = made.sheet(one, names[0])
    assert missing.state == "missing" and closed.state == "closed"
    assert closed.digest == digest_of(closed.snapshot)
    told = seen.told(closed)
    assert (
        [each["short"] for each in told["missing"]] == [str(missing.unit)] == [each["short"] for each in told["late"]]
    )
    assert told["signed"] == str(len(names) - 1)
    duty = duty_of(missing)
    assert duty.live_until == after and not Duty.objects.open_on(after).filter(pk=duty.pk).exists()
    refused("supervision.round.state", lambda: made.close(one, "再来", after))
    refused("supervision.round.state", lambda: made.sign(one, names[0], after))


def test_a_unit_that_gets_a_task_later_gets_its_sheet(made: Rounds, one: DispatchRound) -> None:
    housing = made.world.departments["housing"]
    add = lambda who="officer", due=DUE: rounds.add_units(one, due, by=made.by(who, OPENED), at=morning(OPENED))  # noqa: E731
    assert seen.unlisted(one) == []
    assert "不用补发" in refused("supervision.round.units", add)
    held = made.plan.tasks.get(number="（二）").assignments.get(department=made.world.departments["agriculture"])
    work.reassign(held, housing, why="职责调整", by=made.by("officer", OPENED), at=morning(OPENED))
    assert seen.unlisted(one) == [housing]
    refused("supervision.round.day", lambda: add(due=OPENED - DAY))
    with pytest.raises(NotAllowed):
        add("agriculture")
    (sheet,) = add(due=DUE + DAY)
    assert (sheet.unit, sheet.due, duty_of(sheet).due) == (housing, DUE + DAY, DUE + DAY)
    assert [task["number"] for task in sheet.records["tasks"]] == ["（二）"]
    assert seen.unlisted(one) == [] and len(seen.board(one, OPENED)) == one.sheets.count()


def test_a_unit_without_a_sheet_is_named_when_a_round_ends(made: Rounds, one: DispatchRound) -> None:
    for who in made.signers(one):
        made.sign(one, who)
    held = made.plan.tasks.get(number="（二）").assignments.get(department=made.world.departments["agriculture"])
    work.reassign(
        held, made.world.departments["housing"], why="职责调整", by=made.by("officer", OPENED), at=morning(OPENED)
    )
    assert "区住建局" in refused("supervision.round.note", lambda: made.close(one))
    assert made.close(one, "下期调度时列入。").state == DispatchRound.State.CLOSED
    assert seen.unlisted(DispatchRound.objects.get(pk=one.pk)) == []


def test_when_all_have_signed_a_round_may_be_closed_before_its_term(made: Rounds, one: DispatchRound) -> None:
    for name in made.signers(one):
        made.sign(one, name)
    assert made.close(one, day=OPENED).closed_on == OPENED


def test_plain_words_for_letters(made: Rounds, one: DispatchRound) -> None:
    made.sign(one, "agriculture", help="请协调进场。")

    def plain(value: Any) -> bool:
        if isinstance(value, dict):
            return all(isinstance(key, str) and plain(each) for key, each in value.items())
        return all(plain(each) for each in value) if isinstance(value, list) else type(value) is str

    told = seen.told(one, DUE + DAY)
    assert plain(told)
    assert len(told["late"]) == int(told["units"]) - 1
    (mine,) = [each for each in told["sheets"] if each["short"] == "区农业农村局"]
    assert mine["help"] == "请协调进场。" and mine["signed_on"] == OPENED.isoformat()
    assert {table["id"] for table in told["ranking"]} <= set(one.items)


def test_records_read_again_are_those_known_by_now(made: Rounds, one: DispatchRound) -> None:
    sheet = made.sheet(one, "agriculture")
    assignment = sheet.unit.assignments.filter(task__plan=made.plan).first()
    by = made.by("agriculture", DUE)
    work.receive(assignment, by=made.by("agriculture", ON), at=morning(ON))
    sheets.read_again(sheet, by=by, at=morning(DUE))
    sheet.refresh_from_db()
    (task,) = [t for t in sheet.records["tasks"] if t["uid"] == str(assignment.task.uid)]
    assert task["handling"] == "received" and sheet.records["known_on"] == DUE.isoformat()
    assert sheet.records["on"] == ON.isoformat()


def test_every_number_of_the_board_is_the_count_of_its_tasks(made: Rounds, one: DispatchRound) -> None:
    lines = seen.board(one, DUE)
    for line in lines:
        for name, n in line.numbers.items():
            assert n == len(tasks_in(line.said, name))
    assert seen.totals(lines)["tasks"] == sum(len(sheet.records["tasks"]) for sheet in one.sheets.all()) > 0


def test_who_sees_what(made: Rounds, one: DispatchRound) -> None:
    by = made.by
    assert seen.rounds(by("agriculture", DUE), DUE).get().units == one.sheets.count()
    assert [each.unit_name for each in seen.sheets(by("agriculture", DUE), DUE)] == ["区农业农村局"]
    assert seen.sheets(by("reader", DUE), DUE).count() == one.sheets.count()
    assert not seen.rounds(by("stranger", DUE), DUE).exists() and not seen.sheets(by("stranger", DUE), DUE).exists()
    assert not seen.rounds(by("officer", DUE), OPENED - DAY).exists()
    assert not seen.published(one, by("agriculture", DUE)) and seen.published(one, by("officer", DUE))


def test_the_round_of_a_town_lies_where_the_town_lies(made: Rounds, one: DispatchRound) -> None:
    for sheet in one.sheets.select_related("unit__division"):
        assert sheet.division_path == sheet.unit.division.path
    assert date(2026, 10, 1) == one.first


def test_a_late_sheet_is_followed_up_like_every_duty(made: Rounds, one: DispatchRound) -> None:
    supervised = Supervised(made.world, began=OPENED)
    made.sign(one, "agriculture")
    supervised.run(DUE + DAY)
    red = Slip.objects.filter(kind=Duty.Kind.SHEET, colour=Slip.Colour.RED)
    assert set(red.values_list("unit", flat=True)) == set(
        one.sheets.exclude(unit=made.world.departments["agriculture"]).values_list("unit", flat=True)
    )
    about = (DispatchSheet._meta.label_lower, made.sheet(one, "finance").pk)
    assert addresses([about], DUE)[about] == rounds.sheet_url(made.sheet(one, "finance"))
    made.sign(one, "finance", DUE + DAY)
    supervised.run(DUE + 2 * DAY)
    assert red.get(unit=made.world.departments["finance"]).state == Slip.State.DONE


def test_the_ranking_of_a_closed_round_stays_as_it_was(made: Rounds, one: DispatchRound) -> None:
    unit = made.world.towns["柏庄镇"]
    duty = Duty.objects.create(
        subject_type="plans.plantask", subject_id=1, kind=Duty.Kind.MILESTONE, title="一件", unit=unit, due=ON - DAY,
        live_from=one.first, division_path=unit.division.path, owner_department=one.owner_department,
    )  # fmt: skip
    for name in made.signers(one):
        made.sign(one, name)
    with translation.override("en"):
        closed = made.close(one, day=OPENED)
        english = seen.tables_of(closed)[0]
    before = seen.tables_of(closed)
    assert english["title"].isascii() and english["formula"].isascii() and english["groups"][0]["title"].isascii()
    told = [row["told"] for item in before for group in item["groups"] for row in group["rows"]]
    assert before[0]["title"] == "到期事项按期办结率" and not any(one.isascii() for one in told), (
        "frozen for both languages"
    )
    notes = [
        case["note"] for item in before for group in item["groups"] for row in group["rows"] for case in row["rows"]
    ]
    assert notes and not any(one.isascii() for one in notes), "what is kept is Chinese whoever closes the round"
    Duty.objects.filter(pk=duty.pk).update(done_on=ON - DAY)
    assert seen.tables_of(DispatchRound.objects.get(pk=one.pk)) == before
    now = ranking.in_words(ranking.ranked(closed, seen.sheets_of(closed)), "zh")
    assert now != before, "the registers themselves have moved on"


def test_duties_count_from_their_term_to_the_day_of_the_round(made: Rounds) -> None:
    one = made.open(made.asked(rhythm="half"))
    unit = made.world.towns["柏庄镇"]
    Duty.objects.filter(unit=unit).exclude(kind=Duty.Kind.SHEET).delete()
    for at, (due, done) in enumerate(
        [
            (ON, None),
            (ON - DAY, None),
            (ON - DAY, ON - DAY),
            (ON - DAY, ON),
            (ON, ON),
            (ON - DAY, ON + DAY),
            (one.first - DAY, None),
        ]
    ):
        Duty.objects.create(
            subject_type="plans.plantask", subject_id=1, kind=Duty.Kind.MILESTONE, title=f"第{at}件", unit=unit, due=due,
            done_on=done, live_from=one.first - 9 * DAY, division_path=unit.division.path, owner_department=one.owner_department,
        )  # fmt: skip
    tables = {table["id"]: table for table in ranking.ranked(one, seen.sheets_of(one))}
    (row,) = [
        row for group in tables["duties_on_time"]["groups"] for row in group["rows"] if row["unit_uid"] == str(unit.uid)
    ]
    assert (row["good"], row["whole"]) == ("2", "5"), "due today and not done, and due before the period, do not count"
    assert sorted((case["name"], case["good"]) for case in row["rows"]) == [
        ("第1件", False), ("第2件", True), ("第3件", False), ("第4件", True), ("第5件", False),
    ]  # fmt: skip


def test_what_falls_due_after_the_last_rounds_day_counts_in_the_next(made: Rounds) -> None:
    told = date(2026, 9, 20)
    made.open(made.asked(day=told, due=told), day=told)
    one = made.open()
    unit = made.world.towns["柏庄镇"]
    Duty.objects.filter(unit=unit).exclude(kind=Duty.Kind.SHEET).delete()
    for name, due, done in (
        ("算过", told, told),
        ("没算过", told, told + DAY),
        ("季末逾期", date(2026, 9, 30), None),
        ("季末按期", date(2026, 9, 30), date(2026, 9, 30)),
        ("上期已逾期", told - DAY, None),
    ):
        Duty.objects.create(
            subject_type="plans.plantask", subject_id=1, kind=Duty.Kind.MILESTONE, title=name, unit=unit, due=due,
            done_on=done, live_from=told - 99 * DAY, division_path=unit.division.path, owner_department=one.owner_department,
        )  # fmt: skip
    tables = {table["id"]: table for table in ranking.ranked(one, seen.sheets_of(one))}
    (row,) = [
        row for group in tables["duties_on_time"]["groups"] for row in group["rows"] if row["unit_uid"] == str(unit.uid)
    ]
    assert {(case["name"], case["good"]) for case in row["rows"]} == {
        ("没算过", False), ("季末逾期", False), ("季末按期", True),
    }  # fmt: skip
