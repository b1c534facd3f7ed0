"""A letter's way: who may sign what, the text fixed when signed, answers owed, proposals and the answer with its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from docx import Document

from desk.letters_world import DUE, TODAY, Desk, at_the_office
from desk.supervision_world import morning
from soildesk.core import duties
from soildesk.core.duties import state_of
from soildesk.core.models import AuditEntry, Duty, Message
from soildesk.core.permissions import NotAllowed
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.services import work
from soildesk.supervision import letterpapers
from soildesk.supervision.models import Letter, Talk
from soildesk.supervision.queries import letters as reads
from soildesk.supervision.queries import letters_sources as sources
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import letters, letters_sending
from soildesk.supervision.services.letters import Item, Wanted
from soildesk.supervision.services.letters_sending import Reply
from soilrules.deadlines import State
from soilrules.supervision.authorities import Act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of the file; each undoes what it did."""
    with at_the_office(django_db_blocker, tmp_path_factory.mktemp("letters")) as made:
        yield made


@pytest.fixture
def made(shared: Desk, db: None) -> Desk:
    return shared


def test_signed_is_fixed_with_number_and_hash_and_nobody_else_sees_the_draft(made: Desk) -> None:
    draft = made.draft()
    assert reads.letter_of(made.who("chief"), draft.uid) is not None
    for other in ("officer", "agriculture", "reader"):
        assert reads.letter_of(made.who(other), draft.uid) is None
    done = letters.sign(draft, by=made.who("chief"), at=morning(TODAY))
    assert done.number == "督办函〔2026〕1号"
    assert "修复地面防渗层（责任单位：" in done.text
    assert "请于2026年11月27日前书面答复。" in done.text
    with pytest.raises(SupervisionRefused, match="已签发的内容不能改"):
        letters.edit(done, Wanted(Act.SUPERVISE, "别的", [made.unit("agriculture")], lead="改"), by=made.who("chief"), at=morning(TODAY))  # fmt: skip
    letters_sending.intact(done)
    done.text += "加一句"
    with pytest.raises(SupervisionRefused, match="校验值不符"):
        letters_sending.intact(done)
    assert made.signed().number == "督办函〔2026〕2号"
    acts = AuditEntry.objects.filter(act__startswith="supervision.letter.").values_list("act", flat=True)
    assert sorted(acts) == ["supervision.letter.drafted"] * 2 + ["supervision.letter.signed"] * 2


def test_an_office_signs_what_it_may_and_proposes_what_it_may_not(made: Desk) -> None:
    with pytest.raises(SupervisionRefused, match="只能提请") as refused:
        made.draft(Act.TALK)
    assert refused.value.code == "supervision.authority"
    with pytest.raises(SupervisionRefused, match="提请"):
        made.draft(Act.CIRCULAR, by="officer")
    with pytest.raises(SupervisionRefused, match="不需要提请"):
        made.draft(Act.CIRCULAR, request=True)
    with pytest.raises(SupervisionRefused, match="有权决定的机关"):
        made.draft(Act.TALK, request=True)
    with pytest.raises(NotAllowed):
        made.draft(by="agriculture")
    may = {(one.act, one.request): one.stopped_by for one in reads.kinds(made.who("chief"))}
    assert not may[Act.ASSIGN, False]
    assert may[Act.TALK, False]
    assert may[Act.TALK, True] == may[Act.LIMIT, True] == ""
    assert (Act.ASSIGN, True) not in may
    bureau = {(one.act, one.request): one.stopped_by for one in reads.kinds(made.who("officer"))}
    assert not bureau[Act.REMINDER, False]
    assert (Act.CIRCULAR, True) in bureau


def test_only_the_writing_office_signs_and_an_officer_of_it_not(made: Desk) -> None:
    draft = made.draft()
    with pytest.raises(SupervisionRefused, match="请由该单位的人员办理"):
        letters.sign(draft, by=made.who("issuer"), at=morning(TODAY))


def test_units_receive_answer_and_owe_until_then(made: Desk) -> None:
    sent = made.sent(copies=[made.unit("government")])
    duty = Duty.objects.for_subject(sent).get()
    assert (duty.unit, duty.due, duty.kind) == (made.unit("agriculture"), DUE, Duty.Kind.LETTER)
    assert state_of(duty, date(2026, 11, 28)) is State.OVERDUE
    assert Message.objects.filter(person=made.world.people["agriculture"], text__contains=sent.number).exists()
    assert reads.letter_of(made.who("agriculture"), sent.uid) is not None
    assert reads.letter_of(made.who("town"), sent.uid) is None
    farm = made.unit("agriculture")
    letters_sending.receive(sent, farm, made.act("agriculture"))
    with pytest.raises(SupervisionRefused, match="请写明办理情况"):
        letters_sending.answer(sent, farm, made.act("agriculture", ""))
    with pytest.raises(NotAllowed):
        letters_sending.answer(sent, farm, made.act("town"))
    letters_sending.answer(sent, farm, made.act("agriculture", "月底前完成。"))
    sent.refresh_from_db()
    assert sent.state == Letter.State.ANSWERED
    duty.refresh_from_db()
    assert duty.done_on == TODAY
    with pytest.raises(SupervisionRefused, match="已于"):
        letters_sending.answer(sent, farm, made.act("agriculture", "再答复"))
    assert letters_sending.close(sent, made.act("chief", "")).state == Letter.State.CLOSED


def test_what_is_not_answered_is_closed_with_a_ground_only(made: Desk) -> None:
    sent = made.sent()
    with pytest.raises(SupervisionRefused, match="没有答复"):
        letters_sending.close(sent, made.act("chief", ""))
    letters_sending.close(sent, made.act("chief", "事项已并入交办。"))
    duty = Duty.objects.for_subject(sent).get()
    assert duty.done_on is None
    assert not Duty.objects.late_on(date(2026, 12, 31)).filter(pk=duty.pk).exists()


def test_units_see_their_own_answer_alone(made: Desk) -> None:
    town = made.world.towns["柏庄镇"]
    sent = made.sent(units=[made.unit("agriculture"), town])
    letters_sending.answer(sent, made.unit("agriculture"), made.act("agriculture", "只给办公室看。"))
    assert [one.department for one in reads.rows_of(made.who("town"), sent)] == [town]
    assert len(reads.rows_of(made.who("chief"), sent)) == 2


def test_an_answer_is_late_by_its_duty_whose_term_may_have_been_moved(made: Desk) -> None:
    letter = made.sent()
    late = DUE + timedelta(days=1)
    assert reads.is_answer_late(letter, late) and not reads.is_answer_late(letter, DUE)
    (duty,) = Duty.objects.for_subject(letter)
    duties.move_term(duty, DUE + timedelta(days=10), by=made.who("chief"))
    assert not reads.is_answer_late(letter, late)
    assert reads.is_answer_late(letter, DUE + timedelta(days=11))


def test_an_answer_that_is_late_gets_its_slip(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = made.sent()
    made.run(TODAY)
    duty = Duty.objects.for_subject(sent).get()
    letters_day = date(2026, 11, 30)
    monkeypatch.setenv("SOILDESK_TODAY", letters_day.isoformat())
    made.run(letters_day)
    assert [slip.colour for slip in made.slips(duty)][-1] == "red"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"items": []}, "至少要有一项"),
        ({"items": [Item("没有单位", None, DUE)]}, "没有责任单位或者时限"),
        ({"units": []}, "请选择主送单位"),
        ({"title": " "}, "请填写标题"),
    ],
)
def test_an_order_names_who_does_what_by_when(made: Desk, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SupervisionRefused, match=sentence):
        made.draft(Act.ASSIGN, **said)


def test_an_order_whose_day_has_passed_is_not_signed(made: Desk) -> None:
    farm = made.unit("agriculture")
    with pytest.raises(SupervisionRefused, match="已经过去"):
        made.signed(Act.ASSIGN, items=[Item("修复", farm, date(2026, 11, 19))], answer_by=None)
    assert made.signed(Act.ASSIGN, items=[Item("修复", farm, TODAY)], answer_by=None).number


def test_a_signed_letter_whose_day_has_passed_or_is_wrong_is_made_void_and_not_sent(made: Desk) -> None:
    letter = made.signed()
    late = DUE + timedelta(days=1)
    with pytest.raises(SupervisionRefused, match=r"已经过去.*作废"):
        letters_sending.send(letter, by=made.who("chief", late), at=morning(late))
    with pytest.raises(SupervisionRefused, match="理由"):
        letters_sending.void(letter, made.act("chief", " "))
    gone = letters_sending.void(letter, made.act("chief", "答复时限已过，另行发函。"))
    assert (gone.state, gone.number, gone.sent_on) == ("void", letter.number, None)
    assert AuditEntry.objects.filter(act="supervision.letter.voided").count() == 1
    assert not Duty.objects.for_subject(gone).exists()
    for act in (lambda: letters_sending.send(gone, by=made.who("chief"), at=morning(TODAY)), lambda: letters_sending.void(gone, made.act("chief", "再作废"))):  # fmt: skip
        with pytest.raises(SupervisionRefused, match="已作废"):
            act()
    assert made.signed().number != letter.number


def test_a_term_ten_years_off_is_not_signed(made: Desk) -> None:
    farm = made.unit("agriculture")
    with pytest.raises(SupervisionRefused, match="十年以后"):
        made.signed(Act.ASSIGN, items=[Item("修复", farm, date(9999, 12, 31))], answer_by=None)


def test_a_limit_is_proposed_only(made: Desk, client: Any) -> None:
    client.force_login(made.world.people["chief"])
    page = client.get(reverse("supervision:new_letter"), {"act": "limit"})
    assert page.status_code == 200
    assert "区域限批" in page.content.decode()
    with pytest.raises(SupervisionRefused, match="提请"):
        made.draft(Act.LIMIT)


def test_an_order_becomes_tasks_with_the_characters_of_their_clauses(made: Desk) -> None:
    farm, land = made.unit("agriculture"), made.unit("ecology")
    items = [Item("修复地面防渗层", farm, date(2026, 12, 10)), Item("复测地下水", land, date(2027, 1, 15))]
    sent = made.sent(Act.ASSIGN, title="交办一批事项", units=[farm, land], items=items, answer_by=None)
    plan = Plan.objects.get(pk=sent.plan_id)
    assert (plan.kind, plan.stage, plan.doc_number) == ("order", "published", "交办〔2026〕1号")
    tasks = list(PlanTask.objects.filter(plan=plan).order_by("position"))
    assert [one.status for one in tasks] == ["accepted", "accepted"]
    for task, item in zip(tasks, items, strict=True):
        ((start, end),) = task.reading["text"]["spans"]
        assert sent.text[start:end] == task.text
        assert task.text.startswith(item.text)
        assert [one.department for one in Assignment.objects.filter(task=task)] == [item.unit]
        assert Duty.objects.for_subject(task).get().due == item.due
    with pytest.raises(SupervisionRefused, match="2 项分办没有办完"):
        letters_sending.close(sent, made.act("chief", "不办了"))
    for one in Assignment.objects.filter(task__plan=plan):
        by = made.who("agriculture" if one.department == farm else "officer")
        work.report(one, work.Report("已完成", claims_done=True, done_on=TODAY), by=by, at=morning(TODAY))
    assert letters_sending.close(sent, made.act("chief", "")).state == Letter.State.CLOSED


def test_an_order_is_read_by_its_units_alone(made: Desk) -> None:
    sent = made.sent(Act.ASSIGN, items=[Item("修复", made.unit("agriculture"), DUE)], answer_by=None)
    plans = lambda who: Plan.objects.visible_to(made.who(who)).filter(pk=sent.plan_id).exists()  # noqa: E731
    assert plans("agriculture")
    assert plans("officer")
    assert not plans("town")


def test_two_orders_of_the_same_title_stand_side_by_side(made: Desk) -> None:
    items = [Item("修复", made.unit("agriculture"), DUE)]
    first, second = (made.sent(Act.ASSIGN, title="交办事项", items=items, answer_by=None) for _ in range(2))
    assert [Plan.objects.get(pk=one.plan_id).stage for one in (first, second)] == ["published", "published"]


def test_a_proposal_is_answered_with_a_number_and_leads_to_the_talk(made: Desk) -> None:
    asked = made.asks_for_talk()
    assert asked.number == "提请〔2026〕1号"
    with pytest.raises(SupervisionRefused, match="批复文号"):
        letters_sending.register_reply(asked, Reply(True, " ", TODAY), made.act("chief", ""))
    with pytest.raises(SupervisionRefused, match="批复日期"):
        letters_sending.register_reply(asked, Reply(True, "8号", date(2026, 11, 19)), made.act("chief", ""))
    with pytest.raises(SupervisionRefused, match="没有登记批复"):
        letters_sending.close(asked, made.act("chief", ""))
    done = letters_sending.register_reply(asked, Reply(True, "青政函〔2026〕8号", TODAY), made.act("chief", "同意。"))
    assert (done.state, done.agreed) == (Letter.State.ANSWERED, True)
    assert not Talk.objects.exists()


def test_a_letter_begins_with_the_slip_and_the_overdue_matters(made: Desk) -> None:
    duty = made.matter("地面防渗层破损", due=date(2026, 11, 18))
    made.run(TODAY)
    chief, slip = made.who("chief"), made.slips(duty)[-1]
    begun = sources.begun(chief, Act.SUPERVISE, False, "slip", str(slip.uid))
    assert begun is not None
    assert [one.unit for one in begun.items] == [made.unit("agriculture")]
    assert slip.number in begun.items[0].basis
    proposal = sources.begun(chief, Act.TALK, True, "slip", str(slip.uid))
    assert proposal is not None
    assert list(proposal.units) == [made.unit("government")]
    late = sources.begun(chief, Act.ASSIGN, False, "unit", str(made.unit("agriculture").pk))
    assert late is not None
    assert [one.text for one in late.items] == [duty.title]
    assert all(one.due and one.due > TODAY for one in late.items)
    assert sources.begun(made.who("town"), Act.SUPERVISE, False, "slip", str(slip.uid)) is None
    assert [(one, n) for one, n in reads.owing(chief)] == [(made.unit("agriculture"), 1)]


def test_the_word_file_says_what_was_signed(made: Desk) -> None:
    signed = made.signed()
    document = Document(BytesIO(letterpapers.docx(signed)))
    told = [one.text for one in document.paragraphs] + [
        cell.text for row in document.tables[0].rows for cell in row.cells
    ]
    for words in (signed.number, "修复地面防渗层", "2026年12月10日", "2026年11月20日"):
        assert any(words in one for one in told), words
