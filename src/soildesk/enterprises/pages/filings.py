"""One filing: its page for firm and office, filling in, sending, and what the office does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from soildesk.core import clock, files
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may, require
from soildesk.enterprises import filingwords
from soildesk.enterprises.filingforms import form_of
from soildesk.enterprises.filingvalues import facts, tables
from soildesk.enterprises.models import Filing
from soildesk.enterprises.pages.filingentry import boxes, typed
from soildesk.enterprises.queries import filings as found
from soildesk.enterprises.queries.firms import names_of
from soildesk.enterprises.services import filingreview, filings
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked

State = Filing.State


class WhyForm(forms.Form):
    """Why it is returned or taken back."""

    why = forms.CharField(label=_l("原因"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class NumberForm(forms.Form):
    """The number of a receipt."""

    number = forms.CharField(label=_l("回执文号或编号"), max_length=80)


class NoteForm(forms.Form):
    """What is said when it is accepted."""

    note = forms.CharField(label=_l("意见"), max_length=500, required=False)


class ReceivedForm(forms.Form):
    """When paper came in."""

    on = forms.DateField(label=_l("收到纸质材料的日期"), widget=Day)


def filing_or_404(request: HttpRequest, uid: UUID) -> Filing:
    """The filing; nothing where the actor sees none, whatever the reason."""
    rows = found.seen(actor_of(request)).select_related("enterprise", "owner_department__division", "created_by")
    filing: Filing = get_object_or_404(rows, uid=uid)
    return filing


def url_of(filing: Filing) -> str:
    """The page of a filing."""
    return reverse("enterprises:filing", args=[filing.uid])


def crumbs(actor: Actor, filing: Filing, title: str = "") -> list[tuple[str, str]]:
    """The way to a filing: through the own firm, or through the register."""
    if found.is_firm(actor):
        before = (_("我的企业"), reverse("enterprises:own_card", args=[filing.enterprise.uid]))
    else:
        before = (_("申报审核"), reverse("kit:collection", args=["filings"]))
    return [before, (filing.number, url_of(filing)), (title, "")] if title else [before, (filing.number, "")]


@staff_page()
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One filing: what it says, its files and its rounds."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    form, today = form_of(filing.kind), clock.today()
    with_firm = filing.state in filings.OPEN
    rounds = found.rounds(filing)
    context = {
        "filing": filing,
        "firm": names_of([filing.enterprise_id], today).get(filing.enterprise_id, ""),
        "chip": filingwords.chip_of(filing),
        "facts": facts(form, filing.data),
        "tables": tables(form, filing.data),
        "files": [filingwords.file_of(use) for use in files.uses_of(filing)],
        "missing": filings.missing(filing, today) if with_firm else [],
        "findings": filings.warnings(filing, today) if with_firm else [],
        "returned": next((one for each in rounds[:1] for one in each.answers if one.kind == "returned"), None),
        "rounds": [filingwords.round_of(one) for one in rounds],
        "acts": filingwords.acts_of(actor, filing),
        "own": found.is_firm(actor),
        "public": _public_url(filing),
        "form": form,
        "crumbs": crumbs(actor, filing),
    }
    return render(request, "enterprises/filing.html", context)


def _public_url(filing: Filing) -> str:
    """Where the public reads what was released of the firm; empty where this filing was not."""
    if filing.released_on is None:
        return ""
    return reverse("enterprises:firm_public", args=[filing.owner_department.division.code, filing.enterprise.uid])


@staff_page()
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Filling in: kept as a draft, or kept and sent."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    require(actor, "enterprises.file", filing)
    refused, problems, more = "", {}, ""
    if request.method == "POST":
        more = request.POST.get("step", "save")
        try:
            problems = _keep(request, filing, actor)
            done = _after(request, filing, more, problems)
            if done:
                return HttpResponseRedirect(done)
        except Refusal as refusal:
            refused = str(refusal)
        filing.refresh_from_db()
    form = form_of(filing.kind)
    single, rows = boxes(form, filing.data, problems if more != "more" else {})
    context = {
        "filing": filing,
        "form": form,
        "single": single,
        "tables": rows,
        "problems": problems if more == "submit" else {},
        "refused": refused,
        "files": list(files.uses_of(filing)),
        "findings": filings.warnings(filing, clock.today()),
        "subjects": found.known_subjects(filing.enterprise_id, filing.kind),
        "back": url_of(filing),
        "crumbs": crumbs(actor, filing, _("填写")),
    }
    status = 422 if refused or (problems and more == "submit") else 200
    return render(request, "enterprises/filing_edit.html", context, status=status)


def _keep(request: HttpRequest, filing: Filing, actor: Actor) -> dict[str, str]:
    """Keep what was typed, take in and drop files; the problems."""
    at = clock.now()
    got = filings.save(filing, typed(form_of(filing.kind), request.POST), by=actor, at=at)
    for use in files.uses_of(filing).filter(uid__in=_uids(request.POST.getlist("drop"))):
        filings.detach(filing, use, by=actor, at=at)
    for upload in request.FILES.getlist("file"):
        assert isinstance(upload, UploadedFile)
        filings.attach(filing, data=upload.read(), name=upload.name or "", by=actor, at=at)
    return got.problems


def _uids(texts: list[str]) -> list[UUID]:
    found_uids = []
    for text in texts:
        try:
            found_uids.append(UUID(text))
        except ValueError:
            continue
    return found_uids


def _after(request: HttpRequest, filing: Filing, step: str, problems: dict[str, str]) -> str:
    """Where to go next; empty to stay on the form."""
    if step == "more" or (step == "submit" and problems):
        return ""
    asking = filing.on_paper or filings.warnings(Filing.objects.get(pk=filing.pk), clock.today())
    if step == "submit" and not asking:
        filings.submit(filing, by=actor_of(request), at=clock.now())
        messages.success(request, _("已报送，等待审核。审核接收后，以本次报送日期作为完成日期。"))
    elif step == "submit":
        return reverse("enterprises:filing_submit", args=[filing.uid])
    else:
        messages.success(request, _("已保存，还没有报送。"))
    return url_of(filing)


@staff_page()
@require_POST
def keep(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What has been typed so far, kept while typing goes on."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    try:
        got = filings.save(filing, typed(form_of(filing.kind), request.POST), by=actor, at=clock.now())
    except Refusal as refusal:
        return render(request, "enterprises/filing_kept.html", {"refused": str(refusal)})
    return render(request, "enterprises/filing_kept.html", {"at": clock.now(), "left": len(got.problems)})


@staff_page()
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send it; of paper, the day it came is asked."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    require(actor, "enterprises.file", filing)
    findings = filings.warnings(filing, clock.today())

    def write(said: dict[str, Any]) -> str:
        filings.submit(filing, by=actor, at=clock.now(), on=said.get("on"))
        return _("已报送，等待审核。审核接收后，以本次报送日期作为完成日期。")

    form = posted(ReceivedForm, request, {"on": clock.today()}) if filing.on_paper else posted(forms.Form, request)
    return _ask(
        request,
        filing,
        form,
        write,
        title=_("报送 %(number)s"),
        save=_("报送"),
        note="".join(one["said"] for one in findings),
    )


@staff_page()
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Taken back by whoever filed it."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    require(actor, "enterprises.file", filing)

    def write(said: dict[str, Any]) -> str:
        filings.withdraw(filing, why=said["why"], by=actor, at=clock.now())
        return _("已撤回，可以重新起草。")

    return _ask(request, filing, posted(WhyForm, request), write, title=_("撤回 %(number)s"), save=_("撤回"))


@staff_page()
def give_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Returned with reasons."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    _need(actor, "enterprises.accept", filing)

    def write(said: dict[str, Any]) -> str:
        filingreview.give_back(filing, why=said["why"], by=actor, at=clock.now(), link=url_of(filing))
        return _("已退回，企业会收到消息。")

    note = (
        _("退回后，由它登记的完成事项随之撤销，义务重新计算；已公开的内容不再公开。")
        if filing.state == State.ACCEPTED
        else ""
    )
    return _ask(request, filing, posted(WhyForm, request), write, title=_("退回 %(number)s"), save=_("退回"), note=note)


@staff_page()
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Accepted: the duties follow."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    _need(actor, "enterprises.accept", filing)

    def write(said: dict[str, Any]) -> str:
        filingreview.accept(filing, note=said["note"], by=actor, at=clock.now(), link=url_of(filing))
        return _("已接收，企业的义务清单已更新。")

    note = _("接收后，以报送日期 %(day)s 作为完成日期（报告中写明完成日期的，按报告）。") % {"day": filing.submitted_on}
    if found.entered_by(filing, actor.person):
        note += _("这份纸质材料由您代录：有另一名审核人员的，由其接收；没有的，接收时记为例外。")
    return _ask(
        request, filing, posted(NoteForm, request), write, title=_("接收 %(number)s"), save=_("接收"), note=note
    )


@staff_page()
def receipt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt of one's own department."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    _need(actor, "enterprises.receive", filing)

    def write(said: dict[str, Any]) -> str:
        filingreview.receipt(filing, number=said["number"], by=actor, at=clock.now(), link=url_of(filing))
        return _("已登记本部门的备案回执。")

    return _ask(request, filing, posted(NumberForm, request), write, title=_("备案回执 %(number)s"), save=_("登记"))


@staff_page()
def release(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Its public entries shown to everybody."""
    actor, filing = actor_of(request), filing_or_404(request, uid)
    _need(actor, "enterprises.release", filing)

    def write(said: dict[str, Any]) -> str:
        filingreview.release(filing, by=actor, at=clock.now())
        return _("已公开。")

    told = "、".join(str(one.title) for one in form_of(filing.kind).public)
    note = _("公开这些内容：%(entries)s。附件和其他内容不公开。") % {"entries": told}
    return _ask(
        request, filing, posted(forms.Form, request), write, title=_("公开 %(number)s"), save=_("公开"), note=note
    )


def _need(actor: Actor, permission: str, filing: Filing) -> None:
    """An act of an office is unknown to firms."""
    if found.is_firm(actor) and not may(actor, permission, filing):
        raise Http404(str(filing.uid))
    require(actor, permission, filing)


def _ask(
    request: HttpRequest, filing: Filing, form: Any, write: Callable[[dict[str, Any]], str], **said: str
) -> HttpResponse:
    title = said["title"] % {"number": filing.number}
    context = {
        "title": title,
        "note": said.get("note", ""),
        "save": said["save"],
        "crumbs": crumbs(actor_of(request), filing, said["save"]),
    }
    return asked(request, form, context, write, url_of(filing))
