"""Every layer an office keeps is a collection of its own, read from the database when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _l

from soildesk.kit import cells, register
from soildesk.kit.faces import Ground, Public
from soildesk.kit.register import Column, Register
from soildesk.land.models import Layer
from soildesk.land.queries import standing

COLORS = {
    Layer.Kind.BASIC_FARMLAND: "#e3b23c",
    Layer.Kind.PRIORITY_FARMLAND: "#3c8c40",
    Layer.Kind.WATER_SOURCE: "#2b6cb0",
    Layer.Kind.RED_LINE: "#c0392b",
    Layer.Kind.PARK: "#7d5ba6",
    Layer.Kind.CONTROL_ZONE: "#d35400",
    Layer.Kind.PLANNING: "#a47148",
    Layer.Kind.DIVISION: "#5f6b6d",
    Layer.Kind.OTHER: "#2f6f73",
}


def zone_register(layer: Layer) -> Register:
    """The declaration of one layer."""
    return Register(
        name=f"land.zones.{layer.code}",
        collection=layer.code,
        title=layer.title,
        permission="land.read",
        queryset=lambda actor, on, known_on=None: standing.zones(layer, actor, on, known_on),
        knows_past=True,
        columns=[
            Column("code", _l("代码"), sort="code", width=10, frozen=True),
            Column("name", _l("名称"), sort="name", width=16),
            *([Column("level", _l("分级"), sort="level", width=8)] if layer.class_attribute else []),
            *(_attribute(each) for each in layer.attributes),
            Column(
                "area_m2", _l("面积（m²）"), sort="area_m2", width=9, numeric=True, format=cells.number, type="number"
            ),
        ],
        search=["code", "name"],
        default_sort="code",
        ground=Ground("geometry", "mixed", area="area_m2", title="name", color=COLORS[Layer.Kind(layer.kind)]),
        public=Public(lambda on: standing.public_zones(layer, on), ["code", "name", "level", "area_m2"])
        if layer.is_public
        else None,
        totals={"area_m2": Sum("area_m2")},
    )


def _attribute(said: dict[str, Any]) -> Column:
    name = said["name"]
    return Column(
        f"a_{name}", said.get("title") or name, lambda row: (row["attributes"] or {}).get(name), ["attributes"],
        width=10, type=said.get("type", "string"),
    )  # fmt: skip


@register.provide
def _layers() -> Iterator[Register]:
    for layer in Layer.objects.all():
        yield zone_register(layer)
