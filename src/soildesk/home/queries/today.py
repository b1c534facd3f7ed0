"""今日 as short lists: what to sign, what we owe, what others owe us. Every number leads to its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from soildesk.core.permissions import may
from soildesk.decisions.queries import owed as ground
from soildesk.enterprises.queries import hazards
from soildesk.enterprises.queries import owed as firms
from soildesk.farmland.queries import owed as farmland
from soildesk.home.queries import shorts
from soildesk.home.queries.shorts import MOST, Group, Line, Short
from soildesk.land.queries import owed
from soildesk.monitoring.queries import owed as campaigns
from soildesk.oversight.queries import problems
from soildesk.plans.addresses import address
from soildesk.plans.queries import department as table
from soildesk.plans.wording import days_words
from soildesk.reporting.queries import records as reports
from soildesk.supervision.queries import owed as slips

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor


def groups(actor: Actor, on: date) -> list[Group]:
    """The lists this actor has. Only plans in force on `on` feed them."""
    rows = table.queue(actor, on)
    own = table.own_departments(actor)
    mine = table.of_departments(rows, own)
    units = [("unit", str(one.uid)) for one in own]
    owned = {one.pk for one in own}
    rounds = owed.rounds(actor, on) if may(actor, "land.read") else []
    sampling = campaigns.owed(actor, on) if may(actor, "monitoring.read") else []
    found_hazards = hazards.waiting(actor, on) if may(actor, "enterprises.verify") else []
    cases, filed = firms.waiting(actor, on) if may(actor, "enterprises.read") else ([], [])
    found_problems = problems.owed(actor, on) if may(actor, "oversight.read") else []
    on_plots = ground.on_plots_and_asked(actor, on)
    fields = farmland.on_farmland(actor, on)
    answers = slips.to_answer(actor, on, owned)
    office = table.is_office(actor)
    found = [
        Group(
            "①",
            _("要签收、要答复的"),
            [
                *_to_answer(actor, on, mine, units),
                *shorts.of_records(_("督办单待答复"), [one for one in answers if one.collection == "slips"], on),
                *shorts.of_records(_("调度表待填报"), [one for one in answers if one.collection == "dispatch_sheets"], on),
                *shorts.of_filings(actor, filed, on),
                *shorts.of_candidates(actor, on),
                *shorts.of_leads_and_reviews(on_plots, on),
                *shorts.of_accepting(actor, found_problems, on),
                *shorts.of_hazards(
                    _("隐患整改待验收"), [one for one in found_hazards if one.rectified], on, "state=rectified"
                ),
            ],
            _("没有等待签收、审核或核实的事项。"),
        ),
        Group(
            "②",
            _("本单位要办的"),
            [
                *_shorts(mine, ("late", "soon", "period"), on, units),
                *shorts.of_rounds(actor, on, [one for one in rounds if one.unit_id in owned]),
                *shorts.of_campaigns(actor, on, [one for one in sampling if one.unit_id in owned], own=True),
                *shorts.of_alerts(actor, on, _("预警处置"), owned),
                *shorts.of_cases([one for one in cases if one.unit_id in owned], on),
                *shorts.of_plots([one for one in on_plots if one.unit_id in owned], on),
                *shorts.of_farmland([one for one in fields if one.unit_id in owned], on),
                *shorts.of_problems(
                    _("问题整改"), [one for one in found_problems if one.unit_id in owned and not one.answered], on
                ),
                *shorts.of_records(_("应报报表"), reports.to_send(actor, on, owned), on),
            ],
            _("本单位没有逾期，14日内也没有到期。"),
        ),
    ]
    if office:
        others = [
            *shorts.of_rounds(actor, on, [one for one in rounds if one.unit_id not in owned]),
            *shorts.of_campaigns(actor, on, [one for one in sampling if one.unit_id not in owned], own=False),
            *shorts.of_firms(actor, on),
            *shorts.of_hazards(_("隐患整改"), [one for one in found_hazards if not one.rectified], on, "state=found"),
            *shorts.of_cases([one for one in cases if one.unit_id not in owned], on),
            *shorts.of_plots([one for one in on_plots if one.unit_id not in owned], on),
            *shorts.of_farmland([one for one in fields if one.unit_id not in owned], on),
            *shorts.of_problems(
                _("问题整改"), [one for one in found_problems if one.unit_id not in owned and not one.answered], on
            ),
        ]
        found.append(_others(actor, on, owned, others))
        red = list(shorts.of_alerts(actor, on, _("未销号预警")))
        found.append(Group("④", _("红线动态"), red, _("没有未销号的预警。")))
    return found


def _to_answer(actor: Actor, on: date, mine: object, units: Sequence[tuple[str, str]]) -> Iterator[Short]:
    yield from _shorts(mine, ("receive", "returned"), on, units)
    if table.is_office(actor):
        yield from _shorts(table.queue(actor, on), ("verify", "misdirected"), on, [("unit", "all")])
    if may(actor, "plans.import") or may(actor, "plans.review"):
        yield from _reviews(actor, on)


def _title(name: str) -> str:
    return {
        "receive": _("待签收"),
        "returned": _("被退回"),
        "late": _("逾期"),
        "soon": _("14日内到期"),
        "period": _("本期未报"),
        "verify": _("待核实"),
        "misdirected": _("申请改派"),
    }[name]


def _shorts(rows: object, names: Sequence[str], on: date, units: Sequence[tuple[str, str]]) -> Iterator[Short]:
    counts = table.bucket_counts(rows, on, names)
    for name in names:
        if counts[name]:
            url = address("plans:department", on=on, show=name, **dict(units))
            whose = name in table.OFFICE_BUCKETS
            lines = [_line(one, on, whose) for one in table.waiting(rows, name, on, MOST)]
            yield Short(_title(name), counts[name], url, lines)


def _line(one: table.Waiting, on: date, whose: bool) -> Line:
    if whose:
        return Line(one.task, address("plans:task", one.task_uid, on=on), one.department)
    when = f"{one.due} {days_words((one.due - on).days)}" if one.due else ""
    if one.internal:
        when += _("（内部）")
    return Line(one.task, address("plans:task", one.task_uid, on=on), when, one.late)


def _reviews(actor: Actor, on: date) -> Iterator[Short]:
    plans = table.under_review(actor)
    if plans:
        lines = [
            Line(
                one.title,
                address("plans:review", one.uid, on=on),
                _("%(tasks)d 项待审核，%(conflicts)d 处未裁定") % {"tasks": one.tasks, "conflicts": one.conflicts},
            )
            for one in plans[:MOST]
        ]
        yield Short(_("方案待审核"), len(plans), address("plans:list", on=on, phase="review"), lines)


def _others(actor: Actor, on: date, own: set[int], more: Sequence[Short]) -> Group:
    """③: which departments are late or will be, with the reminder to send."""
    owing = [one for one in table.owing(actor, on) if one.department.pk not in own]
    shorts = []
    for title, name in ((_("已逾期"), "late"), (_("14日内到期"), "soon")):
        having = [(one, len(getattr(one, name))) for one in owing if getattr(one, name)]
        if having:
            lines = [
                Line(
                    str(one.department),
                    address("plans:department", on=on, unit=str(one.department.uid), show=name),
                    _("%(n)d 件") % {"n": count},
                    name == "late",
                )
                for one, count in having[: MOST + 4]
            ]
            url = address("plans:department", on=on, unit="all", show=name)
            shorts.append(Short(title, sum(count for _one, count in having), url, lines))
    return Group(
        "③",
        _("别人欠我们的"),
        [*shorts, *more],
        _("其他单位没有逾期，14日内也没有到期。"),
        _("生成提醒"),
        address("plans:reminders", on=on) if shorts else "",
    )
