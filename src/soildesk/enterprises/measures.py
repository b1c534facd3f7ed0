"""Measures of key units: inspected, monitored, reported, demolitions filed, hazards put right, list and letters public.

What is counted stands on the duty cards of the day. A register without a row proves nothing: it is answered with
"cannot say", never with done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.dutywords import line_of
from soildesk.enterprises.queries import measured
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted, Rate
from soilrules.enterprises.duties import CardLine, CardState
from soilrules.enterprises.dutyrules import Trigger
from soilrules.enterprises.lists import list_kinds
from soilrules.indicators.demolition_filing_rate import demolition_filing_rate
from soilrules.indicators.hazard_inspection_rate import hazard_inspection_rate
from soilrules.indicators.hazard_rectification import hazard_rectification_rate
from soilrules.indicators.letter_rate import letter_rate
from soilrules.indicators.self_monitoring_rate import self_monitoring_rate
from soilrules.indicators.toxic_report_rate import toxic_report_rate

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.enterprises.queries.facts import Firm

FIRMS = ("enterprises.enterpriseversion", "enterprises.listing", "enterprises.happening")
FIRM = "enterprises.enterprise"
NOBODY = gettext_noop("没有单位在当日或当年负有这项义务的记录：没有登记名录不等于没有，不能判断。")
NO_HAZARD = gettext_noop("没有隐患的记录：没有登记不等于没有隐患，不能判断。")
NO_LETTER = gettext_noop("没有任何单位签订责任书的记录，不能判断是没有签订还是没有登记。")
NO_DEMOLITION = gettext_noop("当年没有拆除活动的记录，不能判断。")
YEAR_AHEAD = gettext_noop("%(year)d 年还没有开始，不能判断。")
NO_LIST = gettext_noop("没有登记过重点监管单位名录文件，不能判断是否公开。")


def _by_duty(
    name: str, title: str | Promise, words: Sequence[str], *, of: Callable[[CardLine, int], bool], rate: Rate,
    message: str, waits: bool,
) -> None:  # fmt: skip
    """Register the measure of a duty: each firm that owes it did it. `waits`: what is not due yet is left open."""

    @measure(f"enterprises.{name}", title=title, reads=FIRMS, words=words, subjects=BOTH)
    def done(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """Each key unit that owes the duty has done it."""
        asked = Asked.of(actor, subject, on, known_on)
        if answer := asked.stopped():
            return answer
        if asked.on.year < asked.year:
            return asked.cannot_say(YEAR_AHEAD, year=asked.year)
        found = measured.lines(asked, lambda line: _begun(line, asked.year) and of(line, asked.year))
        rows = [row for firm, lines in found if (row := _of_firm(firm, lines, waits)) is not None]
        return asked.share(rows, rate, message) if rows else asked.cannot_say(NOBODY)


def _begun(line: CardLine, year: int) -> bool:
    """Whether a duty was owed by the end of a year: what began later says nothing of it."""
    return line.owed is None or line.owed.since.year <= year


def _of_firm(firm: Firm, lines: Sequence[CardLine], waits: bool) -> Counted | None:
    """How one firm counts: its worst line decides; None where it owes nothing yet."""
    states = {line.state for line in lines}
    uid = firm.row["enterprise__uid"]
    counts, state = None, None
    if CardState.OVERDUE in states:
        counts, state = False, CardState.OVERDUE
    elif CardState.CANNOT_SAY in states:
        counts, state = None, CardState.CANNOT_SAY
    elif waits and CardState.DUE in states:
        counts, state = None, CardState.DUE
    elif CardState.DONE in states:
        return Counted(FIRM, str(uid), firm.name, True)
    if state is None:
        return None
    note = "；".join(f"{(told := line_of(line, uid)).title}：{told.reason}" for line in lines if line.state is state)
    return Counted(FIRM, str(uid), firm.name, counts, note)


def _in_year(line: CardLine, year: int) -> bool:
    return line.due is not None and line.due.year == year


def _asked_by(line: CardLine, year: int) -> bool:
    """Whether an inspection is asked for by a year; the next one after that of the year is not, whatever its term."""
    is_next = line.rule.trigger is Trigger.LAST and line.owed is not None and line.owed.since.year == year
    return (line.due is None or line.due.year <= year) and not is_next


_by_duty(
    "hazard_inspected", _("重点单位隐患排查完成"),
    ("隐患排查率", "隐患排查", "开展一次全面、系统的土壤污染隐患排查", "土壤污染隐患排查制度"),
    of=lambda line, year: line.rule.duty == "hazard_inspection" and _asked_by(line, year),
    rate=lambda good, all_: hazard_inspection_rate(inspected=good, owing=all_ - good).least,
    message=gettext_noop("应开展隐患排查的 %(all)d 家单位中，%(good)d 家已按期完成（%(percent)s%%）。"), waits=False,
)  # fmt: skip
_by_duty(
    "self_monitored", _("重点单位自行监测完成"),
    ("自行监测率", "自行监测", "对其用地开展土壤环境监测", "自行对其用地土壤进行环境监测"),
    of=lambda line, year: line.rule.duty == "self_monitoring_plan" or line.rule.duty == "self_monitoring" and _in_year(line, year),
    rate=lambda good, all_: self_monitoring_rate(monitored=good, owing=all_ - good).least,
    message=gettext_noop("应开展自行监测的 %(all)d 家单位中，%(good)d 家方案和当年数据齐全（%(percent)s%%）。"), waits=True,
)  # fmt: skip
_by_duty(
    "toxic_reported", _("有毒有害物质排放年报已报"),
    ("有毒有害物质排放情况", "年度排放情况", "有毒有害物质排放年报率", "有毒有害物质排放年度报告"),
    of=lambda line, year: line.rule.duty == "toxic_report" and _in_year(line, year),
    rate=lambda good, all_: toxic_report_rate(reported=good, owing=all_ - good).least,
    message=gettext_noop("应报告的 %(all)d 家单位中，%(good)d 家已报告（%(percent)s%%）。"), waits=True,
)  # fmt: skip
_by_duty(
    "tanks_reported", _("地下储罐信息已报送"), ("地下储罐信息", "地下储罐的信息", "储罐信息报送"),
    of=lambda line, year: line.rule.duty == "tank_information",
    rate=lambda good, all_: toxic_report_rate(reported=good, owing=all_ - good).least,
    message=gettext_noop("有地下储罐的 %(all)d 家单位中，%(good)d 家已报送（%(percent)s%%）。"), waits=True,
)  # fmt: skip


@measure(
    "enterprises.demolitions_filed",
    title=_("拆除活动已备案"),
    reads=FIRMS,
    words=(
        "拆除活动备案",
        "拆除备案率",
        "拆除活动污染防治方案",
        "工业和信息化部门备案",
        "应急措施在内的土壤污染防治工作方案",
    ),
    subjects=BOTH,
)
def demolitions_filed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every demolition begun in the year was filed with each receiver in time."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = [
        Counted(FIRM, str(one.uid), f"{one.name} {one.subject}", one.filed, one.note)
        for one in measured.demolitions(asked)
    ]
    if not rows:
        return asked.cannot_say(NO_DEMOLITION)
    return asked.share(
        rows, lambda good, all_: demolition_filing_rate(filed=good, unfiled=all_ - good).least,
        gettext_noop("当年开始的 %(all)d 次拆除中，%(good)d 次已按期备案（%(percent)s%%）。"),
    )  # fmt: skip


@measure(
    "enterprises.hazards_rectified",
    title=_("隐患整改验收合格"),
    reads=("enterprises.hazard", "enterprises.hazardact"),
    words=("隐患整改", "隐患排查整改合格率", "整改合格率", "隐患整改率", "隐患排查整治"),
    subjects=BOTH,
)
def hazards_rectified(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every hazard found was put right and accepted by another person."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    rows = [
        Counted("enterprises.hazard", str(one.uid), f"{one.number} {one.what}", done, "" if done else _t("未验收销号"))
        for one, done in measured.hazards(asked)
    ]
    if not rows:
        return asked.cannot_say(NO_HAZARD)
    return asked.share(
        rows, lambda good, all_: hazard_rectification_rate(verified=good, open_hazards=all_ - good).least,
        gettext_noop("发现的 %(all)d 处隐患中，%(good)d 处已整改并验收（%(percent)s%%）。"),
    )  # fmt: skip


@measure(
    "enterprises.letters_signed",
    title=_("土壤污染防治责任书已签订"),
    reads=FIRMS,
    words=("土壤污染防治责任书", "责任书签订率"),
    subjects=BOTH,
)
def letters_signed(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every unit on the list of the day signed its letter of responsibility; whether it is public is told beside it."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    found = measured.letters(asked)
    if not any(signed for _firm, signed, _public in found):
        return asked.cannot_say(NO_LETTER if found else NOBODY)
    rows = [
        Counted(FIRM, str(firm.row["enterprise__uid"]), firm.name, signed is not None, _of_letter(signed, public))
        for firm, signed, public in found
    ]
    return asked.share(
        rows, lambda good, all_: letter_rate(signed=good, unsigned=all_ - good).least,
        gettext_noop("名录内 %(all)d 家单位中，%(good)d 家已签订责任书（%(percent)s%%）。"),
    )  # fmt: skip


def _of_letter(signed: date | None, public: date | None) -> str:
    if signed is None:
        return _t("没有签订的记录")
    if public is None:
        return _t("%(day)s 签订，没有公开的记录") % {"day": signed}
    return _t("%(day)s 签订，%(public)s 公开") % {"day": signed, "public": public}


@measure(
    "enterprises.list_published",
    title=_("重点监管单位名录已公开"),
    reads=("enterprises.listnotice",),
    words=("名录公开", "重点监管单位名录实施动态更新", "更新土壤污染重点监管单位名录", "更新土壤污染重点监管名录"),
    subjects=BOTH,
)  # fmt: skip
def list_published(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """The list of key units was published in the year; not yet published, it is late after the day the rule gives."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    found = measured.notices(asked)
    if not found:
        return asked.cannot_say(NO_LIST)
    due = list_kinds()["soil_key"].publication_due(asked.year)
    days = [one.published_on for one in found if one.published_on and one.published_on.year == asked.year]
    told = {"year": asked.year, "due": due, "day": min(days, default=None)}
    rows = tuple(
        Proof("enterprises.listnotice", str(one.uid), f"{one.number} {one.title}", one.published_on in days)
        for one in found
    )
    if days:
        message = gettext_noop("%(year)d 年名录于 %(day)s 公开（应于 %(due)s 前）。")
        return MeasureResult(Outcome.DONE, Reason(message, told), on, rows=rows, basis=asked.basis)
    if due is None or asked.limit <= due:
        return asked.cannot_say(gettext_noop("%(year)d 年名录应于 %(due)s 前公开，时限未到，尚无公开的记录。"), **told)
    message = gettext_noop("%(year)d 年名录应于 %(due)s 前公开，没有公开的记录。")
    return MeasureResult(Outcome.NOT_DONE, Reason(message, told), on, rows=rows, basis=asked.basis)
