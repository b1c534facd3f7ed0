"""Pages of a round of 调度: open, close, the rows behind a number, the ranking, the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.languages import language, listed
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import Place
from soildesk.plans.queries.dispatched import dispatched_plans
from soildesk.plans.wording import period_word
from soildesk.supervision import roundpapers
from soildesk.supervision.pages.wordfiles import word_file
from soildesk.supervision.queries import rounds as seen
from soildesk.supervision.queries.sheets import NUMBERS, tasks_in
from soildesk.supervision.register.rounds import ROUNDS
from soildesk.supervision.register.sheets import shown
from soildesk.supervision.roundwords import NUMBER_TITLES
from soildesk.supervision.services import rounds
from soildesk.supervision.services.rounds import DISPATCH, Opening
from soilrules.deadlines.periods import period_of, periods_between
from soilrules.supervision.ranking import Standing, table

if TYPE_CHECKING:
    from soildesk.supervision.models import DispatchRound

RHYTHMS = ("quarter", "month", "half")
PAGES = {"duty": "matters", "slip": "slips", "farmland": "farmland_units"}
"""Where the record of a case stands, by its type."""


class OpenForm(forms.Form):
    """What a round asks."""

    period = forms.ChoiceField(label=_l("调度期"))
    plans = forms.MultipleChoiceField(label=_l("调度的方案"), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label=_l("数据截至"), widget=Day, help_text=_l("调度表按这一天的台账带出。"))
    due = forms.DateField(label=_l("填报时限"), widget=Day)
    items = forms.MultipleChoiceField(
        label=_l("排名项目"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_l("每项单独排名，只在同类单位之间；样本少的不排名。没有综合得分。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_l("填报要求"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, periods: Any = (), plans: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = {
            "period": periods,
            "plans": plans,
            "items": [(one.id, one.names[language()]) for one in table().items.values()],
        }
        for name, held in choices.items():
            self.fields[name].choices = list(held)  # type: ignore[attr-defined]


class UnitsForm(forms.Form):
    """By when units that came later sign."""

    due = forms.DateField(label=_l("填报时限"), widget=Day)


class CloseForm(forms.Form):
    """How it ends."""

    note = forms.CharField(
        label=_l("结束说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("有单位未报的必填：如何处理。"),
    )  # fmt: skip


def round_url(one: DispatchRound) -> str:
    """The page of a round."""
    return reverse("kit:record", args=[ROUNDS, str(one.uid)])


@staff_page(DISPATCH)
def open_round(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    actor = actor_of(request)
    office = actor.person.department if actor.person else None
    if office is None:
        raise Http404("no office")
    place, done = Place(office.division, office), {"url": ""}
    today = actor.today
    began = date(today.year - 1, 10, 1)  # in January the last period of the old year is asked about
    found = [each for rhythm in RHYTHMS for each in periods_between(began, today, rhythm)[::-1]]
    plans = dispatched_plans(actor, place.division, today)
    said = {"data": request.POST} if request.method == "POST" else {}
    first = {
        "period": period_of(today, "quarter").name, "plans": [uid for uid, _title in plans], "on": today,
        "items": list(table().items),
    }  # fmt: skip
    form = OpenForm(initial=first, periods=[(each.name, period_word(each.name)) for each in found], plans=plans, **said)  # type: ignore[arg-type]

    def write(said: dict[str, Any]) -> str:
        period = next(each for each in found if each.name == said["period"])
        opening = Opening(period, said["plans"], said["on"], said["due"], said["items"], said["note"])
        made = rounds.open_round(opening, place, by=actor, at=clock.now())
        done["url"] = round_url(made)
        return _("已发起调度 %(number)s，%(n)d 个单位的调度表已经带出并通知。") % {
            "number": made.number,
            "n": made.sheets.count(),
        }

    context = {
        "title": _("发起调度：%(place)s") % {"place": place.division.name},
        "note": "" if plans else _("本地没有在办的方案，不能发起调度：请先在“方案与任务”中发布方案。"),
        "crumbs": [(_("调度"), reverse("kit:collection", args=[ROUNDS])), (_("发起调度"), "")],
        "save": _("发起调度"),
    }
    response = asked(request, form, context, write, reverse("kit:collection", args=[ROUNDS]))
    return HttpResponseRedirect(done["url"]) if done["url"] else response


@staff_page(DISPATCH)
def add_units(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Sheets for units that were given tasks after the round was opened."""
    actor, one = actor_of(request), found_round(request, uid)
    require(actor, DISPATCH, one)
    names = listed(seen.unlisted(one))

    def write(said: dict[str, Any]) -> str:
        made = rounds.add_units(one, said["due"], by=actor, at=clock.now())
        return _("已补发 %(n)d 个单位的调度表并通知。") % {"n": len(made)}

    context = {
        "title": _("补发调度表：%(number)s") % {"number": one.number},
        "note": _("发起以后分到任务的单位：%(names)s。调度表仍按数据截至日带出。") % {"names": names} if names else "",
        "crumbs": crumbs(one, _("补发调度表")),
        "save": _("补发"),
    }
    first = {"due": max(one.due, actor.today)}
    return asked(request, posted(UnitsForm, request, first), context, write, round_url(one))


@staff_page(DISPATCH)
def close_round(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a round."""
    actor, one = actor_of(request), found_round(request, uid)
    require(actor, DISPATCH, one)
    missing = [str(line.said.sheet.unit) for line in seen.board(one, actor.today) if not line.said.signed]
    missing += map(str, seen.unlisted(one))

    def write(said: dict[str, Any]) -> str:
        rounds.close_round(one, said["note"], by=actor, at=clock.now())
        return _("调度 %(number)s 已结束，汇总和排名已固定。") % {"number": one.number}

    named = {"n": len(missing), "names": listed(missing)}
    context = {
        "title": _("结束调度：%(number)s") % {"number": one.number},
        "note": _("未报 %(n)d 个单位：%(names)s。结束后不能再填报，未报的单位记为未报。") % named if missing else _("各单位均已签报。结束后汇总和排名固定。"),
        "crumbs": crumbs(one, _("结束调度")),
        "save": _("结束调度"),
    }  # fmt: skip
    return asked(request, posted(CloseForm, request), context, write, round_url(one))


def found_round(request: HttpRequest, uid: UUID) -> DispatchRound:
    """The round; not found where the actor sees none."""
    one = seen.round_of(actor_of(request), uid)
    if one is None:
        raise Http404(str(uid))
    return one


def crumbs(one: DispatchRound, *more: str) -> list[tuple[str, str]]:
    """The way to a page of a round."""
    start = [(_("调度"), reverse("kit:collection", args=[ROUNDS])), (one.number, round_url(one))]
    return [*start, *((title, "") for title in more)]


@staff_page("supervision.read")
def rows(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The tasks behind a number of the table."""
    actor, one, what = actor_of(request), found_round(request, uid), request.GET.get("what", "")
    if what not in NUMBERS:
        raise Http404(what)
    wanted = request.GET.get("unit", "")
    lines = [line for line in seen.board(one, actor.today, actor) if wanted in ("", str(line.said.sheet.unit.uid))]
    told = [(line.said.sheet.unit, shown(task, line.said)) for line in lines for task in tasks_in(line.said, what)]
    unit = str(lines[0].said.sheet.unit) if wanted and lines else ""
    context = {
        "title": f"{unit}{'：' if unit else ''}{NUMBER_TITLES[what]}",
        "round": one,
        "rows": told,
        "crumbs": crumbs(one, str(NUMBER_TITLES[what])),
    }
    return render(request, "supervision/round_rows.html", context)


@staff_page("supervision.read")
def ranking(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every item with its formula, the units of each group by rank."""
    actor, one = actor_of(request), found_round(request, uid)
    _need_published(one, actor)
    openable = {str(line.said.sheet.unit.uid) for line in seen.board(one, actor.today, actor)}
    context = {
        "title": _("%(period)s调度排名") % {"period": period_word(one.period)},
        "round": one,
        "items": [_with_links(one, each, openable) for each in seen.tables_of(one)],
        "smallest": table().smallest,
        "crumbs": crumbs(one, _("排名")),
    }
    return render(request, "supervision/ranking.html", context)


def _need_published(one: DispatchRound, actor: Actor) -> None:
    if not seen.published(one, actor):
        raise Http404(_("调度结束后公布。"))


def _with_links(one: DispatchRound, item: Mapping[str, Any], openable: set[str]) -> dict[str, Any]:
    start = reverse("supervision:round_cases", args=[one.uid])
    groups = []
    for group in item["groups"]:
        told = [
            {**row, "url": f"{start}?item={item['id']}&unit={row['unit_uid']}" if row["unit_uid"] in openable else ""}
            for row in group["rows"]
        ]
        empty = all(row["standing"] == Standing.NONE for row in told)
        nothing = _("%(n)d 家都没有可计入的，不排名。") % {"n": len(told)} if empty else ""
        groups.append({**group, "rows": told, "nothing": nothing})
    return {**item, "groups": groups}


@staff_page("supervision.read")
def cases(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The rows behind a unit's number in the ranking."""
    actor, one = actor_of(request), found_round(request, uid)
    _need_published(one, actor)
    wanted = (request.GET.get("item", ""), request.GET.get("unit", ""))
    held = {
        (item["id"], row["unit_uid"]): (item, row) for item in seen.tables_of(one) for group in item["groups"] for row in group["rows"]
    }  # fmt: skip
    openable = {str(line.said.sheet.unit.uid) for line in seen.board(one, actor.today, actor)}
    if wanted not in held or wanted[1] not in openable:
        raise Http404("/".join(wanted))
    item, row = held[wanted]
    context = {
        "item": item,
        "row": row,
        "cases": [{**case, "url": _case_url(case, one)} for case in row["rows"]],
        "amount": sum(Decimal(case["amount"]) for case in row["rows"] if case["good"]),
        "whole": sum(Decimal(case["amount"]) for case in row["rows"]),
        "round": one,
        "crumbs": [
            *crumbs(one),
            (_("排名"), reverse("supervision:round_ranking", args=[one.uid])),
            (item["title"], ""),
        ],
    }
    return render(request, "supervision/cases.html", context)


def _case_url(case: Mapping[str, Any], one: DispatchRound) -> str:
    if case["type"] == "task":
        return f"{reverse('plans:task', args=[case['key']])}?on={one.on.isoformat()}"
    return reverse("kit:record", args=[PAGES[case["type"]], case["key"]])


@staff_page("supervision.read")
def word(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The round as Word."""
    one = _whole(request, uid)
    return word_file(request, lambda: roundpapers.docx(one, actor_of(request).today), _file_name(one), round_url(one))


@staff_page("supervision.read")
def excel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The round as Excel."""
    one = _whole(request, uid)
    return download(roundpapers.xlsx(one, actor_of(request).today), _file_name(one), "xlsx")


def _whole(request: HttpRequest, uid: UUID) -> DispatchRound:
    """The round, for who sees every sheet of it."""
    one = found_round(request, uid)
    if not seen.sees_all(one, actor_of(request)):
        raise Http404(str(uid))
    return one


def _file_name(one: DispatchRound) -> str:
    return _("%(place)s%(period)s调度汇总") % {"place": one.division.name, "period": period_word(one.period)}
