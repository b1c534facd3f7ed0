"""`soildesk gate`: whether an office may let an act go ahead on a ground; the answer is kept under its number."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.decisions import grounds
from soildesk.decisions.answershown import answer_told
from soildesk.decisions.grounds import Known
from soildesk.decisions.services import batch as batches
from soildesk.decisions.services.batch import Order
from soildesk.decisions.services.national import National
from soildesk.decisions.services.questions import Question, put
from soildesk.decisions.words import DECISIONS, outcome_word
from soildesk.kit import pasted
from soildesk.kit.gis import exporting, targets

STEP_S = 2.0
SAID = (
    "act", "use", "use_scheme", "current_use", "current_scheme", "untouched", "plan_state", "transfer", "related",
    "project", "document", "on_behalf_of",
)  # fmt: skip
BETWEEN = ";"
"""Between lists, as in the files and answers of plots."""
YES_NO = {"": None, "yes": True, "no": False}


def check(options: argparse.Namespace) -> None:
    """Ask of one ground."""
    by = actor_of(options)
    try:
        question = _question(options)
        made, _new = put(question, lambda: _ground(options, by, question.on), by=by, at=clock.now())
    except (Refusal, NotAllowed) as refusal:
        raise _refusal(refusal) from refusal
    told = answer_told(made)
    if options.json:
        show_json(told)
        return
    show(f"{DECISIONS[told['decision']]}（{told['number']}）")
    for one in told["checks"]:
        if one["outcome"] == "not_applicable":
            continue
        cited = f"〔{'；'.join(one['basis'])}〕" if one["basis"] else ""
        word = outcome_word(one["outcome"], one["force"], one["id"], one["because"])
        show(f"· {one['title']}：{word}。{one['because']}{cited}")
        if one["would_change"] and one["outcome"] != "yes":
            show(f"  怎样可以改变：{one['would_change']}")
    show("核查意见，不替代行政许可。")


def _refusal(refusal: Exception) -> Refused:
    return Refused(str(refusal), code=getattr(refusal, "code", "cli.not_allowed"))


def _question(options: argparse.Namespace) -> Question:
    """The words of the command as a question."""
    given = {name: getattr(options, name) for name in SAID}
    return Question(
        **given, on=day_of(options.on, "--on") or clock.today(), recalled_on=day_of(options.recalled_on, "--recalled-on"),
        works_begun=YES_NO[options.works_begun], pollutes=YES_NO[options.pollutes], food=YES_NO[options.food],
        national=_national(options),
    )  # fmt: skip


def _national(options: argparse.Namespace) -> National | None:
    """What the national system said; all of it or nothing."""
    said = {f"--national-{name}": getattr(options, f"national_{name}") for name in ("on", "by", "found", "result")}
    shown = (options.national_stage, options.national_lists, options.national_restricted, options.national_file)
    if not any((*said.values(), *shown)):
        return None
    if missing := [option for option, text in said.items() if not text]:
        told = (
            f"全国系统查询的结果不完整，缺少 {'、'.join(missing)}：查询日期、查询人、有没有这个地块、查询结果都要写。"
        )
        raise Refused(told, code="gate.national_incomplete")
    on = day_of(options.national_on, "--national-on")
    assert on is not None
    return National(
        on, options.national_by, YES_NO[options.national_found] is True, options.national_result,
        _picture(options.national_file), options.national_stage,
        tuple(filter(None, options.national_lists.split(BETWEEN))), YES_NO[options.national_restricted],
    )  # fmt: skip


def _picture(name: str) -> tuple[str, bytes] | None:
    path = Path(name)
    if name and not path.is_file():
        raise Refused(f"没有文件“{name}”：请检查 --national-file 的路径和文件名。", code="gate.no_file")
    return (path.name, path.read_bytes()) if name else None


def _ground(options: argparse.Namespace, by: Actor, on: date) -> Known:
    if options.parcel is not None:
        return grounds.of_code(options.parcel, by, on)
    read_as: list[str] = []
    if pasted.is_shape(options.geometry):
        shape = grounds.of_text(options.geometry, options.crs, tell=read_as.append)
    else:
        path = _path(options.geometry, "--geometry")
        shape = grounds.of_file(
            path, path.name, options.crs, layer=options.file_layer, by_command=True, tell=read_as.append
        )
    for sentence in read_as:
        _tell(sentence)
    return Known(shape, read_as="".join(read_as))


def _path(name: str, option: str) -> Path:
    if not name.strip():
        raise Refused(f"{option} 是空的：应为文件名。", code="gate.no_file")
    path = Path(name)
    try:
        path.exists()
    except (OSError, ValueError) as error:
        told = f"{option} 的“{name[:40]}……”不是文件名：请写文件的路径；范围也可以直接写成 WKT 或 GeoJSON。"
        raise Refused(told, code="gate.no_file") from error
    return path


def _tell(sentence: str) -> None:
    """What the asker should know of how a file was read, beside the answer."""
    sys.stderr.write(sentence + "\n")


def batch(options: argparse.Namespace) -> None:
    """Ask of every row of a layer and write the table."""
    by = actor_of(options)
    out = Path(options.out)
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"结果写成 Excel：--out 应以 .xlsx 结尾，现为“{options.out}”。", code="gate.unknown_ending")
    if not out.absolute().parent.is_dir():
        raise Refused(f"没有文件夹“{out.parent}”：请先建好，或把 --out 写到已有的文件夹。", code="gate.no_folder")
    _must_take(out)
    on = day_of(options.on, "--on") or clock.today()
    order = Order(options.title or Path(options.layer).stem, options.act.strip(), on, options.use, options.use_scheme)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = _layer(options.layer, Path(folder), by, on)
            heard: list[str] = []
            rows = grounds.rows_of(
                path, path.name, options.crs, layer=options.file_layer, by_command=True, tell=heard.append
            )
            made = batches.at_once(order, rows, by=by, at=clock.now(), step=_Told(), heard=heard)
    except (Refusal, NotAllowed) as refusal:
        raise _refusal(refusal) from refusal
    for sentence in heard:
        _tell(sentence)
    out.write_bytes(files.read(files.uses_of(made).get(kind=batches.TABLE)))
    report = {"number": made.number, "counts": made.counts, "rows": sum(made.counts.values()), "out": options.out}
    refused = made.counts.get("refused", 0)
    if refused == report["rows"]:
        told = f"{made.number}：{refused} 行都没有核查，逐行原因见 {options.out}。请改正后重新核查。"
        error = {"code": "gate.none_asked", "sentence": told}
        raise Refused(told, code="gate.none_asked", data={**report, "error": error})
    if options.json:
        show_json(report)
        return
    said = "，".join(f"{DECISIONS[key]} {made.counts[key]}" for key in DECISIONS if made.counts.get(key))
    show(f"{made.number}：{said}。明细见 {options.out}。")
    if refused:
        show(f"有 {refused} 行没有核查，原因见表。")


def _must_take(out: Path) -> None:
    """Whether the table can be written is known before anything is asked."""
    stood = out.exists()
    try:
        with out.open("ab"):
            pass
    except OSError as error:
        told = f"不能写入“{out}”：没有写入的权限，或者磁盘不可写。没有核查，请换一个位置。"
        raise Refused(told, code="gate.out") from error
    if not stood:
        out.unlink()


def _layer(layer: str, folder: Path, by: Actor, on: Any) -> Path:
    """The file named, or a layer of the desk written as one."""
    path = _path(layer, "LAYER")
    if path.exists() or path.suffix:
        return path
    made = folder / f"{layer}.gpkg"
    exporting.export(targets.named(by, layer, on), made)
    return made


class _Told:
    """Progress on stderr, every two seconds."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, done: int, total: int | None) -> None:
        if time.monotonic() - self._at > STEP_S:
            self._at = time.monotonic()
            sys.stderr.write(f"已核查 {done} 块\n")
