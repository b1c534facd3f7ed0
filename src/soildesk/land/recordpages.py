"""What this room adds to the record pages of parcels, unused land and patrols."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.kit.faces import RecordPage
from soildesk.kit.gis.refusals import said
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step
from soildesk.kit.register import Row
from soildesk.land import landuse
from soildesk.land.models import LineageEvent, ParcelVersion, Patrol, UnusedLand, UnusedLandVersion
from soildesk.land.queries import standing, tree
from soilrules.geodesy import measure

LATEST = 50


def _stopped(actor: Actor, permission: str, version: Any, last: Any) -> str:
    """Why nothing more can be done to a record; empty where it can."""
    if last is None or last.until is not None:
        return _("这条记录已经终止，不能再办理。")
    if version.pk != last.pk:
        return _("%(day)s 之后另有变更：请回到今天的记录办理。") % {"day": version.since}
    try:
        require(actor, permission, version)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def _last(version: ParcelVersion | UnusedLandVersion) -> Any:
    rows = type(version).objects.filter(superseded_at=None, **{version.identity: getattr(version, version.identity)})
    return rows.order_by("-since").first()


def parcel(actor: Actor, row: Row, on: date) -> RecordPage:
    """A parcel: its life, its kin, what can be done to it."""
    version = ParcelVersion.objects.select_related("parcel").get(pk=row["pk"])
    kin = tree.of(version.parcel, actor, on)
    return RecordPage(
        chips=_parcel_chips(version, on),
        life=_life(version, on),
        facts=_parcel_facts(version),
        acts=_parcel_acts(actor, version),
        files=[_photo(use) for use in files.uses_of(version.parcel)],
        history=[_told(event) for event in tree.events_of(version.parcel)],
        related=[(_("这块地上已知的情况"), f"{reverse('land:ground')}?parcel={version.parcel.uid}&on={on}")],
        template="land/parcel.html",
        context={"kin": kin},
    )


def _parcel_chips(version: ParcelVersion, on: date) -> Sequence[Chip]:
    """Standing or ended, and an area on record that does not fit the ground."""
    ended = version.until is not None and version.until <= on
    chips = [Chip("calm", _("已终止")) if ended else Chip("good", _("有效"))]
    finding = _area_finding(version)
    if finding:
        chips.append(Chip("warn", _("面积不符"), why=finding))
    return chips


def _area_finding(version: ParcelVersion) -> str:
    if version.area_of_record_m2 is None:
        return ""
    found = measure.area_finding(version.area_m2, float(version.area_of_record_m2))
    return said(found) if found else ""


def _parcel_facts(version: ParcelVersion) -> Sequence[Fact]:
    codes = [
        Fact(each.scheme, each.code, note=_("%(day)s 起") % {"day": each.since} if each.since else "")
        for each in version.parcel.codes.order_by("scheme", "-since")
    ]
    planned = landuse.nearest(version.use_system, version.use_planned) if version.use_planned else None
    classes = {"class_1": _("第一类用地"), "class_2": _("第二类用地")}
    meant = (
        [
            Fact(
                _("规划用途属于"),
                classes.get(planned.land_class, _("按具体用途确定")),
                note=_("GB 36600 口径，供筛选时参考"),
            )
        ]
        if planned and planned.land_class
        else []
    )
    doubt = _area_finding(version)
    record = [Fact(_("面积核对"), _("登记面积与计算面积相差超过 1%"), doubt=doubt)] if doubt else []
    return [*codes, *meant, *record]  # fmt: skip


def _life(version: ParcelVersion, on: date) -> Sequence[Step]:
    """From the first day through every split, merger and change of boundary to today or to the end."""
    versions = version.parcel.versions.filter(superseded_at=None).order_by("since")
    first, last = versions.first(), versions.last()
    steps = [Step(_("登记"), "done", first.since)] if first else []
    for event in tree.events_of(version.parcel):
        stage = "done" if event.on <= on else "ahead"
        steps.append(Step(str(event.get_kind_display()), stage, event.on, note=event.document))
    if last is not None and last.until is not None:
        steps.append(Step(_("终止"), "done" if last.until <= on else "ahead", last.until))
    if last is None or last.until is None or last.until > on:
        steps.append(Step(_("现状"), "here", None))
    order = {"done": 0, "here": 1, "ahead": 2}
    return sorted(steps, key=lambda step: (order[step.stage], step.on or date.max))


def _told(event: LineageEvent) -> Event:
    who = event.by.name if event.by else ""
    paper = _("依据 %(document)s") % {"document": event.document} if event.document else ""
    return Event(event.at, who, str(event.get_kind_display()), "，".join(filter(None, (event.reason, paper))))


def _parcel_acts(actor: Actor, version: ParcelVersion) -> Sequence[Act]:
    stopped = _stopped(actor, "land.keep_parcels", version, _last(version))
    unseen = _stopped(actor, "land.photograph", version, _last(version))
    uid = version.parcel.uid
    return [
        Act(_("拍照"), reverse("land:photos", args=[uid]), "camera", stopped_by=unseen),
        Act(_("分割"), reverse("land:split", args=[uid]), "layout-split", stopped_by=stopped),
        Act(_("合并"), reverse("land:merge") + f"?parcel={uid}", "intersect", stopped_by=stopped),
        Act(_("界线调整"), reverse("land:boundary") + f"?parcel={uid}", "bounding-box", stopped_by=stopped),
        Act(_("其他代码"), reverse("land:code", args=[uid]), "tag", stopped_by=stopped),
        Act(_("终止"), reverse("land:end_parcel", args=[uid]), "slash-circle", danger=True, stopped_by=stopped),
    ]


def unused(actor: Actor, row: Row, on: date) -> RecordPage:
    """Unused land: when it was last looked after, what was found, who looks next."""
    version = UnusedLandVersion.objects.select_related("land", "keeper").get(pk=row["pk"])
    visits = list(standing.patrols(actor, on).filter(land=version.land).select_related("by")[:LATEST])
    stopped = _stopped(actor, "land.patrol", version, _last(version))
    keeping = _stopped(actor, "land.keep_unused", version, _last(version))
    return RecordPage(
        chips=_unused_chips(row, visits, on),
        facts=_unused_facts(version, row),
        acts=[
            Act(_("登记巡查"), reverse("land:patrol_of", args=[version.land.uid]), "camera", primary=True, stopped_by=stopped),
            Act(_("终止"), reverse("land:end_unused", args=[version.land.uid]), "slash-circle", danger=True, stopped_by=keeping),
        ],
        history=[_visit(visit, actor) for visit in visits],
        related=[(_("全部巡查记录"), reverse("kit:collection", args=["patrols"]) + f"?q={version.land.number}")],
    )  # fmt: skip


def _unused_chips(row: Row, visits: Sequence[Patrol], on: date) -> Sequence[Chip]:
    chips = []
    if row.get("_late"):
        chips.append(Chip("bad", _("逾期未巡"), why=_("应在 %(day)s 前巡查。") % {"day": row["_due"]}))
    opened = [visit for visit in visits if _is_open(visit, on)]
    if opened:
        chips.append(Chip("warn", _("有未办结发现"), why=opened[0].note))
    if not visits:
        chips.append(Chip("unknown", _("尚未巡查"), why=_("没有巡查记录，不等于没有问题。")))
    return chips


def _is_open(visit: Patrol, on: date) -> bool:
    return visit.found != Patrol.Found.NOTHING and (visit.closed_on is None or visit.closed_on > on)


def _unused_facts(version: UnusedLandVersion, row: Row) -> Sequence[Fact]:
    return [
        Fact(
            _("巡查周期"),
            _("每 %(months)d 个月") % {"months": version.patrol_every_months},
            note=_("方案只写“定期”；6 个月是未经核实的缺省值（K）"),
        ),
    ]


def _name(person: Any, actor: Actor, record: Any) -> str:
    """Who was out there: as personal as in the list of patrols."""
    return person.name if person and may(actor, "land.read_personal", record) else ""


def _visit(visit: Patrol, actor: Actor) -> Event:
    url = reverse("kit:record", args=["patrols", str(visit.uid)])
    what = _("巡查：%(found)s") % {"found": visit.get_found_display()}
    return Event(visit.on, _name(visit.by, actor, visit), what, visit.note, url)


def patrol(actor: Actor, row: Row, on: date) -> RecordPage:
    """One patrol: what was found, its photographs, whether somebody acted."""
    visit = Patrol.objects.select_related("land", "by", "closed_by").get(pk=row["pk"])
    return RecordPage(
        chips=[_found_chip(visit, on)],
        acts=_patrol_acts(actor, visit),
        files=[replace(_photo(use), added_by=_name(use.added_by, actor, visit)) for use in files.uses_of(visit)],
        history=_patrol_history(visit, actor),
        related=[(_("未利用地 %(number)s") % {"number": visit.land.number}, _land_url(visit.land))],
    )


def _found_chip(visit: Patrol, on: date) -> Chip:
    if visit.found == Patrol.Found.NOTHING:
        return Chip("good", str(visit.get_found_display()))
    if _is_open(visit, on):
        return Chip(
            "bad", _("未办结"), why=_("发现%(found)s，还没有写明采取的措施。") % {"found": visit.get_found_display()}
        )
    return Chip("good", _("已办结"), why=visit.action)


def _land_url(land: UnusedLand) -> str:
    return reverse("kit:record", args=["unused_land", str(land.uid)])


def _patrol_acts(actor: Actor, visit: Patrol) -> Sequence[Act]:
    if visit.found == Patrol.Found.NOTHING or visit.closed_on:
        return []
    try:
        require(actor, "land.patrol", visit)
    except NotAllowed as refusal:
        return [Act(_("办结"), stopped_by=refusal.sentence)]
    return [Act(_("办结"), reverse("land:close_patrol", args=[visit.uid]), "check2-circle", primary=True)]


def _photo(use: Any) -> File:
    return File(
        use.name, reverse("core:file", args=[use.uid]), use.attachment.size, use.kind, use.added_at,
        use.added_by.name if use.added_by else "", use.note,
    )  # fmt: skip


def _patrol_history(visit: Patrol, actor: Actor) -> Sequence[Event]:
    rows = [Event(visit.at, _name(visit.by, actor, visit), _("登记巡查"), visit.note)]
    if visit.closed_at:
        rows.append(Event(visit.closed_at, _name(visit.closed_by, actor, visit), _("办结"), visit.action))
    return rows
