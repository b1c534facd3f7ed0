"""Acts on what is supervised: who may, when, on what ground; what they move and what they never do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from desk.ledger_world import published
from desk.oversight_world import PICTURE
from desk.supervision_world import BEGAN, Supervised, morning
from soildesk.core import duties
from soildesk.core.models import AuditEntry, Department, Duty, Person, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.kit import measures
from soildesk.oversight.models import Problem
from soildesk.plans.models import Assignment
from soildesk.supervision.models import Extension, Slip, Suspension
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import matters, ruling, slips
from soildesk.supervision.services.matters import Granted, Paper
from soildesk.supervision.services.ruling import Version
from soilrules.supervision.authorities import Act, Body

pytestmark = pytest.mark.django_db
DUE, DAY = date(2026, 11, 25), date(2026, 11, 20)
LETTER = Paper("批复.png", PICTURE)
LATER = date(2026, 12, 10)


@pytest.fixture
def made(world: Any) -> Supervised:
    return Supervised(world)


@pytest.fixture
def duty(made: Supervised) -> Duty:
    return made.matter("地面防渗层破损", due=DUE)


def refused(code: str, act: Callable[[], object]) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(SupervisionRefused) as found:
        act()
    assert found.value.code == code
    assert AuditEntry.objects.count() == before


def test_more_time_is_asked_before_the_term_with_a_reason_and_a_later_day(made: Supervised, duty: Duty) -> None:
    late = made.act("agriculture", "理由", DUE + timedelta(days=1))
    refused("supervision.extension.late", lambda: matters.ask_extension(duty, LATER, late))
    refused("supervision.extension.note", lambda: matters.ask_extension(duty, LATER, made.act("agriculture", " ")))
    refused("supervision.extension.day", lambda: matters.ask_extension(duty, DUE, made.act("agriculture")))
    on_the_last_day = matters.ask_extension(duty, LATER, made.act("agriculture", "理由", DUE))
    assert on_the_last_day.state == "asked"
    refused("supervision.extension.twice", lambda: matters.ask_extension(duty, LATER, made.act("agriculture")))
    duty.refresh_from_db()
    assert duty.due == DUE, "asking moves nothing"


def test_another_unit_does_not_ask_for_it_and_a_stranger_neither(made: Supervised, duty: Duty) -> None:
    refusals = (SupervisionRefused, NotAllowed)
    for who in ("town", "stranger", "reader"):
        with pytest.raises(refusals):
            matters.ask_extension(duty, LATER, made.act(who))
    assert not Extension.objects.exists()


def test_a_term_others_set_is_moved_by_their_number_and_paper_alone(made: Supervised, duty: Duty) -> None:
    asked = matters.ask_extension(duty, LATER, made.act("agriculture"))
    refused("supervision.extension.internal", lambda: matters.grant_extension(asked, Granted(LATER), made.act("chief")))
    numbered = Granted(LATER, "区人民政府", "青政函〔2026〕8号")
    refused("supervision.extension.document", lambda: matters.grant_extension(asked, numbered, made.act("chief")))
    nameless = Granted(LATER, "", "青政函〔2026〕8号")
    refused(
        "supervision.extension.document",
        lambda: matters.grant_extension(asked, nameless, made.act("chief", "", None, LETTER)),
    )
    granted = matters.grant_extension(asked, numbered, made.act("chief", "同意", None, LETTER))
    duty.refresh_from_db()
    assert (duty.due, duty.moved_from, granted.moved, granted.how) == (LATER, DUE, True, "by_body")
    problem = Problem.objects.get(pk=duty.subject_id)
    assert problem.due == LATER, "the list of problems calls nothing late that supervision does not"
    assert AuditEntry.objects.filter(act="oversight.problem.extended").count() == 1


def test_a_moved_term_stands_until_its_record_says_another_one(made: Supervised, duty: Duty) -> None:
    asked = matters.ask_extension(duty, LATER, made.act("agriculture"))
    matters.grant_extension(asked, Granted(LATER, "区政府", "8号"), made.act("chief", "", None, LETTER))
    problem = Problem.objects.get(pk=duty.subject_id)
    spec = duties.DutySpec(Duty.Kind.PROBLEM, duty.title, duty.unit, due=DUE)
    duties.replace_for(problem, [spec], by=made.by(DAY), life=duties.Life(BEGAN))
    assert Duty.objects.get(pk=duty.pk).due == LATER
    again = duties.DutySpec(Duty.Kind.PROBLEM, duty.title, duty.unit, due=date(2027, 1, 5))
    duties.replace_for(problem, [again], by=made.by(DAY), life=duties.Life(BEGAN))
    assert Duty.objects.get(pk=duty.pk).due == date(2027, 1, 5)


def test_our_own_term_is_moved_inside(made: Supervised, duty: Duty) -> None:
    Duty.objects.filter(pk=duty.pk).update(internal=True)
    asked = matters.ask_extension(duty, LATER, made.act("agriculture"))
    granted = matters.grant_extension(asked, Granted(LATER), made.act("chief"))
    duty.refresh_from_db()
    assert (duty.due, granted.how) == (LATER, "internal")
    made.run(LATER)
    assert [one.colour for one in made.slips(duty)] == ["blue", "blue", "yellow"], "the new term has slips of its own"


def test_an_internal_extension_never_moves_a_term_of_others_nor_rests_its_red_slip(
    made: Supervised, duty: Duty
) -> None:
    asked = matters.ask_extension(duty, LATER, made.act("agriculture", "理由", date(2026, 11, 10)))
    matters.grant_extension(asked, Granted(date(2026, 11, 24)), made.act("chief", "", date(2026, 11, 11)))
    duty.refresh_from_db()
    assert duty.due == DUE
    made.run(DUE + timedelta(days=1))
    assert [(one.colour, one.on) for one in made.slips(duty)] == [
        ("blue", date(2026, 11, 24)),
        ("red", DUE + timedelta(days=1)),
    ]


def test_who_asked_does_not_decide_and_a_refusal_needs_a_reason(made: Supervised, duty: Duty) -> None:
    asked = matters.ask_extension(duty, LATER, made.act("chief"))
    refused("supervision.extension.same_person", lambda: matters.refuse_extension(asked, made.act("chief")))
    with pytest.raises(NotAllowed):
        matters.refuse_extension(asked, made.act("officer"))
    refused("supervision.extension.note", lambda: matters.refuse_extension(asked, made.act("issuer", " ")))
    matters.refuse_extension(asked, made.act("issuer", "可以按期完成。"))
    refused("supervision.extension.state", lambda: matters.refuse_extension(asked, made.act("issuer")))


def test_no_word_is_cut_off_in_silence(made: Supervised, duty: Duty) -> None:
    refused(
        "supervision.extension.note", lambda: matters.ask_extension(duty, LATER, made.act("agriculture", "字" * 501))
    )
    asked = matters.ask_extension(duty, LATER, made.act("agriculture", "字" * 500))
    refused("supervision.extension.note", lambda: matters.refuse_extension(asked, made.act("chief", "字" * 301)))
    assert len(matters.refuse_extension(asked, made.act("chief", "字" * 300)).decision) == 300
    refused("supervision.important.ground", lambda: matters.mark_important(duty, made.act("chief", "字" * 201)))


def test_suspended_is_still_late(made: Supervised, duty: Duty) -> None:
    asked = matters.ask_suspension(duty, Suspension.Cause.SEASON, date(2027, 3, 1), made.act("agriculture"))
    matters.grant_suspension(asked, made.act("chief", ""))
    day = DUE + timedelta(days=3)
    made.run(day)
    assert Slip.objects.filter(colour="red").count() == 0
    assert Duty.objects.late_on(day).filter(pk=duty.pk).exists()
    ended = matters.end_suspension(asked, made.act("chief", "农时已过。", day))
    assert (ended.state, ended.ended_on) == ("ended", day)
    made.run(day)
    assert [one.on for one in made.slips(duty) if one.colour == "red"] == [day]


def test_suspension_needs_a_day_to_come_and_is_asked_once(made: Supervised, duty: Duty) -> None:
    works = Suspension.Cause.WORKS
    refused("supervision.suspension.day", lambda: matters.ask_suspension(duty, works, DAY, made.act("agriculture")))
    refused(
        "supervision.suspension.note", lambda: matters.ask_suspension(duty, works, LATER, made.act("agriculture", ""))
    )
    first = matters.ask_suspension(duty, works, LATER, made.act("agriculture"))
    refused("supervision.suspension.twice", lambda: matters.ask_suspension(duty, works, LATER, made.act("agriculture")))
    refused("supervision.suspension.over", lambda: matters.grant_suspension(first, made.act("chief", "", LATER)))
    matters.refuse_suspension(first, made.act("chief", "不属于工程。"))
    assert matters.ask_suspension(duty, works, LATER, made.act("agriculture")).state == "asked"


def test_an_important_matter_starts_higher_and_can_be_taken_back(made: Supervised, duty: Duty) -> None:
    early = made.act("chief", "区委常委会纪要第7号", date(2026, 11, 10))
    with pytest.raises(NotAllowed):
        matters.mark_important(duty, made.act("officer"))
    matters.mark_important(duty, early)
    refused("supervision.important.twice", lambda: matters.mark_important(duty, early))
    made.run(date(2026, 11, 18))
    (first,) = made.slips(duty)
    assert (first.colour, first.important, "leader" in first.to) == ("yellow", True, True)
    matters.unmark_important(duty, made.act("chief", "已办理。"))
    refused("supervision.important.none", lambda: matters.unmark_important(duty, made.act("chief")))


def _red(made: Supervised, duty: Duty) -> Slip:
    made.run(DUE + timedelta(days=1))
    return made.slips(duty)[-1]


def test_a_slip_is_answered_once_by_its_own_unit(made: Supervised, duty: Duty) -> None:
    red = _red(made, duty)
    day = DUE + timedelta(days=1)
    reason = Slip.Answer.REASON
    refused("supervision.slip.reason", lambda: slips.answer(red, reason, made.act("agriculture", " ", day)))
    refused(
        "supervision.slip.reason", lambda: slips.answer(red, Slip.Answer.PROGRESS, made.act("agriculture", "x", day))
    )
    for who in ("town", "reader", "stranger"):
        with pytest.raises((SupervisionRefused, NotAllowed)):
            slips.answer(red, reason, made.act(who, "理由", day))
    answered = slips.answer(red, reason, made.act("agriculture", "设备未到货。", day, Paper("说明.png", PICTURE)))
    assert (answered.state, answered.answered_on, answered.answer) == ("answered", day, "设备未到货。")
    assert Duty.objects.for_subject(red).get().done_on == day
    refused("supervision.slip.state", lambda: slips.answer(red, reason, made.act("agriculture", "再说", day)))


def test_an_answer_does_not_stop_what_comes_after_red(made: Supervised, duty: Duty) -> None:
    day = DUE + timedelta(days=1)
    slips.answer(_red(made, duty), Slip.Answer.REASON, made.act("agriculture", "设备未到货。", day))
    made.run(date(2026, 12, 31))
    assert [one.rule for one in made.slips(duty)[-2:]] == ["after_red_1", "after_red_2"]


def test_what_a_unit_answers_about_a_task_stands_in_the_ledger(world: Any) -> None:
    published(world)
    made = Supervised(world)
    agriculture = world.departments["agriculture"]
    owed = Duty.objects.filter(subject_type="plans.plantask", unit=agriculture, done_on=None, due__isnull=False)
    duty = owed.order_by("due").first()
    Duty.objects.filter(pk=duty.pk).update(due=DUE, issued_on=date(2026, 1, 5))
    made.run(DUE + timedelta(days=1))
    day = DUE + timedelta(days=1)
    red = Slip.objects.get(duty=duty, rule="overdue")
    slips.answer(red, Slip.Answer.REASON, made.act("agriculture", "资金未到位。", day))
    assignment = Assignment.objects.get(task_id=duty.subject_id, department=agriculture)
    assert assignment.entries.get().unfinished_why == "资金未到位。"
    assert assignment.state == "under_way"
    made.run(date(2026, 12, 31))
    after = Slip.objects.filter(duty=duty, rule="after_red_2").get()
    slips.answer(after, Slip.Answer.MISDIRECTED, made.act("agriculture", "应由水利局办理。", date(2026, 12, 31)))
    assignment.refresh_from_db()
    assert (assignment.state, assignment.returned_why) == ("misdirected", "应由水利局办理。")


def test_rules_are_set_for_days_to_come_with_a_ground(made: Supervised) -> None:
    place, by, at = made.world.district, made.world.actor("issuer"), made.world.at
    past = Version(DAY - timedelta(days=1))
    refused("supervision.rules.past", lambda: ruling.set_rules(place, past, by=by, at=at))
    own = {"near": {"days": 3}}
    refused("supervision.rules.ground", lambda: ruling.set_rules(place, Version(DAY, True, own), by=by, at=at))
    bad = Version(DAY, True, {"overdue": {"in_use": False}}, ground="x")
    refused("supervision.rules.bad", lambda: ruling.set_rules(place, bad, by=by, at=at))
    late = {"after_red_1": {"days": 40}}
    with pytest.raises(SupervisionRefused, match=r"规则不能这样设定：逾期后的各步天数（40, .*）应一步比一步晚。$"):
        ruling.set_rules(place, replace(bad, changes=late, ground="文号"), by=by, at=at)
    with pytest.raises(NotAllowed):
        ruling.set_rules(place, Version(DAY), by=made.world.actor("officer"), at=at)
    assert ruling.set_rules(place, Version(DAY, True, own, ground="青环委〔2026〕3号"), by=by, at=at).changes == own


def test_a_place_has_one_campaign_office_and_the_one_that_issues_is_replaced_not_ended(made: Supervised) -> None:
    place, by = made.world.district, made.world.actor("issuer")
    from soildesk.supervision.models import Office

    standing = Office.objects.get(body="campaign_office", until=None)
    refused("supervision.office.ended", lambda: ruling.end_office(standing, by=by, at=made.world.at))
    new = Department.objects.create(name="青禾区污防办", division=place)
    ruling.name_office(place, new, Body.CAMPAIGN_OFFICE, "青政办〔2026〕9号", by=by, at=made.world.at)
    assert Office.objects.get(body="campaign_office", until=None).department == new
    elsewhere = made.world.departments["other_ecology"]
    refused(
        "supervision.office.place",
        lambda: ruling.name_office(place, elsewhere, Body.BUREAU, "文件", by=by, at=made.world.at),
    )


@pytest.mark.parametrize(
    ("who", "act", "ours"),
    [
        ("chief", Act.SUPERVISE, True),
        ("officer", Act.SUPERVISE, False),
        ("officer", Act.REMINDER, True),
        ("chief", Act.TALK, False),
    ],
)
def test_an_act_beyond_ones_authority_is_refused_with_the_body_that_has_it(
    made: Supervised, who: str, act: Act, ours: bool
) -> None:
    by = made.world.actor(who)
    if ours:
        ruling.need_authority(act, made.world.district, by=by)
        return
    with pytest.raises(SupervisionRefused, match="提请") as found:
        ruling.need_authority(act, made.world.district, by=by)
    body = {Act.SUPERVISE: "区指挥部办公室", Act.TALK: "青禾区人民政府"}[act]
    assert body in str(found.value)


def test_an_office_nobody_named_is_told_to_register(made: Supervised) -> None:
    person = Person.objects.create(username="new", name="new", department=made.world.departments["finance"])
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.ISSUER, division=made.world.district)
    made.world.people["new"] = person
    with pytest.raises(SupervisionRefused, match="督办机构"):
        ruling.need_authority(Act.ASSIGN, made.world.district, by=made.world.actor("new"))


def test_an_address_is_checked(made: Supervised) -> None:
    unit = made.world.departments["agriculture"]
    by = made.world.actor("issuer")
    refused("supervision.rules.bad", lambda: ruling.set_address(unit, "农业局", by=by, at=made.world.at))
    assert ruling.set_address(unit, "a@example.gov.cn", by=by, at=morning(DAY)) is not None
    assert ruling.set_address(unit, "", by=by, at=morning(DAY)) is None


def _answered(made: Supervised, on: date, known_on: date | None = None, who: str = "officer") -> tuple[Any, Any, Any]:
    plan = SimpleNamespace(
        division=made.world.district, year=2026, period_start=None, period_end=None, doc_number="", title="方案"
    )
    asked = SimpleNamespace(plan=plan, number="3")
    found = measures.get("supervision.slips_answered").run(made.world.actor(who, on), asked, on, known_on or on)
    return found.outcome, found.numerator, found.denominator


def test_slips_answered_in_time_are_counted_and_nothing_follows_from_none(made: Supervised, duty: Duty) -> None:
    outcome = measures.Outcome
    end = date(2026, 12, 31)
    assert _answered(made, end)[0] is outcome.CANNOT_SAY
    made.run(date(2026, 11, 18))
    assert _answered(made, date(2026, 11, 18))[0] is outcome.NOT_APPLICABLE, "its answer is not due yet"
    (near,) = made.slips(duty)
    slips.answer(near, Slip.Answer.REASON, made.act("agriculture", "排期中。", date(2026, 11, 19)))
    assert _answered(made, date(2026, 11, 20)) == (outcome.DONE, 1, 1)
    made.run(date(2026, 12, 4))
    assert _answered(made, end) == (outcome.NOT_DONE, 1, 3)
    assert _answered(made, end, date(2026, 11, 20)) == (outcome.DONE, 1, 1), "as known then"
    assert _answered(made, end, who="town")[0] is outcome.CANNOT_SAY, "who sees a part cannot say"
