"""What kit needs to know of plots under control: their zones, the plans of years, rounds of inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words, files
from soildesk.core.permissions import Actor, may
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, RecordPage
from soildesk.kit.filters import ChoiceFilter, DateRangeFilter
from soildesk.kit.parts import Act, Chip, Event, Fact, File
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.controlwords import FOUND, SIGN_DOUBTS, basis_of, found_words, medium_word, within_words
from soildesk.plots.models import ControlRound, ControlYear, ControlZone
from soildesk.plots.queries import control
from soildesk.plots.register.beside import beside
from soildesk.plots.register.plots import SECTION, TOWN
from soildesk.plots.register.records import file_part, stopped
from soildesk.plots.services.controlduties import findings
from soildesk.plots.services.controlrounds import undecided
from soilrules.plots.control import BASES, Found, Medium, sign_doubt

FILE_KINDS = {
    "approved": _l("批准文件"),
    "announced": _l("公告"),
    "sign_set": _l("标识照片"),
    "plan": _l("管控计划"),
    "photo": _l("照片"),
}
MISSING = {
    "developed": _l("没有登记是否已开发利用"),
    "zone": _l("还没有提出管控区域"),
    "approval": _l("管控区域尚未批准"),
    "announcement": _l("尚未公告"),
    "sign": _l("尚未设置标识"),
    "year": _l("没有开列本年度管控"),
    "plan": _l("年度计划尚未报送"),
    "media": _l("四类介质监测未做完"),
    "rounds": _l("本年还没有巡查"),
    "late": _l("计划或监测已逾期"),
    "finds": _l("巡查发现的问题尚未处置"),
}


def zone_chip(zone: ControlZone) -> Chip:
    """How far a zone is."""
    if zone.approved_on is None:
        return Chip("warn", _("待批准"), "hourglass-split", _("由同级政府批准后生效"))
    if zone.announced_on is None or zone.sign_on is None:
        return Chip("busy", _("已批准，待公告或设置标识"), "hourglass-split")
    return Chip("good", _("已公告并设置标识"), "check-circle-fill")


def round_chip(one: ControlRound) -> Chip:
    """What a round found."""
    if one.superseded_at is not None:
        return Chip("calm", _("已作废"), "slash-circle", one.reason)
    if what := findings(one):
        word = found_words(what) if len(what) == 1 else _("发现 %(n)d 项问题") % {"n": len(what)}
        return Chip("bad", word, "x-circle-fill", "" if len(what) == 1 else found_words(what))
    answers = (one.unrelated_building, one.in_use, one.spread, one.sign_intact)
    if None in answers:
        return Chip("unknown", _("未见异常，有未查看的项目"), "question-octagon")
    return Chip("good", _("未见异常"), "check-circle-fill")


def missing_words(keys: Sequence[str]) -> list[str]:
    """What is still to be done."""
    return [str(MISSING[key]) for key in keys]


def papers(rows: Sequence[Any]) -> list[File]:
    """The files of versions or rows, each with what it is."""
    return [file_part(use, _kind(use.kind)) for row in rows for use in files.uses_of(row)]


def _kind(kind: str) -> str:
    if kind.startswith("monitoring-"):
        return _("%(medium)s监测报告") % {"medium": medium_word(kind.removeprefix("monitoring-"))}
    return str(FILE_KINDS.get(kind, kind))


def _plot_link(plot: Any) -> list[tuple[str, str]]:
    return [(_("地块 %(number)s") % {"number": plot.number}, reverse("kit:record", args=["plots", str(plot.uid)]))]


def zone(actor: Actor, row: Row, on: date) -> RecordPage:
    """A zone: how far it is, what is to be done next, its papers."""
    found = ControlZone.objects.select_related("plot").get(pk=row["pk"])
    uid = found.plot.uid
    ended = _("这个管控区域已经终止。") if found.until else ""
    office = stopped(actor, "plots.record", found) or ended
    field = stopped(actor, "plots.control", found) or ended
    waiting = _("先登记政府批准文件。") if found.approved_on is None else ""
    done = _("已登记批准。") if found.approved_on else ""
    every = ControlZone.objects.filter(plot=found.plot).order_by("recorded_at", "id")
    return RecordPage(
        chips=[zone_chip(found)],
        facts=[Fact(_("依据"), basis_of(BASES, on))],
        acts=[
            Act(_("登记批准"), reverse("plots:control_approve", args=[uid]), "check", primary=not done, stopped_by=office or done),
            Act(_("登记公告"), reverse("plots:control_announce", args=[uid]), "send", primary=bool(done), stopped_by=office or waiting),
            Act(_("登记标识"), reverse("plots:control_sign", args=[uid]), "camera", stopped_by=field or waiting),
            Act(_("终止"), reverse("plots:control_end", args=[uid]), "slash-circle", danger=True, stopped_by=office),
        ],
        files=papers(list(every)),
        related=_plot_link(found.plot),
    )  # fmt: skip


def year(actor: Actor, row: Row, on: date) -> RecordPage:
    """The plan of a year and its four media."""
    found = ControlYear.objects.select_related("plot").get(pk=row["pk"])
    office = stopped(actor, "plots.record", found)
    filed = _("已报送。") if found.filed_on else ""
    return RecordPage(
        chips=[_plan_chip(found, on)],
        facts=[Fact(_("%(medium)s监测") % {"medium": medium_word(one)}, *_medium(found, one)) for one in Medium],
        acts=[
            Act(_("登记报送"), reverse("plots:control_file", args=[found.uid]), "send", primary=not filed, stopped_by=office or filed),
            Act(_("登记监测"), reverse("plots:control_monitored", args=[found.uid]), "droplet-half", primary=bool(filed),
                stopped_by=stopped(actor, "plots.control", found)),
        ],
        files=papers([found]),
        history=_year_history(found),
        related=_plot_link(found.plot),
    )  # fmt: skip


def _year_history(found: ControlYear) -> list[Event]:
    """What was asked and told of a year, as it was written each time: terms told anew stand beside the first ones."""
    entries = audit.told_of(found, "plots.control.year_opened", "plots.control.plan_filed", "plots.control.monitored")
    told, opened = [], False
    for entry, who in entries:
        title = str(audit_words.word_of(entry.act))
        if entry.act == "plots.control.year_opened":
            title, opened = (_("重新填写时限") if opened else _("开列年度管控")), True
        told.append(Event(entry.at, who, title, _year_detail(entry.act, entry.data)))
    return told


def _year_detail(act: str, data: Mapping[str, Any]) -> str:
    if act == "plots.control.plan_filed":
        return _("报送日期 %(day)s") % {"day": data.get("on")}
    if act == "plots.control.monitored":
        proof = _("检测批次 %(number)s") % {"number": data["batch"]} if data.get("batch") else _("见监测报告")
        return _("%(medium)s %(day)s，%(proof)s") % {
            "medium": medium_word(data["medium"]),
            "day": data["on"],
            "proof": proof,
        }
    terms = [_("计划报送时限 %(day)s") % {"day": data.get("due") or _("没有")}]
    terms += [
        _("%(medium)s监测 %(day)s") % {"medium": medium_word(one), "day": day}
        for one, day in (data.get("media") or {}).items()
    ]
    terms += [
        _("依据：%(basis)s") % {"basis": one}
        for one in dict.fromkeys((data.get("basis"), data.get("media_basis")))
        if one
    ]
    return "；".join(terms)


def _plan_chip(found: ControlYear, on: date) -> Chip:
    if found.filed_on:
        late = found.due is not None and found.filed_on > found.due
        return Chip("warn", _("逾期报送")) if late else Chip("good", _("已报送"), "check-circle-fill")
    if found.due is None:
        return Chip("unknown", _("未报送，没有规定时限"), why=_("没有文件规定时限，开列时没有填写。"))
    return Chip("bad", _("已超过时限")) if found.due < on else Chip("busy", _("待报送"), "hourglass-split")


def _medium(found: ControlYear, medium: Medium) -> tuple[str, str]:
    done, due = found.media_done.get(medium), found.media_due.get(medium)
    term = _("时限 %(day)s") % {"day": due} if due else _("没有规定时限")
    if done is None:
        return _("未监测"), term
    batch = _("检测批次 %(number)s") % {"number": done["batch"]} if done["batch"] else _("见监测报告")
    return _("%(day)s 完成") % {"day": done["on"]}, f"{batch}；{term}"


def round_(actor: Actor, row: Row, on: date) -> RecordPage:
    """A round: what was found, what is to be done about it, photographs."""
    found = ControlRound.objects.select_related("plot", "by").get(pk=row["pk"])
    gone = _("这条巡查记录已经作废。") if found.superseded_at else ""
    office, field = stopped(actor, "plots.record", found) or gone, stopped(actor, "plots.control", found) or gone
    facts = _compared(found)
    facts += [Fact(_("防止扩散的措施"), found.measure, note=str(found.measure_on))] if found.measure_on else []
    facts += [Fact(_("不登记为违规的理由"), found.no_violation)] if found.no_violation else []
    waiting = undecided(found)
    acts = [
        Act(_("登记违规：%(what)s") % {"what": FOUND[one]}, reverse("plots:control_confirm", args=[found.uid, one]), "check", primary=True, stopped_by=office)
        for one in waiting
    ]  # fmt: skip
    if waiting:
        acts.append(
            Act(
                _("核定不是违规"),
                reverse("plots:control_set_aside", args=[found.uid]),
                "slash-circle",
                stopped_by=office,
            )
        )
    if Found.SPREAD in findings(found) and not found.measure_on:
        url = reverse("plots:control_stop", args=[found.uid])
        acts.append(Act(_("登记防止扩散的措施"), url, "shield-check", primary=not waiting, stopped_by=field))
    url = reverse("plots:control_round_back", args=[found.uid])
    acts.append(Act(_("作废"), url, "slash-circle", danger=True, stopped_by=field))
    who = found.by.name if found.by else ""
    return RecordPage(
        chips=[round_chip(found)],
        facts=facts,
        acts=acts,
        files=papers([found]),
        history=[Event(found.at, who, _("登记管控巡查"), found.note)],
        related=_plot_link(found.plot),
    )


def _compared(one: ControlRound) -> list[Fact]:
    """Which ground the round is compared with, and what it says of the sign against the zone's record."""
    held = control.within(one.plot_id, one.on)
    if held is None:
        return []
    doubt = SIGN_DOUBTS.get(sign_doubt(sign_intact=one.sign_intact, on_record=held.is_signed), "")
    return [Fact(_("对照的范围"), within_words(held), doubt=str(doubt))]


@beside(order=40)
def section(actor: Actor, version: Any, on: date) -> str:
    """On the page of a plot that waits, or is under control: its zone, the year, its rounds, and what is missing."""
    if not may(actor, "plots.read", version):
        return ""
    kept = control.of_plot(actor, version, on, on.year)
    if kept is None:
        return ""
    context = {
        "kept": kept,
        "uid": version.plot.uid,
        "chip": zone_chip(kept.zone) if kept.zone else None,
        "missing": missing_words(kept.missing),
        "rounds": [(one, round_chip(one)) for one in kept.rounds[:5]],
        "office": may(actor, "plots.record", version),
        "field": may(actor, "plots.control", version),
        "on": on,
    }
    return render_to_string("plots/control_of_plot.html", context)


ZONES = register.add(
    Register(
        name="plots.control_zones",
        collection="control_zones",
        title=_l("管控区域"),
        permission="plots.read",
        queryset=control.zones,
        knows_past=True,
        fields=["approved_on"],
        columns=[
            Column("number", _l("地块编号"), "plot__number", sort="plot__number", width=15, frozen=True, format=cells.link),
            Column("plot_name", _l("地块名称"), width=18, format=cells.clamp),
            Column("proposed_on", _l("提出日期"), sort="proposed_on", width=8, format=cells.day, type="date"),
            Column("approved_on", _l("批准日期"), sort="approved_on", width=8, format=cells.day, type="date"),
            Column("authority", _l("批准机关"), width=13, format=cells.clamp),
            Column("approval", _l("批准文号"), width=13, format=cells.clamp),
            Column("announced_on", _l("公告日期"), sort="announced_on", width=8, format=cells.day, type="date"),
            Column("sign_on", _l("标识设置日期"), sort="sign_on", width=8, format=cells.day, type="date"),
            Column("measures", _l("管控措施"), width=20, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter(
                "state",
                _l("进展"),
                choices=[("proposed", _l("待批准")), ("approved", _l("已批准，待公告或设置标识")), ("marked", _l("已公告并设置标识"))],
                conditions=control.STATES,
            ),
            TOWN,
        ],
        search=["plot__number", "approval"],
        default_sort="-proposed_on",
        ground=Ground("geometry", title="plot__number"),
        record=zone,
        page_acts=[PageAct(_l("暂不开发利用地块"), "plots:control", "plots.read", icon="shield-check")],
        views=[(_l("待批准"), "state=proposed")],
        about=_l("暂不开发利用的污染地块由生态环境部门提出管控区域，报同级政府批准后公告、设置标识。"),
        empty=_l("还没有管控区域：在“暂不开发利用地块”里选一个地块提出。"),
    )
)  # fmt: skip

YEARS = register.add(
    Register(
        name="plots.control_years",
        collection="control_years",
        title=_l("年度管控计划"),
        permission="plots.read",
        queryset=control.years,
        fields=["plot_id"],
        columns=[
            Column("number", _l("地块编号"), "plot__number", sort="plot__number", width=15, frozen=True, format=cells.link),
            Column("plot_name", _l("地块名称"), width=18, format=cells.clamp),
            Column("year", _l("年度"), sort="year", width=6, type="integer"),
            Column("due", _l("报送时限"), sort="due", width=8, format=cells.day, type="date"),
            Column("due_basis", _l("时限依据"), width=16, format=cells.clamp),
            Column("filed_on", _l("报送日期"), sort="filed_on", width=8, format=cells.day, type="date"),
            Column("content", _l("内容"), width=18, format=cells.clamp),
        ],
        filters=[
            ChoiceFilter("filed", _l("报送"), choices=[("yes", _l("已报送")), ("no", _l("未报送"))], conditions=control.FILED),
            TOWN,
        ],
        search=["plot__number"],
        default_sort="-year",
        record=year,
        page_acts=[PageAct(_l("开列年度管控"), "plots:control_open_year", "plots.record", icon="plus-lg")],
        views=[(_l("未报送"), "filed=no")],
        about=_l("每个暂不开发利用的地块每年一份管控计划和四类介质监测；时限由当地文件规定，没有规定的不设时限。"),
        empty=_l("还没有年度管控计划：用“开列年度管控”为暂不开发利用的地块一次开列。"),
    )
)  # fmt: skip

ROUNDS = register.add(
    Register(
        name="plots.control_rounds",
        collection="control_rounds",
        title=_l("管控巡查"),
        permission="plots.read",
        queryset=control.rounds,
        columns=[
            Column("on", _l("日期"), sort="on", width=9, frozen=True, format=cells.link, type="date"),
            Column("number", _l("地块编号"), "plot__number", sort="plot__number", width=15),
            Column("plot_name", _l("地块名称"), width=18, format=cells.clamp),
            Column("unrelated_building", _l("无关建设"), width=6, format=cells.yes_no, type="boolean"),
            Column("in_use", _l("擅自使用"), width=6, format=cells.yes_no, type="boolean"),
            Column("spread", _l("污染扩散"), width=6, format=cells.yes_no, type="boolean"),
            Column("sign_intact", _l("标识完好"), width=6, format=cells.yes_no, type="boolean"),
            Column("note", _l("情况"), width=20, format=cells.clamp),
            Column("measure_on", _l("采取措施日期"), width=8, format=cells.day, type="date"),
            Column("who", _l("巡查人"), width=8),
        ],
        filters=[
            ChoiceFilter(
                "found",
                _l("发现"),
                choices=[*((str(one), word) for one, word in FOUND.items()), ("nothing", _l("未见异常"))],
                conditions=control.FOUND,
            ),
            DateRangeFilter("on", _l("日期")),
            TOWN,
        ],
        search=["plot__number", "note"],
        default_sort="-on",
        record=round_,
        page_acts=[PageAct(_l("去巡查"), "plots:control_rounds", "plots.control", icon="camera")],
        views=[(_l("发现无关建设"), "found=building"), (_l("发现扩散"), "found=spread")],
        about=_l("在管控地块上的巡查；发现无关建设或擅自使用的，当即进入问题清单，是否登记为地块违规由经办人核定。"),
        empty=_l("还没有巡查记录：用手机打开“去巡查”登记。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("暂不开发利用地块"), "plots:control", "plots.read", order=420, icon="shield-check")
navigation.register(
    SECTION, _l("管控巡查"), "kit:collection", "plots.read", order=422, icon="camera", args=("control_rounds",)
)
