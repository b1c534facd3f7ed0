"""Small acts on results of the assessment of hazardous-waste management: taken back, their document attached."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.enterprises.models import WasteAssessment
from soildesk.enterprises.pages.forms import DocumentForm, WhyForm
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.services import waste
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked


def _listed() -> str:
    return reverse("kit:collection", args=["waste_assessments"])


def _found(request: HttpRequest, uid: UUID) -> tuple[WasteAssessment, str, list[tuple[str, str]]]:
    """The result that stands, its page, and the way to it; refused to whoever may not write it."""
    actor = actor_of(request)
    rows = WasteAssessment.objects.visible_to(actor).filter(superseded_at=None)
    held = get_object_or_404(rows, uid=uid)
    require(actor, "enterprises.record", held)
    back = reverse("kit:record", args=["waste_assessments", str(uid)])
    return held, back, [(_("危废规范化评估"), _listed()), (_firm(held), back)]


def _firm(held: WasteAssessment) -> str:
    return names_of([held.enterprise_id], held.on).get(held.enterprise_id, "")


@staff_page("enterprises.read")
def take_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A result that was written down by mistake."""
    held, back, way = _found(request, uid)

    def write(said: dict[str, Any]) -> str:
        waste.take_back(held, why=said["reason"], by=actor_of(request), at=clock.now())
        return _("已撤销“%(what)s”，可以重新登记。") % {"what": held}

    context = {
        "title": _("撤销评估结果：%(firm)s %(what)s") % {"firm": _firm(held), "what": held},
        "note": _("撤销后这条结果不再计入合格率，仍留在历史里；正确的结果请重新登记。"),
        "crumbs": [*way, (_("撤销"), "")],
        "save": _("撤销"),
        "done": _listed(),
    }
    return asked(request, posted(WhyForm, request), context, write, back)


@staff_page("enterprises.read")
def document(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The sheet or notice a result stands in."""
    held, back, way = _found(request, uid)

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        waste.attach(held, data=upload.read(), name=upload.name, by=actor_of(request), at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    context = {
        "title": _("上传评估文件：%(firm)s %(what)s") % {"firm": _firm(held), "what": held},
        "crumbs": [*way, (_("上传文件"), "")],
        "save": _("上传"),
    }
    return asked(request, posted(DocumentForm, request), context, write, back)
