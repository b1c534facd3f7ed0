"""Pages of a classification: opened, computed, checked, reviewed, sent, approved, given up; each one form and one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import ClassDecision, Classification, FieldCheck, UnitProposal
from soildesk.farmland.pages import classforms as forms
from soildesk.farmland.queries.classifications import classifications, in_the_field, progress, proposals, unchecked
from soildesk.farmland.queries.units import called
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services import approvals, classifying, fieldchecks, reviews
from soildesk.farmland.services.classifying import Wanted
from soildesk.farmland.services.offices import Line
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at
from soildesk.plots.pages.events import led_on

READ = "farmland.read_proposals"
NAMED = 5
OFFERED = 500
"""Units a box offers."""
Write = Callable[[dict[str, Any]], str]


def classification_url(held: Classification) -> str:
    """The record page of a classification."""
    return reverse("kit:record", args=["classifications", str(held.uid)])


def seen(request: HttpRequest, uid: UUID) -> tuple[Actor, Classification]:
    """The classification, where the actor sees it."""
    actor = actor_of(request)
    found: Classification = get_object_or_404(classifications(actor, actor.today), uid=uid)
    return actor, found


def crumbs(held: Classification, title: str) -> list[tuple[str, str]]:
    """The way to an act on a classification."""
    listed = reverse("kit:collection", args=["classifications"])
    return [(_("类别划分"), listed), (held.title, classification_url(held)), (title, "")]


def _page(
    request: HttpRequest, held: Classification, form: Any, title: str, write: Write, *, note: str = ""
) -> HttpResponse:
    context = {"title": f"{title} {held.title}", "note": note, "crumbs": crumbs(held, title), "save": title}
    return asked(request, form, context, write, classification_url(held))


@staff_page(READ)
def new(request: HttpRequest) -> HttpResponse:
    """A classification is opened."""
    actor = actor_of(request)
    require(actor, classifying.PERMISSION)
    initial = {"on": clock.today(), "title": _("%(year)s年农用地类别划分") % {"year": clock.today().year}}
    said = {"data": request.POST} if request.method == "POST" else {}
    form = forms.RoundsForm(actor=actor, initial=initial, **said)
    listed = reverse("kit:collection", args=["classifications"])
    context: dict[str, Any] = {
        "title": _("开展类别划分"),
        "note": _("按本单位所在行政区登记的全部评价单元计算；只为部分单元调整的，请从“动态调整线索”启动。"),
        "crumbs": [(_("类别划分"), listed), (_("开展类别划分"), "")],
        "save": _("登记并计算"),
    }

    def write(values: dict[str, Any]) -> str:
        made = classifying.open_(wanted_of(form, values), place_at("", actor), by=actor, at=clock.now())
        classifying.start(made, by=actor)
        context["done"] = classification_url(made)
        return _("已登记 %(number)s，正在计算建议类别。") % {"number": made.number}

    return led_on(request, form, context, write, listed)


def wanted_of(form: forms.RoundsForm, said: dict[str, Any]) -> Wanted:
    """A classification as the form asks for it."""
    return Wanted(
        said["title"], said["on"], form.chosen("soil_rounds"), form.chosen("produce_rounds"), said["why"], form.terms(),
        said["stands_in"],
    )  # fmt: skip


@staff_page(READ)
@require_POST
def compute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Compute, or compute anew, as a job."""
    actor, held = seen(request, uid)
    done = _("正在计算建议类别，完成后本页会更新。")
    return _pressed(request, held, lambda: classifying.start(held, by=actor), done)


@staff_page(READ)
@require_POST
def to_field(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Out into the field."""
    actor, held = seen(request, uid)
    done = _("已进入外业核实：请逐个单元登记现场情况。")
    return _pressed(request, held, lambda: reviews.to_field(held, by=actor, at=clock.now()), done)


def _pressed(request: HttpRequest, held: Classification, act: Callable[[], object], done: str) -> HttpResponse:
    """An act of one button: what came of it, or why it was refused, is said on the page it was pressed on."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(classification_url(held))


@staff_page("farmland.check_field")
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One unit looked at in the field."""
    actor = actor_of(request)
    held: Classification = get_object_or_404(in_the_field(actor), uid=uid)
    left = unchecked(actor, held)
    only = left[0].unit.number if len(left[:2]) == 1 else ""
    form = posted(forms.CheckForm, request, {"on": clock.today(), "unit": request.GET.get("unit", only)})

    def write(said: dict[str, Any]) -> str:
        found = called(actor, said["unit"], held.on)
        if len(found) != 1:
            raise ClassifyRefused(
                _("没有找到单元“%(text)s”，或不止一个：请填写单元编号。") % {"text": said["unit"]},
                code="farmland.classify.unknown_unit",
            )
        fieldchecks.register(held, found[0], form.facts(), by=actor, at=clock.now(), photos=form.photos())
        return _("已登记 %(unit)s 的外业核实。") % {"unit": found[0].unit.number}

    form.fields["unit"].widget.offered = [(one.unit.number, one.name) for one in left[:OFFERED]]
    note = _("还有 %(left)d 个单元没有核实。边界画错的，到单元页更正或调整边界后，再退回草案重新计算。") % {
        "left": left.count()
    }
    back = classification_url(held) if actor and classifications(actor, actor.today).filter(pk=held.pk).exists() else reverse("kit:collection", args=["class_checks"])  # fmt: skip
    context = {
        "title": _("登记外业核实 %(title)s") % {"title": held.title},
        "note": note,
        "save": _("登记"),
        "crumbs": [],
    }
    return asked(request, form, context, write, back)


@staff_page("farmland.check_field")
def check_new(request: HttpRequest) -> HttpResponse:
    """On the way to the units that are to be looked at now."""
    held = in_the_field(actor_of(request)).order_by("-pk").first()
    if held is None:
        messages.info(request, _("现在没有处于“外业核实”的类别划分：由农业农村部门计算建议类别后开始。"))
        return HttpResponseRedirect(reverse("kit:collection", args=["class_checks"]))
    return HttpResponseRedirect(reverse("farmland:classify_check", args=[held.uid]))


@staff_page("farmland.check_field")
def check_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A check that was told wrongly."""
    actor = actor_of(request)
    held: FieldCheck = get_object_or_404(FieldCheck.objects.visible_to(actor).select_related("unit"), uid=uid)

    def write(said: dict[str, Any]) -> str:
        fieldchecks.take_back(held, why=said["reason"], by=actor, at=clock.now())
        return _("已撤销 %(unit)s 的外业核实。") % {"unit": held.unit.number}

    listed = reverse("kit:collection", args=["class_checks"])
    context = {
        "title": _("撤销误登的外业核实"),
        "save": _("撤销"),
        "crumbs": [(_("外业核实"), listed), (_("撤销"), "")],
    }
    return asked(request, posted(forms.WhyForm, request), context, write, listed)


@staff_page(READ)
def to_review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To the joint review."""
    actor, held = seen(request, uid)

    def write(said: dict[str, Any]) -> str:
        reviews.to_review(held, by=actor, at=clock.now(), why=said["reason"])
        return _("已提交会审：农业农村部门和生态环境部门各登记一条意见。")

    return _page(request, held, posted(forms.MaybeWhyForm, request), _("提交会审"), write)


@staff_page(READ)
def opinion(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What an office says."""
    actor, held = seen(request, uid)

    def write(said: dict[str, Any]) -> str:
        made = reviews.say(
            held, said["verdict"], said["opinion"], by=actor, at=clock.now(), line=Line(said["line"]),
            stands_in=said["stands_in"],
        )  # fmt: skip
        return _("已登记%(office)s的意见：%(verdict)s。") % {
            "office": made.department,
            "verdict": made.get_verdict_display(),
        }

    function = actor.person.department.function if actor.person and actor.person.department else ""
    return _page(request, held, posted(forms.OpinionForm, request, {"line": function}), _("登记会审意见"), write)


@staff_page(READ)
def settle(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The class a review settles on for a unit."""
    actor = actor_of(request)
    held: UnitProposal = get_object_or_404(proposals(actor, actor.today), uid=uid)
    url = reverse("kit:record", args=["class_proposals", str(held.uid)])

    def write(said: dict[str, Any]) -> str:
        reviews.settle(held, said["farmland_class"], said["reason"], by=actor, at=clock.now())
        return _("已登记 %(unit)s 的会审类别。") % {"unit": held.unit.number}

    context = {
        "title": _("会审确定类别 %(unit)s") % {"unit": held.version.name},
        "note": _("只在会审认为计算结果不能反映实际时使用；数据不全、无法定类的单元不能由会审给出类别。改动类别后，已同意的部门要重新登记意见。"),
        "crumbs": [(_("建议类别"), reverse("kit:collection", args=["class_proposals"])), (held.unit.number, url), (_("会审确定类别"), "")],
        "save": _("登记"),
    }  # fmt: skip
    initial = {"farmland_class": held.settled, "reason": held.settled_why}
    return asked(request, posted(forms.SettleForm, request, initial), context, write, url)


@staff_page(READ)
def back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Back to the draft."""
    actor, held = seen(request, uid)

    def write(said: dict[str, Any]) -> str:
        reviews.back(held, said["reason"], by=actor, at=clock.now())
        return _("已退回草案：改好后请重新计算。")

    return _page(request, held, posted(forms.WhyForm, request), _("退回草案"), write)


@staff_page(READ)
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To the province."""
    actor, held = seen(request, uid)

    def write(said: dict[str, Any]) -> str:
        reviews.send(held, said["document"], said["on"], by=actor, at=clock.now(), left_out_why=said["left_out_why"])
        return _("已登记报送：收到批复后登记批准。")

    return _page(request, held, posted(forms.SendForm, request, {"on": clock.today()}), _("报送省级"), write)


@staff_page(READ)
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The province's approval."""
    actor, held = seen(request, uid)
    known = ClassDecision.objects.visible_to(actor).filter(
        superseded_at=None, division_path=held.division_path, classifications=None
    )
    given = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = forms.ApproveForm(decisions=known, initial={"title": held.title}, **given)

    def write(said: dict[str, Any]) -> str:
        made = _approved(held, form, actor)
        return _("已登记批准 %(number)s：自 %(since)s 起为现行类别。") % {
            "number": made.decision.number if made.decision else "", "since": made.decision.since if made.decision else "",
        }  # fmt: skip

    note = _(
        "类别由省级人民政府审定，本级只登记批复；批准的类别自生效日起成为现行类别，措施、锁定和安全利用率都以它为准。"
    )
    return _page(request, held, form, _("登记省级批准"), write, note=note + _changed_since(held))


def _changed_since(held: Classification) -> str:
    """The units that are no longer as they were sent, to be looked at before their class is registered."""
    moved = [one.unit.number for one in progress(held).moved]
    if not moved:
        return ""
    return _("计算之后变更过的单元有 %(n)d 个（%(units)s）：批准的类别按单元登记，请先核对批复是否仍适用；省里另有清单的，先在“类别批准文件”导入。") % {
        "n": len(moved), "units": "、".join(moved[:NAMED]) + ("……" if len(moved) > NAMED else ""),
    }  # fmt: skip


@transaction.atomic
def _approved(held: Classification, form: forms.ApproveForm, actor: Actor) -> Classification:
    said, at = dict(form.cleaned_data), clock.now()
    chosen, file = said.pop("decision"), said.pop("file")
    if chosen:
        decision = get_object_or_404(ClassDecision.objects.visible_to(actor), uid=chosen)
        made = reviews.approve_as(held, decision, by=actor, at=at)
    else:
        made = reviews.approve(held, said, by=actor, at=at)
    if file and made.decision:
        approvals.attach(made.decision, data=file.read(), name=file.name, kind="approval", by=actor, at=at)
    return made


@staff_page(READ)
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A classification that goes no further."""
    actor, held = seen(request, uid)

    def write(said: dict[str, Any]) -> str:
        reviews.give_up(held, said["reason"], by=actor, at=clock.now())
        return _("已终止：由此启动的线索重新列为待核实。")

    return _page(request, held, posted(forms.WhyForm, request), _("终止"), write)
