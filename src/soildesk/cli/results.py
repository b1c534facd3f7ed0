"""`soildesk results check` and `template`: a laboratory's file before it is sent. Needs no database.

Exit codes of `check`: 0 no error, 1 errors were found or the file is no table of results, 2 there is no such file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from soildesk.cli import Refused, choices, show, show_json
from soildesk.cli.text_tables import table
from soildesk.monitoring.reading import Ask, FileRefused, NoSpace, command_limits, read
from soilrules.labcheck import current, rules

MOST = 10_000
"""Findings of one rule given in JSON; all are counted."""
SHOWN = 8
"""Findings of one rule printed one by one."""
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
DAYS = {"date": "采样日期", "received": "收样日期", "analysed": "分析日期", "reported": "报告日期"}


def check_file(options: argparse.Namespace) -> None:
    """Check a file and say what was found."""
    path = Path(options.file)
    on = choices.day_of(options.on, "--on") or choices.today()
    samples = _samples(options.samples)
    if not path.is_file():
        _no_file(options, f"没有文件“{path}”，或它不是文件；应为 csv 或 xlsx 等。请检查路径和文件名。")
    try:
        with read(path, path.name, Ask(on, samples, rows=False, most=MOST), command_limits(path)) as found:
            told = _told(found.told)
    except PermissionError:
        _no_file(options, f"没有读取“{path}”的权限。请检查文件的权限。")
    except NoSpace as refusal:
        raise Refused(str(refusal), code="results.no_space") from refusal
    except FileRefused as refusal:
        sentence = str(refusal)
        raise Refused(sentence, code=refusal.code, data=_no_table(sentence, refusal.code)) from refusal
    errors = told["summary"]["severities"]["error"]
    if not options.json:
        show(as_text(path.name, told))
    elif not errors:
        show_json(told)
    if errors:
        raise Refused(f"“{path.name}”有 {errors} 处错误，请改正后再报送。", code="results.errors", data=told)


def write_template(options: argparse.Namespace) -> None:
    """Write the template of the exchange format."""
    from soildesk.monitoring.labtemplate import workbook

    out = Path(options.out)
    if out.suffix.lower() != ".xlsx" or not out.parent.is_dir():
        raise Refused(f"模板不能写到“{out}”：应以 .xlsx 结尾，文件夹应已存在。", code="results.bad_out")
    out.write_bytes(workbook(current()))
    show(f"模板已写入 {out}")


def _samples(name: str | None) -> list[str] | None:
    """The numbers of a list, one a line; None where none was given."""
    if not name:
        return None
    try:
        lines = Path(name).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            f"样品编号清单“{name}”读不了（应为 UTF-8 文本，一行一个编号）。", code="results.samples"
        ) from error
    return [line.strip() for line in lines if line.strip()]


def _no_file(options: argparse.Namespace, sentence: str) -> NoReturn:
    if options.json:
        show_json({"error": {"code": "results.no_file", "sentence": sentence}})
    sys.stderr.write(sentence + "\n")
    raise SystemExit(2)


def _no_table(sentence: str, code: str) -> dict[str, Any]:
    """A file that cannot be read as results at all is one finding about the whole file."""
    finding = {"row": 1, "column": "", "rule": "unreadable", "severity": "error", "message": sentence}
    return {"findings": [finding], "error": {"code": code, "sentence": sentence}}


def _told(read: Mapping[str, Any]) -> dict[str, Any]:
    """The findings and the summary as the contract has them."""
    findings = [
        {**{key: one[key] for key in ("row", "column", "rule", "severity")}, "message": one["zh"]}
        for one in read["findings"]
    ]
    return {"findings": findings, "summary": {**read["summary"], "kept": MOST}}


def as_text(name: str, told: Mapping[str, Any]) -> str:
    """The findings for a terminal, the gravest first."""
    return "\n\n".join(
        "\n".join(part) for part in (_heading(name, told), *_groups(told), _end(told["summary"])) if part
    )


def _heading(name: str, told: Mapping[str, Any]) -> list[str]:
    summary = told["summary"]
    layout = summary["layout"] or {}
    sheet = f"（工作表“{layout['sheet']}”）" if layout.get("sheet") else ""
    days = [f"{DAYS[role]} {first} 至 {last}" for role, (first, last) in summary["days"].items()]
    lines = [
        f"{name}{sheet}：{summary['results']} 个结果，{summary['samples']} 个样品，{len(summary['analytes'])} 个项目，{len(summary['batches'])} 个批次",
        "介质：" + "、".join(summary["media"]) + "；" + "，".join(days) if days else "",
    ]
    return [line for line in lines if line]


def _groups(told: Mapping[str, Any]) -> Iterator[list[str]]:
    """The findings rule by rule: errors, warnings, then what is only told."""
    order = list(SEVERITIES)
    ranked = sorted(told["findings"], key=lambda one: (order.index(one["severity"]), one["rule"], one["row"]))
    for (severity, rule), same in groupby(ranked, key=lambda one: (one["severity"], one["rule"])):
        yield _group(severity, rule, list(same), told["summary"]["counts"])


def _group(severity: str, rule: str, same: list[dict[str, Any]], counts: Mapping[str, int]) -> list[str]:
    known = rules().get(rule)
    count = counts.get(rule, len(same))
    lines = [f"【{SEVERITIES[severity]}】{known.zh if known else rule}：{count} 处"]
    lines.append(table([(f"  {one['row']}", one["column"], one["message"]) for one in same[:SHOWN]], (8, 12)))
    if count > SHOWN:
        lines.append(f"  另有 {count - SHOWN} 处，见 --json（每条规则最多列 {MOST} 处）。")
    return lines


def _end(summary: Mapping[str, Any]) -> list[str]:
    count = summary["severities"]
    said = "，".join(f"{word} {count[one]} 处" for one, word in SEVERITIES.items())
    return [f"{said}。" + ("请改正错误后再报送。" if count["error"] else "没有错误，可以报送。")]
