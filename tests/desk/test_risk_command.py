"""`soildesk risk`: the contract of its JSON, the refusals that say what to do, the report; no database is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from soildesk.cli import main

CASE = """
land_class = 1
parameter_set = "hj25.3-2019"
[overrides.fom]
value = 12
because = "现场实测"
[[substances]]
slug = "benzene"
surface_mg_kg = 3
subsurface_mg_kg = 12
groundwater_mg_l = 0.4
[[substances]]
slug = "lead"
surface_mg_kg = 600
"""
DRAWN = """
[uncertain.OSIRc]
kind = "triangular"
low = 100
mode = 200
high = 300
because = "文献"
"""
PATHWAYS = {
    "soil_ingestion", "soil_dermal", "soil_particulates", "outdoor_vapour_surface", "outdoor_vapour_subsurface",
    "indoor_vapour_subsurface", "outdoor_vapour_groundwater", "indoor_vapour_groundwater", "drinking_groundwater",
}  # fmt: skip


def write(folder: Path, text: str, name: str = "case.toml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def told(capsys: Any, *arguments: str) -> tuple[int, Any, str]:
    """Exit code, JSON of stdout, stderr."""
    code = main(["risk", *arguments, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out), err


def test_the_json_is_the_contract(tmp_path: Path, capsys: Any) -> None:
    code, found, _err = told(capsys, write(tmp_path, CASE))
    assert code == 0
    benzene, lead = found["substances"]["benzene"], found["substances"]["lead"]
    for effect in ("risk", "hq"):
        assert set(benzene[effect]) == PATHWAYS | {"total"}
        assert sum(benzene[effect][name] for name in PATHWAYS) == pytest.approx(benzene[effect]["total"])
    assert benzene["control"] == min(benzene["rcvs"], benzene["hcvs"]) and benzene["refused"] is None
    assert (
        "血铅" in lead["refused"] and lead["rcvs"] is lead["hcvs"] is lead["control"] is lead["risk"]["total"] is None
    )
    assert found["overrides"]["fom"]["because"] == "现场实测"


def test_json_input_says_the_same(tmp_path: Path, capsys: Any) -> None:
    import tomllib

    case = json.dumps(tomllib.loads(CASE), ensure_ascii=False)
    assert told(capsys, write(tmp_path, CASE))[1] == told(capsys, write(tmp_path, case, "case.json"))[1]


def test_all_substances_have_control_values(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "全部.docx"
    code, found, err = told(capsys, write(tmp_path, 'land_class = 2\nsubstances = "all"'), "--out", str(out))
    assert code == 0 and len(found["substances"]) > 90 and "计算书已写入" in err
    titles = [one.text for one in docx.Document(str(out)).paragraphs]
    assert not any("各暴露途径的风险与危害" in title for title in titles), "nothing was measured"


def test_a_person_reads_a_table(tmp_path: Path, capsys: Any) -> None:
    assert main(["risk", write(tmp_path, CASE)]) == 0
    out = capsys.readouterr().out
    for wanted in (
        "第一类用地",
        "1.40E-05",
        "超过可接受水平",
        "未评估 铅",
        "改动 fom 土壤有机质含量：15 → 12",
        "GB 36600",
    ):
        assert wanted in out


def test_the_report_names_site_and_unit(tmp_path: Path) -> None:
    out = tmp_path / "r.docx"
    main(["risk", write(tmp_path, CASE), "--out", str(out), "--title", "甲地块", "--unit", "甲环境公司"])
    document = docx.Document(str(out))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert document.paragraphs[1].text == "甲地块" and any("甲环境公司" in cell for cell in cells)


@pytest.mark.parametrize(
    ("text", "name", "code", "said"),
    [
        ("land_class = ", "case.toml", "risk.input_syntax", "不是有效的 TOML"),
        ("{", "case.json", "risk.input_syntax", "不是有效的 JSON"),
        ("[]", "case.json", "risk.input_syntax", "应为一组键值"),
        ('{"land_class": 1, "land_class": 2}', "case.json", "risk.input_twice", "出现两次"),
        ('{"land_class": NaN}', "case.json", "risk.input_number", "NaN"),
        (CASE, "case.yaml", "risk.input_format", ".toml 或 .json"),
        (
            CASE.replace("surface_mg_kg = 3", "surfce_mg_kg = 3"),
            "case.toml",
            "risk.unknown_key_nearest",
            "surface_mg_kg",
        ),
        (CASE.replace('"benzene"', '"benzen"'), "case.toml", "risk.unknown_substance_nearest", "benzene"),
        (CASE.replace("overrides.fom", "overrides.fon"), "case.toml", "risk.unknown_parameter_nearest", "fom"),
        (CASE.replace('because = "现场实测"', ""), "case.toml", "risk.because_missing", "理由"),
        (CASE.replace("value = 12", 'value = "十二"'), "case.toml", "risk.no_number", "十二"),
        (CASE.replace("surface_mg_kg = 3", "surface_mg_kg = -3"), "case.toml", "risk.no_concentration", "-3"),
        (CASE.replace("land_class = 1", "land_class = 3"), "case.toml", "risk.land_class", "1 或 2"),
        (CASE.replace("hj25.3-2019", "hj25.3-2014"), "case.toml", "risk.unknown_set_nearest", "hj25.3-2019"),
        (
            CASE + "[excluded.drinking_groundwter]\nbecause = 'x'",
            "case.toml",
            "risk.unknown_pathway_nearest",
            "饮用地下水 (drinking_groundwater)",
        ),
        (CASE + "[excluded.drinking_groundwater]\n", "case.toml", "risk.excluded_because_missing", "饮用地下水"),
        (CASE.replace("value = 12", "value = -1"), "case.toml", "risk.out_of_range", "overrides.fom（土壤有机质含量）"),
        ("uncertain = 3\n" + CASE, "case.toml", "risk.no_table", "uncertain"),
    ],
)
def test_bad_input_is_refused_with_the_next_step(
    tmp_path: Path, capsys: Any, text: str, name: str, code: str, said: str
) -> None:
    exit_code, found, err = told(capsys, write(tmp_path, text, name))
    assert exit_code == 1 and found["error"]["code"] == code
    assert said in found["error"]["sentence"] and said in err


def test_excluded_pathways_are_named_with_their_reason(tmp_path: Path, capsys: Any) -> None:
    case = write(tmp_path, CASE + "[excluded.indoor_vapour_subsurface]\nbecause = '不建建筑物'\n")
    _code, found, _err = told(capsys, case)
    benzene = found["substances"]["benzene"]
    assert found["excluded"] == {"indoor_vapour_subsurface": {"because": "不建建筑物"}}
    assert benzene["risk"]["indoor_vapour_subsurface"] is None and benzene["risk"]["total"] > 0
    assert benzene["missing"]["risk"]["indoor_vapour_subsurface"] == "已排除：不建建筑物"
    assert any("不能与 GB 36600 筛选值比较" in note for note in found["notes"])
    main(["risk", case])
    out = capsys.readouterr().out
    assert "按推荐参数" not in out, "benzene meets the statute"
    assert "排除 吸入室内空气中来自下层土壤的气态污染物：不建建筑物" in out and "不能与 GB 36600 筛选值比较" in out


def test_a_missing_file_a_folder_and_another_encoding(tmp_path: Path, capsys: Any) -> None:
    assert told(capsys, str(tmp_path / "没有.toml"))[1]["error"]["code"] == "risk.input_missing"
    (tmp_path / "folder.toml").mkdir()
    assert "文件夹" in told(capsys, str(tmp_path / "folder.toml"))[1]["error"]["sentence"]
    (tmp_path / "gbk.toml").write_bytes(CASE.encode("gbk"))
    assert "UTF-8" in told(capsys, str(tmp_path / "gbk.toml"))[1]["error"]["sentence"]


@pytest.mark.parametrize("out", ["report.pdf", "nowhere/report.docx"])
def test_an_unwritable_report_is_refused_before_the_work(tmp_path: Path, capsys: Any, out: str) -> None:
    assert told(capsys, write(tmp_path, CASE), "--out", str(tmp_path / out))[1]["error"]["code"] == "risk.out"


def test_draws_are_reproducible_by_seed(tmp_path: Path, capsys: Any) -> None:
    case = write(tmp_path, CASE + DRAWN)
    first = told(capsys, case, "--draws", "200", "--seed", "5")[1]["uncertainty"]
    assert first == told(capsys, case, "--draws", "200", "--seed", "5")[1]["uncertainty"]
    assert first != told(capsys, case, "--draws", "200", "--seed", "6")[1]["uncertainty"]
    assert [one["percent"] for one in first["substances"]["benzene"]["control"]["percentiles"]] == [5, 25, 50, 75, 95]
    code, found, err = told(capsys, case)
    assert code == 0 and "uncertainty" not in found and "--draws" in err
    assert told(capsys, write(tmp_path, CASE, "b.toml"), "--draws", "9")[1]["error"]["code"] == "risk.nothing_to_draw"
    assert told(capsys, case, "--draws", "0")[1]["error"]["code"] == "risk.draws"


def test_it_needs_neither_settings_nor_home(tmp_path: Path) -> None:
    """In a process of its own: no Django is set up and no home is made."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SOILDESK_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "soildesk.cli", "risk", write(tmp_path, CASE), "--json"],
        cwd=tmp_path, env=environment | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["substances"]["benzene"]["control"] and not (tmp_path / "var").exists()
