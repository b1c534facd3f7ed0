"""The duty card of a year as a drawing: a row per duty with its span, its day and the day it was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from soildesk.enterprises.dutywords import STATES, Line
from soildesk.kit.drawing import Bar, Dot, Timeline, TimelineRow


def drawn(lines: Sequence[Line], year: int, on: date) -> Timeline:
    """The lines of a card over its year; what lies outside is held at the edge."""
    rows = [_row(line) for line in lines]
    return Timeline(_("%(year)d年义务清单") % {"year": year}, rows, on, date(year, 1, 1), date(year, 12, 31))


def _row(line: Line) -> TimelineRow:
    tone = STATES[line.card.state][0]
    title = f"{line.title} {line.period}" if line.period else line.title
    dots = []
    if line.due:
        dots.append(Dot(line.due, _("时限 %(day)s：%(state)s") % {"day": line.due, "state": line.chip.word}, tone))
    if line.done_on:
        dots.append(Dot(line.done_on, _("%(day)s 完成") % {"day": line.done_on}, "good", line.evidence_url))
    last = line.due or line.done_on or (line.card.owed.ended_on if line.card.owed else None)
    bars = [Bar(line.since, last, line.reason, tone)] if line.since and last and line.since <= last else []
    return TimelineRow(title, dots, bars)
