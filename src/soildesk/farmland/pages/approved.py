"""Classes as they stand, the list down to households, and the papers of decisions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.core import clock
from soildesk.core.permissions import may, require
from soildesk.farmland import approvedlist
from soildesk.farmland.approvedwords import class_look, class_word
from soildesk.farmland.models import ClassDecision
from soildesk.farmland.mu import to_mu, told
from soildesk.farmland.pages.unitforms import FileForm, ReceiptForm, WhyForm
from soildesk.farmland.queries import classes
from soildesk.farmland.register.units import UNITS
from soildesk.farmland.services import approvals, reviews
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day, page_known_on
from soildesk.kit.downloads import download
from soildesk.kit.faces_urls import map_of
from soildesk.kit.parts import Chip
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked


@staff_page("farmland.read")
def overview(request: HttpRequest) -> HttpResponse:
    """How much ground has which class on a day, by town, and by which decisions."""
    actor, on, known_on = actor_of(request), page_day(request), page_known_on(request)
    totals = classes.totals(actor, on, known_on)
    heads = [class_word(one.farmland_class) for one in totals]
    units_url = reverse("kit:collection", args=["farmland_units"])
    context = {
        "on": on,
        "known_on": known_on,
        "totals": [(_chip(one.farmland_class), one, told(one.area_m2), told(one.basic_m2), _query(units_url, one.farmland_class, on)) for one in totals],
        "all_units": sum(one.count for one in totals),
        "all_area": told(sum(one.area_m2 for one in totals)),
        "heads": heads,
        "towns": [
            (name, [(head, to_mu(area)) for head, area in zip(heads, areas, strict=True)], to_mu(sum(areas)))
            for name, areas in classes.by_town(actor, on, known_on)
        ],
        "decisions": list(classes.decisions(actor, on, known_on)),
        "map_url": map_of(UNITS, f"on={on}"),
        "may_list": may(actor, "farmland.read_personal"),
        "may_register": may(actor, "farmland.register_classes"),
        "crumbs": [(_("现行类别"), "")],
    }  # fmt: skip
    return render(request, "farmland/approved.html", context)


def _chip(value: str) -> Chip:
    tone, icon = class_look(value)
    return Chip(tone, class_word(value), icon=icon)  # type: ignore[arg-type]


def _query(url: str, value: str, on: Any) -> str:
    return f"{url}?class={value or '-'}&on={on}"


@staff_page("farmland.read_personal")
def class_list(request: HttpRequest) -> HttpResponse:
    """The list of classes down to households, as a workbook."""
    on, known_on = page_day(request), page_known_on(request)
    made = approvedlist.workbook(actor_of(request), on, known_on)
    name = _("农用地类别清单（落地到户）%(on)s") % {"on": on}
    return download(made, name, "xlsx")


def _decision(request: HttpRequest, uid: UUID) -> ClassDecision:
    actor = actor_of(request)
    found: ClassDecision = get_object_or_404(ClassDecision.objects.visible_to(actor), uid=uid, superseded_at=None)
    require(actor, "farmland.register_classes", found)
    return found


def _back(uid: UUID) -> str:
    return reverse("kit:record", args=["class_decisions", str(uid)])


def _crumbs(decision: ClassDecision, title: str) -> list[tuple[str, str]]:
    return [
        (_("类别批准文件"), reverse("kit:collection", args=["class_decisions"])),
        (decision.number, _back(decision.uid)),
        (title, ""),
    ]


@staff_page("farmland.register_classes")
def decision_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A paper of a decision."""
    decision, actor = _decision(request, uid), actor_of(request)

    def write(said: dict[str, Any]) -> str:
        upload = said["file"]
        approvals.attach(decision, data=upload.read(), name=upload.name, kind=said["kind"], by=actor, at=clock.now())
        return _("已上传“%(name)s”。") % {"name": upload.name}

    context = {
        "title": _("上传文件 %(number)s") % {"number": decision.number},
        "crumbs": _crumbs(decision, _("上传文件")),
        "save": _("上传"),
    }
    return asked(request, posted(FileForm, request), context, write, _back(uid))


@staff_page("farmland.register_classes")
def decision_receipt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The receipt of the upload."""
    decision, actor = _decision(request, uid), actor_of(request)

    def write(said: dict[str, Any]) -> str:
        approvals.uploaded(decision, receipt=said["receipt"], on=said["on"], by=actor, at=clock.now())
        return _("已登记回执 %(receipt)s。") % said

    context = {
        "title": _("登记上传回执 %(number)s") % {"number": decision.number},
        "note": _("成果上传农用地环境信息系统后，把系统给出的回执编号和日期登记在这里，登记后不能改写。"),
        "crumbs": _crumbs(decision, _("上传回执")),
        "save": _("登记"),
    }
    return asked(request, posted(ReceiptForm, request, {"on": clock.today()}), context, write, _back(uid))


@staff_page("farmland.register_classes")
def decision_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A decision registered wrongly, taken back."""
    decision, actor = _decision(request, uid), actor_of(request)

    def write(said: dict[str, Any]) -> str:
        undone = reviews.take_back_approval(decision, by=actor, at=clock.now(), why=said["reason"])
        return _("已撤销 %(number)s，%(n)d 个单元恢复到此前的类别。") % {"number": decision.number, "n": undone}

    context = {
        "title": _("撤销误登 %(number)s") % {"number": decision.number},
        "note": _("只用于登记错误：撤销后，由它登记的类别不再计入，各单元恢复到此前批准的类别；撤销的记录和原因保留。"),
        "crumbs": _crumbs(decision, _("撤销误登")),
        "save": _("撤销"),
        "done": reverse("kit:collection", args=["class_decisions"]),
    }
    return asked(request, posted(WhyForm, request), context, write, _back(uid))
