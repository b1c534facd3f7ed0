"""The acts on a plan, from the text as published to a closed ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from soildesk.core import audit
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Assignment, ClosingRow, Plan, PlanTask, StandingOrder, TaskUnit
from soildesk.plans.queries.checked import judge
from soildesk.plans.queries.proposed import by_words
from soildesk.plans.queries.states import standings
from soildesk.plans.queries.statuses import statuses
from soildesk.plans.queries.task import task_page
from soildesk.plans.queries.work import open_terms
from soildesk.plans.refusals import (
    AlreadyImported,
    GroundMissing,
    NotInReview,
    OwnReport,
    Undecided,
    WrongState,
    WrongValue,
)
from soildesk.plans.services import (
    answers,
    binding,
    closing,
    documents,
    editions,
    intake,
    linking,
    publishing,
    review,
    succession,
    work,
)
from soildesk.plans.services.drafts import read_pasted
from soilrules.deadlines.tasks import TaskState
from soilrules.plantext.draft import Role

TEXT = (Path(__file__).parents[1] / "cases" / "plans" / "small_plan.txt").read_text("utf-8")
MARCH = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
EARLY = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def take_in(world, text: str = TEXT, **kwargs) -> Plan:
    place = intake.Place(world.district, world.departments["ecology"])
    source = intake.Source.of(text.encode(), "方案.txt")
    return intake.import_plan(read_pasted(text), source, place, by=world.actor("officer"), at=MARCH, **kwargs)


@pytest.fixture
def plan(world) -> Plan:
    return take_in(world)


@pytest.fixture
def live(world, plan) -> Plan:
    review.accept_confident(plan, by=world.actor("officer"), at=MARCH, everything=True)
    return publishing.publish(plan, by=world.actor("issuer"), at=MARCH)


def task(plan: Plan, number: str) -> PlanTask:
    return plan.tasks.get(number=number)


def standing(plan: Plan, number: str, day: date):
    pk = task(plan, number).pk
    return standings([pk], day)[pk]


@pytest.mark.store
def test_import_keeps_every_field_with_its_characters(plan):
    assert (plan.stage, plan.doc_number, plan.issued_on) == ("review", "青环委办〔2026〕4号", date(2026, 3, 12))
    assert (plan.period_start, plan.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [t.number for t in plan.tasks.all()] == ["（一）", "（二）", "（三）", "（四）"]
    for row in plan.tasks.all():
        spans = row.reading["text"]["spans"]
        assert "".join(plan.document.text[a:b] for a, b in spans) == row.text
        for unit in row.units.all():
            assert "".join(plan.document.text[a:b] for a, b in unit.spans) == unit.name
    assert not Duty.objects.exists() and not Assignment.objects.exists(), "nothing is live before acceptance"


def test_printed_units_are_placed_and_doubtful_ones_are_left_to_a_person(world, plan):
    lead = task(plan, "（三）").units.get(role=Role.LEAD)
    assert (lead.department, lead.match) == (world.departments["agriculture"], TaskUnit.Match.CERTAIN)
    unknown = TaskUnit.objects.get(name="区民政办")
    assert unknown.match in {TaskUnit.Match.NONE, TaskUnit.Match.DOUBTFUL}
    changed = answers.answer_unit(plan, "区民政办", [world.departments["health"]], by=world.actor("officer"), at=MARCH)
    unknown.refresh_from_db()
    assert changed == 1 and unknown.department == world.departments["health"]
    again = take_in(world, TEXT.replace("营造", "形成"))
    assert TaskUnit.objects.get(task__plan=again, name="区民政办").match == TaskUnit.Match.CONFIRMED, "asked once"


def test_the_same_text_twice_is_refused_until_a_new_edition_is_wanted(world, plan):
    with pytest.raises(AlreadyImported, match="已经导入过"):
        take_in(world)
    edition = take_in(world, as_edition=True)
    assert edition.edition_of == plan
    changed = take_in(world, TEXT.replace("10月底前", "9月底前"))
    assert changed.edition_of in {plan, edition}


def test_a_stranger_neither_sees_nor_touches_the_plan(world, plan):
    stranger = world.actor("stranger")
    assert not Plan.objects.visible_to(stranger).exists()
    assert not PlanTask.objects.visible_to(stranger).exists()
    with pytest.raises(NotAllowed):
        review.accept(task(plan, "（一）"), by=stranger, at=MARCH)
    assert not Plan.objects.visible_to(world.actor("agriculture")).exists(), "drafts are the office's"


def test_acceptance_keeps_who_and_when_and_asks_a_rhythm_of_standing_tasks(world, plan):
    row = review.accept(
        task(plan, "（四）"),
        by=world.actor("officer"),
        at=MARCH,
        standing=review.Standing(action="开展六五环境日宣传", rhythm=StandingOrder.Rhythm.HALF),
    )
    assert (row.status, row.accepted_by.username, row.accepted_at) == ("accepted", "officer", MARCH)
    assert row.standing_order.action == "开展六五环境日宣传"
    dated = review.accept(task(plan, "（一）"), by=world.actor("officer"), at=MARCH)
    assert not StandingOrder.objects.filter(task=dated).exists()


def test_correction_reads_the_new_deadline_and_keeps_what_was_read(world, plan):
    row = task(plan, "（一）")
    wanted = review.Correction(
        deadline_text="2026年9月底前", units=[("区生态环境局", Role.LEAD), ("区应急局", Role.SUPPORT)]
    )
    review.correct(row, wanted, by=world.actor("officer"), at=MARCH)
    assert [m.last for m in row.milestones.all()] == [date(2026, 9, 30)]
    assert {u.name for u in row.units.all()} == {"区生态环境局", "区应急局"}
    assert row.events.get(kind="corrected").data["deadline_text"][1] == "2026年9月底前"
    assert "10月底前" in row.reading["text"]["value"]
    with pytest.raises(WrongValue, match="不能为空"):
        review.correct(row, review.Correction(text="  "), by=world.actor("officer"), at=MARCH)


def test_split_gives_each_part_its_own_term(world, plan):
    row = task(plan, "（三）")
    parts = review.split(row, [row.text.index("12月20日前")], by=world.actor("officer"), at=MARCH)
    assert [[m.last for m in part.milestones.all()] for part in parts] == [[date(2026, 6, 30)], [date(2026, 12, 20)]]
    assert parts[1].units.count() == row.units.count()
    assert [t.position for t in plan.tasks.all()] == list(range(plan.tasks.count()))
    with pytest.raises(WrongState, match="已拆分"):
        review.accept(row, by=world.actor("officer"), at=MARCH)
    with pytest.raises(WrongValue):
        review.split(parts[0], [0], by=world.actor("officer"), at=MARCH)


def test_merge_brings_units_and_terms_along(world, plan):
    into, other = task(plan, "（一）"), task(plan, "（二）")
    review.merge([other], into, by=world.actor("officer"), at=MARCH)
    other.refresh_from_db()
    assert (other.status, other.merged_into) == ("merged", into)
    assert {m.last for m in into.milestones.all()} == {date(2026, 10, 31), date(2026, 2, 28)}
    assert into.units.filter(name="区农业农村局").exists()


def test_rejection_needs_a_ground(world, plan):
    with pytest.raises(GroundMissing):
        review.reject(task(plan, "（四）"), why=" ", by=world.actor("officer"), at=MARCH)


def test_publishing_waits_for_every_decision_and_for_an_issuer(world, plan):
    with pytest.raises(Undecided, match="4 项"):
        publishing.publish(plan, by=world.actor("issuer"), at=MARCH)
    with pytest.raises(NotAllowed):
        publishing.publish(plan, by=world.actor("officer"), at=MARCH)
    plan.refresh_from_db()
    assert plan.stage == Plan.Stage.REVIEW


@pytest.mark.store
def test_publishing_fans_out_and_opens_duties(world, live):
    farmland = task(live, "（三）")
    assert {a.department.name for a in farmland.assignments.all()} == {
        "青禾区农业农村局",
        "青禾区财政局",
        "柏庄镇人民政府",
        "军庄镇人民政府",
    }
    owed = Duty.objects.for_subject(farmland)
    assert {d.unit.name for d in owed} == {"青禾区农业农村局", "柏庄镇人民政府", "军庄镇人民政府"}, (
        "support owes no term"
    )
    assert {d.due for d in owed} == {date(2026, 6, 30), date(2026, 12, 20)}
    rhythm = Duty.objects.for_subject(task(live, "（四）"))
    assert {d.due for d in rhythm} == {date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)}
    assert all(d.internal for d in rhythm)
    with pytest.raises(NotInReview):
        review.accept(farmland, by=world.actor("officer"), at=MARCH)
    assert Plan.objects.visible_to(world.actor("agriculture")).get() == live


def test_a_term_before_issue_is_never_late(live):
    said = standing(live, "（二）", date(2026, 11, 20))
    assert said.before_issue and said.state is TaskState.NOT_STARTED


def test_work_from_receipt_to_verification(world, live):
    row = task(live, "（三）").assignments.get(department=world.departments["agriculture"])
    farmer, officer = world.actor("agriculture"), world.actor("officer")
    assert standing(live, "（三）", date(2026, 11, 20)).state is TaskState.OVERDUE
    work.receive(row, by=farmer, at=NOVEMBER)
    said = work.Report(text="方案已印发", claims_done=True, done_on=date(2026, 6, 20), period="m0")
    work.report(row, said, by=farmer, at=NOVEMBER, attachments=[("方案.txt", "安全利用方案".encode())])
    assert row.state == Assignment.State.UNDER_WAY, "the December term is still open"
    rest = work.Report(text="面积已完成", claims_done=True, done_on=date(2026, 11, 19))
    work.report(row, rest, by=farmer, at=NOVEMBER)
    assert row.state == Assignment.State.REPORTED
    work.verify(row, by=officer, at=NOVEMBER)
    assert row.state == Assignment.State.VERIFIED
    assert standing(live, "（三）", date(2026, 11, 20)).done_units == 1
    with pytest.raises(NotAllowed):
        work.verify(row, by=farmer, at=NOVEMBER)


def test_nobody_verifies_what_they_reported_themselves(world, live):
    row = task(live, "（一）").assignments.get(department=world.departments["ecology"])
    officer, issuer = world.actor("officer"), world.actor("issuer")
    work.report(row, work.Report("排查完成", claims_done=True, done_on=date(2026, 10, 30)), by=officer, at=NOVEMBER)
    with pytest.raises(OwnReport, match="本人填报的，不能自己核实：请由另一位"):
        work.verify(row, by=officer, at=NOVEMBER)
    row.refresh_from_db()
    assert row.state == Assignment.State.REPORTED and not row.entries.exclude(verified_at=None).exists()
    work.report(row, work.Report("补充台账"), by=issuer, at=NOVEMBER)
    work.verify(row, by=issuer, at=NOVEMBER)
    assert row.state == Assignment.State.VERIFIED, "a word of one's own beside another's completion does not bar"
    work.report(row, work.Report("又补充", claims_done=True), by=issuer, at=NOVEMBER)
    with pytest.raises(OwnReport):
        work.verify(row, by=issuer, at=NOVEMBER)
    work.verify(row, by=officer, at=NOVEMBER)


def test_the_page_says_who_verifies_what_one_reported(world, live, client):
    row = task(live, "（一）").assignments.get(department=world.departments["ecology"])
    work.report(row, work.Report("排查完成", claims_done=True), by=world.actor("officer"), at=NOVEMBER)
    told = {}
    for name in ("officer", "issuer"):
        client.force_login(world.people[name])
        told[name] = client.get(f"/plans/tasks/{row.task.uid}/").content.decode()
    assert "您填报的由另一位经办人核实" in told["officer"] and f"/assignments/{row.uid}/verify/" not in told["officer"]
    assert f"/assignments/{row.uid}/verify/" in told["issuer"]
    client.force_login(world.people["officer"])
    said = client.post(f"/plans/assignments/{row.uid}/verify/", follow=True).content.decode()
    assert "本人填报的，不能自己核实" in said and row.entries.get().verified_at is None


def test_sending_back_reopens_what_was_closed(world, live):
    row = task(live, "（一）").assignments.get(department=world.departments["ecology"])
    officer = world.actor("officer")
    work.report(row, work.Report("排查完成", claims_done=True, done_on=date(2026, 10, 30)), by=officer, at=NOVEMBER)
    assert standing(live, "（一）", date(2026, 11, 20)).state is TaskState.DONE
    work.send_back(row, why="缺少台账", by=officer, at=NOVEMBER)
    assert standing(live, "（一）", date(2026, 11, 20)).state is TaskState.OVERDUE
    with pytest.raises(GroundMissing):
        work.send_back(row, why="", by=officer, at=NOVEMBER)


def test_a_unit_is_told_when_its_report_goes_back(world, live):
    row = task(live, "（三）").assignments.get(department=world.departments["agriculture"])
    work.report(row, work.Report("已办", claims_done=True), by=world.actor("agriculture"), at=NOVEMBER)
    work.send_back(row, why="缺少台账", by=world.actor("officer"), at=NOVEMBER)
    (told,) = world.people["agriculture"].messages.all()
    assert "缺少台账" in told.text
    assert str(row.task.uid) in told.link


def test_a_unit_cannot_report_for_another(world, live):
    row = task(live, "（一）").assignments.get(department=world.departments["ecology"])
    with pytest.raises(NotAllowed):
        work.report(row, work.Report("代报"), by=world.actor("agriculture"), at=NOVEMBER)
    with pytest.raises(WrongValue, match="晚于今天"):
        work.report(
            row,
            work.Report("提前报", claims_done=True, done_on=date(2027, 1, 1)),
            by=world.actor("officer"),
            at=NOVEMBER,
        )


def test_a_misdirected_task_goes_to_another_unit_with_its_duties(world, live):
    row = task(live, "（三）").assignments.get(department=world.towns["柏庄镇"])
    work.misdirected(row, why="本镇无受污染耕地", by=world.actor("town"), at=NOVEMBER)
    taker = work.reassign(row, world.towns["清水乡"], why="同意改派", by=world.actor("officer"), at=NOVEMBER)
    owed = Duty.objects.for_subject(row.task)
    assert taker.department == world.towns["清水乡"]
    assert owed.filter(unit=world.towns["清水乡"]).count() == 2 and not owed.filter(unit=row.department).exists()


def test_a_new_edition_supersedes_and_the_old_one_owes_nothing(world, live):
    edition = take_in(world, TEXT.replace("10月底前", "9月底前"))
    succession.confirm_all(edition, by=world.actor("officer"), at=NOVEMBER)
    review.accept_confident(edition, by=world.actor("officer"), at=NOVEMBER, everything=True)
    publishing.publish(edition, by=world.actor("issuer"), at=NOVEMBER)
    live.refresh_from_db()
    assert live.phase(date(2026, 11, 20)) == Plan.Phase.SUPERSEDED
    ids = list(live.tasks.values_list("pk", flat=True))
    assert not Duty.objects.live_on(date(2026, 11, 21)).filter(subject_id__in=ids).exists()


def test_history_owes_nothing(world, plan):
    review.accept_confident(plan, by=world.actor("officer"), at=MARCH, everything=True)
    publishing.publish(plan, by=world.actor("issuer"), at=MARCH, as_history=True)
    assert plan.phase(date(2026, 11, 20)) == Plan.Phase.HISTORY
    assert not Duty.objects.live_on(date(2026, 11, 20)).exists()
    assert standing(plan, "（一）", date(2026, 11, 20)).state is TaskState.UNKNOWN


def test_closing_needs_a_fate_for_every_open_task(world, live):
    at = datetime(2027, 1, 10, 2, 0, tzinfo=UTC)
    issuer = world.actor("issuer", date(2027, 1, 10))
    with pytest.raises(WrongValue, match="没有说明去向"):
        closing.close(live, {}, by=issuer, at=at)
    waiting = closing.open_tasks(live, at)
    fates = {row: closing.Fate(ClosingRow.Outcome.ENDED, "机构调整，任务取消") for row in waiting}
    fates[waiting[0]] = closing.Fate(ClosingRow.Outcome.ENDED, "")
    with pytest.raises(GroundMissing):
        closing.close(live, fates, by=issuer, at=at)
    fates[waiting[0]] = closing.Fate(ClosingRow.Outcome.DONE, "已在线下办结，见纸质档案")
    closing.close(live, fates, by=issuer, at=at)
    assert live.phase(date(2027, 1, 10)) == Plan.Phase.HISTORY
    assert ClosingRow.objects.filter(plan=live).count() == live.tasks.count()


def test_only_a_superior_or_longer_plan_is_taken_up(world, live):
    other = take_in(
        world, TEXT.replace("青环委办〔2026〕4号", "青环委办〔2026〕9号").replace("2026年土壤", "2026年农田")
    )
    with pytest.raises(WrongValue, match="不是"):
        linking.link_task(task(other, "（一）"), task(live, "（一）"), by=world.actor("officer"), at=NOVEMBER)


def test_named_documents_prove_a_task_once_another_person_found_them_right(world, live):
    officer, row = world.actor("officer"), task(live, "（一）")
    assert "plans.documents_checked" in {p.measure.id for p in by_words(row)}, "the clause asks for a 台账"
    wanted = documents.ask(row, "台账（盖章）", by=officer, at=EARLY, each_unit=True)
    day = date(2026, 11, 20)

    def said(known_on=None):
        (found,) = judge(row, actor=officer, on=day, known_on=known_on)
        return found.result.outcome, found.result.numerator, found.result.denominator

    assert said() == ("not_done", 0, 2), "nothing came"
    filings = [
        documents.file(wanted, one, "台账.txt", f"{one.department}台账".encode(), by=officer, at=NOVEMBER)
        for one in row.assignments.all()
    ]
    assert said() == ("cannot_say", 0, 2), "nobody looked yet"
    with pytest.raises(WrongState, match="由您本人报送"):
        documents.check(filings[0], True, by=officer, at=NOVEMBER)
    for one in filings:
        documents.check(one, True, by=world.actor("issuer"), at=NOVEMBER)
    assert said() == ("done", 2, 2)
    assert said(date(2026, 11, 1)) == ("not_done", 0, 2), "as known before the files came"
    with pytest.raises(WrongState, match="已经核对过"):
        documents.check(filings[0], False, by=world.actor("issuer"), at=NOVEMBER, why="重看")


def test_a_document_that_is_not_right_leaves_the_task_undone_until_a_better_one_comes(world, live):
    officer, issuer, row = world.actor("officer"), world.actor("issuer"), task(live, "（一）")
    wanted = documents.ask(row, "方案", by=officer, at=EARLY)
    first = documents.file(wanted, None, "方案.txt", b"draft", by=officer, at=NOVEMBER)
    with pytest.raises(GroundMissing):
        documents.check(first, False, by=issuer, at=NOVEMBER)
    documents.check(first, False, by=issuer, at=NOVEMBER, why="未盖章")
    assert judge(row, actor=officer, on=date(2026, 11, 20))[0].result.outcome == "not_done"
    second = documents.file(wanted, None, "方案2.txt", b"stamped", by=officer, at=NOVEMBER)
    documents.check(second, True, by=issuer, at=NOVEMBER)
    assert judge(row, actor=officer, on=date(2026, 11, 20))[0].result.outcome == "done"
    documents.drop(wanted, why="改由镇街报", by=officer, at=NOVEMBER)
    said = judge(row, actor=officer, on=date(2026, 11, 20))[0].result
    assert said.outcome == "cannot_say", "nothing is asked for any more, so nothing is proved"
    with pytest.raises(WrongState, match="已经取消"):
        documents.file(wanted, None, "方案3.txt", b"late", by=officer, at=NOVEMBER)


def test_what_no_record_checks_has_its_reason_and_gives_way_to_a_measure(world, live):
    officer, row = world.actor("officer"), task(live, "（一）")
    with pytest.raises(GroundMissing):
        binding.bind_nothing(row, " ", by=officer, at=EARLY)
    binding.bind_nothing(row, "宣传用语，没有可核对的结果", by=officer, at=EARLY, register="培训登记")
    (one,) = [one for one in statuses(officer, date(2026, 11, 20), date(2026, 11, 20), live) if one.task.pk == row.pk]
    assert (one.checked.kind, one.checked.nothing.register, one.checked.outcome) == ("none", "培训登记", "cannot_say")
    binding.bind(row, "plans.units_answered", by=officer, at=NOVEMBER)
    (one,) = [one for one in statuses(officer, date(2026, 11, 20), date(2026, 11, 20), live) if one.task.pk == row.pk]
    assert (one.checked.kind, one.checked.nothing) == ("computed", None)
    with pytest.raises(WrongValue, match="已由"):
        binding.bind_nothing(row, "又不核算了", by=officer, at=NOVEMBER)


ANNEX = """
附件
青禾区2026年土壤污染防治任务分工明细表

序号\t重点工作\t目标任务\t完成时限\t牵头单位\t配合单位
1\t开展隐患排查\t土壤污染重点监管单位完成隐患排查，建立隐患排查台账\t11月底前\t区生态环境局\t区科工信局
2\t加强监测\t开展土壤环境例行监测，完成点位核实\t2月底前\t区生态环境局\t区农业农村局
"""


def test_an_open_conflict_is_settled_after_publication_and_duties_follow(world):
    from soildesk.plans.services import settling

    issuer = world.actor("issuer")
    plan = take_in(world, TEXT + ANNEX)
    review.accept_confident(plan, by=issuer, at=MARCH, everything=True)
    publishing.publish(plan, by=issuer, at=MARCH)
    conflict = plan.conflicts.get(kind="deadlines_differ")
    both = list(conflict.tasks.order_by("position"))
    assert {d.due for row in both for d in Duty.objects.for_subject(row)} == {date(2026, 10, 31), date(2026, 11, 30)}
    settling.settle(conflict, "1", "以附表为准", by=issuer, at=NOVEMBER)
    assert {d.due for row in both for d in Duty.objects.for_subject(row)} == {date(2026, 11, 30)}
    settling.settle(conflict, "0", "改以正文为准", by=issuer, at=NOVEMBER)
    assert {d.due for row in both for d in Duty.objects.for_subject(row)} == {date(2026, 10, 31)}
    settling.settle(conflict, "both", "不是同一件事", by=issuer, at=NOVEMBER)
    assert [sorted({d.due for d in Duty.objects.for_subject(row)}) for row in both] == [
        [date(2026, 10, 31)], [date(2026, 11, 30)],
    ], "each by its own words"  # fmt: skip
    settling.settle(conflict, "1", "以附表为准", by=issuer, at=NOVEMBER)
    assert {d.due for row in both for d in Duty.objects.for_subject(row)} == {date(2026, 11, 30)}
    assert not Assignment.objects.filter(task__plan=plan, state=Assignment.State.WITHDRAWN).exists()


MONTHLY = """青禾区2026年土壤污染防治工作方案
青环委办〔2026〕8号
青禾区生态环境保护委员会办公室
2026年3月20日
一、主要任务
（一）农膜回收。各镇街每月5日前报送回收情况。（区农业农村局牵头，各镇人民政府、街道办事处、相关镇人民政府配合）
（二）台账。每月更新台账。（区生态环境局负责）
（三）监测。按季度开展监测，长期坚持。（区生态环境局负责）
"""


def test_a_day_of_every_month_is_twelve_terms_and_every_month_without_a_day_a_monthly_rhythm(world):
    issuer = world.actor("issuer")
    plan = take_in(world, MONTHLY)
    review.accept_confident(plan, by=issuer, at=MARCH, everything=True)
    publishing.publish(plan, by=issuer, at=MARCH)
    film, ledger, watched = plan.tasks.order_by("position")
    owed = Duty.objects.for_subject(film).filter(unit=world.departments["agriculture"])
    assert {(d.due.month, d.due.day) for d in owed} == {(month, 5) for month in range(1, 13)}
    ours = film.assignments.get(department=world.departments["agriculture"])
    answerable = [key for key, _words in open_terms(ours, date(2026, 5, 1))]
    assert answerable == [f"m{n}/2026" for n in range(3, 12)] + [""], "no day that had passed when it was issued"
    steps = task_page(film, world.actor("officer"), date(2026, 5, 1)).steps
    gone = [step for step in steps if "下发前" in step.title or "下发前" in step.note]
    assert [(step.title, step.on) for step in gone] == [("下发前已到期 3 个节点", date(2026, 3, 5))]
    assert next(facts.terms for facts in editions.facts_of(plan)) == ("每月5日前",)
    assert ledger.standing_order.rhythm == "month"
    assert {d.period for d in Duty.objects.for_subject(ledger)} == {f"2026-{month:02d}" for month in range(3, 13)}
    assert watched.standing_order.rhythm == "quarter"
    assert [row.kind for row in watched.milestones.all()] == ["standing"]
    found = {row.name: (row.match, row.department_id) for row in film.units.all()}
    assert found["街道办事处"] == ("group", None)
    assert found["相关镇人民政府"] == ("none", None), "no one body is proposed for a word that names none"


def test_every_act_is_in_the_chain(world, live):
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"plans.plan.imported", "plans.tasks.accepted", "plans.plan.published"} <= acts
    assert audit.verify().ok


@pytest.mark.parametrize("onto", ["（一）", "（二）"])
def test_a_unit_that_leads_by_one_clause_is_not_also_responsible_by_the_other(world, plan, onto):
    lead = task(plan, "（二）").units.filter(role="lead").first()
    task(plan, "（一）").units.create(position=90, name=lead.name, role="responsible", source="bracket")
    into = task(plan, onto)
    others = [one for one in (task(plan, "（一）"), task(plan, "（二）")) if one.pk != into.pk]
    review.merge(others, into, by=world.actor("officer"), at=MARCH)
    assert [unit.role for unit in into.units.filter(name=lead.name)] == ["lead"]
