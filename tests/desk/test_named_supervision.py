"""What plans name of talks, joint meetings and assessment, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.assess_world import Assessing
from desk.letters_world import DUE, TODAY
from desk.letters_world import Desk as Letters
from desk.supervision_world import morning
from fronts.county import put_in_force, task_of
from soildesk.assessment.models import Assessment, SchemeAdoption
from soildesk.assessment.pages.schemes import LISTS
from soildesk.assessment.queries.standing import Standing
from soildesk.assessment.services import checking
from soildesk.assessment.services.selfassessing import Said
from soildesk.core.models import Duty
from soildesk.plans.models import PlanTask
from soildesk.supervision.models import Meeting, Office, Talk
from soilrules.assessment.schemes import schemes

pytestmark = pytest.mark.django_db
MINUTES = """联席会议纪要
现将议定事项纪要如下：
（一）由区农业农村局牵头，柏庄镇配合，于2026年12月10日前核实种植结构。
（二）区财政局于2027年1月15日前落实检测经费。
"""


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", TODAY.isoformat())


def browser(world: Any, who: str) -> Client:
    return world.browser(who)


def sent(client: Client, name: str, *keys: Any, **said: Any) -> None:
    """A form that is accepted."""
    answer = client.post(reverse(name, args=keys), said)
    context = answer.context or {}
    assert answer.status_code == 302, (name, context.get("refused"), context.get("form") and context["form"].errors)


def page(client: Client, collection: str, row: Any) -> str:
    answer = client.get(reverse("kit:record", args=[collection, str(row.uid)]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_talk_is_asked_for_held_and_followed_until_what_was_promised_is_checked(world: Any) -> None:
    made = Letters(world)
    letter = made.asks_for_talk()
    office, unit = browser(world, "chief"), browser(world, "agriculture")
    farm = made.unit("agriculture").pk
    arranged = {"units": [farm], "on": TODAY.isoformat(), "place": "区政府三楼"}
    early = office.post(reverse("supervision:arrange_talk", args=[letter.uid]), arranged)
    assert early.status_code == 422, "no talk before the body whose act it is agreed"
    agreed = {"agreed": "yes", "document": "青政函〔2026〕8号", "on": TODAY.isoformat(), "note": "同意"}
    sent(office, "supervision:letter_act", letter.uid, "reply", **agreed)
    sent(office, "supervision:arrange_talk", letter.uid, **arranged)
    talk = Talk.objects.get()
    held = {
        "on": TODAY.isoformat(), "chair": "副区长", "attended": "局长", "minutes": "要求限期整改。",
        "promise-TOTAL_FORMS": "1", "promise-INITIAL_FORMS": "0",
        "promise-0-text": "修复防渗层", "promise-0-unit": str(farm), "promise-0-due": DUE.isoformat(),
    }  # fmt: skip
    sent(office, "supervision:hold_talk", talk.uid, **held)
    promise = talk.promises.get()
    assert Duty.objects.for_subject(promise).get().due == DUE
    assert office.post(reverse("supervision:close_talk", args=[talk.uid]), {"note": ""}).status_code == 422
    sent(unit, "supervision:promise_act", promise.uid, "report", note="已修复", on=TODAY.isoformat())
    sent(office, "supervision:promise_act", promise.uid, "verify", note="现场核实")
    sent(office, "supervision:close_talk", talk.uid, note="整改到位")
    shown = page(office, "talks", talk)
    assert "青政函〔2026〕8号" in shown and "修复防渗层" in shown


def test_a_joint_meeting_is_called_and_its_decisions_become_tasks(world: Any) -> None:
    made = Letters(world)
    office, guest = browser(world, "chief"), browser(world, "agriculture")
    made.matter("地面防渗层破损", due=date(2026, 11, 18))
    made.run(TODAY)
    units = [str(made.unit(name).pk) for name in ("agriculture", "finance")]
    wanted = {"title": "2026年第2次联席会议", "on": TODAY.isoformat(), "chair": "副区长", "units": units}
    sent(office, "supervision:new_meeting", **wanted)
    meeting = Meeting.objects.get()
    proposed = office.get(reverse("supervision:agenda", args=[meeting.uid])).content.decode()
    assert "地面防渗层破损" in proposed, "open matters are offered for the agenda"
    point = {"take": "on", "place": "1", "text": "通报防渗层问题", "kind": "own", "unit": units[0]}
    rows = {f"point-0-{key}": value for key, value in point.items()}
    sent(office, "supervision:agenda", meeting.uid, **rows, **{"point-TOTAL_FORMS": "1", "point-INITIAL_FORMS": "0"})
    sent(office, "supervision:call_meeting", meeting.uid)
    assert "通报防渗层问题" in page(guest, "meetings", meeting)
    said = {
        "on": TODAY.isoformat(),
        "number": "纪〔2026〕2号",
        "came": units[:1],
        "absent": "区财政局请假",
        "text": MINUTES,
    }
    sent(office, "supervision:minutes", meeting.uid, **said)
    meeting.refresh_from_db()
    tasks = PlanTask.objects.filter(plan=meeting.plan_id)
    assert [one.status for one in tasks.order_by("position")] == ["proposed", "proposed"]
    assert "核实种植结构" in office.get(f"/plans/{meeting.plan.uid}/review/").content.decode()
    assert "纪〔2026〕2号" in page(office, "meetings", meeting)


def says(office: Client, task: PlanTask, measure: str) -> str:
    """What the measures page says of a task once a measure is bound to it."""
    office.post(f"/plans/tasks/{task.uid}/bind/", {"measure": f"supervision.{measure}"})
    shown = office.get(f"/plans/{task.plan.uid}/measures/").content.decode()
    start = shown.index(f"/plans/tasks/{task.uid}/")
    return str(shown[start : shown.index("</tr>", start)])


def test_the_group_that_leads_and_the_meetings_that_join_are_read_from_their_records(world: Any) -> None:
    made = Letters(world)
    group = "成立区土壤污染防治领导小组"
    plans = {name: put_in_force(name, "990101", "officer", "issuer") for name in ("001", "004")}
    office = browser(world, "officer")
    tasks = {
        "001": task_of(plans["001"], group), "004": task_of(plans["004"], "“三大战役”工作领导小组"),
        "joint": task_of(plans["004"], "部门联合监管与工作协调机制"),
    }  # fmt: skip
    for name in ("001", "004"):
        told = says(office, tasks[name], "leading_group")
        assert "已达到" in told and "青政办〔2026〕1号" in told, "the paper it was named with"
    Office.objects.filter(body="campaign_office").update(until=date(2026, 11, 19))
    assert "无法判断" in says(office, tasks["001"], "leading_group"), "not on record is not: there is none"
    assert "无法判断" in says(office, tasks["joint"], "joint_meetings")
    old = {"division_path": world.district.path, "owner_department": made.office, "made_at": morning(date(2025, 6, 1))}
    Meeting.objects.create(
        title="2025年联席会议", year=2025, serial=1, on=date(2025, 6, 9), state="held", held_on=date(2025, 6, 9),
        minutes_digest="x", minutes_at=morning(date(2025, 6, 10)), **old,
    )  # fmt: skip
    assert "未达到" in says(office, tasks["joint"], "joint_meetings"), "held last year, not this year"
    called = Meeting.objects.create(title="2026年联席会议", year=2026, serial=1, on=TODAY, state="called", **old)
    assert "未达到" in says(office, tasks["joint"], "joint_meetings"), "called is not held"
    held = {"state": "held", "held_on": TODAY, "minutes_digest": "x", "minutes_at": morning(TODAY)}
    Meeting.objects.filter(pk=called.pk).update(**held)
    told = says(office, tasks["joint"], "joint_meetings")
    assert "已达到" in told and "2026年联席会议" in told


def test_a_year_is_assessed_by_a_scheme_and_what_follows_is_proposed_to_a_person(world: Any) -> None:
    made = Assessing(world)
    issuer, officer = browser(world, "city_issuer"), browser(world, "city_officer")
    shipped = schemes()["county_year"]
    in_use = {f"{each.id}-in_use": "on" for rows in LISTS for each in getattr(shipped, rows) if each.in_use}
    sent(issuer, "assessment:adopt", "county_year", year="2026", document="云环〔2026〕1号", ground="", **in_use)
    adoption = SchemeAdoption.objects.get()
    sent(officer, "assessment:open", adoption=str(adoption.uid), places=[world.district.code], due="2026-12-15")
    one = Assessment.objects.get()
    own = page(browser(world, "officer"), "assessments", one)
    assert "自评" in own, "the district finds its sheet filled in from the records"
    one = _announced(made, one)
    sent(issuer, "assessment:act", one.uid, "finish", document="云环〔2026〕9号")
    one.refresh_from_db()
    assert one.state == Assessment.State.FINAL and one.digest
    shown = page(issuer, "assessments", one)
    assert "云环〔2026〕9号" in shown
    fund = one.proposals.get(rule="fund")
    assert fund.words[:10] in shown, "the result is put forward for the share of money, by a person"
    decided = {"accepted": "yes", "document": "云财〔2026〕3号", "why": "按考核结果安排"}
    sent(issuer, "assessment:decide", one.uid, fund.uid, **decided)
    fund.refresh_from_db()
    assert fund.state == "accepted"


def _announced(made: Assessing, one: Assessment) -> Assessment:
    """Said, signed, confirmed and announced, by the services of the other tests."""
    one = made.signed(one)
    checking.confirm_said(one, made.doing("city_officer", "核对材料"))
    for name in Standing(one).score(own=False).missing:
        checking.confirm(one, name, Said(Decimal(90)), made.doing("city_officer", "现场核定"))
    return checking.announce(one, made.doing("city_officer"))


def test_a_failed_year_proposes_limits_and_talks_and_does_nothing_itself(world: Any) -> None:
    made = Assessing(world)
    one = made.signed()
    checking.confirm_said(one, made.doing("city_officer", "核对材料"))
    checking.confirm(one, "false_data", Said(Decimal(1)), made.doing("city_officer", "查实一起"))
    checking.announce(one, made.doing("city_officer"))
    issuer = browser(world, "city_issuer")
    sent(issuer, "assessment:act", one.uid, "finish", document="云环〔2026〕9号")
    one.refresh_from_db()
    shown = page(issuer, "assessments", one)
    rules = {each.rule: each for each in one.proposals.all()}
    assert {"limit", "talk", "rectify"} <= set(rules)
    assert "限批" in shown and "约谈" in shown
    for rule in ("limit", "talk"):
        decided = {"accepted": "yes", "document": "云政〔2026〕5号", "why": "等次不合格"}
        sent(issuer, "assessment:decide", one.uid, rules[rule].uid, **decided)
    assert not Talk.objects.exists(), "the decision is registered; the talk itself is another act"
