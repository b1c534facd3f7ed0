"""Suspicion from lists and files, by the pages: every row's verdict with the plot it may be, then a person decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from desk.enterprise_world import Firms, credit_code_of
from desk.gis_world import feature, geojson, in_process
from desk.land_world import square
from desk.plot_world import Plots
from desk.test_plots_feeds import AT, book, browser
from soildesk.core.versions import Recording
from soildesk.decisions.services import ground_acts
from soildesk.enterprises.services import firms as firm_acts
from soildesk.enterprises.services import sites
from soildesk.kit.models import ImportBatch
from soildesk.land.services.writing import place_at
from soildesk.oversight.services import problems
from soildesk.plots.models import Candidate, PlotVersion
from soildesk.plots.services import candidates

pytestmark = pytest.mark.django_db
__all__ = ["in_process"]
RECALLED = ("地块名称", "原使用权人", "收回日期", "文号", "原用途", "范围")
FEED = "plots:candidates_feed"


@pytest.fixture
def made(world: Any, monkeypatch: pytest.MonkeyPatch) -> Plots:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    return Plots(world)


def sent(client: Client, kind: str, head: Sequence[str], *rows: Sequence[Any]) -> Any:
    """A list dropped on the page of its kind."""
    file = SimpleUploadedFile("清单.xlsx", book(head, *rows))
    return client.post(reverse("kit:import_new", args=[kind]), {"file": file})


def verdicts(page: str) -> list[str]:
    """What the preview says of each row."""
    body = page.partition('aria-label="每一行的结果"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


def accepted(client: Client, answer: Any) -> None:
    client.post(reverse("kit:import_accept", args=[ImportBatch.objects.latest("pk").uid]))


def test_recalled_land_is_previewed_row_by_row_and_decided_by_a_person(made: Plots) -> None:
    firms = Firms(made.world)
    works = firms.firm("青禾皮革厂", code=credit_code_of(5))
    firms.site(works, square(0, 0), since=date(2001, 1, 1))
    made.plot("东边地块", square(0, 0))
    client = browser(made)
    rows = [
        ("皮革厂地块", "青禾皮革厂", "2026-05-06", "青政收〔2026〕3号", "工业用地", square(0, 0).wkt),
        ("某宗地", "", "2026-05-07", "青政收〔2026〕4号", "", square(5, 0).wkt),
        ("某宗地", "", "2026-05-07", "青政收〔2026〕4号", "", square(5, 0).wkt),
        ("", "", "2026-05-08", "青政收〔2026〕5号", "工业用地", ""),
        ("无日期地块", "甲厂", "不详", "", "", ""),
        ("坏图地块", "乙厂", "2026-05-08", "", "", "POLYGON((1 2"),
    ]
    answer = sent(client, "plots.recalled", RECALLED, *rows)
    told = verdicts(client.get(answer["Location"]).content.decode())
    assert "企业台账：青禾皮革厂 2001-01-01 至 今 在此" in told[0]
    assert "可能已是地块“东边地块”" in told[0]
    assert "相符程度" in told[0]
    assert "空间重叠相符" in told[0]
    assert "没有说明这里有过工业企业" in told[1]
    assert "与第 4 行相同" in told[2]
    assert "才知道说的是哪块地" in told[3]
    assert "“不详”认不出" in told[4]
    assert "不导入" in told[5] or "拒绝" in told[5] or "不能" in told[5]
    accepted(client, answer)
    first, second = Candidate.objects.order_by("found_on")
    assert (first.source, str(first.found_on), first.title) == ("recall", "2026-05-06", "皮革厂地块")
    assert "文号：青政收〔2026〕3号" in first.facts["why"]
    page = client.get(reverse("kit:record", args=["plot_candidates", str(first.uid)])).content.decode()
    assert "谁在这块地上办过企业" in page
    assert "青禾皮革厂" in page
    plot = PlotVersion.objects.get().plot
    client.post(reverse("plots:candidate_link", args=[first.uid]), {"plot": plot.number, "reason": "同一宗地"})
    client.post(reverse("plots:candidate_dismiss", args=[second.uid]), {"reason": "现场核实一直是果园"})
    again = sent(client, "plots.recalled", RECALLED, *rows[:2], ("丁地块", "丁厂", "2026-05-09", "", "", ""))
    told = verdicts(client.get(again["Location"]).content.decode())
    assert "以前已列为线索，不重复列入（已是地块：同一宗地）" in told[0]
    assert "不列为疑似：现场核实一直是果园" in told[1]


def test_old_sites_of_key_industries_come_by_industry_and_years(made: Plots) -> None:
    client = browser(made)
    head = ("企业名称", "行业代码", "投产年份", "停产年份", "地址", "乡镇（街道）")
    answer = sent(
        client, "plots.history", head,
        ("青禾农药厂", "2631", "1965", "1998", "柏庄镇柏庄村", "军庄镇"),
        ("青禾电镀厂", "3360", "1985", "2003", "城关", "没有的镇"),
        ("青禾粮站", "5111", "1960", "1999", "青禾区城关街道粮站路", ""),
        ("青禾仓库", "5990", "1960", "1999", "城关街道与柏庄镇交界处", ""),
        ("某厂", "", "", "", "清水乡", ""),
    )  # fmt: skip
    told = verdicts(client.get(answer["Location"]).content.decode())
    assert "不在重点行业表中" not in told[0]
    assert "可能是电镀，也可能不是" in told[1]
    assert "没有名为“没有的镇”的乡镇" in told[1]
    assert "行业代码 5111 不在重点行业表中" in told[2]
    assert "没有可用的行业代码" in told[4]
    accepted(client, answer)
    found = Candidate.objects.get(firm_name="青禾农药厂")
    assert (found.source, found.found_on) == ("industry", date(2026, 11, 20))
    assert found.facts["why"].startswith("投产时间：1965；关闭或搬迁时间：1998")
    assert found.division_path == made.world.towns["军庄镇"].division.path
    grain = Candidate.objects.get(firm_name="青禾粮站")  # no column says its town, the address does
    assert grain.division_path == made.world.towns["城关街道"].division.path
    assert Candidate.objects.get(firm_name="青禾仓库").division_path == made.world.district.path


def test_complaints_come_without_those_who_complained(made: Plots) -> None:
    client = browser(made)
    head = ("受理编号", "受理日期", "反映对象", "反映内容", "地址")
    row = ("X-7", "45838", "", "院内堆放废渣，有异味", "柏庄镇东")
    refused = sent(client, "plots.complaints", (*head, "举报人电话"), (*row, "13800000000")).content.decode()
    assert "举报人信息应当保密" in refused
    assert not ImportBatch.objects.exists()
    answer = sent(client, "plots.complaints", head, row)
    accepted(client, answer)
    found = Candidate.objects.get()
    assert (found.source, found.title, str(found.found_on)) == ("complaint", "柏庄镇东", "2025-06-30")
    assert "院内堆放废渣" in found.facts["why"]


def test_polygons_of_images_come_from_a_file_with_the_plot_each_may_be(
    made: Plots, tmp_path: Path, in_process: None
) -> None:
    made.plot("东边地块", square(0, 0))
    client = browser(made)
    shapes = [
        feature(square(0, 0), 图斑编号="TB-1", 影像日期="2026-06-01"),
        feature(square(7, 0), 图斑编号="TB-2", 影像日期="2026-06-01"),
    ]
    file = geojson(tmp_path / "图斑.geojson", shapes)
    asked = client.post(
        "/kit/gis/import", {"into": "plot_candidates", "file": SimpleUploadedFile(file.name, file.read_bytes())}
    )
    read = client.post(
        asked["Location"], {"crs": "EPSG:4490", "column:图斑编号": "title", "column:影像日期": "found_on"}
    )
    assert read.status_code == 302, read.content.decode()
    told = client.get(read["Location"]).content.decode()
    assert "可能已是地块“东边地块”" in told
    assert ImportBatch.objects.get().findings.filter(code="told_by_rule").count() == 1
    client.post(read["Location"] + "/accept")
    near, far = Candidate.objects.order_by("title")
    assert (near.source, near.title, near.geometry.geom_type) == ("imagery", "TB-1", "Polygon")
    url = reverse("plots:candidate_confirm", args=[far.uid])
    assert client.post(url, {"name": "西堆场地块", "reason": "现场有废渣"}).status_code == 302
    far.refresh_from_db()
    assert far.state == "confirmed"
    assert PlotVersion.objects.get(plot=far.plot).area_m2 > 0


def test_a_plot_that_comes_later_is_shown_with_the_candidate(made: Plots) -> None:
    (found,) = candidates.take_in(
        [candidates.Fed("imagery", "imagery:1", "图斑", date(2026, 5, 1), geometry=square(2, 0))],
        by=made.officer,
        at=AT,
    )
    client, url = browser(made), reverse("kit:record", args=["plot_candidates", str(found.uid)])
    assert "没有找到相符的已登记地块" in client.get(url).content.decode()
    later = made.plot("后来登记的地块", square(2, 0))
    assert "后来登记的地块" in client.get(url).content.decode()
    candidates.dismiss(found, by=made.officer, at=AT, why="核实为仓房")
    found.refresh_from_db()
    assert [one["number"] for one in found.matches] == [later.plot.number]
    candidates.reopen(found, by=made.officer, at=AT, why="又有举报")
    made_of = candidates.confirm(found, {"geometry": square(12, 0)}, None, by=made.officer, at=AT, why="核实为堆场")
    found.refresh_from_db()
    assert made_of.plot.number not in [one["number"] for one in found.matches]


def test_registers_tell_of_recalled_land_left_sites_and_complaints(made: Plots) -> None:
    firms = Firms(made.world)
    tannery = firms.firm("青禾制革厂", industry="1910")
    left = firms.site(tannery, square(3, 0), since=date(1990, 1, 1))
    sites.end(left, on=date(2015, 1, 1), recording=Recording(made.officer, AT, "搬走"))
    mill = firms.firm("青禾机械厂", industry="3411")
    firms.site(mill, square(4, 0), since=date(1990, 1, 1))
    turned = firms.firm("青禾化工厂", industry="2611")
    firms.site(turned, square(6, 0), since=date(1990, 1, 1))
    firm_acts.change(
        turned, {"industry": "5111"}, since=date(2026, 10, 1), recording=Recording(made.officer, AT, "转行")
    )
    place = place_at("", made.officer)
    for on, ground in ((date(2026, 4, 1), square(4, 0)), (date(2026, 4, 2), square(9, 9))):
        facts = {"act": "收储", "on": on, "project": f"收储{on.day}", "document": "青储〔2026〕1号", "geometry": ground}
        ground_acts.record(facts, place, by=made.officer, at=AT)
    letter = {
        "source": "letter",
        "fact": "夜里倒废水",
        "found_on": date(2026, 11, 10),
        "geometry": shapely.Point(114.55, 30.55),
    }
    problems.record(letter, place, by=made.officer, at=AT)
    client = browser(made)
    page = client.get(reverse(FEED)).content.decode()
    origins = re.findall(r'name="take" value="([^"]+)"', page)
    assert [one.split(":")[0] for one in origins] == ["past", "past", "problem", "ground_act"]
    assert "青禾制革厂（行业代码 1910，制革）1990-01-01 至 2015-01-01 在此" in page
    assert "青禾化工厂（行业代码 2611，化工）1990-01-01 至 2026-10-01 在此" in page
    assert "收储2" not in page
    assert client.post(reverse(FEED), {}).status_code == 422
    assert client.post(reverse(FEED), {"take": origins[:3]}).status_code == 302
    assert {one.source for one in Candidate.objects.all()} == {"industry", "complaint"}
    page = client.get(reverse(FEED)).content.decode()
    assert re.findall(r'name="take" value="([^"]+)"', page) == origins[3:]
    client.post(reverse(FEED), {"take": origins[3:]})
    assert Candidate.objects.get(source="recall").title == "收储1"
    assert "青储〔2026〕1号" in Candidate.objects.get(source="recall").facts["why"]
