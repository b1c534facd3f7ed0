"""The register of zones where certain produce must not be grown: list, map, public announcement, crops that must leave."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import audit, audit_words
from soildesk.core.permissions import Actor
from soildesk.farmland import planentering
from soildesk.farmland.models import ProhibitedZone
from soildesk.farmland.queries import exits
from soildesk.farmland.queries.then import Then
from soildesk.farmland.queries.units import town
from soildesk.farmland.register import usepages
from soildesk.farmland.services.zones import ZONES
from soildesk.farmland.usewords import cited_then
from soildesk.kit import cells, navigation, register
from soildesk.kit.faces import Ground, Public, RecordPage
from soildesk.kit.filters import ChoiceFilter
from soildesk.kit.parts import Act, Chip, Event, Fact
from soildesk.kit.register import Column, PageAct, Register, Row
from soildesk.plots.register.records import stopped

KEPT = usepages.keep(usepages.Kept(ZONES, "prohibited_zones"))
SECTION = _l("农用地")
BASES = ("farmland.law.strict", "farmland.code.strict", "farmland.order46.strict")
ACTS = tuple(f"farmland.zone.{one}" for one in ("approved", "announced", "sign_set", "ended"))
STATES = {
    "proposed": Q(approved_on=None),
    "approved": Q(approved_on__isnull=False, announced_on=None, until=None),
    "announced": Q(announced_on__isnull=False, until=None),
    "ended": Q(until__isnull=False),
}


def announced(on: date) -> QuerySet[ProhibitedZone]:
    """What the public sees: zones announced and in force on a day."""
    rows = exits.in_force(ProhibitedZone.objects.filter(superseded_at=None, announced_on__lte=on), on)
    return rows.annotate(town=town())


def page(actor: Actor, row: Row, on: date) -> RecordPage:
    """A zone: how far it is, what is grown in it, what must leave."""
    found = ProhibitedZone.objects.select_related("recorded_by").get(pk=row["pk"])
    rows = exits.exits(ProhibitedZone.objects.filter(pk=found.pk), on.year, Then(on.year, on), actor)
    facts = [Fact(_("依据"), cited_then(BASES, found.proposed_on, on))]
    facts += [_exit(one) for one in rows if one.left is not True] if found.approved_on else []
    told = [
        Event(
            entry.at,
            who,
            str(audit_words.word_of(entry.act)),
            str(entry.data.get("approval") or entry.data.get("address") or ""),
        )
        for entry, who in audit.told_of(found, *ACTS)
    ]
    return usepages.page(
        actor, found, KEPT,
        chips=[_chip(found), *_left(rows, found)],
        facts=facts,
        acts=_acts(actor, found),
        related=usepages.unit_links(actor, found.units.all()),
        history=told,
    )  # fmt: skip


def _chip(found: ProhibitedZone) -> Chip:
    if found.until:
        return Chip("calm", _("已解除"), why=str(found.until))
    if found.approved_on is None:
        return Chip("warn", _("待政府批准"), why=_("批准前不生效。"))
    if found.announced_on is None:
        return Chip("warn", _("已批准，待公告"))
    return Chip("good", _("已公告")) if found.sign_on else Chip("busy", _("已公告，待设置标识"))


def _left(rows: list[exits.Exit], found: ProhibitedZone) -> list[Chip]:
    if found.approved_on is None or found.until:
        return []
    wrong = sum(one.left is False for one in rows)
    unknown = sum(one.left is None for one in rows)
    chips = [Chip("bad", _("%(n)d 个单元仍在种植") % {"n": wrong})] if wrong else []
    return chips + ([Chip("unknown", _("%(n)d 个单元不清楚种什么") % {"n": unknown})] if unknown else [])


def _exit(one: exits.Exit) -> Fact:
    name = _("单元 %(number)s") % {"number": one.unit.number}
    if one.left is None and not one.crops:
        return Fact(name, _("没有登记今年种植什么"), doubt=_("请登记种植季，才能判断是否退出"))
    doubt = _("禁止生产的农产品没有退出") if one.left is False else _("作物名称不在对照表里，请人工核对")
    return Fact(name, "、".join(one.crops), doubt=doubt)


def _acts(actor: Actor, found: ProhibitedZone) -> list[Act]:
    no = stopped(actor, "farmland.propose_zone", found) or (_("这条记录已经撤销。") if found.superseded_at else "")
    no = no or (_("区域已经解除。") if found.until else "")
    done = _("已登记批准。") if found.approved_on else ""
    waiting = "" if found.approved_on else _("先登记政府批准。")
    return [
        Act(_("登记批准"), reverse("farmland:zone_approve", args=[found.uid]), "check", primary=not done, stopped_by=no or done),
        Act(_("登记公告"), reverse("farmland:zone_announce", args=[found.uid]), "send", primary=bool(done) and not found.announced_on, stopped_by=no or waiting),
        Act(_("登记标识"), reverse("farmland:zone_sign", args=[found.uid]), "camera", stopped_by=no or waiting),
        Act(_("登记解除"), reverse("farmland:zone_end", args=[found.uid]), "unlock", stopped_by=no or waiting),
    ]  # fmt: skip


REGISTER = register.add(
    Register(
        name="farmland.prohibited_zones",
        collection="prohibited_zones",
        subject="farmland.prohibitedzone",
        title=_l("特定农产品禁止生产区域"),
        permission="farmland.read",
        queryset=lambda actor, on, known_on=None: exits.zones(actor, on, known_on).annotate(town=town()),
        knows_past=True,
        columns=[
            Column("name", _l("名称"), sort="name", width=20, frozen=True, format=cells.link),
            Column("number", _l("编号"), sort="number", width=14),
            Column("produce", _l("禁止生产的农产品"), width=14, format=cells.clamp),
            Column("proposed_on", _l("提出日期"), sort="proposed_on", width=8, format=cells.day, type="date"),
            Column("approved_on", _l("批准日期"), sort="approved_on", width=8, format=cells.day, type="date"),
            Column("approval", _l("批准文号"), width=13, format=cells.clamp),
            Column("authority", _l("批准机关"), width=12, format=cells.clamp),
            Column("announced_on", _l("公告日期"), width=8, format=cells.day, type="date"),
            Column("address", _l("公告网址"), width=14, format=cells.clamp),
            Column("sign_on", _l("标识设置日期"), width=8, format=cells.day, type="date"),
            Column("until", _l("解除日期"), width=8, format=cells.day, type="date", shown=False),
            Column("town", _l("行政区"), width=8),
        ],
        filters=[
            ChoiceFilter("state", _l("进展"), choices=[("proposed", _l("待批准")), ("approved", _l("已批准，待公告")), ("announced", _l("已公告")), ("ended", _l("已解除"))],
                         conditions=STATES),
        ],
        search=["number", "name", "produce", "approval"],
        default_sort="-proposed_on",
        ground=Ground("geometry", title="name", color="#b3261e"),
        writing=planentering.ZONES,
        record=page,
        public=Public(announced, ["number", "name", "produce", "approved_on", "approval", "authority", "announced_on", "address"]),
        page_acts=[PageAct(_l("作物退出"), "farmland:crop_exit", "farmland.read", icon="clock-history")],
        views=[(_l("待批准"), "state=proposed"), (_l("待公告"), "state=approved")],
        about=_l("严格管控类耕地由农业农村部门提出建议，报同级人民政府批准后公告、上图；公告过的区域向公众公开。"),
        empty=_l("还没有特定农产品禁止生产区域：选择严格管控类单元提出建议。"),
    )
)  # fmt: skip

navigation.register(SECTION, _l("禁止生产区域"), "kit:collection", "farmland.read", order=490, icon="slash-circle", args=("prohibited_zones",))  # fmt: skip
navigation.register(SECTION, _l("安全利用率"), "farmland:rate", "farmland.read", order=491, icon="bullseye")
