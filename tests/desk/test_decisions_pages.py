"""Pages of the gate: a question by its form, its answer, and what is added to it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import openpyxl
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from desk.gis_world import feature, geojson
from desk.land_world import layer, parcel, square
from desk.plot_world import Plots, noon
from soildesk.core import files, jobs
from soildesk.core.models import Duty, Job
from soildesk.decisions import conflicts
from soildesk.decisions.models import GateBatch, GateGround, GateQuery, OpinionRequest, ProvinceQuery
from soildesk.decisions.services import batch
from soildesk.decisions.services.batch import Order

pytestmark = pytest.mark.django_db
ASK = "decisions:ask"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def browser(made: Plots, who: str = "officer") -> Client:
    return made.world.browser(who)


def text(answer: Any) -> str:
    return answer.content.decode()


def question(**said: str) -> dict[str, str]:
    return {"act": "供地", "use": "0701", "use_scheme": "guide2023", "on": "2026-11-20", "crs": "CGCS2000", **said}


def asked(client: Client, **said: str) -> GateQuery:
    answer = client.post(reverse(ASK), question(**said))
    assert answer.status_code == 302, text(answer)[-3000:]
    return GateQuery.objects.latest("pk")


def of_two_layers(folder: Any) -> bytes:
    """A zip with a ground and a red line."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, shape in (("范围", square(0, 0, 0.5)), ("红线", square(3, 3))):
            archive.write(geojson(folder / f"{name}.geojson", [feature(shape)]), f"{name}.geojson")
    return packed.getvalue()


def test_the_page_takes_what_the_command_takes_and_says_the_same(made: Plots, tmp_path: Any) -> None:
    client, data = browser(made), of_two_layers(tmp_path)

    def sent(**said: Any) -> Any:
        return client.post(reverse(ASK), {**question(), **said})

    def upload(name: str, held: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, held)

    told = text(sent(file=upload("成果.zip", data)))
    assert "范围.geojson、红线.geojson" in told
    assert "网页填“文件中的图层”" in told
    assert sent(file=upload("成果.zip", data), layer="范围.geojson").status_code == 302
    ground = shapely.to_wkt(square(0, 0, 0.5))
    assert sent(file=upload("范围.wkt", f"SRID=4490;{ground}".encode()), crs="").status_code == 302
    assert sent(ground=f"SRID=4490;{ground}", crs="").status_code == 302
    areas = {round(one.area_m2) for one in GateQuery.objects.all()}
    assert len(areas) == 1
    stated = (
        f'{{"crs": {{"type": "name", "properties": {{"name": "EPSG:99999"}}}}, {shapely.to_geojson(square(0, 0))[1:]}'
    )
    for said in ({"ground": stated}, {"file": upload("范围.geojson", stated.encode())}):
        assert "不支持坐标系编号 99999" in text(sent(**said, crs=""))
    for name in ("EPSG:4548", "GCJ-02"):
        sent(ground=shapely.to_geojson(square(0, 0)), crs=name)
    assert GateQuery.objects.count() == 4, "degrees are not of a zone"
    assert "不宜用于定界" in page(client, GateQuery.objects.latest("pk"))


def page(client: Client, query: GateQuery) -> str:
    return text(client.get(reverse("kit:record", args=["gate-queries", str(query.uid)])))


def test_a_drawn_ground_is_answered_in_plain_words(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    client = browser(made)
    assert "供地（自然资源主管部门）" in text(client.get(reverse(ASK)))
    query = asked(client, ground=square(0, 0, 0.5).wkt, project="青禾花园", on_behalf_of="柏庄镇人民政府")
    shown = page(client, query)
    for wanted in (
        "禁止",
        "怎样可以改变",
        "依据：",
        "不替代行政许可",
        "自然资源主管部门",
        "青禾花园",
        "land-sketch",
        "代柏庄镇人民政府查询",
    ):
        assert wanted in shown, wanted
    listed = text(client.get(reverse("kit:collection", args=["gate-queries"])))
    assert query.number in listed


def test_a_code_is_enough_and_nothing_is_refused_in_words(made: Plots) -> None:
    parcel(made.world, square(2, 2), code="990101100001GB00001", use_system="guide2023", use_now="1001")
    query = asked(browser(made), code="990101100001GB00001")
    assert query.facts["current_use"] == "1001"
    refused = browser(made).post(reverse(ASK), question())
    assert refused.status_code == 422
    assert "没有范围" in text(refused)


def test_pasted_ground_says_its_system_and_stands_alone(made: Plots) -> None:
    client, held = browser(made), parcel(made.world, square(2, 2), code="990101100001GB00001")
    for more, wanted in (
        ({"ground": square(0, 0).wkt, "crs": ""}, "没有写明坐标系"),
        ({"ground": square(0, 0).wkt, "code": held.code}, "只留一种"),
        ({"code": held.code, "on": "2010-01-01"}, "那天还没有登记"),
        ({"ground": square(0, 0).wkt, "on": "2026-11-21"}, "晚于今天"),
        ({"file": SimpleUploadedFile("a.wkt", b"x"), "code": held.code}, "只留一种"),
    ):
        answer = client.post(reverse(ASK), question() | more)
        assert (answer.status_code, wanted in text(answer)) == (422, True), more
    assert not GateQuery.objects.exists()


def test_what_the_national_system_said_makes_a_new_answer(made: Plots) -> None:
    made.to(made.plot("粮库地块", square(0, 0)), "S1")
    client = browser(made)
    first = asked(client, ground=square(0, 0).wkt)
    before = {one["id"]: one["outcome"] for one in first.checks}
    assert before["province_query"] == "cannot_say"
    url = reverse("decisions:province", args=[first.uid])
    said = {
        "asked_on": "2026-11-20", "person": "李经办", "found": "yes", "stage": "S1", "restricted": "no",
        "result": "处于初步调查阶段，不在名录内",
    }  # fmt: skip
    assert client.post(url, said | {"result": ""}).status_code == 422
    assert "还要写明系统显示有没有限制" in text(client.post(url, said | {"restricted": ""}))
    assert "却写了阶段、名录或限制" in text(client.post(url, said | {"found": "no"}))
    picture = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    answer = client.post(url, said | {"picture": picture})
    assert answer.status_code == 302, text(answer)[-2000:]
    second = GateQuery.objects.latest("pk")
    assert second.follows == first
    assert {one["id"]: one["outcome"] for one in second.checks}["province_query"] == "yes"
    assert ProvinceQuery.objects.get().query == first
    held = GateQuery.objects.get(pk=first.pk)
    assert {one["id"]: one["outcome"] for one in held.checks} == before
    assert first.number in page(client, second)


def test_what_the_national_system_shows_and_nothing_here_knows_is_no_pass(made: Plots) -> None:
    made.released(made.plot("粮库地块", square(0, 0)), on=date(2026, 3, 2))
    client = browser(made)
    first = asked(client, ground=square(0, 0).wkt, act="改变用途", untouched="on")
    picture = SimpleUploadedFile("截图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    said = {
        "asked_on": "2026-11-20", "person": "李经办", "found": "yes", "stage": "released", "lists": ["roster"],
        "restricted": "yes", "result": "该地块在名录内，限制开发", "picture": picture,
    }  # fmt: skip
    answer = client.post(reverse("decisions:province", args=[first.uid]), said)
    assert answer.status_code == 302, text(answer)[-2000:]
    second = GateQuery.objects.latest("pk")
    check = next(one for one in second.checks if one["id"] == "province_query")
    assert (second.decision, check["outcome"]) == ("cannot_say", "cannot_say")
    for part in ("两处记录不一致", "有限制", "风险管控和修复名录", "粮库地块"):
        assert part in "".join(check["because"]["zh"])
    shown = page(client, second)
    assert "两处记录不一致" in shown
    held = ProvinceQuery.objects.get()
    assert (held.stage, held.lists, held.restricted) == ("released", ["roster"], True)


def test_only_what_is_held_in_principle_passes_by_a_written_ground(made: Plots) -> None:
    made.listed(made.to(made.plot("粮库地块", square(0, 0)), "S2"), "negative", date(2026, 6, 1))
    officer, issuer = browser(made), browser(made, "issuer")
    query = asked(officer, ground=square(0, 0).wkt, act="规划编制")
    principle = [one["id"] for one in query.checks if one["outcome"] == "conditions" and one["force"] == "principle"]
    bans = [one["id"] for one in query.checks if one["force"] == "statutory"]
    url = reverse("decisions:ground", args=[query.uid])
    said = {"person": "王局长", "ground": "已另行安排补充调查", "document": "青环函〔2026〕8号", "on": "2026-11-20"}
    assert officer.get(url).status_code == 403
    assert issuer.post(url, said | {"check_id": bans[0]}).status_code == 422
    assert issuer.post(url, said | {"check_id": principle[0]}).status_code == 302
    later = GateQuery.objects.latest("pk")
    assert GateGround.objects.get().check_id == principle[0]
    assert {one["id"]: one["outcome"] for one in later.checks}[principle[0]] == "yes"
    assert "王局长" in page(officer, later)


def test_a_disagreement_is_a_new_question_with_its_reason(made: Plots) -> None:
    client = browser(made)
    query = asked(client, ground=square(0, 0).wkt)
    url = reverse("decisions:again", args=[query.uid])
    assert client.post(url, {"why": "", "on": "2026-11-20"}).status_code == 422
    assert client.post(url, {"why": "范围有误", "on": "2026-11-20"}).status_code == 302
    assert GateQuery.objects.latest("pk").follows_why == "范围有误"


def test_another_place_sees_nothing_of_it(made: Plots) -> None:
    query = asked(browser(made), ground=square(0, 0).wkt)
    other = browser(made, "stranger") if "stranger" in made.world.people else browser(made, "other")
    assert other.get(reverse("kit:record", args=["gate-queries", str(query.uid)])).status_code in (403, 404)


def test_the_paper_leads_to_a_page_that_needs_its_token(made: Plots) -> None:
    client = browser(made)
    query = asked(client, ground=square(0, 0).wkt, project="青禾花园")
    pdf = client.get(reverse("decisions:paper", args=[query.uid]))
    assert pdf.content.startswith(b"%PDF")
    stranger = Client()
    shown = text(stranger.get(reverse("decisions:verify", args=[query.token])))
    assert query.number in shown
    assert "不替代行政许可" in shown
    assert "示例数据：青禾区是虚构的地方" in shown
    assert f"是{query.owner_department.name}留存的核查单" in shown, "a stranger reads whose bureau it is"
    for wrong in (query.number, query.token[:-1] + "x", "x" * 32):
        told = stranger.get(reverse("decisions:verify", args=[wrong]))
        assert (told.status_code, told["Cache-Control"], told["Referrer-Policy"]) == (404, "no-store", "no-referrer")
        assert "没有查到这份核查单" in text(told) and "不要凭这份纸件办理" in text(told)
    client.post(reverse("decisions:again", args=[query.uid]), {"why": "范围有误", "on": "2026-11-20"})
    later = GateQuery.objects.latest("pk")
    assert later.number in text(stranger.get(reverse("decisions:verify", args=[query.token])))


def test_the_reply_is_drafted_with_both_numbers(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    client = browser(made)
    query = asked(
        client, ground=square(0, 0).wkt, document="青自然资函〔2026〕12号", on_behalf_of="青禾区自然资源和规划局"
    )
    answer = client.get(reverse("decisions:letter", args=[query.uid]))
    words = "".join(one.text for one in Document(BytesIO(answer.content)).paragraphs)
    for wanted in ("青自然资函〔2026〕12号", "青禾区自然资源和规划局：", "不替代行政许可", query.number, "不得办理"):
        assert wanted in words, wanted


def test_an_opinion_is_due_answered_with_a_document_or_given_back(made: Plots) -> None:
    client = browser(made)
    query = asked(client, ground=square(0, 0).wkt)
    url = reverse("decisions:opinion_new", args=[query.uid])
    bureau = made.world.departments["ecology"]
    said = {"asked_of": str(bureau.pk), "incoming": "青自然资函〔2026〕12号", "asked_on": "2026-11-20"}
    assert "时限" in text(client.post(url, said))
    assert client.post(url, said | {"due": "2026-11-30"}).status_code == 302
    assert client.post(url, said | {"due": "2026-11-30"}).status_code == 422
    held = OpinionRequest.objects.get()
    duty = Duty.objects.get(kind=Duty.Kind.OPINION)
    assert (duty.due, duty.unit, duty.done_on) == (date(2026, 11, 30), bureau, None)
    back = reverse("decisions:opinion_back", args=[held.uid])
    assert client.post(back, {"reason": "缺红线图"}).status_code == 302
    duty.refresh_from_db()
    assert duty.done_on == date(2026, 11, 20)
    assert client.post(url, said | {"due": "2026-11-30"}).status_code == 302
    held = OpinionRequest.objects.latest("pk")
    answer = reverse("decisions:opinion_answer", args=[held.uid])
    reply = {"answer": "不同意供地", "outgoing": "青环函〔2026〕9号", "answered_on": "2026-11-20"}
    assert "盖章" in text(client.post(answer, reply))
    letter = SimpleUploadedFile("复函.txt", "复函".encode())
    assert client.post(answer, reply | {"file": letter}).status_code == 302
    assert client.get(answer).status_code == 409
    assert browser(made, "agriculture").post(answer, reply).status_code in (403, 404)
    shown = page(client, query)
    assert "青环函〔2026〕9号" in shown
    assert "缺红线图" in shown
    assert client.get(reverse("kit:record", args=["gate-opinions", str(held.uid)])).status_code == 200
    assert client.get(reverse("kit:collection", args=["gate-opinions"])).status_code == 200


def test_local_rules_hold_from_the_day_they_are_adopted(made: Plots) -> None:
    client, issuer, url = browser(made), browser(made, "issuer"), reverse("decisions:profiles")
    query = asked(client, ground=square(0, 0).wkt)
    assert {one["id"]: one["outcome"] for one in query.checks}["local_rules"] == "cannot_say"
    assert "本地规则未配置" in text(client.get(url))
    said = {
        "division": made.world.district.path,
        "profile": "410503",
        "document": "青环委〔2026〕2号",
        "since": "2026-11-01",
    }
    assert client.post(url, said).status_code == 403
    assert issuer.post(url, said | {"document": " "}).status_code == 422
    refused = issuer.post(url, said)
    assert refused.status_code == 422
    assert "是 410503 的规则，青禾区不在其中" in text(refused)
    said |= {"part_of": "on"}
    assert issuer.post(url, said).status_code == 302
    assert "合理确定土地开发和使用时序" in text(client.get(url))
    later = asked(client, ground=square(0, 0).wkt)
    assert {one["id"]: one["outcome"] for one in later.checks}["local_rules"] == "yes"
    none = {"profile": "none", "document": "2026年11月20日经法规科核对", "since": "2026-11-20"}
    assert issuer.post(url, said | none).status_code == 302
    last = asked(client, ground=square(0, 0).wkt)
    told = {one["id"]: one for one in last.checks}
    assert told["local_rules"]["outcome"] == "yes"
    assert "法规科" in "".join(told["local_rules"]["because"]["zh"])
    before = asked(client, ground=square(0, 0).wkt, on="2026-11-10")
    assert "北关区" in "".join({one["id"]: one for one in before.checks}["local_rules"]["because"]["zh"])


def test_a_layer_is_answered_by_a_job_and_shown_as_one_list(made: Plots, tmp_path: Any) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    client, url = browser(made), reverse("decisions:batch_new")
    assert client.get(url).status_code == 200
    rows = [
        feature(square(0, 0), 项目名称="青禾花园", 规划用途="0701"),
        feature(shapely.Point(116, 37), 项目名称="一个点"),
    ]
    path = geojson(tmp_path / "供地计划.geojson", rows)
    said = {"title": "2026年供地计划", "act": "供地", "on": "2026-11-20", "scheme": "guide2023"}
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    assert client.post(url, said | {"file": upload}).status_code == 302
    jobs.run(Job.objects.latest("pk"))
    held = GateBatch.objects.get()
    assert (held.state, held.counts) == ("done", {"blocked": 1, "refused": 1})
    job = text(client.get(reverse("core:job", args=[Job.objects.latest("pk").uid])))
    assert reverse("kit:record", args=["gate-batches", str(held.uid)]) in job, "the page of the job leads to the batch"
    shown = text(client.get(reverse("kit:record", args=["gate-batches", str(held.uid)])))
    assert f"{held.number}.xlsx" in shown
    assert "一个点" in shown.partition('id="refused"')[2].partition("</section>")[0]
    listed = text(client.get(reverse("kit:collection", args=["gate-queries"]) + f"?batch={held.number}"))
    assert "青禾花园" in listed
    assert client.get(reverse("kit:collection", args=["gate-batches"])).status_code == 200
    many = [{"row": number, "project": f"第{number}块", "code": "", "why": "没有范围"} for number in range(1, 26)]
    GateBatch.objects.update(refused=many)
    shown = text(client.get(reverse("kit:record", args=["gate-batches", str(held.uid)])))
    assert ("第20块" in shown, "第21块" in shown, "全部 25 行" in shown) == (True, False, True)


def test_the_rows_of_a_layer_are_paged_the_worst_first_over_all_pages(
    made: Plots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "ROWS_PER_PAGE", 1)
    made.to(made.plot("原青禾农药厂地块", square(4, 0)), "S3")
    order = Order("计划", "供地", date(2026, 11, 20), "0701", "guide2023")
    heard: list[str] = []

    def rows() -> Iterator[Any]:
        heard.append("按 EPSG:4526 读取")
        yield from (({"项目名称": f"项目{east}"}, square(east, 0)) for east in (0, 4))

    told: dict[str, Any] = {"by": made.officer, "at": noon(date(2026, 11, 20))}
    held = batch.at_once(order, rows(), step=lambda _done, _total: None, heard=heard, **told)
    client = browser(made)
    first = text(client.get(reverse("kit:record", args=["gate-batches", str(held.uid)])))
    assert "项目4" in first
    assert "项目0" not in first
    assert "按 EPSG:4526 读取" in first
    pages = reverse("decisions:batch_rows", args=[held.uid])
    assert pages in first
    shown = [text(client.get(f"{pages}?page={n}")) for n in (1, 2)]
    assert ["项目4" in one for one in shown] == [True, False]
    assert ["项目0" in one for one in shown] == [False, True]
    assert client.get(reverse("decisions:batch_rows", args=[uuid4()])).status_code == 404


def test_a_planning_layer_is_compared_with_the_plots(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S3")
    zones = [{"geometry": square(e, 0), "attributes": {"YDDM": use}} for e, use in ((0, "0701"), (4, "1001"))]
    layer(made.world, "plan2035", "planning", zones, class_attribute="YDDM")
    client, url = browser(made), reverse("decisions:batch_new")
    said = {"title": "规划冲突", "act": "规划报批", "on": "2026-11-20", "scheme": "guide2023"}
    assert client.post(url, said).status_code == 422
    assert client.post(url, said | {"layer": "plan2035"}).status_code == 302
    jobs.run(Job.objects.latest("pk"))
    assert GateBatch.objects.get().state == "done"
    conflict, clear = GateQuery.objects.order_by("row")
    assert (conflict.use, clear.use) == ("0701", "1001")
    asking = {one["id"] for one in conflict.checks if one["outcome"] in ("no", "conditions") and one["area_m2"]}
    assert "polluted_not_assessed" in asking
    held = GateBatch.objects.get()
    shown = text(client.get(reverse("kit:record", args=["gate-batches", str(held.uid)])))
    assert "原青禾农药厂地块" in shown.partition('id="conflicts"')[2].partition("</section>")[0]
    assert "改为敏感用途前的调查" in shown.partition('id="to-survey"')[2].partition("</section>")[0]
    book = openpyxl.load_workbook(BytesIO(files.read(files.uses_of(held).get(kind="table"))), read_only=True)
    assert book.sheetnames == ["核查结论", "逐项核查", "冲突清单", "须先调查"]
    lines = [[cell.value for cell in row] for row in book["冲突清单"].iter_rows()]
    met = [one for one in lines if "原青禾农药厂地块" in one]
    assert {one[6] for one in met} == {"疑似污染地块名单", "污染地块名录"}, "a line for each list"
    assert {(one[0], one[5]) for one in met} == {(1, "S3 风险评估")}
    assert not [one for one in clear.checks if one["outcome"] in ("no", "conditions") and one["area_m2"]]


def test_a_written_ground_is_not_asked_for_where_nothing_is_held_in_principle(made: Plots) -> None:
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    query = asked(browser(made), ground=square(0, 0).wkt)
    opened = browser(made, "issuer").get(reverse("decisions:ground", args=[query.uid]))
    assert opened.status_code == 409
    assert "只有“原则上、不宜”的条件可以" in text(opened)
