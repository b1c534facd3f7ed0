"""调度: the rounds, and the page of one: who signed when, one table over all units, where unit and registers differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.register.records import stopped
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter, TextFilter
from soildesk.kit.languages import listed
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plans.wording import period_word
from soildesk.supervision import words
from soildesk.supervision.models import DispatchRound
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.letters import links_of
from soildesk.supervision.queries.sheets import NUMBERS
from soildesk.supervision.register.matters import SECTION
from soildesk.supervision.roundwords import NUMBER_TITLES, ROUND_STATES, late_chip, sheet_chip, strip
from soildesk.supervision.services.letters import WRITE as LETTERS
from soildesk.supervision.services.rounds import DISPATCH, SHEETS
from soildesk.supervision.services.sheets import may_fill

ROUNDS = "dispatch_rounds"
State = DispatchRound.State


def one_round(actor: Actor, row: Row, on: date) -> RecordPage:
    """One round: how far it is, what is late, what can be done."""
    found = seen.round_of(actor, row["uid"])
    assert found is not None
    lines = seen.board(found, on, actor)
    late, whole = [line for line in lines if line.late], seen.sees_all(found, actor)
    return RecordPage(
        chips=list(_chips(found, row, late)),
        life=_life(found, lines),
        facts=_facts(found),
        acts=list(_acts(actor, found, lines, whole=whole)),
        history=_history(found),
        related=links_of(actor, found),
        template="supervision/round.html",
        context={
            "round": found,
            "lines": [_told(found, line) for line in lines],
            "titles": [NUMBER_TITLES[name] for name in NUMBERS],
            "totals": [(n, _rows_url(found, name)) for name, n in seen.totals(lines).items()],
            "differences": seen.by_task(seen.differences(lines)),
            "strip": strip(found, lines, on),
            "whole": whole,
            "late": late,
            "unlisted": listed(seen.unlisted(found)) if whole else "",
            "outdated": listed(str(one.unit) for one in seen.of_the_edition_before(found, lines)),
        },
    )


def _told(found: DispatchRound, line: seen.Line) -> dict[str, Any]:
    sheet = line.said.sheet
    return {
        "line": line,
        "url": sheet_url(sheet),
        "chip": sheet_chip(line),
        "late": late_chip(line),
        "numbers": [
            (NUMBER_TITLES[name], n, _rows_url(found, name, str(sheet.unit.uid)), name)
            for name, n in line.numbers.items()
        ],
    }


def sheet_url(sheet: Any) -> str:
    """The page of a sheet."""
    return reverse("kit:record", args=[SHEETS, str(sheet.uid)])


def _rows_url(found: DispatchRound, name: str, unit: str = "") -> str:
    query = f"?what={name}" + (f"&unit={unit}" if unit else "")
    return reverse("supervision:round_rows", args=[found.uid]) + query


def _chips(found: DispatchRound, row: Row, late: Sequence[seen.Line]) -> Iterator[Chip]:
    yield words.chip(ROUND_STATES, found.state)
    counts = {"n": row["signed"], "all": row["units"]}
    yield Chip("good" if counts["n"] == counts["all"] else "busy", _("%(n)d/%(all)d 已签报") % counts)
    if late:
        yield Chip(
            "bad", _("%(n)d 个单位逾期") % {"n": len(late)}, why=listed(str(each.said.sheet.unit) for each in late)
        )
    if found.snapshot is not None and not seen.intact(found):
        yield Chip("bad", _("内容与校验值不符"), why=_("请勿使用，并请审计人员核查。"))


def _life(found: DispatchRound, lines: Sequence[seen.Line]) -> list[Step]:
    closed = found.state == State.CLOSED
    complete = all(line.said.signed for line in lines)
    return [
        Step(_("数据截至"), "done", found.on),
        Step(_("发起"), "done", found.opened_on),
        Step(_("填报时限"), "done" if complete else "missing" if closed else "here", found.due),
        Step(_("结束"), "done" if closed else "ahead", found.closed_on),
    ]


def _facts(found: DispatchRound) -> list[Fact]:
    plans = listed(found.plans.order_by("pk").values_list("title", flat=True))
    facts = [Fact(_("所调度的方案"), plans), Fact(_("发起人"), found.opened_by.name if found.opened_by else "")]
    if found.note:
        facts.append(Fact(_("填报要求"), found.note))
    if found.state == State.CLOSED:
        facts.append(Fact(_("结束说明"), found.close_note or _("各单位均已签报")))
        facts.append(Fact(_("校验值（SHA-256）"), found.digest))
    return facts


def _acts(actor: Actor, found: DispatchRound, lines: Sequence[seen.Line], *, whole: bool) -> Iterator[Act]:
    """A unit has its own sheet and, in the end, the ranking; the rest is for who sees every sheet."""
    office = stopped(actor, DISPATCH, found)
    for line in lines if found.state == State.OPEN and office else ():
        if not line.said.signed and may_fill(line.said.sheet, actor):
            url = reverse("supervision:sheet_fill", args=[line.said.sheet.uid])
            yield Act(_("填报本单位调度表"), url, "pencil", primary=True)
    if found.state == State.OPEN and whole:
        if seen.unlisted(found):
            units = reverse("supervision:round_units", args=[found.uid])
            yield Act(_("补发调度表"), units, "plus-lg", primary=True, stopped_by=office)
        url = reverse("supervision:round_close", args=[found.uid])
        yield Act(_("结束调度"), url, "check2-circle", stopped_by=office)
    unpublished = "" if whole or found.state == State.CLOSED else _("调度结束后公布。")
    url = reverse("supervision:round_ranking", args=[found.uid])
    yield Act(_("排名"), url, "arrow-up", stopped_by=unpublished)
    if whole and may(actor, LETTERS, found):
        url = f"{reverse('supervision:new_letter')}?from=round&key={found.uid}"
        yield Act(_("起草通报等函件"), url, "journal-text")
    if whole:
        yield Act("Word", reverse("supervision:round_word", args=[found.uid]), "file-earmark-text")
        yield Act("Excel", reverse("supervision:round_excel", args=[found.uid]), "file-earmark-excel")


def _history(found: DispatchRound) -> list[Event]:
    acts = [f"supervision.round.{name}" for name in ("opened", "widened", "renewed", "closed")]
    return [Event(entry.at, who, audit_words.word_of(entry.act)) for entry, who in audit.told_of(found, *acts)]


def _title(row: Mapping[str, Any]) -> str:
    return _("%(place)s%(period)s调度") % {"place": row["place"], "period": period_word(row["period"])}


def _signed(value: Any, row: Mapping[str, Any]) -> str:
    return cells.escape(f"{row['signed']} / {row['units']}")


def _late_on(on: date) -> Q:
    return Q(state=State.OPEN, due__lt=on, unsigned__gt=0)


REGISTER = register.add(
    Register(
        name="supervision.rounds",
        collection=ROUNDS,
        title=_l("调度"),
        permission="supervision.read",
        queryset=seen.rounds,
        fields=["place", "period", "signed", "units"],
        record=one_round,
        columns=[
            Column("title", _l("名称"), _title, ["place", "period"], width=20, frozen=True, format=cells.link),
            Column("number", _l("编号"), sort="number", width=13),
            Column("period", _l("调度期"), sort="period", width=7),
            Column("on", _l("数据截至"), sort="on", width=8, format=cells.day, type="date"),
            Column("due", _l("填报时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("signed", _l("已签报"), lambda row: f"{row['signed']} / {row['units']}", ["signed", "units"], width=7, format=_signed),
            Column("state", _l("状态"), sort="state", width=7, format=cells.chip(ROUND_STATES), export=lambda value, row: str(State(value).label)),
            Column("closed_on", _l("结束日期"), sort="closed_on", width=8, format=cells.day, type="date"),
            Column("office", _l("发起单位"), width=11),
            Column("close_note", _l("结束说明"), width=18, format=cells.clamp, shown=False, on_record=False),
        ],
        filters=[
            ChoiceFilter("state", _l("状态"), choices=State.choices),
            ChoiceFilter("late", _l("逾期"), choices=[("1", _l("有单位逾期未报"))], conditions={"1": _late_on}),
            TextFilter("period", _l("调度期"), fields=["period"]),
            DateRangeFilter("due", _l("填报时限")),
        ],
        search=["number", "period", "close_note"],
        default_sort="-on",
        page_acts=[
            PageAct(_l("发起调度"), "supervision:round_open", DISPATCH, primary=True),
            PageAct(_l("各单位调度表"), "kit:collection", "supervision.read", icon="table", args=(SHEETS,)),
        ],
        views=[(_l("填报中"), "state=open"), (_l("有单位逾期未报"), "late=1")],
        about=_l("一次发起，每个责任单位一张调度表，任务、进展、核算结果从台账带出，单位只补台账里没有的并签报。逾期由时限规则判断。"),
        empty=_l("还没有调度。点“发起调度”，选调度期、方案和填报时限即可。"),
        empty_else=(DISPATCH, _l("没有要本单位填报的调度。办公室发起以后会通知，并列入“今日”。")),
    )
)  # fmt: skip

navigation.register(SECTION, _l("调度"), "kit:collection", "supervision.read", order=44, icon="table", args=(ROUNDS,))
