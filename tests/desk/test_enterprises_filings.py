"""What firms file: draft, send, return, send again, accept; the duties that are done by it, and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from desk.enterprise_world import Firms
from desk.filing_world import PDF, full, industry, sent
from soildesk.core.models import AuditEntry, Duty, FileUse, Message
from soildesk.core.permissions import NotAllowed
from soildesk.enterprises.filingforms import FORMS, form_of
from soildesk.enterprises.filingvalues import read
from soildesk.enterprises.filingwords import acts_of
from soildesk.enterprises.models import Filing, FilingAct, Happening
from soildesk.enterprises.queries.cards import cards
from soildesk.enterprises.queries.facts import View
from soildesk.enterprises.queries.filings import rounds, seen
from soildesk.enterprises.refusals import FilingRefused
from soildesk.enterprises.services import filingreview as review
from soildesk.enterprises.services import filings
from soildesk.enterprises.services.filings import What
from soildesk.home.queries.today import groups
from soilrules.enterprises.duties import CardState

pytestmark = pytest.mark.store
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
K, State = Filing.Kind, Filing.State


@pytest.fixture
def made(world: Any) -> Firms:
    return Firms(world)


@pytest.fixture
def plant(made: Firms) -> Any:
    firm = made.firm("青禾电镀有限公司", since=date(2015, 1, 1))
    made.listed(firm, "soil_key", date(2024, 3, 20))
    made.representative(firm)
    return firm


def on_card(made: Firms, firm: Any, rule: str) -> set[CardState]:
    found = cards(View(made.officer, TODAY), 2026, only=[firm.enterprise_id])
    return {line.state for card in found for line in card.lines if line.rule.id == rule}


def review_duties(filing: Filing) -> list[Duty]:
    return list(Duty.objects.for_subject(filing).order_by("pk"))


def test_from_draft_to_a_duty_done(made: Firms, plant: Any) -> None:
    boss, officer = made.world.actor("firm"), made.officer
    filing = filings.draft(plant, What(K.TOXIC_REPORT, "2026"), by=boss, at=AT)
    assert filing.data["year"] == 2025
    assert not seen(officer).exists()  # a firm's draft is its own
    with pytest.raises(FilingRefused, match="全年没有排放"):
        filings.submit(filing, by=boss, at=AT)
    typed = full(K.TOXIC_REPORT)
    assert not filings.save(filing, typed, by=boss, at=AT).problems
    filings.submit(filing, by=boss, at=AT)
    duty = review_duties(filing)[0]
    assert (duty.due, duty.unit, duty.kind) == (date(2026, 11, 27), made.world.departments["ecology"], Duty.Kind.FILING)
    assert CardState.DONE not in on_card(made, plant, "toxic_report")
    with pytest.raises(FilingRefused, match="状态"):
        filings.save(filing, typed, by=boss, at=AT)

    review.give_back(filing, why="物质名称请写全", by=officer, at=AT)
    assert review_duties(filing)[0].done_on == TODAY
    assert "物质名称请写全" in Message.objects.get(person=made.world.people["firm"]).text
    typed["substances"][0]["name"] = "六价铬化合物"
    filings.save(filing, typed, by=boss, at=AT)
    filings.submit(filing, by=boss, at=AT)
    review.accept(filing, by=officer, at=AT)

    filing.refresh_from_db()
    assert (filing.state, filing.accepted_on) == (State.ACCEPTED, TODAY)
    told = Happening.objects.get(filing=filing)
    assert (told.kind, told.on, told.period) == ("toxic_report_filed", TODAY, "2026")
    assert on_card(made, plant, "toxic_report") == {CardState.DONE}
    first, second = reversed(rounds(filing))
    assert first.sent.data["entries"]["substances"][0]["name"] == "六价铬"
    assert second.sent.data["entries"]["substances"][0]["name"] == "六价铬化合物"
    assert [one.kind for one in first.answers] == ["returned"]
    assert not [one for one in review_duties(filing) if one.done_on is None]
    acts = AuditEntry.objects.filter(act__startswith="enterprises.filing.").order_by("id").values_list("act", flat=True)
    assert [act.rpartition(".")[2] for act in acts] == [
        "drafted", "saved", "submitted", "returned", "saved", "submitted", "accepted",
    ]  # fmt: skip


def test_what_was_accepted_and_returned_is_owed_again(made: Firms, plant: Any) -> None:
    filing = sent(made, plant, K.TOXIC_REPORT)
    review.accept(filing, by=made.officer, at=AT)
    review.release(filing, by=made.world.actor("issuer"), at=AT)
    review.give_back(filing, why="数据有误", by=made.officer, at=AT)
    filing.refresh_from_db()
    assert (filing.state, filing.released_on) == (State.RETURNED, None)
    assert not Happening.objects.filter(filing=filing, superseded_at=None).exists()
    assert CardState.DONE not in on_card(made, plant, "toxic_report")


def test_the_day_of_paper_is_the_day_it_came(made: Firms, plant: Any) -> None:
    officer = made.officer
    filing = filings.draft(plant, What(K.TOXIC_REPORT, "2026"), by=officer, at=AT)
    assert filing.on_paper
    filings.save(filing, full(K.TOXIC_REPORT), by=officer, at=AT)
    with pytest.raises(FilingRefused, match="晚于今天"):
        filings.submit(filing, by=officer, at=AT, on=date(2026, 12, 1))
    with pytest.raises(FilingRefused, match="代录"):
        filings.submit(filing, by=made.world.actor("firm"), at=AT)
    filings.submit(filing, by=officer, at=AT, on=date(2026, 11, 3))
    review.accept(filing, by=made.world.actor("issuer"), at=AT)
    assert Happening.objects.get(filing=filing).on == date(2026, 11, 3)


def on_paper(made: Firms, plant: Any) -> Filing:
    """A letter of responsibility that came on paper, entered and sent by the officer."""
    filing = filings.draft(plant, What(K.LETTER, "2026"), by=made.officer, at=AT)
    filings.save(filing, full(K.LETTER), by=made.officer, at=AT)
    filings.attach(filing, data=PDF, name="责任书.pdf", by=made.officer, at=AT)
    return filings.submit(filing, by=made.officer, at=AT)


def test_paper_is_accepted_by_another_than_who_entered_it(made: Firms, plant: Any) -> None:
    filing = on_paper(made, plant)
    (button,) = [one for one in acts_of(made.officer, filing) if one.title == "接收"]
    assert "另一名" in button.stopped_by
    with pytest.raises(FilingRefused, match="另一名有审核权限的人员办理（区生态环境局 issuer）") as refusal:
        review.accept(filing, by=made.officer, at=AT)
    assert refusal.value.code == "enterprises.filing.same_person"
    issuer = made.world.actor("issuer")
    assert not next(one for one in acts_of(issuer, filing) if one.title == "接收").stopped_by
    assert review.accept(filing, by=issuer, at=AT).state == State.ACCEPTED
    assert "exception" not in AuditEntry.objects.get(act="enterprises.filing.accepted").data


def test_where_everybody_had_a_hand_in_it_the_audit_says_so(made: Firms, plant: Any) -> None:
    issuer = made.world.actor("issuer")
    filing = filings.draft(plant, What(K.LETTER, "2026"), by=made.officer, at=AT)
    filings.save(filing, full(K.LETTER), by=issuer, at=AT)
    filings.attach(filing, data=PDF, name="责任书.pdf", by=issuer, at=AT)
    filings.submit(filing, by=issuer, at=AT)
    review.accept(filing, by=made.officer, at=AT)
    assert "同一人" in AuditEntry.objects.get(act="enterprises.filing.accepted").data["exception"]


def test_an_office_of_one_accepts_and_the_audit_says_so(made: Firms, plant: Any) -> None:
    filing = on_paper(made, plant)
    made.world.people["issuer"].is_active = False
    made.world.people["issuer"].save()
    assert not next(one for one in acts_of(made.officer, filing) if one.title == "接收").stopped_by
    review.accept(filing, by=made.officer, at=AT)
    assert "同一人" in AuditEntry.objects.get(act="enterprises.filing.accepted").data["exception"]
    assert "同一人" in FilingAct.objects.get(kind="accepted").note


def test_what_the_firm_sent_itself_is_accepted_by_any_officer(made: Firms, plant: Any) -> None:
    assert review.accept(sent(made, plant, K.LETTER), by=made.officer, at=AT).state == State.ACCEPTED


def test_a_demolition_that_begins_too_soon_is_told_and_kept(made: Firms, plant: Any) -> None:
    soon = sent(made, plant, K.DEMOLITION_PLAN, subject="老电镀车间", planned_start="2026-12-10")
    found = rounds(soon)[0].sent.data["findings"]
    assert "2026-12-11" in found[0]["said"]
    just = sent(made, plant, K.DEMOLITION_PLAN, subject="酸洗车间", planned_start="2026-12-11")
    assert rounds(just)[0].sent.data["findings"] == []


def test_two_departments_give_two_receipts(made: Firms, plant: Any) -> None:
    world = made.world
    filing = sent(made, plant, K.DEMOLITION_PLAN, subject="老电镀车间", planned_start="2027-03-01")
    industry(made)
    with pytest.raises(FilingRefused, match="不出具回执"):
        review.receipt(filing, number="农1号", by=world.actor("agriculture"), at=AT)
    review.receipt(filing, number="环备1号", by=made.officer, at=AT)
    with pytest.raises(FilingRefused, match="已登记过回执"):
        review.receipt(filing, number="环备2号", by=made.officer, at=AT)
    review.receipt(filing, number="工信备1号", by=world.actor("industry"), at=AT)
    review.accept(filing, by=made.officer, at=AT)
    told = Happening.objects.filter(filing=filing).order_by("kind").values_list("kind", "on", "subject")
    assert list(told) == [
        ("demolition_filed_ecology", TODAY, "老电镀车间"),
        ("demolition_filed_industry", TODAY, "老电镀车间"),
        ("demolition_planned", date(2027, 3, 1), "老电镀车间"),
    ]
    view = View(made.officer, TODAY)
    lines = [
        line
        for card in cards(view, 2026, only=[plant.enterprise_id])
        for line in card.lines
        if line.rule.duty == "demolition"
    ]
    assert {line.rule.id for line in lines if line.state is CardState.DONE} == {
        "demolition.ecology",
        "demolition.industry",
    }
    with pytest.raises(NotAllowed):
        review.accept(filing, by=world.actor("industry"), at=AT)


def test_every_kind_is_filed_and_accepted(made: Firms, plant: Any) -> None:
    for kind in K:
        filing = sent(made, plant, kind)
        review.accept(filing, by=made.officer, at=AT)
        told = Happening.objects.filter(filing=filing, superseded_at=None)
        assert {one.evidence for one in told} == {f"enterprises.filing:{filing.uid}"}
        if form_of(kind).public:
            review.release(filing, by=made.world.actor("issuer"), at=AT)
            assert Filing.objects.get(pk=filing.pk).released_on == TODAY
        else:
            with pytest.raises(FilingRefused, match="没有可以公开"):
                review.release(filing, by=made.world.actor("issuer"), at=AT)


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) == set(K.values)


def test_what_cannot_be_read_is_told_and_kept_as_typed() -> None:
    form = form_of(K.TOXIC_REPORT)
    rows = [
        {"name": "镉", "way": "飞", "amount": "NaN"},
        {"name": ""},
        {"name": "铅", "way": "废水", "amount": "1,200"},
    ]
    got = read(form, {"year": "二〇二五", "none": "否", "substances": rows}, TODAY)
    assert "“二〇二五”不是整数" in got.problems["year"]
    assert "第 1 行" in got.problems["substances.1.way"]
    assert "“NaN”不是数" in got.problems["substances.1.amount"]
    assert got.data["substances"][1] == {"name": "铅", "way": "water", "amount": "1200", "outlet": None}
    assert got.data["year"] == "二〇二五"
    both = read(form, {"year": 2025, "none": True, "substances": rows[2:]}, TODAY)
    assert "又填了 1 种物质" in both.problems["none"]
    late = read(form_of(K.SELFMON_DATA), {"sampled_on": "2026-11-21"}, TODAY)
    assert "晚于今天" in late.problems["sampled_on"]
    more = read(form_of(K.HAZARD_REPORT), {"found": "2", "rectified": "3"}, TODAY)
    assert "多于" in more.problems["rectified"]
    bad = read(form_of(K.DEMOLITION_PLAN), {"emergency": "否"}, TODAY)
    assert "必须有" in bad.problems["emergency"]


def test_one_filing_of_a_kind_and_period(made: Firms, plant: Any) -> None:
    boss = made.world.actor("firm")
    filing = filings.draft(plant, What(K.TOXIC_REPORT, "2026"), by=boss, at=AT)
    with pytest.raises(FilingRefused, match=filing.number):
        filings.draft(plant, What(K.TOXIC_REPORT, "2026"), by=boss, at=AT)
    for what in (
        What("no_such", "2026"),
        What(K.TOXIC_REPORT, "1999"),
        What(K.TOXIC_REPORT, "²"),
        What(K.BASELINE, "2026"),
    ):
        with pytest.raises(FilingRefused):
            filings.draft(plant, what, by=boss, at=AT)
    filings.withdraw(filing, why="重新填报", by=boss, at=AT)
    again = filings.draft(plant, What(K.TOXIC_REPORT, "2026"), by=boss, at=AT)
    assert again.number != filing.number
    assert not seen(made.officer).exists()  # given up before it was sent


def test_a_report_has_its_file(made: Firms, plant: Any) -> None:
    boss = made.world.actor("firm")
    filing = filings.draft(plant, What(K.LETTER, "2026"), by=boss, at=AT)
    filings.save(filing, full(K.LETTER), by=boss, at=AT)
    with pytest.raises(FilingRefused, match="没有附件"):
        filings.submit(filing, by=boss, at=AT)
    use = filings.attach(filing, data=PDF, name="责任书.pdf", by=boss, at=AT)
    filings.detach(filing, use, by=boss, at=AT)
    with pytest.raises(FilingRefused, match="没有附件"):
        filings.submit(filing, by=boss, at=AT)
    filings.attach(filing, data=PDF, name="责任书.pdf", by=boss, at=AT)
    filings.submit(filing, by=boss, at=AT)
    assert FilingAct.objects.get(filing=filing, kind="submitted").data["files"] == [
        str(FileUse.objects.get(withdrawn_at=None).uid)
    ]


def test_another_firm_and_the_wrong_roles_are_refused(made: Firms, plant: Any) -> None:
    world = made.world
    rival = made.firm("青禾化工有限公司", since=date(2015, 1, 1))
    made.representative(rival, "rival")
    other = world.actor("rival")
    filing = sent(made, plant, K.TOXIC_REPORT)
    for act in (
        lambda: filings.draft(plant, What(K.LETTER, "2026"), by=other, at=AT),
        lambda: filings.save(filing, {}, by=other, at=AT),
        lambda: filings.withdraw(filing, why="x", by=other, at=AT),
        lambda: review.accept(filing, by=world.actor("firm"), at=AT),
        lambda: review.accept(filing, by=world.actor("reader"), at=AT),
        lambda: review.give_back(filing, why="x", by=world.actor("stranger"), at=AT),
        lambda: review.release(filing, by=made.officer, at=AT),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not seen(other).exists()
    assert not seen(world.actor("stranger")).exists()
    with pytest.raises(FilingRefused, match="由企业填报"):
        filings.withdraw(filing, why="x", by=made.officer, at=AT)
    with pytest.raises(FilingRefused, match="退回的原因"):
        review.give_back(filing, why=" ", by=made.officer, at=AT)


def waiting(who: Any, on: date = TODAY) -> list[tuple[str, str, bool]]:
    """What 今日 says of filings that wait for an answer: where each leads, its day, whether it is late."""
    short = [one for group in groups(who, on) for one in group.shorts if one.title == "企业申报待审核"]
    assert all(one.count == len(one.lines) for one in short)
    return [(line.url, line.when.partition(" ")[0], line.late) for one in short for line in one.lines]


def test_today_tells_the_office_what_waits_for_its_answer(made: Firms, plant: Any) -> None:
    officer = made.officer
    assert waiting(officer) == []
    filing = sent(made, plant, K.TOXIC_REPORT)
    page = f"/enterprises/filings/{filing.uid}/"
    assert waiting(officer) == [(page, "2026-11-27", False)]
    assert waiting(officer, date(2026, 11, 28)) == [(page, "2026-11-27", True)]
    assert waiting(officer, date(2026, 11, 19)) == []
    for blind in ("firm", "reader", "stranger"):
        assert waiting(made.world.actor(blind)) == [], blind
    review.give_back(filing, why="请补充", by=officer, at=AT)
    assert waiting(officer) == []
    filings.submit(filing, by=made.world.actor("firm"), at=AT)
    assert len(waiting(officer)) == 1
    review.accept(filing, by=officer, at=AT)
    assert waiting(officer) == []
    again = sent(made, plant, K.LETTER)
    filings.withdraw(again, why="报错", by=made.world.actor("firm"), at=AT)
    assert waiting(officer) == []
