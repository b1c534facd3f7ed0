"""Forms of this room; they ask, the services decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from soildesk.kit import pasted
from soildesk.land import cutting
from soildesk.land.models import Layer, Patrol

F = TypeVar("F", bound=forms.BaseForm)
Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def posted(kind: type[F], request: HttpRequest, initial: Mapping[str, Any] | None = None) -> F:
    """The form, with what was posted where something was."""
    said = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    return kind(initial=dict(initial or {}), **said)


class PaperForm(forms.Form):
    """From which day, why, by what document."""

    on = forms.DateField(label=_("自哪一天起"), widget=Day)
    document = forms.CharField(label=_("依据文号"), max_length=80, required=False)
    reason = forms.CharField(label=_("原因"), max_length=300)


class GroundField(forms.Form):
    """Ground as text or file."""

    ground = forms.CharField(
        label=_("坐标"), required=False, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )
    crs = forms.CharField(
        label=_("坐标系"), required=False, max_length=80, widget=forms.TextInput(attrs={"list": "known-crs"})
    )
    file = forms.FileField(label=_("或上传文件"), required=False)

    def overlook(self, *names: str) -> None:
        """What is only looked at needs no reason yet."""
        for name in names:
            self.errors.pop(name, None)

    def given(self, shape: str = "polygon") -> BaseGeometry | None:
        """What was drawn, pasted or uploaded; None where nothing was."""
        upload: UploadedFile | None = self.cleaned_data.get("file")
        if upload:
            return cutting.of_file(upload, self.cleaned_data["crs"])
        text = self.cleaned_data["ground"]
        return pasted.ground(text, self.cleaned_data["crs"], shape) if text.strip() else None


class SplitForm(GroundField, PaperForm):
    """A split: a cutting line or the pieces."""

    way = forms.ChoiceField(
        label=_("怎样分"), choices=[("line", _("画一条切割线")), ("polygon", _("给出各块的范围"))], initial="line"
    )
    field_order = ["way", "ground", "crs", "file", "on", "reason", "document"]


class MergeForm(PaperForm):
    """A merger: what the new parcel is called."""

    name = forms.CharField(label=_("合并后的名称"), max_length=120, required=False)
    code = forms.CharField(label=_("合并后的外部代码"), max_length=80, required=False)
    field_order = ["name", "code", "on", "reason", "document"]


class CodeForm(forms.Form):
    """Another code."""

    scheme = forms.CharField(label=_("编码体系"), max_length=40, help_text=_("例如：不动产单元号、供地编号"))
    code = forms.CharField(label=_("代码"), max_length=80)
    since = forms.DateField(label=_("自哪一天起"), widget=Day, required=False)


class EndForm(forms.Form):
    """The end of a record."""

    on = forms.DateField(label=_("自哪一天起不再有效"), widget=Day)
    reason = forms.CharField(label=_("原因"), max_length=300)


class LayerForm(forms.Form):
    """A layer."""

    title = forms.CharField(label=_("图层名称"), max_length=80)
    code = forms.CharField(
        label=_("图层代码"), max_length=40, help_text=_("用在地址与接口里：小写字母、数字、下划线，例如 red_line")
    )
    kind = forms.ChoiceField(label=_("类别"), choices=Layer.Kind.choices)
    authority = forms.CharField(label=_("划定机关"), max_length=120, required=False)
    class_attribute = forms.CharField(
        label=_("分级字段"), max_length=60, required=False,
        help_text=_("按哪个字段上色，例如“级别”“YDDM”；没有就留空"),
    )  # fmt: skip


class DescribeForm(LayerForm):
    """A layer named otherwise: its code stays."""

    code = None  # type: ignore[assignment]


class PatrolForm(forms.Form):
    """A patrol, entered on the spot."""

    found = forms.ChoiceField(label=_("发现"), choices=Patrol.Found.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("情况说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    action = forms.CharField(
        label=_("已采取措施"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    on = forms.DateField(label=_("巡查日期"), widget=Day)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-longitude": ""}))
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-latitude": ""}))


class CloseForm(forms.Form):
    """What was done about a finding."""

    action = forms.CharField(label=_("采取的措施"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    on = forms.DateField(label=_("办结日期"), widget=Day)


class WhereForm(GroundField):
    """A ground to ask about."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].widget.attrs["placeholder"] = _("每行一个拐点；或 WKT、GeoJSON、拐点坐标文本")
