"""The short lists of 今日, of every room: what to do, where, when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

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
from soildesk.plans.wording import days_words
from soildesk.plots.queries import lists
from soildesk.plots.queries import owed as plots
from soildesk.plots.words import list_name
from soildesk.reporting.queries import records as reports
from soildesk.reporting.queries.reading import Reading, row_url
from soildesk.supervision.queries import owed as slips
from soilrules.deadlines.periods import period_of

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor

MOST = 6
"""Rows of a short list; the rest is one click away."""
MOVED_WITHIN = timedelta(days=30)
SUPPLY = "decisions.supply_surveyed"
ALL = 1000
"""Rows of the page that shows a short list to the last."""


@dataclass(frozen=True)
class Line:
    """One thing to do: what, where, when."""

    what: str
    url: str
    when: str = ""
    late: bool = False


@dataclass(frozen=True)
class Short:
    """A short list: its name, how many there are, the first few, and where all of them are.

    With a `key` the list has a page of its own that shows its `lines` to the last, and `url` leads on to the register;
    without one `url` is a register's selection of exactly these rows.
    """

    title: str
    count: int
    url: str
    lines: Sequence[Line]
    key: str = ""
    page: str = ""

    @property
    def rows_url(self) -> str:
        """Where exactly the rows that were counted stand."""
        return self.page or self.url

    @property
    def first(self) -> Sequence[Line]:
        """The lines of the short list."""
        return self.lines[:MOST]


@dataclass(frozen=True)
class Group:
    """One of the lists of 今日."""

    key: str
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


def slug(kind: str) -> str:
    """A kind of duty as it stands in an address."""
    return kind.replace(".", "-").replace("_", "-")


def of_decisions(actor: Actor, on: date) -> Iterator[Short]:
    """What waits for this person's own decision or signature."""
    asked = slips.to_decide(actor, on)
    for collection, title in (("extensions", _("延期待审批")), ("suspensions", _("挂账待审批"))):
        yield from of_records(title, [one for one in asked if one.collection == collection], on)
    yield from of_records(_("函件待签发"), slips.to_sign(actor), on)
    yield from of_records(_("报表待签发"), reports.to_sign(actor), on)


def of_supervision(found: Sequence[Waiting], on: date) -> Iterator[Short]:
    """What a unit owes those who supervise it."""
    for kind, title in (
        ("supervision.slip", _("督办单待答复")), ("supervision.letter", _("函件待答复")),
        ("supervision.sheet", _("调度表待填报")), ("supervision.talk", _("约谈整改")),
    ):  # fmt: skip
        yield from of_records(title, [one for one in found if one.kind == kind], on)


def of_rounds(actor: Actor, on: date, rounds: Sequence[owed.Round]) -> Iterator[Short]:
    """Patrols of unused land that are late or due within 14 days."""
    if rounds:
        lines = [
            Line(
                one.title,
                f"{reverse('kit:record', args=['unused_land', str(one.land)])}?on={on:%Y-%m-%d}",
                f"{one.due} {days_words((one.due - on).days)} {one.unit}",
                one.late,
            )
            for one in rounds
        ]
        show = "late" if rounds[0].late else "soon"
        url = f"{reverse('kit:collection', args=['unused_land'])}?rounds={show}&on={on:%Y-%m-%d}"
        yield Short(_("未利用地巡查"), len(rounds), url, lines, "patrols")


def of_campaigns(actor: Actor, on: date, found: Sequence[campaigns.Owed], *, own: bool) -> Iterator[Short]:
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
                Line(one.title, _campaign_url(one, into_field), _campaign_when(one, on, own), one.late) for one in rows
            ]
            url = f"{reverse('kit:collection', args=[collection])}?{query}"
            yield Short(title, len(rows), url, lines, slug(kind))


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


def of_alerts(actor: Actor, on: date, title: str, units: set[int] | None = None) -> Iterator[Short]:
    """Warnings that nobody has closed: those of some departments, or all in reach."""
    if not may(actor, "monitoring.read") or units == set():
        return
    count, first = alerts.waiting(actor, ALL, units)
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
        yield Short(title, count, f"{reverse('kit:collection', args=['alerts'])}?live=yes", lines, "alerts")


def of_moves(actor: Actor, on: date) -> Iterator[Short]:
    """Plots put on a list of the law, or taken off one, within 30 days."""
    found = lists.moves(actor, on - MOVED_WITHIN, on) if may(actor, "plots.read") else []
    if found:
        lines = [
            Line(
                f"{one.name}：" + (_("列入%(list)s") if one.entered else _("移出%(list)s")) % {"list": list_name(one.list_key)},
                reverse("kit:record", args=["plots", one.uid]),
                str(one.on),
            )
            for one in found
        ]  # fmt: skip
        yield Short(_("30日内列入、移出名单名录"), len(found), reverse("plots:lists"), lines, "moves")


def of_left_standing(actor: Actor, on: date) -> Iterator[Short]:
    """Plots off the roster that wait for the notice which takes them off the list of polluted plots."""
    found = lists.left_standing(actor, on) if may(actor, "plots.read") else []
    if found:
        bases = "；".join(one.cited for one in lists.polluted_bases(on))
        title = _("已移出风险管控和修复名录，仍在污染地块名录")
        when = _("%(day)s 移出；污染地块名录要凭市级公布文件另行移出（%(bases)s）")
        lines = [
            Line(one.name, reverse("kit:record", args=["plots", one.uid]), when % {"day": one.since, "bases": bases})
            for one in found
        ]
        yield Short(
            title, len(found), reverse("plots:list", args=[str(lists.ListKey.POLLUTED)]), lines, "left-standing"
        )


def of_supply(actor: Actor, on: date) -> Iterator[Short]:
    """Ground of this year's supply plan on which a survey is still owed."""
    place = reports.place_of(actor) if may(actor, "decisions.read") else None
    if place is None:
        return
    figure = Reading(actor, place, period_of(on, "year"), on, actor.today).figure(SUPPLY)
    rows = [one for one in figure.rows if not one.counts]
    if rows:
        lines = [Line(one.name.partition(" ")[2] or one.name, row_url(one), one.note) for one in rows]
        query = urlencode({"id": SUPPLY, "place": place.code, "on": on.isoformat()})
        yield Short(_("供应计划中未完成调查评估"), len(rows), f"{reverse('reporting:figure')}?{query}", lines, "supply")


def of_firms(actor: Actor, on: date) -> Iterator[Short]:
    """Firms that have not done what is due, each with how much, and the page that writes the letters."""
    found = firms.owing(actor, on) if may(actor, "enterprises.read") else []
    for title, late in ((_("企业义务逾期（家）"), True), (_("企业义务14日内到期（家）"), False)):
        rows = [one for one in found if (one.late if late else one.soon)]
        lines = [
            Line(
                one.name,
                f"{reverse('enterprises:duty_card', args=[one.firm])}?on={on:%Y-%m-%d}",
                _("%(n)d 项") % {"n": one.late if late else one.soon},
                late,
            )
            for one in rows
        ]
        if rows:
            url = f"{reverse('enterprises:duty_reminders')}?on={on:%Y-%m-%d}"
            yield Short(title, len(rows), url, lines, "firms-late" if late else "firms-soon")


def of_cases(rows: Sequence[firms.Waiting], on: date) -> Iterator[Short]:
    """Investigations of abnormal data late or due within 14 days."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["investigations", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)}",
                one.due < on,
            )
            for one in rows
        ]
        url = f"{reverse('kit:collection', args=['investigations'])}?state=open"
        yield Short(_("异常数据调查"), len(rows), url, lines, "cases")


def of_leads_and_reviews(on_plots: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Leads to be looked into, reports to be reviewed, offices that wait for an opinion."""
    leads = [one for one in on_plots if one.kind == plots.CANDIDATE]
    reviews = [one for one in on_plots if one.kind == plots.REVIEW]
    yield from of_records(_("疑似地块线索待核实"), leads, on)
    yield from of_records(_("地块报告待评审"), reviews, on)
    asked = [one for one in on_plots if one.kind == ground.OPINION]
    yield from of_records(_("书面意见待答复"), asked, on)


def of_plots(rows: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Written notices that run out, and what is to be done on plots that are not developed for now."""
    yield from of_records(_("地块书面通知"), [one for one in rows if one.kind == plots.NOTICE], on)
    yield from of_records(
        _("地块管控"), [one for one in rows if one.kind == plots.CONTROL], on, reverse("plots:control")
    )


def of_farmland(rows: Sequence[Waiting], on: date) -> Iterator[Short]:
    """Tests before harvests, locked grain, classes and figures; the plan of tests has its own page."""
    for kind, title in farmland.KINDS.items():
        url = reverse("farmland:test_plan") if kind == "farmland.test" else ""
        yield from of_records(str(title), [one for one in rows if one.kind == kind], on, url)


def of_records(title: str, rows: Sequence[Waiting], on: date, url: str = "") -> Iterator[Short]:
    """Duties of records with a page of their own; what no rule gives a term has none."""
    if rows:
        lines = [
            Line(
                one.title,
                _page(one),
                f"{one.due} {days_words((one.due - on).days)}" if one.due else _("没有规定时限"),
                one.late,
            )
            for one in rows
        ]
        url = url or _register(rows[0])
        yield Short(title, len(rows), url, lines, slug(rows[0].kind))


def _page(one: Waiting) -> str:
    """The page of a record: that of its register, or one that is named."""
    if ":" in one.collection:
        return reverse(one.collection, args=[one.uid])
    return reverse("kit:record", args=[one.collection, str(one.uid)])


def _register(one: Waiting) -> str:
    """The register a record stands in; one with a page of its own stands in 督办事项."""
    if ":" in one.collection:
        return f"{reverse('kit:collection', args=['matters'])}?kind={one.kind}"
    return reverse("kit:collection", args=[one.collection])


def of_hazards(title: str, rows: Sequence[hazards.Waiting], on: date, asked: str) -> Iterator[Short]:
    """Hazards of firms that wait to be accepted, or are late or due within 14 days."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["hazards", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)}" if one.due and not one.rectified else "",
                bool(one.due and one.due < on and not one.rectified),
            )
            for one in rows
        ]
        yield Short(title, len(rows), f"{reverse('kit:collection', args=['hazards'])}?{asked}", lines, "hazards")


def of_filings(actor: Actor, found: Sequence[firms.Review], on: date) -> Iterator[Short]:
    """Filings of firms that wait for an answer."""
    if found and may(actor, "enterprises.accept"):
        lines = [
            Line(
                one.title,
                reverse("enterprises:filing", args=[one.uid]),
                f"{one.due} {days_words((one.due - on).days)}",
                one.due < on,
            )
            for one in found
        ]
        url = f"{reverse('kit:collection', args=['filings'])}?state=submitted"
        yield Short(_("企业申报待审核"), len(found), url, lines, "filings")


def of_candidates(actor: Actor, on: date) -> Iterator[Short]:
    """What the dates of the records show and nobody has recorded or set aside."""
    found = candidates.undecided(actor, on) if may(actor, "oversight.record") else []
    if found:
        url = reverse("oversight:compare")
        lines = [Line(words, url, str(day), late=True) for words, day in found]
        yield Short(_("台账比对待登记"), len(found), url, lines, "candidates")


def of_accepting(actor: Actor, found: Sequence[problems.Owed], on: date) -> Iterator[Short]:
    """Problems put right that wait for somebody else to accept them."""
    if may(actor, "oversight.settle"):
        yield from of_problems(_("问题待验收"), [one for one in found if one.answered], on, "state=answered")


def of_problems(title: str, rows: Sequence[problems.Owed], on: date, asked: str = "live=yes") -> Iterator[Short]:
    """Problems on the list that somebody must settle."""
    if rows:
        lines = [
            Line(
                one.title,
                reverse("kit:record", args=["problems", str(one.uid)]),
                f"{one.due} {days_words((one.due - on).days)} {one.unit}" if one.due else one.unit,
                one.late_on(on),
            )
            for one in rows
        ]
        yield Short(title, len(rows), f"{reverse('kit:collection', args=['problems'])}?{asked}", lines, "problems")
