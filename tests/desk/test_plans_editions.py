"""A plan imported again: what is printed in the same words keeps its decisions, what changed is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk import ledger_world
from desk.plan_drafts import TEXT as DRAFT_TEXT
from desk.plan_drafts import draft, with_text
from desk.supervision_world import Supervised
from soildesk.core import files
from soildesk.core.errors import Refusal
from soildesk.core.models import Duty
from soildesk.plans.models import Binding, Plan, PlanTask, UnassignedClause
from soildesk.plans.queries.overview import phase_condition
from soildesk.plans.queries.reported import plans_of
from soildesk.plans.queries.review import counts
from soildesk.plans.queries.states import standings
from soildesk.plans.refusals import WrongState
from soildesk.plans.services import (
    binding,
    clauses,
    closing,
    documents,
    publishing,
    review,
    settling,
    succession,
    whole_plan,
    work,
)
from soildesk.plans.services.carrying import carry_over
from soildesk.plans.services.intake import Place, Source, import_plan
from soildesk.plans.services.uploads import Upload, take_in
from soildesk.supervision.models import Slip
from soilrules.deadlines.tasks import TaskState
from soilrules.plantext.draft import Role

pytestmark = pytest.mark.django_db
TEXT = ledger_world.TEXT + (
    "\n（五）公开信息。6月底前公开重点监管单位名录。\n\n三、保障措施\n\n（一）落实资金。统筹安排土壤污染防治资金，保障重点任务实施。\n\n"
    "（二）强化考核。每季度通报任务进展，结果纳入年度考核。\n\n四、督导检查\n\n项目验收前完成督导。（区政府督查室负责）\n"
)
MARCH = ledger_world.MARCH
JUNE = datetime(2026, 6, 10, 1, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
Status = PlanTask.Status


def read(world: Any, text: str, at: datetime = MARCH, **more: Any) -> Plan:
    place = Place(world.district, world.departments["ecology"])
    return take_in(Upload.pasted(text), place, by=world.actor("officer"), at=at, **more)


def task(plan: Plan, number: str) -> PlanTask:
    return plan.tasks.exclude(status__in=[Status.SPLIT, Status.MERGED]).get(number=number)


@pytest.fixture
def decided(world: Any) -> Plan:
    """A plan with a decision of every kind, published."""
    who = {"by": world.actor("officer"), "at": MARCH}
    plan = read(world, TEXT)
    whole_plan.correct_head(plan, replace(head_of(plan), issuer="青禾区环委办"), **who)
    review.correct(
        task(plan, "（一）"), review.Correction(title="隐患排查", units=[("区生态环境局", Role.LEAD)]), **who
    )
    review.split(task(plan, "（三）"), [task(plan, "（三）").text.index("6月底前")], **who)
    review.merge([task(plan, "（四）")], task(plan, "（二）"), **who)
    clauses.leave(plan, clauses=[plan.unassigned.get(title="落实资金")], **who)
    taken = clauses.take_up(plan.unassigned.get(title="公开信息"), **who)
    review.correct(taken, review.Correction(units=[("区生态环境局", Role.LEAD)]), **who)
    term = task(plan, "四").milestones.get()
    review.set_review_date(term, date(2026, 9, 30), **who)
    review.accept(task(plan, "四"), standing=review.Standing("两次现场督导", "督导报告", "王五"), **who)
    review.accept_confident(plan, everything=True, **who)
    review.reject_indicator(plan.indicators.get(), why="不在本级", **who)
    binding.bind(task(plan, "（一）"), next(iter(fitting(task(plan, "（一）")))), **who)
    binding.bind_nothing(task(plan, "（五）"), "没有台账", register="公开台账", **who)
    documents.ask(task(plan, "四"), "督导报告", **who)
    return publishing.publish(plan, by=world.actor("issuer"), at=MARCH)


def fitting(row: PlanTask) -> list[str]:
    from soildesk.plans.queries.proposed import fitting as found

    return [name for name, _why in found(row)]


def head_of(plan: Plan) -> whole_plan.PlanHead:
    return whole_plan.PlanHead(**{name: getattr(plan, name) for name in whole_plan.HEAD})


def test_the_same_text_again_asks_nothing_again(world: Any, decided: Plan) -> None:
    edition = read(world, TEXT, JUNE, as_edition=True)
    assert edition.issuer == "青禾区环委办"
    assert counts(edition)["open"] == 0
    assert [(t.number, t.title, t.text, t.status, t.decided_why) for t in edition.tasks.all()] == [
        (t.number, t.title, t.text, t.status, t.decided_why) for t in decided.tasks.all()
    ]
    assert edition.tasks.filter(status=Status.ACCEPTED).first().accepted_at == MARCH, "decided then, by whoever did"
    first = task(edition, "（一）")
    assert [unit.name for unit in first.units.all()] == ["区生态环境局"]
    assert first.bindings.get(superseded_at=None).measure == task(decided, "（一）").bindings.get().measure
    assert task(edition, "（五）").bindings.get().reason == "没有台账"
    last = task(edition, "四")
    assert (last.standing_order.action, last.milestones.get().review_on) == ("两次现场督导", date(2026, 9, 30))
    assert [one.name for one in last.asked_documents.all()] == ["督导报告"]
    assert edition.indicators.get().rejected_why == "不在本级"
    decisions = {row.title: row.decision for row in edition.unassigned.all()}
    assert decisions == {"公开信息": "taken", "落实资金": "left", "强化考核": ""}, "what nobody decided is still asked"
    assert edition.reading["carried"] == {"tasks": 6, "conflicts": 0, "clauses": 2, "bindings": 3}


def test_what_changed_is_asked_and_the_rest_is_not(world: Any, decided: Plan) -> None:
    text = TEXT.replace("2月底前完成点位核实", "5月底前完成点位核实").replace("（四）加强宣传", "（六）加强宣传")
    text = text.replace("统筹安排土壤污染防治资金", "统筹安排专项资金")
    edition = read(world, text, JUNE)
    assert edition.edition_of == decided
    asked = {t.number for t in edition.tasks.filter(status=Status.PROPOSED)}
    assert asked == {"（二）", "（六）"}, "one has another term, so the other is not put into it unasked"
    assert UnassignedClause.objects.get(plan=edition, title="落实资金").decision == ""
    assert not Binding.objects.filter(task=task(edition, "（二）")).exists()


def test_with_a_unit_changed_it_is_another_task(world: Any, decided: Plan) -> None:
    edition = read(world, TEXT.replace("区科工信局配合", "区住房城乡建设局配合"), JUNE)
    assert task(edition, "（一）").status == Status.PROPOSED
    assert task(edition, "四").status == Status.ACCEPTED


def test_words_wrapped_otherwise_are_the_same_words(world: Any, decided: Plan) -> None:
    edition = read(world, TEXT.replace("（区政府督查室负责）", "（区政府督查室 负责）"), JUNE)
    assert task(edition, "四").status == Status.ACCEPTED


def take(world: Any, read_draft: Any, name: str, at: datetime, **more: Any) -> Plan:
    place = Place(world.district, world.departments["ecology"])
    source = Source.of(name.encode(), name)
    return import_plan(read_draft, source, place, by=world.actor("officer"), at=at, **more)


@pytest.mark.parametrize("choice", ["0", "1", "both"])
def test_a_settled_conflict_stays_settled_by_whoever_settled_it(world: Any, choice: str) -> None:
    plan = take(world, draft(), "一", MARCH)
    settling.settle(
        plan.conflicts.get(kind="deadlines_differ"), choice, "以正文为准", by=world.actor("issuer"), at=MARCH
    )
    drop = plan.conflicts.filter(kind="only_in_body").first()
    settling.settle(drop, "drop", "不列", by=world.actor("issuer"), at=MARCH)
    edition = take(world, with_text(DRAFT_TEXT + "二"), "二", JUNE, as_edition=True)
    carry_over(edition, plan, by=world.actor("officer"), at=JUNE)
    row = edition.conflicts.get(kind="deadlines_differ")
    assert (row.choice, row.ground, row.settled_by, row.settled_at) == (
        choice, "以正文为准", world.people["issuer"], MARCH,
    )  # fmt: skip
    assert [(t.number, t.status, sorted(m.text for m in t.milestones.filter(overruled_by=None))) for t in edition.tasks.all()] == [
        (t.number, t.status, sorted(m.text for m in t.milestones.filter(overruled_by=None))) for t in plan.tasks.all()
    ]  # fmt: skip
    assert edition.conflicts.filter(settled_at=None).count() == 1


def test_the_review_says_what_was_taken_over(world: Any, decided: Plan) -> None:
    edition = read(world, TEXT, JUNE, as_edition=True)
    client = Client()
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("plans:review", args=[edition.uid])).content.decode()
    assert "沿用上一版的决定" in page
    assert "1 段待决定" in page
    kept = client.get(reverse("plans:review", args=[edition.uid]), {"show": "carried"}).content.decode()
    assert kept.count("data-task data-url") == counts(edition)["carried"] == 6


def duty_facts(plan: Plan) -> list[tuple[Any, ...]]:
    rows = Duty.objects.filter(subject_type="plans.plantask", subject_id__in=plan.tasks.values("pk"))
    found = rows.order_by("kind", "title", "unit_id", "period", "due")
    return list(found.values_list("kind", "title", "unit_id", "period", "due", "done_on", "issued_on"))


def test_what_units_did_and_owe_holds_in_the_new_edition(world: Any, decided: Plan) -> None:
    officer = {"by": world.actor("officer"), "at": MARCH}
    before = ledger_world.at_unit(decided, "（五）", world.departments["ecology"])
    work.receive(before, **officer)
    work.report(
        before, work.Report("名录已公开", claims_done=True), attachments=[("名录.txt", "名录".encode())], **officer
    )
    late = duty_facts(decided)
    edition = read(
        world, TEXT.replace("2026年3月12日", "2026年11月12日").replace("（四）加强宣传", "（四）广泛宣传"), NOVEMBER
    )
    assert edition.issued_on == date(2026, 11, 12)
    review.accept_confident(edition, everything=True, by=world.actor("officer"), at=NOVEMBER)
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    decided.refresh_from_db()
    assert decided.stage == Plan.Stage.SUPERSEDED and duty_facts(decided) == late, "history stays"
    after = ledger_world.at_unit(edition, "（五）", world.departments["ecology"])
    assert (after.state, after.received_at, after.reported_on) == (before.state, MARCH, date(2026, 3, 16))
    assert [entry.text for entry in after.entries.all()] == ["名录已公开"]
    done = Duty.objects.for_subject(after.task).get()
    assert (done.done_on, done.evidence) == (date(2026, 3, 16), [{"type": "progress", "id": after.entries.get().pk}])
    assert [use.name for use in files.uses_of(after.task)] == ["名录.txt"]
    owed = Duty.objects.filter(title=done.title).late_on(date(2026, 11, 1)) | Duty.objects.filter(
        title="隐患排查"
    ).late_on(date(2026, 11, 1))
    assert [duty.subject_id for duty in owed] == [task(edition, "（一）").pk], "late on days before too, and once"
    state = standings([task(edition, "（一）").pk], date(2026, 11, 20))[task(edition, "（一）").pk].state
    assert state is TaskState.OVERDUE, "a term missed under the first issue is missed, whatever day the second bears"


PAPER = ("废止.txt", "青环委办〔2026〕18号：自11月1日起废止。".encode())


def abolition(**more: Any) -> closing.Abolition:
    return closing.Abolition(
        **{"number": "青环委办〔2026〕18号", "on": date(2026, 11, 1), "why": "机构调整", "paper": PAPER, **more}
    )


def test_a_plan_abolished_owes_nothing_from_that_day_and_hides_nothing_before(world: Any, decided: Plan) -> None:
    row = task(decided, "（一）")
    before = standings([row.pk], date(2026, 10, 31))
    issuer = world.actor("issuer", date(2026, 11, 12))
    closing.abolish(decided, abolition(on=date(2026, 11, 5)), by=issuer, at=NOVEMBER)
    assert decided.phase(date(2026, 11, 12)) == Plan.Phase.ABOLISHED
    assert list(Plan.objects.filter(phase_condition(Plan.Phase.ABOLISHED, date(2026, 11, 12)))) == [decided]
    assert not Plan.objects.filter(phase_condition(Plan.Phase.HISTORY, date(2026, 11, 12))).exists()
    assert standings([row.pk], date(2026, 10, 31)) == before
    assert row.closing.ground == "青环委办〔2026〕18号废止，废止时已逾期", "it was due at the end of October"
    rows = Duty.objects.for_subject(row)
    assert rows.late_on(date(2026, 11, 4)).exists() and not rows.live_on(date(2026, 11, 5)).exists()
    assert [use.name for use in files.uses_of(decided)] == ["废止.txt"]
    with pytest.raises(WrongState, match="不在办理中"):
        closing.abolish(decided, abolition(), by=issuer, at=NOVEMBER)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"number": " "}, "文号"),
        ({"why": " "}, "理由"),
        ({"on": date(2026, 11, 13)}, "晚于今天"),
        ({"on": date(2026, 3, 11)}, "早于方案的发文日期"),
    ],
)
def test_an_abolition_names_its_paper_its_day_and_its_ground(
    world: Any, decided: Plan, said: Any, sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        closing.abolish(decided, abolition(**said), by=world.actor("issuer", date(2026, 11, 12)), at=NOVEMBER)
    decided.refresh_from_db()
    assert decided.stage == Plan.Stage.PUBLISHED and not files.uses_of(decided).exists()


def test_only_who_signs_registers_an_abolition_and_its_paper_stands_on_the_page(
    world: Any, decided: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("soildesk.core.clock.now", lambda: NOVEMBER)
    where, client = reverse("plans:abolish", args=[decided.uid]), Client()
    said = {
        "number": "青环委办〔2026〕18号",
        "on": "2026-11-05",
        "why": "机构调整",
        "paper": SimpleUploadedFile(*PAPER),
    }
    client.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(where, said).status_code == 403
    client.force_login(world.people["issuer"], backend="django.contrib.auth.backends.ModelBackend")
    assert "就此终止" in client.get(where).content.decode()
    page = client.post(where, said | {"paper": SimpleUploadedFile(*PAPER)}, follow=True).content.decode()
    assert "青环委办〔2026〕18号自" in page and "废止.txt" in page and "废止时已逾期" in page
    paper = client.get(reverse("core:file", args=[files.uses_of(decided).get().uid]))
    assert paper.getvalue() == PAPER[1]


def test_slips_and_rests_go_along_and_no_slip_is_made_out_twice(world: Any, decided: Plan) -> None:
    made = Supervised(world)
    made.run(date(2026, 11, 6))
    old = Duty.objects.for_subject(task(decided, "（一）")).get()
    before = set(Slip.objects.filter(duty=old).values_list("number", "key", "state"))
    assert before, "it was due at the end of October"
    edition = read(world, TEXT, NOVEMBER, as_edition=True)
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    new = Duty.objects.for_subject(task(edition, "（一）")).get()
    made.run(date(2026, 11, 12))
    after = set(Slip.objects.filter(duty=new).values_list("number", "key", "state"))
    assert {row[:2] for row in before} <= {row[:2] for row in after}
    assert not Slip.objects.filter(duty=old).exists()
    once = Slip.objects.filter(duty=new).values_list("rule", "due")
    assert len(once) == len(set(once)), "what was sent under the first edition is not sent again under the second"


def test_what_an_edition_asks_anew_is_owed_from_its_day_and_no_slip_is_older(world: Any, decided: Plan) -> None:
    made = Supervised(world)
    made.run(date(2026, 11, 6))
    edition = read(world, TEXT.replace("建立隐患排查台账", "健全隐患排查台账"), NOVEMBER)
    succession.deny(task(edition, "（一）"), by=world.actor("officer"), at=NOVEMBER)
    review.accept_confident(edition, everything=True, by=world.actor("officer"), at=NOVEMBER)
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    row = Duty.objects.for_subject(task(edition, "（一）")).first()
    assert row is not None and row.live_from == date(2026, 11, 12)
    assert row in Duty.objects.late_on(date(2026, 11, 12)) and row not in Duty.objects.late_on(date(2026, 11, 11))
    made.run(date(2026, 11, 13))
    days = set(Slip.objects.filter(duty=row).values_list("on", flat=True))
    assert days and min(days) >= date(2026, 11, 12)
    publishing.fan_out_again(edition, [task(edition, "（一）").pk], by=world.actor("issuer"), day=date(2026, 11, 13))
    row.refresh_from_db()
    assert row.live_from == date(2026, 11, 12), "a later decision does not send it back"
    closing.abolish(
        edition, abolition(on=date(2026, 11, 14)), by=world.actor("issuer", date(2026, 11, 14)), at=NOVEMBER
    )
    row.refresh_from_db()
    assert (row.live_from, row.live_until) == (date(2026, 11, 12), date(2026, 11, 14)), "nor does its end"


def test_a_plan_counts_once_however_many_editions_it_has(world: Any, decided: Plan) -> None:
    by = world.actor("issuer", date(2026, 11, 12))
    assert plans_of(by, world.district, 2026) == [decided]
    edition = read(world, TEXT, NOVEMBER, as_edition=True)
    assert plans_of(by, world.district, 2026) == [decided], "a draft counts for nothing"
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    assert plans_of(by, world.district, 2026) == [edition]
    assert set(Plan.objects.counted()) == {edition}
