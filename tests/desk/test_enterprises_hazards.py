"""Inspection for hazards as work: facilities, check lists, hazards from finding to verification, the drawing of the plant."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pypdfium2 as pdfium
import pytest
from django.test import Client
from docx import Document

from desk.plant_world import AT, BEGAN, Plant, png
from desk.test_enterprises_imports import book
from soildesk.core import files
from soildesk.core.models import AuditEntry, Duty
from soildesk.core.permissions import NotAllowed
from soildesk.core.versions import Recording
from soildesk.enterprises.models import (
    FacilityVersion,
    Happening,
    Hazard,
    Inspection,
    InspectionAnswer,
)
from soildesk.enterprises.queries.hazards import rates
from soildesk.enterprises.queries.inspections import sheets
from soildesk.enterprises.refusals import FacilityRefused, HazardRefused, InspectionRefused
from soildesk.enterprises.services import facilities, hazards, inspections, plans
from soildesk.enterprises.services.facilities import Noted
from soildesk.enterprises.services.hazards import Rectified
from soildesk.enterprises.services.inspections import Beginning, Said
from soildesk.enterprises.services.plans import Drawing
from soildesk.enterprises.services.plantside import Photo
from soildesk.home.queries.today import groups
from soildesk.kit import imports, tableimport
from soildesk.kit.imports import Purpose
from soildesk.kit.register import collections

pytestmark = pytest.mark.store
TODAY = date(2026, 11, 20)
AFTER = [Photo("整改后.png", png())]


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")


@pytest.fixture
def plant(world: Any) -> Plant:
    return Plant(world)


def browser(world: Any, who: str) -> Client:
    return world.browser(who)


def rectified(plant: Plant, hazard: Hazard, who: str = "") -> Hazard:
    told = Rectified("环氧树脂修补防渗层", "池建国", date(2026, 11, 18))
    return hazards.rectify(hazard, told, plant.done(who), AFTER)


def test_an_inspection_from_beginning_to_duty(plant: Plant) -> None:
    walk = plant.inspection()
    assert walk.edition == "unknown", "the edition of November 2026 was not seen: a working list stands in and says so"
    plant.fine(walk)
    inspections.finish(walk, TODAY, plant.done())
    told = Happening.objects.get(enterprise=plant.firm.enterprise_id)
    assert (told.kind, told.on) == ("hazard_inspection_done", TODAY)
    assert told.evidence == f"enterprises.inspection:{walk.uid}"
    with pytest.raises(InspectionRefused) as refusal:
        plant.fine(walk)
    assert refusal.value.code == "enterprises.inspection.finished"


@pytest.mark.parametrize(("on", "edition"), [(date(2026, 8, 14), "notice-2021"), (date(2026, 8, 15), "unknown")])
def test_the_edition_of_the_day(plant: Plant, on: date, edition: str) -> None:
    assert plant.inspection(on).edition == edition


def test_an_inspection_cannot_begin_so(plant: Plant) -> None:
    for beginning, code in (
        (Beginning("regular", date(2026, 11, 21)), "days"),
        (Beginning("whim", BEGAN), "cause"),
        (Beginning("regular", date(2020, 12, 31)), "edition"),
    ):
        with pytest.raises(InspectionRefused) as refusal:
            inspections.begin(plant.firm, beginning, plant.done())
        assert refusal.value.code == f"enterprises.inspection.{code}"
    bare = plant.firms.firm("无设施有限公司")
    with pytest.raises(InspectionRefused) as refusal:
        inspections.begin(bare, Beginning("first", BEGAN), plant.done("officer"))
    assert refusal.value.code == "enterprises.inspection.nothing_kept"
    plant.inspection()
    with pytest.raises(InspectionRefused) as refusal:
        plant.inspection()
    assert refusal.value.code == "enterprises.inspection.under_way"
    assert Inspection.objects.count() == 1


def test_what_is_left_out_needs_a_reason(plant: Plant) -> None:
    walk = plant.inspection()
    plant.fine(walk, plant.pool)
    with pytest.raises(InspectionRefused, match="硫酸埋地储罐") as refusal:
        inspections.finish(walk, TODAY, plant.done())
    assert refusal.value.code == "enterprises.inspection.missing"
    assert not Happening.objects.exists()
    done = inspections.finish(walk, TODAY, plant.done(), left_out="正在清罐，不能进入")
    assert done.left_out == "硫酸埋地储罐：正在清罐，不能进入"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"answer": "hazard", "note": " "}, "inspection.hazard_words"),
        ({"answer": "perhaps"}, "inspection.answer"),
        ({"item": "goods.hardware.roof", "answer": "fine"}, "inspection.answer"),
        ({"answer": "hazard", "note": "裂缝", "due": date(2026, 11, 9)}, "hazard.due"),
        ({"answer": "hazard", "note": "裂缝", "photos": [Photo("a.txt", b"x")]}, "inspection.photo"),
    ],
)
def test_an_answer_that_cannot_be(plant: Plant, said: dict[str, Any], code: str) -> None:
    walk = plant.inspection()
    told = {"item": plant.items(walk, plant.pool)[0], **said}
    with pytest.raises((InspectionRefused, HazardRefused)) as refusal:
        inspections.answer(walk, plant.pool, [Said(**told)], plant.done())
    assert refusal.value.code == f"enterprises.{code}"
    assert not InspectionAnswer.objects.exists()
    assert not Hazard.objects.exists()


def test_found_rectified_returned_verified(plant: Plant) -> None:
    hazard = plant.hazard(plant.inspection())
    assert [use.kind for use in files.uses_of(hazard)] == ["before"]
    owed = Duty.objects.for_subject(hazard)
    assert [(one.due, one.done_on) for one in owed] == [(date(2026, 12, 20), None)]
    hazard = rectified(plant, hazard)
    assert {one.done_on for one in owed.all()} == {date(2026, 11, 18), None}, (
        "done by the firm, to be verified by the office"
    )
    hazard = hazards.give_back(hazard, "缺闭水试验记录", plant.done("officer"))
    assert [one.done_on for one in owed.all()] == [None]
    hazard = rectified(plant, hazard)
    hazard = hazards.verify(hazard, "现场核实，闭水试验合格", plant.done("officer"))
    assert (hazard.state, hazard.verified_on) == ("verified", TODAY)
    assert not owed.filter(done_on=None)
    kinds = list(hazard.acts.values_list("kind", flat=True))
    assert kinds == ["found", "rectified", "returned", "rectified", "verified"]
    named = (
        AuditEntry.objects.filter(act__startswith="enterprises.hazard.").order_by("pk").values_list("act", flat=True)
    )
    assert [name.rpartition(".")[2] for name in named] == ["rectified", "returned", "rectified", "verified"]
    with pytest.raises(HazardRefused) as refusal:
        hazards.drop(hazard, "误登", plant.done("officer"))
    assert refusal.value.code == "enterprises.hazard.ended"


def test_nobody_verifies_the_own_work(plant: Plant) -> None:
    hazard = rectified(plant, plant.hazard(plant.inspection()), "officer")
    with pytest.raises(HazardRefused) as refusal:
        hazards.verify(hazard, "合格", plant.done("officer"))
    assert refusal.value.code == "enterprises.hazard.same_person"
    with pytest.raises(NotAllowed):
        hazards.verify(hazard, "合格", plant.done("firm"))
    assert hazards.verify(hazard, "合格", plant.done("issuer")).state == "verified"


def test_put_right_needs_what_the_ledger_asks(plant: Plant) -> None:
    hazard = plant.hazard(plant.inspection())
    whole = Rectified("修补", "池建国", TODAY)
    for told, photos in ((Rectified("", "池建国", TODAY), AFTER), (Rectified("修补", "", TODAY), AFTER), (whole, [])):
        with pytest.raises(HazardRefused) as refusal:
            hazards.rectify(hazard, told, plant.done(), photos)
        assert refusal.value.code == "enterprises.hazard.incomplete"
    with pytest.raises(HazardRefused) as refusal:
        hazards.rectify(hazard, Rectified("修补", "池建国", date(2026, 11, 9)), plant.done(), AFTER)
    assert refusal.value.code == "enterprises.hazard.too_early"


def test_a_term_is_set_later_and_never_drawn_in(plant: Plant) -> None:
    hazard = plant.hazard(plant.inspection(), due=None)
    hazard = hazards.extend(hazard, date(2026, 12, 1), "限期整改", plant.done("officer"))
    assert Duty.objects.for_subject(hazard).get().due == date(2026, 12, 1)
    with pytest.raises(HazardRefused) as refusal:
        hazards.extend(hazard, date(2026, 11, 25), "提前", plant.done("officer"))
    assert refusal.value.code == "enterprises.hazard.not_later"


def test_an_answer_taken_back_drops_its_hazard(plant: Plant) -> None:
    walk = plant.inspection()
    hazard = plant.hazard(walk)
    with pytest.raises(HazardRefused) as refusal:
        inspections.answer(walk, plant.pool, [Said(hazard.item, "fine")], plant.done())
    assert refusal.value.code == "enterprises.hazard.note_missing"
    inspections.answer(walk, plant.pool, [Said(hazard.item, "fine", "复核为水渍")], plant.done())
    hazard.refresh_from_db()
    assert hazard.state == "dropped"
    assert not Duty.objects.for_subject(hazard)
    assert not rates(plant.own, TODAY)[0].share.applicable
    again = plant.hazard(walk)
    assert again.pk != hazard.pk
    plant.hazard(walk, note="池壁有两处裂缝")
    again.refresh_from_db()
    assert again.what == "池壁有两处裂缝"
    assert Hazard.objects.count() == 2


def test_the_rate_and_its_rows(plant: Plant) -> None:
    other = Plant(plant.world, "青禾农化有限公司", "other_firm", 701)
    hazards.verify(rectified(plant, plant.hazard(plant.inspection())), "合格", plant.done("officer"))
    other.hazard(other.inspection())
    whole, firms = rates(plant.world.actor("officer"), TODAY)
    assert (whole.share.yes, whole.found) == (1, 2)
    assert [(one.name, one.share.yes) for one in firms] == [("青禾农化有限公司", 0), ("青禾电镀有限公司", 1)]
    assert rates(plant.world.actor("officer"), date(2026, 11, 19))[0].share.yes == 0
    assert rates(plant.world.actor("officer"), date(2026, 11, 9))[0].found == 0
    assert rates(plant.own, TODAY)[0].found == 1, "a firm sees its own alone"
    page = browser(plant.world, "officer").get("/enterprises/hazards/rates").content.decode()
    assert "50.0%" in page


def test_today_tells_what_waits(plant: Plant) -> None:
    walk = plant.inspection()
    rectified(plant, plant.hazard(walk))
    item = plant.items(walk, plant.tank)[0]
    late = Said(item, "hazard", "罐壁锈蚀", due=date(2026, 11, 15))
    inspections.answer(walk, plant.tank, [late], plant.done(), on=BEGAN)
    told = {short.title: short for group in groups(plant.world.actor("officer"), TODAY) for short in group.shorts}
    assert [line.what for line in told["隐患整改待验收"].lines] == ["池壁有裂缝"]
    assert [(line.what, line.late) for line in told["隐患整改"].lines] == [("罐壁锈蚀", True)]
    for who in ("stranger", "firm"):
        titles = [short.title for group in groups(plant.world.actor(who), TODAY) for short in group.shorts]
        assert not [title for title in titles if "隐患" in title]


def test_another_firm_sees_and_does_nothing(plant: Plant) -> None:
    other = Plant(plant.world, "青禾农化有限公司", "other_firm", 701)
    walk = plant.inspection()
    hazard = plant.hazard(walk)
    with pytest.raises(NotAllowed):
        rectified(plant, hazard, "other_firm")
    with pytest.raises(NotAllowed):
        inspections.answer(walk, plant.pool, [Said(hazard.item, "fine", "不是")], other.done())
    with pytest.raises(NotAllowed):
        inspections.begin(plant.firm, Beginning("regular", BEGAN), other.done())
    with pytest.raises(NotAllowed):
        facilities.note(plant.tank, Noted("patrol", TODAY, "正常"), other.done())
    client = browser(plant.world, "other_firm")
    for url in (
        f"/kit/r/hazards/{hazard.uid}", f"/kit/r/inspections/{walk.uid}", f"/kit/r/facilities/{plant.pool.facility.uid}",
        f"/enterprises/inspections/{walk.uid}/walk/", f"/enterprises/inspections/{walk.uid}/report.docx",
        f"/enterprises/inspections/{walk.uid}/walk/{plant.pool.facility.uid}", f"/enterprises/hazards/{hazard.uid}/rectify",
        f"/files/{files.uses_of(hazard).get().uid}/",
    ):  # fmt: skip
        assert client.get(url).status_code == 404, url
    for name in ("hazards", "inspections", "facilities"):
        page = client.get(f"/kit/r/{name}/").content.decode()
        assert "青禾电镀" not in page
        assert "池壁有裂缝" not in page
    assert client.get("/kit/r/hazards/").status_code == 200


def test_a_firm_walks_its_own_plant(plant: Plant) -> None:
    walk = plant.inspection()
    client = browser(plant.world, "firm")
    item = plant.items(walk, plant.pool)[0]
    url = f"/enterprises/inspections/{walk.uid}/walk/{plant.pool.facility.uid}"
    assert client.get(url).status_code == 200
    refused = client.post(url, {f"answer-{item}": "hazard", f"note-{item}": ""})
    assert refused.status_code == 422
    assert "没有写隐患点" in refused.content.decode()
    photo = io.BytesIO(png())
    photo.name = "池壁.png"
    said = {
        f"answer-{item}": "hazard",
        f"note-{item}": "池壁有裂缝",
        f"due-{item}": "2026-12-20",
        f"photo-{item}": photo,
    }
    assert client.post(url, said).status_code == 302
    hazard = Hazard.objects.get()
    assert (hazard.what, hazard.due, files.uses_of(hazard).count()) == ("池壁有裂缝", date(2026, 12, 20), 1)
    for page in (
        f"/kit/r/hazards/{hazard.uid}",
        f"/kit/r/inspections/{walk.uid}",
        f"/enterprises/inspections/{walk.uid}/walk/",
    ):
        assert client.get(page).status_code == 200, page
    assert browser(plant.world, "officer").get(f"/kit/r/enterprises/{plant.firm.enterprise.uid}").status_code == 200
    assert browser(plant.world, "reader").get(url).status_code == 403


def test_report_and_ledger(plant: Plant) -> None:
    walk = plant.inspection()
    hazard = rectified(plant, plant.hazard(walk))
    client = browser(plant.world, "firm")
    report = client.get(f"/enterprises/inspections/{walk.uid}/report.docx")
    document = Document(io.BytesIO(report.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert hazard.number in cells
    assert len(document.inline_shapes) == 2
    for url in (f"/enterprises/inspections/{walk.uid}/ledger.xlsx", "/enterprises/hazards/ledger.xlsx"):
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(url).content)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        heads = next(row for row in rows if "隐患点" in row)
        line = dict(zip(heads, rows[rows.index(heads) + 1], strict=True))
        assert (line["隐患点"], line["整改措施"], line["整改后图片"]) == ("池壁有裂缝", "环氧树脂修补防渗层", 1)


def test_a_facility_is_registered_changed_and_taken_down(plant: Plant) -> None:
    by = plant.own
    said = {"name": "另一池", "kind": "pool", "code": "W-1"}
    with pytest.raises(FacilityRefused) as refusal:
        facilities.register(plant.firm, said, since=TODAY, recording=Recording(by, AT, ""))
    assert refusal.value.code == "enterprises.facility.twice"
    with pytest.raises(FacilityRefused) as refusal:
        facilities.register(plant.firm, {"name": "池", "kind": "lake"}, since=TODAY, recording=Recording(by, AT, ""))
    assert refusal.value.code == "enterprises.facility.kind"
    assert plant.tank.underground_tank
    gone = facilities.end(plant.tank, on=date(2026, 11, 1), recording=Recording(by, AT, "已拆除"))
    assert gone.until == date(2026, 11, 1)
    walk = plant.inspection()
    assert [one.version.name for one in sheets(walk, TODAY)] == ["1#废水调节池"]


def test_records_of_a_tank(plant: Plant) -> None:
    facilities.note(plant.tank, Noted("test", date(2026, 6, 1), "密闭性检测合格", by_whom="池建国"), plant.done())
    with pytest.raises(FacilityRefused) as refusal:
        facilities.note(plant.tank, Noted("patrol", TODAY, " "), plant.done())
    assert refusal.value.code == "enterprises.facility.record"
    page = browser(plant.world, "firm").get(f"/kit/r/facilities/{plant.tank.facility.uid}").content.decode()
    assert "密闭性检测合格" in page


def test_a_drawing_with_what_stands_on_it(plant: Plant) -> None:
    plan = plans.add(plant.firm, Drawing("总平面图", TODAY, Photo("总平面图.png", png(400, 300))), plant.done())
    assert (plan.width_px, plan.height_px) == (400, 300)
    plans.place(plan, plant.pool, (0.25, 0.5), plant.done())
    placed = FacilityVersion.objects.get(facility=plant.pool.facility, superseded_at=None)
    assert (placed.x, placed.y, placed.plan_id) == (0.25, 0.5, plan.pk)
    plant.pool = placed
    hazard = plant.hazard(plant.inspection())
    assert (hazard.x, hazard.plan_id) == (0.25, plan.pk), "a hazard lies first where its facility is drawn"
    url = f"/enterprises/plans/{plan.uid}/"
    client = browser(plant.world, "firm")
    assert client.post(url, {"thing": f"hazard:{hazard.uid}", "x": "30", "y": "60"}).status_code == 302
    page = client.get(url).content.decode()
    assert "translate(100.0 150.0)" in page
    assert "translate(120.0 180.0)" in page
    assert client.post(url, {"thing": f"hazard:{hazard.uid}", "x": "130", "y": "60"}).status_code == 422
    other = Plant(plant.world, "青禾农化有限公司", "other_firm", 701)
    with pytest.raises(FacilityRefused) as refusal:
        plans.place(plan, other.pool, (0.1, 0.1), plant.done("officer"))
    assert refusal.value.code == "enterprises.facility.other_firm"
    assert browser(plant.world, "other_firm").get(url).status_code == 404
    assert "form" not in (browser(plant.world, "reader").get(url).context["form"] or ())


def test_a_page_of_a_pdf_becomes_the_picture(plant: Plant) -> None:
    document, stream = pdfium.PdfDocument.new(), io.BytesIO()
    for size in ((400, 300), (300, 600)):
        document.new_page(*size)
    document.save(stream)
    file = Photo("总图.pdf", stream.getvalue())
    plan = plans.add(plant.firm, Drawing("", TODAY, file, 2), plant.done())
    assert (plan.title, plan.width_px, plan.height_px) == ("总图.pdf", 1200, 2400)
    assert [use.name for use in files.uses_of(plan)] == ["总图.pdf", "总图-2.png"]
    with pytest.raises(FacilityRefused, match="没有第 3 页"):
        plans.add(plant.firm, Drawing("", TODAY, file, 3), plant.done())


@pytest.mark.parametrize("name", ["图.png", "图.pdf", "图.dwg"])
def test_what_is_no_drawing(plant: Plant, name: str) -> None:
    with pytest.raises(FacilityRefused) as refusal:
        plans.add(plant.firm, Drawing("", TODAY, Photo(name, b"no picture at all")), plant.done())
    assert refusal.value.code == "enterprises.facility.plan"


def test_facilities_come_from_a_file(plant: Plant) -> None:
    head = ("系统编号", "单位名称", "重点设施设备", "设施编号", "类型", "投用日期")
    rows = [
        (plant.pool.facility.number, "", "1#废水调节池", "W-1", "废水、污水、雨水池", "2019-05-01"),
        ("", "青禾电镀有限公司", "柴油地下储罐", "T-2", "地下储罐", "2020-05-01"),
        ("", "", "重复的罐", "T-1", "地下储罐", ""),
        ("", "青禾农化有限公司", "别家的池", "W-9", "废水、污水、雨水池", ""),
        ("SS-990101-2020-09999", "", "没有的池", "", "废水、污水、雨水池", ""),
    ]
    Plant(plant.world, "青禾农化有限公司", "other_firm", 701)
    kind = tableimport.kind_of(collections()["facilities"])
    batch = imports.preview(kind, book(rows, head, "设施"), "设施.xlsx", Purpose(plant.own, AT))
    told = [(row.verdict, "".join(row.messages)) for row in batch.rows.all()]
    assert [verdict for verdict, _said in told] == ["ok", "ok", "refused", "refused", "refused"], told
    assert "已登记" in told[2][1]
    assert "没有找到企业" in told[3][1], "a representative cannot even learn that the other firm is known"
    assert "没有系统编号" in told[4][1]
    taken = imports.preview(kind, book(rows[:2], head, "设施"), "设施.xlsx", Purpose(plant.own, AT))
    imports.accept(taken, Purpose(plant.own, AT))
    held = FacilityVersion.objects.standing(TODAY).filter(enterprise=plant.firm.enterprise_id)
    assert held.get(name="柴油地下储罐").underground_tank
    assert held.get(facility=plant.pool.facility).installed_on == date(2019, 5, 1)
    assert held.count() == 3


def test_a_word_that_is_needed_is_not_called_optional(world: Any) -> None:
    plant = Plant(world)
    hazard = plant.hazard(plant.inspection())
    hazards.rectify(hazard, Rectified("修补", "王工", date(2026, 11, 15)), plant.done(), AFTER)
    desk = Client()
    desk.force_login(world.people["officer"], backend="django.contrib.auth.backends.ModelBackend")
    for act, label, sentence in (
        ("verify", "验收意见", "怎样核实的"), ("return", "退回的理由", "还缺什么"), ("drop", "撤销的理由", "撤销误登请写明理由"),
    ):  # fmt: skip
        url = f"/enterprises/hazards/{hazard.uid}/{act}"
        page = desk.get(url).content.decode()
        assert label in page
        assert "选填" not in page.split("<main", 1)[1]
        answer = desk.post(url, {"note": ""})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
