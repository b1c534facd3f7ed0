"""How rounds of 调度 are shown: states, numbers, the strip of who signed when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.kit.drawing import Bar, Dot, Timeline, TimelineRow
from soildesk.kit.parts import Chip
from soildesk.supervision.models import DispatchRound, DispatchSheet
from soildesk.supervision.queries.rounds import Line
from soilrules.deadlines import State

ROUND_STATES = {
    DispatchRound.State.OPEN.value: ("busy", "hourglass-split", DispatchRound.State.OPEN.label),
    DispatchRound.State.CLOSED.value: ("calm", "check-circle-fill", DispatchRound.State.CLOSED.label),
}
SHEET_STATES = {
    DispatchSheet.State.OPEN.value: ("warn", "pencil", DispatchSheet.State.OPEN.label),
    DispatchSheet.State.SIGNED.value: ("good", "check-circle-fill", DispatchSheet.State.SIGNED.label),
    DispatchSheet.State.RETURNED.value: ("bad", "arrow-counterclockwise", DispatchSheet.State.RETURNED.label),
    DispatchSheet.State.MISSING.value: ("bad", "x-circle-fill", DispatchSheet.State.MISSING.label),
}
NUMBER_TITLES = {
    "tasks": _l("任务"),
    "said_done": _l("已报完成"),
    "late": _l("任务逾期"),
    "done": _l("台账已达到"),
    "not_done": _l("台账未达到"),
    "cannot_say": _l("台账无法判断"),
    "differs": _l("填报与台账不一致"),
    "slips": _l("有督办单"),
    "extensions": _l("有延期"),
}
FREE_TITLES = {"problems": _l("存在问题"), "following": _l("下一步工作"), "help": _l("需协调事项")}


def sheet_chip(line: Line) -> Chip:
    """How a unit's sheet stands; late is said beside it by `late_chip`."""
    tone, icon, word = SHEET_STATES[line.said.sheet.state]
    return Chip(tone, str(word), icon)  # type: ignore[arg-type]


def late_chip(line: Line) -> Chip | None:
    """Overdue, or signed late; nothing where it is neither."""
    if line.duty is State.OVERDUE:
        return Chip("bad", _("逾期"), "exclamation-triangle-fill", _("填报时限 %(due)s 已过。") % {"due": line.due})
    if line.duty is State.DONE_LATE:
        return Chip("warn", _("逾期签报"), "clock-history", _("填报时限 %(due)s。") % {"due": line.due})
    return None


def strip(one: DispatchRound, lines: Sequence[Line], on: date) -> Timeline:
    """Who signed when: the span to the term of each unit, a mark for every signing, another for every return."""
    rows = [
        TimelineRow(
            str(line.said.sheet.unit),
            list(_dots(line)),
            [Bar(one.opened_on, line.due, _("填报期至 %(due)s") % {"due": line.due})],
            reverse("kit:record", args=["dispatch_sheets", str(line.said.sheet.uid)]),
        )
        for line in lines
    ]
    return Timeline(_("各单位签报时间"), rows, min(on, one.closed_on) if one.closed_on else on)


def _dots(line: Line) -> Iterator[Dot]:
    for signing in line.said.sheet.signings.all():
        day = clock.local_day(signing.signed_at)
        late = day > line.due
        yield Dot(day, _("逾期签报") if late else _("签报"), "busy" if late else "good")
        if signing.returned_at is not None:
            yield Dot(clock.local_day(signing.returned_at), _("退回：%(why)s") % {"why": signing.returned_why}, "bad")
