"""Plans of use, prohibited zones, tasks of area, the library: who makes, who approves, what is missing; through pages too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import Workbook

from desk import farmland_world
from desk.conftest import kept, made_world
from soildesk.core import duties
from soildesk.core.models import AuditEntry, Department, Duty
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.farmland.models import Guidance, ProduceTest, ProhibitedZone, Season, Technique, UnitVersion, UsePlan
from soildesk.farmland.mu import to_m2, to_mu
from soildesk.farmland.queries import classes, exits, planned, progress, recommended, worked
from soildesk.farmland.queries.named import plan_called, technique_called
from soildesk.farmland.queries.owed import on_farmland
from soildesk.farmland.queries.then import Then
from soildesk.farmland.refusals import OfficeRefused, UseRefused
from soildesk.farmland.services import (
    keeping,
    library,
    measures,
    offices,
    plans_of_use,
    rates,
    taskduties,
    tasks_of_area,
    zones,
)
from soildesk.farmland.services.keeping import Paper
from soildesk.farmland.services.measures import Done
from soildesk.farmland.services.offices import Line
from soildesk.farmland.services.plans_of_use import Approval, Made
from soildesk.farmland.services.tasks_of_area import Given
from soildesk.farmland.services.zones import Proposed
from soildesk.kit import measures as kit_measures
from soildesk.land.services.writing import Place
from soildesk.monitoring.measuring import WholePlace
from soilrules.deadlines import State
from soilrules.farmland.useplans import plan_kinds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
MADE = date(2026, 3, 1)
PDF = Paper(b"%PDF-1.4 x", "批复.pdf", "approval")
GOVERNMENT = "青禾区人民政府"


@pytest.fixture(autouse=True)
def home() -> None:
    """The files of the one world stay where they are."""


@pytest.fixture(scope="module")
def farm(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One farming county for all tests of this file."""
    with django_db_blocker.unblock(), kept(tmp_path_factory.mktemp("useplans")):
        made = farmland_world.county(made_world())
        UnitVersion.objects.filter(unit=made.units["bare_1"]).update(superseded_at=farmland_world.AT)
        yield made


def head(farm: Any) -> Any:
    return farm.world.actor("agriculture_head")


def of_county(farm: Any) -> Place:
    return Place(farm.world.district, farm.world.departments["agriculture"])


def plan(farm: Any, kind: str = "safe_use", *names: str, who: str = "agriculture_head", **said: Any) -> UsePlan:
    blocks = {"agronomy": "低积累品种、石灰调节", "monitoring": "每季协同监测", "training": "每年两次", "other": "巡查"}
    made = Made(
        **{"kind": kind, "title": "方案", "first_year": 2026, "last_year": 2026, "made_on": MADE, **blocks, **said}
    )
    units = [farm.version(name) for name in names or ("safe_1", "safe_2")]
    return plans_of_use.make(made, units, of_county(farm), by=farm.world.actor(who), at=NOW)


def test_an_act_belongs_to_the_office_of_its_line(farm: Any) -> None:
    world = farm.world
    assert offices.acting(head(farm), Line.FARMING, world.district.path).department.name == "青禾区农业农村局"
    with pytest.raises(OfficeRefused, match="由青禾区农业农村局登记"):
        offices.acting(world.actor("officer"), Line.FARMING, world.district.path)
    Department.objects.filter(function="grain").update(until=date(2025, 1, 1))
    with pytest.raises(OfficeRefused) as refused:
        offices.acting(head(farm), Line.GRAIN, world.district.path)
    assert refused.value.code == "farmland.office.unstated"
    stands = offices.acting(head(farm), Line.GRAIN, world.district.path, "青编〔2024〕5号")
    assert stands.told["stands_in"] == "青编〔2024〕5号"


def test_a_plan_is_made_approved_uploaded_and_evaluated_by_another(farm: Any) -> None:
    made, by = plan(farm, "remediation", "safe_1"), head(farm)
    with pytest.raises(UseRefused, match="还没有经政府批准"):
        plans_of_use.upload(made, "HZ-1", DAY, by=by, at=NOW)
    with pytest.raises(UseRefused) as other:
        plans_of_use.approve(made, Approval("1号", "赤岩区人民政府", DAY), PDF, by=by, at=NOW)
    assert other.value.code.startswith("farmland.use.office")
    plans_of_use.approve(made, Approval("青政〔2026〕12号", GOVERNMENT, date(2026, 4, 1)), PDF, by=by, at=NOW)
    plans_of_use.upload(made, "HZ-1", date(2026, 4, 3), by=by, at=NOW)
    plans_of_use.name_worker(made, "91990101MA2600006A", by=by, at=NOW)
    with pytest.raises(UseRefused, match="应当另行委托"):
        plans_of_use.evaluate(made, "91990101MA2600006A", DAY, PDF, by=by, at=NOW)
    plans_of_use.evaluate(made, "91990101MA2600007D", DAY, PDF, by=by, at=NOW)
    made.refresh_from_db()
    assert (made.approved_on, made.receipt, made.evaluated_on) == (date(2026, 4, 1), "HZ-1", DAY)
    assert planned.done(made)


def test_a_plan_takes_units_of_its_class_and_shows_what_it_lacks(farm: Any) -> None:
    with pytest.raises(UseRefused, match="现行类别不是安全利用类"):
        plan(farm, "safe_use", "safe_1", "strict_1")
    with pytest.raises(OfficeRefused):
        plan(farm, who="officer")
    made = plan(farm, training="", other="")
    missing = plan_kinds()["safe_use"].missing(planned.filled(made, DAY))
    assert [str(one) for one in missing] == ["training", "other"]
    strict = plan(farm, "strict", "strict_1")
    assert "zone" not in planned.filled(strict, DAY)
    assert plan(farm, "garden", "garden_1", who="forestry").made_by.function == "forestry"


def propose(farm: Any, *names: str) -> ProhibitedZone:
    said = Proposed("柏庄禁产区", "水稻、小麦、玉米", MADE, proposal="青农〔2026〕3号")
    units = [farm.version(name) for name in names or ("strict_1", "strict_2", "strict_3")]
    return zones.propose(said, units, of_county(farm), by=head(farm), at=NOW)


def test_a_zone_holds_when_the_government_approved_it_and_its_crops_must_leave(farm: Any) -> None:
    with pytest.raises(UseRefused, match="不是严格管控类"):
        propose(farm, "safe_1")
    zone, by = propose(farm), head(farm)
    assert "zone" in planned.filled(plan(farm, "strict", "strict_1"), DAY)
    with pytest.raises(UseRefused, match="还没有经政府批准"):
        zones.announce(zone, DAY, "", PDF, by=by, at=NOW)
    assert not exits.in_force(exits.zones(by, DAY), DAY).exists()
    zones.approve(zone, Approval("青政〔2026〕20号", GOVERNMENT, date(2026, 5, 1)), PDF, by=by, at=NOW)
    zones.announce(zone, date(2026, 5, 3), "https://example.gov.cn/1", PDF, by=by, at=NOW)
    assert exits.in_force(exits.zones(by, DAY), DAY).get().geometry.area > 0

    for name, crop in (("strict_1", "晚稻"), ("strict_2", "苎麻")):
        version = farm.version(name)
        Season.objects.create(
            unit=version.unit, year=2026, crop=crop, division_path=version.division_path,
            owner_department_id=version.owner_department_id, recorded_at=NOW,
        )  # fmt: skip
    found = exits.exits(exits.zones(by, DAY), 2026, Then(2026, DAY), by)
    assert {one.unit.pk: one.left for one in found} == {
        farm.units["strict_1"].pk: False, farm.units["strict_2"].pk: True, farm.units["strict_3"].pk: None,
    }  # fmt: skip
    subject = WholePlace(farm.world.district, 2026)
    officer = farm.world.actor("officer")
    left = kit_measures.get("farmland.crops_left").run(officer, subject, DAY, DAY)
    assert left.outcome is kit_measures.Outcome.CANNOT_SAY or left.outcome is kit_measures.Outcome.NOT_DONE
    drawn = kit_measures.get("farmland.zones_drawn").run(officer, subject, DAY, DAY)
    assert drawn.outcome is kit_measures.Outcome.DONE


def test_a_town_works_by_what_its_district_decided(farm: Any) -> None:
    world, by, town = farm.world, head(farm), farm.world.actor("town")
    told = {"what": "technique", "name": "石灰调节酸碱度", "division_path": world.district.path, "recorded_at": NOW}
    Technique.objects.create(owner_department=world.departments["agriculture"], **told)
    zone, drafted = propose(farm, "strict_1", "strict_4"), plan(farm, "safe_use", "safe_1", "safe_4")
    assert technique_called(town, "石灰调节酸碱度"), "a measure of the town may name it"
    assert list(classes.decisions(town, DAY)) == [farm.decision]
    assert not exits.zones(town, DAY).exists() and plan_called(town, drafted.number) is None, "not yet decided"
    zones.approve(zone, Approval("青政〔2026〕20号", GOVERNMENT, date(2026, 5, 1)), PDF, by=by, at=NOW)
    plans_of_use.approve(drafted, Approval("青政〔2026〕21号", GOVERNMENT, date(2026, 5, 1)), PDF, by=by, at=NOW)
    assert plan_called(town, drafted.number) == drafted
    browser = Client()
    browser.force_login(world.people["town"], backend="django.contrib.auth.backends.ModelBackend")
    for name, row in (("prohibited_zones", zone), ("use_plans", drafted), ("class_decisions", farm.decision)):
        page = browser.get(reverse("kit:record", args=[name, str(row.uid)]))
        assert page.status_code == 200, name
        assert farm.units["strict_4"].number not in page.content.decode(), "units of another town are not"
    (one,) = exits.exits(exits.zones(town, DAY), 2026, Then(2026, DAY), town)
    assert one.unit == farm.units["strict_1"]
    assert (
        "柏庄禁产区" in browser.get(reverse("kit:record", args=["farmland_units", str(one.unit.uid)])).content.decode()
    )


def treat(farm: Any, name: str, **said: Any) -> Any:
    version = farm.version(name)
    whole = {"year": 2026, "kind": "liming", "area_m2": Decimal(str(round(version.area_m2, 2)))}
    proof = {"evidence": "receipt", "evidence_name": f"发票 {name}"}
    return measures.record(version, Done(**{**whole, **proof, **said}), by=head(farm), at=NOW)


def test_a_task_is_as_far_as_measures_say_and_never_beyond_the_units(farm: Any) -> None:
    world = farm.world
    town = world.towns["柏庄镇"]
    area = to_mu(sum(farm.version(f"safe_{n}").area_m2 for n in (1, 2, 3)))
    said = Given(2026, "safe_use", town.division, town, to_m2(area))
    with pytest.raises(UseRefused, match="超过柏庄镇"):
        tasks_of_area.give(Given(2026, "safe_use", town.division, town, to_m2(area + 5)), by=head(farm), at=NOW)
    with pytest.raises(OfficeRefused):
        tasks_of_area.give(said, by=world.actor("officer"), at=NOW)
    tasks_of_area.give(said, by=head(farm), at=NOW)
    treat(farm, "safe_1")
    treat(farm, "safe_1", kind="water")
    treat(farm, "safe_2")
    treat(farm, "safe_4")
    (one,) = progress.tasks(head(farm), Then(2026, DAY), town.division.path)
    assert one.percent == 66
    treat(farm, "safe_3")
    (one,) = progress.tasks(head(farm), Then(2026, DAY), town.division.path)
    assert (one.percent, one.left_m2) == (100, 0), "what rounding to hundredths of 亩 took is not left to be done"
    found = kit_measures.get("farmland.light_tasks_done").run(
        world.actor("officer"), WholePlace(world.district, 2026), DAY, DAY
    )
    assert len(found.rows) == 1


def test_a_task_with_a_day_is_owed_by_its_town_until_measures_reach_the_area(farm: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    town, town_clerk = farm.world.towns["柏庄镇"], farm.world.people["town"]
    area = to_m2(to_mu(sum(farm.version(f"safe_{n}").area_m2 for n in (1, 2))))
    given = Given(2026, "safe_use", town.division, town, area, date(2026, 10, 31), "青农〔2026〕3号")
    with pytest.raises(UseRefused, match="早于任务年度"):
        tasks_of_area.give(replace(given, due=date(2025, 10, 31)), by=head(farm), at=NOW)
    task = tasks_of_area.give(given, by=head(farm), at=datetime(2026, 3, 10, 3, 0, tzinfo=UTC))

    def owed() -> Duty | None:
        return Duty.objects.for_subject(task).first()

    held = owed()
    assert held is not None
    assert (held.unit, held.due, held.done_on, held.basis) == (town, given.due, None, given.document)
    assert duties.state_of(held, DAY) is State.OVERDUE
    told = [one.title for one in on_farmland(Actor.of(town_clerk, DAY), DAY)]
    assert told == [held.title] and "安全利用任务" in told[0]
    page = Client()
    page.force_login(farm.world.people["agriculture_head"])
    assert "逾期" in page.get(reverse("kit:record", args=["area_tasks", str(task.uid)])).content.decode()
    treat(farm, "safe_1", finished_on=date(2026, 6, 1))
    assert getattr(owed(), "done_on", "") is None, "half of it"
    second = treat(farm, "safe_2", finished_on=date(2026, 9, 20))
    treat(farm, "safe_3", finished_on=date(2026, 11, 2))
    assert getattr(owed(), "done_on", None) == date(2026, 9, 20), "the day it was reached, not the day it was told"
    assert on_farmland(Actor.of(town_clerk, DAY), DAY) == []
    keeping.take_back(measures.MEASURES, second, why="误登", by=head(farm), at=NOW)
    assert getattr(owed(), "done_on", None) == date(2026, 11, 2), "reached later, by other ground, and late"
    assert "逾期完成" in page.get(reverse("kit:record", args=["area_tasks", str(task.uid)])).content.decode()
    keeping.take_back(tasks_of_area.TASKS, task, why="重新下达", by=head(farm), at=NOW)
    assert owed() is None
    assert taskduties.keep_up() == 0


def test_measures_of_a_table_close_the_duty_once_they_all_stand(farm: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", DAY.isoformat())
    calls: list[int] = []
    fit = taskduties.fit_of
    monkeypatch.setattr(taskduties, "fit_of", lambda rows, *, by: calls.append(1) or fit(rows, by=by))
    town, names = farm.world.towns["柏庄镇"], ("safe_1", "safe_2")
    area = to_m2(to_mu(sum(farm.version(name).area_m2 for name in names)))
    given = Given(2026, "safe_use", town.division, town, area, date(2026, 12, 10))
    task = tasks_of_area.give(given, by=head(farm), at=NOW)
    client = Client()
    client.force_login(farm.world.people["agriculture_head"])
    book = Workbook()
    book.active.append(("地块编号", "年度", "措施", "面积（亩）", "佐证类型", "佐证名称或者编号"))
    for name in names:
        version = farm.version(name)
        book.active.append((version.unit.number, 2026, "石灰调节", str(to_mu(version.area_m2)), "图片", f"照片 {name}"))
    out = BytesIO()
    book.save(out)
    upload = SimpleUploadedFile("台账.xlsx", out.getvalue())
    preview = client.post(reverse("kit:import_new", args=["farm_measures"]), {"file": upload})["Location"]
    assert client.post(f"{preview}/accept").status_code == 302
    assert [one.done_on for one in Duty.objects.for_subject(task)] == [DAY]
    assert calls == [1], "once for the whole table"


def test_a_technique_worked_where_the_produce_was_within(farm: Any) -> None:
    facts = {"what": "variety", "name": "低镉稻一号", "source": "省农业农村厅推荐清单（2025）", "recommended": True}
    made = library.add(facts, of_county(farm), by=head(farm), at=NOW)
    for name, said in (("safe_1", "within"), ("safe_2", "severe"), ("safe_3", "")):
        treat(farm, name, kind="variety", technique=made)
        version = farm.version(name)
        if said:
            ProduceTest.objects.create(
                number=name, stage="field", unit=version.unit, crop="水稻", sampled_on=date(2026, 9, 1), said=said,
                division_path=version.division_path, owner_department_id=version.owner_department_id, recorded_at=NOW,
            )  # fmt: skip
    found = worked.worked(head(farm), [made.pk], DAY)[made.pk]
    assert (len(found.uses), found.within, found.above) == (3, 1, 1)
    with pytest.raises(UseRefused, match="已在库中"):
        library.add(facts, of_county(farm), by=head(farm), at=NOW)


def on_list(farm: Any, day: date) -> set[str]:
    return {one.name for one in recommended.with_list(Technique.objects.visible_to(head(farm)), day) if one.listed}


def test_a_variety_is_put_on_the_list_later_and_taken_off_and_past_days_stay(farm: Any) -> None:
    facts = {"what": "variety", "name": "试种二号", "source": "区田间试验（2025）"}
    made = library.add(facts, of_county(farm), by=head(farm), at=NOW)
    first, last, again = date(2026, 3, 2), date(2026, 9, 1), date(2026, 10, 9)
    assert "试种二号" not in on_list(farm, DAY)
    library.recommend(made, first, "青农〔2026〕5号", by=head(farm), at=NOW)
    days = (first - timedelta(1), first, DAY)
    assert ["试种二号" in on_list(farm, day) for day in days] == [False, True, True]
    with pytest.raises(UseRefused, match="已在推荐清单上"):
        library.recommend(made, DAY, "青农〔2026〕6号", by=head(farm), at=NOW)
    with pytest.raises(UseRefused, match="早于列入日期 2026-03-02"):
        library.strike(made, first - timedelta(1), "误", by=head(farm), at=NOW)
    library.strike(made, last, "抽检超标，青农〔2026〕9号", by=head(farm), at=NOW)
    days = (last - timedelta(1), last, DAY)
    assert ["试种二号" in on_list(farm, day) for day in days] == [True, False, False]
    with pytest.raises(UseRefused, match="不在推荐清单上"):
        library.strike(made, DAY, "再移出", by=head(farm), at=NOW)
    with pytest.raises(UseRefused, match="早于上次移出的 2026-09-01"):
        library.recommend(made, last - timedelta(1), "青农〔2026〕12号", by=head(farm), at=NOW)
    library.recommend(made, again, "青农〔2026〕12号", by=head(farm), at=NOW)
    days = (last, again - timedelta(1), again)
    assert ["试种二号" in on_list(farm, day) for day in days] == [False, False, True]
    acts = AuditEntry.objects.filter(act__startswith="farmland.technique.").order_by("id").values_list("act", flat=True)
    assert [one.rsplit(".", 1)[1] for one in acts][-4:] == ["added", "recommended", "struck", "recommended"]


def test_one_entered_as_recommended_leaves_the_list_from_a_day(farm: Any) -> None:
    facts = {"what": "variety", "name": "低镉稻三号", "source": "省清单（2025）", "recommended": True}
    made = library.add(facts, of_county(farm), by=head(farm), at=NOW)
    assert "低镉稻三号" not in on_list(farm, DAY - timedelta(1)), "nobody said that it stood there before"
    assert "低镉稻三号" in on_list(farm, DAY)
    library.strike(made, DAY, "登记有误", by=head(farm), at=NOW)
    assert "低镉稻三号" not in on_list(farm, DAY)
    with pytest.raises(UseRefused, match="列入依据"):
        library.recommend(made, DAY, "  ", by=head(farm), at=NOW)
    with pytest.raises(UseRefused, match="晚于今天"):
        library.recommend(made, DAY + timedelta(1), "青农〔2026〕12号", by=head(farm), at=NOW)
    with pytest.raises(NotAllowed):
        library.recommend(made, DAY, "青农〔2026〕12号", by=farm.world.actor("reader"), at=NOW)


def test_the_list_is_kept_through_pages(farm: Any, browser: Client) -> None:
    facts = {"what": "variety", "name": "试种四号", "source": "区田间试验（2025）"}
    made = library.add(facts, of_county(farm), by=head(farm), at=NOW)
    record = reverse("kit:record", args=["techniques", str(made.uid)])
    put, off = (reverse(f"farmland:technique_{act}", args=[made.uid]) for act in ("recommend", "strike"))
    listed = reverse("kit:collection", args=["techniques"]) + "?recommended=True"
    assert put in browser.get(record).content.decode()
    answer = browser.post(put, {"on": "2026-03-02", "document": "青农〔2026〕5号"})
    assert answer["Location"] == record
    page = browser.get(record).content.decode()
    assert "2026-03-02 列入推荐清单（青农〔2026〕5号）" in page and off in page and put not in page
    assert "试种四号" in browser.get(listed).content.decode()
    assert "试种四号" not in browser.get(f"{listed}&on=2026-03-01").content.decode()
    refused = browser.post(off, {"on": "2026-03-01", "why": "抽检超标"})
    assert (refused.status_code, "早于列入日期" in refused.content.decode()) == (422, True)
    browser.post(off, {"on": "2026-04-01", "why": "抽检超标"})
    assert "试种四号" not in browser.get(listed).content.decode()
    stranger = Client()
    stranger.force_login(farm.world.people["reader"])
    assert stranger.post(put, {"on": "2026-05-01", "document": "某号"}).status_code == 403


@pytest.fixture
def browser(farm: Any) -> Client:
    return farm.world.browser("agriculture_head")


def test_everything_is_done_through_pages(farm: Any, browser: Client) -> None:
    numbers = "、".join(farm.units[name].number for name in ("strict_4", "strict_5"))
    asked = {"name": "军庄禁产区", "produce": "水稻", "proposed_on": "2026-03-01", "units": numbers}
    browser.post(reverse("kit:collection_add", args=["prohibited_zones"]), {**asked, "act": "save"})
    zone = ProhibitedZone.objects.get(name="军庄禁产区")
    paper = {"file": SimpleUploadedFile("批复.pdf", b"%PDF-1.4 x")}
    approval = {"authority": GOVERNMENT, "number": "青政〔2026〕21号", "on": "2026-04-01", "why": ""}
    assert browser.post(reverse("farmland:zone_approve", args=[zone.uid]), {**approval, **paper}).status_code == 302
    paper = {"file": SimpleUploadedFile("公告.pdf", b"%PDF-1.4 y")}
    answer = browser.post(
        reverse("farmland:zone_announce", args=[zone.uid]), {"on": "2026-04-02", "address": "", **paper}
    )
    assert answer.status_code == 302
    page = browser.get(reverse("kit:record", args=["prohibited_zones", str(zone.uid)])).content.decode()
    assert "已公告" in page
    assert "第四百四十九条" in page

    made = plan(farm, training="")
    page = browser.get(reverse("kit:record", args=["use_plans", str(made.uid)])).content.decode()
    assert "内容不全" in page
    assert "第五十三条" in page, "the law of the day it was made"
    assert "第四百四十八条" in page, "and what stands in its place now"

    treat(farm, "safe_5")
    said = rates.Approved(
        2026, farm.world.district, Decimal(95), "示农〔2026〕1号", "示例省农业农村厅", date(2026, 11, 1)
    )
    approved = rates.register(said, by=head(farm), at=NOW)
    page = browser.get(reverse("farmland:rate") + "?year=2026&division=990101&target=95").content.decode()
    assert "上级核定值" in page
    assert "说明差异" in page
    assert "距目标" in page
    for said, told in (
        ("year=2026&target=nan", "目标“nan”"),
        ("year=2026&target=九成", "没有按目标预测"),
        ("year=abc", "年度“abc”"),
        ("year=99999999999", "年度“99999999999”"),
        ("year=2026&on=2026-02-30", "截至日期“2026-02-30”"),
        ("division=440101", "代码为“440101”"),
    ):
        assert told in browser.get(reverse("farmland:rate") + f"?{said}").content.decode(), said
    assert "距目标" in browser.get(reverse("farmland:rate") + "?year=2026&target=９５%25").content.decode()
    word = browser.get(reverse("farmland:rate_paper") + "?year=2026&division=990101")
    (table,) = Document(BytesIO(word.content)).tables
    assert [cell.text for cell in table.rows[1].cells][3:] == ["95", "核定值：示例省农业农村厅 示农〔2026〕1号"]
    browser.post(reverse("farmland:rate_explain", args=[approved.uid]), {"explained": "补充佐证"})
    assert "说明差异" not in browser.get(reverse("farmland:rate") + "?year=2026&division=990101").content.decode()
    for name in (
        "farm_measures",
        "use_plans",
        "prohibited_zones",
        "area_tasks",
        "approved_rates",
        "techniques",
        "guidance",
    ):
        assert browser.get(reverse("kit:collection", args=[name])).status_code == 200
        assert browser.get(reverse("kit:collection_add", args=[name])).status_code == 200
    assert browser.get(reverse("farmland:crop_exit")).status_code == 200
    unit = browser.get(reverse("kit:record", args=["farmland_units", str(farm.units["safe_5"].uid)])).content.decode()
    assert "石灰调节" in unit


def test_visits_and_plans_answer_tasks_of_plans(farm: Any) -> None:
    world, officer = farm.world, farm.world.actor("officer")
    subject = WholePlace(world.district, 2026)

    def outcome(name: str) -> Any:
        return kit_measures.get(f"farmland.{name}").run(officer, subject, DAY, DAY).outcome

    assert outcome("training_held") is kit_measures.Outcome.CANNOT_SAY
    facts = {
        "kind": "training",
        "on": date(2026, 5, 1),
        "topic": "安全利用技术",
        "experts": "省农科院",
        "attendees": 80,
    }
    library.guide(facts, [farm.version("safe_1")], of_county(farm), by=head(farm), at=NOW)
    assert outcome("training_held") is kit_measures.Outcome.DONE
    assert Guidance.objects.get().units.count() == 1
    made = plan(farm)
    assert outcome("safe_use_plans") is kit_measures.Outcome.NOT_DONE
    plans_of_use.approve(made, Approval("青政〔2026〕2号", GOVERNMENT, MADE), PDF, by=head(farm), at=NOW)
    plans_of_use.upload(made, "HZ-2", MADE, by=head(farm), at=NOW)
    assert outcome("safe_use_plans") is kit_measures.Outcome.DONE
    assert outcome("crop_list_kept") is kit_measures.Outcome.CANNOT_SAY
    assert not Technique.objects.exists()
