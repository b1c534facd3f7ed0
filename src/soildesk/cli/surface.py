"""`soildesk surface`: the surface of one analyte of a campaign as GeoTIFF. Exit code 1 where it cannot be mapped.

What is drawn from graded data leaves the house with an approval only, or by the hand of an approver where it is internal;
the line that says so is written beside it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of
from soildesk.core import clock, files
from soildesk.core.permissions import Actor, may
from soildesk.monitoring.queries.alerts import campaign_called
from soildesk.monitoring.queries.surfaces import approval
from soildesk.monitoring.services import exporting, surfaces
from soilrules import analytes

METHODS = {"kriging": "kriging", "idw": "inverse_distance"}
KEPT = (
    "results",
    "points",
    "not_detected",
    "without_place",
    "left_out",
    "reach_m",
    "grid",
    "variogram",
    "validation",
    "figures",
)


def draw(options: argparse.Namespace) -> None:
    """Draw it, write the file, and say how far it is to be trusted."""
    out = _out(options.out)
    by = actor_of(options)
    campaign = campaign_called(by, options.campaign)
    if campaign is None:
        raise Refused(
            f"没有编号为“{options.campaign}”的监测任务，或不在您的权限范围内：用“监测任务”列表中的编号。",
            code="monitoring.campaign.not_found",
        )
    at = clock.now()
    asked = surfaces.ask(campaign, _wanted(options), by=by, at=at)
    made = surfaces.make(asked, by=by, at=at)
    told = _told(made)
    if made.state != "mapped":
        raise Refused(f"不能成图：{made.reason['zh']}", code="monitoring.surface.unknown", data=told)
    use = files.uses_of(made).filter(kind=options.show).first() or _only_medians(made, options.show)
    if use is None:
        raise Refused(
            f"这种方法给不出“{options.show}”：反距离加权没有方差和概率，没有限值也没有概率。请换 --show 或 --method。",
            code="monitoring.surface.not_given",
            data=told,
        )
    mark = _mark(made, by, told)
    out.write_bytes(files.read(use))
    if mark:
        _beside(out).write_text(mark + "\n", "utf-8")
    told |= {"out": str(out), "shows": use.kind, "approval": mark or None}
    if options.json:
        show_json(told)
    else:
        _say(told)


def _out(name: str) -> Path:
    out = Path(name)
    if out.suffix.lower() not in (".tif", ".tiff") or not out.parent.is_dir():
        raise Refused(f"插值图不能写到“{out}”：应以 .tif 结尾，文件夹应已存在。", code="monitoring.surface.bad_out")
    return out


def _mark(made: Any, by: Actor, told: dict[str, Any]) -> str:
    """The line of the approval under which graded data leave the house, as on the page; nothing of public data."""
    if made.campaign.grade == "public":
        return ""
    found = approval(by, made.campaign, medium=made.medium, analyte=made.analyte)
    if found is None and made.campaign.grade != "sensitive" and may(by, exporting.DECIDES, made.campaign):
        return exporting.drawn_by_approver(made, by=by, at=clock.now())
    if found is None:
        raise Refused(
            f"没有写出文件：任务 {made.campaign.number} 的数据为“{made.campaign.get_grade_display()}”，带出须先经批准。"
            f"图已留存，可在系统中查看；请在“检测结果”里筛选该任务和项目，申请导出，由另一人批准后再运行本命令。",
            code="monitoring.surface.not_approved",
            data=told,
        )
    exporting.given_out(found, made.report["results"], "tif", by=by, at=clock.now())
    return exporting.watermark(found)


def _beside(out: Path) -> Path:
    """Where the line of the approval stands beside a file."""
    return out.with_name(f"{out.stem}_批准信息.txt")


def _only_medians(made: Any, wanted: str) -> Any:
    """Inverse distance of logarithms gives medians and no means."""
    return files.uses_of(made).filter(kind="medians").first() if wanted == "contents" else None


def _wanted(options: argparse.Namespace) -> surfaces.Wanted:
    found = analytes.candidates(options.analyte)
    if len(found) != 1:
        near = "、".join(one.zh for one in analytes.nearest(options.analyte))
        raise Refused(
            f"分析项目“{options.analyte}”不认识，或不止一个意思。"
            + (f"相近的有：{near}。" if near else "请写代码，如 cadmium。"),
            code="monitoring.surface.analyte",
        )
    return surfaces.Wanted(
        analyte=found[0],
        medium=options.medium,
        depth=options.depth,
        method=METHODS[options.method],
        scale=options.scale,
        substitute="" if options.substitute == "none" else options.substitute,
        cell_m=options.cell,
        reach_m=options.reach,
        limit=options.limit,
    )


def _told(made: Any) -> dict[str, Any]:
    """What came of it, for programs."""
    report = made.report
    return {
        "surface": str(made.uid),
        "campaign": made.campaign.number,
        "analyte": made.analyte,
        "medium": made.medium,
        "unit": made.unit,
        "grade": made.campaign.grade,
        "method": made.method,
        "scale": made.scale,
        "substitute": made.substitute,
        "limit": made.limit,
        "limit_source": made.limit_source,
        "state": made.state,
        "reason": made.reason.get("zh"),
        **{name: report[name] for name in KEPT if name in report},
        "remarks": [one["zh"] for one in report.get("remarks", ())],
    }


def _say(told: dict[str, Any]) -> None:
    grid, checked = told["grid"], told["validation"]
    show(f"{told['campaign']} {told['analyte']}（{told['unit']}）：已写入 {told['out']}（{told['shows']}）")
    show(
        f"  {told['points']} 个位置，格距 {grid['cell']:g} 米，{grid['columns']} × {grid['rows']} 格，EPSG:{grid['epsg']}"
    )
    show(f"  交叉验证均方根误差 {checked['rmse']:.4g}（数据标准差 {checked['sd']:.4g}）")
    if told["limit"] is not None:
        show(f"  限值 {told['limit']:g}（{told['limit_source']}）")
    for one in told["remarks"]:
        show(f"  · {one}")
    if told["approval"]:
        show(f"  {told['approval']}（另存为 {_beside(Path(told['out'])).name}）")
