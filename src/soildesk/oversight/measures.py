"""Measures of oversight: problems put right, and put right in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.kit.measures import MeasureResult, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted, Rate
from soildesk.oversight.queries import measured
from soildesk.oversight.queries.measured import Stood
from soilrules.indicators.problem_rectification import problem_rectification_rate
from soilrules.indicators.problem_settlement import timely_settlement_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

READS = ("oversight.problem", "oversight.problemact")
NONE_KNOWN = gettext_noop("问题清单中没有本地的问题：没有登记不等于没有，不能判断。")
NONE_DUE = gettext_noop("没有到期的问题，不适用。")
Judged = Callable[[Stood], bool | None]


@measure(
    "oversight.problems_settled",
    title=_("到期问题已整改"),
    reads=READS,
    words=("问题整改率", "问题整改", "整改销号", "问题清单", "整改完成率", "督察反馈问题整改", "问题整改到位"),
    subjects=BOTH,
)
def problems_settled(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every problem that fell due is accepted as put right."""
    return _of_problems(
        Asked.of(actor, subject, on, known_on),
        _settled,
        lambda good, all_: problem_rectification_rate(settled_problems=good, due_problems=all_),
        gettext_noop("到期的 %(all)d 个问题中，%(good)d 个已验收销号（%(percent)s%%）。"),
    )


@measure(
    "oversight.problems_in_time",
    title=_("问题按期销号"),
    reads=READS,
    words=("按期销号率", "按期销号", "按时整改", "按期整改", "限期整改", "按期完成整改"),
    subjects=BOTH,
)
def problems_in_time(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every problem that fell due was accepted as put right by its day."""
    return _of_problems(
        Asked.of(actor, subject, on, known_on),
        _in_time,
        lambda good, all_: timely_settlement_rate(settled_in_time=good, due_problems=all_),
        gettext_noop("到期的 %(all)d 个问题中，%(good)d 个按期销号（%(percent)s%%）。"),
    )


def _settled(one: Stood) -> bool | None:
    """A problem without a term is never late: nobody can say of it while it is open."""
    if one.settled_on is not None:
        return True
    return None if one.due is None else False


def _in_time(one: Stood) -> bool | None:
    return None if one.due is None else one.settled_on is not None and one.settled_on <= one.due


def _of_problems(asked: Asked, judged: Judged, rate: Rate, message: str) -> MeasureResult:
    """Problems that fell due by the day, or ended before they did."""
    if stopped := asked.stopped():
        return stopped
    found = measured.problems(asked)
    if not found:
        return asked.cannot_say(NONE_KNOWN)
    rows = [
        Counted("oversight.problem", str(one.problem.uid), f"{one.problem.number} {one.problem.fact[:40]}", judged(one), _note(one))
        for one in found
        if one.due is None or one.due < asked.limit or one.settled_on is not None
    ]  # fmt: skip
    return asked.share(rows, rate, message) if rows else asked.not_applicable(NONE_DUE)


def _note(one: Stood) -> str:
    notes = [_t("时限 %(due)s") % {"due": one.due} if one.due else _t("没有时限")]
    if one.moved:
        notes.append(_t("时限曾调整"))
    notes.append(_t("%(day)s 销号") % {"day": one.settled_on} if one.settled_on else _t("未销号"))
    return "，".join(notes)
