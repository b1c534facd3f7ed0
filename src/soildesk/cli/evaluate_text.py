"""The summary of an evaluation as a person reads it on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from soildesk.cli.text_tables import table
from soilrules import analytes
from soilrules.messages import sentence
from soilrules.verdict import Outcome

MOST = 30  # samples and problems told one by one


def as_text(summary: Mapping[str, Any]) -> str:
    """The summary in Chinese, with a line feed at the end."""
    parts = (_heading, _counts, _samples, _causes, _problems, _remarks, _basis)
    return "\n\n".join(filter(None, ("\n".join(part(summary)) for part in parts))) + "\n"


def _word(group: str, name: str) -> str:
    return sentence("evaluation", group, name)


def _heading(summary: Mapping[str, Any]) -> Iterator[str]:
    sheet = summary["layout"]["sheet"]
    place = f"（工作表“{sheet}”）" if sheet else ""
    yield f"{summary['table']}{place}：{summary['rows']} 个结果，{summary['samples']} 个样品"


def _counts(summary: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (_word("outcomes", one), summary["verdicts"][one], summary["samples_by_verdict"].get(one, 0))
        for one in map(str, reversed(Outcome))
        if one in summary["verdicts"]
    ]
    yield table([("结论", "结果", "样品（按最重）"), *rows], (12, 10, 16))


def _samples(summary: Mapping[str, Any]) -> Iterator[str]:
    over = [one for one in summary["gravest_samples"] if one["verdict"] != "unknown"]
    if not over:
        return
    yield "超标的样品（控制项目、为第一限值的倍数）："
    rows = []
    for one in over[:MOST]:
        known = analytes.all_analytes().get(one["governing"])
        factor = "" if one["factor"] is None else f"{one['factor']:.3g}"
        rows.append((one["sample"] or "（未写）", _word("outcomes", one["verdict"]), factor, known.zh if known else ""))
    yield table(rows, (24, 12, 8, 20))
    total = sum(count for name, count in summary["samples_by_verdict"].items() if name.startswith("exceeds"))
    if total > len(rows):
        yield f"共 {total} 个，以上是最重的 {len(rows)} 个；全部见 --json 或 --out 报告。"


def _causes(summary: Mapping[str, Any]) -> Iterator[str]:
    if not summary["causes"]:
        return
    yield "无法判断的原因和下一步："
    rows = [(_word("causes", one), count, _word("next", one)) for one, count in summary["causes"].items()]
    yield table(rows, (30, 8))


def _problems(summary: Mapping[str, Any]) -> Iterator[str]:
    if not summary["problems"]:
        return
    yield "表中的问题："
    for one in summary["problems"][:MOST]:
        more = (
            f"（这类问题共 {one['count']} 处）" if one["count"] > 1 and str(one["count"]) not in one["sentence"] else ""
        )
        yield f"  {one['sentence']}{more}"
    if len(summary["problems"]) > MOST:
        yield f"  另有 {len(summary['problems']) - MOST} 项，见 --json。"


def _remarks(summary: Mapping[str, Any]) -> Iterator[str]:
    for note in summary["notes"]:
        yield f"注意：{note}"
    unsure = [one for one in summary["limits"] if one["mark"] == "from-knowledge"]
    if unsure:
        names = "、".join(dict.fromkeys(f"{one['standard']} {one['name']}" for one in unsure))
        yield f"注意：{summary['from_knowledge']} 个结果所依据的限值凭记忆录入，使用前请核对原标准：{names}"


def _basis(summary: Mapping[str, Any]) -> Iterator[str]:
    yield "评价依据："
    for one in summary["standards"]:
        until = f"，至 {one['until']} 前" if one["until"] else ""
        yield f"  {one['standard']}《{one['title']}》，{one['since']} 起施行{until}；用于 {one['results']} 个结果"
    said = "；".join(f"{_word('choices', name)}：{text}" for name, text in summary["choices"].items())
    yield f"  {said}"
    yield f"  规则 soilrules {summary['rules']['version']}，限值表指纹 {summary['rules']['fingerprint']}"
