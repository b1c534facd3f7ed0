"""Pages of acts on ground: a wrong one taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.decisions.actwords import word
from soildesk.decisions.models import GroundAct
from soildesk.decisions.queries.ground_acts import act_called
from soildesk.decisions.services import ground_acts
from soildesk.enterprises.pages.forms import DocumentForm, WhyForm
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked


def _held(actor: Actor, uid: UUID) -> GroundAct:
    """The act of an address, for whoever may write."""
    held = act_called(actor, str(uid))
    if held is None:
        raise Http404(str(uid))
    require(actor, ground_acts.RECORD, held)
    return held


@staff_page("decisions.read")
def proof(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A proof of an act: paper, photograph, image."""
    actor = actor_of(request)
    held = _held(actor, uid)

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        ground_acts.attach(held, data=upload.read(), name=upload.name, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    record = reverse("kit:record", args=["ground-acts", str(uid)])
    context = {
        "title": _("上传证据：“%(act)s”（%(day)s）") % {"act": word(held.act), "day": held.on},
        "crumbs": [(_("用地办理事项"), reverse("kit:collection", args=["ground-acts"])), (_("上传证据"), "")],
        "save": _("上传"),
    }
    return asked(request, posted(DocumentForm, request), context, write, record)


@staff_page("decisions.read")
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An act taken back that was written down wrongly."""
    actor = actor_of(request)
    held = _held(actor, uid)
    listed = reverse("kit:collection", args=["ground-acts"])

    def write(said: dict[str, Any]) -> str:
        ground_acts.take_back(held, by=actor, at=clock.now(), why=said["reason"])
        return _("已撤销“%(act)s”（%(day)s）。") % {"act": word(held.act), "day": held.on}

    context = {
        "title": _("撤销“%(act)s”（%(day)s）") % {"act": word(held.act), "day": held.on},
        "note": _("用于误登：撤销后不再计入比对，撤销的记录和原因留在历史里。"),
        "crumbs": [(_("用地办理事项"), listed), (_("撤销"), "")],
        "save": _("撤销"),
        "done": listed,
    }
    return asked(
        request, posted(WhyForm, request), context, write, reverse("kit:record", args=["ground-acts", str(uid)])
    )
