"""The page of batches: a layer uploaded, answered as a job."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from soildesk.core import clock, jobs
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, require
from soildesk.decisions.conflicts import found_in, rows_page
from soildesk.decisions.pages.forms import SEVERAL, act_choices
from soildesk.decisions.queries import kept
from soildesk.decisions.refusals import GateRefused
from soildesk.decisions.services import batch, gate
from soildesk.decisions.services.batch import Order
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.gis import targets
from soildesk.land.landuse import SYSTEMS
from soildesk.land.pages.forms import Day, posted


class BatchForm(forms.Form):
    """A layer to be asked about."""

    title = forms.CharField(label=_l("名称"), max_length=160, help_text=_l("如：2026年度国有建设用地供应计划"))
    layer = forms.ChoiceField(label=_l("本系统的图层"), required=False, help_text=_l("规划图层等；也可以上传文件"))
    file = forms.FileField(
        label=_l("或上传图层文件"),
        required=False,
        help_text=_l("GeoPackage、GeoJSON、Shapefile 压缩包等；“规划用途”“项目名称”“宗地代码”等列自动识别"),
    )
    file_layer = forms.CharField(label=_l("文件中的图层"), max_length=120, required=False, help_text=SEVERAL)
    crs = forms.CharField(
        label=_l("坐标系"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "known-crs"}),
        help_text=_l("上传的文件没有写明坐标系的，必填"),
    )
    act = forms.ChoiceField(label=_l("办理事项"))
    use = forms.CharField(
        label=_l("没有写规划用途的行，按什么用途"), max_length=40, required=False, help_text=_l("留空的，这些行不能判断")
    )  # fmt: skip
    scheme = forms.ChoiceField(label=_l("用地分类标准"), choices=[("", _l("按代码判断")), *SYSTEMS], required=False)
    on = forms.DateField(label=_l("按哪一天核查"), widget=Day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["act"].choices = act_choices()

    def of(self, actor: Actor) -> BatchForm:
        """The form with the layers of an actor."""
        seen = targets.with_ground(actor, actor.today)
        known = [
            (one.declared.collection, str(one.declared.title))
            for one in seen
            if one.declared.ground.shape in ("polygon", "mixed")
        ]
        self.fields["layer"].choices = [("", _("上传文件")), *known]
        return self


@staff_page("decisions.read")
def new(request: HttpRequest) -> HttpResponse:
    """A layer asked about in one go."""
    actor = actor_of(request)
    require(actor, gate.ASK)
    form = posted(BatchForm, request, {"on": clock.today(), "layer": request.GET.get("layer", "")}).of(actor)
    listed = reverse("kit:collection", args=["gate-batches"])
    context: dict[str, Any] = {
        "title": _("批量核查"),
        "form": form,
        "note": _(
            "每一行是一块地；规划图层按“规划编制”核查，得到与地块的冲突和须先调查的范围。核查在后台进行，可以离开页面，完成后在消息里。"
        ),
        "crumbs": [(_("批量核查"), listed), (_("上传图层"), "")],
        "save": _("开始核查"),
        "back": listed,
    }
    if request.method == "POST" and form.is_valid():
        said, upload = form.cleaned_data, form.cleaned_data["file"]
        try:
            _must_be_one(said["layer"], upload)
            order = Order(said["title"], said["act"], said["on"], said["use"], said["scheme"])
            held = batch.begin(order, (upload.name, upload.read()) if upload else None, by=actor, at=clock.now())
            arguments = {
                "held": str(held.uid), "crs": said["crs"], "use": said["use"].strip(), "scheme": said["scheme"],
                "on": said["on"].isoformat(), "layer": said["layer"], "file_layer": said["file_layer"].strip(),
            }  # fmt: skip
            return redirect("core:job", uid=jobs.start("decisions.batch", arguments, by=actor, title=held.title).uid)
        except Refusal as refusal:
            context["refused"] = str(refusal)
    return render(request, "land/act.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@staff_page("decisions.read")
def rows(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All rows of a batch with their conflicts and what must be surveyed first, page by page."""
    held = kept.batch_called(actor_of(request), uid)
    if held is None:
        raise Http404
    listed = reverse("kit:collection", args=["gate-batches"])
    page = rows_page(held, request.GET.get("page", "1"))
    crumbs = [
        (_("批量核查"), listed), (held.number, reverse("kit:record", args=["gate-batches", held.uid])), (_("各行结果"), "")
    ]  # fmt: skip
    return render(
        request, "decisions/batch_rows.html", {**found_in(page), "rows": page, "held": held, "crumbs": crumbs}
    )


def _must_be_one(layer: str, upload: Any) -> None:
    if bool(layer) == bool(upload):
        raise GateRefused(_("请选择一个图层，或上传一个文件：两者给一个。"), code="decisions.batch.no_layer")
