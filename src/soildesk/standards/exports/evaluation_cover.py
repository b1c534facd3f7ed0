"""The first sheet of the report of an evaluation: what was judged by what, the counts, the samples, the signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from soildesk.standards.exports.evaluation_looks import Looks, cause_of, next_step, outcome_of, page_set_up
from soilrules.evaluation.samples import Sample
from soilrules.messages import sentence
from soilrules.verdict import Outcome

LAST = 5  # the cover has six columns
MOST_SAMPLES = 20_000
_GRAVEST_FIRST = [str(one) for one in reversed(Outcome)]


class _Cover:
    """Writes line by line from the top, as a sheet in constant memory must be."""

    def __init__(self, sheet: Worksheet, looks: Looks) -> None:
        self._sheet, self._looks, self._row = sheet, looks, -1

    def title(self, text: str) -> None:
        self._row += 1
        self._sheet.set_row(self._row, 34)
        self._sheet.merge_range(self._row, 0, self._row, LAST, text, self._looks.title)

    def heading(self, text: str) -> None:
        self._row += 2
        self._sheet.write_string(self._row, 0, text, self._looks.heading)

    def fact(self, label: str, text: str) -> None:
        """A label and a text across the page, high enough to be read whole."""
        self._row += 1
        lines = sum(-(-max(2 * len(one), 1) // 110) for one in text.split("\n"))
        self._sheet.set_row(self._row, 16 * lines)
        self._sheet.write_string(self._row, 0, label, self._looks.label)
        self._sheet.merge_range(self._row, 1, self._row, LAST, text, self._looks.text)

    def head(self, titles: Sequence[str]) -> None:
        self._row += 1
        for at, title in enumerate(titles):
            self._sheet.write_string(self._row, at, title, self._looks.head)

    def line(self, cells: Iterable[Any], outcome: str = "") -> None:
        self._row += 1
        look = self._looks.of_outcome.get(outcome, self._looks.text)
        for at, cell in enumerate(cells):
            if isinstance(cell, int | float):
                self._sheet.write_number(self._row, at, cell, look)
            else:
                self._sheet.write_string(self._row, at, cell or "", look)

    def signatures(self) -> None:
        self._row += 2
        self._sheet.set_row(self._row, 30)
        for at, label in ((0, "编制："), (2, "审核："), (4, "日期：")):
            self._sheet.write_string(self._row, at, label, self._looks.signature)


def write_cover(
    sheet: Worksheet,
    looks: Looks,
    summary: Mapping[str, Any],
    about: Mapping[str, str],
    samples: Mapping[str, Sample],
) -> None:
    """Write the sheet. `about`: what the file is, by label; `samples`: the rows of each sample, by its name."""
    for at, width in enumerate((22, 16, 22, 16, 16, 40)):
        sheet.set_column(at, at, width)
    cover = _Cover(sheet, looks)
    cover.title("检测结果评价报告")
    for label, text in about.items():
        cover.fact(label, text)
    _grounds(cover, summary)
    _counts(cover, summary)
    _causes(cover, summary)
    cover.signatures()
    _samples(cover, samples)
    page_set_up(sheet, None)


def _grounds(cover: _Cover, summary: Mapping[str, Any]) -> None:
    layout, rules = summary["layout"], summary["rules"]
    cover.fact("工作表", layout["sheet"] or "—")
    standards = [
        f"{one['standard']}《{one['title']}》，{one['since']} 起施行"
        + (f"，至 {one['until']} 前" if one["until"] else "")
        + f"；用于 {one['results']} 个结果"
        for one in summary["standards"]
    ]
    cover.fact("评价依据", "\n".join(standards) or "没有适用的标准")
    choices = [f"{sentence('evaluation', 'choices', name)}：{text}" for name, text in summary["choices"].items()]
    cover.fact("评价选项", "\n".join(choices))
    for note in summary["notes"]:
        cover.fact("地方标准", note)
    if summary["from_knowledge"]:
        told = (
            f"{summary['from_knowledge']} 个结果所依据的限值凭记忆录入，尚未核对原标准，使用前请核对（见“所用限值”）。"
        )
        cover.fact("待核对的限值", told)
    cover.fact("规则版本", f"soilrules {rules['version']}，限值表指纹 {rules['fingerprint']}")


def _counts(cover: _Cover, summary: Mapping[str, Any]) -> None:
    cover.heading("结论")
    cover.head(("结论", "结果数", "样品数（按最重的结论）"))
    for outcome in _GRAVEST_FIRST:
        results = summary["verdicts"].get(outcome, 0)
        if results:
            found = summary["samples_by_verdict"].get(outcome, 0)
            cover.line((outcome_of(outcome), results, found), outcome)
    cover.line(("合计", summary["rows"], summary["samples"]))


def _causes(cover: _Cover, summary: Mapping[str, Any]) -> None:
    if not summary["causes"]:
        return
    cover.heading("无法判断的原因")
    cover.head(("原因", "结果数", "下一步"))
    for cause, count in summary["causes"].items():
        cover.line((cause_of(cause), count, next_step(cause)))


def _samples(cover: _Cover, samples: Mapping[str, Sample]) -> None:
    cover.heading("样品")
    cover.head(("样品", "结论", "控制项目", "倍数", "结果数"))
    ordered = sorted(samples.items(), key=lambda item: (-item[1].outcome.gravity, -item[1].factor, item[0]))
    for name, one in ordered[:MOST_SAMPLES]:
        outcome = str(one.outcome)
        factor = float(f"{one.factor:.3g}") if one.factor >= 0 else ""
        cover.line((name or "（未写样品号）", outcome_of(outcome), one.name, factor, one.rows), outcome)
    if len(samples) > MOST_SAMPLES:
        cover.line((f"以上是最重的 {MOST_SAMPLES} 个样品，其余 {len(samples) - MOST_SAMPLES} 个见“全部结果”。",))
