"""Many problems handed over at once: the rows chosen in the list, one department, one requirement, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.pages import chosen_keys
from soildesk.kit.record_pages import register_called
from soildesk.kit.rows import Selection
from soildesk.land.queries.choices import department, keepers
from soildesk.oversight.models import Problem
from soildesk.oversight.pages.forms_problems import AssignForm
from soildesk.oversight.services import problems
from soildesk.oversight.services.problems import SETTLE, Done, Order


@staff_page(SETTLE)
@require_POST
def assign_many(request: HttpRequest) -> HttpResponse:
    """First the form over the problems chosen, then the act."""
    actor = actor_of(request)
    listed = reverse("kit:collection", args=["problems"])
    found = _chosen(request, actor)
    if not found:
        messages.error(request, _("没有选中任何一行：请先勾选要办理的行。"))
        return HttpResponseRedirect(listed)
    asks = request.POST.get("step") != "save"
    form = AssignForm(None if asks else request.POST, departments=keepers(actor, actor.today), initial=_first(found))
    context = {
        "title": _("批量交办 %(n)d 个问题") % {"n": len(found)},
        "form": form,
        "found": [(one, one.unit) for one in found],
        "barred": [one for one in found if one.state != Problem.State.OPEN],
        "kept_terms": sum(one.due is not None for one in found),
        "back": listed,
        "crumbs": [(_("问题清单"), listed), (_("批量交办"), "")],
    }
    if not asks and form.is_valid():
        try:
            count = problems.assign_many(found, _order(form), Done(actor, clock.now(), form.cleaned_data["note"]))
        except Refusal as refusal:
            context["refused"] = str(refusal)
        else:
            messages.success(request, _("已交办 %(n)d 个问题。") % {"n": count})
            return HttpResponseRedirect(listed)
    return render(request, "oversight/assign_many.html", context, status=200 if asks else 422)


def _chosen(request: HttpRequest, actor: Actor) -> Sequence[Problem]:
    """The problems chosen in the list, in the order of their numbers."""
    selection = Selection(register_called("problems"), actor, clock.today(), request.GET)
    rows = Problem.objects.visible_to(actor).filter(uid__in=chosen_keys(request, selection))
    return list(rows.select_related("unit", "enterprise").order_by("number"))


def _first(found: Sequence[Problem]) -> dict[str, str]:
    """What all of them say already."""
    units, asked = {one.unit_id for one in found}, {one.requirement for one in found}
    first = {"requirement": asked.pop()} if len(asked) == 1 else {}
    return {**first, "unit": str(units.pop() or "")} if len(units) == 1 else first


def _order(form: AssignForm) -> Order:
    said = form.cleaned_data
    unit = department(int(said["unit"]))
    if unit is None:
        raise Http404(said["unit"])
    return Order(unit, said["requirement"], said["due"], said["due_body"])
