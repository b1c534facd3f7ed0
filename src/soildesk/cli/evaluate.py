"""`soildesk evaluate`: a laboratory table judged, as JSON, as text or as an Excel report. Needs no desk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soildesk.cli import Refused
from soildesk.cli.choices import choices_of, library_of
from soilrules.evaluation import Evaluation
from soilrules.labtables import LabTableRefused, read_table

if TYPE_CHECKING:
    from soildesk.standards.exports.evaluation_excel import EvaluationReport

_AT_ONCE = 2_000  # rows written to stdout at once


def evaluate(options: argparse.Namespace) -> None:
    """Judge the file. Rows are written as they are judged, the summary after them."""
    library = library_of(options)
    choices = choices_of(options, library)
    out = _out(options.out)
    path = Path(options.file)
    if not path.is_file():
        raise Refused(f"没有文件“{path}”。请检查路径和文件名。", code="evaluate.no_file")
    try:
        table = read_table(path, sheet=options.sheet)
    except LabTableRefused as error:
        raise Refused(error.sentence(), code=_code(error)) from error
    evaluation = Evaluation(table, library, choices)
    with _report(out, path) as report:
        summary = _as_json(evaluation, report, options) if options.json else _as_text(evaluation, report)
        if report:
            report.finish(summary)
    if out and not options.json:
        sys.stdout.write(f"\n报告：{out}\n")


def _code(error: LabTableRefused) -> str:
    return f"labtables.{error.message.id}"


def _as_json(evaluation: Evaluation, report: EvaluationReport | None, options: argparse.Namespace) -> dict[str, Any]:
    """Write {"results": […], "summary": {…}}, one row a line."""
    sys.stdout.write('{"results": [')
    try:
        _write_rows(_reported(evaluation.texts(), report) if report else evaluation.texts())
    except LabTableRefused as error:
        # damaged further on: what was begun is closed as sound JSON, and nothing more may follow it on stdout
        told = {"code": _code(error), "sentence": error.sentence()}
        sys.stdout.write(f'\n], "error": {json.dumps(told, ensure_ascii=False)}}}\n')
        options.json = False
        raise
    summary = evaluation.summary()
    sys.stdout.write(f'\n],\n"summary": {json.dumps(summary, ensure_ascii=False, indent=1)}}}\n')
    return summary


def _write_rows(texts: Iterable[str]) -> None:
    rows: list[str] = []
    gap = "\n"
    try:
        for text in texts:
            rows.append(text)
            if len(rows) == _AT_ONCE:
                sys.stdout.write(gap + ",\n".join(rows))
                rows.clear()
                gap = ",\n"
    finally:
        if rows:
            sys.stdout.write(gap + ",\n".join(rows))


def _as_text(evaluation: Evaluation, report: EvaluationReport | None) -> dict[str, Any]:
    from soildesk.cli.evaluate_text import as_text

    for _ in _reported(evaluation.texts(), report) if report else ():
        pass
    summary = evaluation.summary() if report else evaluation.judge()
    sys.stdout.write(as_text(summary))
    return summary


def _reported(texts: Iterable[str], report: EvaluationReport) -> Iterator[str]:
    """The rows, each written to the report as it goes by."""
    for text in texts:
        report.take(json.loads(text))
        yield text


def _out(name: str | None) -> Path | None:
    if not name:
        return None
    out = Path(name)
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"--out 的值“{name}”应以 .xlsx 结尾：报告是 Excel 工作簿。", code="evaluate.bad_out")
    if out.is_dir() or not out.parent.is_dir():
        raise Refused(f"报告不能写到“{out}”：文件夹不存在，或同名的是文件夹。请先建立文件夹。", code="evaluate.bad_out")
    return out


@contextmanager
def _report(out: Path | None, table: Path) -> Iterator[EvaluationReport | None]:
    """The report under a name of its own until it is whole; none where none was asked for."""
    if out is None:
        yield None
        return
    from soildesk.standards.exports.evaluation_excel import EvaluationReport

    with table.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        report = EvaluationReport(unfinished, table=table.name, digest=digest)
        yield report
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
