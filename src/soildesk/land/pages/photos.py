"""Photographs of a parcel from a phone."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.lineage import crumbs, found_or_404, record_url
from soildesk.land.services.patrols import Photo
from soildesk.land.services.photos import NOTE_LENGTH, photograph


class PhotoForm(forms.Form):
    """What is to be said of the photographs."""

    note = forms.CharField(label=gettext_lazy("说明"), max_length=NOTE_LENGTH, required=False)


@staff_page("land.photograph")
def photos(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take photographs of a parcel."""
    version, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "land.photograph", version)
    form = posted(PhotoForm, request)
    context = {"form": form, "version": version, "crumbs": crumbs(version, _("拍照")), "back": record_url(version)}
    if request.method == "POST" and form.is_valid():
        taken = [Photo(upload.name or "photo.jpg", upload.read()) for upload in request.FILES.getlist("photo")]
        try:
            kept = photograph(version, taken, form.cleaned_data["note"], by=actor, at=clock.now())
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("已保存 %(count)d 张照片。") % {"count": len(kept)})
            return HttpResponseRedirect(record_url(version))
    return render(request, "land/photos.html", context, status=422 if request.method == "POST" else 200)
