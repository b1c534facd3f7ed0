"""What the pages of assessment ask for; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.assessment.services.adopting import YEARS
from soildesk.land.pages.forms import Day
from soildesk.monitoring.pages.forms_alerts import FilesField

CHOOSE = ("", _("请选择"))
"""Nothing is chosen for the person who decides."""
_WORDS = forms.Textarea(attrs={"rows": 3})


class SaidForm(forms.Form):
    """What is said of an item. A value in percent, or a number of cases."""

    value = forms.DecimalField(label=_("值"), required=False, max_digits=8, decimal_places=2, min_value=0)
    not_applicable = forms.BooleanField(label=_("本地不适用"), required=False)
    why = forms.CharField(label=_("说明"), required=False, max_length=500, widget=_WORDS)
    files = FilesField(label=_("佐证材料"), required=False)


class ConfirmForm(forms.Form):
    """The value that counts."""

    value = forms.DecimalField(label=_("考核核定值"), required=False, max_digits=8, decimal_places=2, min_value=0)
    not_applicable = forms.BooleanField(label=_("本地不适用"), required=False)
    why = forms.CharField(label=_("核定依据"), max_length=300, widget=_WORDS)


class NoteForm(forms.Form):
    """Words that may stay empty."""

    why = forms.CharField(label=_("说明"), required=False, max_length=500, widget=_WORDS)


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("理由"), max_length=300, widget=_WORDS)


class DrawForm(forms.Form):
    """A sample."""

    percent = forms.DecimalField(
        label=_("抽取比例（%）"), min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=10
    )
    seed = forms.CharField(label=_("随机种子"), max_length=80, help_text=_("事先公布、事后可查的文字，如某日某期彩票号码。"))  # fmt: skip


class RowForm(forms.Form):
    """What a look at a row found."""

    outcome = forms.ChoiceField(label=_("核查结果"), choices=[CHOOSE, ("true", _("属实")), ("false", _("不属实"))])
    why = forms.CharField(label=_("核查情况"), max_length=300, widget=_WORDS)


class ObjectForm(forms.Form):
    """An objection."""

    item = forms.ChoiceField(label=_("对哪一项"), required=False)
    why = forms.CharField(label=_("异议和理由"), max_length=1000, widget=_WORDS)
    files = FilesField(label=_("佐证材料"), required=False)

    def __init__(self, *args: Any, items: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["item"].choices = [("", _("对整个结果")), *items]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An answer to an objection."""

    upheld = forms.ChoiceField(label=_("是否采纳"), choices=[CHOOSE, ("yes", _("采纳")), ("no", _("不采纳"))])
    value = forms.DecimalField(label=_("采纳后的核定值"), required=False, max_digits=8, decimal_places=2, min_value=0)
    why = forms.CharField(label=_("答复"), max_length=1000, widget=_WORDS)


class FinishForm(forms.Form):
    """The number of the paper."""

    document = forms.CharField(label=_("文号"), max_length=80)


class DecideForm(forms.Form):
    """What a person decides about a proposal."""

    accepted = forms.ChoiceField(label=_("决定"), choices=[CHOOSE, ("yes", _("采纳")), ("no", _("不采纳"))])
    document = forms.CharField(label=_("文号"), required=False, max_length=80)
    why = forms.CharField(label=_("理由"), max_length=300, widget=_WORDS)


class OpenForm(forms.Form):
    """Which scheme for which places."""

    adoption = forms.ChoiceField(label=_("考核方案"))
    due = forms.DateField(label=_("自评时限"), widget=Day, help_text=_("到期没有签报的，列入逾期并按督办规则督办。"))
    places = forms.MultipleChoiceField(label=_("被考核地区"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, adoptions: Any = (), places: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["adoption"].choices = adoptions  # type: ignore[attr-defined]
        self.fields["places"].choices = places  # type: ignore[attr-defined]


class OwnForm(forms.Form):
    """A scheme the office wrote."""

    file = forms.FileField(label=_("方案（Excel）"))
    year = forms.IntegerField(label=_("年度"), min_value=YEARS[0], max_value=YEARS[-1])
    document = forms.CharField(label=_("文号"), max_length=80)
    ground = forms.CharField(label=_("依据和说明"), required=False, max_length=300)
