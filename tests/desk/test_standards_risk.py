"""Risk assessment on the desk: sites in scope, a form in the user's words, runs that never change, the report."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import docx
import pytest
import risk_world
from django.test import Client
from django.urls import reverse

from soildesk.core import jobs
from soildesk.core.errors import Refusal
from soildesk.core.models import AuditEntry, Department, Person, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.standards import riskform, riskwords
from soildesk.standards.models import RiskDraft, RiskRun, RiskSite, RiskUncertainty
from soildesk.standards.refusals import CaseRefused, NothingChanged
from soildesk.standards.services import risk
from soildesk.standards.services.risk import SiteFacts
from soildesk.standards.services.riskdraws import Sampled, draw_run
from soilrules.standards.library import shipped
from soilrules.standards.model import Bound

AT = risk_world.AT


def words(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def officer(world: Any, client: Client) -> Client:
    client.force_login(world.people["officer"])
    return client


# Services


@pytest.mark.store
def test_a_run_keeps_everything_it_rests_on(world: Any) -> None:
    run = risk_world.run(world)
    assert (run.number, run.edition, run.parameter_set, run.land_class) == (1, "HJ 25.3-2019", "hj25.3-2019", 1)
    assert run.outcome == RiskRun.Outcome.UNACCEPTABLE and run.by == world.people["officer"] and run.version
    changed = [one for one in run.basis["parameters"] if one["changed"]]
    assert [(one["key"], one["default"], one["used"]) for one in changed] == [("fom", 15.0, 12.0)]
    assert run.basis["limits"]["benzene"][0]["basis"].startswith("GB 36600-2018")
    assert run.basis["substances"]["benzene"]["values"]["IUR"] and "血铅" in run.basis["refused"]["lead"]["zh"]


def test_limits_of_the_place_stand_beside_the_national_ones(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    nation = shipped().edition("gb36600", world.day)
    assert nation is not None
    limit = next(one for one in nation.by_analyte["benzene"]["screening"] if "class_1" in one.uses)
    stricter = replace(limit, bound=Bound(upper=Decimal("0.5")))
    local = replace(nation, id="local", standard="示例省标准", division="99", limits=(stricter,))
    monkeypatch.setattr(risk, "library_for", lambda division, at: shipped().with_editions([local]))
    found = risk_world.run(world).basis["limits"]["benzene"]
    assert [(one["level"], one["value"], one["local"]) for one in found] == [
        ("screening", 1.0, False),
        ("control", 10.0, False),
        ("screening", 0.5, True),
    ]


def test_a_run_is_never_written_again(world: Any) -> None:
    run = risk_world.run(world)
    run.remark = "改"
    with pytest.raises(TypeError, match="make a new one"):
        run.save()


@pytest.mark.store
def test_a_changed_input_is_a_new_run_and_the_same_input_is_refused(world: Any) -> None:
    first = risk_world.run(world)
    officer = world.actor("officer")
    with pytest.raises(NothingChanged, match="第 1 次"):
        risk.compute(first.site, risk_world.CASE, by=officer, at=AT)
    second = risk.compute(first.site, {**risk_world.CASE, "land_class": 2}, by=officer, at=AT)
    first.refresh_from_db()
    assert (first.number, second.number, first.land_class, second.land_class) == (1, 2, 1, 2)


def test_a_change_without_its_reason_is_refused(world: Any) -> None:
    case = {**risk_world.CASE, "overrides": {"fom": {"value": 12, "because": " "}}}
    with pytest.raises(CaseRefused, match="理由") as refused:
        risk.compute(risk_world.site(world), case, by=world.actor("officer"), at=AT)
    assert riskform.place_of(refused.value.place) == "parameters.fom"
    assert not RiskRun.objects.exists()


def test_every_act_is_in_the_audit(world: Any) -> None:
    run = risk_world.run(world)
    risk.correct_site(run.site, SiteFacts("甲地块"), by=world.actor("officer"), at=AT)
    acts = AuditEntry.objects.order_by("id").values_list("act", flat=True)
    assert [one for one in acts if one.startswith("standards.")] == [
        "standards.risk_site.created",
        "standards.risk_run.computed",
        "standards.risk_site.corrected",
    ]


def test_a_site_needs_a_name(world: Any) -> None:
    with pytest.raises(Refusal, match="名称"):
        risk_world.site(world, " ")


# Who may


@pytest.mark.parametrize("who", ["reader", "auditor", "town", "admin", "stranger"])
def test_others_do_not_assess(world: Any, who: str) -> None:
    run = risk_world.run(world)
    with pytest.raises(NotAllowed):
        risk.compute(run.site, {**risk_world.CASE, "land_class": 2}, by=world.actor(who), at=AT)
    with pytest.raises(NotAllowed):
        draw_run(
            run,
            {"OSIRc": {"kind": "uniform", "low": 1, "high": 2, "because": "x"}},
            Sampled(100, 1, "monte_carlo"),
            by=world.actor(who),
            at=AT,
        )
    with pytest.raises(NotAllowed):
        risk.create_site(SiteFacts("乙"), world.district, world.departments["ecology"], by=world.actor(who), at=AT)


@pytest.mark.parametrize(
    ("who", "sees"),
    [("officer", True), ("issuer", True), ("reader", True), ("auditor", True), ("admin", False), ("stranger", False), ("agriculture", False)],
)  # fmt: skip
def test_sites_and_runs_are_read_in_scope(world: Any, client: Client, who: str, sees: bool) -> None:
    run = risk_world.run(world)
    client.force_login(world.people[who])
    for name, uid in (("risk_site", run.site.uid), ("risk_run", run.uid), ("risk_report", run.uid)):
        assert (client.get(reverse(f"standards:{name}", args=[uid])).status_code == 200) is sees, name
    listed = client.get(reverse("standards:risk_sites"))
    assert (listed.status_code == 200 and run.site.name in words(listed)) is sees


def test_a_consultant_works_on_the_own_sites_only(world: Any, client: Client) -> None:
    unit = Department.objects.create(name="云泽环境咨询有限公司", kind=Department.Kind.OTHER, division=world.district)
    person = Person.objects.create(username="consultant", name="顾问", department=unit)
    RoleGrant.objects.create(person=person, role=RoleGrant.Role.DEPARTMENT, division=world.district, department=unit)
    others = risk_world.site(world)
    client.force_login(person)
    made = client.post(reverse("standards:risk_new"), {"name": "乙地块", "division": world.district.pk})
    site = RiskSite.objects.get(name="乙地块")
    assert made.status_code == 302 and site.owner_department == unit
    assert client.post(reverse("standards:risk_assess", args=[site.uid]), risk_world.form()).status_code == 302
    assert client.get(reverse("standards:risk_site", args=[others.uid])).status_code == 404


# The form


def test_the_form_is_the_case(officer: Client, world: Any) -> None:
    site = risk_world.site(world)
    answer = officer.post(reverse("standards:risk_assess", args=[site.uid]), risk_world.form())
    run = RiskRun.objects.get()
    assert answer.url == reverse("standards:risk_run", args=[run.uid])
    assert run.input == json.loads(json.dumps(risk_world.CASE))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why-fom": ""}, "改动推荐值需要写明理由"),
        ({"p-fom": "", "why-fom": "有理由"}, "写了理由而没有取值"),
        ({"p-fom": "十二"}, "“十二”不是数"),
        ({"p-fom": "2000"}, "超出可能的范围"),
        ({"name": ["本", "γ-六六六", "铅", "", ""]}, "名录中没有“本”"),
        ({"name": ["ddt", "γ-六六六", "铅", "", ""]}, "有多个含义"),
        ({"name": ["苯", "苯", "铅", "", ""]}, "与第 1 行是同一种污染物"),
        ({"name": ["", "γ-六六六", "铅", "", ""]}, "请填写污染物名称"),
        ({"surface_mg_kg": ["<0.01", "4.1", "600", "", ""]}, "不是数。未测留空"),
        ({"surface_mg_kg": ["-3", "4.1", "600", "", ""]}, "小于 0"),
        ({"groundwater_target_mg_l": ["0", "", "", "", ""]}, "大于 0"),
        ({"land_class": "3"}, "请选择用地类别"),
        ({"name": [], "surface_mg_kg": [], "subsurface_mg_kg": [], "groundwater_mg_l": []}, "还没有污染物"),
        ({"land_class": "2", "p-BWc": "20", "why-BWc": "实测"}, "不考虑儿童"),
        ({"p-rho_b": "2.7", "why-rho_b": "实测"}, "容重须小于颗粒密度"),
        (risk_world.excluding(drinking_groundwater=" "), "取消这条途径需要写明理由"),
        (risk_world.excluding(**dict.fromkeys(riskwords.SOIL_PATHWAYS, "硬化")), "请至少保留一种"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    officer: Client, world: Any, changed: dict[str, Any], said: str
) -> None:
    site = risk_world.site(world)
    answer = officer.post(reverse("standards:risk_assess", args=[site.uid]), risk_world.form(**changed))
    assert answer.status_code == 422 and said in words(answer)
    assert not RiskRun.objects.exists() and RiskDraft.objects.get().person == world.people["officer"]
    again = words(officer.get(reverse("standards:risk_assess", args=[site.uid])))
    assert 'value="初步"' in again, "the draft comes back"


def test_a_default_typed_in_is_no_change(officer: Client, world: Any) -> None:
    site = risk_world.site(world)
    officer.post(reverse("standards:risk_assess", args=[site.uid]), risk_world.form(**{"p-fom": "15", "why-fom": ""}))
    assert RiskRun.objects.get().input["overrides"] == {}


def test_an_unticked_pathway_is_excluded_with_its_reason_and_stays_so_in_the_next_form(
    officer: Client, world: Any
) -> None:
    url = reverse("standards:risk_assess", args=[risk_world.site(world).uid])
    reasons = {name: one["because"] for name, one in risk_world.EXCLUDED.items()}
    officer.post(url, risk_world.form(**risk_world.excluding(**reasons)))
    assert RiskRun.objects.get().input["excluded"] == risk_world.EXCLUDED
    again = words(officer.get(url))
    assert 'value="drinking_groundwater" checked' not in again and 'value="soil_dermal" checked' in again
    assert f'value="{reasons["drinking_groundwater"]}"' in again


def test_a_refusal_of_the_rules_speaks_without_keys(officer: Client, world: Any) -> None:
    url = reverse("standards:risk_assess", args=[risk_world.site(world).uid])
    page = words(officer.post(url, risk_world.form(**{"p-fom": "2000"})))
    assert "土壤有机质含量：2000.0 超出可能的范围" in page and "overrides." not in page


def test_a_draft_is_the_persons_own_and_ends_with_the_run(officer: Client, world: Any) -> None:
    site = risk_world.site(world)
    url = reverse("standards:risk_assess", args=[site.uid])
    part = officer.post(url, risk_world.form(act="draft"), headers={"HX-Request": "true"})
    assert "草稿已保存" in words(part) and "<html" not in words(part)
    officer.force_login(world.people["issuer"])
    assert "苯" not in words(officer.get(url)).partition("</datalist>")[2]
    officer.force_login(world.people["officer"])
    officer.post(url, risk_world.form())
    assert not RiskDraft.objects.exists() and RiskRun.objects.count() == 1


def test_the_next_form_begins_with_the_last_run(officer: Client, world: Any) -> None:
    run = risk_world.run(world)
    page = words(officer.get(reverse("standards:risk_assess", args=[run.site.uid])))
    assert 'value="现场实测有机质12个样品均值"' in page and 'value="γ-六六六"' in page


def test_names_are_read_in_the_words_of_people() -> None:
    for given, slug in {"苯": "benzene", "71-43-2": "benzene", "Benzene": "benzene", "铅": "lead", "p,p'-DDE": "dde_pp"}.items():  # fmt: skip
        content = {**riskform.empty_content(), "rows": [{"name": given, "surface_mg_kg": "1"}]}
        found = riskform.understood(content)
        assert not found.errors, given
        assert found.case["substances"][0] == {"slug": slug, "surface_mg_kg": 1.0}


# Pages


def test_the_run_says_what_is_above_and_why(officer: Client, world: Any) -> None:
    run = risk_world.run(world)
    page = words(officer.get(reverse("standards:risk_run", args=[run.uid])))
    assert "土壤途径的致癌风险 1.40E-05，高于可接受水平 1.00E-06，其中室内蒸气（下层）占 97.2%" in page
    assert "铅不按 HJ 25.3 的公式评估" in page and "没有给出地下水浓度。" in page
    assert page.count('class="path path-') == 9
    chosen = words(officer.get(reverse("standards:risk_run", args=[run.uid]) + "?substance=hch_gamma&effect=hq"))
    assert chosen.count('class="path path-missing"') == 7, "no RfC, nothing measured below: dashed, never drawn as zero"


def excluding_run(world: Any) -> RiskRun:
    """A run in which groundwater is not drunk and nothing is built."""
    case = {**risk_world.CASE, "excluded": risk_world.EXCLUDED}
    return risk.compute(risk_world.site(world), case, by=world.actor("officer"), at=AT)


def test_an_excluded_pathway_is_crossed_out_and_says_why(officer: Client, world: Any) -> None:
    run = excluding_run(world)
    page = words(officer.get(reverse("standards:risk_run", args=[run.uid])))
    assert page.count('class="path path-excluded"') == 2 and page.count("lane lane-excluded") == 2
    assert "已排除：全区自来水供水，地下水禁止开采" in page and "规划为绿地，不建建筑物" in page
    assert "不能与 GB 36600 筛选值比较" in page
    assert "排除饮用地下水" in words(officer.get(reverse("standards:risk_site", args=[run.site.uid])))


def test_nothing_is_to_be_measured_where_no_pathway_begins(officer: Client, world: Any) -> None:
    water = {name: {"because": "承压水埋深 40 m"} for name in riskwords.GROUNDWATER_PATHWAYS}
    case = {"land_class": 2, "parameter_set": "hj25.3-2019", "overrides": {}, "excluded": water,
            "substances": [{"slug": "copper", "surface_mg_kg": 100, "subsurface_mg_kg": 50}]}  # fmt: skip
    run = risk.compute(risk_world.site(world), case, by=world.actor("officer"), at=AT)
    page = words(officer.get(reverse("standards:risk_run", args=[run.uid])))
    assert run.outcome == RiskRun.Outcome.ACCEPTABLE
    assert "没有地下水浓度" not in page and "途径已排除" in page
    assert "不能与 GB 36600 筛选值比较" not in page, "no soil pathway is missing from the control value"


def test_a_control_value_that_parts_from_the_statute_says_what_is_known(officer: Client, world: Any) -> None:
    case = {**risk_world.CASE, "substances": [{"slug": "chlorobenzene", "surface_mg_kg": 1}, {"slug": "naphthalene", "surface_mg_kg": 1}, {"slug": "benzene", "surface_mg_kg": 1}]}  # fmt: skip
    run = risk.compute(risk_world.site(world), case, by=world.actor("officer"), at=AT)
    page = words(officer.get(reverse("standards:risk_run", args=[run.uid])))
    assert "按推荐参数为筛选值的 1.44 倍。原因未知。" in page
    assert "0.155 倍。改用以下取值可重现标准值：经口摄入致癌斜率因子 SFo 不取值。" in page
    assert set(run.basis["partings"]) == {"chlorobenzene", "naphthalene"}, "benzene meets the statute"
    assert "改用以下取值可重现标准值" in report_text(officer, run)


def report_text(officer: Client, run: RiskRun) -> str:
    """Everything the Word report of a run says."""
    answer = officer.get(reverse("standards:risk_report", args=[run.uid]))
    document = docx.Document(io.BytesIO(answer.content))
    return "\n".join([one.text for one in document.paragraphs] + [cell.text for table in document.tables for row in table.rows for cell in row.cells])  # fmt: skip


def test_the_report_lists_excluded_pathways_with_their_reasons(officer: Client, world: Any) -> None:
    run = excluding_run(world)
    said = report_text(officer, run)
    for wanted in ("二、排除的暴露途径", "九种途径中排除 2 种", "饮用地下水", "全区自来水供水，地下水禁止开采",
                   "已排除：规划为绿地，不建建筑物", "不能与 GB 36600 筛选值比较"):  # fmt: skip
        assert wanted in said, wanted


def test_a_report_with_every_section_is_numbered_to_the_end(officer: Client, world: Any) -> None:
    run = excluding_run(world)
    drawn = {"OSIRc": {"kind": "uniform", "low": 100, "high": 200, "because": "文献"}}
    draw_run(run, drawn, Sampled(100, 1, "monte_carlo"), by=world.actor("officer"), at=AT)
    assert "十一、编制与审核" in report_text(officer, run)


def test_the_list_shows_the_last_verdict(officer: Client, world: Any) -> None:
    run = risk_world.run(world)
    page = words(officer.get(reverse("standards:risk_sites")))
    assert "超过可接受水平" in page and run.site.name in page
    before = words(officer.get(reverse("standards:risk_sites") + "?on=2026-11-01"))
    assert "超过可接受水平" not in before.partition("<tbody>")[2]


def test_two_runs_stand_side_by_side(officer: Client, world: Any) -> None:
    first = risk_world.run(world)
    second = risk.compute(first.site, {**risk_world.CASE, "overrides": {}}, by=world.actor("officer"), at=AT)
    url = reverse("standards:risk_compare", args=[first.site.uid])
    page = words(officer.get(f"{url}?run={second.uid}&run={first.uid}"))
    assert "土壤有机质含量" in page and page.index("第 1 次") < page.index("第 2 次")
    assert officer.get(f"{url}?run={first.uid}").status_code == 302
    case = {**risk_world.CASE, "excluded": risk_world.EXCLUDED}
    third = risk.compute(first.site, case, by=world.actor("officer"), at=AT)
    page = words(officer.get(f"{url}?run={third.uid}&run={first.uid}"))
    inputs = page.partition('id="h-inputs"')[2].partition("</section>")[0]
    assert "<td>计算</td><td>排除</td>" in inputs and "规划为绿地，不建建筑物" in inputs
    other = risk_world.run(world, risk_world.site(world, "丙地块"))
    assert officer.get(f"{url}?run={first.uid}&run={other.uid}").status_code == 404


def test_the_report_is_one_an_expert_signs(officer: Client, world: Any) -> None:
    run = risk_world.run(world)
    answer = officer.get(reverse("standards:risk_report", args=[run.uid]))
    document = docx.Document(io.BytesIO(answer.content))
    said = report_text(officer, run)
    for wanted in ("HJ 25.3-2019", "第一类用地", "现场实测有机质12个样品均值", "血铅模型", "编制单位", "青禾区生态环境局",
                   "1.40E-05", "呼吸吸入单位致癌因子", "Csat", "凭记忆录入", "soilrules"):  # fmt: skip
        assert wanted in said, wanted
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert all(head.get(docx.oxml.ns.qn("w:val")) is None for head in document.element.body.findall(".//{*}tblHeader"))


def test_the_page_speaks_english_where_asked(world: Any, client: Client) -> None:
    run = risk_world.run(world)
    person = world.people["officer"]
    person.language = "en"
    person.save()
    client.force_login(person)
    page = words(client.get(reverse("standards:risk_run", args=[run.uid])))
    assert (
        "Not acceptable" in page and "Ingestion of soil" in page and "Not given: concentration in groundwater." in page
    )
    assert "不能判断" not in page and "经口摄入" not in page


def test_the_search_finds_sites_in_reach(officer: Client, world: Any) -> None:
    site = risk_world.site(world)
    found = officer.get(reverse("home:search"), {"q": "农药厂"})
    assert reverse("standards:risk_site", args=[site.uid]) in words(found)
    officer.force_login(world.people["stranger"])
    assert site.name not in words(officer.get(reverse("home:search"), {"q": "农药厂"}))


# Under uncertainty

DRAWN = {
    "draws": "400",
    "seed": "7",
    "sampler": "latin_hypercube",
    "draw-1-name": "benzene.subsurface_mg_kg",
    "draw-1-kind": "lognormal",
    "draw-1-geometric_mean": "8",
    "draw-1-gsd": "1.8",
    "draw-1-because": "详细调查 24 个样品",
    "draw-2-name": "OSIRc",
    "draw-2-kind": "triangular",
    "draw-2-low": "100",
    "draw-2-mode": "200",
    "draw-2-high": "300",
    "draw-2-because": "文献",
}


@pytest.mark.django_db(transaction=True)
def test_draws_are_a_job_and_stand_beside_the_run(officer: Client, world: Any) -> None:
    run = risk_world.run(world)
    url = reverse("standards:risk_draw", args=[run.uid])
    officer.post(url, DRAWN)
    waiting = words(officer.get(url, headers={"HX-Request": "true"}))
    assert "<html" not in waiting and "every 2s" in waiting and "后台作业" in waiting
    job = jobs.run(jobs.Job.objects.get())
    assert job.state == job.State.DONE, job.doing
    kept = RiskUncertainty.objects.get()
    assert (kept.draws, kept.seed, kept.run) == (400, 7, run)
    bars = kept.result["substances"]["benzene"]["risk.total"]["tornado"]
    assert [one["name"] for one in bars] == ["benzene.subsurface_mg_kg", "OSIRc"]
    page = words(officer.get(reverse("standards:risk_run", args=[run.uid])))
    assert 'class="tornado"' in page and "详细调查 24 个样品" in page
    assert "every 2s" not in page, "nothing is under way"
    again = Sampled(400, 7, "latin_hypercube")

    same = draw_run(run, kept.uncertain, again, by=world.actor("officer"), at=AT)
    assert same.result["substances"] == kept.result["substances"], "reproducible by seed"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"draws": "5"}, "应在 100 和"),
        ({"draws": "很多"}, "不是整数"),
        ({"draw-1-because": ""}, "第 1 行没有写明分布的依据"),
        ({"draw-1-gsd": ""}, "几何标准差"),
        ({"draw-1-gsd": "0.5"}, "大于 1"),
        ({"draw-2-name": "benzene.subsurface_mg_kg"}, "第 2 行与前面重复"),
        ({"draw-2-name": "nothing"}, "nothing"),
        ({"draw-2-kind": "cauchy"}, "没有选择分布"),
        ({"sampler": "dice"}, "dice"),
        ({"draw-1-name": "", "draw-2-name": ""}, "至少选一行"),
    ],
)
def test_distributions_are_checked_before_the_job(
    officer: Client, world: Any, changed: dict[str, str], said: str
) -> None:
    run = risk_world.run(world)
    answer = officer.post(reverse("standards:risk_draw", args=[run.uid]), DRAWN | changed)
    assert answer.status_code == 422 and said in words(answer) and not jobs.Job.objects.exists()
