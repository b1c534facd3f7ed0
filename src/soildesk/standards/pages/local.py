"""地方标准: the editions of places, and the proposals one person makes and another accepts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.downloads import download
from soildesk.kit.pages import register_list
from soildesk.kit.parts import Act, Chip, Event
from soildesk.standards.editiondata import edition_of
from soildesk.standards.exports.local_template import workbook
from soildesk.standards.localregister import EDITIONS, PROPOSAL_STATES, PROPOSALS
from soildesk.standards.models import LocalEdition, LocalProposal
from soildesk.standards.pages.library import edition_page, edition_workbook
from soildesk.standards.queries.library import Held
from soildesk.standards.queries.localtables import edition_known, proposal_of, versions
from soildesk.standards.services import localtables


def edition_list(request: HttpRequest) -> HttpResponse:
    """Editions of places as known now."""
    return register_list(request, EDITIONS)


def proposal_list(request: HttpRequest) -> HttpResponse:
    """What was entered, and what came of it."""
    return register_list(request, PROPOSALS)


@require_GET
@staff_page("standards.local.propose")
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return download(workbook(), _("地方标准录入模板"), "xlsx")


@require_GET
@staff_page("standards.read")
def local_edition(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One edition of a place, with what was known of it before."""
    actor = actor_of(request)
    row = edition_known(actor, uid)
    if row is None:
        raise Http404(str(uid))
    entered = Act(_("录入单"), reverse("standards:proposal", args=[row.proposal.uid]), "file-earmark-text")
    more: dict[str, Any] = {
        "history": [_version(one) for one in versions(row)],
        "heading_chips": [Chip("calm", _("已更正，不再使用"), "clock-history")] if row.superseded_at else [],
        "crumbs": [(_("地方标准"), reverse("standards:local")), (row.standard, "")],
        "export_url": reverse("standards:local_export", args=[row.uid]),
        "acts": [entered] if proposal_of(actor, row.proposal.uid) else [],
    }
    return edition_page(
        request, Held(edition_of(row.data), str(row.uid), row), template="standards/local/edition.html", **more
    )


@require_GET
@staff_page("standards.read")
def local_export(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every limit of an edition of a place as an Excel file."""
    row = edition_known(actor_of(request), uid)
    if row is None:
        raise Http404(str(uid))
    return edition_workbook(Held(edition_of(row.data), str(row.uid), row))


def _version(one: LocalEdition) -> Event:
    until = one.until.isoformat() if one.until else _("长期")
    known = (
        _("%(day)s 起不再使用") % {"day": f"{clock.local_day(one.superseded_at):%Y-%m-%d}"}
        if one.superseded_at
        else _("现行记录")
    )
    detail = _("施行 %(since)s 至 %(until)s；%(known)s") % {"since": one.since, "until": until, "known": known}
    checker = one.proposal.decided_by.name if one.proposal.decided_by else ""
    return Event(one.recorded_at, checker, one.standard, detail, reverse("standards:local_edition", args=[one.uid]))


def proposal_or_404(request: HttpRequest, uid: UUID) -> LocalProposal:
    """One the actor may see."""
    row = proposal_of(actor_of(request), uid)
    if row is None:
        raise Http404(str(uid))
    return row


@require_GET
@staff_page("standards.read")
def proposal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A table as it was entered, to be held against print by somebody else."""
    row = proposal_or_404(request, uid)
    tone, icon, word = PROPOSAL_STATES[LocalProposal.State(row.state)]
    is_open = row.state == LocalProposal.State.OPEN
    more: dict[str, Any] = {
        "proposal": row,
        "heading_chips": [Chip(tone, str(word), icon)],  # type: ignore[arg-type]
        "replaced": localtables.replaced_by(row) if is_open else [],
        "acts": _acts(row, actor_of(request)) if is_open else [],
        "crumbs": [
            (_("地方标准"), reverse("standards:local")),
            (_("录入单"), reverse("standards:proposals")),
            (row.standard, ""),
        ],
    }
    return edition_page(request, Held(edition_of(row.data), "", None), template="standards/local/proposal.html", **more)


def _acts(row: LocalProposal, actor: Actor) -> list[Act]:
    stopped = ""
    if not may(actor, "standards.local.accept", row):
        stopped = _("复核需要承办人员或签发人员。")
    elif actor.person and row.by_id == actor.person.pk:
        stopped = _("录入和复核须是两个人：请另一位人员对照印本复核。")
    return [
        Act(_("对照印本无误，采用"), reverse("standards:local_accept", args=[row.uid]), "check", post=True, primary=True, stopped_by=stopped,
            confirm=_("采用后，本地的检测结果从施行日期起一并按这份标准判定。确认已逐条对照印本？")),
        Act(_("退回"), dialog="decline", icon="reply", danger=True,
            stopped_by="" if may(actor, "standards.local.accept", row) else stopped),
    ]  # fmt: skip


@require_POST
@staff_page("standards.local.accept")
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """采用."""
    row = proposal_or_404(request, uid)
    try:
        edition = localtables.accept(row, by=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("standards:proposal", args=[uid]))
    messages.success(
        request, _("已采用。从 %(day)s 起采样的结果一并按它判定；以前的判定不变，可重新判定。") % {"day": edition.since}
    )
    return HttpResponseRedirect(reverse("standards:local_edition", args=[edition.uid]))


@require_POST
@staff_page("standards.local.accept")
def decline(request: HttpRequest, uid: UUID) -> HttpResponse:
    """退回."""
    row = proposal_or_404(request, uid)
    try:
        localtables.decline(row, why=request.POST.get("why", ""), by=actor_of(request), at=clock.now())
        messages.success(request, _("已退回。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(reverse("standards:proposal", args=[uid]))
