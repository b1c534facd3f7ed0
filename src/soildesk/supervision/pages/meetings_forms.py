"""What the pages of meetings ask for; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soildesk.land.pages.forms import Day
from soildesk.supervision.pages.letters_forms import SHORT, Units

LONG = forms.Textarea(attrs={"rows": 12})


class MeetingForm(forms.Form):
    """What, when, where, who."""

    title = forms.CharField(
        label=_("名称"), max_length=200, widget=forms.TextInput(attrs={"placeholder": _("2026年第3次联席会议")})
    )
    on = forms.DateField(label=_("会议日期"), widget=Day)
    hour = forms.CharField(label=_("时间"), max_length=20, required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    chair = forms.CharField(label=_("主持人"), max_length=60, required=False)
    units = forms.MultipleChoiceField(label=_("参会单位"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(label=_("会议要求"), widget=SHORT, required=False)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["units"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]


class PointForm(forms.Form):
    """One matter of the agenda."""

    take = forms.BooleanField(label=_("列入议程"), required=False)
    place = forms.IntegerField(label=_("次序"), required=False, min_value=1, max_value=999)
    text = forms.CharField(label=_("议题"), max_length=300, widget=SHORT, required=False)
    unit = forms.ChoiceField(label=_("汇报单位"), required=False)
    why = forms.CharField(label=_("情况"), max_length=300, required=False)
    kind = forms.CharField(widget=forms.HiddenInput, required=False, initial="own", max_length=12)
    url = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["unit"].choices = [("", "—"), *((str(key), label) for key, label in units)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A matter without words, and words in an empty row that nobody ticked, would be lost without a sound."""
        said = super().clean() or {}
        if said.get("take") and not said.get("text"):
            self.add_error("text", _t("勾选了列入议程，还没有写议题：请写明，或者取消勾选。"))
        elif self.empty_permitted and said.get("text") and not said.get("take"):
            self.add_error("take", _t("写了议题，没有勾选“列入议程”：请勾选；不要的请清空议题。"))
        return said

    def clean_kind(self) -> str:
        """A kind there is; anything else is the office's own matter."""
        from soildesk.supervision.models import AgendaItem

        said = self.cleaned_data["kind"]
        return said if said in AgendaItem.Kind.values else AgendaItem.Kind.OWN


Points = forms.formset_factory(PointForm, extra=3, max_num=120, validate_max=True)


class MinutesForm(forms.Form):
    """The minutes as text or file, and who came."""

    on = forms.DateField(label=_("召开日期"), widget=Day)
    number = forms.CharField(label=_("纪要文号"), max_length=80, required=False)
    came = forms.MultipleChoiceField(label=_("到会单位"), widget=forms.CheckboxSelectMultiple, required=False)
    absent = forms.CharField(label=_("缺席说明"), max_length=300, required=False)
    text = forms.CharField(label=_("会议纪要"), widget=LONG, required=False, strip=False)
    file = forms.FileField(label=_("或上传 Word 文件"), required=False)

    def __init__(self, *args: Any, units: Units = (), **said: Any) -> None:
        super().__init__(*args, **said)
        self.fields["came"].choices = [(str(key), label) for key, label in units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not said.get("file") and not (said.get("text") or "").strip():
            raise forms.ValidationError(_t("请粘贴会议纪要，或者上传文件。"))
        return said
