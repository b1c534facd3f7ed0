"""The record page of a unit: what it is, its class and by which decision, who tills it, where its ground came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core.permissions import Actor, NotAllowed, may, require
from soildesk.farmland.approvedwords import class_look, class_word, element_names
from soildesk.farmland.models import UnitChange, UnitClass, UnitLink, UnitVersion
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.queries import classes, units
from soildesk.farmland.register import beside
from soildesk.kit.faces import RecordPage
from soildesk.kit.gis.refusals import said
from soildesk.kit.parts import Act, Chip, Event, Fact, Step
from soildesk.kit.register import Row
from soilrules.geodesy import measure

AREA_SHARE = 0.01
"""From which difference of areas a person is asked to look, as everywhere areas are compared."""


def unit(actor: Actor, row: Row, on: date) -> RecordPage:
    """A unit: its class with the decision behind it, its households, its ground through time."""
    version = UnitVersion.objects.select_related("unit", "keeper").get(pk=row["pk"])
    held = classes.class_of(version.unit, on)
    history = classes.history(version.unit)
    changes = units.changes_of(version.unit)
    names = units.names_of(
        [key for _change, links in changes for one in links for key in (one.before_id, one.after_id)], on
    )
    personal = may(actor, "farmland.read_personal", version)
    tilled = units.tilled([version.unit_id], on).get(version.unit_id)
    return RecordPage(
        chips=[*_chips(version, held), *beside.chips(actor, version, on)],
        life=_life(version, history, changes, on),
        facts=_facts(version, held),
        acts=_acts(actor, version),
        history=[_told(one) for one, _links in changes],
        related=_related(version),
        template="farmland/unit.html",
        context={
            "held": held,
            "held_word": class_word(held.farmland_class if held else ""),
            "classes": [(one, _chip(one), element_names(one.controlling)) for one in history],
            "households": _tilling(version, on) if personal else None,
            "tilled": tilled,
            "tilled_words": _tilled_words(version, tilled),
            "waiting": units.left_behind(version.unit, on) if personal else [],
            "may_place": may(actor, "farmland.keep_households", version),
            "changes": [(one, _lines(links, names)) for one, links in changes],
            "sections": beside.sections(actor, version, on),
            "version": version,
            "on": on,
        },
    )  # fmt: skip


def _chip(held: UnitClass | None) -> Chip:
    value = held.farmland_class if held else ""
    tone, icon = class_look(value)
    if held is None:
        why = _("没有登记省级人民政府批准的类别；没有类别不等于没有污染。")
        return Chip(tone, class_word(""), icon=icon, why=why)  # type: ignore[arg-type]
    why = _("%(since)s 起，%(authority)s%(number)s批准") % {
        "since": held.since, "authority": held.decision.authority, "number": held.decision.number,
    }  # fmt: skip
    url = reverse("kit:record", args=["class_decisions", str(held.decision.uid)])
    return Chip(tone, class_word(value), icon=icon, why=why, url=url)  # type: ignore[arg-type]


def _chips(version: UnitVersion, held: UnitClass | None) -> Sequence[Chip]:
    chips = [_chip(held)]
    if version.basic_farmland:
        chips.append(Chip("calm", _("永久基本农田")))
    if not version.use:
        chips.append(Chip("unknown", _("利用方式不明"), why=_("没有利用方式就不知道用哪一列筛选值，不能评价。")))
    if doubt := _area_doubt(version):
        chips.append(Chip("warn", _("面积不符"), why=doubt))
    return chips


def _area_doubt(version: UnitVersion) -> str:
    if version.area_of_record_m2 is None:
        return ""
    found = measure.area_finding(version.area_m2, float(version.area_of_record_m2))
    return said(found) if found else ""


def _life(
    version: UnitVersion, history: Sequence[UnitClass], changes: Sequence[tuple[UnitChange, Any]], on: date
) -> Sequence[Step]:
    """From the first day through every decision and change of ground to today or to the end."""
    versions = list(version.unit.versions.filter(superseded_at=None).order_by("since"))
    steps = [Step(_("登记单元"), "done", versions[0].since)]
    steps += [_class_step(one, on) for one in history if one.since == one.decision.since]
    steps += [
        Step(str(one.get_kind_display()), _stage(one.on, on), one.on, note=one.document) for one, _links in changes
    ]
    end = versions[-1].until
    if end is not None:
        steps.append(Step(_("终止"), _stage(end, on), end))
    if end is None or end > on:
        steps.append(Step(_("现状"), "here"))
    order = {"done": 0, "here": 1, "ahead": 2}
    return sorted(steps, key=lambda step: (order[step.stage], step.on or date.max))


def _class_step(one: UnitClass, on: date) -> Step:
    url = reverse("kit:record", args=["class_decisions", str(one.decision.uid)])
    return Step(class_word(one.farmland_class), _stage(one.since, on), one.since, note=one.decision.number, url=url)


def _stage(day: date, on: date) -> Any:
    return "done" if day <= on else "ahead"


def _facts(version: UnitVersion, held: UnitClass | None) -> Sequence[Fact]:
    """What the columns do not say: why the class holds, and what should be looked at."""
    facts = [Fact(_("类别依据"), _class_note(held), source=held.decision.number if held else "")]
    facts.append(Fact(_("面积（公顷）"), f"{version.area_m2 / 10_000:,.4f}", note=_("按图形在椭球面上计算")))
    if doubt := _area_doubt(version):
        facts.append(Fact(_("登记面积核对"), told(version.area_of_record_m2), doubt=doubt))
    if held and held.area_m2 is not None and abs(float(held.area_m2) - version.area_m2) > AREA_SHARE * version.area_m2:
        doubt = _("与图形面积相差超过 1%，请核对图形或批准清单")
        facts.append(Fact(_("批准面积核对"), told(held.area_m2), doubt=doubt))
    if not version.pollution:
        doubt = _("2020 年及以前的安全利用率按它计算，没有就不能计入")
        facts.append(Fact(_("污染程度核对"), _("不清楚"), doubt=doubt))
    return facts


def _class_note(held: UnitClass | None) -> str:
    if held is None:
        return _("没有批准的类别，措施、锁定和安全利用率都不能按它办理")
    said = {"authority": held.decision.authority, "day": held.since, "why": held.reason}
    if held.since == held.decision.since:
        return _("%(authority)s批准，%(day)s 起") % said
    return _("%(authority)s批准，%(day)s 起%(why)s") % said


def _tilling(version: UnitVersion, on: date) -> list[dict[str, Any]]:
    """Those who till the unit, their area in 亩."""
    named = ("uid", "head", "contract", "transferee", "since")
    rows = units.households_of(version.unit, on)
    return [{**{name: getattr(one, name) for name in named}, "mu": to_mu(one.area_m2)} for one in rows]


def _tilled_words(version: UnitVersion, tilled: tuple[int, float] | None) -> str:
    if tilled is None:
        return ""
    count, area = tilled
    return _("%(n)d 户共 %(tilled)s 亩，单元 %(whole)s 亩。") % {
        "n": count, "tilled": to_mu(area), "whole": to_mu(version.area_m2),
    }  # fmt: skip


def _acts(actor: Actor, version: UnitVersion) -> Sequence[Act]:
    keeping = _stopped(actor, "farmland.keep_units", version)
    tilling = _stopped(actor, "farmland.keep_households", version)
    uid = str(version.unit.uid)
    add = f"{reverse('kit:collection_add', args=['farmland_households'])}?unit={version.unit.number}"
    return [
        Act(_("登记农户"), add, "person", stopped_by=tilling),
        Act(_("拆分"), reverse("farmland:unit_split", args=[uid]), "layout-split", stopped_by=keeping),
        Act(_("合并"), reverse("farmland:unit_merge") + f"?unit={uid}", "intersect", stopped_by=keeping),
        Act(_("调整边界"), reverse("farmland:unit_reshape") + f"?unit={uid}", "bounding-box", stopped_by=keeping),
        Act(_("终止"), reverse("farmland:unit_end", args=[uid]), "slash-circle", danger=True, stopped_by=keeping),
    ]


def _stopped(actor: Actor, permission: str, version: UnitVersion) -> str:
    """Why nothing more can be done to a unit; empty where it can."""
    last = UnitVersion.objects.filter(unit=version.unit_id, superseded_at=None).order_by("-since").first()
    if last is None or last.until is not None:
        return _("这个单元已经终止，不能再办理。")
    if version.pk != last.pk:
        return _("%(day)s 之后另有变更：请回到今天的记录办理。") % {"day": version.since}
    try:
        require(actor, permission, version)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def _lines(links: Sequence[UnitLink], names: dict[int, str]) -> list[tuple[UnitLink, str, str, str]]:
    """Each share of ground that went from one unit to another, in words."""
    return [(one, names.get(one.before_id, ""), names.get(one.after_id, ""), told(one.area_m2)) for one in links]


def _told(one: UnitChange) -> Event:
    paper = _("依据 %(document)s") % {"document": one.document} if one.document else ""
    who = one.recorded_by.name if one.recorded_by else ""
    return Event(
        one.recorded_at, who, str(one.get_kind_display()), "，".join(filter(None, (str(one.on), one.why, paper)))
    )


def _related(version: UnitVersion) -> Sequence[tuple[str, str]]:
    number = version.unit.number
    return [(_("本单元的农户"), f"{reverse('kit:collection', args=['farmland_households'])}?q={number}")]
