"""Forms about units, households and decisions; they ask, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.farmland.register.decisions import FILE_KINDS
from soildesk.land.pages.forms import Day, GroundField

__all__ = ["EndForm", "FileForm", "MergeForm", "PaperForm", "ReceiptForm", "SplitForm", "WhyForm"]


class PaperForm(forms.Form):
    """From which day, why, by what document."""

    on = forms.DateField(label=_("自哪一天起"), widget=Day)
    reason = forms.CharField(label=_("原因"), max_length=300)
    document = forms.CharField(label=_("依据文号"), max_length=120, required=False)


class SplitForm(GroundField, PaperForm):
    """A division: a cutting line or the pieces."""

    way = forms.ChoiceField(
        label=_("怎样分"), choices=[("line", _("画一条切割线")), ("polygon", _("给出各块的范围"))], initial="line"
    )
    field_order = ["way", "ground", "crs", "file", "on", "reason", "document"]


class MergeForm(PaperForm):
    """A merger: what the new unit is called."""

    name = forms.CharField(label=_("合并后的名称"), max_length=120, required=False)
    code = forms.CharField(label=_("合并后的外部代码"), max_length=80, required=False)
    field_order = ["name", "code", "on", "reason", "document"]


class EndForm(forms.Form):
    """The end of a unit or of a household's tilling."""

    on = forms.DateField(label=_("自哪一天起"), widget=Day)
    reason = forms.CharField(label=_("原因"), max_length=300)


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("原因"), max_length=300)


class FileForm(forms.Form):
    """A paper of a decision."""

    kind = forms.ChoiceField(label=_("文件"), choices=list(FILE_KINDS.items()))
    file = forms.FileField(label=_("选择文件"))


class ReceiptForm(forms.Form):
    """The receipt of the national system."""

    receipt = forms.CharField(label=_("上传回执编号"), max_length=120)
    on = forms.DateField(label=_("上传日期"), widget=Day)


class PlaceForm(forms.Form):
    """Which of the households of a divided unit till this one now."""

    on = forms.DateField(label=_("自哪一天起"), widget=Day)
    households = forms.MultipleChoiceField(label=_("分到本单元的农户"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["households"].choices = choices
