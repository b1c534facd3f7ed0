"""Pages of filing: the firm's own, the office's, the public's; and that a firm learns nothing of another."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms
from desk.filing_world import PDF, industry, sent
from soildesk.core.models import Message
from soildesk.enterprises.models import Filing, Happening, Representative
from soildesk.enterprises.services import filingreview as review
from soildesk.enterprises.services import filings, representatives
from soildesk.enterprises.services.filings import What

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
K, State = Filing.Kind, Filing.State


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Firms:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Firms(world)


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20))
    made.representative(firm)
    return firm


def browser(made: Firms, who: str) -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_whoever_speaks_for_several_firms_is_told_which_waits_for_what(made: Firms, plant: Any) -> None:
    other = made.firm("华新铸造有限公司", since=date(2015, 1, 1))
    made.listed(other, "soil_key", date(2026, 9, 1))
    speaker = made.world.people["firm"]
    representatives.grant(speaker, other.enterprise, since=date(2026, 1, 5), by=made.officer, at=AT)
    begun = sent(made, plant, K.LETTER)
    review.give_back(begun, why="没有盖章。", by=made.officer, at=AT)
    page = text(browser(made, "firm").get("/", follow=True))
    first, second = (part for part in page.split('<section class="card-box"')[1:])
    assert "华新铸造有限公司" in first and "华新铸造有限公司" not in second
    assert "被退回" not in first and reverse("enterprises:filing", args=[begun.uid]) in second
    assert re.search(r"有 \d+ 项已过时限", second)
    assert re.search(r'接下来最近的时限：.+，<time datetime="2027-03-31"', first)
    representatives.end(
        Representative.objects.get(person=speaker, enterprise=plant.enterprise), on=AT.date(), by=made.officer, at=AT
    )
    assert plant.name not in text(browser(made, "firm").get("/", follow=True))


TYPED = {
    "year": "2025", "none": "no", "substances-rows": "2", "substances-1-name": "六价铬", "substances-1-way": "water",
    "substances-1-amount": "12.5",
}  # fmt: skip


def test_from_the_login_to_a_duty_done(made: Firms, plant: Any) -> None:
    firm, office = browser(made, "firm"), browser(made, "officer")
    home = firm.get("/", follow=True)
    assert home.redirect_chain[-1][0] == reverse("enterprises:own_card", args=[plant.enterprise.uid])
    assert "有毒有害物质排放年度报告" in text(home)
    assert "kind=toxic_report&amp;period=2026" in text(home)
    new = reverse("enterprises:filing_new", args=[plant.enterprise.uid])
    assert 'value="2026"' in text(firm.get(f"{new}?kind=toxic_report&period=2026"))
    begun = firm.post(new, {"kind": "toxic_report", "period": "2026", "subject": ""})
    filing = Filing.objects.get()
    edit = reverse("enterprises:filing_edit", args=[filing.uid])
    assert begun["Location"] == edit
    assert firm.post(new, {"kind": "toxic_report", "period": "2026"}).status_code == 422
    kept = firm.post(reverse("enterprises:filing_keep", args=[filing.uid]), {**TYPED, "none": ""})
    assert "还有 1 处" in text(kept)
    wrong = firm.post(edit, {**TYPED, "none": "", "step": "submit"})
    assert wrong.status_code == 422
    assert "没有填写" in text(wrong)
    assert 'value="六价铬"' in text(wrong)
    assert "已报送" in text(firm.post(edit, {**TYPED, "step": "submit"}, follow=True))

    listed = text(office.get(reverse("kit:collection", args=["filings"])))
    assert filing.number in listed
    page = text(office.get(reverse("enterprises:filing", args=[filing.uid])))
    assert "六价铬" in page
    assert "第 1 次报送" in page
    assert office.get(edit).status_code == 200  # shown, yet nothing can be kept
    assert "由企业填报" in text(office.post(edit, {"step": "save"}))
    returned = office.post(reverse("enterprises:filing_return", args=[filing.uid]), {"why": "请写全称"}, follow=True)
    assert "请写全称" in text(returned)
    own = text(firm.get("/", follow=True))
    assert "被退回，请改正后重新报送" in own
    assert "请写全称" in own
    assert Message.objects.get().link == reverse("enterprises:filing", args=[filing.uid])
    firm.post(edit, {**TYPED, "substances-1-name": "六价铬化合物", "step": "submit"})
    accepted = office.post(reverse("enterprises:filing_accept", args=[filing.uid]), {"note": ""}, follow=True)
    assert "已接收" in text(accepted)
    assert Happening.objects.get().on == date(2026, 11, 20)
    own = text(firm.get("/", follow=True))
    assert "已完成" in own
    assert reverse("enterprises:filing", args=[filing.uid]) in own


def test_files_and_rows_of_the_form(made: Firms, plant: Any) -> None:
    firm = browser(made, "firm")
    filing = filings.draft(plant, What(K.SELFMON_PLAN, "2026", "2026版"), by=made.world.actor("firm"), at=AT)
    edit = reverse("enterprises:filing_edit", args=[filing.uid])
    more = {"points-rows": "3", "points-1-code": "S1", "points-2-code": "S2", "step": "more"}
    assert text(firm.post(edit, more)).count('name="points-') > 5 * 5
    upload = SimpleUploadedFile("方案.pdf", PDF, "application/pdf")
    firm.post(edit, {"step": "save", "file": upload})
    page = text(firm.get(edit))
    assert "方案.pdf" in page
    bad = firm.post(edit, {"step": "save", "file": SimpleUploadedFile("x.exe", b"MZ", "application/pdf")})
    assert bad.status_code == 422
    uid = page.split('name="drop" value="')[1].split('"')[0]
    assert firm.get(reverse("core:file", args=[uid])).status_code == 200
    assert (
        browser(made, "officer").get(reverse("core:file", args=[uid])).status_code == 404
    )  # a draft is the firm's own
    assert browser(made, "officer").get(edit).status_code == 404
    firm.post(edit, {"step": "save", "drop": [uid, "nonsense"]})
    assert "方案.pdf" not in text(firm.get(edit))


def test_a_demolition_too_soon_is_told_before_it_is_sent(made: Firms, plant: Any) -> None:
    firm, boss = browser(made, "firm"), made.world.actor("firm")
    filing = filings.draft(plant, What(K.DEMOLITION_PLAN, "2026", "老车间"), by=boss, at=AT)
    filings.attach(filing, data=PDF, name="方案.pdf", by=boss, at=AT)
    said = {one: "yes" for one in ("basics", "techniques", "surroundings", "emergency", "residues")}
    edit = reverse("enterprises:filing_edit", args=[filing.uid])
    answer = firm.post(edit, {**said, "planned_start": "2026-12-01", "step": "submit"}, follow=True)
    assert "最早应为 2026-12-11" in text(answer)
    filing.refresh_from_db()
    assert filing.state == State.DRAFT
    firm.post(reverse("enterprises:filing_submit", args=[filing.uid]))
    filing.refresh_from_db()
    assert filing.state == State.SUBMITTED
    industry(made)
    office, other = browser(made, "officer"), browser(made, "industry")
    page = reverse("enterprises:filing", args=[filing.uid])
    assert "最早应为 2026-12-11" in text(office.get(page))
    receipt = reverse("enterprises:filing_receipt", args=[filing.uid])
    assert receipt in text(other.get(page))
    assert receipt not in text(browser(made, "agriculture").get(page))
    assert other.post(receipt, {"number": "工信备1号"}).status_code == 302
    assert receipt not in text(other.get(page))


def test_paper_is_entered_by_an_office(made: Firms, plant: Any) -> None:
    office = browser(made, "officer")
    office.post(
        reverse("enterprises:filing_new", args=[plant.enterprise.uid]), {"kind": "toxic_report", "period": "2026"}
    )
    filing = Filing.objects.get()
    assert filing.on_paper
    asked = office.post(reverse("enterprises:filing_edit", args=[filing.uid]), {**TYPED, "step": "submit"})
    assert asked["Location"] == reverse("enterprises:filing_submit", args=[filing.uid])
    office.post(asked["Location"], {"on": "2026-11-02"})
    filing.refresh_from_db()
    assert (filing.state, filing.submitted_on) == (State.SUBMITTED, date(2026, 11, 2))
    assert "由单位代录" in text(browser(made, "firm").get(reverse("enterprises:filing", args=[filing.uid])))


def test_the_public_reads_what_was_released_and_nothing_else(made: Firms, plant: Any) -> None:
    filing = sent(made, plant, K.TOXIC_REPORT)
    hidden = sent(made, plant, K.HAZARD_REPORT, inspector="绝密甲")
    review.accept(filing, by=made.officer, at=AT)
    review.accept(hidden, by=made.officer, at=AT)
    nobody = Client()
    listed = reverse("enterprises:filings_public", args=["990101"])
    page = reverse("enterprises:firm_public", args=["990101", plant.enterprise.uid])
    assert "青禾电镀" not in text(nobody.get(listed))
    assert nobody.get(page).status_code == 404
    done = browser(made, "issuer").post(reverse("enterprises:filing_release", args=[filing.uid]))
    assert done.status_code == 302
    assert "青禾电镀" in text(nobody.get(listed))
    assert f'href="{page}"' in text(browser(made, "issuer").get(reverse("enterprises:filing", args=[filing.uid])))
    said = text(nobody.get(page))
    assert "六价铬" in said
    assert "示例数据：青禾区是虚构的地方" in said, "a made-up place is marked so for the public too"
    assert not [word for word in ("DW001", "绝密甲", filing.number, "报告.pdf") if word in said]
    assert nobody.get(reverse("enterprises:filing", args=[filing.uid])).status_code == 302
    assert nobody.get(reverse("enterprises:filings_public", args=["000000"])).status_code == 404
    review.give_back(filing, why="有误", by=made.officer, at=AT)
    assert nobody.get(page).status_code == 404
