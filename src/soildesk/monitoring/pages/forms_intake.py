"""Forms of laboratory files and results; they ask, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day
from soildesk.monitoring.models import Qualifier

NO_SECRETS = _("我确认：文件中没有标为涉密的内容。涉密数据不得进入本系统。")
ENDINGS = ".csv,.txt,.xlsx,.xls,.docx,.parquet"


class FileForm(forms.Form):
    """A file of results."""

    file = forms.FileField(
        label=_("检测数据文件"), widget=forms.FileInput(attrs={"accept": ENDINGS}),
        help_text=_("Excel、CSV、Word（.docx）均可，不超过 50 MB。建议用交换格式模板。"),
    )  # fmt: skip


class SendForm(FileForm):
    """A file sent for a campaign, with what its report says."""

    campaign = forms.CharField(label=_("监测任务编号"), max_length=40, help_text=_("任务组织单位给的编号。"))
    report = forms.FileField(
        label=_("检测报告 PDF"), required=False, widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=_("盖章的报告。与数据按指纹绑定，收数单位随机抽核。"),
    )  # fmt: skip
    report_number = forms.CharField(label=_("报告编号"), max_length=80, required=False)
    reported_on = forms.DateField(label=_("报告日期"), widget=Day, required=False)
    laboratory = forms.CharField(label=_("检测机构"), max_length=120, required=False)
    cma = forms.CharField(label=_("CMA 编号"), max_length=40, required=False)
    no_secrets = forms.BooleanField(label=NO_SECRETS)
    field_order = ["campaign", "file", "report", "report_number", "reported_on", "laboratory", "cma", "no_secrets"]


class BringForm(SendForm):
    """The same by somebody of the office, who chooses among the campaigns he sees."""

    def __init__(self, *args: Any, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"] = forms.ChoiceField(label=_("监测任务"), choices=[("", _("请选择")), *campaigns])
        self.order_fields(self.field_order)


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """Why a batch goes back."""

    reason = forms.CharField(
        label=_("退回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("检测机构会看到这段话和问题清单；密码平行样不会写进清单。"),
    )  # fmt: skip


class ReportForm(forms.Form):
    """A report to be bound."""

    report = forms.FileField(label=_("检测报告 PDF"), widget=forms.FileInput(attrs={"accept": ".pdf"}))


class CorrectForm(forms.Form):
    """A corrected result."""

    printed = forms.CharField(
        label=_("更正后的检测值"), max_length=60, help_text=_("按更正报告照抄；未检出写 <检出限。")
    )
    unit = forms.CharField(label=_("单位"), max_length=20, required=False)
    reason = forms.CharField(label=_("更正原因"), max_length=300, help_text=_("写明更正报告的编号。"))


class QualifyForm(forms.Form):
    """A mark of a validator or an interpreter."""

    role = forms.ChoiceField(label=_("由谁标记"), choices=Qualifier.Role.choices, widget=forms.RadioSelect)
    code = forms.ChoiceField(label=_("标记"), choices=Qualifier.Code.choices)
    reason = forms.CharField(label=_("理由"), max_length=300)


class ExportForm(forms.Form):
    """Why graded results are wanted."""

    purpose = forms.CharField(label=_("用途"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    recipient = forms.CharField(label=_("接收单位"), max_length=120)


class DecideForm(forms.Form):
    """Yes or no to an export."""

    answer = forms.ChoiceField(
        label=_("意见"), choices=[("yes", _("批准")), ("no", _("不批准"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("说明"), max_length=300, required=False)
