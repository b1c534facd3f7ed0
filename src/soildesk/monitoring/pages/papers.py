"""Papers of a campaign: labels, the list for the crew, and hand-overs with their slips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import may, require
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.monitoring import papers
from soildesk.monitoring.models import Campaign, Custody, PointVersion, SamplingTask
from soildesk.monitoring.pages.campaigns import crumbs, found_or_404
from soildesk.monitoring.pages.forms_network import HandingForm
from soildesk.monitoring.services import custody
from soildesk.monitoring.services.custody import Handing

State = SamplingTask.State
MOST_COPIES = 4


@staff_page("monitoring.sample")
def labels(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Labels of the samples still wanted, or of those named."""
    campaign = found_or_404(request, uid)
    require(actor_of(request), "monitoring.sample", campaign)
    rows = campaign.tasks.exclude(state=State.DROPPED).order_by("code")
    if named := request.GET.getlist("code"):
        rows = rows.filter(code__in=named)
    tasks = list(rows)
    if not tasks:
        raise Http404(str(uid))
    asked = request.GET.get("copies", "1")
    copies = min(int(asked), MOST_COPIES) if asked.isdecimal() and asked != "0" else 1
    made = papers.labels(campaign, tasks, at=clock.now(), copies=copies)
    return _pdf(made, f"labels-{campaign.number}.pdf")


@staff_page("monitoring.sample")
def crew_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Which code is taken where."""
    campaign = found_or_404(request, uid)
    require(actor_of(request), "monitoring.sample", campaign)
    tasks = list(campaign.tasks.exclude(state=State.DROPPED).select_related("unit").order_by("code"))
    if not tasks:
        raise Http404(str(uid))
    points = PointVersion.objects.filter(point__in=[task.point_id for task in tasks], superseded_at=None)
    named = dict(points.order_by("since").values_list("point_id", "name"))
    return _pdf(papers.crew_list(campaign, tasks, named, at=clock.now()), f"crew-{campaign.number}.pdf")


def _pdf(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@staff_page("monitoring.sample")
def hand_over(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Samples that are on the way, and the next hand-over of those chosen."""
    campaign, actor = found_or_404(request, uid), actor_of(request)
    require(actor, "monitoring.sample", campaign)
    now = timezone.localtime(clock.now()).replace(tzinfo=None)
    form = posted(HandingForm, request, {"at": now, "step": Custody.Step.HANDED})
    chosen, refused = request.POST.getlist("task"), ""
    if request.method == "POST" and form.is_valid():
        rows = SamplingTask.objects.visible_to(actor).filter(campaign=campaign, uid__in=chosen)
        try:
            made = custody.hand_over(list(rows), Handing(**form.cleaned_data), by=actor, at=clock.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, _("已登记 %(count)d 个样品，流转单 %(slip)s。") % {"count": len(made), "slip": made[0].slip}
            )
            return HttpResponseRedirect(reverse("monitoring:custody", args=[campaign.uid]))
    named = may(actor, "monitoring.read_personal", campaign) or may(actor, "monitoring.sample", campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "refused": refused,
        "chosen": set(chosen),
        "waiting": _waiting(campaign),
        "slips": _slips(campaign),
        "named": named,
        "crumbs": crumbs(campaign, _("样品流转")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "monitoring/custody.html", context, status=status)


def _waiting(campaign: Campaign) -> list[dict[str, Any]]:
    """Samples taken and not yet with the laboratory, with whose hands they are in."""
    tasks = campaign.tasks.filter(state=State.SAMPLED).prefetch_related("custody", "records").order_by("code")
    found = []
    for task in tasks:
        chain = list(task.custody.all())
        last = chain[-1] if chain else None
        if last is not None and last.step == Custody.Step.REJECTED:
            continue
        record = next((each for each in task.records.all() if each.superseded_at is None), None)
        found.append(
            {
                "task": task,
                "last": last,
                "at": last.at if last else record and record.sampled_at,
                "holder": last.to_name if last and last.to_name else record and record.sampler,
            }
        )
    return found


def _slips(campaign: Campaign) -> list[dict[str, Any]]:
    """The hand-overs written down, the latest first."""
    rows = Custody.objects.filter(task__campaign=campaign).order_by("-at", "-id").select_related("task")
    by_slip: dict[str, list[Custody]] = {}
    for row in rows:
        by_slip.setdefault(row.slip, []).append(row)
    return [{"first": rows[0], "count": len(rows)} for rows in by_slip.values()]


@staff_page("monitoring.sample")
def slip(request: HttpRequest, uid: UUID, number: str) -> HttpResponse:
    """The paper of one hand-over."""
    campaign = found_or_404(request, uid)
    require(actor_of(request), "monitoring.sample", campaign)
    rows: Sequence[Custody] = list(
        Custody.objects.filter(task__campaign=campaign, slip=number)
        .select_related("task__campaign")
        .order_by("task__code")
    )
    if not rows:
        raise Http404(number)
    return _pdf(papers.slip(rows, at=clock.now()), f"{number}.pdf")
