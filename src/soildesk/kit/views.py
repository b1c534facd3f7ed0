"""Saved views: a person keeps a selection of a register under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.permissions import NotAllowed
from soildesk.kit.models import SavedView
from soildesk.kit.register import registers

if TYPE_CHECKING:
    from soildesk.core.models import Person

LONGEST_NAME, LONGEST_QUERY = 40, 4000


def _person(request: HttpRequest) -> Person:
    actor = getattr(request, "actor", None)
    if actor is None or actor.person is None:
        raise NotAllowed(_("请先登录。"))
    return actor.person


def _back(request: HttpRequest, query: str = "") -> HttpResponse:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect((target if safe else "/") + (f"?{query}" if query else ""))


@require_POST
def save_view(request: HttpRequest, register: str) -> HttpResponse:
    """Keep the posted query under the posted name; the same name again replaces it."""
    person = _person(request)
    if register not in registers():
        raise Http404(register)
    name, query = request.POST.get("name", "").strip()[:LONGEST_NAME], request.POST.get("query", "")[:LONGEST_QUERY]
    if not name:
        messages.error(request, _("视图没有名称：请填写一个名称再保存。"))
        return _back(request, query)
    SavedView.objects.update_or_create(
        owner=person, register=register, name=name, defaults={"query": query, "saved_at": clock.now()}
    )
    messages.success(request, _("已保存视图“%(name)s”。") % {"name": name})
    return _back(request, query)


@require_POST
def delete_view(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Delete one of the person's own views."""
    deleted, _by_model = SavedView.objects.filter(uid=uid, owner=_person(request)).delete()
    if not deleted:
        raise Http404(str(uid))
    messages.success(request, _("视图已删除。"))
    return _back(request)
