"""Measures of the assessment of hazardous-waste management: the share that passes, of producers and of operators each.

Whether 基本达标 counts as 合格 is for the place to say: such a result decides nothing, and where it could turn the answer,
nobody can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.models import WasteAssessment
from soildesk.enterprises.queries.wastes import Assessed, assessed
from soildesk.kit.measures import MeasureResult, Outcome, Reason, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soilrules.indicators.hazardous_waste_pass_rate import hazardous_waste_pass_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

Kind, Level = WasteAssessment.Kind, WasteAssessment.Level
READS = ("enterprises.wasteassessment", "enterprises.enterpriseversion")
NONE = {
    Kind.PRODUCER: gettext_noop("%(year)d 年没有产废单位的评估结果：没有登记不等于合格，不能判断。"),
    Kind.OPERATOR: gettext_noop("%(year)d 年没有经营单位的评估结果：没有登记不等于合格，不能判断。"),
}
BOTH_KINDS = (Kind.PRODUCER, Kind.OPERATOR)
TOLD = {
    BOTH_KINDS: gettext_noop(
        "%(year)d 年评估的产废单位 %(p_all)d 家中 %(p_good)d 家达标（%(p_percent)s%%），经营单位 %(o_all)d 家中 %(o_good)d 家达标（%(o_percent)s%%）。"
    ),
    (Kind.PRODUCER,): gettext_noop(
        "%(year)d 年评估的产废单位 %(p_all)d 家中 %(p_good)d 家达标（%(p_percent)s%%）；当地没有经营单位。"
    ),
    (Kind.OPERATOR,): gettext_noop(
        "%(year)d 年评估的经营单位 %(o_all)d 家中 %(o_good)d 家达标（%(o_percent)s%%）；当地没有产废单位。"
    ),
}
OPEN = {
    BOTH_KINDS: gettext_noop(
        "%(year)d 年产废单位 %(p_good)d/%(p_all)d 家达标（基本达标 %(p_open)d 家），经营单位 %(o_good)d/%(o_all)d 家达标（基本达标 %(o_open)d 家）：基本达标是否算合格由当地考核办法定，不能判断。"
    ),
    (Kind.PRODUCER,): gettext_noop(
        "%(year)d 年产废单位 %(p_good)d/%(p_all)d 家达标，基本达标 %(p_open)d 家：基本达标是否算合格由当地考核办法定，不能判断。"
    ),
    (Kind.OPERATOR,): gettext_noop(
        "%(year)d 年经营单位 %(o_good)d/%(o_all)d 家达标，基本达标 %(o_open)d 家：基本达标是否算合格由当地考核办法定，不能判断。"
    ),
}
LEAST_KNOWN = (Outcome.NOT_DONE, Outcome.CANNOT_SAY, Outcome.DONE)
"""Of two answers the one that decides: both have to be reached."""


def _measured(name: str, title: str | Promise, words: Sequence[str], *, spot: bool) -> None:
    @measure(f"enterprises.{name}", title=title, reads=READS, words=words, subjects=BOTH)
    def passed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """As many producers and as many operators pass as the target says, each by itself."""
        asked = Asked.of(actor, subject, on, known_on)
        if answer := asked.stopped():
            return answer
        found = {kind: assessed(asked, kind, spot=spot) for kind in Kind}
        asks = [kind for kind in Kind if not found[kind].nobody]
        for kind in asks or [Kind.PRODUCER]:
            if not found[kind].results:
                return asked.cannot_say(NONE[kind], year=asked.year)
        answers = {kind: _of_kind(asked, found[kind]) for kind in asks}
        return _together(asked, answers)


def _of_kind(asked: Asked, found: Assessed) -> MeasureResult:
    rows = [_row(one, name) for one, name in found.results]
    return asked.share(rows, _rate, "")


def _rate(good: int, all_: int) -> Any:
    return hazardous_waste_pass_rate(passes=good, mostly=0, fails=all_ - good, mostly_counts=False).least


def _row(one: WasteAssessment, name: str) -> Counted:
    counts = {Level.PASSES: True, Level.FAILS: False}.get(Level(one.level))
    told = [str(one.get_kind_display()), str(one.get_round_display()), str(one.get_level_display())]
    if one.score is not None:
        told.append(_t("%(score)d 分") % {"score": one.score})
    told += [words for words in (one.veto, one.body) if words]
    if counts is None:
        told.append(_t("基本达标是否算合格由当地考核办法定"))
    return Counted("enterprises.wasteassessment", str(one.uid), name, counts, "，".join(told))


def _together(asked: Asked, answers: dict[Kind, MeasureResult]) -> MeasureResult:
    """The answer that both kinds give; where the place has units of one kind alone, that kind's."""
    outcome = min((one.outcome for one in answers.values()), key=LEAST_KNOWN.index)
    told: dict[str, Any] = {"year": asked.year}
    for kind, one in answers.items():
        told |= {f"{kind[0]}_{name}": value for name, value in one.reason.parameters.items()}
    is_open = outcome is Outcome.CANNOT_SAY and any(one.reason.parameters["open"] for one in answers.values())
    message = (OPEN if is_open else TOLD)[tuple(answers)]
    rows = tuple(row for one in answers.values() for row in one.rows)
    good, all_ = (
        sum(int(getattr(one, name) or 0) for one in answers.values()) for name in ("numerator", "denominator")
    )
    return MeasureResult(outcome, Reason(message, told), asked.on, good, all_, "", rows, asked.basis)


_measured(
    "waste_assessed", _("危废规范化考核合格"),
    ("危险废物规范化环境管理评估", "规范化管理考核合格率", "规范化环境管理考核合格率", "规范化环境管理评估达标率", "危废规范化考核合格率"),
    spot=False,
)  # fmt: skip
_measured(
    "waste_spot_checked", _("危废规范化抽查合格"),
    ("规范化管理抽查合格率", "规范化环境管理抽查合格率", "危废规范化抽查合格率"),
    spot=True,
)  # fmt: skip
