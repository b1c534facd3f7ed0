"""今日 as short lists: what to sign, what we owe, what others owe us. Every number leads to its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from soildesk.assessment.queries import owed as assessments
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
    units = [str(one.uid) for one in own]
    owned = {one.pk for one in own}
    rounds = owed.rounds(actor, on) if may(actor, "land.read") else []
    sampling = campaigns.owed(actor, on) if may(actor, "monitoring.read") else []
    found_hazards = hazards.waiting(actor, on) if may(actor, "enterprises.verify") else []
    cases, filed = firms.waiting(actor, on) if may(actor, "enterprises.read") else ([], [])
    found_problems = problems.owed(actor, on) if may(actor, "oversight.read") else []
    on_plots = ground.on_plots_and_asked(actor, on)
    fields = farmland.on_farmland(actor, on)
    office = table.is_office(actor)
    found = [
        Group(
            "answer",
            "①",
            _("要签收、要答复的"),
            [
                *_to_answer(actor, on, rows, mine, units),
                *shorts.of_decisions(actor, on),
                *shorts.of_records(_("考核待核查、答复、决定"), assessments.to_check(actor), on),
                *shorts.of_supervision(slips.to_answer(actor, on, owned), on),
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
            "own",
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
                *shorts.of_records(_("考核自评待签报"), assessments.to_sign(actor, on, owned), on),
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
        found.append(_red(actor, on))
    return [replace(group, shorts=[_named(one, group, on) for one in group.shorts]) for group in found]


def _red(actor: Actor, on: date) -> Group:
    """④: what moved at the red lines."""
    found = [
        *shorts.of_moves(actor, on),
        *shorts.of_left_standing(actor, on),
        *shorts.of_supply(actor, on),
        *shorts.of_alerts(actor, on, _("未销号预警")),
    ]
    clear = _("30日内没有登记名录变动，没有登记未完成调查评估的供应计划地块，没有未销号的预警。")
    return Group("red", "④", _("红线动态"), found, clear)


def waiting(actor: Actor, on: date, key: str) -> Short | None:
    """One short list by its key; None where there is none, or nothing in it any more."""
    return next((one for group in groups(actor, on) for one in group.shorts if one.key == key), None)


def decisions(actor: Actor, on: date) -> list[Short]:
    """What waits for this person's own decision or signature, with the pages it has in 今日."""
    group = Group("answer", "", "", [], "")
    return [_named(one, group, on) for one in shorts.of_decisions(actor, on)]


def _named(one: Short, group: Group, on: date) -> Short:
    """The short list with its page, where no register shows exactly its rows."""
    key = f"{group.key}-{one.key}"
    return replace(one, key=key, page=address("home:waiting", key, on=on)) if one.key else one


def _to_answer(actor: Actor, on: date, rows: object, mine: object, units: Sequence[str]) -> Iterator[Short]:
    yield from _shorts(mine, ("receive", "returned"), on, units)
    if table.is_office(actor):
        yield from _shorts(rows, ("verify", "misdirected"), on, ["all"])
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


def _shorts(rows: object, names: Sequence[str], on: date, units: Sequence[str]) -> Iterator[Short]:
    counts = table.bucket_counts(rows, on, names)
    for name in names:
        if counts[name]:
            url = address("plans:department", on=on, show=name, unit=units)
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
            for one in plans
        ]
        yield Short(_("方案待审核"), len(plans), address("plans:list", on=on, phase="review"), lines)


def _others(actor: Actor, on: date, own: set[int], more: Sequence[Short]) -> Group:
    """③: which departments are late or will be, with the reminder to send."""
    rows = table.queue(actor, on)
    shorts = []
    for title, name in ((_("已逾期"), "late"), (_("14日内到期"), "soon")):
        having = [pair for pair in table.by_department(rows, name, on) if pair[0].pk not in own]
        if having:
            lines = [
                Line(
                    str(unit),
                    address("plans:department", on=on, unit=str(unit.uid), show=name),
                    _("%(n)d 件") % {"n": count},
                    name == "late",
                )
                for unit, count in having
            ]
            url = address("plans:department", on=on, unit=[str(unit.uid) for unit, _n in having], show=name)
            shorts.append(Short(title, sum(count for _unit, count in having), url, lines))
    return Group(
        "others",
        "③",
        _("别人欠我们的"),
        [*shorts, *more],
        _("其他单位没有逾期，14日内也没有到期。"),
        _("生成提醒"),
        address("plans:reminders", on=on) if shorts else "",
    )
