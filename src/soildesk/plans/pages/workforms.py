"""The forms of working the ledger, in the words of those who fill them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

WITHDRAW = "withdraw"
SAID = {"done": _("已办"), "going": _("办理中"), "not_done": _("未办及原因"), "misdirected": _("转错了")}


class SeveralFiles(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each checked by the act that stores it."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


class ReportForm(forms.Form):
    """What a unit says of one task; which button is pressed says whether it is done."""

    text = forms.CharField(
        label=_("办理情况"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明做了什么、到什么程度；“转错了”写明应由哪个单位办理。"),
    )
    period = forms.ChoiceField(label=_("填报哪个节点"), required=False)
    done_on = forms.DateField(
        label=_("完成日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    unfinished_why = forms.CharField(label=_("未办原因"), required=False, max_length=300)
    files = FilesField(
        label=_("佐证材料"), required=False, help_text=_("可选多个文件：Word、Excel、PDF、图片，单个不超过 50 MB。")
    )

    def __init__(self, *args: Any, periods: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """An act that needs its written ground."""

    why = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("退回、改派需要写明理由，办理单位会看到。")},
    )


class ReassignForm(WhyForm):
    """Who takes the task over."""

    to = forms.ChoiceField(label=_("改派给"), error_messages={"required": _("请选择单位，或选择撤销这件分办。")})
    field_order = ["to", "why"]

    def __init__(self, *args: Any, departments: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [
            ("", _("请选择")),
            *departments,
            (WITHDRAW, _("（撤销这件分办，不再派给其他单位）")),
        ]  # type: ignore[attr-defined]


class EvidenceForm(forms.Form):
    """One file for one or many tasks."""

    tasks = forms.MultipleChoiceField(label=_("用于哪些任务"), required=False, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(
        label=_("文件"), required=True, help_text=_("Word、Excel、PDF、图片，不超过 50 MB。同一份文件只存一份。")
    )
    remark = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, tasks: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tasks"].choices = list(tasks)  # type: ignore[attr-defined]
