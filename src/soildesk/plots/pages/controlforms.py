"""What acts on plots under control ask for; the services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day, GroundField
from soildesk.plots.controlwords import MEDIA
from soildesk.plots.words import LEVELS
from soilrules.plots.control import Medium

SEEN = [("", _("没有查看")), ("1", _("是")), ("0", _("否"))]


class ProposeForm(GroundField):
    """A zone proposed."""

    on = forms.DateField(label=_("提出日期"), widget=Day)
    measures = forms.CharField(
        label=_("管控措施"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：围挡、覆盖裸土、禁止进入和取用地下水。"),
    )  # fmt: skip
    field_order = ["on", "measures", "ground", "crs", "file"]

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["ground"].label = _("管控区域坐标")
        self.fields["ground"].help_text = _("不填则为整个地块；每行一个拐点，也可粘贴 WKT 或 GeoJSON。")
        self.fields["crs"].help_text = _("例如 EPSG:4526 或 CGCS2000；经纬度可不填")


class ApproveForm(forms.Form):
    """The approval of the government."""

    on = forms.DateField(label=_("批准日期"), widget=Day)
    authority = forms.CharField(label=_("批准机关"), max_length=120, help_text=_("同级人民政府的全称"))
    number = forms.CharField(label=_("批准文号"), max_length=120)
    file = forms.FileField(label=_("批复文件"))


class ProofForm(forms.Form):
    """A day and what proves it."""

    on = forms.DateField(label=_("日期"), widget=Day)
    file = forms.FileField(label=_("公告文件、截图或照片"))


class SignForm(ProofForm):
    """The sign, with its photograph."""

    file = forms.FileField(label=_("标识照片"), widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}))


class EndForm(forms.Form):
    """The end of a zone."""

    on = forms.DateField(label=_("自哪一天起终止"), widget=Day)
    reason = forms.CharField(label=_("原因"), max_length=300)


class YearForm(forms.Form):
    """The terms of a year, for all plots chosen."""

    year = forms.IntegerField(label=_("年度"), min_value=2016, max_value=2100)
    due = forms.DateField(
        label=_("年度计划报送时限"), widget=Day, required=False, help_text=_("没有文件规定的留空：不设时限")
    )
    basis = forms.CharField(
        label=_("报送时限依据"), max_length=300, required=False,
        help_text=_("哪份文件的哪一处；同一文件前后不一致的，写明采用哪一处。"),
    )  # fmt: skip
    media_basis = forms.CharField(label=_("监测时限依据"), max_length=300, required=False)

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        for one, word in MEDIA.items():
            self.fields[str(one)] = forms.DateField(
                label=_("%(medium)s监测时限") % {"medium": word}, widget=Day, required=False
            )
        self.order_fields(["year", "due", "basis", *map(str, Medium), "media_basis"])

    @property
    def media(self) -> dict[str, date]:  # type: ignore[override]
        """The days that were filled in."""
        return {str(one): day for one in Medium if (day := self.cleaned_data.get(str(one)))}


class PlanForm(forms.Form):
    """A plan handed in."""

    on = forms.DateField(label=_("报送日期"), widget=Day)
    content = forms.CharField(
        label=_("主要内容"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("管控计划"))


class MonitoredForm(forms.Form):
    """A medium monitored."""

    medium = forms.ChoiceField(label=_("介质"), choices=list(MEDIA.items()))
    on = forms.DateField(label=_("监测日期"), widget=Day)
    batch = forms.ChoiceField(label=_("检测批次"), required=False, help_text=_("本系统中已接收的批次；没有的上传报告"))
    file = forms.FileField(label=_("监测报告"), required=False)

    def __init__(self, *args: Any, batches: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        named = [(one.number, f"{one.number} {one.campaign.title}") for one in batches]
        self.fields["batch"].choices = [("", _("不在本系统中")), *named]  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    """A round, entered on the spot: what was not looked at is not known."""

    unrelated_building = forms.ChoiceField(
        label=_("有与管控、修复无关的建设"), choices=SEEN, required=False, widget=forms.RadioSelect
    )
    in_use = forms.ChoiceField(
        label=_("有人擅自使用（耕种、堆放、居住、经营）"), choices=SEEN, required=False, widget=forms.RadioSelect
    )
    spread = forms.ChoiceField(
        label=_("有污染扩散迹象（异味、渗滤、外溢）"), choices=SEEN, required=False, widget=forms.RadioSelect
    )
    sign_intact = forms.ChoiceField(label=_("标识完好"), choices=SEEN, required=False, widget=forms.RadioSelect)
    note = forms.CharField(label=_("情况"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    on = forms.DateField(label=_("巡查日期"), widget=Day)

    @property
    def asked(self) -> list[Any]:
        """The questions."""
        return [self[name] for name in ("unrelated_building", "in_use", "spread", "sign_intact")]

    def answer(self, name: str) -> bool | None:
        """Yes, no, or not looked at."""
        return {"1": True, "0": False}.get(self.cleaned_data[name])


class MeasureForm(forms.Form):
    """What was done against a spread."""

    on = forms.DateField(label=_("采取措施日期"), widget=Day)
    measure = forms.CharField(
        label=_("采取的措施"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：隔离、阻断、移除污染源。"),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """Who decided that it is a violation."""

    authority = forms.CharField(label=_("决定机关"), max_length=120)
    level = forms.ChoiceField(label=_("机关层级"), choices=LEVELS)
    document = forms.CharField(label=_("文号"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=500, required=False)
