"""What the pages of reports ask for; the services decide."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day
from soildesk.reporting.queries.kinds import kinds

_WORDS = forms.Textarea(attrs={"rows": 3})
PERIOD = _("2026、2026H1、2026Q3 或 2026-05。")


def kind_choices() -> list[tuple[str, Any]]:
    """The kinds, for a choice."""
    return [(one.id, one.title) for one in kinds().values()]


class MakeForm(forms.Form):
    """Which report, of which place and period, as of which day."""

    kind = forms.ChoiceField(label=_("报表种类"), choices=kind_choices)
    place = forms.ChoiceField(label=_("地区"))
    period = forms.CharField(label=_("期次"), max_length=8, help_text=PERIOD)
    on = forms.DateField(label=_("数据截至"), widget=Day, required=False, help_text=_("不填为期末；期末未到的为今天。"))
    due = forms.ChoiceField(label=_("报表日历"), required=False, help_text=_("选了日历事项，登记报送后该事项即办结。"))

    def __init__(self, *args: Any, places: Any = (), dues: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["place"].choices = [(one.code, one.name) for one in places]  # type: ignore[attr-defined]
        self.fields["due"].choices = [("", _("不关联")), *dues]  # type: ignore[attr-defined]


class FillForm(MakeForm):
    """The same of a blank form."""

    kind = None  # type: ignore[assignment]


class PaperForm(forms.Form):
    """A report written elsewhere."""

    file = forms.FileField(label=_("报送的文件"))


class SignForm(forms.Form):
    """Signing off."""

    document = forms.CharField(label=_("文号"), max_length=80, required=False, help_text=_("有发文字号的填写。"))


class SendForm(forms.Form):
    """Where it went."""

    to = forms.CharField(label=_("报送对象"), max_length=160)
    on = forms.DateField(label=_("报送日期"), widget=Day)


class ReleaseForm(forms.Form):
    """Where it was made public."""

    where = forms.CharField(
        label=_("发布平台和网址"), max_length=120, help_text=_("网站栏目和网址，或者报刊名称和版面。")
    )
    on = forms.DateField(label=_("发布日期"), widget=Day)
    review = forms.CharField(label=_("公开审查"), max_length=60, help_text=_("审查文号，或者审查人和日期。"))


class ReceiveForm(forms.Form):
    """What came back."""

    number = forms.CharField(label=_("回执编号"), max_length=80, help_text=_("没有编号的写签收人和方式。"))
    on = forms.DateField(label=_("回执日期"), widget=Day)
    file = forms.FileField(label=_("回执文件"), required=False)


class YearForm(forms.Form):
    """Which year's calendar."""

    year = forms.IntegerField(label=_("年度"), min_value=2017, max_value=2100)


class DueForm(forms.Form):
    """A line for the calendar."""

    title = forms.CharField(label=_("报表名称"), max_length=160)
    form = forms.ChoiceField(
        label=_("填报表式"), required=False, choices=lambda: [("", _("没有对应表式")), *kind_choices()]
    )
    receiver = forms.CharField(label=_("报送对象"), max_length=160)
    unit = forms.ChoiceField(label=_("承办单位"))
    period = forms.CharField(label=_("期次"), max_length=8, help_text=PERIOD)
    due = forms.DateField(
        label=_("时限"), widget=Day, required=False, help_text=_("依据没有写明日期的留空，不要估计。")
    )
    basis = forms.CharField(
        label=_("依据"), max_length=400, widget=_WORDS, help_text=_("方案条款（文号和序号）、来文文号或法规条文。")
    )

    def __init__(self, *args: Any, departments: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["unit"].choices = [(str(key), label) for key, label in departments]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("原因"), max_length=300, widget=_WORDS)


class TemplateForm(forms.Form):
    """An office's own template."""

    file = forms.FileField(label=_("Word 模板（.docx）"), widget=forms.FileInput(attrs={"accept": ".docx"}))
    note = forms.CharField(label=_("说明"), max_length=300, required=False)


class BlankUpload(forms.Form):
    """A superior's blank form."""

    name = forms.CharField(
        label=_("空表名称"), max_length=120, help_text=_("与已有空表同名即为新版，原来的对应尽量保留。")
    )
    receiver = forms.CharField(label=_("下发单位"), max_length=120, required=False)
    file = forms.FileField(label=_("空表（.xlsx 或 .docx）"), widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}))


def day_or(value: str | None, default: date) -> date:
    """A day of the address, or the default where it is none."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return default
