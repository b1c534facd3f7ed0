"""What people type after `soildesk gate` and what they bring: refused in a sentence with exit code 1, never kept, never a traceback."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import geopandas
import pytest
import shapely
from openpyxl import load_workbook

from desk.gis_world import feature, geojson
from desk.land_world import parcel, square
from desk.plot_world import Plots
from soildesk.cli import main
from soildesk.core import clock
from soildesk.decisions.models import GateBatch, GateQuery, ProvinceQuery
from soildesk.decisions.services import after

pytestmark = pytest.mark.django_db
DAY = "2026-11-20"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89"
BOW_TIE = {"type": "Polygon", "coordinates": [[[114.4, 34.8], [114.41, 34.81], [114.41, 34.8], [114.4, 34.81], [114.4, 34.8]]]}  # fmt: skip


def gate(capsys: Any, *words: object) -> tuple[int, str, str]:
    """Exit code, what went to stdout, what went to stderr."""
    capsys.readouterr()
    code = main(["gate", *map(str, words), "--as", "officer"])
    said = capsys.readouterr()
    return code, said.out, said.err


def check(capsys: Any, *words: object, on: object = DAY) -> tuple[int, str, str]:
    """One ground asked about."""
    return gate(capsys, "check", "--act", "供地", "--use-scheme", "guide2023", "--on", on, *words)


@pytest.fixture
def ground(tmp_path: Any) -> Any:
    """A file of one ground."""
    return geojson(tmp_path / "范围.geojson", [feature(square(0, 0, 0.5))])


def laid_down(folder: Any, name: str, data: Any) -> Any:
    """A file of this content."""
    path = folder / name
    if isinstance(data, geopandas.GeoDataFrame):
        data.to_file(path)
        if name.startswith("没有坐标系"):
            path.with_suffix(".prj").unlink()
    else:
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def frame(*shapes: Any, crs: Any = 4490) -> geopandas.GeoDataFrame:
    """Shapes as a layer."""
    return geopandas.GeoDataFrame({"name": [str(n) for n, _one in enumerate(shapes)]}, geometry=list(shapes), crs=crs)


def metres() -> Any:
    """A ground within a zone."""
    return square(0, 0, 0.5)


def stated(crs: str, shape: Any = None, numbers_of: int = 4490) -> Any:
    """A GeoJSON that states a system, whatever its numbers are."""
    held = geopandas.GeoSeries([shape or square(0, 0)], crs=4490).to_crs(numbers_of)
    said = {"type": "name", "properties": {"name": crs}}
    return {"type": "FeatureCollection", "crs": said, "features": [feature(held[0])]}


@pytest.mark.parametrize(
    ("name", "made", "word"),
    [
        ("空.geojson", lambda: "", "空的"),
        ("没有行.geojson", lambda: {"type": "FeatureCollection", "features": []}, "一条记录也没有"),
        ("点.geojson", lambda: frame(square(0, 0).centroid), "1 个点，应为面。是拐点坐标的，请把坐标粘贴到"),
        ("自相交.geojson", lambda: BOW_TIE, "边界有误"),
        ("没有坐标系.shp", lambda: frame(square(0, 0)), "--crs"),
        ("颠倒.geojson", lambda: frame(shapely.transform(square(0, 0), lambda xy: xy[:, ::-1])), "经度和纬度颠倒"),
        ("网页.geojson", lambda: "<html></html>", "不能作为图形文件"),
        ("话.txt", lambda: "你好", "应有"),
        ("许多.geojson", lambda: frame(*(square(n % 20, n // 20, 0.5) for n in range(201))), "200 个以上"),
        ("别的.geojson", lambda: stated("EPSG:99999"), "文件写明的坐标系不能用：不支持坐标系编号 99999"),
        ("自定.geojson", lambda: stated("某地坐标系"), "认不出坐标系“某地坐标系”"),
        ("度作米.geojson", lambda: stated("EPSG:4548"), "坐标应以米为单位，现为 114."),
        ("米作度.geojson", lambda: stated("EPSG:4490", metres(), 4548), "是以米为单位的平面坐标"),
        ("别带.geojson", lambda: stated("EPSG:4528", metres(), 4527), "横坐标应以 40 开头"),
        ("没有写.wkt", lambda: shapely.to_wkt(square(0, 0)), "文件没有说明坐标系"),
        ("没闭合.wkt", lambda: "SRID=4490;POLYGON ((114.4 34.8, 114.41 34.8, 114.41 34.81))", "没有一个能读的图形"),
        ("线.geojson", lambda: frame(square(0, 0).exterior), "应为面"),
        ("半行.geojson", lambda: {"type": "FeatureCollection", "features": [feature(square(0, 0)), feature(None)]}, "第2行没有图形"),
        ("国外.geojson", lambda: frame(square(0, 0).buffer(0).centroid.buffer(0.1).envelope, crs=None).translate(-60).to_frame("geometry").set_crs(4490), "不在我国境内"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_ground_is_refused(
    world: Any, tmp_path: Any, capsys: Any, name: str, made: Any, word: str
) -> None:
    path = laid_down(tmp_path, name, made())
    code, out, err = check(capsys, "--use", "0701", "--geometry", path)
    assert (code, out) == (1, "")
    assert word in err
    assert "Traceback" not in err
    assert not GateQuery.objects.exists()


def test_a_text_in_another_encoding_is_told_so(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "国标码.geojson"
    path.write_bytes(json.dumps(feature(square(0, 0), 名称="地块"), ensure_ascii=False).encode("gbk"))
    code, _out, err = check(capsys, "--use", "0701", "--geometry", path)
    assert code == 1 and "另存为 UTF-8" in err and "codec" not in err


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.kml", "a.dxf"])
def test_files_of_every_kind_are_one_ground(world: Any, tmp_path: Any, capsys: Any, name: str) -> None:
    held = frame(square(0, 0, 0.5))[["geometry"]]
    made = {"a.kml": lambda: held.to_crs(4326), "a.dxf": lambda: held.to_crs(4527)}.get(name, lambda: held)()
    code, _out, err = check(capsys, "--use", "0701", "--geometry", laid_down(tmp_path, name, made))
    assert code == 0, err
    assert GateQuery.objects.get().area_m2 == pytest.approx(19941, rel=0.01)
    assert ("按 EPSG:4527 读取" in err) == (name == "a.dxf"), "which system numbers without one were read by"


@pytest.mark.parametrize(
    ("crs", "numbers_of", "told"),
    [
        ("urn:ogc:def:crs:EPSG::4548", 4548, ""),
        ("EPSG:4527", 4527, ""),
        ("EPSG:4527", 4548, ""),  # the same zone, its number left off
        ("OGC:CRS84", 4326, ""),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, ""),
        ("EPSG:4610", 4490, "误差可达 100 米"),
        ("GCJ-02", 4490, "不宜用于定界"),
    ],
)
def test_a_system_that_is_stated_is_the_one_it_is_read_by(
    world: Any, tmp_path: Any, capsys: Any, crs: str, numbers_of: int, told: str
) -> None:
    path = laid_down(tmp_path, "范围.geojson", stated(crs, square(0, 0, 0.5), numbers_of))
    code, out, err = check(capsys, "--use", "0701", "--geometry", path, "--json")
    assert code == 0, err
    away = GateQuery.objects.get().geometry.centroid.distance(square(0, 0, 0.5).centroid)
    assert (away > 1e-3) == (crs == "GCJ-02"), "some hundred metres, or none"
    assert (told in err, json.loads(out).get("read_as", "") == "") == (True, told == "")


@pytest.mark.parametrize("way", ["wkt file", "ewkt file", "wkt", "ewkt", "json", "northing first file"])
def test_ground_as_text_is_the_same_ground(world: Any, tmp_path: Any, capsys: Any, way: str) -> None:
    text = shapely.to_wkt(square(0, 0, 0.5), rounding_precision=9)
    swapped = geopandas.GeoSeries([square(0, 0, 0.5)], crs=4490).to_crs(4548).map(lambda one: shapely.transform(one, lambda xy: xy[:, ::-1]))  # fmt: skip
    written, crs = {
        "wkt file": (text, "EPSG:4490"),
        "ewkt file": (f"SRID=4490;{text}", ""),
        "wkt": (text, "EPSG:4490"),
        "ewkt": (f"SRID=4490;{text}", ""),
        "json": (shapely.to_geojson(square(0, 0, 0.5)), "EPSG:4490"),
        "northing first file": (f"SRID=4548;{shapely.to_wkt(swapped[0])}", ""),
    }[way]
    geometry = laid_down(tmp_path, "a.wkt", written) if way.endswith("file") else written
    code, _out, err = check(capsys, "--use", "0701", "--geometry", geometry, "--crs", crs)
    assert code == 0, err
    assert GateQuery.objects.get().area_m2 == pytest.approx(19941, rel=0.01)
    assert ("纵坐标（北）在前" in err) == (way == "northing first file")


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        ("POLYGON ((114.4 34.8, 114.41 34.8, 114.41 34.81, 114.4 34.8))", "没有写明坐标系：请写明（网页选“坐标系”，命令加 --crs）"),
        ("POLYGON ((114.4 34.8, 114.41", "像 WKT，但读不出图形"),
        ('{"type": "Polygon", "coordinates": 3}', "GeoJSON 里的图形读不出"),
        ("SRID=4490;POINT (114 34)\nSRID=4526;POINT (38400000 3800000)", "各行写的坐标系不一样（SRID=4490、SRID=4526）"),
        ("范" * 300, "不是文件名"),
    ],
)  # fmt: skip
def test_text_that_is_no_ground_is_refused(world: Any, capsys: Any, geometry: str, word: str) -> None:
    code, out, err = check(capsys, "--use", "0701", "--geometry", geometry)
    assert (code, out) == (1, "")
    assert word in err


def test_of_several_layers_one_is_named(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "成果.gpkg"
    for name, shape in (("范围", square(0, 0, 0.5)), ("红线", square(3, 3))):
        frame(shape).to_file(path, layer=name)
    code, _out, err = check(capsys, "--use", "0701", "--geometry", path)
    assert (code, "红线" in err, "--layer 图层名称" in err) == (1, True, True)
    assert check(capsys, "--use", "0701", "--geometry", path, "--layer", "范围")[0] == 0


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--use", ""], "规划用途"),
        (["--use", "/"], "规划用途"),
        (["--use", "0701", "--use-scheme", "guide1999"], "guide2023"),
        (["--use", "0701", "--current-use", "1001", "--current-scheme", "x"], "guide2023"),
        (["--use", "0701", "--project", "长" * 161], "160"),
        (["--use", "0701", "--crs", "EPSG:99999"], "99999"),
        (["--use", "0701", "--national-on", "2026-11-01"], "--national-by"),
        (["--use", "0701", "--national-on", "11月1日", "--national-by", "李岚", "--national-found", "no", "--national-result", "无"], "--national-on"),
        (["--use", "0701", "--national-on", "2026-11-01", "--national-by", "李岚", "--national-found", "no", "--national-result", "无", "--national-file", "没有.png"], "没有.png"),
        (["--use", "0701", "--national-on", "2026-11-21", "--national-by", "李岚", "--national-found", "no", "--national-result", "无"], "晚于核查日"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit_are_refused(world: Any, ground: Any, capsys: Any, words: list[str], word: str) -> None:
    code, out, err = check(capsys, "--geometry", ground, *words)
    assert (code, out) == (1, "")
    assert word in err
    assert not GateQuery.objects.exists()


@pytest.mark.parametrize("day", ["tomorrow", "1989-12-31", "2026-02-30"])
def test_a_day_nothing_is_on_record_of_is_refused(world: Any, ground: Any, capsys: Any, day: str) -> None:
    on = clock.today() + timedelta(days=1) if day == "tomorrow" else day
    code, _out, err = check(capsys, "--use", "0701", "--geometry", ground, on=on)
    assert code == 1
    assert str(on) in err
    assert not GateQuery.objects.exists()


def test_the_law_of_the_day_is_cited(world: Any, ground: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2", first=date(2026, 3, 2))

    def basis(on: str) -> tuple[str, str]:
        code, out, err = check(capsys, "--use", "0701", "--geometry", ground, "--json", on=on)
        assert code == 0, err
        said = json.loads(out)
        assert all(one["basis"] for one in said["checks"] if one["outcome"] == "no")
        return said["decision"], "".join(text for one in said["checks"] for text in one["basis"])

    before, then = basis("2026-08-14")
    after, now = basis("2026-08-15")
    assert (before, after) == ("blocked", "blocked")
    assert "土壤污染防治法" in then
    assert "生态环境法典" not in then
    assert "生态环境法典" in now
    assert basis("2018-06-01")[0] == "cannot_say", "no law of that day is on record, and silence is no pass"


def test_a_change_to_a_sensitive_use_passes_with_what_the_national_system_said(
    world: Any, tmp_path: Any, capsys: Any
) -> None:
    held = parcel(world, square(0, 0), use_system="guide2023", use_now="1001")
    made = Plots(world)
    made.released(made.plot("粮库地块", square(0, 0)), on=date(2026, 3, 2))
    picture = tmp_path / "查询截图.png"
    picture.write_bytes(PNG)
    words = ["--parcel", held.parcel.number, "--use", "0701", "--json"]
    said = ["--national-on", "2026-11-19", "--national-by", "李岚", "--national-found", "no", "--national-result", "无"]

    def outcome(*more: object) -> str:
        code, out, err = gate(
            capsys, "check", "--act", "改变用途", "--use-scheme", "guide2023", "--on", DAY, *words, *more
        )
        assert code == 0, err
        return next(one["outcome"] for one in json.loads(out)["checks"] if one["id"] == "province_query")

    assert [outcome(), outcome(*said), outcome(*said, "--national-file", picture)] == [
        "cannot_say",
        "cannot_say",
        "yes",
    ]
    shown = [*said[:4], "--national-found", "yes", "--national-result", "名录内", "--national-file", picture]
    assert outcome(*shown, "--national-lists", "roster", "--national-restricted", "yes") == "cannot_say"
    code, _out, err = gate(capsys, "check", "--act", "改变用途", "--use-scheme", "guide2023", *words, *shown)
    assert (code, "有没有限制" in err) == (1, True)
    assert [row.query.number for row in ProvinceQuery.objects.order_by("pk")] == [
        one.number for one in GateQuery.objects.order_by("pk")[1:]
    ], "one answer each, no second one"


def test_a_batch_of_which_no_row_could_be_asked_has_failed(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = laid_down(tmp_path, "点.geojson", frame(square(0, 0).centroid, square(1, 0).centroid))
    out = tmp_path / "核查.xlsx"
    words = ["batch", path, "--act", "供地", "--use", "0701", "--out", out, "--on", DAY]
    code, said, err = gate(capsys, *words, "--json")
    assert code == 1
    told = json.loads(said)
    assert (told["counts"], told["rows"], told["error"]["code"]) == ({"refused": 2}, 2, "gate.none_asked")
    assert "2 行都没有核查" in err
    cells = [cell for row in load_workbook(out).worksheets[0].iter_rows(values_only=True) for cell in row]
    assert any("应为面" in str(cell) for cell in cells)
    assert not GateQuery.objects.exists()


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--act", "卖地"], "供地"),
        (["--use-scheme", "x"], "guide2023"),
        (["--on", "2099-01-01"], "2099-01-01"),
        (["--on", ""], "--on 的值“”无法识别"),
        (["--use", "没有的用途"], "没有写规划用途的行所按的用途“没有的用途”"),
        (["--out", "a.csv"], ".xlsx"),
        (["--out", "/proc/a.xlsx"], "没有核查，请换一个位置"),
    ],
)
def test_a_batch_asked_wrongly_leaves_nothing(world: Any, ground: Any, tmp_path: Any, capsys: Any, words: Any, word: str) -> None:  # fmt: skip
    code, _out, err = gate(capsys, "batch", ground, "--act", "供地", "--out", tmp_path / "a.xlsx", *words)
    assert code == 1
    assert word in err
    assert not GateBatch.objects.exists()


def test_ground_that_may_lie_a_hundred_metres_off_passes_nothing(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = laid_down(tmp_path, "范围.geojson", stated("EPSG:4610", square(0, 0, 0.5)))
    words = ["--geometry", path, "--act", "施工许可", "--use", "M1", "--on", DAY]
    code, out, err = gate(capsys, "check", *words, "--json")
    answer = json.loads(out)
    told = {one["id"]: one for one in answer["checks"]}
    assert (code, answer["decision"], told["sources_reached"]["outcome"]) == (0, "cannot_say", "cannot_say")
    assert "位置可差100米左右" in told["sources_reached"]["because"]
    assert "误差可达 100 米" in err
    assert gate(capsys, "batch", path, *words[2:], "--out", tmp_path / "a.xlsx")[0] == 0
    first, second = GateQuery.objects.order_by("pk")
    assert (first.decision, second.decision) == ("cannot_say", "cannot_say")
    again = after.again(first, "再查", by=world.actor("officer"), at=clock.now())
    assert again.decision == "cannot_say" and "位置可差100米左右" in str(again.checks)


def test_a_row_that_stands_twice_is_answered_and_told(world: Any, tmp_path: Any, capsys: Any) -> None:
    rows = frame(square(0, 0), square(1, 0), square(0, 0), square(0, 0))
    rows["规划用途"] = ["0701", "0701", "0701", "没有的用途"]
    out = tmp_path / "核查.xlsx"
    words = ["batch", laid_down(tmp_path, "计划.gpkg", rows), "--act", "供地", "--out", out, "--on", DAY]
    assert gate(capsys, *words)[0] == 0
    held = list(load_workbook(out).worksheets[0].iter_rows(min_row=4, values_only=True))
    assert ["与第 1 行的范围和用途相同" in row[7] for row in held] == [False, False, True, False]
    assert [row[4] for row in held] == ["0701", "0701", "0701", "没有的用途"]
    assert GateQuery.objects.count() == 3


def test_plots_are_listed_by_the_names_of_their_lists(world: Any, capsys: Any) -> None:
    made = Plots(world)
    made.to(made.plot("原青禾农药厂地块", square(0, 0)), "S2")
    words = ["plots", "list", "--list", "suspected", "--as", "officer", "--on", DAY]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "疑似污染地块名单" in text
    assert "S2 " in text
    assert "suspected" not in text
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["lists"] == ["suspected"]


def test_a_file_in_utm_is_the_ground_it_says(world: Any, tmp_path: Any, capsys: Any) -> None:
    path = laid_down(tmp_path, "范围.gpkg", frame(square(0, 0, 0.5)).to_crs(32650))
    assert check(capsys, "--use", "0701", "--geometry", path)[0] == 0
    assert GateQuery.objects.get().geometry.centroid.distance(square(0, 0, 0.5).centroid) < 1e-8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--act", "供地", "--use", "0701"], "--geometry 或 --parcel 要给一个"),
        (["check", "--parcel", "1", "--act", "供地"], "缺少 --use：请补上"),
        (["check", "--parcel", "1", "--act", "供地", "--use", "1", "--food", "maybe"], "'maybe' 无法识别，应为：'yes'"),
        (["batch", "a.gpkg", "--act", "供地", "--out", "b.xlsx", "--usage"], "没有 --usage 这样的选项"),
    ],
)
def test_words_that_make_no_command_end_with_two_and_a_sentence(capsys: Any, words: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["gate", *words])
    told = capsys.readouterr().err
    assert (ended.value.code, said in told, "--help" in told, "usage:" in told) == (2, True, True, False), told


def test_a_hint_that_has_nothing_to_say_is_no_hint(world: Any, ground: Any, capsys: Any) -> None:
    Plots(world).plot("粮库", square(0, 0))
    code, out, err = check(capsys, "--use", "0701", "--geometry", ground)
    assert code == 0, err
    hints = {line.partition("：")[2].partition("。")[0]: line for line in out.splitlines() if "提示" in line}
    assert "没有登记过违规情形" in hints["没有提示"]
    assert not [line for word, line in hints.items() if word == "提示" and "没有登记过" in line]
