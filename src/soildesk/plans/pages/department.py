"""我的单位: what is due, late and waiting, with the entry at hand; and the reminders that can go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.languages import listed
from soildesk.kit.pages import register_list
from soildesk.kit.parts import Tile, Tone
from soildesk.plans import workregister
from soildesk.plans.queries import department as queries

EVERY = "all"
TONES: dict[str, Tone] = {
    "receive": "warn",
    "returned": "bad",
    "late": "bad",
    "soon": "warn",
    "period": "busy",
    "internal": "warn",
    "verify": "busy",
    "misdirected": "warn",
}


@staff_page("plans.read")
def department(request: HttpRequest) -> HttpResponse:
    """The table of one department, or of all for those who watch."""
    actor, on = actor_of(request), page_day(request)
    params = request.GET.copy()
    mine = queries.own_departments(actor)
    if not params.getlist("unit"):
        params.setlist("unit", [str(one.uid) for one in mine] or [EVERY])
    request.GET = params
    choices = queries.choosable(actor, on)
    looker = workregister.Looker(full_path(request), frozenset(one.pk for one in mine), queries.is_office(actor))
    register = workregister.register_for(choices, params.getlist("unit"), looker)
    names = dict(choices)
    shown = [names[uid] for uid in params.getlist("unit") if uid in names]
    return register_list(
        request,
        register,
        template="plans/department/department.html",
        tiles=_tiles(actor, on, params),
        watching=actor.has_role(*queries.WATCHERS),
        unit_name=listed(shown) or _("全部单位"),
        heads=_heads(params, choices),
        unit_here=params.getlist("unit"),
    )


def full_path(request: HttpRequest) -> str:
    """The address the entry forms come back to."""
    return request.get_full_path()


def _heads(params: QueryDict, choices: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """The choice of departments: everybody, then one by one."""
    chosen = set(params.getlist("unit"))
    return [{"uid": uid, "name": name, "here": uid in chosen} for uid, name in [(EVERY, _("全部单位")), *choices]]


def _tiles(actor: Actor, on: date, params: QueryDict) -> list[Tile]:
    rows = queries.queue(actor, on)
    wanted = [uid for uid in params.getlist("unit") if uid != EVERY]
    if EVERY not in params.getlist("unit"):
        rows = rows.filter(department__uid__in=queries.uids(wanted))
    names = [*queries.UNIT_BUCKETS, *(queries.OFFICE_BUCKETS if queries.is_office(actor) else ())]
    counts = queries.bucket_counts(rows, on, names)
    return [
        Tile(
            str(workregister.BUCKET_WORDS[name]),
            counts[name],
            _bucket_url(name, params),
            TONES[name] if counts[name] else "calm",
            str(workregister.BUCKET_NOTES.get(name, "")),
        )
        for name in names
    ]


def _bucket_url(name: str, params: QueryDict) -> str:
    query: list[tuple[str, str]] = [("unit", uid) for uid in params.getlist("unit")] + [("show", name)]
    if params.get("on"):
        query.append(("on", params["on"]))
    return f"{reverse('plans:department')}?{urlencode(query)}"


@staff_page("plans.verify")
def reminders(request: HttpRequest) -> HttpResponse:
    """What others owe us, department by department, in words that can be copied or printed."""
    actor, on = actor_of(request), page_day(request)
    found = queries.owing(actor, on)
    wanted = request.GET.get("unit", "")
    letters = [
        {"owing": one, "text": reminder_text(one, on), "uid": str(one.department.uid)}
        for one in found
        if not wanted or str(one.department.uid) == wanted
    ]
    return render(
        request,
        "plans/department/reminders.html",
        {
            "letters": letters,
            "late": sum(len(one["owing"].late) for one in letters),
            "soon": sum(len(one["owing"].soon) for one in letters),
            "crumbs": [(_("今日"), reverse("home:today")), (_("提醒"), "")],
        },
    )


def reminder_text(owing: queries.Owing, on: date) -> str:
    """The words of one reminder."""
    lines = [_("%(unit)s：") % {"unit": owing.department.name}]
    if owing.late:
        lines.append(
            _("截至%(day)s，下列任务已过完成时限，请于5个工作日内办结并填报，或书面说明原因：") % {"day": _long(on)}
        )
        lines += [_line(n, row) for n, row in enumerate(owing.late, 1)]
    if owing.soon:
        lines.append(_("下列任务即将到期，请按时办结并填报："))
        lines += [_line(n, row) for n, row in enumerate(owing.soon, 1)]
    return "\n".join(lines)


def _line(number: int, row: Mapping[str, Any]) -> str:
    task = row["task"]
    passed = _("已过 %(n)d 天") if row["late"] else _("还有 %(n)d 天")
    place = (
        _("%(basis)s，序号 %(number)s") % {"basis": row["basis"], "number": task.number}
        if task.number
        else row["basis"]
    )
    return _("%(n)d. %(task)s（%(place)s，时限 %(due)s，%(passed)s）") % {
        "n": number, "task": task.heading, "place": place, "due": row["due"], "passed": passed % {"n": row["days"]},
    }  # fmt: skip


def _long(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
