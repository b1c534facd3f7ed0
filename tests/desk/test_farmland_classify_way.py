"""The way of a classification through its pages: opened, computed, checked, reviewed, sent, approved; its papers; its threads."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from desk import farmclass_world as rounds
from desk import farmland_world, land_world, review_client
from soildesk.core.models import Duty, Job
from soildesk.core.versions import Recording
from soildesk.farmland.models import (
    ClassDecision,
    Classification,
    ProduceTest,
    ProduceValue,
    Trigger,
    UnitClass,
    UnitProposal,
)
from soildesk.farmland.queries import classifications, origins, priority, threads, whatif
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import classifying, fieldchecks, reviews, triggers, units
from soildesk.farmland.services.offices import Line
from soildesk.farmland.tasks import classify, find_triggers
from soildesk.monitoring.models import Result
from soilrules.farmland.priority import Outcome

pytestmark = pytest.mark.django_db
OVER, FAR_OVER = {"cadmium": 0.9}, {"cadmium": 2.5}
LATER = date(2026, 10, 20)


class Silent:
    """Progress nobody hears."""

    def step(self, *_told: Any) -> None:
        """Nothing."""


@pytest.fixture(autouse=True)
def _plain(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    review_client.plain_pages(settings, monkeypatch)


def page(world: Any, who: str) -> Client:
    return review_client.of(world.people[who])


def next_of(client: Client, held: Classification) -> str:
    shown = client.get(reverse("kit:record", args=["classifications", str(held.uid)])).content.decode()
    return "".join(re.findall("下一步：[^<]*", shown))


def posted(client: Client, name: str, key: Any, said: dict[str, Any], follow: bool = True) -> str:
    answer = client.post(reverse(f"farmland:{name}", args=[key] if key else []), said, follow=follow)
    assert answer.status_code in (200, 302, 422), answer.status_code
    return str(answer.content.decode())


def code(act: Any) -> str:
    with pytest.raises(ClassifyRefused) as refused:
        act()
    return refused.value.code.removeprefix("farmland.classify.")


def test_from_the_draft_to_the_class_in_force(world: Any) -> None:
    farm = farmland_world.county(world)
    soil = rounds.soil_round(
        world, farm, {"priority_1": OVER, "safe_1": [FAR_OVER, *[OVER] * 2], "bare_1": {}, "strict_1": FAR_OVER}
    )
    Result.objects.filter(analyte="mercury").update(value=55, printed="55", unit="μg/kg")
    head, ecology = page(world, "agriculture_head"), page(world, "officer")
    terms = {"ruleset": "guide2019", "local_limits": "on"}
    new = {
        "title": "2026年耕地类别调整",
        "why": "monitoring",
        "on": "2026-11-20",
        "soil_rounds": [soil.number],
        **terms,
    }
    assert "正在计算建议类别" in posted(head, "classify_new", None, new)
    made = Classification.objects.get()
    job = Job.objects.get(uid=made.job)
    classify(Silent(), world.actor("agriculture_head"), **job.arguments)  # type: ignore[arg-type]
    shown = head.get(reverse("kit:record", args=["classifications", str(made.uid)])).content.decode()
    assert "3 个与现行类别不同" in shown and "暂不能报批的 16 个单元" in shown
    assert "按计算（单元）" in shown and "会审没有改动：两栏相同。" in shown
    one = UnitProposal.objects.get(unit=farm.units["safe_1"], superseded_at=None)
    why = head.get(reverse("kit:record", args=["class_proposals", str(one.uid)])).content.decode()
    assert re.search(r"</span> 0\.055 <span class=\"hint\">\(0\.5/2\.5\)", why), "the heading says mg/kg"
    for said in (
        "点位类别不一致，没有多数或者其余点位连片，按最差点位定为Ⅲ类",
        "0/2/1",
        "控制元素",
        "2.5",
        "经验取值，待核对",
        "(0.4/2)",
    ):
        assert said in why, said
    made.refresh_from_db()
    assert code(lambda: reviews.to_review(made, by=world.actor("agriculture_head"), at=world.at)) == "state"
    assert "外业核实" in posted(head, "classify_to_field", made.uid, {})
    assert "不能办理这件事" in posted(head, "classify_to_field", made.uid, {}), "pressed twice it says so"
    assert "不能办理这件事" in posted(head, "classify_compute", made.uid, {})
    (told,) = world.people["town"].messages.filter(text__contains="外业核实")
    assert "本镇街有 10 个单元" in told.text
    assert page(world, "town").get(told.link).status_code == 200
    check = {"unit": farm.units["priority_1"].number, "on": "2026-11-19", "fits": "yes", "use_fits": "yes"}
    assert "已登记" in posted(page(world, "town"), "classify_check", made.uid, check)
    asked = page(world, "town").get(reverse("farmland:classify_check", args=[made.uid])).content.decode()
    assert f'<option value="{farm.units["safe_1"].number}">' in asked and "还有 9 个单元" in asked
    assert farm.units["priority_1"].number not in asked, "it was looked at"
    assert farm.units["safe_4"].number not in asked, "it is another town's"
    assert "还有 19 个" in next_of(head, made)
    assert "写明现场情况" in posted(page(world, "town"), "classify_check", made.uid, {**check, "fits": "no"})
    assert "核实日期 2001" in posted(page(world, "town"), "classify_check", made.uid, {**check, "on": "2001-11-19"})
    assert "不逐一核实" in posted(head, "classify_to_review", made.uid, {"reason": ""})
    posted(head, "classify_to_review", made.uid, {"reason": "其余单元边界与上次一致"})
    made.refresh_from_db()
    assert made.state == "review" and Duty.objects.filter(kind="farmland.class", done_on=None).count() == 2
    posted(head, "proposal_settle", one.uid, {"farmland_class": "safe_use", "reason": "一个点位受填土影响"})
    counted = classifications.progress(made)
    assert (counted.computed["strict"], counted.settled["strict"]) == (2, 1), "what was computed stays beside it"
    told = head.get(reverse("kit:record", args=["classifications", str(made.uid)])).content.decode()
    assert "“按会审”是会审确定类别以后、拟报批的" in told
    listed = head.get(reverse("kit:collection", args=["classifications"])).content.decode()
    assert "严格管控类（按计算）" in listed
    assert "还没有同意" in posted(head, "classify_send", made.uid, {"document": "青农〔2026〕9号", "on": "2026-11-20"})
    posted(head, "classify_opinion", made.uid, {"line": "agriculture", "verdict": "agree"})
    assert "部门和生态环境部门会审" in next_of(head, made)
    posted(ecology, "classify_opinion", made.uid, {"line": "ecology", "verdict": "agree", "opinion": "数据有效"})
    assert "都已同意，报送省级" in next_of(head, made)
    assert "暂不能报批" in posted(head, "classify_send", made.uid, {"document": "青农〔2026〕9号", "on": "2026-11-20"})
    sent = {"document": "青农〔2026〕9号", "on": "2026-11-20", "left_out_why": "2027年补充监测后再报"}
    assert "早于评价基准日" in posted(head, "classify_send", made.uid, {**sent, "on": "2016-11-20"})
    posted(head, "classify_send", made.uid, sent)
    approval = {
        "number": "示政函〔2026〕88号",
        "title": "批复",
        "authority": "示例省人民政府",
        "decided_on": "2026-11-20",
    }
    assert "早于报送日期" in posted(head, "classify_approve", made.uid, {**approval, "decided_on": "2020-11-20"})
    assert "现行类别" in posted(head, "classify_approve", made.uid, {**approval, "number": "示政函〔2026〕8号"})
    wrong = ClassDecision.objects.get(number="示政函〔2026〕8号")
    assert "恢复到此前" in posted(head, "decision_back", wrong.uid, {"reason": "文号登错"})
    made.refresh_from_db()
    assert (made.state, made.decision) == ("sent", None), "its approval is waited for again"
    assert "现行类别" in posted(head, "classify_approve", made.uid, approval)
    made.refresh_from_db()
    assert made.state == "approved" and not Duty.objects.filter(kind="farmland.class", done_on=None).exists()
    held = {one.unit_id: one for one in UnitClass.objects.standing(world.day)}
    said = {
        name: held[farm.units[name].pk].farmland_class
        for name in ("priority_1", "safe_1", "bare_1", "strict_1", "safe_2")
    }
    assert said == {
        "priority_1": "safe_use",
        "safe_1": "safe_use",
        "bare_1": "priority",
        "strict_1": "strict",
        "safe_2": "safe_use",
    }
    assert held[farm.units["priority_1"].pk].decision == made.decision
    assert held[farm.units["safe_2"].pk].decision == farm.decision, "what stayed behind keeps its class"
    book = openpyxl.load_workbook(BytesIO(head.get(reverse("farmland:classify_list", args=[made.uid])).content))
    rows = [[str(cell or "") for cell in row] for row in book["类别清单"].iter_rows(min_row=4, values_only=True)]
    assert len(rows) == 20 and "示政函〔2026〕88号" in book["类别清单"]["A2"].value
    heads = [cell.value for cell in book["类别清单"][3]]
    mercury = {row[heads.index("汞（最低—最高，mg/kg）")] for row in rows}
    assert mercury == {"", "0.055"}, "a laboratory that prints μg/kg is told in the unit of the heading"
    of = {row[2]: row for row in rows}
    assert "没有批准" in of[farm.units["safe_2"].number] and "示政函〔2026〕88号" not in of[farm.units["safe_2"].number]
    assert "示政函〔2026〕88号" in of[farm.units["priority_1"].number]
    assert any("一个点位受填土影响" in row for row in rows) and "落地到户" in book.sheetnames
    paper = Document(BytesIO(head.get(reverse("farmland:classify_report", args=[made.uid])).content))
    text = "\n".join(one.text for one in paper.paragraphs)
    assert "会审确定" in text and "一个点位受填土影响" in text
    assert "数据有效" in text and "2027年补充监测后再报" in text and len(paper.inline_shapes) == 1
    assert head.get(reverse("farmland:classify_map", args=[made.uid])).content.startswith(b"\x89PNG")
    kept = priority.checked(world.actor("reader"), date(2026, 11, 1), world.day)
    assert [(one.unit, str(one.became)) for one in kept.kept.named] == [(farm.units["priority_1"].number, "worse")]
    assert (kept.kept.quality, kept.kept.area) == (Outcome.FELL, Outcome.KEPT), "another unit made up for the area"
    told = (
        page(world, "reader").get(reverse("farmland:priority") + "?before=2026-11-01&after=2026-11-20").content.decode()
    )
    assert farm.units["priority_1"].number in told and "降为其他类别" in told
    for days, why in (
        ("2026-11-20&after=2026-11-01", "应早于"),
        ("2026-11-20&after=2027-11-01", "还没有到"),
        ("2026-02-30&after=x", "应为日期"),
    ):
        asked = page(world, "reader").get(reverse("farmland:priority") + f"?before={days}")
        assert asked.status_code == 422 and why in asked.content.decode() and "没有减少" not in asked.content.decode()
    units.change(
        farm.version("priority_2"),
        {"ground": "garden"},
        since=date(2026, 11, 10),
        recording=Recording(world.actor("officer"), world.at, "改种"),
    )
    kept = priority.checked(world.actor("reader"), date(2026, 11, 1), world.day).kept
    assert {one.unit: str(one.became) for one in kept.named}[farm.units["priority_2"].number] == "gone", (
        "cropland no more"
    )
    assert page(world, "reader").get(reverse("kit:record", args=["class_proposals", str(one.uid)])).status_code in (
        403,
        404,
    )


def test_every_button_of_a_classification_leads_somewhere(world: Any) -> None:
    farm = farmland_world.county(world)
    made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
    head, url = page(world, "agriculture_head"), reverse("kit:record", args=["classifications", str(made.uid)])
    followed: dict[str, int] = {}
    for state in Classification.State.values:
        Classification.objects.filter(pk=made.pk).update(state=state)
        links = re.findall(r'<a class="btn[^"]*" href="(/farmland/classify/[^"]+)"', head.get(url).content.decode())
        followed |= {f"{state} {link}": head.get(link).status_code for link in links if "." not in link}
    assert len(followed) > 10 and set(followed.values()) == {200}, followed


def test_what_moved_after_computing_is_computed_anew(world: Any) -> None:
    farm = farmland_world.county(world)
    made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
    by, at = world.actor("agriculture_head"), world.at
    reviews.to_field(made, by=by, at=at)
    facts = {"on": LATER, "fits": False, "use_fits": True, "found": "西侧已建路"}
    checked = fieldchecks.register(made, farm.version("safe_1"), facts, by=world.actor("town"), at=at)
    assert code(lambda: reviews.to_review(made, by=by, at=at, why="其余不变")) == "misfit"
    with pytest.raises(ClassifyRefused, match="写明现场情况"):
        fieldchecks.register(made, farm.version("safe_1"), {**facts, "found": ""}, by=world.actor("town"), at=at)
    unseen = {"on": LATER, "fits": None, "use_fits": None, "found": "大雾看不清"}
    fieldchecks.register(made, farm.version("safe_1"), unseen, by=world.actor("town"), at=at)
    assert code(lambda: reviews.to_review(made, by=by, at=at, why="其余不变")) == "misfit", (
        "a fog takes no finding back"
    )
    left = classifications.progress(made).unchecked
    fieldchecks.register(made, farm.version("safe_2"), unseen, by=world.actor("town"), at=at)
    assert classifications.progress(made).unchecked == left, "who saw nothing has not checked"
    assert farm.units["safe_2"].pk in {one.unit_id for one in classifications.unchecked(world.actor("town"), made)}
    units.change(farm.version("safe_1"), {"use": "other"}, since=None, recording=Recording(by, at, "核实更正"))
    assert checked and code(lambda: reviews.to_review(made, by=by, at=at, why="其余不变")) == "stale"
    reviews.back(made, "单元更正后重新计算", by=by, at=at)
    held = classifying.compute(Classification.objects.get(pk=made.pk), by=by, at=at)
    assert classifications.live(held).get(unit=farm.units["safe_1"]).proposed == "safe_use"
    rounds.judging_world.results(world, held.soil_rounds.get(), {}, rounds.ON)
    assert classifying.outdated_rounds(held)
    reviews.give_up(held, "另行开展", by=by, at=at)
    assert code(lambda: reviews.give_up(held, "另行开展", by=by, at=at)) == "state"


def test_a_review_gives_no_class_where_data_are_missing(world: Any) -> None:
    farm = farmland_world.county(world)
    made = rounds.computed(world, [rounds.soil_round(world, farm, {"safe_1": OVER})])
    by, at = world.actor("agriculture_head"), world.at
    reviews.to_field(made, by=by, at=at)
    reviews.to_review(made, by=by, at=at, why="室内核对")
    empty = classifications.live(made).get(unit=farm.units["safe_2"])
    assert code(lambda: reviews.settle(empty, "safe_use", "凭经验", by=by, at=at)) == "class"
    assert code(lambda: reviews.say(made, "agree", "", by=by, at=at, line=Line.FORESTRY)) == "office"
    farmer, ecologist = (by, Line.FARMING), (world.actor("officer"), Line.ECOLOGY)
    for who, line in (farmer, ecologist):
        reviews.say(made, "agree", "", by=who, at=at, line=line)
    assert not classifications.agreed(made)
    reviews.settle(classifications.live(made).get(unit=farm.units["safe_1"]), "strict", "邻近污染源", by=by, at=at)
    assert set(classifications.agreed(made)) == {"agriculture", "ecology"}, "they agreed to something else"
    assert Duty.objects.filter(kind="farmland.class", done_on=None).count() == 2
    assert (
        code(lambda: reviews.send(made, "青农〔2026〕9号", world.day, by=by, at=at, left_out_why="补测")) == "opinions"
    )
    reviews.say(made, "return", "请补充农产品监测", by=world.actor("officer"), at=at, line=Line.ECOLOGY)
    assert Classification.objects.get(pk=made.pk).state == "draft"


def test_one_event_is_one_thread(world: Any) -> None:
    farm = farmland_world.county(world)
    rounds.soil_round(world, farm, {"priority_1": {**OVER, "lead": 200}, "safe_1": OVER, "safe_2": FAR_OVER})
    rounds.grain_round(world, farm, {"priority_2": [{"cadmium": 0.3}, {}, {}], "safe_3": {"cadmium": 0.3}})
    by, at = world.actor("agriculture_head"), world.at
    units.change(farm.version("priority_3"), {"use": "orchard"}, since=LATER, recording=Recording(by, at, "改种果树"))
    test = ProduceTest.objects.create(
        number="T1", stage="field", unit=farm.units["priority_4"], crop="稻谷", sampled_on=LATER, recorded_at=at,
        division_path=farm.version("priority_4").division_path, owner_department=world.departments["agriculture"],
    )  # fmt: skip
    ProduceValue.objects.create(test=test, analyte="cadmium", printed="0.5", unit="mg/kg", verdict="severe")
    assert find_triggers(Silent(), by) == {"triggers": 5}  # type: ignore[arg-type]
    assert not triggers.look(by=by, at=at)
    found = {(one.unit.number, one.why): one for one in Trigger.objects.select_related("unit")}
    told = {name: sorted(why for number, why in found if number == farm.units[name].number) for name in farm.units}
    assert told["priority_1"] == ["monitoring"] and told["priority_2"] == ["co_monitoring"]
    assert told["priority_3"] == ["use_change"] and told["priority_4"] == ["co_monitoring"]
    assert told["safe_2"] == ["monitoring"] and not told["safe_1"] and not told["safe_3"]
    lead = Trigger.objects.filter(unit=farm.units["priority_1"]).first()
    assert lead and "铅超筛选值" in lead.what and "镉超筛选值" in lead.what and lead.proposed == "safe_use"
    orchard = found[farm.units["priority_3"].number, "use_change"]
    client = page(world, "agriculture_head")
    posted(client, "trigger_dismiss", orchard.uid, {"reason": "仍为耕地，临时套种"})
    orchard.refresh_from_db()
    assert (orchard.state, orchard.closed_why) == ("dismissed", "仍为耕地，临时套种")
    assert not triggers.look(by=by, at=at), "what was put aside is not asked again"
    listed = client.get(reverse("kit:collection", args=["class_triggers"])).content.decode()
    assert "改种果树" not in listed and "待核实" in listed
    soil = rounds.soil_round(world, farm, {"priority_2": {}}, date(2026, 11, 2))
    keys = ",".join(str(one.uid) for one in Trigger.objects.filter(unit=farm.units["priority_2"]))
    start = client.get(reverse("farmland:triggers_start") + f"?threads={keys}").content.decode()
    assert farm.units["priority_2"].number in start
    said = {
        "title": "调整",
        "why": "co_monitoring",
        "on": "2026-11-20",
        "soil_rounds": [soil.number],
        "ruleset": "guide2019",
    }
    posted(client, "triggers_start", None, {**said, "threads": keys})
    made = Classification.objects.get()
    assert [one.unit_id for one in whatif.units_of(made)] == [farm.units["priority_2"].pk]
    assert made.triggers.get().state == "taken"
    reviews.give_up(made, "数据不足", by=by, at=at)
    assert Trigger.objects.get(unit=farm.units["priority_2"]).state == "open"
    keys = ",".join(str(one.uid) for one in Trigger.objects.filter(state="open"))
    posted(client, "triggers_start", None, {**said, "threads": keys})
    made = classifying.compute(Classification.objects.latest("pk"), by=by, at=at)
    for act in (reviews.to_field, lambda held, **who: reviews.to_review(held, why="室内核对", **who)):
        act(made, by=by, at=at)
    for who, line in (("agriculture_head", Line.FARMING), ("officer", Line.ECOLOGY)):
        reviews.say(made, "agree", "", by=world.actor(who), at=at, line=line)
    reviews.send(made, "青农〔2026〕9号", world.day, by=by, at=at, left_out_why="补充监测")
    renamed = Recording(by, at, "名称更正")
    units.change(farm.version("priority_2"), {"name": "柏庄镇改名片"}, since=None, recording=renamed)
    rounds.judging_world.results(world, soil, {}, rounds.ON)
    shown = client.get(reverse("farmland:classify_approve", args=[made.uid])).content.decode()
    assert "计算之后变更过的单元有 1 个" in shown, "the province approved it all the same"
    facts = {"number": "示政函〔2026〕8号", "title": "批复", "authority": "示例省人民政府", "decided_on": world.day}
    reviews.approve(made, facts, by=by, at=at)
    states = {one.unit.number: (one.state, one.closed_on) for one in made.triggers.select_related("unit")}
    assert states[farm.units["priority_2"].number] == ("taken", world.day)
    assert states[farm.units["safe_2"].number] == ("open", None), "the province said nothing of it"


def test_a_new_edition_asks_for_the_units_it_changes(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    farm = farmland_world.county(world)
    soil = rounds.soil_round(world, farm, {"strict_1": FAR_OVER}, date(2026, 8, 10))
    made = rounds.computed(world, [soil], on=date(2026, 8, 15))
    by, at = world.actor("agriculture_head"), world.at
    Classification.objects.filter(pk=made.pk).update(state="approved", decision=farm.decision)
    new = whatif.new_editions(made.division_path, date(2026, 8, 20), world.day)
    assert [one.standard for one in new] == ["GB 2762-2025"]
    assert not whatif.compared(made, whatif.Terms("guide2019", standards_on=world.day)).differs, "no unit has produce"
    number = farm.units["strict_1"].number
    other = whatif.Differs(number, "柏庄镇strict_1", "", 40_000.0, "strict", "safe_use", "cadmium")
    monkeypatch.setattr(whatif, "compared", lambda *_told: whatif.Compared({}, {}, (other,)))
    triggers.look(by=by, at=at)
    (asked,) = Trigger.objects.filter(why="standard").select_related("unit")
    assert (asked.unit.number, asked.proposed) == (number, "safe_use") and "GB 2762-2025" in asked.what
    assert not threads.to_compare(by, world.day), "an edition is compared once"


def test_heavy_farmland_goes_into_the_register_of_plots_and_new_cropland_needs_its_survey(world: Any) -> None:
    farm = farmland_world.county(world)
    client = page(world, "officer")
    said = {"document": "青政地〔2026〕3号", "on": "2026-11-19"}
    assert "不是严格管控类" in posted(client, "heavy_convert", farm.units["priority_1"].uid, said)
    assert "已列为疑似地块线索" in posted(client, "heavy_convert", farm.units["strict_1"].uid, said)
    assert "已列为线索" in posted(client, "heavy_convert", farm.units["strict_1"].uid, said)
    shown = client.get(reverse("kit:record", args=["farmland_units", str(farm.units["strict_1"].uid)])).content.decode()
    assert "转为城镇建设用地" in shown
    land_world.waste(world, land_world.square(5, 5), "东河滩地", code="WL-9")
    fields = farmland_world.unit(world, "新垦地", land_world.square(5, 5, 0.8), since=LATER, at=world.at)
    origin = origins.origin_of(world.actor("officer"), fields)
    assert [one.name for one in origin.was] == ["东河滩地"] and origin.owes
    told = client.get(reverse("farmland:new_ground")).content.decode()
    assert "新垦地" in told and "没有调查记录" in told
    farm.units["new"] = fields.unit
    rounds.soil_round(world, farm, {"new": {}}, title="滩地开垦调查")
    assert not origins.origin_of(world.actor("officer"), fields).owes
    assert not origins.origin_of(world.actor("officer"), farm.version("priority_1")).was
