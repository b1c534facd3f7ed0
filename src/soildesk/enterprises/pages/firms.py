"""Small acts on enterprises and sites: deregistration, successions, representatives, the end of a site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock, queries
from soildesk.core.permissions import Actor, require
from soildesk.core.versions import Recording
from soildesk.enterprises.entering import firm_version, site_version
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Representative, Succession
from soildesk.enterprises.pages.forms import RepresentForm, SuccessionForm, UntilForm, WhyForm
from soildesk.enterprises.queries.firms import called
from soildesk.enterprises.refusals import EnterprisesRefused, RepresentativeRefused, SuccessionRefused
from soildesk.enterprises.services import firms, representatives, sites
from soildesk.enterprises.services import succession as successions
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import EndForm, posted
from soildesk.land.pages.parcels import asked


def firm_or_404(actor: Actor, uid: UUID) -> EnterpriseVersion:
    """The enterprise as it is; nothing where the actor sees none."""
    try:
        return firm_version(actor, str(uid))
    except EnterprisesRefused as refusal:
        raise Http404(str(uid)) from refusal


def firm_url(enterprise: Enterprise) -> str:
    """The record page of an enterprise."""
    return reverse("kit:record", args=["enterprises", str(enterprise.uid)])


def crumbs(version: EnterpriseVersion, title: str) -> list[tuple[str, str]]:
    """The way to an act on an enterprise."""
    listed = reverse("kit:collection", args=["enterprises"])
    return [(_("企业"), listed), (version.name, firm_url(version.enterprise)), (title, "")]


@staff_page("enterprises.read")
def deregister(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An enterprise struck off."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    require(actor, "enterprises.keep", version)

    def write(said: dict[str, Any]) -> str:
        firms.deregister(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”自 %(on)s 起注销登记。") % {"name": version.name, "on": said["on"]}

    context = {
        "title": _("登记注销 %(name)s") % {"name": version.name},
        "note": _("企业仍留在台账中，状态为“注销登记”；名录由有权机关的文件移出，用地和历史保留。"),
        "crumbs": crumbs(version, _("登记注销")),
        "save": _("登记注销"),
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, firm_url(version.enterprise))


@staff_page("enterprises.read")
def succession(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An enterprise before or after this one."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    require(actor, "enterprises.keep", version)

    def write(said: dict[str, Any]) -> str:
        found = called(actor, said["other"], clock.today())
        if len(found) != 1:
            raise SuccessionRefused(
                _("没有找到企业“%(text)s”，或不止一家：请填写已登记企业的编号、统一社会信用代码或全称。")
                % {"text": said["other"]},
                code="enterprises.succession.elsewhere",
            )
        other, own = found[0].enterprise, version.enterprise
        before, after = (other, own) if said["side"] == "follows" else (own, other)
        wanted = successions.Following(before, after, said["kind"], said["on"], said["document"])
        successions.record(wanted, by=actor, at=clock.now())
        return _("已登记承继关系。")

    context = {
        "title": _("登记承继 %(name)s") % {"name": version.name},
        "note": _("合并、分立、承继或仅接用场地，凭文件登记；更名不是承继，请直接变更名称。"),
        "crumbs": crumbs(version, _("登记承继")),
        "save": _("登记"),
    }
    return asked(request, posted(SuccessionForm, request), context, write, firm_url(version.enterprise))


@staff_page("enterprises.read")
def supersede(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A succession taken back."""
    actor = actor_of(request)
    found = get_object_or_404(Succession.objects.visible_to(actor), uid=uid)
    version = firm_or_404(actor, found.after.uid)
    require(actor, "enterprises.keep", found)

    def write(said: dict[str, Any]) -> str:
        successions.supersede(found, recording=Recording(actor, clock.now(), said["reason"]))
        return _("已撤销承继关系。")

    context = {"title": _("撤销承继关系"), "crumbs": crumbs(version, _("撤销承继关系")), "save": _("撤销")}
    return asked(request, posted(WhyForm, request), context, write, firm_url(version.enterprise))


@staff_page("enterprises.read")
def represent(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody speaks for an enterprise."""
    actor = actor_of(request)
    version = firm_or_404(actor, uid)
    require(actor, "enterprises.represent", version)

    def write(said: dict[str, Any]) -> str:
        person = queries.person_named(said["person"])
        if person is None:
            raise RepresentativeRefused(
                _("没有用户“%(name)s”，或已停用：请核对用户名，或请系统管理员建立账户。") % {"name": said["person"]},
                code="enterprises.representative.role",
            )
        representatives.grant(person, version.enterprise, since=said["since"], by=actor, at=clock.now())
        return _("%(person)s 可以代表“%(name)s”办理申报。") % {"person": person.name, "name": version.name}

    context = {
        "title": _("授权企业人员 %(name)s") % {"name": version.name},
        "note": _("被授权的人只看到本企业的义务和申报，看不到其他企业和任何内部信息。"),
        "crumbs": crumbs(version, _("授权企业人员")),
        "save": _("授权"),
    }
    initial = {"since": clock.today()}
    return asked(request, posted(RepresentForm, request, initial), context, write, firm_url(version.enterprise))


@staff_page("enterprises.read")
def end_representative(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody speaks for an enterprise no more."""
    actor = actor_of(request)
    found = get_object_or_404(Representative.objects.select_related("enterprise", "person"), pk=pk)
    version = firm_or_404(actor, found.enterprise.uid)
    require(actor, "enterprises.represent", version)

    def write(said: dict[str, Any]) -> str:
        representatives.end(found, on=said["on"], by=actor, at=clock.now())
        return _("%(person)s 自 %(on)s 起不再代表“%(name)s”。") % {
            "person": found.person.name,
            "on": said["on"],
            "name": version.name,
        }

    context = {
        "title": _("终止授权 %(name)s") % {"name": found.person.name},
        "crumbs": crumbs(version, _("终止授权")),
        "save": _("终止"),
    }
    initial = {"on": clock.today()}
    return asked(request, posted(UntilForm, request, initial), context, write, firm_url(version.enterprise))


@staff_page("enterprises.read")
def end_site(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The end of a site."""
    actor = actor_of(request)
    try:
        version = site_version(actor, str(uid))
    except EnterprisesRefused as refusal:
        raise Http404(str(uid)) from refusal
    require(actor, "enterprises.keep", version)
    listed = reverse("kit:collection", args=["sites"])
    back = reverse("kit:record", args=["sites", str(uid)])

    def write(said: dict[str, Any]) -> str:
        sites.end(version, on=said["on"], recording=Recording(actor, clock.now(), said["reason"]))
        return _("“%(name)s”自 %(on)s 起终止。") % {"name": version.name, "on": said["on"]}

    context = {
        "title": _("终止 %(name)s") % {"name": version.name},
        "note": _("终止后不再出现在当日及以后的台账与地图上；曾由谁使用仍可在地块追溯中查到。"),
        "crumbs": [(_("企业用地"), listed), (version.name, back), (_("终止"), "")],
        "save": _("终止"),
        "done": listed,
    }
    return asked(request, posted(EndForm, request, {"on": clock.today()}), context, write, back)
