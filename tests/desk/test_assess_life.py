"""An assessment from the adopted scheme to the frozen result: who may do what, what is known, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from desk.assess_world import DUE, HAZARD, PDF, Assessing, shared_world
from desk.conftest import DAY
from desk.oversight_world import Desk
from soildesk.assessment.models import Assessment, ItemResult
from soildesk.assessment.queries import facts as reads
from soildesk.assessment.queries import owed as queries_owed
from soildesk.assessment.queries import records, since
from soildesk.assessment.queries.facts import fact_of
from soildesk.assessment.queries.since import moved
from soildesk.assessment.queries.standing import Standing, scheme_of
from soildesk.assessment.refusals import AssessmentRefused
from soildesk.assessment.services import adopting, checking, finishing, opening, selfassessing
from soildesk.assessment.services.acting import Paper
from soildesk.assessment.services.selfassessing import Said
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry, Message
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.reporting.services.copies import reading_of
from soilrules.assessment import life

pytestmark = pytest.mark.django_db
State = Assessment.State


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


def refused(code: str, act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(AssessmentRefused) as found:
        act(*args, **more)
    assert found.value.code == code, str(found.value)
    return str(found.value)


def test_a_place_puts_a_scheme_into_force_and_changes_make_another_version(made: Assessing) -> None:
    one = made.one
    first = one.adoption
    assert (first.version, first.changes) == (1, {})
    assert "完全相同" in refused("assessment.scheme.same", made.adopted)
    assert "115" in refused("assessment.scheme.changes", made.adopted, changes={"public": {"weight": "25"}})
    refused("assessment.scheme.document", made.adopted, document=" ")
    refused("assessment.scheme.unknown", made.adopted, "nothing")
    second = made.adopted(changes={"public": {"weight": "5"}, "surveys": {"weight": "15"}, "hazard": {"weight": "5"}})
    first.refresh_from_db()
    assert second.version == 2 and first.superseded_at is not None
    assert second.changes == {"public": {"weight": "5"}, "surveys": {"weight": "15"}}  # what is the same is no change
    assert {item.id: item.weight for item in scheme_of(second).items}["surveys"] == 15
    one.refresh_from_db()
    assert one.adoption == first  # an assessment under way keeps its version
    wanted = adopting.Adopting("county_year", 2027, "x")
    with pytest.raises(NotAllowed):
        adopting.adopt(wanted, made.city, by=made.world.actor("issuer"), at=made.world.at)


def test_facts_are_the_figures_of_reports_and_open_to_their_rows(made: Assessing) -> None:
    one = made.one
    reading = reading_of(made.reports.wanted(""), by=made.world.actor("city_officer"))
    for item in scheme_of(one.adoption).items:
        if item.stated:
            assert item.id not in one.facts
            continue
        kept = one.facts[item.id]
        assert {each["id"] for each in kept["figures"]} == {*item.figures, *item.of}
        for each in kept["figures"]:
            figure = reading.figure(each["id"])
            assert each["shown"] == (f"{figure.text}{figure.unit}" if figure.text else "")
        fact = fact_of(kept)
        assert len(kept["rows"]) == len({row["key"] for row in kept["rows"]}) == len(fact.rows)
    late = one.facts["late_problems"]
    assert (late["low"], late["high"], len(late["rows"])) == ("1", "1", 1)
    done = one.facts["tasks"]
    parts = [reading.figure(name) for name in ("tasks.done", "tasks.overdue")]
    assert len(done["rows"]) == sum(len(each.rows) for each in parts)


def test_what_is_not_known_is_a_range_and_no_grade(made: Assessing) -> None:
    one = made.one
    score = Standing(one).score()
    assert score.worst is not None and score.best is not None and score.worst < score.best
    assert score.grade is None and one.grade == ""
    assert {"farmland_rate", "public", "false_data"} <= set(score.missing)
    assert (one.worst, one.best) == (score.worst, score.best)


def test_a_self_assessment_is_owed_until_signed_and_again_when_sent_back(made: Assessing) -> None:
    officer = made.world.people["officer"]

    def owed(on: date) -> list[tuple[str, bool]]:
        actor = Actor.of(officer, on)
        return [(one.title, one.late) for one in queries_owed.to_sign(actor, on, [made.one.unit_id])]

    late = DUE + timedelta(days=5)
    assert owed(DUE - timedelta(days=20)) == [("2026年考核自评（KH-9901-2026-00001）", False)], (
        "from the day it is opened"
    )
    assert [is_late for _title, is_late in owed(DUE)] == [False]
    assert [is_late for _title, is_late in owed(late)] == [True]
    assert [made.one.number in title for title, _late in owed(late)] == [True]
    one = made.signed()
    assert owed(late) == []
    selfassessing.send_back(one, made.doing("city_officer", "材料不全"))
    assert len(owed(late)) == 1
    refused(
        "assessment.open.due", opening.open_for, one.adoption, [made.world.district], DAY - timedelta(days=1),
        by=made.world.actor("city_officer"), at=made.world.at,
    )  # fmt: skip


def test_only_places_right_below_of_the_right_level_are_assessed_and_once(made: Assessing) -> None:
    adoption, by, at = made.one.adoption, made.world.actor("city_officer"), made.world.at
    town = made.world.towns["柏庄镇"].division
    for place in (town, made.world.city):
        refused("assessment.open.level", opening.open_for, adoption, [place], DUE, by=by, at=at)
    refused("assessment.open.place", opening.open_for, adoption, [], DUE, by=by, at=at)
    assert "已经发起" in refused(
        "assessment.open.twice", opening.open_for, adoption, [made.world.district], DUE, by=by, at=at
    )
    with pytest.raises(NotAllowed):
        opening.open_for(adoption, [made.world.other], DUE, by=made.world.actor("officer"), at=at)
    old = made.adopted(changes={"public": {"weight": "5"}, "surveys": {"weight": "15"}})
    refused("assessment.scheme.unknown", opening.open_for, adoption, [made.world.other], DUE, by=by, at=at)
    assert old.superseded_at is None


def test_nobody_assesses_himself_and_nobody_fills_in_for_another(made: Assessing) -> None:
    one = made.one
    refused("assessment.side", selfassessing.fill, one, "public", Said(Decimal(1)), made.doing("city_officer"))
    refused("assessment.side", selfassessing.sign, one, made.doing("city_issuer"))
    one = made.signed(one)
    for act in (checking.announce, checking.confirm_said, selfassessing.send_back):
        refused("assessment.side", act, one, made.doing("officer", "自己核"))
    for who in ("reader", "agriculture", "stranger"):
        with pytest.raises(NotAllowed):
            checking.announce(one, made.doing(who))


def test_every_act_is_refused_outside_its_states(made: Assessing) -> None:
    one = made.one
    calls = {
        life.Act.FILL: lambda: selfassessing.fill(one, "public", Said(), made.doing("officer")),
        life.Act.SIGN: lambda: selfassessing.sign(one, made.doing("issuer")),
        life.Act.SEND_BACK: lambda: selfassessing.send_back(one, made.doing("city_officer", "x")),
        life.Act.DRAW: lambda: checking.draw(one, Decimal("0.1"), "s", made.doing("city_officer")),
        life.Act.CONFIRM: lambda: checking.confirm(one, "public", Said(), made.doing("city_officer", "x")),
        life.Act.ANNOUNCE: lambda: checking.announce(one, made.doing("city_officer")),
        life.Act.OBJECT: lambda: checking.raise_objection(one, "", made.doing("issuer", "x")),
        life.Act.FINISH: lambda: finishing.finish(one, "1号", made.doing("city_issuer")),
    }
    for state in State.values:
        Assessment.objects.filter(pk=one.pk).update(
            state=state, signed_at=made.world.at, finished_at=made.world.at, digest="x", document="x"
        )
        for act, call in calls.items():
            if not life.may_be(act, state):
                assert "现在是" in refused("assessment.state", call)


def test_a_stated_value_needs_a_file_and_a_value_there_can_be(made: Assessing) -> None:
    one = made.one
    for value in (Decimal("100.01"), Decimal(-1)):
        refused("assessment.item.value", selfassessing.fill, one, "public", Said(value), made.doing("officer"))
    refused("assessment.item.unknown", selfassessing.fill, one, "nothing", Said(), made.doing("officer"))
    refused("assessment.item.why", selfassessing.fill, one, "public", Said(None, True), made.doing("officer"))
    selfassessing.fill(one, "public", Said(Decimal(80)), made.doing("officer", "没有附材料"))
    assert "信息公开" in refused("assessment.item.evidence", selfassessing.sign, one, made.doing("issuer"))
    selfassessing.fill(one, "public", Said(Decimal(80)), made.doing("officer", "附了", Paper("材料.pdf", PDF)))
    assert selfassessing.sign(one, made.doing("issuer")).state == State.SELF_ASSESSED


def test_another_value_than_the_records_changes_nothing_until_it_is_confirmed(made: Assessing) -> None:
    one = made.one
    before = Standing(one).score()
    selfassessing.fill(one, "honest", Said(Decimal(0)), made.doing("officer", "我们认为一致"))
    assert Standing(one).score() == before
    one = made.signed(one)
    lost = Standing(one).score(own=False)
    checking.confirm(one, "honest", Said(Decimal(20)), made.doing("city_officer", "现场查到20项"))
    after = Standing(one).score(own=False)
    assert next(each for each in after.items if each.item.id == "honest").high == 0
    assert after.best is not None and lost.best is not None and after.best < lost.best


def test_what_moved_since_the_signature_is_told_record_by_record(made: Assessing) -> None:
    one = made.signed()
    by = made.world.actor("city_officer")
    assert moved(Standing(one), by) == []
    Desk(made.world).problem("签报以后的问题", unit="agriculture", due=made.world.day.replace(day=11))
    (late,) = moved(Standing(one), by)
    assert (late.id, late.kept, late.now) == ("late_problems", "1", "2")
    assert [(row.how, "签报以后的问题" in row.name) for row in late.rows] == [("新增", True)] and late.rows[0].url
    for name in Standing(one).score(own=False).missing:
        checking.confirm(one, name, Said(Decimal(90)), made.doing("city_officer", "现场核定"))
    checking.announce(one, made.doing("city_officer"))
    done = finishing.finish(one, "云环〔2026〕9号", made.doing("city_issuer"))
    assert finishing.intact(done), "what is frozen stays, whatever the records say later"
    assert [each.id for each in moved(Standing(done), by)] == ["late_problems"]
    kept = done.facts["tasks"]["rows"]
    now = [{**row, "good": not row["good"]} for row in kept[:1]] + kept[2:]
    told = [row.how for row in since._rows(kept, now)]
    assert told == ["变为没有做到" if kept[0]["good"] else "变为做到", *["不再列入"] * (len(kept) > 1)]
    with pytest.raises(Refusal, match="一部分记录"):
        moved(Standing(done), made.world.actor("agriculture"))


def test_signed_facts_stay_while_the_records_go_on(made: Assessing) -> None:
    one = made.one
    Desk(made.world).problem("又一个逾期问题", unit="agriculture", due=made.world.day.replace(day=10))
    again = opening.read_again(one, made.doing("officer"))
    assert again.facts["late_problems"]["low"] == "2"
    one = made.signed(one)
    digest = one.self_digest
    Desk(made.world).problem("签报以后的问题", unit="agriculture", due=made.world.day.replace(day=11))
    refused("assessment.state", opening.read_again, one, made.doing("officer"))
    one.refresh_from_db()
    assert one.facts["late_problems"]["low"] == "2"
    assert selfassessing.digest_of(selfassessing.signed_data(Standing(one))) == digest
    back = selfassessing.send_back(one, made.doing("city_officer", "漏报问题"))
    assert back.state == State.OPENED and back.returned_why == "漏报问题"
    assert selfassessing.sign(back, made.doing("issuer")).facts["late_problems"]["low"] == "3"


def test_a_sample_is_drawn_once_looked_at_whole_and_a_false_row_counts_no_more(made: Assessing) -> None:
    one = made.signed()
    Assessment.objects.filter(pk=one.pk).update(facts={**one.facts, "hazard": HAZARD})
    one.refresh_from_db()
    act = made.doing("city_officer")
    refused("assessment.sample.seed", checking.draw, one, Decimal("0.5"), "  ", act)
    refused("assessment.sample.share", checking.draw, one, Decimal(0), "2026-11-19 271", act)
    drawn = checking.draw(one, Decimal("0.5"), "2026-11-19 271", act)
    assert checking.again(drawn) and drawn.population["hazard"] == ["t/a", "t/b", "t/c"]
    refused("assessment.sample.open", checking.draw, one, Decimal("0.5"), "另一个种子", act)
    assert "没有登记核查结果" in refused("assessment.sample.open", checking.announce, one, act)
    before = Standing(one).score(own=False)
    rows = list(drawn.rows.filter(item="hazard"))
    assert len(rows) == 2  # half of three, rounded up
    refused("assessment.sample.outcome", checking.check_row, one, rows[0], "false", act)
    for row in drawn.rows.all():
        checking.check_row(one, row, "false" if row == rows[0] else "true", made.doing("city_officer", "看过现场"))
    after = Standing(one).score(own=False)
    of = {each.item.id: each for each in after.items}["hazard"]
    assert (of.fact.low, {each.item.id: each for each in before.items}["hazard"].fact.low) == (50, 75)
    counted = Standing(checking.announce(one, act)).kept()["hazard"]["rows"]
    assert sum(row["good"] for row in counted) == 2, "as many rows count as the share says"
    assert [row["note"] for row in counted if row["key"] == rows[0].key] == ["核查不属实：看过现场"]
    drawn.population["hazard"].append("t/z")
    assert not checking.again(drawn)


def test_objections_are_answered_before_the_result_and_an_upheld_one_changes_it(made: Assessing) -> None:
    one = made.announced()
    low = one.worst
    refused("assessment.item.why", checking.raise_objection, one, "public", made.doing("issuer", " "))
    objection = checking.raise_objection(one, "public", made.doing("issuer", "漏算一次", Paper("证明.pdf", PDF)))
    one.refresh_from_db()
    assert one.state == State.OBJECTED
    refused("assessment.objection.open", finishing.finish, one, "1号", made.doing("city_issuer"))
    refused("assessment.side", checking.answer, one, objection, True, None, made.doing("officer", "自己采纳"))
    checking.answer(one, objection, True, Said(Decimal(100)), made.doing("city_officer", "采纳"))
    refused(
        "assessment.objection.answered",
        checking.answer,
        one,
        objection,
        False,
        None,
        made.doing("city_officer", "反悔"),
    )
    one.refresh_from_db()
    assert low is not None and one.worst is not None and one.worst > low


def test_a_result_is_frozen_with_its_hash_and_only_proposes_what_follows(made: Assessing) -> None:
    one = made.announced()
    refused("assessment.final.document", finishing.finish, one, " ", made.doing("city_issuer"))
    with pytest.raises(NotAllowed):
        finishing.finish(one, "云环〔2026〕9号", made.doing("city_officer"))
    done = finishing.finish(one, "云环〔2026〕9号", made.doing("city_issuer"))
    assert (
        done.state == State.FINAL and done.digest == selfassessing.digest_of(done.snapshot) and finishing.intact(done)
    )
    assert done.snapshot["worst"] == done.snapshot["best"] == str(done.worst) and done.grade
    assert {"scheme", "facts", "said", "items", "objections"} <= set(done.snapshot)
    kinds = {each.rule: each for each in done.proposals.all()}
    assert "fund" in kinds and ("limit" in kinds) is (done.grade == "failed")
    refused("assessment.proposal.why", finishing.decide, kinds["fund"], True, "", made.doing("city_issuer"))
    refused("assessment.side", finishing.decide, kinds["fund"], True, "", made.doing("issuer", "自己决定"))
    finishing.decide(kinds["fund"], False, "", made.doing("city_issuer", "今年没有资金"))
    refused(
        "assessment.proposal.decided", finishing.decide, kinds["fund"], True, "", made.doing("city_issuer", "改主意")
    )
    ItemResult.objects.filter(assessment=done, item="public").update(checked_value=Decimal(100))
    done.refresh_from_db()
    assert not finishing.intact(done)  # a table that was touched is seen
    assert AuditEntry.objects.filter(act="assessment.finished").count() == 1


def test_a_poor_result_proposes_limits_and_talks_and_does_nothing_itself(made: Assessing) -> None:
    one = made.announced()
    Assessment.objects.filter(pk=one.pk).update(state=State.OBJECTED)
    one.refresh_from_db()
    checking.confirm(one, "false_data", Said(Decimal(1)), made.doing("city_officer", "查实一起"))
    entries = set(AuditEntry.objects.values_list("act", flat=True))
    done = finishing.finish(one, "云环〔2026〕9号", made.doing("city_issuer"))
    assert done.grade == "failed"  # a veto, whatever the score
    assert set(done.proposals.values_list("rule", flat=True)) == {"fund", "rectify", "limit", "talk"}
    assert set(done.proposals.values_list("state", flat=True)) == {"proposed"}
    assert set(AuditEntry.objects.values_list("act", flat=True)) - entries <= {"assessment.finished"}


def test_a_final_result_outlives_a_change_of_the_shipped_scheme(
    made: Assessing, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = finishing.finish(made.announced(), "云环〔2026〕9号", made.doing("city_issuer"))
    monkeypatch.setattr(records, "schemes", dict)
    assert Standing(done).score(own=False).worst == done.worst and finishing.intact(done)


def test_towns_are_assessed_by_the_district_and_few_are_not_ranked(
    made: Assessing, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = list(Assessment.objects.filter(scheme="district_towns").select_related("place", "unit"))
    assert {one.unit.name for one in towns} == {one.name for one in made.world.towns.values()}
    one = next(each for each in towns if each.place.name == "柏庄镇")
    assert {"duties", "late"} <= set(one.facts)
    with pytest.raises(NotAllowed):
        opening.read_again(one, made.doing("agriculture"))
    selfassessing.fill(one, "own", Said(Decimal(90)), made.doing("town", "附材料", Paper("材料.pdf", PDF)))
    selfassessing.sign(one, made.doing("town"))
    refused("assessment.side", selfassessing.fill, towns[0], "own", Said(Decimal(90)), made.doing("officer", "代填"))
    with pytest.raises(NotAllowed):
        selfassessing.fill(towns[0], "own", Said(Decimal(90)), made.doing("town", "别的镇"))
    checking.announce(one, made.doing("officer"))
    for each in towns:
        Assessment.objects.filter(pk=each.pk).update(state=State.CHECKED, signed_at=made.world.at, worst=50, best=50)
    Assessment.objects.filter(pk=one.pk).update(worst=90, best=90)
    one.refresh_from_db()
    assert records.rank_of(one) == (None, 4, 5)  # four of the five there have to be
    fewer = {key: replace(value, least_ranked=4) for key, value in records.schemes().items()}
    monkeypatch.setattr(records, "schemes", lambda: fewer)
    rank, together, _least = records.rank_of(one)
    assert rank is not None and (rank.first, rank.last, together) == (1, 1, 4)
    lower, _together, _least = records.rank_of(one, (Decimal(10), Decimal(10)))
    assert lower is not None and lower.first == 4


def test_places_see_their_own_and_superiors_all_below(made: Assessing) -> None:
    seen = {who: records.assessments(made.world.actor(who), made.world.day).count() for who in ("city_officer", "officer", "town", "stranger", "admin")}  # fmt: skip
    assert seen == {"city_officer": 5, "officer": 5, "town": 1, "stranger": 0, "admin": 0}


def _told(who: str) -> list[str]:
    return list(Message.objects.filter(person__username=who).order_by("id").values_list("text", flat=True))


def test_what_says_nothing_or_two_things_is_refused(made: Assessing) -> None:
    one = made.one
    act = made.doing("officer")
    assert "只留一样" in refused(
        "assessment.item.value",
        selfassessing.fill,
        one,
        "public",
        Said(Decimal(80), True),
        made.doing("officer", "附表"),
    )
    assert "1.5 不是整数" in refused(
        "assessment.item.value", selfassessing.fill, one, "event", Said(Decimal("1.5")), act
    )
    assert "什么也没有填" in refused("assessment.item.value", selfassessing.fill, one, "event", Said(), act)
    recorded = next(name for name in one.facts if name == "tasks")
    assert "与核算数不同" in refused("assessment.item.why", selfassessing.fill, one, recorded, Said(Decimal(80)), act)
    selfassessing.fill(one, "event", Said(Decimal(1)), act)
    row = selfassessing.fill(one, "event", Said(), act)
    assert row.self_value is None, "what was said is taken back"


def test_a_confirmation_is_taken_back_whole(made: Assessing) -> None:
    one, act = made.signed(), made.doing("city_officer", "核对")
    assert "还没有核定" in refused("assessment.item.value", checking.confirm, one, "public", Said(), act)
    checking.confirm(one, "public", Said(Decimal(60)), act)
    row = checking.confirm(one, "public", Said(), act)
    assert (row.checked_at, row.checked_by, row.checked_why) == (None, None, "")
    assert checking.confirm_said(one, act) == 3, "what was taken back may be taken over as said"
    assert "没有可以采信" in refused("assessment.item.value", checking.confirm_said, one, act)


def test_a_value_is_confirmed_only_with_an_item_s_upheld_objection(made: Assessing) -> None:
    one, value = made.announced(), Said(Decimal(100))
    act = made.doing("city_officer", "看过材料")
    of_item, of_all = (checking.raise_objection(one, item, made.doing("issuer", "漏算")) for item in ("public", ""))
    refused("assessment.objection.twice", checking.raise_objection, one, "public", made.doing("issuer", "漏算"))
    refused("assessment.item.value", checking.answer, one, of_item, False, value, act)
    refused("assessment.item.value", checking.answer, one, of_all, True, value, act)
    assert checking.answer(one, of_all, True, None, act).upheld


def test_a_term_far_from_the_year_is_refused(made: Assessing) -> None:
    adoption, by = made.one.adoption, made.world.actor("city_officer")
    wanted = (adoption, [made.world.district])
    said = refused("assessment.open.due", opening.open_for, *wanted, date(2028, 1, 1), by=by, at=made.world.at)
    assert "请填 2027-12-31 以前的日期" in said
    refused("assessment.open.twice", opening.open_for, *wanted, date(2027, 12, 31), by=by, at=made.world.at)


def test_whose_turn_it_is_is_told_and_stands_in_their_day(made: Assessing) -> None:
    Message.objects.all().delete()
    one = made.signed()
    assert _told("city_officer") == [f"青禾区已签报 2026 年考核自评（{one.number}）：请抽样核查、核定。"]

    def turns() -> list[str]:
        return [each.title for each in queries_owed.to_check(made.world.actor("city_officer"))]

    assert turns() == [f"青禾区 2026 {one.number} 已报自评，待核查"]
    assert queries_owed.to_check(made.world.actor("town")) == []
    assert one.uid not in [each.uid for each in queries_owed.to_check(made.world.actor("issuer"))], "not its own"
    selfassessing.send_back(one, made.doing("city_officer", "材料不全。"))
    assert _told("officer")[-1] == f"考核自评（{one.number}）被退回：材料不全。请修改后重新签报。" and not turns()
    made.announced()
    assert "初核结果" in _told("officer")[-1] and not turns()
    one.refresh_from_db()
    objection = checking.raise_objection(one, "", made.doing("issuer", "漏算一次"))
    assert "提出异议：漏算一次。" in _told("city_issuer")[-1] and len(turns()) == 1
    checking.answer(one, objection, False, None, made.doing("city_officer", "没有漏算"))
    assert "没有采纳" in _told("issuer")[-1]
    finishing.finish(one, "云环〔2026〕9号", made.doing("city_issuer"))
    assert "云环〔2026〕9号" in _told("issuer")[-1] and not turns()
    chief, open_ = made.world.actor("city_issuer"), f"青禾区 2026 {one.number} 后续建议待决定"
    assert [each.title for each in queries_owed.to_check(chief)] == [open_]
    assert open_ not in [each.title for each in queries_owed.to_check(made.world.actor("issuer"))]
    for proposal in one.proposals.all():
        finishing.decide(proposal, False, "", made.doing("city_issuer", "不需要"))
    assert queries_owed.to_check(chief) == []


def test_a_result_is_the_same_in_every_language(made: Assessing) -> None:
    one = checking.announce(made.signed(), made.doing("city_officer"))
    assert Standing(one).score().missing, "what is not known is told in words"
    facts = [one.facts, signed_in(made, one, "en")]
    with override("en"):
        done = finishing.finish(one, "云环〔2026〕9号", made.doing("city_issuer"))
        assert finishing.intact(done), "one language does not look like a forgery in the other"
    assert finishing.intact(done) and "考核结果已核定" in _told("issuer")[-1]
    assert facts[0]["late_problems"]["why"] == facts[1]["late_problems"]["why"]


def signed_in(made: Assessing, one: Assessment, language: str) -> dict[str, Any]:
    """The facts as they are read while the page speaks another language."""
    with override(language):
        return reads.read(
            scheme_of(one.adoption), opening._reading(one.place, one.year, made.world.actor("city_officer"))
        )
