"""Every layer an office keeps is a collection of its own, read from the database when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core.permissions import Actor
from soildesk.kit import cells, register
from soildesk.kit.faces import BulkLoading, Edition, Entry, Ground, Public, RecordPage
from soildesk.kit.parts import Fact
from soildesk.kit.register import Column, Register, Row
from soildesk.land import attributes
from soildesk.land.legends import COLORS, legend
from soildesk.land.models import Layer, LayerEdition
from soildesk.land.queries import standing
from soildesk.land.refusals import LayerRefused
from soildesk.land.services import layers as acts


def zone_register(layer: Layer) -> Register:
    """The declaration of one layer."""
    return Register(
        name=f"land.zones.{layer.code}",
        collection=layer.code,
        title=layer.title,
        permission="land.read",
        allows=partial(standing.sees_layer, layer=layer),
        queryset=partial(_zones, layer),
        knows_past=True,
        columns=[
            Column("code", _l("代码"), sort="code", width=10, frozen=True, format=cells.link),
            Column("name", _l("名称"), sort="name", width=16),
            *([Column("level", _l("图例分级"), sort="level", width=8)] if layer.class_attribute else []),
            *attributes.columns(layer.attributes),
            Column(
                "area_m2", _l("面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"
            ),
        ],
        search=["code", "name"],
        default_sort="code",
        ground=_ground(layer),
        bulk=_loading(layer),
        public=_public(layer),
        record=partial(_record, layer),
        begins=partial(standing.first_edition, layer),
        totals={"area_m2": Sum("area_m2")},
        about=_about(layer),
        empty=_l("这个图层当日没有可用的版本。在“图层”页导入划定机关发来的数据。"),
    )


def _zones(layer: Layer, actor: Actor | None, on: date, known_on: datetime | None = None) -> Any:
    return standing.zones(layer, actor, on, known_on)


def _about(layer: Layer) -> str:
    """What the layer is, for those who read it as a service."""
    decided = _("%(authority)s划定") % {"authority": layer.authority} if layer.authority else _("划定机关未登记")
    return "，".join((str(layer.get_kind_display()), decided))


def _public(layer: Layer) -> Public | None:
    if not layer.is_public:
        return None
    columns = ["code", "name", "area_m2", *(["level"] if layer.class_attribute else [])]
    return Public(partial(standing.public_zones, layer), columns)


def _ground(layer: Layer) -> Ground:
    color = COLORS[Layer.Kind(layer.kind)]
    if not layer.class_attribute:
        edge = layer.kind == Layer.Kind.DIVISION  # everything else lies within
        return Ground("geometry", "mixed", area="area_m2", title="name", color=color, outline=edge)
    classes = legend(layer.kind)
    field = "level_class" if layer.kind == Layer.Kind.PLANNING else "level"
    return Ground("geometry", "mixed", "area_m2", "name", field if classes else "", classes, color)


def _record(layer: Layer, actor: Actor, row: Row, on: date) -> RecordPage:
    """Whose boundary it is, and since when it counts."""
    edition = standing.edition_on(layer, on)
    facts = [Fact(_("划定机关"), layer.authority), Fact(_("亩"), round(row["area_m2"] * 0.0015, 2))]
    if edition:
        facts += [
            Fact(_("版本"), edition.title, note=_("%(day)s 起") % {"day": edition.since}),
            Fact(_("批准文号"), edition.document),
        ]
    return RecordPage(facts=facts)


def _loading(layer: Layer) -> BulkLoading:
    return BulkLoading(
        entries=[
            Entry("code", _l("代码"), names=["编号", "图斑编号", "地块编号", "BSM", "code", "id"], longest=80),
            Entry("name", _l("名称"), names=["name", "MC", "图斑名称", "地块名称"], longest=120),
            Entry("geometry", _l("范围"), "geometry", required=True),
        ],
        permission="land.keep_layers",
        start=partial(_start, layer),
        add_chunk=_add_chunk,
        accept=_accept,
        discard=_discard,
    )


def _start(layer: Layer, actor: Actor, edition: Edition, at: datetime) -> str:
    facts = acts.EditionFacts(edition.since, edition.title, edition.document, edition.attributes, edition.batch)
    return str(acts.start_edition(layer, facts, by=actor, at=at).pk)


def _edition(key: str) -> LayerEdition:
    found = LayerEdition.objects.select_related("layer").filter(pk=int(key)).first()
    if found is None:
        raise LayerRefused(_("这个版本已被删除：请重新导入。"), code="land.layer.not_found")
    return found


def _add_chunk(key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    acts.add_zones(_edition(key), rows)


def _accept(actor: Actor, key: str, at: datetime) -> None:
    acts.accept(_edition(key), by=actor, at=at)


def _discard(key: str) -> None:
    acts.discard(_edition(key))


@register.provide
def _layers() -> Iterator[Register]:
    for layer in Layer.objects.all():
        yield zone_register(layer)
