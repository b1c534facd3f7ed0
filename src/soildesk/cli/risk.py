"""`soildesk risk`: a case in a file, the assessment on the terminal, as JSON, as a Word report. Needs no database."""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from soildesk.cli import Refused, choices, show, show_json
from soildesk.cli.text_tables import table
from soildesk.standards import riskwords
from soildesk.standards.exports.risk_report import ZH, RiskReport
from soildesk.standards.exports.risk_word import risk_docx
from soildesk.standards.riskbasis import basis_of
from soildesk.standards.riskdraws import MOST_DRAWS, read_uncertain, uncertainty_of
from soildesk.standards.riskwords import figure
from soilrules.risk import Case, CaseError, assess, read_case
from soilrules.risk.uncertainty import Sampler, Sampling
from soilrules.risk.words import said

UNCERTAIN = "uncertain"
NAME_WIDTH, FIGURE_WIDTH = 22, 10


def risk(options: argparse.Namespace) -> None:
    """Assess the case of a file."""
    path, day = Path(options.input), _day(options.on)
    _check_out(options.out)
    data = read_input(path)
    try:
        report = _report(options, path, data, day)
    except CaseError as error:
        raise Refused(f"{path.name}：{said(error.message)}", code=f"risk.{error.message.id}") from error
    if options.out:
        Path(options.out).write_bytes(risk_docx(report))
    if options.json:
        show_json(dict(report.result) | ({"uncertainty": report.uncertainty} if report.uncertainty else {}))
    else:
        show(as_text(report))
    if options.out:
        sys.stderr.write(f"计算书已写入 {options.out}。\n")


def _report(options: argparse.Namespace, path: Path, data: Mapping[str, Any], day: date) -> RiskReport:
    given = {key: value for key, value in data.items() if key != UNCERTAIN}
    case = read_case(given)
    assessment = assess(case)
    return RiskReport(
        title=options.title or path.stem,
        case=given,
        result=assessment.as_json(ZH),
        basis=basis_of(assessment, day),
        computed=f"{day}",
        unit=options.unit,
        uncertainty=_uncertainty(options, case, data.get(UNCERTAIN)),
    )


def _uncertainty(options: argparse.Namespace, case: Case, data: Any) -> dict[str, Any] | None:
    """What the distributions of the case give; None where no draws were asked for."""
    if data is not None and not isinstance(data, Mapping):
        raise CaseError("no_table", place=UNCERTAIN, value=repr(data))
    uncertain = read_uncertain(data or {})
    if options.draws is None:
        if uncertain:
            sys.stderr.write("案例给出了分布，未抽样；加 --draws N 进行不确定性分析。\n")
        return None
    if not 1 <= options.draws <= MOST_DRAWS or options.seed < 0:
        raise Refused(f"--draws 应为 1 到 {MOST_DRAWS}，--seed 应不小于 0。", code="risk.draws")
    return uncertainty_of(case, uncertain, Sampling(options.draws, options.seed, Sampler(options.sampler)))


def _day(text: str | None) -> date:
    if not text:
        return choices.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"“{text}”不是日期，应为 2026-11-21 这样的写法。", code="cli.not_a_date") from None


def _check_out(out: str | None) -> None:
    """Refuse before any work what could not be written after it."""
    if out and Path(out).suffix.casefold() != ".docx":
        raise Refused(f"--out {out}：计算书是 Word 文件，请以 .docx 结尾。", code="risk.out")
    if out and not Path(out).resolve().parent.is_dir():
        raise Refused(f"--out {out}：没有这个文件夹，请先建立。", code="risk.out")


def read_input(path: Path) -> dict[str, Any]:
    """The mapping in a TOML or JSON file; raises Refused with the sentence that says what to do."""
    if path.suffix.casefold() not in (".toml", ".json"):
        raise Refused(f"“{path.name}”不是 .toml 或 .json 文件。请把案例写成其中一种。", code="risk.input_format")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Refused(f"无法读取“{path}”：{_why(error)}。请核对路径。", code="risk.input_missing") from error
    except UnicodeDecodeError as error:
        raise Refused(f"“{path.name}”不是 UTF-8 文本。请另存为 UTF-8 编码。", code="risk.input_encoding") from error
    try:
        data = tomllib.loads(text) if path.suffix.casefold() == ".toml" else _json(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, RecursionError) as error:
        kind = path.suffix[1:].upper()
        raise Refused(f"“{path.name}”不是有效的 {kind}：{error}。请改正后再试。", code="risk.input_syntax") from error
    if not isinstance(data, dict):
        raise Refused(f"“{path.name}”应为一组键值（land_class、substances …）。", code="risk.input_syntax")
    return data


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "文件不存在"
        case IsADirectoryError():
            return "这是文件夹"
        case PermissionError():
            return "没有读取权限"
    return "读取出错"


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys stand once each; silently the last one would win."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"“{key}”在同一组中出现两次，请只保留一个。", code="risk.input_twice")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise Refused(f"{name} 不是有效的数，请给出数值；未测的请留空。", code="risk.input_number")


def as_text(report: RiskReport) -> str:
    """The assessment for a terminal."""
    return "\n\n".join(part for part in _parts(report) if part)


def _parts(report: RiskReport) -> Iterable[str]:
    yield _head(report)
    if report.measured:
        yield _totals(report)
        for _slug, row in report.measured:
            yield _by_pathway(row)
    yield _controls(report)
    if report.uncertainty:
        yield _percentiles(report)
    yield "\n".join(f"排除 {title}：{because}" for title, because in report.excluded())
    yield "\n".join(
        f"按推荐参数，{name}的控制值为筛选值的 {figure(one['ratio'])} 倍：{why}" for name, one, why in report.partings()
    )
    yield "\n".join(f"未评估 {row['name']}：{report.basis['refused'][slug][ZH]}" for slug, row in report.refused)
    changed = [
        f"改动 {one['symbol']} {one['name'][ZH]}：{figure(one['default'])} → {figure(one['used'])} {one['unit']}（{one['because']}）"
        for one in report.changed()
    ]
    yield "\n".join(changed)
    yield "\n".join(f"· {caveat}" for caveat in report.caveats())


def _head(report: RiskReport) -> str:
    land = "一" if report.result["land_class"] == 1 else "二"
    return f"{report.result['edition']}　第{land}类用地　参数集 {report.result['parameter_set']}　soilrules {report.result['version']}"


def _totals(report: RiskReport) -> str:
    head = ["污染物", "土壤风险", "土壤危害商", "地下水风险", "地下水危害商", "结论"]
    rows: list[list[object]] = [
        [
            row["name"],
            *(
                figure(row["totals"][where][effect])
                for where in ("soil", "groundwater")
                for effect in riskwords.EFFECTS
            ),
            "未评估" if row["refused"] else riskwords.OUTCOMES[riskwords.outcome_of(row)][ZH],
        ]
        for row in report.result["substances"].values()
    ]
    return table([head, *rows], [NAME_WIDTH, FIGURE_WIDTH, FIGURE_WIDTH, FIGURE_WIDTH, 12])


def _by_pathway(row: Mapping[str, Any]) -> str:
    head = [f"{row['name']} 暴露途径", "致癌风险", "危害商"]
    rows = [[words[ZH], figure(row["risk"][name]), figure(row["hq"][name])] for name, words in riskwords.SHORT.items()]
    return table([head, *rows], [NAME_WIDTH, FIGURE_WIDTH])


def _controls(report: RiskReport) -> str:
    head = ["风险控制值 mg/kg", "RCVS", "HCVS", "控制值", "Csat", "GB 36600 筛选值"]
    rows: list[list[object]] = [
        [
            row["name"],
            *(figure(row[key]) for key in riskwords.CONTROLS),
            report.limit(slug, "screening").replace("\n", " "),
        ]
        for slug, row in report.assessed
    ]
    return table([head, *rows], [NAME_WIDTH, *[FIGURE_WIDTH] * 4]) if rows else ""


def _percentiles(report: RiskReport) -> str:
    found = report.uncertainty or {}
    lines = [f"不确定性分析：{riskwords.SAMPLERS[found['sampler']][ZH]} {found['draws']} 次，种子 {found['seed']}"]
    rows: list[list[object]] = [["污染物", "结果", "P5", "P50", "P95"]]
    for slug, each in found["substances"].items():
        for quantity, one in each.items():
            if one:
                by_percent = {each["percent"]: figure(each["value"]) for each in one["percentiles"]}
                name = report.result["substances"][slug]["name"]
                rows.append([name, riskwords.QUANTITIES[quantity][ZH], *(by_percent[at] for at in (5, 50, 95))])
    return "\n".join([*lines, table(rows, [NAME_WIDTH, 26, FIGURE_WIDTH, FIGURE_WIDTH])])
