"""`soildesk gis`: files of geometry into a layer and out of it, two layers overlaid."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import NotAllowed
from soildesk.kit.gis import exporting, overlaying, targets
from soildesk.kit.gis.asked import Asked, with_map
from soildesk.kit.gis.loading import File
from soildesk.kit.gis.refusals import GisRefused
from soildesk.kit.gis.taking import Order, take

STEP_S = 2.0


def import_file(options: argparse.Namespace) -> None:
    """Take a file into a layer, all rows or none."""
    try:
        report = _taken(options)
    except (Refusal, NotAllowed) as refusal:
        raise _refusal(refusal) from refusal
    if options.json:
        show_json(report)
        return
    rows = report["rows"]
    head = (
        f"回执 {report['receipt']}："
        if report["receipt"]
        else "预演，没有写入："
        if report["dry_run"]
        else "没有写入："
    )
    show(f"{head}新增 {rows['new']}，变更 {rows['changed']}，相同 {rows['same']}，不导入 {rows['refused']}。")
    show(f"坐标系：{report['source_crs_title']} → CGCS2000；面积 {report['area_m2']:.2f} m²")
    for sentence in report["notes"]:
        show(f"· {sentence}")
    for one in report["findings"][:50]:
        show(f"第 {one['row']} 行：{one['sentence']}")


def _taken(options: argparse.Namespace) -> dict[str, Any]:
    actor, on = actor_of(options), _day(options)
    path = Path(options.file)
    asked = Asked(
        crs=options.crs, axis=options.axis, layer=options.file_layer, encoding=options.encoding, since=on,
        why=options.why, document=options.document, title=options.title, repair=options.repair,
        accept_outside=options.accept_outside,
    )  # fmt: skip
    if options.map:
        asked = with_map(asked, Path(options.map).read_text("utf-8"), options.map)
    if options.new:
        _make_layer(options, actor)
    wanted = targets.target(actor, options.layer, on)
    order = Order(wanted, File(path, path.name, by_command=True), asked, options.skip_refused, options.dry_run)
    return take(order, clock.now(), _Told())


def _make_layer(options: argparse.Namespace, actor: Any) -> None:
    """A layer of the office's own, before its first edition comes."""
    from soildesk.cli.actors import own_department
    from soildesk.land.services import layers
    from soildesk.land.services.writing import Place

    if options.dry_run:
        raise Refused("--new 会新建图层，不能与 --dry-run 同用。请先去掉其中一个。", code="gis.new_dry_run")
    department = own_department(actor)
    facts = layers.LayerFacts(options.layer, options.title or options.layer)
    layers.make(facts, Place(department.division, department), by=actor, at=clock.now())


class _Told:
    """Progress on stderr, every two seconds."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, done: int, total: int | None) -> None:
        if time.monotonic() - self._at > STEP_S:
            self._at = time.monotonic()
            sys.stderr.write(f"已读 {done} 行" + (f"，共 {total} 行\n" if total else "\n"))


def _refusal(refusal: Exception) -> Refused:
    code = getattr(refusal, "code", "cli.not_allowed")
    data = {"ok": False, "error": {"code": code, "sentence": str(refusal)}, **getattr(refusal, "details", {})}
    return Refused(str(refusal), code=code, data=data)


def _day(options: argparse.Namespace) -> Any:
    return day_of(options.on, "--on") or clock.today()


def list_layers(options: argparse.Namespace) -> None:
    """Every layer the actor may see, and whether files may be brought into it."""
    actor, on = actor_of(options), _day(options)
    takes = {one.collection for one in targets.importable(actor, on)}
    found = [
        {
            "layer": seen.declared.collection,
            "title": str(seen.declared.title),
            "shape": seen.declared.ground.shape,
            "imports": seen.declared.collection in takes,
        }
        for seen in targets.with_ground(actor, on)
    ]
    if options.json:
        show_json({"layers": found, "on": on})
        return
    rows = [(one["layer"], one["title"], one["shape"], "可导入" if one["imports"] else "") for one in found]
    sys.stdout.write(table([("代码", "名称", "图形", "导入"), *rows], (24, 24, 10)) + "\n")


def export_layer(options: argparse.Namespace) -> None:
    """Write a layer as a file."""
    try:
        seen = targets.named(actor_of(options), options.layer, _day(options))
        done = exporting.export(seen, Path(options.out), crs=options.crs, step=_Told())
    except (Refusal, NotAllowed) as refusal:
        raise _refusal(refusal) from refusal
    report = {
        "ok": True, "layer": seen.declared.collection, "file": options.out, "rows": done.rows, "crs": done.crs,
        "on": seen.on, "notes": list(done.notes),
    }  # fmt: skip
    if options.json:
        show_json(report)
        return
    show(f"已写出 {done.rows} 行到 {options.out}（{done.crs}）。")
    for sentence in done.notes:
        show(f"· {sentence}")


def overlay_layers(options: argparse.Namespace) -> None:
    """Lay two layers over each other and write the table of areas."""
    actor, on = actor_of(options), _day(options)
    try:
        if Path(options.out).suffix.lower() != ".xlsx":
            raise GisRefused(
                f"叠加结果只写 Excel：--out 应以 .xlsx 结尾，现为“{options.out}”。", code="gis.unknown_ending"
            )
        found = overlaying.laid_over(targets.named(actor, options.a, on), targets.named(actor, options.b, on), _Told())
    except (Refusal, NotAllowed) as refusal:
        raise _refusal(refusal) from refusal
    Path(options.out).write_bytes(overlaying.as_xlsx(found))
    report = {"ok": True, **found.as_json(), "out": options.out}
    if options.json:
        show_json(report)
        return
    for one in report["totals"]:
        show(f"{one['class']}：{one['area_m2']:.2f} m²（{one['mu']:.2f} 亩）")
    show(f"未覆盖：{report['remainder_m2']:.2f} m²。明细见 {options.out}。")
