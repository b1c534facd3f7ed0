"""What a new letter begins with: drawn from a slip, a matter, what a unit owes, a figure of a place, or a round; the office changes it at will."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from soildesk.core.calendar import working_calendar
from soildesk.core.models import Department, Duty
from soildesk.core.permissions import Actor
from soildesk.supervision.models import Slip
from soildesk.supervision.queries import placefigures, rounds, seen
from soildesk.supervision.queries.places import place_for, who_may
from soilrules.supervision import authorities
from soilrules.supervision.authorities import Act

ANSWER_DAYS = 5
"""Working days a unit has to answer, where the office sets no other day: our own custom."""
TASK_DAYS = timedelta(days=14)
MOST = 30


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a letter speaks of."""

    text: str
    unit: Department | None = None
    due: date | None = None
    basis: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the form of a new letter begins with."""

    title: str = ""
    lead: str = ""
    ending: str = ""
    items: Sequence[Matter] = ()
    units: Sequence[Department] = ()
    tables: Sequence[dict[str, Any]] = ()
    answer_by: date | None = None
    source_type: str = ""
    source_id: int | None = None
    source_title: str = ""
    about: str = field(default="")


@translation.override("zh-hans")  # a letter is Chinese whoever begins it
def begun(actor: Actor, act: Act, request: bool, source: str, key: str) -> Begun | None:
    """The beginning of a letter of a kind; None where there is no such record within reach."""
    makers = {
        "slip": _of_slip, "matter": _of_matter, "unit": _of_unit, "round": _of_round, "figure": _of_figure, "": _of_nothing,
    }  # fmt: skip
    maker = makers.get(source)
    found = maker(actor, key) if maker else None
    return _worded(found, actor, act, request) if found else None


def _uid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None


def _of_nothing(actor: Actor, key: str) -> Begun:
    return Begun()


def _of_slip(actor: Actor, key: str) -> Begun | None:
    uid = _uid(key)
    slip = seen.slip_of(actor, uid) if uid else None
    if slip is None:
        return None
    basis = _("%(name)s %(number)s") % {"name": slip.get_colour_display(), "number": slip.number}
    url = reverse("kit:record", args=["slips", str(slip.uid)])
    why = f"{slip.title}。{slip.why}"
    item = Matter(why, slip.unit, slip.due, basis, url)
    return Begun(
        items=[item],
        units=[slip.unit] if slip.unit else [],
        source_type=Slip._meta.label_lower,
        source_id=slip.pk,
        source_title=f"{basis} {slip.title}",
        about=slip.title,
    )


def _of_matter(actor: Actor, key: str) -> Begun | None:
    uid = _uid(key)
    duty = seen.matter(actor, uid) if uid else None
    if duty is None:
        return None
    return Begun(
        items=[_matter(duty)],
        units=[duty.unit] if duty.unit else [],
        source_type=Duty._meta.label_lower,
        source_id=duty.pk,
        source_title=duty.title,
        about=duty.title,
    )


def _matter(duty: Duty) -> Matter:
    url = reverse("kit:record", args=["matters", str(duty.uid)])
    return Matter(duty.title, duty.unit, duty.due, duty.basis, url)


def _of_unit(actor: Actor, key: str) -> Begun | None:
    """Everything a department owes that is late."""
    unit = Department.objects.filter(pk=int(key)).first() if key.isdecimal() else None
    if unit is None:
        return None
    late = seen.matters(actor, actor.today).filter(seen.late_on(actor.today), unit=unit).select_related("unit")
    items = [_matter(duty) for duty in late.order_by("due", "pk")[:MOST]]
    about = items[0].text if len(items) == 1 else _("%(unit)s逾期事项") % {"unit": unit}
    return Begun(items=items, units=[unit], source_title=_("%(unit)s逾期事项") % {"unit": unit}, about=about)


def _of_figure(actor: Actor, key: str) -> Begun | None:
    """A measure of a place below: what it answers, and the records that do not count."""
    found = placefigures.figure(actor, key)
    if found is None:
        return None
    title = _("%(place)s%(measure)s") % {"place": found.division.name, "measure": found.measure.title}
    unit = placefigures.addressee(found.division)
    text = _("%(title)s（截至%(on)s）：%(said)s") % {"title": title, "on": found.on, "said": found.result.reason}
    missed = [one for one in found.result.rows if not one.counts]
    note = _("共 %(all)d 条，列出 %(n)d 条。") % {"all": len(missed), "n": min(len(missed), MOST)}
    table = {
        "title": _("没有达到的记录"), "columns": [_("记录"), _("说明")], "note": note,
        "rows": [[one.name, one.note or "—"] for one in missed[:MOST]],
    }  # fmt: skip
    return Begun(
        items=[Matter(text, unit)], units=[unit] if unit else [], tables=[table] if missed else [], source_title=title,
        about=title,
    )  # fmt: skip


def _of_round(actor: Actor, key: str) -> Begun | None:
    """A dispatch round: who was late, where units and registers differ, how like units rank."""
    uid = _uid(key)
    found = rounds.round_of(actor, uid) if uid else None
    if found is None:
        return None
    told = rounds.told(found, found.closed_on or actor.today)
    title = _("%(place)s%(period_words)s调度") % told
    own = actor.person.department_id if actor.person else None
    units = Department.objects.filter(pk__in=found.sheets.values("unit")).exclude(pk=own)
    lead = _("%(round)s共 %(units)s 个单位应填报，已签报 %(signed)s 个。现将有关情况通报如下：")
    return Begun(
        lead=lead % {"round": title, "units": told["units"], "signed": told["signed"]},
        units=list(units.order_by("division__path", "pk")),
        tables=list(_tables(told)),
        source_type=found._meta.label_lower,
        source_id=found.pk,
        source_title=title,
        about=title,
    )


def _tables(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What stands beside the words of a circular: late units, differences, each ranking with its formula."""
    late = {one["unit"]: one for one in told["late"]}
    if late:
        columns = [_("单位"), _("状态"), _("填报时限"), _("签报日期")]
        rows = [
            [one["unit"], _("逾期签报") if one["signed_on"] else one["state"], one["due"], one["signed_on"] or "—"]
            for one in late.values()
        ]
        yield {"title": _("未报、迟报单位"), "columns": columns, "rows": rows}
    differ = [(one["unit"], int(one["differs"])) for one in told["sheets"] if one["differs"] != "0"]
    if differ:
        rows = [[unit, str(count)] for unit, count in sorted(differ, key=lambda one: (-one[1], one[0]))]
        note = _("单位填报与台账核算不同的任务数，逐项见本期调度。")
        yield {"title": _("填报与台账不一致"), "columns": [_("单位"), _("任务数")], "rows": rows, "note": note}
    ranked = [one for one in told["ranking"] if any(row["rank"] for row in one["rows"])]
    for one in ranked:
        rows = [[row["rank"] or "—", row["unit"], _share(row), row["told"]] for row in one["rows"]]
        title = _("%(title)s（%(group)s）") % one
        note = _("算法：%(formula)s 可信度 %(mark)s。") % one
        columns = [_("名次"), _("单位"), _("数值"), _("说明")]
        yield {"title": title, "columns": columns, "rows": rows, "note": note}
    left = [[_("%(title)s（%(group)s）") % one, one["rows"][0]["told"]] for one in told["ranking"] if one not in ranked]
    if left:
        yield {"title": _("没有排名的项目"), "columns": [_("项目"), _("原因")], "rows": left}


def _share(row: Mapping[str, str]) -> str:
    return f"{row['good']}/{row['whole']} {row['percent']}".strip() if row["whole"] and row["good"] else "—"


def _worded(found: Begun, actor: Actor, act: Act, request: bool) -> Begun:
    """The customary words of a kind around what was found."""
    about = found.about[:60] or _("有关工作")
    today = actor.today
    if request:
        return _proposal(found, actor, act, about)
    titles = {
        Act.REMINDER: _("关于“%(about)s”的提醒函"),
        Act.ASSIGN: _("关于“%(about)s”的交办通知"),
        Act.SUPERVISE: _("关于“%(about)s”的督办函"),
        Act.CIRCULAR: _("关于%(about)s情况的通报"),
        Act.TALK: _("关于“%(about)s”的约谈通知"),
    }
    leads = {
        Act.REMINDER: _("下列事项临近或者超过时限，请抓紧办理："),
        Act.ASSIGN: _("经研究，现将下列事项交由你单位办理："),
        Act.SUPERVISE: _("下列事项经提醒、督办仍未办结，请立即办理："),
        Act.CIRCULAR: found.lead or _("现将有关情况通报如下："),
        Act.TALK: _("因下列事项推进不力，现请你单位主要负责人接受约谈："),
    }
    endings = {
        Act.REMINDER: _("请将办理情况书面告知。"),
        Act.ASSIGN: _("请在时限前完成，并在系统中签收、填报进展。"),
        Act.SUPERVISE: _("请将未办结的原因、措施和完成时间书面报告。"),
        Act.CIRCULAR: _("请未按时填报、排名靠后的单位查找原因，认真整改。"),
        Act.TALK: _("请准备情况说明和整改措施。"),
    }
    items = found.items
    if act is Act.ASSIGN:
        items = [replace(one, due=one.due if one.due and one.due > today else today + TASK_DAYS) for one in items]
    wants_answer = act in (Act.REMINDER, Act.SUPERVISE)
    by = working_calendar().add_working_days(today, ANSWER_DAYS)[0] if wants_answer else None
    return replace(
        found, title=titles[act] % {"about": about}, lead=leads[act], ending=endings[act], items=items, answer_by=by
    )


def _proposal(found: Begun, actor: Actor, act: Act, about: str) -> Begun:
    """A proposal goes to the body that decides; who is proposed for it stands in the items."""
    place = place_for(actor)
    bodies = authorities.authorities()[act].bodies
    named = who_may(bodies, place, actor.today) if place else []
    name = authorities.authorities()[act].zh
    who = "、".join(dict.fromkeys(one.unit.name for one in found.items if one.unit)) or _("有关单位")
    what = {
        Act.TALK: _("约谈%(who)s"),
        Act.CIRCULAR: _("通报%(who)s"),
        Act.ASSIGN: _("交办%(who)s"),
        Act.SUPERVISE: _("督办%(who)s"),
    }
    wanted = what.get(act, _("向%(who)s发%(act)s")) % {"who": who, "act": name}
    lead = _("下列事项经督办仍未办结。根据督办制度，建议%(what)s，请予审定：") % {"what": wanted}
    if act is Act.LIMIT:
        lead = _("下列问题逾期未完成整改。建议对有关区域实行区域限批，整改完成后解除，请予审定：")
    return replace(
        found,
        title=_("关于提请%(act)s的请示（%(about)s）") % {"act": name, "about": about},
        lead=lead,
        ending=_("妥否，请批示。"),
        units=named[:1],
    )
