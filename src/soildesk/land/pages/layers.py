"""Layers: the list with the edition of the day, one layer with all its editions, making and publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may, require
from soildesk.kit import faces_urls
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.land.layers import zone_register
from soildesk.land.legends import legend
from soildesk.land.models import Layer, LayerEdition
from soildesk.land.pages.forms import DescribeForm, LayerForm, posted
from soildesk.land.pages.parcels import asked
from soildesk.land.queries import standing
from soildesk.land.services import layers as acts
from soildesk.land.services.layers import LayerFacts
from soildesk.land.services.writing import place_at


@staff_page("land.read")
@require_GET
def layer_list(request: HttpRequest) -> HttpResponse:
    """The layers of the actor's places, each with the edition of the day."""
    actor, on = actor_of(request), page_day(request)
    layers = standing.layers(actor)
    here = standing.editions_on(layers, on)
    held = set(LayerEdition.objects.filter(layer__in=[one.pk for one in layers]).values_list("layer", flat=True))
    rows = [(layer, here.get(layer.pk), layer.pk in held) for layer in layers]
    context = {"rows": rows, "may_keep": may(actor, "land.keep_layers"), "crumbs": [(_("图层"), "")]}
    return render(request, "land/layers.html", context)


def layer_or_404(request: HttpRequest, code: str) -> Layer:
    """A layer of a place the actor works in."""
    layer = Layer.objects.select_related("owner_department").filter(code=code).first()
    if layer is None or not standing.sees_layer(actor_of(request), layer):
        raise Http404(code)
    return layer


def layer_crumbs(layer: Layer | None, what: str = "") -> list[tuple[str, str]]:
    """Where a page about a layer stands."""
    crumbs = [(_("图层"), reverse("land:layers"))]
    if layer is not None:
        crumbs.append((layer.title, reverse("land:layer", args=[layer.code]) if what else ""))
    return [*crumbs, (what, "")] if what else crumbs


@staff_page("land.read")
@require_GET
def layer(request: HttpRequest, code: str) -> HttpResponse:
    """One layer: what it shows, who decides it, its editions."""
    found, actor, on = layer_or_404(request, code), actor_of(request), page_day(request)
    register = zone_register(found)
    context = {
        "layer": found,
        "editions": _editions(found),
        "here": standing.edition_on(found, on),
        "legend": legend(found.kind) if found.class_attribute else [],
        "may_keep": may(actor, "land.keep_layers", found),
        "may_publish": may(actor, "land.publish_layers", found),
        "list_url": faces_urls.of(register, "list"),
        "import_url": f"{reverse('kit:gis_import')}?into={found.code}",
        "map_url": faces_urls.map_of(register),
        "crumbs": layer_crumbs(found),
    }
    return render(request, "land/layer.html", context)


def _editions(layer: Layer) -> list[tuple[LayerEdition, Any]]:
    """Every edition with the day on which the next one begins to count; those being loaded and corrected too."""
    rows = list(layer.editions.order_by("-since", "-recorded_at"))
    counting = sorted({row.since for row in rows if row.state == LayerEdition.State.ACCEPTED and not row.superseded_at})
    return [(row, row.until or next((day for day in counting if day > row.since), None)) for row in rows]


@staff_page("land.keep_layers")
def make(request: HttpRequest) -> HttpResponse:
    """A new layer."""
    actor = actor_of(request)
    form = posted(LayerForm, request)

    def write(said: dict[str, Any]) -> str:
        acts.make(LayerFacts(**said), place_at("", actor), by=actor, at=clock.now())
        return _("已新建图层“%(title)s”。下一步：导入划定机关发来的数据。") % said

    context = {"title": _("新建图层"), "crumbs": layer_crumbs(None, _("新建")), "save": _("新建")}
    return asked(request, form, context, write, reverse("land:layers"))


@staff_page("land.read")
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """Name a layer otherwise."""
    found, actor = layer_or_404(request, code), actor_of(request)
    require(actor, "land.keep_layers", found)
    held = {name: getattr(found, name) for name in ("title", "kind", "authority", "class_attribute")}

    def write(said: dict[str, Any]) -> str:
        acts.describe(found, said, by=actor, at=clock.now())
        return _("已修改图层说明。")

    context = {"title": _("修改图层说明"), "crumbs": layer_crumbs(found, _("修改")), "save": _("保存")}
    back = reverse("land:layer", args=[code])
    return asked(request, posted(DescribeForm, request, held), context, write, back)


@staff_page("land.read")
@require_POST
def publish(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Let the public see an edition, or take it back."""
    found, actor = layer_or_404(request, code), actor_of(request)
    edition = found.editions.filter(pk=pk).first()
    if edition is None:
        raise Http404(str(pk))
    try:
        if "why" in request.POST:
            acts.withdraw(edition, why=request.POST["why"], by=actor, at=clock.now())
            messages.success(request, _("已撤下：公众不再看到这个版本。"))
        else:
            acts.publish(edition, by=actor, at=clock.now())
            messages.success(request, _("已公开：公众可以看到这个版本。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("land:layer", args=[code]))
