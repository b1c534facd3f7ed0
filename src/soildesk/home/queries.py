"""今日 as short lists: what to sign, what we owe, what others owe us. Every number leads to its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.owed import Waiting
from soildesk.core.permissions import may
from soildesk.decisions.queries import owed as ground
from soildesk.enterprises.queries import hazards
from soildesk.enterprises.queries import owed as firms
from soildesk.farmland.queries import owed as farmland
from soildesk.land.queries import owed
from soildesk.monitoring.queries import alerts
from soildesk.monitoring.queries import owed as campaigns
from soildesk.oversight.queries import candidates, problems
from soildesk.plans.addresses import address
from soildesk.plans.queries import department as table
from soildesk.plans.wording import days_words
from soildesk.plots.queries import owed as plots
from soildesk.reporting.queries import records as reports
from soildesk.supervision.queries import owed as slips

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

MOST = 6
"""Rows of a short list; the rest is one click away."""


@dataclass(frozen=True)
class Line:
    """One thing to do: what, where, when."""

    what: str
    url: str
    when: str = ""
    late: bool = False


@dataclass(frozen=True)
class Short:
    """A short list: its name, how many there are, where all of them are, and the first few."""

    title: str
    count: int
    url: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Group:
    """One of the lists of 今日."""

    number: str
    title: str
    shorts: Sequence[Short]
    clear: str
    act: str = ""
    act_url: str = ""

    @property
    def count(self) -> int:
        """How many things in all."""
        return sum(short.count for short in self.shorts)


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
    office = table.is_office(actor)
    found = [
        Group(
            "①",
            _("要签收、要答复的"),
            [
                *_to_answer(actor, on, mine, units),
                *_waiting(_("督办单待答复"), slips.to_answer(actor, on, owned), on),
                *_filings(actor, filed, on),
                *_candidates(actor, on),
                *_leads_and_reviews(on_plots, on),
                *_to_accept(actor, found_problems, on),
                *_hazards(_("隐患整改待验收"), [one for one in found_hazards if one.rectified], on, "state=rectified"),
            ],
            _("没有等待签收、审核或核实的事项。"),
        ),
        Group(
            "②",
            _("本单位要办的"),
            [
                *_shorts(mine, ("late", "soon", "period"), on, units),
                *_rounds(actor, on, [one for one in rounds if one.unit_id in owned]),
                *_campaigns(actor, on, [one for one in sampling if one.unit_id in owned], own=True),
                *_alerts(actor, on, _("预警处置"), owned),
                *_cases([one for one in cases if one.unit_id in owned], on),
                *_of_plots([one for one in on_plots if one.unit_id in owned], on),
                *_of_farmland([one for one in fields if one.unit_id in owned], on),
                *_problems(
                    _("问题整改"), [one for one in found_problems if one.unit_id in owned and not one.answered], on
                ),
                *_waiting(_("应报报表"), reports.to_send(actor, on, owned), on),
            ],
            _("本单位没有逾期，14日内也没有到期。"),
        ),
    ]
    if office:
        others = [
            *_rounds(actor, on, [one for one in rounds if one.unit_id not in owned]),
            *_campaigns(actor, on, [one for one in sampling if one.unit_id not in owned], own=False),
            *_firms(actor, on),
            *_hazards(_("隐患整改"), [one for one in found_hazards if not one.rectified], on, "state=found"),
            *_cases([one for one in cases if one.unit_id not in owned], on),
            *_of_plots([one for one in on_plots if one.unit_id not in owned], on),
            *_of_farmland([one for one in fields if one.unit_id not in owned], on),
            *_problems(
                _("问题整改"), [one for one in found_problems if one.unit_id not in owned and not one.answered], on
            ),
        ]
        found.append(_others(actor, on, owned, others))
        red = list(_alerts(actor, on, _("未销号预警")))
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


def _rounds(actor: Actor, on: date, rounds: Sequence[owed.Round]) -> Iterator[Short]:
    """Patrols of unused land that are late or due within 14 days."""
    if rounds:
        lines = [
            Line(
                one.title,
                f"{reverse('kit:record', args=['unused_land', str(one.land)])}?on={on:%Y-%m-%d}",
                f"{one.due} {days_words((one.due - on).days)} {one.unit}",
                one.late,
            )
            for one in rounds[:MOST]
        ]
        show = "late" if rounds[0].late else "soon"
        url = f"{reverse('kit:collection', args=['unused_land'])}?rounds={show}&on={on:%Y-%m-%d}"
        yield Short(_("未利用地巡查"), len(rounds), url, lines)


def _campaigns(actor: Actor, on: date, found: Sequence[campaigns.Owed], *, own: bool) -> Iterator[Short]:
    """Samples to take, campaigns to end and data to share, late or due within 14 days; own samples lead into the field."""
    lists = {
        "monitoring.sampling": (_("待采样品"), "sampling_tasks", "state=planned"),
        "monitoring.campaign": (_("监测任务办结"), "campaigns", "state=running"),
        "monitoring.share": (_("监测数据共享"), "campaigns", "shared=no"),
    }
    into_field = own and may(actor, "monitoring.sample")
    for kind, (title, collection, query) in lists.items():
        rows = [one for one in found if one.kind == kind]
        if rows:
            lines = [
                Line(one.title, _campaign_url(one, into_field), _campaign_when(one, on, own), one.late)
                for one in rows[:MOST]
            ]
            yield Short(title, len(rows), f"{reverse('kit:collection', args=[collection])}?{query}", lines)


def _campaign_url(one: campaigns.Owed, into_field: bool) -> str:
    if one.samples and into_field:
        return reverse("monitoring:field")
    if one.seen:
        return reverse("monitoring:campaign", args=[one.campaign])
    return f"{reverse('kit:collection', args=['sampling_tasks'])}?state=planned"


def _campaign_when(one: campaigns.Owed, on: date, own: bool) -> str:
    left = _("%(n)d 个样品") % {"n": one.samples} if one.samples else ""
    told = (str(one.due), days_words((one.due - on).days), left, "" if own else one.unit)
    return " ".join(filter(None, told))


def _alerts(actor: Actor, on: date, title: str, units: set[int] | None = None) -> Iterator[Short]:
    """Warnings that nobody has closed: those of some departments, or all in reach."""
    if not may(actor, "monitoring.read") or units == set():
        return
    count, first = alerts.waiting(actor, MOST, units)
    if count:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["alerts", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)} {one.owner}" if one.due else one.owner,
                bool(one.due and one.due < on),
            )
            for one in first
        ]
        yield Short(title, count, f"{reverse('kit:collection', args=['alerts'])}?live=yes", lines)


def _firms(actor: Actor, on: date) -> Iterator[Short]:
    """Firms that have not done what is due, with the page that writes the letters."""
    found = firms.owing(actor, on) if may(actor, "enterprises.read") else []
    for title, late in ((_("企业义务逾期"), True), (_("企业义务14日内到期"), False)):
        rows = [one for one in found if (one.late if late else one.soon)]
        lines = [
            Line(
                one.name,
                f"{reverse('enterprises:duty_card', args=[one.firm])}?on={on:%Y-%m-%d}",
                _("%(n)d 项") % {"n": one.late if late else one.soon},
                late,
            )
            for one in rows[:MOST]
        ]
        if rows:
            count = sum(one.late if late else one.soon for one in rows)
            yield Short(title, count, f"{reverse('enterprises:duty_reminders')}?on={on:%Y-%m-%d}", lines)


def _cases(rows: Sequence[firms.Waiting], on: date) -> Iterator[Short]:
    """Investigations of abnormal data late or due within 14 days."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["investigations", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)}",
                one.due < on,
            )
            for one in rows[:MOST]
        ]
        yield Short(
            _("异常数据调查"), len(rows), f"{reverse('kit:collection', args=['investigations'])}?state=open", lines
        )


def _leads_and_reviews(on_plots: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Leads to be looked into, reports to be reviewed, offices that wait for an opinion."""
    leads = [one for one in on_plots if one.kind == plots.CANDIDATE]
    reviews = [one for one in on_plots if one.kind == plots.REVIEW]
    yield from _waiting(_("疑似地块线索待核实"), leads, on)
    yield from _waiting(_("地块报告待评审"), reviews, on)
    asked = [one for one in on_plots if one.kind == ground.OPINION]
    yield from _waiting(_("书面意见待答复"), asked, on)


def _of_plots(rows: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Written notices that run out, and what is to be done on plots that are not developed for now."""
    yield from _waiting(_("地块书面通知"), [one for one in rows if one.kind == plots.NOTICE], on)
    yield from _waiting(_("地块管控"), [one for one in rows if one.kind == plots.CONTROL], on, reverse("plots:control"))


def _of_farmland(rows: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Tests before harvests, locked grain, classes and figures; the plan of tests has its own page."""
    for kind, title in farmland.KINDS.items():
        url = reverse("farmland:test_plan") if kind == "farmland.test" else ""
        yield from _waiting(str(title), [one for one in rows if one.kind == kind], on, url)


def _waiting(title: str, rows: Sequence[Waiting], on: date, url: str = "") -> Iterator[Short]:
    """Duties of records with a page of their own; what no rule gives a term has none."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=[one.collection, str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)}" if one.due else _("没有规定时限"),
                one.late,
            )
            for one in rows[:MOST]
        ]
        yield Short(title, len(rows), url or reverse("kit:collection", args=[rows[0].collection]), lines)


def _hazards(title: str, rows: Sequence[hazards.Waiting], on: date, asked: str) -> Iterator[Short]:
    """Hazards of firms that wait to be accepted, or are late or due within 14 days."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["hazards", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)}" if one.due and not one.rectified else "",
                bool(one.due and one.due < on and not one.rectified),
            )
            for one in rows[:MOST]
        ]
        yield Short(title, len(rows), f"{reverse('kit:collection', args=['hazards'])}?{asked}", lines)


def _filings(actor: Actor, found: Sequence[firms.Review], on: date) -> Iterator[Short]:
    """Filings of firms that wait for an answer."""
    if found and may(actor, "enterprises.accept"):
        lines = [
            Line(
                one.title,
                reverse("enterprises:filing", args=[one.uid]),
                f"{one.due} {days_words((one.due - on).days)}",
                one.due < on,
            )
            for one in found[:MOST]
        ]
        url = f"{reverse('kit:collection', args=['filings'])}?state=submitted"
        yield Short(_("企业申报待审核"), len(found), url, lines)


def _candidates(actor: Actor, on: date) -> Iterator[Short]:
    """What the dates of the records show and nobody has recorded or set aside."""
    found = candidates.undecided(actor, on) if may(actor, "oversight.record") else []
    if found:
        url = reverse("oversight:compare")
        lines = [Line(words, url, str(day), late=True) for words, day in found[:MOST]]
        yield Short(_("台账比对待登记"), len(found), url, lines)


def _to_accept(actor: Actor, found: Sequence[problems.Owed], on: date) -> Iterator[Short]:
    """Problems put right that wait for somebody else to accept them."""
    if may(actor, "oversight.settle"):
        yield from _problems(_("问题待验收"), [one for one in found if one.answered], on, "state=answered")


def _problems(title: str, rows: Sequence[problems.Owed], on: date, asked: str = "live=yes") -> Iterator[Short]:
    """Problems on the list that somebody must settle."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["problems", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)} {one.unit}" if one.due else one.unit,
                one.late_on(on),
            )
            for one in rows[:MOST]
        ]
        yield Short(title, len(rows), f"{reverse('kit:collection', args=['problems'])}?{asked}", lines)


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
