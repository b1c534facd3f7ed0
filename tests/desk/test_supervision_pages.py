"""The pages of supervision: from the slip to the answer, from the request to the decision, the rules, and what others never see."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.ledger_world import published
from desk.oversight_world import PICTURE
from desk.supervision_world import Supervised
from soildesk.core.models import Duty, Message, Person
from soildesk.supervision.models import Extension, Office, Slip, SlipRules, Suspension
from soildesk.supervision.queries.about import PAGES
from soilrules.supervision.slips import customary

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def made(world: Any) -> Supervised:
    return Supervised(world)


def client(world: Any, name: str) -> Client:
    return world.browser(name)


def record(collection: str, row: Any) -> str:
    return reverse("kit:record", args=[collection, str(row.uid)])


def text(found: Client, url: str) -> str:
    response = found.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def test_from_the_rule_to_the_slip_to_the_answer(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    chief, unit = client(made.world, "chief"), client(made.world, "agriculture")
    assert "核查并发出" in text(chief, reverse("supervision:run"))
    assert chief.post(reverse("supervision:run")).status_code == 302
    red = made.slips(duty)[-1]
    assert red.colour == "red"
    assert "内部时限" not in text(unit, record("slips", red))
    Duty.objects.filter(pk=duty.pk).update(internal=True)
    assert "时限是内部时限，不是方案或者上级规定的" in text(unit, record("slips", red)), "no plan made it late"
    page = text(unit, record("slips", red))
    for word in ("已办", "未办及原因", "转错了", "地面防渗层破损", "时限 2026-11-18 已过", "V-ex"):
        assert word in page
    assert "督办单待答复" in text(unit, "/")
    assert "督办单待答复" not in text(chief, "/")
    url = reverse("supervision:slip_act", args=[red.uid, "reason"])
    assert unit.post(url, {"note": ""}).status_code == 422
    said = {"note": "设备未到货，月底完成。", "files": SimpleUploadedFile("说明.png", PICTURE)}
    assert unit.post(url, said).status_code == 302
    again = unit.get(url)
    assert again.status_code == 409 and "不需要答复" in again.content.decode(), "said before the form is filled in"
    page = text(chief, record("slips", red))
    assert "设备未到货，月底完成。" in page
    assert "说明.png" in page
    assert "督办单待答复" not in text(unit, "/")


def test_why_a_slip_was_sent_is_told_in_the_language_of_the_page(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    chief = client(made.world, "chief")
    chief.post(reverse("supervision:run"))
    red = made.slips(duty)[-1]
    places = (record("slips", red), reverse("kit:collection", args=["slips"]), record("matters", duty))
    assert all(red.why in text(chief, one) for one in places)
    Person.objects.filter(username="chief").update(language="en")
    for one in places:
        page = text(chief, one)
        assert "The term 2026-11-18 has passed" in page and red.why not in page
    Slip.objects.filter(pk=red.pk).update(said={})
    assert red.why in text(chief, places[0]), "one kept before its message was stays readable"


def test_what_came_to_the_wrong_unit_is_told_to_who_can_give_it_to_another(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 20))
    red, unit = made.slips(duty)[-1], client(made.world, "agriculture")
    url = reverse("supervision:slip_act", args=[red.uid, "misdirected"])
    assert unit.post(url, {"note": "应由水利局办理。"}).status_code == 302
    told = Message.objects.filter(text__contains="转错了", link=record("slips", red))
    assert {one.person.username for one in told} >= {"chief", "officer"}, "who wrote the slip, and who keeps the matter"
    assert all(red.number in one.text and "应由水利局办理" in one.text for one in told)
    acts = {one.title: one for one in unit.get(record("slips", red)).context["record_acts"]}
    assert not acts["已办"].stopped_by, "the matter is open: what was answered may still be done"
    assert acts["转错了"].stopped_by


def test_matters_that_wait_stand_before_those_that_are_done(made: Supervised) -> None:
    done = made.matter("早就办结的", due=date(2026, 11, 2))
    Duty.objects.filter(pk=done.pk).update(done_on=date(2026, 11, 2))
    made.matter("还没有办结的", due=DUE)
    page = text(client(made.world, "chief"), reverse("kit:collection", args=["matters"]))
    assert page.index("还没有办结的") < page.index("早就办结的")


def test_the_bureau_does_not_issue_what_the_campaign_office_issues(made: Supervised) -> None:
    made.matter("地面防渗层破损", due=DUE)
    officer = client(made.world, "officer")
    page = text(officer, reverse("supervision:run"))
    assert "区指挥部办公室" in page
    assert "提请" in page
    assert "核查并发出" not in page
    assert officer.post(reverse("supervision:run")).status_code == 302
    assert not Slip.objects.exists()


def test_a_town_clerk_has_three_buttons_and_the_office_the_rest(made: Supervised) -> None:
    duty = made.matter("镇里的问题", due=DUE, town="柏庄镇")
    Duty.objects.filter(pk=duty.pk).update(unit=made.world.towns["柏庄镇"])
    made.run(date(2026, 11, 20))
    page = client(made.world, "town").get(record("slips", made.slips(Duty.objects.get(pk=duty.pk))[-1]))
    acts = page.context["record_acts"]
    assert [one.title for one in acts if not one.stopped_by][:3] == ["已办", "未办及原因", "转错了"]
    matter = client(made.world, "town").get(record("matters", duty)).context["record_acts"]
    assert "列为重要事项" not in {one.title for one in matter}
    office = client(made.world, "chief").get(record("matters", duty)).context["record_acts"]
    assert not next(one for one in office if one.title == "列为重要事项").stopped_by


def test_already_done_leads_to_the_units_own_form_for_a_task(world: Any) -> None:
    published(world)
    made = Supervised(world)
    unit = world.departments["agriculture"]
    duty = Duty.objects.filter(subject_type="plans.plantask", unit=unit, done_on=None, due__isnull=False).first()
    assert duty is not None
    Duty.objects.filter(pk=duty.pk).update(due=DUE, issued_on=date(2026, 1, 5))
    made.run(date(2026, 11, 20))
    red = Slip.objects.get(duty=duty, rule="overdue")
    acts = client(world, "agriculture").get(record("slips", red)).context["record_acts"]
    assert "/report/" in acts[0].url
    assert client(world, "agriculture").get(acts[0].url).status_code == 200
    page = text(client(world, "officer"), f"/plans/tasks/{published_task(duty)}/")
    assert "红色督办单" in page
    assert record("slips", red) in page


def published_task(duty: Duty) -> Any:
    from soildesk.plans.models import PlanTask

    return PlanTask.objects.get(pk=duty.subject_id).uid


def test_from_the_request_to_the_decision_by_pages(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=date(2026, 11, 25))
    unit, chief = client(made.world, "agriculture"), client(made.world, "chief")
    url = reverse("supervision:matter_act", args=[duty.uid, "extend"])
    assert unit.post(url, {"wanted": "2026-11-25", "note": "理由"}).status_code == 422
    assert unit.post(url, {"wanted": "2026-12-10", "note": "雨天多"}).status_code == 302
    asked = Extension.objects.get()
    grant = reverse("supervision:extension_act", args=[asked.uid, "grant"])
    assert "只有规定它的机关可以改变" in text(chief, grant)
    refused = chief.post(grant, {"due": "2026-12-10", "note": ""})
    assert refused.status_code == 422
    assert "不是本单位规定的" in refused.content.decode()
    said = {
        "due": "2026-12-10", "body": "区政府", "document": "8号", "note": "",
        "files": SimpleUploadedFile("批复.png", PICTURE),
    }  # fmt: skip
    assert chief.post(grant, said).status_code == 302
    page = text(unit, record("matters", duty))
    assert "原为 2026-11-25" in page
    assert "2026-12-10" in page
    assert "批复.png" in text(unit, record("extensions", asked))


def test_a_suspension_by_pages_rests_and_goes_on(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=date(2026, 11, 25))
    unit, chief = client(made.world, "agriculture"), client(made.world, "chief")
    url = reverse("supervision:matter_act", args=[duty.uid, "suspend"])
    assert unit.post(url, {"cause": "season", "until": "2027-03-01", "note": "冬小麦在田"}).status_code == 302
    asked = Suspension.objects.get()
    act = reverse("supervision:suspension_act", args=[asked.uid, "grant"])
    assert unit.get(act).status_code == 403
    assert chief.post(act, {"note": ""}).status_code == 302
    assert "挂账" in text(unit, record("matters", duty))
    end = reverse("supervision:suspension_act", args=[asked.uid, "end"])
    assert chief.post(end, {"note": "已收获"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "ended"


def test_the_rules_page_shows_every_rule_with_its_mark_and_a_switch(made: Supervised) -> None:
    page = text(client(made.world, "chief"), reverse("supervision:rules"))
    for rule in customary().rules:
        assert f'name="{rule.id}-in_use"' in page
        assert rule.mark in page
    assert "区指挥部办公室" in page
    reader = text(client(made.world, "reader"), reverse("supervision:rules"))
    assert "supervision/rules/set" not in reader or "设定</button>" not in reader


def _form(**said: Any) -> dict[str, Any]:
    form: dict[str, Any] = {"since": "2026-11-20", "in_use": "yes", "ground": "青环委〔2026〕3号"}
    for rule in customary().rules:
        form[f"{rule.id}-in_use"] = "on"
        form[f"{rule.id}-days"] = str(rule.days)
        form[f"{rule.id}-to"] = [one.value for one in rule.to]
    return form | said


def test_an_office_puts_its_own_version_in_place(made: Supervised) -> None:
    chief = client(made.world, "chief")
    url = reverse("supervision:set_rules")
    before = SlipRules.objects.count()
    assert chief.post(url, _form(**{"after_red_1-days": "30"})).status_code == 422
    assert chief.post(url, _form(**{"near-days": "五"})).status_code == 422
    assert SlipRules.objects.count() == before, "all or nothing"
    own = _form(**{"near-days": "3", "colour-blue": "提示单"})
    del own["remind_early-in_use"]
    assert chief.post(url, own).status_code == 302
    row = SlipRules.objects.latest("id")
    assert row.changes == {"near": {"days": 3}, "remind_early": {"in_use": False}}
    assert row.colours == {"blue": "提示单"}
    assert client(made.world, "officer").post(url, own).status_code == 403


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"near-days": "9" * 5000}, "“距时限 5 个工作日以内仍未办结”：天数"),
        ({"near-days": ""}, "“距时限 5 个工作日以内仍未办结”：天数 —"),
        ({"near-to": []}, "发给谁里应有责任单位"),
        ({"near-colour": "pink"}, "请从列表中选择"),
        ({"since": "2026-13-40"}, "“2026-13-40”不是日期"),
    ],
)
def test_what_no_rule_can_say_is_refused_in_words_and_what_was_typed_stays(
    made: Supervised, typed: dict[str, Any], sentence: str
) -> None:
    page = client(made.world, "chief").post(
        reverse("supervision:set_rules"), _form(**{"after_red_2-days": "77", "colour-red": "限期办理单", **typed})
    )
    words = page.content.decode()
    assert page.status_code == 422
    assert sentence in words
    assert 'name="after_red_2-days" value="77"' in words
    assert "限期办理单" in words


def test_offices_and_addresses_by_pages(made: Supervised) -> None:
    chief = client(made.world, "chief")
    unit = made.world.departments["city_ecology"]
    named = {"department": unit.pk, "body": "superior", "ground": "机构设置"}
    assert chief.post(reverse("supervision:name_office"), named).status_code == 302
    row = Office.objects.get(body="superior", until=None)
    assert chief.post(reverse("supervision:end_office", args=[row.pk])).status_code == 302
    issuing = Office.objects.get(body="campaign_office", until=None)
    refused = chief.post(reverse("supervision:end_office", args=[issuing.pk]))
    assert refused.status_code == 422
    address = {"department": made.world.departments["agriculture"].pk, "address": "不是邮箱"}
    assert chief.post(reverse("supervision:set_address"), address).status_code == 422
    assert chief.post(reverse("supervision:set_address"), {**address, "address": "a@example.gov.cn"}).status_code == 302


def test_the_paper_says_what_the_page_says(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 20))
    red = made.slips(duty)[-1]
    response = client(made.world, "chief").get(reverse("supervision:paper", args=[red.uid]))
    document = Document(BytesIO(response.content))
    words = "\n".join(
        [
            *(one.text for one in document.paragraphs),
            *(cell.text for row in document.tables[0].rows for cell in row.cells),
        ]
    )
    for word in ("红色督办单", red.number, duty.title, red.why, "2026年11月18日", "青禾区土壤污染防治指挥部办公室"):
        assert word in words


def test_what_is_not_ones_own_is_not_found(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 20))
    red = made.slips(duty)[-1]
    for name in ("town", "stranger"):
        found = client(made.world, name)
        assert found.get(record("slips", red)).status_code == 404
        assert found.get(record("matters", duty)).status_code == 404
        assert found.get(reverse("supervision:paper", args=[red.uid])).status_code == 404
        assert found.post(reverse("supervision:slip_act", args=[red.uid, "reason"]), {"note": "x"}).status_code == 404
    assert Client().get(reverse("supervision:rules")).status_code == 302


def test_messages_lead_to_the_slips(made: Supervised) -> None:
    made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 20))
    unit = client(made.world, "agriculture")
    message = Message.objects.get(person__username="agriculture")
    assert unit.get(message.link).status_code == 200


def test_the_record_of_a_duty_of_every_room_is_found(made: Supervised) -> None:
    """Every table that opens duties in the code has its page."""
    from django.apps import apps

    for label, page in PAGES.items():
        model = apps.get_model(label)
        assert hasattr(model, "uid")
        assert page(model().uid).startswith("/")
