"""Forms of points, campaigns, field work and custody; they ask, the services decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soildesk.core.permissions import Actor
from soildesk.land.pages.forms import Day, GroundField
from soildesk.land.queries import choices
from soildesk.monitoring.entering import STANDARDS, USES
from soildesk.monitoring.models import Campaign, Custody, Grade, Medium
from soildesk.monitoring.register.records import analyte_name
from soilrules import analytes

Moment = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
SEPARATORS = re.compile(r"[、，,；;\s]+")
UNSAID = [("", _("（不选）"))]


class AnalytesField(forms.CharField):
    """Names of analytes parted by commas, kept as slugs."""

    def prepare_value(self, value: Any) -> Any:
        """Slugs as their names."""
        return "、".join(analyte_name(slug) for slug in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Every name as its slug; what is not known, or means several, is said."""
        found = []
        for name in filter(None, SEPARATORS.split(super().clean(value))):
            slugs = analytes.candidates(name)
            if len(slugs) != 1:
                raise forms.ValidationError(_not_one(name, slugs))
            found.append(slugs[0])
        return found


def _not_one(name: str, slugs: Sequence[str]) -> str:
    """What is said of a name that is none, or the name of several."""
    shown = name if len(name) <= 20 else f"{name[:20]}…"
    if slugs:
        several = "、".join(analyte_name(slug) for slug in slugs)
        return gettext("“%(name)s”有几种意思：%(several)s。请写其中一个。") % {"name": shown, "several": several}
    if near := analytes.nearest(name[:40]):
        said = {"name": shown, "near": "、".join(analyte_name(one.slug) for one in near)}
        return gettext("不认识“%(name)s”，相近的有：%(near)s。请改正。") % said
    return gettext("不认识“%(name)s”：请写分析项目的名称，用顿号分开。") % {"name": shown}


class CampaignForm(GroundField):
    """A campaign."""

    title = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类型"), choices=Campaign.Kind.choices, initial=Campaign.Kind.ROUTINE)
    stage = forms.ChoiceField(
        label=_("调查阶段"), choices=UNSAID + Campaign.Stage.choices, required=False,
        help_text=_("只用于地块调查：布点密度按阶段要求。"),
    )  # fmt: skip
    unit_kind = forms.ChoiceField(
        label=_("布点对象"), choices=UNSAID + Campaign.Unit.choices, required=False,
        help_text=_("只用于普查（耕地、林草、未利用地）和农用地详查（重点或一般区域）。"),
    )  # fmt: skip
    suspected = forms.NullBooleanField(
        label=_("疑似污染地块"), required=False,
        widget=forms.Select(choices=[("unknown", _("未说明")), ("true", _("是")), ("false", _("否"))]),
    )  # fmt: skip
    town = forms.ChoiceField(label=_("所在区划"), required=False)
    media = forms.MultipleChoiceField(label=_("介质"), choices=Medium.choices, widget=forms.CheckboxSelectMultiple)
    analytes = AnalytesField(
        label=_("分析项目"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("用顿号或逗号分开，例如：pH、镉、汞、砷、铅、铬、铜、镍、锌。"),
    )  # fmt: skip
    standard = forms.ChoiceField(label=_("评价标准"), choices=[*UNSAID, *STANDARDS], required=False)
    use = forms.ChoiceField(label=_("评价用途"), choices=[*UNSAID, *USES], required=False)
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    organiser = forms.ChoiceField(label=_("组织单位"), required=False)
    laboratory = forms.CharField(label=_("检测机构"), max_length=120, required=False)
    starts_on = forms.DateField(label=_("开始"), widget=Day)
    ends_on = forms.DateField(label=_("完成时限"), widget=Day)
    grade = forms.ChoiceField(label=_("数据分级"), choices=Grade.choices, initial=Grade.INTERNAL)
    codes = forms.ChoiceField(
        label=_("样品编号方式"), choices=Campaign.Codes.choices, initial=Campaign.Codes.RANDOM,
        help_text=_("两种编号都不含点位信息；随机编号可在开始后追加密码平行样。"),
    )  # fmt: skip
    parallel_percent = forms.IntegerField(label=_("密码平行样比例（%）"), min_value=0, max_value=50)
    field_order = [
        "title", "kind", "stage", "unit_kind", "suspected", "town", "organiser", "basis", "starts_on", "ends_on", "media", "analytes",
        "standard", "use", "laboratory", "grade", "codes", "parallel_percent", "ground", "crs", "file",
    ]  # fmt: skip

    def for_actor(self, actor: Actor) -> CampaignForm:
        """With the places and departments of the actor."""
        self.fields["town"].choices = [*UNSAID, *choices.own_towns(actor, actor.today)]  # type: ignore[attr-defined]
        self.fields["organiser"].choices = [*UNSAID, *choices.keepers(actor, actor.today)]  # type: ignore[attr-defined]
        return self


class CloseCampaignForm(forms.Form):
    """The end of a campaign."""

    on = forms.DateField(label=_("完成日期"), widget=Day)
    note = forms.CharField(
        label=_("未完成情况说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("还有没采的样品时必填；这些样品将一并取消。"),
    )  # fmt: skip


class ShareForm(forms.Form):
    """The sharing of a campaign's data."""

    on = forms.DateField(label=_("共享日期"), widget=Day)
    receipt = forms.CharField(label=_("回执号或接收单位"), max_length=120)


class DropForm(forms.Form):
    """A sample that will not be taken."""

    reason = forms.CharField(label=_("取消的原因"), max_length=200)


class RecordForm(forms.Form):
    """A field record, entered on the spot."""

    sampled_at = forms.DateTimeField(label=_("采样时间"), widget=Moment, input_formats=["%Y-%m-%dT%H:%M"])
    depth_from_cm = forms.IntegerField(label=_("上界深度（cm）"), required=False)
    depth_to_cm = forms.IntegerField(label=_("下界深度（cm）"), required=False)
    texture = forms.CharField(
        label=_("质地"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "textures"})
    )
    colour = forms.CharField(
        label=_("颜色"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "colours"})
    )
    odour = forms.CharField(
        label=_("气味"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "odours"})
    )
    moisture = forms.CharField(
        label=_("湿度"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "moistures"})
    )
    weather = forms.CharField(
        label=_("天气"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "weathers"})
    )
    land_use = forms.CharField(
        label=_("土地利用"), max_length=40, required=False, widget=forms.TextInput(attrs={"list": "uses"})
    )
    crop = forms.CharField(label=_("作物"), max_length=40, required=False)
    container = forms.CharField(
        label=_("容器与保存"), max_length=80, required=False, widget=forms.TextInput(attrs={"list": "containers"})
    )
    sampler = forms.CharField(label=_("采样人"), max_length=60)
    witness = forms.CharField(label=_("见证人"), max_length=60, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    place_reason = forms.CharField(
        label=_("位置说明"), max_length=200, required=False,
        help_text=_("没有定位、偏离点位或在界线之外时，写明原因。"),
    )  # fmt: skip
    longitude = forms.FloatField(
        required=False, widget=forms.HiddenInput(attrs={"data-longitude": "", "data-kept": ""})
    )
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-latitude": "", "data-kept": ""}))
    accuracy_m = forms.FloatField(
        required=False, widget=forms.HiddenInput(attrs={"data-accuracy": "", "data-kept": ""})
    )


class CorrectForm(RecordForm):
    """A field record that was wrong."""

    reason = forms.CharField(label=_("更正的原因"), max_length=300)


class HandingForm(forms.Form):
    """A hand-over."""

    step = forms.ChoiceField(label=_("环节"), choices=Custody.Step.choices, initial=Custody.Step.HANDED)
    at = forms.DateTimeField(label=_("时间"), widget=Moment, input_formats=["%Y-%m-%dT%H:%M"])
    from_name = forms.CharField(label=_("交样人"), max_length=60, required=False)
    to_name = forms.CharField(label=_("收样人"), max_length=60, required=False)
    condition = forms.CharField(
        label=_("样品状况"), max_length=120, required=False, help_text=_("例如：完好、瓶破损、标签模糊。")
    )
    temperature_c = forms.FloatField(label=_("保存温度（℃）"), required=False)


class GridForm(forms.Form):
    """New places on a grid."""

    medium = forms.ChoiceField(label=_("介质"), choices=Medium.choices)
    spacing_m = forms.FloatField(label=_("网格间距（m）"), min_value=5, max_value=40_000)
    depth_from_cm = forms.IntegerField(label=_("上界深度（cm）"), required=False)
    depth_to_cm = forms.IntegerField(label=_("下界深度（cm）"), required=False)
    unit = forms.ChoiceField(label=_("采样单位"), required=False)
    due = forms.DateField(label=_("采样时限"), widget=Day, required=False)
