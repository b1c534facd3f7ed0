"""Who may open which plan: every page finds its records through the scoped query, or answers 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, NotAllowed, require
from soildesk.plans.models import Plan, PlanTask

View = Callable[..., HttpResponse]


def logged_in(view: View) -> View:
    """Send those who are not logged in to the log-in page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None and "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Refresh": "true"})  # the page then goes to the log-in itself
        if getattr(request, "actor", None) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request; only in views that are `logged_in`."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotAllowed("no actor in a view that needs one: decorate it with logged_in.")
    return actor


def plan_or_404(actor: Actor, uid: UUID) -> Plan:
    """The plan, if the actor may read it."""
    rows = Plan.objects.visible_to(actor).select_related("document", "division", "owner_department", "edition_of")
    plan = rows.filter(uid=uid).first()
    if plan is None:
        raise Http404(str(uid))
    return plan


def task_or_404(actor: Actor, uid: UUID) -> PlanTask:
    """The task, if the actor may read its plan."""
    rows = PlanTask.objects.visible_to(actor).select_related(
        "plan__document", "plan__division", "plan__owner_department"
    )
    task = rows.filter(uid=uid).first()
    if task is None:
        raise Http404(str(uid))
    return task


def stopped(actor: Actor, permission: str, obj: object) -> str:
    """Why the actor may not do this and who can; empty where the actor may."""
    try:
        require(actor, permission, obj)
    except NotAllowed as refusal:
        return refusal.sentence
    return ""


def sentence_of(refusal: Refusal | NotAllowed) -> str:
    """The sentence of either kind of refusal."""
    return str(refusal.sentence)
