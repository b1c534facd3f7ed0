"""What plans and visits ask for; the services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.enterprises.firmwords import name_of
from soildesk.land.pages.forms import Day
from soildesk.oversight.models import Visit
from soildesk.oversight.pages.forms_problems import near
from soilrules.enterprises.lists import list_kinds


class DrawForm(forms.Form):
    """What is drawn."""

    title = forms.CharField(label=_("名称"), max_length=160)
    list_key = forms.ChoiceField(label=_("抽取范围"), required=False)
    count = forms.IntegerField(label=_("抽取数量"), min_value=1, max_value=100_000)
    starts_on = forms.DateField(label=_("开始日期"), widget=Day)
    ends_on = forms.DateField(label=_("结束日期"), widget=Day)
    seed = forms.CharField(
        label=_("随机种子"),
        max_length=64,
        help_text=_("抽取前已经公布、谁也不能事先知道的数字，例如当日公布的开奖号码。"),
    )
    seed_source = forms.CharField(
        label=_("种子来源"), max_length=200, help_text=_("在哪里、什么时候公布的，别人凭它能核对。")
    )

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        kinds = [(kind.key, name_of(kind)) for kind in list_kinds().values()]
        self.fields["list_key"].choices = [*kinds, ("", _("全部在产、停产企业"))]  # type: ignore[attr-defined]


class VisitForm(forms.Form):
    """A visit, entered on the spot."""

    found = forms.ChoiceField(label=_("结果"), choices=Visit.Found.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("检查情况"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    on = forms.DateField(label=_("检查日期"), widget=Day)
    inspectors = forms.CharField(label=_("检查人员"), max_length=200, help_text=_("两人以上，写姓名。"))
    longitude = forms.FloatField(
        required=False, widget=forms.HiddenInput(attrs={"data-longitude": "", "data-kept": ""})
    )
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput(attrs={"data-latitude": "", "data-kept": ""}))


class CorrectForm(VisitForm):
    """What was written wrongly, and why it is corrected."""

    reason = forms.CharField(label=_("更正原因"), max_length=300)


class FoundForm(forms.Form):
    """One problem found; left empty it is none."""

    fact = forms.CharField(
        label=_("问题事实"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    requirement = forms.CharField(label=_("整改要求"), max_length=500, required=False)
    due = forms.DateField(label=_("整改时限"), widget=Day, required=False)

    def clean_due(self) -> date | None:
        """Not many years away."""
        return near(self.cleaned_data["due"])


FoundSet = forms.formset_factory(FoundForm, extra=5, max_num=20, absolute_max=20)


class CloseForm(forms.Form):
    """Nothing has to be said to close a plan."""
