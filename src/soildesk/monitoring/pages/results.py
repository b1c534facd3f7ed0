"""Pages of single results: a correction, a mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.monitoring.models import Result
from soildesk.monitoring.pages import sending
from soildesk.monitoring.pages.forms_intake import CorrectForm, QualifyForm
from soildesk.monitoring.queries.results import analyte_name
from soildesk.monitoring.services import results
from soildesk.monitoring.services.results import Correction, Mark


def _result(request: HttpRequest, uid: UUID) -> tuple[Result, Actor]:
    actor = actor_of(request)
    found = Result.objects.visible_to(actor).filter(uid=uid).select_related("batch").first()
    if found is None:
        raise Http404(str(uid))
    require(actor, results.CHANGES, found)
    return found, actor


def _page(
    request: HttpRequest, result: Result, form: Any, words: dict[str, Any], write: Callable[[dict[str, Any]], Result]
) -> HttpResponse:
    name = f"{result.sample} {analyte_name(result.analyte)}"
    back = reverse("kit:record", args=["results", str(result.uid)])
    crumbs = [(_("检测结果"), reverse("kit:collection", args=["results"])), (name, back), (words["save"], "")]
    context = {"form": form, "back": back, "crumbs": crumbs, "title": f"{words['save']}：{name}", **words}
    if request.method == "POST" and form.is_valid():
        try:
            done = write(form.cleaned_data)
            messages.success(request, words["done"])
            return redirect("kit:record", "results", str(done.uid))
        except Refusal as refusal:
            context["refused"] = str(refusal)
    return render(request, "monitoring/intake_act.html", context, status=422 if request.method == "POST" else 200)


@staff_page(results.CHANGES)
def correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a result."""
    result, actor = _result(request, uid)

    def write(said: dict[str, Any]) -> Result:
        return results.correct(
            result, Correction(said["printed"], said["reason"], said["unit"]), by=actor, at=clock.now()
        )

    words = {
        "save": _("更正"), "done": _("已更正，原来的结果留在历史里。"),
        "note": _("现在是 %(text)s %(unit)s。更正会成为新的一版，并重新评价。") % {"text": result.printed, "unit": result.unit},
    }  # fmt: skip
    form = CorrectForm(initial={"unit": result.unit}, **sending.posted(request))
    return _page(request, result, form, words, write)


@staff_page(results.CHANGES)
def qualify(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Mark a result."""
    result, actor = _result(request, uid)

    def write(said: dict[str, Any]) -> Result:
        results.qualify(result, Mark(said["role"], said["code"], said["reason"]), by=actor, at=clock.now())
        return result

    words = {
        "save": _("标记"), "done": _("已标记。"),
        "note": _("审核：有效、估计值、存疑、弃用；解释：地质背景、离群、存疑、有效。弃用的结果不再评价。"),
    }  # fmt: skip
    return _page(request, result, QualifyForm(**sending.posted(request)), words, write)
