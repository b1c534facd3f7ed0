"""`soildesk assess`: the score of a place in a year under a scheme. Nothing is written."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from soildesk.assessment.queries import live
from soildesk.assessment.services.adopting import scheme_named
from soildesk.cli import Refused, show, show_json
from soildesk.cli.actors import actor_of, own_department
from soildesk.cli.text_tables import table
from soildesk.core import queries
from soildesk.core.permissions import Actor, require
from soildesk.reporting.queries import records

if TYPE_CHECKING:
    from soildesk.core.models import Division

SAID = {"met": "达到", "partly": "部分达到", "not_met": "未达到", "unknown": "不知道", "not_applicable": "不适用"}


def assess(options: argparse.Namespace) -> None:
    """The assessment that stands, or the score by the records as they are."""
    by = actor_of(options)
    require(by, "assessment.read")
    if not 1990 <= options.year <= 2100:
        raise Refused(f"年度 {options.year} 不对：应为 1990 至 2100。", code="assess.year")
    place = _place(options, by)
    scheme = scheme_named(options.scheme, live.own_schemes(place, options.year))
    found = live.assessed(scheme, place, options.year, by)
    if options.json:
        show_json(found)
        return
    _told(found)


def _place(options: argparse.Namespace, by: Actor) -> Division:
    """A place whose records are seen whole, or of which an assessment is seen: a town sees its own result."""
    found = records.place_of(by, options.place or "")
    if found is None:
        found = queries.division_of_code(options.place) if options.place else own_department(by).division
        if found is None or not live.stands(options.scheme, found, options.year, by):
            name = f"代码为“{options.place}”的行政区划" if options.place else "您所在地区这个方案的考核"
            raise Refused(f"没有{name}，或您不能查阅其全部记录。", code="assess.place")
    return found


def _told(found: dict[str, Any]) -> None:
    score = found["score"]
    ends = [score["worst"], score["best"]]
    told = "没有适用的项" if ends[0] is None else ends[0] if ends[0] == ends[1] else "～".join(ends)
    show(f"{found['title']}  {found['place_name']}  {found['year']} 年  数据截至 {found['on']}")
    show(f"得分 {told}  等次 {score['grade_title'] or '不能定级'}  {found['source_words']}")
    body = [
        (one["title"], one["value"], one["target"] or "", SAID[one["verdict"]], _points(one), str(len(one["rows"])))
        for one in found["items"]
    ]
    show(table([("指标", "值", "目标", "结论", "得分/分值", "记录"), *body], (28, 14, 8, 10, 18, 6)))
    for one in found["deductions"]:
        show(
            f"扣分：{one['title']}  {one['value']}  扣 {one['low'] if one['low'] == one['high'] else one['low'] + '～' + one['high']} 分"
        )
    for one in found["vetoes"]:
        show(f"一票否决：{one['title']}  { {True: '发生', False: '没有', None: '不知道'}[one['holds']] }")
    if found["missing"]:
        show(f"还不知道 {len(found['missing'])} 项：{'、'.join(one['title'] for one in found['missing'])}")


def _points(one: dict[str, Any]) -> str:
    low, high = one["points"]["low"], one["points"]["high"]
    return f"{low if low == high else low + '～' + high}/{one['weight']}"
