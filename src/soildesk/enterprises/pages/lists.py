"""Lists of any day, on screen, on paper and for the public; single entries and leavings by a notice."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import Actor, require
from soildesk.core.queries import division_of_code
from soildesk.core.versions import Recording
from soildesk.enterprises import listpaper
from soildesk.enterprises.entering import firm_version
from soildesk.enterprises.firmwords import name_of
from soildesk.enterprises.listimport import continued
from soildesk.enterprises.models import Listing, ListNotice
from soildesk.enterprises.pages.firms import crumbs, firm_or_404, firm_url
from soildesk.enterprises.pages.forms import DocumentForm, EnterForm, LeaveForm, WhyForm
from soildesk.enterprises.queries import lists as found
from soildesk.enterprises.sentences import how_sure, language
from soildesk.enterprises.services import lists
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.context import tell_of
from soildesk.kit.day import page_day, page_known_on, wrong_day
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soilrules.enterprises.lists import Level, ListKind, list_kinds


def kind_or_404(key: str) -> ListKind:
    """The kind of list of an address."""
    if key not in list_kinds():
        raise Http404(key)
    return list_kinds()[key]


@staff_page("enterprises.read")
def overview(request: HttpRequest) -> HttpResponse:
    """All kinds of lists and how they stand."""
    actor, on = actor_of(request), page_day(request)
    rows = [
        {**row, "name": name_of(row["kind"]), "role": row["kind"].role_of(Level.COUNTY).sentence(language())}
        for row in found.overview(actor, on)
    ]
    return render(request, "enterprises/lists.html", {"rows": rows, "on": on})


@staff_page("enterprises.read")
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One list as it was on a day, as known now or then."""
    actor, kind = actor_of(request), kind_or_404(key)
    on, known_on = page_day(request), page_known_on(request)
    rows = found.list_on(key, actor, on, known_on)
    query = request.GET.urlencode()
    context = {
        "kind": kind,
        "name": name_of(kind),
        "rows": [(one, found.told(one, kind)) for one in rows],
        "head": [word for _name, word in found.fields_of(kind)],
        "on": on,
        "known_on": known_on,
        "query": query,
        "excel": f"{reverse('kit:collection', args=['listings'])}?{query + '&' if query else ''}list={key}&export=xlsx",
        "bases": [(basis.source, how_sure(basis.mark)) for basis in kind.bases_on(on)],
        "role": kind.role_of(Level.COUNTY).sentence(language()),
        "public": _public_url(kind, actor),
        "crumbs": [(_("名录"), reverse("enterprises:lists")), (name_of(kind), "")],
    }
    return render(request, "enterprises/list.html", context)


def _public_url(kind: ListKind, actor: Actor) -> str:
    """Where the public reads the list; empty where it is not published."""
    department = actor.person.department if actor.person else None
    if kind.publication is None or department is None:
        return ""
    return reverse("enterprises:list_public", args=[department.division.code, kind.key])


@staff_page("enterprises.read")
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """One list of a day as an A4 paper."""
    actor, kind = actor_of(request), kind_or_404(key)
    on, known_on = page_day(request), page_known_on(request)
    rows = found.list_on(key, actor, on, known_on)
    data = listpaper.made(kind, rows, on=on, known_on=known_on, at=clock.now())
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{key}-{on}.pdf"'
    return answer


def public(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """A list that is published by law, for whoever wants to read it: the published fields and nothing else."""
    kind, on = kind_or_404(key), page_day(request)
    place = division_of_code(code)
    if place is None or kind.publication is None:
        raise Http404(key)
    tell_of(request, place)
    if wrong := wrong_day(request):
        told = {"name": name_of(kind), "place": place.name, "refused": wrong}
        return render(request, "enterprises/list_public.html", told, status=422)
    rows = found.published(key, on, place.path)
    context = {
        "name": name_of(kind),
        "place": place.name,
        "on": on,
        "head": [word for _name, word in found.fields_of(kind)],
        "rows": [found.told(one, kind) for one in rows],
        "notices": sorted({one.stay.notice for one in rows}, key=lambda notice: notice.since, reverse=True),
    }
    return render(request, "enterprises/list_public.html", context)


def _notices(actor: Actor, key: str = "", after: date | None = None) -> list[tuple[str, str]]:
    """The notices an act may rest on, the newest first."""
    rows = ListNotice.objects.visible_to(actor)
    rows = rows.filter(list_key=key) if key else rows
    rows = rows.filter(since__gt=after) if after else rows
    names = {kind.key: name_of(kind) for kind in list_kinds().values()}
    return [
        (str(one.uid), _("%(number)s（%(list)s，%(since)s 起）") % {"number": one.number, "list": names[one.list_key], "since": one.since})
        for one in rows.order_by("-since", "-id")
    ]  # fmt: skip


@staff_page("enterprises.read")
def enter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One enterprise put on a list by a notice."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    require(actor, "enterprises.keep_lists", version)
    form = posted(EnterForm, request)
    form.fields["notice"].choices = _notices(actor)

    def write(said: dict[str, Any]) -> str:
        notice = ListNotice.objects.visible_to(actor).get(uid=said["notice"])
        member = lists.Member(version.enterprise, said["reason"], said["category"])
        made = lists.enter(notice, member, by=actor, at=clock.now())
        told = _("“%(name)s”自 %(on)s 起在名录内。") % {"name": version.name, "on": notice.since}
        return told + "".join(continued(notice, version.enterprise) if made.until else ())

    context = {
        "title": _("登记列入 %(name)s") % {"name": version.name},
        "note": _("名录由有权机关确定，本级凭文件登记；没有文件的，请先在“名录文件”登记。"),
        "crumbs": crumbs(version, _("登记列入")),
        "save": _("登记"),
    }
    return asked(request, form, context, write, firm_url(version.enterprise))


def _stay(actor: Actor, uid: UUID) -> Listing:
    rows = Listing.objects.visible_to(actor).filter(superseded_at=None).select_related("enterprise", "notice")
    stay: Listing = get_object_or_404(rows, uid=uid)
    require(actor, "enterprises.keep_lists", stay)
    return stay


@staff_page("enterprises.read")
def leave(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One enterprise taken off a list by a notice."""
    actor = actor_of(request)
    stay = _stay(actor, uid)
    version = firm_version(actor, str(stay.enterprise.uid))
    form = posted(LeaveForm, request)
    form.fields["notice"].choices = _notices(actor, stay.list_key, stay.since)

    def write(said: dict[str, Any]) -> str:
        notice = ListNotice.objects.visible_to(actor).get(uid=said["notice"])
        lists.leave(notice, stay, reason=said["reason"], by=actor, at=clock.now())
        return _("“%(name)s”自 %(on)s 起不在名录内。") % {"name": version.name, "on": notice.since}

    context = {
        "title": _("登记移出 %(name)s") % {"name": version.name},
        "note": _("移出凭有权机关的文件；误登的请用“撤销”。"),
        "crumbs": crumbs(version, _("登记移出")),
        "save": _("登记"),
    }
    return asked(request, form, context, write, firm_url(stay.enterprise))


@staff_page("enterprises.read")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A stay written down by mistake."""
    actor = actor_of(request)
    stay = _stay(actor, uid)
    version = firm_version(actor, str(stay.enterprise.uid))

    def write(said: dict[str, Any]) -> str:
        lists.withdraw(stay, recording=Recording(actor, clock.now(), said["reason"]))
        return _("已撤销这条名录记录。")

    context = {
        "title": _("撤销名录记录 %(name)s") % {"name": version.name},
        "note": _("用于误登：撤销后视为从未列入，撤销前的登记仍可按登记时间查看。"),
        "crumbs": crumbs(version, _("撤销名录记录")),
        "save": _("撤销"),
    }
    return asked(request, posted(WhyForm, request), context, write, firm_url(stay.enterprise))


@staff_page("enterprises.read")
def notice_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The document of a notice."""
    actor = actor_of(request)
    notice = get_object_or_404(ListNotice.objects.visible_to(actor), uid=uid)
    require(actor, "enterprises.keep_lists", notice)
    back = reverse("kit:record", args=["list_notices", str(uid)])

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        lists.attach(notice, data=upload.read(), name=upload.name, by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    listed = reverse("kit:collection", args=["list_notices"])
    context = {
        "title": _("上传文件 %(number)s") % {"number": notice.number},
        "crumbs": [(_("名录文件"), listed), (notice.number, back), (_("上传文件"), "")],
        "save": _("上传"),
    }
    return asked(request, posted(DocumentForm, request), context, write, back)
