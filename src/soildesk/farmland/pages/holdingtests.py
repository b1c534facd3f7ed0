"""A test of produce of a holding that lies on no evaluation unit, such as a greenhouse: told on one page, judged like every other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.permissions import require
from soildesk.farmland.holdingentering import holding_version
from soildesk.farmland.services import producetests
from soildesk.farmland.services.producetests import CONTENTS, TEST, Of, Stage
from soildesk.kit.access import actor_of, staff_page
from soildesk.land.pages.forms import Day, posted
from soildesk.land.pages.parcels import asked
from soildesk.land.services.writing import place_at
from soildesk.monitoring.queries.results import analyte_name

FACTS = ("number", "crop", "sampled_on", "result_on", "laboratory", "report_number")


class TestForm(forms.Form):
    """A sample with what was found in it, as printed."""

    number = forms.CharField(label=_l("样品编号"), max_length=60)
    crop = forms.CharField(label=_l("农产品"), max_length=80)
    sampled_on = forms.DateField(label=_l("采样日期"), widget=Day)
    result_on = forms.DateField(label=_l("报告日期"), widget=Day, required=False)
    laboratory = forms.CharField(label=_l("检测机构"), max_length=160, required=False)
    report_number = forms.CharField(label=_l("报告编号"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for analyte in CONTENTS:
            label = _("%(name)s（mg/kg）") % {"name": analyte_name(analyte)}
            self.fields[analyte] = forms.CharField(label=label, max_length=40, required=False)


@staff_page("farmland.read")
def holding_test(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The test of a holding's produce."""
    actor = actor_of(request)
    version = holding_version(actor, str(uid))
    require(actor, TEST, version)

    def write(given: dict[str, Any]) -> str:
        contents = {name: given[name] for name in CONTENTS if given.get(name)}
        of = Of(holding=version.holding, place=place_at(version.division_path, actor))
        facts = {"stage": Stage.FIELD, **{name: given[name] for name in FACTS if given.get(name)}}
        producetests.record(of, facts, contents, by=actor, at=clock.now())
        return _("已登记 %(name)s 的农产品检测 %(number)s。") % {"name": version.name, "number": given["number"]}

    back = reverse("kit:record", args=["farm_holdings", str(uid)])
    context = {
        "title": _("登记农产品检测：%(name)s") % {"name": version.name},
        "note": _("检测值照报告填写，未检出的写“<检出限”，例如 <0.01；没有检测的项目留空。限量按采样当日有效的标准判定。"),
        "crumbs": [(_("农业经营主体"), reverse("kit:collection", args=["farm_holdings"])), (version.name, back), (_("农产品检测"), "")],
        "save": _("登记"),
    }  # fmt: skip
    return asked(request, posted(TestForm, request, {"crop": version.produce.split("、")[0]}), context, write, back)
