"""Pages that all records of safe use share: a paper uploaded, a record taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.enterprises.pages.forms import DocumentForm, WhyForm
from soildesk.farmland.models.told import Told
from soildesk.farmland.register.usepages import KEPT, Kept
from soildesk.farmland.services import keeping
from soildesk.farmland.services.keeping import Paper
from soildesk.kit import register
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked


def held_or_404(actor: Actor, collection: str, uid: UUID) -> tuple[Kept, Told]:
    """The record of an address that stands, for whoever may write it."""
    kept = KEPT.get(collection)
    if kept is None:
        raise Http404(collection)
    row = kept.subject.model._default_manager.visible_to(actor).filter(superseded_at=None, uid=uid).first()
    if row is None:
        raise Http404(str(uid))
    require(actor, kept.subject.permission, row)
    return kept, row


def crumbs(collection: str, uid: UUID, last: str) -> list[tuple[str, str]]:
    """From the list to a page about one of its records."""
    title = str(register.collections()[collection].title)
    record = reverse("kit:record", args=[collection, str(uid)])
    return [(title, reverse("kit:collection", args=[collection])), (_("记录"), record), (last, "")]


@staff_page("farmland.read")
def paper(request: HttpRequest, collection: str, uid: UUID) -> HttpResponse:
    """A paper uploaded to a record."""
    actor = actor_of(request)
    kept, row = held_or_404(actor, collection, uid)

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        given = Paper(upload.read(), upload.name, kept.paper)
        keeping.attach(kept.subject, row, given, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    context = {
        "title": kept.paper_act,
        "crumbs": crumbs(collection, uid, kept.paper_act),
        "save": _("上传"),
    }
    record = reverse("kit:record", args=[collection, str(uid)])
    return asked(request, posted(DocumentForm, request), context, write, record)


@staff_page("farmland.read")
def back(request: HttpRequest, collection: str, uid: UUID) -> HttpResponse:
    """A record taken back that was written down wrongly."""
    actor = actor_of(request)
    kept, row = held_or_404(actor, collection, uid)

    def write(said: dict[str, Any]) -> str:
        keeping.take_back(kept.subject, row, why=said["reason"], by=actor, at=clock.now())
        return _("已撤销。")

    context = {
        "title": _("撤销"),
        "note": _("用于误登：撤销后不再计入，撤销的记录和原因留在历史里。"),
        "crumbs": crumbs(collection, uid, _("撤销")),
        "save": _("撤销"),
        "done": reverse("kit:collection", args=[collection]),
    }
    record = reverse("kit:record", args=[collection, str(uid)])
    return asked(request, posted(WhyForm, request), context, write, record)
