"""What the acts on a problem ask for; the services decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from soildesk.core import clock
from soildesk.land.pages.forms import Day
from soildesk.monitoring.pages.forms_alerts import FilesField

_WORDS = forms.Textarea(attrs={"rows": 4})
FARTHEST = timedelta(days=1100)


def near(due: date | None) -> date | None:
    """A term many years away is a slip of the pen."""
    if due is not None and due > clock.today() + FARTHEST:
        raise forms.ValidationError(gettext("时限 %(due)s 离今天三年以上：请核对年份。") % {"due": due})
    return due


class NoteForm(forms.Form):
    """A word on it."""

    note = forms.CharField(label=_("说明"), max_length=1000, widget=_WORDS)


class AssignForm(forms.Form):
    """Who sees to it, what is asked, by when."""

    unit = forms.ChoiceField(label=_("督促整改单位"))
    requirement = forms.CharField(label=_("整改要求"), max_length=500, widget=_WORDS, required=False)
    due = forms.DateField(label=_("整改时限"), widget=Day, required=False)
    due_body = forms.CharField(
        label=_("时限由谁规定"), max_length=120, required=False, help_text=_("上级规定的写其名称；本单位规定的留空。")
    )
    note = forms.CharField(label=_("理由"), max_length=300, required=False, help_text=_("改派时必填。"))

    def __init__(self, *args: Any, departments: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(str(key), label) for key, label in departments]
        self.fields["unit"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]

    def clean_due(self) -> date | None:
        """Not many years away."""
        return near(self.cleaned_data["due"])


class WorkForm(forms.Form):
    """What was done, with what proves it."""

    note = forms.CharField(label=_("整改情况"), max_length=1000, widget=_WORDS)
    files = FilesField(
        label=_("佐证材料"), required=False, help_text=_("整改前后照片、报告、凭证，可以多选；报请验收前至少要有一份。")
    )


class ExtendForm(forms.Form):
    """Another term and why."""

    due = forms.DateField(label=_("新时限"), widget=Day)
    document = forms.CharField(
        label=_("同意调整的文号"), max_length=120, required=False, help_text=_("时限由上级规定的必填。")
    )
    note = forms.CharField(label=_("理由"), max_length=500, widget=_WORDS)

    def clean_due(self) -> date | None:
        """Not many years away."""
        return near(self.cleaned_data["due"])


class CiteForm(forms.Form):
    """What kind of violation, on which days, by which law: which law is said by the person alone."""

    violation = forms.ChoiceField(label=_("违法情形"))
    began_on = forms.DateField(label=_("行为开始日期"), widget=Day, required=False, help_text=_("持续的行为填写。"))
    acted_on = forms.DateField(label=_("行为发生（终了）日期"), widget=Day)
    decided_on = forms.DateField(label=_("处理日期"), widget=Day)

    def __init__(self, *args: Any, kinds: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["violation"].choices = [("", _("请选择")), *kinds]  # type: ignore[attr-defined]


class PenaltyForm(forms.Form):
    """A punishment as the paper says it."""

    number = forms.CharField(label=_("决定书文号"), max_length=80)
    decided_on = forms.DateField(label=_("决定日期"), widget=Day)
    authority = forms.CharField(label=_("决定机关"), max_length=120)
    content = forms.CharField(label=_("处罚内容"), max_length=500, widget=_WORDS)
    files = FilesField(label=_("决定书"), required=False)
