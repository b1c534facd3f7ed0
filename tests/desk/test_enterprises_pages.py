"""Pages of firms and lists: acts by their forms, a list of a past day on screen and paper, what the public reads."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms
from desk.land_world import square
from desk.monitoring_world import spot
from soildesk.cli import main
from soildesk.core.models import Person
from soildesk.enterprises.models import EnterpriseVersion, Listing, ListProposal, Succession
from soildesk.enterprises.refusals import ProposalRefused
from soildesk.enterprises.services import proposals
from soildesk.land.services.writing import Place
from soilrules.enterprises.industries import classification
from soilrules.enterprises.lists import list_kinds

FIRST, NEXT = date(2025, 3, 20), date(2026, 3, 20)


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


def browser(made: Firms, who: str = "officer") -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_a_list_of_a_past_day_on_screen_and_on_paper(made: Firms) -> None:
    firm, other = made.firm("甲公司", since=date(2020, 1, 1)), made.firm("乙公司", since=date(2020, 1, 1))
    made.delisted(made.listed(firm, "soil_key", FIRST), NEXT)
    made.listed(other, "soil_key", NEXT)
    client, url = browser(made), reverse("enterprises:list", args=["soil_key"])
    assert "甲公司" in text(client.get(f"{url}?on=2025-12-31"))
    now = text(client.get(url))
    assert "乙公司" in now and "甲公司" not in now
    assert "乙公司" not in text(client.get(f"{url}?known_on=2026-03-01"))
    paper = client.get(reverse("enterprises:list_pdf", args=["soil_key"]) + "?on=2025-12-31")
    assert paper.content.startswith(b"%PDF")
    overview = text(client.get(reverse("enterprises:lists")))
    assert "土壤污染重点监管单位名录" in overview
    assert "没有登记文件" in overview
    assert client.get(reverse("enterprises:list", args=["no_such"])).status_code == 404
    assert "甲公司" not in text(browser(made, "stranger").get(f"{url}?on=2025-12-31"))
    assert Client().get(url).status_code == 302


def test_the_public_reads_published_fields_of_published_lists_and_nothing_else(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1), contact_name="佟兰芝", contact_phone="13900000000")
    hidden = made.firm("乙公司", since=date(2020, 1, 1))
    made.listed(firm, "soil_key", NEXT, reason="内部原因")
    made.listed(firm, "cadmium", NEXT)
    notice = made.notice("soil_key", date(2026, 4, 1), published_on=None, number="未公布")
    assert notice.published_on is None
    made.listed(hidden, "soil_key", date(2026, 4, 1))
    stranger = Client()
    page = stranger.get(reverse("enterprises:list_public", args=["990101", "soil_key"]))
    assert page.status_code == 200
    said = text(page)
    assert "甲公司" in said
    assert firm.credit_code in said
    assert not [
        word for word in ("佟兰芝", "13900000000", "内部原因", "乙公司", firm.enterprise.number) if word in said
    ]
    assert "示例数据：青禾区是虚构的地方" in text(page)
    assert stranger.get(reverse("enterprises:list_public", args=["990101", "cadmium"])).status_code == 404
    assert stranger.get(reverse("enterprises:list_public", args=["000000", "soil_key"])).status_code == 404
    tomorrow = stranger.get(reverse("enterprises:list_public", args=["990101", "soil_key"]) + "?on=2030-01-01")
    assert tomorrow.status_code == 422
    assert "2030-01-01 还没有到" in text(tomorrow) and "甲公司" not in text(tomorrow)


def test_the_record_of_a_firm_tells_its_life_and_offers_its_acts(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1), contact_name="佟兰芝")
    other = made.firm("青禾老厂", since=date(2020, 1, 1))
    made.listed(firm, "soil_key", NEXT, reason="涉重金属")
    made.site(firm, square(0, 0))
    made.representative(firm)
    client, uid = browser(made), firm.enterprise.uid
    done = client.post(
        reverse("enterprises:succession", args=[uid]),
        {
            "side": "follows",
            "other": other.credit_code,
            "kind": "taken_over",
            "on": "2026-03-01",
            "document": "协议1号",
        },
    )
    assert done.status_code == 302
    assert Succession.objects.get().before == other.enterprise
    page = text(client.get(reverse("kit:record", args=["enterprises", str(uid)])))
    for word in ("土壤污染重点监管单位名录", "涉重金属", "青禾老厂", "甲公司厂区", "firm", "尚不清楚", "登记注销"):
        assert word in page, word
    seen = text(browser(made, "reader").get(reverse("kit:record", args=["enterprises", str(uid)])))
    assert "佟兰芝" not in seen
    assert 'id="people"' not in seen
    refused = client.post(
        reverse("enterprises:succession", args=[uid]),
        {"side": "follows", "other": "没有的公司", "kind": "merged", "on": "2026-03-01", "document": "协议"},
    )
    assert refused.status_code == 422
    assert "没有找到企业" in text(refused)


def test_acts_of_the_pages(made: Firms) -> None:
    firm = made.firm("甲公司", since=date(2020, 1, 1))
    client, uid = browser(made), firm.enterprise.uid
    first, later = made.notice("soil_key", FIRST), made.notice("soil_key", NEXT)
    entered = client.post(reverse("enterprises:enter", args=[uid]), {"notice": str(first.uid), "reason": "照文件"})
    assert entered.status_code == 302
    stay = Listing.objects.get()
    left = client.post(reverse("enterprises:leave", args=[stay.uid]), {"notice": str(later.uid), "reason": "关停"})
    assert left.status_code == 302
    held = Listing.objects.get(superseded_at=None)
    assert held.until == NEXT
    assert client.post(reverse("enterprises:withdraw", args=[held.uid]), {"reason": "误登"}).status_code == 302
    assert not Listing.objects.filter(superseded_at=None).exists()
    upload = {"file": SimpleUploadedFile("名录.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")}
    assert client.post(reverse("enterprises:notice_file", args=[first.uid]), upload).status_code == 302
    assert "名录.pdf" in text(client.get(reverse("kit:record", args=["list_notices", str(first.uid)])))
    gone = client.post(reverse("enterprises:deregister", args=[uid]), {"on": "2026-11-01", "reason": "注销"})
    assert gone.status_code == 302
    assert EnterpriseVersion.objects.get(superseded_at=None, until=None).state == "deregistered"
    for name in ("enter", "deregister", "succession", "represent"):
        assert browser(made, "reader").get(reverse(f"enterprises:{name}", args=[uid])).status_code == 403
        assert browser(made, "stranger").get(reverse(f"enterprises:{name}", args=[uid])).status_code == 404


def test_people_of_a_firm_are_named_and_ended(made: Firms) -> None:
    firm, other = made.firm("甲公司"), made.firm("乙公司")
    made.representative(other, "boss")
    client = browser(made)
    asked = reverse("enterprises:represent", args=[firm.enterprise.uid])
    assert client.post(asked, {"person": "boss", "since": "2026-05-01"}).status_code == 302
    held = firm.enterprise.representatives.get()
    assert client.post(asked, {"person": "nobody", "since": "2026-05-01"}).status_code == 422
    assert client.post(reverse("enterprises:represent_end", args=[held.pk]), {"on": "2026-06-01"}).status_code == 302
    assert firm.enterprise.representatives.get().until == date(2026, 6, 1)


def test_a_notice_is_registered_by_the_form(made: Firms) -> None:
    client = browser(made)
    said = {
        "list_key": "soil_key", "number": "云环〔2026〕8号", "title": "2026年名录", "authority": "云泽市生态环境局",
        "decided_on": "2026-03-20", "published_on": "2026-03-25", "whole": "1", "_why": "登记", "step": "save",
    }  # fmt: skip
    answer = client.post(reverse("kit:collection_add", args=["list_notices"]), said)
    assert answer.status_code == 302, text(answer)
    page = text(client.get(answer["Location"]))
    assert "云环〔2026〕8号" in page
    assert "导入名单" in page
    assert "2026-03-25" in page  # counts from the day it was published


def test_proposals_are_made_put_forward_and_dismissed(made: Firms) -> None:
    where = Place(made.world.district, made.world.departments["ecology"])
    enters = made.firm("冶炼公司", industry="3212", above_scale=True)
    unknown = made.firm("不清楚公司")
    shut = made.firm("破产公司", state="bankrupt")
    made.listed(shut, "soil_key", NEXT)
    counts = proposals.make(2026, where, by=made.officer, at=made.world.at)
    assert (counts["enter"], counts["leave"], counts["cannot_say"]) == (1, 1, 1)
    by_firm = {one.enterprise_id: one for one in ListProposal.objects.all()}
    assert by_firm[enters.enterprise_id].findings[0]["zh"]
    assert by_firm[unknown.enterprise_id].verdict == "cannot_say"
    client = browser(made)
    url = reverse("enterprises:proposal_decide", args=[by_firm[enters.enterprise_id].uid])
    assert client.post(url, {"state": "put_forward", "why": ""}).status_code == 302
    assert client.post(url, {"state": "dismissed", "why": "再议"}).status_code == 422
    other = reverse("enterprises:proposal_decide", args=[by_firm[shut.enterprise_id].uid])
    assert client.post(other, {"state": "dismissed", "why": ""}).status_code == 422
    assert client.post(other, {"state": "dismissed", "why": "仍有遗留地块"}).status_code == 302
    made_at = ListProposal.objects.get(enterprise=enters.enterprise).made_at
    again = client.post(reverse("enterprises:proposals_make"))
    assert again.status_code == 302
    assert ListProposal.objects.get(enterprise=enters.enterprise).made_at == made_at  # what was decided stays
    assert ListProposal.objects.count() == 3
    page = text(client.get(reverse("kit:record", args=["list_proposals", str(by_firm[enters.enterprise_id].uid)])))
    assert "K-med" not in page and "V-ex" not in page and "order27" not in page  # how sure a rule is stands in words
    assert "条件 1" in page
    assert "已报建议" in page
    with pytest.raises(ProposalRefused):
        proposals.make(2025, where, by=made.officer, at=made.world.at)


def test_a_town_is_told_of_the_notice_that_put_its_firms_on_a_list(made: Firms) -> None:
    firm = made.firm("镇上化工厂")
    made.listed(firm, "soil_key", NEXT)
    made.notice("cadmium", NEXT, published_on=None)
    town = browser(made, "town")
    page = text(town.get(reverse("enterprises:lists")))
    assert made.notice("soil_key", NEXT).number in page
    assert str(made.notice("soil_key", NEXT).uid) not in page  # the document itself is the district's
    assert made.notice("cadmium", NEXT).number not in page
    shown = text(town.get(reverse("enterprises:list", args=["soil_key"])))
    assert "K-med" not in shown and "镇上化工厂" in shown


def test_choices_of_filters_speak_the_language_of_the_reader(made: Firms) -> None:
    made.firm("甲公司")
    client = browser(made)
    kind, industry = list_kinds()["key_discharger"], classification().key_industries["coking"]
    for code, told, untold in (("zh-hans", "zh", "en"), ("en", "en", "zh")):
        Person.objects.filter(username="officer").update(language=code)
        page = client.get(reverse("kit:collection", args=["enterprises"])).content.decode()
        for one in (kind, industry):
            assert f">{getattr(one, told)}</label>" in page
            assert f">{getattr(one, untold)}</label>" not in page


def test_the_map_shows_firms_and_a_site_who_was_there(made: Firms) -> None:
    old, new = made.firm("老厂", state="closed", geometry=spot(0.5, 0.5)), made.firm("新厂")
    made.site(old, square(0, 0), since=date(2026, 1, 5))
    site = made.site(new, square(0, 0), since=date(2026, 2, 1), name="新厂区")
    client = browser(made)
    page = text(client.get(reverse("kit:record", args=["sites", str(site.site.uid)])))
    assert "老厂" in page
    items = json.loads(client.get("/ogc/collections/enterprises/items?f=json").content)
    assert [one["properties"]["name"] for one in items["features"]] == ["老厂"] or len(items["features"]) == 2
    end = reverse("enterprises:end_site", args=[site.site.uid])
    assert client.post(end, {"on": "2026-11-01", "reason": "搬迁"}).status_code == 302


def test_the_command(made: Firms, capsys: pytest.CaptureFixture[str]) -> None:
    firm = made.firm("甲公司", industry="3360", since=date(2020, 1, 1))
    made.firm("乙公司", since=date(2020, 1, 1))
    made.listed(firm, "soil_key", NEXT)
    assert main(["enterprises", "list", "--as", "officer", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told] == ["甲公司", "乙公司"]
    stay = {"key": "soil_key", "since": "2026-03-20", "notice": made.notice("soil_key", NEXT).number}
    assert told[0]["lists"] == [stay]
    assert {*told[0]} == {"number", "name", "credit_code", "industry", "state", "lists"}
    assert main(["enterprises", "list", "--list", "soil_key", "--on", "2026-03-19", "--as", "officer", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["enterprises", "list", "--list", "soil_key", "--as", "officer"]) == 0
    assert "共 1 家" in capsys.readouterr().out
    assert main(["enterprises", "list", "--list", "nothing", "--as", "officer"]) == 1
    assert "soil_key" in capsys.readouterr().err
    assert main(["enterprises", "list", "--as", "stranger", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
