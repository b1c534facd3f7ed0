"""Pages of assessment: from the scheme to the final result, what if, who sees what; and the command."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.assess_world import HAZARD, PDF, Assessing, shared_world
from desk.conftest import DAY
from soildesk import cli
from soildesk.assessment.models import Assessment, DrawnRow, Objection, Proposal, SchemeAdoption
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.services import checking, finishing, selfassessing
from soildesk.assessment.services.selfassessing import Said
from soildesk.core import files
from soildesk.core.models import AuditEntry
from soilrules.assessment.scheme import Grade
from soilrules.assessment.schemes import schemes

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shared(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assessing]:
    with shared_world(django_db_blocker, tmp_path_factory.mktemp("assessing")) as made:
        yield made


@pytest.fixture
def made(shared: Assessing, db: None, monkeypatch: pytest.MonkeyPatch) -> Assessing:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    return shared


def desk(made: Assessing, who: str) -> Client:
    """Somebody at the desk."""
    return made.world.browser(who)


def at(one: Assessment, name: str, *args: Any) -> str:
    """An address of the assessment."""
    return reverse(f"assessment:{name}", args=[one.uid, *args])


def record(browser: Client, one: Assessment) -> str:
    return browser.get(reverse("kit:record", args=["assessments", one.uid])).content.decode()


def test_the_whole_way_through_the_pages(made: Assessing) -> None:
    one = made.one
    officer, issuer, city, chief = (desk(made, who) for who in ("officer", "issuer", "city_officer", "city_issuer"))
    page = record(officer, one)
    report = f"{reverse('reporting:make')}?kind=self_assessment&period=2026&place=990101"
    assert report.replace("&", "&amp;") in page
    assert 'value="self_assessment" selected' in officer.get(report).content.decode()
    assert "还不知道的" in page and "不能定级" in page and "按最新记录重新核算" in page
    fill = at(one, "fill", "public")
    assert officer.post(fill, {"value": "120"}).status_code == 422
    assert (
        officer.post(fill, {"value": "80", "why": "公开四次", "files": SimpleUploadedFile("材料.pdf", PDF)}).status_code
        == 302
    )
    for veto in ("event", "false_data"):
        assert officer.post(at(one, "fill", veto), {"value": "0"}).status_code == 302
    assert officer.post(at(one, "act", "sign"), {}).status_code == 403
    assert issuer.post(at(one, "act", "sign"), {"why": "局务会审定"}).status_code == 302
    held = Assessment.objects.get(pk=one.pk)
    Assessment.objects.filter(pk=one.pk).update(facts={**held.facts, "hazard": HAZARD})
    assert officer.get(at(one, "frozen")).status_code == 404
    page = record(city, one)
    assert "抽取核查样本" in page and "采信没有台账的自评" in page and "抽取核查样本" not in record(officer, one)
    assert city.post(at(one, "act", "draw"), {"percent": "10", "seed": "2026-11-19 271"}).status_code == 302
    page = record(city, one)
    assert "结果相同" in page and "2026-11-19 271" in page
    assert city.post(at(one, "act", "announce"), {}).status_code == 422
    for row in DrawnRow.objects.filter(draw__assessment=one):
        assert city.post(at(one, "check_row", row.pk), {"outcome": "true", "why": "看过"}).status_code == 302
    assert city.post(at(one, "act", "confirm_said"), {"why": "核对材料"}).status_code == 302
    for name in Standing(Assessment.objects.get(pk=one.pk)).score(own=False).missing:
        assert city.post(at(one, "confirm", name), {"value": "90", "why": "现场核定"}).status_code == 302
    assert city.post(at(one, "act", "announce"), {}).status_code == 302
    assert issuer.post(at(one, "act", "object"), {"item": "public", "why": "漏算一次"}).status_code == 302
    objection = Objection.objects.get()
    asked = city.get(at(one, "answer", objection.uid)).content.decode()
    assert "信息公开、公众参与和宣传（现值 80%）：漏算一次" in asked and 'name="value"' in asked
    assert (
        city.post(at(one, "answer", objection.uid), {"upheld": "yes", "value": "100", "why": "采纳"}).status_code == 302
    )
    assert city.post(at(one, "act", "finish"), {"document": "云环〔2026〕9号"}).status_code == 403
    assert chief.post(at(one, "act", "finish"), {"document": "云环〔2026〕9号"}).status_code == 302
    proposal = Proposal.objects.get(rule="fund")
    assert chief.post(at(one, "decide", proposal.uid), {"accepted": "yes", "why": "已送财政"}).status_code == 302
    page = record(officer, one)
    assert "云环〔2026〕9号" in page and "漏算一次" in page and "已送财政" in page and "内容与校验值不符" not in page
    assert "签报自评" in page and at(one, "act", "finish") not in page
    words = "\n".join(each.text for each in Document(io.BytesIO(officer.get(at(one, "word")).content)).paragraphs)
    assert "考核结果" in words and Assessment.objects.get(pk=one.pk).digest in words
    frozen = officer.get(at(one, "frozen"))
    assert hashlib.sha256(frozen.content).hexdigest() == Assessment.objects.get(pk=one.pk).digest
    assert "attachment" in frozen["Content-Disposition"] and "已重新计算，与冻结的内容一致" in page
    listed = officer.get(reverse("kit:collection", args=["assessments"])).content.decode()
    assert "已核定" in listed and "样本少，不排名" in listed


def test_every_item_opens_to_its_rows(made: Assessing) -> None:
    one, officer = made.one, desk(made, "officer")
    page = record(officer, one)
    for name, kept in one.facts.items():
        assert at(one, "item", name) in page
        shown = officer.get(at(one, "item", name)).content.decode()
        assert shown.count('data-good="') == len(kept["rows"])
        assert shown.count('data-good="1"') == sum(row["good"] for row in kept["rows"])
        for row in kept["rows"]:
            assert not row["url"] or officer.get(row["url"]).status_code == 200
    assert officer.get(at(one, "item", "nothing")).status_code == 404


def test_what_if_says_what_would_be_and_keeps_nothing(made: Assessing) -> None:
    one, officer = made.one, desk(made, "officer")
    before = (Assessment.objects.values().get(pk=one.pk), AuditEntry.objects.count())
    late = one.facts["late_problems"]["rows"][0]["key"]
    answer = officer.get(at(one, "what_if"), {"late_problems": late})
    now, then = Standing(one).score(), Standing(one).score(supposed={"late_problems": {late}})
    assert (
        now.worst is not None
        and then.worst is not None
        and then.worst - now.worst == Standing(one).scheme.deductions[0].each
    )
    page = answer.content.decode()
    assert "假设这 1 条做到" in page and f"{then.worst:f}" in page
    everything = officer.get(at(one, "what_if"), {name: "*" for name in one.facts}).content.decode()
    assert "得分仍可能是范围" in everything
    assert officer.get(at(one, "what_if"), {"late_problems": "nonsense", "nothing": "*"}).status_code == 200
    assert (Assessment.objects.values().get(pk=one.pk), AuditEntry.objects.count()) == before


def test_a_scheme_is_put_into_force_by_its_form(made: Assessing) -> None:
    chief = desk(made, "city_issuer")
    assert "环土壤〔2018〕41号" in chief.get(reverse("assessment:schemes")).content.decode()
    form = reverse("assessment:adopt", args=["national_2018_yearly"])
    assert "原规定用于 2018 至 2020 年" in chief.get(form).content.decode()
    shipped = schemes()["national_2018_yearly"]
    said = {
        "year": "2026",
        "document": "云环〔2026〕2号",
        **{f"{one.id}-in_use": "on" for one in (*shipped.items, *shipped.vetoes)},
    }
    numbers = {f"{one.id}-weight": str(one.weight) for one in shipped.items}
    assert (
        "115" in (wrong := chief.post(form, {**said, **numbers, "survey-weight": "25"})).content.decode()
        and wrong.status_code == 422
    )
    assert (
        chief.post(
            form, {**said, **numbers, "survey-weight": "5", "pilot-weight": "15", "hazard-target": "95"}
        ).status_code
        == 302
    )
    adoption = SchemeAdoption.objects.get(scheme="national_2018_yearly")
    assert adoption.changes == {"survey": {"weight": "5"}, "pilot": {"weight": "15"}, "hazard": {"target": "95"}}
    page = chief.get(reverse("kit:record", args=["assessment_schemes", adoption.uid])).content.decode()
    assert "本地修改" in page and "K-low" in page
    assert desk(made, "city_officer").get(form).status_code == 403
    opened = desk(made, "city_officer").post(
        reverse("assessment:open"), {"adoption": str(adoption.uid), "places": ["990101"], "due": "2026-12-15"}
    )
    assert opened.status_code == 302 and Assessment.objects.filter(scheme="national_2018_yearly").count() == 1
    one = Assessment.objects.get(scheme="national_2018_yearly")
    assert (
        "云环〔2026〕2号" in desk(made, "officer").get(at(one, "scheme")).content.decode()
    )  # whoever sees the assessment


def test_a_refused_scheme_keeps_what_was_typed_and_nothing_is_guessed(made: Assessing) -> None:
    chief, form = desk(made, "city_issuer"), reverse("assessment:adopt", args=["national_2018_yearly"])
    shipped = schemes()["national_2018_yearly"]
    said = {"year": "2026", "document": "云环〔2026〕2号", **{f"{one.id}-in_use": "on" for one in shipped.items}}

    def refused(**more: str) -> str:
        answer = chief.post(form, {**said, **more})
        assert answer.status_code == 422 and not SchemeAdoption.objects.filter(scheme=shipped.id).exists()
        return str(answer.content.decode())

    page = refused(**{"survey-weight": "25"})
    assert 'name="survey-weight" inputmode="decimal" value="25"' in page
    assert 'name="event-in_use" checked' not in page, "what was switched off stays off"
    assert "“”不是数字" in refused(**{"survey-weight": ""})
    assert "“1e999999”不是数字" in refused(**{"survey-weight": "1e999999"})
    page = refused(year="20x6")
    assert "年度应为 2016 到 2100" in page and 'value="20x6"' in page
    assert chief.post(form, said).status_code == 302
    adopted = SchemeAdoption.objects.get(scheme=shipped.id)
    assert "采用第 1 版" in chief.get(reverse("kit:record", args=["assessment_schemes", adopted.uid])).content.decode()


def test_a_form_that_could_only_be_refused_says_so_before_it_is_filled_in(made: Assessing) -> None:
    one, officer, city = made.one, desk(made, "officer"), desk(made, "city_officer")
    for browser, address, words in (
        (city, at(one, "fill", "public"), "这是被考核方的事"),
        (officer, at(one, "confirm", "public"), "被考核方不能自己核查"),
        (city, at(one, "act", "draw"), "应为“已报自评，待核查”"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 409 and words in answer.content.decode()
        assert "回到这个考核" in answer.content.decode()
    assert officer.get(at(one, "fill", "public")).status_code == 200


def test_a_kept_value_is_saved_again_as_it_stands_in_the_form(made: Assessing) -> None:
    one, officer = made.one, desk(made, "officer")
    paper = SimpleUploadedFile("材料.pdf", PDF)
    assert officer.post(at(one, "fill", "public"), {"value": "95", "files": paper}).status_code == 302
    assert 'value="95"' in officer.get(at(one, "fill", "public")).content.decode()
    finer = officer.post(at(one, "fill", "public"), {"value": "95.123"})
    assert finer.status_code == 422 and "小数最多 2 位" in finer.content.decode()


def test_evidence_opens_to_whoever_sees_the_assessment_and_to_nobody_else(made: Assessing) -> None:
    one, officer = made.one, desk(made, "officer")
    said = {"value": "95", "files": SimpleUploadedFile("材料.pdf", PDF)}
    assert officer.post(at(one, "fill", "public"), said).status_code == 302
    (use,) = files.uses_of(one.results.get(item="public"))
    url = reverse("core:file", args=[use.uid])
    assert url in officer.get(at(one, "item", "public")).content.decode()
    found = {
        who: desk(made, who).get(url).status_code for who in ("officer", "city_officer", "stranger", "town", "admin")
    }
    assert found == {"officer": 200, "city_officer": 200, "stranger": 404, "town": 404, "admin": 404}


def test_a_confirmation_from_before_the_signature_is_marked(made: Assessing) -> None:
    one, city = made.signed(), desk(made, "city_officer")
    checking.confirm(one, "public", Said(Decimal(60)), made.doing("city_officer", "核对"))
    assert "早于本次签报" not in record(city, one)
    selfassessing.send_back(one, made.doing("city_officer", "材料不全"))
    later = replace(made.doing("issuer"), at=made.world.at + timedelta(minutes=5))
    selfassessing.sign(one, later)
    assert "早于本次签报" in record(city, one)


def test_opening_from_a_stale_page_leads_to_the_one_that_stands(made: Assessing) -> None:
    city = desk(made, "city_officer")
    said = {"adoption": str(made.one.adoption.uid), "places": ["990101"], "due": "2026-12-15"}
    answer = city.post(reverse("assessment:open"), said, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("kit:record", args=["assessments", made.one.uid])
    assert (
        "没有重复发起" in answer.content.decode() and Assessment.objects.filter(place=made.world.district).count() == 1
    )


def test_the_bar_has_the_edges_of_the_scheme(made: Assessing) -> None:
    shipped = schemes()["county_year"]
    grades = (Grade("met", "达标", Decimal(85)), Grade("not_met", "不达标", Decimal(0)))
    own = replace(
        shipped, id="edges", grades=grades, consequences=(), vetoes=tuple(replace(one, cap="not_met") for one in shipped.vetoes)
    )  # fmt: skip
    one = made.opened(made.adopted("edges", own=own))
    page = record(desk(made, "city_officer"), one)
    assert page.count('class="bar-edge" x="85"') == 1 == page.count('class="bar-edge"') and "（85）" in page


def test_others_see_none_of_it(made: Assessing) -> None:
    one = made.one
    for who in ("stranger", "town", "admin"):
        browser = desk(made, who)
        for address in (
            at(one, "what_if"),
            at(one, "word"),
            at(one, "scheme"),
            at(one, "item", "hazard"),
            at(one, "act", "sign"),
        ):
            assert browser.get(address).status_code in (403, 404)
    assert Client().get(at(one, "what_if")).status_code == 302
    assert desk(made, "reader").post(at(one, "fill", "public"), {"value": "1"}).status_code == 403
    assert desk(made, "officer").get(at(one, "act", "nothing")).status_code == 404


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = cli.main(["assess", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_tells_every_item_with_its_rows(
    made: Assessing, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_start_django", lambda: None)
    monkeypatch.setenv("SOILDESK_USER", "officer")
    code, found = told(capsys, "county_year", "--year", "2026")
    one = made.one
    assert code == 0 and found["assessment"] == one.number and found["source"] == "assessment"
    assert (found["score"]["worst"], found["score"]["best"]) == (str(one.worst), str(one.best)) and found["score"][
        "grade"
    ] is None
    assert sum(float(item["weight"]) for item in found["items"]) == 100
    by_id = {item["id"]: item for item in found["items"]}
    assert (
        len(by_id["tasks"]["rows"]) == len(one.facts["tasks"]["rows"])
        and by_id["tasks"]["basis"]
        and by_id["tasks"]["mark"] == "S"
    )
    assert {"public", "false_data"} <= {each["id"] for each in found["missing"]}
    code, found = told(capsys, "national_2018_yearly", "--year", "2026")
    assert code == 0 and found["source"] == "records" and found["assessment"] is None
    assert "只供参考" not in found["source_words"]
    code, found = told(capsys, "district_towns", "--year", "2026")
    assert code == 0 and "考核的是乡级，青禾区不是" in found["source_words"]
    finishing.finish(made.announced(), "云环〔2026〕9号", made.doing("city_issuer"))
    code, found = told(capsys, "county_year", "--year", "2026")
    assert found["source"] == "final" and found["sha256"] and found["score"]["worst"] == found["score"]["best"]
    code, found = told(capsys, "nothing", "--year", "2026")
    assert code == 1 and "county_year" in found["error"]["sentence"]
    code, found = told(capsys, "county_year", "--year", "2026", "--place", "990102")
    assert code == 1 and found["error"]["code"] == "assess.place"
    assert cli.main(["assess", "county_year", "--year", "2026"]) == 0
    assert "得分" in capsys.readouterr().out
