"""The pages of letters, talks and meetings: from the slip to the answer, and what others never see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.letters_world import DUE, TODAY, Desk, at_the_office
from desk.oversight_world import PICTURE
from soildesk.kit import word
from soildesk.kit.letters import store
from soildesk.kit.models import LetterTemplate
from soildesk.plans.models import Plan
from soildesk.supervision.models import AgendaItem, Letter, Meeting, Talk, TalkPromise
from soildesk.supervision.services import letters
from soilrules.supervision.authorities import Act

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One office for all tests of the file; each undoes what it did."""
    with at_the_office(django_db_blocker, tmp_path_factory.mktemp("letterpages")) as made:
        yield made


@pytest.fixture
def made(shared: Desk, db: None) -> Desk:
    return shared


def client(made: Desk, name: str) -> Client:
    return made.world.browser(name)


def record(collection: str, row: Any) -> str:
    return reverse("kit:record", args=[collection, str(row.uid)])


def text(found: Client, url: str) -> str:
    response = found.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def rows(prefix: str, *filled: dict[str, str]) -> dict[str, str]:
    said = {f"{prefix}-TOTAL_FORMS": str(len(filled)), f"{prefix}-INITIAL_FORMS": "0"}
    return said | {f"{prefix}-{at}-{name}": value for at, one in enumerate(filled) for name, value in one.items()}


def test_from_the_slip_to_the_answer(made: Desk) -> None:
    duty = made.matter("地面防渗层破损", due=date(2026, 11, 18))
    made.run(TODAY)
    slip = made.slips(duty)[-1]
    chief, unit = client(made, "chief"), client(made, "agriculture")
    start = f"{reverse('supervision:new_letter')}?from=slip&key={slip.uid}"
    assert "起草函件" in text(chief, record("slips", slip))
    assert "起草函件" not in text(unit, record("slips", slip))
    kinds = text(chief, start)
    assert "约谈提请" in kinds
    assert "区域限批建议" in kinds
    form = text(chief, f"{start}&act=supervise")
    assert "地面防渗层破损" in form
    farm = str(made.unit("agriculture").pk)
    said = {"title": "关于防渗层的督办函", "units": [farm], "lead": "请办理。", "ending": "", "answer_by": "2026-11-27"}
    item = {"text": "修复防渗层", "unit": farm, "due": "2026-12-10", "basis": "", "url": "https://example.org/x"}
    assert chief.post(f"{start}&act=supervise", {**said, "title": "", **rows("item", item)}).status_code == 422
    assert chief.post(f"{start}&act=supervise", {**said, **rows("item", item, {"text": ""})}).status_code == 302
    letter = Letter.objects.get()
    assert letter.source_id == slip.pk
    assert letter.items[0]["url"] == ""
    assert unit.get(record("letters", letter)).status_code == 404
    press = lambda name: reverse("supervision:letter_button", args=[letter.uid, name])  # noqa: E731
    assert chief.get(press("sign")).status_code == 405
    for name in ("sign", "send"):
        assert chief.post(press(name)).status_code == 302
    page = text(unit, record("letters", letter))
    for words in ("督办函〔2026〕1号", "修复防渗层", "请于2026年11月27日前书面答复。", "签收"):
        assert words in page
    assert "函件待答复" in text(unit, "/")
    assert unit.post(press("receive")).status_code == 302
    answer = reverse("supervision:letter_act", args=[letter.uid, "answer"])
    assert unit.post(answer, {"unit": farm, "note": ""}).status_code == 422
    files = SimpleUploadedFile("说明.png", PICTURE)
    assert unit.post(answer, {"unit": farm, "note": "月底完成。", "files": files}).status_code == 302
    page = text(chief, record("letters", letter))
    assert "月底完成。" in page
    assert "说明.png" in page
    assert "函件待答复" not in text(unit, "/")
    document = Document(BytesIO(chief.get(reverse("supervision:letter_paper", args=[letter.uid])).content))
    assert "督办函〔2026〕1号" in [one.text for one in document.paragraphs]


def test_what_the_office_may_not_do_is_offered_as_a_proposal(made: Desk) -> None:
    chief = client(made, "chief")
    page = text(chief, f"{reverse('supervision:new_letter')}?act=talk")
    assert "只能提请" in page
    assert "改为提请有权机关办理" in page
    assert "act=talk&amp;request=1" in page
    government = str(made.unit("government").pk)
    said = {"title": "关于约谈的请示", "units": [government], "lead": "建议约谈。", "ending": "妥否，请批示。"}
    url = f"{reverse('supervision:new_letter')}?act=talk&request=1"
    assert chief.post(url, {**said, **rows("item")}).status_code == 302
    assert Letter.objects.get().request
    barred = chief.post(f"{reverse('supervision:new_letter')}?act=talk", {**said, **rows("item")})
    assert barred.status_code == 422
    assert client(made, "agriculture").get(url).status_code == 403


def test_a_draft_is_edited_and_thrown_away(made: Desk) -> None:
    draft, chief = made.draft(), client(made, "chief")
    edit = reverse("supervision:edit_letter", args=[draft.uid])
    assert "修复地面防渗层" in text(chief, edit)
    farm = str(made.unit("agriculture").pk)
    assert chief.post(edit, {"title": "另一个标题", "units": [farm], "lead": "改。", **rows("item")}).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.items) == ("另一个标题", [])
    assert chief.post(reverse("supervision:letter_button", args=[draft.uid, "discard"])).status_code == 302
    assert not Letter.objects.exists()


def test_an_order_shows_how_its_tasks_stand(made: Desk) -> None:
    sent = made.sent(Act.ASSIGN, answer_by=None)
    page = text(client(made, "agriculture"), record("letters", sent))
    assert "交办事项的办理" in page
    assert "未开始" in page
    assert str(Plan.objects.get(pk=sent.plan_id).uid) in page


def test_a_reply_and_a_talk_by_pages(made: Desk) -> None:
    asked, chief = made.asks_for_talk(), client(made, "chief")
    reply = reverse("supervision:letter_act", args=[asked.uid, "reply"])
    for name in ("edit_letter", "arrange_talk"):
        early = chief.get(reverse(f"supervision:{name}", args=[asked.uid]))
        assert early.status_code == 409, "a form that could only be refused is not shown"
    said = {"agreed": "yes", "document": "", "on": "2026-11-20", "note": ""}
    assert chief.post(reply, said).status_code == 422
    assert chief.post(reply, {**said, "document": "青政函8号"}).status_code == 302
    assert "安排约谈" in text(chief, record("letters", asked))
    farm = str(made.unit("agriculture").pk)
    arrange = reverse("supervision:arrange_talk", args=[asked.uid])
    assert chief.post(arrange, {"units": [farm], "on": "2026-11-20", "place": "三楼"}).status_code == 302
    talk, unit = Talk.objects.get(), client(made, "agriculture")
    assert "青政函8号" in text(unit, record("talks", talk))
    assert client(made, "town").get(record("talks", talk)).status_code == 404
    assert unit.get(reverse("supervision:talk_paper", args=[talk.uid, "notice"])).status_code == 200
    assert unit.get(reverse("supervision:talk_paper", args=[talk.uid, "minutes"])).status_code == 404
    hold = reverse("supervision:hold_talk", args=[talk.uid])
    held = {"on": "2026-11-20", "chair": "副区长", "attended": "局长", "minutes": "限期整改。"}
    no_day = {"text": "修复", "unit": farm, "due": ""}
    assert chief.post(hold, {**held, **rows("promise", no_day)}).status_code == 422
    for short, words in (({"unit": ""}, "请选择这项整改要求的责任单位"), ({"text": ""}, "没有写整改要求")):
        stopped = chief.post(hold, {**held, **rows("promise", {**no_day, "due": "2026-11-27", **short})})
        assert stopped.status_code == 422 and words in stopped.content.decode()
    assert chief.post(hold, {**held, **rows("promise", {**no_day, "due": "2026-11-27"})}).status_code == 302
    promise = TalkPromise.objects.get()
    assert "约谈整改" in text(unit, "/")
    act = lambda name: reverse("supervision:promise_act", args=[promise.uid, name])  # noqa: E731
    assert unit.get(act("verify")).status_code == 403
    assert unit.post(act("report"), {"note": "已修复。", "on": "2026-11-20"}).status_code == 302
    assert chief.post(act("verify"), {"note": "属实。"}).status_code == 302
    assert chief.post(reverse("supervision:close_talk", args=[talk.uid]), {"note": ""}).status_code == 302
    page = text(unit, record("talks", talk))
    for words in ("已销号", "已修复。", "核实意见：属实。"):
        assert words in page
    assert unit.get(reverse("supervision:promise", args=[promise.uid])).status_code == 302


def test_a_meeting_by_pages(made: Desk) -> None:
    made.matter("地面防渗层破损", due=date(2026, 11, 18))
    made.run(TODAY)
    chief, unit = client(made, "chief"), client(made, "agriculture")
    assert unit.get(reverse("supervision:new_meeting")).status_code == 403
    farm, money = (str(made.unit(name).pk) for name in ("agriculture", "finance"))
    said = {"title": "第2次联席会议", "on": "2026-11-20", "hour": "9:00", "place": "", "chair": "", "note": ""}
    assert chief.post(reverse("supervision:new_meeting"), {**said, "units": []}).status_code == 422
    assert chief.post(reverse("supervision:new_meeting"), {**said, "units": [farm, money]}).status_code == 302
    meeting = Meeting.objects.get()
    assert AgendaItem.objects.filter(meeting=meeting, kind=AgendaItem.Kind.RED).exists()
    agenda = reverse("supervision:agenda", args=[meeting.uid])
    assert "地面防渗层破损" in text(chief, agenda)
    own = {"take": "on", "place": "2", "text": "自拟", "unit": farm, "why": "", "kind": "own", "url": "", "key": ""}
    first = {**own, "place": "1", "text": "先议", "kind": "no such kind", "url": "//example.org"}
    left = {**own, "take": "", "text": "不议"}
    assert chief.post(agenda, rows("point", own, first, left) | {"point-INITIAL_FORMS": "3"}).status_code == 302
    assert [(one.text, one.kind, one.url) for one in meeting.agenda.all()] == [("先议", "own", ""), ("自拟", "own", "")]
    assert unit.get(record("meetings", meeting)).status_code == 404
    assert chief.post(reverse("supervision:call_meeting", args=[meeting.uid])).status_code == 302
    assert "先议" in text(unit, record("meetings", meeting))
    minutes = reverse("supervision:minutes", args=[meeting.uid])
    assert chief.post(minutes, {"on": "2026-11-20", "text": " ", "came": [farm]}).status_code == 422
    told = "会议议定：\n（一）区农业农村局于2026年12月10日前完成修复。\n"
    assert chief.post(minutes, {"on": "2026-11-20", "text": told, "came": [farm]}).status_code == 302
    meeting.refresh_from_db()
    page = text(chief, record("meetings", meeting))
    assert "审核议定事项" in page
    assert reverse("plans:review", args=[meeting.plan.uid]) in page
    assert "审核议定事项" not in text(unit, record("meetings", meeting))
    assert unit.get(reverse("supervision:meeting_paper", args=[meeting.uid, "minutes"])).status_code == 200
    assert chief.get(reverse("plans:review", args=[meeting.plan.uid])).status_code == 200


def test_no_matter_of_the_agenda_is_lost_without_a_word(made: Desk) -> None:
    chief = client(made, "chief")
    said = {"title": "第3次联席会议", "on": "2026-11-20", "units": [str(made.unit("finance").pk)]}
    chief.post(reverse("supervision:new_meeting"), said)
    meeting = Meeting.objects.get()
    agenda = reverse("supervision:agenda", args=[meeting.uid])
    empty = {"take": "", "place": "", "text": "", "unit": "", "why": "", "kind": "own", "url": "", "key": ""}
    kept = {**empty, "take": "on", "text": "先议"}
    assert chief.post(agenda, rows("point", kept, empty)).status_code == 302
    for row, sentence in (
        ({**empty, "text": "自拟的议题"}, "写了议题，没有勾选“列入议程”"),
        ({**empty, "take": "on", "text": " "}, "还没有写议题"),
    ):
        answer = chief.post(agenda, rows("point", kept, row))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert [one.text for one in meeting.agenda.all()] == ["先议"], "what stood still stands"
    struck = rows("point", {**kept, "take": ""}) | {"point-INITIAL_FORMS": "1"}
    assert chief.post(agenda, struck).status_code == 302
    assert not meeting.agenda.exists(), "a matter that stood is struck off by its tick"


def test_an_office_prints_by_its_own_template(made: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, depths = len(connection.atomic_blocks), []
    tries = store.render

    def watched(*args: Any) -> bytes:
        depths.append(len(connection.atomic_blocks) - blocks)
        return tries(*args)

    monkeypatch.setattr(store, "render", watched)
    chief = client(made, "chief")
    assert "约谈通知书" in text(chief, reverse("supervision:templates"))
    url = reverse("supervision:template", args=["letter.supervise"])
    assert "{{ number }}" in text(chief, url)

    def upload(words: str) -> int:
        document = word.a4()
        word.paragraph(document, words)
        return chief.post(url, {"file": SimpleUploadedFile("模板.docx", word.saved(document)), "note": ""}).status_code

    assert upload("{{ number.__class__ }}") == 422
    assert upload("{{ nothing }}") == 422
    assert not LetterTemplate.objects.exists()
    assert upload("本办文号 {{ number }}") == 302
    assert depths == [0, 0, 0], "no writer waits while a template is tried"
    signed = letters.sign(made.draft(), by=made.who("chief"), at=made.world.at)
    data = chief.get(reverse("supervision:letter_paper", args=[signed.uid])).content
    assert [one.text for one in Document(BytesIO(data)).paragraphs if one.text] == ["本办文号 督办函〔2026〕1号"]
    assert chief.post(reverse("supervision:retire_template", args=["letter.supervise"])).status_code == 302
    assert client(made, "agriculture").get(url).status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "act=nothing",
        "act=supervise&from=slip&key=x",
        "act=supervise&from=nothing&key=1",
        "act=supervise&from=unit&key=x",
    ],
)
def test_an_odd_address_is_not_found(made: Desk, query: str) -> None:
    assert client(made, "chief").get(f"{reverse('supervision:new_letter')}?{query}").status_code == 404


def test_the_day_by_which_an_answer_is_asked_stands_in_the_list(made: Desk) -> None:
    sent = made.sent()
    page = text(client(made, "chief"), f"{reverse('kit:collection', args=['letters'])}?wait=no")
    assert sent.number in page
    assert DUE.isoformat() in page
    assert sent.number not in text(client(made, "chief"), f"{reverse('kit:collection', args=['letters'])}?wait=late")
