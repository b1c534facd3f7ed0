"""`soildesk gate`: whether an office may let an act go ahead on a ground; the answer is kept under its number."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed
from soildesk.decisions import grounds
from soildesk.decisions.grounds import Known
from soildesk.decisions.queries.facts import Asked
from soildesk.decisions.services import batch as batches
from soildesk.decisions.services import gate
from soildesk.decisions.services.batch import Order
from soildesk.decisions.services.gate import Said
from soildesk.decisions.words import DECISIONS, OUTCOMES
from soildesk.kit.gis import exporting, targets
from soildesk.land.services.writing import place_at
from soilrules.gate.uses import schemes

STEP_S = 2.0


def check(options: argparse.Namespace) -> None:
    """Ask of one ground."""
    by = actor_of(options)
    try:
        told = _asked(options, by)
    except (Refusal, NotAllowed) as refusal:
        raise Refused(str(refusal), code=getattr(refusal, "code", "cli.not_allowed")) from refusal
    if options.json:
        show_json(told)
        return
    show(f"{DECISIONS[told['decision']]}（{told['number']}）")
    for one in told["checks"]:
        if one["outcome"] == "not_applicable":
            continue
        cited = f"〔{'；'.join(one['basis'])}〕" if one["basis"] else ""
        show(f"· {one['title']}：{OUTCOMES[one['outcome']]}。{one['because']}{cited}")
    show("核查意见，不替代行政许可。")


def _asked(options: argparse.Namespace, by: Actor) -> dict[str, Any]:
    on = day_of(options.on, "--on") or clock.today()
    for option, scheme in (("--use-scheme", options.use_scheme), ("--current-scheme", options.current_scheme)):
        if scheme and scheme not in schemes():
            raise Refused(f"{option} 的值“{scheme}”无法识别，应为：{'、'.join(schemes())}。", code="gate.bad_option")
    known = _ground(options, by, on)
    now = options.current_use if options.current_use is not None else known.use_now or None
    asked = Asked(
        known.shape, options.act.strip(), options.use.strip(), on,
        scheme=options.use_scheme, current_use=now, current_scheme=options.current_scheme or known.use_system,
        untouched=True if options.untouched else None,
    )  # fmt: skip
    said = Said(
        project=options.project or known.name, parcel_code=known.code, document=options.document,
        on_behalf_of=options.on_behalf_of,
    )  # fmt: skip
    made = gate.ask(asked, place_at(known.division_path, by), said, by=by, at=clock.now())
    return {"decision": made.decision, "number": made.number, "checks": [_told(one) for one in made.checks]}


def _ground(options: argparse.Namespace, by: Actor, on: Any) -> Known:
    if options.parcel:
        return grounds.of_code(options.parcel, by, on)
    path = Path(options.geometry)
    return Known(grounds.of_file(path, path.name, options.crs, by_command=True))


def _told(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one["id"],
        "title": one["title"]["zh"],
        "outcome": one["outcome"],
        "force": one["force"],
        "because": "".join(one["because"]["zh"]),
        "would_change": one["would_change"].get("zh", ""),
        "basis": one["basis"],
        "area_m2": one["area_m2"],
    }


def batch(options: argparse.Namespace) -> None:
    """Ask of every row of a layer and write the table."""
    by = actor_of(options)
    out = Path(options.out)
    if out.suffix.lower() != ".xlsx":
        raise Refused(f"结果写成 Excel：--out 应以 .xlsx 结尾，现为“{options.out}”。", code="gate.unknown_ending")
    if not out.absolute().parent.is_dir():
        raise Refused(f"没有文件夹“{out.parent}”：请先建好，或把 --out 写到已有的文件夹。", code="gate.no_folder")
    on = day_of(options.on, "--on") or clock.today()
    order = Order(options.title or Path(options.layer).stem, options.act.strip(), on, options.use, options.use_scheme)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = _layer(options.layer, Path(folder), by, on)
            rows = grounds.rows_of(path, path.name, options.crs, by_command=True)
            held = batches.begin(order, None, by=by, at=clock.now())
            made = batches.run(held, order, rows, by=by, at=clock.now(), step=_Told())
    except (Refusal, NotAllowed) as refusal:
        raise Refused(str(refusal), code=getattr(refusal, "code", "cli.not_allowed")) from refusal
    table = files.uses_of(made).get(kind=batches.TABLE)
    out.write_bytes(files.read(table))
    if options.json:
        show_json({"number": made.number, "counts": made.counts, "rows": sum(made.counts.values()), "out": options.out})
        return
    told = "，".join(f"{DECISIONS[key]} {made.counts[key]}" for key in DECISIONS if made.counts.get(key))
    show(f"{made.number}：{told}。明细见 {options.out}。")
    if made.counts.get("refused"):
        show(f"有 {made.counts['refused']} 行没有核查，原因见表。")


def _layer(layer: str, folder: Path, by: Actor, on: Any) -> Path:
    """The file named, or a layer of the desk written as one."""
    path = Path(layer)
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
