"""What this room itself knows of a ground: uses and holders of its parcels through time, layers, patrols."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor, holds_for_all
from soildesk.land import knowledge, landuse
from soildesk.land.knowledge import Ground, Heard, Known, Source, Stood
from soildesk.land.models import Layer, Patrol, UnusedLandVersion
from soildesk.land.queries import standing

MOST_ZONES = 1_000
"""Zones of one layer told of one ground, the largest first."""


def _uses(ground: Ground, actor: Actor) -> Iterator[Heard]:
    rows = [_of(stood, _use(stood)) for stood in ground.stood if stood.facts["use_now"]]
    yield Heard(_("现在和过去的用途"), rows, rest=_("用途没有记录，不等于没有使用过"))


def _use(stood: Stood) -> str:
    return landuse.shown(stood.facts["use_system"], stood.facts["use_now"])


def _holders(ground: Ground, actor: Actor) -> Iterator[Heard]:
    if not holds_for_all(actor, "land.read_personal", standing.parcels(actor, ground.on, ground.known_on)):
        yield Heard(_("使用权人"), cannot_say=_("您没有查看使用权人的权限：请联系经办人。"))
        return
    rows = [_of(stood, stood.facts["holder"]) for stood in ground.stood if stood.facts["holder"]]
    yield Heard(_("使用权人"), rows, rest=_("使用权人没有记录"))


def _of(stood: Stood, what: str) -> Known:
    of = _("%(number)s（%(relation)s）") % {"number": stood.number, "relation": stood.relation}
    url = reverse("kit:record", args=["parcels", stood.uid])
    day = stood.since if stood.until else None
    return Known(
        what, of, geometry=stood.geometry, since=stood.since, until=stood.until, url=f"{url}?on={day}" if day else url
    )


def _zones(ground: Ground, actor: Actor) -> Iterator[Heard]:
    """Each layer for itself: a layer without an edition on the day cannot say whether it is met."""
    for layer in standing.layers(actor):
        if layer.kind != Layer.Kind.DIVISION:
            yield _zones_of(layer, ground, actor)


def _zones_of(layer: Layer, ground: Ground, actor: Actor) -> Heard:
    edition = standing.edition_on(layer, ground.on, ground.known_on)
    if edition is None:
        return Heard(
            layer.title,
            cannot_say=_("%(day)s 没有可用的版本，不能判断是否落入：请导入当时有效的版本。") % {"day": ground.on},
        )
    rows = edition.zones.filter(geometry__intersects=ground.shape, area_m2__gt=0)
    told = list(rows.order_by("-area_m2", "pk")[: MOST_ZONES + 1])
    more = rows.count() - MOST_ZONES if len(told) > MOST_ZONES else 0
    known = [
        Known("，".join(filter(None, (zone.name or zone.code, zone.level))) or _("未命名图斑"), layer.title,
              geometry=zone.geometry, since=edition.since)
        for zone in told[:MOST_ZONES]
    ]  # fmt: skip
    if not more:
        return Heard(layer.title, known, rest=_("未落入该图层（版本自 %(day)s）") % {"day": edition.since})
    return Heard(
        layer.title,
        known,
        rest=_("未落入该图层，或落在没有列出的图斑内（版本自 %(day)s）") % {"day": edition.since},
        left_out=_("另有 %(n)d 个图斑没有列出，只列出最大的 %(most)d 个：请缩小范围，或用叠加分析。")
        % {"n": more, "most": MOST_ZONES},
    )


def _patrols(ground: Ground, actor: Actor) -> Iterator[Heard]:
    lands = standing.unused_land(actor, ground.on, ground.known_on).filter(geometry__intersects=ground.shape)
    by_land = {row.land_id: row for row in lands.select_related("land")}
    rows = standing.patrols(actor, ground.on, ground.known_on).filter(land__in=by_land)
    yield Heard(_("未利用地巡查"), [_visit(row, by_land[row.land_id]) for row in rows], rest=_("没有巡查记录"))


def _visit(row: Patrol, land: UnusedLandVersion) -> Known:
    what = "：".join(filter(None, (str(row.get_found_display()), row.note)))
    url = reverse("kit:record", args=["patrols", str(row.uid)])
    return Known(what, land.name, geometry=land.geometry, since=row.on, url=url)


knowledge.register(Source("land.uses", _l("现在和过去的用途"), _uses, 10))
knowledge.register(Source("land.holders", _l("使用权人"), _holders, 20))
knowledge.register(Source("land.zones", _l("图层"), _zones, 30))
knowledge.register(Source("land.patrols", _l("未利用地巡查"), _patrols, 40))
