"""What this room adds to the record pages of facilities, inspections, hazards and drawings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.models import EnterpriseVersion, FacilityVersion, Hazard, HazardAct, Inspection
from soildesk.enterprises.plantwords import edition_name, group_name
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.queries.hazards import days_late, facility_names
from soildesk.enterprises.queries.inspections import sheets
from soildesk.enterprises.queries.plants import plans_of, records_of, standing
from soildesk.enterprises.register.beside import beside
from soildesk.enterprises.register.records import stopped
from soildesk.kit.faces import RecordPage
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row

State, Kind = Hazard.State, HazardAct.Kind
INSPECT, VERIFY = "enterprises.inspect", "enterprises.verify"
HAZARD_STATES = {
    State.FOUND.value: ("bad", "exclamation-triangle-fill", State.FOUND.label),
    State.RECTIFIED.value: ("warn", "eye", State.RECTIFIED.label),
    State.VERIFIED.value: ("good", "check-circle-fill", State.VERIFIED.label),
    State.DROPPED.value: ("calm", "slash-circle", State.DROPPED.label),
}
INSPECTION_STATES = {
    Inspection.State.UNDER_WAY.value: ("busy", "hourglass-split", Inspection.State.UNDER_WAY.label),
    Inspection.State.FINISHED.value: ("good", "check-circle-fill", Inspection.State.FINISHED.label),
}


def late_words(days: int) -> str:
    """How late."""
    return _("逾期 %(n)d 天") % {"n": days}


def firm_links(actor: Actor, row: Any, on: date) -> list[tuple[str, str]]:
    """The firm of a row, for whoever may open its page."""
    if not may(actor, "enterprises.read", row):
        return []
    name = names_of([row.enterprise_id], on).get(row.enterprise_id, row.enterprise.number)
    return [(name, reverse("kit:record", args=["enterprises", str(row.enterprise.uid)]))]


def listed(collection: str, firm: Any) -> str:
    """A list narrowed to one firm."""
    return f"{reverse('kit:collection', args=[collection])}?firm={firm.number}"


def facility(actor: Actor, row: Row, on: date) -> RecordPage:
    """A facility: what it is, its records, its hazards."""
    version = FacilityVersion.objects.select_related("facility", "enterprise", "plan").get(pk=row["pk"])
    uid = version.facility.uid
    barred = stopped(actor, INSPECT, version)
    ended = barred or (_("这处设施已停用拆除。") if version.until else "")
    hazards = Hazard.objects.visible_to(actor).filter(facility=version.facility)
    return RecordPage(
        chips=list(_facility_chips(version, on)),
        facts=[Fact(_("分组"), group_name(version.kind))],
        acts=[
            Act(_("登记巡查维修监测"), reverse("enterprises:facility_note", args=[uid]), "journal-text", primary=True, stopped_by=barred),
            Act(_("停用拆除"), reverse("enterprises:facility_end", args=[uid]), "slash-circle", danger=True, stopped_by=ended),
        ],
        related=[*firm_links(actor, version, on), *_plan_link(version)],
        template="enterprises/facility.html",
        context={"notes": records_of(version.facility_id), "hazards": _hazard_lines(hazards, on), "version": version},
    )  # fmt: skip


def _plan_link(version: FacilityVersion) -> list[tuple[str, str]]:
    return [(version.plan.title, reverse("enterprises:plan", args=[version.plan.uid]))] if version.plan else []


def _facility_chips(version: FacilityVersion, on: date) -> Iterator[Chip]:
    if version.until and version.until <= on:
        yield Chip("calm", _("已停用拆除"))
    if version.underground_tank:
        yield Chip("warn", _("地下储罐"), "droplet-half", _("建设前和投用后的信息要按法律报送。"))
    if version.hidden:
        yield Chip("warn", _("隐蔽性重点设施设备"), "eye-slash")
    if version.hidden is None:
        yield Chip("unknown", _("是否隐蔽性未填写"), why=_("渗漏能否及时发现没有填写：监测单元的类别无法判断。"))
    if version.installed_on and version.service_years is not None:
        end = version.installed_on.year + version.service_years
        if end < on.year:
            yield Chip("bad", _("超过设计使用年限"), why=_("设计使用到 %(year)d 年。") % {"year": end})


def _hazard_lines(rows: Any, on: date) -> list[dict[str, Any]]:
    return [
        {"hazard": one, "chip": Chip(*_chip_of(one)), "late": late_words(late) if late else ""}
        for one in rows
        for late in [days_late(one.state, one.due, on)]
    ]


def _chip_of(found: Hazard) -> tuple[Any, str, str]:
    tone, icon, word = HAZARD_STATES[found.state]
    return tone, str(word), icon


def inspection(actor: Actor, row: Row, on: date) -> RecordPage:
    """An inspection: its progress by facility, its hazards, its papers."""
    found = Inspection.objects.select_related("enterprise").get(pk=row["pk"])
    lists = sheets(found, actor.today)
    done = sum(one.is_done for one in lists)
    hazards = found.hazards.exclude(state=State.DROPPED)
    tone, icon, word = INSPECTION_STATES[found.state]
    facts = [
        Fact(_("依据版本"), edition_name(found.edition)),
        Fact(_("进度"), _("%(done)d/%(all)d 处设施已排查") % {"done": done, "all": len(lists)}),
    ]
    if found.left_out:
        facts.append(Fact(_("未排查"), found.left_out))
    return RecordPage(
        chips=[Chip(tone, str(word), icon), Chip("calm", str(found.get_cause_display()))],  # type: ignore[arg-type]
        facts=facts,
        acts=list(_inspection_acts(actor, found)),
        files=[_file(use) for use in files.uses_of(found)],
        related=[*firm_links(actor, found, on), (_("本次排查的隐患"), f"{reverse('kit:collection', args=['hazards'])}?inspection={found.number}")],
        template="enterprises/inspection_record.html",
        context={"sheets": lists, "hazards": _hazard_lines(hazards, on), "inspection": found},
    )  # fmt: skip


def _inspection_acts(actor: Actor, found: Inspection) -> Iterator[Act]:
    barred = stopped(actor, INSPECT, found)
    if found.state == Inspection.State.UNDER_WAY:
        walk, finish = (reverse(f"enterprises:inspection{name}", args=[found.uid]) for name in ("", "_finish"))
        yield Act(_("继续排查"), walk, "list-task", primary=True, stopped_by=barred)
        yield Act(_("完成排查"), finish, "check2-circle", stopped_by=barred)
    taking = f"{reverse('kit:import_new', args=['enterprises.hazards'])}?inspection={found.uid}"
    yield Act(_("导入台账"), taking, "upload", stopped_by=barred)
    yield Act(_("排查报告"), reverse("enterprises:inspection_report", args=[found.uid]), "file-earmark-text")
    yield Act(_("台账表格"), reverse("enterprises:inspection_ledger", args=[found.uid]), "file-earmark-excel")


def hazard(actor: Actor, row: Row, on: date) -> RecordPage:
    """A hazard: its life, photographs before and after, what may be done, what was."""
    found = Hazard.objects.select_related("enterprise", "inspection", "facility", "plan").get(pk=row["pk"])
    acts = list(found.acts.select_related("by"))
    place = facility_names([found.facility_id]).get(found.facility_id or 0)
    uses = list(files.uses_of(found))
    return RecordPage(
        chips=_hazard_chips(found, on),
        life=_life(found),
        facts=_hazard_facts(found),
        acts=list(_hazard_acts(actor, found)),
        files=[_file(use) for use in uses],
        history=[
            Event(one.at, one.by.name if one.by else _("系统"), str(one.get_kind_display()), one.note) for one in acts
        ],
        related=[*firm_links(actor, found, on), *_hazard_links(found, place)],
        template="enterprises/hazard.html",
        context={
            "told_acts": [(one, one.by.name if one.by else _("系统")) for one in acts],
            "before": [use for use in uses if use.kind == "before"],
            "after": [use for use in uses if use.kind == "after"],
        },
    )


def _hazard_links(found: Hazard, place: FacilityVersion | None) -> Iterator[tuple[str, str]]:
    yield found.inspection.number, reverse("kit:record", args=["inspections", str(found.inspection.uid)])
    if place is not None and found.facility is not None:
        yield place.name, reverse("kit:record", args=["facilities", str(found.facility.uid)])
    if found.plan is not None:
        yield found.plan.title, reverse("enterprises:plan", args=[found.plan.uid])


def _hazard_chips(found: Hazard, on: date) -> Sequence[Chip]:
    tone, word, icon = _chip_of(found)
    chips = [Chip(tone, word, icon)]
    if late := days_late(found.state, found.due, on):
        why = _("应在 %(day)s 前整改完毕。") % {"day": found.due}
        chips.append(Chip("bad", late_words(late), "exclamation-triangle-fill", why))
    return chips


def _life(found: Hazard) -> Sequence[Step]:
    """发现 → 整改 → 验收; what was returned is at 整改 again."""
    if found.state == State.DROPPED:
        return [Step(_("发现"), "done", found.found_on), Step(_("误登撤销"), "here", None)]
    reached = {State.FOUND.value: 1, State.RECTIFIED.value: 2, State.VERIFIED.value: 3}[found.state]
    days = (found.found_on, found.rectified_on, found.verified_on)
    names = (_("发现"), _("整改"), _("验收"))
    return [
        Step(title, "done" if at < reached else "here" if at == reached else "ahead", day)
        for at, (title, day) in enumerate(zip(names, days, strict=True))
    ]


def _hazard_facts(found: Hazard) -> Sequence[Fact]:
    if found.due is None and found.state in Hazard.LIVE:
        return [Fact(_("时限"), _("未定"), doubt=_("没有整改时限：不会被提示逾期，请由主管单位规定。"))]
    return []


def _hazard_acts(actor: Actor, found: Hazard) -> Iterator[Act]:
    """The acts of the state the hazard is in; those another role does say so."""
    verify, inspect = stopped(actor, VERIFY, found), stopped(actor, INSPECT, found)
    same = actor.person is not None and found.rectified_by_id == actor.person.pk
    another = verify or (_("登记整改的人不能自己验收：请另一名有权限的人员办理。") if same else "")
    for name, title, icon, why, states in (
        ("rectify", _("登记整改"), "gear", inspect, (State.FOUND,)),
        ("verify", _("验收销号"), "check2-circle", another, (State.RECTIFIED,)),
        ("return", _("退回整改"), "reply", another, (State.RECTIFIED,)),
        ("extend", _("规定或调整时限"), "calendar-event", verify, (State.FOUND,)),
        ("drop", _("撤销误登"), "slash-circle", verify, Hazard.LIVE),
    ):
        if found.state in states:
            url = reverse("enterprises:hazard_act", args=[found.uid, name])
            yield Act(title, url, icon, primary=name in ("rectify", "verify"), danger=name == "drop", stopped_by=why)


def _file(use: Any) -> File:
    by = use.added_by.name if use.added_by else ""
    kind = {"before": _("整改前"), "after": _("整改后"), "ledger": _("台账")}.get(use.kind, "")
    return File(use.name, reverse("core:file", args=[use.uid]), use.attachment.size, kind, use.added_at, by, use.note)


def plan(actor: Actor, row: Row, on: date) -> RecordPage:
    """A drawing leads to its picture."""
    return RecordPage(related=[(_("在图上查看"), reverse("enterprises:plan", args=[row["uid"]]))])


@beside
def of_firm(actor: Actor, firm: EnterpriseVersion, on: date) -> str:
    """Facilities, inspections and hazards on the page of a firm."""
    if not may(actor, "enterprises.read_plant", firm):
        return ""
    hazards = Hazard.objects.visible_to(actor).filter(enterprise=firm.enterprise_id).exclude(state=State.DROPPED)
    inspections = Inspection.objects.visible_to(actor).filter(enterprise=firm.enterprise_id)
    places = standing(firm.enterprise_id, on)
    context = {
        "firm": firm.enterprise,
        "facilities": len(places),
        "tanks": sum(one.underground_tank for one in places),
        "inspections": list(inspections[:5]),
        "hazards": _hazard_lines(hazards.filter(state__in=Hazard.LIVE)[:20], on),
        "found": hazards.count(),
        "verified": hazards.filter(state=State.VERIFIED).count(),
        "plans": plans_of(firm.enterprise_id),
        "may_inspect": may(actor, INSPECT, firm),
        "urls": {name: listed(name, firm.enterprise) for name in ("facilities", "inspections", "hazards")},
    }
    return render_to_string("enterprises/plant_of_firm.html", context)
