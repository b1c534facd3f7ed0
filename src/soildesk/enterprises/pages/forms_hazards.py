"""What the acts on facilities, inspections, hazards and drawings ask for; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.enterprises.models import FacilityRecord, Inspection
from soildesk.land.pages.forms import Day
from soildesk.monitoring.pages.forms_alerts import FilesField

_WORDS = forms.Textarea(attrs={"rows": 3})
PHOTOS = {"accept": "image/jpeg,image/png", "capture": "environment"}


class OfFirm(forms.Form):
    """What is asked of one of several firms; the only one is chosen already."""

    firm = forms.ChoiceField(label=_("企业"))

    def __init__(self, *args: Any, firms: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(str(one.enterprise.uid), one.name) for one in firms]
        self.fields["firm"].choices = choices if len(choices) == 1 else [("", _("请选择")), *choices]  # type: ignore[attr-defined]


class BeginForm(OfFirm):
    """Why an inspection is made, from which day, by whom."""

    cause = forms.ChoiceField(label=_("缘由"), choices=Inspection.Cause.choices)
    on = forms.DateField(label=_("开始日期"), widget=Day, help_text=_("按这一天有效的指南版本列出检查内容。"))
    inspector = forms.CharField(
        label=_("排查单位"), max_length=120, required=False, help_text=_("企业自查的可以留空；委托机构的写机构名称。")
    )


class FinishForm(forms.Form):
    """On which day it was finished; why something was left out."""

    on = forms.DateField(label=_("完成日期"), widget=Day)
    left_out = forms.CharField(
        label=_("未排查的原因"), max_length=300, required=False, widget=_WORDS, help_text=_("有设施没有排查完的必填。")
    )


class RectifyForm(forms.Form):
    """How a hazard was put right."""

    measure = forms.CharField(label=_("整改措施"), max_length=500, widget=_WORDS, required=False)
    responsible = forms.CharField(label=_("整改责任人"), max_length=60, required=False)
    on = forms.DateField(label=_("整改完成日期"), widget=Day)
    photos = FilesField(label=_("整改后照片"), required=False, help_text=_("JPG 或 PNG，至少一张。"))


def _asked_for(label: Any, sentence: Any, longest: int = 500) -> forms.CharField:
    """A word that is asked for; the sentence says what it has to tell."""
    return forms.CharField(label=label, max_length=longest, widget=_WORDS, error_messages={"required": sentence})


class VerifyForm(forms.Form):
    """What was found when it was accepted."""

    note = _asked_for(_("验收意见"), _("请写明验收意见：怎样核实的，是否达到要求。"))


class ReturnForm(forms.Form):
    """What is still missing."""

    note = _asked_for(_("退回的理由"), _("退回请写明理由：还缺什么。"))


class DropForm(forms.Form):
    """Why it should never have been written down."""

    note = _asked_for(_("撤销的理由"), _("撤销误登请写明理由。"))


class TermForm(forms.Form):
    """A term and why."""

    due = forms.DateField(label=_("整改时限"), widget=Day)
    note = _asked_for(_("理由"), _("调整时限请写明理由。"), 300)


class NoteForm(forms.Form):
    """One dated record of a facility."""

    kind = forms.ChoiceField(label=_("记录类型"), choices=FacilityRecord.Kind.choices)
    on = forms.DateField(label=_("日期"), widget=Day)
    note = forms.CharField(
        label=_("情况"), max_length=500, widget=_WORDS, required=False, help_text=_("例如：液位、压力正常，无渗漏。")
    )
    abnormal = forms.BooleanField(label=_("发现异常"), required=False)
    by_whom = forms.CharField(label=_("经手人"), max_length=60, required=False)


class PlanForm(OfFirm):
    """A drawing of a plant."""

    title = forms.CharField(label=_("名称"), max_length=120, required=False, help_text=_("不填则用文件名。"))
    on = forms.DateField(label=_("图纸日期"), widget=Day)
    file = forms.FileField(label=_("图纸或扫描件"), help_text=_("JPG、PNG 图片，或 PDF 中的一页。"))
    page = forms.IntegerField(label=_("PDF 第几页"), min_value=1, initial=1, required=False)


class PlaceForm(forms.Form):
    """What is put where on a drawing, in percent of its width and height."""

    thing = forms.ChoiceField(label=_("标注什么"))
    x = forms.FloatField(
        label=_("距左边（%）"), required=False, widget=forms.NumberInput(attrs={"step": "0.1", "data-plan-x": ""})
    )
    y = forms.FloatField(
        label=_("距上边（%）"), required=False, widget=forms.NumberInput(attrs={"step": "0.1", "data-plan-y": ""})
    )

    def __init__(self, *args: Any, marks: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(one.key, f"{one.number} {one.name}") for one in marks]
        self.fields["thing"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]
