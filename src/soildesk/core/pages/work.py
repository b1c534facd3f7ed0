"""后台作业, 审计, and the one way to a file."""

from __future__ import annotations

from urllib.parse import quote

from django.core.paginator import Page
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import audit_words, files, jobs
from soildesk.core.models import AuditEntry, FileUse, Job, Person, RoleGrant
from soildesk.core.pages.base import attempt, page, paged
from soildesk.core.permissions import Actor, may


@page()
def job_list(request: HttpRequest) -> HttpResponse:
    """Jobs the actor may see, newest first."""
    rows = jobs.visible_to(request.actor).select_related("owner").order_by("-id")
    return render(request, "core/jobs.html", {"rows": paged(request, rows)})


def _job(request: HttpRequest, uid: str) -> Job:
    rows = jobs.visible_to(request.actor).select_related("owner", "result_file__attachment")
    return get_object_or_404(rows, uid=uid)


@page()
def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One job with its progress; asked for again by the page itself while the job goes on."""
    template = "core/job_part.html" if request.headers.get("HX-Request") else "core/job.html"
    return render(request, template, {"job": _job(request, uid)})


@require_POST
@page()
def job_cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask a job to stop."""
    row = _job(request, uid)
    attempt(request, lambda: jobs.cancel(row, by=request.actor), _("已请求取消，作业将在下一步停止。"))
    return redirect("core:job", uid)


@page("core.read_audit")
def audit_page(request: HttpRequest) -> HttpResponse:
    """The chain, newest first, for auditors of the divisions concerned."""
    rows = AuditEntry.objects.order_by("-id")
    if not request.actor.system:
        rows = rows.filter(_audited(request.actor))
    if text := request.GET.get("q", "").strip():
        named = audit_words.names_like(text)
        rows = rows.filter(Q(act__startswith=text) | Q(act__in=named) | Q(actor_name=text) | Q(subject_uid=text))
    return render(
        request,
        "core/audit.html",
        {"rows": _spoken(paged(request, rows)), "q": text, "may_verify": may(request.actor, "core.verify_audit")},
    )


def _spoken(rows: Page[AuditEntry]) -> Page[AuditEntry]:
    """The entries with the words people use for them: who, what, on what."""
    names = dict(Person.objects.filter(uid__in=[row.actor_uid for row in rows]).values_list("uid", "name"))
    for row in rows:
        row.who = names.get(row.actor_uid, row.actor_name)
        row.act_word, row.subject_word = audit_words.word_of(row.act), audit_words.word_of(row.subject_type)
    return rows


def _audited(actor: Actor) -> Q:
    condition = Q(pk__in=())
    for grant in actor.grants:
        if grant.role == RoleGrant.Role.AUDITOR:
            condition |= Q(division_path__startswith=grant.division.path) | Q(division_path="")
    return condition


@require_POST
@page("core.verify_audit")
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Start the verification as a job."""
    row = jobs.start("core.audit_verify", by=request.actor)
    return redirect("core:job", row.uid)


def file(request: HttpRequest, uid: str) -> HttpResponse:
    """Download a file through the permission of the record that uses it; others are told it does not exist."""
    use = FileUse.objects.filter(uid=uid).select_related("attachment").first()
    if use is None or not files.readable(request.actor, use):
        raise Http404(_("没有这个文件，或者您无权查看它所属的记录。"))
    return handed_out(use)


def handed_out(use: FileUse) -> HttpResponse:
    """A kept file to whoever may have it: to be saved, never run or kept by what stands between."""
    answer = HttpResponse(files.read(use), content_type=_served_as(use.attachment.media_type))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(use.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _served_as(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
