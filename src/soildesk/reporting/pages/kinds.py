"""The kinds of report with the fields of their templates, and an office's own templates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Upload
from soildesk.reporting import letters
from soildesk.reporting.pages.base import own_office, told
from soildesk.reporting.pages.forms import TemplateForm
from soildesk.reporting.queries import records
from soildesk.reporting.queries.kinds import Kind, kinds
from soildesk.reporting.services.blanks import TEMPLATES


@staff_page("reporting.read")
@told
def every(request: HttpRequest) -> HttpResponse:
    """All kinds."""
    actor = actor_of(request)
    office = records.office_of(actor)
    told = [(one, store.current(f"reporting.{one.id}", office) if office else None) for one in kinds().values()]
    return render(
        request, "reporting/kinds.html", {"kinds": told, "crumbs": [(_("报表"), _reports()), (_("种类与模板"), "")]}
    )


@staff_page("reporting.read")
@told
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One kind: what it says, what a template may write, the office's own versions."""
    actor, kind = actor_of(request), _kind(name)
    may_change = may(actor, TEMPLATES)
    form, refused = TemplateForm(request.POST or None, request.FILES or None), ""
    if request.method == "POST":
        require(actor, TEMPLATES)
        if form.is_valid():
            try:
                held = form.cleaned_data["file"]
                upload = Upload(held.name, held.read(), form.cleaned_data["note"])
                office = own_office(actor)
                require(actor, TEMPLATES, office)
                made = store.store(letters.purpose_of(kind), upload, office, by=actor, at=clock.now())
                messages.success(request, _("已启用第 %(n)d 版模板，以后生成的报表用它。") % {"n": made.version})
                return HttpResponseRedirect(reverse("reporting:kind", args=[kind.id]))
            except Refusal as refusal:
                refused = str(refusal)
    context: dict[str, Any] = {
        "kind": kind,
        "fields": letters.fields_of(kind),
        "parts": letters.FIGURE_PARTS,
        "versions": [(one, store.file_of(one)) for one in store.versions(f"reporting.{kind.id}", actor)],
        "form": form if may_change else None,
        "refused": refused,
        "crumbs": [(_("报表"), _reports()), (_("种类与模板"), reverse("reporting:kinds")), (str(kind.title), "")],
    }
    return render(request, "reporting/kind.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page(TEMPLATES)
@told
def retire(request: HttpRequest, name: str) -> HttpResponse:
    """Back to the desk's own form."""
    actor, kind = actor_of(request), _kind(name)
    office = own_office(actor)
    require(actor, TEMPLATES, office)
    held = store.current(f"reporting.{kind.id}", office)
    if held is not None:
        store.retire(held, by=actor, at=clock.now())
        messages.success(request, _("已停用，以后用系统自带的版式。"))
    return HttpResponseRedirect(reverse("reporting:kind", args=[kind.id]))


def _kind(name: str) -> Kind:
    kind = kinds().get(name)
    if kind is None:
        raise Http404(name)
    return kind


def _reports() -> str:
    return reverse("kit:collection", args=["reports"])
