"""Talks: arranged by a number alone, promises owed by their day, followed to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from desk.letters_world import DUE, TODAY, Desk, at_the_office
from desk.supervision_world import morning
from soildesk.core.duties import state_of
from soildesk.core.models import Duty, Message
from soildesk.core.permissions import NotAllowed
from soildesk.supervision import talkpapers
from soildesk.supervision.models import Letter, Office, Talk, TalkPromise
from soildesk.supervision.queries import talks as reads
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import letters, letters_sending, talks
from soildesk.supervision.services.letters import Wanted
from soildesk.supervision.services.letters_sending import Reply
from soildesk.supervision.services.talks import Held, Plan, Promise
from soilrules.deadlines import State
from soilrules.supervision.authorities import Act, Body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of the file; each undoes what it did."""
    with at_the_office(django_db_blocker, tmp_path_factory.mktemp("talks")) as made:
        yield made


@pytest.fixture
def made(shared: Desk, db: None) -> Desk:
    return shared


def arranged(made: Desk, letter: Letter, **said: Any) -> Talk:
    plan = Plan(**{"units": [made.unit("agriculture")], "on": TODAY, **said})
    return talks.arrange(letter, plan, by=made.who("chief"), at=morning(TODAY))


def test_a_talk_stands_on_the_number_of_the_body_that_agreed(made: Desk) -> None:
    asked = made.asks_for_talk()
    with pytest.raises(SupervisionRefused, match="先登记批复"):
        arranged(made, asked)
    refused = letters_sending.register_reply(asked, Reply(False, "批示", TODAY), made.act("chief", "再督办。"))
    with pytest.raises(SupervisionRefused, match="先登记批复"):
        arranged(made, refused)
    agreed = made.agreed()
    with pytest.raises(SupervisionRefused, match="已经过去"):
        arranged(made, agreed, on=date(2026, 11, 19))
    with pytest.raises(SupervisionRefused, match="被约谈的单位"):
        arranged(made, agreed, units=[])
    talk = arranged(made, agreed)
    assert (talk.document, talk.body) == ("青政函〔2026〕8号", made.unit("government").name)
    assert Message.objects.filter(person=made.world.people["agriculture"], text__contains="约谈通知").exists()
    with pytest.raises(SupervisionRefused, match="已经安排"):
        arranged(made, agreed)


def test_the_body_itself_holds_its_talk_by_its_notice(made: Desk) -> None:
    Office.objects.filter(body=Body.GOVERNMENT.value).delete()
    made.name(made.world.departments["ecology"], Body.GOVERNMENT, TODAY)
    by = made.who("issuer")
    wanted = Wanted(
        Act.TALK, "约谈通知", [made.unit("agriculture")], lead="请接受约谈。", talk_on=DUE, talk_where="三楼"
    )
    letter = letters.sign(letters.draft(wanted, by=by, at=morning(TODAY)), by=by, at=morning(TODAY))
    assert "约谈时间：2026年11月27日；地点：三楼。" in letter.text
    letters_sending.send(letter, by=by, at=morning(TODAY))
    talk = Talk.objects.get()
    assert (talk.planned_on, talk.document, list(talk.units.all())) == (DUE, letter.number, [made.unit("agriculture")])


def test_a_notice_without_a_day_is_not_signed(made: Desk) -> None:
    made.name(made.office, Body.GOVERNMENT, TODAY)
    draft = made.draft(Act.TALK)
    with pytest.raises(SupervisionRefused, match="写明约谈日期"):
        letters.sign(draft, by=made.who("chief"), at=morning(TODAY))


def test_what_was_promised_is_owed_late_and_followed_to_the_end(made: Desk) -> None:
    talk = made.held()
    promise = talk.promises.get()
    duty = Duty.objects.for_subject(promise).get()
    assert (duty.kind, duty.due, duty.unit) == (Duty.Kind.TALK, DUE, made.unit("agriculture"))
    assert state_of(duty, DUE) is State.DUE_TODAY
    assert state_of(duty, date(2026, 11, 28)) is State.OVERDUE
    with pytest.raises(SupervisionRefused, match="1 项整改要求没有核实"):
        talks.close(talk, made.act("chief", ""))
    with pytest.raises(SupervisionRefused, match="约谈还没有销号"):
        letters_sending.close(talk.letter, made.act("chief", ""))
    with pytest.raises(NotAllowed):
        talks.report(promise, TODAY, made.act("town"))
    with pytest.raises(SupervisionRefused, match="整改情况"):
        talks.report(promise, TODAY, made.act("agriculture", " "))
    talks.report(promise, TODAY, made.act("agriculture", "已修复。"))
    duty.refresh_from_db()
    assert duty.done_on == TODAY
    with pytest.raises(SupervisionRefused, match="退回请写明原因"):
        talks.send_back(promise, made.act("chief", ""))
    talks.send_back(promise, made.act("chief", "没有照片。"))
    duty.refresh_from_db()
    assert duty.done_on is None
    with pytest.raises(SupervisionRefused, match="不能这样办理"):
        talks.verify(promise, made.act("chief", ""))
    talks.report(promise, TODAY, made.act("chief", "已修复，附照片。"))
    with pytest.raises(SupervisionRefused, match="不同的人"):
        talks.verify(promise, made.act("chief", ""))
    talks.send_back(promise, made.act("chief", "请责任单位自己报告。"))
    talks.report(promise, TODAY, made.act("agriculture", "已修复，附照片。"))
    talks.verify(promise, made.act("chief", ""))
    assert talks.close(talk, made.act("chief", "")).state == Talk.State.CLOSED
    assert letters_sending.close(talk.letter, made.act("chief", "")).state == Letter.State.CLOSED


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"on": date(2026, 11, 21)}, "还没有到"),
        ({"on": date(2025, 11, 20)}, "早于批复"),
        ({"minutes": " "}, "约谈记录"),
        ({"promises": ()}, "至少写明一项"),
    ],
)
def test_minutes_that_say_nothing_are_refused(made: Desk, said: dict[str, Any], sentence: str) -> None:
    good = {"on": TODAY, "chair": "副区长", "attended": "", "minutes": "要求整改。"}
    promises = [Promise(made.unit("agriculture"), "修复", DUE)]
    with pytest.raises(SupervisionRefused, match=sentence):
        talks.hold(made.talk(), Held(**{**good, "promises": promises, **said}), made.act("chief", ""))


def test_a_promise_is_of_a_unit_that_was_asked_and_after_the_talk(made: Desk) -> None:
    for promise, sentence in (
        (Promise(made.unit("ecology"), "修复", DUE), "不在被约谈单位"),
        (Promise(made.unit("agriculture"), "修复", date(2026, 11, 19)), "早于约谈日期"),
        (Promise(made.unit("agriculture"), "修复", date(9999, 12, 31)), "十年以后"),
    ):
        with pytest.raises(SupervisionRefused, match=sentence):
            made.held(promise)
        Talk.objects.all().delete()


def test_the_hash_holds_minutes_and_promises(made: Desk) -> None:
    talk = made.held()
    promises = reads.promises_of(talk)
    assert talks.digest_of(talk.minutes, promises) == talk.digest
    promises[0].due = date(2027, 1, 1)
    assert talks.digest_of(talk.minutes, promises) != talk.digest


def test_only_those_asked_see_the_talk(made: Desk) -> None:
    talk = made.held()
    seen = {
        who: reads.talk_of(made.who(who), talk.uid) is not None for who in ("chief", "agriculture", "town", "stranger")
    }
    assert seen == {"chief": True, "agriculture": True, "town": False, "stranger": False}
    promise = TalkPromise.objects.get()
    assert reads.promise_of(made.who("town"), promise.uid) is None


def test_a_late_promise_is_found_by_the_list(made: Desk) -> None:
    talk = made.held()
    assert not reads.talks(made.who("chief"), TODAY).filter(reads.late_on(DUE)).exists()
    assert reads.talks(made.who("chief"), TODAY).filter(reads.late_on(date(2026, 11, 28))).get() == talk


def test_notice_and_minutes_in_word(made: Desk) -> None:
    talk = made.held()
    notice = "\n".join(one.text for one in Document(BytesIO(talkpapers.notice(talk))).paragraphs)
    assert "青政函〔2026〕8号" in notice
    assert "2026年11月20日" in notice and "“约谈" not in notice, "a talk about the matter, not about the talk"
    minutes = Document(BytesIO(talkpapers.minutes(talk)))
    assert "要求限期整改。" in "\n".join(one.text for one in minutes.paragraphs)
    assert "修复防渗层" in [cell.text for cell in minutes.tables[1].rows[1].cells]
