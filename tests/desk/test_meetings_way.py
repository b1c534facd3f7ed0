"""Meetings: an agenda from open matters, called, held; the decisions of the minutes become tasks that a person accepts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from docx import Document

from desk.letters_world import DUE, TODAY, Desk, at_the_office
from desk.supervision_world import morning
from soildesk.core.models import Duty, Message
from soildesk.kit import word
from soildesk.plans.models import Assignment, Plan, PlanTask
from soildesk.plans.refusals import PlanRefusal
from soildesk.plans.services import publishing, review, work
from soildesk.supervision import meetingpapers
from soildesk.supervision.models import AgendaItem, Meeting
from soildesk.supervision.queries import agenda
from soildesk.supervision.queries import meetings as reads
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import matters, meetings
from soildesk.supervision.services.letters import supervised_place
from soildesk.supervision.services.meetings import Held, Point, Upload, Wanted

pytestmark = pytest.mark.django_db
MINUTES = """联席会议纪要
现将议定事项纪要如下：
（一）由区农业农村局牵头，柏庄镇配合，于2026年12月10日前核实种植结构。
（二）区财政局于2027年1月15日前落实检测经费。
参会单位：区农业农村局、区财政局。
"""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of the file; each undoes what it did."""
    with at_the_office(django_db_blocker, tmp_path_factory.mktemp("meetings")) as made:
        yield made


@pytest.fixture
def made(shared: Desk, db: None) -> Desk:
    return shared


def prepared(made: Desk, **said: Any) -> Meeting:
    units = [made.unit("agriculture"), made.unit("finance")]
    wanted = Wanted(**{"title": "2026年第2次联席会议", "on": TODAY, "units": units, **said})
    return meetings.prepare(wanted, [Point("研究防渗层")], by=made.who("chief"), at=morning(TODAY))


def recorded(made: Desk, meeting: Meeting, text: str = MINUTES, name: str = "", **said: Any) -> Meeting:
    told = Held(**{"on": TODAY, "came": [made.unit("agriculture")], "number": "纪〔2026〕2号", **said})
    upload = Upload(text.encode(), name)
    return meetings.record(meeting, told, upload, by=made.who("chief"), at=morning(TODAY))


def published(made: Desk) -> Meeting:
    done = recorded(made, prepared(made))
    plan = Plan.objects.get(pk=done.plan_id)
    review.accept_confident(plan, by=made.who("chief"), at=morning(TODAY), everything=True)
    publishing.publish(plan, by=made.who("chief"), at=morning(TODAY))
    return done


def test_a_meeting_about_nothing_is_not_called(made: Desk, client: Any) -> None:
    meeting = prepared(made)
    set_agenda = lambda *points: meetings.set_agenda(meeting, points, by=made.who("chief"), at=morning(TODAY))  # noqa: E731
    set_agenda()
    with pytest.raises(SupervisionRefused, match="还没有议程"):
        meetings.call(meeting, by=made.who("chief"), at=morning(TODAY))
    client.force_login(made.world.people["chief"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("kit:record", args=["meetings", str(meeting.uid)])).content.decode()
    assert "还没有议程：先编排议程。" in page
    town = made.world.towns["柏庄镇"]
    set_agenda(Point("研究防渗层", unit=town), Point("经费", unit=made.unit("finance")))
    assert reads.uninvited(meeting) == [town]
    page = client.get(reverse("kit:record", args=["meetings", str(meeting.uid)])).content.decode()
    assert "还没有议程" not in page and "议程涉及、没有邀请的单位：柏庄镇" in page
    meetings.call(meeting, by=made.who("chief"), at=morning(TODAY))
    with pytest.raises(SupervisionRefused, match="至少保留一项"):
        set_agenda(Point(" "))
    meetings.change(
        meeting, Wanted("会议", TODAY, [town, made.unit("finance")]), by=made.who("chief"), at=morning(TODAY)
    )
    assert reads.uninvited(meeting) == []


@pytest.mark.parametrize(
    ("collection", "office", "unit"),
    [("meetings", "筹备会议", "没有请本单位参加的会议"), ("talks", "起草“约谈提请”", "没有约谈本单位的记录")],
)
def test_an_empty_list_tells_everybody_what_is_theirs_to_do(
    made: Desk, client: Any, collection: str, office: str, unit: str
) -> None:
    for who, said, other in (("chief", office, unit), ("agriculture", unit, office)):
        client.force_login(made.world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(reverse("kit:collection", args=[collection])).content.decode()
        assert said in page and f"{other}，" not in page and (who == "chief" or "点“筹备" not in page)


def test_contradictions_are_looked_for_in_every_plan_that_still_owes(
    made: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = published(made)
    plan = Plan.objects.get(pk=meeting.plan_id)
    Plan.objects.filter(pk=plan.pk).update(period_start=date(2026, 1, 1), period_end=TODAY)
    asked: list[int] = []
    monkeypatch.setattr(agenda, "statuses", lambda _actor, _on, _known, one: asked.append(one.pk) or [])
    day_after = TODAY + timedelta(days=1)
    agenda.proposed(made.who("chief"), meeting, made.world.district, day_after)
    assert plan.pk in asked, "its period is over, and it is not closed: what it asked is still owed"
    asked.clear()
    Plan.objects.filter(pk=plan.pk).update(stage=Plan.Stage.CLOSED, closed_at=morning(TODAY))
    agenda.proposed(made.who("chief"), meeting, made.world.district, day_after)
    assert plan.pk not in asked


def test_guests_see_the_meeting_once_they_are_called(made: Desk) -> None:
    meeting = prepared(made)
    sees = lambda who: reads.meeting_of(made.who(who), meeting.uid) is not None  # noqa: E731
    assert (sees("chief"), sees("agriculture"), sees("town")) == (True, False, False)
    meetings.call(meeting, by=made.who("chief"), at=morning(TODAY))
    assert (sees("agriculture"), sees("town")) == (True, False)
    assert Message.objects.filter(person=made.world.people["agriculture"], text__contains="会议通知").exists()
    with pytest.raises(SupervisionRefused, match="不能这样办理"):
        meetings.call(meeting, by=made.who("chief"), at=morning(TODAY))


def test_the_serial_number_runs_by_year(made: Desk) -> None:
    assert [prepared(made).serial, prepared(made).serial] == [1, 2]
    assert prepared(made, on=date(2027, 1, 8)).serial == 1


@pytest.mark.parametrize(("said", "sentence"), [({"title": " "}, "会议名称"), ({"units": []}, "参会单位")])
def test_a_meeting_has_a_name_and_guests(made: Desk, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SupervisionRefused, match=sentence):
        prepared(made, **said)


def test_the_agenda_is_made_of_open_matters_and_edited(made: Desk) -> None:
    duty = made.matter("地面防渗层破损", due=date(2026, 11, 18))
    later = made.matter("台账缺失", due=DUE)
    asked = matters.ask_extension(later, date(2026, 12, 20), made.act("agriculture"))
    matters.refuse_extension(asked, made.act("chief", "没有理由。"))
    made.run(TODAY)
    meeting, chief = prepared(made), made.who("chief")
    found = agenda.proposed(chief, meeting, supervised_place(made.office), TODAY)
    kinds = {one.kind for one in found}
    assert {AgendaItem.Kind.RED, AgendaItem.Kind.EXTENSION, AgendaItem.Kind.PROBLEM} <= kinds
    assert duty.title in {one.text for one in found if one.kind == AgendaItem.Kind.RED}
    assert len({one.key for one in found}) == len(found)
    meetings.set_agenda(meeting, [Point("自拟议题"), Point(" "), Point(found[0].text)], by=chief, at=morning(TODAY))
    assert [one.text for one in reads.agenda_of(meeting)] == ["自拟议题", found[0].text]


def test_decisions_are_proposed_with_the_characters_of_their_clauses_and_nothing_is_owed_before_a_person_accepts(
    made: Desk,
) -> None:
    done = recorded(made, prepared(made))
    plan = Plan.objects.get(pk=done.plan_id)
    assert (plan.kind, plan.stage) == ("minutes", "review")
    tasks = list(PlanTask.objects.filter(plan=plan).order_by("position"))
    assert [one.status for one in tasks] == ["proposed", "proposed"]
    for one in tasks:
        ((start, end),) = one.reading["text"]["spans"]
        assert done.minutes_text[start:end] == one.text
    units = [[(row.department, row.role) for row in one.units.all()] for one in tasks]
    assert units[0] == [(made.unit("agriculture"), "lead"), (made.world.towns["柏庄镇"], "support")]
    assert units[1] == [(made.unit("finance"), "responsible")]
    assert [one.milestones.get().last for one in tasks] == [date(2026, 12, 10), date(2027, 1, 15)]
    assert not Duty.objects.filter(subject_type="plans.plantask").exists()


def test_accepted_decisions_are_owed_and_the_next_meeting_shows_what_is_done(made: Desk) -> None:
    first = published(made)
    duties = Duty.objects.filter(subject_type="plans.plantask").order_by("due")
    assert [(one.unit, one.due) for one in duties] == [
        (made.unit("agriculture"), date(2026, 12, 10)), (made.unit("finance"), date(2027, 1, 15)),
    ]  # fmt: skip
    assert Duty.objects.late_on(date(2027, 1, 16)).filter(pk__in=duties.values("pk")).count() == 2
    following = prepared(made, title="2026年第3次联席会议", on=DUE)
    (before,) = reads.before(made.who("chief"), following, TODAY)
    assert (before.meeting, before.done, len(before.tasks)) == (first, 0, 2)
    place = supervised_place(made.office)
    left = [
        one
        for one in agenda.proposed(made.who("chief"), following, place, TODAY)
        if one.kind == AgendaItem.Kind.DECISION
    ]
    assert [one.unit for one in left] == [made.unit("agriculture"), made.unit("finance")], (
        "who leads a decision reports on it"
    )
    one = Assignment.objects.get(task__plan=first.plan_id, department=made.unit("agriculture"))
    work.report(one, work.Report("已核实", claims_done=True), by=made.who("agriculture"), at=morning(TODAY))
    (before,) = reads.before(made.who("chief"), following, TODAY)
    assert before.done == 1


def test_minutes_are_read_again_until_they_are_published(made: Desk) -> None:
    meeting = recorded(made, prepared(made))
    again = recorded(made, meeting, MINUTES.replace("（二）", "（三）"))
    assert Plan.objects.filter(kind="minutes").count() == 1
    assert PlanTask.objects.filter(plan=again.plan_id, number="（三）").exists()
    plan = Plan.objects.get(pk=again.plan_id)
    review.accept_confident(plan, by=made.who("chief"), at=morning(TODAY), everything=True)
    publishing.publish(plan, by=made.who("chief"), at=morning(TODAY))
    with pytest.raises(PlanRefusal, match="已经发布"):
        recorded(made, again)


def test_minutes_without_decisions_are_kept_without_tasks(made: Desk) -> None:
    done = recorded(made, prepared(made), "会议学习了有关文件。\n")
    assert (done.state, done.plan, done.minutes_text.strip()) == ("held", None, "会议学习了有关文件。")


def test_a_word_file_of_minutes_is_read_in_the_child_process(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, depths = len(connection.atomic_blocks), []
    reads_file = meetings.read_file

    def watched(*args: Any) -> Any:
        depths.append(len(connection.atomic_blocks) - blocks)
        return reads_file(*args)

    monkeypatch.setattr(meetings, "read_file", watched)
    document = word.a4()
    for line in MINUTES.splitlines():
        word.paragraph(document, line)
    told = Held(TODAY, [made.unit("agriculture")], "")
    upload = Upload(word.saved(document), "纪要.docx")
    done = meetings.record(prepared(made), told, upload, by=made.who("chief"), at=morning(TODAY))
    assert PlanTask.objects.filter(plan=done.plan_id).count() == 2
    assert [one.came for one in reads.invited(done)] == [True, False]
    assert depths == [0], "no writer waits while a file is read"


@pytest.mark.parametrize(
    ("data", "name"), [(b"\x00\x01\x02", "纪要.docx"), (b"PK\x03\x04broken", "纪要.docx"), (b" ", "")]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(made: Desk, data: bytes, name: str) -> None:
    meeting = prepared(made)
    with pytest.raises(SupervisionRefused) as refused:
        meetings.record(meeting, Held(TODAY), Upload(data, name), by=made.who("chief"), at=morning(TODAY))
    assert refused.value.code == "supervision.meeting.minutes"
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.PREPARING


def test_a_meeting_ahead_has_no_minutes(made: Desk) -> None:
    with pytest.raises(SupervisionRefused, match="还没有到"):
        recorded(made, prepared(made, on=DUE), on=DUE)


def test_minutes_of_another_year_and_terms_at_the_end_of_time(made: Desk) -> None:
    meeting = prepared(made)
    with pytest.raises(SupervisionRefused, match="核对年份"):
        recorded(made, meeting, on=date(2025, 11, 20))
    text = "会议议定：\n（一）由青禾区农业农村局牵头，于9999年12月31日前完成修复。\n"
    assert recorded(made, meeting, text).plan is not None


def test_a_clause_of_a_unit_nobody_knows_is_told_and_not_lost(made: Desk) -> None:
    text = "会议议定：\n一、关于农用地安全利用\n（一）由青禾区农业农村局牵头，于12月20日前完成修复。\n（二）由外星局负责排查。\n"
    meeting = recorded(made, prepared(made), text)
    page = made.world.browser("chief").get(reverse("kit:record", args=["meetings", str(meeting.uid)])).content.decode()
    assert reads.unread(meeting) == ["（二）由外星局负责排查。"]
    assert "没有读出本地的责任单位" in page and "（二）由外星局负责排查。" in page


def test_a_meeting_of_another_year_is_not_prepared(made: Desk) -> None:
    for on in (date(9999, 12, 31), date(2024, 11, 20)):
        with pytest.raises(SupervisionRefused, match="核对年份"):
            prepared(made, on=on)


def test_another_office_leaves_the_meeting_alone(made: Desk) -> None:
    with pytest.raises(SupervisionRefused, match="请由该单位的人员办理"):
        meetings.call(prepared(made), by=made.who("issuer"), at=morning(TODAY))


def test_agenda_and_minutes_in_word(made: Desk) -> None:
    done = recorded(made, prepared(made))
    agenda_file = Document(BytesIO(meetingpapers.agenda(done)))
    assert "研究防渗层" in [cell.text for cell in agenda_file.tables[1].rows[1].cells]
    minutes = "\n".join(one.text for one in Document(BytesIO(meetingpapers.minutes(done))).paragraphs)
    assert "落实检测经费" in minutes
    assert "纪〔2026〕2号" in minutes
