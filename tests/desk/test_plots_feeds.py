"""Where plots come from: the national export as first load and comparison, the sheet made for it, candidates of every feed."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk import judging_world
from desk.enterprise_world import Firms, credit_code_of
from desk.land_world import square
from desk.plot_world import FIRST, Plots
from soildesk.cli import main
from soildesk.core.models import Duty
from soildesk.kit import imports
from soildesk.kit.imports import Purpose
from soildesk.kit.models import ImportBatch
from soildesk.land.queries.ground import known_ground
from soildesk.monitoring.models import Alert
from soildesk.plots import listimport, nationalimport
from soildesk.plots.feedimport import KINDS
from soildesk.plots.models import Candidate, Membership, PlotVersion
from soildesk.plots.queries import plots, stages
from soildesk.plots.queries.responsible import acting
from soildesk.plots.refusals import CandidateRefused
from soildesk.plots.services import candidates, feeds

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
EXPORT = ("地块编码", "地块名称", "阶段", "名录", "措施", "范围", "报告名称", "评审结果", "备案日期")


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def book(head: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """A workbook as offices send it: a title over the heading."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet("导出")
        sheet.write(0, 0, "示例导出")
        for at, row in enumerate([head, *rows], start=1):
            sheet.write_row(at, 0, row)
    return out.getvalue()


def browser(made: Plots) -> Client:
    return made.world.browser("officer")


def preview(made: Plots, kind: Any, data: bytes, name: str = "导出.xlsx", **given: str) -> ImportBatch:
    return imports.preview(kind, data, name, Purpose(made.officer, AT, given))


def accept(made: Plots, batch: ImportBatch) -> ImportBatch:
    return imports.accept(batch, Purpose(made.officer, AT))


def said(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(row.verdict, " ".join(row.messages)) for row in batch.rows.order_by("pk")]


def test_the_first_load_gives_stage_and_lists_by_events_with_the_exports_name(made: Plots) -> None:
    made.plot("原农药厂地块", square(0, 0), code="G1")
    rows = [
        ("G1", "原农药厂地块", "风险管控", "污染地块名录；风险管控和修复名录", "", "", "", "", ""),
        ("G2", "粮库地块", "疑似", "疑似污染地块名单", "", square(1, 0).wkt, "", "", ""),
        ("G3", "电镀厂地块", "效果评估", "", "", square(2, 0).wkt, "", "", ""),
        ("G4", "学校地块", "已解除", "", "", square(3, 0).wkt, "初步调查报告", "通过", "2025-06-01"),
        ("G5", "无图地块", "初步调查", "", "", "", "", "", ""),
        ("G6", "怪地块", "第九阶段", "", "", "", "", "", ""),
    ]
    batch = preview(made, nationalimport.KIND, book(EXPORT, *rows))
    told = dict(enumerate(said(batch)))
    assert "评估要求的措施" in told[2][1] and "阶段“第九阶段”认不出" in told[5][1] and told[5][0] == "refused"
    done = accept(made, batch)
    assert {key: done.result[key] for key in ("new", "candidates")} == {"new": 3, "candidates": 1}
    standing = {one.version.code: one for one in plots.standing(made.officer, DAY)}
    assert {code: (one.stage, one.lists) for code, one in standing.items()} == {
        "G1": ("S4", ("polluted", "roster")), "G2": ("S0", ("suspected",)), "G3": ("", ()), "G4": ("released", ()),
    }  # fmt: skip
    assert standing["G4"].covered is not None
    assert {one.document for one in stages.of(standing["G1"].version.plot).events} == {"全国系统导出 2026-11-20"}
    assert Candidate.objects.get().facts["code"] == "G5"


def test_the_comparison_tells_what_differs_and_writes_nothing(made: Plots) -> None:
    made.to(made.plot("原农药厂地块", square(0, 0), code="G1"), "S3")
    made.to(made.plot("粮库地块", square(1, 0), code="G2"), "S0")
    same = preview(made, nationalimport.KIND, book(EXPORT[:4], ("G1", "原农药厂地块", "S5 治理与修复", "污染地块名录")))
    told = said(same)
    assert "与全国系统不同：本级S3 风险评估" in told[0][1] and "全国系统S5 治理与修复" in told[0][1]
    assert "导出没有" in told[1][1] and "粮库地块" in told[1][1]
    assert not same.rows.filter(after__isnull=False).exists()


def test_an_export_that_tells_a_new_plot_twice_says_so_before_it_is_taken_in(made: Plots) -> None:
    row = ("9901012005", "新地块", "疑似", "", "", square(8, 8).wkt, "", "", "")
    batch = preview(made, nationalimport.KIND, book(EXPORT, row, row))
    assert [verdict for verdict, _words in said(batch)] == ["warning", "refused"]
    accept(made, batch)
    assert PlotVersion.objects.filter(code="9901012005").count() == 1


def test_the_sheet_for_the_national_system_is_made_here(made: Plots) -> None:
    made.to(made.plot("原农药厂地块", square(0, 0), code="G1"), "S3")
    made.plot("粮库地块", square(1, 0))
    answer = browser(made).get(reverse("plots:national_sheet"))
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(workbook["需要更新"].iter_rows(values_only=True))
    assert rows[0][:3] == ("全国系统地块编码", "地块名称", "阶段") and rows[1][:3] == (
        "G1",
        "原农药厂地块",
        "S3 风险评估",
    )
    assert workbook["全部地块"].max_row == 3
    back = preview(made, nationalimport.KIND, answer.content, "回来.xlsx")
    assert [verdict for verdict, _why in said(back)][:1] == ["ok"]


def test_a_lot_of_plots_is_moved_by_the_table_of_its_notice(made: Plots) -> None:
    made.plot("甲地块", square(0, 0), code="G1")
    made.plot("乙地块", square(1, 0))
    notice = made.notice("suspected", FIRST)
    table = book(("地块编码", "地块名称", "原因"), ("G1", "甲地块", "化工"), ("", "乙地块", "电镀"))
    batch = preview(made, listimport.KIND, table, notice=str(notice.uid))
    accept(made, batch)
    assert Membership.objects.filter(superseded_at=None, notice=notice, list_key="suspected").count() == 2
    out = book(("地块编码", "列入移出", "原因"), ("G1", "移出", "排除"), ("G9", "移出", "没有"))
    later = made.notice("suspected", date(2026, 3, 1))
    refused = preview(made, listimport.KIND, out, notice=str(later.uid))
    assert [verdict for verdict, _why in said(refused)] == ["ok", "refused"]


def test_closed_firms_of_a_list_become_candidates_once(made: Plots) -> None:
    firms = Firms(made.world)
    works = firms.firm("青禾农药厂", code=credit_code_of(77), state="closed")
    firms.site(works, square(0, 0), since=date(2020, 1, 1))
    made.plot("东边地块", square(0, 0))
    head = ("企业名称", "统一社会信用代码", "行业", "地址", "产品", "搬迁或关闭时间")
    rows = [
        ("青禾农药厂", credit_code_of(77), "2631", "柏庄镇", "农药", "2025-06-30"),
        ("某厂", "", "", "", "", "不详"),
    ]
    batch = preview(made, KINDS["plots.closed"], book(head, *rows), "名单.xlsx")
    assert "认不出" in said(batch)[1][1]
    accept(made, batch)
    found = Candidate.objects.get()
    assert (found.source, found.found_on, found.industry) == ("closed", date(2025, 6, 30), "2631")
    match = found.matches[0]
    assert match["name"] == "东边地块" and {part["kind"] for part in match["parts"]} >= {"credit_code", "name"}
    assert Duty.objects.filter(kind=Duty.Kind.PLOT_CANDIDATE, done_on=None).count() == 1
    again = preview(made, KINDS["plots.closed"], book(head, *rows[:1], ()), "再来.xlsx")
    assert "以前已列为线索" in said(again)[0][1]


def test_firms_that_ceased_are_found_with_their_ground_and_confirmed_by_a_person(made: Plots) -> None:
    firms = Firms(made.world)
    works = firms.firm("青禾电镀厂", state="closed", industry="3360")
    firms.site(works, square(3, 0))
    assert len(feeds.from_feed("plots.firms", by=made.officer, at=AT)) == 1
    assert feeds.from_feed("plots.firms", by=made.officer, at=AT) == []
    found = Candidate.objects.get()
    client, record = browser(made), reverse("kit:record", args=["plot_candidates", str(found.uid)])
    assert "没有找到相符的已登记地块" in client.get(record).content.decode()
    url = reverse("plots:candidate_confirm", args=[found.uid])
    facts = {
        "name": "青禾电镀厂地块",
        "reason": "电镀旧址",
        "listed": "on",
        "on": "2026-11-02",
        "authority": "青禾区生态环境局",
        "document": "青环〔2026〕8号",
    }
    assert "附上公告或者决定文件" in client.post(url, facts).content.decode()
    assert not PlotVersion.objects.exists()
    paper = SimpleUploadedFile("公告.txt", "公告".encode())
    assert client.post(url, {**facts, "paper": paper}).status_code == 302
    plot = PlotVersion.objects.get()
    assert stages.of(plot.plot).lists_on(DAY) == ["suspected"]
    assert (stages.of(plot.plot).stage_on(DAY).stage, plot.industry) == ("S0", "3360")
    found.refresh_from_db()
    assert (found.state, found.plot, found.why) == ("confirmed", plot.plot, "电镀旧址")
    assert not Duty.objects.filter(kind=Duty.Kind.PLOT_CANDIDATE, done_on=None).exists()
    with pytest.raises(CandidateRefused, match="已办理为"):
        candidates.dismiss(found, by=made.officer, at=AT, why="再说")


def test_a_candidate_is_linked_or_dismissed_with_a_reason_and_looked_at_again(made: Plots) -> None:
    plot = made.plot("粮库地块", square(1, 0))
    fed = [
        candidates.Fed("complaint", f"complaint:{n}", f"举报{n}", date(2026, 5, 1), geometry=square(n, 0))
        for n in (1, 5)
    ]
    near, far = candidates.take_in(fed, by=made.officer, at=AT)
    assert near.matches[0]["number"] == plot.plot.number and far.matches == []
    client = browser(made)
    assert client.post(reverse("plots:candidate_dismiss", args=[far.uid]), {"reason": ""}).status_code == 422
    client.post(reverse("plots:candidate_dismiss", args=[far.uid]), {"reason": "现场核实为农田"})
    client.post(reverse("plots:candidate_link", args=[near.uid]), {"plot": plot.plot.number, "reason": "同一地块"})
    near.refresh_from_db()
    far.refresh_from_db()
    assert (near.state, near.plot, far.state, far.why) == ("linked", plot.plot, "dismissed", "现场核实为农田")
    client.post(reverse("plots:candidate_reopen", args=[far.uid]), {"reason": "又有举报"})
    far.refresh_from_db()
    assert far.state == "open" and Duty.objects.for_subject(far).get().done_on is None
    assert client.get(reverse("plots:candidates_feed")).status_code == 200
    assert client.post(reverse("plots:candidates_feed"), {}).status_code == 422


def test_imagery_polygons_come_by_the_form_and_the_file_of_shapes(made: Plots) -> None:
    client = browser(made)
    url = reverse("kit:collection_add", args=["plot_candidates"])
    facts = {"title": "东堆场图斑", "source": "imagery", "found_on": "2026-06-01", "geometry": square(2, 2).wkt}
    assert client.post(url, facts).status_code == 302
    assert Candidate.objects.get().geometry.geom_type in ("Polygon", "MultiPolygon")
    assert "已列为线索" in client.post(url, facts).content.decode()


def test_a_ground_is_told_its_plots_and_what_their_exits_cover(made: Plots) -> None:
    made.released(made.plot("粮库地块", square(0, 0)), covered=square(0, 0, 0.5))
    answers = {one.title: one for one in known_ground(square(0, 0), made.officer, DAY).answers}
    assert answers["建设用地地块和名录"].pieces[0].known.of == "粮库地块"
    assert round(answers["调查、评估结论覆盖"].rest_percent) == 50


def test_warnings_on_ground_that_is_no_plot_become_candidates(made: Plots) -> None:
    made.plot("粮库地块", square(0, 0))
    wells = {"kind": "perimeter", "medium": "groundwater"}
    fields = {"kind": "risk", "medium": "soil", "standard": "gb15618"}
    for number, place, said, analytes in (
        ("GW-1", square(0, 0).centroid, wells, ("砷",)),
        ("GW-2", square(6, 0).centroid, wells, ("砷", "镉", "镉")),
        ("NT-1", square(8, 0).centroid, fields, ("镉",)),
    ):
        point = judging_world.point(made.world, number, x=place.x, y=place.y, **said)
        for nth, analyte in enumerate(analytes):
            warn(made, point, f"{number}{'-' * bool(nth)}{nth or ''}", f"{number} {analyte}上升", said["medium"])
    (found,) = feeds.from_feed("plots.warnings", by=made.officer, at=AT)
    assert (found.source, found.title, found.found_on) == ("warning", "GW-2周边", date(2026, 10, 8))
    assert (found.facts["why"], found.facts["alert"]) == ("GW-2 砷上升；GW-2 镉上升", "YJ-GW-2、YJ-GW-2-1、YJ-GW-2-2")
    assert feeds.from_feed("plots.warnings", by=made.officer, at=AT) == []


def warn(made: Plots, point: Any, number: str, title: str, medium: str) -> None:
    """An open warning of a point."""
    Alert.objects.create(
            number=f"YJ-{number}", key=number, level="warning", point=point, medium=medium, analyte="arsenic",
            title=title, opened_on=date(2026, 10, 8), opened_at=AT, due=date(2026, 11, 6),
            division_path=made.world.towns["柏庄镇"].division.path, owner_department=made.world.departments["ecology"],
        )  # fmt: skip


def test_shapes_come_by_the_names_of_the_contract_and_go_out_so(
    made: Plots, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOILDESK_USER", "officer")
    told = {"code": "G1", "name": "原农药厂地块", "planned_use": "R2", "stage": "S5", "lists": "roster"}
    feature = {"type": "Feature", "properties": told, "geometry": square(0, 0).__geo_interface__}
    file = tmp_path / "in.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert main(["gis", "import", "plots", str(file), "--crs", "EPSG:4490", "--why", "首次装入", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["rows"]["new"] == 1
    assert any("没有从文件读取的列：stage、lists" in note for note in report["notes"])
    version = PlotVersion.objects.get()
    assert (version.code, version.name, version.use_planned) == ("G1", "原农药厂地块", "R2")


def test_who_must_act_follows_from_the_law_and_not_from_a_guess(made: Plots) -> None:
    open_, held = (
        made.plot("甲地块", square(0, 0)),
        made.plot("乙地块", square(1, 0), holder="某厂", holder_kind="organisation"),
    )
    recalled = made.plot(
        "丙地块", square(2, 0), holder="储备中心", holder_kind="government", responsible_state="disputed"
    )
    parties = [[str(one.party) for one in acting(plot, DAY)] for plot in (open_, held, recalled)]
    assert parties == [["unknown", "unknown"], ["holder", "unknown"], ["government", "undecided"]]
    page = browser(made).get(reverse("kit:record", args=["plots", str(open_.plot.uid)])).content.decode()
    assert "尚不能确定" in page and "土地使用权是否已收回" in page
