"""`soildesk evaluate` and `soildesk standards`: JSON, exit codes, refusals, the report; without a desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from soildesk.cli import main

ROOT = Path(__file__).parents[2]
LOCAL = ROOT / "examples" / "standards" / "db99-36600.yaml"
FIXED = ["sample", "analyte", "value", "unit", "verdict", "screening", "control", "factor", "basis", "mark", "reason"]
HEAD = "样品编号,检测项目,检测结果,单位,pH,用地类型,采样日期\n"
SOIL = (
    HEAD
    + "S1,镉,0.31,mg/kg,5.5,水田,2026-05-01\nS1,铅,<0.1,mg/kg,5.5,水田,2026-05-01\nS2,镉,1.6,mg/kg,15,水田,2026-05-01\nS3,镉,4.1,mg/kg,8,水田,2026-05-01\n"
)
COLUMNS = ["样品编号", "检测项目", "检测结果", "单位", "pH", "用地类型", "采样日期"]


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-22")


@pytest.fixture
def soil(tmp_path) -> Path:
    path = tmp_path / "结果.csv"
    path.write_text(SOIL, "utf-8")
    return path


def run(capsys, *words: object, expect: int = 0) -> tuple[dict[str, Any], str]:
    code = main([*(str(word) for word in words), "--json"])
    said = capsys.readouterr()
    assert code == expect, said.err
    return json.loads(said.out), said.err


def verdicts(found: dict[str, Any]) -> list[str]:
    return [row["verdict"] for row in found["results"]]


def test_a_sheet_is_chosen_by_name_and_one_that_is_not_there_is_refused(capsys, tmp_path):
    path = tmp_path / "两张.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, value in (("甲", 0.2), ("乙", 0.9)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, COLUMNS)
            sheet.write_row(1, 0, ["S1", "镉", value, "mg/kg", 6, "水田", "2026-05-01"])

    found, _ = run(capsys, "evaluate", path, "--sheet", "乙")
    refused, err = run(capsys, "evaluate", path, "--sheet", "丙", expect=1)

    assert verdicts(found) == ["exceeds_screening"]
    assert refused["error"]["sentence"] == err.strip()
    assert all(word in err for word in ("丙", "甲", "乙"))


def test_the_json_of_the_contract(capsys, soil):
    found, _ = run(capsys, "evaluate", soil, "--standard", "gb15618-2018")

    assert set(found) == {"summary", "results"}
    assert list(found["results"][0])[: len(FIXED)] == FIXED
    assert verdicts(found) == ["exceeds_screening", "meets", "unknown", "exceeds_control"]
    assert [row["row"] for row in found["results"]] == [2, 3, 4, 5]
    assert found["summary"]["verdicts"] == {"meets": 1, "unknown": 1, "exceeds_screening": 1, "exceeds_control": 1}
    assert found["summary"]["table"] == "结果.csv"


def test_the_text_tells_samples_unknowns_problems_and_grounds(capsys, soil):
    assert main(["evaluate", str(soil)]) == 0
    said = capsys.readouterr().out
    for words in (
        "4 个结果，3 个样品",
        "S3",
        "超管制值",
        "pH 无效",
        "核对 pH 列",
        "第4行、pH",
        "GB 15618-2018《",
        "2018-08-01 起施行",
    ):
        assert words in said


def test_gbk_xlsx_xls_and_parquet_say_the_same(capsys, tmp_path, soil):
    expected = verdicts(run(capsys, "evaluate", soil)[0])
    lines = [line.split(",") for line in SOIL.splitlines()]
    gbk = tmp_path / "gbk.csv"
    gbk.write_bytes(SOIL.encode("gb18030"))
    book = tmp_path / "结果.xlsx"
    with xlsxwriter.Workbook(str(book)) as out:
        sheet = out.add_worksheet("土壤")
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    parquet = tmp_path / "结果.parquet"
    pq.write_table(pa.table({name: [line[at] for line in lines[1:]] for at, name in enumerate(COLUMNS)}), parquet)

    for path in (gbk, book, parquet):
        assert verdicts(run(capsys, "evaluate", path)[0]) == expected, path.name


def test_an_old_workbook_is_read_too(capsys):
    path = ROOT / "tests" / "cases" / "labtables" / "merged_samples.xls"
    found, _ = run(capsys, "evaluate", path, "--standard", "gb15618", "--land", "旱地", "--ph", "6")

    assert found["results"] and "standard_missing" not in found["summary"]["causes"]


def test_the_example_of_the_how_to(capsys):
    found, _ = run(capsys, "evaluate", ROOT / "examples" / "standards" / "soil-results.csv")

    assert verdicts(found) == [
        "exceeds_screening",
        "meets",
        "meets",
        "exceeds_control",
        "unknown",
        "unknown",
        "meets",
        "unknown",
    ]
    assert list(found["summary"]["causes"]) == ["ph_missing", "detection_limit_missing", "name_unknown"]


def test_a_merged_header_and_formulas_with_and_without_stored_values(capsys, tmp_path):
    book = tmp_path / "宽表.xlsx"
    with xlsxwriter.Workbook(str(book)) as out:
        sheet = out.add_worksheet("结果")
        sheet.merge_range(0, 0, 1, 0, "样品编号")
        sheet.merge_range(0, 1, 0, 3, "检测结果（mg/kg）")
        sheet.write_row(1, 1, ["镉", "铅", "锌"])
        sheet.write_row(2, 0, ["S1", 0.2, 30])
        sheet.write_formula(2, 3, "=100+50", None, 150)
        sheet.write_row(3, 0, ["S2", 0.2, 30])
        sheet.write_formula(3, 3, "=100+50", None, "")
    found, _ = run(capsys, "evaluate", book, "--standard", "gb15618", "--land", "水浇地", "--ph", "6")

    assert [(row["cell"], row["verdict"], row["cause"]) for row in found["results"]] == [
        ("B3", "meets", None), ("C3", "meets", None), ("D3", "meets", None),
        ("B4", "meets", None), ("C4", "meets", None), ("D4", "unknown", "formula_without_value"),
    ]  # fmt: skip
    assert any("公式" in one["sentence"] for one in found["summary"]["problems"])


def test_merged_cells_of_results_are_not_taken_for_each_row(capsys, tmp_path):
    book = tmp_path / "合并.xlsx"
    with xlsxwriter.Workbook(str(book)) as out:
        sheet = out.add_worksheet("结果")
        sheet.write_row(0, 0, ["样品", "项目", "结果", "单位"])
        sheet.write_row(1, 0, ["S1", "锌", "", "mg/kg"])
        sheet.write_row(2, 0, ["S2", "锌", "", "mg/kg"])
        sheet.merge_range(1, 2, 2, 2, 150)
    found, _ = run(capsys, "evaluate", book, "--standard", "gb15618", "--ph", "6")

    assert "merged_value" in [row["cause"] for row in found["results"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--standard", "gb9"], ["gb9", "gb36600-2018", "GB/T 14848-2017"]),
        (["--ph", "15"], ["15", "0 至 14"]),
        (["--ph", "nan"], ["nan", "0 至 14"]),
        (["--on", "2026-13-01"], ["2026-13-01", "2026-11-22"]),
        (["--as-if-on", "昨天"], ["昨天", "2026-11-22"]),
        (["--class", "VI"], ["VI", "I、II、III、IV、V"]),
        (["--province", "江"], ["江", "江西"]),
        (["--land-class", "3"], ["3", "第一类用地"]),
        (["--water-use", "鱼塘"], ["鱼塘", "水田作物"]),
        (["--unit", "ppm"], ["ppm", "mg/kg"]),
        (["--limits", "没有.yaml"], ["没有.yaml"]),
        (["--out", "报告.pdf"], ["报告.pdf", ".xlsx"]),
        (["--out", "没有这个文件夹/报告.xlsx"], ["文件夹"]),
        (["--limits", str(LOCAL), "--province", "江西"], ["江西", "99"]),
    ],
)
def test_a_bad_option_is_refused_with_the_value_and_what_is_expected(capsys, soil, words, told):
    found, err = run(capsys, "evaluate", soil, *words, expect=1)

    assert found["error"]["sentence"] == err.strip()
    assert [one for one in told if one not in err] == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("空.csv", b"", "空"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "图片"),
        ("没有.csv", None, "没有.csv"),
        ("文.csv", "本报讯，今日召开会议\n".encode(), "检测结果表"),
    ],
)
def test_a_file_refused_is_exit_code_1_with_one_sentence(capsys, tmp_path, name, content, told):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    found, err = run(capsys, "evaluate", path, expect=1)

    assert told in err and err.count("\n") == 1
    assert found["error"]["sentence"] == err.strip() and found["error"]["code"].split(".")[0] in (
        "labtables",
        "evaluate",
    )


def test_a_file_damaged_further_on_ends_in_sound_json(capsys, soil, monkeypatch):
    from soilrules.labtables import LabTable, LabTableRefused

    whole = LabTable.batches

    def damaged(self: LabTable) -> Any:
        yield from whole(self)
        raise LabTableRefused("damaged", name="x", kind="parquet", detail="…")

    monkeypatch.setattr(LabTable, "batches", damaged)
    found, err = run(capsys, "evaluate", soil, expect=1)

    assert len(found["results"]) == 4 and found["error"]["code"] == "labtables.damaged" and "损坏" in err
    assert "summary" not in found


@pytest.mark.parametrize("spelt", ["gb36600-2018", "GB 36600-2018", "gb36600", "GB36600"])
@pytest.mark.parametrize("land", ["1", "第一类用地", "居住用地"])
def test_spellings_of_standards_and_land_classes(capsys, tmp_path, spelt, land):
    path = tmp_path / "t.csv"
    path.write_text("样品,项目,结果,单位\nB1,砷,21,mg/kg\n", "utf-8")
    found, _ = run(capsys, "evaluate", path, "--standard", spelt, "--land-class", land)

    assert found["results"][0]["use"] == "class_1"


@pytest.mark.parametrize("land", ["水田", "水浇地", "旱地", "果园", "其他", "茶园", "水旱轮作", "paddy"])
def test_every_word_for_farmland_is_taken(capsys, tmp_path, land):
    path = tmp_path / "t.csv"
    path.write_text("样品,项目,结果,单位\nB1,镉,0.1,mg/kg\n", "utf-8")

    assert verdicts(run(capsys, "evaluate", path, "--standard", "gb15618", "--land", land, "--ph", "6")[0]) == ["meets"]


def test_crop_water_use_and_class_come_from_options(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("样品,项目,结果,单位\nB1,镉,0.1,mg/kg\n", "utf-8")
    assert (
        run(capsys, "evaluate", path, "--standard", "gb2762", "--crop", "稻谷")[0]["results"][0]["verdict"] == "meets"
    )
    path.write_text("样品,项目,结果,单位\nB1,总硬度,200,mg/L\n", "utf-8")
    for level, verdict in (("I", "exceeds"), ("Ⅱ类", "meets"), ("3", "meets")):
        found, _ = run(capsys, "evaluate", path, "--standard", "gbt14848", "--class", level)
        assert (found["results"][0]["verdict"], found["results"][0]["class"]) == (verdict, "II")
    path.write_text("样品,项目,结果,单位\nB1,镉,0.001,mg/L\n", "utf-8")
    assert verdicts(run(capsys, "evaluate", path, "--standard", "gb5084-2021", "--water-use", "水作")[0]) == ["meets"]


def test_as_if_on_keeps_the_rows_and_changes_the_edition(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("样品,作物,项目,结果,单位,采样日期\nR1,稻谷,镉,0.1,mg/kg,2026-09-01\n", "utf-8")
    first, _ = run(capsys, "evaluate", path)
    again, _ = run(capsys, "evaluate", path, "--as-if-on", "2026-11-22")

    assert [row["standard"] for one in (first, again) for row in one["results"]] == ["GB 2762-2022", "GB 2762-2025"]
    assert first["results"][0]["row"] == again["results"][0]["row"]


def test_a_province_whose_table_is_not_held_is_told_with_every_pass(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("样品,项目,结果,单位\nB1,砷,20,mg/kg\n", "utf-8")
    found, _ = run(capsys, "evaluate", path, "--standard", "gb36600", "--province", "四川")
    assert "DB51 2978-2023" in found["results"][0]["note"] and found["summary"]["notes"]
    assert main(["evaluate", str(path), "--standard", "gb36600", "--province", "四川"]) == 0
    assert "DB51 2978-2023" in capsys.readouterr().out


def test_a_local_table_lies_over_the_national_one_by_itself(capsys, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("样品,项目,结果,单位\nB1,砷,16,mg/kg\nB1,锌,3501,mg/kg\nB1,镉,20,mg/kg\n", "utf-8")
    found, _ = run(capsys, "evaluate", path, "--standard", "gb36600", "--land-class", "1", "--limits", LOCAL)

    assert [(row["verdict"], row["screening"]) for row in found["results"]] == [("exceeds_screening", 15.0), ("exceeds_screening", 3500.0), ("meets", 20.0)]  # fmt: skip
    assert "DB99/T 2-2026 表1" in found["results"][0]["basis"] and "地方标准" in found["results"][0]["reason"]
    assert "DB99/T 2-2026" in [one["standard"] for one in found["summary"]["limits"]]
    before, _ = run(
        capsys, "evaluate", path, "--standard", "gb36600", "--land-class", "1", "--limits", LOCAL, "--on", "2025-12-31"
    )
    assert verdicts(before)[0] == "meets"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ('value: "15"', "limit 1"),
        ("kind: x", "kind"),
        ("a misspelt key", "valeu"),
        ("no division", "class_2"),
    ],
)
def test_a_local_table_with_a_mistake_is_refused(capsys, tmp_path, soil, changed, told):
    text = LOCAL.read_text("utf-8")
    text = {
        'value: "15"': text.replace('value: "15"', "value: 15"),
        "kind: x": text + "kind: x\n",
        "a misspelt key": text.replace('value: "3500", clause', 'valeu: "3500", clause'),
        "no division": text.replace('division: "99"', 'division: ""'),
    }[changed]
    path = tmp_path / "local.yaml"
    path.write_text(text, "utf-8")
    found, err = run(capsys, "evaluate", soil, "--limits", path, expect=1)

    assert found["error"]["code"] == "standards.limits_unreadable" and told.split()[0] in err


# The report.


@pytest.fixture
def report(capsys, tmp_path, soil) -> openpyxl.Workbook:
    soil.write_text(SOIL + "=cmd|x,镉,0.1,mg/kg,6,水田,2026-05-01\nS4,隔,0.1,mg/kg,6,水田,2026-05-01\n", "utf-8")
    out = tmp_path / "报告.xlsx"
    found, _ = run(capsys, "evaluate", soil, "--out", out)
    assert len(found["results"]) == 6
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
    return openpyxl.load_workbook(out)


def texts(sheet: Any) -> str:
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def test_the_sheets_of_the_report(report):
    assert report.sheetnames == ["汇总", "超标", "无法判断", "全部结果", "所用限值", "数据问题"]
    cover = texts(report["汇总"])
    for words in (
        "检测结果评价报告",
        "结果.csv",
        "GB 15618-2018《",
        "2018-08-01 起施行",
        "限值表指纹",
        "编制：",
        "审核：",
        "日期：",
        "S3",
        "超管制值",
        "核对 pH 列",
    ):
        assert words in cover
    assert "第4行、pH" in texts(report["数据问题"])


def test_the_lists_of_the_report(report):
    every = list(report["全部结果"].iter_rows(min_row=2, values_only=True))
    assert len(every) == 6 and every[0][:6] == ("第2行 检测结果", "S1", "镉", 0.31, "mg/kg", "超筛选值")
    over = list(report["超标"].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[5]) for row in over] == [("S1", "超筛选值"), ("S3", "超管制值")]
    assert len({cell.fill.fgColor.rgb for row in report["超标"].iter_rows(min_row=2) for cell in row[:1]}) == 2
    unknown = texts(report["无法判断"])
    assert "项目名称不在名录中" in unknown and "按标准名称或 CAS 号改写" in unknown
    limits = [row[:7] for row in report["所用限值"].iter_rows(min_row=2, values_only=True)]
    assert ("GB 15618-2018", "镉", "筛选值", "水田", None, "≤5.5", "0.3") in limits
    assert "S1：" in texts(report["所用限值"])


def test_the_report_prints_and_runs_nothing(report):
    for sheet in report.worksheets[1:]:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref and sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    names = [cell for cell in report["全部结果"]["B"] if str(cell.value).startswith("=")]
    assert [cell.data_type for cell in names] == ["s"]


def test_a_list_longer_than_a_sheet_goes_on_in_another(capsys, tmp_path, soil, monkeypatch):
    from soildesk.standards.exports import evaluation_excel

    monkeypatch.setattr(evaluation_excel, "LONGEST_SHEET", 3)
    out = tmp_path / "报告.xlsx"
    assert main(["evaluate", str(soil), "--out", str(out)]) == 0
    book = openpyxl.load_workbook(out)

    assert "全部结果（2）" in book.sheetnames
    assert (book["全部结果"].max_row, book["全部结果（2）"].max_row) == (4, 2)


def test_a_report_of_nothing_to_say(capsys, tmp_path):
    path, out = tmp_path / "t.csv", tmp_path / "r.xlsx"
    path.write_text("样品,项目,结果,单位\nB1,砷,20,mg/kg\n", "utf-8")
    assert main(["evaluate", str(path), "--standard", "gb36600", "--out", str(out)]) == 0
    book = openpyxl.load_workbook(out)

    assert book["超标"]["A2"].value == "没有超标的结果。" and book["数据问题"]["A2"].value == "没有发现数据问题。"
    assert str(out) in capsys.readouterr().out


# The standards.


def test_standards_list(capsys):
    found, _ = run(capsys, "standards", "list")
    assert {"gb15618-2018", "gb36600-2018", "gbt14848-2017", "gb5084-2021", "gb2762-2022", "gb2762-2025"} == {
        one["code"] for one in found["standards"]
    }
    assert "DB36/1282-2020" in [one["standard"] for one in found["not_held"]]
    old, _ = run(capsys, "standards", "list", "--on", "2026-09-01")
    assert "gb2762-2025" not in [one["code"] for one in old["standards"]]
    assert main(["standards", "list"]) == 0
    assert "《地下水质量标准》" in capsys.readouterr().out


def test_standards_show(capsys):
    found, _ = run(capsys, "standards", "show", "GB 36600-2018", "--analyte", "As")
    assert {(one["use"], one["level"], one["limit"]) for one in found["limits"]} == {("第一类用地", "screening", "20"), ("第二类用地", "screening", "60"), ("第一类用地", "control", "120"), ("第二类用地", "control", "140")}  # fmt: skip
    assert run(capsys, "standards", "show", "gb2762")[0]["code"] == "gb2762-2025"
    assert run(capsys, "standards", "show", "gb2762", "--on", "2026-09-01")[0]["code"] == "gb2762-2022"
    assert main(["standards", "show", "gb15618", "--analyte", "镉"]) == 0
    assert ">5.5，≤6.5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["gb9"], "gb36600-2018"),
        (["gb36600", "--analyte", "隔"], "镉"),
        (["gb15618", "--analyte", "锑"], "没有锑的限值"),
        (["gb2762", "--on", "2000-01-01"], "2000-01-01"),
    ],
)
def test_standards_show_refuses(capsys, words, told):
    found, err = run(capsys, "standards", "show", *words, expect=1)
    assert told in err and found["error"]["code"].startswith("standards.")


def test_it_runs_without_a_desk_or_its_settings(tmp_path, soil):
    script = (
        "import sys; from soildesk.cli import main; code = main(sys.argv[1:]);"
        "assert not [name for name in sys.modules if name.startswith('django')]; sys.exit(code)"
    )
    home = tmp_path / "nowhere"
    environment = {**os.environ, "SOILDESK_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", script, "evaluate", str(soil), "--out", str(tmp_path / "r.xlsx")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "") and not home.exists()
