"""Templates of an office for the papers of this room: one page for every purpose, its fields, its versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.letters import store
from soildesk.kit.letters.store import Purpose, Upload
from soildesk.supervision.services.letters import SIGN, WRITE, office_of

OURS = "supervision."


class TemplateForm(forms.Form):
    """A Word file and why it changes."""

    file = forms.FileField(label=_l("Word 模板"), help_text=_l("只收 .docx。"))
    note = forms.CharField(label=_l("修改说明"), max_length=300, required=False)


def purposes() -> dict[str, Purpose]:
    """The purposes of this room."""
    return {name: one for name, one in store.purposes().items() if name.startswith(OURS)}


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("函件"), reverse("kit:collection", args=["letters"])), *more]


@staff_page(WRITE)
def every(request: HttpRequest) -> HttpResponse:
    """All purposes, with the version in force at the actor's office."""
    actor = actor_of(request)
    office = actor.person.department if actor.person else None
    told = [(one, store.current(name, office) if office else None) for name, one in purposes().items()]
    return render(request, "supervision/templates.html", {"told": told, "crumbs": _crumbs((_("函件模板"), ""))})


@staff_page(WRITE)
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One purpose: what a template may write, the office's own versions, another one."""
    actor, purpose = actor_of(request), _purpose(name)
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form, refused = TemplateForm(**given), ""  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            office = office_of(actor)
            require(actor, SIGN, office)
            held = form.cleaned_data["file"]
            upload = Upload(held.name, held.read(), form.cleaned_data["note"])
            made = store.store(purpose, upload, office, by=actor, at=clock.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("已启用第 %(n)d 版模板，以后的文件用它。") % {"n": made.version})
            return HttpResponseRedirect(reverse("supervision:template", args=[name]))
    versions = [(row, store.file_of(row)) for row in store.versions(purpose.id, actor)]
    context: dict[str, Any] = {
        "purpose": purpose, "name": name, "fields": purpose.fields(), "versions": versions, "form": form, "refused": refused,
        "crumbs": _crumbs((_("函件模板"), reverse("supervision:templates")), (str(purpose.title), "")),
    }  # fmt: skip
    return render(request, "supervision/template.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page(SIGN)
def retire(request: HttpRequest, name: str) -> HttpResponse:
    """Back to the desk's own form."""
    actor, purpose = actor_of(request), _purpose(name)
    try:
        office = office_of(actor)
        require(actor, SIGN, office)
        held = store.current(purpose.id, office)
        if held is not None:
            store.retire(held, by=actor, at=clock.now())
            messages.success(request, _("已停用，以后用系统自带的版式。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("supervision:template", args=[name]))


def _purpose(name: str) -> Purpose:
    purpose = purposes().get(f"{OURS}{name}")
    if purpose is None:
        raise Http404(name)
    return purpose
