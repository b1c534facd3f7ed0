"""Acts on layers: make one, take an edition in, publish it. Nobody edits a boundary that another body decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from soildesk.core import audit
from soildesk.core.geometry.loading import load
from soildesk.core.permissions import Actor, require
from soildesk.kit import register
from soildesk.land.legends import level_of
from soildesk.land.models import Layer, LayerEdition, Zone
from soildesk.land.refusals import LayerRefused
from soildesk.land.services.writing import Place
from soildesk.land.shapes import areas_m2

CODE = re.compile(r"[a-z][a-z0-9_-]{1,39}")
RESERVED = frozenset({"new"})
TYPES = frozenset({"string", "number", "integer", "date", "datetime", "boolean"})
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What a layer is. `class_attribute` names the attribute its zones are coloured by."""

    code: str
    title: str
    kind: str = Layer.Kind.OTHER
    authority: str = ""
    class_attribute: str = ""
    attributes: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an edition is: from which day it counts, its name, its paper and the columns it brings."""

    since: date
    title: str = ""
    document: str = ""
    attributes: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    batch: Any = None


@transaction.atomic
def make(facts: LayerFacts, place: Place, *, by: Actor, at: datetime) -> Layer:
    """A layer without any edition yet."""
    require(by, "land.keep_layers", place.division)
    if not CODE.fullmatch(facts.code) or facts.code in {*RESERVED, *register.house()}:
        raise LayerRefused(
            _("图层代码“%(code)s”不能用：应为 2 至 40 位小写字母、数字、短横或下划线，以字母开头，且不与台账重名。")
            % {"code": facts.code},
            code="land.layer.code",
        )
    if not facts.title.strip():
        raise LayerRefused(_("图层没有名称：请填写。"), code="land.layer.title_missing")
    _must_be_kind(facts.kind)
    if Layer.objects.filter(code=facts.code).exists():
        raise LayerRefused(
            _("图层代码“%(code)s”已在使用：请换一个代码，或在该图层下导入新版本。") % {"code": facts.code},
            code="land.layer.code_taken",
        )
    layer = Layer.objects.create(
        code=facts.code,
        title=facts.title.strip()[:80],
        kind=facts.kind,
        authority=facts.authority.strip()[:120],
        class_attribute=facts.class_attribute.strip()[:60],
        attributes=columns(facts.attributes),
        created_at=at,
        **place.columns,
    )
    audit.record("land.layer.made", subject=layer, by=by, at=at, data={"code": layer.code, "kind": layer.kind})
    return layer


def _must_be_kind(kind: str) -> None:
    if kind not in Layer.Kind.values:
        known = "、".join(f"{label}（{value}）" for value, label in Layer.Kind.choices)
        raise LayerRefused(
            _("没有“%(kind)s”这种图层类型：应为%(known)s之一。") % {"kind": kind, "known": known},
            code="land.layer.kind",
        )


@transaction.atomic
def describe(layer: Layer, facts: Mapping[str, str], *, by: Actor, at: datetime) -> Layer:
    """Name a layer otherwise: title, authority, kind, the attribute it is coloured by; its code stays."""
    require(by, "land.keep_layers", layer)
    said = {
        name: str(value).strip()
        for name, value in facts.items()
        if name in {"title", "authority", "kind", "class_attribute"}
    }
    if not said.get("title", layer.title):
        raise LayerRefused(_("图层没有名称：请填写。"), code="land.layer.title_missing")
    _must_be_kind(said.get("kind", layer.kind))
    for name, value in said.items():
        setattr(layer, name, value)
    layer.save(update_fields=list(said))
    audit.record("land.layer.described", subject=layer, by=by, at=at, data={"code": layer.code, "facts": sorted(said)})
    return layer


@transaction.atomic
def start_edition(layer: Layer, facts: EditionFacts, *, by: Actor, at: datetime) -> LayerEdition:
    """An empty edition that nobody sees until it is accepted."""
    require(by, "land.keep_layers", layer)
    return LayerEdition.objects.create(
        layer=layer,
        title=facts.title.strip()[:120],
        document=facts.document.strip()[:120],
        since=facts.since,
        recorded_at=at,
        attributes=columns(facts.attributes),
        batch=facts.batch,
    )


def add_zones(edition: LayerEdition, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write a chunk of features as the file said them; part of a loading import, inside its short transaction.

    A row has geometry in EPSG:4490, code, name, attributes by name, and its area_m2 where that was computed already.
    """
    _must_load(edition)
    held, layer = list(rows), edition.layer
    if any(row.get("area_m2") is None for row in held):
        measured = areas_m2([row["geometry"] for row in held])
    else:
        measured = [row["area_m2"] for row in held]
    if not held:
        return 0
    columns = {
        "edition": edition,
        "division_path": layer.division_path,
        "owner_department": layer.owner_department_id,
        "code": [str(row.get("code") or "")[:80] for row in held],
        "name": [str(row.get("name") or "")[:120] for row in held],
        "level": [_level(row, layer) for row in held],
        "attributes": [dict(row.get("attributes") or {}) for row in held],
        "area_m2": measured,
        "geometry": [row["geometry"] for row in held],
    }
    return load(Zone, columns)


def _level(row: Mapping[str, Any], layer: Layer) -> str:
    """What colours a zone, in the words of the legend."""
    said = (row.get("attributes") or {}).get(layer.class_attribute) or row.get("level") or ""
    return level_of(layer.kind, str(said))[:60]


@transaction.atomic
def accept(edition: LayerEdition, *, by: Actor, at: datetime) -> LayerEdition:
    """Let an edition count: it supersedes the edition of the same first day, and ends the one before it.

    Which edition counts on a day is read from their first days, so that an earlier knowledge stays as it was.
    """
    edition, layer = _locked(edition)
    require(by, "land.keep_layers", layer)
    _must_load(edition)
    found = edition.zones.aggregate(count=Count("pk"), area=Sum("area_m2"))
    if not found["count"]:
        raise LayerRefused(_("这个版本没有图斑，不能采用：请先导入数据。"), code="land.layer.empty")
    corrected = LayerEdition.objects.filter(
        layer=layer, state=LayerEdition.State.ACCEPTED, since=edition.since, superseded_at=None
    )
    replaced = corrected.update(superseded_at=at)
    edition.state, edition.recorded_at = LayerEdition.State.ACCEPTED, at
    edition.features, edition.area_m2 = found["count"], found["area"] or 0
    edition.save(update_fields=["state", "recorded_at", "features", "area_m2"])
    if edition.attributes:
        layer.attributes = edition.attributes
        layer.save(update_fields=["attributes"])
    audit.record(
        "land.layer.edition_accepted",
        subject=layer,
        by=by,
        at=at,
        data={"layer": layer.code, "since": edition.since, "features": edition.features, "corrects": bool(replaced)},
    )
    return edition


def discard(edition: LayerEdition) -> None:
    """Take a loading edition away, zones first, in short transactions: nobody saw it, so no act is written down."""
    _must_load(edition)
    while True:
        with transaction.atomic():
            gone = list(edition.zones.values_list("pk", flat=True)[:CHUNK])
            if not gone:
                break
            Zone.objects.filter(pk__in=gone).delete()
    edition.delete()


@transaction.atomic
def publish(edition: LayerEdition, *, by: Actor, at: datetime) -> LayerEdition:
    """Let the public see an edition: the layer is opened, the edition marked."""
    edition, layer = _locked(edition)
    require(by, "land.publish_layers", layer)
    if edition.state != LayerEdition.State.ACCEPTED or edition.superseded_at:
        raise LayerRefused(_("只有已采用、未被更正的版本可以公开。"), code="land.layer.not_accepted")
    if edition.published_at:
        raise LayerRefused(_("这个版本已经公开。"), code="land.layer.published")
    edition.published_at, layer.is_public = at, True
    edition.save(update_fields=["published_at"])
    layer.save(update_fields=["is_public"])
    audit.record(
        "land.layer.published", subject=layer, by=by, at=at, data={"layer": layer.code, "since": edition.since}
    )
    return edition


@transaction.atomic
def withdraw(edition: LayerEdition, *, why: str, by: Actor, at: datetime) -> LayerEdition:
    """Take an edition back from the public, with the reason; without a published edition the layer is closed."""
    edition, layer = _locked(edition)
    require(by, "land.publish_layers", layer)
    if edition.published_at is None:
        raise LayerRefused(_("这个版本没有公开，无需撤下。"), code="land.layer.not_published")
    if not why.strip():
        raise LayerRefused(_("请写明撤下的原因。"), code="land.layer.why_missing")
    edition.published_at = None
    edition.save(update_fields=["published_at"])
    layer.is_public = layer.editions.filter(published_at__isnull=False).exists()
    layer.save(update_fields=["is_public"])
    audit.record(
        "land.layer.withdrawn",
        subject=layer,
        by=by,
        at=at,
        data={"layer": layer.code, "since": edition.since, "why": why.strip()},
    )
    return edition


def columns(said: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The attributes of an edition as they are kept: name, title, type; the same name once."""
    found: dict[str, dict[str, str]] = {}
    for each in said:
        name, kind = str(each.get("name", "")).strip(), str(each.get("type", "string"))
        if not name or kind not in TYPES:
            raise LayerRefused(
                _("字段“%(name)s”（%(kind)s）不能用：应有名称，类型为文字、数字、整数、日期或是否。")
                % {"name": name, "kind": kind},
                code="land.layer.attribute",
            )
        found[name] = {"name": name, "title": str(each.get("title") or name), "type": kind}
    return list(found.values())


def _locked(edition: LayerEdition) -> tuple[LayerEdition, Layer]:
    """An edition and its layer as they stand now, held until the transaction ends."""
    layer = Layer.objects.select_for_update().get(pk=edition.layer_id)
    held = LayerEdition.objects.select_for_update().get(pk=edition.pk)
    held.layer = layer
    return held, layer


def _must_load(edition: LayerEdition) -> None:
    if edition.state != LayerEdition.State.LOADING:
        raise LayerRefused(_("这个版本已经采用，不能再改：请导入新版本。"), code="land.layer.not_loading")
