"""What plans name of ground that is planned, reclaimed, shared or cleaned up, done by pages; docs/coverage.csv points here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms
from desk.land_world import layer, square, waste
from desk.oversight_world import PICTURE, Desk
from desk.plot_world import Plots
from desk.plotreport_world import Reports
from desk.test_decisions_pages import asked, browser, page, text
from desk.test_named_construction import adopted, told, words_of
from desk.test_plotreports_measures import used
from fronts.county import put_in_force, task_of
from soildesk.core.models import Person, RoleGrant
from soildesk.decisions.models import GroundAct
from soildesk.land.models import Patrol
from soildesk.oversight.models import Problem
from soildesk.oversight.services import problems
from soildesk.plans.models import Indicator

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def somebody(made: Plots, department: str) -> Client:
    """A browser of a person of another office."""
    of = made.world.departments[department]
    person, new = Person.objects.get_or_create(username=f"of_{department}", defaults={"department": of})
    if new:
        RoleGrant.objects.create(
            person=person, role=RoleGrant.Role.DEPARTMENT, department=of, division=made.world.district
        )
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_reclaimed_ground_is_surveyed_before_its_scheme_is_approved(made: Plots) -> None:
    made.plot("废弃砖厂地块", square(3, 3))
    query = asked(browser(made), ground=square(3, 3).wkt, act="复垦方案批准", use="0101")
    answer = told(query)["unused_to_farmland"]
    assert (answer["outcome"], answer["force"], query.decision) == ("no", "statutory", "blocked")
    assert "调查" in words_of(answer)


def test_works_with_poisons_are_not_encouraged_to_become_fields_of_food(made: Plots) -> None:
    firms = Firms(made.world)
    plant = firms.firm("关停电镀厂", since=date(2020, 1, 1), industry="3360")
    firms.site(plant, square(0, 0), since=date(2020, 1, 1))
    client = adopted(made, "410503")
    asks = {"act": "复垦方案批准", "use": "0101"}
    query = asked(client, ground=square(0, 0).wkt, **asks)
    answer = told(query)["local_hints"]
    assert answer["force"] == "encouraged"
    assert "不鼓励曾用于有毒有害物质的工矿用地复垦为食用农产品耕地" in words_of(answer)
    assert "不鼓励曾用于有毒有害物质" in page(client, query)
    apart = told(asked(client, ground=square(9, 9).wkt, **asks))["local_hints"]
    assert "不鼓励曾用于有毒有害物质" not in words_of(apart)
    wood = told(asked(client, ground=square(0, 0).wkt, act="复垦方案批准", use="0301"))["local_hints"]
    assert "不鼓励曾用于有毒有害物质" not in words_of(wood), "a wood grows no food"


@pytest.mark.parametrize(("pollutes", "outcome"), [("yes", "no"), ("no", "yes"), ("", "cannot_say")])
def test_no_polluting_project_comes_into_permanent_farmland(made: Plots, pollutes: str, outcome: str) -> None:
    layer(made.world, "farmland", "basic_farmland", [{"name": "永农", "geometry": square(2, 2, 1.5)}])
    client = browser(made)
    query = asked(client, ground=square(2, 2).wkt, act="环评", use="1001", pollutes=pollutes)
    assert told(query)["farmland_class"]["outcome"] == outcome
    if outcome == "no":
        assert query.decision == "blocked"
        assert "永久基本农田" in page(client, query)
    apart = asked(client, ground=square(9, 9).wkt, act="环评", use="1001", pollutes="yes")
    assert told(apart)["farmland_class"]["outcome"] == "yes"


def test_the_quality_of_the_ground_decides_its_use(made: Plots) -> None:
    made.to(made.plot("机修厂地块", square(0, 0)), "S3")
    client = adopted(made, "410102")
    homes, works = (asked(client, ground=square(0, 0).wkt, act="改变用途", use=use) for use in ("0701", "1001"))
    assert told(homes)["local_unsuitable"]["outcome"] == "conditions"
    assert "不得用于住宅、学校、幼儿园、医院、养老场所" in words_of(told(homes)["local_unsuitable"])
    assert told(works)["local_unsuitable"]["outcome"] != "conditions"


@pytest.mark.parametrize(("use", "food"), [("0101", ""), ("1101", "yes")])
def test_ground_for_food_and_farming_is_surveyed_first(made: Plots, use: str, food: str) -> None:
    made.plot("旧仓库地块", square(0, 0))
    client = adopted(made, "1406")
    answer = told(asked(client, ground=square(0, 0).wkt, act="改变用途", use=use, food=food))["local_sensitive_use"]
    assert (answer["outcome"], answer["force"]) == ("conditions", "local_duty")
    assert "食品加工储存用地或者农用地" in words_of(answer)


def test_offices_of_land_and_building_tell_what_they_did_with_ground(made: Plots) -> None:
    """What natural resources and housing know comes in by their own forms and is read by ecology."""
    plot = made.to(made.plot("原青禾农药厂地块", square(0, 0), industry="2631"), "S3")
    entry, listed = (reverse(f"kit:{name}", args=["ground-acts"]) for name in ("collection_add", "collection"))
    for office, act, document in (
        ("natural_resources", "改变用途", "青自然资用〔2026〕8号"),
        ("natural_resources", "收回", "青政收〔2026〕3号"),
        ("housing", "施工许可", "青建施〔2026〕12号"),
    ):
        said = {"act": act, "on": "2026-10-08", "document": document, "geometry": square(0, 0).wkt, "step": "save"}
        answer = somebody(made, office).post(entry, said)
        assert answer.status_code == 302, text(answer)[-1500:]
    assert GroundAct.objects.count() == 3
    shown = text(browser(made).get(listed))
    for words in ("改变用途", "收回", "施工许可", "青建施〔2026〕12号"):
        assert words in shown
    watched = text(browser(made).get(reverse("decisions:watches")))
    assert "原青禾农药厂地块" in watched, "what was permitted on ground that is not cleared is found at once"
    assert plot.plot.number in text(somebody(made, "natural_resources").get(reverse("kit:collection", args=["plots"])))


def test_dumping_on_unused_land_is_a_problem_until_it_is_cleaned_up(made: Plots) -> None:
    ground = waste(made.world, square(5, 5), "东河滩地", code="WL-9")
    client, owner = browser(made), somebody(made, "agriculture")
    seen = {"on": "2026-11-18", "found": "dumping", "note": "倾倒废渣约三车"}
    assert client.post(reverse("land:patrol_of", args=[ground.land.uid]), seen).status_code == 302
    open_ones = reverse("kit:collection", args=["unused_land"])
    assert "东河滩地" in text(client.get(open_ones, {"rounds": "open"}))
    found = {
        "source": "self", "found_on": "2026-11-18", "fact": "东河滩地倾倒废渣约三车", "object_name": "东河滩地", "step": "save",
        "unit": str(made.world.departments["agriculture"].pk), "due": "2026-11-25", "requirement": "清除废渣并查处",
    }  # fmt: skip
    answer = client.post(reverse("kit:collection_add", args=["problems"]), found)
    assert answer.status_code == 302, text(answer)[-2500:]
    problem = Problem.objects.get()
    act = lambda name: reverse("oversight:problem_act", args=[problem.uid, name])  # noqa: E731
    paper = {
        "number": "青环罚〔2026〕5号",
        "decided_on": "2026-11-19",
        "authority": "青禾区生态环境局",
        "content": "罚款",
    }
    assert client.post(reverse("oversight:punish", args=[problem.uid]), paper).status_code == 302
    assert owner.post(act("answer"), {"note": "已清运"}).status_code == 422, "no proof, no acceptance"
    photo = SimpleUploadedFile("清运后.png", PICTURE)
    assert owner.post(act("answer"), {"note": "已清运", "files": [photo]}).status_code == 302
    assert client.post(act("settle"), {"note": "现场已清"}).status_code == 302
    shown = text(client.get(reverse("kit:record", args=["problems", str(problem.uid)])))
    assert "青环罚〔2026〕5号" in shown and "已销号" in shown
    closing = reverse("land:close_patrol", args=[Patrol.objects.get().uid])
    assert client.post(closing, {"action": "", "on": "2026-11-20"}).status_code == 422
    assert client.post(closing, {"action": "废渣已清运至填埋场", "on": "2026-11-20"}).status_code == 302
    assert "东河滩地" not in text(client.get(open_ones, {"rounds": "open"}))


def test_a_closed_site_is_screened_and_the_risky_ones_are_listed(made: Plots) -> None:
    made.plot("旧仓库地块", square(1, 0), high_risk=False)
    made.plot("关停电镀厂地块", square(0, 0), high_risk=True, industry="3360", since=date(2026, 3, 2))
    client = browser(made)
    shown = text(client.get(reverse("kit:collection", args=["plots"]), {"screened": "high"}))
    assert "关停电镀厂地块" in shown
    assert "旧仓库地块" not in shown


def test_ground_of_high_risk_is_looked_into_first(made: Plots) -> None:
    """Screened as risky is followed by a survey within the limits or by an assessment; above the limits alone is not enough."""
    uid = put_in_force("000", "990101", "officer", "issuer")
    task = task_of(uid, "潜在高风险地块")
    client = browser(made)
    client.post(f"/plans/tasks/{task.uid}/bind/", {"measure": "plots.high_risk_followed"})

    def says() -> str:
        page = text(client.get(f"/plans/{uid}/measures/"))
        start = page.index(f"/plans/tasks/{task.uid}/")
        return page[start : page.index("</tr>", start)]

    made.plot("粮库", square(20, 0), high_risk=False)
    assert "无法判断" in says(), "nobody screened any ground as risky"
    risky = {name: made.plot(name, square(4 * n, 0), high_risk=True) for n, name in enumerate(("甲厂", "乙厂", "丙厂"))}
    assert "未达到" in says() and "0/3" in says()
    made.released(risky["甲厂"])
    made.to(risky["乙厂"], "S2")
    assert "1/3" in says(), "above the limits and not assessed"
    made.to(risky["丙厂"], "S5")
    told = says()
    assert "2/3" in told and "乙厂" in told and "粮库" not in told


def test_key_land_passes_whole_or_nearly_with_every_violation_punished(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 %, or 95 % and more with every violation punished and put right: the target of the plan itself, on its page."""
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    made = Reports(world)
    uid = put_in_force("003", "990101", "officer", "issuer")
    target = Indicator.objects.get(plan__uid=uid, name="重点建设用地安全利用率")
    client = browser(made)
    client.post(f"/plans/indicators/{target.pk}/bind/", {"measure": "plots.key_land_used_safely"})

    def says() -> str:
        page = text(client.get(f"/plans/{uid}/measures/"))
        start = page.index(f'<th scope="row">{target.name}</th>')
        return page[start : page.index("</tr>", start)]

    assert "无法判断" in says(), "no plot in the register is no 100 %"
    words = {"use_system": "gb50137_2011"}
    made.plot("货场", square(20, 0, 6, 5), use_now="M2", **words)
    assert "不适用" in says(), "nothing changed to sensitive use is no 100 %"
    used(made, made.released(made.plot("粮库", square(0, 0, 6, 5), use_now="M2", **words)), use_now="R2")
    assert "已达到" in says()
    early = used(made, made.to(made.plot("电镀厂", square(8, 0), use_now="M3", **words), "S2"), use_now="A3")
    assert "无法判断" in says(), "nobody wrote the violation down"
    desk = Desk(made.world)
    name = f"电镀厂（{early.plot.number}）"
    problem = desk.problem(
        "未调查先开发", unit="agriculture", violation="no_survey", object_name=name, found_on=date(2026, 10, 8)
    )
    assert "未达到" in says()
    problems.settle(desk.answered(problem), desk.done("officer"))
    paper = {
        "number": "青环罚〔2026〕5号",
        "decided_on": "2026-11-19",
        "authority": "青禾区生态环境局",
        "content": "罚款",
    }
    assert client.post(reverse("oversight:punish", args=[problem.uid]), paper).status_code == 302
    assert "已达到" in says(), "more than 95 %, punished and put right"


def test_who_polluted_cleans_up_and_whoever_succeeds_him_does(made: Plots) -> None:
    held = {"holder": "某受让公司", "holder_kind": "organisation", "responsible": "青禾农药厂"}
    recalled = {"holder": "储备中心", "holder_kind": "government", "recalled_on": date(2026, 3, 1)}
    ways = (
        ({**held, "responsible_state": "known"}, "土壤污染责任人"),
        ({**held, "responsible_state": "succession"}, "承"),
        ({**held, "responsible_state": "not_identifiable", "responsible": ""}, "土地使用权人"),
        ({**recalled, "responsible_state": "not_identifiable"}, "政府"),
        ({**held, "responsible_state": "disputed"}, "尚不能确定"),
    )
    client = browser(made)
    for at, (facts, party) in enumerate(ways):
        plot = made.plot(f"地块{at}", square(at, 0), **facts)
        shown = text(client.get(reverse("kit:record", args=["plots", str(plot.plot.uid)])))
        assert party in shown.partition("应当由谁管控、修复")[2][:300], facts
