"""What plans name of construction land, done by pages on made-up plots; docs/coverage.csv points here.

Local rules are adopted on their page first: a rule that a plan states holds in its place alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk import farmland_world
from desk.land_world import square
from desk.plot_world import Plots
from desk.test_decisions_pages import asked, browser, page, text
from desk.test_decisions_watches import act as ground_act
from soildesk.decisions.models import GateQuery, OpinionRequest
from soildesk.oversight.models import Problem

pytestmark = pytest.mark.django_db
Answer = dict[str, Any]


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def adopted(made: Plots, profile: str) -> Client:
    """An officer's browser, once the local rules of a plan hold here."""
    said = {
        "division": made.world.district.path,
        "profile": profile,
        "document": "青环委〔2026〕2号",
        "since": "2026-01-01",
        "part_of": "on",
    }
    assert browser(made, "issuer").post(reverse("decisions:profiles"), said).status_code == 302
    return browser(made)


def told(query: GateQuery) -> dict[str, Answer]:
    """Each check of an answer by its id."""
    return {one["id"]: one for one in query.checks}


def words_of(answer: Answer) -> str:
    return "".join(answer["because"]["zh"])


def test_polluted_ground_is_in_principle_not_planned_for_homes(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0), industry="2631"), "S3")
    client = adopted(made, "410503")
    query = asked(client, ground=square(0, 0).wkt, act="规划编制")
    answer = told(query)["local_unsuitable"]
    assert (answer["outcome"], answer["force"]) == ("conditions", "principle")
    assert "原则上不得规划为住宅" in words_of(answer)
    assert "原则上不得规划为住宅" in page(client, query)
    works = asked(client, ground=square(0, 0).wkt, act="规划编制", use="1001")
    assert told(works)["local_unsuitable"]["outcome"] != "conditions"


@pytest.mark.parametrize(
    ("state", "act", "words"),
    [
        ("not_submitted", "规划提交审议", "提交审议前完成调查和风险评估"),
        ("reviewed_not_approved", "供地方案报批", "在规划方案和供地方案报批前完成"),
        ("supply_approved", "出让合同", "在签订土地出让合同前完成"),
    ],
)
def test_a_plan_goes_on_only_after_survey_and_assessment(made: Plots, state: str, act: str, words: str) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    query = asked(adopted(made, "410503"), ground=square(0, 0).wkt, act=act, plan_state=state)
    answer = told(query)["local_moments"]
    assert (answer["outcome"], answer["force"]) == ("conditions", "principle")
    assert words in words_of(answer)


@pytest.mark.parametrize(
    ("said", "act", "words"),
    [
        ({"transfer": "to_come"}, "转让", "在土地使用权收回、转让前完成调查"),
        ({"transfer": "not_involved"}, "规划指标确定", "在规划指标确定前完成"),
        ({"transfer": "done", "recalled_on": "2018-06-01"}, "供地", "2019年1月1日前已经收回"),
    ],
)
def test_the_survey_is_due_by_how_the_land_changes_hands(
    made: Plots, said: dict[str, str], act: str, words: str
) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S0")
    query = asked(adopted(made, "110109"), ground=square(0, 0).wkt, act=act, **said)
    answer = told(query)["local_moments"]
    assert answer["outcome"] in ("no", "conditions")
    assert words in words_of(answer)


def test_ground_screened_as_of_high_risk_is_not_planned_for_homes_before_its_survey(made: Plots) -> None:
    for at, risk in enumerate((True, False, None)):
        made.plot(f"旧仓库地块{at}", square(at, 0), high_risk=risk)
    client = adopted(made, "110109")
    answers = [told(asked(client, ground=square(at, 0).wkt, act="规划编制"))["local_unsuitable"] for at in range(3)]
    assert [one["outcome"] for one in answers] == ["conditions", "yes", "cannot_say"]
    assert "不宜规划为住宅用地" in words_of(answers[0])
    page = client.get(reverse("kit:collection", args=["plots"]), {"screened": "high"}).content.decode()
    assert "旧仓库地块0" in page and "旧仓库地块1" not in page


def test_homes_beside_unfinished_remediation_are_used_after_it(made: Plots) -> None:
    neighbour = made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S5")
    made.event(neighbour, "roster_listed", date(2026, 6, 1))
    made.released(made.plot("粮库地块", square(1, 0)), covered=square(1, 0))
    client = adopted(made, "410503")
    query = asked(client, ground=square(1, 0).wkt, act="投入使用")
    answer = told(query)["use_sequence"]
    assert (answer["outcome"], answer["force"]) == ("conditions", "principle")
    assert "毗邻地块土壤污染风险管控和修复完成后再投入使用" in words_of(answer)
    assert "毗邻地块" in page(client, query)
    apart = asked(client, ground=square(9, 9).wkt, act="投入使用")
    assert told(apart)["use_sequence"]["outcome"] != "conditions"


@pytest.mark.parametrize(("profile", "act"), [("410503", "收储"), ("410503", "供地方案报批"), ("1406", "供地方案报批")])
def test_an_early_survey_is_proposed_and_not_demanded(made: Plots, profile: str, act: str) -> None:
    made.plot("空地", square(5, 5))
    answer = told(asked(adopted(made, profile), ground=square(5, 5).wkt, act=act))["local_hints"]
    assert answer["force"] == "encouraged"
    assert "提前开展" in words_of(answer)
    assert answer["outcome"] in ("yes", "conditions")


@pytest.mark.parametrize("act", ["供地", "改变用途", "农用地转建设用地"])
def test_ground_that_does_not_meet_its_use_enters_no_procedure(made: Plots, act: str) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    client = browser(made)
    query = asked(client, ground=square(0, 0).wkt, act=act)
    assert query.decision == "blocked"
    assert "依据" in page(client, query)


@pytest.mark.parametrize(
    ("stage", "kind", "watch"),
    [
        ("S2", "building_seen", "未达到目标的地块开工建设"),
        ("S5", "building_seen", "未达到目标的地块开工建设"),
        ("S0", "供地", "应当调查而未调查即供地或者转让"),
        ("S3", "投入使用", "在规定步骤未完成时投入使用"),
    ],
)
def test_building_supply_and_use_out_of_turn_become_problems(made: Plots, stage: str, kind: str, watch: str) -> None:
    plot = made.to(made.plot("机修厂地块", square(0, 0)), stage)
    if stage == "S5":
        made.event(plot, "roster_listed", date(2026, 6, 1))
    ground_act(made, kind, date(2026, 10, 10), square(0, 0))
    client = browser(made)
    shown = text(client.get(reverse("decisions:watches")))
    for words in (watch, "机修厂地块", "罚则：", "依据："):
        assert words in shown, words
    origin = shown.partition('name="origin" value="')[2].partition('"')[0]
    assert client.post(reverse("decisions:watch_take"), {"origin": origin}).status_code == 302
    assert "机修厂地块" in text(client.get(reverse("kit:collection", args=["problems"]))) + Problem.objects.get().fact


def test_who_must_survey_follows_from_who_holds_the_land(made: Plots) -> None:
    held = made.plot("甲地块", square(0, 0), holder="某受让公司", holder_kind="organisation")
    recalled = made.plot(
        "乙地块", square(1, 0), holder="储备中心", holder_kind="government", recalled_on=date(2026, 3, 1)
    )
    client = browser(made)
    shown = [text(client.get(reverse("kit:record", args=["plots", str(one.plot.uid)]))) for one in (held, recalled)]
    assert "应当由谁调查" in shown[0]
    assert "土地使用权人" in shown[0].partition("应当由谁调查")[2][:200]
    assert "政府" in shown[1].partition("应当由谁调查")[2][:200]


def test_remediation_begins_with_a_filed_plan_and_a_signboard(made: Plots) -> None:
    plot = made.to(made.plot("原农药厂地块", square(0, 0)), "S5")
    made.event(plot, "roster_listed", date(2026, 6, 1))
    client = browser(made)
    url = reverse("kit:record", args=["plots", str(plot.plot.uid)])
    assert "修复方案备案" in text(client.get(url)).partition("接下来")[2].partition("其他可能发生的事项")[0]
    made.event(plot, "remediation_plan_filed", date(2026, 6, 2))
    begun = reverse("plots:event_new", args=[plot.plot.uid, "works_begun"])
    assert "公告牌" in text(client.get(begun))
    refused = client.post(begun, {"on": "2026-06-03", "contractors": "91990101MA000901XP", "signboard": ""})
    assert refused.status_code == 422
    assert "公告牌" in text(refused)


def test_other_offices_read_plots_and_their_ground(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S3")
    client = Client()
    client.force_login(made.world.people["agriculture"], backend="django.contrib.auth.backends.ModelBackend")
    shown = text(client.get(reverse("kit:collection", args=["plots"])))
    assert "原青禾农药厂地块" in shown
    assert "S3" in shown


def test_ground_of_polluted_plots_is_not_recalled_before_ecology_replied_in_writing(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0), industry="2631"), "S3")
    client = adopted(made, "1406")
    query = asked(client, ground=square(0, 0).wkt, act="收回")
    owed = told(query)["local_reply"]
    assert (owed["outcome"], owed["force"]) == ("conditions", "local_duty")
    assert "取得生态环境部门的书面回复" in words_of(owed)
    bureau = made.world.departments["ecology"]
    routed = {
        "asked_of": str(bureau.pk),
        "incoming": "青收储函〔2026〕1号",
        "asked_on": "2026-11-19",
        "due": "2026-11-30",
    }
    assert client.post(reverse("decisions:opinion_new", args=[query.uid]), routed).status_code == 302
    reply = {"answer": "不同意收回", "outgoing": "青环函〔2026〕9号", "answered_on": "2026-11-20"}
    letter = SimpleUploadedFile("复函.txt", "复函".encode())
    url = reverse("decisions:opinion_answer", args=[OpinionRequest.objects.get().uid])
    assert client.post(url, reply | {"file": letter}).status_code == 302
    assert (
        client.post(reverse("decisions:again", args=[query.uid]), {"why": "已复函", "on": "2026-11-20"}).status_code
        == 302
    )
    later = told(GateQuery.objects.latest("pk"))["local_reply"]
    assert (later["outcome"], "青环函〔2026〕9号" in words_of(later)) == ("yes", True)


@pytest.mark.parametrize(("act", "stage"), [("转让", "S2"), ("转让", "S5"), ("环评", "S3")])
def test_unfit_ground_is_neither_transferred_nor_its_project_assessed(made: Plots, act: str, stage: str) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0), industry="2631"), stage)
    query = asked(adopted(made, "410102"), ground=square(0, 0).wkt, act=act)
    answer = told(query)["local_unsuitable"]
    assert (answer["outcome"], answer["force"]) == ("conditions", "local_duty")
    assert query.decision != "pass"


def test_ground_of_unknown_risk_does_not_enter_the_land_use_procedure(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0), industry="2631"), "S0")
    answer = told(asked(adopted(made, "410503"), ground=square(0, 0).wkt, act="供地"))["local_triggers"]
    assert answer["outcome"] == "conditions"
    assert "杜绝进入用地程序" in words_of(answer)


@pytest.mark.parametrize(
    ("plan", "words", "force"),
    [
        ("410503", "不得在优先保护类耕地集中区域新建可造成土壤污染的建设项目", "local_duty"),
        ("5120", "严格控制在优先保护类耕地集中区域新建有色金属矿采选", "principle"),
    ],
)
def test_no_polluting_project_comes_onto_priority_farmland(made: Plots, plan: str, words: str, force: str) -> None:
    farm = farmland_world.county(made.world)
    made.plot("别处的地块", square(9, 9))
    client = adopted(made, plan)

    def answered(name: str, pollutes: str, act: str) -> tuple[GateQuery, dict[str, Answer]]:
        ground = farm.version(name).geometry.wkt
        query = asked(client, ground=ground, act=act, use="1001", pollutes=pollutes)
        return query, told(query)

    query, checks = answered("priority_1", "yes", "环评")
    assert checks["priority_farmland"]["outcome"] == "no" and query.decision == "blocked"
    assert "农用地土壤环境管理办法（试行）" in str(checks["priority_farmland"]["basis"])
    assert farm.version("priority_1").name in words_of(checks["priority_farmland"])
    assert (checks["local_unsuitable"]["outcome"], checks["local_unsuitable"]["force"]) == ("conditions", force)
    assert words in words_of(checks["local_unsuitable"]) and words in page(client, query)
    for pollutes, here, there in (("yes", "conditions", "yes"), ("", "cannot_say", "yes"), ("no", "yes", "yes")):
        _, checks = answered("priority_1", pollutes, "供地")
        assert (checks["priority_farmland"]["outcome"], checks["local_unsuitable"]["outcome"]) == (here, here)
        _, checks = answered("safe_1", pollutes, "供地")
        assert (checks["priority_farmland"]["outcome"], checks["local_unsuitable"]["outcome"]) == (there, there)
