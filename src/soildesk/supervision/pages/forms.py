"""What the acts of supervision ask for; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day
from soildesk.monitoring.pages.forms_alerts import FilesField
from soildesk.supervision.models import Office, Suspension

_WORDS = forms.Textarea(attrs={"rows": 4})
_FILES = _("可以多选。")


class WhyForm(forms.Form):
    """A word on it."""

    note = forms.CharField(label=_("说明"), max_length=500, widget=_WORDS)


class OpinionForm(forms.Form):
    """A word that may be left out."""

    note = forms.CharField(label=_("审批意见"), max_length=300, widget=_WORDS, required=False)


class AnswerForm(forms.Form):
    """Why it is not done, or whose it is."""

    note = forms.CharField(
        label=_("原因"),
        max_length=500,
        widget=_WORDS,
        help_text=_("为什么没有办结、什么时候能办结；转错了的写明应由谁办理。"),
    )
    files = FilesField(label=_("附件"), required=False, help_text=_FILES)


class ExtendForm(forms.Form):
    """Another day and why."""

    wanted = forms.DateField(label=_("申请延至"), widget=Day)
    note = forms.CharField(label=_("申请理由"), max_length=500, widget=_WORDS)
    files = FilesField(label=_("附件"), required=False, help_text=_FILES)


class GrantForm(forms.Form):
    """To which day; where another body set the term, its number and paper."""

    due = forms.DateField(label=_("同意延至"), widget=Day)
    body = forms.CharField(
        label=_("批准机关"),
        max_length=120,
        required=False,
        help_text=_("时限由其他机关规定的必填；本单位规定的内部时限留空。"),
    )
    document = forms.CharField(label=_("批准文号"), max_length=120, required=False)
    note = forms.CharField(label=_("审批意见"), max_length=300, widget=_WORDS, required=False)
    files = FilesField(label=_("批准文件"), required=False, help_text=_FILES)


class SuspendForm(forms.Form):
    """For what, up to when."""

    cause = forms.ChoiceField(label=_("原因"), choices=Suspension.Cause.choices)
    until = forms.DateField(label=_("挂账至"), widget=Day, help_text=_("这一天起恢复督办。"))
    note = forms.CharField(label=_("说明"), max_length=500, widget=_WORDS)
    files = FilesField(label=_("附件"), required=False, help_text=_FILES)


class OfficeForm(forms.Form):
    """Which department is what."""

    department = forms.ChoiceField(label=_("部门"))
    body = forms.ChoiceField(label=_("在督办中是"), choices=Office.BODIES)
    ground = forms.CharField(label=_("依据"), max_length=200, help_text=_("如成立指挥部的文号。"))

    def __init__(self, *args: Any, departments: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(str(key), label) for key, label in departments]
        self.fields["department"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Where letters go."""

    department = forms.ChoiceField(label=_("部门"))
    address = forms.CharField(label=_("督办邮箱"), max_length=200, required=False, help_text=_("留空即不发邮件。"))

    def __init__(self, *args: Any, departments: Any = (), **said: Any) -> None:
        super().__init__(*args, **said)
        choices = [(str(key), label) for key, label in departments]
        self.fields["department"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]
