"""Pictures of this room as pages of others show them: the series of a point, and the series a warning is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit import faces_urls
from soildesk.kit.parts import Chip
from soildesk.kit.register import collections
from soildesk.monitoring.drawings.figure import Figure
from soildesk.monitoring.drawings.pointmap import point_map
from soildesk.monitoring.drawings.series import MOST_LINES, series_figure
from soildesk.monitoring.markwords import mark_word
from soildesk.monitoring.models import Alert, Campaign, PointVersion
from soildesk.monitoring.queries import coverage, pointverdicts
from soildesk.monitoring.queries import series as queries
from soildesk.monitoring.queries.series import Choice, Line, Series
from soildesk.monitoring.rulings import analyte_name
from soildesk.standards.refusals import language
from soilrules.statistics.trend import Trend

TRENDS = {
    Trend.RISING: ("bad", "arrow-up"),
    Trend.FALLING: ("good", "arrow-down"),
    Trend.NO_TREND_SHOWN: ("calm", ""),
    Trend.UNKNOWN: ("unknown", ""),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the trend test says of one line."""

    name: str
    chip: Chip
    why: str
    mark: Chip


@dataclass(frozen=True, slots=True)
class Shown:
    """A series as a page shows it; without a figure there is nothing to draw."""

    series: Series
    choice: Choice
    figure: Figure | None
    trends: Sequence[Told]
    notes: Sequence[str]
    url: str


def named(slug: str) -> str:
    """An analyte in the reader's language."""
    return analyte_name(slug, language())


def trend_words() -> dict[Any, str]:
    """The outcomes in words."""
    return {
        Trend.RISING: _("显著上升"),
        Trend.FALLING: _("显著下降"),
        Trend.NO_TREND_SHOWN: _("未显示趋势"),
        Trend.UNKNOWN: _("趋势无法判断"),
    }


def mark_chip(mark: str) -> Chip:
    """The chip of a rule's mark."""
    return Chip("unknown", mark_word(mark))


def shown(actor: Actor, points: Sequence[PointVersion], asked: tuple[str, str], on: date) -> Shown:
    """The series of an analyte at some points, drawn."""
    made, choice = queries.series(actor, points, asked, on)
    told = [one for one in (_told(line) for line in made.lines) if one]
    query = [("point", one.point.number) for one in points]
    url = f"{reverse('monitoring:series')}?{urlencode([*query, ('analyte', made.analyte), ('layer', str(made.layer))])}"
    figure = series_figure(made, _title(made)) if made.contents else None
    return Shown(made, choice, figure, told, _notes(made), url)


def _title(made: Series) -> str:
    names = "、".join(line.name for line in made.lines[:3])
    more = _("等 %(n)d 个点位") % {"n": len(made.lines)} if len(made.lines) > 3 else ""
    layer = f" {made.layer} cm" if str(made.layer) else ""
    return _("%(points)s%(more)s %(analyte)s%(layer)s 的历次结果") % {
        "points": names, "more": more, "analyte": named(made.analyte), "layer": layer,
    }  # fmt: skip


def _told(line: Line) -> Told | None:
    trend = line.trend
    if trend is None:
        return None
    tone, icon = TRENDS[trend.outcome]
    chip = Chip(tone, trend_words()[trend.outcome], icon)  # type: ignore[arg-type]
    return Told(line.name, chip, trend.message.sentence(language()), mark_chip(trend.rule.mark))


def _notes(made: Series) -> list[str]:
    notes = []
    if made.other_unit:
        notes.append(_("%(n)d 个结果的单位不能换算，没有画。") % {"n": made.other_unit})
    if made.without_day:
        notes.append(_("%(n)d 个结果没有采样日期，没有画。") % {"n": made.without_day})
    if len(made.lines) > MOST_LINES:
        notes.append(_("只画了前 %(n)d 个点位。") % {"n": MOST_LINES})
    if any(not one.detected for one in made.contents):
        notes.append(_("未检出的结果画在检出限处，空心，向下的虚线表示真值在 0 与检出限之间。"))
    if len(made.lines) > 1:
        notes.append(_("多个点位的限值可能不同，图上不画限值线；见各点位的图。"))
    return notes


def of_point(actor: Actor, version: PointVersion, on: date) -> Shown | None:
    """The series on a point's page; none where it has no result."""
    made = shown(actor, [version], ("", ""), on)
    return made if made.figure else None


def of_alert(actor: Actor, alert: Alert) -> SafeString | str:
    """The series beside a warning."""
    if alert.point is None:
        return ""
    points = queries.named(actor, [alert.point.number], actor.today)
    if not points:
        return ""
    first = alert.results.select_related("task").order_by("-sampled_on").first()
    task = first.task if first else None
    layer = queries.Layer(task.depth_from_cm, task.depth_to_cm) if task else queries.Layer(None, None)
    made = shown(actor, points, (alert.analyte, str(layer)), actor.today)
    if made.figure is None or made.series.analyte != alert.analyte:
        return ""
    return render_to_string("monitoring/series_part.html", {"shown": made})


def map_of_campaign(actor: Actor, campaign: Campaign, analyte: str = "") -> Figure | None:
    """The points of a campaign by verdict; none before any result is in."""
    points = pointverdicts.of_campaign(actor, campaign, analyte)
    if not points:
        return None
    what = _("%(analyte)s评价") % {"analyte": named(analyte)} if analyte else _("点位评价")
    title = _("%(campaign)s %(what)s") % {"campaign": campaign.title, "what": what}
    start = reverse("kit:record", args=["points", "-"]).removesuffix("-")
    return point_map(points, coverage.divisions(actor, actor.today), title, lambda one: f"{start}{one.uid}")


def map_links(campaign: Campaign, analyte: str = "") -> dict[str, str]:
    """Where the same points stand on the whole map and as a list."""
    query = urlencode({"campaign": campaign.number, **({"analyte": analyte} if analyte else {})})
    return {
        "map": faces_urls.map_of(collections()["point_verdicts"], query),
        "list": f"{reverse('kit:collection', args=['point_verdicts'])}?{query}",
    }
