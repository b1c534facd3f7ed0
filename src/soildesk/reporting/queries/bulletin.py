"""What a bulletin of the state of the soil says of a year: points over a limit by use of the ground and by substance.

The same query as the rate of points over a limit: its parts make up its whole. No point and no place of a point is named.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.kit.measures import Outcome, Proof
from soildesk.monitoring import entering
from soildesk.monitoring.queries import measured
from soildesk.monitoring.queries.results import analyte_name
from soildesk.reporting.queries.counts import counted_as
from soildesk.reporting.queries.reading import Figure, Reading, plain
from soildesk.reporting.queries.tables import Row, Told, numbered, table_of
from soilrules.indicators.exceedance_share import exceedance_bounds

POINT, CAMPAIGN = "monitoring.point", "monitoring.campaign"
HUNDRED = Decimal(100)


def _points(reading: Reading) -> list[Any]:
    return list(measured.soil_points(reading.asked))


def _over(reading: Reading) -> Mapping[int, bool | None]:
    return measured.over_limit(_points(reading), reading.asked)


def _standing(reading: Reading, empty: Figure) -> Figure:
    """The soil points of the place; without any nothing is said."""
    points = _points(reading)
    if not points:
        return _nothing(empty, _t("台账中没有土壤监测点位：没有登记不等于没有。"))
    return _counted(empty, points)


def _with_results(reading: Reading, empty: Figure) -> Figure:
    held = _over(reading)
    found = [one for one in _points(reading) if one.point_id in held]
    return _counted(empty, found) if found else _nothing(empty, no_results())


def _unjudged(reading: Reading, empty: Figure) -> Figure:
    held = _over(reading)
    if not held:
        return _nothing(empty, no_results())
    return _counted(empty, [one for one in _points(reading) if held.get(one.point_id, False) is None])


def _graded(reading: Reading, empty: Figure) -> Figure:
    """Campaigns that are not for the public, whose results are counted: what a release has to weigh first."""
    if not _over(reading):
        return _nothing(empty, no_results())
    found = measured.graded(_points(reading), reading.asked)
    rows = tuple(Proof(CAMPAIGN, str(one.uid), f"{one.number} {one.title}", True) for one in found)
    return Figure(empty.id, empty.title, len(rows), _t("项"), rows=rows)


def _counted(empty: Figure, points: Collection[Any]) -> Figure:
    rows = tuple(Proof(POINT, str(one.point.uid), f"{one.point.number} {one.name}", True) for one in points)
    return Figure(empty.id, empty.title, len(rows), _t("个"), rows=rows)


def _nothing(empty: Figure, why: str) -> Figure:
    return Figure(empty.id, empty.title, None, _t("个"), why=why, outcome=str(Outcome.CANNOT_SAY))


def no_results() -> str:
    """Why nothing is said of a year."""
    return _t("当年没有已接收的土壤检测结果，不能发布当年的土壤环境质量状况。")


def _by_use(reading: Reading) -> Told:
    held = _over(reading)
    if not held:
        return Told(None, no_results())
    words = dict(entering.USES)
    found: dict[str, dict[int, bool | None]] = {}
    for one in _points(reading):
        if one.point_id in held:
            found.setdefault(one.use, {})[one.point_id] = held[one.point_id]
    rows = [("use", str(words.get(use, "") or _t("没有登记评价用途")), said) for use, said in sorted(found.items())]
    told = numbered(_line(key, title, said) for key, title, said in rows)
    bare = len(_points(reading)) - len(held)
    missing = [(_t("%(n)d 个土壤监测点位当年的状况") % {"n": bare}, _t("当年没有已接收的检测结果。"))] if bare else []
    return Told(told.rows, missing=missing)


def _by_analyte(reading: Reading) -> Told:
    found = measured.over_by_analyte(_points(reading), reading.asked)
    if not found:
        return Told(None, no_results())
    order = sorted(found.items(), key=lambda one: (-_number(one[1], True), -len(one[1]), one[0]))
    return numbered(_line("analyte", analyte_name(slug), said) for slug, said in order)


def _line(key: str, title: str, said: Mapping[int, bool | None]) -> Row:
    over, open_ = _number(said, True), _number(said, None)
    return Row({
        key: title, "points": str(len(said)), "over": str(over), "open": str(open_),
        "rate": _share(over, len(said) - over - open_, open_),
    })  # fmt: skip


def _number(said: Mapping[int, bool | None], wanted: bool | None) -> int:
    return sum(one is wanted for one in said.values())


def _share(over: int, within: int, open_: int) -> str:
    """The share over a limit; from the least to the most it may be, where some could not be judged."""
    least, most = exceedance_bounds(over=over, within=within, unknown=open_) or (Decimal(0), Decimal(0))
    words = [f"{plain(one * HUNDRED)}%" for one in (least, most)]
    return words[0] if least == most else "～".join(words)


counted_as("soil.points", _("土壤监测点位"), _standing)
counted_as("soil.points_with_results", _("当年有检测结果的土壤点位"), _with_results)
counted_as("soil.points_unjudged", _("无法判断是否超标的土壤点位"), _unjudged)
counted_as("soil.graded_campaigns", _("所用监测任务中未定为可公开的"), _graded)
SHARES = (
    ("points", _("点位数"), 14),
    ("over", _("超标点位"), 14),
    ("open", _("无法判断"), 14),
    ("rate", _("点位超标率"), 20),
)
table_of("soil.by_use", _("各类用地土壤点位"), [("use", _("评价用途"), 32), *SHARES], _by_use)
table_of("soil.by_analyte", _("各监测项目"), [("analyte", _("监测项目"), 32), *SHARES], _by_analyte)
