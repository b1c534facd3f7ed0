"""`soildesk report list` and `soildesk report make`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of, own_department
from soildesk.cli.choices import day_of
from soildesk.cli.text_tables import table
from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.land.services.writing import Place
from soildesk.reporting import files
from soildesk.reporting.queries import records
from soildesk.reporting.queries.kinds import kinds
from soildesk.reporting.services import copies
from soildesk.reporting.services.copies import Wanted
from soilrules.deadlines.periods import Period, period_of

ENDINGS = (".docx", ".xlsx")


def list_reports(options: argparse.Namespace) -> None:
    """The kinds, and the calendar of a year."""
    by = actor_of(options)
    require(by, "reporting.read")
    year = options.year or clock.today().year
    made = [
        {"kind": one.id, "title": str(one.title), "rhythm": one.rhythm, "about": str(one.about)}
        for one in kinds().values()
    ]
    rows = list(records.dues(by, clock.today()).filter(year=year, dropped_on=None).order_by("due", "pk").values())
    for row in rows:
        row["pk"] = row["id"]
    records.add_states(rows, by, clock.today())
    due = [
        {
            "uid": str(row["uid"]),
            "title": row["title"],
            "form": row["form"] or None,
            "to": row["receiver"],
            "period": row["period"],
            "due": row["due"].isoformat() if row["due"] else None,
            "basis": row["basis"],
            "mark": row["mark"],
            "state": row["copy_state"] or "not_begun",
            "duty": row["_duty"] or None,
        }
        for row in rows
    ]
    if options.json:
        show_json({"year": year, "kinds": made, "due": due})
        return
    show(table([("种类", "期次", "名称"), *[(one["kind"], one["rhythm"], one["title"]) for one in made]], (18, 8, 40)))
    show(f"{year} 年应报 {len(due)} 份")
    show(table([("时限", "报表", "报给", "状态"), *[(one["due"] or "没有规定", one["title"], one["to"], one["state"]) for one in due]], (12, 30, 24, 10)))  # fmt: skip


def make_report(options: argparse.Namespace) -> None:
    """Make one and write it."""
    by, out = actor_of(options), Path(options.out)
    if not options.out.strip():
        raise Refused("没有写文件名：--out 后面写要生成的文件，如 年度报告.docx。", code="report.make.ending")
    if out.suffix.lower() not in ENDINGS:
        raise Refused(f"不能写成 {out.name}：文件名应以 {' 或 '.join(ENDINGS)} 结尾。", code="report.make.ending")
    if not out.absolute().parent.is_dir():
        raise Refused(f"没有文件夹 {out.absolute().parent}：请先建立，或换一个位置。", code="report.make.folder")
    if out.is_dir():
        raise Refused(f"{out} 是文件夹，不能写成文件：请换一个文件名。", code="report.make.out")
    place = records.place_of(by, options.place or "")
    if place is None:
        named = f"没有代码为“{options.place}”的行政区划，或您" if options.place else "您"
        raise Refused(
            f"{named}不能查阅其全部记录，报表会漏计：请由能查阅全部记录的人员办理。", code="report.make.place"
        )
    kind = copies.kind_named(options.kind)
    wanted = Wanted(kind.id, place, _period(options, kind.rhythm), day_of(options.on, "--on"))
    if options.keep:
        copy = copies.make(wanted, Place(place, own_department(by)), by=by, at=clock.now())
        snapshot, number = copy.snapshot, copy.number
        data = files.word(copy) if out.suffix.lower() == ".docx" else files.excel(copy.snapshot)
    else:
        snapshot, number = copies.preview(wanted, by=by), None
        data = _unkept(snapshot, out, by)
    _write(out, data, number)
    if options.json:
        show_json(_as_json(snapshot, out, number))
        return
    show(f"已写 {out}：{snapshot['title']}，{snapshot['period']}，数据截至 {snapshot['on']}")
    show(f"指标 {len(snapshot['figures'])} 项，表 {len(snapshot['tables'])} 张，未能填报 {len(snapshot['gaps'])} 项")
    for gap in snapshot["gaps"]:
        show(f"  {gap['what']}：{gap['why']}")


def _write(out: Path, data: bytes, number: str | None) -> None:
    try:
        out.write_bytes(data)
    except OSError as error:
        kept = f"报表已存入登记册，编号 {number}。" if number else ""
        raise Refused(
            f"不能写入 {out}：没有写入的权限，或者磁盘不可写。{kept}请换一个位置。", code="report.make.out"
        ) from error


def _unkept(snapshot: dict[str, Any], out: Path, by: Actor) -> bytes:
    if out.suffix.lower() == ".xlsx":
        return files.excel(snapshot)
    return files.unkept(snapshot, records.office_of(by))


def _period(options: argparse.Namespace, rhythm: str) -> Period:
    year = options.year
    if not 1990 <= year <= 2100:
        raise Refused(f"年度 {year} 不对：应为 1990 至 2100。", code="report.make.year")
    if rhythm != "quarter":
        if options.quarter:
            raise Refused("这种报表按年报：不要写 --quarter。", code="report.make.quarter")
        return period_of(date(year, 1, 1), rhythm)
    today = clock.today()
    month = 3 * options.quarter if options.quarter else (today.month if today.year == year else 12)
    return period_of(date(year, month, 1), rhythm)


def _as_json(snapshot: dict[str, Any], out: Path, number: str | None) -> dict[str, Any]:
    return {
        "out": str(out),
        "number": number,
        **{key: snapshot[key] for key in ("kind", "title", "place", "place_code", "year", "period", "on", "known_on")},
        "figures": [
            {**{key: one[key] for key in ("id", "title", "value", "unit", "source", "outcome", "why", "numerator", "denominator")},
             "rows": [{"register": row["type"], "id": row["uid"], "counts": row["counts"]} for row in one["rows"]]}
            for one in snapshot["figures"].values()
        ],
        "tables": [{"id": one["id"], "title": one["title"], "rows": len(one["rows"] or ())} for one in snapshot["tables"].values()],
        "gaps": snapshot["gaps"],
    }  # fmt: skip
