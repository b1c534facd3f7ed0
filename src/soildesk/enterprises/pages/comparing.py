"""One candidate of a comparison declined."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core.errors import Refusal
from soildesk.enterprises import comparing
from soildesk.kit import imports
from soildesk.kit.access import actor_of, staff_page


@require_POST
@staff_page("enterprises.keep")
def decline(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Leave one candidate out."""
    batch = get_object_or_404(imports.visible_batches(actor_of(request)), uid=uid, kind=comparing.KIND.name)
    try:
        comparing.decline(batch, pk)
        messages.success(request, _("这一项不采用。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("kit:import", uid=uid)
